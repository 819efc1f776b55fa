//! Reads named fields out of a YAML mapping and collects what is wrong with them, each with its place.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Place, nearest};
use crate::yaml::{self, Node};

/// Diagnostics of one kind that a mapping can give cause for: finding a place means searching the text.
const MAX_DUPLICATES: usize = 20;

/// A YAML text inside a file: the whole file, or the front matter of one.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    /// The file's path relative to the digest's root.
    pub path: &'a str,
    /// The whole file's text, for drawing places.
    pub source: &'a str,
    /// Where the YAML starts in `source`.
    pub start: usize,
    /// The YAML.
    pub yaml: &'a str,
}

impl<'a> Document<'a> {
    /// Parses the YAML as a mapping; an empty document is an empty mapping.
    ///
    /// # Errors
    /// Bad syntax, a document that is not a mapping, duplicate keys: all that were found.
    pub fn parse(&self) -> Result<Vec<(String, Node)>, Vec<Diagnostic>> {
        let node = yaml::parse(self.yaml).map_err(|error| vec![self.syntax_error(&error)])?;
        let duplicates: Vec<_> = yaml::duplicates(&node)
            .into_iter()
            .take(MAX_DUPLICATES)
            .map(|(path, occurrence)| {
                let keys: Vec<_> = path.iter().map(String::as_str).collect();
                let name = keys.join(".");
                Diagnostic::error(format!("`{name}` is given twice"))
                    .at(self.key_place(&keys, occurrence))
                    .label("again")
                    .help("keep one of the two lines")
            })
            .collect();
        if !duplicates.is_empty() {
            return Err(duplicates);
        }
        match node {
            Node::Map(entries) => Ok(entries),
            Node::Null => Ok(Vec::new()),
            other => Err(vec![
                Diagnostic::error(format!("expected `name: value` lines, found {}", other.kind()))
                    .at(self.place(0..self.yaml.lines().next().map_or(0, str::len)))
                    .help("write one field a line, as in `title: …`"),
            ]),
        }
    }

    fn syntax_error(&self, error: &yaml::SyntaxError) -> Diagnostic {
        let at = error.at.unwrap_or(0).min(self.yaml.len());
        // Scanners notice an unclosed quote at the end of the text, after its last line break.
        let at = if at == self.yaml.len() { self.yaml.trim_end().len() } else { at };
        let line_start = self.yaml[..at].rfind('\n').map_or(0, |at| at + 1);
        let before = &self.yaml[..line_start];
        let previous = before.trim_end().rsplit('\n').next().unwrap_or("");
        let full_width = [previous, self.yaml[line_start..].lines().next().unwrap_or("")]
            .into_iter()
            .find(|line| line.contains('：') && !line.contains(": ") && !line.ends_with(':'));
        if let Some(line) = full_width {
            let at = self.yaml.find(line).unwrap_or(at) + line.find('：').unwrap_or(0);
            return Diagnostic::error("this field is written with a full-width colon")
                .at(self.place(at..at + '：'.len_utf8()))
                .help("write `: `, a half-width colon and a space");
        }
        let help = if self.yaml[at..].starts_with('\t') {
            "indent with spaces: YAML knows no tabs"
        } else if error.message.contains("could not find expected ':'") {
            "write the field as `name: value`; if this line belongs to the body, the line `---` above it is missing"
        } else if error.message.contains("mapping values are not allowed") {
            "put the value in quotes: a text that holds `: ` has to be quoted"
        } else if error.message.contains("cannot start any token") {
            "put the value in quotes: it starts with a character that means something else in YAML"
        } else if error.message.contains("quoted scalar")
            || error.message.contains("unexpected end of stream")
        {
            "close the quotes, or put the whole value in 'single' quotes"
        } else if error.message.contains("more than one document") {
            "remove the `---` line inside the document"
        } else if error.message.contains("recursion limit") || error.message.contains("too deep") {
            "flatten it: mappings and lists may be nested 128 deep"
        } else if error.message.contains("repeat too much") {
            "write the values out instead of repeating them through aliases"
        } else {
            "see https://yaml.org/spec/1.2.2/ for the syntax, or put the value in quotes"
        };
        Diagnostic::error(format!("this is not YAML: {}", error.message))
            .at(self.place(at..at + 1))
            .help(help)
    }

    /// The place of bytes of the YAML.
    #[must_use]
    pub fn place(&self, span: std::ops::Range<usize>) -> Place {
        Place::at(self.path, self.source, self.start + span.start..self.start + span.end)
    }

    fn key_place(&self, path: &[&str], occurrence: usize) -> Place {
        // In flow style the nearest parent that can be found has to do.
        let found = yaml::key_span(self.yaml, path, occurrence);
        let parent =
            || (1..path.len()).rev().find_map(|length| yaml::key_span(self.yaml, &path[..length], 0));
        self.place(found.or_else(parent).unwrap_or(0..0))
    }

    /// The place of the value at `path`, of its key where the value is on other lines.
    #[must_use]
    pub fn value_place(&self, path: &[&str]) -> Place {
        // In flow style the nearest parent that can be found has to do.
        let span = (1..=path.len()).rev().find_map(|length| yaml::key_span(self.yaml, &path[..length], 0));
        self.place(span.map_or(0..0, |key| yaml::value_span(self.yaml, key)))
    }
}

/// The fields of one mapping. Ask for every field that is known, then [`Fields::finish`].
pub struct Fields<'a> {
    document: Document<'a>,
    parents: Vec<&'a str>,
    entries: &'a [(String, Node)],
    known: BTreeSet<String>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Fields<'a> {
    /// The fields of a document's top level.
    #[must_use]
    pub fn new(document: Document<'a>, entries: &'a [(String, Node)]) -> Self {
        Self { document, parents: Vec::new(), entries, known: BTreeSet::new(), diagnostics: Vec::new() }
    }

    /// The fields of the mapping under `name`, or `None` when it is absent or no mapping (which is reported).
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
                self.wrong_kind(name, "a mapping (`key: value` lines)", other);
                None
            }
        }
    }

    /// Adds what a mapping inside this one found.
    pub fn absorb(&mut self, diagnostics: Vec<Diagnostic>) {
        self.diagnostics.extend(diagnostics);
    }

    /// The node under `name`; null counts as absent.
    pub fn get(&mut self, name: &str) -> Option<&'a Node> {
        #[cfg(test)]
        asked::note(&self.parents, name);
        self.known.insert(name.to_owned());
        let (_, node) = self.entries.iter().find(|(key, _)| key == name)?;
        (*node != Node::Null).then_some(node)
    }

    /// The first of several names for the same field that is present and no empty text, with its node. Further ones are reported.
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
                    let message = format!("`{name}` is another name for `{first}`, which is given too");
                    let place = self.place(name);
                    self.diagnostics.push(
                        Diagnostic::warning(message)
                            .at(place)
                            .label("not used")
                            .help("keep one of the two lines"),
                    );
                }
            }
        }
        found
    }

    /// A text under the first of `names`, trimmed; empty counts as absent.
    pub fn text(&mut self, names: &[&'a str]) -> Option<(&'a str, String)> {
        let (name, node) = self.first(names)?;
        if let Some(text) = node.text() {
            let text = clean(text);
            return (!text.is_empty()).then_some((name, text));
        }
        self.wrong_kind(name, "a text", node);
        None
    }

    /// `true` or `false` under `name`.
    pub fn flag(&mut self, name: &'a str) -> Option<bool> {
        let node = self.get(name)?;
        match node.text().map(str::to_lowercase).as_deref() {
            Some("true" | "yes" | "on") => Some(true),
            Some("false" | "no" | "off") => Some(false),
            _ => {
                self.wrong_kind(name, "`true` or `false`", node);
                None
            }
        }
    }

    /// A whole number from `range` under `name`.
    pub fn number(&mut self, name: &'a str, range: std::ops::RangeInclusive<usize>) -> Option<usize> {
        let node = self.get(name)?;
        let number = node.text().and_then(|text| text.parse().ok()).filter(|number| range.contains(number));
        if number.is_none() {
            let wanted = format!("a whole number from {} to {}", range.start(), range.end());
            self.wrong_kind(name, &wanted, node);
        }
        number
    }

    /// A list of texts (one text counts as a list of one); other items are reported.
    pub fn texts(&mut self, name: &'a str) -> Vec<String> {
        match self.get(name) {
            None => Vec::new(),
            Some(Node::List(items)) => self.items(name, items),
            Some(node) => match node.text() {
                Some(text) => vec![clean(text)],
                None => {
                    self.wrong_kind(name, "a list of texts", node);
                    Vec::new()
                }
            },
        }
    }

    /// The texts of a list under `name`; nulls and empty texts are passed over, other kinds are reported.
    pub fn items(&mut self, name: &str, items: &[Node]) -> Vec<String> {
        let mut texts = Vec::with_capacity(items.len());
        let mut mistakes = 0;
        for item in items {
            mistakes += usize::from(matches!(item, Node::Map(_) | Node::List(_)));
            if mistakes > MAX_DUPLICATES {
                break;
            }
            match (item, item.text()) {
                (_, Some(text)) => texts.push(clean(text)),
                (Node::Null, _) => {}
                (Node::Map(entries), _) => {
                    let key = entries.first().map_or("", |(key, _)| key.as_str());
                    let place = self.place_within(name, &format!("{key}:"));
                    self.diagnostics.push(
                        Diagnostic::error(format!(
                            "an item of `{name}` is not a text: `{key}:` makes it a mapping"
                        ))
                        .at(place)
                        .help("put the item in quotes, since it holds `: `"),
                    );
                }
                _ => self.error(name, format!("an item of `{name}` is not a text"), "write a flat list"),
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

    /// The place where `words` first stand after the field `name` begins; the field's own where they do not.
    #[must_use]
    pub fn place_within(&self, name: &str, words: &str) -> Place {
        let mut path: Vec<&str> = self.parents.clone();
        path.push(name);
        let yaml = self.document.yaml;
        let start = yaml::key_span(yaml, &path, 0).map(|span| span.end);
        let at = start.and_then(|start| yaml[start..].find(words).map(|at| start + at));
        at.map_or_else(|| self.place(name), |at| self.document.place(at..at + words.len()))
    }

    /// Reports that `name` is something else than it has to be.
    pub fn wrong_kind(&mut self, name: &str, wanted: &str, found: &Node) {
        let found =
            found.text().map_or_else(|| found.kind().to_owned(), |text| format!("`{}`", shorten(text)));
        let place = self.place(name);
        self.diagnostics.push(
            Diagnostic::error(format!("`{name}` has to be {wanted}, but it is {found}"))
                .at(place)
                .help(format!("write `{name}:` followed by {wanted}")),
        );
    }

    /// Reports an error at the value of `name`.
    pub fn error(&mut self, name: &str, message: impl Into<String>, help: impl Into<String>) {
        let place = self.place(name);
        self.diagnostics.push(Diagnostic::error(message).at(place).help(help));
    }

    /// Reports an error at `words`, which stand somewhere below `name`.
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

    /// Reports every field that nobody asked for, and hands over all that was found.
    #[must_use]
    pub fn finish(mut self) -> Vec<Diagnostic> {
        let unknown: Vec<&String> =
            self.entries.iter().map(|(key, _)| key).filter(|key| !self.known.contains(*key)).collect();
        if unknown.len() > MAX_DUPLICATES {
            let message =
                format!("{} fields here are not known to newsprint; the first are shown", unknown.len());
            let place = self.document.place(0..0);
            self.diagnostics
                .push(Diagnostic::warning(message).at(place).help("is this front matter at all?"));
        }
        for key in unknown.into_iter().take(MAX_DUPLICATES) {
            let help = match nearest(key, self.known.iter().map(String::as_str)) {
                Some(name) => format!("did you mean `{name}`?"),
                None if self.parents.is_empty() && self.known.contains("extra") => {
                    "remove it, or move it under `extra:` where templates can read it".to_owned()
                }
                None => {
                    let known: Vec<_> = self.known.iter().map(|name| format!("`{name}`")).collect();
                    format!("known here: {}", known.join(", "))
                }
            };
            let mut path: Vec<&str> = self.parents.clone();
            path.push(key);
            let place = self.document.key_place(&path, 0);
            self.diagnostics.push(
                Diagnostic::warning(format!("`{key}` is not a field that newsprint knows"))
                    .at(place)
                    .help(help),
            );
        }
        self.diagnostics
    }
}

/// A field's text without surrounding white space and without characters that XML 1.0 (section 2.2) forbids, since
/// every field ends up in a feed.
#[must_use]
pub fn clean(text: &str) -> String {
    let text = text.trim();
    if !holds_forbidden(text) {
        return text.to_owned();
    }
    text.chars().filter(|c| !forbidden_in_xml(*c)).collect::<String>().trim().to_owned()
}

/// XML 1.0, section 2.2: characters that no document may hold, not even as a reference.
#[must_use]
pub fn forbidden_in_xml(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// Does a text hold such a character? Nearly none does, and bytes tell it faster than characters.
#[must_use]
pub fn holds_forbidden(text: &str) -> bool {
    let bytes = text.as_bytes();
    // No early end, so that the compiler can look at many bytes at once.
    let control =
        bytes.iter().fold(false, |found, &b| found | (b < b' ' && b != b'\t' && b != b'\n' && b != b'\r'));
    // U+FFFE and U+FFFF are EF BF BE and EF BF BF.
    let (second, third) = (bytes.get(1..).unwrap_or_default(), bytes.get(2..).unwrap_or_default());
    let triples = bytes.iter().zip(second).zip(third);
    control | triples.fold(false, |found, ((&a, &b), &c)| found | ((a == 0xEF) & (b == 0xBF) & (c >= 0xBE)))
}

fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// Which fields a reader asks for, so that tests can hold the guide's tables equal to it.
#[cfg(test)]
pub(crate) mod asked {
    use std::cell::RefCell;
    use std::collections::BTreeSet;

    thread_local! {
        static ASKED: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
    }

    pub(super) fn note(parents: &[&str], name: &str) {
        let path = [parents, &[name]].concat().join(".");
        ASKED.with_borrow_mut(|asked| asked.insert(path));
    }

    /// What is asked for while `read` runs, as in `feeds.limit`.
    pub(crate) fn during(read: impl FnOnce()) -> BTreeSet<String> {
        ASKED.take();
        read();
        ASKED.take()
    }
}
