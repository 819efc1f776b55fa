//! Reads blocks from the open file of a cached segment.

use std::fs;
use std::io::{Read, Seek, SeekFrom};
use std::sync::Mutex;

/// The error of a cached segment whose file is missing or damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Damaged;

/// The open file of a cached segment.
#[derive(Debug)]
pub(super) struct SegmentFile {
    file: Mutex<fs::File>,
    /// The offset of the first block, in bytes.
    blocks: u64,
}

impl SegmentFile {
    pub(super) fn new(file: fs::File, blocks: u64) -> Self {
        Self { file: Mutex::new(file), blocks }
    }

    /// Reads `length` bytes at the offset `start` from the first block.
    pub(super) fn read(&self, start: u64, length: u64) -> Result<Vec<u8>, Damaged> {
        let mut bytes = vec![0; usize::try_from(length).map_err(|_| Damaged)?];
        let mut file = self.file.lock().map_err(|_| Damaged)?;
        file.seek(SeekFrom::Start(self.blocks + start)).map_err(|_| Damaged)?;
        file.read_exact(&mut bytes).map_err(|_| Damaged)?;
        Ok(bytes)
    }
}
