//! Prints the events of a preview: one line for each build, and each diagnostic once.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use newsprint::internals::diagnostic;
use newsprint::internals::load::schedule::{Change, Event as Due};
use newsprint::internals::serve::{Event, Listener};
use newsprint::{Diagnostic, Report};

use crate::cli::Cli;
use crate::terminal::{print_diagnostics, print_stages};

/// State of the last build, so that only new diagnostics and changed values are printed.
pub(crate) struct Preview {
    quiet: bool,
    verbose: bool,
    json: bool,
    /// Diagnostics of the last build.
    printed: Vec<Diagnostic>,
    /// The site's URL at the last build.
    url: String,
    /// Drafts that the last build left out.
    drafts: usize,
    /// True if the last build failed.
    broken: bool,
}

impl Preview {
    /// A listener that prints each event.
    pub(crate) fn listener(cli: &Cli) -> Listener {
        let preview = Mutex::new(Self {
            quiet: cli.quiet,
            verbose: cli.verbose,
            json: cli.json,
            printed: Vec::new(),
            url: String::new(),
            drafts: 0,
            broken: false,
        });
        Arc::new(move |event: Event| {
            preview.lock().unwrap_or_else(PoisonError::into_inner).print(&event);
        })
    }

    fn print(&mut self, event: &Event) {
        match event {
            Event::Listening { port, taken, open_to_others } => {
                if *taken {
                    self.print_unless_quiet(&tr!("port 1111 is taken; using port {port}", port));
                }
                if *open_to_others {
                    self.print_unless_quiet(&tr!(
                        "warning: everybody on the network can read this preview, \
                         at this machine's addresses"
                    ));
                }
            }
            Event::Polling { reason } => self.print_unless_quiet(&tr!(
                "looking for changed files twice a second, \
                 because the system does not report changes: {reason}",
                reason
            )),
            Event::BrowserNotOpened { url } => {
                self.print_unless_quiet(&tr!("cannot open a browser: open {url} yourself", url));
            }
            Event::Built { report, changed, due, took, url, first } => {
                let same = self.broken && report.diagnostics == self.printed;
                self.print_every_build(report, url);
                if *first {
                    self.print_first_build(report, url, *took);
                } else if report.success {
                    self.print_rebuild(report, changed, due.as_ref(), *took);
                }
                if report.success && !*first && self.url != *url {
                    self.print_unless_quiet(&tr!("the preview is at {url} now", url));
                }
                if !report.success {
                    let site = match *first {
                        true => tr!("the browser shows them too"),
                        false => tr!("the preview stays as it was"),
                    };
                    let errors = report.errors();
                    print_line(&match same {
                        true => tr!(
                            "not built: still {n} error; {site}"
                                | "not built: still {n} errors; {site}" % errors,
                            site
                        ),
                        false => {
                            tr!(
                                "not built: {n} error; {site}" | "not built: {n} errors; {site}" % errors,
                                site
                            )
                        }
                    });
                }
                self.url.clone_from(url);
                self.broken = !report.success;
                self.drafts = report.drafts;
            }
        }
    }

    /// Prints the JSON report, the stages and the diagnostics that the last build did not have.
    /// Repeating the others at every save would hide the new ones.
    fn print_every_build(&mut self, report: &Report, url: &str) {
        if self.json {
            let line = serde_json::json!({ "url": url, "report": report }).to_string();
            let _ = writeln!(std::io::stdout().lock(), "{}", diagnostic::printable_json(&line));
        }
        if self.verbose {
            print_stages(&report.stages);
        }
        let is_new = |found: &&Diagnostic| !self.printed.contains(found);
        let new: Vec<Diagnostic> = report.diagnostics.iter().filter(is_new).cloned().collect();
        self.printed.clone_from(&report.diagnostics);
        print_diagnostics(&new, self.quiet);
    }

    fn print_first_build(&self, report: &Report, url: &str, took: Duration) {
        if report.success {
            self.print_unless_quiet(report.summary(took).trim_start_matches("newsprint: "));
        }
        self.print_unless_quiet(&tr!("preview at {url} (Ctrl-C ends it)", url));
    }

    /// Prints the changed file, or the article that was due, and the numbers of files written and
    /// removed. Prints nothing if no file was written or removed, no change was reported and the last
    /// build succeeded.
    fn print_rebuild(&self, report: &Report, changed: &[String], due: Option<&Due>, took: Duration) {
        let what = match (due, changed) {
            (Some(due), _) => due_text(due),
            (None, []) => tr!("unreported changes"),
            (None, [file]) => file.clone(),
            (None, [file, rest @ ..]) => tr!("{file} and {} more", rest.len(), file),
        };
        let mut done = Vec::new();
        if report.written > 0 {
            done.push(tr!("{n} file written" | "{n} files written" % report.written));
        }
        if report.removed > 0 {
            done.push(tr!("{n} file removed" | "{n} files removed" % report.removed));
        }
        match (done.is_empty(), self.broken) {
            (true, true) => done.push(tr!("errors fixed, nothing to write")),
            (true, false) if changed.is_empty() && due.is_none() => return,
            (true, false) => done.push(tr!("nothing to write")),
            (false, _) => {}
        }
        let drafts = if report.drafts > self.drafts {
            tr!("; {n} draft left out (show them with --drafts)"
                | "; {n} drafts left out (show them with --drafts)" % report.drafts)
        } else {
            String::new()
        };
        let done = done.join(&tr!("clauses" => ", "));
        self.print_unless_quiet(&tr!(
            "{what}: {done} in {time} ms{drafts}",
            what,
            done,
            time = took.as_millis(),
            drafts
        ));
    }

    fn print_unless_quiet(&self, text: &str) {
        if !self.quiet {
            print_line(text);
        }
    }
}

/// Why a preview was built again: `content/articles/a.md is published (2026-12-01 08:00)`.
fn due_text(due: &Due) -> String {
    let (file, time) = (&due.file, due.time());
    match due.what {
        Change::Publish => tr!("{file} is published ({time})", file, time),
        Change::Expires => tr!("{file} has expired ({time})", file, time),
    }
}

/// Prints a line on standard error. Errors are ignored, because a browser may still use the preview
/// after its terminal was closed. Control characters are replaced, because file names may contain
/// them.
fn print_line(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "newsprint: {}", diagnostic::printable_line(text));
}
