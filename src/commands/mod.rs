//! Runs the commands: one function for each command calls the library, prints the report and
//! returns whether the command succeeded.

mod ending;
mod fetch;

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, Utc};
use clap_complete::Shell;
use newsprint::internals::config::Config;
use newsprint::internals::{announce, check, deploy, edition, import, load, scaffold, serve, terms};
use newsprint::{Diagnostic, Options, Report};

use crate::cli::{
    self, AnnounceArgs, BuildArgs, CheckArgs, Cli, Command, DeployArgs, EditionArgs, ImportArgs, NewArgs,
    ServeArgs, TermsCommand, ThemeCommand,
};
use crate::terminal::{self, Preview, Progress};
use ending::{Ending, early_report, not_finished};

/// Runs the parsed command. `now` is the time of the build unless `--now` names another, and gives
/// the date of `today`.
pub(crate) fn run(cli: &Cli, now: DateTime<Utc>) -> bool {
    match &cli.command {
        Command::Build(args) => build(cli, args, now),
        Command::Serve(args) => serve(cli, args, now),
        Command::Import(args) => import(cli, args, now),
        Command::Fetch(args) => fetch::fetch(cli, args, now),
        Command::Sources(command) => fetch::sources(cli, command, now),
        Command::Check(args) => check(cli, args, now),
        Command::Deploy(args) => deploy(cli, args, now),
        Command::Announce(args) => announce(cli, args, now),
        Command::Edition(args) => edition(cli, args, now),
        Command::Terms(command) => terms(cli, command),
        Command::Theme(command) => theme(cli, command),
        Command::Init { dir, from } => init(cli, dir, from.as_deref(), now),
        Command::New(args) => new(cli, args, now),
        Command::Completions { shell } => completions(*shell),
        Command::Man { output_dir } => man(cli, output_dir.as_deref()),
    }
}

fn build(cli: &Cli, args: &BuildArgs, clock: DateTime<Utc>) -> bool {
    let started = Instant::now();
    let report = |error| early_report(error, |report: &mut Report, error| report.diagnostics.push(error));
    let ending = Ending::new(cli, report, tr!("not built; the published folder is unchanged"));
    ending.watch_signals();
    let Some(now) = time(cli, args.now.as_deref(), clock, &ending) else { return false };
    let options = Options {
        on_timeout: Some(ending.on_timeout()),
        cancellation: ending.cancellation(),
        ..cli.build_options(args, now)
    };
    let mut progress = Some(Progress::start(tr!("building"), cli.quiet));
    let mut print = |report: &Report| {
        terminal::begin_report();
        drop(progress.take());
        terminal::print_diagnostics(&report.diagnostics, cli.quiet && report.success);
        terminal::print_report(cli, report, &report.summary(started.elapsed()), report.success);
        if cli.verbose {
            terminal::print_stages(&report.stages);
        }
        report.success
    };
    if args.verify {
        return print(&newsprint::verify(&options));
    }
    // Exits while the site is in memory: freeing it value by value takes longer than the system
    // needs.
    newsprint::build_and_report(&options, &mut |report| {
        std::process::exit(i32::from(!print(&report)));
    });
    false
}

fn serve(cli: &Cli, args: &ServeArgs, clock: DateTime<Utc>) -> bool {
    let ending =
        Ending::new(cli, preview_error, tr!("the preview has ended; the published folder is unchanged"));
    let Some(now) = time(cli, args.now.as_deref(), clock, &ending) else { return false };
    let mut options = cli.serve_options(args, now);
    options.build.on_timeout = Some(ending.on_timeout());
    match serve::run(&options, &Preview::listener(cli)) {
        Ok(()) => true,
        Err(diagnostic) => {
            terminal::print_diagnostics(std::slice::from_ref(&diagnostic), false);
            if cli.json
                && let Ok(line) = preview_error(diagnostic)
            {
                terminal::print_bytes(format!("{line}\n").as_bytes());
            }
            false
        }
    }
}

/// The line of JSON of a preview that cannot start or go on: that of a failed build, without a URL.
fn preview_error(diagnostic: Diagnostic) -> serde_json::Result<String> {
    let report = Report { diagnostics: vec![diagnostic], ..Report::default() };
    serde_json::to_string(&serde_json::json!({ "url": null, "report": report }))
}

fn import(cli: &Cli, args: &ImportArgs, now: DateTime<Utc>) -> bool {
    let report =
        |error| early_report(error, |report: &mut import::Report, error| report.diagnostics.push(error));
    let ending = Ending::new(cli, report, not_finished());
    ending.watch_signals();
    let (config, diagnostics) = configuration(cli);
    let progress = Progress::start(tr!("importing"), cli.quiet);
    let show = |done, total| progress.show(done, total);
    let on_wait = |text: &str| terminal::print_note(cli, text);
    let on_timeout = ending.on_timeout();
    let options =
        import::Options { on_timeout: Some(&on_timeout), ..cli.import_options(args, now, &show, &on_wait) };
    let report = import::run(&cli.root, &config, diagnostics, &options);
    terminal::begin_report();
    drop(progress);
    terminal::print_diagnostics(&report.diagnostics, cli.quiet && report.success);
    if !cli.quiet {
        terminal::print_text(cli, &report.text(cli.verbose));
    }
    terminal::print_report(cli, &report, &report.summary(), report.success)
}

fn check(cli: &Cli, args: &CheckArgs, clock: DateTime<Utc>) -> bool {
    let report =
        |error| early_report(error, |report: &mut check::Report, error| report.diagnostics.push(error));
    let ending = Ending::new(cli, report, tr!("not checked"));
    ending.watch_signals();
    let Some(now) = time(cli, args.now.as_deref(), clock, &ending) else { return false };
    let mut options = cli.check_options(args, now, clock);
    options.build.on_timeout = Some(ending.on_timeout());
    let progress = Progress::start(tr!("checking"), cli.quiet);
    let report = check::run(&options);
    terminal::begin_report();
    drop(progress);
    terminal::print_diagnostics(&report.diagnostics, cli.quiet && report.success);
    let text = report.text(cli.verbose, cli.quiet && report.success, terminal::stdout_has_colour());
    terminal::print_drawn(cli, &text);
    let success = terminal::print_report(cli, &report, &report.summary(), report.success);
    if cli.verbose {
        terminal::print_stages(&report.stages);
    }
    success
}

fn deploy(cli: &Cli, args: &DeployArgs, clock: DateTime<Utc>) -> bool {
    if !args.to.is_empty() {
        return deploy_to_stores(cli, args, clock);
    }
    let report =
        |error| early_report(error, |report: &mut deploy::Report, error| report.diagnostics.push(error));
    let ending = Ending::new(cli, report, tr!("not built, and nothing is published"));
    ending.watch_signals();
    let Some(now) = time(cli, args.now.as_deref(), clock, &ending) else { return false };
    let mut options = cli.deploy_options(args, now);
    options.check.build.on_timeout = Some(ending.on_timeout());
    options.check.build.cancellation = ending.cancellation();
    let progress = Progress::start(tr!("publishing"), cli.quiet);
    let report = deploy::run(options);
    terminal::begin_report();
    drop(progress);
    print_failed_check(cli, &report.check);
    terminal::print_diagnostics(&report.diagnostics, cli.quiet && report.success);
    terminal::print_report(cli, &report, &report.summary(), report.success)
}

fn announce(cli: &Cli, args: &AnnounceArgs, clock: DateTime<Utc>) -> bool {
    let report =
        |error| early_report(error, |report: &mut announce::Report, error| report.diagnostics.push(error));
    let ending = Ending::new(cli, report, tr!("not finished; what was sent is recorded"));
    ending.watch_signals();
    let Some(now) = time(cli, args.now.as_deref(), clock, &ending) else { return false };
    let environment = |name: &str| std::env::var(name).ok();
    let on_note = |text: &str| terminal::print_note(cli, text);
    let mut options = cli.announce_options(args, (now, clock), &environment, &on_note);
    options.build.on_timeout = Some(ending.on_timeout());
    let report = announce::run(&options);
    terminal::begin_report();
    terminal::print_diagnostics(&report.diagnostics, cli.quiet && report.success);
    if !cli.quiet || report.dry_run {
        terminal::print_text(cli, &report.text());
    }
    terminal::print_report(cli, &report, &report.summary(), report.success)
}

fn deploy_to_stores(cli: &Cli, args: &DeployArgs, clock: DateTime<Utc>) -> bool {
    let report = |error| {
        early_report(error, |report: &mut deploy::store::Report, error| report.diagnostics.push(error))
    };
    let ending = Ending::new(cli, report, tr!("not deployed completely; deploy again to finish"));
    ending.watch_signals();
    let Some(now) = time(cli, args.now.as_deref(), clock, &ending) else { return false };
    let progress = Progress::start(tr!("deploying"), cli.quiet);
    let show = |done, total| progress.show(done, total);
    let is_quiet = cli.quiet;
    let note = move |text: &str| terminal::print_note_unless(is_quiet, text);
    let mut options = cli.store_options(args, now, Arc::new(note), &show);
    options.check.build.on_timeout = Some(ending.on_timeout());
    options.check.build.cancellation = ending.cancellation();
    let report = deploy::store::run(options);
    terminal::begin_report();
    drop(progress);
    print_failed_check(cli, &report.check);
    terminal::print_diagnostics(&report.diagnostics, cli.quiet && report.success);
    terminal::print_report(cli, &report, &report.summary(), report.success)
}

/// Prints the findings of a check that failed. The build repeats the diagnostics of a successful one.
fn print_failed_check(cli: &Cli, report: &check::Report) {
    if !report.success {
        terminal::print_diagnostics(&report.diagnostics, false);
        let text = report.text(cli.verbose, false, terminal::stdout_has_colour());
        terminal::print_drawn(cli, &text);
    }
}

fn edition(cli: &Cli, args: &EditionArgs, clock: DateTime<Utc>) -> bool {
    let report = |error| {
        early_report(error, |report: &mut edition::EditionReport, error| report.diagnostics.push(error))
    };
    let ending = Ending::new(cli, report, tr!("no edition was written"));
    ending.watch_signals();
    let Some(now) = time(cli, args.now.as_deref(), clock, &ending) else { return false };
    let mut options = cli.edition_options(args, now, terminal::stdout_is_terminal());
    options.build.on_timeout = Some(ending.on_timeout());
    let report = edition::run(&options);
    terminal::begin_report();
    terminal::print_diagnostics(&report.diagnostics, cli.quiet && report.success);
    match (&report.text, &report.binary) {
        (Some(text), _) if terminal::stdout_is_terminal() => terminal::print_text(cli, text),
        (Some(text), _) => terminal::print_drawn(cli, text),
        (None, Some(bytes)) => terminal::print_bytes(bytes),
        (None, None) => {}
    }
    terminal::print_report(cli, &report, &report.summary(), report.success)
}

fn terms(cli: &Cli, command: &TermsCommand) -> bool {
    let (config, diagnostics) = configuration(cli);
    match command {
        TermsCommand::List { taxonomy } => {
            let list = terms::list(&cli.root, &config, diagnostics, taxonomy.as_deref());
            terminal::print_diagnostics(&list.diagnostics, cli.quiet && list.success);
            terminal::print_text(cli, &list.text());
            let summary = tr!("newsprint: {n} term" | "newsprint: {n} terms" % list.terms.len());
            terminal::print_report(cli, &list, &summary, list.success)
        }
        TermsCommand::Merge { taxonomy, from, into } => {
            let report = |error| {
                early_report(error, |report: &mut terms::Merged, error| report.diagnostics.push(error))
            };
            Ending::new(cli, report, not_finished()).watch_signals();
            let on_wait = |text: &str| terminal::print_note(cli, text);
            let names = (taxonomy.as_str(), from.as_slice(), into.as_str());
            let merged = terms::merge(&cli.root, &config, diagnostics, names, &on_wait);
            terminal::begin_report();
            terminal::print_diagnostics(&merged.diagnostics, cli.quiet && merged.success);
            terminal::print_report(cli, &merged, &merged.message, merged.success)
        }
    }
}

fn theme(cli: &Cli, command: &ThemeCommand) -> bool {
    match command {
        ThemeCommand::List => {
            let list = scaffold::list(&cli.root, cli.links());
            terminal::print_diagnostics(&list.diagnostics, cli.quiet && list.success);
            terminal::print_text(cli, &list.text());
            let summary = tr!("newsprint: {n} file" | "newsprint: {n} files" % list.files.len());
            terminal::print_report(cli, &list, &summary, list.success)
        }
        ThemeCommand::Show { file } => match scaffold::show(file) {
            Ok(bytes) => {
                terminal::print_bytes(bytes);
                true
            }
            Err(diagnostic) => {
                terminal::print_diagnostics(std::slice::from_ref(&diagnostic), false);
                false
            }
        },
        ThemeCommand::Eject { files } => {
            Ending::new(cli, scaffold_report, not_finished()).watch_signals();
            let report = scaffold::eject(&cli.root, cli.links(), files);
            terminal::begin_report();
            terminal::print_diagnostics(&report.diagnostics, cli.quiet && report.success);
            terminal::print_report(cli, &report, &report.summary(), report.success)
        }
    }
}

fn init(cli: &Cli, dir: &Path, from: Option<&[String]>, now: DateTime<Utc>) -> bool {
    Ending::new(cli, scaffold_report, not_finished()).watch_signals();
    let settings = from.map(|from| {
        let (generator, path) = cli::old_site(from)?;
        let command = scaffold::import_command(&cli.root.join(dir), generator.name(), path);
        import::settings::settings(scaffold::settings(), (generator, path))
            .map(|(text, warnings)| (text, command, warnings))
    });
    let on_wait = |text: &str| terminal::print_note(cli, text);
    let report = match settings.transpose() {
        Ok(settings) => {
            let old = settings.as_ref().map(|(text, command, _)| (text.as_str(), command.as_str()));
            let mut report = scaffold::init(&cli.root, dir, old, now, &on_wait);
            report.diagnostics.extend(settings.into_iter().flat_map(|(.., warnings)| warnings));
            report
        }
        Err(diagnostic) => scaffold::Report { diagnostics: vec![*diagnostic], ..scaffold::Report::default() },
    };
    terminal::begin_report();
    terminal::print_diagnostics(&report.diagnostics, cli.quiet && report.success);
    terminal::print_report(cli, &report, &report.summary(), report.success)
}

fn scaffold_report(error: Diagnostic) -> serde_json::Result<String> {
    early_report(error, |report: &mut scaffold::Report, error| report.diagnostics.push(error))
}

fn new(cli: &Cli, args: &NewArgs, now: DateTime<Utc>) -> bool {
    let (config, diagnostics) = configuration(cli);
    Ending::new(cli, scaffold_report, not_finished()).watch_signals();
    let on_wait = |text: &str| terminal::print_note(cli, text);
    let NewArgs { title, date, link, draft } = args;
    let article = scaffold::NewArticle { title, date, link: link.as_deref(), draft: *draft };
    let report = scaffold::new(&cli.root, &config, diagnostics, &article, now, &on_wait);
    terminal::begin_report();
    terminal::print_diagnostics(&report.diagnostics, cli.quiet && report.success);
    terminal::print_report(cli, &report, &report.summary(), report.success)
}

fn completions(shell: Shell) -> bool {
    terminal::print_bytes(&cli::completions(shell));
    true
}

fn man(cli: &Cli, folder: Option<&Path>) -> bool {
    let Some(folder) = folder else {
        return cli::man_page().map(|page| terminal::print_bytes(&page)).is_ok();
    };
    let manual = cli::man_pages(&cli.root.join(folder));
    terminal::print_diagnostics(&manual.diagnostics, cli.quiet && manual.success);
    terminal::print_report(cli, &manual, &manual.summary(), manual.success)
}

/// The time of a build: that of `--now`, in the digest's zone, else that of the clock. If `--now` is
/// not a date, the command ends with an error.
fn time(cli: &Cli, written: Option<&str>, clock: DateTime<Utc>, ending: &Ending) -> Option<DateTime<Utc>> {
    let Some(written) = written else { return Some(clock) };
    // The build reports the errors in the configuration.
    let (config, _) = configuration(cli);
    match load::date::parse(written, config.timezone) {
        Ok(date) => Some(date.at.to_utc()),
        Err(message) => {
            let help =
                tr!("write it as --now \"2026-12-01 08:00\" or --now 2026-12-01, in the digest's time zone");
            ending.refuse(Diagnostic::error(tr!("--now: {message}", message)).help(help));
            None
        }
    }
}

fn configuration(cli: &Cli) -> (Config, Vec<Diagnostic>) {
    load::configuration(&cli.root, cli.config.as_deref(), cli.links())
}
