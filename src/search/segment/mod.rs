//! Segments: sorted lists of the grams of some hundred articles, by bucket. The segment cache stores
//! them.
//!
//! The file of a segment:
//!
//! ```text
//! length of the head, 8 bytes · head (postcard) · hash of the head, 16 bytes
//! the blocks of all buckets
//! ```
//!
//! [`Segment::open`] reads the head; the blocks of a shard are read when it is needed.

mod block;
mod file;
mod indexer;
mod posting;

use std::fs;
use std::io::{self, Read, Write};
use std::ops::Range;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::fingerprint::Fingerprint;
use crate::fs::guarded;
use crate::fs::sealed::Seal;
use block::Codes;
pub use block::{FieldMentions, Mention, NamedGram, ShardContent};
pub use file::Damaged;
use file::SegmentFile;
pub use indexer::{Indexer, Texts};
pub use posting::MAX_ARTICLES;

/// The version of the format of segment files. Increase it when the format changes.
pub(super) const FORMAT: u32 = 5;

/// The grams of some articles and their places: a block of bytes for each bucket (see `block.rs`).
#[derive(Debug)]
pub struct Segment {
    head: Head,
    /// The offset of the block of every [`STEP`]th bucket, in bytes from the first block.
    starts: Vec<u64>,
    blocks: Blocks,
}

/// The head of a segment, which describes its blocks.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Head {
    /// The number of articles.
    articles: u32,
    /// By field: the Rice parameter of the cells in the blocks.
    cells: [u32; 4],
    /// By bucket: the hash of its block.
    hashes: Vec<u64>,
    /// By bucket: the length of its block, in bytes.
    lengths: Vec<u32>,
}

/// The number of buckets for which a segment holds one offset. A large index has millions of blocks.
const STEP: usize = 64;

#[derive(Debug)]
enum Blocks {
    InMemory(Box<[u8]>),
    InFile(SegmentFile),
}

impl Segment {
    fn new(head: Head, blocks: Blocks) -> Self {
        let ends = head.lengths.chunks(STEP).scan(0, |end, lengths| {
            *end += sum(lengths);
            Some(*end)
        });
        let starts = std::iter::once(0).chain(ends).collect();
        Self { head, starts, blocks }
    }

    /// The offset of the block of a bucket, in bytes from the first block.
    fn start(&self, bucket: usize) -> u64 {
        let before = bucket / STEP;
        self.starts[before] + sum(&self.head.lengths[before * STEP..bucket])
    }

    /// The number of articles.
    #[must_use]
    pub fn articles(&self) -> usize {
        self.head.articles as usize
    }

    /// By bucket: the hash of the segment's block; 0 for an empty block.
    #[must_use]
    pub fn hashes(&self) -> &[u64] {
        &self.head.hashes
    }

    /// The numbers on which the meaning of the blocks' bytes depends.
    #[must_use]
    pub fn meaning(&self) -> (u32, [u32; 4]) {
        self.codes().meaning()
    }

    fn codes(&self) -> Codes {
        Codes::new(self.head.articles, self.head.cells)
    }

    /// Appends the segment's blocks of some neighbouring buckets to `content`. `first` is the
    /// number of the segment's first article in its part.
    ///
    /// # Errors
    /// The segment's file is missing or damaged.
    pub fn gather(
        &self,
        buckets: Range<usize>,
        first: u32,
        content: &mut ShardContent,
    ) -> Result<(), Damaged> {
        let (start, end) = (self.start(buckets.start), self.start(buckets.end));
        if start == end {
            return Ok(());
        }
        let read;
        let blocks = match &self.blocks {
            Blocks::InMemory(blocks) => {
                let place = |at| usize::try_from(at).map_err(|_| Damaged);
                blocks.get(place(start)?..place(end)?).ok_or(Damaged)?
            }
            Blocks::InFile(file) => {
                read = file.read(start, end - start)?;
                &read[..]
            }
        };
        let codes = self.codes();
        let all = self.head.lengths.len();
        let mut rest = blocks;
        for bucket in buckets {
            let length = self.head.lengths[bucket] as usize;
            let (block, later) = rest.split_at_checked(length).ok_or(Damaged)?;
            rest = later;
            if block.is_empty() {
                continue;
            }
            if matches!(self.blocks, Blocks::InFile(_)) && hash_of(block) != self.head.hashes[bucket] {
                return Err(Damaged);
            }
            content.append_block(block, [bucket, all], first, codes).ok_or(Damaged)?;
        }
        Ok(())
    }

    /// Writes the sealed head and all blocks to an empty file. Writes nothing if the segment was
    /// read from a file.
    ///
    /// # Errors
    /// The disk fails.
    pub(crate) fn save(&self, file: &mut fs::File, seal: &Seal) -> io::Result<()> {
        let Blocks::InMemory(blocks) = &self.blocks else { return Ok(()) };
        let head = postcard::to_allocvec(&self.head).map_err(io::Error::other)?;
        file.write_all(&(head.len() as u64).to_le_bytes())?;
        file.write_all(&head)?;
        file.write_all(&seal.seal(&head))?;
        file.write_all(blocks)
    }

    /// Opens a segment's file; `None` if it is missing, its head is damaged or from another folder,
    /// it has another number of articles or buckets, or its length is not the one that the head
    /// gives. The blocks are checked when they are read.
    #[must_use]
    pub fn open(path: &Path, articles: usize, buckets: usize) -> Option<Self> {
        let seal = Seal::of_file(path)?;
        let mut file = guarded::open(path).ok()?;
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
        if seal.seal(bytes) != *hash {
            return None;
        }
        let head: Head = postcard::from_bytes(bytes).ok()?;
        let has_all = head.articles as usize == articles
            && head.hashes.len() == buckets
            && head.lengths.len() == buckets
            && head.cells.iter().all(|&parameter| parameter < 32);
        let blocks = 8 + length + 16;
        let segment = Self::new(head, Blocks::InFile(SegmentFile::new(file, blocks)));
        (has_all && blocks + segment.start(buckets) == size).then_some(segment)
    }
}

fn sum(lengths: &[u32]) -> u64 {
    lengths.iter().map(|&length| u64::from(length)).sum()
}

/// The hash of a block, by which a build knows that it is unchanged; 0 if it is empty.
fn hash_of(block: &[u8]) -> u64 {
    if block.is_empty() { 0 } else { Fingerprint::of_bytes(block).0 as u64 }
}
