//! The ledger: what each target was told, in `.newsprint/announced`.
//!
//! ```text
//! version line · data (postcard) · checksum (16 bytes)
//! ```
//!
//! It has a checksum and no seal, since it must survive in another folder: a CI job restores it. A
//! file that is missing, damaged or of another version counts as missing: then everything that the
//! digest has counts as announced, and nothing is sent.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::fingerprint::Fingerprint;
use crate::fs::{guarded, state};

/// The name of the file in the state folder.
const FILE: &str = "announced";
/// The beginning of the file.
const VERSION: &[u8] = b"newsprint announced 1\n";
/// The length of the checksum in bytes.
const CHECKSUM: usize = 16;

/// What a target was told.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Told {
    /// The platform of the target: with another one, it is another target.
    pub(super) to: String,
    /// The keys of the articles that were announced, or that count as such.
    pub(super) articles: BTreeSet<Fingerprint>,
    /// The keys of the articles of a message that is being sent. A run that is ended then leaves
    /// them here: the message may have arrived.
    pub(super) sending: BTreeSet<Fingerprint>,
    /// The fingerprints of the bytes of pages or feeds, by URL.
    pub(super) pages: BTreeMap<String, Fingerprint>,
}

/// The ledger of a digest.
#[derive(Debug)]
pub(super) struct Ledger {
    path: PathBuf,
    told: BTreeMap<String, Told>,
    /// True if there was a file that cannot be used.
    pub(super) is_damaged: bool,
}

impl Ledger {
    /// Reads the ledger in a state folder.
    pub(super) fn load(state: &Path) -> Self {
        let path = state.join(FILE);
        let (told, is_damaged) = match guarded::read(&path, guarded::MAX_STATE_BYTES) {
            Ok(bytes) => match parse(&bytes) {
                Some(told) => (told, false),
                None => (BTreeMap::new(), true),
            },
            Err(error) => (BTreeMap::new(), error.kind() != io::ErrorKind::NotFound),
        };
        Self { path, told, is_damaged }
    }

    /// What a target was told; `None` if it is new.
    pub(super) fn get(&self, name: &str, to: &str) -> Option<&Told> {
        self.told.get(name).filter(|told| told.to == to)
    }

    /// What a target was told, to be changed. A new target was told nothing.
    pub(super) fn entry(&mut self, name: &str, to: &str) -> &mut Told {
        let told = self.told.entry(name.to_owned()).or_default();
        if told.to != to {
            *told = Told { to: to.to_owned(), ..Told::default() };
        }
        told
    }

    /// Replaces the file as a whole.
    ///
    /// # Errors
    /// The disk fails.
    pub(super) fn save(&self) -> io::Result<()> {
        let mut bytes = VERSION.to_vec();
        bytes.extend(postcard::to_allocvec(&self.told).map_err(io::Error::other)?);
        let sum = checksum(&bytes);
        bytes.extend(sum);
        state::replace(&self.path, &bytes)
    }
}

fn checksum(bytes: &[u8]) -> [u8; CHECKSUM] {
    let mut sum = [0; CHECKSUM];
    sum.copy_from_slice(&blake3::hash(bytes).as_bytes()[..CHECKSUM]);
    sum
}

fn parse(bytes: &[u8]) -> Option<BTreeMap<String, Told>> {
    let (data, found) = bytes.split_last_chunk::<CHECKSUM>()?;
    let rest = data.strip_prefix(VERSION)?;
    (checksum(data) == *found).then(|| postcard::from_bytes(rest).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_ledger_survives_in_another_folder_and_not_with_another_byte() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let mut ledger = Ledger::load(&root.join("a"));
        assert!(ledger.get("t", "slack").is_none() && !ledger.is_damaged);
        ledger.entry("t", "slack").articles.insert(Fingerprint(7));
        ledger.entry("t", "slack").pages.insert("https://e.org/".to_owned(), Fingerprint(8));
        ledger.save().unwrap();
        fs::create_dir(root.join("b")).unwrap();
        let copy = root.join("b").join(FILE);
        fs::copy(root.join("a").join(FILE), &copy).unwrap();
        let copied = Ledger::load(&root.join("b"));
        assert_eq!(copied.get("t", "slack"), ledger.get("t", "slack"));
        assert!(copied.get("t", "slack").is_some() && copied.get("t", "feishu").is_none());
        let whole = fs::read(&copy).unwrap();
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            fs::write(&copy, &damaged).unwrap();
            let found = Ledger::load(&root.join("b"));
            assert!(found.is_damaged && found.get("t", "slack").is_none(), "byte {at}");
        }
        for end in 0..whole.len() {
            fs::write(&copy, &whole[..end]).unwrap();
            assert!(Ledger::load(&root.join("b")).is_damaged, "{end} bytes");
        }
    }
}
