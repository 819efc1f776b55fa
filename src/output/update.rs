//! A build into a folder that is there already: only what changed, all of it or nothing.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::io;
use std::path::Path;

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Place};
use crate::output::folder::{Failure, Left, Outcome, Output, StateFiles, Wanted, gather, with_bytes, write};
use crate::output::lock::state_error;
use crate::output::manifest::{self, Entry, Manifest, Stamp};
use crate::output::place;

/// What is to be done to the folder.
pub(super) struct Update<'a> {
    pub(super) output: &'a Output,
    pub(super) wanted: &'a [Wanted<'a>],
    /// Indices of files that stay, and how they stand.
    pub(super) kept: Vec<(usize, Entry)>,
    /// Indices of files to write.
    pub(super) changed: Vec<usize>,
    /// Our files that the site no longer has.
    pub(super) stale: Vec<&'a str>,
    pub(super) old: &'a Manifest,
    /// Files that an interrupted build touched or was about to.
    pub(super) crashed: &'a HashSet<&'a str>,
    /// The manifest is gone, but the home page is newsprint's.
    pub(super) is_our_site: bool,
}

/// A changed file: is there a temporary one to rename, or do the right bytes stand there already?
struct Staged {
    at: usize,
    rename: bool,
    stamp: Stamp,
}

impl Update<'_> {
    pub(super) fn run<E: Send>(
        &self,
        render: impl Fn(usize, &mut Vec<u8>) -> Result<(), E> + Sync,
        files: &StateFiles,
    ) -> Result<Outcome, Failure<E>> {
        let output = self.output;
        self.check_folders().map_err(Failure::Output)?;
        // Whoever crashes from here on leaves a list of what may be half done. What stands at a target and is not ours
        // is not claimed before it was looked at: only the temporary file beside it is ours.
        let targets = || self.changed.iter().map(|&at| self.wanted[at].path);
        let foreign: HashSet<&str> = targets()
            .filter(|path| !self.is_ours(path) && fs::symlink_metadata(output.folder.join(path)).is_ok())
            .collect();
        let ours = targets().filter(|path| !foreign.contains(path)).chain(self.left_behind());
        self.write_journal(files, ours, foreign.iter().copied())?;
        let staged = match self.make_folders().map_err(Failure::from).and_then(|()| self.stage(render)) {
            Ok(staged) => staged,
            Err(failure) => {
                clear(&output.folder, targets());
                // Nothing was renamed; files of an earlier interrupted build are still to be known as ours.
                let _ = self.write_journal(files, self.crashed.iter().copied(), std::iter::empty());
                return Err(failure);
            }
        };
        // What was in the way has been looked at and may be replaced.
        self.write_journal(files, targets().chain(self.left_behind()), std::iter::empty())?;
        let removed = self.install(&staged).and_then(|()| self.remove()).map_err(|diagnostic| {
            clear(&output.folder, targets());
            Failure::Torn(vec![diagnostic])
        })?;
        let fresh = staged.iter().map(|file| {
            let wanted = &self.wanted[file.at];
            (wanted.path, Entry { fingerprint: wanted.fingerprint, stamp: file.stamp })
        });
        let kept = self.kept.iter().map(|&(at, entry)| (self.wanted[at].path, entry));
        let left = Manifest::save(&files.manifest, fresh.chain(kept))
            .map_err(|error| state_error("the manifest cannot be written", &error))?;
        let _ = fs::remove_file(&files.journal);
        let written: Vec<usize> = staged.iter().filter(|file| file.rename).map(|file| file.at).collect();
        Ok(Outcome { unchanged: self.wanted.len() - written.len(), written, removed, left: Left(Some(left)) })
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

    /// Files of ours that the site no longer has, and those of an interrupted build.
    fn left_behind(&self) -> impl Iterator<Item = &str> {
        self.stale.iter().chain(self.crashed).copied()
    }

    fn folders(&self) -> Vec<&str> {
        let paths = self.changed.iter().map(|&at| self.wanted[at].path);
        let folders: BTreeSet<&str> =
            paths.flat_map(|path| path.match_indices('/').map(move |(end, _)| &path[..end])).collect();
        folders.into_iter().collect()
    }

    /// No symbolic link on the way to a file may lead out of the folder, and no file may stand in the way.
    fn check_folders(&self) -> Result<(), Vec<Diagnostic>> {
        let output = self.output;
        let problems: Vec<Diagnostic> = self
            .folders()
            .par_iter()
            .filter_map(|folder| {
                let found = fs::symlink_metadata(output.folder.join(folder)).ok()?;
                let (message, help) = if found.is_symlink() {
                    (
                        "a symbolic link stands where a folder has to be",
                        "newsprint follows no link out of the output folder: remove it",
                    )
                } else if !found.is_dir() && !self.is_ours(folder) {
                    ("a file stands where a folder has to be", "newsprint did not write it: move it away")
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

    fn is_ours(&self, path: &str) -> bool {
        self.old.holds(path) || self.crashed.contains(path)
    }

    fn make_folders(&self) -> Result<(), Diagnostic> {
        let output = self.output;
        let made = |folder: &str| match fs::create_dir(output.folder.join(folder)) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                // A file of ours that the site no longer has makes way for the folder.
                if !output.folder.join(folder).is_dir() {
                    fs::remove_file(output.folder.join(folder))?;
                    return fs::create_dir(output.folder.join(folder));
                }
                Ok(())
            }
            made => made,
        };
        fs::create_dir_all(&output.folder)
            .map_err(|error| output.failed("", "the output folder cannot be made", &error))?;
        self.folders().into_iter().try_for_each(|folder| {
            made(folder).map_err(|error| output.failed(folder, "this folder cannot be made", &error))
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
            with_bytes(
                |bytes| render(at, bytes),
                |bytes| {
                    if let Ok(found) = fs::symlink_metadata(&target) {
                        if found.is_dir() && !self.holds_only_stale(path) {
                            return Err(self
                                .in_the_way(path, "a folder stands where newsprint has to write a file")
                                .into());
                        }
                        if !found.is_dir()
                            && !self.is_ours(path)
                            && let Some(stamp) = self.adopt(path, &target, bytes)?
                        {
                            return Ok(Staged { at, rename: false, stamp });
                        }
                        // What changed may not be shown (an excerpt behind a key event): the file then stays.
                        if self.is_ours(path) && stands_already(&target, &found, bytes) {
                            let stamp = Stamp::of_metadata(&found).map_err(|error| {
                                self.output.failed(path, "this file cannot be looked at", &error)
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

    /// A file stands at the target that no manifest names. The right bytes are as good as ours (`Some`); a page that
    /// names newsprint as its generator, or one taken over by force, is replaced (`None`); anything else is an error.
    fn adopt(&self, path: &str, target: &Path, bytes: &[u8]) -> Result<Option<Stamp>, Diagnostic> {
        let is_file = fs::symlink_metadata(target).is_ok_and(|found| found.is_file());
        let found = if is_file { fs::read(target).ok() } else { None };
        if found.as_deref() == Some(bytes) {
            return Ok(Stamp::of(target));
        }
        let ours = found.is_some_and(|found| place::carries_our_mark(&found));
        // Without its notes a site is still known by its home page; but whoever stands where a page with our mark is to
        // stand, and has none, is not that page.
        let could_be_ours = self.is_our_site && !place::carries_our_mark(bytes);
        if ours || could_be_ours || self.output.force {
            return Ok(None);
        }
        let what = "this file is in the way, and newsprint did not write it";
        Err(self.in_the_way(path, what).help("move it away, or take it over with `--force`"))
    }

    fn in_the_way(&self, path: &str, what: &str) -> Diagnostic {
        Diagnostic::error(what).at(Place::file(&format!("{}/{path}", self.output.shown))).help("move it away")
    }

    /// Is the folder at a target one of ours, and will everything in it be gone?
    fn holds_only_stale(&self, path: &str) -> bool {
        let stale: HashSet<&str> = self.stale.iter().copied().collect();
        walkdir::WalkDir::new(self.output.folder.join(path)).into_iter().all(|entry| {
            entry.is_ok_and(|entry| {
                let inside = entry.path().strip_prefix(&self.output.folder).unwrap_or(entry.path());
                entry.file_type().is_dir() || inside.to_str().is_some_and(|inside| stale.contains(inside))
            })
        })
    }

    /// Puts the temporary files in place.
    fn install(&self, staged: &[Staged]) -> Result<(), Diagnostic> {
        staged.par_iter().filter(|file| file.rename).try_for_each(|file| {
            let path = self.wanted[file.at].path;
            let target = self.output.folder.join(path);
            let temporary = place::temporary(&target);
            fs::rename(&temporary, &target)
                .or_else(|error| {
                    // Where our own folder stood before there may be an empty one, or one of stale files.
                    if target.is_dir() && self.remove_below(path) {
                        fs::rename(&temporary, &target)
                    } else {
                        Err(error)
                    }
                })
                .map_err(|error| self.output.failed(path, "this file cannot be put in place", &error))
        })
    }

    /// Clears a folder of our own that a file takes the place of; false when something else is in it.
    fn remove_below(&self, path: &str) -> bool {
        let prefix = format!("{path}/");
        let inside: Vec<&str> =
            self.stale.iter().copied().filter(|stale| stale.starts_with(&prefix)).collect();
        let emptied = self.remove_files(&inside).is_ok();
        let target = self.output.folder.join(path);
        // Folders in which nothing is are nobody's: removing one fails as soon as it holds something.
        if emptied && place::is_inside(&self.output.folder, path) {
            for entry in walkdir::WalkDir::new(&target).contents_first(true).into_iter().flatten() {
                let _ = fs::remove_dir(entry.path());
            }
        }
        emptied && !target.exists()
    }

    /// Removes files that the site no longer has, and folders that are empty without them.
    fn remove(&self) -> Result<Vec<String>, Diagnostic> {
        self.remove_files(&self.stale)
    }

    fn remove_files(&self, stale: &[&str]) -> Result<Vec<String>, Diagnostic> {
        let folder = &self.output.folder;
        let mut removed = Vec::new();
        for path in stale {
            // Behind a symbolic link are somebody else's files.
            if !place::is_inside(folder, path) {
                continue;
            }
            match fs::remove_file(folder.join(path)) {
                Ok(()) => removed.push((*path).to_owned()),
                Err(error)
                    if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {}
                // Somebody put a folder there: it is theirs.
                Err(_) if folder.join(path).is_dir() => {}
                Err(error) => return Err(self.output.failed(path, "this file cannot be removed", &error)),
            }
        }
        remove_empty_folders(folder, stale.iter().copied());
        Ok(removed)
    }
}

/// Are these bytes in the file already? Nearly always the length tells.
fn stands_already(target: &Path, found: &fs::Metadata, bytes: &[u8]) -> bool {
    found.is_file()
        && found.len() == bytes.len() as u64
        && fs::read(target).is_ok_and(|standing| standing == bytes)
}

/// A temporary file of an earlier build, or a link that was put there, gives way.
fn write_temporary(path: &Path, bytes: &[u8]) -> io::Result<Stamp> {
    match write(path, bytes) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            fs::remove_file(path)?;
            write(path, bytes)
        }
        written => written,
    }
}

/// Removes temporary files of these targets, and folders that stood only for them.
pub(super) fn clear<'p>(folder: &Path, paths: impl Iterator<Item = &'p str> + Clone) {
    for path in paths.clone().filter(|path| place::is_inside(folder, path)) {
        let _ = fs::remove_file(place::temporary(&folder.join(path)));
    }
    remove_empty_folders(folder, paths);
}

fn remove_empty_folders<'p>(folder: &Path, paths: impl Iterator<Item = &'p str>) {
    let folders: BTreeSet<&str> =
        paths.flat_map(|path| path.match_indices('/').map(move |(end, _)| &path[..end])).collect();
    for inner in folders.into_iter().rev() {
        // Fails where something is left inside, which is then not ours to remove.
        if place::is_inside(folder, inner) {
            let _ = fs::remove_dir(folder.join(inner));
        }
    }
}
