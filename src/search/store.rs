//! The segment cache: segments of earlier builds, in `.newsprint/search/`, or in memory while a
//! preview runs.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::fingerprint::Fingerprint;
use crate::fs::Folder;
use crate::fs::sealed::{self, Seal};
use crate::fs::state;
use crate::search::segment::{Damaged, Segment};

/// The name of the file with the fingerprints of the shards of known parts.
const PARTS: &str = "parts";

/// A segment of a store. One that an earlier build stored is opened when it is needed: a build after
/// an edit reads those of one part.
#[derive(Debug)]
pub struct StoredSegment {
    key: Fingerprint,
    /// The path of its file, the number of its articles and that of its buckets.
    file: Option<(PathBuf, usize, usize)>,
    opened: OnceLock<Option<Arc<Segment>>>,
}

impl StoredSegment {
    /// The key of the segment.
    #[must_use]
    pub fn key(&self) -> Fingerprint {
        self.key
    }

    /// Opens the segment.
    ///
    /// # Errors
    /// Its file is missing or damaged.
    pub fn open(&self) -> Result<&Segment, Damaged> {
        let open = || {
            let (path, articles, buckets) = self.file.as_ref()?;
            Segment::open(path, *articles, *buckets).map(Arc::new)
        };
        self.opened.get_or_init(open).as_deref().ok_or(Damaged)
    }

    fn opened(key: Fingerprint, segment: Arc<Segment>) -> Self {
        Self { key, file: None, opened: OnceLock::from(Some(segment)) }
    }
}

/// The segment cache. The key of a segment is the fingerprint of what it was made from.
///
/// The cache saves time and changes no result.
#[derive(Debug, Default)]
pub struct Store {
    /// The folder of the cache's files; `None` for a cache in memory.
    folder: Option<PathBuf>,
    /// The segments of a cache in memory.
    in_memory: HashMap<Fingerprint, Arc<Segment>>,
    /// The fingerprints of the shards of the last build's parts, by the key of the part.
    parts: BTreeMap<Fingerprint, Vec<Fingerprint>>,
}

impl Store {
    /// A cache in files of a folder.
    #[must_use]
    pub fn at(folder: &Path) -> Self {
        Self { folder: Some(folder.to_path_buf()), ..Self::default() }
    }

    /// A cache in memory.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::default()
    }

    /// Reads the fingerprints of the shards of the last build's parts.
    pub fn read_parts(&mut self) {
        if let Some(folder) = &self.folder {
            self.parts = sealed::read(&folder.join(PARTS)).unwrap_or_default();
        }
    }

    /// The fingerprints of the shards of a part of the last build, by the part's key. `None` if the
    /// cache does not have them, or not so many.
    #[must_use]
    pub fn part(&self, key: Fingerprint, shards: usize) -> Option<&Vec<Fingerprint>> {
        self.parts.get(&key).filter(|known| known.len() == shards)
    }

    /// A segment of a known part, which is opened when it is needed. `None` for a cache in memory,
    /// which has its segments at hand.
    #[must_use]
    pub fn stored(&self, key: Fingerprint, articles: usize, buckets: usize) -> Option<StoredSegment> {
        let path = self.folder.as_ref()?.join(key.to_string());
        Some(StoredSegment { key, file: Some((path, articles, buckets)), opened: OnceLock::new() })
    }

    /// Reads a segment of an earlier build; `None` if the cache does not have it, or not with so
    /// many articles and buckets.
    #[must_use]
    pub fn get(&self, key: Fingerprint, articles: usize, buckets: usize) -> Option<StoredSegment> {
        let found = match &self.folder {
            None => self.in_memory.get(&key).cloned(),
            Some(folder) => Segment::open(&folder.join(key.to_string()), articles, buckets).map(Arc::new),
        };
        found.map(|segment| StoredSegment::opened(key, segment))
    }

    /// Removes all segments.
    pub fn clear(&mut self) {
        self.in_memory.clear();
        if let Some(folder) = &self.folder {
            let _ = state::remove_tree(folder);
        }
    }

    /// Creates the cache's folder, for [`put`](Self::put).
    pub fn create_folder(&self) {
        if let Some(folder) = &self.folder {
            let _ = state::open_folder(folder);
        }
    }

    /// Stores a new segment and returns it. A segment in a file is read from there when it is
    /// needed, since all segments of a large digest take more memory than the rest of a build. If
    /// the disk fails, the returned segment is in memory, and the next build has to make it again.
    #[must_use]
    pub fn put(&self, key: Fingerprint, segment: Segment) -> StoredSegment {
        StoredSegment::opened(key, Arc::new(self.save(key, segment)))
    }

    fn save(&self, key: Fingerprint, segment: Segment) -> Segment {
        let Some(folder) = &self.folder else { return segment };
        let path = folder.join(key.to_string());
        let Some(seal) = Seal::of_folder(folder) else { return segment };
        let written = state::replace_with(&path, |file| segment.save(file, &seal));
        let (articles, buckets) = (segment.articles(), segment.hashes().len());
        let stored = written.ok().and_then(|()| Segment::open(&path, articles, buckets));
        stored.unwrap_or(segment)
    }

    /// Removes all segments but these, and stores the fingerprints of the shards of their parts. A
    /// cache in memory has exactly these segments afterwards.
    pub fn retain<'a>(
        &mut self,
        segments: impl Iterator<Item = &'a StoredSegment>,
        parts: BTreeMap<Fingerprint, Vec<Fingerprint>>,
    ) {
        let Some(folder) = &self.folder else {
            let opened = |segment: &StoredSegment| Some((segment.key, segment.opened.get()?.clone()?));
            self.in_memory = segments.filter_map(opened).collect();
            return;
        };
        if parts != self.parts && !parts.is_empty() {
            let _ = sealed::write(&folder.join(PARTS), &parts);
        }
        self.parts = parts;
        let names = segments.map(|segment| segment.key.to_string());
        let parts_file = (!self.parts.is_empty()).then(|| PARTS.to_owned());
        let wanted: HashSet<String> = names.chain(parts_file).collect();
        let Ok(folder) = Folder::open_real(folder) else { return };
        for name in folder.names().unwrap_or_default() {
            if !wanted.contains(&name) {
                let _ = folder.remove_file(&name);
            }
        }
    }
}
