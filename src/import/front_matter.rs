//! Parses the front matter of posts of other generators: YAML, TOML or JSON.

use serde_json::value::RawValue;

use crate::diagnostic::{Diagnostic, Place};
use crate::fields::Document;
use crate::import::input::Input;
use crate::import::json;
use crate::import::record::Spot;
use crate::yaml::{self, Node};

/// The fields of the front matter in order, and the byte offset at which the text begins.
pub(super) type Parts = (Vec<(String, Node)>, usize);

/// Front matter that cannot be read.
#[derive(Debug)]
pub(super) struct Unread {
    pub(super) problem: Box<Diagnostic>,
    /// True if the text can be one without front matter: text whose first line has a colon looks
    /// like front matter without its first line.
    pub(super) is_bare: bool,
}

impl From<Box<Diagnostic>> for Unread {
    fn from(problem: Box<Diagnostic>) -> Self {
        Self { problem, is_bare: false }
    }
}

/// Parses the front matter.
pub(super) fn front_matter(input: &Input) -> Result<Parts, Unread> {
    let whole = &*input.text;
    // Blank lines before the front matter count for nothing.
    let blank: usize =
        whole.split_inclusive('\n').take_while(|line| line.trim().is_empty()).map(str::len).sum();
    let first = whole[blank..].lines().next().unwrap_or_default().trim_end();
    let line = 1 + whole[..blank].matches('\n').count();
    let at_first = || input.place(Spot { line, start: blank, end: blank + first.len() });
    let missing = || {
        let help = tr!("posts begin with `---` (YAML), `+++` (TOML) or `{` (JSON)");
        let problem = Diagnostic::error(tr!("this post has no front matter")).at(at_first()).help(help);
        Unread { problem: Box::new(problem), is_bare: true }
    };
    if first.starts_with('{') {
        let mut values = serde_json::Deserializer::from_str(&whole[blank..]).into_iter::<&RawValue>();
        let Some(Ok(value)) = values.next() else { return Err(missing()) };
        return match json::node(value) {
            Node::Map(entries) => Ok((entries, blank + values.byte_offset())),
            _ => Err(missing()),
        };
    }
    // Hexo accepts front matter without an opening line (hexo-front-matter 4, `rFrontMatterNew`).
    let is_bare = first != "---" && first != "+++";
    if is_bare && !is_field(first) {
        return Err(missing());
    }
    let fence = if is_bare { "---" } else { first };
    let start = if is_bare {
        start_of_fields(whole, blank)
    } else {
        whole[blank..].find('\n').map_or(whole.len(), |at| blank + at + 1)
    };
    let mut end = start;
    let mut body = None;
    for line in whole[start..].split_inclusive('\n') {
        if line.trim_end() == fence {
            body = Some(end + line.len());
            break;
        }
        end += line.len();
    }
    let Some(body) = body else {
        let problem = Diagnostic::error(tr!("this front matter is never closed"))
            .at(at_first())
            .label(tr!("opened here"))
            .help(tr!("write a line `{fence}` below the last field", fence));
        return Err(Unread { problem: Box::new(problem), is_bare });
    };
    let written = &whole[start..end];
    // The time of the parsers grows with the square of the nesting depth.
    if json::nesting(written) > 64 {
        let message = tr!("this front matter has brackets that are nested more than 64 deep");
        let problem = Diagnostic::error(message).at(at_first());
        return Err(Box::new(problem.help(tr!("reduce the nesting to 64 or less"))).into());
    }
    let entries =
        if fence == "---" { parse_yaml(input, start, written) } else { parse_toml(input, start, written) };
    Ok((entries?, body))
}

/// True if a line begins with the name of a field and a colon.
fn is_field(line: &str) -> bool {
    let is_name = |key: &str| {
        !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
    };
    line.split_once(':').is_some_and(|(key, _)| is_name(key.trim()))
}

/// The byte offset at which fields without an opening line begin. An indentation of the first line
/// alone does not count.
fn start_of_fields(text: &str, blank: usize) -> usize {
    let mut lines = text[blank..].lines().map(|line| line.len() - line.trim_start().len());
    let first = lines.next().unwrap_or_default();
    let others = lines.next().unwrap_or_default();
    if others < first { blank + first } else { blank }
}

fn parse_yaml(input: &Input, start: usize, written: &str) -> Result<Vec<(String, Node)>, Box<Diagnostic>> {
    // Some old posts have a field twice, which other generators accept. Both values are kept.
    if let Ok(Node::Map(entries)) = yaml::parse(written) {
        return Ok(entries);
    }
    let document = Document { path: &input.name, source: &input.text, start, yaml: written };
    document.parse().map_err(|mut found| Box::new(found.swap_remove(0)))
}

/// Parses TOML as fields. `start` is the byte offset of `written` in the input.
pub(super) fn parse_toml(
    input: &Input,
    start: usize,
    written: &str,
) -> Result<Vec<(String, Node)>, Box<Diagnostic>> {
    let table = toml::from_str::<toml::Table>(written).map_err(|error| {
        let span = error.span().unwrap_or(0..0);
        let span = start + span.start..start + span.end.max(span.start + 1);
        Box::new(
            Diagnostic::error(tr!("this is not TOML: {}", error.message()))
                .at(Place::at(&input.name, &input.text, span))
                .help(tr!("see https://toml.io for the syntax")),
        )
    })?;
    Ok(table.into_iter().map(|(key, value)| (key, from_toml(value))).collect())
}

fn from_toml(value: toml::Value) -> Node {
    use toml::Value as Toml;
    match value {
        Toml::String(text) => Node::Text(text),
        Toml::Integer(number) => Node::Number(number.to_string()),
        // `inf` and `nan` of TOML are not numbers in YAML.
        Toml::Float(number) if !number.is_finite() => Node::Text(number.to_string()),
        Toml::Float(number) => Node::Number(number.to_string()),
        Toml::Boolean(value) => Node::Bool(value, value.to_string()),
        Toml::Datetime(at) => Node::Text(at.to_string()),
        Toml::Array(items) => Node::List(items.into_iter().map(from_toml).collect()),
        Toml::Table(entries) => {
            Node::Map(entries.into_iter().map(|(key, value)| (key, from_toml(value))).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names of the fields and the text behind them, or the message of the error.
    fn read(text: &str) -> Result<(Vec<String>, String), String> {
        let input = Input { name: "a.md".into(), text: text.to_owned().into() };
        let (fields, body) = front_matter(&input).map_err(|unread| unread.problem.message)?;
        Ok((fields.into_iter().map(|(name, _)| name).collect(), text[body..].to_owned()))
    }

    #[test]
    fn a_field_twice_and_all_values_of_toml_are_kept() {
        let found = read("---\ntags: a\ntags: b\n---\n正文").unwrap();
        assert_eq!(found, (vec!["tags".to_owned(), "tags".to_owned()], "正文".to_owned()));
        let text = "+++\na = 1\nb = 1.5\nc = true\nd = inf\ne = [2024-01-02]\n[f]\ng = 'h'\n+++\n";
        let input = Input { name: "a.md".into(), text: text.to_owned().into() };
        let fields = front_matter(&input).unwrap().0;
        let written: Vec<String> =
            fields.iter().map(|(name, node)| format!("{name}: {}", yaml::flow(node))).collect();
        assert_eq!(written.join("; "), "a: 1; b: 1.5; c: true; d: inf; e: [\"2024-01-02\"]; f: {g: h}");
    }

    #[test]
    fn a_text_without_front_matter_is_refused() {
        for text in ["", "\n\n", "# 标题\n\n正文\n", "正文：一\n---\n", ": a\n---\n", "{1}\n", "[1]\n"]
        {
            assert_eq!(read(text).unwrap_err(), "this post has no front matter", "{text}");
        }
        for text in ["---\ntitle: 甲\n", "title: 甲\n", "+++\n", "\n---\n"] {
            assert_eq!(read(text).unwrap_err(), "this front matter is never closed", "{text}");
        }
        let deep = format!("---\na: {}\n---\n", "[".repeat(70));
        assert!(read(&deep).unwrap_err().contains("64 deep"));
        assert!(read("+++\na b\n+++\n").unwrap_err().contains("TOML"));
    }

    #[test]
    fn the_error_is_at_the_first_line_that_is_not_blank() {
        let input = Input { name: "a.md".into(), text: "\n\n正文".to_owned().into() };
        let place = front_matter(&input).unwrap_err().problem.place.unwrap();
        assert_eq!((place.line, place.text.as_str()), (3, "正文"));
    }
}
