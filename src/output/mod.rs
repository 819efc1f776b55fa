//! Stage 5, bytes to the output folder: the only writer, and the owner of what it wrote.
//!
//! A build is decided before it is written: every changed page is rendered to a temporary file beside its target, and
//! only when all of them are there is the first one renamed. So a page that cannot be rendered leaves the published
//! site as it was, and a reader never meets half a file. The journal names the targets before the first byte, so that
//! a build after a crash knows the files as its own.

mod lock;
mod manifest;
mod place;

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::Fingerprint;
pub use lock::Lock;
use manifest::{Entry, Manifest, Stamp};

/// Where newsprint keeps what it remembers, below the digest's root.
pub const STATE: &str = ".newsprint";

/// A file that the site wants.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// In the output folder, with `/`.
    pub path: &'a str,
    /// Of the bytes that it will have.
    pub fingerprint: Fingerprint,
}

/// What a build did to the output folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Files created or replaced.
    pub written: usize,
    /// Files that were left alone.
    pub unchanged: usize,
    /// Files that the site no longer has.
    pub removed: usize,
}

/// The output folder of a build.
#[derive(Debug)]
pub struct Output {
    folder: PathBuf,
    shown: String,
    state: PathBuf,
    force: bool,
}

/// Why nothing was published.
pub enum Failure<E> {
    /// The output folder or the disk.
    Output(Vec<Diagnostic>),
    /// Pages that could not be rendered.
    Render(Vec<E>),
}

impl Output {
    /// An output folder for the digest at `root`.
    ///
    /// # Errors
    /// A folder that is, holds or lies inside the sources.
    pub fn new(root: &Path, folder: &Path, force: bool) -> Result<Self, Diagnostic> {
        let folder = place::absolute(folder);
        let root = place::absolute(root);
        let shown = folder.strip_prefix(&root).unwrap_or(&folder).to_string_lossy().into_owned();
        place::check_apart(&root, &folder, &shown)?;
        let state = root.join(STATE);
        Ok(Self { folder, shown, state, force })
    }

    fn failed(&self, path: &str, what: &str, error: &io::Error) -> Diagnostic {
        let shown = if path.is_empty() { self.shown.clone() } else { format!("{}/{path}", self.shown) };
        let help = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                "make room on the disk and build again"
            }
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                "make the folder writable, or choose another with `--output-dir`"
            }
            io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
                "a file stands where a folder has to be: move it away"
            }
            _ => "the site is as it was; mend the cause and build again",
        };
        Diagnostic::error(format!("{what}: {error}")).at(Place::file(&shown)).help(help)
    }

    /// Makes the output folder hold exactly `wanted` (and whatever newsprint never wrote). `render` gives the bytes of
    /// the file at an index of `wanted`, and is asked only for files that are not there already.
    ///
    /// # Errors
    /// Nothing has changed in the output folder then, except when the disk fails between renames.
    pub fn publish<E: Send>(
        &self,
        wanted: &[Wanted<'_>],
        render: impl Fn(usize) -> Result<Vec<u8>, E> + Sync,
    ) -> Result<Outcome, Failure<E>> {
        let output = |diagnostic| Failure::Output(vec![diagnostic]);
        let _lock = Lock::take(&self.state).map_err(output)?;
        // Named by the folder's place in the digest where it is inside, so that a digest can be moved or copied.
        let manifest_path =
            self.state.join(format!("manifest-{}", Fingerprint::of_bytes(self.shown.as_bytes())));
        let journal_path = manifest_path.with_extension("journal");
        let old = Manifest::load(&manifest_path);
        let crashed = manifest::read_journal(&journal_path);
        self.clear_leftovers(&crashed);
        let crashed: HashSet<&str> = crashed.iter().map(String::as_str).collect();

        let changed: Vec<usize> = (0..wanted.len())
            .into_par_iter()
            .filter(|&at| {
                let entry = old.get(wanted[at].path);
                !entry.is_some_and(|entry| {
                    entry.fingerprint == wanted[at].fingerprint
                        && Stamp::of(&self.folder.join(wanted[at].path)) == Some(entry.stamp)
                })
            })
            .collect();
        let stale: Vec<&str> = {
            let wanted: HashSet<&str> = wanted.iter().map(|file| file.path).collect();
            let known = old.paths().chain(crashed.iter().copied()).collect::<BTreeSet<_>>();
            known.into_iter().filter(|path| !wanted.contains(path)).collect()
        };
        let mut outcome = Outcome { written: 0, unchanged: wanted.len() - changed.len(), removed: 0 };
        if changed.is_empty() && stale.is_empty() && old.is_intact() {
            return Ok(outcome);
        }
        self.check_folders(&changed, wanted).map_err(Failure::Output)?;
        let foreign: Vec<usize> = changed
            .iter()
            .copied()
            .filter(|&at| {
                let path = wanted[at].path;
                old.get(path).is_none()
                    && !crashed.contains(path)
                    && fs::symlink_metadata(self.folder.join(path)).is_ok()
            })
            .collect();

        manifest::write_journal(
            &journal_path,
            changed.iter().map(|&at| wanted[at].path).chain(stale.iter().copied()),
        )
        .map_err(|error| output(self.failed("", "the journal cannot be written", &error)))?;
        let staged = self.stage(wanted, &changed, &foreign, render);
        let staged = match staged {
            Ok(staged) => staged,
            Err(failure) => {
                self.clear(changed.iter().map(|&at| wanted[at].path));
                // Nothing was renamed: an interrupted earlier build still needs its own journal.
                let _ = manifest::write_journal(&journal_path, crashed.iter().copied());
                return Err(failure);
            }
        };
        outcome.written = staged.iter().filter(|file| file.rename).count();
        outcome.unchanged = wanted.len() - outcome.written;
        let stamps = self.install(&staged, wanted).map_err(output)?;
        outcome.removed = self.remove(&stale).map_err(output)?;
        let fresh = staged.iter().zip(stamps).map(|(file, stamp)| {
            let wanted = &wanted[file.at];
            (wanted.path, Entry { fingerprint: wanted.fingerprint, stamp })
        });
        Manifest::merge(&old, wanted.iter().map(|file| file.path), fresh)
            .save(&manifest_path)
            .map_err(|error| output(self.failed("", "the manifest cannot be written", &error)))?;
        let _ = fs::remove_file(&journal_path);
        Ok(outcome)
    }

    /// No symbolic link on the way to a file may lead out of the folder, and no file may stand in the way.
    fn check_folders(&self, changed: &[usize], wanted: &[Wanted<'_>]) -> Result<(), Vec<Diagnostic>> {
        let folders: BTreeSet<&str> = changed
            .iter()
            .flat_map(|&at| wanted[at].path.match_indices('/').map(move |(end, _)| &wanted[at].path[..end]))
            .collect();
        let folders: Vec<&str> = folders.into_iter().collect();
        if let Err(error) = fs::create_dir_all(&self.folder) {
            return Err(vec![self.failed("", "the output folder cannot be made", &error)]);
        }
        let problems: Vec<Diagnostic> = folders
            .par_iter()
            .filter_map(|folder| match fs::symlink_metadata(self.folder.join(folder)) {
                Ok(found) if found.is_symlink() => Some(
                    Diagnostic::error("a symbolic link stands where a folder has to be")
                        .at(Place::file(&format!("{}/{folder}", self.shown)))
                        .help("newsprint follows no link out of the output folder: remove it"),
                ),
                Ok(found) if !found.is_dir() => Some(
                    Diagnostic::error("a file stands where a folder has to be")
                        .at(Place::file(&format!("{}/{folder}", self.shown)))
                        .help("newsprint did not write it: move it away"),
                ),
                _ => None,
            })
            .collect();
        if !problems.is_empty() {
            return Err(problems);
        }
        for folder in folders {
            match fs::create_dir(self.folder.join(folder)) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                    return Err(vec![self.failed(folder, "this folder cannot be made", &error)]);
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Renders the changed files to temporary ones beside their targets.
    fn stage<E: Send>(
        &self,
        wanted: &[Wanted<'_>],
        changed: &[usize],
        foreign: &[usize],
        render: impl Fn(usize) -> Result<Vec<u8>, E> + Sync,
    ) -> Result<Vec<Staged>, Failure<E>> {
        let foreign: HashSet<usize> = foreign.iter().copied().collect();
        let results: Vec<Result<Staged, Failure<E>>> = changed
            .par_iter()
            .map(|&at| {
                let path = wanted[at].path;
                let target = self.folder.join(path);
                let bytes = render(at).map_err(|error| Failure::Render(vec![error]))?;
                if foreign.contains(&at) {
                    let found = fs::symlink_metadata(&target)
                        .ok()
                        .filter(fs::Metadata::is_file)
                        .and_then(|_| fs::read(&target).ok());
                    if found.as_deref() == Some(&bytes) {
                        return Ok(Staged { at, rename: false });
                    }
                    let ours = found.is_some_and(|found| place::carries_our_mark(&found));
                    if !ours && !self.force {
                        return Err(Failure::Output(vec![self.foreign(path)]));
                    }
                }
                fs::write(place::temporary(&target), &bytes).map_err(|error| {
                    Failure::Output(vec![self.failed(path, "this file cannot be written", &error)])
                })?;
                Ok(Staged { at, rename: true })
            })
            .collect();
        let mut staged = Vec::with_capacity(results.len());
        let (mut problems, mut unrendered) = (Vec::new(), Vec::new());
        for result in results {
            match result {
                Ok(file) => staged.push(file),
                Err(Failure::Output(found)) => problems.extend(found),
                Err(Failure::Render(found)) => unrendered.extend(found),
            }
        }
        if !unrendered.is_empty() {
            return Err(Failure::Render(unrendered));
        }
        if problems.is_empty() { Ok(staged) } else { Err(Failure::Output(problems)) }
    }

    fn foreign(&self, path: &str) -> Diagnostic {
        Diagnostic::error("this file is in the way, and newsprint did not write it")
            .at(Place::file(&format!("{}/{path}", self.shown)))
            .help("move it away, or take it over with `--force`")
    }

    /// Puts the temporary files in place and says how each file stands there.
    fn install(&self, staged: &[Staged], wanted: &[Wanted<'_>]) -> Result<Vec<Stamp>, Diagnostic> {
        staged
            .par_iter()
            .map(|file| {
                let path = wanted[file.at].path;
                let target = self.folder.join(path);
                let installed =
                    if file.rename { fs::rename(place::temporary(&target), &target) } else { Ok(()) };
                installed
                    .and_then(|()| Stamp::read(&target))
                    .map_err(|error| self.failed(path, "this file cannot be put in place", &error))
            })
            .collect()
    }

    /// Removes files that the site no longer has, and folders that are empty without them.
    fn remove(&self, stale: &[&str]) -> Result<usize, Diagnostic> {
        let mut removed = 0;
        for path in stale {
            match fs::remove_file(self.folder.join(path)) {
                Ok(()) => removed += 1,
                Err(error)
                    if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {}
                // Somebody put a folder there: it is theirs.
                Err(_) if self.folder.join(path).is_dir() => {}
                Err(error) => return Err(self.failed(path, "this file cannot be removed", &error)),
            }
        }
        let folders: BTreeSet<&str> =
            stale.iter().flat_map(|path| path.match_indices('/').map(|(end, _)| &path[..end])).collect();
        for folder in folders.into_iter().rev() {
            // Fails where something is left inside, which is then not ours to remove.
            let _ = fs::remove_dir(self.folder.join(folder));
        }
        Ok(removed)
    }

    fn clear_leftovers(&self, journal: &[String]) {
        self.clear(journal.iter().map(String::as_str));
    }

    /// Removes temporary files, and folders that stood only for them.
    fn clear<'p>(&self, paths: impl Iterator<Item = &'p str>) {
        let mut folders = BTreeSet::new();
        for path in paths {
            let _ = fs::remove_file(place::temporary(&self.folder.join(path)));
            folders.extend(path.match_indices('/').map(|(end, _)| &path[..end]));
        }
        for folder in folders.into_iter().rev() {
            let _ = fs::remove_dir(self.folder.join(folder));
        }
        let _ = fs::remove_dir(&self.folder);
    }
}

/// A changed file: is there a temporary one to rename, or do the right bytes stand there already?
struct Staged {
    at: usize,
    rename: bool,
}
