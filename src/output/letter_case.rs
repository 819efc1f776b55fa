//! Gives files the letter case of their new paths on disks that ignore case, or the normalisation
//! of their accents (macOS, Windows, memory cards).
//!
//! On such a disk `Logo.svg` and `logo.svg` are one file. A build that renames the first to the
//! second would write the new name and then remove the old one, and with it the file. So before
//! anything is written, each such file or folder is renamed. The bytes stay, and both names lead to
//! them on that disk, so that the published site is unchanged.

use std::collections::{BTreeSet, HashMap};
use std::io;

use crate::fs::Folder;
use crate::output::place;
use crate::paths::fold;

/// Renames what the disk takes for one of the `wanted` paths already. Returns the wanted paths that
/// are there now, and removes their old names from `stale`.
pub(super) fn follow<'p>(
    folder: &Folder,
    stale: &mut BTreeSet<&'p str>,
    wanted: impl Iterator<Item = &'p str>,
) -> io::Result<Vec<&'p str>> {
    if stale.is_empty() {
        return Ok(Vec::new());
    }
    let folded: HashMap<String, &str> = stale.iter().map(|path| (fold(path), *path)).collect();
    let pairs: Vec<(&str, &str)> = wanted
        .filter_map(|path| Some((*folded.get(&fold(path))?, path)))
        .filter(|(old, new)| old != new)
        .collect();
    let mut followed = Vec::new();
    for (old, new) in pairs {
        if rename_parts(folder, old, new)? {
            stale.remove(old);
            followed.push(new);
        }
    }
    Ok(followed)
}

/// Renames the parts of a path that differ. False if the disk distinguishes the two paths, or the
/// old one is gone.
fn rename_parts(folder: &Folder, old: &str, new: &str) -> io::Result<bool> {
    let mut parent = folder.enter("")?;
    let mut parts = old.split('/').zip(new.split('/')).peekable();
    while let Some((old, new)) = parts.next() {
        if old != new && !rename(&parent, old, new)? {
            return Ok(false);
        }
        if parts.peek().is_none() {
            return Ok(parent.kind(new)?.is_some());
        }
        match parent.enter(new) {
            Ok(inner) => parent = inner,
            Err(_) => return Ok(false),
        }
    }
    Ok(false)
}

/// Renames a file or folder if the disk takes both names for one: then the new name is found, and
/// not listed. False if they are two files, or one of them is gone.
fn rename(parent: &Folder, old: &str, new: &str) -> io::Result<bool> {
    if parent.kind(old)?.is_none() || parent.kind(new)?.is_none() {
        return Ok(false);
    }
    let names = parent.names()?;
    let is_listed = |name: &str| names.iter().any(|listed| listed == name);
    match (is_listed(old), is_listed(new)) {
        // Some systems do nothing if both names of a rename are of one file.
        (true, false) => {
            let between = place::temporary_name(new);
            parent.rename(old, &between)?;
            parent.rename(&between, new)?;
            Ok(true)
        }
        // The folder was renamed for another file of it.
        (false, true) => Ok(true),
        _ => Ok(false),
    }
}
