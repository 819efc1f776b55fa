//! Defines a finding of a check, finds its place in the sources, and sorts findings.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::path::Path;
use std::rc::Rc;

use serde::Serialize;

use crate::check::variant::Evidence;
use crate::config::Config;
use crate::config::Rule;
use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::fingerprint::Fingerprint;
use crate::fs::Root;
use crate::load::markdown::files;
use crate::load::markdown::names::Names;
use crate::load::source;
use crate::text::excerpt::bounded;
use crate::text::lines::LinedText;

/// A term that a finding is about.
#[derive(Debug, Clone, Serialize)]
pub struct FoundTerm {
    /// The name of its taxonomy.
    pub taxonomy: String,
    /// The spelling that pages show.
    pub name: String,
    /// The number of articles that carry it.
    pub count: usize,
    /// The source files of up to three of these articles.
    pub examples: Vec<String>,
}

/// A finding of a check.
#[derive(Debug, Serialize)]
pub struct Finding {
    /// The name of the rule. It never changes; see [`Rule::code`].
    pub code: &'static str,
    /// An error fails the check. A warning fails it with [`crate::check::Options::strict`].
    pub severity: Severity,
    /// The problem, in one line.
    pub message: String,
    /// A line of a source file, or the page that shows the problem.
    pub place: Option<Place>,
    /// Advice on how to fix it.
    pub help: String,
    /// The paths of the first pages that show the problem, up to three.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<String>,
    /// The number of pages that show the problem.
    #[serde(skip_serializing_if = "is_zero")]
    pub count: usize,
    /// For likely duplicates: the evidence, best first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// For findings about terms: the terms. The term that duplicates are to be merged into is
    /// first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<FoundTerm>,
    /// For findings about terms: lines for `content/terms.yaml`, below the name of the taxonomy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paste: Option<String>,
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl Finding {
    /// Creates a finding with the default severity of its rule.
    #[must_use]
    pub fn new(rule: Rule, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            code: rule.code(),
            severity: rule.severity(),
            message: bounded(message.into()),
            place: None,
            help: bounded(help.into()),
            pages: Vec::new(),
            count: 0,
            evidence: Vec::new(),
            terms: Vec::new(),
            paste: None,
        }
    }

    /// Sets the place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// The finding as text, with the line of the source and a caret. `colour` adds ANSI escape
    /// sequences.
    #[must_use]
    pub fn draw(&self, colour: bool) -> String {
        let diagnostic = match self.severity {
            Severity::Error => Diagnostic::error(&self.message),
            Severity::Warning => Diagnostic::warning(&self.message),
        };
        let mut diagnostic = diagnostic.coded(self.code).help(&self.help);
        diagnostic.place.clone_from(&self.place);
        diagnostic.draw(colour)
    }
}

/// The place of the first of `words` that the source `file` contains, or the file as a whole.
#[must_use]
pub fn find_place(root: &Path, config: &Config, file: &str, words: &[&str]) -> Place {
    SourcePlaces::new(root, config).find_words(file, words)
}

/// Finds places in source files and reads each file once.
pub(super) struct SourcePlaces<'a> {
    root: &'a Path,
    config: &'a Config,
    /// By file; `None` for a file that cannot be read.
    sources: RefCell<HashMap<String, Option<Rc<SourceText>>>>,
}

/// Searches through the whole text of one file. Findings beyond it that are not at an address have
/// the file as their place, so that the time is linear in the length of the text.
const MAX_SEARCHES: usize = 1000;

struct SourceText {
    text: LinedText<'static>,
    /// The first byte of each address in the text: the words from a bracket or a quotation mark to
    /// the next one or to white space.
    addresses: OnceCell<HashMap<Fingerprint, usize>>,
    /// Searches through the whole text so far, see [`MAX_SEARCHES`].
    searches: Cell<usize>,
    /// Byte spans of links to other source files, by the percent-decoded address on the site.
    links: OnceCell<HashMap<Vec<u8>, Range<usize>>>,
    /// Byte spans of all links and images in Markdown, by the percent-decoded address as written.
    destinations: OnceCell<HashMap<Vec<u8>, Range<usize>>>,
}

impl SourceText {
    fn new(text: LinedText<'static>) -> Self {
        Self {
            text,
            addresses: OnceCell::new(),
            searches: Cell::new(0),
            links: OnceCell::new(),
            destinations: OnceCell::new(),
        }
    }

    /// The span of the first address that equals `words`.
    fn find_address(&self, words: &str) -> Option<Range<usize>> {
        let addresses = self.addresses.get_or_init(|| find_addresses(&self.text));
        let at = *addresses.get(&Fingerprint::of_bytes(words.as_bytes()))?;
        Some(at..at + words.len())
    }

    /// The span of the first occurrence of `words`.
    fn find(&self, words: &str) -> Option<Range<usize>> {
        if self.searches.replace(self.searches.get() + 1) >= MAX_SEARCHES {
            return None;
        }
        self.text.find(words).map(|at| at..at + words.len())
    }
}

/// The first byte of each address, by the fingerprint of its words. One in brackets or quotation
/// marks comes before a plain one.
fn find_addresses(text: &str) -> HashMap<Fingerprint, usize> {
    let is_bracket = |c: char| matches!(c, '(' | ')' | '<' | '>' | '"' | '\'');
    let mut addresses = HashMap::new();
    for (at, _) in text.match_indices(['(', '<', '"', '\'']) {
        let rest = &text[at + 1..];
        let end = rest.find(|c: char| c.is_whitespace() || is_bracket(c)).unwrap_or(rest.len());
        addresses.entry(Fingerprint::of_bytes(&rest.as_bytes()[..end])).or_insert(at + 1);
    }
    for word in text.split_whitespace() {
        let at = word.as_ptr() as usize - text.as_ptr() as usize;
        addresses.entry(Fingerprint::of_bytes(word.as_bytes())).or_insert(at);
    }
    addresses
}

impl<'a> SourcePlaces<'a> {
    pub(super) fn new(root: &'a Path, config: &'a Config) -> Self {
        Self { root, config, sources: RefCell::default() }
    }

    /// The place of the first of `words` that `file` contains as an address: in brackets or
    /// quotation marks. Otherwise the first one anywhere in the text, or the file as a whole.
    pub(super) fn find_words(&self, file: &str, words: &[&str]) -> Place {
        let Some(source) = self.read(file) else { return Place::file(file) };
        let words = || words.iter().filter(|words| !words.is_empty());
        let as_address = words().find_map(|words| source.find_address(words));
        let as_address = as_address.or_else(|| self.find_destination(file, &source, words()));
        // A single letter would be found in any text.
        let mut long = words().filter(|words| words.len() > 1);
        let found = as_address.or_else(|| long.find_map(|words| source.find(words)));
        found.map_or_else(|| Place::file(file), |span| Place::at(file, &source.text, span))
    }

    /// The place of a field of the front matter: its value, if it is on the field's line.
    pub(super) fn find_field(&self, file: &str, names: &[&str], value: &str) -> Option<Place> {
        let source = self.read(file)?;
        let split = source::split(file, Fingerprint::default(), source.text.to_string()).ok()?;
        let (range, mut start) = (split.front_matter.clone(), split.front_matter.start);
        for line in split.text[range].split_inclusive('\n') {
            let key = line.split([':', '：']).next().unwrap_or_default().trim().trim_matches(['"', '\'']);
            if names.contains(&key) {
                let written = line.trim_end();
                let span = written.find(value).map_or(0..written.len(), |at| at..at + value.len());
                return Some(Place::at(file, &source.text, start + span.start..start + span.end));
            }
            start += line.len();
        }
        None
    }

    fn find_destination<'w>(
        &self,
        file: &str,
        source: &SourceText,
        words: impl Iterator<Item = &'w &'w str>,
    ) -> Option<Range<usize>> {
        let decoded = |text: &str| -> Vec<u8> { percent_encoding::percent_decode_str(text).collect() };
        let destinations = source.destinations.get_or_init(|| {
            // Settings have no links.
            if !file.ends_with(".md") {
                return HashMap::new();
            }
            let split = source::split(file, Fingerprint::default(), source.text.to_string());
            let body = split.map_or(0, |source| source.body);
            // In reverse, so that the first of several links to one address is kept.
            let all = files::destinations(&source.text[body..]).into_iter().rev();
            all.map(|(place, address)| (decoded(&address), body + place.start..body + place.end)).collect()
        });
        words.into_iter().find_map(|words| destinations.get(&decoded(words)).cloned())
    }

    /// The place of the first link in `file` to another source file whose page has this address, or
    /// the file as a whole.
    pub(super) fn find_file_link(&self, file: &str, address: &str) -> Place {
        let Some(source) = self.read(file) else { return Place::file(file) };
        let address: Vec<u8> = percent_encoding::percent_decode_str(address).collect();
        let found = source.links.get_or_init(|| self.links(file, &source.text)).get(&address);
        found.map_or_else(|| Place::file(file), |span| Place::at(file, &source.text, span.clone()))
    }

    fn links(&self, file: &str, text: &str) -> HashMap<Vec<u8>, Range<usize>> {
        let split = source::split(file, Fingerprint::default(), text.to_owned());
        let body = split.map_or(0, |source| source.body);
        // In reverse, so that the first of several links to one address is kept.
        let links = files::links(&text[body..], file, Names::of(self.config)).into_iter().rev();
        let base = &self.config.base_url.path;
        links
            .map(|(place, target)| (target.address(base).into_bytes(), body + place.start..body + place.end))
            .collect()
    }

    fn read(&self, file: &str) -> Option<Rc<SourceText>> {
        if let Some(source) = self.sources.borrow().get(file) {
            return source.clone();
        }
        let bytes =
            Root::open(self.root, self.config.links).read(file, self.config.limits.file_bytes as u64).ok();
        let text = bytes.and_then(|bytes| source::decode(file, bytes).ok());
        let source = text.map(|text| Rc::new(SourceText::new(text.into())));
        self.sources.borrow_mut().insert(file.to_owned(), source.clone());
        source
    }
}

/// Applies the severities of the digest's settings and of `allowed` (a warning at most), removes
/// the findings of rules that are off, and sorts: errors first, then in the order of [`Rule::ALL`].
#[must_use]
pub fn settle(findings: Vec<Finding>, config: &Config, allowed: &[Rule]) -> Vec<Finding> {
    let mut by_rule: BTreeMap<usize, Vec<Finding>> = BTreeMap::new();
    for mut finding in findings {
        let Some(at) = Rule::ALL.iter().position(|rule| rule.code() == finding.code) else { continue };
        let Some(severity) = config.check.severity(Rule::ALL[at]) else { continue };
        finding.severity = if allowed.contains(&Rule::ALL[at]) { Severity::Warning } else { severity };
        by_rule.entry(at).or_default().push(finding);
    }
    // Findings of a rule are sorted by file, line and column. Those about terms keep their order:
    // the best evidence is first.
    for findings in by_rule.values_mut() {
        findings.sort_by(|a, b| {
            let key = |finding: &Finding| {
                let place = finding.place.as_ref().filter(|_| finding.terms.is_empty());
                place.map(|place| (place.path.clone(), place.line, place.column))
            };
            key(a).cmp(&key(b))
        });
    }
    let mut settled: Vec<Finding> = by_rule.into_values().flatten().collect();
    // The sort is stable: within a severity the order of the rules is kept.
    settled.sort_by_key(|finding| finding.severity);
    settled
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str, judge: impl Fn(&SourcePlaces<'_>)) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.md"), text).unwrap();
        let config = Config::default();
        judge(&SourcePlaces::new(folder.path(), &config));
    }

    #[test]
    fn an_address_is_found_in_brackets_then_plain_then_as_a_link() {
        let text = "---\ntitle: 甲\n---\n/a 乙 /b\n[c](/a) (/a)\n[d](/e&amp;f)\n`x/y`\n";
        places(text, |places| {
            for (words, line) in [("/a", 5), ("/b", 4), ("/e&f", 6), ("x/y", 7), ("/none", 0), ("/", 4)] {
                let found = places.find_words("a.md", &[words]);
                let wanted = if words == "/" { 0 } else { line };
                assert_eq!(found.line, wanted, "{words}");
            }
            assert_eq!(places.find_words("a.md", &["", "/none", "/b"]).line, 4);
            assert_eq!(places.find_words("none.md", &["/a"]).line, 0);
        });
    }

    #[test]
    fn a_field_is_found_in_the_front_matter_only() {
        let text = "---\ntitle: 甲\nlinks: /a\n\"link\": x /a\n---\nlink: /b\n";
        places(text, |places| {
            let at = |names: &[&str], value| {
                places.find_field("a.md", names, value).map(|place| (place.line, place.column))
            };
            assert_eq!(at(&["link"], "/a"), Some((4, 11)));
            assert_eq!(at(&["link"], "/b"), Some((4, 1)));
            assert_eq!(at(&["链接", "links"], "/a"), Some((3, 8)));
            assert_eq!(at(&["none"], "/a"), None);
        });
    }

    #[test]
    fn a_place_marks_the_words() {
        let folder = tempfile::tempdir().unwrap();
        let text = "---\ntitle: 甲\nlink: /f\n---\n词 /a \"/a\" (/b) [c](/d%20e) [g](b.md)\n";
        std::fs::write(folder.path().join("a.yaml"), text).unwrap();
        std::fs::create_dir_all(folder.path().join("content/articles")).unwrap();
        std::fs::write(folder.path().join("content/articles/a.md"), text).unwrap();
        let config = Config::default();
        let places = SourcePlaces::new(folder.path(), &config);
        let marked = |place: Place| {
            (place.line > 0).then(|| (place.line, place.column, place.text[place.range].to_owned()))
        };
        let wanted = |line: usize, column: usize, text: &str| Some((line, column, text.to_owned()));
        for (file, words, found) in [
            ("a.yaml", &["/a"] as &[&str], wanted(5, 7, "/a")),
            ("a.yaml", &["none", "/b"], wanted(5, 12, "/b")),
            ("a.yaml", &["词"], wanted(5, 1, "词")),
            ("a.yaml", &["itle"], wanted(2, 2, "itle")),
            ("a.yaml", &["t"], None),
            ("a.yaml", &["/d e"], None),
            ("content/articles/a.md", &["/d e"], wanted(5, 20, "/d%20e")),
        ] {
            assert_eq!(marked(places.find_words(file, words)), found, "{file} {words:?}");
        }
        let article = "content/articles/a.md";
        let field = |name: &str, value: &str| places.find_field(article, &[name], value).and_then(marked);
        assert_eq!(field("link", "/f"), wanted(3, 7, "/f"));
        assert_eq!(field("link", "none"), wanted(3, 1, "link: /f"));
        assert_eq!(field("title", "甲"), wanted(2, 8, "甲"));
        assert_eq!(marked(places.find_file_link(article, "/articles/b/")), wanted(5, 32, "b.md"));
        assert_eq!(marked(places.find_file_link(article, "/articles/c/")), None);
    }

    #[test]
    fn a_report_in_json_has_no_empty_fields() {
        let finding = Finding::new(Rule::BrokenLink, "甲", "乙");
        let fields = |finding: &Finding| -> Vec<String> {
            serde_json::to_value(finding).unwrap().as_object().unwrap().keys().cloned().collect()
        };
        let always = fields(&finding);
        assert!(!always.iter().any(|field| field == "count"), "{always:?}");
        let counted = fields(&Finding { count: 1, ..finding });
        assert_eq!(counted.len(), always.len() + 1);
        assert!(counted.iter().any(|field| field == "count"), "{counted:?}");
    }
}
