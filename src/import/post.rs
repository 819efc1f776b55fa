//! Posts of other generators to records: Markdown with YAML, TOML or JSON front matter.

use serde_json::value::RawValue;

use crate::diagnostic::{Diagnostic, Place};
use crate::fields::Document;
use crate::import::input::Input;
use crate::import::json;
use crate::import::labels::Labels;
use crate::import::record::{Entry, Field, Found, Record, Spot, Value};
use crate::load::date;
use crate::yaml::{self, Node};

/// Reads a post. `path` is its file, whose name may hold a date and is the post's own.
#[must_use]
pub fn record(input: &Input, path: &str, labels: &Labels) -> Found {
    let (fields, body) = match front_matter(input) {
        Ok(parts) => parts,
        Err(diagnostic) => return Found::Problem(*diagnostic),
    };
    let whole = Spot { line: 1, start: 0, end: input.text.len() };
    let mut record = Record { spot: whole, ..Record::default() };
    for (n, (key, node)) in fields.into_iter().enumerate() {
        // Places are looked up, which pays for the fields of people.
        let spot = if n < 100 { spot(input, &key) } else { whole };
        entries(&key, node, spot, labels, &mut record.entries);
    }
    let (name, named_date) = name(path);
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

/// The post's own name and the date before it: `2024-05-13-gpt-4o.md`, `gpt-4o/index.md`.
fn name(path: &str) -> (String, Option<String>) {
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

type Parts = (Vec<(String, Node)>, usize);

/// The fields above the text, and where the text begins.
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
    // Hexo needs no line above the first field.
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
    // Parsers take the square of it.
    if json::nesting(written) > 64 {
        let place = input.place(Spot { line: 1, start: 0, end: first.len() });
        let message = "this front matter has brackets in one another, more than 64 deep";
        return Err(Box::new(Diagnostic::error(message).at(place).help("write the values out")));
    }
    if first == "---" {
        // Old posts have fields that stand twice, which other generators pass over: both are kept.
        if let Ok(Node::Map(entries)) = yaml::parse(written) {
            return Ok((entries, body));
        }
        let document = Document { path: &input.name, source: text, start, yaml: written };
        return document
            .parse()
            .map(|entries| (entries, body))
            .map_err(|mut found| Box::new(found.swap_remove(0)));
    }
    match toml::from_str::<toml::Table>(written) {
        Ok(table) => Ok((table.into_iter().map(|(key, value)| (key, of_toml(value))).collect(), body)),
        Err(error) => {
            let span = error.span().unwrap_or(0..0);
            let place =
                Place::at(&input.name, text, start + span.start..start + span.end.max(span.start + 1));
            Err(Box::new(
                Diagnostic::error(format!("this is not TOML: {}", error.message()))
                    .at(place)
                    .help("see https://toml.io for the syntax"),
            ))
        }
    }
}

fn entries(key: &str, node: Node, spot: Spot, labels: &Labels, entries: &mut Vec<Entry>) {
    let mut add = |field: Field, value: Value| entries.push(Entry { field, value, spot });
    match (key, node) {
        (_, Node::Null) => {}
        // Zola's two tables, and what others call the same.
        ("taxonomies", Node::Map(inner)) => {
            for (name, node) in inner {
                let field = labels
                    .get(&name)
                    .map(|(field, _)| field.clone())
                    .filter(|field| matches!(field, Field::Terms(_)));
                add(field.unwrap_or(Field::Extra(name)), value(node));
            }
        }
        ("extra" | "params", Node::Map(inner)) => {
            for (name, node) in inner {
                add(Field::Extra(name), Value::Data(node));
            }
        }
        // `published: false` hides a post; a date is one.
        ("published", Node::Bool(published, _)) => add(Field::Draft, Value::Text((!published).to_string())),
        ("url" | "permalink" | "path" | "redirect_from" | "aliases" | "alias", node) => match value(node) {
            Value::Text(path) if !path.contains("://") && !path.contains("/:") => {
                add(Field::Aliases, Value::Items(vec![path]));
            }
            Value::Text(other) => add(Field::Extra(key.to_owned()), Value::Text(other)),
            items => add(Field::Aliases, items),
        },
        ("image" | "cover" | "banner" | "thumbnail" | "featured_image", node) if node.text().is_some() => {
            add(Field::Image, value(node));
        }
        ("last_modified_at", node) => add(Field::Updated, value(node)),
        ("canonical_url" | "canonicalURL" | "canonicalUrl" | "original_url", node) => {
            add(Field::Link, value(node));
        }
        (_, node) => match labels.get(key).map(|(field, _)| field.clone()) {
            Some(Field::Body) | None => add(Field::Extra(key.to_owned()), Value::Data(node)),
            Some(field) => add(field, value(node)),
        },
    }
}

fn value(node: Node) -> Value {
    match node {
        Node::List(items) if items.iter().all(|item| item.text().is_some() || *item == Node::Null) => {
            Value::Items(items.iter().filter_map(|item| item.text().map(str::to_owned)).collect())
        }
        // Hexo nests categories: [[a, b], [c]].
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

/// The line of a field at the top of the front matter.
fn spot(input: &Input, key: &str) -> Spot {
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

fn of_toml(value: toml::Value) -> Node {
    use toml::Value as Toml;
    match value {
        Toml::String(text) => Node::Text(text),
        Toml::Integer(number) => Node::Number(number.to_string()),
        // TOML's infinities are no numbers in YAML.
        Toml::Float(number) if !number.is_finite() => Node::Text(number.to_string()),
        Toml::Float(number) => Node::Number(number.to_string()),
        Toml::Boolean(value) => Node::Bool(value, value.to_string()),
        Toml::Datetime(at) => Node::Text(at.to_string()),
        Toml::Array(items) => Node::List(items.into_iter().map(of_toml).collect()),
        Toml::Table(entries) => {
            Node::Map(entries.into_iter().map(|(key, value)| (key, of_toml(value))).collect())
        }
    }
}
