//! Publishes into an absent or empty folder: writes the whole tree beside it and renames it once,
//! which saves one rename for each file.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::output::folder::{
    Failure, Outcome, Output, SavedManifest, StateFiles, Wanted, gather, with_rendered, write,
};
use crate::output::lock::state_error;
use crate::output::manifest::{self, Entry, Manifest, Stamp};

/// The folder in which the tree is written: beside the output folder, so that it can be renamed.
fn staging(folder: &Path) -> PathBuf {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    folder.with_file_name(format!(".{name}.newsprint-new"))
}

/// Removes the tree of an interrupted build.
pub(super) fn remove_staging(folder: &Path) {
    let _ = fs::remove_dir_all(staging(folder));
}

/// True if the folder is absent or empty, and the staging folder beside it can be created. Creates
/// the staging folder, and removes an empty output folder.
pub(super) fn prepare(folder: &Path) -> bool {
    let empty = match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == io::ErrorKind::NotFound && fs::symlink_metadata(folder).is_err(),
    };
    let parent = folder.parent().unwrap_or(Path::new("/"));
    // A folder that is a mount point, or whose parent is not writable, is filled in place instead.
    empty && fs::create_dir_all(parent).is_ok() && fs::create_dir(staging(folder)).is_ok() && {
        fs::symlink_metadata(folder).is_err() || fs::remove_dir(folder).is_ok()
    }
}

/// The stamps of the files of a folder, each with the file's index in `wanted`.
type FolderStamps = Vec<(usize, Stamp)>;

impl Output {
    /// Writes all of `wanted` beside the folder and renames the tree to it.
    pub(super) fn publish_fresh<E: Send>(
        &self,
        wanted: &[Wanted<'_>],
        render: impl Fn(usize, &mut Vec<u8>) -> Result<(), E> + Sync,
        files: &StateFiles,
    ) -> Result<Outcome, Failure<E>> {
        let staging = staging(&self.folder);
        let published = self.write_tree(&staging, wanted, render).and_then(|stamps| {
            manifest::write_journal(&files.journal, wanted.iter().map(|file| file.path), std::iter::empty())
                .map_err(|error| state_error("the journal cannot be written", &error))?;
            fs::rename(&staging, &self.folder)
                .map_err(|error| self.failed("", "the finished site cannot be moved into place", &error))?;
            Ok(stamps)
        });
        let stamps = match published {
            Ok(stamps) => stamps,
            Err(failure) => {
                remove_staging(&self.folder);
                return Err(failure);
            }
        };
        let entries = wanted
            .iter()
            .zip(stamps)
            .map(|(file, stamp)| (file.path, Entry { fingerprint: file.fingerprint, stamp }));
        let manifest = Manifest::save(&files.manifest, entries)
            .map_err(|error| state_error("the manifest cannot be written", &error))?;
        let _ = fs::remove_file(&files.journal);
        Ok(Outcome {
            written: (0..wanted.len()).collect(),
            manifest: SavedManifest(Some(manifest)),
            ..Outcome::default()
        })
    }

    /// Writes all files below `staging`, and returns their stamps in the order of `wanted`.
    fn write_tree<E: Send>(
        &self,
        staging: &Path,
        wanted: &[Wanted<'_>],
        render: impl Fn(usize, &mut Vec<u8>) -> Result<(), E> + Sync,
    ) -> Result<Vec<Stamp>, Failure<E>> {
        // By depth, so that a folder's parent exists. Within a depth folders are handled in
        // parallel, each created just before its files, so that creating folders (a third of the
        // system time) overlaps with rendering.
        let mut depths: Vec<BTreeMap<&str, Vec<usize>>> = vec![BTreeMap::new()];
        for (at, file) in wanted.iter().enumerate() {
            let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            for (end, _) in
                folder.match_indices('/').chain((!folder.is_empty()).then_some((folder.len(), "")))
            {
                let parent = &folder[..end];
                let depth = parent.matches('/').count() + 1;
                if depths.len() <= depth {
                    depths.resize_with(depth + 1, BTreeMap::new);
                }
                depths[depth].entry(parent).or_default();
            }
            let depth = if folder.is_empty() { 0 } else { folder.matches('/').count() + 1 };
            depths[depth].entry(folder).or_default().push(at);
        }
        let mut stamps = vec![Stamp::default(); wanted.len()];
        for folders in depths {
            let folders: Vec<(&str, Vec<usize>)> = folders.into_iter().collect();
            let results: Vec<Result<FolderStamps, Failure<E>>> = folders
                .into_par_iter()
                .map(|(folder, files)| {
                    let here = staging.join(folder);
                    if !folder.is_empty() {
                        fs::create_dir(&here)
                            .map_err(|error| self.failed(folder, "this folder cannot be created", &error))?;
                    }
                    let write_one = |&at: &usize| {
                        self.cancellation.check()?;
                        let name = wanted[at].path.rsplit('/').next().unwrap_or_default();
                        with_rendered(
                            |bytes| render(at, bytes),
                            |bytes| {
                                let stamp = write(&here.join(name), bytes).map_err(|error| {
                                    self.failed(wanted[at].path, "this file cannot be written", &error)
                                })?;
                                Ok((at, stamp))
                            },
                        )
                    };
                    // The files of a large folder, such as the site's root, are distributed over
                    // the threads.
                    if files.len() > 8 {
                        gather(files.par_iter().map(write_one).collect())
                    } else {
                        gather(files.iter().map(write_one).collect())
                    }
                })
                .collect();
            for (at, stamp) in gather(results)?.into_iter().flatten() {
                stamps[at] = stamp;
            }
        }
        Ok(stamps)
    }
}
