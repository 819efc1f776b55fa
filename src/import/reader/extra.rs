//! Makes the names and the nodes of the data that is kept under `extra`.

use std::collections::HashMap;

use crate::import::clean;
use crate::import::record::Value;
use crate::import::repair::Change;
use crate::yaml::Node;

/// Nesting depth up to which data is kept as data. Deeper data is kept as text, because YAML
/// parsers limit the depth (serde_yaml: 128).
const MAX_DEPTH: usize = 32;

/// The names in one mapping, which must be unique: the second `k` becomes `k_2`.
///
/// The value of a name that a number was added to (`k_`) is the last number.
#[derive(Default)]
pub(super) struct Names(HashMap<String, usize>);

impl Names {
    /// Returns the name, with a number if it is taken, and takes it.
    pub(super) fn make_unique(&mut self, name: &str) -> String {
        if self.0.insert(name.to_owned(), 1).is_none() {
            return name.to_owned();
        }
        // Counting goes on from the last number of this name, so that many equal names take linear
        // time.
        let count = self.0.entry(format!("{name}_")).or_insert(1);
        let mut number = *count;
        let unique = loop {
            number += 1;
            let candidate = format!("{name}_{number}");
            if !self.0.contains_key(&candidate) {
                break candidate;
            }
        };
        self.0.insert(format!("{name}_"), number);
        self.0.insert(unique.clone(), 1);
        unique
    }
}

/// Converts a value to a cleaned node.
pub(super) fn to_node(value: Value, changes: &mut Vec<Change>) -> Node {
    match value {
        Value::Text(text) | Value::Markdown(text) | Value::Html(text) => {
            Node::Text(clean::clean(text.trim(), changes))
        }
        Value::Items(items) => {
            Node::List(items.iter().map(|item| Node::Text(clean::clean(item, changes))).collect())
        }
        Value::Data(node) if depth(&node) > MAX_DEPTH => Node::Text(crate::yaml::flow(&node)),
        Value::Data(node) => without_invisible(node, changes),
    }
}

/// The number of lists and mappings that contain each other.
fn depth(node: &Node) -> usize {
    match node {
        Node::List(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Node::Map(entries) => 1 + entries.iter().map(|(_, value)| depth(value)).max().unwrap_or(0),
        _ => 0,
    }
}

/// Removes invisible characters from the keys and texts of nested data, and makes its keys unique.
fn without_invisible(node: Node, changes: &mut Vec<Change>) -> Node {
    match node {
        Node::Text(text) => Node::Text(clean::visible(&text, changes)),
        Node::List(items) => {
            Node::List(items.into_iter().map(|item| without_invisible(item, changes)).collect())
        }
        Node::Map(entries) => {
            // JSON allows duplicate keys, YAML does not.
            let mut names = Names::default();
            let entries = entries.into_iter().map(|(key, value)| {
                (names.make_unique(&clean::visible(&key, changes)), without_invisible(value, changes))
            });
            Node::Map(entries.collect())
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_names_are_numbered_past_names_that_are_taken() {
        let mut names = Names::default();
        let unique = ["k", "k_2", "k", "k", "j"].map(|name| names.make_unique(name));
        assert_eq!(unique, ["k", "k_2", "k_3", "k_4", "j"]);
    }

    #[test]
    fn duplicate_and_invisible_keys_become_unique() {
        let text = |text: &str| Node::Text(text.to_owned());
        let entries = vec![("k".to_owned(), text("一")), ("k\u{200B}".to_owned(), text("二\u{FEFF}"))];
        let mut changes = Vec::new();
        assert_eq!(
            to_node(Value::Data(Node::Map(entries)), &mut changes),
            Node::Map(vec![("k".to_owned(), text("一")), ("k_2".to_owned(), text("二"))])
        );
        assert_eq!(changes.len(), 2);
    }

    #[test]
    fn data_that_is_nested_too_deep_becomes_text() {
        let nested = |depth: usize| (0..depth).fold(Node::Null, |node, _| Node::List(vec![node]));
        let kept = |depth: usize| to_node(Value::Data(nested(depth)), &mut Vec::new());
        assert_eq!(kept(MAX_DEPTH), nested(MAX_DEPTH));
        assert!(matches!(kept(MAX_DEPTH + 1), Node::Text(_)));
    }
}
