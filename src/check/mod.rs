//! What is wrong with a digest and the site that is made from it, as a report: nothing is written and nothing is changed.
//!
//! The site is made as a build makes it and looked at as readers and programs will meet it: articles and terms as they are
//! written, pages as they are rendered, and what the last build published.

mod articles;
mod external;
mod feeds;
mod files;
pub mod finding;
mod history;
mod html;
mod links;
mod pages;
pub mod terms;
pub mod variant;
pub mod vocabulary;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::config::{Config, Rule};
use crate::diagnostic::{self, Diagnostic};
use crate::pipeline::{self, BuiltSite};
use crate::{load, output, render};
pub use external::External;
pub use finding::Finding;
pub use vocabulary::{Digest, entry_lines, read};

/// Findings of one rule that are shown to a person; the rest is counted.
const MAX_SHOWN: usize = 10;

/// What a check is asked to do.
pub struct Options {
    /// The build that is checked.
    pub build: pipeline::Options,
    /// What is now: for dates to come, for silence, and for when links were last asked for.
    pub now: DateTime<Utc>,
    /// Look at the terms alone, drafts' too.
    pub terms_only: bool,
    /// Findings fail the check, warnings too.
    pub strict: bool,
    /// Rules that do not fail it this time.
    pub allowed: Vec<Rule>,
    /// Ask other hosts whether links to them still lead somewhere.
    pub external: Option<External>,
    /// Paths of what is published now; without them the notes of the last build tell.
    pub published: Option<Vec<String>>,
}

/// What a check found.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// Can the site be built, and was nothing found that fails the check?
    pub success: bool,
    /// Articles that were looked at.
    pub articles: usize,
    /// Terms that were looked at.
    pub terms: usize,
    /// Pages that were looked at.
    pub pages: usize,
    /// Files that the site would have.
    pub files: usize,
    /// Bytes that they would have.
    pub bytes: u64,
    /// Links to other hosts that were asked for, and those that notes of an earlier check answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external: Option<external::Asked>,
    /// Milliseconds of each stage of making the site.
    pub stages: Vec<(&'static str, f64)>,
    /// What was found, errors first.
    pub findings: Vec<Finding>,
    /// What is wrong with the files.
    pub diagnostics: Vec<Diagnostic>,
}

/// Checks a digest.
#[must_use]
pub fn run(options: &Options) -> Report {
    let root = &options.build.root;
    let (config, problems) = load::configuration(root, options.build.config.as_deref(), options.build.links);
    let mut report = Report::default();
    let mut findings = Vec::new();
    let digest = if options.terms_only {
        let digest = read(root, &config);
        report.diagnostics = problems;
        report.diagnostics.extend(digest.diagnostics.iter().cloned());
        Some(digest)
    } else {
        let mut digest = None;
        let mut on_loaded = |content: &load::Content, config: &Config| {
            digest = Some(Digest::of(content, config));
        };
        let mut inspect = |built: &BuiltSite<'_>| match inspect(built, options, &mut report) {
            Ok(found) => findings.extend(found),
            Err(diagnostics) => report.diagnostics.extend(diagnostics),
        };
        let built = pipeline::inspect(&options.build, &mut on_loaded, &mut inspect);
        report.diagnostics.extend(built.diagnostics);
        report.files = built.files;
        report.stages = built.stages;
        digest
    };
    if let Some(digest) = digest {
        if report.pages == 0 {
            report.articles = digest.site.articles.len();
        }
        report.terms = digest.site.taxonomies.iter().map(|taxonomy| taxonomy.terms.len()).sum();
        findings.extend(vocabulary::findings(root, &digest, &config));
    }
    diagnostic::sort(&mut report.diagnostics);
    report.findings = finding::settle(findings, &config, &options.allowed);
    let fails = |finding: &Finding| options.strict || finding.severity == diagnostic::Severity::Error;
    let clean = !report.diagnostics.iter().any(|found| options.strict || found.is_error());
    let allowed = |finding: &Finding| options.allowed.iter().any(|rule| rule.code() == finding.code);
    report.success = clean && !report.findings.iter().any(|finding| fails(finding) && !allowed(finding));
    report
}

/// Looks at a site that can be built.
fn inspect(
    made: &BuiltSite<'_>,
    options: &Options,
    report: &mut Report,
) -> Result<Vec<Finding>, Vec<Diagnostic>> {
    let root = &options.build.root;
    report.articles = made.site.articles.len();
    let mut findings = articles::check(root, made, options.now);
    let looked = pages::check(root, made, options.external.is_some()).map_err(render::summarise)?;
    report.pages = looked.pages;
    report.bytes = looked.bytes;
    findings.extend(looked.findings);
    findings.extend(files::check(root, made));
    let folder = options.build.output_folder();
    let before = options.published.clone().or_else(|| output::published(root, &folder));
    findings.extend(history::check(made, before.as_deref(), options.now));
    if let Some(external) = &options.external {
        match external::check(root, made, &looked.elsewhere, *external, options.now) {
            Ok((asked, found)) => {
                report.external = Some(asked);
                findings.extend(found);
            }
            Err(diagnostic) => report.diagnostics.push(diagnostic),
        }
    }
    Ok(findings)
}

impl Report {
    /// The findings for people: the first few of each rule, or all of them; with `quiet` only errors.
    #[must_use]
    pub fn text(&self, all: bool, quiet: bool, colour: bool) -> String {
        let mut text = String::new();
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        let total = |code: &str| self.findings.iter().filter(|finding| finding.code == code).count();
        let told = |finding: &&Finding| !quiet || finding.severity == diagnostic::Severity::Error;
        for finding in self.findings.iter().filter(told) {
            let nth = seen.entry(finding.code).or_default();
            *nth += 1;
            if !all && *nth > MAX_SHOWN {
                continue;
            }
            if finding.terms.is_empty() {
                let _ = writeln!(text, "{}", finding.draw(colour));
                if finding.count > 1 {
                    let _ = writeln!(
                        text,
                        "  on {}, such as {}",
                        crate::text::count(finding.count, "page"),
                        finding.pages.join(", ")
                    );
                }
                text.push('\n');
            } else {
                text.push_str(&vocabulary::text(finding));
            }
            let more = total(finding.code) - *nth;
            if !all && *nth == MAX_SHOWN && more > 0 {
                let _ = writeln!(text, "{}: {more} more; `--verbose` shows them all\n", finding.code);
            }
        }
        text
    }

    /// One line for people.
    #[must_use]
    pub fn summary(&self) -> String {
        let errors = self.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
        let failing =
            self.findings.iter().filter(|finding| finding.severity == diagnostic::Severity::Error).count();
        let mut looked =
            vec![crate::text::count(self.articles, "article"), crate::text::count(self.terms, "term")];
        if self.pages > 0 {
            looked.push(format!("{} ({})", crate::text::count(self.pages, "page"), size(self.bytes)));
        }
        if let Some(asked) = &self.external {
            looked.push(asked.words());
        }
        let mut found = crate::text::count(self.findings.len(), "finding");
        if failing > 0 {
            let _ = write!(
                found,
                ", {failing} of which {} to be mended",
                if failing == 1 { "has" } else { "have" }
            );
        }
        if errors > 0 {
            let _ = write!(found, ", {} in its files", crate::text::count(errors, "error"));
        }
        let looked = match looked.as_slice() {
            [head @ .., last] if !head.is_empty() => format!("{} and {last}", head.join(", ")),
            all => all.join(""),
        };
        format!("newsprint: looked at {looked}: {found}")
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        ..1_000_000 => format!("{} KB", bytes / 1000),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}
