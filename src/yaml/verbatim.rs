//! Serialises nodes for caches, with every scalar's text, which the typed form for templates drops.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::yaml::Node;

/// A node as a cache stores it.
#[derive(Serialize, Deserialize)]
enum Form {
    Null,
    Text(String),
    Bool(bool, String),
    Number(String),
    List(Vec<Form>),
    Map(Vec<(String, Form)>),
}

impl From<&Node> for Form {
    fn from(node: &Node) -> Self {
        match node {
            Node::Null => Self::Null,
            Node::Text(text) => Self::Text(text.clone()),
            Node::Bool(value, text) => Self::Bool(*value, text.clone()),
            Node::Number(text) => Self::Number(text.clone()),
            Node::List(items) => Self::List(items.iter().map(Self::from).collect()),
            Node::Map(entries) => {
                Self::Map(entries.iter().map(|(key, value)| (key.clone(), Self::from(value))).collect())
            }
        }
    }
}

impl From<Form> for Node {
    fn from(form: Form) -> Self {
        match form {
            Form::Null => Self::Null,
            Form::Text(text) => Self::Text(text),
            Form::Bool(value, text) => Self::Bool(value, text),
            Form::Number(text) => Self::Number(text),
            Form::List(items) => Self::List(items.into_iter().map(Self::from).collect()),
            Form::Map(entries) => {
                Self::Map(entries.into_iter().map(|(key, value)| (key, Self::from(value))).collect())
            }
        }
    }
}

/// Serialises a node, for `#[serde(with)]`.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(node: &Node, serializer: S) -> Result<S::Ok, S::Error> {
    Form::from(node).serialize(serializer)
}

/// Deserialises a node, for `#[serde(with)]`.
///
/// # Errors
/// Those of the deserializer.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Node, D::Error> {
    Form::deserialize(deserializer).map(Node::from)
}
