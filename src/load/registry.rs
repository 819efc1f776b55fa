//! `content/terms.yaml`, the registry of terms: how a term is called, what else it is called, and what is said of it.

use std::ops::Range;

use crate::config::{Config, Taxonomy};
use crate::diagnostic::{Diagnostic, Place, nearest};
use crate::fields::{Document, clean};
use crate::yaml::{self, Node};

/// Where the registry stands, relative to the digest's root.
pub const FILE: &str = "content/terms.yaml";

/// What an editor says of terms.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    /// The entries of each of the configuration's taxonomies.
    pub taxonomies: Vec<Vec<Entry>>,
    source: String,
}

impl Registry {
    /// A place in the file. Looked up only when there is something to tell: a registry of ten thousand entries would
    /// otherwise count its lines ten thousand times.
    #[must_use]
    pub fn place(&self, at: &Range<usize>) -> Place {
        Place::at(FILE, &self.source, at.clone())
    }
}

/// One term as an editor wants it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// How it is shown, whatever articles write.
    pub name: String,
    /// Other spellings and names of the same term.
    pub aliases: Vec<Alias>,
    /// Instead of the slug that follows from its name.
    pub slug: Option<Alias>,
    /// A sentence or two for its page.
    pub description: Option<String>,
    /// Articles that carry it do not show it, and it has no page.
    pub hidden: bool,
    /// Has it fields that newsprint does not know?
    pub has_more: bool,
    /// Where its name stands, in bytes of the file (see [`Registry::place`]).
    pub at: Range<usize>,
}

/// A text of an entry and where it stands.
#[derive(Debug, Clone)]
pub struct Alias {
    /// The text.
    pub text: String,
    /// Where it stands, in bytes of the file (see [`Registry::place`]).
    pub at: Range<usize>,
}

/// What can be said of a term.
const FIELDS: [&str; 5] = ["name", "aliases", "slug", "description", "hidden"];

const HELP: &str =
    "write `- name: OpenAI`, and below it, if you like, `aliases`, `slug`, `description`, `hidden: true`";

/// Reads the registry's text. What is wrong is reported and left out.
#[must_use]
pub fn parse(source: &str, config: &Config) -> (Registry, Vec<Diagnostic>) {
    let source = source.strip_prefix('\u{FEFF}').unwrap_or(source);
    let document = Document { path: FILE, source, start: 0, yaml: source };
    let mut registry =
        Registry { taxonomies: vec![Vec::new(); config.taxonomies.len()], source: source.to_owned() };
    let entries = match document.parse() {
        Ok(entries) => entries,
        Err(diagnostics) => return (registry, diagnostics),
    };
    let mut diagnostics = Vec::new();
    for (name, node) in &entries {
        let place = || document.value_place(&[name]);
        let Some(at) = config.taxonomies.iter().position(|taxonomy| taxonomy.name == *name) else {
            let also = config.taxonomies.iter().find(|taxonomy| taxonomy.also.contains(name));
            let help = also.map(|taxonomy| format!("write `{}:` here", taxonomy.name));
            let help = help.unwrap_or_else(|| Taxonomy::suggest(name, &config.taxonomies));
            let message = format!("`{name}` is not a taxonomy of this digest");
            diagnostics.push(Diagnostic::error(message).at(place()).help(help));
            continue;
        };
        let items = match node {
            Node::Null => continue,
            Node::List(items) => items,
            other => {
                let message = format!("`{name}` has to be a list of terms, but it is {}", other.kind());
                diagnostics.push(Diagnostic::error(message).at(place()).help(HELP));
                continue;
            }
        };
        // In flow style the taxonomy's own place has to do.
        let spans = yaml::item_spans(source, name).filter(|spans| spans.len() == items.len());
        for (index, item) in items.iter().enumerate() {
            let span = spans.as_ref().map(|spans| spans[index].clone());
            let item = Item { document, taxonomy: name, span, node: item };
            registry.taxonomies[at].extend(item.read(&mut diagnostics));
        }
    }
    (registry, diagnostics)
}

/// An item of a taxonomy's list.
struct Item<'a> {
    document: Document<'a>,
    taxonomy: &'a str,
    span: Option<Range<usize>>,
    node: &'a Node,
}

impl Item<'_> {
    fn read(&self, diagnostics: &mut Vec<Diagnostic>) -> Option<Entry> {
        let (name, fields) = match self.node {
            Node::Map(fields) => (self.node.get("name").and_then(Node::text), fields.as_slice()),
            other => (other.text(), [].as_slice()),
        };
        let name = name.map(one_line).filter(|name| !name.is_empty());
        let Some(name) = name else {
            diagnostics.push(Diagnostic::error("a term has to have a `name`").at(self.place("")).help(HELP));
            return None;
        };
        for (key, _) in fields.iter().filter(|(key, _)| !FIELDS.contains(&key.as_str())) {
            let help = nearest(key, FIELDS).map_or_else(
                || format!("a term has {}", FIELDS.map(|field| format!("`{field}`")).join(", ")),
                |field| format!("did you mean `{field}`?"),
            );
            let message = format!("`{key}` is not a field of a term");
            diagnostics.push(Diagnostic::warning(message).at(self.place(key)).help(help));
        }
        let mut wrong = |field: &str, wanted: &str, found: &Node| {
            let message =
                format!("`{field}` of the term `{name}` has to be {wanted}, but it is {}", found.kind());
            diagnostics.push(
                Diagnostic::error(message)
                    .at(self.place(field))
                    .help(format!("write `{field}:` and {wanted}")),
            );
        };
        let mut text = |field: &str| match self.node.get(field) {
            None | Some(Node::Null) => None,
            Some(node) => match node.text() {
                Some(text) => Some(clean(text)).filter(|text| !text.is_empty()),
                None => {
                    wrong(field, "a text", node);
                    None
                }
            },
        };
        let (slug, description) = (text("slug"), text("description"));
        let mut aliases = Vec::new();
        match self.node.get("aliases") {
            None | Some(Node::Null) => {}
            Some(Node::List(items)) => {
                for item in items {
                    match item.text() {
                        Some(text) => aliases.push(one_line(text)),
                        None => wrong("aliases", "a list of names", item),
                    }
                }
            }
            Some(node) => match node.text() {
                Some(text) => aliases.push(one_line(text)),
                None => wrong("aliases", "a list of names", node),
            },
        }
        let hidden = match self.node.get("hidden").map(|node| (node, node.text().map(str::to_lowercase))) {
            None | Some((Node::Null, _)) => false,
            Some((node, written)) => match written.as_deref() {
                Some("true" | "yes" | "on") => true,
                Some("false" | "no" | "off") => false,
                _ => {
                    wrong("hidden", "`true` or `false`", node);
                    false
                }
            },
        };
        let slug = slug.map(|text| Alias { at: self.span_of("slug"), text });
        let mut from = None;
        let aliases = aliases.into_iter().filter(|alias| !alias.is_empty()).map(|text| {
            let at = self.words(&text, "aliases", from);
            from = Some(at.end);
            Alias { at, text }
        });
        let aliases = aliases.collect();
        let has_more = fields.iter().any(|(key, _)| !FIELDS.contains(&key.as_str()));
        Some(Entry {
            at: self.words(&name, "name", None),
            name,
            aliases,
            slug,
            description,
            hidden,
            has_more,
        })
    }

    fn place(&self, field: &str) -> Place {
        self.document.place(self.span_of(field))
    }

    /// Where a field of this item stands, the item itself where it cannot be found.
    fn span_of(&self, field: &str) -> Range<usize> {
        let yaml = self.document.yaml;
        let Some(span) = &self.span else {
            let key = yaml::key_span(yaml, &[self.taxonomy], 0);
            return key.map_or(0..0, |key| yaml::value_span(yaml, key));
        };
        let lines = &yaml[span.clone()];
        let key = (!field.is_empty()).then(|| yaml::key_span(lines, &[field], 0)).flatten();
        let found = key.map(|key| yaml::value_span(lines, key));
        let found = found.unwrap_or_else(|| {
            let body = lines.len() - lines.trim_start_matches([' ', '-']).len();
            body..body + lines[body..].lines().next().map_or(0, |line| line.trim_end().len())
        });
        span.start + found.start..span.start + found.end
    }

    /// Where words stand below a field of this item, behind the place `from` if there is one: a list is searched once,
    /// and not from its beginning for each of its items.
    fn words(&self, words: &str, field: &str, from: Option<usize>) -> Range<usize> {
        let Some(span) = &self.span else { return self.span_of(field) };
        let lines = &self.document.yaml[span.clone()];
        let start = match from {
            Some(from) if from >= span.start => from - span.start,
            _ => yaml::key_span(lines, &[field], 0).map_or(0, |key| key.end),
        };
        match lines.get(start..).and_then(|rest| rest.find(words)) {
            Some(at) => span.start + start + at..span.start + start + at + words.len(),
            None => self.span_of(field),
        }
    }
}

fn one_line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str) -> (Registry, Vec<(String, usize)>) {
        let (registry, diagnostics) = parse(source, &Config::default());
        let place = |found: Diagnostic| (found.message, found.place.map_or(0, |place| place.line));
        (registry, diagnostics.into_iter().map(place).collect())
    }

    #[test]
    fn an_entry_says_name_aliases_slug_description_and_whether_it_is_hidden() {
        let source = "keywords:\n  - name: OpenAI\n    aliases: [OpenAI公司, 'Open AI']\n    slug: openai-inc\n    \
                      description: 一家公司\n  - 开源\n  - {name: 其他, hidden: true}\n";
        let (registry, wrong) = read(source);
        assert_eq!(wrong, []);
        let [openai, open_source, other] = registry.taxonomies[0].as_slice() else { panic!("{registry:?}") };
        let place = |at: &Range<usize>| registry.place(at);
        let aliases: Vec<_> = openai
            .aliases
            .iter()
            .map(|alias| (alias.text.as_str(), place(&alias.at).line, place(&alias.at).column))
            .collect();
        assert_eq!(aliases, [("OpenAI公司", 3, 15), ("Open AI", 3, 26)]);
        assert_eq!(
            openai.slug.as_ref().map(|slug| (slug.text.as_str(), place(&slug.at).line)),
            Some(("openai-inc", 4))
        );
        assert_eq!(openai.description.as_deref(), Some("一家公司"));
        assert_eq!((open_source.name.as_str(), place(&open_source.at).line), ("开源", 6));
        assert!(other.hidden && !openai.hidden);
    }

    #[test]
    fn every_mistake_is_told_with_its_line() {
        let source = "keyword:\n- a\nkeywords:\n- name: a\n  alias: [b]\n- aliases: [c]\n- name: d\n  slug: [A]\n  \
                      hidden: perhaps\nindustries: yes\n";
        let (_, wrong) = read(source);
        let lines: Vec<usize> = wrong.iter().map(|(_, line)| *line).collect();
        assert_eq!(lines, [1, 5, 6, 8, 9, 10], "{wrong:#?}");
    }
}
