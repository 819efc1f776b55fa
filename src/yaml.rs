//! YAML text to a tree that keeps every scalar as it was written; the only file that knows `serde_yaml`.
//!
//! `serde_yaml` resolves `1.0`, `0x1F` and `True` to numbers and booleans, but a term called `1.0` is a term.
//! So a text that holds such scalars is read twice: once for its shape, once for the words as written.

use std::fmt;
use std::ops::Range;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

/// One YAML node. Keys keep their order; duplicate keys are all there (see [`duplicates`]).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Node {
    /// Nothing, `~` or `null`.
    #[default]
    Null,
    /// A text, quoted or plain.
    Text(String),
    /// A plain `true` or `false`, as written.
    Bool(bool, String),
    /// A plain number, as written.
    Number(String),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping.
    Map(Vec<(String, Node)>),
}

impl Node {
    /// The words of a scalar, as written; `None` for null, lists and mappings.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Bool(_, text) | Self::Number(text) => Some(text),
            Self::Null | Self::List(_) | Self::Map(_) => None,
        }
    }

    /// What a person would call this kind of node.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Text(_) => "text",
            Self::Bool(..) => "true or false",
            Self::Number(_) => "a number",
            Self::List(_) => "a list",
            Self::Map(_) => "a mapping (`key: value`)",
        }
    }

    /// The value of `key` in a mapping.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        match self {
            Self::Map(entries) => entries.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    fn has_typed_scalar(&self) -> bool {
        match self {
            Self::Null | Self::Text(_) => false,
            Self::Bool(..) | Self::Number(_) => true,
            Self::List(items) => items.iter().any(Self::has_typed_scalar),
            Self::Map(entries) => entries.iter().any(|(_, value)| value.has_typed_scalar()),
        }
    }
}

/// For templates: numbers and booleans are typed again.
impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Bool(value, _) => serializer.serialize_bool(*value),
            Self::Number(text) => {
                if let Ok(number) = text.parse::<i64>() {
                    serializer.serialize_i64(number)
                } else if let Some(number) = text.parse::<f64>().ok().filter(|number| number.is_finite()) {
                    serializer.serialize_f64(number)
                } else {
                    serializer.serialize_str(text)
                }
            }
            Self::List(items) => items.serialize(serializer),
            Self::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

/// For caches: a node with everything that it is, unlike the typed form that templates get.
pub mod verbatim {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::Node;

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

    /// For `#[serde(with)]`.
    ///
    /// # Errors
    /// The serializer's.
    pub fn serialize<S: Serializer>(node: &Node, serializer: S) -> Result<S::Ok, S::Error> {
        Form::from(node).serialize(serializer)
    }

    /// For `#[serde(with)]`.
    ///
    /// # Errors
    /// The deserializer's.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Node, D::Error> {
        Form::deserialize(deserializer).map(Node::from)
    }
}

/// Why a text is not YAML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// In `serde_yaml`'s words, without the place.
    pub message: String,
    /// Byte offset, where the parser knows it.
    pub at: Option<usize>,
}

/// Reads one YAML document.
///
/// # Errors
/// What the parser refuses: bad syntax, several documents, alias bombs, nesting deeper than 128.
pub fn parse(text: &str) -> Result<Node, SyntaxError> {
    let shape = read(text, &Node::Null, Pass::Shape)?;
    if shape.has_typed_scalar() { read(text, &shape, Pass::Words) } else { Ok(shape) }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Pass {
    Shape,
    Words,
}

fn read(text: &str, shape: &Node, pass: Pass) -> Result<Node, SyntaxError> {
    Reader { shape, pass }.deserialize(serde_yaml::Deserializer::from_str(text)).map_err(|error| {
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
    })
}

/// The byte at a 1-based line and column in characters.
fn offset(text: &str, line: usize, column: usize) -> Option<usize> {
    let start = if line == 1 { 0 } else { text.match_indices('\n').nth(line - 2)?.0 + 1 };
    text[start..].char_indices().nth(column - 1).map(|(at, _)| start + at)
}

struct Reader<'s> {
    shape: &'s Node,
    pass: Pass,
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
        Ok(match (self.pass, self.shape) {
            (Pass::Words, Node::Bool(value, _)) => Node::Bool(*value, text.to_owned()),
            (Pass::Words, Node::Number(_)) => Node::Number(text.to_owned()),
            _ => Node::Text(text.to_owned()),
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node, A::Error> {
        let shapes = if let Node::List(items) = self.shape { items.as_slice() } else { &[] };
        let mut items = Vec::new();
        loop {
            let shape = shapes.get(items.len()).unwrap_or(&Node::Null);
            match seq.next_element_seed(Reader { shape, pass: self.pass })? {
                Some(item) => items.push(item),
                None => return Ok(Node::List(items)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let shapes = if let Node::Map(entries) = self.shape { entries.as_slice() } else { &[] };
        let mut entries: Vec<(String, Node)> = Vec::new();
        while let Some(key) = map.next_key_seed(Key)? {
            let shape = shapes.get(entries.len()).map_or(&Node::Null, |(_, value)| value);
            let value = map.next_value_seed(Reader { shape, pass: self.pass })?;
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

/// Where the `occurrence`-th (from 0) key at the end of `path` stands, as bytes of `text`.
///
/// `serde_yaml` gives no places for nodes, so the block style that people write is searched line by line; keys in
/// flow style (`{a: b}`) are not found.
#[must_use]
pub fn key_span(text: &str, path: &[&str], occurrence: usize) -> Option<Range<usize>> {
    let (last, parents) = path.split_last()?;
    let mut from = 0;
    for parent in parents {
        from = find_key(text, from, parent, 0)?.end;
    }
    find_key(text, from, last, occurrence)
}

fn find_key(text: &str, from: usize, key: &str, occurrence: usize) -> Option<Range<usize>> {
    let mut start = text[..from].rfind('\n').map_or(0, |at| at + 1);
    let mut level = None;
    let mut seen = 0;
    if from > 0 {
        start = text[from..].find('\n').map(|at| from + at + 1)?;
    }
    for line in text[start..].split_inclusive('\n') {
        let body = line.trim_start_matches([' ', '-']);
        let indent = line.len() - body.len();
        if !body.trim().is_empty() && !body.starts_with('#') {
            // The first line after the parent says how deep its children stand; deeper lines are not ours.
            let level = *level.get_or_insert(indent);
            if indent < level {
                return None;
            }
            let quoted = [format!("\"{key}\""), format!("'{key}'"), key.to_owned()];
            let written = quoted.iter().find(|name| {
                body.strip_prefix(name.as_str()).is_some_and(|rest| rest.trim_start().starts_with(':'))
            });
            if let Some(name) = written.filter(|_| indent == level) {
                if seen == occurrence {
                    return Some(start + indent..start + indent + name.len());
                }
                seen += 1;
            }
        }
        start += line.len();
    }
    None
}

/// The value that follows a key on its line; the key itself where the line holds no value.
#[must_use]
pub fn value_span(text: &str, key: Range<usize>) -> Range<usize> {
    let end = text[key.end..].find('\n').map_or(text.len(), |at| key.end + at);
    let rest = &text[key.end..end];
    let value = rest.trim_start_matches([' ', '\t']).trim_start_matches(':').trim();
    // A comment is no part of a plain value.
    let value = match value.find(" #") {
        Some(at) if !value.starts_with(['"', '\'']) => value[..at].trim_end(),
        _ => value,
    };
    if value.is_empty() || value.starts_with(['|', '>', '#']) {
        return key;
    }
    let at = key.end + rest.find(value).unwrap_or(0);
    at..at + value.len()
}

/// Keys that stand twice in the same mapping: the path of each, and its second occurrence's number.
#[must_use]
pub fn duplicates(node: &Node) -> Vec<(Vec<String>, usize)> {
    fn walk(node: &Node, path: &mut Vec<String>, found: &mut Vec<(Vec<String>, usize)>) {
        match node {
            Node::Map(entries) => {
                let mut seen = std::collections::HashMap::new();
                for (key, value) in entries {
                    path.push(key.clone());
                    let count = seen.entry(key.as_str()).or_insert(0_usize);
                    if *count > 0 {
                        found.push((path.clone(), *count));
                    }
                    *count += 1;
                    walk(value, path, found);
                    path.pop();
                }
            }
            Node::List(items) => items.iter().for_each(|item| walk(item, path, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(node, &mut Vec::new(), &mut found);
    found
}

/// A text as a YAML scalar on one line: plain where that is safe, else in double quotes.
#[must_use]
pub fn scalar(text: &str) -> String {
    let plain_start = text.chars().next().is_some_and(char::is_alphabetic);
    let plain = plain_start
        && !text.ends_with(char::is_whitespace)
        && !text.ends_with(':')
        && !text.contains(": ")
        && !text.contains(" #")
        && text.chars().all(|c| {
            c == ' ' || c.is_alphanumeric() || "-_.:#?=&%~()@，。、；！？（）《》“”‘’：…+/".contains(c)
        })
        && !matches!(
            text.to_ascii_lowercase().as_str(),
            "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n"
        );
    if plain {
        return text.to_owned();
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c if needs_escape(c) => {
                let code = u32::from(c);
                let escaped = if code <= 0xFF {
                    format!("\\x{code:02X}")
                } else if code <= 0xFFFF {
                    format!("\\u{code:04X}")
                } else {
                    format!("\\U{code:08X}")
                };
                quoted.push_str(&escaped);
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// YAML's non-printable characters (1.2, section 5.1), and those that libyaml would take for a line break or a BOM.
fn needs_escape(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(words: &str) -> Node {
        Node::Text(words.to_owned())
    }

    #[test]
    fn scalars_keep_their_written_text() {
        let node = parse("- 1.0\n- 0x1F\n- no\n- True\n- 007\n- '2024'\n- 1e3\n").unwrap();
        let Node::List(items) = node else { panic!("{node:?}") };
        let words: Vec<_> = items.iter().map(|item| item.text().unwrap()).collect();
        assert_eq!(words, ["1.0", "0x1F", "no", "True", "007", "2024", "1e3"]);
        assert!(matches!(items[3], Node::Bool(true, _)));
    }

    #[test]
    fn null_is_null_and_quoted_null_is_text() {
        let node = parse("a:\nb: ~\nc: '~'\nd: \"\"\n").unwrap();
        assert_eq!(node.get("a"), Some(&Node::Null));
        assert_eq!(node.get("b"), Some(&Node::Null));
        assert_eq!(node.get("c"), Some(&text("~")));
        assert_eq!(node.get("d"), Some(&text("")));
    }

    #[test]
    fn duplicate_keys_are_kept_and_named() {
        let node = parse("a: 1\nb: 2\na: 3\nc:\n  d: 1\n  d: 2\n").unwrap();
        assert_eq!(duplicates(&node), [(vec!["a".to_owned()], 1), (vec!["c".to_owned(), "d".to_owned()], 1)]);
    }

    #[test]
    fn keys_are_found_where_they_stand() {
        let source = "title: x\nlist:\n- title: inner\nfeeds:\n  terms: maybe\ntitle: y\n";
        assert_eq!(key_span(source, &["title"], 0), Some(0..5));
        assert_eq!(key_span(source, &["title"], 1).map(|span| span.start), source.rfind("title"));
        let span = key_span(source, &["feeds", "terms"], 0).unwrap();
        assert_eq!(&source[value_span(source, span)], "maybe");
        assert_eq!(key_span(source, &["feeds", "limit"], 0), None);
    }

    #[test]
    fn a_syntax_error_knows_its_place() {
        let error = parse("标题: a: b\n").unwrap_err();
        assert_eq!(error.message, "mapping values are not allowed in this context");
        assert_eq!(error.at, Some(9));
    }

    #[test]
    fn alias_bombs_and_deep_nesting_are_refused_quickly() {
        let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
        for level in 1..12 {
            let previous = level - 1;
            let aliases = vec![format!("*a{previous}"); 10].join(",");
            bomb.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
        }
        assert!(parse(&bomb).is_err());
        assert!(parse(&"[".repeat(100_000)).is_err());
        assert!(parse(&"- ".repeat(100_000)).is_err());
    }

    #[test]
    fn tags_say_nothing() {
        assert_eq!(parse("a: !secret b\n").unwrap().get("a"), Some(&text("b")));
    }

    proptest! {
        #[test]
        fn every_text_written_as_a_scalar_reads_back(words in "\\PC*|.*|[ :#\\-\\[\\]{}'\"\\\\\u{85}\u{2028}\u{feff}a中\n\t]*") {
            let written = format!("key: {}\n", scalar(&words));
            let node = parse(&written).unwrap();
            prop_assert_eq!(node.get("key").and_then(Node::text), Some(words.as_str()));
        }

        #[test]
        fn no_text_makes_the_reader_panic(words in "[ \\n:\\-#a\u{4e2d}&*!|>'\"{}\\[\\],0-9.~%@`]*") {
            if let Ok(node) = parse(&words) {
                let _ = duplicates(&node);
            }
            let _ = key_span(&words, &["a"], 0).map(|span| value_span(&words, span));
            let _ = key_span(&words, &["a", "中"], 0);
        }
    }
}
