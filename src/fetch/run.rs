//! Runs a fetch: requests the sources in parallel, collects what is new, and writes it.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use url::Url;

use crate::config::{self, Config};
use crate::diagnostic::{self, Diagnostic, Place, nearest};
use crate::fetch::collect::{self, Dates};
use crate::fetch::entry::Entry;
use crate::fetch::known::KnownEntries;
use crate::fetch::options::{Options, Target};
use crate::fetch::read::{self, Answered};
use crate::fetch::record;
use crate::fetch::report::{Report, Similar, SourceReport, Status};
use crate::fetch::request::{self, Answer, NoAnswer, Validators};
use crate::fetch::robots::Robots;
use crate::fetch::schedule::{self, Permits};
use crate::fetch::sources::{self, FILE, MAX_FILE_BYTES, Source};
use crate::fetch::state::{Due, SourceState, State};
use crate::fetch::write;
use crate::fs::{Root, atomic};
use crate::http::Client;
use crate::hygiene::near_duplicates::excerpt::{NearDuplicates, Signature};
use crate::import::existing::ExistingArticles;
use crate::import::fetched::FOLDER;
use crate::load::source;
use crate::output::Lock;
use crate::watchdog::Watchdog;

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
            std::io::ErrorKind::NotFound => format!("there is no {FILE}"),
            _ => format!("this file cannot be read: {error}"),
        };
        let help = "add a source: `newsprint sources add https://example.org/`";
        Diagnostic::error(message).at(Place::file(FILE)).help(help)
    })?;
    let text = source::decode(FILE, bytes)?;
    Ok(sources::parse(&text, config))
}

/// The sources that are asked for by name, or all.
fn choose(sources: Vec<Source>, names: &[String]) -> Result<Vec<Source>, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    if sources.is_empty() {
        let error = Diagnostic::error(format!("{FILE} has no sources")).at(Place::file(FILE));
        return Err(vec![error.help("add one: `newsprint sources add https://example.org/`")]);
    }
    for name in names.iter().filter(|name| !sources.iter().any(|source| source.name == **name)) {
        let help = match nearest(name, sources.iter().map(|source| source.name.as_str())) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`newsprint sources list` shows the names".to_owned(),
        };
        problems.push(Diagnostic::error(format!("no source is called `{name}`")).help(help));
    }
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
        let help = "write `--since 3d` or `--since 2026-11-23`";
        vec![Diagnostic::error(format!("--since: {message}")).help(help)]
    })?;
    let (sources, problems) = read_sources(root, config).map_err(|problem| vec![problem])?;
    let has_error = problems.iter().any(Diagnostic::is_error);
    report.diagnostics.extend(problems);
    if has_error {
        return Ok(());
    }
    let sources = choose(sources, options.sources)?;
    if config.base_url_is_missing {
        let help = "set `base_url:`, so that the people who run the servers can see whose requests these are";
        let message = "the requests name no address of this digest";
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
    let fetched = request_all(&sources, &state, config, options);
    let existing = ExistingArticles::read(root, config);
    let mut known = KnownEntries::default();
    known.add(state.keys());
    known.add_articles(&existing.fetched);
    known.add_records(root, config);
    if let Target::File(path) = options.target {
        known.add_file(path);
    }
    let dates = Dates { now: options.now, zone: config.timezone, since };
    let mut new: Vec<(usize, Entry)> = Vec::new();
    for (nth, (source, fetched)) in sources.iter().zip(fetched).enumerate() {
        let mut one = SourceReport {
            name: source.name.clone(),
            url: source.url.to_string(),
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
    let time = options.now.with_timezone(&config.timezone);
    let time = time.to_rfc3339_opts(chrono::SecondsFormat::Secs, false);
    let mut lines = String::new();
    for (nth, entry) in &new {
        record::write(&mut lines, entry, &sources[*nth], &time);
    }
    let is_written = lines.is_empty() || write::write(root, config, options, &lines, report);
    if is_written {
        report.diagnostics.extend(state.save(options.now).err());
    }
    Ok(())
}

/// What a request led to.
enum Fetched {
    /// The source is off.
    Off,
    /// It may not be asked yet.
    Waiting(Due),
    /// It was asked.
    Asked(Box<Outcome>, Option<(String, Robots)>),
}

enum Outcome {
    Unchanged(Option<Url>),
    Read { answered: Answered, validators: Validators, moved: Option<Url> },
    Failed(NoAnswer),
}

/// The rules of each origin, requested once.
type RobotsCache = Mutex<HashMap<String, Arc<OnceLock<Result<Robots, NoAnswer>>>>>;

/// Requests all sources that may be asked, and reads their answers.
fn request_all(sources: &[Source], state: &State, config: &Config, options: &Options<'_>) -> Vec<Fetched> {
    let client = Client::new(&config.user_agent(), options.allow_private, options.limits.timeouts);
    let watchdog = Watchdog::start(options.on_timeout);
    watchdog.allow(Duration::from_secs(config.limits.timeout_s as u64));
    let due = |source: &Source| match state.source(source.url.as_str()).due(options.now) {
        // Asking for a source by its name is a reason to try again.
        Due::BackOff(_) if !options.sources.is_empty() => Due::Now,
        due => due,
    };
    let is_asked = |source: &&Source| source.enabled && due(source) == Due::Now;
    let asked: Vec<&Source> = sources.iter().filter(is_asked).collect();
    let hosts: Vec<&str> = asked.iter().map(|source| host(&source.url)).collect();
    let (robots, permits) = (RobotsCache::default(), Permits::new());
    let mut answers = schedule::run(&hosts, options.limits.pause, |job| {
        let source = asked[job];
        let origin = source.url.origin().ascii_serialization();
        let rules = rules_of(&origin, source, (&client, &robots, state), options);
        let outcome = match &rules {
            Ok(rules) if !rules.allows(&source.url[url::Position::BeforePath..url::Position::AfterQuery]) => {
                Outcome::Failed("its robots.txt forbids it".to_owned().into())
            }
            Ok(_) => ask(source, state, (&client, &watchdog, &permits), config, options),
            Err(failed) => Outcome::Failed(failed.clone()),
        };
        (outcome, rules.ok().map(|rules| (origin, rules)))
    })
    .into_iter();
    let mut fetched = Vec::with_capacity(sources.len());
    for source in sources {
        fetched.push(match due(source) {
            _ if !source.enabled => Fetched::Off,
            Due::Now => match answers.next().flatten() {
                Some((outcome, robots)) => Fetched::Asked(Box::new(outcome), robots),
                None => Fetched::Asked(Box::new(Outcome::Failed("it was not asked".to_owned().into())), None),
            },
            due => Fetched::Waiting(due),
        });
    }
    fetched
}

/// The host and the port of an address, as they are written in it.
fn host(url: &Url) -> &str {
    &url[url::Position::BeforeHost..url::Position::AfterPort]
}

/// The rules of an origin: from the state, or requested once a run.
fn rules_of(
    origin: &str,
    source: &Source,
    (client, cache, state): (&Client, &RobotsCache, &State),
    options: &Options<'_>,
) -> Result<Robots, NoAnswer> {
    if let Some(robots) = state.robots(origin, options.now) {
        return Ok(robots.clone());
    }
    let cell = Arc::clone(
        cache.lock().unwrap_or_else(PoisonError::into_inner).entry(origin.to_owned()).or_default(),
    );
    cell.get_or_init(|| {
        let robots = request::robots(client, &source.url).map_err(NoAnswer::from);
        std::thread::sleep(options.limits.pause);
        robots
    })
    .clone()
}

/// Requests one source and reads its answer.
fn ask(
    source: &Source,
    state: &State,
    (client, watchdog, permits): (&Client, &Watchdog, &Permits),
    config: &Config,
    options: &Options<'_>,
) -> Outcome {
    let validators = state.source(source.url.as_str()).validators(&source.filters());
    let bounds = (options.limits.body_bytes, permits);
    match request::request(client, &source.url, &validators, bounds, options.now) {
        Answer::Unchanged { moved } => Outcome::Unchanged(moved),
        Answer::Failed(failed) => Outcome::Failed(failed),
        Answer::Body { bytes, permit: _permit, validators, address, moved } => {
            match read::read(bytes, address.as_str(), source, config, watchdog) {
                Ok(answered) => Outcome::Read { answered, validators, moved },
                Err(reason) => Outcome::Failed(reason.into()),
            }
        }
    }
}

/// Fills the report of a source and its state. Returns its new entries.
fn take(
    source: &Source,
    fetched: Fetched,
    state: &mut State,
    dates: Dates,
    known: &mut KnownEntries,
    report: &mut SourceReport,
) -> Vec<Entry> {
    let mut stored = state.source(source.url.as_str()).into_owned();
    let mut new = Vec::new();
    report.failures = stored.failures;
    report.last = last_answer(&stored, dates);
    match fetched {
        Fetched::Off => return new,
        Fetched::Waiting(due) => {
            report.status = Status::Waiting;
            report.reason = Some(reason_to_wait(due, &stored, dates));
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
                    report.reason = Some(format!("{reason}; add `--allow-private` if you trust it"));
                }
                Outcome::Failed(NoAnswer { reason, not_before, .. }) => {
                    stored.fail(&reason, not_before, dates.now);
                    report.status = Status::Failed;
                    report.reason = Some(reason);
                }
                Outcome::Unchanged(moved) => {
                    stored.answer(dates.now);
                    stored.keep_body(dates.now);
                    report.status = Status::Unchanged;
                    report.moved = moved.map(Into::into);
                }
                Outcome::Read { answered, validators, moved } => {
                    let collected = collect::collect(answered, source, dates, known, report);
                    stored.answer(dates.now);
                    stored.set_body(&collected.seen, dates.now);
                    let Validators { etag, last_modified } = match collected.is_partial {
                        true => Validators::default(),
                        false => validators,
                    };
                    (stored.etag, stored.last_modified) = (etag, last_modified);
                    (stored.filters, stored.entries) = (source.filters(), report.entries);
                    report.status = Status::Read;
                    report.moved = moved.map(Into::into);
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
    state.set_source(source.url.as_str(), stored);
    new
}

/// The day and the size of the last answer: `2026-11-28, 20 entries`.
fn last_answer(stored: &SourceState, dates: Dates) -> Option<String> {
    let at = chrono::DateTime::from_timestamp(stored.answered_at?, 0)?.with_timezone(&dates.zone);
    let entries = if stored.entries == 1 { "entry" } else { "entries" };
    Some(format!("{}, {} {entries}", at.format("%Y-%m-%d"), stored.entries))
}

fn reason_to_wait(due: Due, stored: &SourceState, dates: Dates) -> String {
    let time = |at: chrono::DateTime<chrono::Utc>| {
        at.with_timezone(&dates.zone).format("%Y-%m-%d %H:%M").to_string()
    };
    let last = stored.reason.as_deref().unwrap_or("no answer");
    match due {
        Due::RetryAfter(at) => format!("its server asks for a pause until {} ({last})", time(at)),
        Due::BackOff(at) => {
            format!("{} failures in a row ({last}); it is asked again at {}", stored.failures, time(at))
        }
        Due::Now => String::new(),
    }
}

/// The new entries that are near-duplicates of an article or of each other.
fn near_duplicates(new: &[(usize, Entry)], sources: &[Source], mut articles: NearDuplicates) -> Vec<Similar> {
    let mut similar = Vec::new();
    for (nth, entry) in new {
        let lead = entry.text.as_deref().or(entry.summary.as_deref()).unwrap_or_default();
        let signature = Signature::of(&entry.title, lead);
        let source = &sources[*nth].name;
        if let Some(like) = articles.find(&entry.title, signature.as_ref()) {
            let like = like.to_owned();
            similar.push(Similar { title: entry.title.clone(), source: source.clone(), like });
        }
        articles.add(&format!("{} ({source})", entry.title), &entry.title, signature);
    }
    similar
}
