//! Writes a file whole or not at all. Every file that newsprint writes is opened in this module.
//!
//! A file is written under a temporary name in its own folder and then renamed, so that a reader
//! sees the old bytes or the new ones. No function follows a symbolic link: a new file is opened
//! with `O_EXCL` (`CREATE_NEW` on Windows), which fails on a link, and a rename replaces a link
//! instead of the file it points to. `tests/features/writes.rs` plants links under every written
//! name.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

/// Prefix and suffix of temporary names; between them are random characters.
const PREFIX: &str = ".newsprint-";
const SUFFIX: &str = ".tmp";

/// Replaces or creates a file.
///
/// # Errors
/// The folder is missing, or writing fails. The old file is then unchanged.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    replace_with(path, |file| file.write_all(bytes))
}

/// Replaces or creates a file with the bytes that `write` writes.
///
/// # Errors
/// As for [`replace`], and the errors of `write`.
pub fn replace_with(path: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let mut temporary = temporary_beside(path)?;
    write(temporary.as_file_mut())?;
    temporary.persist(path).map_err(|failed| failed.error)?;
    Ok(())
}

/// Replaces a file and keeps its permissions.
///
/// # Errors
/// As for [`replace`], and [`io::ErrorKind::PermissionDenied`] if the old file is read-only.
pub fn replace_keeping_permissions(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let permissions = fs::symlink_metadata(path).ok().map(|found| found.permissions());
    if permissions.as_ref().is_some_and(fs::Permissions::readonly) {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    replace_with(path, |file| {
        file.write_all(bytes)?;
        permissions.map_or(Ok(()), |permissions| file.set_permissions(permissions))
    })
}

/// Creates a file that must not exist.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] if anything has this name, a link included; or writing fails.
pub fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut temporary = temporary_beside(path)?;
    temporary.write_all(bytes)?;
    match temporary.persist_noclobber(path) {
        Ok(_) => Ok(()),
        // Some file systems have neither hard links nor an exclusive rename.
        Err(failed)
            if failed.error.kind() != io::ErrorKind::AlreadyExists && fs::symlink_metadata(path).is_err() =>
        {
            failed.file.persist(path).map(drop).map_err(|failed| failed.error)
        }
        Err(failed) => Err(failed.error),
    }
}

/// Opens a new file for a caller that later renames it or a folder above it. It must not exist.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] if anything has this name, a link included; or opening fails.
pub fn create_staged(path: &Path) -> io::Result<File> {
    File::create_new(path)
}

/// Opens a file for reading and writing, or creates it, for a lock that stays after the process.
///
/// # Errors
/// The name is a symbolic link, or the disk fails.
pub fn open_or_create(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NOFOLLOW);
    // FILE_FLAG_OPEN_REPARSE_POINT: opens the link itself, which is no file to write to.
    #[cfg(windows)]
    std::os::windows::fs::OpenOptionsExt::custom_flags(&mut options, 0x0020_0000);
    options.open(path)
}

/// Removes the temporary files that a killed process left in `folder`, which newsprint owns.
pub fn remove_leftovers(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(PREFIX) && name.ends_with(SUFFIX) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Creates a file beside `path` with a random name; it is removed on drop unless it is renamed.
fn temporary_beside(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    // The crate's default is 0o600; published files get the mode of any new file (0o666 and the
    // umask).
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder.unwrap_or(Path::new(".")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<String> = entries.map(|name| name.into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_failed_write_leaves_the_old_file_and_no_temporary_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        replace(&path, b"old").unwrap();
        let failed = replace_with(&path, |file| {
            file.write_all(b"half")?;
            Err(io::Error::other("full"))
        });
        assert!(failed.is_err());
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["a"]);
    }

    #[test]
    fn an_existing_file_is_not_created_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        create(&path, b"one").unwrap();
        assert_eq!(create(&path, b"two").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"one");
        assert_eq!(names(folder.path()), ["a"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_replaced_and_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let outside = folder.path().join("outside");
        fs::write(&outside, "kept").unwrap();
        for write in [replace, replace_keeping_permissions] {
            let link = folder.path().join("link");
            std::os::unix::fs::symlink(&outside, &link).unwrap();
            write(&link, b"new").unwrap();
            assert_eq!(fs::read(&outside).unwrap(), b"kept");
            assert_eq!(fs::read(&link).unwrap(), b"new");
            fs::remove_file(&link).unwrap();
        }
        let dangling = folder.path().join("dangling");
        std::os::unix::fs::symlink(folder.path().join("absent"), &dangling).unwrap();
        assert!(create(&dangling, b"new").is_err());
        assert!(create_staged(&dangling).is_err());
        assert!(open_or_create(&dangling).is_err());
        assert_eq!(names(folder.path()), ["dangling", "outside"]);
    }

    #[cfg(unix)]
    #[test]
    fn permissions_are_those_of_a_new_file_or_kept() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (plain, path) = (folder.path().join("plain"), folder.path().join("a"));
        fs::write(&plain, "").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        replace(&path, b"1").unwrap();
        assert_eq!(mode(&path), mode(&plain));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        replace_keeping_permissions(&path, b"2").unwrap();
        assert_eq!(mode(&path), 0o640);
    }
}
