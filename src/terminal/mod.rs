//! Prints diagnostics and summaries on standard error, and results on standard output.

mod preview;
mod progress;
mod turn;

use std::io::{IsTerminal, Write};

use newsprint::Diagnostic;
use newsprint::internals::diagnostic;
use serde::Serialize;

use crate::cli::Cli;
pub(crate) use preview::Preview;
pub(crate) use progress::Progress;
pub(crate) use turn::{begin_report, claim_report_or_exit};

/// True if standard output is a terminal.
pub(crate) fn stdout_is_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// True if standard output is a terminal and `NO_COLOR` is not set.
pub(crate) fn stdout_has_colour() -> bool {
    std::io::stdout().is_terminal() && is_colour_wanted()
}

fn is_colour_wanted() -> bool {
    std::env::var_os("NO_COLOR").is_none()
}

/// Prints diagnostics on standard error; if `quiet`, only the errors.
pub(crate) fn print_diagnostics(diagnostics: &[Diagnostic], quiet: bool) {
    let stderr = std::io::stderr();
    let colour = stderr.is_terminal() && is_colour_wanted();
    let mut out = std::io::BufWriter::new(stderr.lock());
    let shown: Vec<Diagnostic> =
        diagnostics.iter().filter(|found| found.is_error() || !quiet).cloned().collect();
    for diagnostic in diagnostic::condense(shown) {
        // A closed pipe is not an error.
        let _ = writeln!(out, "{}\n", diagnostic.draw(colour));
    }
}

/// Prints a result on standard output, unless the report goes to standard output as JSON.
pub(crate) fn print_text(cli: &Cli, text: &str) {
    if !cli.json {
        print_bytes(diagnostic::printable(text).as_bytes());
    }
}

/// Prints a result that is already escaped and coloured, unless the report goes to standard output
/// as JSON.
pub(crate) fn print_drawn(cli: &Cli, text: &str) {
    if !cli.json {
        print_bytes(text.as_bytes());
    }
}

/// Prints bytes on standard output. A closed pipe is not an error. Any other failure exits with
/// code 1, because part of the output is missing.
pub(crate) fn print_bytes(bytes: &[u8]) {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            let text = tr!("newsprint: cannot write to standard output: {error}", error);
            let _ = writeln!(std::io::stderr(), "{text}");
            std::process::exit(1);
        }
        _ => {}
    }
}

/// Prints the report as JSON if `--json` is given, and the summary line unless a successful command
/// is `--quiet`. Returns `success`.
pub(crate) fn print_report(cli: &Cli, report: &impl Serialize, summary: &str, success: bool) -> bool {
    if cli.json
        && let Ok(json) = serde_json::to_string_pretty(report)
    {
        print_bytes(format!("{}\n", diagnostic::printable_json(&json)).as_bytes());
    }
    print_summary(cli, summary, success)
}

/// Prints the summary line unless a successful command is `--quiet`. Returns `success`.
pub(crate) fn print_summary(cli: &Cli, summary: &str, success: bool) -> bool {
    // `eprintln!` panics if standard error is closed, which is not an error here.
    let mut stderr = std::io::stderr().lock();
    if !cli.quiet || !success {
        let _ = writeln!(stderr, "{}", diagnostic::printable(summary));
    }
    success
}

/// Prints the milliseconds of each stage of a build on standard error.
pub(crate) fn print_stages(stages: &[(&'static str, f64)]) {
    let mut stderr = std::io::stderr().lock();
    for &(stage, milliseconds) in stages {
        let stage = tr!(stage);
        let _ = writeln!(stderr, "  {milliseconds:>8.1} ms  {stage}");
    }
}

/// Prints a message on standard error, unless `--quiet` is given.
pub(crate) fn print_note(cli: &Cli, text: &str) {
    print_note_unless(cli.quiet, text);
}

/// Prints a note to standard error unless `is_quiet`, from any thread.
pub(crate) fn print_note_unless(is_quiet: bool, text: &str) {
    if !is_quiet {
        let _ = writeln!(std::io::stderr().lock(), "newsprint: {}", diagnostic::printable_line(text));
    }
}
