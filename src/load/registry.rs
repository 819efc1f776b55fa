//! Parses the registry of terms, `content/terms.yaml`: names, aliases, slugs and descriptions.

use std::cell::OnceCell;
use std::ops::Range;

use crate::config::{Config, Language, Taxonomy};
use crate::diagnostic::{Diagnostic, Place, nearest};
use crate::fields::{Document, clean};
use crate::text::excerpt::shorten;
use crate::text::lines::LinedText;
use crate::yaml::{self, Node};

/// Path of the registry, relative to the digest's root.
pub const FILE: &str = "content/terms.yaml";

/// The entries of the registry, and its text for diagnostics.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    /// The entries: by taxonomy of the configuration, then in the order of the file.
    pub taxonomies: Vec<Vec<Entry>>,
    source: LinedText<'static>,
}

impl Registry {
    /// Returns the place of a byte range for a diagnostic.
    #[must_use]
    pub fn place(&self, at: &Range<usize>) -> Place {
        Place::at(FILE, &self.source, at.clone())
    }
}

/// One term of the registry.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The name that is shown, whatever spelling the articles use.
    pub name: String,
    /// Other spellings and names of the same term.
    pub aliases: Vec<Alias>,
    /// The names in other languages of the digest.
    pub names: Vec<(Language, Alias)>,
    /// The descriptions in other languages.
    pub descriptions: Vec<(Language, Alias)>,
    /// The slug that replaces the one made from the name.
    pub slug: Option<Alias>,
    /// One or two sentences for the term's page.
    pub description: Option<String>,
    /// True if the term has no page and articles do not show it.
    pub hidden: bool,
    /// True if the entry has fields that `newsprint terms` does not write.
    pub has_more: bool,
    /// Byte range of the name in the file (see [`Registry::place`]).
    pub at: Range<usize>,
}

impl Entry {
    /// The name in a language.
    #[must_use]
    pub fn name_in(&self, language: Language) -> &str {
        in_language(&self.names, language).unwrap_or(&self.name)
    }

    /// The description in a language: `description` is in the first language of a digest.
    #[must_use]
    pub fn description_in(&self, config: &Config) -> Option<&str> {
        let is_first = config.language_at == 0 || config.converted().is_some();
        let first = self.description.as_deref().filter(|_| is_first);
        in_language(&self.descriptions, config.language).or(first)
    }

    /// The texts in articles that mean this term besides its name: aliases, and names in all
    /// languages.
    pub fn other_names(&self) -> impl Iterator<Item = &Alias> {
        self.aliases.iter().chain(self.names.iter().map(|(_, name)| name))
    }
}

fn in_language(texts: &[(Language, Alias)], language: Language) -> Option<&str> {
    texts.iter().find(|(own, _)| *own == language).map(|(_, text)| text.text.as_str())
}

/// A text in an entry, and its place.
#[derive(Debug, Clone)]
pub struct Alias {
    /// The text of the alias or slug.
    pub text: String,
    /// Byte range of the text in the file (see [`Registry::place`]).
    pub at: Range<usize>,
}

/// Diagnostics of one kind that are reported for one entry, and aliases of one entry that are
/// searched without being found: each searches the text of the entry.
const MAX_PER_KIND: usize = 20;

/// Field names of an entry.
const FIELDS: [&str; 7] = ["name", "names", "aliases", "slug", "description", "descriptions", "hidden"];

fn entry_help() -> String {
    tr!("write `- name: OpenAI` and below it, optionally, `aliases`, `slug`, `description`, `hidden: true`")
}

/// Parses the registry's text. Invalid parts are reported and left out.
#[must_use]
pub fn parse(source: &str, config: &Config) -> (Registry, Vec<Diagnostic>) {
    let source = source.strip_prefix('\u{FEFF}').unwrap_or(source);
    let lined = LinedText::new(source);
    let document = Document { path: FILE, source: &lined, start: 0, yaml: source };
    let mut registry =
        Registry { taxonomies: vec![Vec::new(); config.taxonomies.len()], source: source.to_owned().into() };
    let entries = match document.parse() {
        Ok(entries) => entries,
        Err(diagnostics) => return (registry, diagnostics),
    };
    let mut diagnostics = Vec::new();
    for (name, node) in &entries {
        let place = || document.value_place(&[name]);
        let Some(at) = config.taxonomies.iter().position(|taxonomy| taxonomy.name == *name) else {
            let also = config.taxonomies.iter().find(|taxonomy| taxonomy.also.contains(name));
            let help = also.map(|taxonomy| tr!("write `{}:` here", taxonomy.name));
            let help = help.unwrap_or_else(|| Taxonomy::suggest(name, &config.taxonomies));
            let message = tr!("`{name}` is not a taxonomy of this digest", name);
            let place = document.key_place(&[name], 0);
            diagnostics.push(Diagnostic::error(message).at(place).help(help));
            continue;
        };
        let items = match node {
            Node::Null => continue,
            Node::List(items) => items,
            other => {
                let found = other.kind();
                let message = tr!("`{name}` has to be a list of terms, but it is {found}", name, found);
                diagnostics.push(Diagnostic::error(message).at(place()).help(entry_help()));
                continue;
            }
        };
        // A list in flow style has no lines per item: the place of the taxonomy is used instead.
        let spans = yaml::item_spans(source, name).filter(|spans| spans.len() == items.len());
        let list = OnceCell::new();
        for (index, item) in items.iter().enumerate() {
            let span = spans.as_ref().map(|spans| spans[index].clone());
            let item = Item { document, taxonomy: name, list: &list, span, node: item };
            registry.taxonomies[at].extend(item.read_entry(&mut diagnostics));
        }
    }
    (registry, diagnostics)
}

/// One item of a taxonomy's list, with what its diagnostics need.
struct Item<'a> {
    document: Document<'a>,
    taxonomy: &'a str,
    /// The byte range of the whole list, which is searched once.
    list: &'a OnceCell<Range<usize>>,
    span: Option<Range<usize>>,
    node: &'a Node,
}

impl Item<'_> {
    fn read_entry(&self, diagnostics: &mut Vec<Diagnostic>) -> Option<Entry> {
        let (name, fields) = match self.node {
            Node::Map(fields) => (self.node.get("name").and_then(Node::text), fields.as_slice()),
            other => (other.text(), [].as_slice()),
        };
        let name = name.map(one_line).filter(|name| !name.is_empty());
        let Some(name) = name else {
            diagnostics.push(
                Diagnostic::error(tr!("this term has no `name`")).at(self.place("")).help(entry_help()),
            );
            return None;
        };
        let has_unknown = self.report_unknown(&name, fields, diagnostics);
        let mut wrong_kind = |field: &str, wanted: &str, found: &Node| {
            let (name, found) = (shorten(&name), found.kind());
            let message = tr!(
                "`{field}` of the term `{name}` has to be {wanted}, but it is {found}",
                field,
                name,
                wanted,
                found
            );
            diagnostics.push(Diagnostic::error(message).at(self.place(field)).help(tr!(
                "write `{field}:` followed by {wanted}",
                field,
                wanted
            )));
        };
        let mut text = |field: &str| match self.node.get(field) {
            None | Some(Node::Null) => None,
            Some(node) => match node.text() {
                Some(text) => Some(clean(text)).filter(|text| !text.is_empty()),
                None => {
                    wrong_kind(field, &tr!("a text"), node);
                    None
                }
            },
        };
        let (slug, description) = (text("slug"), text("description"));
        let mut aliases = Vec::new();
        match self.node.get("aliases") {
            None | Some(Node::Null) => {}
            Some(Node::List(items)) => {
                aliases.extend(items.iter().filter_map(Node::text).map(one_line));
                let wrong = items.iter().filter(|item| item.text().is_none());
                wrong
                    .take(MAX_PER_KIND)
                    .for_each(|item| wrong_kind("aliases", &tr!("a list of names"), item));
            }
            Some(node) => match node.text() {
                Some(text) => aliases.push(one_line(text)),
                None => wrong_kind("aliases", &tr!("a list of names"), node),
            },
        }
        let hidden = match self.node.get("hidden") {
            None | Some(Node::Null) => false,
            Some(node) => node.switch().unwrap_or_else(|| {
                wrong_kind("hidden", &tr!("`true` or `false`"), node);
                false
            }),
        };
        let slug = slug.map(|text| Alias { at: self.span_of("slug"), text });
        aliases.retain(|alias| !alias.is_empty());
        let aliases = self.locate_aliases(aliases);
        let names = self.read_by_language("names", diagnostics);
        let descriptions = self.read_by_language("descriptions", diagnostics);
        let has_more = has_unknown || !names.is_empty() || !descriptions.is_empty();
        Some(Entry {
            at: self.text_span(&name, self.start_of("name")).unwrap_or_else(|| self.span_of("name")),
            name,
            aliases,
            names,
            descriptions,
            slug,
            description,
            hidden,
            has_more,
        })
    }

    /// Reports fields that newsprint does not know; true if there are some.
    fn report_unknown(
        &self,
        name: &str,
        fields: &[(String, Node)],
        diagnostics: &mut Vec<Diagnostic>,
    ) -> bool {
        let unknown = || fields.iter().filter(|(key, _)| !FIELDS.contains(&key.as_str()));
        if unknown().nth(MAX_PER_KIND).is_some() {
            let message = tr!(
                "{count} fields of the term `{name}` are unknown; the first {shown} are shown",
                count = unknown().count(),
                name = shorten(name),
                shown = MAX_PER_KIND
            );
            diagnostics.push(Diagnostic::warning(message).at(self.place("")).help(entry_help()));
        }
        for (key, _) in unknown().take(MAX_PER_KIND) {
            let help = nearest(key, FIELDS).map_or_else(
                || {
                    tr!(
                        "the fields of a term are {}",
                        FIELDS.map(|field| format!("`{field}`")).join(&tr!("list" => ", "))
                    )
                },
                |field| tr!("did you mean `{field}`?", field),
            );
            let message = tr!("`{key}` is not a field of a term", key);
            diagnostics.push(Diagnostic::warning(message).at(self.key_place(key)).help(help));
        }
        unknown().next().is_some()
    }

    /// Reads a mapping of language tags to texts: `names: {en: Open source}`.
    fn read_by_language(&self, field: &str, diagnostics: &mut Vec<Diagnostic>) -> Vec<(Language, Alias)> {
        let entries = match self.node.get(field) {
            None | Some(Node::Null) => return Vec::new(),
            Some(Node::Map(entries)) => entries.as_slice(),
            Some(_) => &[],
        };
        let mut texts = Vec::with_capacity(entries.len());
        for (tag, node) in entries {
            let text = node.text().map(one_line).filter(|text| !text.is_empty());
            match Language::parse(tag).zip(text) {
                None if Language::parse(tag).is_some() => {
                    let message = tr!("`{tag}` of `{field}` has no text", tag, field);
                    let help = tr!("write the text behind `{tag}:`, or remove it", tag);
                    diagnostics.push(Diagnostic::error(message).at(self.place(field)).help(help));
                }
                Some((language, text)) => {
                    let at = self.text_span(&text, self.start_of(field));
                    texts.push((language, Alias { at: at.unwrap_or_else(|| self.span_of(field)), text }));
                }
                None => {
                    let message = tr!("`{tag}` of `{field}` is not a language of the interface", tag, field);
                    let help = tr!(
                        "write the tags `zh-CN`, `zh-TW`, `zh-HK` or `en` below `{field}:`, each with a text",
                        field
                    );
                    diagnostics.push(Diagnostic::error(message).at(self.place(field)).help(help));
                }
            }
        }
        if entries.is_empty() {
            let message = tr!("`{field}` has to be a mapping of languages to texts", field);
            let help = tr!(
                "write the tags `zh-CN`, `zh-TW`, `zh-HK` or `en` below `{field}:`, each with a text",
                field
            );
            diagnostics.push(Diagnostic::error(message).at(self.place(field)).help(help));
        }
        texts
    }

    /// The place of a field's name; of the item if it is not found.
    fn key_place(&self, field: &str) -> Place {
        let span = self.span.as_ref().and_then(|span| {
            let key = yaml::key_span(&self.document.yaml[span.clone()], &[field], 0)?;
            Some(span.start + key.start..span.start + key.end)
        });
        span.map_or_else(|| self.place(field), |span| self.document.place(span))
    }

    fn place(&self, field: &str) -> Place {
        self.document.place(self.span_of(field))
    }

    /// Returns the byte range of a field of this item; of the item if the field is not found.
    fn span_of(&self, field: &str) -> Range<usize> {
        let yaml = self.document.yaml;
        let Some(span) = &self.span else {
            let find = || yaml::key_span(yaml, &[self.taxonomy], 0);
            let list = || find().map_or(0..0, |key| yaml::value_span(yaml, key));
            return self.list.get_or_init(list).clone();
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

    /// Finds the byte range of each alias. The search continues behind the alias before it and ends
    /// after [`MAX_PER_KIND`] misses, so that its time is linear; the others get the field's range.
    fn locate_aliases(&self, texts: Vec<String>) -> Vec<Alias> {
        if texts.is_empty() {
            return Vec::new();
        }
        let (field, mut from, mut misses) = (self.span_of("aliases"), self.start_of("aliases"), 0);
        let locate = |text: String| {
            let found = if misses < MAX_PER_KIND { self.text_span(&text, from) } else { None };
            misses += usize::from(found.is_none());
            from = found.as_ref().map_or(from, |at| at.end);
            Alias { at: found.unwrap_or_else(|| field.clone()), text }
        };
        texts.into_iter().map(locate).collect()
    }

    /// Returns the byte behind the key of a field of this item; its first byte without such a key.
    fn start_of(&self, field: &str) -> usize {
        let Some(span) = &self.span else { return 0 };
        let key = yaml::key_span(&self.document.yaml[span.clone()], &[field], 0);
        span.start + key.map_or(0, |key| key.end)
    }

    /// Returns the byte range of `text` in this item, from the byte `from` on.
    fn text_span(&self, text: &str, from: usize) -> Option<Range<usize>> {
        let span = self.span.as_ref()?;
        let at = from + self.document.yaml.get(from..span.end)?.find(text)?;
        Some(at..at + text.len())
    }
}

fn one_line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
