//! Parses YAML text into nodes; the only file that uses `serde_yaml`.
//!
//! `serde_yaml` resolves `1.0`, `0x1F` and `True` to numbers and booleans, but a term may be called
//! `1.0`. So a text with such scalars is read twice: once for its shape, once for the scalars as
//! written.

use std::cell::Cell;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::yaml::Node;

/// The reason why a text is not YAML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// The message of `serde_yaml` or of this file, without the place. `syntax_message` translates
    /// it.
    pub message: String,
    /// Byte offset of the error, if the parser gives one.
    pub at: Option<usize>,
}

/// Bytes that aliases may add to a text, besides three times its own length. Without a limit, a few
/// lines of `[*a, *a]` expand to gigabytes.
const MAX_ALIAS_BYTES: usize = 64 << 10;

/// Open brackets that a text may have at one place.
const MAX_OPEN_BRACKETS: usize = 5000;

/// Parses one YAML document.
///
/// # Errors
/// Bad syntax, several documents, nesting deeper than 128, more than 5,000 open brackets, or
/// aliases that add more than the limit.
pub fn parse(text: &str) -> Result<Node, SyntaxError> {
    if let Some(at) = find_excess_bracket(text) {
        return Err(SyntaxError { message: "brackets are nested too deep".to_owned(), at: Some(at) });
    }
    let parsed = parse_as_yaml_1_1(text);
    if text.contains(LINE_SEPARATORS) { check_line_separators(text, parsed) } else { parsed }
}

/// The line breaks of YAML 1.1 (section 5.4) that are none in YAML 1.2 (section 5.4), nor in a text
/// editor: next line, line separator and paragraph separator.
const LINE_SEPARATORS: [char; 3] = ['\u{85}', '\u{2028}', '\u{2029}'];

/// Most line separators of a text that are tried one by one.
const MAX_TRIED_SEPARATORS: usize = 16;

/// Returns an error at the first line separator that breaks a line where a space would not.
fn check_line_separators(text: &str, parsed: Result<Node, SyntaxError>) -> Result<Node, SyntaxError> {
    // As many spaces as bytes, so that places stay.
    let without = |kept: Option<usize>| -> String {
        let characters = text.char_indices();
        let space = |(at, c): (usize, char)| match c {
            c if LINE_SEPARATORS.contains(&c) && kept != Some(at) => " ".repeat(c.len_utf8()),
            c => c.to_string(),
        };
        characters.map(space).collect()
    };
    let spaced = parse_as_yaml_1_1(&without(None));
    let is_same = |other: &Result<Node, SyntaxError>| match (other, &spaced) {
        (Ok(other), Ok(spaced)) => other.map_texts(fold_space) == spaced.map_texts(fold_space),
        (Err(other), Err(spaced)) => other == spaced,
        _ => false,
    };
    if is_same(&parsed) {
        return parsed;
    }
    let separators = text.match_indices(LINE_SEPARATORS);
    let mut tried = separators.clone().take(MAX_TRIED_SEPARATORS);
    let guilty = tried.find(|(at, _)| !is_same(&parse_as_yaml_1_1(&without(Some(*at)))));
    match guilty.or_else(|| separators.clone().next()) {
        Some((at, separator)) => {
            let code = separator.chars().next().map_or(0, u32::from);
            Err(SyntaxError {
                message: tr!("U+{code} is a line break here", code = format!("{code:04X}")),
                at: Some(at),
            })
        }
        None => parsed,
    }
}

fn fold_space(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn parse_as_yaml_1_1(text: &str) -> Result<Node, SyntaxError> {
    let shape = read(text, &Node::Null, Pass::Shape)?;
    if shape.has_typed_scalar() { read(text, &shape, Pass::AsWritten) } else { Ok(shape) }
}

/// Finds the bracket that exceeds [`MAX_OPEN_BRACKETS`]. libyaml's scanner takes quadratic time in
/// the number of open brackets before it reports them. Brackets in quotes count, too.
fn find_excess_bracket(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    text.bytes().position(|b| {
        match b {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        open > MAX_OPEN_BRACKETS
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Pass {
    /// Scalars have the types that `serde_yaml` resolves.
    Shape,
    /// Scalars that the first pass found to be numbers or booleans are read as text.
    AsWritten,
}

fn read(text: &str, shape: &Node, pass: Pass) -> Result<Node, SyntaxError> {
    let budget = Cell::new(text.len().saturating_mul(4).saturating_add(MAX_ALIAS_BYTES));
    Reader { shape, pass, budget: &budget }.deserialize(serde_yaml::Deserializer::from_str(text)).map_err(
        |error| {
            let message = error.to_string();
            // The scanner reports an unclosed quote at the end of the text; show where it was
            // opened.
            let opened = message.split("while scanning a quoted scalar at line ").nth(1).and_then(|rest| {
                let (line, column) = rest.split_once(" column ")?;
                offset(text, line.parse().ok()?, column.parse().ok()?)
            });
            let at = opened.or_else(|| error.location().map(|place| place.index()));
            // The diagnostic draws the place, so the message does not repeat it.
            let message = message.split(" at line ").next().unwrap_or(&message).to_owned();
            SyntaxError { message, at }
        },
    )
}

/// Converts a 1-based line and column (in characters) to a byte offset.
fn offset(text: &str, line: usize, column: usize) -> Option<usize> {
    let start = if line == 1 { 0 } else { text.match_indices('\n').nth(line - 2)?.0 + 1 };
    text[start..].char_indices().nth(column - 1).map(|(at, _)| start + at)
}

struct Reader<'s> {
    shape: &'s Node,
    pass: Pass,
    /// Bytes that may still be read: a node costs one byte and those of its text.
    budget: &'s Cell<usize>,
}

impl Reader<'_> {
    fn spend<E: de::Error>(&self, bytes: usize) -> Result<(), E> {
        let left = self.budget.get().checked_sub(bytes + 1);
        self.budget.set(left.unwrap_or_default());
        left.map(drop).ok_or_else(|| E::custom("its aliases (`*name`) expand to too much text"))
    }
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        match (self.pass, self.shape) {
            (Pass::AsWritten, Node::Bool(..) | Node::Number(_)) => deserializer.deserialize_str(self),
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
        self.spend(text.len())?;
        Ok(match (self.pass, self.shape) {
            (Pass::AsWritten, Node::Bool(value, _)) => Node::Bool(*value, text.to_owned()),
            (Pass::AsWritten, Node::Number(_)) => Node::Number(text.to_owned()),
            _ => Node::Text(text.to_owned()),
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node, A::Error> {
        self.spend(0)?;
        let shapes = if let Node::List(items) = self.shape { items.as_slice() } else { &[] };
        let mut items = Vec::new();
        loop {
            let shape = shapes.get(items.len()).unwrap_or(&Node::Null);
            match seq.next_element_seed(Reader { shape, ..self })? {
                Some(item) => {
                    self.spend(0)?;
                    items.push(item);
                }
                None => return Ok(Node::List(items)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        self.spend(0)?;
        let shapes = if let Node::Map(entries) = self.shape { entries.as_slice() } else { &[] };
        let mut entries: Vec<(String, Node)> = Vec::new();
        while let Some(key) = map.next_key_seed(Key)? {
            self.spend(key.len())?;
            let shape = shapes.get(entries.len()).map_or(&Node::Null, |(_, value)| value);
            let value = map.next_value_seed(Reader { shape, ..self })?;
            entries.push((key, value));
        }
        Ok(Node::Map(entries))
    }

    // A tag such as `!include x` is ignored: the node is its value.
    fn visit_enum<A: de::EnumAccess<'de>>(self, data: A) -> Result<Node, A::Error> {
        let (_tag, value) = data.variant_seed(Key)?;
        de::VariantAccess::newtype_variant_seed(value, self)
    }
}

/// Reads a mapping's key as written.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        <String as serde::Deserialize>::deserialize(deserializer)
    }
}

#[cfg(test)]
mod tests;
