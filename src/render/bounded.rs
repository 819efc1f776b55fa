//! A page that grows up to a limit: a template may write for ever.

use std::io::{self, Write};

/// Writes to a page until it is too long: `FileTooLarge`.
pub(super) struct Bounded<'b> {
    pub(super) bytes: &'b mut Vec<u8>,
    /// What it may grow to.
    pub(super) limit: usize,
}

impl Write for Bounded<'_> {
    fn write(&mut self, written: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + written.len() > self.limit {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(written);
        Ok(written.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
