//! Asks the sources: several at once wait for their servers, and one answer at a time is read, so
//! that the memory of a run does not depend on the number of its sources.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, mpsc};
use std::time::{Duration, Instant};

use url::Url;

use crate::config::Config;
use crate::fetch::collect::{Dates, Ordered};
use crate::fetch::options::Options;
use crate::fetch::read;
use crate::fetch::request::{self, Answer, NoAnswer, Validators};
use crate::fetch::robots::Robots;
use crate::fetch::schedule;
use crate::fetch::sources::Source;
use crate::fetch::state::{Due, State};
use crate::fs::scratch::Scratch;
use crate::http::Client;
use crate::watchdog::Watchdog;

/// What a request led to.
pub(super) enum Fetched {
    /// The source is off.
    Off,
    /// It may not be asked yet.
    Waiting(Due),
    /// The time for new requests was over.
    NoTime,
    /// It was asked. With the rules of its origin.
    Asked(Box<Outcome>, Option<(String, Robots)>),
}

/// The outcome of a request.
pub(super) enum Outcome {
    /// Nothing changed. With the new address, if the source moved for good.
    Unchanged(Option<Url>),
    /// An answer was read. `moved` is the new address, if the source moved for good.
    Read { ordered: Ordered, validators: Validators, moved: Option<Url> },
    /// There is no answer that can be read.
    Failed(NoAnswer),
}

/// The rules of each origin, requested once.
type RobotsCache = Mutex<HashMap<String, Arc<OnceLock<Result<Robots, NoAnswer>>>>>;

/// A body that waits to be read, and where its outcome is sent to.
struct Job<'s> {
    source: &'s Source,
    bytes: Box<Scratch>,
    address: Url,
    outcome: mpsc::SyncSender<Result<Ordered, String>>,
}

/// Requests all sources that may be asked, and reads their answers. The records that can be new are
/// written to `lines`.
pub(super) fn ask_all(
    sources: &[Source],
    state: &State,
    config: &Config,
    (options, dates): (&Options<'_>, Dates),
    lines: &Mutex<Scratch>,
) -> Vec<Fetched> {
    let client = Client::new(&config.user_agent(), options.allow_private, options.limits.timeouts);
    let watchdog = Watchdog::start(options.on_timeout);
    watchdog.allow(Duration::from_secs(config.limits.timeout_s as u64));
    let due = |source: &Source| match state.source(&source.url).due(options.now) {
        // Asking for a source by its name is a reason to try again.
        Due::BackOff(_) if !options.sources.is_empty() => Due::Now,
        due => due,
    };
    let is_asked = |nth: &usize| sources[*nth].enabled && due(&sources[*nth]) == Due::Now;
    let mut asked: Vec<usize> = (0..sources.len()).filter(is_asked).collect();
    // Those for which an earlier run had no time come first, those that fail last.
    asked.sort_by_cached_key(|nth| {
        let known = state.source(&sources[*nth].url);
        (known.failures, known.failed_at.max(known.answered_at.unwrap_or_default()))
    });
    let hosts: Vec<&str> = asked.iter().map(|nth| host(&sources[*nth].url)).collect();
    let (begun, window) = (Instant::now(), options.limits.window(&hosts));
    // The time that this machine needs to read answers does not count.
    let reading = AtomicU64::new(0);
    let end = || begun + window + Duration::from_millis(reading.load(Ordering::Relaxed));
    let robots = RobotsCache::default();
    let answers = std::thread::scope(|scope| {
        let (to_reader, jobs) = mpsc::channel::<Job<'_>>();
        // One thread reads all bodies: it uses the memory of one for the next.
        scope.spawn(|| {
            for Job { source, bytes, address, outcome } in jobs {
                let begun = Instant::now();
                let read = bytes.into_bytes().map_err(|error| cannot_store(&error)).and_then(|bytes| {
                    let answered =
                        read::read(bytes, address.as_str(), source, (config, dates.since), &watchdog)?;
                    Ordered::new(answered, (source, config), dates, lines)
                        .map_err(|error| cannot_store(&error))
                });
                let time = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
                reading.fetch_add(time, Ordering::Relaxed);
                // The thread that asked is waiting.
                let _ = outcome.send(read);
            }
        });
        let to_reader = Mutex::new(to_reader);
        let answers = schedule::run(&hosts, (options.limits.pause, &end), |job| {
            let source = &sources[asked[job]];
            let origin = source.url.origin().ascii_serialization();
            let client = (&client, Instant::now() + options.limits.timeouts.whole);
            let rules = rules_of(&origin, source, client, (&robots, state), options);
            let outcome = match &rules {
                Ok(rules) if !rules.allows_address(&source.url) => Outcome::Failed(NoAnswer::forbidden()),
                Ok(_) => ask(source, state, client, options, &to_reader),
                Err(failed) => Outcome::Failed(failed.clone()),
            };
            (outcome, rules.ok().map(|rules| (origin, rules)))
        });
        drop(to_reader);
        answers
    });
    let not_asked = |source: &Source| match due(source) {
        _ if !source.enabled => Fetched::Off,
        Due::Now => Fetched::NoTime,
        due => Fetched::Waiting(due),
    };
    let mut fetched: Vec<Fetched> = sources.iter().map(not_asked).collect();
    for (nth, answer) in asked.into_iter().zip(answers) {
        if let Some((outcome, robots)) = answer {
            fetched[nth] = Fetched::Asked(Box::new(outcome), robots);
        }
    }
    fetched
}

fn cannot_store(error: &std::io::Error) -> String {
    tr!("the answer cannot be stored: {error}", error)
}

/// The host and the port of an address, as they are written in it.
fn host(url: &Url) -> &str {
    &url[url::Position::BeforeHost..url::Position::AfterPort]
}

/// The rules of an origin: from the state, or requested once a run.
fn rules_of(
    origin: &str,
    source: &Source,
    client: (&Client, Instant),
    (cache, state): (&RobotsCache, &State),
    options: &Options<'_>,
) -> Result<Robots, NoAnswer> {
    if let Some(robots) = state.robots(origin, options.now) {
        return Ok(robots.clone());
    }
    let cell = Arc::clone(
        cache.lock().unwrap_or_else(PoisonError::into_inner).entry(origin.to_owned()).or_default(),
    );
    cell.get_or_init(|| {
        let robots = request::robots(client, &source.url);
        std::thread::sleep(options.limits.pause);
        robots
    })
    .clone()
}

/// Requests one source, and waits until its answer is read.
fn ask<'s>(
    source: &'s Source,
    state: &State,
    client: (&Client, Instant),
    options: &Options<'_>,
    to_reader: &Mutex<mpsc::Sender<Job<'s>>>,
) -> Outcome {
    let validators = state.source(&source.url).validators(&source.filters());
    match request::request(client, &source.url, &validators, options.limits.body_bytes, options.now) {
        Answer::Unchanged { moved } => Outcome::Unchanged(moved),
        Answer::Failed(failed) => Outcome::Failed(failed),
        Answer::Body { bytes, validators, address, moved } => {
            let (outcome, read) = mpsc::sync_channel(1);
            let job = Job { source, bytes, address, outcome };
            let _ = to_reader.lock().unwrap_or_else(PoisonError::into_inner).send(job);
            match read.recv() {
                Ok(Ok(ordered)) => Outcome::Read { ordered, validators, moved },
                Ok(Err(reason)) => Outcome::Failed(reason.into()),
                Err(_) => Outcome::Failed(tr!("it was not asked").into()),
            }
        }
    }
}
