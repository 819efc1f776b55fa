//! A YAML tree that keeps every scalar as written, the places of its keys and values, and a writer.

mod hint;
mod mistake;
mod place;
mod read;
mod scalar;
mod swallowed;
pub mod verbatim;

use serde::ser::{Serialize, SerializeMap, Serializer};

pub use hint::{syntax_hint, syntax_message};
pub use mistake::{Mistake, find_mistake, full_width_colon, unspaced_colon};
pub use place::{item_spans, key_span, top_level_spans, value_span};
pub use read::{SyntaxError, parse};
pub use scalar::{flow, flow_scalar, key, scalar};
pub use swallowed::swallowed_words;

/// A YAML node. A mapping keeps the order of its keys, and every duplicate (see [`duplicates`]).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Node {
    /// An empty value, `~` or `null`.
    #[default]
    Null,
    /// A text, quoted or plain, without its quotes.
    Text(String),
    /// A plain boolean, and the text as written (`True`).
    Bool(bool, String),
    /// A plain number, as written (`1.0`, `0x1F`).
    Number(String),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping.
    Map(Vec<(String, Node)>),
}

impl Node {
    /// What a text switches: `true`, `yes` and `on`, or `false`, `no` and `off`, in any case.
    /// `None` for anything else.
    #[must_use]
    pub fn switch(&self) -> Option<bool> {
        match self.text()?.to_lowercase().as_str() {
            "true" | "yes" | "on" => Some(true),
            "false" | "no" | "off" => Some(false),
            _ => None,
        }
    }

    /// The text of a scalar, as written; `None` for null, lists and mappings.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Bool(_, text) | Self::Number(text) => Some(text),
            Self::Null | Self::List(_) | Self::Map(_) => None,
        }
    }

    /// Names this kind of node for a message: `a list`, `a number`.
    #[must_use]
    pub fn kind(&self) -> String {
        match self {
            Self::Null => tr!("a value in YAML" => "nothing"),
            Self::Text(_) => tr!("text"),
            Self::Bool(..) => tr!("true or false"),
            Self::Number(_) => tr!("a number"),
            Self::List(_) => tr!("a list"),
            Self::Map(_) => tr!("a mapping (`key: value`)"),
        }
    }

    /// The first value of `key` in a mapping; `None` for other nodes.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        match self {
            Self::Map(entries) => entries.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// Returns the node with `change` applied to its texts and keys.
    #[must_use]
    pub fn map_texts(&self, change: fn(&str) -> String) -> Self {
        match self {
            Self::Null | Self::Bool(..) | Self::Number(_) => self.clone(),
            Self::Text(text) => Self::Text(change(text)),
            Self::List(items) => Self::List(items.iter().map(|item| item.map_texts(change)).collect()),
            Self::Map(entries) => {
                Self::Map(entries.iter().map(|(key, value)| (change(key), value.map_texts(change))).collect())
            }
        }
    }

    /// Returns the node with `change` applied to the texts of its values.
    #[must_use]
    pub fn map_values(&self, change: &dyn Fn(&str) -> String) -> Self {
        match self {
            Self::Null | Self::Bool(..) | Self::Number(_) => self.clone(),
            Self::Text(text) => Self::Text(change(text)),
            Self::List(items) => Self::List(items.iter().map(|item| item.map_values(change)).collect()),
            Self::Map(entries) => {
                let value = |(key, value): &(String, Self)| (key.clone(), value.map_values(change));
                Self::Map(entries.iter().map(value).collect())
            }
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

/// The form that templates get: numbers and booleans have their types. [`verbatim`] keeps the text.
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

/// Finds duplicate keys in the same mapping. Returns for each repetition the path of keys, and how
/// often the key occurs before it (1 for the second occurrence).
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
    fn duplicate_keys_are_kept_and_found() {
        let node = parse("a: 1\nb: 2\na: 3\nc:\n  d: 1\n  d: 2\n").unwrap();
        assert_eq!(duplicates(&node), [(vec!["a".to_owned()], 1), (vec!["c".to_owned(), "d".to_owned()], 1)]);
    }

    #[test]
    fn keys_are_found_at_their_level() {
        let source = "title: x\nlist:\n- title: inner\nfeeds:\n  terms: maybe\ntitle: y\n";
        assert_eq!(key_span(source, &["title"], 0), Some(0..5));
        assert_eq!(key_span(source, &["title"], 1).map(|span| span.start), source.rfind("title"));
        let span = key_span(source, &["feeds", "terms"], 0).unwrap();
        assert_eq!(&source[value_span(source, span)], "maybe");
        assert_eq!(key_span(source, &["feeds", "limit"], 0), None);
    }

    #[test]
    fn items_of_a_block_list_are_found_with_their_lines() {
        let source = "# top\nkeywords:\n  - name: a # first\n    aliases:\n      - x\n  # about b\n  - b\nindustries:\n- c\n";
        let items = |key| {
            let spans = item_spans(source, key).unwrap();
            spans.into_iter().map(|span| source[span].to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(
            items("keywords"),
            ["  - name: a # first\n    aliases:\n      - x\n  # about b\n", "  - b\n"]
        );
        assert_eq!(items("industries"), ["- c\n"]);
        assert_eq!(item_spans("keywords: []\n", "keywords"), Some(Vec::new()));
        assert_eq!(item_spans("keywords:\n  [a, b]\n", "keywords"), None);
    }

    #[test]
    fn a_syntax_error_has_a_place() {
        let error = parse("标题: a: b\n").unwrap_err();
        assert_eq!(error.message, "mapping values are not allowed in this context");
        assert_eq!(error.at, Some(9));
    }

    #[test]
    fn a_line_separator_that_breaks_a_line_is_named() {
        for separator in ['\u{85}', '\u{2028}', '\u{2029}'] {
            for (text, at) in [
                ("title: 甲|乙\n", 10),
                ("title: 甲 # 注|source: 乙\n", 16),
                ("title: 甲|source: 乙\n", 10),
                ("title: 甲\nkeywords:\n- 乙|丙\n", 26),
                ("a: |\n  甲@乙\n", 10),
                ("title: \"甲|乙\"\nevent: 甲|乙\n", 27),
                ("a|b: c\n", 1),
                ("# 注|title: 甲\n", 5),
            ] {
                // In the block scalar, `|` is its indicator.
                let sign = if text.contains('@') { '@' } else { '|' };
                let text = text.replace(sign, &separator.to_string());
                let shift = if at == 27 { separator.len_utf8() - 1 } else { 0 };
                let error = parse(&text).unwrap_err();
                let code = u32::from(separator);
                assert_eq!(error.message, format!("U+{code:04X} is a line break here"), "{text:?}");
                assert_eq!(error.at, Some(at + shift), "{text:?}");
            }
            // In quotes and before an indented line it is white space.
            for text in
                ["title: \"甲|乙\"\n", "title: '甲|乙'\n", "title: 甲|  乙\n", "title: 甲|\nsource: 乙\n"]
            {
                let text = text.replace('|', &separator.to_string());
                assert!(parse(&text).is_ok(), "{text:?}: {:?}", parse(&text));
            }
            // Another error is reported as itself.
            let error = parse(&format!("title: '甲{separator}乙'\na: b: c\n")).unwrap_err();
            assert!(error.message.starts_with("mapping values"), "{}", error.message);
        }
        // The first that breaks a line, of many.
        let many = format!("a: '{}'\nb: 甲\u{2028}乙\n", "\u{2029}".repeat(5));
        assert_eq!(parse(&many).unwrap_err().at, many.find('\u{2028}'));
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
    fn a_few_aliases_are_read_and_thousands_of_long_ones_refused() {
        assert!(parse("a: &a [x, y]\nb: *a\nc: {d: *a}\n").is_ok());
        // 10,000 aliases of a list of 1,000 items, and of a text of 1,000 bytes.
        let list = format!("a: &a [{}]\nb: [{}]\n", "x, ".repeat(1000), "*a, ".repeat(10_000));
        let text = format!("a: &a {}\nb: [{}]\n", "x".repeat(1000), "*a, ".repeat(10_000));
        for bomb in [list, text] {
            let message = parse(&bomb).unwrap_err().message;
            assert!(message.ends_with("its aliases (`*name`) expand to too much text"), "{message}");
        }
    }

    #[test]
    fn a_text_without_aliases_is_within_the_limit() {
        for text in [
            "[".to_owned() + &"a: ,".repeat(50_000) + "]",
            "\"".to_owned() + &"\\L".repeat(100_000) + "\"",
            "- \n".repeat(100_000),
            "{".to_owned() + &"a,".repeat(100_000) + "}",
        ] {
            assert!(parse(&text).is_ok(), "{:?}", parse(&text).unwrap_err());
        }
    }

    #[test]
    fn yaml_tags_are_ignored() {
        assert_eq!(parse("a: !secret b\n").unwrap().get("a"), Some(&text("b")));
    }

    #[test]
    fn keys_of_any_length_read_back() {
        for length in [10, 998, 1000, 1024, 5000] {
            let name = "长".repeat(length);
            let inner = Node::Map(vec![(name.clone(), Node::Text("x".to_owned()))]);
            let written = format!("extra:\n{}{}\n  z: 1\n", key(&name, 2), flow(&inner));
            let extra = parse(&written).unwrap();
            assert_eq!(extra.get("extra").unwrap().get(&name), Some(&inner), "{length}");
        }
    }

    proptest! {
        #[test]
        fn every_text_written_as_a_scalar_reads_back(words in "\\PC*|.*|[ :#\\-\\[\\]{}'\"\\\\\u{85}\u{2028}\u{feff}a中\n\t]*") {
            let written = format!("key: {}\n", scalar(&words));
            let node = parse(&written).unwrap();
            prop_assert_eq!(node.get("key").and_then(Node::text), Some(words.as_str()));
        }

        #[test]
        fn every_text_written_into_a_flow_list_reads_back(words in "\\PC*|[ :#?,\\-\\[\\]{}'\"a中\n]*|[a-z中][:?,.#a ]*") {
            let node = parse(&format!("key: [{0}, {{{0}: {0}}}]\n", flow_scalar(&words))).unwrap();
            let word = Node::Text(words.clone());
            let map = Node::Map(vec![(words, word.clone())]);
            prop_assert_eq!(node.get("key"), Some(&Node::List(vec![word, map])));
        }

        #[test]
        fn no_text_makes_the_reader_panic(words in "[ \\n:\\-#a\u{4e2d}&*!|>'\"{}\\[\\],0-9.~%@`]*") {
            if let Ok(node) = parse(&words) {
                let _ = duplicates(&node);
            }
            let _ = key_span(&words, &["a"], 0).map(|span| value_span(&words, span));
            let _ = key_span(&words, &["a", "中"], 0);
            let _ = item_spans(&words, "a");
        }
    }
}
