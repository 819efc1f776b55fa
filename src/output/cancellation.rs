//! Stops writing when a preview or the process ends: the current file is finished, and no other is
//! started.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLockWriteGuard};
use std::time::{Duration, Instant};

use crate::diagnostic::Diagnostic;
use crate::fs::atomic;

/// The pause before [`Cancellation::end`] looks again whether the writer has stopped.
const PAUSE: Duration = Duration::from_millis(5);

/// A switch that stops all writing to an output folder. Once it is closed it stays closed.
#[derive(Default)]
pub struct Cancellation {
    closed: AtomicBool,
    /// True from before the first rename until the writer is done.
    committing: AtomicBool,
    writing: Mutex<()>,
    /// Functions that remove the temporary files of an output folder.
    cleaners: Mutex<Vec<Cleaner>>,
    /// Functions that close connections.
    closers: Mutex<Vec<Cleaner>>,
}

type Cleaner = Box<dyn Fn() + Send + Sync>;

impl std::fmt::Debug for Cancellation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Cancellation").field("closed", &self.closed).finish_non_exhaustive()
    }
}

impl Cancellation {
    /// Stops writing, and waits until the current writer has stopped. The guard keeps all writers
    /// out.
    pub fn close(&self) -> MutexGuard<'_, ()> {
        self.closed.store(true, Ordering::SeqCst);
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stops all writing of this process and removes temporary files from the output folders. The
    /// caller exits the process while it holds the result, which blocks all threads that write.
    ///
    /// A writer that has begun to rename finished files completes the site. Any other writer gets
    /// `patience` to stop by itself; a page that is rendered cannot be interrupted.
    pub fn end(&self, patience: Duration) -> RwLockWriteGuard<'static, ()> {
        self.closed.store(true, Ordering::SeqCst);
        let started = Instant::now();
        loop {
            // A writer that stops by itself removes its temporary files. Without a writer, there
            // may be temporary files of another process, which has the lock.
            if self.writing.try_lock().is_ok() {
                let stopped = atomic::stop_writing();
                Self::call(&self.closers);
                return stopped;
            }
            if !self.committing.load(Ordering::SeqCst) && started.elapsed() >= patience {
                break;
            }
            std::thread::sleep(PAUSE);
        }
        let stopped = atomic::stop_writing();
        Self::call(&self.cleaners);
        Self::call(&self.closers);
        stopped
    }

    fn call(all: &Mutex<Vec<Cleaner>>) {
        all.lock().unwrap_or_else(PoisonError::into_inner).iter().for_each(|each| each());
    }

    /// Adds a function that [`Cancellation::end`] calls at last, to close connections.
    #[cfg(feature = "stores")]
    pub(crate) fn at_end(&self, close: impl Fn() + Send + Sync + 'static) {
        self.closers.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(close));
    }

    /// True if writing was stopped.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    /// Called before the first rename of a finished file: from here on [`Cancellation::end`] waits
    /// until the site is complete.
    ///
    /// # Errors
    /// Writing was stopped.
    pub fn commit(&self) -> Result<(), Diagnostic> {
        self.committing.store(true, Ordering::SeqCst);
        self.check().inspect_err(|_| self.committing.store(false, Ordering::SeqCst))
    }

    /// Adds a function that removes temporary files, for [`Cancellation::end`].
    pub(super) fn add_cleaner(&self, clean: impl Fn() + Send + Sync + 'static) {
        self.cleaners.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(clean));
    }

    /// Begins to write to the folder, until the guard is dropped.
    ///
    /// # Errors
    /// Writing was stopped.
    pub(super) fn enter(&self) -> Result<MutexGuard<'_, ()>, Diagnostic> {
        let guard = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        self.committing.store(false, Ordering::SeqCst);
        self.check().map(|()| guard)
    }

    /// Checks before each file that writing was not stopped.
    pub(super) fn check(&self) -> Result<(), Diagnostic> {
        match self.is_closed() {
            true => Err(Diagnostic::error(tr!("newsprint is shutting down"))),
            false => Ok(()),
        }
    }
}
