//! Patterns of Python's `re` in the settings of Pelican, as patterns of the crate `regex`.
//!
//! Source: <https://docs.python.org/3/library/re.html>. Look-around and references back have no
//! equivalent; a pattern with one of them cannot be read.

use regex::{Regex, RegexBuilder};
use unicode_normalization::UnicodeNormalization as _;

use crate::import::generator::rewrite;
use crate::yaml::Node;

/// Bytes of the largest pattern in memory.
const MAX_BYTES: usize = 1 << 20;
/// Patterns of one list that are read.
const MAX_PATTERNS: usize = 100;

/// The end of the name of a setting that is a list of substitutions for slugs.
const SUBSTITUTIONS: &str = "_REGEX_SUBSTITUTIONS";

/// A pattern, and what its matches become.
type Substitution = (Regex, String);

/// The patterns of a configuration. The default ones of Pelican are not among them.
#[derive(Debug, Clone, Default)]
pub(super) struct Patterns {
    /// `SLUG_REGEX_SUBSTITUTIONS` and others by their names; `None` for a list that cannot be read.
    substitutions: Vec<(String, Option<Vec<Substitution>>)>,
    /// `FILENAME_METADATA` and `PATH_METADATA`, without those that cannot be read.
    of_paths: Vec<(String, Regex)>,
    /// The names of settings that cannot be read.
    pub(super) unread: Vec<String>,
}

impl Patterns {
    /// Reads the patterns of a configuration.
    pub(super) fn of(config: &Node) -> Self {
        let mut found = Self::default();
        let Node::Map(entries) = config else { return found };
        for (name, node) in entries {
            let is_list = name.ends_with(SUBSTITUTIONS);
            if name == "rewrites" && !rewrite::is_readable(node) {
                found.unread.push(name.clone());
            }
            let is_path = matches!(name.as_str(), "FILENAME_METADATA" | "PATH_METADATA");
            if is_list {
                let list = substitutions(node);
                found.unread.extend(list.is_none().then(|| name.clone()));
                found.substitutions.push((name.clone(), list));
            } else if let Some(written) = node.text().filter(|text| is_path && !text.is_empty()) {
                match compile(written, false) {
                    Some(pattern) => found.of_paths.push((name.clone(), pattern)),
                    None => found.unread.push(name.clone()),
                }
            }
        }
        found
    }

    /// The substitutions of a setting. `None` if the configuration has none.
    pub(super) fn substitutions(&self, name: &str) -> Option<Option<&[Substitution]>> {
        let name = format!("{name}{SUBSTITUTIONS}");
        let own = self.substitutions.iter().rev().find(|(key, _)| *key == name);
        own.map(|(_, list)| list.as_deref())
    }

    /// The pattern of a setting for paths.
    pub(super) fn of_path(&self, name: &str) -> Option<&Regex> {
        self.of_paths.iter().rev().find(|(key, _)| key == name).map(|(_, pattern)| pattern)
    }
}

/// A list of pairs: a pattern, and what its matches become.
fn substitutions(node: &Node) -> Option<Vec<Substitution>> {
    let Node::List(items) = node else { return None };
    let pair = |item: &Node| {
        let Node::List(parts) = item else { return None };
        let [pattern, replacement] = parts.as_slice() else { return None };
        let normal = |node: &Node| Some(node.text()?.nfkc().collect::<String>());
        Some((compile(&normal(pattern)?, true)?, replacement_of(&normal(replacement)?)))
    };
    items.iter().take(MAX_PATTERNS).map(pair).collect()
}

/// A pattern that matches as Python's `re` does, at the beginning of a text unless it is searched.
fn compile(written: &str, is_searched: bool) -> Option<Regex> {
    let pattern = translated(written);
    let pattern = if is_searched { pattern } else { format!("\\A(?:{pattern})") };
    RegexBuilder::new(&pattern).case_insensitive(is_searched).size_limit(MAX_BYTES).build().ok()
}

/// The pattern in the syntax of `regex`. `\w` of Python has no marks, and all numbers.
fn translated(written: &str) -> String {
    let mut found = String::new();
    let mut is_class = false;
    let mut chars = written.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('w') if is_class => found.push_str(r"\p{L}\p{N}_"),
                Some('w') => found.push_str(r"[\p{L}\p{N}_]"),
                Some('W') => found.push_str(r"[^\p{L}\p{N}_]"),
                Some('Z') => found.push_str(r"\z"),
                Some(other) => found.extend(['\\', other]),
                None => found.push('\\'),
            },
            '[' if !is_class => {
                is_class = true;
                found.push('[');
                if chars.next_if_eq(&'^').is_some() {
                    found.push('^');
                }
                // The first sign in a class is itself.
                if chars.next_if_eq(&']').is_some() {
                    found.push_str(r"\]");
                }
            }
            ']' if is_class => {
                is_class = false;
                found.push(']');
            }
            '[' | '&' | '~' if is_class => found.extend(['\\', c]),
            c => found.push(c),
        }
    }
    found
}

/// A replacement in the syntax of `regex`: `\1` and `\g<name>` are references.
fn replacement_of(written: &str) -> String {
    let mut found = String::new();
    let mut rest = written;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        if c == '$' {
            found.push_str("$$");
        } else if c == '\\' {
            let named = rest.strip_prefix("g<").and_then(|rest| rest.split_once('>'));
            let digits = rest.bytes().take(2).take_while(u8::is_ascii_digit).count();
            if let Some((name, after)) = named {
                found.push_str(&format!("${{{name}}}"));
                rest = after;
            } else if digits > 0 {
                found.push_str(&format!("${{{}}}", &rest[..digits]));
                rest = &rest[digits..];
            } else if let Some(after) = rest.strip_prefix('\\') {
                found.push('\\');
                rest = after;
            } else {
                found.push('\\');
            }
        } else {
            found.push(c);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Patterns {
        Patterns::of(&crate::yaml::parse(text).unwrap())
    }

    #[test]
    fn patterns_match_as_in_python() {
        // Python 3.13.
        for (pattern, replacement, text, wanted) in [
            (r"[^\w\s-]", "", "a.b 标，c_①-Ⅳ", "ab 标c_①-Ⅳ"),
            (r"\W+", "-", "a e\u{301} ，b", "a-e-b"),
            (r"(?u)\s*\Z", "", "a  ", "a"),
            (r"c\+\+", "cpp", "C++", "cpp"),
            (r"(\d)(\w)", r"\2\g<1>$", "1a", "a1$"),
            ("[[&~]", "x", "[&~", "xxx"),
            ("[]a]", "x", "]a", "xx"),
        ] {
            let (found, into) = (compile(pattern, true).unwrap(), replacement_of(replacement));
            assert_eq!(found.replace_all(text, into.as_str()), wanted, "{pattern}");
        }
    }

    #[test]
    fn patterns_of_a_configuration_are_read_by_their_names() {
        let found = of(
            "SLUG_REGEX_SUBSTITUTIONS: [['C\\+\\+', cpp]]\nTAG_REGEX_SUBSTITUTIONS: [['(?=x)', y]]\nFILENAME_METADATA: '(?P<date>\\d+)-(?P<slug>.*)'\nPATH_METADATA: ''",
        );
        assert!(found.substitutions("SLUG").is_some_and(|list| list.is_some_and(|list| list.len() == 1)));
        assert!(found.substitutions("TAG").is_some_and(|list| list.is_none()));
        assert!(found.substitutions("CATEGORY").is_none());
        assert_eq!(found.unread, ["TAG_REGEX_SUBSTITUTIONS"]);
        let captures = found.of_path("FILENAME_METADATA").unwrap().captures("2024-x").unwrap();
        assert_eq!(&captures["slug"], "x");
        assert!(found.of_path("FILENAME_METADATA").unwrap().captures("x2024-x").is_none());
        assert!(found.of_path("PATH_METADATA").is_none());
        assert_eq!(of("FILENAME_METADATA: '(?P<a>x)(?P=a)'").unread, ["FILENAME_METADATA"]);
        assert_eq!(of("rewrites: {'^(?=x)': y}").unread, ["rewrites"]);
    }
}
