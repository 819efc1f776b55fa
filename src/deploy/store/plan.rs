//! Decides what a deployment does: pure, from the files of the site, newsprint's own lists and the
//! listing of the store.
//!
//! A file is unchanged only if a list has its hash and its headers, and the store has an object of
//! the written size and version. Times are never compared: a fresh checkout has other ones.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::kind::Rank;
use super::list::{Candidate, Entry, Files, Looks, Md5, Pending, Stored, Version};
use crate::fingerprint::Fingerprint;
use crate::paths;

/// A file of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct File {
    pub(super) path: String,
    pub(super) hash: Fingerprint,
    pub(super) md5: Md5,
    /// Bytes.
    pub(super) size: u64,
    /// The tag of its headers.
    pub(super) tag: u32,
}

/// An object that the store lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Listed {
    /// Bytes.
    pub(super) size: u64,
    pub(super) md5: Option<Md5>,
    pub(super) etag: Option<String>,
}

impl Listed {
    /// True if this is the file of the site with this MD5 for which a list has an entry.
    fn is(&self, entry: &Entry, md5: &Md5) -> bool {
        self.size == entry.size
            && match &entry.version {
                Version::Published => self.md5.as_ref() == Some(md5),
                Version::Md5(sent) => self.md5.as_ref() == Some(sent),
                Version::Etag(etag) => self.etag.as_ref() == Some(etag),
                Version::Unknown => true,
            }
    }

    /// True if this is what newsprint wrote, as far as the store tells. What the store tells and the
    /// list does not is another thing.
    fn shows(&self, stored: &Stored) -> bool {
        self.size == stored.size
            && match &stored.version {
                Version::Md5(sent) => self.md5.as_ref().is_none_or(|md5| md5 == sent),
                Version::Etag(sent) => self.etag.as_ref().is_none_or(|etag| etag == sent),
                Version::Published | Version::Unknown => self.md5.is_none(),
            }
    }
}

/// What the plan depends on. Keys are paths of the site: the prefix is not in them.
pub(super) struct Input<'a> {
    pub(super) files: &'a [File],
    pub(super) list: &'a Files,
    /// The list of a run that was interrupted; empty if the list has taken it in.
    pub(super) pending: &'a Pending,
    pub(super) listed: &'a HashMap<String, Listed>,
    /// Objects of others may be replaced, and so are files whose bytes the store cannot tell.
    pub(super) replace: bool,
}

/// What a deployment does. Files are given by their index.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    /// Entries of files that stay.
    pub(super) kept: BTreeMap<String, Entry>,
    /// Files whose keys the store does not have.
    pub(super) new: Vec<usize>,
    /// Files that replace an object.
    pub(super) changed: Vec<usize>,
    /// Files to send in this order. Those of one group are sent together, and a group only when the
    /// one before it is complete.
    pub(super) groups: Vec<Vec<usize>>,
    /// What the files to send look like in the store.
    pub(super) sent: BTreeMap<usize, Stored>,
    /// Paths to delete, with the bytes that they have in the store.
    pub(super) deleted: BTreeMap<String, u64>,
    /// Paths of newsprint's lists that the site does not want, where the store has something else
    /// than newsprint wrote.
    pub(super) altered: Vec<String>,
    /// What newsprint wrote, or was about to write, at paths that the site does not want, and that
    /// the store does not list.
    pub(super) gone: Looks,
    /// Files that an interrupted run has not completed; to delete, and not counted.
    pub(super) parts: Vec<String>,
    /// Paths of the site at which the store has an object that newsprint did not write.
    pub(super) foreign: Vec<String>,
    /// Paths whose change is to be told: what differs from the last deployment that ended well, what
    /// runs after it may have written, and what they did not tell.
    pub(super) untold: BTreeSet<String>,
}

impl Plan {
    pub(super) fn make(input: &Input<'_>) -> Self {
        let mut plan = Self::default();
        let mut groups: BTreeMap<(bool, Rank), Vec<usize>> = BTreeMap::new();
        for (at, file) in input.files.iter().enumerate() {
            let is_changed = match input.judge(file) {
                Verdict::Kept(entry) => {
                    plan.kept.insert(file.path.clone(), entry);
                    continue;
                }
                Verdict::Foreign => {
                    plan.foreign.push(file.path.clone());
                    continue;
                }
                Verdict::New => false,
                Verdict::Changed => true,
            };
            if is_changed { &mut plan.changed } else { &mut plan.new }.push(at);
            groups.entry((is_changed, Rank::of(&file.path))).or_default().push(at);
        }
        plan.groups = groups.into_values().collect();
        plan.remove(input);
        plan.untold = plan.changes(input);
        plan
    }

    /// Judges the paths that the site does not want.
    fn remove(&mut self, input: &Input<'_>) {
        let wanted: BTreeSet<&str> = input.files.iter().map(|file| file.path.as_str()).collect();
        for (path, looks) in input.list.looks(input.pending) {
            if wanted.contains(path.as_str()) {
                continue;
            }
            match input.listed.get(&path) {
                None => {
                    self.gone.insert(path, looks);
                }
                Some(listed) if looks.iter().any(|stored| listed.shows(stored)) => {
                    self.deleted.insert(path, listed.size);
                }
                Some(_) => self.altered.push(path),
            }
        }
    }

    fn changes(&self, input: &Input<'_>) -> BTreeSet<String> {
        let Input { files, list, pending, .. } = input;
        let by_path: BTreeMap<&str, &File> = files.iter().map(|file| (file.path.as_str(), file)).collect();
        let is_same = |path: &str, entry: &Entry| {
            by_path.get(path).is_some_and(|file| (file.hash, file.tag) == (entry.hash, entry.tag))
        };
        let lost = list.entries.iter().filter(|(path, entry)| !is_same(path, entry)).map(|(path, _)| path);
        let added = files.iter().map(|file| &file.path).filter(|path| !list.entries.contains_key(*path));
        let sent = self.new.iter().chain(&self.changed).map(|&at| &files[at].path);
        let paths = lost.chain(added).chain(sent).chain(self.deleted.keys());
        paths.chain(pending.entries.keys()).chain(&list.untold).cloned().collect()
    }

    /// On a store with folders: what has to be deleted before the files of a group can be written,
    /// and the folders that have to go if they are empty.
    pub(super) fn in_the_way<'a>(
        &self,
        paths: impl IntoIterator<Item = &'a str>,
    ) -> (BTreeSet<String>, BTreeSet<String>) {
        let (mut files, mut folders) = (BTreeSet::new(), BTreeSet::new());
        for path in paths {
            let parents = paths::folders(path).map(|parent| parent.trim_end_matches('/'));
            files.extend(parents.filter(|parent| self.deleted.contains_key(*parent)).map(str::to_owned));
            let folder = format!("{path}/");
            let is_inside = |other: &&String| other.starts_with(&folder);
            let deleted = self.deleted.range(folder.clone()..).map(|(other, _)| other);
            let deleted = deleted.take_while(is_inside);
            let gone = self.gone.range(folder.clone()..).map(|(other, _)| other).take_while(is_inside);
            // An interrupted run may have left an empty folder.
            for other in deleted.clone().chain(gone) {
                let inside = paths::folders(other).filter(|inner| inner.len() >= folder.len());
                folders.extend(inside.map(str::to_owned));
            }
            files.extend(deleted.cloned());
        }
        (files, folders)
    }
}

enum Verdict {
    Kept(Entry),
    New,
    Changed,
    Foreign,
}

impl Input<'_> {
    fn judge(&self, file: &File) -> Verdict {
        let Some(listed) = self.listed.get(&file.path) else { return Verdict::New };
        let entry = self.list.entries.get(&file.path);
        let pending = self.pending.entries.get(&file.path);
        let is_wanted = |other: &&Candidate| (other.hash, other.tag) == (file.hash, file.tag);
        // An interrupted run may have written other bytes of the same size, in the same second,
        // from which servers make ETags. So may another run have done, which no list tells: `replace`
        // sends the file again.
        let is_alone = pending.is_none_or(|all| all.iter().all(|other| is_wanted(&other)));
        let is_certain = listed.md5.is_some() || (is_alone && !self.replace);
        if let Some(entry) = entry
            && (entry.hash, entry.tag) == (file.hash, file.tag)
            && is_certain
            && listed.is(entry, &file.md5)
        {
            let version = match &entry.version {
                Version::Published => Version::Md5(file.md5),
                version => version.clone(),
            };
            return Verdict::Kept(Entry { version, ..entry.clone() });
        }
        if let Some(md5) = listed.md5 {
            let sent = Stored { size: listed.size, version: Version::Md5(md5) };
            if pending.is_some_and(|all| all.iter().filter(is_wanted).any(|other| other.stored == sent)) {
                let Stored { size, version } = sent;
                return Verdict::Kept(Entry { hash: file.hash, size, tag: file.tag, version });
            }
        }
        let is_same = listed.md5 == Some(file.md5) && listed.size == file.size;
        let gone = self.list.gone.get(&file.path);
        let is_gone = gone.is_some_and(|looks| looks.iter().any(|stored| listed.shows(stored)));
        let is_ours = entry.is_some() || pending.is_some() || is_gone;
        match is_ours || self.replace || is_same {
            true => Verdict::Changed,
            false => Verdict::Foreign,
        }
    }
}

#[cfg(test)]
mod tests;
