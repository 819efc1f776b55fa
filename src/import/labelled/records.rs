//! Assembles records from the marks: the state machine of labelled records.

use std::collections::{BTreeSet, VecDeque};
use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::import::input::Input;
use crate::import::labelled::kind::Line;
use crate::import::labelled::line::inline_label;
use crate::import::labelled::state::{Boundary, Fence, Records};
use crate::import::labelled::words::{is_item, misspelt_label, remove_farewell, title_of_heading};
use crate::import::labelled::{chat, mark};
use crate::import::labels::Labels;
use crate::import::record::{Entry, Field, Found, Record, Spot, Value};
use crate::import::repair::{Kind, Repair};

/// Labels that a line can have beside its first.
const MAX_INLINE_LABELS: usize = 4;

/// Reads the records in the byte range `within` of an input's text, one at a time.
#[must_use]
pub fn records<'a>(input: &'a Input, within: Range<usize>, labels: &'a Labels) -> Records<'a> {
    let line = 1 + input.text[..within.start].matches('\n').count();
    let marks = mark::find_marks(&input.text, within.clone(), line, labels);
    Records {
        input,
        labels,
        marks,
        next: 0,
        at: within.start,
        line,
        end: within.end,
        current: None,
        heading: None,
        above: None,
        boundary: Boundary::None,
        fence: Fence::None,
        any: false,
        inline: 0,
        labelled_to: 0,
        styles: BTreeSet::new(),
        queue: VecDeque::new(),
    }
}

impl Iterator for Records<'_> {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        loop {
            if let Some(found) = self.queue.pop_front() {
                return Some(found);
            }
            if self.next < self.marks.len() {
                self.read_words(self.marks[self.next].start);
                let at = self.next;
                self.next += 1;
                self.read_mark(at);
                self.at = (self.marks[at].end + 1).min(self.end);
                self.line = self.marks[at].line + 1;
            } else if self.at < self.end || self.current.is_some() {
                self.read_words(self.end);
                self.at = self.end;
                self.finish();
            } else if !self.any {
                self.any = true;
                return Some(Found::Problem(
                    Diagnostic::error(tr!("there is no record here"))
                        .at(self.input.whole())
                        .help(tr!("a record consists of lines such as `标题: …`, `链接: …`, `总结: …`")),
                ));
            } else {
                return None;
            }
        }
    }
}

impl Records<'_> {
    /// Reads the line of the mark with the index `at`.
    fn read_mark(&mut self, at: usize) {
        let mark = &self.marks[at];
        let inner = matches!(self.fence, Fence::Inner { until, .. } if at < until);
        match mark.kind.clone() {
            Line::Label { field, strength, value, style } if !inner => {
                if self.is_label(at, &field, strength, &value, style) {
                    self.styles.insert(style);
                    self.inline = 0;
                    self.read_label(at, field, value);
                } else {
                    self.add_marked_line(at);
                }
            }
            Line::UnknownLabel(name, value, style)
                if !inner && !value.is_empty() && self.is_field_of_its_own(at, &name, &value, style) =>
            {
                let spot =
                    Spot { line: mark.line, start: mark.start + name.start, end: mark.start + name.end };
                let name = self.input.text[spot.start..spot.end].to_owned();
                let help = self.labels.nearest(&name).map_or_else(
                    || tr!("assign it to a field under `import: {labels: …}` in newsprint.yaml"),
                    |known| tr!("did you mean `{known}`?", known),
                );
                let message = tr!("unknown label `{name}`; its text is kept under `extra`", name);
                self.queue.push_back(Found::Problem(
                    Diagnostic::warning(message).at(self.input.place(spot)).help(help),
                ));
                self.read_label(at, Field::Extra(name), value);
            }
            Line::Fence { named, code } => self.read_fence(at, named, code),
            _ if inner => self.add_marked_line(at),
            Line::Rule | Line::Counter | Line::Heading(_)
                if mark.ahead.label || (mark.ahead.nothing && !matches!(mark.kind, Line::Heading(_))) =>
            {
                self.read_boundary(at);
            }
            // A rule after a short field is not part of its value.
            Line::Rule if !self.is_in_prose() => self.read_boundary(at),
            Line::Rule if self.ends_text(at) => {
                self.add_structure(at);
                self.fence = Fence::Closed;
            }
            Line::SoftHeading(_) if mark.ahead.label && self.is_apart(at) => self.read_boundary(at),
            _ => self.add_marked_line(at),
        }
    }

    /// Reads a rule, a number or a heading that is between two records or fields.
    fn read_boundary(&mut self, at: usize) {
        let mark = &self.marks[at];
        let text = &self.input.text[mark.start..mark.end];
        if let Line::Heading(words) | Line::SoftHeading(words) = &mark.kind {
            let heading = Some((mark.start + words.start..mark.start + words.end, mark.line));
            self.flush_heading();
            self.heading = heading;
            self.boundary = self.boundary.max(Boundary::Soft);
            // The text of the heading is added to the record below it.
            return;
        }
        self.boundary =
            self.boundary.max(if mark.kind == Line::Counter { Boundary::Hard } else { Boundary::Soft });
        if let Some(record) = &mut self.current {
            record.structure.push_str(text);
        } else {
            self.add_outside(at);
        }
    }

    /// Reads a code fence: around records, or around code in a text.
    fn read_fence(&mut self, at: usize, named: bool, code: bool) {
        let code = code && self.is_in_prose();
        let follows = self.marks[at].ahead.label && !code;
        match self.fence {
            Fence::Inner { outer, until } => {
                self.add_marked_line(at);
                if at >= until {
                    self.fence = if outer { Fence::Outer } else { Fence::None };
                }
                return;
            }
            Fence::Outer if !named => {
                self.add_structure(at);
                self.close();
                self.fence = Fence::Closed;
                return;
            }
            Fence::None | Fence::Closed if follows && (named || !self.is_in_prose()) => {
                self.close();
                self.add_outside(at);
                self.fence = Fence::Outer;
                return;
            }
            _ => {}
        }
        // A fence that names code extends to the next fence. Another fence in a text does so only
        // if no record begins before that one.
        let ahead = self.marks[at].ahead;
        let until = if code { ahead.fence } else { ahead.code_end };
        if let Some(until) = until.filter(|&until| matches!(self.marks[until].kind, Line::Fence { .. })) {
            self.fence = Fence::Inner { outer: self.fence == Fence::Outer, until };
        }
        self.add_marked_line(at);
    }

    /// Reads a label and the first line of its value, and further labels on the same line.
    fn read_label(&mut self, at: usize, field: Field, value: Range<usize>) {
        if self.begins_record(at, &field) {
            self.close();
        } else if self.is_in_prose() {
            // A heading above a label of the same record belongs to the text before it.
            self.flush_heading();
        }
        let mark = &self.marks[at];
        let spot = Spot { line: mark.line, start: mark.start, end: mark.end };
        let place_of_value = Spot { start: mark.start + value.start, end: mark.start + value.end, ..spot };
        let text = &self.input.text[mark.start..mark.end];
        let record = self.current.get_or_insert_with(|| Record { spot, ..Record::default() });
        if let Some((words, line)) = self.heading.take() {
            let from = self.input.text[words.clone()].to_owned();
            let line_start = self.input.text[..words.start].rfind('\n').map_or(0, |at| at + 1);
            record.structure.push_str(&self.input.text[line_start..words.start]);
            if record.entries.is_empty() {
                let spot = Spot { line, start: words.start, end: words.end };
                record.spot = Spot { line, start: words.start, ..record.spot };
                self.above = Some(Entry { field: Field::Title, value: Value::Text(from), spot });
            } else {
                record.repairs.push(Repair { kind: Kind::Heading, from, to: String::new(), line });
            }
        }
        self.boundary = Boundary::None;
        self.fence = if self.fence == Fence::Closed { Fence::None } else { self.fence };
        record.spot.end = mark.end;
        // `链接：https://… 日期：2026-11-23`: short fields can share a line.
        let next = if self.inline < MAX_INLINE_LABELS
            && matches!(field, Field::Link | Field::Date | Field::Source)
        {
            inline_label(&text[value.clone()], self.labels)
        } else {
            None
        };
        let cut = next.as_ref().map_or(value.end, |(at, ..)| value.start + at);
        let rest = next
            .map(|(at, field, inner)| (field, value.start + at + inner.start..value.start + at + inner.end));
        let value = value.start..cut;
        // The rest of the line consists of labels.
        record.structure.push_str(&text[self.labelled_to.max(mark.start) - mark.start..value.start]);
        self.labelled_to = mark.start + value.end;
        if rest.is_none() {
            record.structure.push_str(&text[value.end..]);
        }
        let value = text[value].to_owned();
        if let Some(known) = record.entries.iter().position(|entry| entry.field == field) {
            self.queue.push_back(Found::Problem(
                Diagnostic::warning(tr!("this label occurs twice in its record; both texts are kept"))
                    .at(self.input.place(spot))
                    .help(tr!("begin each record with its `标题:`")),
            ));
            // It becomes the last entry, because the lines that follow belong to it.
            let mut entry = record.entries.remove(known);
            if let Value::Text(text) = &mut entry.value {
                // The line break separates the texts of a field that holds one value.
                text.push('\n');
                text.push_str(&value);
            }
            record.entries.push(entry);
        } else {
            record.entries.push(Entry { field, value: Value::Text(value), spot: place_of_value });
        }
        if let Some((field, value)) = rest {
            self.inline += 1;
            self.read_label(at, field, value);
        }
    }

    /// Adds a marked line to the structure of the current record.
    fn add_structure(&mut self, at: usize) {
        let mark = &self.marks[at];
        if let Some(record) = &mut self.current {
            record.structure.push_str(&self.input.text[mark.start..mark.end]);
        }
    }

    /// Yields a rule or fence outside of all records as a change of form, which the report does not
    /// list.
    fn add_outside(&mut self, at: usize) {
        let mark = &self.marks[at];
        let from = self.input.text[mark.start..mark.end].trim().to_owned();
        self.queue.push_back(Found::Outside(Repair {
            kind: Kind::Form,
            from,
            to: String::new(),
            line: mark.line,
        }));
    }

    /// Adds a marked line as prose.
    fn add_marked_line(&mut self, at: usize) {
        let mark = &self.marks[at];
        let (range, line, blank) = (mark.start..mark.end, mark.line, mark.blank_before);
        self.add_line(range, line, blank);
    }

    /// Reads the lines of prose up to the byte offset `end`.
    fn read_words(&mut self, end: usize) {
        if self.at >= end {
            return;
        }
        let text = &self.input.text;
        let mut blank = false;
        let (mut start, mut number) = (self.at, self.line);
        for line in text[self.at..end].split('\n') {
            if line.trim().is_empty() {
                blank = true;
            } else {
                self.add_line(start..start + line.len(), number, blank);
                blank = false;
            }
            start += line.len() + 1;
            number += 1;
        }
    }

    /// Adds a line of prose to the current field, or reports it if no field can take it. `blank`: a
    /// blank line is before it.
    fn add_line(&mut self, range: Range<usize>, line: usize, blank: bool) {
        self.flush_heading();
        let words = &self.input.text[range.clone()];
        let spot = Spot { line, start: range.start, end: range.start + words.trim_end().len() };
        let outside = Repair { kind: Kind::Chat, from: words.trim().to_owned(), to: String::new(), line };
        let is_closed = self.fence == Fence::Closed;
        let Some(record) = self.current.as_mut() else {
            self.queue.push_back(Found::Outside(outside));
            return;
        };
        if is_closed {
            record.repairs.push(outside);
            record.spot.end = range.end;
            return;
        }
        let Some(entry) = record.entries.last_mut() else { return };
        let Value::Text(text) = &mut entry.value else { return };
        let continues = match &entry.field {
            field if field.is_prose() => true,
            Field::Terms(_) | Field::Aliases => text.trim().is_empty() || !blank || is_item(words),
            _ => text.trim().is_empty(),
        };
        if continues {
            if entry.field.is_prose()
                && let Some(known) = misspelt_label(words, self.labels)
            {
                self.queue.push_back(Found::Problem(
                    Diagnostic::warning(tr!("this looks like a misspelt label; the line is kept as text"))
                        .at(self.input.place(spot))
                        .help(tr!("did you mean `{known}`?", known)),
                ));
            }
            if text.is_empty() {
                entry.spot = spot;
            } else {
                text.push_str(if blank { "\n\n" } else { "\n" });
            }
            text.push_str(words);
            record.spot.end = range.end;
        } else if chat::is_farewell(words) || chat::is_note(words) {
            record.repairs.push(outside);
            record.spot.end = range.end;
        } else {
            self.queue.push_back(Found::Problem(
                Diagnostic::error(tr!("this line belongs to no field of a record"))
                    .at(self.input.place(spot))
                    .help(tr!("begin it with a label such as `标题:` or `总结:`, or remove it")),
            ));
        }
    }

    /// Completes and yields the current record.
    fn close(&mut self) {
        let Some(mut record) = self.current.take() else { return };
        self.any = true;
        remove_farewell(&mut record);
        if let Some(Entry { value: Value::Text(words), spot, .. }) = self.above.take() {
            let has_words =
                |entry: &Entry| matches!(&entry.value, Value::Text(text) if !text.trim().is_empty());
            let mut repair = Repair { kind: Kind::Heading, from: words, to: String::new(), line: spot.line };
            if !record.get(&Field::Title).is_some_and(has_words) {
                let title = title_of_heading(&repair.from).to_owned();
                record.entries.retain(|entry| entry.field != Field::Title);
                repair.to.clone_from(&title);
                record.entries.insert(0, Entry { field: Field::Title, value: Value::Text(title), spot });
            }
            record.repairs.push(repair);
        }
        self.queue.push_back(Found::Record(record));
    }

    fn finish(&mut self) {
        self.close();
        self.flush_heading();
    }

    /// Handles a heading that no label follows: it is a line of the text around it, or is left out.
    fn flush_heading(&mut self) {
        let Some((words, line)) = self.heading.take() else { return };
        if self.is_in_prose() && self.fence != Fence::Closed {
            let start = self.input.text[..words.start].rfind('\n').map_or(0, |at| at + 1);
            return self.add_line(start..words.end, line, true);
        }
        let from = self.input.text[words.clone()].to_owned();
        let repair = Repair { kind: Kind::Heading, from, to: String::new(), line };
        match &mut self.current {
            Some(record) => {
                record.repairs.push(repair);
                record.spot.end = words.end;
            }
            None => self.queue.push_back(Found::Outside(repair)),
        }
    }
}
