//! newsprint's own list of the files in a store, and the list of those that a run is about to
//! write.
//!
//! Both are objects below the prefix of the site: text in gzip. The first line has the name and the
//! version of the format, an ID, the number of the other lines, and their MD5. The lines are sorted
//! by their kind and the bytes of the path:
//!
//! ```text
//! newsprint-files 2 TAKEN LINES MD5         newsprint-pending 2 ID LINES MD5
//! HASH SIZE TAG VERSION PATH                HASH TAG SIZE VERSION PATH
//! - SIZE VERSION PATH
//! ! PATH
//! ```
//!
//! The lines of the first list are files in the store: the hash of the published bytes, the size in
//! the store, the tag of the headers, and the version. Lines with `-` are what newsprint wrote at
//! paths that the site does not have, and that the store did not list. Lines with `!` are paths
//! whose change was not told yet (`--then`, `purge`).
//!
//! Before a run writes its first file, it stores the second list under a new ID; its last write is
//! the first list, which names that ID as taken in. So a file that an interrupted run wrote is
//! known, and nothing has to be removed afterwards.
//!
//! Others may write to the store: sizes are bounded, and each path is judged as those of a digest.
//! Lists of format 1 are read, too; they have no number of lines, no MD5 of encoded files, and `?`
//! for paths at which there may be a file. Programs that know format 1 alone refuse format 2.

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

/// The first word of each list.
const FILES_WORD: &str = "newsprint-files";
const PENDING_WORD: &str = "newsprint-pending";

/// What the line of a path begins with that the site does not have: in formats 2 and 1.
const GONE_MARK: &str = "- ";
const MAYBE_MARK: &str = "? ";
/// What the line of a path begins with whose change was not told.
const UNTOLD_MARK: &str = "! ";

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
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Version {
    /// The MD5 of the published bytes, in a list of format 1.
    Published,
    /// The MD5 of the bytes that were sent.
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

/// What an object of newsprint's looks like.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stored {
    /// Bytes in the store.
    pub(super) size: u64,
    pub(super) version: Version,
}

/// What objects at paths look like.
pub(super) type Looks = BTreeMap<String, BTreeSet<Stored>>;

impl Stored {
    /// What no object looks like: lists of format 1 do not tell it.
    const UNKNOWN: Self = Self { size: u64::MAX, version: Version::Published };
}

impl Entry {
    pub(super) fn stored(&self) -> Stored {
        Stored { size: self.size, version: self.version.clone() }
    }
}

/// The files in a store by path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Files {
    /// The ID of the pending list whose files are in this one.
    pub(super) taken: Option<u64>,
    pub(super) entries: BTreeMap<String, Entry>,
    /// What newsprint wrote at paths that the site does not have, and that the store did not list.
    /// It is deleted when the store lists it.
    pub(super) gone: Looks,
    /// Paths whose change was not told yet.
    pub(super) untold: BTreeSet<String>,
}

/// A file that may be in the store.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Candidate {
    /// The hash of the published bytes.
    pub(super) hash: Fingerprint,
    /// The tag of the headers.
    pub(super) tag: u32,
    pub(super) stored: Stored,
}

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
        let (format, id, lines) = read_head(&text, FILES_WORD)?;
        let taken = match id {
            "-" => None,
            id => Some(u64::from_str_radix(id, 16).ok()?),
        };
        let mut files = Self { taken, ..Self::default() };
        for line in lines.lines() {
            if let Some(path) = line.strip_prefix(MAYBE_MARK).filter(|_| format == Format::One) {
                files.gone.entry(read_path(path)?).or_default().insert(Stored::UNKNOWN);
            } else if let Some(rest) = line.strip_prefix(GONE_MARK) {
                let (path, stored) = read_stored(rest)?;
                files.gone.entry(path).or_default().insert(stored);
            } else if let Some(path) = line.strip_prefix(UNTOLD_MARK) {
                files.untold.insert(read_path(path)?);
            } else {
                let (path, entry) = read_file(line)?;
                files.entries.insert(path, entry);
            }
        }
        Some(files)
    }

    /// The bytes of the list: the same for the same files.
    pub(super) fn write(&self) -> Vec<u8> {
        let taken = self.taken.map_or_else(|| "-".to_owned(), |id| format!("{id:016x}"));
        let mut lines = String::new();
        for (path, entry) in &self.entries {
            let Entry { hash, size, tag, version } = entry;
            // Writing to memory cannot fail.
            let _ = writeln!(lines, "{hash} {size} {tag:08x} {} {path}", word(version));
        }
        for (path, looks) in &self.gone {
            for Stored { size, version } in looks {
                let _ = writeln!(lines, "{GONE_MARK}{size} {} {path}", word(version));
            }
        }
        for path in &self.untold {
            let _ = writeln!(lines, "{UNTOLD_MARK}{path}");
        }
        write_list(FILES_WORD, &taken, &lines)
    }

    /// What newsprint wrote, or was about to write, at each path of its lists.
    pub(super) fn looks(&self, pending: &Pending) -> Looks {
        let mut looks = self.gone.clone();
        for (path, entry) in &self.entries {
            looks.entry(path.clone()).or_default().insert(entry.stored());
        }
        for (path, candidates) in &pending.entries {
            let stored = candidates.iter().map(|candidate| candidate.stored.clone());
            looks.entry(path.clone()).or_default().extend(stored);
        }
        looks
    }
}

fn read_file(line: &str) -> Option<(String, Entry)> {
    let mut parts = line.splitn(3, ' ');
    let hash = read_hash(parts.next()?)?;
    let size = parts.next()?.parse().ok()?;
    let mut parts = parts.next()?.splitn(3, ' ');
    let tag = u32::from_str_radix(parts.next()?, 16).ok()?;
    let version = read_version(parts.next()?)?;
    Some((read_path(parts.next()?)?, Entry { hash, size, tag, version }))
}

/// Reads `SIZE VERSION PATH`.
fn read_stored(text: &str) -> Option<(String, Stored)> {
    let mut parts = text.splitn(3, ' ');
    let size = parts.next()?.parse().ok()?;
    let version = read_version(parts.next()?)?;
    Some((read_path(parts.next()?)?, Stored { size, version }))
}

fn word(version: &Version) -> String {
    match version {
        Version::Published => "-".to_owned(),
        Version::Md5(md5) => format!("md5:{}", hex(md5)),
        Version::Etag(etag) => format!("etag:{}", escape(etag)),
        Version::Unknown => "?".to_owned(),
    }
}

fn read_version(word: &str) -> Option<Version> {
    Some(match word {
        "-" => Version::Published,
        "?" => Version::Unknown,
        other => match other.split_once(':')? {
            ("md5", digits) => Version::Md5(from_hex(digits)?),
            ("etag", etag) => Version::Etag(unescape(etag)?),
            _ => return None,
        },
    })
}

impl Pending {
    /// An empty list with an ID that no other list has.
    pub(super) fn new() -> Self {
        Self { id: RandomState::new().hash_one(std::process::id()), entries: BTreeMap::new() }
    }

    /// Reads a list. `None` if it is not one, or too large.
    pub(super) fn read(packed: &[u8]) -> Option<Self> {
        let text = unpack(packed)?;
        let (format, id, lines) = read_head(&text, PENDING_WORD)?;
        let id = u64::from_str_radix(id, 16).ok()?;
        let read = |line: &str| {
            let mut parts = line.splitn(3, ' ');
            let hash = read_hash(parts.next()?)?;
            let tag = u32::from_str_radix(parts.next()?, 16).ok()?;
            let (path, stored) = match format {
                Format::One => (read_path(parts.next()?)?, Stored::UNKNOWN),
                Format::Two => read_stored(parts.next()?)?,
            };
            Some((path, Candidate { hash, tag, stored }))
        };
        let mut entries: BTreeMap<String, BTreeSet<Candidate>> = BTreeMap::new();
        for line in lines.lines() {
            let (path, candidate) = read(line)?;
            entries.entry(path).or_default().insert(candidate);
        }
        Some(Self { id, entries })
    }

    /// The bytes of the list.
    pub(super) fn write(&self) -> Vec<u8> {
        let mut lines = String::new();
        for (path, candidates) in &self.entries {
            for Candidate { hash, tag, stored: Stored { size, version } } in candidates {
                let _ = writeln!(lines, "{hash} {tag:08x} {size} {} {path}", word(version));
            }
        }
        write_list(PENDING_WORD, &format!("{:016x}", self.id), &lines)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    One,
    Two,
}

/// Reads the first line of a list. Returns the format, the ID and the other lines.
fn read_head<'a>(text: &'a str, word: &str) -> Option<(Format, &'a str, &'a str)> {
    let (head, lines) = text.split_once('\n')?;
    let words: Vec<&str> = head.split(' ').collect();
    match words.as_slice() {
        [first, "1", id] if *first == word => Some((Format::One, id, lines)),
        [first, "2", id, count, hash] if *first == word => {
            let is_whole =
                count.parse() == Ok(lines.lines().count()) && from_hex(hash) == Some(md5(lines.as_bytes()));
            is_whole.then_some((Format::Two, id, lines))
        }
        _ => None,
    }
}

fn write_list(word: &str, id: &str, lines: &str) -> Vec<u8> {
    let (count, hash) = (lines.lines().count(), hex(&md5(lines.as_bytes())));
    pack(&format!("{word} 2 {id} {count} {hash}\n{lines}"))
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
mod tests;
