//! Locks a digest, so that one process at a time builds it or writes its content. The operating
//! system releases the lock file when its holder dies.

use std::fs::{self, File, TryLockError};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::config;
use crate::diagnostic::{Diagnostic, Place};
use crate::fs::guarded::has_second_name;
use crate::fs::{atomic, state as files};

/// The lock of a digest, held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

/// Releases the lock at once. Closing the file is not enough: a process that another thread starts
/// at this moment has the open file, too, until it runs its own program.
impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}

/// How long a writer of `content/` waits for another process.
const MAX_WAIT: Duration = Duration::from_secs(60);
/// The pause before the lock is tried again.
const PAUSE: Duration = Duration::from_millis(100);

/// The result of one try to take the lock.
enum Attempt {
    Taken(Lock),
    /// Another process holds the lock: ` (process 4711)`, or nothing if it is not known.
    Held(String),
}

impl Lock {
    /// Takes the lock of a digest's state folder.
    ///
    /// # Errors
    /// Another process holds the lock, or the folder cannot be created.
    pub fn take(state: &Path) -> Result<Self, Diagnostic> {
        match Self::attempt(state)? {
            Attempt::Taken(lock) => Ok(lock),
            Attempt::Held(process) => Err(held(&process)),
        }
    }

    /// Takes the lock for a command that writes below `content/` of the digest at `root`. If
    /// another process holds the lock, it calls `on_wait` once with a message and waits up to 60
    /// seconds. Removes the temporary files that a killed process left below `content/`.
    ///
    /// # Errors
    /// As for [`Lock::take`].
    pub fn wait_for_content(root: &Path, on_wait: &dyn Fn(&str)) -> Result<Self, Diagnostic> {
        let lock = Self::wait(&config::state_folder(root), MAX_WAIT, on_wait)?;
        atomic::remove_leftovers_below(&root.join("content"));
        Ok(lock)
    }

    /// Takes the lock for a fetch of the digest at `root`, which writes neither below `content/`
    /// nor the site: an import may wait for its records meanwhile. Else as for
    /// [`Lock::wait_for_content`].
    ///
    /// # Errors
    /// As for [`Lock::take`].
    pub fn wait_for_fetch(root: &Path, on_wait: &dyn Fn(&str)) -> Result<Self, Diagnostic> {
        let state = config::state_folder(root);
        refuse_links(&state)?;
        Self::wait(&state.join("fetch"), MAX_WAIT, on_wait)
    }

    fn wait(state: &Path, limit: Duration, on_wait: &dyn Fn(&str)) -> Result<Self, Diagnostic> {
        let started = Instant::now();
        let mut is_announced = false;
        loop {
            let process = match Self::attempt(state)? {
                Attempt::Taken(lock) => return Ok(lock),
                Attempt::Held(process) => process,
            };
            if started.elapsed() >= limit {
                return Err(held(&process));
            }
            // A process writes its id after it has taken the lock, so that the id may be missing at
            // the first try.
            if !is_announced && (!process.is_empty() || started.elapsed() >= PAUSE) {
                is_announced = true;
                on_wait(&tr!(
                    "newsprint is already running in this digest{process}; waiting until it has finished",
                    process
                ));
            }
            std::thread::sleep(PAUSE);
        }
    }

    fn attempt(state: &Path) -> Result<Attempt, Diagnostic> {
        refuse_links(state)?;
        let failed = |error: std::io::Error| state_error(&tr!("the state folder cannot be written"), &error);
        let path = state.join("lock");
        refuse_links(&path)?;
        let mut file = files::open_or_create(&path).map_err(failed)?;
        if file.metadata().is_ok_and(|found| has_second_name(&found)) {
            return Err(Diagnostic::error(tr!(
                "the lock file has a hard link elsewhere, and is not written"
            ))
            .at(Place::file(config::STATE))
            .help(tr!("delete the folder .newsprint: newsprint can recreate everything in it")));
        }
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::Error(error)) => return Err(failed(error)),
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _ = (&mut file).take(MAX_ID_BYTES).read_to_string(&mut holder);
                let holder = holder.trim();
                let is_id = !holder.is_empty() && holder.bytes().all(|byte| byte.is_ascii_digit());
                return Ok(Attempt::Held(if is_id {
                    tr!(" (process {holder})", holder)
                } else {
                    String::new()
                }));
            }
        }
        files::remove_leftovers(state);
        // The process id is only for the messages of other processes: a failure changes nothing.
        let _ = file
            .set_len(0)
            .and_then(|()| file.seek(SeekFrom::Start(0)))
            .and_then(|_| write!(file, "{}", std::process::id()));
        Ok(Attempt::Taken(Self { file }))
    }
}

/// The bytes of a process id that are read at most.
const MAX_ID_BYTES: u64 = 20;

/// The error if another process holds the lock.
fn held(process: &str) -> Diagnostic {
    Diagnostic::error(tr!("newsprint is already running in this digest{process}", process))
        .at(Place::file(config::STATE))
        .help(tr!("wait until it has finished, then try again"))
}

/// The diagnostic of a state file that cannot be written. Its place is the state folder, not the
/// output folder.
pub(super) fn state_error(what: &str, error: &std::io::Error) -> Diagnostic {
    let help = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => tr!("make room on the disk and build again"),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            tr!("make the digest's folder and what is in .newsprint writable")
        }
        _ => tr!("move away what is there: newsprint did not create it"),
    };
    Diagnostic::error(tr!("{what}: {error}", what, error)).at(Place::file(config::STATE)).help(help)
}

/// Refuses a state file or folder that is a symbolic link: the link may lead to files of others.
///
/// # Errors
/// The path is a symbolic link.
pub(crate) fn refuse_links(path: &Path) -> Result<(), Diagnostic> {
    if !fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink()) {
        return Ok(());
    }
    Err(Diagnostic::error(tr!(
        "newsprint's state folder is or contains a symbolic link, which is not followed"
    ))
    .at(Place::file(config::STATE))
    .help(tr!("remove the folder .newsprint: newsprint can create everything in it again")))
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[test]
    fn waiting_is_announced_once_and_ends_with_the_error_of_a_lock_that_is_held() {
        let folder = tempfile::tempdir().unwrap();
        let lock = Lock::take(folder.path()).unwrap();
        let said = RefCell::new(Vec::new());
        let on_wait = |text: &str| said.borrow_mut().push(text.to_owned());
        let error = Lock::wait(folder.path(), 3 * PAUSE, &on_wait).unwrap_err();
        let process = format!("newsprint is already running in this digest (process {})", std::process::id());
        assert_eq!(error.message, process);
        assert_eq!(*said.borrow(), [format!("{process}; waiting until it has finished")]);
        drop(lock);
        assert!(Lock::wait(folder.path(), Duration::ZERO, &|_| unreachable!()).is_ok());
    }

    #[test]
    fn a_dropped_lock_is_free_although_a_child_process_still_has_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let lock = Lock::take(folder.path()).unwrap();
        // What a child process has between fork and exec.
        let _copy = lock.file.try_clone().unwrap();
        drop(lock);
        Lock::take(folder.path()).unwrap();
    }
}
