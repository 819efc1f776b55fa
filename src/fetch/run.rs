//! Runs a fetch: requests the sources in parallel, collects what is new, and writes it.

use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use url::Url;

use crate::config::{self, Config};
use crate::diagnostic::{self, Diagnostic, Place};
use crate::fetch::ask::{self, Fetched, Outcome};
use crate::fetch::collect::{self, Dates, WaitingRecord};
use crate::fetch::known::KnownEntries;
use crate::fetch::options::{Options, Target};
use crate::fetch::report::{Report, Similar, SourceReport, Status};
use crate::fetch::request::{NoAnswer, Validators};
use crate::fetch::secret::{self, Secrets};
use crate::fetch::sources::{self, FILE, MAX_FILE_BYTES, Source, unknown};
use crate::fetch::state::{Due, SourceState, State};
use crate::fetch::write;
use crate::fs::scratch::Scratch;
use crate::fs::{Root, atomic};
use crate::hygiene::near_duplicates::excerpt::{NearDuplicates, Signature};
use crate::import::existing::ExistingArticles;
use crate::import::fetched::FOLDER;
use crate::load::source;
use crate::output::Lock;

/// Bytes of the records of a run that are in memory while others are fetched.
const MEMORY_BYTES: usize = 1 << 20;

/// Fetches the sources of a digest. A source that fails is reported and stops no other.
#[must_use]
pub fn run(root: &Path, config: &Config, diagnostics: Vec<Diagnostic>, options: &Options<'_>) -> Report {
    let mut report = Report { diagnostics, dry_run: options.dry_run, ..Report::default() };
    if let Err(diagnostics) = fetch(root, config, options, &mut report) {
        report.diagnostics.extend(diagnostics);
    }
    diagnostic::sort(&mut report.diagnostics);
    let has_error = report.diagnostics.iter().any(Diagnostic::is_error);
    let is = |status: &[Status]| report.sources.iter().any(|source| status.contains(&source.status));
    let has_answer = is(&[Status::Read, Status::Unchanged]);
    report.success = !has_error && (has_answer || !is(&[Status::Failed, Status::Waiting]));
    report
}

/// Reads `sources.yaml`.
///
/// # Errors
/// It is missing or not text.
pub(super) fn read_sources(
    root: &Path,
    config: &Config,
) -> Result<(Vec<Source>, Vec<Diagnostic>), Diagnostic> {
    let bytes = Root::open(root, config.links).read(FILE, MAX_FILE_BYTES).map_err(|error| {
        let message = match error.kind() {
            std::io::ErrorKind::NotFound => tr!("there is no {FILE}", FILE),
            _ => tr!("this file cannot be read: {error}", error),
        };
        let help = tr!("add a source: `newsprint sources add https://example.org/`");
        Diagnostic::error(message).at(Place::file(FILE)).help(help)
    })?;
    let text = source::decode(FILE, bytes)?;
    Ok(sources::parse(&text, config))
}

/// The sources that are asked for by name, or all.
fn choose(sources: Vec<Source>, names: &[String]) -> Result<Vec<Source>, Vec<Diagnostic>> {
    if sources.is_empty() {
        let error = Diagnostic::error(tr!("{FILE} has no sources", FILE)).at(Place::file(FILE));
        return Err(vec![error.help(tr!("add one: `newsprint sources add https://example.org/`"))]);
    }
    let problems: Vec<Diagnostic> = names.iter().filter_map(|name| unknown(name, &sources)).collect();
    if !problems.is_empty() {
        return Err(problems);
    }
    let is_asked = |source: &Source| names.is_empty() || names.contains(&source.name);
    let mut chosen: Vec<Source> = sources.into_iter().filter(is_asked).collect();
    // A source that is named is fetched, although it is off.
    chosen.iter_mut().for_each(|source| source.enabled |= !names.is_empty());
    Ok(chosen)
}

fn fetch(
    root: &Path,
    config: &Config,
    options: &Options<'_>,
    report: &mut Report,
) -> Result<(), Vec<Diagnostic>> {
    if report.diagnostics.iter().any(Diagnostic::is_error) {
        return Ok(());
    }
    let since = options.since.map(|since| collect::parse_since(since, options.now, config.timezone));
    let since = since.transpose().map_err(|message| {
        let help = tr!("write `--since 3d` or `--since 2026-11-23`");
        vec![Diagnostic::error(tr!("--since: {message}", message)).help(help)]
    })?;
    let (sources, problems) = read_sources(root, config).map_err(|problem| vec![problem])?;
    let has_error = problems.iter().any(Diagnostic::is_error);
    report.diagnostics.extend(problems);
    if has_error {
        return Ok(());
    }
    let sources = choose(sources, options.sources)?;
    if config.base_url_is_missing {
        let help =
            tr!("set `base_url:`, so that the people who run the servers can see whose requests these are");
        let message = tr!("the requests name no address of this digest");
        report.diagnostics.push(Diagnostic::warning(message).at(Place::file(config::FILE)).help(help));
    }
    let _lock = match options.dry_run {
        true => None,
        false => Some(Lock::wait_for_fetch(root, options.on_wait).map_err(|problem| vec![problem])?),
    };
    if !options.dry_run && config.links.allow(root, &root.join(FOLDER), FOLDER).is_ok() {
        atomic::remove_leftovers_below(&root.join(FOLDER));
    }
    let mut state = State::load(root).map_err(|problem| vec![problem])?;
    let dates = Dates { now: options.now, zone: config.timezone, since };
    let lines = Mutex::new(Scratch::new(MEMORY_BYTES));
    let fetched = ask::ask_all(&sources, &state, config, (options, dates), &lines);
    let existing = ExistingArticles::read(root, config);
    let mut known = KnownEntries::default();
    known.add_articles(&existing.fetched);
    // An entry that an earlier run has seen has a record, or an article that was removed.
    report.not_imported = known.add_records(root, config);
    known.add(state.keys());
    if let Target::File(path) = options.target {
        known.add_file(path);
    }
    let mut new: Vec<(usize, WaitingRecord)> = Vec::new();
    for (nth, (source, fetched)) in sources.iter().zip(fetched).enumerate() {
        let mut one = SourceReport {
            name: source.name.clone(),
            url: secret::shown(&source.url),
            ..SourceReport::default()
        };
        let entries = take(source, fetched, &mut state, dates, &mut known, &mut one);
        new.extend(entries.into_iter().map(|entry| (nth, entry)));
        report.sources.push(one);
    }
    report.new = new.len();
    report.similar = near_duplicates(&new, &sources, existing.near_duplicates);
    if options.dry_run {
        return Ok(());
    }
    let lines = read_lines(lines, &new).map_err(|error| {
        let help = tr!("make room on the disk of temporary files; the entries are fetched again");
        vec![Diagnostic::error(tr!("the new records cannot be read: {error}", error)).help(help)]
    })?;
    let is_written = lines.is_empty() || write::write(root, config, options, &lines, report);
    if is_written {
        report.diagnostics.extend(state.save(options.now).err());
    }
    Ok(())
}

/// The lines of the new records.
fn read_lines(lines: Mutex<Scratch>, new: &[(usize, WaitingRecord)]) -> io::Result<String> {
    let mut lines = lines.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut all = Vec::with_capacity(new.iter().map(|(_, record)| record.line.len()).sum());
    for (_, record) in new {
        lines.read_range(record.line.clone(), &mut all)?;
    }
    String::from_utf8(all).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// Fills the report of a source and its state. Returns its new entries.
fn take(
    source: &Source,
    fetched: Fetched,
    state: &mut State,
    dates: Dates,
    known: &mut KnownEntries,
    report: &mut SourceReport,
) -> Vec<WaitingRecord> {
    let mut stored = state.source(&source.url).into_owned();
    let mut new = Vec::new();
    report.failures = stored.failures;
    report.last = last_answer(&stored, dates);
    let secrets = Secrets::of(&source.url);
    let shown = |moved: &Url| secrets.hide(&secret::shown(moved)).into_owned();
    match fetched {
        Fetched::Off => return new,
        Fetched::Waiting(due) => {
            report.status = Status::Waiting;
            report.reason = Some(reason_to_wait(due, &stored, dates));
            return new;
        }
        Fetched::NoTime => {
            report.status = Status::Waiting;
            report.reason = Some(tr!("the time of the run was over; the next run begins with it"));
            return new;
        }
        Fetched::Asked(outcome, robots) => {
            if let Some((origin, robots)) = robots
                && state.robots(&origin, dates.now).is_none()
            {
                state.set_robots(&origin, robots, dates.now);
            }
            match *outcome {
                Outcome::Failed(NoAnswer { reason, is_private: true, .. }) => {
                    report.status = Status::Failed;
                    let reason = secrets.hide(&reason);
                    report.reason = Some(tr!("{reason}; add `--allow-private` if you trust it", reason));
                }
                Outcome::Failed(NoAnswer { reason, not_before, .. }) => {
                    let reason = secrets.hide(&reason);
                    stored.fail(&reason, not_before, dates.now);
                    report.status = Status::Failed;
                    report.reason = Some(reason.into_owned());
                }
                Outcome::Unchanged(moved) => {
                    stored.answer(dates.now);
                    stored.keep_body(dates.now);
                    report.status = Status::Unchanged;
                    report.moved = moved.as_ref().map(shown);
                }
                Outcome::Read { ordered, validators, moved } => {
                    let collected = collect::collect(ordered, source, dates, known, report);
                    stored.answer(dates.now);
                    stored.set_body(&collected.seen, dates.now);
                    let validators = match collected.is_partial {
                        true => Validators::default(),
                        false => validators,
                    };
                    stored.set_validators(validators, source.filters());
                    stored.entries = report.entries;
                    report.status = Status::Read;
                    report.moved = moved.as_ref().map(shown);
                    new = collected.new;
                }
            }
        }
    }
    report.failures = stored.failures;
    if report.status != Status::Failed {
        report.last = None;
        stored.moved.clone_from(&report.moved);
    }
    state.set_source(&source.url, stored);
    new
}

/// The day and the size of the last answer: `2026-11-28, 20 entries`.
fn last_answer(stored: &SourceState, dates: Dates) -> Option<String> {
    let at = chrono::DateTime::from_timestamp(stored.answered_at?, 0)?.with_timezone(&dates.zone);
    let day = at.format("%Y-%m-%d");
    Some(tr!("{day}, {n} entry" | "{day}, {n} entries" % stored.entries, day))
}

fn reason_to_wait(due: Due, stored: &SourceState, dates: Dates) -> String {
    let time = |at: chrono::DateTime<chrono::Utc>| {
        at.with_timezone(&dates.zone).format("%Y-%m-%d %H:%M").to_string()
    };
    let last = stored.reason.clone().unwrap_or_else(|| tr!("no answer"));
    match due {
        Due::RetryAfter(at) => tr!("its server asks for a pause until {} ({last})", time(at), last),
        Due::BackOff(at) => {
            tr!(
                "{n} failure in a row ({last}); it is asked again at {time}"
                    | "{n} failures in a row ({last}); it is asked again at {time}" % stored.failures,
                last,
                time = time(at)
            )
        }
        Due::Now => String::new(),
    }
}

/// The new entries that are near-duplicates of an article or of each other.
fn near_duplicates(
    new: &[(usize, WaitingRecord)],
    sources: &[Source],
    mut articles: NearDuplicates,
) -> Vec<Similar> {
    let mut similar = Vec::new();
    for (nth, entry) in new {
        let signature = Signature::of(&entry.title, &entry.lead);
        let source = &sources[*nth].name;
        if let Some(like) = articles.find(&entry.title, signature.as_ref()) {
            let like = like.to_owned();
            similar.push(Similar { title: entry.title.clone(), source: source.clone(), like });
        }
        articles.add(&format!("{} ({source})", entry.title), &entry.title, signature);
    }
    similar
}
