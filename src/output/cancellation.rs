//! Stops writing when a preview ends: the current file is finished, and no other is started.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::diagnostic::Diagnostic;

/// A switch that stops all writing to an output folder. Once it is closed it stays closed.
#[derive(Debug, Default)]
pub struct Cancellation {
    closed: AtomicBool,
    writing: Mutex<()>,
}

impl Cancellation {
    /// Stops writing, and waits until the current writer has stopped. The guard keeps all writers
    /// out.
    pub fn close(&self) -> MutexGuard<'_, ()> {
        self.closed.store(true, Ordering::SeqCst);
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// True if writing was stopped.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    /// Begins to write to the folder, until the guard is dropped.
    ///
    /// # Errors
    /// Writing was stopped.
    pub(super) fn enter(&self) -> Result<MutexGuard<'_, ()>, Diagnostic> {
        let guard = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        self.check().map(|()| guard)
    }

    /// Checks before each file that writing was not stopped.
    pub(super) fn check(&self) -> Result<(), Diagnostic> {
        match self.is_closed() {
            true => Err(Diagnostic::error("newsprint is shutting down")),
            false => Ok(()),
        }
    }
}
