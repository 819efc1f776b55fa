//! Writes and removes the files that newsprint keeps for itself in a digest, such as caches.
//!
//! The folders above a file are opened without following symbolic links, so that a link that takes
//! the place of `.newsprint` during a build is an error. Paths are absolute and, as far as the
//! digest's folder, without symbolic links (`config::state_folder`).

use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};
use std::path::Path;

use crate::fs::folder::Kind;
use crate::fs::{Folder, atomic};

/// Attempts to find an unused temporary name.
const MAX_ATTEMPTS: u64 = 16;

/// Replaces or creates a file; creates its folder if it is missing.
///
/// # Errors
/// A folder on the way is a symbolic link, or writing fails. The old file is then unchanged.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    replace_with(path, |file| file.write_all(bytes))
}

/// Replaces or creates a file with the bytes that `write` writes.
///
/// # Errors
/// As for [`replace`], and the errors of `write`.
pub fn replace_with(path: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let _writing = atomic::begin_writing();
    let (folder, name) = open_parent(path, true)?;
    let (temporary, mut file) = create_temporary(&folder)?;
    let written = write(&mut file).and_then(|()| folder.rename(&temporary, name));
    if written.is_err() {
        let _ = folder.remove_file(&temporary);
    }
    written
}

/// Opens a file for reading and writing, or creates it; for a lock, which stays after the process.
///
/// # Errors
/// A folder on the way, or the file itself, is a symbolic link, or the disk fails.
pub fn open_or_create(path: &Path) -> io::Result<File> {
    let (folder, name) = open_parent(path, true)?;
    folder.open_or_create_file(name)
}

/// Removes a file, if there is one.
///
/// # Errors
/// A folder on the way is a symbolic link, or the disk fails.
pub fn remove(path: &Path) -> io::Result<()> {
    match open_parent(path, false).and_then(|(folder, name)| folder.remove_file(name)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Removes a folder with all that is in it, or a file, if there is one.
///
/// # Errors
/// A folder on the way is a symbolic link, or the disk fails.
pub fn remove_tree(path: &Path) -> io::Result<()> {
    match open_parent(path, false).and_then(|(folder, name)| folder.remove_tree(name)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Creates a file for a caller that later renames it or a folder above it.
///
/// # Errors
/// As for [`Folder::create_file`].
pub fn create_staged(folder: &Folder, name: &str) -> io::Result<File> {
    let _writing = atomic::begin_writing();
    folder.create_file(name)
}

/// Removes the temporary files that a killed process left in a folder. No other process of
/// newsprint may be writing there: the caller holds the lock.
pub fn remove_leftovers(path: &Path) {
    let Ok(folder) = Folder::open_real(path) else { return };
    for name in folder.names().unwrap_or_default() {
        if atomic::is_temporary_name(&name) && folder.kind(&name).is_ok_and(|kind| kind == Some(Kind::File)) {
            let _ = folder.remove_file(&name);
        }
    }
}

/// Opens a folder, and creates it if it is missing.
///
/// # Errors
/// A folder on the way is a symbolic link, or the disk fails.
pub fn open_folder(path: &Path) -> io::Result<Folder> {
    match Folder::open_real(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        opened => return opened,
    }
    let name = path.file_name().and_then(|name| name.to_str()).ok_or(io::ErrorKind::InvalidInput)?;
    let above = open_folder(path.parent().ok_or(io::ErrorKind::InvalidInput)?)?;
    match above.create_folder(name) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => above.enter(name),
    }
}

fn open_parent(path: &Path, create: bool) -> io::Result<(Folder, &str)> {
    let name = path.file_name().and_then(|name| name.to_str()).ok_or(io::ErrorKind::InvalidInput)?;
    let parent = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    let folder = if create { open_folder(parent)? } else { Folder::open_real(parent)? };
    Ok((folder, name))
}

/// Creates a file with a random name.
fn create_temporary(folder: &Folder) -> io::Result<(String, File)> {
    let random = RandomState::new();
    let mut attempts = 0;
    loop {
        // As many random characters as in the names of `fs/atomic.rs`.
        let name = format!(".newsprint-{:06x}.tmp", random.hash_one(attempts) >> 40);
        match folder.create_file(&name) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempts < MAX_ATTEMPTS => {
                attempts += 1;
            }
            created => return created.map(|file| (name, file)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn files_are_written_whole_and_removed() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let path = root.join("a/b/c");
        replace(&path, b"old").unwrap();
        let failed = replace_with(&path, |file| {
            file.write_all(b"half")?;
            Err(io::Error::other("full"))
        });
        assert!(failed.is_err());
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(root.join("a/b")).unwrap().count(), 1);
        remove(&path).unwrap();
        remove(&path).unwrap();
        replace(&path, b"again").unwrap();
        remove_tree(&root.join("a")).unwrap();
        remove_tree(&root.join("a")).unwrap();
        assert!(!root.join("a").exists());
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_written_or_removed_behind_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let outside = root.join("outside");
        fs::create_dir_all(outside.join("sub")).unwrap();
        fs::write(outside.join("kept"), "x").unwrap();
        std::os::unix::fs::symlink(&outside, root.join("link")).unwrap();
        assert!(replace(&root.join("link/new"), b"1").is_err());
        assert!(open_or_create(&root.join("link/lock")).is_err());
        assert!(remove(&root.join("link/kept")).is_err());
        assert!(remove_tree(&root.join("link/sub")).is_err());
        remove_tree(&root.join("link")).unwrap();
        assert!(!root.join("link").exists());
        assert!(
            outside.join("kept").exists() && outside.join("sub").exists() && !outside.join("new").exists()
        );
    }
}
