//! The metadata at the beginning of a Markdown file, as Pelican reads them.
//!
//! Sources: `markdown/extensions/meta.py` of Python-Markdown 3.11, `MarkdownReader` and
//! `METADATA_PROCESSORS` of Pelican 4.12.0.

use crate::yaml::Node;

/// Names of which the first value counts.
const SINGLE: [&str; 10] =
    ["tags", "date", "modified", "status", "category", "author", "save_as", "url", "authors", "slug"];

/// The fields at the beginning of a text, and the byte offset at which the text begins behind them.
pub fn parse(text: &str) -> (Vec<(String, Node)>, usize) {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    let mut at = 0;
    for (number, written) in text.split_inclusive('\n').enumerate() {
        let line = written.trim_end().replace('\t', "    ");
        let is_rule =
            |rule: &str| line.strip_prefix(rule).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
        let start = at;
        at += written.len();
        if number == 0 && is_rule("---") {
            continue;
        }
        if line.is_empty() || is_rule("---") || is_rule("...") {
            return (nodes(found), at);
        }
        if let Some((key, value)) = field(&line) {
            match found.iter_mut().find(|(known, _)| *known == key) {
                Some((_, values)) => values.push(value),
                None => found.push((key, vec![value])),
            }
        } else if let Some(((_, values), more)) = found.last_mut().zip(line.strip_prefix("    ")) {
            values.push(more.trim().to_owned());
        } else {
            return (nodes(found), start);
        }
    }
    (nodes(found), at)
}

/// A name in small letters and the value behind it: `Title: x`, indented by three blanks at most.
fn field(line: &str) -> Option<(String, String)> {
    let inner = line.trim_start_matches(' ');
    let (key, value) = inner.split_once(':').filter(|_| line.len() - inner.len() <= 3)?;
    let is_name =
        !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    is_name.then(|| (key.to_ascii_lowercase(), value.trim().to_owned()))
}

/// The fields as Pelican has them: of the names in [`SINGLE`] the first value, of the summary one
/// text, of others a list if there are several values.
fn nodes(found: Vec<(String, Vec<String>)>) -> Vec<(String, Node)> {
    let node = |(name, mut values): (String, Vec<String>)| {
        let node = if SINGLE.contains(&name.as_str()) || values.len() == 1 {
            processed(&name, &values.swap_remove(0))
        } else if name == "summary" {
            Node::Text(values.join("\n"))
        } else {
            Node::List(values.into_iter().map(Node::Text).collect())
        };
        (name, node)
    };
    found.into_iter().map(node).filter(|(_, node)| *node != Node::Null).collect()
}

/// The value of a field by its name. A field without a value is none.
pub(super) fn processed(name: &str, value: &str) -> Node {
    let value = value.trim();
    match name {
        "tags" | "authors" => {
            let sign = if value.contains(';') { ';' } else { ',' };
            let mut items: Vec<Node> = Vec::new();
            for item in value.split(sign).map(str::trim).filter(|item| !item.is_empty()) {
                let item = Node::Text(item.to_owned());
                if !items.contains(&item) {
                    items.push(item);
                }
            }
            if items.is_empty() { Node::Null } else { Node::List(items) }
        }
        "date" => Node::Text(value.replace('_', " ")),
        "category" | "author" | "status" | "slug" if value.is_empty() => Node::Null,
        _ => Node::Text(value.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, &str) {
        let (fields, body) = parse(text);
        (crate::yaml::flow(&Node::Map(fields)), &text[body..])
    }

    #[test]
    fn fields_end_at_a_blank_line_or_a_rule() {
        for (text, fields, body) in [
            ("Title: 甲\nDate: 2024-05-06\n\n正文\n", "{title: 甲, date: \"2024-05-06\"}", "正文\n"),
            ("---\ntitle: \"甲\"\n---\n正文", "{title: \"\\\"甲\\\"\"}", "正文"),
            ("Title: 甲\n...\n正文", "{title: 甲}", "正文"),
            ("Title: 甲\n正文", "{title: 甲}", "正文"),
            ("正文：一\n", "{}", "正文：一\n"),
            ("# 标题\nTitle: 甲\n", "{}", "# 标题\nTitle: 甲\n"),
            ("\nTitle: 甲\n", "{}", "Title: 甲\n"),
            ("   Title:甲", "{title: 甲}", ""),
            ("    Title: 甲", "{}", "    Title: 甲"),
            ("", "{}", ""),
        ] {
            assert_eq!(read(text), (fields.to_owned(), body), "{text}");
        }
    }

    #[test]
    fn values_are_those_of_pelican() {
        for (text, wanted) in [
            ("Tags: a b, c, c,", "{tags: [a b, c]}"),
            ("Tags: a, b; c", "{tags: [\"a, b\", c]}"),
            ("Tags:\n", "{}"),
            ("Tags: a\nTags: b", "{tags: [a]}"),
            ("Category:  \nSlug: x ", "{slug: x}"),
            ("Date: 2024-05-06_10:30", "{date: \"2024-05-06 10:30\"}"),
            ("Summary: a\n    b", "{summary: \"a\\nb\"}"),
            ("X: a\n\tb", "{x: [a, b]}"),
            ("Url:", "{url: \"\"}"),
        ] {
            assert_eq!(read(text).0, wanted, "{text}");
        }
    }
}
