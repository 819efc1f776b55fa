//! What a preview tells in a terminal: a line for each build, and what is wrong whenever that is something new.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use newsprint::Report;
use newsprint::cli::{Cli, ServeArgs};
use newsprint::diagnostic::{self, Diagnostic};
use newsprint::serve::{self, Event};

use crate::{print_diagnostics, print_stages};

/// Runs `newsprint serve`. Returns whether it could begin.
pub(crate) fn run(cli: &Cli, args: &ServeArgs) -> bool {
    let options = cli.serve_options(args);
    let (quiet, verbose, json) = (cli.quiet, cli.verbose, cli.json);
    // The same warnings at every save would hide the one that is new.
    let told: Mutex<Vec<Diagnostic>> = Mutex::new(Vec::new());
    let tell = move |event: Event| {
        if let (true, Event::Built { report, .. }) = (json, &event)
            && let Ok(line) = serde_json::to_string(report)
        {
            let _ = writeln!(std::io::stdout().lock(), "{line}");
        }
        if let (true, Event::Built { report, .. }) = (verbose, &event) {
            print_stages(&report.stages);
        }
        if let Event::Built { report, .. } = &event {
            let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
            let new: Vec<Diagnostic> = report
                .diagnostics
                .iter()
                .filter(|found| found.is_error() || !told.contains(found))
                .cloned()
                .collect();
            told.clone_from(&report.diagnostics);
            print_diagnostics(&new, quiet);
        }
        for line in lines(&event, quiet) {
            // A terminal that is gone is no reason to stop: the browser may still be there.
            // A file may be called anything.
            let _ = writeln!(std::io::stderr().lock(), "newsprint: {}", diagnostic::printable(&line));
        }
    };
    match serve::run(&options, &(Arc::new(tell) as serve::Tell)) {
        Ok(()) => true,
        Err(diagnostic) => {
            print_diagnostics(&[diagnostic], false);
            false
        }
    }
}

/// What a person reads of an event.
fn lines(event: &Event, quiet: bool) -> Vec<String> {
    match event {
        Event::Listening { .. } if quiet => Vec::new(),
        Event::Listening { open_to_others, .. } => {
            let warning = "warning: everybody on the network can read this preview, drafts included";
            open_to_others.then(|| warning.to_owned()).into_iter().collect()
        }
        Event::Looking { why } => vec![format!(
            "the files are looked at twice a second, since the system cannot tell of changes: {why}"
        )],
        Event::NotOpened { why } => vec![format!("no browser could be opened: {why}")],
        Event::Built { report, changed, took, url, first } => {
            let mut lines = Vec::new();
            if *first && !quiet {
                if report.success {
                    lines.push(report.summary(*took).trim_start_matches("newsprint: ").to_owned());
                }
                lines.push(format!("preview at {url} (Ctrl-C ends it)"));
            } else if report.success && !quiet {
                lines.extend(built(report, changed, *took));
            }
            if !report.success {
                let site = if *first { "the browser shows it, too" } else { "the preview stays as it was" };
                lines.push(format!("not built: {}; {site}", errors(report)));
            }
            lines
        }
    }
}

/// A build after a save; nothing if there was nothing to do, and nobody knows of a change.
fn built(report: &Report, changed: &[String], took: Duration) -> Option<String> {
    let what = match changed {
        [] => "what changed meanwhile".to_owned(),
        [file] => file.clone(),
        [file, rest @ ..] => format!("{file} and {} more", rest.len()),
    };
    let mut done = Vec::new();
    if report.written > 0 {
        done.push(count(report.written, "file") + " written");
    }
    if report.removed > 0 {
        done.push(count(report.removed, "file") + " removed");
    }
    if done.is_empty() && changed.is_empty() {
        return None;
    }
    if done.is_empty() {
        done.push("nothing to write".to_owned());
    }
    Some(format!("{what}: {} in {} ms", done.join(", "), took.as_millis()))
}

fn errors(report: &Report) -> String {
    count(report.diagnostics.iter().filter(|found| found.is_error()).count(), "error")
}

fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
