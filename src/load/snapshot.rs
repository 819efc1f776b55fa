//! Describes how a source file is on disk: size, times and the hash of its bytes.

use std::fs;
use std::io;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::fingerprint::Fingerprint;
use crate::fs::Root;
use crate::text::han::Length;

/// The largest source file that is read, in bytes: the limit of a whole site on GitHub Pages.
pub(super) const MAX_HASHED_BYTES: u64 = 1 << 30;
/// The resolution of coarse file times (FAT, some network disks). A file that changed this shortly
/// before the index was written may have changed again at the same recorded time.
const FILE_TIME_RESOLUTION: Duration = Duration::from_secs(2);

/// A source file's size and times, and the hash of its bytes. The times are nanoseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Snapshot {
    /// Bytes.
    size: u64,
    modified: u128,
    /// When anything about the file changed, its times included (`ctime`); 0 where the system does
    /// not report it. The modification time alone is not enough: an archive sets it to any value.
    changed: u128,
    /// The hash of the file's bytes; `None` until the file is read.
    pub(super) hash: Option<Fingerprint>,
}

impl Snapshot {
    /// Takes size and times from a file's metadata, without reading the file.
    pub(super) fn from_metadata(found: &fs::Metadata) -> io::Result<Self> {
        let modified = found.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        Ok(Self { size: found.len(), modified, changed: change_time(found), hash: None })
    }

    /// Reads the file and adds the hash of its bytes.
    pub(super) fn with_hash(self, root: &Root, file: &str) -> io::Result<Self> {
        let file = root.open_file(file)?;
        if file.metadata()?.len() > MAX_HASHED_BYTES {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, tr!("it is larger than 1 GB")));
        }
        Ok(Self { hash: Some(Fingerprint::of_reader(file)?), ..self })
    }

    /// True if the text of a source of this size can have this length.
    pub(super) fn can_hold(&self, text: Length) -> bool {
        text.characters.checked_add(text.words).is_some_and(|units| units as u64 <= self.size)
    }

    /// True if size and times are equal. The hash is not compared.
    pub(super) fn has_same_metadata(&self, known: &Self) -> bool {
        (self.size, self.modified, self.changed) == (known.size, known.modified, known.changed)
    }

    /// True if the file changed so long before `then` that no later change has the same recorded
    /// time.
    pub(super) fn is_settled_at(&self, then: SystemTime) -> bool {
        let last = self.modified.max(self.changed) + FILE_TIME_RESOLUTION.as_nanos();
        then.duration_since(UNIX_EPOCH).is_ok_and(|then| last < then.as_nanos())
    }
}

#[cfg(unix)]
fn change_time(found: &fs::Metadata) -> u128 {
    use std::os::unix::fs::MetadataExt;
    let nanoseconds = i128::from(found.ctime()) * 1_000_000_000 + i128::from(found.ctime_nsec());
    u128::try_from(nanoseconds).unwrap_or_default()
}

#[cfg(not(unix))]
fn change_time(_: &fs::Metadata) -> u128 {
    0
}
