//! Caches what earlier builds read, so that an unchanged source is not parsed again and a build
//! without changes reads none.
//!
//! The cache is three files in `.newsprint/`. `sources`, the index, has the snapshot of each source:
//! size, times and the hash of its bytes. `articles` has the parsed articles without the HTML of
//! their bodies, which is rendered again from the source if a page needs it. `articles-new` has
//! those that are new or changed since `articles` was written: an edit writes few of them. Later
//! stages store their results in files of their own.
//!
//! All of these files only save time. They may be deleted, or used for another branch: whenever
//! size and times leave a doubt, the hash of the bytes decides. Those of another checkout are not
//! used (`fs/sealed.rs`). A preview keeps the same data in memory and writes nothing.
//!
//! No message is stored, since its language may be another one in the next build: a source with
//! warnings is parsed again.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use rayon::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_bytes::{ByteBuf, Bytes};

use crate::config::Config;
use crate::fingerprint::{FORMAT, Fingerprint};
use crate::fs::{Root, sealed, state as files};
use crate::load::Article;
use crate::load::markdown::Rendered;
use crate::load::snapshot::Snapshot;

/// Articles that are encoded and decoded together, as one parallel task.
const CHUNK_ARTICLES: usize = 256;

/// The file of all articles.
const ALL: &str = "articles";

/// The file of the articles that are not in the file of all, or there with another source.
const NEW: &str = "articles-new";

/// The file of all articles is written again when one of so many articles is not in it, or has
/// changed since, or is gone.
const MOST_OLD: usize = 8;

/// Version of the cache files' format: increase it with every change of what is written.
const INDEX_VERSION: u32 = 7;

/// An article and its body as parsed; the body has no HTML if it comes from the cache.
pub type Parsed = (Arc<Article>, Rendered);

/// The index of the sources, and the storage for everything else.
#[derive(Debug, Default)]
pub struct Cache {
    storage: Storage,
    /// The fingerprint of everything that decides how a source is read: the program's version and
    /// parts of the configuration.
    reader: Fingerprint,
    /// The time of the index: its file's modification time, or of the last snapshots in memory.
    written: Option<SystemTime>,
    /// Snapshots of the sources by path.
    index: HashMap<String, Snapshot>,
    /// Snapshots of static files, kept in memory only.
    statics: HashMap<String, Snapshot>,
    /// The paths of the articles whose current source is in the file of all articles.
    old: HashSet<String>,
    /// The number of the other articles in that file.
    outdated: usize,
}

#[derive(Debug, Default)]
enum Storage {
    #[default]
    Disabled,
    /// The folder of the cache files.
    Folder(PathBuf),
    /// Everything in memory: parsed articles by path, and the results of later stages by name.
    Memory { articles: HashMap<String, Parsed>, entries: HashMap<String, Vec<u8>> },
}

/// The content of a cache file, which is only valid for the same reader.
#[derive(Serialize, Deserialize)]
struct Stored<T> {
    reader: Fingerprint,
    body: T,
}

impl Cache {
    /// A cache that is empty and stores nothing.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// An empty cache that is kept in memory, for the builds of one process.
    #[must_use]
    pub fn in_memory() -> Self {
        let storage = Storage::Memory { articles: HashMap::new(), entries: HashMap::new() };
        Self { storage, ..Self::default() }
    }

    /// A cache that is stored in files below `state`.
    #[must_use]
    pub fn at(state: &Path) -> Self {
        Self { storage: Storage::Folder(state.to_path_buf()), ..Self::default() }
    }

    /// Returns the folder of the cache files, if the cache is on disk.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        match &self.storage {
            Storage::Folder(state) => Some(state),
            Storage::Disabled | Storage::Memory { .. } => None,
        }
    }

    /// True if the process runs further builds with this cache.
    #[must_use]
    pub fn stays(&self) -> bool {
        matches!(self.storage, Storage::Memory { .. })
    }

    /// Sets the configuration with which sources are read, and loads the index. Entries that were
    /// read with another configuration, or are damaged, are dropped.
    pub fn set_reader(&mut self, config: &Config) {
        let reader = reader_fingerprint(config);
        match &mut self.storage {
            Storage::Disabled => {}
            Storage::Folder(state) => {
                let path = state.join("sources");
                self.written = fs::metadata(&path).and_then(|found| found.modified()).ok();
                self.index = read_file(&path, reader).unwrap_or_default();
            }
            Storage::Memory { .. } if self.reader == reader => {}
            Storage::Memory { articles, entries } => {
                articles.clear();
                entries.clear();
                self.index.clear();
            }
        }
        self.reader = reader;
    }

    /// Takes a snapshot of each file; `None` for a file that cannot be read.
    ///
    /// A file that is in the index is read if its size and times do not prove that it is unchanged.
    /// A new file is not read here, because it has to be parsed anyway.
    pub(super) fn take_snapshots(&mut self, root: &Root, files: &[String]) -> Vec<Option<Snapshot>> {
        let now = SystemTime::now();
        let this = &*self;
        let snapshots: Vec<Option<Snapshot>> =
            files.par_iter().map(|file| this.take_snapshot(root, file)).collect();
        if let Storage::Memory { articles, .. } = &mut self.storage {
            // Every file whose times left a doubt was read above, so its metadata counts as settled
            // from now on, unless the hash turned out to differ.
            for (file, seen) in files.iter().zip(&snapshots) {
                let (Some(seen), Some(known)) = (seen, self.index.get(file)) else { continue };
                if seen.has_same_metadata(known) && seen.hash != known.hash {
                    self.index.remove(file);
                    articles.remove(file);
                }
            }
            self.written = Some(now);
        }
        snapshots
    }

    fn take_snapshot(&self, root: &Root, file: &str) -> Option<Snapshot> {
        let now = Snapshot::from_metadata(&fs::metadata(root.path(file)).ok()?).ok()?;
        let Some(known) = self.index.get(file) else { return Some(now) };
        if self.written.is_some_and(|written| now.is_settled_at(written)) && now.has_same_metadata(known) {
            return Some(*known);
        }
        now.with_hash(root, file).ok()
    }

    /// Returns the fingerprints of static files. They can be large, so a preview reads only those
    /// whose metadata changed.
    pub(super) fn static_fingerprints(
        &mut self,
        root: &Root,
        files: &[String],
    ) -> Vec<std::io::Result<Fingerprint>> {
        let fingerprint = |file: &String| {
            let found = Snapshot::from_metadata(&fs::metadata(root.path(file))?)?;
            match self.statics.get(file).filter(|known| found.has_same_metadata(known)) {
                Some(known) => Ok(*known),
                None => found.with_hash(root, file),
            }
        };
        let now = SystemTime::now();
        let read: Vec<std::io::Result<Snapshot>> = files.par_iter().map(fingerprint).collect();
        if let Storage::Memory { .. } = self.storage {
            let known =
                files.iter().zip(&read).filter_map(|(file, seen)| Some((file.clone(), *seen.as_ref().ok()?)));
            self.statics.extend(known.filter(|(_, seen)| seen.is_settled_at(now)));
        }
        read.into_iter().map(|seen| seen.map(|seen| seen.hash.unwrap_or_default())).collect()
    }

    /// Returns the cached articles whose sources still have the same bytes, by path.
    pub(super) fn articles(&mut self, now: &BTreeMap<&str, Snapshot>) -> HashMap<String, Parsed> {
        (self.old, self.outdated) = (HashSet::new(), 0);
        let same = |file: &str| {
            let (Some(known), Some(now)) = (self.index.get(file), now.get(file)) else { return false };
            now.hash.is_some() && known.hash == now.hash
        };
        if !now.keys().any(|file| same(file)) {
            return HashMap::new();
        }
        let state = match &self.storage {
            Storage::Disabled => return HashMap::new(),
            Storage::Memory { articles, .. } => {
                let known = articles.iter().filter(|(file, _)| same(file));
                return known.map(|(file, parsed)| (file.clone(), parsed.clone())).collect();
            }
            Storage::Folder(state) => state,
        };
        let is_usable = |(article, body, hash): &(Article, Rendered, Fingerprint)| {
            same(&article.file)
                && now.get(&*article.file).is_some_and(|now| now.hash == Some(*hash))
                && article.slug_place.is_possible()
                && article.feed_id.as_ref().is_none_or(|found| found.place.is_possible())
                && article.schedule.as_ref().is_none_or(|schedule| schedule.is_possible())
                && now.get(&*article.file).is_some_and(|now| now.can_hold(body.length))
        };
        let decode = |chunk: &&Bytes| -> (usize, Vec<Parsed>) {
            let articles: Vec<(Article, Rendered, Fingerprint)> =
                postcard::from_bytes(chunk).unwrap_or_default();
            let count = articles.len();
            let usable = articles.into_iter().filter(is_usable);
            (count, usable.map(|(article, body, _)| (Arc::new(article), body)).collect())
        };
        let read = |name: &str| -> (usize, HashMap<String, Parsed>) {
            let data = sealed::read_data(&state.join(name)).unwrap_or_default();
            let chunks = opened::<Vec<&Bytes>>(&data, self.reader).unwrap_or_default();
            let decoded: Vec<(usize, Vec<Parsed>)> = chunks.par_iter().map(decode).collect();
            let count = decoded.iter().map(|(count, _)| count).sum();
            let usable = decoded.into_iter().flat_map(|(_, usable)| usable);
            (count, usable.map(|parsed| (parsed.0.file.clone(), parsed)).collect())
        };
        let ((count, mut known), (_, new)) = (read(ALL), read(NEW));
        self.outdated = count - known.len();
        self.old = known.keys().cloned().collect();
        known.extend(new);
        known
    }

    /// Stores the parsed articles and the index. Failures are ignored: the next build takes longer.
    /// Articles whose files caused warnings are left out, so that they are parsed, and the warnings
    /// shown, again.
    pub(super) fn store(&mut self, seen: &BTreeMap<&str, Snapshot>, parsed: &[&Parsed]) {
        match &mut self.storage {
            Storage::Disabled => {}
            Storage::Memory { articles, .. } => {
                let kept = parsed.iter().map(|(article, body)| (Arc::clone(article), without_html(body)));
                *articles = kept.map(|parsed| (parsed.0.file.clone(), parsed)).collect();
                self.store_index(seen);
            }
            Storage::Folder(state) => {
                // With the hash of its source: one of the two files may be restored without the
                // other.
                let hash = |file: &str| seen.get(file).and_then(|seen| seen.hash).unwrap_or_default();
                let encode = |chunk: &[&Parsed]| {
                    let entries = chunk.iter().map(|(article, body)| (&**article, body, hash(&article.file)));
                    let entries: Vec<_> = entries.collect();
                    postcard::to_extend(&entries, Vec::new()).unwrap_or_default().into()
                };
                let is_new = |parsed: &&&Parsed| !self.old.contains(&parsed.0.file);
                let new: Vec<&Parsed> = parsed.iter().filter(is_new).copied().collect();
                let writes_all = (new.len() + self.outdated) * MOST_OLD >= parsed.len();
                let (name, written) = if writes_all { (ALL, parsed) } else { (NEW, &*new) };
                let chunks: Vec<ByteBuf> = written.par_chunks(CHUNK_ARTICLES).map(encode).collect();
                // The index is written last: it must not list an article that the others lack.
                let _ = files::remove(&state.join("sources"));
                if write_file(&state.join(name), self.reader, &chunks).is_ok() {
                    if writes_all {
                        let _ = files::remove(&state.join(NEW));
                    }
                    self.store_index(seen);
                }
            }
        }
    }

    /// Stores the index alone, so that the next build need not read files whose times have settled
    /// since.
    pub(super) fn store_index(&mut self, now: &BTreeMap<&str, Snapshot>) {
        match &self.storage {
            Storage::Disabled => {}
            Storage::Memory { .. } => {
                self.index = now.iter().map(|(file, seen)| ((*file).to_owned(), *seen)).collect();
            }
            Storage::Folder(state) => {
                let _ = write_file(&state.join("sources"), self.reader, now);
            }
        }
    }

    /// Returns what a later stage stored in an earlier build. The caller has to verify that it
    /// still applies.
    #[must_use]
    pub fn get<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        match &self.storage {
            Storage::Disabled => None,
            Storage::Memory { entries, .. } => postcard::from_bytes(entries.get(name)?).ok(),
            Storage::Folder(state) => read_file(&state.join(name), self.reader),
        }
    }

    /// Stores the result of a later stage under `name`.
    pub fn put<T: Serialize>(&mut self, name: &str, found: &T) {
        match &mut self.storage {
            Storage::Disabled => {}
            Storage::Memory { entries, .. } => {
                entries.insert(name.to_owned(), postcard::to_allocvec(found).unwrap_or_default());
            }
            Storage::Folder(state) => {
                let _ = write_file(&state.join(name), self.reader, found);
            }
        }
    }

    /// Clears the cache: a source did not match its entry.
    pub fn clear(&mut self) {
        self.index.clear();
        self.statics.clear();
        match &mut self.storage {
            Storage::Disabled => {}
            Storage::Folder(state) => drop(files::remove(&state.join("sources"))),
            Storage::Memory { articles, .. } => articles.clear(),
        }
    }

    /// True if the index equals these snapshots.
    pub(super) fn index_equals(&self, now: &BTreeMap<&str, Snapshot>) -> bool {
        self.index.len() == now.len() && now.iter().all(|(file, seen)| self.index.get(*file) == Some(seen))
    }
}

/// Returns the fingerprint of everything that decides how a source is read.
fn reader_fingerprint(config: &Config) -> Fingerprint {
    let taxonomies: Vec<_> =
        config.taxonomies.iter().map(|taxonomy| (&taxonomy.name, &taxonomy.also)).collect();
    Fingerprint::of(&(
        (FORMAT, INDEX_VERSION),
        env!("CARGO_PKG_VERSION"),
        (config.timezone.name(), config.date_in_slug),
        (&config.base_url.origin, &config.base_url.path),
        (config.markdown.html, config.markdown.allow, config.markdown.remote_images, &config.markdown.rel),
        (config.limits.file_bytes, config.limits.terms, config.limits.nesting),
        taxonomies,
        config.languages.iter().map(|site| site.language.tag()).collect::<Vec<_>>(),
        (config.language.tag(), config.converts()),
    ))
}

fn without_html(body: &Rendered) -> Rendered {
    Rendered { html: None, fingerprint: body.fingerprint, length: body.length, excerpt: String::new() }
}

fn read_file<T: DeserializeOwned>(path: &Path, reader: Fingerprint) -> Option<T> {
    opened(&sealed::read_data(path)?, reader)
}

/// The content of the data of a cache file, if it was written for this reader.
fn opened<'d, T: Deserialize<'d>>(data: &'d [u8], reader: Fingerprint) -> Option<T> {
    let stored: Stored<T> = postcard::from_bytes(data).ok()?;
    (stored.reader == reader).then_some(stored.body)
}

fn write_file<T: Serialize>(path: &Path, reader: Fingerprint, body: &T) -> std::io::Result<()> {
    sealed::write(path, &Stored { reader, body })
}

#[cfg(test)]
mod tests;
