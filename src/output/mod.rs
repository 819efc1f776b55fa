//! Stage 5, bytes to the output folder: the only module that writes a site. It replaces and removes
//! only files that it wrote itself.
//!
//! A build is decided before it is written. Into an existing folder, every changed page is rendered
//! to a temporary file beside its target; the first one is renamed only when all of them are
//! complete (`update`). A folder that does not exist is written beside its place and renamed as a
//! whole (`fresh`). So a page that cannot be rendered leaves the published site unchanged, and a
//! reader never gets half a file. The journal lists the targets before the first one is touched, so
//! that a build after a crash knows these files as its own.

mod cancellation;
mod ending;
mod folder;
mod fresh;
mod last_build;
mod last_plan;
mod letter_case;
mod lock;
mod manifest;
mod place;
mod update;

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use crate::config;
use crate::diagnostic::{Diagnostic, Place};
use crate::fs::{Folder, state};
use crate::paths;
pub use cancellation::Cancellation;
pub use folder::{Failure, Outcome, Output, SavedManifest, Survey, Wanted};
pub use last_build::Built;
pub use last_plan::{LastPlan, Planned};
pub use lock::Lock;
pub(crate) use lock::refuse_links;
use manifest::{Journal, Manifest};
pub use manifest::{owned_by, sealed};
pub use place::{as_written, marked_files};

/// The absolute path of an output folder without `.` and `..` and, as far as it exists, without
/// symbolic links.
#[must_use]
pub fn resolve(folder: &Path) -> PathBuf {
    place::absolute(folder)
}

/// Checks that the output folder is apart from the digest's sources.
///
/// # Errors
/// The folder is, contains or is inside the sources.
pub fn check_place(root: &Path, folder: &Path) -> Result<(), Diagnostic> {
    let (root, folder) = (place::absolute(root), place::absolute(folder));
    place::check_apart(&root, &folder, &place::shown(&root, &folder))
}

/// The paths of the files that the last build of the digest at `root` wrote to a folder; `None` if
/// there is no manifest.
#[must_use]
pub fn published(root: &Path, folder: &Path) -> Option<Vec<String>> {
    let output = Output::new(root, &resolve(folder), &config::state_folder(root), false);
    // For a comparison, the manifest of another machine is as good as one's own.
    let last = Manifest::load_any(&output.state_files().manifest)?;
    Some((0..last.len()).map(|place| last.at(place).0.to_owned()).collect())
}

impl Output {
    /// Takes the lock of the digest. The caller holds it from before the sources are read until the
    /// build is over.
    ///
    /// # Errors
    /// Another process holds the lock, or the state folder cannot be written.
    pub fn lock(&self) -> Result<Lock, Diagnostic> {
        let _writing = self.cancellation.enter()?;
        Lock::take(&self.state)
    }

    /// Checks which files of the last build are unchanged. It needs only the state files, so that
    /// it can run in parallel with the stages before this one.
    #[must_use]
    pub fn survey(&self) -> Survey {
        let old = Manifest::load_or_seen(&self.state_files().manifest, &self.folder);
        let is_unchanged = old.find_unchanged(&self.folder);
        Survey { old: Arc::new(old), is_unchanged }
    }

    /// The survey of a folder that is unchanged since a build of this process wrote `manifest`. For
    /// a preview, which has a folder of its own.
    #[must_use]
    pub fn survey_unchanged(&self, manifest: SavedManifest) -> Survey {
        match manifest.0.and_then(Manifest::parse) {
            Some(old) => Survey { is_unchanged: vec![true; old.len()], old: Arc::new(old) },
            None => self.survey(),
        }
    }

    /// Makes the output folder contain exactly `wanted`, besides files that newsprint never wrote.
    /// `render` appends the bytes of the file at an index of `wanted`; it is called only for files
    /// that are new or changed.
    ///
    /// # Errors
    /// The output folder is unchanged then, unless the disk failed after the first rename.
    pub fn publish<E: Send>(
        &self,
        survey: Survey,
        wanted: &[Wanted<'_>],
        render: impl Fn(usize, &mut Vec<u8>) -> Result<(), E> + Sync,
    ) -> Result<Outcome, Failure<E>> {
        let _writing = self.cancellation.enter()?;
        self.refuse_unplain(wanted)?;
        let files = self.state_files();
        files.remove_fast_path();
        // The state folder may be removed at any time, also while a preview runs.
        let _ = state::open_folder(&self.state);
        let Survey { old, is_unchanged } = survey;
        let journal = Journal::load(&files.journal);
        fresh::remove_staging(&self.folder);
        if let Ok(folder) = Folder::open_real(&self.folder) {
            let journalled = journal.ours.iter().chain(&journal.staged);
            update::remove_temporary(&folder, journalled.map(String::as_str));
        }
        if let Some(staging) = fresh::prepare(&self.folder) {
            return self.publish_fresh(&staging, wanted, render, &files);
        }
        let folder = self.open()?;
        let mut crashed: HashSet<&str> = journal.ours.iter().map(String::as_str).collect();
        // Both lists are sorted by path, so that one pass compares them.
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
                    if entry.fingerprint == file.fingerprint && is_unchanged[place] {
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
        // Without a manifest the home page identifies a site of newsprint, and the generator's name
        // identifies its pages.
        let is_our_site = !old.is_intact() && place::is_our_site(&self.folder);
        let orphans = if is_our_site { place::marked_files(&self.folder) } else { Vec::new() };
        let is_wanted = |path: &str| order.binary_search_by_key(&path, |&at| wanted[at].path).is_ok();
        let leftovers = crashed.iter().copied().chain(orphans.iter().map(String::as_str));
        stale.extend(leftovers.filter(|path| !is_wanted(path)));
        let followed = letter_case::follow(&folder, &mut stale, order.iter().map(|&at| wanted[at].path))
            .map_err(|error| self.failed("", &tr!("the letter case of a path cannot be changed"), &error))?;
        crashed.extend(followed);
        let stale: Vec<&str> = stale.into_iter().collect();
        if changed.is_empty() && stale.is_empty() && old.is_intact() {
            return Ok(Outcome { unchanged: wanted.len(), ..Outcome::default() });
        }
        let update = update::Update {
            output: self,
            folder: &folder,
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

    /// Refuses paths that are not plain, whatever planned them: the last check before writing.
    fn refuse_unplain<E>(&self, wanted: &[Wanted<'_>]) -> Result<(), Failure<E>> {
        let refused: Vec<Diagnostic> = wanted
            .par_iter()
            .filter_map(|file| {
                let why = paths::unstorable(file.path)?;
                let why = tr!(why);
                let place = Place::file(&format!("{}/{}", self.shown, file.path));
                Some(Diagnostic::error(tr!("this path {why}, and is not written", why)).at(place))
            })
            .collect();
        if refused.is_empty() { Ok(()) } else { Err(Failure::Output(refused)) }
    }

    /// Creates the output folder if it is missing, and opens it.
    fn open(&self) -> Result<Folder, Diagnostic> {
        std::fs::create_dir_all(&self.folder)
            .and_then(|()| Folder::open_real(&self.folder))
            .map_err(|error| self.failed("", &tr!("the output folder cannot be created"), &error))
    }
}
