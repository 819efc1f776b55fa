//! What earlier builds read: an unchanged source is not parsed again, and a build in which nothing changed reads none.
//!
//! Two files in `.newsprint/`. The index says of each source its size, modification time and the hash of its bytes; the
//! articles file holds what was parsed, without the bodies' HTML, which is made again from the source where a page needs
//! it. Later stages note what they found in files of their own. All of them only save time: they may be deleted, carried
//! to another checkout with other times, or be shared between branches, since in doubt it is the hash of the bytes that
//! decides.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use rayon::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::fingerprint::{FORMAT, Fingerprint};
use crate::load::Article;

/// Articles that are decoded as one piece of work.
const CHUNK: usize = 256;

/// A file that changed this shortly before the index was written may have changed again at the same recorded time
/// (coarse clocks, as on FAT and some network disks).
const DOUBT: Duration = Duration::from_secs(2);

/// How a source stands, and what is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seen {
    size: u64,
    modified: u128,
    /// Of its bytes; `None` until somebody reads it.
    pub(super) hash: Option<Fingerprint>,
}

/// The index of the sources.
#[derive(Debug, Default)]
pub struct Cache {
    /// The notes' folder; `None` if there are to be none.
    state: Option<PathBuf>,
    /// Of what decides how a source is read: the program and parts of the configuration.
    reader: Fingerprint,
    written: Option<std::time::SystemTime>,
    seen: HashMap<String, Seen>,
}

#[derive(Serialize, Deserialize)]
struct Stored<T> {
    reader: Fingerprint,
    body: T,
}

impl Cache {
    /// Knows nothing and notes nothing.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Opens the notes below `state`; whatever is wrong with them, they are then empty.
    #[must_use]
    pub fn open(state: &Path, config: &Config) -> Self {
        let taxonomies: Vec<_> =
            config.taxonomies.iter().map(|taxonomy| (&taxonomy.name, &taxonomy.also)).collect();
        let reader = Fingerprint::of(&(
            FORMAT,
            env!("CARGO_PKG_VERSION"),
            config.timezone.name(),
            &config.base_url.path,
            taxonomies,
        ));
        let path = state.join("sources");
        let written = fs::metadata(&path).and_then(|found| found.modified()).ok();
        let stored: Option<HashMap<String, Seen>> = read(&path, reader);
        Self { state: Some(state.to_path_buf()), reader, written, seen: stored.unwrap_or_default() }
    }

    /// How the files stand now. Those that an earlier build saw are read where size and time leave a doubt; new ones
    /// are not, since they will be read anyway. `None` for a file that cannot be read.
    pub(super) fn look(&self, root: &Path, files: &[String]) -> Vec<Option<Seen>> {
        files.par_iter().map(|file| self.look_at(&root.join(file), self.seen.get(file))).collect()
    }

    fn look_at(&self, path: &Path, known: Option<&Seen>) -> Option<Seen> {
        let found = fs::metadata(path).ok()?;
        let modified = found.modified().ok()?;
        let nanoseconds = modified.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        let mut hash = None;
        if let Some(known) = known {
            let settled = self.written.is_some_and(|written| modified + DOUBT < written);
            if settled && known.size == found.len() && known.modified == nanoseconds {
                return Some(*known);
            }
            hash = Some(Fingerprint::of_bytes(&fs::read(path).ok()?));
        }
        Some(Seen { size: found.len(), modified: nanoseconds, hash })
    }

    /// What was parsed of sources that still hold the same bytes.
    pub(super) fn articles(&self, now: &BTreeMap<&str, Seen>) -> HashMap<String, Article> {
        let same = |file: &str| {
            let (Some(known), Some(now)) = (self.seen.get(file), now.get(file)) else { return false };
            now.hash.is_some() && known.hash == now.hash
        };
        if !now.keys().any(|file| same(file)) {
            return HashMap::new();
        }
        let Some(state) = &self.state else { return HashMap::new() };
        let chunks: Vec<Vec<u8>> = read(&state.join("articles"), self.reader).unwrap_or_default();
        let decoded: Vec<Vec<Article>> =
            chunks.par_iter().map(|chunk| postcard::from_bytes(chunk).unwrap_or_default()).collect();
        let articles = decoded.into_iter().flatten().filter(|article| same(&article.file));
        articles.map(|article| (article.file.clone(), article)).collect()
    }

    /// Notes what was read. A failure only costs time at the next build. Articles whose files gave cause for warnings
    /// are left out, so that they are read, and warned of, again.
    pub(super) fn store(&self, seen: &BTreeMap<&str, Seen>, articles: &[&Article]) {
        let Some(state) = &self.state else { return };
        let chunks: Vec<Vec<u8>> = articles
            .par_chunks(CHUNK)
            .map(|chunk| postcard::to_allocvec(chunk).unwrap_or_default())
            .collect();
        // The index last: it must never promise what the other file does not hold.
        let _ = fs::remove_file(state.join("sources"));
        if write(&state.join("articles"), self.reader, &chunks).is_some() {
            self.store_index(seen);
        }
    }

    /// Notes how the sources stand now that it is past doubt.
    pub(super) fn store_index(&self, seen: &BTreeMap<&str, Seen>) {
        if let Some(state) = &self.state {
            write(&state.join("sources"), self.reader, seen);
        }
    }

    /// What a later stage noted in an earlier build. It has to bring its own proof that it still holds.
    #[must_use]
    pub fn noted<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        read(&self.state.as_ref()?.join(name), self.reader)
    }

    /// Notes what a later stage found.
    pub fn note<T: Serialize>(&self, name: &str, found: &T) {
        if let Some(state) = &self.state {
            write(&state.join(name), self.reader, found);
        }
    }

    /// Does the index say exactly this?
    pub(super) fn says(&self, now: &BTreeMap<&str, Seen>) -> bool {
        self.seen.len() == now.len() && now.iter().all(|(file, seen)| self.seen.get(*file) == Some(seen))
    }
}

fn read<T: for<'de> Deserialize<'de>>(path: &Path, reader: Fingerprint) -> Option<T> {
    let bytes = fs::read(path).ok()?;
    let (body, checksum) = bytes.split_last_chunk::<16>()?;
    // Half a file, or one with a flipped bit, must not become an article.
    if Fingerprint::of_bytes(body).0.to_le_bytes() != *checksum {
        return None;
    }
    let stored: Stored<T> = postcard::from_bytes(body).ok()?;
    (stored.reader == reader).then_some(stored.body)
}

fn write<T: Serialize>(path: &Path, reader: Fingerprint, body: &T) -> Option<()> {
    let mut bytes = postcard::to_allocvec(&Stored { reader, body }).ok()?;
    let checksum = Fingerprint::of_bytes(&bytes).0.to_le_bytes();
    bytes.extend(checksum);
    let temporary = path.with_extension("tmp");
    fs::create_dir_all(path.parent()?).ok()?;
    fs::write(&temporary, bytes).ok()?;
    fs::rename(temporary, path).ok()
}
