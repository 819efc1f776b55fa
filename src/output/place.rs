//! Where the output may lie, and how files in it are named and recognised.

use std::path::{Component, Path, PathBuf};

use crate::config;
use crate::diagnostic::{Diagnostic, Place};

/// The path without `.` and `..` and, as far as it exists, without symbolic links.
pub(super) fn absolute(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                clean.pop();
            }
            part => clean.push(part),
        }
        if let Ok(real) = clean.canonicalize() {
            clean = real;
        }
    }
    clean
}

/// As diagnostics show it: relative to the digest where it is inside.
pub(super) fn shown(root: &Path, folder: &Path) -> String {
    folder.strip_prefix(absolute(root)).unwrap_or(folder).to_string_lossy().into_owned()
}

/// The output may not be, hold or lie inside the sources.
pub(super) fn check_apart(root: &Path, folder: &Path, shown: &str) -> Result<(), Diagnostic> {
    let refuse = |why: &str| {
        Diagnostic::error(format!("the output folder {why}"))
            .at(Place::file(if shown.is_empty() { "." } else { shown }))
            .help("choose a folder of its own, as in `--output-dir public`")
    };
    if root.starts_with(folder) {
        return Err(refuse("is or holds the digest itself"));
    }
    for source in ["content", "templates", "static", config::STATE, ".git"] {
        let source = absolute(&root.join(source));
        if folder.starts_with(&source) || source.starts_with(folder) {
            return Err(refuse("lies over the digest's sources"));
        }
    }
    Ok(())
}

/// Are all folders on the way to `path` real ones? A symbolic link among them leads to somebody else's files.
pub(crate) fn is_inside(folder: &Path, path: &str) -> bool {
    path.match_indices('/').all(|(end, _)| {
        std::fs::symlink_metadata(folder.join(&path[..end])).is_ok_and(|found| found.is_dir())
    })
}

/// The temporary file of a target: beside it, so that a rename is atomic, and short, whatever the target is called.
pub(super) fn temporary(target: &Path) -> PathBuf {
    let name = blake3::hash(target.file_name().unwrap_or_default().as_encoded_bytes()).to_hex();
    target.with_file_name(format!(".newsprint-{}.tmp", &name[..32]))
}

/// Is the home page in this folder newsprint's?
pub(super) fn is_our_site(folder: &Path) -> bool {
    std::fs::read(folder.join("index.html")).is_ok_and(|page| carries_our_mark(&page))
}

/// The files in a folder that carry newsprint's mark and a name that it gives, as paths with `/`. A copy that somebody put
/// beside them under a name of their own is theirs.
#[must_use]
pub fn marked_files(folder: &Path) -> Vec<String> {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .filter(|entry| entry.path().extension().is_some_and(|ending| ending == "html" || ending == "xml"))
        .filter(|entry| {
            let name = entry.file_name().to_string_lossy();
            let given = matches!(&*name, "index.html" | "404.html") || name.ends_with(".xml");
            // An old address may be called anything.
            let redirect =
                |bytes: &[u8]| bytes.windows(20).take(4096).any(|part| part == b"http-equiv=\"refresh\"");
            std::fs::read(entry.path())
                .is_ok_and(|bytes| carries_our_mark(&bytes) && (given || redirect(&bytes)))
        })
        .filter_map(|entry| {
            let path = entry.path().strip_prefix(folder).ok()?.to_str()?;
            Some(path.replace(std::path::MAIN_SEPARATOR, "/"))
        })
        .collect()
}

/// Did newsprint write these bytes? Asked only where no manifest tells: pages and feeds name their generator.
pub(super) fn carries_our_mark(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(4096)];
    let contains = |mark: &[u8]| head.windows(mark.len()).any(|window| window == mark);
    contains(b"name=\"generator\" content=\"newsprint\"")
        || contains(b">newsprint</generator>")
        || contains(b"<!-- generator: newsprint -->")
        || head.starts_with(b"# generator: newsprint\n")
}
