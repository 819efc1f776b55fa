//! Packs postings into numbers that sort by gram, field, article and cell.

use crate::config::Field;

/// The maximum number of articles in a segment: an article's number in it has 12 bits.
pub const MAX_ARTICLES: usize = 4096;

/// The maximum number of cells in a text: a cell has 18 bits. The indexer reads no more units of a
/// text than fit.
pub(super) const MAX_CELLS: u32 = 1 << 18;

/// A place in a segment's articles: from the highest bit the field (2 bits), the article's number
/// in the segment (12 bits), and the cell (18 bits; 0 for grams of one unit). Places sort by these,
/// in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place(pub(super) u32);

impl Place {
    pub(super) fn new(field: Field, article: usize, cell: u32) -> Self {
        // `MAX_ARTICLES` bounds the articles of a segment, `MAX_CELLS` the cells of a text.
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

/// One occurrence of a gram: the gram in the upper 32 bits, the [`Place`] in the lower ones.
pub(super) type Posting = u64;

pub(super) fn posting(gram: u32, place: Place) -> Posting {
    u64::from(gram) << 32 | u64::from(place.0)
}

pub(super) fn gram_of(posting: Posting) -> u32 {
    (posting >> 32) as u32
}

pub(super) fn place_of(posting: Posting) -> Place {
    #[allow(clippy::cast_possible_truncation)]
    Place(posting as u32)
}

/// A named gram. Names sort by bucket, then by text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name {
    pub(super) bucket: u32,
    /// The text, as [`gram::name`](crate::search::gram::name) returns it.
    pub(super) text: Box<str>,
    pub(super) is_pair: bool,
}
