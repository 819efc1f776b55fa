//! The segment cache: segments of earlier builds, in `.newsprint/search/`, or in memory while a
//! preview runs.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::fingerprint::Fingerprint;
use crate::fs::Folder;
use crate::fs::sealed::Seal;
use crate::fs::state;
use crate::search::segment::Segment;

/// The segment cache. The key of a segment is the fingerprint of what it was made from.
///
/// The cache saves time and changes no result.
#[derive(Debug, Default)]
pub struct Store {
    /// The folder of the cache's files; `None` for a cache in memory.
    folder: Option<PathBuf>,
    /// The segments of a cache in memory.
    in_memory: HashMap<Fingerprint, Arc<Segment>>,
}

impl Store {
    /// A cache in files of a folder.
    #[must_use]
    pub fn at(folder: &Path) -> Self {
        Self { folder: Some(folder.to_path_buf()), in_memory: HashMap::new() }
    }

    /// A cache in memory.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::default()
    }

    /// Reads a segment of an earlier build; `None` if the cache does not have it, or not with so
    /// many articles and buckets.
    #[must_use]
    pub fn get(&self, key: Fingerprint, articles: usize, buckets: usize) -> Option<Arc<Segment>> {
        match &self.folder {
            None => self.in_memory.get(&key).cloned(),
            Some(folder) => Segment::open(&folder.join(key.to_string()), articles, buckets).map(Arc::new),
        }
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
    pub fn put(&self, key: Fingerprint, segment: Segment) -> Arc<Segment> {
        let Some(folder) = &self.folder else { return Arc::new(segment) };
        let path = folder.join(key.to_string());
        let Some(seal) = Seal::of_folder(folder) else { return Arc::new(segment) };
        let written = state::replace_with(&path, |file| segment.save(file, &seal));
        let (articles, buckets) = (segment.articles(), segment.hashes().len());
        let stored = written.ok().and_then(|()| Segment::open(&path, articles, buckets));
        Arc::new(stored.unwrap_or(segment))
    }

    /// Removes all segments but these. A cache in memory has exactly these afterwards.
    pub fn retain(&mut self, segments: &[(Fingerprint, Arc<Segment>)]) {
        let Some(folder) = &self.folder else {
            self.in_memory = segments.iter().map(|(key, segment)| (*key, Arc::clone(segment))).collect();
            return;
        };
        let wanted: HashSet<String> = segments.iter().map(|(key, _)| key.to_string()).collect();
        let Ok(folder) = Folder::open_real(folder) else { return };
        for name in folder.names().unwrap_or_default() {
            if !wanted.contains(&name) {
                let _ = folder.remove_file(&name);
            }
        }
    }
}
