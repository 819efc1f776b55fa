//! What a build did, for people and for programs.

use std::time::Duration;

use serde::Serialize;

use crate::diagnostic::{self, Diagnostic};
use crate::output::Built;
use crate::text::count;

/// What a build did.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// Was the site published (or found to be up to date)?
    pub success: bool,
    /// Did the disk fail while finished files were put in place? Some are then new and the others as they were.
    pub torn: bool,
    /// Articles on the site.
    pub articles: usize,
    /// Articles without a date among them.
    pub undated: usize,
    /// Drafts that were left out.
    pub drafts: usize,
    /// Terms of each taxonomy, in the configuration's order.
    pub terms: Vec<(String, usize)>,
    /// With `--verify`: is the site what a clean build makes?
    pub verified: Option<bool>,

    /// Files of the site.
    pub files: usize,
    /// Files created or replaced.
    pub written: usize,
    /// Files that were left alone.
    pub unchanged: usize,
    /// Files that the site no longer has.
    pub removed: usize,
    /// Milliseconds of each stage.
    pub stages: Vec<(&'static str, f64)>,
    /// What is wrong, in the order of paths and lines.
    pub diagnostics: Vec<Diagnostic>,
}

impl Report {
    pub(crate) fn fail(mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) -> Self {
        self.diagnostics.extend(diagnostics);
        self.close(false)
    }

    pub(crate) fn built(&self) -> Built {
        let Self { articles, undated, drafts, files, .. } = *self;
        Built { articles, undated, drafts, files, terms: self.terms.clone() }
    }

    /// The report of a build that found everything as it has to be.
    pub(crate) fn current(mut self, built: Built) -> Self {
        let Built { articles, undated, drafts, terms, files } = built;
        self.unchanged = files;
        Self { articles, undated, drafts, terms, files, ..self }.close(true)
    }

    /// How many errors there are.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.diagnostics.iter().filter(|found| found.is_error()).count()
    }

    /// One line for a person.
    #[must_use]
    pub fn summary(&self, took: Duration) -> String {
        let errors = self.errors();
        let warnings = self.diagnostics.len() - errors;
        if !self.success {
            let why = if errors > 0 {
                count(errors, "error")
            } else {
                format!("{} (--strict)", count(warnings, "warning"))
            };
            if self.verified == Some(false) {
                return format!(
                    "newsprint: built, but not as a clean build would be: {}",
                    count(errors, "difference")
                );
            }
            let state = if self.torn { "is half new: build again when it is mended" } else { "is as it was" };
            return format!("newsprint: not built: {why}; the published folder {state}");
        }
        let proof = if self.verified == Some(true) { "; equal to a clean build" } else { "" };
        let terms: usize = self.terms.iter().map(|(_, terms)| terms).sum();
        let notes = [(self.undated, "undated"), (self.drafts, "left out as drafts")]
            .iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, what)| format!(", {number} {what}"))
            .collect::<String>();
        let warned = if warnings > 0 { format!("; {}", count(warnings, "warning")) } else { String::new() };
        format!(
            "newsprint: {}{notes}, {}: {} written, {} unchanged, {} removed in {:.2} s{warned}{proof}",
            count(self.articles, "article"),
            count(terms, "term"),
            count(self.written, "file"),
            self.unchanged,
            self.removed,
            took.as_secs_f64()
        )
    }

    pub(crate) fn close(mut self, success: bool) -> Self {
        diagnostic::sort(&mut self.diagnostics);
        self.success = success;
        self
    }
}
