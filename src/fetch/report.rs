//! Defines the report of a fetch and formats it as text; as JSON it is serialised.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Serialize, Serializer};

use crate::diagnostic::{Diagnostic, printable_line};
use crate::import;

/// Near-duplicates that the text lists. All of them are in the JSON report.
const MAX_EXAMPLES: usize = 5;

/// The result of a fetch.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// True if a source answered or all are off, and no diagnostic is an error.
    pub success: bool,
    /// True if nothing was written because of `--dry-run`.
    pub dry_run: bool,
    /// The sources, in the order of `sources.yaml`.
    pub sources: Vec<SourceReport>,
    /// The number of new entries.
    pub new: usize,
    /// The file with the new records.
    pub file: Option<String>,
    /// The number of records in `records/` that no article has, before this run.
    pub not_imported: usize,
    /// New entries that are near-duplicates of an article or of another new entry.
    pub similar: Vec<Similar>,
    /// The report of the import of `--articles`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub import: Option<import::Report>,
    /// Errors and warnings.
    pub diagnostics: Vec<Diagnostic>,
}

/// What happened to a source.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It is switched off.
    #[default]
    Off,
    /// It answered with a body.
    Read,
    /// Nothing changed since its last answer.
    Unchanged,
    /// It was not asked, because it failed before or because its server asked for a pause.
    Waiting,
    /// It gave no answer that can be read.
    Failed,
}

impl Status {
    /// The number of sources with this status.
    fn count(self, sources: usize) -> String {
        match self {
            Self::Off => tr!("{n} source off" | "{n} sources off" % sources),
            Self::Read => tr!("{n} source read" | "{n} sources read" % sources),
            Self::Unchanged => tr!("{n} source unchanged" | "{n} sources unchanged" % sources),
            Self::Waiting => tr!("{n} source not asked" | "{n} sources not asked" % sources),
            Self::Failed => tr!("{n} source failed" | "{n} sources failed" % sources),
        }
    }
}

/// The result of one source.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SourceReport {
    /// The name.
    pub name: String,
    /// The address.
    pub url: String,
    /// What happened.
    pub status: Status,
    /// The reason, of a source that failed or waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The number of failures in a row.
    pub failures: u32,
    /// The last answer of a source that failed: its day and the number of its entries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
    /// The number of entries in the answer.
    pub entries: usize,
    /// The number of new entries.
    pub new: usize,
    /// The number of entries that are known.
    pub known: usize,
    /// The number of known entries whose link another source has, too, where it is new in this
    /// run, by the name of that source.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub shared: BTreeMap<String, usize>,
    /// The number of new entries whose link another source has with another title, by the name of
    /// that source.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub contested: BTreeMap<String, usize>,
    /// The number of entries that were dropped, by the reason. JSON has a list: the texts depend on
    /// the language.
    #[serde(serialize_with = "reasons")]
    pub dropped: BTreeMap<String, usize>,
    /// The number of entries whose date is in the future.
    pub future: usize,
    /// The new address, if the server names one for good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved: Option<String>,
}

/// A near-duplicate.
#[derive(Debug, Serialize)]
pub struct Similar {
    /// The title of the new entry.
    pub title: String,
    /// The name of its source.
    pub source: String,
    /// The file of the article, or the title of the entry, that it is like.
    pub like: String,
}

impl SourceReport {
    /// One line, without the line break.
    fn line(&self) -> String {
        let mut line = format!("{}: ", self.name);
        let reason = self.reason.as_deref().unwrap_or_default();
        match self.status {
            Status::Off => line.push_str(&tr!("off")),
            Status::Unchanged => line.push_str(&tr!("unchanged")),
            Status::Waiting => line.push_str(&tr!("not asked: {reason}", reason)),
            Status::Failed => {
                line.push_str(&tr!("failed: {reason}", reason));
                if self.failures > 1 {
                    line.push_str(&tr!("; {n} failure in a row" | "; {n} failures in a row" % self.failures));
                }
                let last = self.last.clone().unwrap_or_else(|| tr!("never"));
                line.push_str(&tr!("; last answer: {last}", last));
            }
            Status::Read => self.add_counts(&mut line),
        }
        if let Some(moved) = &self.moved {
            line.push_str(&tr!("; the address changed: {moved}", moved));
        }
        printable_line(&line)
    }

    /// Adds the numbers of entries of an answer to a line.
    fn add_counts(&self, line: &mut String) {
        line.push_str(&tr!("{new} new, {known} known", new = self.new, known = self.known));
        if !self.shared.is_empty() {
            let shared = self.shared.iter();
            let shared = shared.map(|(name, number)| tr!("{number} also of {name}", number, name));
            let shared = shared.collect::<Vec<_>>().join(&tr!("sentences" => "; "));
            line.push_str(&tr!(" ({shared})", shared));
        }
        for (name, number) in &self.contested {
            line.push_str(&tr!(
                "; warning: {name} gives {number} of these links another title",
                name,
                number
            ));
        }
        let dropped: usize = self.dropped.values().sum();
        if dropped > 0 {
            let reasons = self.dropped.iter();
            let reasons = reasons.map(|(reason, number)| tr!("{number} {reason}", number, reason));
            let reasons = reasons.collect::<Vec<_>>().join(&tr!("sentences" => "; "));
            line.push_str(&tr!(", {dropped} dropped ({reasons})", dropped, reasons));
        }
        if self.future > 0 {
            line.push_str(&tr!("; {n} entry with a date in the future, dated today"
                | "; {n} entries with a date in the future, dated today" % self.future));
        }
    }
}

/// Writes `[{"reason": "older than …", "count": 2}]`.
fn reasons<S: Serializer>(dropped: &BTreeMap<String, usize>, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Dropped<'r> {
        reason: &'r str,
        count: usize,
    }
    serializer.collect_seq(dropped.iter().map(|(reason, &count)| Dropped { reason, count }))
}

impl Report {
    /// One line for each source, and the near-duplicates. `all` also lists sources without news.
    #[must_use]
    pub fn text(&self, all: bool) -> String {
        let mut text = String::new();
        for source in &self.sources {
            let has_news = source.new > 0
                || !source.dropped.is_empty()
                || source.future > 0
                || !source.contested.is_empty()
                || source.moved.is_some()
                || matches!(source.status, Status::Failed | Status::Waiting);
            if all || has_news || self.sources.len() <= MAX_LINES {
                let _ = writeln!(text, "{}", source.line());
            }
        }
        let shown = if all { self.similar.len() } else { MAX_EXAMPLES };
        for Similar { title, source, like } in self.similar.iter().take(shown) {
            let line = tr!("near-duplicates: {title} ({source}) and {like}", title, source, like);
            let _ = writeln!(text, "{}", printable_line(&line));
        }
        if self.similar.len() > shown {
            let more = self.similar.len() - shown;
            let _ = writeln!(text, "{}", tr!("near-duplicates: {more} more (-v shows them)", more));
        }
        text
    }

    /// What to do with the records in `records/` that are not articles, with those of this run if
    /// `is_new_there`. `None` if there are none.
    #[must_use]
    pub fn note(&self, is_new_there: bool) -> Option<String> {
        let new = if is_new_there && self.file.is_some() { self.new } else { 0 };
        let records = self.not_imported + new;
        (records > 0).then(|| {
            tr!("{n} record in records/ is not an article yet: `newsprint import records/`"
                | "{n} records in records/ are not articles yet: `newsprint import records/`" % records)
        })
    }

    /// The summary: one line.
    #[must_use]
    pub fn summary(&self) -> String {
        let sum = |of: fn(&SourceReport) -> usize| self.sources.iter().map(of).sum::<usize>();
        let known = sum(|source| source.known);
        let mut parts = vec![tr!("{new} new", new = self.new), tr!("{known} known", known)];
        let dropped = sum(|source| source.dropped.values().sum());
        if dropped > 0 {
            parts.push(tr!("{dropped} dropped", dropped));
        }
        for status in [Status::Unchanged, Status::Waiting, Status::Failed, Status::Off] {
            let sources = self.sources.iter().filter(|source| source.status == status).count();
            if sources > 0 {
                parts.push(status.count(sources));
            }
        }
        let into = match (&self.file, self.dry_run) {
            _ if self.new == 0 => String::new(),
            (_, true) => tr!("; nothing is written"),
            (Some(file), false) => tr!("; written to {file}", file),
            (None, false) => self.import.as_ref().map_or_else(String::new, |import| {
                tr!("; {n} article imported" | "; {n} articles imported" % import.imported.len())
            }),
        };
        let parts = parts.join(&tr!("clauses" => ", "));
        tr!("newsprint: {parts}{into}", parts, into)
    }
}

/// Sources up to which each has a line, also without news.
const MAX_LINES: usize = 40;
