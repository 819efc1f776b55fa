//! The report of `newsprint announce`: a line for each target, JSON for programs. It has no secret.

use std::fmt::Write as _;

use serde::Serialize;

use crate::diagnostic::Diagnostic;
use crate::text::count;

/// The report of `newsprint announce`.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// True if nothing failed.
    pub success: bool,
    /// True if nothing was sent and written.
    pub dry_run: bool,
    /// The targets, in the order of the settings.
    pub targets: Vec<TargetReport>,
    /// Errors and warnings.
    pub diagnostics: Vec<Diagnostic>,
}

/// What happened to one target.
#[derive(Debug, Default, Serialize)]
pub struct TargetReport {
    /// Its name in the settings.
    pub name: String,
    /// Its platform.
    pub to: &'static str,
    /// What it is told of: `article`, `page` or `feed`.
    pub about: &'static str,
    /// True if everything that the digest has counts as announced, since the ledger does not have
    /// this target.
    pub first_run: bool,
    /// The number of articles, pages or feeds that need no message.
    pub known: usize,
    /// The number of articles of later days.
    pub waiting: usize,
    /// The number of requests that were accepted.
    pub requests_sent: usize,
    /// The addresses that were announced, or would be in a dry run.
    pub sent: Vec<String>,
    /// The addresses of requests without an answer. They count as announced.
    pub uncertain: Vec<String>,
    /// The addresses that the next run announces.
    pub failed: Vec<String>,
    /// The requests of a dry run.
    pub requests: Vec<ShownRequest>,
}

/// A request of a dry run, without secrets.
#[derive(Debug, Serialize)]
pub struct ShownRequest {
    /// The method.
    pub method: &'static str,
    /// The host; the rest of the address may be a secret.
    pub host: String,
    /// Names and values of headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Report {
    /// The text for standard output: a line for each target, and the requests of a dry run.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for target in &self.targets {
            let _ = writeln!(text, "{}", target.line(self.dry_run));
            for request in &target.requests {
                let _ = writeln!(text, "\n{} {}", request.method, request.host);
                for (name, value) in &request.headers {
                    let _ = writeln!(text, "{name}: {value}");
                }
                let _ = writeln!(text, "\n{}\n", request.body);
            }
        }
        text
    }

    /// One line for people.
    #[must_use]
    pub fn summary(&self) -> String {
        if self.targets.is_empty() {
            return "newsprint: nothing was announced".to_owned();
        }
        let sum = |of: fn(&TargetReport) -> usize| self.targets.iter().map(of).sum::<usize>();
        let (sent, failed) = (sum(|target| target.requests_sent), sum(|target| target.failed.len()));
        let targets = count(self.targets.len(), "target");
        let mut line = match self.dry_run {
            true => {
                let requests = count(sum(|target| target.requests.len()), "request");
                tr!("newsprint: would send {requests} to {targets}; nothing was sent", requests, targets)
            }
            false => tr!("newsprint: sent {} to {targets}", count(sent, "request"), targets),
        };
        let uncertain = sum(|target| target.uncertain.len());
        if uncertain > 0 {
            let _ = write!(line, "; {uncertain} without an answer");
        }
        if failed > 0 {
            let _ = write!(line, "; {failed} failed and will be sent by the next run");
        }
        line
    }
}

impl TargetReport {
    fn line(&self, is_dry: bool) -> String {
        let of = |number: usize| count(number, self.about);
        let mut line = format!("{} ({}): ", self.name, self.to);
        if self.first_run {
            let s = if self.known == 1 { "s" } else { "" };
            let _ = write!(line, "first run: {} count{s} as announced", of(self.known));
            return line;
        }
        let sent = if is_dry { "would be announced" } else { "announced" };
        let _ = write!(line, "{} {sent}, {} known", of(self.sent.len()), self.known);
        for (number, what) in [
            (self.waiting, "of later days"),
            (self.uncertain.len(), "without an answer"),
            (self.failed.len(), "failed"),
        ] {
            if number > 0 {
                let _ = write!(line, ", {number} {what}");
            }
        }
        line
    }
}
