//! Prepares newsprint's own repository, `.newsprint/deploy.git`: keeps its data, and removes all
//! else.
//!
//! The repository may have come with a stranger's digest, or from a process that was killed. The
//! caller holds the digest's lock, so that no other newsprint uses it.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use crate::fs::guarded::{self, has_second_name};
use crate::fs::state;

/// The reference that keeps the objects of the published commit.
pub(super) const DEPLOYED: &str = "refs/newsprint/deployed";

/// The entries of the repository that are kept: data of git, from which git runs no programs.
const KEPT: [&str; 2] = ["index", "objects"];
/// The files that are made anew. They replace any others before git reads them.
const OWN: [(&str, &str); 2] = [
    ("HEAD", "ref: refs/heads/main\n"),
    ("config", "[core]\n\trepositoryformatversion = 0\n\tbare = true\n"),
];

/// Removes everything but data from the repository, and the lock files of killed processes. A
/// repository that cannot be read, or that holds anything but folders and files with one name, is
/// removed as a whole.
///
/// # Errors
/// The repository cannot be removed.
pub(super) fn prepare(repository: &Path) -> io::Result<()> {
    match fs::symlink_metadata(repository) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        _ if has_only_plain_files(repository) && sanitize(repository).is_ok() => Ok(()),
        _ => remove(repository),
    }
}

fn has_only_plain_files(repository: &Path) -> bool {
    let mut walk = walkdir::WalkDir::new(repository).into_iter();
    walk.all(|entry| {
        let Ok(entry) = entry else { return false };
        let of_file = || entry.metadata().is_ok_and(|found| found.is_file() && !has_second_name(&found));
        if entry.depth() == 0 { entry.file_type().is_dir() } else { entry.file_type().is_dir() || of_file() }
    })
}

fn sanitize(repository: &Path) -> io::Result<()> {
    let deployed = deployed_commit(repository);
    for entry in fs::read_dir(repository)? {
        let entry = entry?;
        if !entry.file_name().to_str().is_some_and(|name| KEPT.contains(&name)) {
            remove(&entry.path())?;
        }
    }
    // Borrowed objects (`alternates`), and caches that could contradict the objects.
    remove(&repository.join("objects/info"))?;
    for entry in walkdir::WalkDir::new(repository) {
        let entry = entry?;
        if entry.file_type().is_file() && entry.path().extension().is_some_and(|end| end == "lock") {
            fs::remove_file(entry.path())?;
        }
    }
    for (name, text) in OWN {
        state::replace(&repository.join(name), text.as_bytes())?;
    }
    // Without a folder `refs`, git takes it for no repository.
    let path = repository.join(DEPLOYED);
    state::open_folder(path.parent().unwrap_or(repository))?;
    match deployed {
        Some(hash) => state::replace(&path, format!("{hash}\n").as_bytes()),
        None => Ok(()),
    }
}

/// The hash of the commit that was published last.
fn deployed_commit(repository: &Path) -> Option<String> {
    let path = repository.join(DEPLOYED);
    let text = guarded::read_text(&path, 100).ok()?;
    let hash = text.trim();
    (hash.len() == 40 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| hash.to_owned())
}

/// Removes a file or a folder with all that is in it. A symbolic link is removed, not followed.
///
/// # Errors
/// Something cannot be removed. Nothing at this path is no error.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    let found = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        found => found?,
    };
    if !found.is_dir() {
        return fs::remove_file(path);
    }
    fs::remove_dir_all(path).or_else(|_| {
        permit(path)?;
        fs::remove_dir_all(path)
    })
}

/// Lets the owner read and change a folder and all folders in it.
#[cfg(unix)]
fn permit(folder: &Path) -> io::Result<()> {
    fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            permit(&entry.path())?;
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn permit(_: &Path) -> io::Result<()> {
    Ok(())
}
