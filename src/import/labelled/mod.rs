//! Labelled lines to records: `标题: …`, `链接: …`, in any order and dress, one record or many.
//!
//! The lines are read twice. First each line that is no prose gets a mark (a label, a rule, a number, a fence); then the
//! records are put together along the marks, one at a time, and what lies between two marks belongs to the field before.

mod chat;
mod decide;
mod line;
mod mark;

use std::collections::{BTreeSet, VecDeque};
use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::import::input::Input;
use crate::import::labels::Labels;
use crate::import::record::{Entry, Field, Found, Kind, Record, Repair, Spot, Value};
use decide::inline_label;
use line::{Dress, Line};
use mark::Mark;

/// Reads the records of `within`, part of an input's text, one at a time.
#[must_use]
pub fn records<'a>(input: &'a Input, within: Range<usize>, labels: &'a Labels) -> Records<'a> {
    let line = 1 + input.text[..within.start].matches('\n').count();
    let marks = mark::marks(&input.text, within.clone(), line, labels);
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
        dresses: BTreeSet::new(),
        queue: VecDeque::new(),
    }
}

/// What stood between the last label and the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Boundary {
    None,
    /// A rule, a heading, a fence: maybe a new record.
    Soft,
    /// A number that counts records.
    Hard,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fence {
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

/// Labels that share a line with its first, at most.
const INLINE: usize = 4;

/// Yields what is found, in the order of the text.
pub struct Records<'a> {
    input: &'a Input,
    labels: &'a Labels,
    marks: Vec<Mark>,
    next: usize,
    /// How far the text has been read, and the number of the line there.
    at: usize,
    line: usize,
    end: usize,
    current: Option<Record>,
    /// A heading that was just read: its words, and its line.
    heading: Option<(Range<usize>, usize)>,
    /// The heading above the current record: its title, if it brings no other.
    above: Option<Entry>,
    boundary: Boundary,
    fence: Fence,
    any: bool,
    /// Labels of the current line beside its first.
    inline: usize,
    /// How far the current line's words are accounted for.
    labelled_to: usize,
    /// What the labels so far stood in.
    dresses: BTreeSet<Dress>,
    queue: VecDeque<Found>,
}

impl Iterator for Records<'_> {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        loop {
            if let Some(found) = self.queue.pop_front() {
                return Some(found);
            }
            if self.next < self.marks.len() {
                self.words(self.marks[self.next].start);
                let at = self.next;
                self.next += 1;
                self.mark(at);
                self.at = (self.marks[at].end + 1).min(self.end);
                self.line = self.marks[at].line + 1;
            } else if self.at < self.end || self.current.is_some() {
                self.words(self.end);
                self.at = self.end;
                self.finish();
            } else if !self.any {
                self.any = true;
                return Some(Found::Problem(
                    Diagnostic::error("there is no record here")
                        .at(self.input.whole())
                        .help("a record is lines of `标题: …`, `链接: …`, `总结: …` and so on"),
                ));
            } else {
                return None;
            }
        }
    }
}

impl Records<'_> {
    fn mark(&mut self, at: usize) {
        let mark = &self.marks[at];
        let inner = matches!(self.fence, Fence::Inner { until, .. } if at < until);
        match mark.kind.clone() {
            Line::Label { field, strength, value, dress } if !inner => {
                if self.is_label(at, &field, strength, &value, dress) {
                    self.dresses.insert(dress);
                    self.inline = 0;
                    self.label(at, field, value);
                } else {
                    self.line_of_words(at);
                }
            }
            Line::Stranger(name, value, dress)
                if !inner && !value.is_empty() && self.is_field_of_its_own(dress) =>
            {
                let spot =
                    Spot { line: mark.line, start: mark.start + name.start, end: mark.start + name.end };
                let name = self.input.text[spot.start..spot.end].to_owned();
                let help = self.labels.nearest(&name).map_or_else(
                    || "give it a field below `import: {labels: …}` in newsprint.yaml".to_owned(),
                    |known| format!("did you mean `{known}`?"),
                );
                let message =
                    format!("`{name}` is not a label that newsprint knows; it is kept under `extra`");
                self.queue.push_back(Found::Problem(
                    Diagnostic::warning(message).at(self.input.place(spot)).help(help),
                ));
                self.label(at, Field::Extra(name), value);
            }
            Line::Fence { named, code } => self.fence(at, named, code),
            _ if inner => self.line_of_words(at),
            Line::Rule | Line::Counter | Line::Heading(_)
                if mark.ahead.label || (mark.ahead.nothing && !matches!(mark.kind, Line::Heading(_))) =>
            {
                self.between(at);
            }
            // Between short fields a rule is no word of theirs.
            Line::Rule if !self.is_in_prose() => self.between(at),
            Line::Rule if self.ends_text(at) => {
                self.structure(at);
                self.fence = Fence::Closed;
            }
            Line::SoftHeading(_) if mark.ahead.label && self.is_apart(at) => self.between(at),
            _ => self.line_of_words(at),
        }
    }

    /// A rule, a number or a heading that belongs to no text.
    fn between(&mut self, at: usize) {
        let mark = &self.marks[at];
        let text = &self.input.text[mark.start..mark.end];
        if let Line::Heading(words) | Line::SoftHeading(words) = &mark.kind {
            let heading = Some((mark.start + words.start..mark.start + words.end, mark.line));
            self.leave_heading();
            self.heading = heading;
            self.boundary = self.boundary.max(Boundary::Soft);
            // Its words are accounted for with the record that it stands above.
            return;
        }
        self.boundary =
            self.boundary.max(if mark.kind == Line::Counter { Boundary::Hard } else { Boundary::Soft });
        if let Some(record) = &mut self.current {
            record.structure.push_str(text);
        } else {
            self.outside(at);
        }
    }

    fn fence(&mut self, at: usize, named: bool, code: bool) {
        let code = code && self.is_in_prose();
        let follows = self.marks[at].ahead.label && !code;
        match self.fence {
            Fence::Inner { outer, until } => {
                self.line_of_words(at);
                if at >= until {
                    self.fence = if outer { Fence::Outer } else { Fence::None };
                }
                return;
            }
            Fence::Outer if !named => {
                self.structure(at);
                self.close();
                self.fence = Fence::Closed;
                return;
            }
            Fence::None | Fence::Closed if follows && (named || !self.is_in_prose()) => {
                self.close();
                self.outside(at);
                self.fence = Fence::Outer;
                return;
            }
            _ => {}
        }
        // Code in a text ends at the next fence, unless a record begins before.
        let ahead = self.marks[at].ahead;
        let until = if code { ahead.fence } else { ahead.code_end };
        if let Some(until) = until.filter(|&until| matches!(self.marks[until].kind, Line::Fence { .. })) {
            self.fence = Fence::Inner { outer: self.fence == Fence::Outer, until };
        }
        self.line_of_words(at);
    }

    fn is_in_prose(&self) -> bool {
        self.current
            .as_ref()
            .and_then(|record| record.entries.last())
            .is_some_and(|entry| entry.field.is_prose())
    }

    fn label(&mut self, at: usize, field: Field, value: Range<usize>) {
        if self.begins_record(at, &field) {
            self.close();
        } else if self.is_in_prose() {
            // Above a label of the same record a heading ends the text before.
            self.leave_heading();
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
        // `链接：https://… 日期：2026-11-23`: short fields may share a line.
        let next = if self.inline < INLINE && matches!(field, Field::Link | Field::Date | Field::Source) {
            inline_label(&text[value.clone()], self.labels)
        } else {
            None
        };
        let cut = next.as_ref().map_or(value.end, |(at, ..)| value.start + at);
        let rest = next
            .map(|(at, field, inner)| (field, value.start + at + inner.start..value.start + at + inner.end));
        let value = value.start..cut;
        // What of the line is no value is its label, or that of the next.
        record.structure.push_str(&text[self.labelled_to.max(mark.start) - mark.start..value.start]);
        self.labelled_to = mark.start + value.end;
        if rest.is_none() {
            record.structure.push_str(&text[value.end..]);
        }
        let value = text[value].to_owned();
        if let Some(known) = record.entries.iter().position(|entry| entry.field == field) {
            self.queue.push_back(Found::Problem(
                Diagnostic::warning("this label stands twice in its record; both texts are kept")
                    .at(self.input.place(spot))
                    .help("begin each record with its `标题:`"),
            ));
            // What follows belongs to it: it becomes the last entry.
            let mut entry = record.entries.remove(known);
            if let Value::Text(text) = &mut entry.value {
                // The second text of a field with room for one is told apart by its line.
                text.push('\n');
                text.push_str(&value);
            }
            record.entries.push(entry);
        } else {
            record.entries.push(Entry { field, value: Value::Text(value), spot: place_of_value });
        }
        if let Some((field, value)) = rest {
            self.inline += 1;
            self.label(at, field, value);
        }
    }

    fn structure(&mut self, at: usize) {
        let mark = &self.marks[at];
        if let Some(record) = &mut self.current {
            record.structure.push_str(&self.input.text[mark.start..mark.end]);
        }
    }

    /// A rule or fence before the first record is not worth a word.
    fn outside(&mut self, at: usize) {
        let mark = &self.marks[at];
        let from = self.input.text[mark.start..mark.end].trim().to_owned();
        self.queue.push_back(Found::Outside(Repair {
            kind: Kind::Form,
            from,
            to: String::new(),
            line: mark.line,
        }));
    }

    /// A marked line that turned out to be words.
    fn line_of_words(&mut self, at: usize) {
        let mark = &self.marks[at];
        let (range, line, blank) = (mark.start..mark.end, mark.line, mark.blank_before);
        self.word_line(range, line, blank);
    }

    /// The lines from where the text has been read up to `end`.
    fn words(&mut self, end: usize) {
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
                self.word_line(start..start + line.len(), number, blank);
                blank = false;
            }
            start += line.len() + 1;
            number += 1;
        }
    }

    fn word_line(&mut self, range: Range<usize>, line: usize, blank: bool) {
        self.leave_heading();
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
        let takes = match &entry.field {
            field if field.is_prose() => true,
            Field::Terms(_) | Field::Aliases => text.trim().is_empty() || !blank || is_item(words),
            _ => text.trim().is_empty(),
        };
        if takes {
            if entry.field.is_prose()
                && let Some(known) = slip(words, self.labels)
            {
                self.queue.push_back(Found::Problem(
                    Diagnostic::warning("this is not a label; the line was kept as text")
                        .at(self.input.place(spot))
                        .help(format!("did you mean `{known}`?")),
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
                Diagnostic::error("this line belongs to no field of a record")
                    .at(self.input.place(spot))
                    .help("begin it with a label such as `标题:` or `总结:`, or remove it"),
            ));
        }
    }

    /// The current record is complete.
    fn close(&mut self) {
        let Some(mut record) = self.current.take() else { return };
        self.any = true;
        farewell(&mut record);
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
        self.leave_heading();
    }

    /// A heading that no record follows belongs to the text that it stands in; elsewhere it is left out.
    fn leave_heading(&mut self) {
        let Some((words, line)) = self.heading.take() else { return };
        if self.is_in_prose() && self.fence != Fence::Closed {
            let start = self.input.text[..words.start].rfind('\n').map_or(0, |at| at + 1);
            return self.word_line(start..words.end, line, true);
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

/// `### 2. **大模型**` is called 大模型.
fn title_of_heading(words: &str) -> &str {
    let words = words.trim().trim_end_matches('#').trim();
    let words = words.strip_prefix("**").and_then(|inner| inner.strip_suffix("**")).unwrap_or(words).trim();
    let digits = words.bytes().take_while(u8::is_ascii_digit).count();
    let rest = words[digits..]
        .strip_prefix(['.', '、', '．', ')', '）', ':', '：'])
        .filter(|_| (1..=3).contains(&digits));
    // `新闻一：大模型`.
    let rest = rest.or_else(|| {
        words.split_once(['：', ':']).filter(|(count, _)| line::is_counter(count)).map(|(_, rest)| rest)
    });
    let words = rest.filter(|rest| !rest.starts_with(|c: char| c.is_ascii_digit())).unwrap_or(words).trim();
    words.strip_prefix("**").and_then(|inner| inner.strip_suffix("**")).unwrap_or(words).trim()
}

/// Is this an item of a list?
fn is_item(words: &str) -> bool {
    let words = words.trim_start();
    let digits = words.bytes().take_while(u8::is_ascii_digit).count();
    let bullet =
        words.strip_prefix(['-', '*', '+']).is_some_and(|rest| rest.starts_with(char::is_whitespace));
    bullet
        || words.starts_with(['•', '·', '●', '・', '▪'])
        || (1..=3).contains(&digits) && words[digits..].starts_with(['.', '、', ')', '）', '．'])
}

/// Takes a model's farewell off the end of a record's last text.
fn farewell(record: &mut Record) {
    let Some(entry) = record.entries.last_mut().filter(|entry| entry.field.is_prose()) else { return };
    let line = entry.spot.line;
    let Value::Text(text) = &mut entry.value else { return };
    let mut paragraphs = text.rmatch_indices("\n\n").take(3);
    let end = paragraphs.find(|(at, _)| chat::is_farewell(text[*at..].trim_start())).map(|(at, _)| at);
    let end = end.or_else(|| text.rfind('\n').filter(|at| chat::is_end(&text[*at..])));
    if let Some(end) = end {
        let from = text.split_off(end).trim().to_owned();
        let lines = text.matches('\n').count();
        record.repairs.push(Repair { kind: Kind::Chat, from, to: String::new(), line: line + lines });
    }
}

/// The label that the word before a line's colon is a slip away from.
fn slip<'l>(line: &str, labels: &'l Labels) -> Option<&'l str> {
    let start = line.trim_start();
    let colon = start.char_indices().take(9).find(|(_, c)| matches!(c, ':' | '：'))?.0;
    let word = start[..colon].trim_matches(|c: char| !c.is_alphanumeric());
    if labels.get(word).is_some() { None } else { labels.nearest(word) }
}
