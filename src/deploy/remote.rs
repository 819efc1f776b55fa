//! Resolves `--remote` and `--branch`, and refuses values that could change the digest or run its
//! hooks.

use std::path::{Path, PathBuf};

use crate::deploy::git;
use crate::diagnostic::{Diagnostic, Place};

/// The URL or path of `--remote`: that of the remote of this name in the digest's repository, or
/// else the URL or path itself.
pub(super) fn find(root: &Path, written: &str, branch: &str) -> Result<String, Diagnostic> {
    let help =
        "name a remote of this repository, or a URL: `--remote https://github.com/user/repository.git`";
    if written.starts_with('-') || written.is_empty() {
        return Err(Diagnostic::error(format!("`{written}` is not a remote")).help(help));
    }
    if let Some(url) = git::query(root, &["remote", "get-url", "--push", "--", written]) {
        refuse_checked_out_branch(root, branch)?;
        // git resolves a relative path from the root of the work tree.
        let top = git::query(root, &["rev-parse", "--show-toplevel"]);
        let path = top.map_or_else(|| root.to_path_buf(), PathBuf::from).join(&url);
        return if path.exists() { path_outside_digest(root, &path) } else { Ok(url) };
    }
    let path = root.join(written);
    if path.is_dir() {
        return path_outside_digest(root, &path);
    }
    if written.contains(':') {
        return Ok(written.to_owned());
    }
    Err(Diagnostic::error(format!("there is no remote `{written}`")).help(help))
}

/// The absolute path of a repository on this disk. A repository within the digest is refused,
/// because it and its hooks may come from a stranger.
fn path_outside_digest(root: &Path, path: &Path) -> Result<String, Diagnostic> {
    let real = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path));
    let (inner, outer) = (real(path), real(root));
    if let (Ok(inner), Ok(outer)) = (&inner, &outer)
        && inner.starts_with(outer)
    {
        let message = format!("the repository {} lies within the digest", path.display());
        return Err(Diagnostic::error(message).help("publish to a repository outside the digest's folder"));
    }
    Ok(absolute(path)?.to_string_lossy().into_owned())
}

/// Refuses names that git would read as more than the name of a branch.
pub(super) fn refuse_ref_syntax(branch: &str) -> Result<(), Diagnostic> {
    if branch.starts_with(['-', '+', '@']) || branch.starts_with("refs/") || branch.starts_with("heads/") {
        let help = "write the name of the branch alone, as in `--branch gh-pages`";
        return Err(Diagnostic::error(format!("`{branch}` is not the name of a branch")).help(help));
    }
    Ok(())
}

/// Refuses the branch that is checked out, because it contains the digest itself.
fn refuse_checked_out_branch(root: &Path, branch: &str) -> Result<(), Diagnostic> {
    let current = git::query(root, &["symbolic-ref", "--quiet", "--short", "HEAD"]);
    if current.is_some_and(|current| current.eq_ignore_ascii_case(branch)) {
        let help = "publish to a separate branch, such as gh-pages, because its commits are replaced";
        return Err(Diagnostic::error(format!(
            "`{branch}` is the branch that is checked out in this digest"
        ))
        .help(help));
    }
    Ok(())
}

/// The absolute path of a file or folder that need not exist.
pub(super) fn absolute(path: &Path) -> Result<PathBuf, Diagnostic> {
    std::path::absolute(path).map_err(|error| {
        let place = Place::file(&path.to_string_lossy());
        Diagnostic::error(format!("the absolute path of this folder cannot be determined: {error}")).at(place)
    })
}
