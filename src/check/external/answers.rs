//! Caches the answers of other sites between checks, in `.newsprint/links.json`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::ask::Answer;
use crate::config;
use crate::diagnostic::{Diagnostic, Place};
use crate::fs::{guarded, state};
use crate::output;

/// The version of the file's format. Files of other versions are ignored.
const VERSION: u32 = 1;
/// How long an answer is valid, in seconds.
const MAX_AGE: i64 = 7 * 24 * 60 * 60;
/// How long a first failure is valid, in seconds. Each further failure doubles it, up to
/// [`MAX_AGE`].
const MIN_AGE: i64 = 60 * 60;

/// The cached answers.
pub(super) struct Answers {
    path: PathBuf,
    links: BTreeMap<String, Entry>,
}

#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    version: u32,
    /// The language of the reasons in the answers.
    #[serde(default)]
    language: Cow<'a, str>,
    links: Cow<'a, BTreeMap<String, Entry>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    /// The time of the request, in seconds since 1970-01-01 UTC.
    at: i64,
    /// The number of failures in a row.
    failures: u32,
    answer: Answer,
}

impl Entry {
    fn is_due(&self, now: i64) -> bool {
        let valid = match self.failures {
            0 => MAX_AGE,
            failures => MAX_AGE.min(MIN_AGE << (failures - 1).min(10)),
        };
        // An answer from the future is due, too: the clock was set back, and its age is unknown.
        !(self.at..self.at.saturating_add(valid)).contains(&now)
    }
}

impl Answers {
    /// Reads the cache. A file that is missing or invalid is an empty cache. Pages that did not
    /// answer a check in another language of messages are not in it.
    ///
    /// # Errors
    /// `.newsprint/` is a symbolic link.
    pub(super) fn load(root: &Path) -> Result<Self, Diagnostic> {
        let state = config::state_folder(root);
        output::refuse_links(&state)?;
        let path = state.join("links.json");
        let stored = guarded::read(&path, guarded::MAX_STATE_BYTES)
            .ok()
            .and_then(|bytes| serde_json::from_slice::<Stored<'_>>(&bytes).ok());
        let stored = stored.filter(|stored| stored.version == VERSION);
        let links = stored.map(|Stored { language, links, .. }| {
            let mut links = links.into_owned();
            // A reason is a text in the language of messages.
            let is_readable = language == crate::language::language().tag();
            links.retain(|_, entry| is_readable || !matches!(entry.answer, Answer::Unreachable(_)));
            links
        });
        Ok(Self { path, links: links.unwrap_or_default() })
    }

    /// True if an address has no answer that is still valid.
    pub(super) fn is_due(&self, address: &str, now: DateTime<Utc>) -> bool {
        self.links.get(address).is_none_or(|entry| entry.is_due(now.timestamp()))
    }

    /// The time of the last request, in seconds since 1970-01-01 UTC. `None`, which sorts first, if
    /// there was no request.
    pub(super) fn requested_at(&self, address: &str) -> Option<i64> {
        self.links.get(address).map(|entry| entry.at)
    }

    pub(super) fn get(&self, address: &str) -> Option<&Answer> {
        self.links.get(address).map(|entry| &entry.answer)
    }

    /// Stores an answer and counts its failures in a row.
    pub(super) fn put(&mut self, address: &str, answer: Answer, now: DateTime<Utc>) {
        let before = self.links.get(address).map_or(0, |entry| entry.failures);
        let failures = if answer.is_failure() { before.saturating_add(1) } else { 0 };
        self.links.insert(address.to_owned(), Entry { at: now.timestamp(), failures, answer });
    }

    /// Removes the addresses for which `is_wanted` is false.
    pub(super) fn retain(&mut self, is_wanted: impl Fn(&str) -> bool) {
        self.links.retain(|address, _| is_wanted(address));
    }

    /// Writes the cache.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn save(&self) -> Result<(), Diagnostic> {
        let language = Cow::Borrowed(crate::language::language().tag());
        let stored = Stored { version: VERSION, language, links: Cow::Borrowed(&self.links) };
        let written = serde_json::to_vec_pretty(&stored)
            .map_err(std::io::Error::other)
            .and_then(|bytes| state::replace(&self.path, &bytes));
        let place = Place::file(".newsprint/links.json");
        written.map_err(|error| {
            Diagnostic::warning(tr!("cannot cache the answers of other sites: {error}", error)).at(place)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_doubles_with_each_failure_up_to_a_week() {
        let entry = |failures| Entry { at: 1000, failures, answer: Answer::There };
        let first_due =
            |failures| (0..).map(|hours| hours * MIN_AGE).find(|after| entry(failures).is_due(1000 + after));
        assert_eq!(first_due(0), Some(MAX_AGE));
        assert_eq!(first_due(1), Some(MIN_AGE));
        assert_eq!(first_due(2), Some(2 * MIN_AGE));
        assert_eq!(first_due(4), Some(8 * MIN_AGE));
        assert_eq!(first_due(100), Some(MAX_AGE));
        assert!(entry(0).is_due(999));
    }
}
