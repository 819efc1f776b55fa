//! Converts raw JSON values to the values of fields and to nodes, without changing how numbers are
//! written.

use serde::Deserializer as _;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::import::record::{Field, Value};
use crate::yaml::Node;

/// Nesting depth up to which data is kept as data.
const MAX_DATA_DEPTH: usize = 32;

/// Returns the members of an object in order, with duplicate keys.
pub(in crate::import) fn members(raw: &RawValue) -> Result<Vec<(String, &RawValue)>, serde_json::Error> {
    struct Members;
    impl<'de> Visitor<'de> for Members {
        type Value = Vec<(String, &'de RawValue)>;

        fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut members = Vec::new();
            while let Some(member) = map.next_entry()? {
                members.push(member);
            }
            Ok(members)
        }
    }
    serde_json::Deserializer::from_str(raw.get()).deserialize_map(Members)
}

/// Converts a raw value to the value of a field: a text, a list of texts, or nested data. Values of
/// [`Field::Extra`] that are not texts stay data.
pub(super) fn value(raw: &RawValue, field: &Field) -> Value {
    let text = raw.get();
    if text.starts_with('"') {
        // A string with a lone surrogate is not valid text. It is kept as written.
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

/// The nesting depth of brackets, without those in strings.
pub(in crate::import) fn nesting(text: &str) -> usize {
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

/// Converts a raw value to a node, with numbers as they are written. Data that is nested too deep
/// for YAML becomes text.
pub(in crate::import) fn node(raw: &RawValue) -> Node {
    let text = raw.get();
    if nesting(text) > MAX_DATA_DEPTH { Node::Text(text.to_owned()) } else { shallow_node(raw) }
}

/// Converts a raw value whose nesting depth is known to be small.
fn shallow_node(raw: &RawValue) -> Node {
    let text = raw.get();
    match text.as_bytes().first() {
        Some(b'"') => Node::Text(serde_json::from_str(text).unwrap_or_else(|_| text.to_owned())),
        Some(b't' | b'f') => Node::Bool(text == "true", text.to_owned()),
        Some(b'n') => Node::Null,
        Some(b'[') => match serde_json::from_str::<Vec<&RawValue>>(text) {
            Ok(items) => Node::List(items.into_iter().map(shallow_node).collect()),
            Err(_) => Node::Text(text.to_owned()),
        },
        Some(b'{') => match members(raw) {
            Ok(members) => {
                Node::Map(members.into_iter().map(|(key, raw)| (key, shallow_node(raw))).collect())
            }
            Err(_) => Node::Text(text.to_owned()),
        },
        _ => Node::Number(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(json: &str) -> &RawValue {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn numbers_stay_as_written_and_duplicate_keys_are_kept() {
        let number = |text: &str| Node::Number(text.to_owned());
        assert_eq!(
            node(raw("{\"k\": 1.50, \"k\": [1e3]}")),
            Node::Map(vec![
                ("k".to_owned(), number("1.50")),
                ("k".to_owned(), Node::List(vec![number("1e3")]))
            ])
        );
    }

    #[test]
    fn a_flat_list_is_a_list_of_items_without_nulls() {
        let items = Value::Items(vec!["一".into(), "2".into()]);
        assert_eq!(value(raw("[\"一\", null, 2]"), &Field::Terms(0)), items);
        assert!(matches!(value(raw("[\"一\"]"), &Field::Extra("x".into())), Value::Data(_)));
    }

    #[test]
    fn a_lone_surrogate_is_kept_as_written() {
        assert_eq!(value(raw("\"\\ud800\""), &Field::Title), Value::Text("\"\\ud800\"".into()));
    }

    #[test]
    fn brackets_in_strings_are_not_nesting() {
        assert_eq!(nesting("{\"a\": [\"[[[\\\"[\"]}"), 2);
        let deep = format!("{}{}", "[".repeat(MAX_DATA_DEPTH + 1), "]".repeat(MAX_DATA_DEPTH + 1));
        assert_eq!(node(raw(&deep)), Node::Text(deep.clone()));
    }
}
