//! A segment in a file: its head is read at once, a shard's grams when they are asked for.
//!
//! ```text
//! length of the head, 8 bytes · head (postcard) · hash of the head, 16 bytes
//! for each shard: plain grams, where the places of each end, all places; the same of named grams (4 bytes each)
//! ```

use std::fs;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Mutex;

use crate::fingerprint::Fingerprint;
use crate::search::segment::{Damaged, Grams, Head, Place, Segment, Tables};

/// An open file, and where each shard's grams begin in it.
#[derive(Debug)]
pub(super) struct File {
    file: Mutex<fs::File>,
    starts: Vec<u64>,
}

/// Numbers of a shard, by the counts of its grams and places.
fn numbers([plain, plain_places, named, named_places]: [u32; 4]) -> u64 {
    2 * (u64::from(plain) + u64::from(named)) + u64::from(plain_places) + u64::from(named_places)
}

impl File {
    /// The plain and named grams of a shard. What they say is checked by who asked, but for what would lead out of the places.
    pub(super) fn read(&self, shard: usize, counts: [u32; 4]) -> Result<[Grams<'static>; 2], Damaged> {
        let mut bytes = vec![0; usize::try_from(numbers(counts) * 4).map_err(|_| Damaged)?];
        if !bytes.is_empty() {
            let mut file = self.file.lock().map_err(|_| Damaged)?;
            file.seek(SeekFrom::Start(self.starts[shard])).map_err(|_| Damaged)?;
            file.read_exact(&mut bytes).map_err(|_| Damaged)?;
        }
        let (numbers, _) = bytes.as_chunks::<4>();
        let mut numbers = numbers.iter().map(|bytes| u32::from_le_bytes(*bytes));
        let mut grams = |grams: u32, places: u32| {
            let mut take = |count: u32| numbers.by_ref().take(count as usize).collect::<Vec<u32>>();
            let (grams, ends) = (take(grams), take(grams));
            let places = take(places).into_iter().map(Place).collect::<Vec<_>>();
            let within = ends.is_sorted() && ends.last().map_or(0, |&end| end as usize) == places.len();
            within.then_some(Grams::Read { grams, ends, places }).ok_or(Damaged)
        };
        Ok([grams(counts[0], counts[1])?, grams(counts[2], counts[3])?])
    }
}

impl Segment {
    /// Writes it to a new file.
    ///
    /// # Errors
    /// The file cannot be written, or is there.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        let Tables::Here { plain, named } = &self.tables else { return Ok(()) };
        let head = postcard::to_allocvec(&self.head).map_err(io::Error::other)?;
        let mut file = io::BufWriter::with_capacity(1 << 16, fs::File::create_new(path)?);
        file.write_all(&(head.len() as u64).to_le_bytes())?;
        file.write_all(&head)?;
        file.write_all(&Fingerprint::of_bytes(&head).0.to_le_bytes())?;
        let mut bytes = Vec::new();
        for shard in 0..self.head.hashes.len() {
            bytes.clear();
            for table in [plain, named] {
                table.shard(shard).write(&mut bytes);
            }
            file.write_all(&bytes)?;
        }
        file.into_inner().map(drop).map_err(io::IntoInnerError::into_error)
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
        let mut start = 8 + length + 16;
        let mut starts = Vec::with_capacity(head.counts.len());
        for &counts in &head.counts {
            starts.push(start);
            start += numbers(counts) * 4;
        }
        let is_whole = start == size && head.counts.len() == shards && head.hashes.len() == shards;
        let tables = Tables::Kept(File { file: Mutex::new(file), starts });
        is_whole.then_some(Self { head, tables })
    }
}
