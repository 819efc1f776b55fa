//! The report of `newsprint announce`: a line for each target, JSON for programs. It has no secret.

use std::fmt::Write as _;

use serde::Serialize;

use crate::diagnostic::Diagnostic;

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
            return tr!("newsprint: nothing was announced");
        }
        let sum = |of: fn(&TargetReport) -> usize| self.targets.iter().map(of).sum::<usize>();
        let (sent, failed) = (sum(|target| target.requests_sent), sum(|target| target.failed.len()));
        let targets = tr!("{n} target" | "{n} targets" % self.targets.len());
        let mut line = match self.dry_run {
            true => tr!(
                "newsprint: would send {n} request to {targets}; nothing was sent"
                    | "newsprint: would send {n} requests to {targets}; nothing was sent"
                        % sum(|target| target.requests.len()),
                targets
            ),
            false => tr!(
                "newsprint: sent {n} request to {targets}"
                    | "newsprint: sent {n} requests to {targets}" % sent,
                targets
            ),
        };
        let uncertain = sum(|target| target.uncertain.len());
        if uncertain > 0 {
            line += &tr!("; {uncertain} without an answer", uncertain);
        }
        if failed > 0 {
            line += &tr!("; {failed} failed and will be sent by the next run", failed);
        }
        line
    }
}

impl TargetReport {
    fn line(&self, is_dry: bool) -> String {
        let (name, to) = (&self.name, self.to);
        if self.first_run {
            let items = self.count(self.known);
            return tr!(
                "{name} ({to}): first run: {items} counts as announced"
                    | "{name} ({to}): first run: {items} count as announced" % self.known,
                name,
                to,
                items
            );
        }
        let (items, known) = (self.count(self.sent.len()), self.known);
        let mut line = match is_dry {
            true => tr!("{name} ({to}): {items} would be announced, {known} known", name, to, items, known),
            false => tr!("{name} ({to}): {items} announced, {known} known", name, to, items, known),
        };
        for (number, text) in [
            (self.waiting, marked!(", {number} of later days")),
            (self.uncertain.len(), marked!(", {number} without an answer")),
            (self.failed.len(), marked!(", {number} failed")),
        ] {
            if number > 0 {
                line += &tr!(text, number);
            }
        }
        line
    }

    /// A number of what the target is told of: `2 pages`.
    fn count(&self, number: usize) -> String {
        match self.about {
            "page" => tr!("{n} page" | "{n} pages" % number),
            "feed" => tr!("{n} feed" | "{n} feeds" % number),
            _ => tr!("{n} article" | "{n} articles" % number),
        }
    }
}
