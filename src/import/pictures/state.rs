//! Holds what a run knows of the pictures of old sites.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::import::generator::kind::Generator;
use crate::import::generator::site::Site;
use crate::import::pictures::choose::Chosen;
use crate::import::pictures::find::OldSite;

/// What a run knows of the pictures of old sites.
#[derive(Debug, Default)]
pub struct PostPictures {
    /// The old sites by the folders that were asked for.
    sites: Vec<(PathBuf, Arc<OldSite>)>,
    /// The pictures in these folders.
    pub listed: Vec<PathBuf>,
    /// The pictures of posts.
    used: HashSet<PathBuf>,
}

impl PostPictures {
    /// The files of the old site of a folder.
    pub fn site(&mut self, generator: Generator, site: &Site, asked: &Path) -> Arc<OldSite> {
        if let Some((_, known)) = self.sites.iter().find(|(known, _)| known == asked) {
            return Arc::clone(known);
        }
        let found = Arc::new(OldSite::new(generator, site, asked));
        self.sites.push((asked.to_path_buf(), Arc::clone(&found)));
        found
    }

    /// Adds the pictures of a post, whether or not they are copied.
    pub fn add(&mut self, site: &OldSite, chosen: &Chosen<'_>) {
        let refused = chosen.refused.iter().map(|refused| &refused.file);
        let files = chosen.pictures.iter().map(|picture| &picture.file).chain(refused);
        self.used.extend(files.map(|file| site.root().join(file)));
    }

    /// The pictures in the folders that were asked for which belong to no post, without those that
    /// are no part of the content.
    pub fn unused(&mut self) -> Vec<PathBuf> {
        let mut listed = std::mem::take(&mut self.listed);
        let is_foreign = |file: &PathBuf| self.sites.iter().any(|(_, site)| site.is_foreign(file));
        // Folders that were asked for may be in one another.
        listed.sort_unstable();
        listed.dedup();
        listed.retain(|file| !self.used.contains(file) && !is_foreign(file));
        listed
    }
}
