//! Checks a digest and the site that is built from it, and reports the findings.
//!
//! The site is planned and rendered in memory as a build does it. The check reads articles, terms,
//! rendered pages and the files of the last build. It changes neither the digest nor the site;
//! `--external` writes the answers of other sites to `.newsprint/links.json`.

mod articles;
mod asterisks;
mod body;
mod commands;
mod digest;
mod drafts;
mod external;
mod feeds;
mod files;
pub mod finding;
mod history;
mod html;
mod links;
mod literal;
mod markup;
mod nearest;
mod pages;
mod patterns;
mod raw_html;
mod shortcodes;
mod term_findings;
pub mod terms;
pub mod variant;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::config::{Config, Rule};
use crate::diagnostic::{self, Diagnostic};
use crate::pipeline::{self, BuiltSite};
use crate::watchdog::Watchdog;
use crate::{load, output, render};
pub use commands::entry_lines;
pub use digest::{Digest, read};
use drafts::Drafts;
pub use external::External;
pub use finding::Finding;

/// The maximum number of findings of one rule that the text report shows; the rest is counted.
const MAX_SHOWN: usize = 10;

/// The options of `newsprint check`.
pub struct Options {
    /// The options of the build that is checked.
    pub build: pipeline::Options,
    /// The current time, for the age of cached answers of other sites. Future dates and the age of
    /// the newest article are judged at the time of the build.
    pub clock: DateTime<Utc>,
    /// Check only the terms, including those of drafts.
    pub terms_only: bool,
    /// Warnings fail the check, too.
    pub strict: bool,
    /// Rules whose findings do not fail this check.
    pub allowed: Vec<Rule>,
    /// Request links to other hosts.
    pub external: Option<External>,
    /// The paths of the published files. `None` reads them from the manifest of the last build.
    pub published: Option<Vec<String>>,
}

/// The result of a check.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// True if the site can be built and no finding fails the check.
    pub success: bool,
    /// The number of articles that were checked.
    pub articles: usize,
    /// The numbers of articles that are not shown because of their times, and the next event:
    /// `scheduled`, `expired` and `next`.
    #[serde(flatten)]
    pub agenda: load::Agenda,
    /// The number of terms that were checked.
    pub terms: usize,
    /// The number of HTML pages that were checked.
    pub pages: usize,
    /// The number of files of the site.
    pub files: usize,
    /// The size of the site, in bytes.
    pub bytes: u64,
    /// The numbers of links to other hosts; `None` without [`Options::external`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external: Option<external::LinkCounts>,
    /// The stages of the build with their durations, in milliseconds.
    pub stages: Vec<(&'static str, f64)>,
    /// The findings, errors first.
    pub findings: Vec<Finding>,
    /// Problems in the files and settings of the digest.
    pub diagnostics: Vec<Diagnostic>,
}

/// Checks the digest at `options.build.root`.
#[must_use]
pub fn run(options: &Options) -> Report {
    let root = &options.build.root;
    let (config, problems) = load::configuration(root, options.build.config.as_deref(), options.build.links);
    let mut report = Report::default();
    let mut findings = Vec::new();
    let digest = if options.terms_only {
        let watchdog = Watchdog::start(options.build.on_timeout.as_ref());
        watchdog.allow(Duration::from_secs(config.limits.timeout_s as u64));
        let digest = digest::read_watched(root, &config, &watchdog);
        report.diagnostics = problems;
        report.diagnostics.extend(digest.diagnostics.iter().cloned());
        Some(digest)
    } else {
        let mut digest = None;
        let drafts = RefCell::new(Drafts::default());
        let mut on_loaded = |content: &load::Content, config: &Config| {
            digest = Some(Digest::of(content, config));
            drafts.replace(Drafts::of(content));
        };
        let mut inspect = |built: &BuiltSite<'_>| match inspect(built, &drafts.borrow(), options, &mut report)
        {
            Ok(found) => findings.extend(found),
            Err(diagnostics) => report.diagnostics.extend(diagnostics),
        };
        let build = pipeline::inspect(&options.build, &mut on_loaded, &mut inspect);
        report.diagnostics.extend(build.diagnostics);
        report.files = build.files;
        report.agenda = build.agenda;
        report.stages = build.stages;
        digest
    };
    if let Some(digest) = digest {
        if report.pages == 0 {
            report.articles = digest.site.articles.len();
        }
        report.terms = digest.site.taxonomies.iter().map(|taxonomy| taxonomy.terms.len()).sum();
        findings.extend(term_findings::find_problems(root, &digest, &config));
    }
    diagnostic::sort(&mut report.diagnostics);
    report.findings = finding::settle(findings, &config, &options.allowed);
    let fails = |finding: &Finding| options.strict || finding.severity == diagnostic::Severity::Error;
    let clean = !report.diagnostics.iter().any(|found| options.strict || found.is_error());
    let allowed = |finding: &Finding| options.allowed.iter().any(|rule| rule.code() == finding.code);
    report.success = clean && !report.findings.iter().any(|finding| fails(finding) && !allowed(finding));
    report
}

/// Collects the findings about a site that can be built, and writes the counts to `report`.
///
/// # Errors
/// A page cannot be rendered.
fn inspect(
    built: &BuiltSite<'_>,
    drafts: &Drafts,
    options: &Options,
    report: &mut Report,
) -> Result<Vec<Finding>, Vec<Diagnostic>> {
    let root = &options.build.root;
    let watchdog = Watchdog::start(options.build.on_timeout.as_ref());
    watchdog.allow(Duration::from_secs(built.config.limits.timeout_s as u64));
    report.articles = built.own_languages().map(|language| language.site.own_articles().count()).sum();
    let languages = built.own_languages();
    let mut findings: Vec<Finding> = languages
        .flat_map(|language| articles::check(root, &language, options.build.now, &watchdog))
        .collect();
    let inspected = pages::check(root, built, drafts, options.external.is_some(), &watchdog)
        .map_err(render::summarise)?;
    report.pages = inspected.pages;
    report.bytes = inspected.bytes;
    findings.extend(inspected.findings);
    findings.extend(files::check(root, built, &watchdog));
    let folder = options.build.output_folder();
    let before = options.published.clone().or_else(|| output::published(root, &folder));
    findings.extend(history::check(built, before.as_deref(), options.build.now));
    if let Some(external) = &options.external {
        match external::check(root, built, &inspected.external, *external, options.clock) {
            Ok((counts, found)) => {
                report.external = Some(counts);
                findings.extend(found);
            }
            Err(diagnostic) => report.diagnostics.push(diagnostic),
        }
    }
    Ok(findings)
}

impl Report {
    /// The findings as text: the first ten of each rule, or with `all` all of them; with `quiet`
    /// only errors. `colour` adds ANSI escape sequences.
    #[must_use]
    pub fn text(&self, all: bool, quiet: bool, colour: bool) -> String {
        let mut text = String::new();
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        let total = |code: &str| self.findings.iter().filter(|finding| finding.code == code).count();
        let is_shown = |finding: &&Finding| !quiet || finding.severity == diagnostic::Severity::Error;
        for finding in self.findings.iter().filter(is_shown) {
            let nth = seen.entry(finding.code).or_default();
            *nth += 1;
            if !all && *nth > MAX_SHOWN {
                continue;
            }
            let _ = writeln!(text, "{}", finding.draw(colour));
            if finding.count > 1 {
                let pages = tr!(
                    "on {n} page, such as {examples}" | "on {n} pages, such as {examples}" % finding.count,
                    examples = finding.pages.join(", ")
                );
                let _ = writeln!(text, "  {pages}");
            }
            text.push_str(&term_findings::draw_details(finding));
            text.push('\n');
            let more = total(finding.code) - *nth;
            if !all && *nth == MAX_SHOWN && more > 0 {
                let rest = tr!("{code}: {more} more; `--verbose` shows them all", code = finding.code, more);
                let _ = writeln!(text, "{rest}\n");
            }
        }
        text
    }

    /// A summary in one line: what was checked, and how many findings and errors there are.
    #[must_use]
    pub fn summary(&self) -> String {
        let errors = self.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
        let failing =
            self.findings.iter().filter(|finding| finding.severity == diagnostic::Severity::Error).count();
        let mut checked = vec![
            tr!("{n} article" | "{n} articles" % self.articles),
            tr!("{n} term" | "{n} terms" % self.terms),
        ];
        if self.pages > 0 {
            let size = size(self.bytes);
            checked.push(tr!("{n} page ({size})" | "{n} pages ({size})" % self.pages, size));
        }
        if let Some(counts) = &self.external {
            checked.push(counts.summary());
        }
        let times = self.agenda.remark();
        let mut found = tr!("{n} finding" | "{n} findings" % self.findings.len());
        if failing > 0 {
            found += &tr!(", {n} of which is an error" | ", {n} of which are errors" % failing);
        }
        if errors > 0 {
            found +=
                &tr!(", {n} error in the digest's files" | ", {n} errors in the digest's files" % errors);
        }
        let checked = match checked.as_slice() {
            [head @ .., last] if !head.is_empty() => {
                let head = head.join(&tr!("list" => ", "));
                tr!("{} and {last}", head, last)
            }
            all => all.join(""),
        };
        tr!("newsprint: checked {checked}: {found}{times}", checked, found, times)
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        ..1_000_000 => format!("{} KB", bytes / 1000),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

#[cfg(test)]
mod tests;
