//! Decides what a deployment does: pure, from the files of the site, newsprint's own lists and the
//! listing of the store.
//!
//! A file is unchanged only if a list has its hash and its headers, and the store has an object of
//! the written size and version. Times are never compared: a fresh checkout has other ones.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::kind::Rank;
use super::list::{Entry, Files, Md5, Pending, Version};
use crate::fingerprint::Fingerprint;

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
    fn is(&self, entry: &Entry, md5: &Md5) -> bool {
        self.size == entry.size
            && match &entry.version {
                Version::Published => self.md5.as_ref() == Some(md5),
                Version::Md5(sent) => self.md5.as_ref() == Some(sent),
                Version::Etag(etag) => self.etag.as_ref() == Some(etag),
                Version::Unknown => true,
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
    /// Size and MD5 of a file as it would be sent, in its encoding.
    pub(super) as_sent: &'a dyn Fn(&File) -> Option<(u64, Md5)>,
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
    /// Paths to delete, with the bytes that they have in the store.
    pub(super) deleted: Vec<(String, u64)>,
    /// Paths of the pending list that the site does not want, and the store does not have: the run
    /// may not have ended.
    pub(super) maybe: BTreeSet<String>,
    /// Files that an interrupted run has not completed; to delete, and not counted.
    pub(super) parts: Vec<String>,
    /// Paths of the site at which the store has an object that newsprint did not write.
    pub(super) foreign: Vec<String>,
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
        let wanted: BTreeSet<&str> = input.files.iter().map(|file| file.path.as_str()).collect();
        let pending = input.pending.entries.keys();
        let known: BTreeSet<&String> =
            input.list.entries.keys().chain(&input.list.maybe).chain(pending.clone()).collect();
        let is_unseen = |path: &&String| !wanted.contains(path.as_str()) && !input.listed.contains_key(*path);
        plan.maybe = pending.filter(is_unseen).cloned().collect();
        let gone = known.into_iter().filter(|path| !wanted.contains(path.as_str()));
        plan.deleted = gone.filter_map(|path| Some((path.clone(), input.listed.get(path)?.size))).collect();
        plan
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
        let candidate = (file.hash, file.tag);
        // An interrupted run may have written other bytes of the same size, in the same second,
        // from which servers make ETags. So may another run have done, which no list tells: `replace`
        // sends the file again.
        let is_alone = pending.is_none_or(|all| all.iter().all(|other| *other == candidate));
        let is_certain = listed.md5.is_some() || (is_alone && !self.replace);
        if let Some(entry) = entry
            && (entry.hash, entry.tag) == candidate
            && is_certain
            && listed.is(entry, &file.md5)
        {
            return Verdict::Kept(entry.clone());
        }
        if pending.is_some_and(|all| all.contains(&candidate))
            && let Some(md5) = listed.md5
            && (self.as_sent)(file) == Some((listed.size, md5))
        {
            let version = if md5 == file.md5 { Version::Published } else { Version::Md5(md5) };
            let Listed { size, .. } = *listed;
            return Verdict::Kept(Entry { hash: file.hash, size, tag: file.tag, version });
        }
        let is_same = listed.md5 == Some(file.md5) && listed.size == file.size;
        let is_ours = entry.is_some() || pending.is_some() || self.list.maybe.contains(&file.path);
        match is_ours || self.replace || is_same {
            true => Verdict::Changed,
            false => Verdict::Foreign,
        }
    }
}

#[cfg(test)]
mod tests;
