//! Runs `fetch` and the commands below `sources`.

use std::io::{self, Write as _};
use std::path::Path;

use chrono::{DateTime, Utc};
use newsprint::Diagnostic;
use newsprint::internals::fetch::{self, Limits, Options, Report, Target};
use newsprint::internals::{diagnostic, load};

use crate::cli::{Cli, FetchArgs, SourcesCommand};
use crate::commands::ending::{Ending, early_report, not_finished};
use crate::terminal::{self, Progress};

pub(super) fn fetch(cli: &Cli, args: &FetchArgs, now: DateTime<Utc>) -> bool {
    let report = |error| early_report(error, |report: &mut Report, error| report.diagnostics.push(error));
    let ending = Ending::new(cli, report, not_finished());
    ending.watch_signals();
    use_small_pages();
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
    let progress = Progress::start(tr!("fetching"), cli.quiet);
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
    // What is printed or added to another file goes to another program.
    if !cli.quiet && args.to.is_none() {
        report.note(!args.articles).iter().for_each(|note| terminal::print_note(cli, note));
    }
    if is_output {
        return terminal::print_summary(cli, &report.summary(), report.success);
    }
    terminal::print_report(cli, &report, &report.summary(), report.success)
}

/// Lets this process take memory in pages of 4 KB. The allocator asks Linux for pages of 2 MB, of
/// which each of twenty threads that wait for servers would use a part: 200 hostile sources then
/// take 150 MB instead of 90 MB. A build is faster with large pages, and keeps them.
fn use_small_pages() {
    // A kernel without huge pages refuses, and has nothing to disable.
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
}

fn write_to_stdout(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush())
}

pub(super) fn sources(cli: &Cli, command: &SourcesCommand, now: DateTime<Utc>) -> bool {
    let (config, diagnostics) = load::configuration(&cli.root, cli.config.as_deref(), cli.links());
    if diagnostics.iter().any(Diagnostic::is_error) {
        let report = fetch::Added { diagnostics, ..fetch::Added::default() };
        return print_added(cli, &report);
    }
    let probe = |url: &str, feed: Option<&str>, allow_private: bool| {
        let report =
            |error| early_report(error, |report: &mut fetch::Probe, error| report.diagnostics.push(error));
        Ending::new(cli, report, not_finished()).watch_signals();
        let _progress = Progress::start(tr!("requesting"), cli.quiet);
        fetch::probe((url, feed), &config, allow_private, Limits::default(), now)
    };
    match command {
        SourcesCommand::Add { url, name, feed, allow_private } => {
            let probe = probe(url, feed.as_deref(), *allow_private);
            let feeds = probe.feeds_of_page();
            let report = fetch::add(&cli.root, &config, probe, name.as_deref());
            if report.success {
                feeds.iter().for_each(|line| terminal::print_note(cli, line.trim_start()));
            }
            print_added(cli, &report)
        }
        SourcesCommand::Import { file } => print_added(cli, &fetch::import(&cli.root, &config, file)),
        SourcesCommand::List => {
            let list = fetch::list(&cli.root, &config, diagnostics, now);
            terminal::begin_report();
            terminal::print_diagnostics(&list.diagnostics, cli.quiet && list.success);
            terminal::print_text(cli, &list.text());
            let summary = tr!("newsprint: {n} source" | "newsprint: {n} sources" % list.sources.len());
            terminal::print_report(cli, &list, &summary, list.success)
        }
        SourcesCommand::Remove { names } => print_edited(cli, &fetch::remove(&cli.root, &config, names)),
        SourcesCommand::On { names } => print_edited(cli, &fetch::switch(&cli.root, &config, names, true)),
        SourcesCommand::Off { names } => print_edited(cli, &fetch::switch(&cli.root, &config, names, false)),
        SourcesCommand::Test { url, feed, allow_private } => {
            let probe = probe(url, feed.as_deref(), *allow_private);
            terminal::begin_report();
            terminal::print_diagnostics(&probe.diagnostics, cli.quiet && probe.success);
            terminal::print_text(cli, &probe.text());
            terminal::print_report(cli, &probe, &probe.summary(), probe.success)
        }
    }
}

fn print_added(cli: &Cli, report: &fetch::Added) -> bool {
    terminal::begin_report();
    terminal::print_diagnostics(&report.diagnostics, cli.quiet && report.success);
    if !cli.quiet {
        terminal::print_text(cli, &report.text());
    }
    terminal::print_report(cli, report, &report.summary(), report.success)
}

fn print_edited(cli: &Cli, report: &fetch::Edited) -> bool {
    terminal::begin_report();
    terminal::print_diagnostics(&report.diagnostics, cli.quiet && report.success);
    if !cli.quiet {
        terminal::print_text(cli, &report.text());
    }
    terminal::print_report(cli, report, &report.summary(), report.success)
}
