//! Some hundred articles as sorted lists of grams, by shard: what is kept between builds.
//!
//! A segment in a file: its head is read at once, a shard's block when it is asked for.
//!
//! ```text
//! length of the head, 8 bytes · head (postcard) · hash of the head, 16 bytes
//! the blocks of all shards
//! ```

mod block;
mod file;
mod indexer;
mod met;

use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::fingerprint::Fingerprint;
pub use block::{Gathered, Mention, Named, Run};
pub use file::Damaged;
use file::File;
pub use indexer::{Indexer, Texts};
pub use met::MAX_ARTICLES;

/// Increase it when segments are kept in another form.
pub(super) const FORMAT: u32 = 2;

/// The grams of some articles and where they stand: for each shard a block of bytes (see `block.rs`).
#[derive(Debug)]
pub struct Segment {
    head: Head,
    /// Where each shard's block begins; and where the last one ends.
    starts: Vec<u64>,
    blocks: Blocks,
}

/// What is known of a segment without its blocks.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Head {
    /// How many articles it has.
    articles: u32,
    /// For each shard, of its block.
    hashes: Vec<Fingerprint>,
    /// For each shard, the bytes of its block.
    lengths: Vec<u32>,
}

#[derive(Debug)]
enum Blocks {
    Here(Box<[u8]>),
    Kept(File),
}

impl Segment {
    fn new(head: Head, blocks: Blocks) -> Self {
        let ends = head.lengths.iter().scan(0, |end, &length| {
            *end += u64::from(length);
            Some(*end)
        });
        let starts = std::iter::once(0).chain(ends).collect();
        Self { head, starts, blocks }
    }

    /// For each shard, of what it holds; the default one where it holds nothing.
    #[must_use]
    pub fn hashes(&self) -> &[Fingerprint] {
        &self.head.hashes
    }

    /// Adds what it holds of a shard. `first` is the number of its first article.
    ///
    /// # Errors
    /// A kept segment's file is gone or damaged.
    pub fn gather(&self, shard: usize, first: u32, gathered: &mut Gathered) -> Result<(), Damaged> {
        if self.head.hashes[shard] == Fingerprint::default() {
            return Ok(());
        }
        let (start, end) = (self.starts[shard], self.starts[shard + 1]);
        let read;
        let block = match &self.blocks {
            Blocks::Here(blocks) => {
                let place = |at| usize::try_from(at).map_err(|_| Damaged);
                blocks.get(place(start)?..place(end)?).ok_or(Damaged)?
            }
            Blocks::Kept(file) => {
                read = file.read(start, end - start)?;
                if Fingerprint::of_bytes(&read) != self.head.hashes[shard] {
                    return Err(Damaged);
                }
                &read
            }
        };
        gathered.read(block, first, self.head.articles).ok_or(Damaged)
    }

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
        let segment = Self::new(head, Blocks::Kept(File::new(file, blocks)));
        (has_all && segment.starts.last().is_some_and(|end| blocks + end == size)).then_some(segment)
    }
}
