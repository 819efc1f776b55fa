//! Parses the command line, calls the library, prints what comes back, and sets the exit code.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod preview;
mod progress;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use clap::Parser;
use newsprint::cli::{self, Cli, Command, TermsCommand};
use newsprint::diagnostic::{self, Diagnostic};
use newsprint::{Options, check, deploy, import, load, scaffold, terms};
use progress::Progress;
use serde::Serialize;

/// Cargo.toml says why.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    // The only clock that decides any bytes: what `today` means is asked here and handed down.
    let now = chrono::Utc::now();
    let success = match &cli.command {
        Command::Build(args) => {
            let started = std::time::Instant::now();
            let options = Options { overtime: Some(give_up), ..cli.build_options(args) };
            let mut progress = Some(Progress::start("building", cli.quiet));
            let mut tell = |report: &newsprint::Report| {
                drop(progress.take());
                print_diagnostics(&report.diagnostics, cli.quiet && report.success);
                finish(&cli, report, &report.summary(started.elapsed()), report.success);
                if cli.verbose {
                    print_stages(&report.stages);
                }
                report.success
            };
            if args.verify {
                tell(&newsprint::verify(&options))
            } else {
                newsprint::build_and_tell(&options, &mut |report| {
                    std::process::exit(i32::from(!tell(&report)));
                });
                false
            }
        }
        Command::Serve(args) => preview::run(&cli, args),
        Command::Import(args) => {
            let (config, diagnostics) = load::configuration(&cli.root, cli.config.as_deref(), cli.links());
            let progress = Progress::start("importing", cli.quiet);
            let tell = |done, total| progress.tell(done, total);
            let report = import::run(&cli.root, &config, diagnostics, &cli.import_options(args, now, &tell));
            drop(progress);
            print_diagnostics(&report.diagnostics, cli.quiet && report.success);
            if !cli.quiet {
                print_text(&cli, &report.text(cli.verbose));
            }
            finish(&cli, &report, &report.summary(), report.success)
        }
        Command::Check(args) => {
            let mut options = cli.check_options(args, now);
            options.build.overtime = Some(give_up);
            let progress = Progress::start("checking", cli.quiet);
            let report = check::run(&options);
            drop(progress);
            print_diagnostics(&report.diagnostics, cli.quiet && report.success);
            let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
            print_drawn(&cli, &report.text(cli.verbose, cli.quiet && report.success, colour));
            finish(&cli, &report, &report.summary(), report.success)
        }
        Command::Deploy(args) => {
            let mut options = cli.deploy_options(args, now);
            options.check.build.overtime = Some(give_up);
            let progress = Progress::start("publishing", cli.quiet);
            let report = deploy::run(options);
            drop(progress);
            // A check that passed said nothing that the build does not say again.
            if !report.check.success {
                print_diagnostics(&report.check.diagnostics, false);
                let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
                print_drawn(&cli, &report.check.text(cli.verbose, false, colour));
            }
            print_diagnostics(&report.diagnostics, cli.quiet && report.success);
            finish(&cli, &report, &report.summary(), report.success)
        }
        Command::Terms(command) => {
            let (config, diagnostics) = load::configuration(&cli.root, cli.config.as_deref(), cli.links());
            match command {
                TermsCommand::List { taxonomy } => {
                    let list = terms::list(&cli.root, &config, diagnostics, taxonomy.as_deref());
                    print_diagnostics(&list.diagnostics, cli.quiet && list.success);
                    print_text(&cli, &list.text());
                    let summary = format!("newsprint: {}", newsprint::count(list.terms.len(), "term"));
                    finish(&cli, &list, &summary, list.success)
                }
                TermsCommand::Merge { taxonomy, from, into } => {
                    let merged = terms::merge(&cli.root, &config, diagnostics, (taxonomy, from, into));
                    print_diagnostics(&merged.diagnostics, cli.quiet && merged.success);
                    finish(&cli, &merged, &merged.message, merged.success)
                }
            }
        }
        Command::Init { dir } => {
            let report = scaffold::init(&cli.root, dir, now);
            print_diagnostics(&report.diagnostics, cli.quiet && report.success);
            finish(&cli, &report, &report.summary(), report.success)
        }
        Command::New { title } => {
            let (config, diagnostics) = load::configuration(&cli.root, cli.config.as_deref(), cli.links());
            let report = scaffold::new(&cli.root, &config, diagnostics, title, now);
            print_diagnostics(&report.diagnostics, cli.quiet && report.success);
            finish(&cli, &report, &report.summary(), report.success)
        }
        Command::Completions { shell } => {
            print_bytes(&cli::completions(*shell));
            true
        }
        Command::Man { output_dir: None } => cli::man_page().map(|page| print_bytes(&page)).is_ok(),
        Command::Man { output_dir: Some(folder) } => {
            let manual = cli::man_pages(&cli.root.join(folder));
            print_diagnostics(&manual.diagnostics, cli.quiet && manual.success);
            finish(&cli, &manual, &manual.summary(), manual.success)
        }
    };
    if success { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

pub(crate) fn print_diagnostics(diagnostics: &[Diagnostic], quiet: bool) {
    let stderr = std::io::stderr();
    let colour = stderr.is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let mut out = std::io::BufWriter::new(stderr.lock());
    let shown: Vec<Diagnostic> =
        diagnostics.iter().filter(|found| found.is_error() || !quiet).cloned().collect();
    for diagnostic in diagnostic::condense(shown) {
        // A closed pipe is the reader's choice, not an error of ours.
        let _ = writeln!(out, "{}\n", diagnostic.draw(colour));
    }
}

/// What was asked for, on standard output, unless it goes there as JSON.
fn print_text(cli: &Cli, text: &str) {
    if !cli.json {
        print_bytes(diagnostic::printable(text).as_bytes());
    }
}

/// The same for what is drawn already: colours would not come through.
fn print_drawn(cli: &Cli, text: &str) {
    if !cli.json {
        print_bytes(text.as_bytes());
    }
}

/// To standard output. A closed pipe is the reader's choice; a full disk is nobody's, and whoever asked has to know that half is missing.
fn print_bytes(bytes: &[u8]) {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            let _ = writeln!(std::io::stderr(), "newsprint: standard output cannot be written: {error}");
            std::process::exit(1);
        }
        _ => {}
    }
}

fn finish(cli: &Cli, report: &impl Serialize, summary: &str, success: bool) -> bool {
    if cli.json
        && let Ok(json) = serde_json::to_string_pretty(report)
    {
        print_bytes(format!("{json}\n").as_bytes());
    }
    // `eprintln!` panics when nobody reads any more, which is no error of ours.
    let mut stderr = std::io::stderr().lock();
    if !cli.quiet || !success {
        let _ = writeln!(stderr, "{}", diagnostic::printable(summary));
    }
    success
}

/// A page does not come to an end. What was published stays as it was, as after any crash.
pub(crate) fn give_up(diagnostic: &Diagnostic) {
    print_diagnostics(std::slice::from_ref(diagnostic), false);
    let _ = writeln!(std::io::stderr(), "newsprint: not built; the published folder is as it was");
    std::process::exit(1);
}

fn print_stages(stages: &[(&'static str, f64)]) {
    let mut stderr = std::io::stderr().lock();
    for (stage, milliseconds) in stages {
        let _ = writeln!(stderr, "  {milliseconds:>8.1} ms  {stage}");
    }
}
