//! What the last build planned, as far as a build needs it in which nothing but bodies of articles changed.

use std::fs;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::fingerprint::Fingerprint;
use crate::fs::sealed;
use crate::output::folder::{Output, Survey, Wanted};
use crate::output::manifest::Manifest;

/// A plan that was published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// Of all inputs but the bodies of articles: what has the same one has the same pages, and only those that show a body can have other
    /// fingerprints.
    pub key: Fingerprint,
    /// The digests of the bodies, in the site's order of articles.
    pub bodies: Vec<Fingerprint>,
    /// What else the pipeline needs to plan without a body, encoded by it; empty for nothing.
    pub extra: Vec<u8>,
}

/// The plan of the last build, and what it led to.
#[derive(Debug, Serialize, Deserialize)]
pub struct LastPlan {
    /// The manifest, by its first line.
    manifest: String,
    /// The plan.
    pub planned: Planned,
}

/// The files of a site as the last build left them.
#[derive(Debug, Clone)]
pub struct Files(Arc<Manifest>);

impl Files {
    /// All files, with the fingerprints of those that `changed` names instead of the last build's; and for each of them its place in `changed`.
    /// `None` if one of them is not among the files.
    #[must_use]
    pub fn with<'f>(&'f self, changed: &[Wanted<'f>]) -> Option<(Vec<Wanted<'f>>, FxHashMap<usize, usize>)> {
        let mut wanted: Vec<Wanted<'f>> = (0..self.0.len())
            .map(|place| self.0.at(place))
            .map(|(path, entry)| Wanted { path, fingerprint: entry.fingerprint })
            .collect();
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
    /// The files of the last build, if they all stand as it left them and are those that `last` led to.
    #[must_use]
    pub fn files(&self, last: &LastPlan) -> Option<Files> {
        let is_led_to = last.manifest == self.old.first_line();
        (is_led_to && self.standing.iter().all(|&stands| stands)).then(|| Files(Arc::clone(&self.old)))
    }
}

impl Output {
    /// The last build's plan, if it was made from the inputs that `key` stands for.
    #[must_use]
    pub fn get_planned(&self, key: Fingerprint) -> Option<LastPlan> {
        let files = self.state_files();
        let last: LastPlan = sealed::read(&files.planned())?;
        (last.planned.key == key && !files.journal.exists()).then_some(last)
    }

    /// Stores the plan of a site that was published and gave no cause for warnings.
    pub fn put_planned(&self, planned: &Planned) {
        let files = self.state_files();
        let path = files.planned();
        let _ = fs::remove_file(&path);
        // A failure costs the next build its shorter way and nothing else.
        let Some(manifest) = Manifest::first_line_of(&files.manifest) else { return };
        let stored = LastPlan { manifest, planned: planned.clone() };
        let _ = sealed::write(&path, &stored);
    }
}
