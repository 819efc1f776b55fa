//! Whether a marked line is what it looks like, where it stands: a label or a sentence, another record or the same.

use std::ops::Range;

use crate::import::labelled::chat;
use crate::import::labelled::kind::{EMPHASIS, Line, Style};
use crate::import::labelled::state::{Boundary, Fence, Records};
use crate::import::labels::Strength;
use crate::import::record::{Field, Value};
use crate::import::{date_field, terms};

impl Records<'_> {
    /// Is a name that no field has nevertheless that of one? It looks like the labels, and stands where no text goes on.
    pub(super) fn is_field_of_its_own(&self, style: Style) -> bool {
        let like_the_others =
            self.current.is_some() && self.fence != Fence::Closed && self.styles.contains(&style);
        like_the_others && (!self.is_in_prose() || style >= EMPHASIS)
    }

    /// Does a heading of little emphasis stand by itself, and not in a list of terms?
    pub(super) fn is_apart(&self, at: usize) -> bool {
        let Some(entry) = self.current.as_ref().and_then(|record| record.entries.last()) else { return true };
        let is_empty = matches!(&entry.value, Value::Text(text) if text.trim().is_empty());
        self.marks[at].blank_before && !is_empty
    }

    /// Does a rule within a record's last text end it? Behind a key event it does, and where only a model's notes follow.
    pub(super) fn ends_text(&self, at: usize) -> bool {
        let mark = &self.marks[at];
        let field = self.current.as_ref().and_then(|record| record.entries.last()).map(|entry| &entry.field);
        let next = self.marks.get(at + 1).map_or(self.end, |next| next.start);
        let notes = || {
            self.input.text[mark.end..next].lines().all(|line| line.trim().is_empty() || chat::is_note(line))
        };
        mark.ahead.last && (matches!(field, Some(Field::Event | Field::Abstract)) || notes())
    }

    /// Is what looks like a label one, where it stands?
    pub(super) fn is_label(
        &self,
        at: usize,
        field: &Field,
        strength: Strength,
        value: &Range<usize>,
        style: Style,
    ) -> bool {
        let Some(record) =
            self.current.as_ref().filter(|_| self.is_in_prose() && self.boundary == Boundary::None)
        else {
            return true;
        };
        let mark = &self.marks[at];
        let value = &self.input.text[mark.start + value.start..mark.start + value.end];
        let (is_new, is_empty) = (!record.has(field), value.trim().is_empty());
        let in_body =
            record.entries.last().is_some_and(|entry| matches!(entry.field, Field::Body | Field::Summary));
        match (self.styles.contains(&style), strength) {
            // A sentence may begin with 链接 or 日期.
            (true, Strength::Strong) => {
                is_empty || !matches!(field, Field::Link | Field::Date) || fits(field, value)
            }
            (true, Strength::Weak) if field.is_prose() => {
                is_new && (mark.blank_before || !in_body || style > 0)
            }
            (true, Strength::Weak) => {
                (is_new || mark.blank_before) && (!is_empty || style > 0) && fits(field, value)
            }
            // Not like the other labels: in a list, a quotation, a heading of the text.
            (false, Strength::Strong) => {
                let plainer = style == 0 || self.styles.iter().all(|known| *known == 0);
                is_new && plainer && !is_empty && !field.is_prose() && fits(field, value)
                    || *field == Field::Title && mark.blank_before && !is_empty && fits(field, value)
            }
            (false, Strength::Weak) => false,
        }
    }

    /// Does a label begin another record?
    pub(super) fn begins_record(&self, at: usize, field: &Field) -> bool {
        let Some(record) = self.current.as_ref() else { return true };
        let Some(first) = record.entries.first() else { return false };
        let known = record.has(field);
        match self.boundary {
            Boundary::Hard => return true,
            Boundary::Soft if known || self.title_ahead(at) => return true,
            _ => {}
        }
        // Each record begins with the same label as the first one, or with its title.
        if known && (*field == first.field || *field == Field::Title) {
            return true;
        }
        self.marks[at].blank_before && record.has(&Field::Title) && self.title_follows(at)
    }

    /// Is there a title among the labels up to the next rule or the next label that stands twice?
    fn title_ahead(&self, at: usize) -> bool {
        let mut seen: Vec<&Field> = Vec::new();
        for mark in &self.marks[at..] {
            match &mark.kind {
                Line::Label { field: Field::Title, .. } => return true,
                Line::Label { field, .. } if seen.contains(&field) => return false,
                Line::Label { field, .. } => seen.push(field),
                _ if seen.is_empty() => {}
                _ => return false,
            }
        }
        false
    }

    /// Does a title follow on the next lines, with no blank one between?
    fn title_follows(&self, at: usize) -> bool {
        let following = self.marks[at + 1..]
            .iter()
            .take_while(|mark| !mark.blank_before && matches!(mark.kind, Line::Label { .. }));
        following.take(20).any(|mark| matches!(mark.kind, Line::Label { field: Field::Title, .. }))
    }
}

/// Is this what a field of this kind can hold?
fn fits(field: &Field, value: &str) -> bool {
    let short = |text: &str, limit: usize| {
        text.chars().take(limit + 1).count() <= limit && !text.contains(['。', '！', '？'])
    };
    match field {
        Field::Terms(_) => value.len() < 600 && terms::split(value).iter().all(|term| short(term, 16)),
        Field::Date | Field::Updated => {
            date_field::read(value, chrono_tz::Tz::UTC).is_ok() || short(value, 6)
        }
        Field::Link => value.contains("://") || value.contains('.') || short(value, 8),
        Field::Source => short(value, 20),
        Field::Title => short(value, 100),
        _ => true,
    }
}
