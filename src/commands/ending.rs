//! Ends a command before it has finished: because a file or a page takes too long, or because of a
//! signal. No temporary file stays in the published folder, and `--json` still prints one value.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use newsprint::internals::serve::EndSignals;
use newsprint::{Cancellation, Diagnostic, OnTimeout};
use serde::Serialize;

use crate::cli::Cli;
use crate::terminal;

/// How long a signal waits for a build to stop by itself. After that, the page that is rendered is
/// abandoned.
const PATIENCE: Duration = Duration::from_secs(2);

/// The outcome of a command that writes content and is ended.
pub(super) fn not_finished() -> String {
    tr!("not finished; files that were written are complete")
}

/// The JSON report of a command that was ended: the report of a command that did nothing, with one
/// error.
pub(super) fn early_report<R: Default + Serialize>(
    diagnostic: Diagnostic,
    add: fn(&mut R, Diagnostic),
) -> serde_json::Result<String> {
    let mut report = R::default();
    add(&mut report, diagnostic);
    serde_json::to_string_pretty(&report)
}

/// What a command prints if it ends early.
pub(crate) struct Ending {
    json: bool,
    /// The JSON report of the command with one error.
    report: fn(Diagnostic) -> serde_json::Result<String>,
    /// What did not happen, and what is unchanged: `not built; the published folder is unchanged`.
    outcome: String,
    cancellation: Arc<Cancellation>,
}

impl Ending {
    pub(crate) fn new(
        cli: &Cli,
        report: fn(Diagnostic) -> serde_json::Result<String>,
        outcome: String,
    ) -> Arc<Self> {
        Arc::new(Self { json: cli.json, report, outcome, cancellation: Arc::default() })
    }

    /// Reports that the command cannot begin.
    pub(crate) fn refuse(&self, diagnostic: Diagnostic) {
        terminal::print_diagnostics(std::slice::from_ref(&diagnostic), false);
        self.print(diagnostic, &self.outcome);
    }

    /// The switch that stops the writing of the command.
    pub(crate) fn cancellation(&self) -> Arc<Cancellation> {
        Arc::clone(&self.cancellation)
    }

    /// The callback for tasks that take too long: exits with code 1.
    pub(crate) fn on_timeout(self: &Arc<Self>) -> OnTimeout {
        let ending = Arc::clone(self);
        OnTimeout::new(move |diagnostic| {
            terminal::claim_report_or_exit(1);
            // The page that takes too long does not stop by itself.
            let _stopped = ending.cancellation.end(Duration::ZERO);
            terminal::print_diagnostics(std::slice::from_ref(diagnostic), false);
            ending.print(diagnostic.clone(), &ending.outcome);
            std::process::exit(1);
        })
    }

    /// Lets SIGINT, SIGTERM and SIGHUP end the command with exit code 128 and the signal's number.
    /// If they cannot be caught, they end the process as they do by default.
    pub(crate) fn watch_signals(self: &Arc<Self>) {
        let ending = Arc::clone(self);
        let _ = EndSignals::watch(move |signal| {
            let code = 128 + i32::from(signal.number);
            terminal::claim_report_or_exit(code);
            let _stopped = ending.cancellation.end(PATIENCE);
            let reason = tr!("ended by {}", signal.name);
            let help = tr!("run the command again: files that were written are complete");
            ending.print(Diagnostic::error(&reason).help(&help), &tr!("{reason}; {help}", reason, help));
            std::process::exit(code);
        });
    }

    fn print(&self, diagnostic: Diagnostic, outcome: &str) {
        if self.json
            && let Ok(json) = (self.report)(diagnostic)
        {
            terminal::print_bytes(format!("{json}\n").as_bytes());
        }
        let _ = writeln!(std::io::stderr(), "newsprint: {outcome}");
    }
}
