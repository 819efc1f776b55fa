//! Checks where the output folder may be, and names and recognises the files in it.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};

use crate::config;
use crate::diagnostic::{Diagnostic, Place};
use crate::fs::guarded;

/// Bytes at the beginning of a file in which its generator is looked for.
const HEAD_BYTES: u64 = 4096;

/// The absolute path without `.` and `..` and, as far as it exists, without symbolic links.
pub(super) fn absolute(path: &Path) -> PathBuf {
    clean(path, |clean| {
        if let Ok(real) = clean.canonicalize() {
            *clean = real;
        }
    })
}

/// The absolute path without `.` and `..`, with its symbolic links.
#[must_use]
pub fn as_written(path: &Path) -> PathBuf {
    clean(path, |_| {})
}

/// The absolute path without `.` and `..`. Calls `resolve` with the path after each of its parts.
fn clean(path: &Path, resolve: impl Fn(&mut PathBuf)) -> PathBuf {
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
        resolve(&mut clean);
    }
    clean
}

/// The path of a folder as diagnostics show it: relative to the digest if it is inside.
pub(super) fn shown(root: &Path, folder: &Path) -> String {
    folder.strip_prefix(absolute(root)).unwrap_or(folder).to_string_lossy().into_owned()
}

/// Refuses an output folder that is, contains or is inside the digest's sources. Both paths are
/// absolute.
pub(super) fn check_apart(root: &Path, folder: &Path, shown: &str) -> Result<(), Diagnostic> {
    let refuse = |message: String| {
        Diagnostic::error(message)
            .at(Place::file(if shown.is_empty() { "." } else { shown }))
            .help(tr!("choose a separate folder, as in `--output-dir public`"))
    };
    if root.starts_with(folder) {
        return Err(refuse(tr!("the output folder is or contains the digest itself")));
    }
    for source in ["content", "templates", "static", config::STATE, ".git"] {
        let source = absolute(&root.join(source));
        if folder.starts_with(&source) || source.starts_with(folder) {
            return Err(refuse(tr!("the output folder overlaps the digest's sources")));
        }
    }
    Ok(())
}

/// The name of the temporary file of a target: beside the target, so that a rename is atomic, and
/// short even if the target's name is long.
pub(super) fn temporary_name(target: &str) -> String {
    let name = blake3::hash(target.as_bytes()).to_hex();
    format!(".newsprint-{}.tmp", &name[..32])
}

/// True if newsprint wrote the home page in this folder.
pub(super) fn is_our_site(folder: &Path) -> bool {
    guarded::open(&folder.join("index.html")).and_then(read_head).is_ok_and(|page| names_newsprint(&page))
}

/// The paths, with `/`, of the files in a folder that name newsprint as their generator and have a
/// name that newsprint assigns. A copy under another name is a file of others.
#[must_use]
pub fn marked_files(folder: &Path) -> Vec<String> {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .filter(|entry| entry.path().extension().is_some_and(|ending| ending == "html" || ending == "xml"))
        .filter(|entry| {
            let name = entry.file_name().to_string_lossy();
            let is_assigned = matches!(&*name, "index.html" | "404.html") || name.ends_with(".xml");
            // The page of an alias may have any name.
            let is_redirect =
                |bytes: &[u8]| bytes.windows(20).take(4096).any(|part| part == b"http-equiv=\"refresh\"");
            guarded::open(entry.path())
                .and_then(read_head)
                .is_ok_and(|bytes| names_newsprint(&bytes) && (is_assigned || is_redirect(&bytes)))
        })
        .filter_map(|entry| {
            let path = entry.path().strip_prefix(folder).ok()?.to_str()?;
            Some(path.replace(std::path::MAIN_SEPARATOR, "/"))
        })
        .collect()
}

/// Reads the beginning of a file, in which pages and feeds name their generator.
pub(super) fn read_head(file: File) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(HEAD_BYTES as usize);
    file.take(HEAD_BYTES).read_to_end(&mut head)?;
    Ok(head)
}

/// True if these bytes name newsprint as their generator, as pages and feeds do. Used only for
/// files that no manifest lists.
pub(super) fn names_newsprint(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(HEAD_BYTES as usize)];
    let contains = |mark: &[u8]| head.windows(mark.len()).any(|window| window == mark);
    contains(b"name=\"generator\" content=\"newsprint\"")
        || contains(b">newsprint</generator>")
        || contains(b"<!-- generator: newsprint -->")
        || head.starts_with(b"# generator: newsprint\n")
        || is_json_notice(head)
}

/// True for the notice in place of a JSON Feed that ended (`render/ended.rs`): an expired feed
/// whose entry has an id of newsprint.
fn is_json_notice(head: &[u8]) -> bool {
    let id = b"#ended\"";
    head.starts_with(b"{\"expired\":true,") && head.windows(id.len()).any(|window| window == id)
}
