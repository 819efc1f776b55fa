//! What a registry's text says, so that an edit can be proven to say it still: the YAML, and the comments.

use crate::yaml::{self, Node};

/// A registry as YAML.
pub(super) fn tree(text: &str) -> Option<Vec<(String, Node)>> {
    match yaml::parse(text.strip_prefix('\u{FEFF}').unwrap_or(text)).ok()? {
        Node::Map(fields) => Some(fields),
        Node::Null => Some(Vec::new()),
        _ => None,
    }
}

/// Do two mappings say the same, whatever the order of their fields?
pub(super) fn same(a: &[(String, Node)], b: &[(String, Node)]) -> bool {
    fn alike(a: &Node, b: &Node) -> bool {
        match (a, b) {
            (Node::Map(a), Node::Map(b)) => same(a, b),
            (Node::List(a), Node::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(a, b)),
            // Typed or not, a scalar is its words.
            (a, b) => a == b || (a.text().is_some() && a.text() == b.text()),
        }
    }
    a.len() == b.len()
        && a.iter().all(|(field, value)| b.iter().any(|(other, node)| other == field && alike(value, node)))
}

/// The comment on a line: a `#` at its beginning or behind a space, outside of quotation marks.
pub(super) fn aside(line: &str) -> Option<&str> {
    let mut quote = None;
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (Some(open), c) if open == c && before != '\\' => quote = None,
            (Some(_), _) => {}
            // A quotation mark opens where a value begins; inside of a word it is a letter like others.
            (None, '"' | '\'') if matches!(before, ' ' | '[' | ',' | '{' | ':') => quote = Some(c),
            (None, '#') if before == ' ' || before == '\t' => return Some(line[at..].trim_end()),
            (None, _) => {}
        }
        before = c;
    }
    None
}

/// All comments, sorted.
pub(super) fn asides(text: &str) -> Vec<&str> {
    let mut asides: Vec<&str> = text.lines().filter_map(aside).collect();
    asides.sort_unstable();
    asides
}
