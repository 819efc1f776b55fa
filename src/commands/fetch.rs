//! Runs `fetch` and the commands below `sources`.

use std::io::{self, Write as _};
use std::path::Path;

use chrono::{DateTime, Utc};
use newsprint::internals::diagnostic;
use newsprint::internals::fetch::{self, Limits, Options, Report, Target};
use newsprint::internals::load;

use crate::cli::{Cli, FetchArgs};
use crate::commands::ending::{Ending, NOT_FINISHED, early_report};
use crate::terminal::{self, Progress};

pub(super) fn fetch(cli: &Cli, args: &FetchArgs, now: DateTime<Utc>) -> bool {
    let report = |error| early_report(error, |report: &mut Report, error| report.diagnostics.push(error));
    let ending = Ending::new(cli, report, NOT_FINISHED);
    ending.watch_signals();
    let (config, diagnostics) = load::configuration(&cli.root, cli.config.as_deref(), cli.links());
    let on_wait = |text: &str| terminal::print_note(cli, text);
    let on_timeout = ending.on_timeout();
    let is_output = args.to.as_deref() == Some(Path::new("-"));
    let options = Options {
        sources: &args.sources,
        since: args.since.as_deref(),
        now,
        dry_run: args.dry_run,
        target: match args.to.as_deref() {
            _ if args.articles => Target::Articles,
            Some(_) if is_output => Target::Output(&write_to_stdout),
            Some(path) => Target::File(path),
            None => Target::Records,
        },
        allow_private: args.allow_private,
        limits: Limits::default(),
        on_timeout: Some(&on_timeout),
        on_wait: &on_wait,
    };
    let progress = Progress::start("fetching", cli.quiet);
    let report = fetch::run(&cli.root, &config, diagnostics, &options);
    terminal::begin_report();
    drop(progress);
    terminal::print_diagnostics(&report.diagnostics, cli.quiet && report.success);
    if !cli.quiet {
        let text = report.text(cli.verbose);
        // Standard output has the records.
        match is_output {
            true => drop(write!(io::stderr().lock(), "{}", diagnostic::printable(&text))),
            false => terminal::print_text(cli, &text),
        }
    }
    if is_output {
        return terminal::print_summary(cli, &report.summary(), report.success);
    }
    terminal::print_report(cli, &report, &report.summary(), report.success)
}

fn write_to_stdout(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush())
}
