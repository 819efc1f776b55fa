//! Finds the objects in a text, one at a time, and goes on after those that are broken.

use std::ops::Range;

use serde_json::value::RawValue;

use crate::diagnostic::Diagnostic;
use crate::import::input::Input;
use crate::import::json::object::{MAX_WRAPPING_DEPTH, add_entries, holds_records, is_title};
use crate::import::json::value::members;
use crate::import::labels::Labels;
use crate::import::record::{Found, Record, Spot};
use crate::import::repair::{Kind, Repair};

/// Values that are not complete on their line, and are then searched up to the end of the text
/// without being complete there. The limit keeps the time linear in the length of the text.
const MAX_UNCLOSED: usize = 16;

/// Reads the objects in the byte range `within`, which begins on the given line, one at a time.
/// Broken objects are reported and skipped.
#[must_use]
pub fn records<'a>(input: &'a Input, within: Range<usize>, line: usize, labels: &'a Labels) -> Records<'a> {
    Records {
        input,
        labels,
        at: within.start,
        end: within.end,
        line,
        list: None,
        unclosed: 0,
        depth: 0,
        any: false,
        queue: Vec::new(),
    }
}

/// Like [`records`], without looking for records that are wrapped in others.
pub(in crate::import) fn objects<'a>(
    input: &'a Input,
    within: Range<usize>,
    line: usize,
    labels: &'a Labels,
) -> Records<'a> {
    Records { depth: MAX_WRAPPING_DEPTH, ..records(input, within, line, labels) }
}

/// An iterator over the records and problems of a text, in the order of the text.
pub struct Records<'a> {
    input: &'a Input,
    labels: &'a Labels,
    /// The byte offset up to which the text has been read.
    at: usize,
    /// The byte offset at which the text ends.
    end: usize,
    /// The number of the line at `at`.
    line: usize,
    /// The place of the opening bracket, inside a list.
    list: Option<Spot>,
    /// The number of values so far that were searched up to the end of the text, see
    /// [`MAX_UNCLOSED`].
    unclosed: usize,
    /// The number of objects that the records are wrapped in.
    depth: usize,
    /// Whether a value or an error about a text without values was yielded.
    any: bool,
    /// Items to yield before reading on, the last one first.
    queue: Vec<Found>,
}

impl Iterator for Records<'_> {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        loop {
            if let Some(found) = self.queue.pop() {
                return Some(found);
            }
            self.skip_separators();
            let rest = &self.input.text[self.at..self.end];
            let Some(first) = rest.chars().next() else { return self.finish() };
            match first {
                '[' if self.list.is_none() => {
                    self.list = Some(self.spot(1));
                    self.at += 1;
                }
                ']' if self.list.is_some() => {
                    self.list = None;
                    self.any = true;
                    self.at += 1;
                }
                _ => self.read_value(),
            }
        }
    }
}

impl<'a> Records<'a> {
    /// Yields the error about a list without an end, or about a text without records, once.
    fn finish(&mut self) -> Option<Found> {
        if let Some(opened) = self.list.take() {
            self.any = true;
            return Some(Found::Problem(
                Diagnostic::error(tr!("this list is never closed: its end is missing"))
                    .at(self.input.place(opened))
                    .help(tr!("the complete records are imported; get the rest again from its source")),
            ));
        }
        if self.any {
            return None;
        }
        self.any = true;
        Some(Found::Problem(
            Diagnostic::error(tr!("there is no record here"))
                .at(self.input.whole())
                .help(tr!("a record is an object such as {\"title\": …, \"link\": …, \"content\": …}")),
        ))
    }

    /// The spot of the next `length` bytes.
    fn spot(&self, length: usize) -> Spot {
        Spot { line: self.line, start: self.at, end: self.at + length }
    }

    /// Skips white space and the commas between values.
    fn skip_separators(&mut self) {
        let rest = &self.input.text[self.at..self.end];
        let length = rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',').len();
        self.skip(length);
    }

    fn skip(&mut self, length: usize) {
        self.line += self.input.text[self.at..self.at + length].matches('\n').count();
        self.at += length;
    }

    fn read_value(&mut self) {
        let text: &'a str = &self.input.text[self.at..self.end];
        let line_end = self.input.text.line_range(self.at).end.min(self.end);
        let line = &text[..line_end - self.at];
        let mut parsed = next_value(line);
        // An object can have several lines. In JSON Lines it cannot, and there the next line begins
        // with another object.
        let is_cut =
            |parsed: &Result<_, serde_json::Error>| parsed.as_ref().is_err_and(serde_json::Error::is_eof);
        let in_list = self.list.is_some();
        let continues = || in_list || !text[line.len()..].trim_start().starts_with(['{', '[']);
        if is_cut(&parsed) && self.unclosed < MAX_UNCLOSED && continues() {
            parsed = next_value(text);
            self.unclosed += usize::from(is_cut(&parsed));
        } else if is_cut(&parsed) && line.trim_end().ends_with('[') && self.unclosed < MAX_UNCLOSED {
            // A list of records that opens at the end of its line: `{"list": [`, and below it `{…`.
            match next_value(text) {
                whole @ Ok(_) => parsed = whole,
                Err(_) => self.unclosed += 1,
            }
        }
        self.any = true;
        match parsed {
            Ok((raw, length)) => {
                let spot = self.spot(raw.get().len());
                let found = self.read_object(raw, spot);
                // Before it, the records of a wrapping object have been put into the queue.
                self.queue.push(found);
                self.skip(length);
            }
            Err(error) => self.skip_broken(text, &error),
        }
    }

    /// Reports a broken value and skips it, up to the next line (in a list, up to the next line
    /// that begins with an object).
    fn skip_broken(&mut self, text: &str, error: &serde_json::Error) {
        let before: usize =
            text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        let column = error.column().saturating_sub(1);
        let start = self.at + (before + column).min(text.len());
        let spot = Spot { line: self.line + error.line().saturating_sub(1), start, end: start + 1 };
        let mut lines = text.match_indices('\n').map(|(at, _)| at + 1);
        let next = lines
            .find(|at| self.list.is_none() || text[*at..].trim_start_matches([' ', '\t']).starts_with('{'));
        let skipped = next.unwrap_or(text.len());
        let lines = text[..skipped].trim_end().matches('\n').count();
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or(&message);
        let lost = if lines > 0 {
            tr!("; lines {} to {} are not imported", self.line, self.line + lines)
        } else {
            String::new()
        };
        self.queue.push(Found::Problem(
            Diagnostic::error(tr!("this is not JSON: {message}{lost}", message, lost))
                .at(self.input.place(spot))
                .help(tr!("fix it and import again: existing articles are skipped")),
        ));
        self.skip(skipped);
    }

    fn read_object(&mut self, raw: &'a RawValue, spot: Spot) -> Found {
        let Ok(members) = members(raw) else {
            return Found::Problem(
                Diagnostic::error(tr!("this is not an object, so it is not a record"))
                    .at(self.input.place(Spot { end: spot.end.min(spot.start + 60), ..spot }))
                    .help(tr!("a record is {\"title\": …, \"link\": …, \"content\": …}")),
            );
        };
        if !members.iter().any(|(key, _)| is_title(key, self.labels)) && self.depth < MAX_WRAPPING_DEPTH {
            // Records can be wrapped: `{"data": {"list": […]}}`, `{"新闻1": {…}, "新闻2": {…}}`.
            let inner: Vec<usize> = (0..members.len())
                .filter(|at| holds_records(members[*at].1, self.labels, self.depth))
                .collect();
            if !inner.is_empty() {
                return self.unwrap_records(&members, &inner);
            }
        }
        let mut record = Record { spot, ..Record::default() };
        let (mut line, mut counted) = (spot.line, spot.start);
        for (key, raw) in members {
            if raw.get() == "null" {
                continue;
            }
            let at = self.offset(raw);
            line += self.input.text[counted..at].matches('\n').count();
            counted = at;
            let place = Spot { line, start: at, end: at + raw.get().len() };
            add_entries(key, raw, place, self.labels, &mut record);
        }
        Found::Record(record)
    }

    /// Queues the records in the members `inner` of a wrapping object
    /// (`{"total": 2, "articles": […]}`), and returns the rest of the object as text outside of
    /// records.
    fn unwrap_records(&mut self, members: &[(String, &'a RawValue)], inner: &[usize]) -> Found {
        let mut found = Vec::new();
        for at in inner {
            let raw = members[*at].1;
            let start = self.offset(raw);
            let line = self.input.text.line(start);
            let mut records = records(self.input, start..start + raw.get().len(), line, self.labels);
            records.depth = self.depth + 1;
            found.extend(records);
        }
        self.queue.extend(found.into_iter().rev());
        let words: Vec<String> =
            members
                .iter()
                .enumerate()
                .map(|(n, (key, raw))| {
                    if inner.binary_search(&n).is_ok() {
                        key.clone()
                    } else {
                        format!("{key}: {}", raw.get())
                    }
                })
                .collect();
        Found::Outside(Repair {
            kind: Kind::Chat,
            from: words.join(", "),
            to: String::new(),
            line: self.line,
        })
    }

    /// The byte offset of a raw value in the input. A raw value borrows from the text that it was
    /// parsed from.
    fn offset(&self, raw: &RawValue) -> usize {
        (raw.get().as_ptr() as usize).saturating_sub(self.input.text.as_ptr() as usize)
    }
}

/// Parses the value at the beginning of a text. Returns it with its length in bytes.
fn next_value(text: &str) -> Result<(&RawValue, usize), serde_json::Error> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    match values.next() {
        Some(Ok(raw)) => Ok((raw, values.byte_offset())),
        Some(Err(error)) => Err(error),
        None => serde_json::from_str::<&RawValue>(text).map(|raw| (raw, text.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    /// The lines of the records, and the messages of the problems.
    fn found(text: &str) -> (Vec<usize>, Vec<String>) {
        let input = Input { name: "in.json".into(), text: text.to_owned().into() };
        let labels = Labels::of(&Config::default());
        let (mut lines, mut messages) = (Vec::new(), Vec::new());
        for found in records(&input, 0..text.len(), 1, &labels) {
            match found {
                Found::Record(record) => lines.push(record.spot.line),
                Found::Problem(problem) => messages.push(problem.message),
                Found::Outside(_) => {}
            }
        }
        (lines, messages)
    }

    #[test]
    fn lists_lines_and_wrapped_lists_are_read() {
        for (text, lines) in [
            ("[{\"title\": \"一\"},\n{\"title\": \"二\"}]", vec![1, 2]),
            ("{\"title\": \"一\"}\n{\"title\": \"二\"}\n", vec![1, 2]),
            ("{\"total\": 2, \"list\": [\n{\"title\": \"一\"},\n{\"title\": \"二\"}]}", vec![2, 3]),
        ] {
            assert_eq!(found(text), (lines, vec![]), "{text}");
        }
    }

    #[test]
    fn a_broken_line_is_skipped_and_reported() {
        let (lines, messages) = found("{\"title\": \"一\"}\n{\"title\": 二}\n{\"title\": \"三\"}\n");
        assert_eq!((lines, messages.len()), (vec![1, 3], 1), "{messages:?}");
    }

    #[test]
    fn a_list_without_an_end_is_reported() {
        let (lines, messages) = found("[{\"title\": \"一\"}");
        assert_eq!((lines, messages.len()), (vec![1], 1), "{messages:?}");
    }
}
