//! Is there anything to do at all? A build whose inputs are those of the last one only looks at its files.

use serde::{Deserialize, Serialize};

use crate::fingerprint::Fingerprint;
use crate::fs::sealed;
use crate::output::folder::Output;
use crate::output::manifest::Manifest;

/// What the last successful build counted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Built {
    /// Articles on the site.
    pub articles: usize,
    /// Articles without a date among them.
    pub undated: usize,
    /// Drafts that were left out.
    pub drafts: usize,
    /// Terms of each taxonomy.
    pub terms: Vec<(String, usize)>,
    /// Files of the site.
    pub files: usize,
}

impl Output {
    /// What the last build counted, if it was made from the same inputs (`key` stands for all of them) and every file
    /// still stands as it was written.
    #[must_use]
    pub fn is_current(&self, key: Fingerprint) -> Option<Built> {
        let files = self.state_files();
        let (known, built): (Fingerprint, Built) = sealed::read(&files.built())?;
        if known != key || files.journal.exists() {
            return None;
        }
        let manifest = Manifest::load(&files.manifest);
        let stands = || manifest.standing(&self.folder).into_iter().all(|stands| stands);
        (manifest.len() == built.files && stands()).then_some(built)
    }

    /// StateFiles a successful build that gave no cause for warnings (which a later build would have to repeat).
    pub fn put_built(&self, key: Fingerprint, built: &Built) {
        // A failure costs the next build its short cut and nothing else.
        let _ = sealed::write(&self.state_files().built(), &(key, built));
    }
}
