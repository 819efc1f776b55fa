//! Publishes into an existing folder: writes the changed files only, and all of them or none.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::io;
use std::path::Path;

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Place};
use crate::output::folder::{
    Failure, Outcome, Output, SavedManifest, StateFiles, Wanted, gather, with_rendered, write,
};
use crate::output::lock::state_error;
use crate::output::manifest::{self, Entry, Manifest, Stamp};
use crate::output::place;

/// The changes that a build makes to a folder.
pub(super) struct Update<'a> {
    pub(super) output: &'a Output,
    pub(super) wanted: &'a [Wanted<'a>],
    /// Indices of the files that stay, and their manifest entries.
    pub(super) kept: Vec<(usize, Entry)>,
    /// Indices of the files to write.
    pub(super) changed: Vec<usize>,
    /// Files of newsprint that the site no longer has.
    pub(super) stale: Vec<&'a str>,
    /// The manifest of the last build.
    pub(super) old: &'a Manifest,
    /// Files that an interrupted build touched or was about to touch.
    pub(super) crashed: &'a HashSet<&'a str>,
    /// True if there is no manifest, but newsprint wrote the home page.
    pub(super) is_our_site: bool,
}

/// A changed file before the renames.
struct Staged {
    /// The index in `wanted`.
    at: usize,
    /// True if there is a temporary file to rename, false if the target has the right bytes
    /// already.
    rename: bool,
    stamp: Stamp,
}

impl Update<'_> {
    /// Renders the changed files, then renames them to their targets and removes the stale ones.
    pub(super) fn run<E: Send>(
        &self,
        render: impl Fn(usize, &mut Vec<u8>) -> Result<(), E> + Sync,
        files: &StateFiles,
    ) -> Result<Outcome, Failure<E>> {
        let output = self.output;
        self.check_folders().map_err(Failure::Output)?;
        // From here on the journal lists what a crash may leave half done. A file of others at a
        // target is not claimed before its content is compared: until then only the temporary file
        // beside it is newsprint's.
        let targets = || self.changed.iter().map(|&at| self.wanted[at].path);
        let foreign: HashSet<&str> = targets()
            .filter(|path| !self.is_ours(path) && fs::symlink_metadata(output.folder.join(path)).is_ok())
            .collect();
        let ours = targets().filter(|path| !foreign.contains(path)).chain(self.leftovers());
        self.write_journal(files, ours, foreign.iter().copied())?;
        let staged = match self.create_folders().map_err(Failure::from).and_then(|()| self.stage(render)) {
            Ok(staged) => staged,
            Err(failure) => {
                remove_temporary(&output.folder, targets());
                // Nothing was renamed, but the next build still has to know the files of an earlier
                // interrupted build.
                let _ = self.write_journal(files, self.crashed.iter().copied(), std::iter::empty());
                return Err(failure);
            }
        };
        // The existing files at all targets have been compared and may be replaced.
        self.write_journal(files, targets().chain(self.leftovers()), std::iter::empty())?;
        let removed = self.install(&staged).and_then(|()| self.remove()).map_err(|diagnostic| {
            remove_temporary(&output.folder, targets());
            Failure::Torn(vec![diagnostic])
        })?;
        let written = staged.iter().map(|file| {
            let wanted = &self.wanted[file.at];
            (wanted.path, Entry { fingerprint: wanted.fingerprint, stamp: file.stamp })
        });
        let kept = self.kept.iter().map(|&(at, entry)| (self.wanted[at].path, entry));
        let manifest = Manifest::save(&files.manifest, written.chain(kept))
            .map_err(|error| state_error("the manifest cannot be written", &error))?;
        let _ = fs::remove_file(&files.journal);
        let written: Vec<usize> = staged.iter().filter(|file| file.rename).map(|file| file.at).collect();
        let manifest = SavedManifest(Some(manifest));
        Ok(Outcome { unchanged: self.wanted.len() - written.len(), written, removed, manifest })
    }

    fn write_journal<'p>(
        &self,
        files: &StateFiles,
        ours: impl Iterator<Item = &'p str>,
        staged: impl Iterator<Item = &'p str>,
    ) -> Result<(), Diagnostic> {
        manifest::write_journal(&files.journal, ours, staged)
            .map_err(|error| state_error("the journal cannot be written", &error))
    }

    /// Files of newsprint that the site no longer has, and files of an interrupted build.
    fn leftovers(&self) -> impl Iterator<Item = &str> {
        self.stale.iter().chain(self.crashed).copied()
    }

    /// The folders of the changed files, parents first.
    fn folders(&self) -> Vec<&str> {
        let paths = self.changed.iter().map(|&at| self.wanted[at].path);
        let folders: BTreeSet<&str> =
            paths.flat_map(|path| path.match_indices('/').map(move |(end, _)| &path[..end])).collect();
        folders.into_iter().collect()
    }

    /// Checks that no folder of a changed file is a symbolic link, or a file that newsprint did not
    /// write.
    fn check_folders(&self) -> Result<(), Vec<Diagnostic>> {
        let output = self.output;
        let problems: Vec<Diagnostic> = self
            .folders()
            .par_iter()
            .filter_map(|folder| {
                let found = fs::symlink_metadata(output.folder.join(folder)).ok()?;
                let (message, help) = if found.is_symlink() {
                    (
                        "this path has to be a folder, but it is a symbolic link",
                        "remove it: newsprint follows no symbolic link out of the output folder",
                    )
                } else if !found.is_dir() && !self.is_ours(folder) {
                    (
                        "this path has to be a folder, but it is a file",
                        "move it away: newsprint did not write it",
                    )
                } else {
                    return None;
                };
                Some(
                    Diagnostic::error(message)
                        .at(Place::file(&format!("{}/{folder}", output.shown)))
                        .help(help),
                )
            })
            .collect();
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// True if newsprint wrote this file.
    fn is_ours(&self, path: &str) -> bool {
        self.old.contains(path) || self.crashed.contains(path)
    }

    /// Creates the folders of the changed files.
    fn create_folders(&self) -> Result<(), Diagnostic> {
        let output = self.output;
        let create = |folder: &str| match fs::create_dir(output.folder.join(folder)) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                // A file of newsprint that the site no longer has is replaced by the folder.
                if !output.folder.join(folder).is_dir() {
                    fs::remove_file(output.folder.join(folder))?;
                    return fs::create_dir(output.folder.join(folder));
                }
                Ok(())
            }
            result => result,
        };
        fs::create_dir_all(&output.folder)
            .map_err(|error| output.failed("", "the output folder cannot be created", &error))?;
        self.folders().into_iter().try_for_each(|folder| {
            create(folder).map_err(|error| output.failed(folder, "this folder cannot be created", &error))
        })
    }

    /// Renders the changed files to temporary ones beside their targets.
    fn stage<E: Send>(
        &self,
        render: impl Fn(usize, &mut Vec<u8>) -> Result<(), E> + Sync,
    ) -> Result<Vec<Staged>, Failure<E>> {
        let stage_one = |&at: &usize| {
            self.output.cancellation.check()?;
            let path = self.wanted[at].path;
            let target = self.output.folder.join(path);
            with_rendered(
                |bytes| render(at, bytes),
                |bytes| {
                    if let Ok(found) = fs::symlink_metadata(&target) {
                        if found.is_dir() && !self.holds_only_stale(path) {
                            return Err(self
                                .refuse(path, "newsprint has to write a file here, but it is a folder")
                                .into());
                        }
                        if !found.is_dir()
                            && !self.is_ours(path)
                            && let Some(stamp) = self.adopt(path, &target, bytes)?
                        {
                            return Ok(Staged { at, rename: false, stamp });
                        }
                        // A page need not show what changed (an excerpt behind a key event): the
                        // file then stays as it is.
                        if self.is_ours(path) && has_bytes(&target, &found, bytes) {
                            let stamp = Stamp::of_metadata(&found).map_err(|error| {
                                self.output.failed(
                                    path,
                                    "the size and time of this file cannot be read",
                                    &error,
                                )
                            })?;
                            return Ok(Staged { at, rename: false, stamp });
                        }
                    }
                    let stamp = write_temporary(&place::temporary(&target), bytes)
                        .map_err(|error| self.output.failed(path, "this file cannot be written", &error))?;
                    Ok(Staged { at, rename: true, stamp })
                },
            )
        };
        gather(self.changed.par_iter().map(stage_one).collect())
    }

    /// Decides about a file at a target that no manifest lists. With the right bytes it is adopted
    /// (`Some`, its stamp). It is replaced (`None`) if it names newsprint as its generator, if it
    /// may be a static file of a site whose manifest is gone, or with `--force`. Anything else is
    /// an error.
    fn adopt(&self, path: &str, target: &Path, bytes: &[u8]) -> Result<Option<Stamp>, Diagnostic> {
        let is_file = fs::symlink_metadata(target).is_ok_and(|found| found.is_file());
        let found = if is_file { fs::read(target).ok() } else { None };
        if found.as_deref() == Some(bytes) {
            return Ok(Stamp::of(target));
        }
        let names_newsprint = found.is_some_and(|found| place::names_newsprint(&found));
        // Without a manifest the home page identifies a site of newsprint. But a target whose new
        // bytes name newsprint is a page, and a file there that does not name newsprint is a file
        // of others.
        let could_be_ours = self.is_our_site && !place::names_newsprint(bytes);
        if names_newsprint || could_be_ours || self.output.force {
            return Ok(None);
        }
        let what = "this file already exists, and newsprint did not write it";
        Err(self.refuse(path, what).help("move it away, or replace it with `--force`"))
    }

    /// The error of a file or folder at a target.
    fn refuse(&self, path: &str, what: &str) -> Diagnostic {
        Diagnostic::error(what).at(Place::file(&format!("{}/{path}", self.output.shown))).help("move it away")
    }

    /// True if the folder at a target contains nothing but files that this build removes.
    fn holds_only_stale(&self, path: &str) -> bool {
        let stale: HashSet<&str> = self.stale.iter().copied().collect();
        walkdir::WalkDir::new(self.output.folder.join(path)).into_iter().all(|entry| {
            entry.is_ok_and(|entry| {
                let inside = entry.path().strip_prefix(&self.output.folder).unwrap_or(entry.path());
                entry.file_type().is_dir() || inside.to_str().is_some_and(|inside| stale.contains(inside))
            })
        })
    }

    /// Renames the temporary files to their targets.
    fn install(&self, staged: &[Staged]) -> Result<(), Diagnostic> {
        staged.par_iter().filter(|file| file.rename).try_for_each(|file| {
            let path = self.wanted[file.at].path;
            let target = self.output.folder.join(path);
            let temporary = place::temporary(&target);
            fs::rename(&temporary, &target)
                .or_else(|error| {
                    // At the target there may be a folder of newsprint that is empty or has only
                    // stale files.
                    if target.is_dir() && self.remove_below(path) {
                        fs::rename(&temporary, &target)
                    } else {
                        Err(error)
                    }
                })
                .map_err(|error| self.output.failed(path, "this file cannot be moved into place", &error))
        })
    }

    /// Removes a folder of newsprint that a file replaces; false if anything else is in it.
    fn remove_below(&self, path: &str) -> bool {
        let prefix = format!("{path}/");
        let inside: Vec<&str> =
            self.stale.iter().copied().filter(|stale| stale.starts_with(&prefix)).collect();
        let emptied = self.remove_files(&inside).is_ok();
        let target = self.output.folder.join(path);
        // Any empty folder may be removed; removing one that is not empty fails.
        if emptied && place::is_inside(&self.output.folder, path) {
            for entry in walkdir::WalkDir::new(&target).contents_first(true).into_iter().flatten() {
                let _ = fs::remove_dir(entry.path());
            }
        }
        emptied && !target.exists()
    }

    /// Removes files that the site no longer has, and folders that are empty without them. Returns
    /// the paths of the files.
    fn remove(&self) -> Result<Vec<String>, Diagnostic> {
        self.remove_files(&self.stale)
    }

    fn remove_files(&self, stale: &[&str]) -> Result<Vec<String>, Diagnostic> {
        let folder = &self.output.folder;
        let mut removed = Vec::new();
        for path in stale {
            // Behind a symbolic link are files of others.
            if !place::is_inside(folder, path) {
                continue;
            }
            match fs::remove_file(folder.join(path)) {
                Ok(()) => removed.push((*path).to_owned()),
                Err(error)
                    if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {}
                // A folder at this path belongs to others.
                Err(_) if folder.join(path).is_dir() => {}
                Err(error) => return Err(self.output.failed(path, "this file cannot be removed", &error)),
            }
        }
        remove_empty_folders(folder, stale.iter().copied());
        Ok(removed)
    }
}

/// True if the file has these bytes already. In nearly all cases the length decides.
fn has_bytes(target: &Path, found: &fs::Metadata, bytes: &[u8]) -> bool {
    found.is_file() && found.len() == bytes.len() as u64 && fs::read(target).is_ok_and(|found| found == bytes)
}

/// Writes a temporary file. Replaces one of an earlier build, or a link with its name.
fn write_temporary(path: &Path, bytes: &[u8]) -> io::Result<Stamp> {
    match write(path, bytes) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            fs::remove_file(path)?;
            write(path, bytes)
        }
        written => written,
    }
}

/// Removes the temporary files of these targets, and folders that are empty without them.
pub(super) fn remove_temporary<'p>(folder: &Path, paths: impl Iterator<Item = &'p str> + Clone) {
    for path in paths.clone().filter(|path| place::is_inside(folder, path)) {
        let _ = fs::remove_file(place::temporary(&folder.join(path)));
    }
    remove_empty_folders(folder, paths);
}

/// Removes the folders of these paths that are empty, the innermost first.
fn remove_empty_folders<'p>(folder: &Path, paths: impl Iterator<Item = &'p str>) {
    let folders: BTreeSet<&str> =
        paths.flat_map(|path| path.match_indices('/').map(move |(end, _)| &path[..end])).collect();
    for inner in folders.into_iter().rev() {
        // Fails if the folder is not empty, which is intended.
        if place::is_inside(folder, inner) {
            let _ = fs::remove_dir(folder.join(inner));
        }
    }
}
