//! Publishes into an absent or empty folder: writes the whole tree beside it and renames it once,
//! which saves one rename for each file.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::fs::folder::Kind;
use crate::fs::{Folder, state};
use crate::output::folder::{
    Failure, Outcome, Output, SavedManifest, StateFiles, Wanted, gather, with_rendered, write,
};
use crate::output::lock::state_error;
use crate::output::manifest::{self, Entry, Manifest, Stamp};

/// The folder in which a tree is written before it is renamed.
pub(super) struct Staging {
    /// The folder that holds both the tree and the output folder.
    parent: Folder,
    /// The tree.
    tree: Folder,
    /// The name of the tree.
    tree_name: String,
    /// The name of the output folder.
    name: String,
}

/// The path of the tree: beside the output folder, so that it can be renamed.
fn staging(folder: &Path) -> PathBuf {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    folder.with_file_name(format!(".{name}.newsprint-new"))
}

/// Removes the tree of an interrupted build.
pub(super) fn remove_staging(folder: &Path) {
    let _ = state::remove_tree(&staging(folder));
}

/// Creates the staging folder, and removes an empty output folder. `None` if the output folder is
/// not empty, is a mount point, or the folder above it is not writable: then it is filled in place.
pub(super) fn prepare(folder: &Path) -> Option<Staging> {
    let name = folder.file_name()?.to_str()?.to_owned();
    let above = folder.parent()?;
    fs::create_dir_all(above).ok()?;
    let parent = Folder::open_real(above).ok()?;
    let is_absent = match parent.kind(&name).ok()? {
        None => true,
        Some(Kind::Folder) if parent.enter(&name).and_then(|folder| folder.is_empty()).ok()? => false,
        Some(_) => return None,
    };
    let tree_name = staging(folder).file_name()?.to_str()?.to_owned();
    parent.create_folder(&tree_name).ok()?;
    if !is_absent && parent.remove_folder(&name).is_err() {
        let _ = parent.remove_folder(&tree_name);
        return None;
    }
    let tree = parent.enter(&tree_name).ok()?;
    Some(Staging { parent, tree, tree_name, name })
}

/// The stamps of the files of a folder, each with the file's index in `wanted`.
type FolderStamps = Vec<(usize, Stamp)>;

impl Output {
    /// Writes all of `wanted` beside the folder and renames the tree to it.
    pub(super) fn publish_fresh<E: Send>(
        &self,
        staging: &Staging,
        wanted: &[Wanted<'_>],
        render: impl Fn(usize, &mut Vec<u8>) -> Result<(), E> + Sync,
        files: &StateFiles,
    ) -> Result<Outcome, Failure<E>> {
        let published = self.write_tree(&staging.tree, wanted, render).and_then(|stamps| {
            manifest::write_journal(&files.journal, wanted.iter().map(|file| file.path), std::iter::empty())
                .map_err(|error| state_error(&tr!("the journal cannot be written"), &error))?;
            self.cancellation.commit()?;
            staging.parent.rename(&staging.tree_name, &staging.name).map_err(|error| {
                self.failed("", &tr!("the finished site cannot be moved into place"), &error)
            })?;
            // Another process may have put something else in the place of the tree.
            if !staging.parent.enter(&staging.name).is_ok_and(|moved| moved.is_same(&staging.tree)) {
                let error = io::Error::other(tr!("another program replaced it"));
                let what = tr!("the finished site is not in its place");
                return Err(Failure::Torn(vec![self.failed("", &what, &error)]));
            }
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
        let manifest = Manifest::save(&files.manifest, entries).map_err(|error| {
            Failure::Torn(vec![state_error(&tr!("the manifest cannot be written"), &error)])
        })?;
        let _ = state::remove(&files.journal);
        Ok(Outcome {
            written: (0..wanted.len()).collect(),
            manifest: SavedManifest(Some(manifest)),
            ..Outcome::default()
        })
    }

    /// Writes all files below `tree`, and returns their stamps in the order of `wanted`.
    fn write_tree<E: Send>(
        &self,
        tree: &Folder,
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
        for (depth, folders) in depths.into_iter().enumerate() {
            // The folders of one parent are adjacent, so that their parent is opened once.
            let folders: Vec<(&str, Vec<usize>)> = folders.into_iter().collect();
            let results: Vec<Result<Vec<FolderStamps>, Failure<E>>> = folders
                .par_chunk_by(|(a, _), (b, _)| parent_of(a) == parent_of(b))
                .map(|siblings| {
                    let parent = parent_of(siblings[0].0);
                    let above = tree
                        .enter(parent)
                        .map_err(|error| self.failed(parent, &tr!("this folder cannot be opened"), &error))?;
                    let write_folder = |(folder, files): &(&str, Vec<usize>)| {
                        if depth == 0 {
                            return self.write_files(&above, wanted, files, &render);
                        }
                        let name = folder.rsplit('/').next().unwrap_or_default();
                        let here =
                            above.create_folder(name).and_then(|()| above.enter(name)).map_err(|error| {
                                self.failed(folder, &tr!("this folder cannot be created"), &error)
                            })?;
                        self.write_files(&here, wanted, files, &render)
                    };
                    gather(siblings.par_iter().map(write_folder).collect())
                })
                .collect();
            for (at, stamp) in gather(results)?.into_iter().flatten().flatten() {
                stamps[at] = stamp;
            }
        }
        Ok(stamps)
    }

    /// Writes the files of one folder.
    fn write_files<E: Send>(
        &self,
        here: &Folder,
        wanted: &[Wanted<'_>],
        files: &[usize],
        render: &(impl Fn(usize, &mut Vec<u8>) -> Result<(), E> + Sync),
    ) -> Result<FolderStamps, Failure<E>> {
        let write_one = |&at: &usize| {
            self.cancellation.check()?;
            let name = wanted[at].path.rsplit('/').next().unwrap_or_default();
            with_rendered(
                |bytes| render(at, bytes),
                |bytes| {
                    let stamp = write(here, name, bytes).map_err(|error| {
                        self.failed(wanted[at].path, &tr!("this file cannot be written"), &error)
                    })?;
                    Ok((at, stamp))
                },
            )
        };
        // The files of a large folder, such as the site's root, are distributed over the threads.
        if files.len() > 8 {
            gather(files.par_iter().map(write_one).collect())
        } else {
            gather(files.iter().map(write_one).collect())
        }
    }
}

/// The folder that holds a folder; empty for those in the tree itself.
fn parent_of(folder: &str) -> &str {
    folder.rsplit_once('/').map_or("", |(parent, _)| parent)
}
