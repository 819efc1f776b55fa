//! The ledger: what each target was told, in `.newsprint/announced`.
//!
//! ```text
//! version line · data (postcard) · checksum (16 bytes)
//! ```
//!
//! It has a checksum and no seal, since it must survive in another folder: a CI job restores it.
//! Without the file, everything that the digest has counts as announced, and nothing is sent. With
//! a file that is damaged or of a later version, nothing is sent, and the file stays.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::fingerprint::Fingerprint;
use crate::fs::{guarded, state};

/// The name of the file in the state folder.
const FILE: &str = "announced";
/// The beginning of the file.
const VERSION: &[u8] = b"newsprint announced 2\n";
/// The beginning of a file of version 1, which had one platform for each name.
const VERSION_1: &[u8] = b"newsprint announced 1\n";
/// The length of the checksum in bytes.
const CHECKSUM: usize = 16;

/// What a target was told.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Told {
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
    /// By name and platform: a target with another platform is another target, and is known again
    /// when it gets its old one back.
    told: BTreeMap<(String, String), Told>,
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
        self.told.get(&(name.to_owned(), to.to_owned()))
    }

    /// What a target was told, to be changed. A new target was told nothing.
    pub(super) fn entry(&mut self, name: &str, to: &str) -> &mut Told {
        self.told.entry((name.to_owned(), to.to_owned())).or_default()
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

fn parse(bytes: &[u8]) -> Option<BTreeMap<(String, String), Told>> {
    let (data, found) = bytes.split_last_chunk::<CHECKSUM>()?;
    if checksum(data) != *found {
        return None;
    }
    if let Some(rest) = data.strip_prefix(VERSION_1) {
        let told: BTreeMap<String, (String, Told)> = postcard::from_bytes(rest).ok()?;
        return Some(told.into_iter().map(|(name, (to, told))| ((name, to), told)).collect());
    }
    postcard::from_bytes(data.strip_prefix(VERSION)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_target_is_known_again_when_it_gets_its_old_platform_back() {
        let folder = tempfile::tempdir().unwrap();
        let mut ledger = Ledger::load(folder.path());
        ledger.entry("t", "slack").articles.insert(Fingerprint(7));
        ledger.entry("t", "json").articles.insert(Fingerprint(8));
        assert!(ledger.get("t", "slack").unwrap().articles.contains(&Fingerprint(7)));
    }

    #[test]
    fn a_ledger_of_version_1_is_read() {
        let told = Told { articles: [Fingerprint(7)].into(), ..Told::default() };
        let by_name = BTreeMap::from([("t".to_owned(), ("slack".to_owned(), told.clone()))]);
        let mut bytes = VERSION_1.to_vec();
        bytes.extend(postcard::to_allocvec(&by_name).unwrap());
        bytes.extend(checksum(&bytes));
        let read = parse(&bytes).unwrap();
        assert_eq!(read.get(&("t".to_owned(), "slack".to_owned())), Some(&told));
    }

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
