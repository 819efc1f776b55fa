//! A finding of a check: which rule, where, how to mend it, and what else there is to tell.

use std::cell::{OnceCell, RefCell};
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
use crate::load::markdown::files;
use crate::load::source;

/// A term that a finding is about.
#[derive(Debug, Clone, Serialize)]
pub struct FoundTerm {
    /// Its taxonomy.
    pub taxonomy: String,
    /// How it is shown.
    pub name: String,
    /// Articles that carry it.
    pub count: usize,
    /// Some of them.
    pub examples: Vec<String>,
}

/// One finding.
#[derive(Debug, Serialize)]
pub struct Finding {
    /// The rule's name, stable, for programs: see [`Rule::code`].
    pub code: &'static str,
    /// Does it fail the check?
    pub severity: Severity,
    /// What is the matter, in one line.
    pub message: String,
    /// Where: a line of a source, else the page that shows it.
    pub place: Option<Place>,
    /// What to do about it.
    pub help: String,
    /// The pages that show it, where there are several: the first of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<String>,
    /// How many pages show it.
    #[serde(skip_serializing_if = "is_zero")]
    pub count: usize,
    /// Of terms: why, the best evidence first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// Of terms: which, the most used first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<FoundTerm>,
    /// Of terms: lines for `content/terms.yaml`, to be put below the taxonomy's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paste: Option<String>,
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl Finding {
    /// A finding of a rule, as heavy as the rule is by itself.
    #[must_use]
    pub fn new(rule: Rule, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            code: rule.code(),
            severity: rule.severity(),
            message: message.into(),
            place: None,
            help: help.into(),
            pages: Vec::new(),
            count: 0,
            evidence: Vec::new(),
            terms: Vec::new(),
            paste: None,
        }
    }

    /// Adds the place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Drawn for a person.
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

/// Where a source says something: the first of `words` that stands in it, else the file.
#[must_use]
pub fn place(root: &Path, config: &Config, file: &str, words: &[&str]) -> Place {
    Places::new(root, config).of(file, words)
}

/// Sources that places are looked for in, each read once.
pub(super) struct Places<'a> {
    root: &'a Path,
    config: &'a Config,
    read: RefCell<HashMap<String, Option<Rc<Read>>>>,
}

struct Read {
    text: String,
    /// Links to other files, by the address on the site that each becomes.
    files: OnceCell<HashMap<Vec<u8>, Range<usize>>>,
}

impl<'a> Places<'a> {
    pub(super) fn new(root: &'a Path, config: &'a Config) -> Self {
        Self { root, config, read: RefCell::default() }
    }

    /// Where `file` says one of `words`. What stands there as an address, in brackets or quotation marks, goes before what only reads the same.
    pub(super) fn of(&self, file: &str, words: &[&str]) -> Place {
        let Some(source) = self.read(file) else { return Place::file(file) };
        let text = &source.text;
        let words = || words.iter().filter(|words| !words.is_empty());
        let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '<' | '>' | '"' | '\'');
        let as_address = words().find_map(|words| {
            let mut places = text.match_indices(words);
            let (at, _) = places.find(|(at, _)| {
                text[..*at].ends_with(['(', '<', '"', '\''])
                    && text[at + words.len()..].chars().next().is_none_or(ends)
            })?;
            Some(at..at + words.len())
        });
        // A letter alone stands anywhere.
        let mut telling = words().filter(|words| words.len() > 1);
        let anywhere = || telling.find_map(|words| text.find(words).map(|at| at..at + words.len()));
        as_address.or_else(anywhere).map_or_else(|| Place::file(file), |span| Place::at(file, text, span))
    }

    /// Where `file` links to another one whose address on the site is `address`.
    pub(super) fn of_file(&self, file: &str, address: &str) -> Place {
        let Some(source) = self.read(file) else { return Place::file(file) };
        let address: Vec<u8> = percent_encoding::percent_decode_str(address).collect();
        let found = source.files.get_or_init(|| self.links(file, &source.text)).get(&address);
        found.map_or_else(|| Place::file(file), |span| Place::at(file, &source.text, span.clone()))
    }

    fn links(&self, file: &str, text: &str) -> HashMap<Vec<u8>, Range<usize>> {
        let split = source::split(file, Fingerprint::default(), text.to_owned());
        let body = split.map_or(0, |source| source.body);
        // Of several the first is kept.
        let links = files::links(&text[body..], file).into_iter().rev();
        let base = &self.config.base_url.path;
        links
            .map(|(place, target)| (target.address(base).into_bytes(), body + place.start..body + place.end))
            .collect()
    }

    fn read(&self, file: &str) -> Option<Rc<Read>> {
        if let Some(read) = self.read.borrow().get(file) {
            return read.clone();
        }
        let bytes = source::bytes(&self.root.join(file), self.config.limits.file_bytes).ok();
        let text = bytes.and_then(|bytes| source::decode(file, bytes).ok());
        let read = text.map(|text| Rc::new(Read { text, files: OnceCell::new() }));
        self.read.borrow_mut().insert(file.to_owned(), read.clone());
        read
    }
}

/// Weighs findings as the digest says, leaves out what it does not want to hear of, and puts them into the order of the rules.
#[must_use]
pub fn settle(findings: Vec<Finding>, config: &Config, allowed: &[Rule]) -> Vec<Finding> {
    let mut by_rule: BTreeMap<usize, Vec<Finding>> = BTreeMap::new();
    for mut finding in findings {
        let Some(at) = Rule::ALL.iter().position(|rule| rule.code() == finding.code) else { continue };
        let Some(severity) = config.check.severity(Rule::ALL[at]) else { continue };
        finding.severity = if allowed.contains(&Rule::ALL[at]) { Severity::Warning } else { severity };
        by_rule.entry(at).or_default().push(finding);
    }
    // An editor goes through a file from its top; terms come with the best evidence first.
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
    // Stable: within a weight the order of the rules stays.
    settled.sort_by_key(|finding| finding.severity);
    settled
}
