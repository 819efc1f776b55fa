//! newsprint's own list of the files in a store, and the list of those that a run is about to
//! write.
//!
//! Both are objects below the prefix of the site: text in gzip, one line a file, sorted by the
//! bytes of the path. A line of `.newsprint-files` has the hash of the published bytes, the size in
//! the store, the tag of the headers, the version and the path. A line of `.newsprint-pending` has
//! the hash, the tag and the path. Before a run writes its first file, it stores the second list
//! under a new ID; its last write is the first list, which names that ID as taken in. So a file
//! that an interrupted run wrote is known, and nothing has to be removed afterwards.
//!
//! Others may write to the store: sizes are bounded, and each path is judged as those of a digest.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::hash::{BuildHasher, RandomState};
use std::io::{Read, Write as _};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use md5::{Digest as _, Md5 as Hasher};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use crate::fingerprint::Fingerprint;
use crate::paths;

/// The name of the list of files, below the prefix.
pub(super) const FILES: &str = ".newsprint-files";
/// The name of the list of files that a run is about to write, below the prefix.
pub(super) const PENDING: &str = ".newsprint-pending";

/// The first word of each list, and its version.
const FILES_MARK: &str = "newsprint-files 1 ";
const PENDING_MARK: &str = "newsprint-pending 1 ";

/// What the line of a path begins with at which there may be a file.
const MAYBE_MARK: &str = "? ";

/// Bytes of a list, compressed and not: for 400,000 files, 50 times as many as 10,000 articles
/// have.
pub(super) const MAX_PACKED_BYTES: u64 = 48 << 20;
const MAX_BYTES: u64 = 256 << 20;

/// The MD5 of bytes.
pub(super) type Md5 = [u8; 16];

/// Computes the MD5 of bytes.
pub(super) fn md5(bytes: &[u8]) -> Md5 {
    Hasher::digest(bytes).into()
}

/// How it is seen that an object is the one that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Version {
    /// The store has the MD5 of the published bytes.
    Published,
    /// The store has the MD5 of other bytes, those in an encoding.
    Md5(Md5),
    /// The store has an ETag of its own making.
    Etag(String),
    /// The store has nothing but the size.
    Unknown,
}

/// A file in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// The hash of the published bytes.
    pub(super) hash: Fingerprint,
    /// Bytes in the store.
    pub(super) size: u64,
    /// The tag of the headers.
    pub(super) tag: u32,
    pub(super) version: Version,
}

/// The files in a store by path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Files {
    /// The ID of the pending list whose files are in this one.
    pub(super) taken: Option<u64>,
    pub(super) entries: BTreeMap<String, Entry>,
    /// Paths at which a run that was overtaken may have written after this list was made. They are
    /// newsprint's, too, and the site does not have them.
    pub(super) maybe: BTreeSet<String>,
}

/// Hash and tag of a file that may be in the store.
pub(super) type Candidate = (Fingerprint, u32);

/// Files that runs were about to write, by path. After several interruptions, each of the
/// candidates of a path may be in the store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Pending {
    pub(super) id: u64,
    pub(super) entries: BTreeMap<String, BTreeSet<Candidate>>,
}

impl Files {
    /// Reads a list. `None` if it is not one, or too large.
    pub(super) fn read(packed: &[u8]) -> Option<Self> {
        let text = unpack(packed)?;
        let (head, lines) = text.split_once('\n')?;
        let taken = match head.strip_prefix(FILES_MARK)? {
            "-" => None,
            id => Some(u64::from_str_radix(id, 16).ok()?),
        };
        let (mut entries, mut maybe) = (BTreeMap::new(), BTreeSet::new());
        for line in lines.lines() {
            if let Some(path) = line.strip_prefix(MAYBE_MARK) {
                maybe.insert(read_path(path)?);
            } else {
                let (path, entry) = read_file(line)?;
                entries.insert(path, entry);
            }
        }
        Some(Self { taken, entries, maybe })
    }

    /// The bytes of the list: the same for the same files.
    pub(super) fn write(&self) -> Vec<u8> {
        let taken = self.taken.map_or_else(|| "-".to_owned(), |id| format!("{id:016x}"));
        let mut text = format!("{FILES_MARK}{taken}\n");
        for (path, entry) in &self.entries {
            let Entry { hash, size, tag, version } = entry;
            let version = match version {
                Version::Published => "-".to_owned(),
                Version::Md5(md5) => format!("md5:{}", hex(md5)),
                Version::Etag(etag) => format!("etag:{}", escape(etag)),
                Version::Unknown => "?".to_owned(),
            };
            // Writing to memory cannot fail.
            let _ = writeln!(text, "{hash} {size} {tag:08x} {version} {path}");
        }
        for path in &self.maybe {
            let _ = writeln!(text, "{MAYBE_MARK}{path}");
        }
        pack(&text)
    }
}

fn read_file(line: &str) -> Option<(String, Entry)> {
    let mut parts = line.splitn(5, ' ');
    let hash = read_hash(parts.next()?)?;
    let size = parts.next()?.parse().ok()?;
    let tag = u32::from_str_radix(parts.next()?, 16).ok()?;
    let version = match parts.next()? {
        "-" => Version::Published,
        "?" => Version::Unknown,
        other => match other.split_once(':')? {
            ("md5", digits) => Version::Md5(from_hex(digits)?),
            ("etag", etag) => Version::Etag(unescape(etag)?),
            _ => return None,
        },
    };
    Some((read_path(parts.next()?)?, Entry { hash, size, tag, version }))
}

impl Pending {
    /// An empty list with an ID that no other list has.
    pub(super) fn new() -> Self {
        Self { id: RandomState::new().hash_one(std::process::id()), entries: BTreeMap::new() }
    }

    /// Reads a list. `None` if it is not one, or too large.
    pub(super) fn read(packed: &[u8]) -> Option<Self> {
        let text = unpack(packed)?;
        let (head, lines) = text.split_once('\n')?;
        let id = u64::from_str_radix(head.strip_prefix(PENDING_MARK)?, 16).ok()?;
        let entry = |line: &str| {
            let mut parts = line.splitn(3, ' ');
            let hash = read_hash(parts.next()?)?;
            let tag = u32::from_str_radix(parts.next()?, 16).ok()?;
            Some((read_path(parts.next()?)?, (hash, tag)))
        };
        let mut entries: BTreeMap<String, BTreeSet<Candidate>> = BTreeMap::new();
        for line in lines.lines() {
            let (path, candidate) = entry(line)?;
            entries.entry(path).or_default().insert(candidate);
        }
        Some(Self { id, entries })
    }

    /// The bytes of the list.
    pub(super) fn write(&self) -> Vec<u8> {
        let mut text = format!("{PENDING_MARK}{:016x}\n", self.id);
        for (path, candidates) in &self.entries {
            for (hash, tag) in candidates {
                let _ = writeln!(text, "{hash} {tag:08x} {path}");
            }
        }
        pack(&text)
    }
}

fn read_hash(digits: &str) -> Option<Fingerprint> {
    (digits.len() == 32).then(|| u128::from_str_radix(digits, 16).ok()).flatten().map(Fingerprint)
}

/// A path that a site could have.
fn read_path(path: &str) -> Option<String> {
    (paths::unstorable(path).is_none() && path != FILES && path != PENDING).then(|| path.to_owned())
}

fn pack(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // Writing to memory cannot fail.
    let _ = encoder.write_all(text.as_bytes());
    encoder.finish().unwrap_or_default()
}

fn unpack(packed: &[u8]) -> Option<String> {
    let mut text = String::new();
    let read = GzDecoder::new(packed).take(MAX_BYTES + 1).read_to_string(&mut text).ok()?;
    (read as u64 <= MAX_BYTES && text.ends_with('\n')).then_some(text)
}

/// The MD5 in 32 lower-case digits.
pub(super) fn hex(md5: &Md5) -> String {
    md5.iter().fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

/// The MD5 that 32 digits are.
pub(super) fn from_hex(digits: &str) -> Option<Md5> {
    let is_md5 = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_md5.then(|| u128::from_str_radix(digits, 16).ok()).flatten().map(u128::to_be_bytes)
}

/// Blanks and control characters would end the word.
const NOT_IN_WORD: &AsciiSet = &CONTROLS.add(b' ').add(b'%');

fn escape(etag: &str) -> String {
    utf8_percent_encode(etag, NOT_IN_WORD).to_string()
}

fn unescape(word: &str) -> Option<String> {
    Some(percent_decode_str(word).decode_utf8().ok()?.into_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn version() -> impl Strategy<Value = Version> {
        prop_oneof![
            Just(Version::Published),
            any::<Md5>().prop_map(Version::Md5),
            "\\PC{0,20}".prop_map(Version::Etag),
            Just(Version::Unknown),
        ]
    }

    prop_compose! {
        fn entry()(hash: u128, size: u64, tag: u32, version in version()) -> Entry {
            Entry { hash: Fingerprint(hash), size, tag, version }
        }
    }

    const PATH: &str = "[a-z开源+%][a-z新闻 +%]{0,8}[a-z源](/[a-z源]{1,4}){0,3}";

    proptest! {
        #[test]
        fn a_list_that_is_written_is_read_back(
            taken: Option<u64>,
            entries in prop::collection::btree_map(PATH, entry(), 0..8),
            maybe in prop::collection::btree_set(PATH, 0..3),
            id: u64,
            pending in prop::collection::btree_map(
                PATH,
                prop::collection::btree_set((any::<u128>().prop_map(Fingerprint), any::<u32>()), 1..3),
                0..8,
            ),
        ) {
            let files = Files { taken, entries, maybe };
            prop_assert_eq!(Files::read(&files.write()), Some(files));
            let pending = Pending { id, entries: pending };
            prop_assert_eq!(Pending::read(&pending.write()), Some(pending));
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(bytes: Vec<u8>, text in "\\PC{0,200}") {
            let _ = (Files::read(&bytes), Pending::read(&bytes));
            for mark in [FILES_MARK, PENDING_MARK] {
                let packed = pack(&format!("{mark}-\n{text}\n"));
                let _ = (Files::read(&packed), Pending::read(&packed));
            }
        }
    }

    #[test]
    fn paths_that_a_site_cannot_have_are_refused() {
        for path in ["../x", "/x", "a//b", "a\\b", ".newsprint-files", "x/../y", ""] {
            let line = format!("{FILES_MARK}-\n{:032x} 1 00000000 - {path}\n", 0);
            assert_eq!(Files::read(&pack(&line)), None, "{path}");
        }
    }

    #[test]
    fn a_list_that_unpacks_to_too_much_is_refused() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        let zeros = vec![b'0'; 1 << 20];
        for _ in 0..=(MAX_BYTES >> 20) {
            encoder.write_all(&zeros).unwrap();
        }
        assert_eq!(Files::read(&encoder.finish().unwrap()), None);
    }
}
