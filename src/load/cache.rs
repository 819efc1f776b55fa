//! What earlier builds read: an unchanged source is not parsed again, and a build in which nothing changed reads none.
//!
//! Two files in `.newsprint/`. The index says of each source its size, modification time and the hash of its bytes; the
//! articles file holds what was parsed, without the bodies' HTML, which is made again from the source where a page needs
//! it. Later stages note what they found in files of their own. All of them only save time: they may be deleted, carried
//! to another checkout with other times, or be shared between branches, since in doubt it is the hash of the bytes that
//! decides. A preview keeps the same in memory, and nothing on disk.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use rayon::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::fingerprint::{FORMAT, Fingerprint};
use crate::fs::sealed;
use crate::load::Article;
use crate::load::markdown::Rendered;
use crate::load::snapshot::Snapshot;

/// Articles that are decoded as one piece of work.
const CHUNK: usize = 256;

/// Increase it when the notes are written otherwise.
const INDEX: u32 = 2;

/// An article and its body as they were parsed; without the HTML when they come from the cache.
pub type Parsed = (Arc<Article>, Rendered);

/// The index of the sources, and where the rest is.
#[derive(Debug, Default)]
pub struct Cache {
    storage: Storage,
    /// Of what decides how a source is read: the program and parts of the configuration.
    reader: Fingerprint,
    /// When the index was made.
    written: Option<SystemTime>,
    seen: HashMap<String, Snapshot>,
    /// Static files, in memory only.
    statics: HashMap<String, Snapshot>,
}

#[derive(Debug, Default)]
enum Storage {
    #[default]
    Nowhere,
    /// The notes' folder.
    Folder(PathBuf),
    Memory {
        articles: HashMap<String, Parsed>,
        notes: HashMap<&'static str, Vec<u8>>,
    },
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

    /// Knows nothing yet, and keeps what it learns as long as it lives.
    #[must_use]
    pub fn in_memory() -> Self {
        let storage = Storage::Memory { articles: HashMap::new(), notes: HashMap::new() };
        Self { storage, ..Self::default() }
    }

    /// Keeps notes below `state`.
    #[must_use]
    pub fn at(state: &Path) -> Self {
        Self { storage: Storage::Folder(state.to_path_buf()), ..Self::default() }
    }

    /// Where the notes are, if they are kept on disk.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        match &self.storage {
            Storage::Folder(state) => Some(state),
            Storage::Nowhere | Storage::Memory { .. } => None,
        }
    }

    /// Will there be other builds in this process?
    #[must_use]
    pub fn stays(&self) -> bool {
        matches!(self.storage, Storage::Memory { .. })
    }

    /// Says by which configuration sources are read: what was read by another is not believed. Whatever is wrong with the
    /// notes, they are then empty.
    pub fn set_reader(&mut self, config: &Config) {
        let reader = reader(config);
        match &mut self.storage {
            Storage::Nowhere => {}
            Storage::Folder(state) => {
                let path = state.join("sources");
                self.written = fs::metadata(&path).and_then(|found| found.modified()).ok();
                self.seen = read(&path, reader).unwrap_or_default();
            }
            Storage::Memory { .. } if self.reader == reader => {}
            Storage::Memory { articles, notes } => {
                articles.clear();
                notes.clear();
                self.seen.clear();
            }
        }
        self.reader = reader;
    }

    /// How the files stand now. Those that an earlier build saw are read where size and time leave a doubt; new ones
    /// are not, since they will be read anyway. `None` for a file that cannot be read.
    pub(super) fn look(&mut self, root: &Path, files: &[String]) -> Vec<Option<Snapshot>> {
        let looked = SystemTime::now();
        let this = &*self;
        let seen: Vec<Option<Snapshot>> =
            files.par_iter().map(|file| this.look_at(&root.join(file), this.seen.get(file))).collect();
        if let Storage::Memory { articles, .. } = &mut self.storage {
            // Whatever was in doubt has been read: from now on its time is past doubt, unless it turned out to be another.
            for (file, seen) in files.iter().zip(&seen) {
                let (Some(seen), Some(known)) = (seen, self.seen.get(file)) else { continue };
                if seen.has_same_metadata(known) && seen.hash != known.hash {
                    self.seen.remove(file);
                    articles.remove(file);
                }
            }
            self.written = Some(looked);
        }
        seen
    }

    fn look_at(&self, path: &Path, known: Option<&Snapshot>) -> Option<Snapshot> {
        let now = Snapshot::from_metadata(&fs::metadata(path).ok()?).ok()?;
        let Some(known) = known else { return Some(now) };
        if self.written.is_some_and(|written| now.is_settled_at(written)) && now.has_same_metadata(known) {
            return Some(*known);
        }
        now.with_hash(path).ok()
    }

    /// Fingerprints of static files. They can be large: a preview reads again only those that changed.
    pub(super) fn digests(&mut self, root: &Path, files: &[String]) -> Vec<std::io::Result<Fingerprint>> {
        let digest = |file: &String| {
            let path = root.join(file);
            let found = Snapshot::from_metadata(&fs::metadata(&path)?)?;
            match self.statics.get(file).filter(|known| found.has_same_metadata(known)) {
                Some(known) => Ok(*known),
                None => found.with_hash(&path),
            }
        };
        let now = SystemTime::now();
        let read: Vec<std::io::Result<Snapshot>> = files.par_iter().map(digest).collect();
        if let Storage::Memory { .. } = self.storage {
            let known =
                files.iter().zip(&read).filter_map(|(file, seen)| Some((file.clone(), *seen.as_ref().ok()?)));
            self.statics = known.filter(|(_, seen)| seen.is_settled_at(now)).collect();
        }
        read.into_iter().map(|seen| seen.map(|seen| seen.hash.unwrap_or_default())).collect()
    }

    /// What was parsed of sources that still hold the same bytes.
    pub(super) fn articles(&self, now: &BTreeMap<&str, Snapshot>) -> HashMap<String, Parsed> {
        let same = |file: &str| {
            let (Some(known), Some(now)) = (self.seen.get(file), now.get(file)) else { return false };
            now.hash.is_some() && known.hash == now.hash
        };
        if !now.keys().any(|file| same(file)) {
            return HashMap::new();
        }
        let state = match &self.storage {
            Storage::Nowhere => return HashMap::new(),
            Storage::Memory { articles, .. } => {
                let known = articles.iter().filter(|(file, _)| same(file));
                return known.map(|(file, parsed)| (file.clone(), parsed.clone())).collect();
            }
            Storage::Folder(state) => state,
        };
        let chunks: Vec<Vec<u8>> = read(&state.join("articles"), self.reader).unwrap_or_default();
        let decoded: Vec<Vec<(Article, Rendered)>> =
            chunks.par_iter().map(|chunk| postcard::from_bytes(chunk).unwrap_or_default()).collect();
        let articles = decoded.into_iter().flatten().filter(|(article, _)| same(&article.file));
        articles.map(|(article, body)| (article.file.clone(), (Arc::new(article), body))).collect()
    }

    /// Notes what was read. A failure only costs time at the next build. Articles whose files gave cause for warnings
    /// are left out, so that they are read, and warned of, again.
    pub(super) fn store(&mut self, seen: &BTreeMap<&str, Snapshot>, parsed: &[&Parsed]) {
        match &mut self.storage {
            Storage::Nowhere => {}
            Storage::Memory { articles, .. } => {
                let kept = parsed.iter().map(|(article, body)| (Arc::clone(article), without_html(body)));
                *articles = kept.map(|parsed| (parsed.0.file.clone(), parsed)).collect();
                self.store_index(seen);
            }
            Storage::Folder(state) => {
                let chunks: Vec<Vec<u8>> = parsed
                    .par_chunks(CHUNK)
                    .map(|chunk| chunk.iter().map(|(article, body)| (&**article, body)).collect::<Vec<_>>())
                    .map(|chunk| postcard::to_allocvec(&chunk).unwrap_or_default())
                    .collect();
                // The index last: it must never promise what the other file does not hold.
                let _ = fs::remove_file(state.join("sources"));
                if write(&state.join("articles"), self.reader, &chunks).is_ok() {
                    self.store_index(seen);
                }
            }
        }
    }

    /// Notes how the sources stand now that it is past doubt.
    pub(super) fn store_index(&mut self, now: &BTreeMap<&str, Snapshot>) {
        match &self.storage {
            Storage::Nowhere => {}
            Storage::Memory { .. } => {
                self.seen = now.iter().map(|(file, seen)| ((*file).to_owned(), *seen)).collect();
            }
            Storage::Folder(state) => {
                let _ = write(&state.join("sources"), self.reader, now);
            }
        }
    }

    /// What a later stage noted in an earlier build. It has to bring its own proof that it still holds.
    #[must_use]
    pub fn get<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        match &self.storage {
            Storage::Nowhere => None,
            Storage::Memory { notes, .. } => postcard::from_bytes(notes.get(name)?).ok(),
            Storage::Folder(state) => read(&state.join(name), self.reader),
        }
    }

    /// Notes what a later stage found.
    pub fn put<T: Serialize>(&mut self, name: &'static str, found: &T) {
        match &mut self.storage {
            Storage::Nowhere => {}
            Storage::Memory { notes, .. } => {
                notes.insert(name, postcard::to_allocvec(found).unwrap_or_default());
            }
            Storage::Folder(state) => {
                let _ = write(&state.join(name), self.reader, found);
            }
        }
    }

    /// Believes nothing any more: a source was not what the notes say.
    pub fn clear(&mut self) {
        self.seen.clear();
        self.statics.clear();
        match &mut self.storage {
            Storage::Nowhere => {}
            Storage::Folder(state) => drop(fs::remove_file(state.join("sources"))),
            Storage::Memory { articles, .. } => articles.clear(),
        }
    }

    /// Does the index say exactly this?
    pub(super) fn says(&self, now: &BTreeMap<&str, Snapshot>) -> bool {
        self.seen.len() == now.len() && now.iter().all(|(file, seen)| self.seen.get(*file) == Some(seen))
    }
}

/// Of what decides how a source is read.
fn reader(config: &Config) -> Fingerprint {
    let taxonomies: Vec<_> =
        config.taxonomies.iter().map(|taxonomy| (&taxonomy.name, &taxonomy.also)).collect();
    Fingerprint::of(&(
        (FORMAT, INDEX),
        env!("CARGO_PKG_VERSION"),
        config.timezone.name(),
        (&config.base_url.origin, &config.base_url.path),
        (config.markdown.html, config.markdown.allow, config.markdown.remote_images, &config.markdown.rel),
        (config.limits.file_bytes, config.limits.terms, config.limits.nesting),
        taxonomies,
    ))
}

fn without_html(body: &Rendered) -> Rendered {
    Rendered { html: None, digest: body.digest, length: body.length, excerpt: String::new() }
}

fn read<T: DeserializeOwned>(path: &Path, reader: Fingerprint) -> Option<T> {
    let stored: Stored<T> = sealed::read(path)?;
    (stored.reader == reader).then_some(stored.body)
}

fn write<T: Serialize>(path: &Path, reader: Fingerprint, body: &T) -> std::io::Result<()> {
    sealed::write(path, &Stored { reader, body })
}
