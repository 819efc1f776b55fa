//! Stage 5, bytes to the output folder: the only writer, and the owner of what it wrote.
//!
//! A build is decided before it is written. Into a folder that is there already, every changed page is rendered to a
//! temporary file beside its target, and only when all of them are there is the first one renamed (`update`); a folder
//! that is not there yet is written beside its place and renamed as a whole (`fresh`). So a page that cannot be
//! rendered leaves the published site as it was, and a reader never meets half a file. The journal names the targets
//! before the first of them is touched, so that a build after a crash knows the files as its own.

mod cancellation;
mod folder;
mod fresh;
mod last_build;
mod last_plan;
mod lock;
mod manifest;
mod place;
mod update;

use std::collections::{BTreeSet, HashSet};
use std::path::Path;
use std::sync::Arc;

use crate::config::STATE;
use crate::diagnostic::Diagnostic;
pub use cancellation::Cancellation;
pub use folder::{Failure, Left, Outcome, Output, Survey, Wanted};
pub use last_build::Built;
pub use last_plan::{LastPlan, Planned};
pub use lock::Lock;
pub(crate) use lock::refuse_links;
use manifest::{Journal, Manifest};
pub use manifest::{owned_by, sealed};
pub(crate) use place::is_inside;
pub use place::marked_files;

/// The output may not be, hold or lie inside the sources.
///
/// # Errors
/// It does.
pub fn check_place(root: &Path, folder: &Path) -> Result<(), Diagnostic> {
    let (root, folder) = (place::absolute(root), place::absolute(folder));
    place::check_apart(&root, &folder, &place::shown(&root, &folder))
}

/// The files that the last build of the digest at `root` left in a folder; `None` if there are no notes about one.
#[must_use]
pub fn published(root: &Path, folder: &Path) -> Option<Vec<String>> {
    let output = Output::new(root, folder, &root.join(STATE), false);
    let last = Manifest::load(&output.state_files().manifest);
    last.is_intact().then(|| (0..last.len()).map(|place| last.at(place).0.to_owned()).collect())
}

impl Output {
    /// Takes the lock of the digest: hold it from before its sources are read until the build is over.
    ///
    /// # Errors
    /// Another build holds it.
    pub fn lock(&self) -> Result<Lock, Diagnostic> {
        let _inside = self.cancellation.enter()?;
        Lock::take(&self.state)
    }

    /// Looks how the files of the last build stand. It needs nothing but the notes, so that it can go on beside the
    /// stages before this one.
    #[must_use]
    pub fn survey(&self) -> Survey {
        let old = Manifest::load(&self.state_files().manifest);
        let standing = old.standing(&self.folder);
        Survey { old: Arc::new(old), standing }
    }

    /// What a survey would say if nobody touched the folder since a build of this process left it: for a preview, whose
    /// folder is its own.
    #[must_use]
    pub fn surveyed(&self, left: Left) -> Survey {
        match left.0.and_then(Manifest::parse) {
            Some(old) => Survey { standing: vec![true; old.len()], old: Arc::new(old) },
            None => self.survey(),
        }
    }

    /// Makes the output folder hold exactly `wanted` (and whatever newsprint never wrote). `render` appends the bytes
    /// of the file at an index of `wanted`, and is asked only for files that are not there already.
    ///
    /// # Errors
    /// Nothing has changed in the output folder then, except when the disk fails between renames.
    pub fn publish<E: Send>(
        &self,
        survey: Survey,
        wanted: &[Wanted<'_>],
        render: impl Fn(usize, &mut Vec<u8>) -> Result<(), E> + Sync,
    ) -> Result<Outcome, Failure<E>> {
        let _inside = self.cancellation.enter()?;
        let files = self.state_files();
        files.remove_built();
        // Whoever removed the notes while a preview runs did nothing wrong.
        let _ = std::fs::create_dir_all(&self.state);
        let Survey { old, standing } = survey;
        let journal = Journal::load(&files.journal);
        fresh::clear(&self.folder);
        update::clear(&self.folder, journal.ours.iter().chain(&journal.staged).map(String::as_str));

        if fresh::is_possible(&self.folder) {
            return self.publish_fresh(wanted, render, &files);
        }
        let crashed: HashSet<&str> = journal.ours.iter().map(String::as_str).collect();
        // Both sorted by path: one walk over the two.
        let mut order: Vec<usize> = (0..wanted.len()).collect();
        order.sort_by_key(|&at| wanted[at].path);
        let (mut kept, mut changed) = (Vec::new(), Vec::new());
        let mut stale: BTreeSet<&str> = BTreeSet::new();
        let mut place = 0;
        for &at in &order {
            let file = &wanted[at];
            while place < old.len() && old.at(place).0 < file.path {
                stale.insert(old.at(place).0);
                place += 1;
            }
            match (place < old.len()).then(|| old.at(place)) {
                Some((path, entry)) if path == file.path => {
                    if entry.fingerprint == file.fingerprint && standing[place] {
                        kept.push((at, *entry));
                    } else {
                        changed.push(at);
                    }
                    place += 1;
                }
                _ => changed.push(at),
            }
        }
        stale.extend((place..old.len()).map(|place| old.at(place).0));
        // Without its manifest a site is still known by its home page, and its pages by their generator's name.
        let is_our_site = !old.is_intact() && place::is_our_site(&self.folder);
        let orphans = if is_our_site { place::marked_files(&self.folder) } else { Vec::new() };
        let is_wanted = |path: &str| order.binary_search_by_key(&path, |&at| wanted[at].path).is_ok();
        let left = crashed.iter().copied().chain(orphans.iter().map(String::as_str));
        stale.extend(left.filter(|path| !is_wanted(path)));
        let stale: Vec<&str> = stale.into_iter().collect();
        if changed.is_empty() && stale.is_empty() && old.is_intact() {
            return Ok(Outcome { unchanged: wanted.len(), ..Outcome::default() });
        }
        let update = update::Update {
            output: self,
            wanted,
            kept,
            changed,
            stale,
            old: &old,
            crashed: &crashed,
            is_our_site,
        };
        update.run(render, &files)
    }
}
