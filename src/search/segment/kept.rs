//! A segment in a file: its head is read at once, a shard's block when it is asked for.
//!
//! ```text
//! length of the head, 8 bytes · head (postcard) · hash of the head, 16 bytes
//! the blocks of all shards
//! ```

use std::fs;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Mutex;

use crate::fingerprint::Fingerprint;
use crate::search::segment::{Blocks, Damaged, Head, Segment};

/// An open file, and where its blocks begin.
#[derive(Debug)]
pub(super) struct File {
    file: Mutex<fs::File>,
    blocks: u64,
}

impl File {
    /// Bytes of the blocks.
    pub(super) fn read(&self, start: u64, length: u64) -> Result<Vec<u8>, Damaged> {
        let mut bytes = vec![0; usize::try_from(length).map_err(|_| Damaged)?];
        let mut file = self.file.lock().map_err(|_| Damaged)?;
        file.seek(SeekFrom::Start(self.blocks + start)).map_err(|_| Damaged)?;
        file.read_exact(&mut bytes).map_err(|_| Damaged)?;
        Ok(bytes)
    }
}

impl Segment {
    /// Writes the head and all blocks to an empty file.
    ///
    /// # Errors
    /// The disk fails.
    pub fn save(&self, file: &mut fs::File) -> io::Result<()> {
        let Blocks::Here(blocks) = &self.blocks else { return Ok(()) };
        let head = postcard::to_allocvec(&self.head).map_err(io::Error::other)?;
        file.write_all(&(head.len() as u64).to_le_bytes())?;
        file.write_all(&head)?;
        file.write_all(&Fingerprint::of_bytes(&head).0.to_le_bytes())?;
        file.write_all(blocks)
    }

    /// Opens a kept segment; `None` if there is none, or none that is whole as far as the head says.
    #[must_use]
    pub fn open(path: &Path, shards: usize) -> Option<Self> {
        let mut file = fs::File::open(path).ok()?;
        let mut length = [0; 8];
        file.read_exact(&mut length).ok()?;
        let length = u64::from_le_bytes(length);
        let size = file.metadata().ok()?.len();
        if length > size {
            return None;
        }
        let mut bytes = vec![0; usize::try_from(length).ok()? + 16];
        file.read_exact(&mut bytes).ok()?;
        let (bytes, hash) = bytes.split_last_chunk::<16>()?;
        if Fingerprint::of_bytes(bytes).0.to_le_bytes() != *hash {
            return None;
        }
        let head: Head = postcard::from_bytes(bytes).ok()?;
        let has_all = head.hashes.len() == shards && head.lengths.len() == shards;
        let blocks = 8 + length + 16;
        let segment = Self::new(head, Blocks::Kept(File { file: Mutex::new(file), blocks }));
        (has_all && segment.starts.last().is_some_and(|end| blocks + end == size)).then_some(segment)
    }
}
