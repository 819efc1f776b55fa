//! Reads posts of other generators as records: Markdown with YAML, TOML or JSON front matter.

use serde_json::value::RawValue;

use crate::diagnostic::{Diagnostic, Place};
use crate::fields::Document;
use crate::import::input::Input;
use crate::import::json;
use crate::import::labels::Labels;
use crate::import::record::{Entry, Field, Found, Record, Spot, Value};
use crate::load::date;
use crate::yaml::{self, Node};

/// Reads a post. The name of the file at `path` becomes the name of the record, and can begin with
/// a date (Jekyll, Hexo).
#[must_use]
pub fn record(input: &Input, path: &str, labels: &Labels) -> Found {
    let (fields, body) = match front_matter(input) {
        Ok(parts) => parts,
        Err(diagnostic) => return Found::Problem(*diagnostic),
    };
    let whole = Spot { line: 1, start: 0, end: input.text.len() };
    let mut record = Record { spot: whole, ..Record::default() };
    for (n, (key, node)) in fields.into_iter().enumerate() {
        // Each lookup scans the front matter, so only the first 100 fields get a place of their
        // own.
        let spot = if n < 100 { find_spot(input, &key) } else { whole };
        add_entries(&key, node, spot, labels, &mut record.entries);
    }
    let (name, named_date) = split_name(path);
    let has_date = record.has(&Field::Date);
    if let Some(date) = named_date.filter(|_| !has_date) {
        record.entries.push(Entry { field: Field::Date, value: Value::Text(date), spot: whole });
    }
    record.name = Some(name);
    let line = input.text[..body].matches('\n').count() + 1;
    let text = input.text[body..].to_owned();
    record.entries.push(Entry {
        field: Field::Body,
        value: Value::Markdown(text),
        spot: Spot { line, start: body, end: input.text.len() },
    });
    Found::Record(record)
}

/// Splits a post's file name into its own name and the date before it: `2024-05-13-gpt-4o.md`,
/// `gpt-4o/index.md`.
fn split_name(path: &str) -> (String, Option<String>) {
    let mut parts = path.rsplit('/');
    let stem = |name: &str| name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned();
    let mut name = parts.next().map(stem).unwrap_or_default();
    if name == "index"
        && let Some(folder) = parts.next()
    {
        name = folder.to_owned();
    }
    match date::file_prefix(&name, chrono_tz::Tz::UTC) {
        Some((date, rest)) if !rest.is_empty() => (rest.to_owned(), Some(date.iso())),
        Some((date, _)) => (name.clone(), Some(date.iso())),
        None => (name, None),
    }
}

/// The fields of the front matter in order, and the byte offset at which the text begins.
type Parts = (Vec<(String, Node)>, usize);

/// Parses the front matter.
fn front_matter(input: &Input) -> Result<Parts, Box<Diagnostic>> {
    let text = &input.text;
    let first = text.lines().next().unwrap_or_default().trim_end();
    let missing = || {
        let help = "posts begin with `---` (YAML), `+++` (TOML) or `{` (JSON)";
        Box::new(
            Diagnostic::error("this post has no front matter")
                .at(input.place(Spot { line: 1, start: 0, end: first.len() }))
                .help(help),
        )
    };
    if first.starts_with('{') {
        let mut values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
        let Some(Ok(value)) = values.next() else { return Err(missing()) };
        return match json::node(value) {
            Node::Map(entries) => Ok((entries, values.byte_offset())),
            _ => Err(missing()),
        };
    }
    // Hexo accepts front matter without an opening line.
    let is_bare = first != "---" && first != "+++";
    if is_bare
        && !first
            .split_once(':')
            .is_some_and(|(key, _)| key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))
    {
        return Err(missing());
    }
    let start = if is_bare { 0 } else { (text.find('\n').map_or(text.len(), |at| at + 1)).min(text.len()) };
    let first = if is_bare { "---" } else { first };
    let mut end = start;
    let mut body = None;
    for line in text[start..].split_inclusive('\n') {
        if line.trim_end() == first {
            body = Some(end + line.len());
            break;
        }
        end += line.len();
    }
    let Some(body) = body else {
        let place = input.place(Spot { line: 1, start: 0, end: first.len() });
        return Err(Box::new(
            Diagnostic::error("this front matter is never closed")
                .at(place)
                .label("opened here")
                .help(format!("write a line `{first}` below the last field")),
        ));
    };
    let written = &text[start..end];
    // The time of the parsers grows with the square of the nesting depth.
    if json::nesting(written) > 64 {
        let place = input.place(Spot { line: 1, start: 0, end: first.len() });
        let message = "this front matter has brackets that are nested more than 64 deep";
        return Err(Box::new(Diagnostic::error(message).at(place).help("reduce the nesting to 64 or less")));
    }
    if first == "---" {
        // Some old posts have a field twice, which other generators accept. Both values are kept.
        if let Ok(Node::Map(entries)) = yaml::parse(written) {
            return Ok((entries, body));
        }
        let document = Document { path: &input.name, source: &input.text, start, yaml: written };
        return document
            .parse()
            .map(|entries| (entries, body))
            .map_err(|mut found| Box::new(found.swap_remove(0)));
    }
    match toml::from_str::<toml::Table>(written) {
        Ok(table) => Ok((table.into_iter().map(|(key, value)| (key, from_toml(value))).collect(), body)),
        Err(error) => {
            let span = error.span().unwrap_or(0..0);
            let place =
                Place::at(&input.name, &input.text, start + span.start..start + span.end.max(span.start + 1));
            Err(Box::new(
                Diagnostic::error(format!("this is not TOML: {}", error.message()))
                    .at(place)
                    .help("see https://toml.io for the syntax"),
            ))
        }
    }
}

/// Adds the entries that one field of front matter becomes.
fn add_entries(key: &str, node: Node, spot: Spot, labels: &Labels, entries: &mut Vec<Entry>) {
    let mut add = |field: Field, value: Value| entries.push(Entry { field, value, spot });
    match (key, node) {
        (_, Node::Null) => {}
        // Zola's two tables; `params` is Hugo's name for `extra`.
        ("taxonomies", Node::Map(inner)) => {
            for (name, node) in inner {
                let field = labels
                    .get(&name)
                    .map(|(field, _)| field.clone())
                    .filter(|field| matches!(field, Field::Terms(_)));
                add(field.unwrap_or(Field::Extra(name)), to_value(node));
            }
        }
        ("extra" | "params", Node::Map(inner)) => {
            for (name, node) in inner {
                add(Field::Extra(name), Value::Data(node));
            }
        }
        // `published: false` hides a post. A `published` date is read as a date below.
        ("published", Node::Bool(published, _)) => add(Field::Draft, Value::Text((!published).to_string())),
        ("url" | "permalink" | "path" | "redirect_from" | "aliases" | "alias", node) => {
            match to_value(node) {
                Value::Text(path) if !path.contains("://") && !path.contains("/:") => {
                    add(Field::Aliases, Value::Items(vec![path]));
                }
                Value::Text(other) => add(Field::Extra(key.to_owned()), Value::Text(other)),
                items => add(Field::Aliases, items),
            }
        }
        ("image" | "cover" | "banner" | "thumbnail" | "featured_image", node) if node.text().is_some() => {
            add(Field::Image, to_value(node));
        }
        ("last_modified_at", node) => add(Field::Updated, to_value(node)),
        ("canonical_url" | "canonicalURL" | "canonicalUrl" | "original_url", node) => {
            add(Field::Link, to_value(node));
        }
        (_, node) => match labels.get(key).map(|(field, _)| field.clone()) {
            Some(Field::Body) | None => add(Field::Extra(key.to_owned()), Value::Data(node)),
            Some(field) => add(field, to_value(node)),
        },
    }
}

/// Converts a node of front matter to the value of a field.
fn to_value(node: Node) -> Value {
    match node {
        Node::List(items) if items.iter().all(|item| item.text().is_some() || *item == Node::Null) => {
            Value::Items(items.iter().filter_map(|item| item.text().map(str::to_owned)).collect())
        }
        // Hexo nests categories: `[[a, b], [c]]`.
        Node::List(items)
            if items.iter().all(
                |item| matches!(item, Node::List(inner) if inner.iter().all(|word| word.text().is_some())),
            ) =>
        {
            let inner = items
                .iter()
                .flat_map(|item| if let Node::List(inner) = item { inner.as_slice() } else { &[] });
            Value::Items(inner.filter_map(|word| word.text().map(str::to_owned)).collect())
        }
        node => match node.text() {
            Some(text) => Value::Text(text.to_owned()),
            None => Value::Data(node),
        },
    }
}

/// Finds the line of a field at the top level of the front matter, among the first 200 lines.
fn find_spot(input: &Input, key: &str) -> Spot {
    let mut start = 0;
    for (number, line) in input.text.split_inclusive('\n').take(200).enumerate() {
        let is_key = line
            .trim_start_matches(['"', ' ', '\t'])
            .strip_prefix(key)
            .is_some_and(|rest| rest.trim_start_matches(['"', ' ']).starts_with([':', '=']));
        if is_key {
            return Spot { line: number + 1, start, end: start + line.trim_end().len() };
        }
        start += line.len();
    }
    Spot { line: 1, start: 0, end: 0 }
}

fn from_toml(value: toml::Value) -> Node {
    use toml::Value as Toml;
    match value {
        Toml::String(text) => Node::Text(text),
        Toml::Integer(number) => Node::Number(number.to_string()),
        // `inf` and `nan` of TOML are not numbers in YAML.
        Toml::Float(number) if !number.is_finite() => Node::Text(number.to_string()),
        Toml::Float(number) => Node::Number(number.to_string()),
        Toml::Boolean(value) => Node::Bool(value, value.to_string()),
        Toml::Datetime(at) => Node::Text(at.to_string()),
        Toml::Array(items) => Node::List(items.into_iter().map(from_toml).collect()),
        Toml::Table(entries) => {
            Node::Map(entries.into_iter().map(|(key, value)| (key, from_toml(value))).collect())
        }
    }
}
