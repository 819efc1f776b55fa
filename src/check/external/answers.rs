//! What other sites answered and when, kept between checks: `.newsprint/links.json`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::ask::Answer;
use crate::config;
use crate::diagnostic::{Diagnostic, Place};
use crate::fs::atomic;
use crate::output;

const VERSION: u32 = 1;
/// Seconds for which an answer holds.
const WEEK: i64 = 7 * 24 * 60 * 60;
/// Seconds after a first failure.
const HOUR: i64 = 60 * 60;

/// The answers to earlier checks.
pub(super) struct Answers {
    path: PathBuf,
    links: BTreeMap<String, Entry>,
}

#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    version: u32,
    links: Cow<'a, BTreeMap<String, Entry>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    /// Seconds since 1970.
    at: i64,
    /// How often in a row it failed.
    failures: u32,
    answer: Answer,
}

impl Entry {
    fn is_due(&self, now: i64) -> bool {
        let holds = match self.failures {
            0 => WEEK,
            failures => WEEK.min(HOUR << (failures - 1).min(10)),
        };
        // A clock that was set back is no reason to believe a note for longer.
        !(self.at..self.at.saturating_add(holds)).contains(&now)
    }
}

impl Answers {
    /// Answers that cannot be read are none.
    ///
    /// # Errors
    /// The folder of notes is a link to somewhere else.
    pub(super) fn load(root: &Path) -> Result<Self, Diagnostic> {
        let state = root.join(config::STATE);
        output::refuse_links(&state)?;
        let path = state.join("links.json");
        let stored = fs::read(&path).ok().and_then(|bytes| serde_json::from_slice::<Stored<'_>>(&bytes).ok());
        let links = stored.filter(|stored| stored.version == VERSION).map(|stored| stored.links.into_owned());
        Ok(Self { path, links: links.unwrap_or_default() })
    }

    pub(super) fn is_due(&self, address: &str, now: DateTime<Utc>) -> bool {
        self.links.get(address).is_none_or(|note| note.is_due(now.timestamp()))
    }

    /// When it was last asked for; what never was comes first.
    pub(super) fn asked_at(&self, address: &str) -> Option<i64> {
        self.links.get(address).map(|note| note.at)
    }

    pub(super) fn get(&self, address: &str) -> Option<&Answer> {
        self.links.get(address).map(|note| &note.answer)
    }

    pub(super) fn put(&mut self, address: &str, answer: Answer, now: DateTime<Utc>) {
        let before = self.links.get(address).map_or(0, |note| note.failures);
        let failures = if answer.is_failure() { before.saturating_add(1) } else { 0 };
        self.links.insert(address.to_owned(), Entry { at: now.timestamp(), failures, answer });
    }

    pub(super) fn keep(&mut self, wanted: impl Fn(&str) -> bool) {
        self.links.retain(|address, _| wanted(address));
    }

    /// # Errors
    /// The disk does not take them.
    pub(super) fn save(&self) -> Result<(), Diagnostic> {
        let stored = Stored { version: VERSION, links: Cow::Borrowed(&self.links) };
        let written = serde_json::to_vec_pretty(&stored).map_err(std::io::Error::other).and_then(|bytes| {
            if let Some(folder) = self.path.parent() {
                fs::create_dir_all(folder)?;
            }
            atomic::replace(&self.path, &bytes)
        });
        let place = Place::file(".newsprint/links.json");
        written.map_err(|error| {
            Diagnostic::warning(format!("the answers of other sites could not be noted: {error}")).at(place)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_fails_is_asked_again_later_and_later_but_within_a_week() {
        let note = |failures| Entry { at: 1000, failures, answer: Answer::There };
        let first_due =
            |failures| (0..).map(|hours| hours * HOUR).find(|after| note(failures).is_due(1000 + after));
        assert_eq!(first_due(0), Some(WEEK));
        assert_eq!(first_due(1), Some(HOUR));
        assert_eq!(first_due(2), Some(2 * HOUR));
        assert_eq!(first_due(4), Some(8 * HOUR));
        assert_eq!(first_due(100), Some(WEEK));
        assert!(note(0).is_due(999));
    }
}
