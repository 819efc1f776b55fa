//! Stores what a body-only rebuild needs of the last build's plan.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::fingerprint::{Fingerprint, Packed};
use crate::fs::{sealed, state};
use crate::output::folder::{Output, Survey, Wanted};
use crate::output::manifest::Manifest;

/// The part of a published plan that is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// The fingerprint of all inputs but the bodies of articles. Plans with the same key have the
    /// same pages, and only pages that show a body can have other fingerprints.
    pub key: Fingerprint,
    /// The fingerprints of the bodies, in the site's order of articles.
    pub bodies: Vec<Fingerprint>,
    /// The fingerprint of everything but the sources that decides the data of pages.
    pub settings: Fingerprint,
    /// The fingerprint of what the data of each file was made from, in the order of the manifest;
    /// the default for files without one.
    pub keys: Vec<Packed>,
    /// What else the pipeline needs for a body-only rebuild, encoded by the pipeline; empty if
    /// there is nothing.
    pub extra: Vec<u8>,
}

/// The stored plan of the last build.
#[derive(Debug, Serialize, Deserialize)]
pub struct LastPlan {
    /// The first line of the manifest that the build wrote.
    manifest: String,
    /// The plan.
    pub planned: Planned,
}

/// The files of a site as the last build left them, none of them changed since.
#[derive(Debug, Clone)]
pub struct Files(Arc<Manifest>);

impl Files {
    /// The number of files.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The path and the fingerprint of each file, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Fingerprint)> {
        (0..self.len()).map(|place| self.0.at(place)).map(|(path, entry)| (path, entry.fingerprint))
    }

    /// Returns all files, those in `changed` with their new fingerprints, and a map from the index
    /// of a changed file in this list to its index in `changed`. `None` if a changed file is not
    /// among the files.
    #[must_use]
    pub fn with_changed<'f>(
        &'f self,
        changed: &[Wanted<'f>],
    ) -> Option<(Vec<Wanted<'f>>, FxHashMap<usize, usize>)> {
        let mut wanted: Vec<Wanted<'f>> =
            self.iter().map(|(path, fingerprint)| Wanted { path, fingerprint }).collect();
        let mut places = FxHashMap::default();
        for (at, file) in changed.iter().enumerate() {
            // Manifests are sorted by path.
            let place = wanted.binary_search_by_key(&file.path, |known| known.path).ok()?;
            wanted[place].fingerprint = file.fingerprint;
            places.insert(place, at);
        }
        Some((wanted, places))
    }
}

impl Survey {
    /// The files of the last build, if the build of `last` wrote them and none has changed since.
    #[must_use]
    pub fn files(&self, last: &LastPlan) -> Option<Files> {
        let is_same_build = last.manifest == self.old.first_line();
        (is_same_build && self.is_unchanged.iter().all(|&unchanged| unchanged))
            .then(|| Files(Arc::clone(&self.old)))
    }
}

impl Output {
    /// Reads the plan of the last build; `None` without one, and after a build that did not end.
    #[must_use]
    pub fn get_planned(&self) -> Option<LastPlan> {
        let files = self.state_files();
        let last: LastPlan = sealed::read(&files.planned())?;
        (!files.journal.exists()).then_some(last)
    }

    /// Stores the plan of a published site. A plan with warnings is not stored: a build that uses
    /// it would not repeat them.
    pub fn put_planned(&self, planned: &Planned) {
        let files = self.state_files();
        let path = files.planned();
        let _ = state::remove(&path);
        // After a failure the next build plans the whole site.
        let Some(manifest) = Manifest::first_line_of(&files.manifest) else { return };
        let stored = LastPlan { manifest, planned: planned.clone() };
        let _ = sealed::write(&path, &stored);
    }
}
