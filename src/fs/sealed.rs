//! Reads and writes cache files: data in postcard's format, followed by a seal.
//!
//! ```text
//! data (postcard) · seal (16 bytes)
//! ```
//!
//! The seal is a keyed hash of the data. Its key is the identity of the folder that holds the file:
//! its number (inode) and the time of its creation. An archive or a clone cannot bring a folder
//! with a chosen creation time, so a cache counts only in the folder in which newsprint wrote it. A
//! cache that came with a digest, was copied or was restored counts as missing, as does a damaged
//! one. Where the disk has no creation times, all caches count as missing.

use std::fs;
use std::io;
use std::path::Path;
use std::time::UNIX_EPOCH;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::fs::{guarded, state};

/// The key of the seals in one folder.
#[derive(Debug)]
pub struct Seal([u8; 32]);

impl Seal {
    /// The key for the files of a folder; `None` if it has no creation time or is a symbolic link.
    #[must_use]
    pub fn of_folder(folder: &Path) -> Option<Self> {
        let found = fs::symlink_metadata(folder).ok().filter(fs::Metadata::is_dir)?;
        let created = found.created().ok()?.duration_since(UNIX_EPOCH).ok()?.as_nanos();
        let identity = [created.to_le_bytes(), u128::from(number(&found)).to_le_bytes()].concat();
        Some(Self(blake3::derive_key("newsprint cache 1", &identity)))
    }

    /// The key for a file, by its folder.
    #[must_use]
    pub fn of_file(path: &Path) -> Option<Self> {
        Self::of_folder(path.parent()?)
    }

    /// The seal of data.
    #[must_use]
    pub fn seal(&self, data: &[u8]) -> [u8; 16] {
        let mut seal = [0; 16];
        seal.copy_from_slice(&blake3::keyed_hash(&self.0, data).as_bytes()[..16]);
        seal
    }
}

#[cfg(unix)]
fn number(found: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(found)
}

#[cfg(not(unix))]
fn number(_: &fs::Metadata) -> u64 {
    0
}

/// Reads a cache file; `None` if it is missing, damaged, of another type, or from another folder.
pub(crate) fn read<T: DeserializeOwned>(path: &Path) -> Option<T> {
    postcard::from_bytes(&read_data(path)?).ok()
}

/// Reads the data of a cache file; `None` if its seal is not right.
#[must_use]
pub fn read_data(path: &Path) -> Option<Vec<u8>> {
    let seal = Seal::of_file(path)?;
    let mut bytes = guarded::read(path, guarded::MAX_STATE_BYTES).ok()?;
    let (data, found) = bytes.split_last_chunk::<16>()?;
    if seal.seal(data) != *found {
        return None;
    }
    bytes.truncate(bytes.len() - 16);
    Some(bytes)
}

/// Writes a cache file; creates its folder if it is missing.
///
/// # Errors
/// Postcard cannot serialise the data, the folder has no creation time, or writing fails.
pub(crate) fn write<T: Serialize>(path: &Path, data: &T) -> io::Result<()> {
    write_data(path, postcard::to_extend(data, Vec::new()).map_err(io::Error::other)?)
}

/// Writes data with its seal; creates the file's folder if it is missing.
///
/// # Errors
/// The folder has no creation time, or writing fails.
pub fn write_data(path: &Path, mut data: Vec<u8>) -> io::Result<()> {
    let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    state::open_folder(folder)?;
    let seal = Seal::of_folder(folder).ok_or(io::ErrorKind::Unsupported)?;
    data.extend(seal.seal(&data));
    state::replace(path, &data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_file_reads_as_missing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap().join("caches/a");
        write(&path, &(7_u32, "文")).unwrap();
        assert_eq!(read::<(u32, String)>(&path), Some((7, "文".to_owned())));
        let whole = fs::read(&path).unwrap();
        let mut flipped = whole.clone();
        flipped[1] ^= 1;
        for damaged in [&whole[..whole.len() - 1], &whole[..3], &[], &flipped] {
            fs::write(&path, damaged).unwrap();
            assert_eq!(read::<(u32, String)>(&path), None);
        }
        assert_eq!(read::<(u32, String)>(&folder.path().join("absent")), None);
    }

    #[test]
    fn a_file_of_another_folder_reads_as_missing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap().join("caches/a");
        write(&path, &7_u32).unwrap();
        let copy = folder.path().join("copy");
        fs::create_dir(&copy).unwrap();
        fs::copy(&path, copy.join("a")).unwrap();
        assert_eq!(read::<u32>(&copy.join("a")), None);
        // The same folder under another name is the same folder.
        fs::rename(folder.path().join("caches"), folder.path().join("moved")).unwrap();
        assert_eq!(read::<u32>(&folder.path().join("moved/a")), Some(7));
    }
}
