//! Writes texts and nodes as YAML that reads back as the same text or node.

use crate::text::invisible::needs_yaml_escape;
use crate::yaml::Node;

/// Writes a text as a YAML scalar on one line: plain where that is safe, else in double quotes.
#[must_use]
pub fn scalar(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

/// Whether a text reads back as itself without quotes, in block style.
fn is_plain(text: &str) -> bool {
    let plain_start = text.chars().next().is_some_and(char::is_alphabetic);
    plain_start
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
        )
}

fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c if needs_yaml_escape(c) => {
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

/// Writes a node on one line, in flow style.
#[must_use]
pub fn flow(node: &Node) -> String {
    let mut written = String::new();
    write_flow(node, &mut written);
    written
}

/// Writes a key of a block mapping with its `: `, indented by `indent` spaces.
#[must_use]
pub fn key(name: &str, indent: usize) -> String {
    let (written, space) = (scalar(name), " ".repeat(indent));
    if is_long(&written) { format!("{space}? {written}\n{space}: ") } else { format!("{space}{written}: ") }
}

/// Whether a key needs a `?` before it: an implicit key has at most 1,024 characters (YAML 1.2,
/// section 7.4.3). The limit here is 1,000 bytes.
fn is_long(written: &str) -> bool {
    written.len() > 1000
}

/// Writes a text as a scalar within a flow list or mapping.
///
/// In flow style libyaml takes `?`, and a `:` before some characters, as syntax even within a word.
#[must_use]
pub fn flow_scalar(text: &str) -> String {
    if text.contains([':', '?']) { quoted(text) } else { scalar(text) }
}

fn write_flow(node: &Node, written: &mut String) {
    match node {
        Node::Null => written.push_str("null"),
        Node::Bool(_, text) | Node::Number(text) => written.push_str(text),
        Node::Text(text) => written.push_str(&flow_scalar(text)),
        Node::List(items) => {
            written.push('[');
            for (n, item) in items.iter().enumerate() {
                written.push_str(if n > 0 { ", " } else { "" });
                write_flow(item, written);
            }
            written.push(']');
        }
        Node::Map(entries) => {
            written.push('{');
            for (n, (key, value)) in entries.iter().enumerate() {
                written.push_str(if n > 0 { ", " } else { "" });
                let key = flow_scalar(key);
                written.push_str(if is_long(&key) { "? " } else { "" });
                written.push_str(&key);
                written.push_str(": ");
                write_flow(value, written);
            }
            written.push('}');
        }
    }
}
