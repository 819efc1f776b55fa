//! Defines the kinds of lines in labelled records.

use std::ops::Range;

use crate::import::labels::Strength;
use crate::import::record::Field;

/// The kind of a line. Ranges are byte ranges within the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    /// `标题: …` in any markup.
    Label {
        /// The field of the label.
        field: Field,
        /// The evidence that the line is a label.
        strength: Strength,
        /// The range of the value.
        value: Range<usize>,
        /// The markup of the label.
        style: Style,
    },
    /// `情感: …`: a label whose name is not the name of a field. The ranges of the name and the
    /// value.
    UnknownLabel(Range<usize>, Range<usize>, Style),
    /// `---`, `===`, `***`: at least three of the same character.
    Rule,
    /// A code fence, which opens or closes a block.
    Fence {
        /// Whether it names a language. Then it can only open a block.
        named: bool,
        /// Whether the language is code. Otherwise the block can contain records.
        code: bool,
    },
    /// `2.`, `记录 2`, `第2条`: a line that only counts records.
    Counter,
    /// `### 2. …`: the range of the heading's text.
    Heading(Range<usize>),
    /// `**2. …**` or `2. …`: a heading if a record follows.
    SoftHeading(Range<usize>),
    /// White space only.
    Blank,
    /// Any other line: prose.
    Words,
}

/// The markup of a label, as a set of the bits below. The labels of a record have the same markup,
/// and a line of its text that looks like a label often has another.
pub(super) type Style = u8;

/// The label is in a list item or a quotation.
pub(super) const ITEM: Style = 1;
/// The label is in a heading.
pub(super) const HEADING: Style = 2;
/// The label is in a cell of a Markdown table.
pub(super) const CELL: Style = 4;
/// The label follows a number.
pub(super) const NUMBER: Style = 8;
/// The label is in emphasis or code.
pub(super) const EMPHASIS: Style = 16;
/// The label is in brackets.
pub(super) const BRACKETS: Style = 32;
