//! Reads posts of other generators as records: Markdown with YAML, TOML or JSON front matter.

use crate::import::front_matter::front_matter;
use crate::import::hidden::{self, Mark};
use crate::import::input::Input;
use crate::import::labels::Labels;
use crate::import::record::{Entry, Field, Found, Record, Spot, Value};
use crate::import::repair::{Kind, Repair};
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
        if let Some(node) = without_marks(&key, node, spot, &mut record.repairs) {
            add_entries(&key, node, spot, labels, &mut record.entries);
        }
    }
    if hidden::is_draft_folder(path) {
        record.repairs.push(hidden_by("_drafts/".to_owned(), 1));
    }
    if record.repairs.iter().any(|repair| repair.kind == Kind::Hidden) {
        // One mark hides a post, whatever another one says.
        record.entries.retain(|entry| entry.field != Field::Draft);
        record.entries.push(Entry {
            field: Field::Draft,
            value: Value::Text("true".to_owned()),
            spot: whole,
        });
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

/// Adds a repair for each field that hides the post, and returns the field without passwords, which
/// no file and no report contains. `None` if nothing remains.
fn without_marks(key: &str, node: Node, spot: Spot, repairs: &mut Vec<Repair>) -> Option<Node> {
    match hidden::mark(key, &node) {
        Some(Mark::Password) => {
            repairs.push(hidden_by(format!("{key}: …"), spot.line));
            return None;
        }
        // Imports know `draft: true` themselves.
        Some(Mark::Hidden) if key == "draft" => {}
        Some(Mark::Hidden) => {
            repairs.push(hidden_by(format!("{key}: {}", yaml::flow(&node)), spot.line));
        }
        None => {}
    }
    match node {
        Node::Map(entries) if matches!(key, "extra" | "params") => {
            let kept = entries
                .into_iter()
                .filter_map(|(key, node)| without_marks(&key, node, spot, repairs).map(|node| (key, node)));
            Some(Node::Map(kept.collect()))
        }
        node => Some(node),
    }
}

/// The repair of a post that a mark hides in its source.
fn hidden_by(mark: String, line: usize) -> Repair {
    Repair { kind: Kind::Hidden, from: mark, to: "draft: true".to_owned(), line }
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
        // `published: false` hides a post ([`hidden::mark`]). A date is read as a date below.
        ("published", node) if node.text().is_some_and(is_truth) => {
            add(Field::Draft, Value::Text("false".to_owned()));
        }
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

/// True for the words of a truth value.
fn is_truth(text: &str) -> bool {
    matches!(text.to_lowercase().as_str(), "true" | "yes" | "on" | "false" | "no" | "off")
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    /// The record of a post at `path`, or the message of its refusal.
    fn read(path: &str, text: &str) -> Result<Record, String> {
        let input = Input { name: "a.md".into(), text: text.to_owned().into() };
        match record(&input, path, &Labels::of(&Config::default())) {
            Found::Record(record) => Ok(record),
            Found::Problem(problem) => Err(problem.message),
            Found::Outside(_) => Err("outside".to_owned()),
        }
    }

    fn value(record: &Record, field: &Field) -> Option<Value> {
        record.get(field).map(|entry| entry.value.clone())
    }

    fn text(text: &str) -> Option<Value> {
        Some(Value::Text(text.to_owned()))
    }

    #[test]
    fn a_hidden_post_is_a_draft_and_its_password_is_nowhere() {
        for front in [
            "password: s3cret\n",
            "draft: false\npassword: s3cret\n",
            "params: {password: s3cret}\n",
            "extra: {pwd: s3cret, x: 1}\n",
            "private: true\n",
            "published: false\n",
            "params: {hidden: true}\n",
        ] {
            let record = read("a.md", &format!("---\ntitle: 甲\n{front}---\n正文\n")).unwrap();
            assert_eq!(value(&record, &Field::Draft), text("true"), "{front}");
            let drafts = record.entries.iter().filter(|entry| entry.field == Field::Draft);
            assert_eq!(drafts.count(), 1, "{front}");
            assert_eq!((record.repairs.len(), record.repairs[0].kind), (1, Kind::Hidden), "{front}");
            assert!(!format!("{record:?}").contains("s3cret"), "{record:?}");
        }
        let record = read("a.md", "---\ntitle: 甲\nstatus: private\n---\n").unwrap();
        assert_eq!(record.repairs[0].from, "status: private");
        assert!(record.has(&Field::Extra("status".to_owned())));
        let record = read("source/_drafts/a.md", "---\ntitle: 甲\n---\n").unwrap();
        assert_eq!(value(&record, &Field::Draft), text("true"));
    }

    #[test]
    fn a_public_post_is_no_draft() {
        for (front, wanted) in [
            ("password: \"\"\n", None),
            ("private: false\n", None),
            ("published: true\n", text("false")),
            ("draft: true\n", text("true")),
        ] {
            let record = read("a.md", &format!("---\ntitle: 甲\n{front}---\n")).unwrap();
            assert_eq!(value(&record, &Field::Draft), wanted, "{front}");
            assert!(record.repairs.is_empty(), "{front}");
        }
    }

    #[test]
    fn front_matter_is_read_behind_blank_and_indented_lines() {
        for text in [
            "title: 甲\ndate: 2024-01-02\n---\n正文\n",
            "\ntitle: 甲\ndate: 2024-01-02\n---\n正文\n",
            "  \n\n title: 甲\ndate: 2024-01-02\n---\n正文\n",
            " title: 甲\n date: 2024-01-02\n---\n正文\n",
            "\ttitle: 甲\ndate: 2024-01-02\n---\n正文\n",
            "\n\n---\ntitle: 甲\ndate: 2024-01-02\n---\n正文\n",
            "\n+++\ntitle = \"甲\"\ndate = 2024-01-02\n+++\n正文\n",
            "\n{\"title\": \"甲\", \"date\": \"2024-01-02\"}\n正文\n",
        ] {
            let record = read("a.md", text).unwrap_or_else(|problem| panic!("{problem}: {text}"));
            assert_eq!(value(&record, &Field::Title), Some(Value::Text("甲".to_owned())), "{text}");
            let Some(Value::Markdown(body)) = value(&record, &Field::Body) else { panic!("{text}") };
            assert_eq!(body.trim(), "正文", "{text}");
            assert!(record.has(&Field::Date), "{text}");
        }
    }

    #[test]
    fn an_error_in_front_matter_has_its_place() {
        for (text, wanted) in [
            ("一\n", "1:1 this post has no front matter"),
            ("\n\n一\n", "3:1 this post has no front matter"),
            ("\n[1]\n", "2:1 this post has no front matter"),
            ("\n---\ntitle: 甲\n", "2:1 this front matter is never closed"),
            ("---\ntitle: 甲\nx: [\n---\n", "3:5 this is not YAML: did not find expected node content"),
            ("\n+++\na = 1\nb = = 2\n+++\n", "4:5 this is not TOML: extra `=`, expected nothing"),
        ] {
            let input = Input { name: "a.md".into(), text: text.to_owned().into() };
            let Found::Problem(problem) = record(&input, "a.md", &Labels::of(&Config::default())) else {
                panic!("{text}")
            };
            let place = problem.place.unwrap();
            assert_eq!(format!("{}:{} {}", place.line, place.column, problem.message), wanted, "{text}");
        }
        for (depth, fits) in [(64, true), (65, false)] {
            let text = format!("---\nx: {}1{}\n---\n", "[".repeat(depth), "]".repeat(depth));
            assert_eq!(read("a.md", &text).is_ok(), fits, "{depth}");
        }
    }

    #[test]
    fn the_name_of_a_file_is_split_from_its_date() {
        for (path, name, date) in [
            ("p/2024-05-13-gpt-4o.md", "gpt-4o", Some("2024-05-13")),
            ("gpt-4o/index.md", "gpt-4o", None),
            ("2024-05-13.md", "2024-05-13", Some("2024-05-13")),
            ("index.md", "index", None),
        ] {
            assert_eq!(split_name(path), (name.to_owned(), date.map(str::to_owned)), "{path}");
        }
    }
}
