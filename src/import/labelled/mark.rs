//! Finds the lines of a text that are not prose, each with facts about the lines after it.

use std::ops::Range;

use crate::import::labelled::kind::Line;
use crate::import::labelled::line;
use crate::import::labels::{Labels, Strength};
use crate::import::record::Field;

/// Finds the marks in the byte range `within` of a text. `first` is the number of its first line.
pub(super) fn find_marks(text: &str, within: Range<usize>, first: usize, labels: &Labels) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    let (mut start, mut blank, mut words) = (within.start, false, false);
    for (line, number) in text[within].split('\n').zip(first..) {
        match line::classify(line, labels) {
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

/// A line that is not prose.
#[derive(Debug)]
pub(super) struct Mark {
    pub(super) kind: Line,
    /// The number of the line, 1-based.
    pub(super) line: usize,
    /// The byte offset of the line's beginning in the text.
    pub(super) start: usize,
    /// The byte offset of the line's end, before the line break.
    pub(super) end: usize,
    /// Whether the line before this one is blank.
    pub(super) blank_before: bool,
    /// Whether there is prose between the previous mark and this one.
    pub(super) words_before: bool,
    pub(super) ahead: Ahead,
}

/// Facts about the lines after a mark. They are computed in one pass from the end, so that the time
/// is linear in the number of marks.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Ahead {
    /// Whether a label follows, with only rules, numbers, headings and fences before it.
    pub(super) label: bool,
    /// Whether only rules, numbers and fences follow up to the end.
    pub(super) nothing: bool,
    /// The index of the next mark that is a closing fence or a strong title label (a new record).
    pub(super) code_end: Option<usize>,
    /// The index of the next mark that is a closing fence.
    pub(super) fence: Option<usize>,
    /// Whether the current record has no further label, so that the next label, if any, is a title.
    pub(super) last: bool,
}

/// Fills in the facts about the lines after each mark. `words_after`: prose follows the last mark.
fn look_ahead(marks: &mut [Mark], words_after: bool) {
    let mut ahead = Ahead { label: false, nothing: !words_after, code_end: None, fence: None, last: true };
    for at in (0..marks.len()).rev() {
        marks[at].ahead = ahead;
        let mark = &marks[at];
        let is_adjacent = !mark.words_before;
        ahead.label = match &mark.kind {
            Line::Label { .. } => is_adjacent,
            Line::UnknownLabel(..) => false,
            _ => is_adjacent && ahead.label,
        };
        if let Line::Label { field, .. } = &mark.kind {
            ahead.last = *field == Field::Title;
        }
        ahead.nothing = is_adjacent
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
