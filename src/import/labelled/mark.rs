//! The lines of a text that are no prose, each with what follows it.

use std::ops::Range;

use crate::import::labelled::kind::Line;
use crate::import::labelled::line;
use crate::import::labels::{Labels, Strength};
use crate::import::record::Field;

/// Finds the marks in `within`, part of a text, whose first line has the number `first`.
pub(super) fn marks(text: &str, within: Range<usize>, first: usize, labels: &Labels) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    let (mut start, mut blank, mut words) = (within.start, false, false);
    for (line, number) in text[within].split('\n').zip(first..) {
        match line::read(line, labels) {
            Line::Blank => blank = true,
            Line::Words => (blank, words) = (false, true),
            kind => {
                let end = start + line.len();
                marks.push(Mark {
                    kind,
                    line: number,
                    start,
                    end,
                    blank_before: blank,
                    words_before: words,
                    ahead: Ahead::default(),
                });
                (blank, words) = (false, false);
            }
        }
        start += line.len() + 1;
    }
    look_ahead(&mut marks, words);
    marks
}

/// A line that is no prose.
#[derive(Debug)]
pub(super) struct Mark {
    pub(super) kind: Line,
    /// 1-based.
    pub(super) line: usize,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Is the line before it blank?
    pub(super) blank_before: bool,
    /// Are there words between the mark before and this one?
    pub(super) words_before: bool,
    pub(super) ahead: Ahead,
}

/// What follows a mark, found in one pass from the end so that no line is looked at for every line before it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Ahead {
    /// Is the next thing that is no rule, number, heading or fence a label?
    pub(super) label: bool,
    /// Is there nothing but rules, numbers and fences up to the end?
    pub(super) nothing: bool,
    /// The next mark that ends a block of code, or begins a record.
    pub(super) code_end: Option<usize>,
    /// The next mark that ends a block of code, whatever is in it.
    pub(super) fence: Option<usize>,
    /// Is the next label, if there is one, a title?
    pub(super) last: bool,
}

fn look_ahead(marks: &mut [Mark], words_after: bool) {
    let mut ahead = Ahead { label: false, nothing: !words_after, code_end: None, fence: None, last: true };
    for at in (0..marks.len()).rev() {
        marks[at].ahead = ahead;
        let mark = &marks[at];
        let sound = !mark.words_before;
        ahead.label = match &mark.kind {
            Line::Label { .. } => sound,
            Line::UnknownLabel(..) => false,
            _ => sound && ahead.label,
        };
        if let Line::Label { field, .. } = &mark.kind {
            ahead.last = *field == Field::Title;
        }
        ahead.nothing = sound
            && ahead.nothing
            && matches!(mark.kind, Line::Rule | Line::Counter | Line::Fence { named: false, .. });
        let ends = matches!(
            &mark.kind,
            Line::Fence { named: false, .. }
                | Line::Label { field: Field::Title, strength: Strength::Strong, .. }
        );
        if ends {
            ahead.code_end = Some(at);
        }
        if matches!(mark.kind, Line::Fence { named: false, .. }) {
            ahead.fence = Some(at);
        }
    }
}
