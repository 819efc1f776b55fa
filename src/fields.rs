//! Reads named fields from a YAML mapping and reports each error with its place.

mod document;

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Place, nearest};
use crate::text::dropped;
pub use crate::text::dropped::{clean, holds_dropped};
use crate::yaml::{self, Node};
pub use document::Document;

/// Diagnostics of one kind that are reported for one mapping or list: each searches the text for
/// its place.
const MAX_PER_KIND: usize = 20;

/// Names of Hugo for fields that have another name here.
const OTHER_NAMES: [(&str, &str); 3] =
    [("publishDate", "publish"), ("expiryDate", "expires"), ("unpublishDate", "expires")];

/// The fields of one mapping. Read every field that the mapping may have, then call
/// [`Fields::finish`], which reports the others.
pub struct Fields<'a> {
    document: Document<'a>,
    parents: Vec<&'a str>,
    entries: &'a [(String, Node)],
    known: BTreeSet<String>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Fields<'a> {
    /// The fields of a document's top level. Words that YAML left out of their values are reported.
    #[must_use]
    pub fn new(document: Document<'a>, entries: &'a [(String, Node)]) -> Self {
        let swallowed = yaml::swallowed_words(document.yaml, entries).into_iter();
        let diagnostics = swallowed.map(|found| document.draw(found, Diagnostic::warning)).collect();
        Self { document, parents: Vec::new(), entries, known: BTreeSet::new(), diagnostics }
    }

    /// The fields of the mapping under `name`; `None` if it is absent or not a mapping (reported).
    /// Its diagnostics have to be returned through [`Fields::absorb`].
    pub fn inner(&mut self, name: &'a str) -> Option<Fields<'a>> {
        match self.get(name)? {
            Node::Map(entries) => {
                let mut parents = self.parents.clone();
                parents.push(name);
                Some(Fields {
                    document: self.document,
                    parents,
                    entries,
                    known: BTreeSet::new(),
                    diagnostics: Vec::new(),
                })
            }
            other => {
                self.wrong_kind(name, &tr!("a mapping (`key: value` lines)"), other);
                None
            }
        }
    }

    /// Adds the diagnostics of an inner mapping.
    pub fn absorb(&mut self, diagnostics: Vec<Diagnostic>) {
        self.diagnostics.extend(diagnostics);
    }

    /// The names of all fields, for a mapping with names of its own.
    #[must_use]
    pub fn names(&self) -> Vec<&'a str> {
        self.entries.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// The node under `name`, which becomes a known field. Null counts as absent.
    pub fn get(&mut self, name: &str) -> Option<&'a Node> {
        #[cfg(test)]
        asked::record(&self.parents, name);
        self.known.insert(name.to_owned());
        let (_, node) = self.entries.iter().find(|(key, _)| key == name)?;
        (*node != Node::Null).then_some(node)
    }

    /// The first of several names for one field that is present and not an empty text, with its
    /// node. Further ones that are present are reported.
    pub fn first(&mut self, names: &[&'a str]) -> Option<(&'a str, &'a Node)> {
        let mut found: Option<(&'a str, &'a Node)> = None;
        for name in names {
            let Some(node) = self.get(name) else { continue };
            if node.text().is_some_and(|text| clean(text).is_empty()) {
                continue;
            }
            match found {
                None => found = Some((name, node)),
                Some((first, _)) => {
                    let message =
                        tr!("`{name}` is another name for `{first}`, which is given too", name, first);
                    let place = self.place(name);
                    self.diagnostics.push(
                        Diagnostic::warning(message)
                            .at(place)
                            .label(tr!("not used"))
                            .help(tr!("keep one of the two lines")),
                    );
                }
            }
        }
        found
    }

    /// The text under the first of `names` that is present, cleaned; empty counts as absent.
    pub fn text(&mut self, names: &[&'a str]) -> Option<(&'a str, String)> {
        let (name, node) = self.first(names)?;
        if let Some(text) = node.text() {
            let text = clean(text);
            return (!text.is_empty()).then_some((name, text));
        }
        self.wrong_kind(name, &tr!("a text"), node);
        None
    }

    /// The boolean under `name`: `true`, `yes`, `on`, or `false`, `no`, `off`, in any case.
    pub fn flag(&mut self, name: &'a str) -> Option<bool> {
        self.boolean(name, marked!("`true` or `false`"))
    }

    /// The same for a setting, which is written `on` or `off`.
    pub fn switch(&mut self, name: &'a str) -> Option<bool> {
        self.boolean(name, marked!("`on` or `off`"))
    }

    fn boolean(&mut self, name: &'a str, wanted: &str) -> Option<bool> {
        let node = self.get(name)?;
        let switched = node.switch();
        if switched.is_none() {
            self.wrong_kind(name, &tr!(wanted), node);
        }
        switched
    }

    /// The whole number under `name`; one outside `range` is reported.
    pub fn number(&mut self, name: &'a str, range: std::ops::RangeInclusive<usize>) -> Option<usize> {
        let node = self.get(name)?;
        let number = node.text().and_then(|text| text.parse().ok()).filter(|number| range.contains(number));
        if number.is_none() {
            let wanted =
                tr!("a whole number from {least} to {most}", least = range.start(), most = range.end());
            self.wrong_kind(name, &wanted, node);
        }
        number
    }

    /// The mapping under `extra`, for templates: any fields, without dropped characters.
    pub fn extra(&mut self) -> Option<Node> {
        match self.get("extra")? {
            extra @ Node::Map(_) => Some(extra.map_texts(|text| dropped::remove(text).into_owned())),
            other => {
                self.wrong_kind("extra", &tr!("a mapping (`key: value` lines)"), other);
                None
            }
        }
    }

    /// The list of texts under `name`; a single text counts as a list of one. Other items are
    /// reported.
    pub fn texts(&mut self, name: &'a str) -> Vec<String> {
        match self.get(name) {
            None => Vec::new(),
            Some(Node::List(items)) => self.items(name, items),
            Some(node) => match node.text() {
                Some(text) => vec![clean(text)],
                None => {
                    self.wrong_kind(name, &tr!("a list of texts"), node);
                    Vec::new()
                }
            },
        }
    }

    /// The texts among the `items` of the list under `name`. Nulls and empty texts are skipped;
    /// other kinds are reported, and reading ends after 20 of them.
    pub fn items(&mut self, name: &str, items: &[Node]) -> Vec<String> {
        let mut texts = Vec::with_capacity(items.len());
        let mut mistakes = 0;
        for item in items {
            mistakes += usize::from(matches!(item, Node::Map(_) | Node::List(_)));
            if mistakes > MAX_PER_KIND {
                break;
            }
            match (item, item.text()) {
                (_, Some(text)) => texts.push(clean(text)),
                (Node::Null, _) => {}
                (Node::Map(entries), _) => {
                    let key = entries.first().map_or("", |(key, _)| key.as_str());
                    let place = self.place_within(name, &format!("{key}:"));
                    self.diagnostics.push(
                        Diagnostic::error(tr!(
                            "an item of `{name}` is not a text: `{key}:` makes it a mapping",
                            name,
                            key
                        ))
                        .at(place)
                        .help(tr!("put the item in quotes: it contains `: `")),
                    );
                }
                _ => {
                    self.error(
                        name,
                        tr!("an item of `{name}` is not a text", name),
                        tr!("write a flat list"),
                    );
                }
            }
        }
        texts.retain(|text| !text.is_empty());
        texts
    }

    /// The place of the value under `name`.
    #[must_use]
    pub fn place(&self, name: &str) -> Place {
        let mut path: Vec<&str> = self.parents.clone();
        path.push(name);
        self.document.value_place(&path)
    }

    /// The place of the first `words` after the key `name`; the place of its value if there are
    /// none. In a flow mapping (`{…}`), the first `words` after the key of the mapping.
    #[must_use]
    pub fn place_within(&self, name: &str, words: &str) -> Place {
        let mut path: Vec<&str> = self.parents.clone();
        path.push(name);
        let yaml = self.document.yaml;
        let keys = (1..=path.len()).rev().filter_map(|depth| yaml::key_span(yaml, &path[..depth], 0));
        let start = keys.map(|span| span.end).next();
        let at = start.and_then(|start| yaml[start..].find(words).map(|at| start + at));
        at.map_or_else(|| self.place(name), |at| self.document.place(at..at + words.len()))
    }

    /// Reports that the value of `name` is not of the `wanted` kind.
    pub fn wrong_kind(&mut self, name: &str, wanted: &str, found: &Node) {
        let found = found.text().map_or_else(|| found.kind(), |text| format!("`{}`", shorten(text)));
        let place = self.place(name);
        self.diagnostics.push(
            Diagnostic::error(tr!("`{name}` has to be {wanted}, but it is {found}", name, wanted, found))
                .at(place)
                .help(tr!("write `{name}:` followed by {wanted}", name, wanted)),
        );
    }

    /// Reports an error at the value of `name`.
    pub fn error(&mut self, name: &str, message: impl Into<String>, help: impl Into<String>) {
        let place = self.place(name);
        self.diagnostics.push(Diagnostic::error(message).at(place).help(help));
    }

    /// Reports an error at the first `words` after the key `name`.
    pub fn error_within(
        &mut self,
        name: &str,
        words: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let place = self.place_within(name, words);
        self.diagnostics.push(Diagnostic::error(message).at(place).help(help));
    }

    /// Reports every field that was not read, and returns all diagnostics of the mapping.
    #[must_use]
    pub fn finish(mut self) -> Vec<Diagnostic> {
        let unknown: Vec<&String> =
            self.entries.iter().map(|(key, _)| key).filter(|key| !self.known.contains(*key)).collect();
        if unknown.len() > MAX_PER_KIND {
            let message = tr!(
                "{count} fields here are unknown; the first {shown} are shown",
                count = unknown.len(),
                shown = MAX_PER_KIND
            );
            let place = self.document.place(0..0);
            self.diagnostics.push(
                Diagnostic::warning(message)
                    .at(place)
                    .help(tr!("check that these lines are fields of newsprint")),
            );
        }
        for key in unknown.into_iter().take(MAX_PER_KIND) {
            let other = OTHER_NAMES.iter().find(|(other, _)| key.eq_ignore_ascii_case(other));
            let ours = other.map(|(_, ours)| *ours).filter(|ours| self.known.contains(*ours));
            let help = match ours.or_else(|| nearest(key, self.known.iter().map(String::as_str))) {
                _ if key.starts_with('\u{3000}') => {
                    tr!("delete the full-width space (U+3000) at the beginning of the line")
                }
                Some(name) => tr!("did you mean `{name}`?", name),
                None if self.parents.is_empty() && self.known.contains("extra") => {
                    tr!("remove it, or move it under `extra:` where templates can read it")
                }
                None => {
                    let known: Vec<_> = self.known.iter().map(|name| format!("`{name}`")).collect();
                    tr!("the fields here are {names}", names = known.join(&tr!("list" => ", ")))
                }
            };
            let mut path: Vec<&str> = self.parents.clone();
            path.push(key);
            let place = self.document.key_place(&path, 0);
            self.diagnostics
                .push(Diagnostic::warning(tr!("unknown field `{key}`", key)).at(place).help(help));
        }
        self.diagnostics
    }
}

fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
pub(crate) mod asked;

#[cfg(test)]
mod tests;
