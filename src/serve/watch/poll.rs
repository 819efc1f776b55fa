//! Finds changed files without notifications: compares the sizes and modification times of all
//! sources with those of an earlier look.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use crate::serve::watch::roots::Roots;

/// Interval of looks if the system does not report changes.
pub(super) const POLL_INTERVAL: Duration = Duration::from_millis(500);

/// Interval of looks that detect whether the system misses changes.
pub(super) const CONTROL_INTERVAL: Duration = Duration::from_secs(3);

/// Size in bytes and modification time of each source, by its name in the digest. Files and folders
/// that cannot be read have size 0 and no time.
pub(super) type Snapshot = BTreeMap<String, (u64, Option<SystemTime>)>;

/// Looks at all sources of a digest.
pub(super) fn snapshot(roots: &Roots) -> Snapshot {
    let (files, unreadable) = roots.files();
    // What cannot be read makes a build fail until it is gone.
    let places = unreadable.into_iter().filter_map(|found| found.place);
    let mut snapshot: Snapshot = places.map(|place| (place.path, (0, None))).collect();
    let state = |file: String| {
        let found = std::fs::metadata(roots.path(&file)).ok()?;
        Some((file, (found.len(), found.modified().ok())))
    };
    snapshot.extend(files.into_iter().filter_map(state));
    snapshot
}

/// The sources that differ between two looks, including new and removed ones.
pub(super) fn changed_files(before: &Snapshot, now: &Snapshot) -> Vec<String> {
    let changed = now.iter().filter(|(file, state)| before.get(*file) != Some(state)).map(|(file, _)| file);
    let gone = before.keys().filter(|file| !now.contains_key(*file));
    changed.chain(gone).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::Options;

    #[test]
    fn files_that_do_not_decide_the_site_are_not_in_a_snapshot() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("content/articles")).unwrap();
        let roots = Roots::new(&Options::new(folder.path()));
        for name in ["content/articles/notes.txt", "content/photo.png", "other.md"] {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        assert_eq!(snapshot(&roots), Snapshot::new());
        std::fs::write(folder.path().join("content/terms.yaml"), "x").unwrap();
        assert_eq!(snapshot(&roots).len(), 1);
    }
}
