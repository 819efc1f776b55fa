//! Lists the files of a folder, sorted by name, and refuses symbolic links that the policy does not
//! allow.

use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::diagnostic::{Diagnostic, Place};
use crate::fs::SymlinkPolicy;

/// Lists the Markdown files below `root/folder`: sorted paths relative to `root`, with `/`. Hidden
/// files and folders are skipped; a missing folder has no files.
#[must_use]
pub fn markdown_files(root: &Path, folder: &str, links: SymlinkPolicy) -> (Vec<String>, Vec<Diagnostic>) {
    let (files, diagnostics) = files(root, folder, links);
    (files.into_iter().filter(|file| file.to_ascii_lowercase().ends_with(".md")).collect(), diagnostics)
}

/// Lists all files below `root/folder`, as [`markdown_files`] does.
#[must_use]
pub fn files(root: &Path, folder: &str, links: SymlinkPolicy) -> (Vec<String>, Vec<Diagnostic>) {
    let start = root.join(folder);
    let mut files = Vec::new();
    let mut diagnostics = Vec::new();
    // Nothing that is in the place of the folder may look like an empty one: all pages would be
    // removed.
    let refuse = |path: &Path, message: &str| {
        Diagnostic::error(message).at(Place::file(&shown(root, path))).help("make it a folder, or remove it")
    };
    if std::fs::symlink_metadata(&start).is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound) {
        let above = start.ancestors().skip(1).take_while(|above| *above != root);
        let dangling = above.filter(|above| above.is_symlink() && !above.exists());
        diagnostics.extend(dangling.map(|link| refuse(link, "this symbolic link leads to no folder")));
        return (files, diagnostics);
    }
    if std::fs::metadata(&start).is_ok_and(|found| !found.is_dir()) {
        return (files, vec![refuse(&start, "this has to be a folder")]);
    }
    if let Err(diagnostic) = links.allow(root, &start, folder) {
        return (files, vec![diagnostic]);
    }
    let mut refused = Vec::new();
    for entry in walk(&start, |entry| admit(links, root, entry, &mut refused)) {
        match entry {
            Ok(entry) if entry.file_type().is_file() => files.push(shown(root, entry.path())),
            Ok(_) => {}
            Err(error) => {
                let path = error.path().map_or_else(|| folder.to_owned(), |path| shown(root, path));
                diagnostics.push(
                    Diagnostic::error(format!("this cannot be read: {error}"))
                        .at(Place::file(&path))
                        .help("check its permissions, or the target of the symbolic link"),
                );
            }
        }
    }
    diagnostics.append(&mut refused);
    files.sort_unstable();
    (files, diagnostics)
}

/// The folders below a folder, and the files that symbolic links point to: real paths, each with
/// its path in the digest.
#[derive(Debug, Default)]
pub struct Tree {
    /// Real paths of folders.
    pub folders: Vec<(PathBuf, String)>,
    /// Real paths of files that are in the digest only through a symbolic link.
    pub links: Vec<(PathBuf, String)>,
}

/// Returns everything that has to be watched below `root/folder`.
#[must_use]
pub fn tree(root: &Path, folder: &str, links: SymlinkPolicy) -> Tree {
    let mut tree = Tree::default();
    let start = root.join(folder);
    if links.allow(root, &start, folder).is_err() {
        return tree;
    }
    let mut refused = Vec::new();
    for entry in walk(&start, |entry| admit(links, root, entry, &mut refused)).filter_map(Result::ok) {
        let list = match entry.file_type() {
            found if found.is_dir() => &mut tree.folders,
            _ if entry.path_is_symlink() => &mut tree.links,
            _ => continue,
        };
        if let Ok(real) = entry.path().canonicalize() {
            list.push((real, shown(root, entry.path())));
        }
    }
    tree
}

/// Iterates over all entries below a folder, except those that are hidden or not admitted.
fn walk(
    start: &Path,
    mut admitted: impl FnMut(&DirEntry) -> bool,
) -> impl Iterator<Item = walkdir::Result<DirEntry>> {
    let is_visible =
        |entry: &DirEntry| entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.');
    let entries = WalkDir::new(start).follow_links(true).into_iter();
    entries.filter_entry(move |entry| is_visible(entry) && admitted(entry))
}

/// True if the entry may be read. Otherwise a diagnostic is added to `refused`.
fn admit(links: SymlinkPolicy, root: &Path, entry: &DirEntry, refused: &mut Vec<Diagnostic>) -> bool {
    if !entry.path_is_symlink() {
        return true;
    }
    let allowed = links.allow(root, entry.path(), &shown(root, entry.path()));
    allowed.map_err(|diagnostic| refused.push(diagnostic)).is_ok()
}

/// Returns a path as diagnostics show it: relative to the digest's root if it is inside, with `/`
/// on every platform.
#[must_use]
pub fn shown(root: &Path, path: &Path) -> String {
    let relative = path.strip_prefix(root).unwrap_or(path);
    let text = relative.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        text.into_owned()
    } else {
        text.replace(std::path::MAIN_SEPARATOR, "/")
    }
}
