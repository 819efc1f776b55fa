//! Makes a search index from articles, as files that a browser reads piece by piece, and answers
//! queries.
//!
//! The module is pure, except for the segment cache ([`store`]).
//!
//! # Units and grams
//! A text is folded ([`fold`]) and cut into *units* ([`units`]): each Han character and kana by
//! itself, the rest by words and numbers. A *gram* is a unit, or a pair of neighbouring units.
//! Every gram has one list for each [`Field`], with the articles that hold it there. So one list
//! answers a query of one or two units, and the lists of its grams answer a longer one.
//!
//! # Why the search is exact
//! An article that holds `大语`, `语言` and `言模` need not hold `大语言模`. The lists of pairs
//! therefore have positions: not one of the two thousand of a text, but one of its three hundred
//! *cells* ([`cells`]), which are exact enough to decide. The list of a pair that few articles hold
//! has no cells, since a reader can search these few articles
//! ([`Scale::max_bodies_without_cells`]).
//!
//! # Layout
//! Articles are numbered from the oldest, so that a new article changes no other number, and
//! divided into parts ([`parts`]), of which a new article changes the last one. In each part, a
//! hash distributes grams over buckets ([`gram`]) and these over shards, so that a browser fetches
//! only the shards of its query ([`shard`]). The table of a part ([`head`]) has a stamp of the
//! bytes that each of its shards has now, and the head a stamp of each table, so that no cache can
//! return a mixture of two builds.
//!
//! # Building
//! Articles are indexed in segments ([`segment`]). Within a part, the bounds of segments follow
//! from the articles' names, so that one article more or less moves no other bound, and a segment
//! whose articles are unchanged comes from the cache. A shard's bytes are assembled from the
//! segments of its part, and only for shards in which something changed ([`index`]).

pub mod bits;
pub mod cells;
mod coding;
pub mod find;
pub mod fold;
pub mod gram;
pub mod head;
pub mod html;
pub mod index;
mod lookup;
pub mod parts;
pub mod query;
pub mod segment;
pub mod shard;
pub mod store;
pub mod units;

use serde::Serialize;

use crate::config::Field;
pub use index::Index;
pub use store::Store;

/// The name of the index's folder, in the site and in the state folder.
pub const FOLDER: &str = "search";

/// The version of the index's format. Increase it, here and in `static/search.js`, when anything in
/// the format changes: cached segments are then made again, and an old script reports that it
/// cannot search.
pub const FORMAT: u32 = 4;

/// The weight of a match in a field.
#[must_use]
pub fn weight(field: Field) -> u32 {
    match field {
        Field::Title => 8,
        Field::Event => 4,
        Field::Terms => 5,
        Field::Body => 1,
    }
}

/// The parameters of the lists' encoding in a part. They depend on its number of articles only
/// coarsely, so that one article more does not change all lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Scale {
    /// The number of articles, rounded up to an eighth of a power of two.
    pub roughly: u32,
}

impl Scale {
    /// The scale of a part of so many articles.
    #[must_use]
    pub fn of(articles: usize) -> Self {
        let step = (articles.next_power_of_two() / 8).max(1);
        Self { roughly: u32::try_from(articles.div_ceil(step) * step).unwrap_or(u32::MAX) }
    }

    /// The list of a pair of Han characters that at most this many bodies hold has no cells: the
    /// reader's browser searches these bodies itself, and it has to fetch the articles in any case
    /// to show the matches.
    #[must_use]
    pub fn max_bodies_without_cells(self) -> u32 {
        (self.roughly / 128).min(64)
    }

    /// The Rice parameter of the gaps in a list of `count` articles.
    #[must_use]
    pub fn parameter(self, count: u32) -> u32 {
        parameter(self.roughly / count.max(1))
    }
}

/// The Rice parameter of numbers with the mean `mean`: the logarithm to base 2, rounded down. For
/// evenly spread gaps the best one is log2(0.69 mean), rounded to the nearest, which is nearly the
/// same. Whole numbers give the same result in a browser.
fn parameter(mean: u32) -> u32 {
    mean.max(1).ilog2()
}
