//! Serialises nodes for caches, with every scalar's text, which the typed form for templates drops.
//!
//! A node is stored as a flat list of tokens, each list and map with the number of its entries. So
//! neither reading nor dropping a damaged cache recurses deeper than 128 levels.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::yaml::Node;

/// Nested lists and maps of a node: as many as the YAML reader allows.
const MAX_DEPTH: usize = 128;

/// A scalar, the beginning of a list or map, or the key of the next value of a map.
#[derive(Serialize, Deserialize)]
enum Token {
    Null,
    Text(String),
    Bool(bool, String),
    Number(String),
    List(u32),
    Map(u32),
    Key(String),
}

fn append_tokens(node: &Node, tokens: &mut Vec<Token>) {
    // The size of a source is limited, far below this.
    let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    match node {
        Node::Null => tokens.push(Token::Null),
        Node::Text(text) => tokens.push(Token::Text(text.clone())),
        Node::Bool(value, text) => tokens.push(Token::Bool(*value, text.clone())),
        Node::Number(text) => tokens.push(Token::Number(text.clone())),
        Node::List(items) => {
            tokens.push(Token::List(count(items.len())));
            items.iter().for_each(|item| append_tokens(item, tokens));
        }
        Node::Map(entries) => {
            tokens.push(Token::Map(count(entries.len())));
            for (key, value) in entries {
                tokens.push(Token::Key(key.clone()));
                append_tokens(value, tokens);
            }
        }
    }
}

/// Reads one node; `None` if the tokens are no node, or are nested too deep.
fn read_node(tokens: &mut impl Iterator<Item = Token>, depth: usize) -> Option<Node> {
    Some(match tokens.next()? {
        Token::Null => Node::Null,
        Token::Text(text) => Node::Text(text),
        Token::Bool(value, text) => Node::Bool(value, text),
        Token::Number(text) => Node::Number(text),
        Token::List(_) | Token::Map(_) if depth == MAX_DEPTH => return None,
        Token::List(length) => {
            Node::List((0..length).map(|_| read_node(tokens, depth + 1)).collect::<Option<_>>()?)
        }
        Token::Map(length) => {
            let read_entry = |_| match tokens.next()? {
                Token::Key(key) => Some((key, read_node(tokens, depth + 1)?)),
                _ => None,
            };
            Node::Map((0..length).map(read_entry).collect::<Option<_>>()?)
        }
        Token::Key(_) => return None,
    })
}

/// Serialises a node, for `#[serde(with)]`.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(node: &Node, serializer: S) -> Result<S::Ok, S::Error> {
    let mut tokens = Vec::new();
    append_tokens(node, &mut tokens);
    tokens.serialize(serializer)
}

/// Deserialises a node, for `#[serde(with)]`.
///
/// # Errors
/// Those of the deserializer, and if the tokens are no node.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Node, D::Error> {
    let mut tokens = Vec::<Token>::deserialize(deserializer)?.into_iter();
    let node = read_node(&mut tokens, 0).filter(|_| tokens.next().is_none());
    node.ok_or_else(|| D::Error::custom("these tokens are no node"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize, Deserialize)]
    struct Stored(#[serde(with = "super")] Node);

    fn round_trip(node: Node) -> Option<Node> {
        let bytes = postcard::to_allocvec(&Stored(node)).unwrap();
        postcard::from_bytes::<Stored>(&bytes).ok().map(|stored| stored.0)
    }

    fn nested(depth: usize) -> Node {
        (0..depth).fold(Node::Null, |inner, _| Node::List(vec![inner]))
    }

    #[test]
    fn a_node_is_read_as_it_was_stored() {
        let text = |text: &str| Node::Text(text.to_owned());
        let node = Node::Map(vec![
            ("甲".to_owned(), Node::List(vec![text("1.0"), Node::Number("1.0".to_owned()), Node::Null])),
            ("b".to_owned(), Node::Bool(true, "yes".to_owned())),
            ("c".to_owned(), Node::Map(Vec::new())),
        ]);
        assert_eq!(round_trip(node.clone()), Some(node));
        assert!(round_trip(nested(MAX_DEPTH)).is_some());
    }

    #[test]
    fn tokens_of_a_damaged_cache_are_no_node() {
        assert!(round_trip(nested(MAX_DEPTH + 1)).is_none());
        let read = |tokens: Vec<Token>| {
            let bytes = postcard::to_allocvec(&tokens).unwrap();
            postcard::from_bytes::<Stored>(&bytes).is_ok()
        };
        assert!(read(vec![Token::Null]));
        assert!(!read(vec![]));
        assert!(!read(vec![Token::Null, Token::Null]));
        assert!(!read(vec![Token::List(2), Token::Null]));
        assert!(!read(vec![Token::List(u32::MAX)]));
        assert!(!read(vec![Token::Map(1), Token::Null]));
        assert!(!read(vec![Token::Key("a".to_owned())]));
        let deep = std::iter::repeat_with(|| Token::List(1)).take(100_000).chain([Token::Null]);
        assert!(!read(deep.collect()));
    }
}
