//! Finds words that YAML leaves out of a value although their author most likely meant them: after
//! ` #` (a comment), after `&` (an anchor) and after `!` (a tag). Also finds lists without spaces
//! (`-甲`), which YAML reads as one text.
//!
//! YAML 1.2.2: comments in section 6.6, tags in 6.8.2, anchors in 3.2.2.2.

use std::ops::Range;

use crate::yaml::{Mistake, Node};

/// Maximum number of findings in one text.
const MAX_FOUND: usize = 20;

/// Finds words that are missing from the values of a text. `entries` is what the parser read.
///
/// A comment whose `#` has a space after it is meant as one. An anchor that an alias uses is meant,
/// too, as is a tag of YAML itself (`!!str`).
#[must_use]
pub fn swallowed_words(text: &str, entries: &[(String, Node)]) -> Vec<Mistake> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let words = in_line(line.trim_end(), text);
        // In quotes and in blocks of several lines, the same characters belong to the value.
        let is_read = |span: &Range<usize>| {
            let word = line[span.clone()].split_whitespace().next().unwrap_or_default();
            let word = word.trim_end_matches(['"', '\'', ',', ']', '}']);
            entries.iter().any(|(key, value)| key.contains(word) || holds(value, word))
        };
        if let Some((span, kind)) = words.filter(|(span, _)| !is_read(span)) {
            found.push(kind.mistake(&line[span.clone()], start + span.start..start + span.end));
        }
        if let Some(dash) = unspaced_item(&text[..start], line, entries) {
            let span = start + dash..start + line.trim_end().len();
            found.push(Kind::Item.mistake(&text[span.clone()], span));
        }
        start += line.len();
    }
    found.truncate(MAX_FOUND);
    found
}

enum Kind {
    Comment,
    Anchor,
    Tag,
    Item,
}

impl Kind {
    fn mistake(&self, words: &str, span: Range<usize>) -> Mistake {
        let in_quotes = || tr!("put the whole value in quotes");
        let (message, help) = match self {
            Self::Comment => (
                tr!(
                    "`{words}` is not part of the value: a `#` after a space begins a comment in YAML",
                    words
                ),
                tr!("put the whole value in quotes; if it is a comment, write a space after the `#`"),
            ),
            Self::Anchor => (
                tr!("`{words}` is not part of the value: in YAML, `&` begins the name of an anchor", words),
                in_quotes(),
            ),
            Self::Tag => {
                (tr!("`{words}` is not part of the value: in YAML, `!` begins a type", words), in_quotes())
            }
            Self::Item => (
                tr!("`{words}` is not an item of a list: there is no space after the `-`", words),
                tr!("write `- {item}`", item = words.trim_start_matches('-')),
            ),
        };
        Mistake { span, message, help }
    }
}

/// The byte of the `-` in the first line of a list such as `-甲`, which is read as one text. Numbers
/// (`-1`) are not items.
fn unspaced_item(before: &str, line: &str, entries: &[(String, Node)]) -> Option<usize> {
    let item = line.trim_start_matches(' ');
    let first = item.strip_prefix('-')?.chars().next()?;
    let is_first = before.lines().next_back()?.trim_end().ends_with(':');
    let is_read_as_text = || entries.iter().any(|(_, value)| begins_with(value, item.trim_end()));
    let is_item = first.is_alphabetic() && is_first && is_read_as_text();
    is_item.then(|| line.len() - item.len())
}

/// Whether a scalar of a node begins with these words.
fn begins_with(node: &Node, words: &str) -> bool {
    match node {
        Node::List(items) => items.iter().any(|item| begins_with(item, words)),
        Node::Map(entries) => entries.iter().any(|(_, value)| begins_with(value, words)),
        scalar => scalar.text().is_some_and(|text| text.starts_with(words)),
    }
}

/// The words of a line that are no part of its value, unless they are quoted or in a block.
fn in_line(line: &str, text: &str) -> Option<(Range<usize>, Kind)> {
    let value = value_start(line)?;
    let rest = &line[value..];
    let word = rest.split_whitespace().next()?;
    let words = value..value + word.len();
    if let Some(name) = word.strip_prefix('&') {
        let is_used = !name.is_empty() && text.contains(&format!("*{name}"));
        // A value on the following lines has its anchor on this one.
        return (!is_used && rest.len() > word.len()).then_some((words, Kind::Anchor));
    }
    if word.starts_with('!') && !word.starts_with("!!") && rest.len() > word.len() {
        return Some((words, Kind::Tag));
    }
    let is_hash = |at: &usize| {
        let before = line[..*at].chars().next_back();
        let after = line[at + 1..].chars().next();
        before.is_some_and(|c| c == ' ' || c == '\t') && after.is_some_and(|c| c.is_alphanumeric())
    };
    let hash = line.match_indices('#').map(|(at, _)| at).filter(|at| *at >= value).find(is_hash)?;
    // `# note #1`: the comment began before.
    let is_comment = line[value..hash].contains(" # ") || rest.starts_with("# ");
    (!is_comment).then_some((hash..line.len(), Kind::Comment))
}

/// The byte at which the value of a line begins: after `key: `, after `- `. `None` for lines
/// without a value, and for comments.
fn value_start(line: &str) -> Option<usize> {
    let mut start = line.len() - line.trim_start_matches([' ', '\t']).len();
    while let Some(rest) = line[start..].strip_prefix("- ") {
        start = line.len() - rest.trim_start().len();
    }
    let rest = &line[start..];
    if rest.starts_with('#') {
        return None;
    }
    if rest.starts_with(['"', '\'', '[', '{', '&', '!']) {
        return Some(start);
    }
    match rest.find(": ") {
        Some(colon) => {
            let value = rest[colon + 2..].trim_start();
            (!value.is_empty()).then(|| line.len() - value.len())
        }
        None => (start > 0 && !rest.ends_with(':')).then_some(start),
    }
}

/// Whether a scalar of a node contains these words.
fn holds(node: &Node, words: &str) -> bool {
    match node {
        Node::List(items) => items.iter().any(|item| holds(item, words)),
        Node::Map(entries) => entries.iter().any(|(key, value)| key.contains(words) || holds(value, words)),
        scalar => scalar.text().is_some_and(|text| text.contains(words)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml;

    fn words(text: &str) -> Vec<&str> {
        let entries = match yaml::parse(text) {
            Ok(Node::Map(entries)) => entries,
            Ok(Node::Null) => Vec::new(),
            other => panic!("{text}: {other:?}"),
        };
        swallowed_words(text, &entries).into_iter().map(|found| &text[found.span]).collect()
    }

    #[test]
    fn words_that_yaml_leaves_out_are_found() {
        for (text, expected) in [
            ("title: C# 发布 #1\n", vec!["#1"]),
            ("关键词: #甲 #乙\n", vec!["#甲 #乙"]),
            ("keywords:\n  - 甲 #乙\n  - 丙\n", vec!["#乙"]),
            ("keywords: [甲, 乙] #丙\n", vec!["#丙"]),
            ("title: \"甲\" #乙\n", vec!["#乙"]),
            ("title: &x 发布\n", vec!["&x"]),
            ("title: !abc 发布\n", vec!["!abc"]),
            ("keywords:\n  - !big 发布\n  - &a b\n", vec!["!big", "&a"]),
            ("a: 1 #一\nb: 2 #二\n", vec!["#一", "#二"]),
            ("extra:\n  note: x #y\n", vec!["#y"]),
            ("keywords:\n  -甲\n  -乙\n", vec!["-甲"]),
            ("extra:\n  tags:\n    -a b\n", vec!["-a b"]),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
    }

    #[test]
    fn comments_anchors_and_tags_that_are_meant_are_not_found() {
        for text in [
            "title: x # 注释\n",
            "title: x # 见 #1\n",
            "# title: x #1\n",
            "#title: x\na: b\n",
            "title: \"C# 发布 #1\"\n",
            "title: '甲 #乙'\n",
            "title: 甲#乙\n",
            "title: C#\n",
            "link: https://a.example/#top\n",
            "a: &x 发布\nb: *x\n",
            "a: !!str 5\n",
            "text: |\n  甲 #乙\n  &x 发布\n  !abc 发布\n",
            "text: >\n  甲\n  乙 #丙 丁\n",
            "a: &x\n  b: 1\n",
            "a: [\"x #y\", 'z #w']\n",
            "a: x ##\n",
            "a:\n  -1\n",
            "a:\n  - 甲\n",
            "a: |\n  b:\n  -甲\n",
        ] {
            assert_eq!(words(text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn the_number_of_findings_is_bounded() {
        let text: String = (0..50).map(|at| format!("k{at}: x #{at}y\n")).collect();
        assert_eq!(words(&text).len(), MAX_FOUND);
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
        #[test]
        fn no_text_makes_it_panic(text in "[ \\n:\\-#a中&!*\\[\\]\"']{0,60}") {
            let _ = swallowed_words(&text, &[]);
        }
    }
}
