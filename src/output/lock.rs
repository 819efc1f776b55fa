//! One build at a time in a digest: a lock file that the operating system releases when its holder dies.

use std::fs::{self, File, TryLockError};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;

use crate::config;
use crate::diagnostic::{Diagnostic, Place};
use crate::fs::atomic;

/// Held until dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of a digest's state folder.
    ///
    /// # Errors
    /// Another build holds it, or the folder cannot be made.
    pub fn take(state: &Path) -> Result<Self, Diagnostic> {
        let place = || Place::file(config::STATE);
        refuse_links(state)?;
        let failed = |error: std::io::Error| state_error("newsprint cannot keep its notes", &error);
        fs::create_dir_all(state).map_err(failed)?;
        let path = state.join("lock");
        refuse_links(&path)?;
        let mut file = atomic::open_or_create(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::Error(error)) => return Err(failed(error)),
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _ = file.read_to_string(&mut holder);
                let holder = holder.trim();
                let who = if holder.is_empty() { String::new() } else { format!(" (process {holder})") };
                return Err(Diagnostic::error(format!("newsprint is at work in this digest already{who}"))
                    .at(place())
                    .help("wait until it is done, and try again"));
            }
        }
        atomic::remove_leftovers(state);
        // For the other build's message only: a failure changes nothing.
        let _ = file
            .set_len(0)
            .and_then(|()| file.seek(SeekFrom::Start(0)))
            .and_then(|_| write!(file, "{}", std::process::id()));
        Ok(Self { _file: file })
    }
}

/// StateFiles that cannot be written: the place is theirs and not the site's.
pub(super) fn state_error(what: &str, error: &std::io::Error) -> Diagnostic {
    let help = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "make room on the disk and build again",
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "make the digest's folder and what is in .newsprint writable"
        }
        _ => "move away what stands there: newsprint did not make it",
    };
    Diagnostic::error(format!("{what}: {error}")).at(Place::file(config::STATE)).help(help)
}

/// Behind a symbolic link are somebody else's files.
///
/// # Errors
/// The path is one.
pub(crate) fn refuse_links(path: &Path) -> Result<(), Diagnostic> {
    if !fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink()) {
        return Ok(());
    }
    Err(Diagnostic::error("newsprint's notes are a symbolic link, which it does not follow")
        .at(Place::file(config::STATE))
        .help("remove the folder .newsprint: it holds nothing that cannot be made again"))
}
