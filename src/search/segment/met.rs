//! Where grams were met, as numbers that sort by gram, field, article and cell.

use crate::config::Field;

/// Articles in a segment, at most: an article's number in it has twelve bits.
pub const MAX_ARTICLES: usize = 4096;

/// Cells of a text, at most: what stands beyond them (after a million and a half characters) is not indexed.
pub(super) const MAX_CELLS: u32 = 1 << 18;

/// Where a gram stands in a segment's articles: from the highest bit the field (2), the article's number in the segment (12) and
/// the cell (18; 0 for grams of one unit). Sorted as numbers they are sorted by all of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place(pub(super) u32);

impl Place {
    pub(super) fn new(field: Field, article: usize, cell: u32) -> Self {
        // Both are bounded where a segment and a text are.
        #[allow(clippy::cast_possible_truncation)]
        Self((field as u32) << 30 | (article as u32) << 18 | cell)
    }

    pub(super) fn field(self) -> u32 {
        self.0 >> 30
    }

    pub(super) fn article(self) -> u32 {
        self.0 >> 18 & 0xFFF
    }

    pub(super) fn cell(self) -> u32 {
        self.0 & (MAX_CELLS - 1)
    }
}

/// A gram above its place. Sorted as numbers they are sorted by gram and then by place.
pub(super) type Met = u64;

pub(super) fn met(gram: u32, place: Place) -> Met {
    u64::from(gram) << 32 | u64::from(place.0)
}

pub(super) fn gram_of(met: Met) -> u32 {
    (met >> 32) as u32
}

pub(super) fn place_of(met: Met) -> Place {
    #[allow(clippy::cast_possible_truncation)]
    Place(met as u32)
}

/// A gram with a word in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name {
    /// Names are sorted by their shard, and then by their text.
    pub(super) shard: u32,
    /// See [`gram::name`].
    pub(super) text: Box<str>,
    pub(super) is_pair: bool,
}
