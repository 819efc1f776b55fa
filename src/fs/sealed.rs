//! Reads and writes cache files: data in postcard's format, followed by a checksum.
//!
//! ```text
//! data (postcard) · the first 16 bytes of its BLAKE3 hash
//! ```
//!
//! A truncated or damaged file counts as missing. The checksum does not prove who wrote the file.

use std::fs;
use std::io;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::fingerprint::Fingerprint;
use crate::fs::atomic;

/// Reads a cache file; `None` if it is missing, damaged or of another type.
pub(crate) fn read<T: DeserializeOwned>(path: &Path) -> Option<T> {
    let bytes = fs::read(path).ok()?;
    let (data, checksum) = bytes.split_last_chunk::<16>()?;
    if Fingerprint::of_bytes(data).0.to_le_bytes() != *checksum {
        return None;
    }
    postcard::from_bytes(data).ok()
}

/// Writes a cache file; creates its folder if it is missing.
///
/// # Errors
/// Postcard cannot serialise the data, or writing fails.
pub(crate) fn write<T: Serialize>(path: &Path, data: &T) -> io::Result<()> {
    let mut bytes = postcard::to_allocvec(data).map_err(io::Error::other)?;
    let checksum = Fingerprint::of_bytes(&bytes).0.to_le_bytes();
    bytes.extend(checksum);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    atomic::replace(path, &bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_file_reads_as_missing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("caches/a");
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
}
