//! A YAML text inside a file: parses it, and finds the places of its keys and values.

use crate::diagnostic::{Diagnostic, Place};
use crate::fields::MAX_PER_KIND;
use crate::text::lines::LinedText;
use crate::yaml::{self, Node};

/// A YAML text inside a file: the whole file, or its front matter.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    /// The file's path relative to the digest's root.
    pub path: &'a str,
    /// The whole file's text, for drawing places.
    pub source: &'a LinedText<'a>,
    /// Byte of `source` at which the YAML starts.
    pub start: usize,
    /// The YAML.
    pub yaml: &'a str,
}

impl<'a> Document<'a> {
    /// Parses the YAML as a mapping; an empty document is an empty mapping.
    ///
    /// # Errors
    /// One diagnostic for bad syntax or a document that is not a mapping; one for each duplicate
    /// key, up to 20.
    pub fn parse(&self) -> Result<Vec<(String, Node)>, Vec<Diagnostic>> {
        let node = yaml::parse(self.yaml).map_err(|error| vec![self.syntax_error(&error)])?;
        let duplicates: Vec<_> = yaml::duplicates(&node)
            .into_iter()
            .take(MAX_PER_KIND)
            .map(|(path, occurrence)| {
                let keys: Vec<_> = path.iter().map(String::as_str).collect();
                let name = keys.join(".");
                Diagnostic::error(tr!("`{name}` is given twice", name))
                    .at(self.key_place(&keys, occurrence))
                    .label(tr!("again"))
                    .help(tr!("keep one of the two lines"))
            })
            .collect();
        if !duplicates.is_empty() {
            return Err(duplicates);
        }
        match node {
            Node::Map(entries) => Ok(entries),
            Node::Null => Ok(Vec::new()),
            // The whole text is one value.
            other => Err(vec![match yaml::full_width_colon(self.yaml, 0)
                .or_else(|| yaml::unspaced_colon(self.yaml, 0))
            {
                Some(mistake) => self.draw_mistake(mistake),
                None => {
                    Diagnostic::error(tr!("expected `name: value` lines, found {kind}", kind = other.kind()))
                        .at(self.place(0..self.yaml.lines().next().map_or(0, str::len)))
                        .help(tr!("write one field on each line, as in `title: …`"))
                }
            }]),
        }
    }

    fn syntax_error(&self, error: &yaml::SyntaxError) -> Diagnostic {
        let at = error.at.unwrap_or(0).min(self.yaml.len());
        // The scanner reports an unclosed quote at the end of the text, after its last line break.
        let at = if at == self.yaml.len() { self.yaml.trim_end().len() } else { at };
        if let Some(mistake) = yaml::find_mistake(self.yaml, at) {
            return self.draw_mistake(mistake);
        }
        let reason = yaml::syntax_message(&error.message);
        Diagnostic::error(tr!("this is not YAML: {reason}", reason))
            .at(self.place(at..at + 1))
            .help(yaml::syntax_hint(&error.message, &self.yaml[at..]))
    }

    fn draw_mistake(&self, mistake: yaml::Mistake) -> Diagnostic {
        self.draw(mistake, Diagnostic::error)
    }

    pub(super) fn draw(&self, mistake: yaml::Mistake, severity: fn(String) -> Diagnostic) -> Diagnostic {
        severity(mistake.message).at(self.place(mistake.span)).help(mistake.help)
    }

    /// The place of a span of the YAML, in bytes.
    #[must_use]
    pub fn place(&self, span: std::ops::Range<usize>) -> Place {
        Place::at(self.path, self.source, self.start + span.start..self.start + span.end)
    }

    /// The place of the key at the end of `path`; `occurrence` counts the same key in one mapping.
    #[must_use]
    pub fn key_place(&self, path: &[&str], occurrence: usize) -> Place {
        // Keys in flow style are not found: their nearest parent in block style is shown.
        let found = yaml::key_span(self.yaml, path, occurrence);
        let parent =
            || (1..path.len()).rev().find_map(|length| yaml::key_span(self.yaml, &path[..length], 0));
        self.place(found.or_else(parent).unwrap_or(0..0))
    }

    /// The place of the value at `path`; that of its key if the value is on other lines.
    #[must_use]
    pub fn value_place(&self, path: &[&str]) -> Place {
        // Keys in flow style are not found: their nearest parent in block style is shown.
        let span = (1..=path.len()).rev().find_map(|length| yaml::key_span(self.yaml, &path[..length], 0));
        self.place(span.map_or(0..0, |key| yaml::value_span(self.yaml, key)))
    }
}
