//! What a preview prints: a line for each build, and each diagnostic once.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use newsprint::internals::diagnostic;
use newsprint::internals::serve::{Event, Listener};
use newsprint::internals::text::count;
use newsprint::{Diagnostic, Report};

use crate::cli::Cli;
use crate::terminal::{print_diagnostics, print_stages};

/// What a preview printed before, so that only what is new is printed.
pub(crate) struct Preview {
    quiet: bool,
    verbose: bool,
    json: bool,
    printed: Vec<Diagnostic>,
    url: String,
    drafts: usize,
    broken: bool,
}

impl Preview {
    /// Prints the events of a preview.
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
                    self.say(&format!("port 1111 is taken: {port} is used"));
                }
                if *open_to_others {
                    self.say("warning: everybody on the network can read this preview, at this machine's addresses");
                }
            }
            Event::Looking { why } => self.say(&format!(
                "the files are looked at twice a second, since the system cannot tell of changes: {why}"
            )),
            Event::NotOpened { url } => {
                self.say(&format!("no browser could be opened here: open {url} yourself"));
            }
            Event::Built { report, changed, took, url, first } => {
                let same = self.broken && report.diagnostics == self.printed;
                self.built(report, url);
                if *first {
                    self.first(report, url, *took);
                } else if report.success {
                    self.rebuilt(report, changed, *took);
                }
                if report.success && !*first && self.url != *url {
                    self.say(&format!("the preview is at {url} now"));
                }
                if !report.success {
                    let site =
                        if *first { "the browser shows it, too" } else { "the preview stays as it was" };
                    let still = if same { "still " } else { "" };
                    print_line(&format!("not built: {still}{}; {site}", count(report.errors(), "error")));
                }
                self.url.clone_from(url);
                self.broken = !report.success;
                self.drafts = report.drafts;
            }
        }
    }

    /// What there is to tell of every build: the same at every save would hide what is new.
    fn built(&mut self, report: &Report, url: &str) {
        if self.json {
            let line = serde_json::json!({ "url": url, "report": report });
            let _ = writeln!(std::io::stdout().lock(), "{line}");
        }
        if self.verbose {
            print_stages(&report.stages);
        }
        let is_new = |found: &&Diagnostic| !self.printed.contains(found);
        let new: Vec<Diagnostic> = report.diagnostics.iter().filter(is_new).cloned().collect();
        self.printed.clone_from(&report.diagnostics);
        print_diagnostics(&new, self.quiet);
    }

    fn first(&self, report: &Report, url: &str, took: Duration) {
        if report.success {
            self.say(report.summary(took).trim_start_matches("newsprint: "));
        }
        self.say(&format!("preview at {url} (Ctrl-C ends it)"));
    }

    /// A build after a save; nothing if there was nothing to do, and nobody knows of a change.
    fn rebuilt(&self, report: &Report, changed: &[String], took: Duration) {
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
        match (done.is_empty(), self.broken) {
            (true, true) => done.push("mended, and the site is as it was".to_owned()),
            (true, false) if changed.is_empty() => return,
            (true, false) => done.push("nothing to write".to_owned()),
            (false, _) => {}
        }
        let drafts = if report.drafts > self.drafts {
            format!("; {} left out (show them with --drafts)", count(report.drafts, "draft"))
        } else {
            String::new()
        };
        self.say(&format!("{what}: {} in {} ms{drafts}", done.join(", "), took.as_millis()));
    }

    fn say(&self, text: &str) {
        if !self.quiet {
            print_line(text);
        }
    }
}

/// A terminal that is gone is no reason to stop: the browser may still be there. A file may be called anything.
fn print_line(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "newsprint: {}", diagnostic::printable_line(text));
}
