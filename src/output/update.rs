//! Publishes into an existing folder: writes the changed files only, and all of them or none.

use std::collections::{BTreeSet, HashSet};
use std::io;

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Place};
use crate::fs::folder::Kind;
use crate::fs::{Folder, guarded, state};
use crate::output::folder::{
    Failure, Outcome, Output, SavedManifest, StateFiles, Wanted, gather, with_rendered, write,
};
use crate::output::lock::state_error;
use crate::output::manifest::{self, Entry, Manifest, Stamp};
use crate::output::place;

/// The changes that a build makes to a folder.
pub(super) struct Update<'a> {
    pub(super) output: &'a Output,
    /// The open output folder.
    pub(super) folder: &'a Folder,
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
        self.check_folders().map_err(Failure::Output)?;
        // From here on the journal lists what a crash may leave half done. A file of others at a
        // target is not claimed before its content is compared: until then only the temporary file
        // beside it is newsprint's.
        let targets = || self.changed.iter().map(|&at| self.wanted[at].path);
        let foreign: HashSet<&str> =
            targets().filter(|path| !self.is_ours(path) && self.kind(path).is_some()).collect();
        let ours = targets().filter(|path| !foreign.contains(path)).chain(self.leftovers());
        self.write_journal(files, ours, foreign.iter().copied())?;
        let stage = || {
            self.create_folders()?;
            let staged = self.stage(render)?;
            self.output.cancellation.commit()?;
            Ok(staged)
        };
        let staged = match stage() {
            Ok(staged) => staged,
            Err(failure) => {
                remove_temporary(self.folder, targets());
                // Nothing was renamed, but the next build still has to know the files of an earlier
                // interrupted build.
                let _ = self.write_journal(files, self.crashed.iter().copied(), std::iter::empty());
                return Err(failure);
            }
        };
        // The existing files at all targets have been compared and may be replaced.
        self.write_journal(files, targets().chain(self.leftovers()), std::iter::empty())?;
        let removed = self.install(&staged).and_then(|()| self.remove()).map_err(|diagnostic| {
            remove_temporary(self.folder, targets());
            Failure::Torn(vec![diagnostic])
        })?;
        let written = staged.iter().map(|file| {
            let wanted = &self.wanted[file.at];
            (wanted.path, Entry { fingerprint: wanted.fingerprint, stamp: file.stamp })
        });
        let kept = self.kept.iter().map(|&(at, entry)| (self.wanted[at].path, entry));
        let manifest = Manifest::save(&files.manifest, written.chain(kept)).map_err(|error| {
            Failure::Torn(vec![state_error(&tr!("the manifest cannot be written"), &error)])
        })?;
        let _ = state::remove(&files.journal);
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
            .map_err(|error| state_error(&tr!("the journal cannot be written"), &error))
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
        let problems: Vec<Diagnostic> = self
            .folders()
            .par_iter()
            .filter_map(|folder| {
                let (message, help) = match self.kind(folder)? {
                    Kind::Link => (
                        tr!("this path has to be a folder, but it is a symbolic link"),
                        tr!("remove it: newsprint follows no symbolic link out of the output folder"),
                    ),
                    Kind::File | Kind::Other if !self.is_ours(folder) => (
                        tr!("this path has to be a folder, but it is a file"),
                        tr!("move it away: newsprint did not write it"),
                    ),
                    _ => return None,
                };
                let place = Place::file(&format!("{}/{folder}", self.output.shown));
                Some(Diagnostic::error(message).at(place).help(help))
            })
            .collect();
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// What is at a path; `None` if nothing is, or if the path leads through a symbolic link.
    fn kind(&self, path: &str) -> Option<Kind> {
        let (parent, name) = self.folder.enter_parent(path).ok()?;
        parent.kind(name).ok()?
    }

    /// True if newsprint wrote this file.
    fn is_ours(&self, path: &str) -> bool {
        self.old.contains(path) || self.crashed.contains(path)
    }

    /// Creates the folders of the changed files.
    fn create_folders(&self) -> Result<(), Diagnostic> {
        let create = |folder: &str| {
            let (parent, name) = self.folder.enter_parent(folder)?;
            match parent.create_folder(name) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    // A file of newsprint that the site no longer has is replaced by the folder.
                    if parent.kind(name)? != Some(Kind::Folder) {
                        parent.remove_file(name)?;
                        return parent.create_folder(name);
                    }
                    Ok(())
                }
                result => result,
            }
        };
        self.folders().into_iter().try_for_each(|folder| {
            create(folder)
                .map_err(|error| self.output.failed(folder, &tr!("this folder cannot be created"), &error))
        })
    }

    /// Renders the changed files to temporary ones beside their targets.
    fn stage<E: Send>(
        &self,
        render: impl Fn(usize, &mut Vec<u8>) -> Result<(), E> + Sync,
    ) -> Result<Vec<Staged>, Failure<E>> {
        let stage_one = |&at: &usize| {
            self.output.cancellation.check()?;
            with_rendered(|bytes| render(at, bytes), |bytes| self.stage_one(at, bytes))
        };
        gather(self.changed.par_iter().map(stage_one).collect())
    }

    /// Writes the bytes of one changed file beside its target, unless the target has them already.
    fn stage_one<E>(&self, at: usize, bytes: &[u8]) -> Result<Staged, Failure<E>> {
        let path = self.wanted[at].path;
        let failed = |error: io::Error| {
            Failure::from(self.output.failed(path, &tr!("this file cannot be written"), &error))
        };
        let (parent, name) = self.folder.enter_parent(path).map_err(failed)?;
        let kind = parent.kind(name).map_err(failed)?;
        if kind == Some(Kind::Folder) && !self.holds_only_stale(path) {
            let what = tr!("newsprint has to write a file here, but it is a folder");
            return Err(self.refuse(path, what).into());
        }
        let is_ours = self.is_ours(path);
        // A page need not show what changed (an excerpt behind a key event): the file then stays as
        // it is. A file of others with the right bytes is adopted.
        if let Some(stamp) = stamp_if_equal(&parent, name, kind, bytes) {
            return Ok(Staged { at, rename: false, stamp });
        }
        if kind.is_some_and(|kind| kind != Kind::Folder) && !is_ours {
            self.refuse_foreign(path, &parent, name, bytes)?;
        }
        let stamp = write_temporary(&parent, &place::temporary_name(name), bytes).map_err(failed)?;
        Ok(Staged { at, rename: true, stamp })
    }

    /// Refuses to replace a file that no manifest lists, unless it names newsprint as its
    /// generator, may be a static file of a site whose manifest is gone, or `--force` was given.
    fn refuse_foreign(
        &self,
        path: &str,
        parent: &Folder,
        name: &str,
        bytes: &[u8],
    ) -> Result<(), Diagnostic> {
        let head = parent.open_file(name).and_then(place::read_head);
        let names_newsprint = head.is_ok_and(|head| place::names_newsprint(&head));
        // Without a manifest the home page identifies a site of newsprint. But a target whose new
        // bytes name newsprint is a page, and a file there that does not name newsprint is a file
        // of others.
        let could_be_ours = self.is_our_site && !place::names_newsprint(bytes);
        if names_newsprint || could_be_ours || self.output.force {
            return Ok(());
        }
        let what = tr!("this file already exists, and newsprint did not write it");
        Err(self.refuse(path, what).help(tr!("move it away, or replace it with `--force`")))
    }

    /// The error of a file or folder at a target.
    fn refuse(&self, path: &str, what: String) -> Diagnostic {
        Diagnostic::error(what)
            .at(Place::file(&format!("{}/{path}", self.output.shown)))
            .help(tr!("move it away"))
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
            let install = || {
                let (parent, name) = self.folder.enter_parent(path)?;
                let temporary = place::temporary_name(name);
                parent.rename(&temporary, name).or_else(|error| {
                    // At the target there may be a folder of newsprint that is empty or has only
                    // stale files.
                    if parent.kind(name)? == Some(Kind::Folder) && self.remove_below(path, &parent, name) {
                        parent.rename(&temporary, name)
                    } else {
                        Err(error)
                    }
                })
            };
            install().map_err(|error| {
                self.output.failed(path, &tr!("this file cannot be moved into place"), &error)
            })
        })
    }

    /// Removes a folder of newsprint that a file replaces; false if anything else is in it.
    fn remove_below(&self, path: &str, parent: &Folder, name: &str) -> bool {
        let prefix = format!("{path}/");
        let inside: Vec<&str> =
            self.stale.iter().copied().filter(|stale| stale.starts_with(&prefix)).collect();
        let emptied = self.remove_files(&inside).is_ok();
        // Any empty folder may be removed; removing one that is not empty fails.
        if emptied {
            parent.remove_empty_tree(name);
        }
        emptied && parent.kind(name).is_ok_and(|kind| kind.is_none())
    }

    /// Removes files that the site no longer has, and folders that are empty without them. Returns
    /// the paths of the files.
    fn remove(&self) -> Result<Vec<String>, Diagnostic> {
        self.remove_files(&self.stale)
    }

    fn remove_files(&self, stale: &[&str]) -> Result<Vec<String>, Diagnostic> {
        let mut removed = Vec::new();
        for path in stale {
            // A folder that is gone, or is a symbolic link: behind it are files of others.
            let Ok((parent, name)) = self.folder.enter_parent(path) else { continue };
            match parent.kind(name) {
                // A folder at this path belongs to others.
                Ok(None | Some(Kind::Folder)) => {}
                kind => match kind.and_then(|_| parent.remove_file(name)) {
                    Ok(()) => removed.push((*path).to_owned()),
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(error) => {
                        return Err(self.output.failed(path, &tr!("this file cannot be removed"), &error));
                    }
                },
            }
        }
        remove_empty_folders(self.folder, stale.iter().copied());
        Ok(removed)
    }
}

/// The stamp of a file that has these bytes already. In nearly all cases the length decides.
fn stamp_if_equal(parent: &Folder, name: &str, kind: Option<Kind>, bytes: &[u8]) -> Option<Stamp> {
    if kind != Some(Kind::File) {
        return None;
    }
    let file = parent.open_file(name).ok()?;
    let found = file.metadata().ok().filter(|found| found.len() == bytes.len() as u64)?;
    let has_bytes = guarded::read_open(file, found.len()).is_ok_and(|read| read == bytes);
    Stamp::of_metadata(&found).ok().filter(|_| has_bytes)
}

/// Writes a temporary file. Replaces one of an earlier build, or a link with its name.
fn write_temporary(parent: &Folder, name: &str, bytes: &[u8]) -> io::Result<Stamp> {
    match write(parent, name, bytes) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            parent.remove_file(name)?;
            write(parent, name, bytes)
        }
        written => written,
    }
}

/// Removes the temporary files of these targets, and folders that are empty without them.
pub(super) fn remove_temporary<'p>(folder: &Folder, paths: impl Iterator<Item = &'p str> + Clone) {
    for path in paths.clone() {
        if let Ok((parent, name)) = folder.enter_parent(path) {
            let _ = parent.remove_file(&place::temporary_name(name));
        }
    }
    remove_empty_folders(folder, paths);
}

/// Removes the folders of these paths that are empty, the innermost first.
fn remove_empty_folders<'p>(folder: &Folder, paths: impl Iterator<Item = &'p str>) {
    let folders: BTreeSet<&str> =
        paths.flat_map(|path| path.match_indices('/').map(move |(end, _)| &path[..end])).collect();
    for inner in folders.into_iter().rev() {
        // Fails if the folder is not empty, which is intended.
        if let Ok((parent, name)) = folder.enter_parent(inner) {
            let _ = parent.remove_folder(name);
        }
    }
}
