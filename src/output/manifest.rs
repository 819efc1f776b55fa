//! The manifest: lists the files in the output folder that newsprint wrote, with their
//! fingerprints, sizes and times.
//!
//! A text file with one line for each file: fingerprint, size in bytes, modification time in
//! nanoseconds, path. The first line has the version, a checksum of the rest, and a seal of the
//! checksum (`fs/sealed.rs`). A manifest that is missing, damaged or of another version counts as
//! empty. One that came with the digest, or that version 0.1.0 wrote, has no right seal: it tells
//! what the last site had. Only files whose exact size and time in nanoseconds it has are removed
//! because of it ([`Manifest::load_or_seen`]).

use std::fmt::Write as _;
use std::fs;
use std::io::{self, BufRead as _, Read as _};
use std::ops::Range;
use std::path::Path;
use std::time::UNIX_EPOCH;

use rayon::prelude::*;

use crate::fingerprint::Fingerprint;
use crate::fs::sealed::Seal;
use crate::fs::{guarded, state};
use crate::paths;

/// The largest manifest or journal, in bytes: a million files.
const MAX_BYTES: u64 = 128 << 20;
/// The beginning of a manifest's first line.
const VERSION: &str = "newsprint manifest 1";

/// The size and modification time of a file. They tell whether the file was changed since newsprint
/// wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Stamp {
    /// Bytes.
    size: u64,
    /// Nanoseconds since 1970.
    modified: i128,
}

impl Stamp {
    pub(super) fn read(path: &Path) -> io::Result<Self> {
        Self::of_metadata(&fs::symlink_metadata(path)?)
    }

    pub(super) fn of_metadata(found: &fs::Metadata) -> io::Result<Self> {
        if !found.is_file() {
            return Err(io::Error::other(tr!("this is not a file")));
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

/// The files of a site, sorted by path. Paths are ranges of the text that was read: tens of
/// thousands of strings would cost more than reading the text.
#[derive(Debug, Default)]
pub(super) struct Manifest {
    text: String,
    entries: Vec<(Range<usize>, Entry)>,
    intact: bool,
}

impl Manifest {
    /// Reads a manifest that newsprint wrote in this folder; an empty one if it is missing, damaged
    /// or from elsewhere, so that the build writes all files. Where folders have no identity, the
    /// checksum has to be sufficient.
    pub(super) fn load(path: &Path) -> Self {
        Self::load_any(path).filter(|read| read.is_own(path)).unwrap_or_default()
    }

    /// The same, but of a manifest from elsewhere the files that it describes exactly
    /// ([`seen`](Self::seen)).
    pub(super) fn load_or_seen(path: &Path, folder: &Path) -> Self {
        match Self::load_any(path) {
            Some(read) if read.is_own(path) => read,
            Some(copied) => copied.seen(folder),
            None => Self::default(),
        }
    }

    /// True if the manifest, which was read from `path`, has the seal of its folder.
    fn is_own(&self, path: &Path) -> bool {
        Seal::of_file(path).is_none_or(|seal| {
            let mut words = self.first_line().rsplit(' ');
            let found = words.next();
            words.next().is_some_and(|checksum| found == Some(&*hexadecimal(&seal, checksum)))
        })
    }

    /// Reads a manifest, also one from elsewhere; `None` if it is missing or damaged.
    pub(super) fn load_any(path: &Path) -> Option<Self> {
        Self::parse(guarded::read_text(path, MAX_BYTES).ok()?)
    }

    pub(super) fn parse(text: String) -> Option<Self> {
        let (head, body) = text.split_once('\n')?;
        let checksum = head.strip_prefix(VERSION)?.split_whitespace().next()?;
        if checksum != Fingerprint::of_bytes(body.as_bytes()).to_string() {
            return None;
        }
        let mut entries: Vec<(Range<usize>, Entry)> = Vec::with_capacity(body.len() / 90);
        let mut at = head.len() + 1;
        for line in body.split_inclusive('\n') {
            let end = at + line.len();
            let mut parts = line.trim_end_matches('\n').splitn(4, ' ');
            let fingerprint = Fingerprint(u128::from_str_radix(parts.next()?, 16).ok()?);
            let stamp = Stamp { size: parts.next()?.parse().ok()?, modified: parts.next()?.parse().ok()? };
            let path = parts.next().filter(|path| paths::unstorable(path).is_none())?;
            let start = at + line.rfind(path)?;
            if entries.last().is_some_and(|(last, _)| text[last.clone()] >= *path) {
                return None;
            }
            entries.push((start..start + path.len(), Entry { fingerprint, stamp }));
            at = end;
        }
        Some(Self { entries, intact: true, text })
    }

    /// The files of a manifest without a right seal that are in `folder` with exactly the size and
    /// the time that it has, in nanoseconds: the program that wrote the manifest read these files.
    /// Their fingerprints are left out, so that each of them is written again or removed.
    fn seen(self, folder: &Path) -> Self {
        let Self { text, mut entries, .. } = self;
        entries.retain_mut(|(path, entry)| {
            entry.fingerprint = Fingerprint::default();
            // Archives restore whole seconds, which can be guessed.
            entry.stamp.modified % 1_000_000_000 != 0
                && Stamp::of(&folder.join(&text[path.clone()])) == Some(entry.stamp)
        });
        Self { text, entries, intact: false }
    }

    /// The first line. It has a checksum of the others, so that it identifies the manifest.
    pub(super) fn first_line(&self) -> &str {
        self.text.lines().next().unwrap_or_default()
    }

    /// Reads the first line of a manifest file alone.
    pub(super) fn first_line_of(path: &Path) -> Option<String> {
        let mut line = String::new();
        io::BufReader::new(guarded::open(path).ok()?.take(1000)).read_line(&mut line).ok()?;
        Some(line.trim_end_matches('\n').to_owned())
    }

    /// True if a manifest could be read.
    pub(super) fn is_intact(&self) -> bool {
        self.intact
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The path and entry of the file at an index.
    pub(super) fn at(&self, place: usize) -> (&str, &Entry) {
        let (path, entry) = &self.entries[place];
        (&self.text[path.clone()], entry)
    }

    /// True if the manifest lists this file.
    pub(super) fn contains(&self, path: &str) -> bool {
        self.entries.binary_search_by(|(known, _)| self.text[known.clone()].cmp(path)).is_ok()
    }

    /// For each file of the manifest, whether it still has the stamp with which it was written.
    /// Checks files in parallel.
    pub(super) fn find_unchanged(&self, folder: &Path) -> Vec<bool> {
        (0..self.len())
            .into_par_iter()
            .map(|place| {
                let (path, entry) = self.at(place);
                Stamp::of(&folder.join(path)) == Some(entry.stamp)
            })
            .collect()
    }

    /// Writes the manifest of a site, and returns its text.
    pub(super) fn save<'a>(path: &Path, files: impl Iterator<Item = (&'a str, Entry)>) -> io::Result<String> {
        let mut files: Vec<(&str, Entry)> = files.collect();
        files.sort_unstable_by_key(|(path, _)| *path);
        let mut body = String::with_capacity(files.len() * 120);
        for (path, entry) in files {
            let _ =
                writeln!(body, "{} {} {} {path}", entry.fingerprint, entry.stamp.size, entry.stamp.modified);
        }
        let checksum = Fingerprint::of_bytes(body.as_bytes()).to_string();
        let seal = Seal::of_file(path).map(|seal| format!(" {}", hexadecimal(&seal, &checksum)));
        let text = format!("{VERSION} {checksum}{}\n{body}", seal.unwrap_or_default());
        state::replace(path, text.as_bytes())?;
        Ok(text)
    }
}

/// The journal of a build: the files that it was about to touch. After an interrupted build the
/// file is still there.
#[derive(Debug, Default)]
pub(super) struct Journal {
    /// Files that belong to newsprint, whether they were written already or not.
    pub(super) ours: Vec<String>,
    /// Targets at which there is a file of others: only the temporary file beside the target is
    /// newsprint's.
    pub(super) staged: Vec<String>,
}

impl Journal {
    /// Reads a journal that newsprint wrote in this folder. Lines that it cannot have written are
    /// ignored.
    pub(super) fn load(path: &Path) -> Self {
        let mut journal = Self::default();
        let text = guarded::read_text(path, MAX_BYTES).unwrap_or_default();
        let mut lines = text.as_str();
        if let Some(seal) = Seal::of_file(path) {
            match text.trim_end_matches('\n').rsplit_once('\n') {
                Some((rest, last)) if last.strip_prefix("seal ") == Some(&hexadecimal(&seal, rest)) => {
                    lines = rest;
                }
                _ => return journal,
            }
        }
        for line in lines.lines() {
            let Some((kind, path)) = line.split_once(' ') else { continue };
            let list = match kind {
                "ours" => &mut journal.ours,
                "staged" => &mut journal.staged,
                _ => continue,
            };
            if paths::unstorable(path).is_none() {
                list.push(path.to_owned());
            }
        }
        journal
    }
}

/// The files that a build would consider its own with this text as the manifest; `None` if the text
/// is not a valid manifest.
#[must_use]
pub fn owned_by(text: String) -> Option<Vec<String>> {
    let manifest = Manifest::parse(text)?;
    Some((0..manifest.len()).map(|place| manifest.at(place).0.to_owned()).collect())
}

/// Makes a manifest from its lines, by adding the first line.
#[must_use]
pub fn sealed(lines: &str) -> String {
    format!("{VERSION} {}\n{lines}", Fingerprint::of_bytes(lines.as_bytes()))
}

/// Writes the journal: the files that a build is about to touch. Removes it if there are none.
pub(super) fn write_journal<'a>(
    path: &Path,
    ours: impl Iterator<Item = &'a str>,
    staged: impl Iterator<Item = &'a str>,
) -> io::Result<()> {
    let ours = ours.flat_map(|path| ["ours ", path, "\n"]);
    let mut text: String = ours.chain(staged.flat_map(|path| ["staged ", path, "\n"])).collect();
    if text.is_empty() {
        return state::remove(path);
    }
    if let Some(seal) = Seal::of_file(path) {
        let sealed = hexadecimal(&seal, text.trim_end_matches('\n'));
        text.push_str(&format!("seal {sealed}\n"));
    }
    state::replace(path, text.as_bytes())
}

/// The seal of a text, in hexadecimal digits.
fn hexadecimal(seal: &Seal, text: &str) -> String {
    format!("{:032x}", u128::from_be_bytes(seal.seal(text.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn save(path: &Path) -> Vec<(&'static str, Entry)> {
        let entry = |n| Entry { fingerprint: Fingerprint(n), stamp: Stamp { size: 7, modified: -3 } };
        let files = vec![("a/index.html", entry(1)), ("关键 词/x 7 7", entry(2)), ("关键 词/y", entry(3))];
        Manifest::save(path, files.iter().rev().copied()).unwrap();
        files
    }

    #[test]
    fn a_saved_manifest_is_loaded_sorted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap().join("manifest");
        let files = save(&path);
        let read = Manifest::load(&path);
        assert!(read.is_intact());
        let found: Vec<(&str, Entry)> =
            (0..read.len()).map(|place| (read.at(place).0, *read.at(place).1)).collect();
        assert_eq!(found, files);
        assert!(read.contains("关键 词/y") && !read.contains("关键 词") && !read.contains("z"));
    }

    #[test]
    fn paths_that_lead_out_of_the_folder_are_refused() {
        let sealed_line = |path: &str| sealed(&format!("{} 7 -3 {path}\n", Fingerprint(1)));
        for path in ["../x", "/etc/passwd", "a/../../b", "a//b", "", "a\\..\\b", "a/./b", "C:x", "a:b", "nul"]
        {
            assert!(Manifest::parse(sealed_line(path)).is_none(), "{path}");
        }
        assert!(Manifest::parse(sealed_line("关键词/c++/feed.xml")).is_some());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap().join("journal");
        write_journal(&path, ["../newsprint.yaml", "a"].into_iter(), ["b"].into_iter()).unwrap();
        let journal = Journal::load(&path);
        assert_eq!((journal.ours, journal.staged), (vec!["a".to_owned()], vec!["b".to_owned()]));
    }

    #[test]
    fn a_manifest_and_a_journal_of_another_folder_name_no_file_of_newsprint() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let (own, copy) = (root.join("own"), root.join("copy"));
        fs::create_dir(&own).unwrap();
        fs::create_dir(&copy).unwrap();
        save(&own.join("manifest"));
        write_journal(&own.join("journal"), ["a"].into_iter(), ["b"].into_iter()).unwrap();
        for name in ["manifest", "journal"] {
            fs::copy(own.join(name), copy.join(name)).unwrap();
        }
        assert!(Manifest::load(&own.join("manifest")).is_intact());
        assert!(!Manifest::load(&copy.join("manifest")).is_intact());
        assert!(Manifest::load_any(&copy.join("manifest")).is_some());
        assert_eq!(Journal::load(&own.join("journal")).ours, ["a"]);
        assert!(Journal::load(&copy.join("journal")).ours.is_empty());
    }

    #[test]
    fn a_damaged_manifest_counts_as_empty() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap().join("manifest");
        save(&path);
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
