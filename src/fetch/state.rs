//! Stores between runs what sources answered and which entries were seen, in
//! `.newsprint/fetch/state.json`.
//!
//! The file may be deleted, and counts in any folder, so that a scheduled workflow can restore it:
//! without it, entries are known by the articles and the records of the digest.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::config;
use crate::diagnostic::{Diagnostic, Place};
use crate::fetch::request::Validators;
use crate::fetch::robots::Robots;
use crate::fetch::secret;
use crate::fingerprint::Fingerprint;
use crate::fs::{guarded, state};
use crate::output;

/// The version of the file's format. Files of other versions are ignored.
const VERSION: u32 = 1;
/// Failures in a row from which on a source is not asked at every run.
const MIN_FAILURES: u32 = 3;
/// How long a source is not asked after [`MIN_FAILURES`] failures in a row, in seconds. Each
/// further failure doubles it, up to [`MAX_PAUSE`].
const MIN_PAUSE: i64 = 60 * 60;
/// The longest time for which a source is not asked, in seconds.
const MAX_PAUSE: i64 = 24 * 60 * 60;
/// The longest time that `Retry-After` is obeyed, in seconds.
const MAX_RETRY_AFTER: i64 = 7 * 24 * 60 * 60;
/// Days after which an entry is forgotten that its source does not have any more.
const MAX_DAYS: i64 = 400;
/// Seconds for which the rules of robots.txt are valid.
const ROBOTS_AGE: i64 = 24 * 60 * 60;
/// Characters of a key in the file.
const KEY_DIGITS: usize = 16;

/// The stored state.
#[derive(Debug, Default)]
pub(super) struct State {
    path: PathBuf,
    stored: Stored,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Stored {
    version: u32,
    /// By the address of the source.
    sources: BTreeMap<String, SourceState>,
    /// By the origin: scheme, host and port.
    robots: BTreeMap<String, (i64, Robots)>,
}

/// The state of one source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SourceState {
    /// The validators of the last body.
    etag: Option<String>,
    /// The date of the last body.
    last_modified: Option<String>,
    /// The fingerprint of both validators, by which a damaged one is found: a server that knows it
    /// would say for ever that nothing changed.
    #[serde(default)]
    check: String,
    /// The settings with which the last body was read (`Source::filters`).
    filters: String,
    /// The time of the last answer, in seconds since 1970-01-01 UTC.
    pub(super) answered_at: Option<i64>,
    /// The number of entries of the last body.
    pub(super) entries: usize,
    /// The number of failures in a row.
    pub(super) failures: u32,
    /// The reason of the last failure.
    pub(super) reason: Option<String>,
    /// The time of the last failure.
    pub(super) failed_at: i64,
    /// The time before which the server asks for no request.
    pub(super) not_before: Option<i64>,
    /// The address that the source moved to.
    pub(super) moved: Option<String>,
    /// The last day on which the last body was the answer, in days since 1970-01-01 UTC.
    body_day: i64,
    /// The keys of the entries of the last body: 16 hexadecimal digits each.
    body: String,
    /// The keys of other entries, by the last day on which they were in a body.
    seen: BTreeMap<i64, String>,
}

/// Whether a source may be asked now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    /// It may.
    Now,
    /// It failed several times; it is asked again at this time.
    BackOff(DateTime<Utc>),
    /// The server asked for no request before this time.
    RetryAfter(DateTime<Utc>),
}

/// The fingerprint of validators and of the keys of the entries that belong to them.
fn check(Validators { etag, last_modified }: &Validators, body: &str) -> String {
    Fingerprint::of_bytes(format!("{etag:?} {last_modified:?} {body}").as_bytes()).to_string()
}

fn day(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(24 * 60 * 60)
}

impl SourceState {
    /// Whether the source may be asked. A time from a clock that was set back does not count.
    #[must_use]
    pub(super) fn due(&self, now: DateTime<Utc>) -> Due {
        let at = |seconds: i64| DateTime::from_timestamp(seconds, 0).unwrap_or(now);
        let now = now.timestamp();
        if self.failed_at > now {
            return Due::Now;
        }
        if let Some(until) = self.not_before
            && now < until.min(self.failed_at.saturating_add(MAX_RETRY_AFTER))
        {
            return Due::RetryAfter(at(until));
        }
        if self.failures < MIN_FAILURES {
            return Due::Now;
        }
        let pause = MAX_PAUSE.min(MIN_PAUSE << (self.failures - MIN_FAILURES).min(10));
        let until = self.failed_at.saturating_add(pause);
        if now < until { Due::BackOff(at(until)) } else { Due::Now }
    }

    /// The validators of the last body, if it was read with the same settings.
    #[must_use]
    pub(super) fn validators(&self, filters: &str) -> Validators {
        let validators = Validators { etag: self.etag.clone(), last_modified: self.last_modified.clone() };
        match self.filters == filters && self.check == check(&validators, &self.body) {
            true => validators,
            false => Validators::default(),
        }
    }

    /// Stores the validators of the last body, whose keys have been stored. Headers of another form
    /// than that of HTTP are left out.
    pub(super) fn set_validators(&mut self, validators: Validators, filters: String) {
        let is_plain = |value: &String| value.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        let Validators { etag, last_modified } = validators;
        let kept = Validators { etag: etag.filter(is_plain), last_modified: last_modified.filter(is_plain) };
        self.check = check(&kept, &self.body);
        (self.etag, self.last_modified, self.filters) = (kept.etag, kept.last_modified, filters);
    }

    /// Stores a failure.
    pub(super) fn fail(&mut self, reason: &str, not_before: Option<DateTime<Utc>>, now: DateTime<Utc>) {
        self.failures = self.failures.saturating_add(1);
        self.reason = Some(reason.to_owned());
        self.failed_at = now.timestamp();
        self.not_before = not_before.map(|at| at.timestamp());
    }

    /// Stores that the source answered.
    pub(super) fn answer(&mut self, now: DateTime<Utc>) {
        self.answered_at = Some(now.timestamp());
        (self.failures, self.reason, self.not_before) = (0, None, None);
    }

    /// Stores that the entries of the last body are still there.
    pub(super) fn keep_body(&mut self, now: DateTime<Utc>) {
        self.body_day = day(now);
    }

    /// Stores the keys of the entries of a new body.
    pub(super) fn set_body(&mut self, keys: &HashSet<u64>, now: DateTime<Utc>) {
        let write = |keys: &mut dyn Iterator<Item = u64>| keys.map(|key| format!("{key:016x}")).collect();
        let gone: String = write(&mut parse_keys(&self.body).filter(|key| !keys.contains(key)));
        for line in self.seen.values_mut() {
            let kept = write(&mut parse_keys(line).filter(|key| !keys.contains(key)));
            *line = kept;
        }
        self.seen.entry(self.body_day).or_default().push_str(&gone);
        self.seen.retain(|_, keys| !keys.is_empty());
        let mut sorted: Vec<u64> = keys.iter().copied().collect();
        sorted.sort_unstable();
        (self.body, self.body_day) = (write(&mut sorted.into_iter()), day(now));
    }

    /// All keys.
    fn keys(&self) -> impl Iterator<Item = u64> {
        self.seen.values().chain([&self.body]).flat_map(|line| parse_keys(line))
    }

    fn forget(&mut self, now: DateTime<Utc>) {
        let is_kept = |last: i64| day(now) - last <= MAX_DAYS;
        self.seen.retain(|last, _| is_kept(*last));
        if !is_kept(self.body_day) {
            self.body.clear();
        }
    }
}

fn parse_keys(line: &str) -> impl Iterator<Item = u64> {
    line.as_bytes()
        .chunks_exact(KEY_DIGITS)
        .filter_map(|digits| u64::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok())
}

impl State {
    /// Reads the state of a digest. A file that is missing or invalid is an empty state.
    ///
    /// # Errors
    /// `.newsprint/` is a symbolic link.
    pub(super) fn load(root: &Path) -> Result<Self, Diagnostic> {
        let folder = config::state_folder(root);
        output::refuse_links(&folder)?;
        let folder = folder.join("fetch");
        output::refuse_links(&folder)?;
        let path = folder.join("state.json");
        let stored = guarded::read(&path, guarded::MAX_STATE_BYTES)
            .ok()
            .and_then(|bytes| serde_json::from_slice::<Stored>(&bytes).ok());
        let stored = stored.filter(|stored| stored.version == VERSION).unwrap_or_default();
        Ok(Self { path, stored })
    }

    /// The state of a source. A source that is not known has the state of one that was never asked.
    #[must_use]
    pub(super) fn source(&self, url: &Url) -> Cow<'_, SourceState> {
        self.stored.sources.get(&secret::state_key(url)).map_or_else(Cow::default, Cow::Borrowed)
    }

    /// Stores the state of a source.
    pub(super) fn set_source(&mut self, url: &Url, state: SourceState) {
        self.stored.sources.insert(secret::state_key(url), state);
    }

    /// The rules of an origin, if they were read within a day.
    #[must_use]
    pub(super) fn robots(&self, origin: &str, now: DateTime<Utc>) -> Option<&Robots> {
        let (at, robots) = self.stored.robots.get(origin)?;
        (*at..at.saturating_add(ROBOTS_AGE)).contains(&now.timestamp()).then_some(robots)
    }

    /// Stores the rules of an origin.
    pub(super) fn set_robots(&mut self, origin: &str, robots: Robots, now: DateTime<Utc>) {
        self.stored.robots.insert(origin.to_owned(), (now.timestamp(), robots));
    }

    /// The keys of all entries that were seen, of all sources.
    pub(super) fn keys(&self) -> impl Iterator<Item = u64> {
        self.stored.sources.values().flat_map(SourceState::keys)
    }

    /// Writes the state, without what is too old.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn save(&mut self, now: DateTime<Utc>) -> Result<(), Diagnostic> {
        self.stored.version = VERSION;
        for source in self.stored.sources.values_mut() {
            source.forget(now);
        }
        self.stored
            .robots
            .retain(|_, (at, _)| (*at..at.saturating_add(ROBOTS_AGE)).contains(&now.timestamp()));
        let written = serde_json::to_vec_pretty(&self.stored)
            .map_err(std::io::Error::other)
            .and_then(|bytes| state::replace(&self.path, &bytes));
        written.map_err(|error| {
            Diagnostic::warning(tr!("cannot store what the sources answered: {error}", error))
                .at(Place::file(".newsprint/fetch/state.json"))
                .help(tr!("the next run asks for all of them again; known entries are not new again"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    const DAY: i64 = 24 * 60 * 60;

    #[test]
    fn the_pause_begins_with_the_third_failure_and_doubles_up_to_a_day() {
        let mut state = SourceState::default();
        let mut pauses = Vec::new();
        for _ in 0..9 {
            state.fail("x", None, at(1000));
            let hours = (0..).find(|hours| state.due(at(1000 + hours * MIN_PAUSE)) == Due::Now);
            pauses.push(hours.unwrap());
        }
        assert_eq!(pauses, [0, 0, 1, 2, 4, 8, 16, 24, 24]);
        assert_eq!(state.due(at(999)), Due::Now, "the clock was set back");
        state.answer(at(2000));
        assert_eq!((state.failures, state.due(at(2001))), (0, Due::Now));
    }

    #[test]
    fn retry_after_is_obeyed_for_at_most_a_week() {
        let mut state = SourceState::default();
        state.fail("x", Some(at(5000)), at(1000));
        assert_eq!(state.due(at(4999)), Due::RetryAfter(at(5000)));
        assert_eq!(state.due(at(5000)), Due::Now);
        state.fail("x", Some(at(1000 * DAY)), at(1000));
        assert_eq!(state.due(at(1000 + 7 * DAY)), Due::Now);
    }

    #[test]
    fn entries_are_forgotten_400_days_after_they_were_last_seen() {
        let folder = tempfile::tempdir().unwrap();
        let mut state = State::load(folder.path()).unwrap();
        let mut source = SourceState::default();
        source.set_body(&HashSet::from([1, 2]), at(0));
        // Another body of the same day, and one of another day.
        source.set_body(&HashSet::from([2, 3]), at(5));
        source.set_body(&HashSet::from([3, u64::MAX]), at(10 * DAY));
        // An answer without a body shows that the entries of the last one are still there.
        source.keep_body(at(20 * DAY));
        state.set_source(&Url::parse("https://e.org/").unwrap(), source);
        let keys = |day: i64| {
            let mut state = State::load(folder.path()).unwrap();
            state.save(at(day * DAY)).unwrap();
            let mut keys: Vec<u64> = state.keys().collect();
            keys.sort_unstable();
            keys
        };
        state.save(at(20 * DAY)).unwrap();
        assert_eq!(keys(400), [1, 2, 3, u64::MAX]);
        assert_eq!(keys(401), [3, u64::MAX]);
        assert_eq!(keys(420), [3, u64::MAX]);
        assert_eq!(keys(421), [0; 0]);
    }

    #[test]
    fn each_key_is_stored_once() {
        let mut source = SourceState::default();
        for day in 0..9 {
            let keys: HashSet<u64> = (day..day + 4).map(|key: i64| key as u64).collect();
            source.set_body(&keys, at(day / 2 * DAY));
        }
        let mut keys: Vec<u64> = source.keys().collect();
        keys.sort_unstable();
        assert_eq!(keys, (0..12).collect::<Vec<_>>());
    }

    #[test]
    fn validators_count_only_with_the_settings_of_their_body() {
        let mut state = SourceState::default();
        state.set_validators(Validators { etag: Some("x".into()), last_modified: None }, "1".into());
        assert_eq!(state.validators("1").etag.as_deref(), Some("x"));
        assert_eq!(state.validators("2"), Validators::default());
    }

    #[test]
    fn damaged_validators_and_those_without_their_entries_do_not_count() {
        let mut state = SourceState { entries: 2, ..SourceState::default() };
        state.set_body(&HashSet::from([1, 2]), at(0));
        let validators = Validators { etag: Some("x".into()), last_modified: Some("y\n".into()) };
        state.set_validators(validators, String::new());
        assert_eq!(state.validators(""), Validators { etag: Some("x".into()), last_modified: None });
        let change = |change: fn(&mut SourceState)| {
            let mut changed = state.clone();
            change(&mut changed);
            changed.validators("")
        };
        for changed in [
            change(|state| state.etag = Some("z".into())),
            change(|state| state.last_modified = Some("z".into())),
            change(|state| state.body.clear()),
            change(|state| state.body.push('0')),
        ] {
            assert_eq!(changed, Validators::default());
        }
    }

    #[test]
    fn a_damaged_file_and_rules_of_yesterday_count_as_missing() {
        let folder = tempfile::tempdir().unwrap();
        let mut state = State::load(folder.path()).unwrap();
        state.set_robots("https://e.org", Robots::forbid_all(), at(1000));
        state.save(at(1000)).unwrap();
        let mut state = State::load(folder.path()).unwrap();
        assert_eq!(state.robots("https://e.org", at(1000 + DAY - 1)), Some(&Robots::forbid_all()));
        assert_eq!(state.robots("https://e.org", at(1000 + DAY)), None);
        assert_eq!(state.robots("https://e.org", at(999)), None);
        state.save(at(1000 + DAY)).unwrap();
        assert!(state.stored.robots.is_empty());
        std::fs::write(folder.path().join(".newsprint/fetch/state.json"), "{\"version\": 1").unwrap();
        assert!(State::load(folder.path()).unwrap().stored.sources.is_empty());
    }
}
