//! The manifest: which files in the output folder are newsprint's, from what they were made, and how they stood there.
//!
//! A text file, one line a file: fingerprint, size, modification time in nanoseconds, path. The first line names the
//! version and a checksum of the rest. A manifest that is missing, damaged or of another version is an empty one.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;
use std::time::UNIX_EPOCH;

use crate::fingerprint::Fingerprint;

const VERSION: &str = "newsprint manifest 1";

/// How a file stands on disk. A file that anyone touched since has another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Stamp {
    size: u64,
    modified: i128,
}

impl Stamp {
    pub(super) fn read(path: &Path) -> io::Result<Self> {
        Self::of_metadata(&fs::symlink_metadata(path)?)
    }

    pub(super) fn of_metadata(found: &fs::Metadata) -> io::Result<Self> {
        if !found.is_file() {
            return Err(io::Error::other("this is not a file"));
        }
        let modified = found.modified()?;
        let modified = match modified.duration_since(UNIX_EPOCH) {
            Ok(after) => after.as_nanos() as i128,
            Err(before) => -(before.duration().as_nanos() as i128),
        };
        Ok(Self { size: found.len(), modified })
    }

    pub(super) fn of(path: &Path) -> Option<Self> {
        Self::read(path).ok()
    }
}

/// A file that newsprint wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) fingerprint: Fingerprint,
    pub(super) stamp: Stamp,
}

#[derive(Debug, Default)]
pub(super) struct Manifest {
    entries: HashMap<String, Entry>,
    intact: bool,
}

impl Manifest {
    /// Reads a manifest; whatever is wrong with it, the build is then a full one.
    pub(super) fn load(path: &Path) -> Self {
        fs::read_to_string(path).ok().and_then(|text| Self::parse(&text)).unwrap_or_default()
    }

    fn parse(text: &str) -> Option<Self> {
        let (head, body) = text.split_once('\n')?;
        let checksum = head.strip_prefix(VERSION)?.trim();
        if checksum != Fingerprint::of_bytes(body.as_bytes()).to_string() {
            return None;
        }
        let mut entries = HashMap::new();
        for line in body.lines() {
            let mut parts = line.splitn(4, ' ');
            let fingerprint = Fingerprint(u128::from_str_radix(parts.next()?, 16).ok()?);
            let stamp = Stamp { size: parts.next()?.parse().ok()?, modified: parts.next()?.parse().ok()? };
            entries.insert(parts.next()?.to_owned(), Entry { fingerprint, stamp });
        }
        Some(Self { entries, intact: true })
    }

    /// Was there a manifest that could be read?
    pub(super) fn is_intact(&self) -> bool {
        self.intact
    }

    pub(super) fn get(&self, path: &str) -> Option<&Entry> {
        self.entries.get(path)
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// The manifest after a build: what is wanted, as it was or as it was just written.
    pub(super) fn merge<'a>(
        old: &Self,
        wanted: impl Iterator<Item = &'a str>,
        fresh: impl Iterator<Item = (&'a str, Entry)>,
    ) -> Self {
        let mut entries: HashMap<String, Entry> =
            fresh.map(|(path, entry)| (path.to_owned(), entry)).collect();
        for path in wanted {
            if let Some(entry) = old.entries.get(path) {
                entries.entry(path.to_owned()).or_insert(*entry);
            }
        }
        Self { entries, intact: true }
    }

    pub(super) fn save(&self, path: &Path) -> io::Result<()> {
        let mut sorted: Vec<_> = self.entries.iter().collect();
        sorted.sort_unstable_by_key(|(path, _)| *path);
        let mut body = String::with_capacity(sorted.len() * 120);
        for (path, entry) in sorted {
            let _ =
                writeln!(body, "{} {} {} {path}", entry.fingerprint, entry.stamp.size, entry.stamp.modified);
        }
        let head = format!("{VERSION} {}\n", Fingerprint::of_bytes(body.as_bytes()));
        replace(path, &(head + &body))
    }
}

/// The paths of a build that did not come to its end.
pub(super) fn read_journal(path: &Path) -> Vec<String> {
    fs::read_to_string(path).map(|text| text.lines().map(str::to_owned).collect()).unwrap_or_default()
}

/// Names what a build is about to touch.
pub(super) fn write_journal<'a>(path: &Path, paths: impl Iterator<Item = &'a str>) -> io::Result<()> {
    let text: String = paths.flat_map(|path| [path, "\n"]).collect();
    if text.is_empty() {
        return match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
    }
    replace(path, &text)
}

fn replace(path: &Path, text: &str) -> io::Result<()> {
    let temporary = path.with_extension("tmp");
    fs::write(&temporary, text)?;
    fs::rename(temporary, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Manifest {
        let entry = |n| Entry { fingerprint: Fingerprint(n), stamp: Stamp { size: 7, modified: -3 } };
        let entries = [("a/index.html".to_owned(), entry(1)), ("关键 词/x".to_owned(), entry(2))].into();
        Manifest { entries, intact: true }
    }

    #[test]
    fn a_manifest_reads_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("manifest");
        sample().save(&path).unwrap();
        let read = Manifest::load(&path);
        assert!(read.is_intact());
        assert_eq!(read.entries, sample().entries);
    }

    #[test]
    fn a_damaged_manifest_is_an_empty_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("manifest");
        sample().save(&path).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        for damaged in
            [text.replace('7', "8"), text[..text.len() - 3].to_owned(), String::new(), "x\ny".to_owned()]
        {
            fs::write(&path, damaged).unwrap();
            assert!(!Manifest::load(&path).is_intact());
        }
        assert!(!Manifest::load(&folder.path().join("none")).is_intact());
    }
}
