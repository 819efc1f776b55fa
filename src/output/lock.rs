//! Locks a digest, so that one build runs in it at a time. The operating system releases the lock
//! file when its holder dies.

use std::fs::{self, File, TryLockError};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;

use crate::config;
use crate::diagnostic::{Diagnostic, Place};
use crate::fs::atomic;

/// The lock of a digest, held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of a digest's state folder.
    ///
    /// # Errors
    /// Another process holds the lock, or the folder cannot be created.
    pub fn take(state: &Path) -> Result<Self, Diagnostic> {
        let place = || Place::file(config::STATE);
        refuse_links(state)?;
        let failed = |error: std::io::Error| state_error("the state folder cannot be written", &error);
        fs::create_dir_all(state).map_err(failed)?;
        let path = state.join("lock");
        refuse_links(&path)?;
        let mut file = atomic::open_or_create(&path).map_err(failed)?;
        refuse_hard_links(&file)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::Error(error)) => return Err(failed(error)),
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _ = file.read_to_string(&mut holder);
                let holder = holder.trim();
                let process = if holder.is_empty() { String::new() } else { format!(" (process {holder})") };
                return Err(Diagnostic::error(format!(
                    "newsprint is already running in this digest{process}"
                ))
                .at(place())
                .help("wait until it has finished, then try again"));
            }
        }
        atomic::remove_leftovers(state);
        // The process id is only for the message of another build: a failure changes nothing.
        let _ = file
            .set_len(0)
            .and_then(|()| file.seek(SeekFrom::Start(0)))
            .and_then(|_| write!(file, "{}", std::process::id()));
        Ok(Self { _file: file })
    }
}

/// Refuses a file that has a second name, which may be outside of the digest.
#[cfg(unix)]
fn refuse_hard_links(file: &File) -> Result<(), Diagnostic> {
    use std::os::unix::fs::MetadataExt;
    if file.metadata().is_ok_and(|found| found.nlink() > 1) {
        return Err(Diagnostic::error("the lock file has a hard link elsewhere, and is not written")
            .at(Place::file(config::STATE))
            .help("delete the folder .newsprint: newsprint can recreate everything in it"));
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_hard_links(_: &File) -> Result<(), Diagnostic> {
    Ok(())
}

/// The diagnostic of a state file that cannot be written. Its place is the state folder, not the
/// output folder.
pub(super) fn state_error(what: &str, error: &std::io::Error) -> Diagnostic {
    let help = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "make room on the disk and build again",
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "make the digest's folder and what is in .newsprint writable"
        }
        _ => "move away what is there: newsprint did not create it",
    };
    Diagnostic::error(format!("{what}: {error}")).at(Place::file(config::STATE)).help(help)
}

/// Refuses a state file or folder that is a symbolic link: the link may lead to files of others.
///
/// # Errors
/// The path is a symbolic link.
pub(crate) fn refuse_links(path: &Path) -> Result<(), Diagnostic> {
    if !fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink()) {
        return Ok(());
    }
    Err(Diagnostic::error("newsprint's state folder is or contains a symbolic link, which is not followed")
        .at(Place::file(config::STATE))
        .help("remove the folder .newsprint: newsprint can create everything in it again"))
}
