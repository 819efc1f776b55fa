//! The open file of a kept segment.

use std::fs;
use std::io::{Read, Seek, SeekFrom};
use std::sync::Mutex;

/// A kept segment does not hold what it says it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Damaged;

/// An open file, and where its blocks begin.
#[derive(Debug)]
pub(super) struct File {
    file: Mutex<fs::File>,
    blocks: u64,
}

impl File {
    pub(super) fn new(file: fs::File, blocks: u64) -> Self {
        Self { file: Mutex::new(file), blocks }
    }

    /// Bytes of the blocks.
    pub(super) fn read(&self, start: u64, length: u64) -> Result<Vec<u8>, Damaged> {
        let mut bytes = vec![0; usize::try_from(length).map_err(|_| Damaged)?];
        let mut file = self.file.lock().map_err(|_| Damaged)?;
        file.seek(SeekFrom::Start(self.blocks + start)).map_err(|_| Damaged)?;
        file.read_exact(&mut bytes).map_err(|_| Damaged)?;
        Ok(bytes)
    }
}
