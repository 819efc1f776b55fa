//! Where the reading of labelled records stands.

use std::collections::{BTreeSet, VecDeque};
use std::ops::Range;

use crate::import::input::Input;
use crate::import::labelled::kind::Style;
use crate::import::labelled::mark::Mark;
use crate::import::labels::Labels;
use crate::import::record::{Entry, Found, Record};

/// What stood between the last label and the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Boundary {
    None,
    /// A rule, a heading, a fence: maybe a new record.
    Soft,
    /// A number that counts records.
    Hard,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fence {
    None,
    /// Around the records.
    Outer,
    /// Around code, in a text, up to this mark.
    Inner {
        outer: bool,
        until: usize,
    },
    /// The fence around the records was closed: what follows is not theirs.
    Closed,
}

/// Yields what is found, in the order of the text.
pub struct Records<'a> {
    pub(super) input: &'a Input,
    pub(super) labels: &'a Labels,
    pub(super) marks: Vec<Mark>,
    pub(super) next: usize,
    /// How far the text has been read, and the number of the line there.
    pub(super) at: usize,
    pub(super) line: usize,
    pub(super) end: usize,
    pub(super) current: Option<Record>,
    /// A heading that was just read: its words, and its line.
    pub(super) heading: Option<(Range<usize>, usize)>,
    /// The heading above the current record: its title, if it brings no other.
    pub(super) above: Option<Entry>,
    pub(super) boundary: Boundary,
    pub(super) fence: Fence,
    pub(super) any: bool,
    /// Labels of the current line beside its first.
    pub(super) inline: usize,
    /// How far the current line's words are accounted for.
    pub(super) labelled_to: usize,
    /// What the labels so far stood in.
    pub(super) styles: BTreeSet<Style>,
    pub(super) queue: VecDeque<Found>,
}

impl Records<'_> {
    /// Is the last field of the current record one of prose?
    pub(super) fn is_in_prose(&self) -> bool {
        self.current
            .as_ref()
            .and_then(|record| record.entries.last())
            .is_some_and(|entry| entry.field.is_prose())
    }
}
