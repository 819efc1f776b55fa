//! Defines the state of the reader of labelled records.

use std::collections::{BTreeSet, VecDeque};
use std::ops::Range;

use crate::import::input::Input;
use crate::import::labelled::kind::Style;
use crate::import::labelled::mark::Mark;
use crate::import::labels::Labels;
use crate::import::record::{Entry, Found, Record};

/// The boundary between the last label and the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Boundary {
    None,
    /// A rule, a heading or a fence: a new record can begin.
    Soft,
    /// A number that counts records: a new record begins.
    Hard,
}

/// The code fence that the current line is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fence {
    None,
    /// A fence around the records.
    Outer,
    /// A fence around code in a text.
    Inner {
        /// Whether there is also a fence around the records.
        outer: bool,
        /// The index of the mark that ends the code.
        until: usize,
    },
    /// The fence around the records was closed. The text after it belongs to no record.
    Closed,
}

/// An iterator over the records and problems of a text, in the order of the text.
pub struct Records<'a> {
    pub(super) input: &'a Input,
    pub(super) labels: &'a Labels,
    pub(super) marks: Vec<Mark>,
    /// The index of the next mark.
    pub(super) next: usize,
    /// The byte offset up to which the text has been read.
    pub(super) at: usize,
    /// The number of the line at `at`.
    pub(super) line: usize,
    /// The byte offset at which the text ends.
    pub(super) end: usize,
    pub(super) current: Option<Record>,
    /// A heading that was just read: the byte range of its text, and its line.
    pub(super) heading: Option<(Range<usize>, usize)>,
    /// The heading above the current record. It becomes the title if the record has none.
    pub(super) above: Option<Entry>,
    pub(super) boundary: Boundary,
    pub(super) fence: Fence,
    /// Whether a record was found, or the error about a text without records was yielded.
    pub(super) any: bool,
    /// The number of labels on the current line beside the first.
    pub(super) inline: usize,
    /// The byte offset up to which the current line is part of a record's structure or values.
    pub(super) labelled_to: usize,
    /// The styles of the labels so far.
    pub(super) styles: BTreeSet<Style>,
    /// Items to yield before reading on.
    pub(super) queue: VecDeque<Found>,
}

impl Records<'_> {
    /// True if the last field of the current record is prose.
    pub(super) fn is_in_prose(&self) -> bool {
        self.current
            .as_ref()
            .and_then(|record| record.entries.last())
            .is_some_and(|entry| entry.field.is_prose())
    }
}
