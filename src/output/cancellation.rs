//! The end of a preview: whoever writes is let finish the file at hand, and nobody begins anything any more.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::diagnostic::Diagnostic;

/// Open until it is closed, for good.
#[derive(Debug, Default)]
pub struct Cancellation {
    closed: AtomicBool,
    writing: Mutex<()>,
}

impl Cancellation {
    /// Closes it, and waits until whoever writes has stopped. Nobody comes in as long as the guard lives.
    pub fn close(&self) -> MutexGuard<'_, ()> {
        self.closed.store(true, Ordering::SeqCst);
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Was it closed?
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    /// Something is going to be made in the folder, until the guard goes.
    pub(super) fn enter(&self) -> Result<MutexGuard<'_, ()>, Diagnostic> {
        let inside = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        self.check().map(|()| inside)
    }

    /// To be asked before each file.
    pub(super) fn check(&self) -> Result<(), Diagnostic> {
        match self.is_closed() {
            true => Err(Diagnostic::error("newsprint is ending")),
            false => Ok(()),
        }
    }
}
