//! YAML text to nodes; the only file that knows `serde_yaml`.
//!
//! `serde_yaml` resolves `1.0`, `0x1F` and `True` to numbers and booleans, but a term called `1.0` is a term.
//! So a text that holds such scalars is read twice: once for its shape, once for the words as written.

use std::cell::Cell;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::yaml::Node;

/// Why a text is not YAML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// In `serde_yaml`'s words, without the place.
    pub message: String,
    /// Byte offset, where the parser knows it.
    pub at: Option<usize>,
}

/// What aliases may add to a text, in bytes, beside three times what it holds itself: nobody repeats so much by hand, and a few
/// lines of `[*a, *a]` would otherwise be gigabytes.
const REPEATED: usize = 64 << 10;

/// Reads one YAML document.
///
/// # Errors
/// What the parser refuses: bad syntax, several documents, nesting deeper than 128; and aliases that blow the text up.
pub fn parse(text: &str) -> Result<Node, SyntaxError> {
    if let Some(at) = too_deep(text) {
        return Err(SyntaxError { message: "brackets are nested too deep".to_owned(), at: Some(at) });
    }
    let shape = read(text, &Node::Null, Pass::Shape)?;
    if shape.has_typed_scalar() { read(text, &shape, Pass::Words) } else { Ok(shape) }
}

/// Where more brackets are open than anybody writes: the scanner takes the square of their number before it says so. Those in
/// quotes are counted as well, which is near enough.
fn too_deep(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    text.bytes().position(|b| {
        match b {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        open > 5000
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Pass {
    Shape,
    Words,
}

fn read(text: &str, shape: &Node, pass: Pass) -> Result<Node, SyntaxError> {
    let room = Cell::new(text.len().saturating_mul(4).saturating_add(REPEATED));
    Reader { shape, pass, room: &room }.deserialize(serde_yaml::Deserializer::from_str(text)).map_err(
        |error| {
            let message = error.to_string();
            // Scanners notice an unclosed quote where the text ends; a person wants to know where it was opened.
            let opened = message.split("while scanning a quoted scalar at line ").nth(1).and_then(|rest| {
                let (line, column) = rest.split_once(" column ")?;
                offset(text, line.parse().ok()?, column.parse().ok()?)
            });
            let at = opened.or_else(|| error.location().map(|place| place.index()));
            // The place is drawn, so the words need not repeat it.
            let message = message.split(" at line ").next().unwrap_or(&message).to_owned();
            SyntaxError { message, at }
        },
    )
}

/// The byte at a 1-based line and column in characters.
fn offset(text: &str, line: usize, column: usize) -> Option<usize> {
    let start = if line == 1 { 0 } else { text.match_indices('\n').nth(line - 2)?.0 + 1 };
    text[start..].char_indices().nth(column - 1).map(|(at, _)| start + at)
}

struct Reader<'s> {
    shape: &'s Node,
    pass: Pass,
    /// Bytes that may still come: a node is one, and each of its words' bytes.
    room: &'s Cell<usize>,
}

impl Reader<'_> {
    fn take<E: de::Error>(&self, bytes: usize) -> Result<(), E> {
        let left = self.room.get().checked_sub(bytes + 1);
        self.room.set(left.unwrap_or_default());
        left.map(drop).ok_or_else(|| E::custom("its aliases (`*name`) repeat too much"))
    }
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        match (self.pass, self.shape) {
            (Pass::Words, Node::Bool(..) | Node::Number(_)) => deserializer.deserialize_str(self),
            _ => deserializer.deserialize_any(self),
        }
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Node;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("YAML")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Bool(value, value.to_string()))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Number(value.to_string()))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Number(value.to_string()))
    }

    fn visit_i128<E: de::Error>(self, value: i128) -> Result<Node, E> {
        Ok(Node::Number(value.to_string()))
    }

    fn visit_u128<E: de::Error>(self, value: u128) -> Result<Node, E> {
        Ok(Node::Number(value.to_string()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Number(value.to_string()))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Node, E> {
        self.take(text.len())?;
        Ok(match (self.pass, self.shape) {
            (Pass::Words, Node::Bool(value, _)) => Node::Bool(*value, text.to_owned()),
            (Pass::Words, Node::Number(_)) => Node::Number(text.to_owned()),
            _ => Node::Text(text.to_owned()),
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node, A::Error> {
        self.take(0)?;
        let shapes = if let Node::List(items) = self.shape { items.as_slice() } else { &[] };
        let mut items = Vec::new();
        loop {
            let shape = shapes.get(items.len()).unwrap_or(&Node::Null);
            match seq.next_element_seed(Reader { shape, ..self })? {
                Some(item) => {
                    self.take(0)?;
                    items.push(item);
                }
                None => return Ok(Node::List(items)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        self.take(0)?;
        let shapes = if let Node::Map(entries) = self.shape { entries.as_slice() } else { &[] };
        let mut entries: Vec<(String, Node)> = Vec::new();
        while let Some(key) = map.next_key_seed(Key)? {
            self.take(key.len())?;
            let shape = shapes.get(entries.len()).map_or(&Node::Null, |(_, value)| value);
            let value = map.next_value_seed(Reader { shape, ..self })?;
            entries.push((key, value));
        }
        Ok(Node::Map(entries))
    }

    // A tag such as `!include x` says nothing to us: the value counts.
    fn visit_enum<A: de::EnumAccess<'de>>(self, data: A) -> Result<Node, A::Error> {
        let (_tag, value) = data.variant_seed(Key)?;
        de::VariantAccess::newtype_variant_seed(value, self)
    }
}

/// A mapping's key, as written.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        <String as serde::Deserialize>::deserialize(deserializer)
    }
}
