//! What a line of labelled records is.

use std::ops::Range;

use crate::import::labels::Strength;
use crate::import::record::Field;

/// What a line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    /// `标题: …` in any of its forms. The range is the value's, within the line.
    Label {
        /// Which field.
        field: Field,
        /// How sure that is.
        strength: Strength,
        /// The value's bytes.
        value: Range<usize>,
        /// What it stands in.
        style: Style,
    },
    /// `情感: …`: like a label, but with a name that no field has. The ranges are the name's and the value's.
    UnknownLabel(Range<usize>, Range<usize>, Style),
    /// `---`, `===`, `***`: at least three of the same.
    Rule,
    /// Opens or closes a block of code. Does it name a language?
    Fence {
        /// Then it can only open one.
        named: bool,
        /// And what it opens is code, not records.
        code: bool,
    },
    /// `2.`, `记录 2`, `第2条`: only counts records.
    Counter,
    /// `### 2. …`: the range is its words'.
    Heading(Range<usize>),
    /// `**2. …**` or `2. …`: a heading if a record follows.
    SoftHeading(Range<usize>),
    /// Nothing to see.
    Blank,
    /// Anything else.
    Words,
}

/// What a label stands in, a bit each: the labels of a record are dressed alike, and what looks like one in its text is
/// often dressed otherwise.
pub(super) type Style = u8;

pub(super) const ITEM: Style = 1;
pub(super) const HEADING: Style = 2;
pub(super) const CELL: Style = 4;
pub(super) const NUMBER: Style = 8;
pub(super) const EMPHASIS: Style = 16;
pub(super) const BRACKETS: Style = 32;
