//! Stage 4b, articles to a search index that a browser reads piece by piece. Pure, but for what it remembers (`store`).
//!
//! # What is indexed
//! A text is folded ([`fold`]) and cut into *units* ([`units`]): each Han character and kana by itself, the rest by words. A
//! *gram* is a unit or two neighbouring ones. For every gram there is a list of the articles that hold it, for each
//! [`Field`] by itself. So a query of one or two units is answered by one list, and a longer one by the lists of its grams.
//!
//! # Why what is found is what was asked for
//! That an article holds `大语`, `语言` and `言模` does not say that it holds `大语言模`. The lists of pairs therefore say
//! where: not at which of a text's two thousand places, but in which of its three hundred *cells* ([`cells`]), and cells are
//! cut so that this is enough to tell. Of pairs that few articles hold nothing is said, since the few can be looked at
//! ([`Scale::told`]).
//!
//! # How it is laid out
//! Grams are spread over shards by a hash ([`gram`]), so that a browser fetches those of its query and no other ([`shard`]).
//! The head ([`head`]) says which shards there are and which bytes each holds now, so that no cache can hand out a mixture of two
//! builds. Articles have numbers, the oldest first, so that a new one changes no other's.
//!
//! # How it is made
//! Articles are indexed in segments ([`segment`]) whose bounds follow from the articles' names, so that one more or less
//! moves no other bound; a segment that holds what it held is not made again. A shard's bytes are put together from all
//! segments, and only for shards in which something changed ([`index`]).

pub mod bits;
pub mod cells;
pub mod find;
pub mod fold;
pub mod gram;
pub mod head;
pub mod html;
pub mod index;
pub mod query;
pub mod segment;
pub mod shard;
pub mod store;
pub mod units;

use serde::Serialize;

use crate::config::Field;
pub use index::Index;
pub use store::Store;

/// The folder of the index's files in the site.
pub const FOLDER: &str = "search";

/// Increase it, here and in `static/search.js`, when anything about the index's form changes: cached segments are then made again,
/// and an old script says that it cannot search.
pub const FORMAT: u32 = 1;

/// How much a match in a field counts.
#[must_use]
pub fn weight(field: Field) -> u32 {
    match field {
        Field::Title => 8,
        Field::Event => 4,
        Field::Terms => 5,
        Field::Body => 1,
    }
}

/// What the form of lists depends on: the number of articles, coarsely, so that one more does not change all lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Scale {
    /// The number of articles, rounded up to an eighth of a power of two.
    pub roughly: u32,
}

impl Scale {
    /// For so many articles.
    #[must_use]
    pub fn of(articles: usize) -> Self {
        let step = (articles.next_power_of_two() / 8).max(1);
        Self { roughly: u32::try_from(articles.div_ceil(step) * step).unwrap_or(u32::MAX) }
    }

    /// A pair of Han characters that at most so many bodies hold is listed without its cells: a reader's browser looks at these articles
    /// itself, which it has to fetch in any case to show what it found.
    #[must_use]
    pub fn told(self) -> u32 {
        (self.roughly / 128).min(64)
    }

    /// The Rice parameter of the gaps in a list of `count` articles.
    #[must_use]
    pub fn parameter(self, count: u32) -> u32 {
        parameter(self.roughly / count.max(1))
    }
}

/// The Rice parameter of numbers whose mean is `mean`. For evenly spread gaps the best one is log2(0.69 mean) to the nearest whole
/// number, which is nearly this; in whole numbers, so that a browser reckons the same.
fn parameter(mean: u32) -> u32 {
    mean.max(1).ilog2()
}

/// Units of text in a shard, on average at most: 12 KB of lists.
const UNITS_PER_SHARD: usize = 6_000;

/// How many shards there are for texts of so many units: a power of two, so that the number seldom changes.
#[must_use]
pub fn shards_for(units: usize) -> usize {
    (units / UNITS_PER_SHARD).max(1).next_power_of_two()
}
