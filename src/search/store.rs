//! The segments of earlier builds: in `.newsprint/search/`, or in memory while a preview runs.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::fingerprint::Fingerprint;
use crate::fs::atomic;
use crate::search::segment::Segment;

/// Keeps segments by the fingerprint of what they were made from. All of it only saves time.
#[derive(Debug, Default)]
pub struct Store {
    folder: Option<PathBuf>,
    kept: HashMap<Fingerprint, Arc<Segment>>,
}

impl Store {
    /// Keeps them in files of this folder.
    #[must_use]
    pub fn at(folder: &Path) -> Self {
        Self { folder: Some(folder.to_path_buf()), kept: HashMap::new() }
    }

    /// Keeps them as long as it lives.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::default()
    }

    /// A segment that an earlier build made.
    #[must_use]
    pub fn get(&self, key: Fingerprint, shards: usize) -> Option<Arc<Segment>> {
        match &self.folder {
            None => self.kept.get(&key).cloned(),
            Some(folder) => Segment::open(&folder.join(key.to_string()), shards).map(Arc::new),
        }
    }

    /// Believes nothing any more.
    pub fn clear(&mut self) {
        self.kept.clear();
        if let Some(folder) = &self.folder {
            let _ = fs::remove_dir_all(folder);
        }
    }

    /// Makes room for what will be put.
    pub fn open(&self) {
        if let Some(folder) = &self.folder {
            let _ = fs::create_dir_all(folder);
        }
    }

    /// Takes a segment that was not there. What is kept in a file is read from there again when it is asked for, since all segments of a
    /// large digest are more than everything else that a build holds. A failure only costs memory now, and time at the next build.
    #[must_use]
    pub fn put(&self, key: Fingerprint, segment: Segment, shards: usize) -> Arc<Segment> {
        let Some(folder) = &self.folder else { return Arc::new(segment) };
        let path = folder.join(key.to_string());
        let written = atomic::replace_with(&path, |file| segment.save(file));
        let kept = written.ok().and_then(|()| Segment::open(&path, shards));
        Arc::new(kept.unwrap_or(segment))
    }

    /// Keeps these segments and forgets all others.
    pub fn keep(&mut self, segments: &[(Fingerprint, Arc<Segment>)]) {
        let Some(folder) = &self.folder else {
            self.kept = segments.iter().map(|(key, segment)| (*key, Arc::clone(segment))).collect();
            return;
        };
        let wanted: HashSet<String> = segments.iter().map(|(key, _)| key.to_string()).collect();
        for entry in fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
            if !wanted.contains(&*entry.file_name().to_string_lossy()) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}
