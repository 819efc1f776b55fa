//! Reads the members of an object as the fields of a record, and recognises objects that wrap
//! records.

use serde_json::value::RawValue;

use crate::import::address;
use crate::import::json::value::{members, node, value};
use crate::import::labels::Labels;
use crate::import::record::{Entry, Field, Record, Spot, Value};
use crate::yaml::Node;

/// Objects and lists that records can be wrapped in.
pub(super) const MAX_WRAPPING_DEPTH: usize = 8;

/// True if a key is a name of the title.
pub(super) fn is_title(key: &str, labels: &Labels) -> bool {
    labels.get(key).is_some_and(|(field, _)| *field == Field::Title)
}

/// True if a value contains an object with a title. Of a list, only the first item is examined.
pub(super) fn holds_records(raw: &RawValue, labels: &Labels, depth: usize) -> bool {
    if depth >= MAX_WRAPPING_DEPTH {
        return false;
    }
    match raw.get().as_bytes().first() {
        Some(b'{') => members(raw).is_ok_and(|members| {
            members.iter().any(|(key, raw)| is_title(key, labels) || holds_records(raw, labels, depth + 1))
        }),
        Some(b'[') => serde_json::from_str::<Vec<&RawValue>>(raw.get())
            .is_ok_and(|items| items.first().is_some_and(|item| holds_records(item, labels, depth + 1))),
        _ => false,
    }
}

/// Adds the entries that a member of an object becomes to its record.
pub(super) fn add_entries(key: String, raw: &RawValue, spot: Spot, labels: &Labels, record: &mut Record) {
    let (field, value) = field(&key, raw, labels);
    let value = address::of_field(&field, value, spot.line, &mut record.repairs);
    let entries = &mut record.entries;
    // `"source": {"name": "某报"}`: the field takes the name, and the whole value is kept under
    // `extra`.
    if let Some(names) = names(&field, raw) {
        entries.push(Entry { field, value: names, spot });
        entries.push(Entry { field: Field::Extra(key), value: Value::Data(node(raw)), spot });
    } else {
        entries.push(Entry { field, value, spot });
    }
}

/// Returns the field of a member and its value. Some keys also name the format of the value.
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

/// Returns the names in nested data of a field of terms or of the source: the texts under `name`
/// and the like, or all texts of an object without such a key. `None` for other fields and flat
/// values.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn entries(key: &str, json: &str) -> Vec<(Field, Value)> {
        let raw: &RawValue = serde_json::from_str(json).unwrap();
        let labels = Labels::of(&Config::default());
        let mut record = Record::default();
        add_entries(key.to_owned(), raw, Spot::default(), &labels, &mut record);
        record.entries.into_iter().map(|entry| (entry.field, entry.value)).collect()
    }

    #[test]
    fn the_key_decides_the_field_and_the_format() {
        let text = |text: &str| Value::Text(text.to_owned());
        assert_eq!(entries("标题", "\"一\""), [(Field::Title, text("一"))]);
        assert_eq!(entries("content_html", "\"一\""), [(Field::Body, Value::Html("一".into()))]);
        assert_eq!(entries("url", "\"https://e.org/a b\""), [(Field::Link, text("https://e.org/a%20b"))]);
        assert_eq!(entries("cover", "\"/a.png\""), [(Field::Image, text("/a.png"))]);
        assert_eq!(
            entries("score", "1.50"),
            [(Field::Extra("score".into()), Value::Data(Node::Number("1.50".into())))]
        );
    }

    #[test]
    fn the_name_in_a_nested_source_is_used_and_the_whole_is_kept() {
        let found = entries("source", "{\"name\": \"某报\", \"id\": \"x\"}");
        assert_eq!(found[0], (Field::Source, Value::Items(vec!["某报".into()])));
        assert!(matches!(&found[1], (Field::Extra(name), Value::Data(_)) if name == "source"));
    }

    #[test]
    fn records_are_found_in_wrapping_objects_up_to_a_depth() {
        let labels = Labels::of(&Config::default());
        let holds = |json: &str| holds_records(serde_json::from_str(json).unwrap(), &labels, 0);
        assert!(holds("{\"data\": {\"list\": [{\"title\": \"一\"}]}}"));
        assert!(!holds("{\"data\": {\"list\": [1, 2]}}"));
        let deep =
            format!("{}{{\"title\": 1}}{}", "[".repeat(MAX_WRAPPING_DEPTH), "]".repeat(MAX_WRAPPING_DEPTH));
        assert!(!holds(&deep));
    }
}
