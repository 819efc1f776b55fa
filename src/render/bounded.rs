//! Limits the size of a rendered page, since a template may loop without end.

use std::io::{self, Write};

/// A writer that fails with `FileTooLarge` when the page exceeds its limit.
pub(super) struct Bounded<'b> {
    pub(super) bytes: &'b mut Vec<u8>,
    /// Maximum length of `bytes`.
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
