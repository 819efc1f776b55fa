//! JSON and JSON Lines to records: a list of objects, an object with such a list in it, or one
//! object a line.

use std::ops::Range;

use serde::Deserializer as _;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::diagnostic::Diagnostic;
use crate::import::input::Input;
use crate::import::labels::Labels;
use crate::import::record::{Entry, Field, Found, Record, Spot, Value};
use crate::import::repair::{Kind, Repair};
use crate::yaml::Node;

/// How often a value that never ends is looked for up to the end of the text.
const ATTEMPTS: usize = 16;

/// How deep records may be wrapped.
const MAX_DEPTH: usize = 8;

/// Nesting of data that is kept as data.
const NESTED: usize = 32;

/// Reads the objects of `within`, which begins on the given line, one at a time. What is broken is
/// reported, and reading goes on behind it.
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

/// Yields what is found, in the order of the text.
pub struct Records<'a> {
    input: &'a Input,
    labels: &'a Labels,
    at: usize,
    end: usize,
    /// Of `at`.
    line: usize,
    /// Where the list was opened, while we are inside of one.
    list: Option<Spot>,
    unclosed: usize,
    /// Objects that this one is in.
    depth: usize,
    any: bool,
    /// Still to be yielded, the last one first.
    queue: Vec<Found>,
}

impl Iterator for Records<'_> {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        loop {
            if let Some(found) = self.queue.pop() {
                return Some(found);
            }
            self.space();
            let rest = &self.input.text[self.at..self.end];
            let Some(first) = rest.chars().next() else { return self.ended() };
            match first {
                '[' if self.list.is_none() => {
                    self.list = Some(self.here(1));
                    self.at += 1;
                }
                ']' if self.list.is_some() => {
                    self.list = None;
                    self.any = true;
                    self.at += 1;
                }
                _ => self.value(),
            }
        }
    }
}

impl<'a> Records<'a> {
    fn ended(&mut self) -> Option<Found> {
        if let Some(opened) = self.list.take() {
            self.any = true;
            return Some(Found::Problem(
                Diagnostic::error("this list is never closed: its end is missing")
                    .at(self.input.place(opened))
                    .help("what was complete is imported; get the rest anew"),
            ));
        }
        if self.any {
            return None;
        }
        self.any = true;
        Some(Found::Problem(
            Diagnostic::error("there is no record here")
                .at(self.input.whole())
                .help("a record is an object such as {\"title\": …, \"link\": …, \"content\": …}"),
        ))
    }

    fn here(&self, length: usize) -> Spot {
        Spot { line: self.line, start: self.at, end: self.at + length }
    }

    /// White space and the commas between values.
    fn space(&mut self) {
        let rest = &self.input.text[self.at..self.end];
        let length = rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',').len();
        self.skip(length);
    }

    fn skip(&mut self, length: usize) {
        self.line += self.input.text[self.at..self.at + length].matches('\n').count();
        self.at += length;
    }

    fn value(&mut self) {
        let text: &'a str = &self.input.text[self.at..self.end];
        let line = &text[..text.find('\n').unwrap_or(text.len())];
        let mut parsed = next_value(line);
        // An object may go on over lines, but no line of JSON Lines goes on with another object.
        let is_cut =
            |parsed: &Result<_, serde_json::Error>| parsed.as_ref().is_err_and(serde_json::Error::is_eof);
        let goes_on = self.list.is_some() || !text[line.len()..].trim_start().starts_with(['{', '[']);
        if is_cut(&parsed) && goes_on && self.unclosed < ATTEMPTS {
            parsed = next_value(text);
            self.unclosed += usize::from(is_cut(&parsed));
        }
        self.any = true;
        match parsed {
            Ok((raw, length)) => {
                let spot = self.here(raw.get().len());
                let found = self.object(raw, spot);
                // A list inside has put its own in the queue.
                self.queue.push(found);
                self.skip(length);
            }
            Err(error) => {
                let before: usize =
                    text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
                let column = error.column().saturating_sub(1);
                let start = self.at + (before + column).min(text.len());
                let spot = Spot { line: self.line + error.line().saturating_sub(1), start, end: start + 1 };
                // The next object that begins a line.
                let after = text.match_indices('\n').map(|(at, _)| at + 1);
                let next = after.clone().find(|at| {
                    self.list.is_none() || text[*at..].trim_start_matches([' ', '\t']).starts_with('{')
                });
                let skipped = next.unwrap_or(text.len());
                let lines = text[..skipped].trim_end().matches('\n').count();
                let message = error.to_string();
                let message = message.split(" at line ").next().unwrap_or(&message);
                let lost = if lines > 0 {
                    format!("; lines {} to {} are not imported", self.line, self.line + lines)
                } else {
                    String::new()
                };
                self.queue.push(Found::Problem(
                    Diagnostic::error(format!("this is not JSON: {message}{lost}"))
                        .at(self.input.place(spot))
                        .help("mend it and import again: what is there already is passed over"),
                ));
                self.skip(skipped);
            }
        }
    }

    fn object(&mut self, raw: &'a RawValue, spot: Spot) -> Found {
        let Ok(pairs) = pairs(raw) else {
            return Found::Problem(
                Diagnostic::error("this is no object, so it is no record")
                    .at(self.input.place(Spot { end: spot.end.min(spot.start + 60), ..spot }))
                    .help("a record is {\"title\": …, \"link\": …, \"content\": …}"),
            );
        };
        if !pairs.iter().any(|(key, _)| is_title(key, self.labels)) && self.depth < MAX_DEPTH {
            // Whatever records are wrapped in: `{"data": {"list": […]}}`,
            // `{"新闻1": {…}, "新闻2": {…}}`.
            let inner: Vec<usize> =
                (0..pairs.len()).filter(|at| holds_records(pairs[*at].1, self.labels, self.depth)).collect();
            if !inner.is_empty() {
                return self.inside(&pairs, &inner);
            }
        }
        let mut record = Record { spot, ..Record::default() };
        let (mut line, mut counted) = (spot.line, spot.start);
        for (key, raw) in pairs {
            if raw.get() == "null" {
                continue;
            }
            let at = self.offset(raw);
            line += self.input.text[counted..at].matches('\n').count();
            counted = at;
            let place = Spot { line, start: at, end: at + raw.get().len() };
            let (field, value) = field(&key, raw, self.labels);
            // `"source": {"name": "某报"}`: the field has room for the name, the rest is kept.
            if let Some(names) = names(&field, raw) {
                record.entries.push(Entry { field, value: names, spot: place });
                record.entries.push(Entry {
                    field: Field::Extra(key),
                    value: Value::Data(node(raw)),
                    spot: place,
                });
            } else {
                record.entries.push(Entry { field, value, spot: place });
            }
        }
        Found::Record(record)
    }

    /// `{"total": 2, "articles": [ … ]}`: the records are inside, and what is around them is named.
    fn inside(&mut self, pairs: &[(String, &'a RawValue)], inner: &[usize]) -> Found {
        let mut found = Vec::new();
        for at in inner {
            let raw = pairs[*at].1;
            let start = self.offset(raw);
            let line = self.line + self.input.text[self.at..start].matches('\n').count();
            let mut records = records(self.input, start..start + raw.get().len(), line, self.labels);
            records.depth = self.depth + 1;
            found.extend(records);
        }
        self.queue.extend(found.into_iter().rev());
        let words: Vec<String> = pairs
            .iter()
            .enumerate()
            .map(
                |(n, (key, raw))| {
                    if inner.contains(&n) { key.clone() } else { format!("{key}: {}", raw.get()) }
                },
            )
            .collect();
        Found::Outside(Repair {
            kind: Kind::Chat,
            from: words.join(", "),
            to: String::new(),
            line: self.line,
        })
    }

    fn offset(&self, raw: &RawValue) -> usize {
        // A raw value borrows from the text that it was read from.
        (raw.get().as_ptr() as usize).saturating_sub(self.input.text.as_ptr() as usize)
    }
}

fn next_value(text: &str) -> Result<(&RawValue, usize), serde_json::Error> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    match values.next() {
        Some(Ok(raw)) => Ok((raw, values.byte_offset())),
        Some(Err(error)) => Err(error),
        None => serde_json::from_str::<&RawValue>(text).map(|raw| (raw, text.len())),
    }
}

/// An object's members in order, duplicates and all.
fn pairs(raw: &RawValue) -> Result<Vec<(String, &RawValue)>, serde_json::Error> {
    struct Pairs;
    impl<'de> Visitor<'de> for Pairs {
        type Value = Vec<(String, &'de RawValue)>;

        fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut pairs = Vec::new();
            while let Some(pair) = map.next_entry()? {
                pairs.push(pair);
            }
            Ok(pairs)
        }
    }
    serde_json::Deserializer::from_str(raw.get()).deserialize_map(Pairs)
}

fn is_title(key: &str, labels: &Labels) -> bool {
    labels.get(key).is_some_and(|(field, _)| *field == Field::Title)
}

/// Is there an object with a title in it, or in a list's first item?
fn holds_records(raw: &RawValue, labels: &Labels, depth: usize) -> bool {
    if depth >= MAX_DEPTH {
        return false;
    }
    match raw.get().as_bytes().first() {
        Some(b'{') => pairs(raw).is_ok_and(|pairs| {
            pairs.iter().any(|(key, raw)| is_title(key, labels) || holds_records(raw, labels, depth + 1))
        }),
        Some(b'[') => serde_json::from_str::<Vec<&RawValue>>(raw.get())
            .is_ok_and(|items| items.first().is_some_and(|item| holds_records(item, labels, depth + 1))),
        _ => false,
    }
}

fn field(key: &str, raw: &RawValue, labels: &Labels) -> (Field, Value) {
    let name = key.to_lowercase().replace(['_', '-'], "");
    let text = || serde_json::from_str::<String>(raw.get()).ok();
    match (name.as_str(), text()) {
        ("contenthtml" | "html" | "bodyhtml", Some(html)) => {
            return (Field::Body, Value::Html(html));
        }
        ("contentmarkdown" | "contentmd" | "markdown" | "md", Some(text)) => {
            return (Field::Body, Value::Markdown(text));
        }
        ("image" | "cover" | "imageurl", Some(text)) => return (Field::Image, Value::Text(text)),
        _ => {}
    }
    let field = labels.field(key);
    let value = match value(raw, &field) {
        Value::Text(words) => Value::of_words(&field, words),
        value => value,
    };
    (field, value)
}

/// The names in nested data of a field of terms or of the source: those under `name`, else all
/// texts.
fn names(field: &Field, raw: &RawValue) -> Option<Value> {
    fn collect(node: &Node, names: &mut Vec<String>) {
        match node {
            Node::Text(text) => names.push(text.clone()),
            Node::List(items) => items.iter().for_each(|item| collect(item, names)),
            Node::Map(entries) => {
                match ["name", "名称", "title", "label", "value"].iter().find_map(|key| node.get(key)) {
                    Some(name) => collect(name, names),
                    None => entries.iter().for_each(|(_, value)| collect(value, names)),
                }
            }
            _ => {}
        }
    }
    let text = raw.get();
    let nested = text.starts_with('{') || text.starts_with('[') && text.contains('{');
    if !nested || !matches!(field, Field::Terms(_) | Field::Source) {
        return None;
    }
    let mut names = Vec::new();
    collect(&node(raw), &mut names);
    (!names.is_empty()).then_some(Value::Items(names))
}

fn value(raw: &RawValue, field: &Field) -> Value {
    let text = raw.get();
    if text.starts_with('"') {
        // Lone surrogates are no text: as written they lose nothing.
        return Value::Text(serde_json::from_str(text).unwrap_or_else(|_| text.to_owned()));
    }
    if text.starts_with('[')
        && !matches!(field, Field::Extra(_))
        && let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(text)
        && items.iter().all(|item| !item.get().starts_with(['[', '{']))
    {
        let words = |item: &&RawValue| {
            serde_json::from_str::<String>(item.get()).unwrap_or_else(|_| item.get().to_owned())
        };
        return Value::Items(items.iter().filter(|item| item.get() != "null").map(words).collect());
    }
    if text.starts_with(['[', '{']) || matches!(field, Field::Extra(_)) {
        return Value::Data(node(raw));
    }
    Value::Text(text.to_owned())
}

/// How deep brackets stand in one another, outside of texts.
pub(super) fn nesting(text: &str) -> usize {
    let (mut depth, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// Nested data, numbers as they are written. What is nested too deep for YAML stays text.
pub(super) fn node(raw: &RawValue) -> Node {
    let text = raw.get();
    if nesting(text) > NESTED { Node::Text(text.to_owned()) } else { inner_node(raw) }
}

fn inner_node(raw: &RawValue) -> Node {
    let text = raw.get();
    match text.as_bytes().first() {
        Some(b'"') => Node::Text(serde_json::from_str(text).unwrap_or_else(|_| text.to_owned())),
        Some(b't' | b'f') => Node::Bool(text == "true", text.to_owned()),
        Some(b'n') => Node::Null,
        Some(b'[') => match serde_json::from_str::<Vec<&RawValue>>(text) {
            Ok(items) => Node::List(items.into_iter().map(inner_node).collect()),
            Err(_) => Node::Text(text.to_owned()),
        },
        Some(b'{') => match pairs(raw) {
            Ok(pairs) => Node::Map(pairs.into_iter().map(|(key, raw)| (key, inner_node(raw))).collect()),
            Err(_) => Node::Text(text.to_owned()),
        },
        _ => Node::Number(text.to_owned()),
    }
}
