//! Fast exit: recognises a build whose inputs are those of the last build and whose files are
//! unchanged.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::fingerprint::Fingerprint;
use crate::fs::sealed;
use crate::load::{Agenda, Validity};
use crate::output::folder::Output;
use crate::output::manifest::Manifest;

/// The counts of the last successful build.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Built {
    /// The number of articles on the site.
    pub articles: usize,
    /// The number of articles without a date among them.
    pub undated: usize,
    /// The number of drafts that were left out.
    pub drafts: usize,
    /// The number of terms, by the name of the taxonomy.
    pub terms: Vec<(String, usize)>,
    /// The number of files of the site.
    pub files: usize,
    /// What the schedules of the articles said.
    pub agenda: Agenda,
    /// The span of times in which the result holds.
    pub validity: Validity,
}

impl Output {
    /// Reads the counts of the last build; `None` unless it had the same inputs (`key` is the
    /// fingerprint of all of them), its result still holds at the time `now`, and every file is as
    /// it was written.
    #[must_use]
    pub fn get_built(&self, key: Fingerprint, now: DateTime<Utc>) -> Option<Built> {
        let files = self.state_files();
        let (stored_key, written, built): (Fingerprint, String, Built) = sealed::read(&files.built())?;
        if stored_key != key || !built.validity.holds_at(now) || files.journal.exists() {
            return None;
        }
        let manifest = Manifest::load(&files.manifest);
        let is_unchanged = || manifest.find_unchanged(&self.folder).into_iter().all(|unchanged| unchanged);
        // One of the two files may be restored without the other.
        let is_same_build = manifest.first_line() == written && manifest.len() == built.files;
        (is_same_build && is_unchanged()).then_some(built)
    }

    /// Stores the counts of a successful build without warnings (which a later build would have to
    /// repeat).
    pub fn put_built(&self, key: Fingerprint, built: &Built) {
        let files = self.state_files();
        // After a failure the next build does not exit early.
        let Some(written) = Manifest::first_line_of(&files.manifest) else { return };
        let _ = sealed::write(&files.built(), &(key, written, built));
    }
}
