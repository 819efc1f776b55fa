//! What is wrong with a digest, as a report: nothing is built and nothing is changed.

pub mod doubtful;
pub mod terms;
pub mod variant;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde::Serialize;

use crate::config::Config;
use crate::diagnostic::{self, Diagnostic};
use crate::load::{self, Cache, Registry, registry};
use crate::site::{self, ArticleId, Site};
use crate::yaml;
use terms::{Doubt, Spelling};
use variant::Evidence;

/// Example articles that a finding names for each term.
const EXAMPLES: usize = 3;

/// What a check found.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// Could the digest be read, and is nothing wrong with it (with `--strict`: and nothing found)?
    pub success: bool,
    /// Articles that were looked at, drafts among them.
    pub articles: usize,
    /// Terms that were looked at.
    pub terms: usize,
    /// What is likely wrong with terms.
    pub findings: Vec<Finding>,
    /// What is wrong with the files.
    pub diagnostics: Vec<Diagnostic>,
}

/// One finding about terms.
#[derive(Debug, Serialize)]
pub struct Finding {
    /// `duplicate-terms`, `term-in-two-taxonomies`, `placeholder-term` or `sentence-term`: stable, for programs.
    pub code: &'static str,
    /// Why, the best evidence first.
    pub evidence: Vec<Evidence>,
    /// The terms, the most used first.
    pub terms: Vec<Found>,
    /// What is the matter, in one line.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// Lines for `content/terms.yaml`, to be put below the taxonomy's name.
    pub paste: Option<String>,
}

/// A term that a finding is about.
#[derive(Debug, Clone, Serialize)]
pub struct Found {
    /// Its taxonomy.
    pub taxonomy: String,
    /// How it is shown.
    pub name: String,
    /// Articles that carry it.
    pub count: usize,
    /// Some of them.
    pub examples: Vec<String>,
}

/// A digest as a check sees it.
pub struct Digest {
    /// Articles and terms.
    pub site: Site,
    /// `content/terms.yaml`.
    pub registry: Registry,
    /// What is wrong with the files.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a digest, its drafts included, without touching any notes.
#[must_use]
pub fn read(root: &Path, config: &Config) -> Digest {
    let mut sources = load::Sources::find(root, &Cache::none());
    let mut content = load::content(root, config, true, &Cache::none(), &mut sources);
    let mut diagnostics = std::mem::take(&mut content.diagnostics);
    let registry = content.registry.clone();
    let (site, found) = site::assemble(content, config);
    diagnostics.extend(found);
    Digest { site, registry, diagnostics }
}

/// Checks the terms of the digest at `root`.
#[must_use]
pub fn run(root: &Path, config: &Config, mut diagnostics: Vec<Diagnostic>, strict: bool) -> Report {
    let digest = read(root, config);
    diagnostics.extend(digest.diagnostics.iter().cloned());
    diagnostic::sort(&mut diagnostics);
    let findings = findings(&digest, config);
    let clean = !diagnostics.iter().any(Diagnostic::is_error);
    Report {
        success: clean && !(strict && (!findings.is_empty() || !diagnostics.is_empty())),
        articles: digest.site.articles.len(),
        terms: digest.site.taxonomies.iter().map(|taxonomy| taxonomy.terms.len()).sum(),
        findings,
        diagnostics,
    }
}

fn findings(digest: &Digest, config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut doubtful = Vec::new();
    let mut everywhere: BTreeMap<&str, Vec<(usize, usize)>> = BTreeMap::new();
    for (taxonomy, all) in digest.site.taxonomies.iter().enumerate() {
        let spellings: Vec<Spelling<'_>> = all
            .terms
            .iter()
            .map(|term| Spelling { key: &term.key, name: &term.name, count: term.articles.len() })
            .collect();
        for group in terms::duplicates(&spellings) {
            let weakest = group.evidence.last().copied();
            findings.push((weakest, duplicates(digest, config, taxonomy, &group)));
        }
        for (at, term) in spellings.iter().enumerate() {
            everywhere.entry(term.key).or_default().push((taxonomy, at));
            if let Some(doubt) = terms::doubt(term) {
                doubtful.push((doubt, single(digest, config, taxonomy, at, doubt)));
            }
        }
    }
    // Sure things first, whatever their taxonomy; within one kind the taxonomy's own order stands.
    findings.sort_by_key(|(weakest, _)| *weakest);
    let mut found: Vec<Finding> = findings.into_iter().map(|(_, finding)| finding).collect();
    let mut twice: Vec<Finding> = everywhere
        .values()
        .filter(|places| places.len() > 1)
        .map(|places| in_two_taxonomies(digest, config, places))
        .collect();
    twice
        .sort_by_key(|finding| std::cmp::Reverse(finding.terms.iter().map(|term| term.count).sum::<usize>()));
    found.extend(twice);
    doubtful.sort_by_key(|(doubt, _)| *doubt == Doubt::Sentence);
    found.extend(doubtful.into_iter().map(|(_, finding)| finding));
    found
}

fn found(digest: &Digest, config: &Config, taxonomy: usize, at: usize) -> Found {
    let term = &digest.site.taxonomies[taxonomy].terms[at];
    let file = |id: &ArticleId| digest.site.articles[*id].file.clone();
    Found {
        taxonomy: config.taxonomies[taxonomy].name.clone(),
        name: term.name.clone(),
        count: term.articles.len(),
        examples: term.articles.iter().take(EXAMPLES).map(file).collect(),
    }
}

fn duplicates(digest: &Digest, config: &Config, taxonomy: usize, group: &terms::Duplicates) -> Finding {
    let mut terms: Vec<Found> = group.terms.iter().map(|&at| found(digest, config, taxonomy, at)).collect();
    let entries = digest.registry.taxonomies.get(taxonomy).map_or(&[][..], Vec::as_slice);
    let entry_of = |name: &str| {
        let key = site::key::key(name);
        entries.iter().find(|entry| site::key::key(&entry.name) == key)
    };
    // What an editor named already is what the others are merged into.
    if let Some(at) = terms.iter().position(|term| entry_of(&term.name).is_some()) {
        terms[..=at].rotate_right(1);
    }
    let names: Vec<String> = terms.iter().map(|term| format!("{} ({})", term.name, term.count)).collect();
    let reasons: Vec<&str> = group.evidence.iter().map(|evidence| evidence.words()).collect();
    let (into, from) = (&terms[0], &terms[1..]);
    let quoted: Vec<String> = from.iter().map(|term| shell(&term.name)).collect();
    let command =
        format!("newsprint terms merge {} {} --into {}", into.taxonomy, quoted.join(" "), shell(&into.name));
    let (help, paste) = match entry_of(&into.name) {
        Some(entry) => (
            format!(
                "add the others to the aliases on line {} of {}, or run: {command}",
                entry.place.line,
                registry::FILE
            ),
            None,
        ),
        None => (
            format!("run: {command}"),
            Some(entry_lines(&into.name, from.iter().map(|term| term.name.as_str()))),
        ),
    };
    Finding {
        code: "duplicate-terms",
        evidence: group.evidence.clone(),
        message: format!("{}: {} {}", into.taxonomy, names.join(", "), reasons.join(" and ")),
        terms,
        help,
        paste,
    }
}

fn in_two_taxonomies(digest: &Digest, config: &Config, places: &[(usize, usize)]) -> Finding {
    let terms: Vec<Found> =
        places.iter().map(|&(taxonomy, at)| found(digest, config, taxonomy, at)).collect();
    let uses: Vec<String> = terms.iter().map(|term| format!("{} ({})", term.taxonomy, term.count)).collect();
    Finding {
        code: "term-in-two-taxonomies",
        evidence: Vec::new(),
        message: format!("{} is a term of {}", terms[0].name, uses.join(" and of ")),
        help: "decide where it belongs, and tell the model that annotates; `hidden: true` takes it out of one of them".to_owned(),
        terms,
        paste: None,
    }
}

fn single(digest: &Digest, config: &Config, taxonomy: usize, at: usize, doubt: Doubt) -> Finding {
    let term = found(digest, config, taxonomy, at);
    let (code, what) = match doubt {
        Doubt::Placeholder => ("placeholder-term", "stands for nothing"),
        Doubt::Sentence => ("sentence-term", "reads like a sentence"),
    };
    Finding {
        code,
        evidence: Vec::new(),
        message: format!("{}: {} ({}) {what}", term.taxonomy, term.name, term.count),
        help: format!("hide it, or take it out of {}", term.examples.join(", ")),
        paste: Some(format!("  - name: {}\n    hidden: true\n", yaml::scalar(&term.name))),
        terms: vec![term],
    }
}

/// An entry of the registry.
#[must_use]
pub fn entry_lines<'a>(name: &str, aliases: impl Iterator<Item = &'a str>) -> String {
    let mut lines = format!("  - name: {}\n    aliases:\n", yaml::scalar(name));
    for alias in aliases {
        let _ = writeln!(lines, "      - {}", yaml::scalar(alias));
    }
    lines
}

/// A word for a shell: in single quotes unless it is plain.
fn shell(word: &str) -> String {
    if !word.is_empty()
        && word.chars().all(|c| c.is_alphanumeric() || "-_.+/".contains(c))
        && !word.starts_with('-')
    {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

impl Report {
    /// The findings for people.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for finding in &self.findings {
            let _ = writeln!(text, "{}: {}", finding.code, finding.message);
            for term in finding.terms.iter().filter(|_| finding.code == "duplicate-terms") {
                let _ = writeln!(text, "    {} in {}", term.name, term.examples.join(", "));
            }
            let _ = writeln!(text, "  {}", finding.help);
            if let (Some(paste), Some(term)) = (&finding.paste, finding.terms.first()) {
                let _ = writeln!(text, "  or put below `{}:` in {}:\n{paste}", term.taxonomy, registry::FILE);
            } else {
                text.push('\n');
            }
        }
        text.chars().filter(|c| !c.is_control() || *c == '\n').collect()
    }

    /// One line for people.
    #[must_use]
    pub fn summary(&self) -> String {
        let errors = self.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
        let wrong = if errors > 0 {
            format!(", {} in its files", crate::count(errors, "error"))
        } else {
            String::new()
        };
        format!(
            "newsprint: looked at {} and {}: {}{wrong}",
            crate::count(self.articles, "article"),
            crate::count(self.terms, "term"),
            crate::count(self.findings.len(), "finding")
        )
    }
}
