//! The report of a build: a line for people, JSON for programs.

use std::time::Duration;

use serde::Serialize;

use crate::diagnostic::{self, Diagnostic};
use crate::load::{Agenda, Validity};
use crate::output::Built;

/// The report of a build. `--json` prints it with the fields' names as keys.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// Whether the site was published, or was up to date.
    pub success: bool,
    /// Whether the disk failed while finished files were moved into place. Then some files are new
    /// and the others are old.
    pub torn: bool,
    /// The number of articles on the site.
    pub articles: usize,
    /// The number of articles without a date among them.
    pub undated: usize,
    /// The number of drafts that were left out.
    pub drafts: usize,
    /// The numbers of articles that are not shown because of their times, and the next event:
    /// `scheduled`, `expired` and `next`.
    #[serde(flatten)]
    pub agenda: Agenda,
    /// The span of times in which the same build has the same result.
    #[serde(skip)]
    pub validity: Validity,
    /// The number of terms of each taxonomy, by its name, in the configuration's order.
    pub terms: Vec<(String, usize)>,
    /// With `--verify`, whether the site is equal to that of a clean build.
    pub verified: Option<bool>,

    /// The number of files of the site.
    pub files: usize,
    /// The number of files that were created or replaced.
    pub written: usize,
    /// The number of files that were left as they were.
    pub unchanged: usize,
    /// The number of files that were removed.
    pub removed: usize,
    /// The number of smaller copies of pictures that were encoded.
    pub copies: usize,
    /// The stages in the order in which they ran, each with its milliseconds.
    pub stages: Vec<(&'static str, f64)>,
    /// The errors and warnings, in the order of paths and lines.
    pub diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// The report of a build that failed with these diagnostics.
    pub(crate) fn fail(mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) -> Self {
        self.diagnostics.extend(diagnostics);
        self.close(false)
    }

    /// The counts that the next build shows if nothing changes.
    pub(crate) fn built(&self) -> Built {
        let Self { articles, undated, drafts, files, .. } = *self;
        let (terms, agenda) = (self.terms.clone(), self.agenda.clone());
        Built { articles, undated, drafts, files, terms, agenda, validity: self.validity }
    }

    /// The report of a build that had nothing to do.
    pub(crate) fn current(mut self, built: Built) -> Self {
        let Built { articles, undated, drafts, terms, files, agenda, validity } = built;
        self.unchanged = files;
        Self { articles, undated, drafts, terms, files, agenda, validity, ..self }.close(true)
    }

    /// The number of errors.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.diagnostics.iter().filter(|found| found.is_error()).count()
    }

    /// One line for people.
    #[must_use]
    pub fn summary(&self, took: Duration) -> String {
        let errors = self.errors();
        let warnings = self.diagnostics.len() - errors;
        if !self.success {
            return self.failure(errors, warnings);
        }
        let mut details = String::new();
        if self.undated > 0 {
            details += &tr!(", {} undated", self.undated);
        }
        if self.drafts > 0 {
            details += &tr!(", {} left out as drafts", self.drafts);
        }
        details += &self.agenda.details();
        let mut remarks = String::new();
        if warnings > 0 {
            remarks += &tr!("; {n} warning" | "; {n} warnings" % warnings);
        }
        if self.verified == Some(true) {
            remarks += &tr!("; equal to a clean build");
        }
        let terms: usize = self.terms.iter().map(|(_, terms)| terms).sum();
        let articles = tr!("{n} article" | "{n} articles" % self.articles);
        let terms = tr!("{n} term" | "{n} terms" % terms);
        let files = tr!("{n} file" | "{n} files" % self.written);
        tr!(
            "newsprint: {articles}{details}, {terms}: {files} written, {unchanged} unchanged, {removed} removed in {seconds} s{remarks}",
            articles,
            details,
            terms,
            files,
            unchanged = self.unchanged,
            removed = self.removed,
            seconds = format!("{:.2}", took.as_secs_f64()),
            remarks
        )
    }

    /// The line of a build that did not succeed.
    fn failure(&self, errors: usize, warnings: usize) -> String {
        if self.verified == Some(false) {
            let found = tr!("{n} difference" | "{n} differences" % errors);
            return tr!(
                "newsprint: built, but the site is not equal to that of a clean build: {found}",
                found
            );
        }
        let reason = match errors {
            0 => tr!("{n} warning (--strict)" | "{n} warnings (--strict)" % warnings),
            _ => tr!("{n} error" | "{n} errors" % errors),
        };
        match self.torn {
            true => tr!(
                "newsprint: not built: {reason}; the published folder is partly new: fix the cause and build again",
                reason
            ),
            false => tr!("newsprint: not built: {reason}; the published folder is as it was", reason),
        }
    }

    /// Finishes the report: sorts the diagnostics and sets `success`.
    pub(crate) fn close(mut self, success: bool) -> Self {
        diagnostic::sort(&mut self.diagnostics);
        self.success = success;
        self
    }
}
