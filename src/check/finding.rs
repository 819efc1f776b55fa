//! A finding of a check: which rule, where, how to mend it, and what else there is to tell.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use serde::Serialize;

use crate::check::rule::Rule;
use crate::check::variant::Evidence;
use crate::check::vocabulary::Found;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::load::markdown::files;
use crate::load::source;

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
    pub terms: Vec<Found>,
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
    place_by(root, config, file, |text| {
        words.iter().filter(|words| !words.is_empty()).find_map(|words| {
            let at = text.find(words)?;
            Some(at..at + words.len())
        })
    })
}

/// Where a source links to another file whose address on the site is `address`, else the file.
#[must_use]
pub fn place_of_file(root: &Path, config: &Config, file: &str, address: &str) -> Place {
    place_by(root, config, file, |text| files::written(text, file, &config.base_url.path, address))
}

fn place_by(root: &Path, config: &Config, file: &str, find: impl Fn(&str) -> Option<Range<usize>>) -> Place {
    let bytes = source::bytes(&root.join(file), config.limits.file).ok();
    let Some(text) = bytes.and_then(|bytes| source::decode(file, bytes).ok()) else {
        return Place::file(file);
    };
    find(&text).map_or_else(|| Place::file(file), |span| Place::at(file, &text, span))
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
