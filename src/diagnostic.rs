//! Diagnostics as data (message, place, help), and the only code that draws them.

mod arrow;

use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

use crate::text::excerpt::bounded;
use crate::text::lines::LinedText;
pub use crate::text::printed::{printable, printable_json, printable_line};

/// The severity of a diagnostic. An error stops the build before anything is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The build fails.
    Error,
    /// The build succeeds, unless `--strict` is passed.
    Warning,
}

/// A place in a text file, with the text of its line.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Place {
    /// Relative to the digest's root, with `/` on every platform.
    pub path: String,
    /// Line, from 1; 0 if the place is a whole file.
    pub line: usize,
    /// Column in characters, from 1; 0 if the place is a whole file.
    pub column: usize,
    /// The line's text without its line break; an excerpt if the line is long.
    pub text: String,
    /// The marked bytes of `text`; empty at the end of a line.
    pub range: Range<usize>,
}

/// JSON reports have path, line and column; caches (binary) keep the text and range, too.
impl Serialize for Place {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let whole = !serializer.is_human_readable();
        let mut fields = serializer.serialize_struct("Place", if whole { 5 } else { 3 })?;
        fields.serialize_field("path", &self.path)?;
        fields.serialize_field("line", &self.line)?;
        fields.serialize_field("column", &self.column)?;
        if whole {
            fields.serialize_field("text", &self.text)?;
            fields.serialize_field("range", &self.range)?;
        }
        fields.end()
    }
}

impl Place {
    /// The place of `span` (bytes) in `source`. A span over several lines is cut at the end of the
    /// first. Of a longer line, 25 characters before the span and 100 from its start on are kept:
    /// the excerpt is bounded, however long the line is.
    #[must_use]
    pub fn at(path: &str, source: &LinedText<'_>, span: Range<usize>) -> Self {
        let start = floor_boundary(source, span.start);
        let end = floor_boundary(source, span.end.max(start));
        let Range { start: line_start, end: line_end } = source.line_range(start);
        let line = source[line_start..line_end].trim_end_matches('\r');
        let range = (start - line_start).min(line.len())..(end.min(line_end) - line_start).min(line.len());
        let (text, range) = clip_line(line, range);
        Self { path: path.to_owned(), line: source.line(start), column: source.column(start), text, range }
    }

    /// The line with replacements for characters that steer a terminal, and the marked bytes in it.
    fn printable(&self) -> (String, Range<usize>) {
        let cut = |at: usize| floor_boundary(&self.text, at);
        let (start, end) = (cut(self.range.start), cut(self.range.end.max(self.range.start)));
        // The renderer draws no line for an empty source; a space keeps the line and its caret.
        if self.text.is_empty() {
            return (" ".to_owned(), 0..0);
        }
        let mut text = printable_line(&self.text[..start]);
        let from = text.len();
        text.push_str(&printable_line(&self.text[start..end]));
        let to = text.len();
        text.push_str(&printable_line(&self.text[end..]));
        (text, from..to)
    }

    /// A place that is a whole file or folder, without a line.
    #[must_use]
    pub fn file(path: &str) -> Self {
        Self { path: path.to_owned(), line: 0, column: 0, text: String::new(), range: 0..0 }
    }

    /// True if the range is in the text and the numbers are those of a file. A place from a cache
    /// may have others.
    pub(crate) fn is_possible(&self) -> bool {
        self.text.get(self.range.clone()).is_some() && self.line.max(self.column) <= u32::MAX as usize
    }
}

/// Characters of a long line that are kept before the start of the marked range.
const MAX_BEFORE: usize = 25;
/// Characters of a long line that are kept from the start of the marked range on.
const MAX_AFTER: usize = 100;

fn clip_line(line: &str, range: Range<usize>) -> (String, Range<usize>) {
    let (before, after) = line.split_at(range.start);
    let from = before.char_indices().rev().take(MAX_BEFORE).last().map_or(before.len(), |(at, _)| at);
    let to = range.start + after.char_indices().nth(MAX_AFTER).map_or(after.len(), |(at, _)| at);
    let mut text = String::from(if from > 0 { "…" } else { "" });
    let start = text.len() + range.start - from;
    text.push_str(&line[from..to]);
    let end = start + range.end.min(to) - range.start;
    if to < line.len() {
        text.push('…');
    }
    (text, start..end)
}

/// The last character boundary at or before byte `at`.
fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// An error or a warning. Every stage returns its diagnostics; the library prints none.
///
/// ```
/// # let digest = tempfile::tempdir().unwrap();
/// # let folder = digest.path();
/// # std::fs::create_dir_all(folder.join("content/articles")).unwrap();
/// # std::fs::write(folder.join("newsprint.yaml"), "base_url: https://example.org/\n").unwrap();
/// let article = "---\ntitle: 一\ndate: 昨天\n---\n";
/// std::fs::write(folder.join("content/articles/a.md"), article).unwrap();
///
/// let report = newsprint::build(&newsprint::Options::new(folder));
/// assert!(!report.success);
/// let place = report.diagnostics[0].place.as_ref().unwrap();
/// assert_eq!((place.path.as_str(), place.line), ("content/articles/a.md", 3));
/// // Drawn with the line and a caret, without colours.
/// assert!(report.diagnostics[0].draw(false).contains("3 | date: 昨天"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// The error, in one sentence.
    pub message: String,
    /// The place of the error, if it has one.
    pub place: Option<Place>,
    /// One or two words beside the caret; may be empty.
    #[serde(skip)]
    pub label: String,
    /// How to fix it.
    pub help: Option<String>,
    /// The stable code of the rule, for findings of `newsprint check`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
}

impl Diagnostic {
    /// Creates an error.
    #[must_use]
    pub fn error(message: impl Into<String>) -> Self {
        Self::new(Severity::Error, message.into())
    }

    /// Creates a warning.
    #[must_use]
    pub fn warning(message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, message.into())
    }

    fn new(severity: Severity, message: String) -> Self {
        let message = bounded(message);
        Self { severity, message, place: None, label: String::new(), help: None, code: None }
    }

    /// Adds the place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Adds the text beside the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = bounded(label.into());
        self
    }

    /// Adds the help.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(bounded(help.into()));
        self
    }

    /// Adds the rule's code.
    #[must_use]
    pub fn coded(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    /// Whether this is an error.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// Draws the diagnostic for a terminal: several lines, without a trailing line break.
    #[must_use]
    pub fn draw(&self, colour: bool) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR.with_name(tr!("error")),
            Severity::Warning => Level::WARNING.with_name(tr!("warning")),
        };
        let message = printable(&self.message);
        let label = printable(&self.label);
        let help = self.help.as_deref().map(printable);
        // A file's name may contain a line break.
        let path = self.place.as_ref().map(|place| printable_line(&place.path)).unwrap_or_default();
        let title = level.primary_title(message);
        let title = if let Some(code) = self.code { title.id(code) } else { title };
        let mut group: Group<'_> = Group::with_title(title);
        if let Some(place) = &self.place {
            if place.line == 0 {
                group = group.element(Origin::path(path));
            } else {
                let (text, range) = place.printable();
                let span = AnnotationKind::Primary.span(range);
                let span = if label.is_empty() { span } else { span.label(label) };
                group =
                    group.element(Snippet::source(text).line_start(place.line).path(path).annotation(span));
            }
        }
        if let Some(help) = help {
            group = group.element(Level::HELP.with_name(tr!("help")).message(help));
        }
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let drawn = renderer.render(&[group]);
        match &self.place {
            Some(place) => arrow::correct(&drawn, place.line, place.column),
            None => drawn,
        }
    }
}

/// Sorts by file, then line and column, then errors before warnings; those without a place come
/// first.
pub fn sort(diagnostics: &mut [Diagnostic]) {
    fn key(diagnostic: &Diagnostic) -> Option<(&str, usize, usize)> {
        diagnostic.place.as_ref().map(|place| (place.path.as_str(), place.line, place.column))
    }
    diagnostics.sort_by(|a, b| match key(a).cmp(&key(b)) {
        // Not by the text, whose order depends on the language: the stages report in a fixed order.
        Ordering::Equal => a.severity.cmp(&b.severity),
        order => order,
    });
}

/// Keeps what is drawn: the first three of the warnings with the same message, of which the third
/// says how many more there are, and at most 1,000 diagnostics in all. A digest with the same
/// unknown field in every file has one problem, not thousands.
#[must_use]
pub fn condense(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    const MAX_REPEATS: usize = 3;
    const MAX_DRAWN: usize = 1000;
    let mut total: HashMap<String, usize> = HashMap::new();
    for diagnostic in diagnostics.iter().filter(|diagnostic| !diagnostic.is_error()) {
        *total.entry(diagnostic.message.clone()).or_default() += 1;
    }
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut kept = Vec::with_capacity(diagnostics.len());
    for mut diagnostic in diagnostics {
        if !diagnostic.is_error() {
            let count = seen.entry(diagnostic.message.clone()).or_default();
            *count += 1;
            if *count > MAX_REPEATS {
                continue;
            }
            let more = total.get(&diagnostic.message).map_or(0, |total| total.saturating_sub(MAX_REPEATS));
            if *count == MAX_REPEATS && more > 0 {
                diagnostic.message = tr!(
                    "{message} (and in {n} more place)" | "{message} (and in {n} more places)" % more,
                    message = diagnostic.message
                );
            }
        }
        kept.push(diagnostic);
    }
    let rest = kept.split_off(kept.len().min(MAX_DRAWN));
    if let Some(severity) = rest.iter().map(|found| found.severity).min() {
        let message = tr!("{n} more problem is not shown" | "{n} more problems are not shown" % rest.len());
        kept.push(Diagnostic::new(severity, message).help(tr!("the report of `--json` lists all of them")));
    }
    kept
}

/// The nearest of `known` to a misspelt name, whatever their case, for "did you mean …?". `None` if
/// the Damerau-Levenshtein distance is greater than a third of the candidate's characters, and
/// than 1.
#[must_use]
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = written.to_lowercase();
    let length = lower.chars().count();
    let max_distance = |candidate: &str| 1.max(candidate.chars().count() / 3);
    known
        .into_iter()
        // The distance is at least the difference in length; a long name costs no comparison.
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= max_distance(candidate))
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= max_distance(candidate))
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests;
