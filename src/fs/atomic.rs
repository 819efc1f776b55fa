//! Writes a file whole or not at all, by its path. Files of the state folder are written by
//! `fs/state.rs`, those of the site by `fs/folder/`.
//!
//! A file is written under a temporary name in its own folder and then renamed, so that a reader
//! sees the old bytes or the new ones. No function follows a symbolic link: a new file is opened
//! with `O_EXCL` (`CREATE_NEW` on Windows), which fails on a link, and a rename replaces a link
//! instead of the file it points to. `tests/features/writes.rs` plants links under every written
//! name.
//!
//! Caches and site files can be made again and are not synced. Files of people ([`create`],
//! [`update`]) are on the disk before they get their name; the caller then syncs the folder.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use tempfile::NamedTempFile;

use crate::fs::guarded;

/// Prefix and suffix of temporary names; between them are random characters.
const PREFIX: &str = ".newsprint-";
const SUFFIX: &str = ".tmp";
/// The number of random characters: ASCII letters and digits.
const RANDOM_CHARACTERS: usize = 6;
/// How often [`update`] decides about a file that other programs change meanwhile.
const MAX_DECISIONS: usize = 5;
/// The largest file that [`update`] reads; above the largest `limits: {file_kb: …}`.
const MAX_UPDATE_BYTES: u64 = 128 << 20;

/// Held for reading from before a temporary file exists until it has its name. It is global because
/// the end of the process is: see [`stop_writing`].
static WRITERS: RwLock<()> = RwLock::new(());

/// Waits until no file is half written, and blocks every thread that begins to write a file while
/// the result is held. For a process that exits next.
pub fn stop_writing() -> RwLockWriteGuard<'static, ()> {
    WRITERS.write().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn begin_writing() -> RwLockReadGuard<'static, ()> {
    WRITERS.read().unwrap_or_else(PoisonError::into_inner)
}

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
    let _writing = begin_writing();
    let mut temporary = temporary_beside(path)?;
    write(temporary.as_file_mut())?;
    temporary.persist(path).map_err(|failed| failed.error)?;
    Ok(())
}

/// What [`update`] does with a file, and the value that it returns.
#[derive(Debug)]
pub enum Change<T> {
    /// Leave the file as it is.
    Keep(T),
    /// Write these bytes.
    Write(Vec<u8>, T),
}

/// Reads a file, lets `decide` choose its new bytes, and replaces it. `decide` gets `None` if there
/// is no file. If the file changed since it was read, `decide` is called again with the new bytes,
/// so that what another program saved is not lost. The new file has the old one's permissions.
///
/// # Errors
/// - The path is a symbolic link or not a regular file, or reading or writing fails.
/// - [`io::ErrorKind::PermissionDenied`]: the file is read-only.
/// - [`io::ErrorKind::ResourceBusy`]: the file changed at each of several tries.
/// - The errors of `decide`.
pub fn update<T>(
    path: &Path,
    mut decide: impl FnMut(Option<&[u8]>) -> io::Result<Change<T>>,
) -> io::Result<T> {
    for _ in 0..MAX_DECISIONS {
        let old = read_regular(path)?;
        match decide(old.as_deref())? {
            Change::Keep(value) => return Ok(value),
            Change::Write(new, value) => {
                if replace_unchanged(path, old.as_deref(), &new)? {
                    return Ok(value);
                }
            }
        }
    }
    Err(io::Error::new(io::ErrorKind::ResourceBusy, tr!("another program keeps changing it")))
}

/// Replaces the file if its bytes are still `old` (`None`: if there is no file). Returns false if
/// they are not.
fn replace_unchanged(path: &Path, old: Option<&[u8]>, new: &[u8]) -> io::Result<bool> {
    let _writing = begin_writing();
    let permissions = fs::symlink_metadata(path).ok().map(|found| found.permissions());
    if permissions.as_ref().is_some_and(fs::Permissions::readonly) {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, tr!("it is read-only")));
    }
    let mut temporary = temporary_beside(path)?;
    temporary.write_all(new)?;
    if let Some(permissions) = permissions {
        temporary.as_file().set_permissions(permissions)?;
    }
    temporary.as_file().sync_all()?;
    if old.is_none() {
        return match name_new_file(temporary, path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            named => named.map(|()| true),
        };
    }
    if read_regular(path)?.as_deref() != old {
        return Ok(false);
    }
    temporary.persist(path).map(|_| true).map_err(|failed| failed.error)
}

/// The bytes of a regular file; `None` if there is no file.
fn read_regular(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match guarded::open_regular(path, false) {
        Ok(file) => guarded::read_open(file, MAX_UPDATE_BYTES).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Creates a file that must not exist. Its bytes are on the disk before it has its name.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] if anything has this name, a link included; or writing fails.
pub fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let _writing = begin_writing();
    let mut temporary = temporary_beside(path)?;
    temporary.write_all(bytes)?;
    temporary.as_file().sync_all()?;
    name_new_file(temporary, path)
}

/// Gives a temporary file a name that must be free.
fn name_new_file(temporary: NamedTempFile, path: &Path) -> io::Result<()> {
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

/// Syncs the folders of these files, and the folders above them up to `root`, so that the names of
/// new files and folders are on the disk. Windows syncs names with the files. A failure is ignored:
/// the files have their names, and some file systems cannot sync a folder.
pub fn sync_folders<'p>(root: &Path, files: impl IntoIterator<Item = &'p Path>) {
    let mut folders: BTreeSet<PathBuf> = BTreeSet::new();
    for file in files {
        for (height, folder) in file.ancestors().skip(1).enumerate() {
            if (height > 0 && !folder.starts_with(root)) || !folders.insert(folder.to_path_buf()) {
                break;
            }
        }
    }
    #[cfg(unix)]
    for folder in folders {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { &folder };
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}

/// Removes the temporary files that a killed process left in `folder` and the folders below it. No
/// other process of newsprint may be writing there: the caller holds the lock. No symbolic link is
/// followed.
pub fn remove_leftovers_below(folder: &Path) {
    if !fs::symlink_metadata(folder).is_ok_and(|found| found.is_dir()) {
        return;
    }
    for entry in fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
        if entry.file_type().is_ok_and(|found| found.is_dir()) {
            remove_leftovers_below(&entry.path());
        } else {
            remove_if_leftover(&entry);
        }
    }
}

fn remove_if_leftover(entry: &fs::DirEntry) {
    if is_temporary_name(&entry.file_name().to_string_lossy())
        && entry.file_type().is_ok_and(|found| found.is_file())
    {
        let _ = fs::remove_file(entry.path());
    }
}

/// True for the names that [`temporary_beside`] and `fs/state.rs` give.
pub(super) fn is_temporary_name(name: &str) -> bool {
    name.strip_prefix(PREFIX).and_then(|name| name.strip_suffix(SUFFIX)).is_some_and(|random| {
        random.len() == RANDOM_CHARACTERS && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Creates a file beside `path` with a random name; it is removed on drop unless it is renamed.
fn temporary_beside(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX).rand_bytes(RANDOM_CHARACTERS);
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
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(&outside, &link).unwrap();
        assert!(update(&link, |_| Ok(Change::Write(b"new".to_vec(), ()))).is_err());
        replace(&link, b"new").unwrap();
        assert_eq!(fs::read(&outside).unwrap(), b"kept");
        assert_eq!(fs::read(&link).unwrap(), b"new");
        fs::remove_file(&link).unwrap();
        let dangling = folder.path().join("dangling");
        std::os::unix::fs::symlink(folder.path().join("absent"), &dangling).unwrap();
        assert!(create(&dangling, b"new").is_err());
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
        update(&path, |_| Ok(Change::Write(b"2".to_vec(), ()))).unwrap();
        assert_eq!((fs::read(&path).unwrap(), mode(&path)), (b"2".to_vec(), 0o640));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
        let failed = update(&path, |_| Ok(Change::Write(b"3".to_vec(), ()))).unwrap_err();
        assert_eq!(failed.kind(), io::ErrorKind::PermissionDenied);
        assert_eq!((fs::read(&path).unwrap(), mode(&path)), (b"2".to_vec(), 0o444));
        assert_eq!(names(folder.path()), ["a", "plain"]);
    }

    #[test]
    fn what_is_saved_during_an_update_is_decided_about_and_not_lost() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        for before in [None, Some("old")] {
            before.inspect(|text| fs::write(&path, text).unwrap());
            let mut seen = Vec::new();
            let kept = update(&path, |found| {
                seen.push(found.map(|text| String::from_utf8(text.to_vec()).unwrap()));
                if seen.len() == 1 {
                    fs::write(&path, "saved")?;
                    return Ok(Change::Write(b"new".to_vec(), "written"));
                }
                Ok(Change::Keep("kept"))
            });
            assert_eq!(kept.unwrap(), "kept");
            assert_eq!(seen, [before.map(str::to_owned), Some("saved".to_owned())]);
            assert_eq!(fs::read(&path).unwrap(), b"saved");
            assert_eq!(names(folder.path()), ["a"]);
            fs::remove_file(&path).unwrap();
        }
        let mut saves = 0;
        let busy = update(&path, |_| {
            saves += 1;
            fs::write(&path, format!("saved {saves}"))?;
            Ok(Change::Write(b"new".to_vec(), ()))
        });
        assert_eq!(busy.unwrap_err().kind(), io::ErrorKind::ResourceBusy);
        assert_eq!(fs::read(&path).unwrap(), format!("saved {saves}").as_bytes());
    }

    #[test]
    fn only_temporary_files_of_our_form_are_leftovers() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        fs::create_dir_all(inner.join(".newsprint-Folder.tmp")).unwrap();
        let ours = temporary_beside(&inner.join("a")).unwrap();
        ours.keep().unwrap();
        let others =
            [".newsprint-abc-12.tmp", ".newsprint-abc1234.tmp", ".newsprint-.tmp", "newsprint-abc123.tmp"];
        for name in others {
            fs::write(inner.join(name), "").unwrap();
        }
        assert_eq!(names(&inner).len(), others.len() + 2);
        remove_leftovers_below(folder.path());
        let mut kept: Vec<String> = others.iter().map(|&name| name.to_owned()).collect();
        kept.push(".newsprint-Folder.tmp".to_owned());
        kept.sort();
        assert_eq!(names(&inner), kept);
    }
}
