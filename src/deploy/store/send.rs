//! Carries out a plan: sends files, deletes files, and writes newsprint's lists.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::{StreamExt as _, stream};
use opendal::Buffer;

use super::client::{Client, Listing, Sent, etag_md5};
use super::kind::Headers;
use super::list::{Entry, FILES, Files, PENDING, Pending, Version, md5};
use super::local::Site;
use super::own::Own;
use super::plan::{File, Input, Plan};
use crate::config::DeployTarget;
use crate::diagnostic::Diagnostic;

/// How often a file is sent if the store says that it got other bytes.
const MAX_SENDS: u32 = 2;

/// What newsprint knows about a store.
#[derive(Default)]
pub(super) struct Known {
    pub(super) list: Files,
    /// Files of a run that was interrupted. The ID is kept, the files are not if the list has them.
    pub(super) pending: Pending,
    list_object: Option<Own>,
    pending_object: Option<Own>,
}

impl Known {
    /// Reads newsprint's lists in a store. With `replace`, a damaged list counts as missing.
    ///
    /// # Errors
    /// The store refuses it, or a list is damaged.
    pub(super) async fn read(client: &Client, replace: bool) -> Result<Self, Diagnostic> {
        let list_object = client.read(FILES).await?;
        let pending_object = client.read(PENDING).await?;
        if list_object.is_none() {
            client.probe().await?;
        }
        let damaged = |name: &str| {
            Diagnostic::error(tr!("{name} in the store is damaged, or not newsprint's", name)).help(tr!(
                "look at the store; `--replace` makes a new list, and replaces all files that the site has"
            ))
        };
        let list = match &list_object {
            Some(own) => match Files::read(&own.bytes) {
                None if !replace => return Err(damaged(FILES)),
                list => list.unwrap_or_default(),
            },
            None => Files::default(),
        };
        let mut pending = match &pending_object {
            Some(own) => match Pending::read(&own.bytes) {
                None if !replace => return Err(damaged(PENDING)),
                pending => pending.unwrap_or_default(),
            },
            None => Pending::default(),
        };
        if list.taken == Some(pending.id) {
            pending.entries.clear();
        }
        Ok(Self { list, pending, list_object, pending_object })
    }
}

/// A deployment to one store.
pub(super) struct Deployment<'a> {
    pub(super) client: &'a Client,
    pub(super) target: &'a DeployTarget,
    pub(super) site: &'a Site,
    pub(super) files: &'a [File],
    pub(super) known: &'a Known,
    /// Called with the bytes that are sent, and with all bytes to send.
    pub(super) progress: &'a (dyn Fn(u64, u64) + Sync),
}

impl Deployment<'_> {
    /// Lists the store and plans. `replace`: objects of others may be replaced.
    ///
    /// # Errors
    /// The store refuses it.
    pub(super) async fn plan(&self, replace: bool) -> Result<Plan, Diagnostic> {
        let Known { list, pending, .. } = self.known;
        let site = self.files.iter().map(|file| &file.path);
        let known = list.entries.keys().chain(&list.maybe).chain(pending.entries.keys());
        let wanted: BTreeSet<&str> = site.chain(known).map(String::as_str).collect();
        let Listing { files: listed, parts } = self.client.list(&wanted).await?;
        let as_sent = |file: &File| {
            let headers = Headers::of(&file.path, self.target);
            let body = self.site.body(file, &headers).ok()?;
            Some((body.bytes.len() as u64, md5(&body.bytes)))
        };
        let input = Input { files: self.files, list, pending, listed: &listed, replace, as_sent: &as_sent };
        Ok(Plan { parts, ..Plan::make(&input) })
    }

    /// Carries out the plan.
    ///
    /// # Errors
    /// The store refuses something. What was written stays, and the next run finishes.
    pub(super) async fn run(&self, plan: &Plan) -> Result<(), Diagnostic> {
        let Known { list, pending, list_object, pending_object } = self.known;
        let mut taken = (!pending.entries.is_empty()).then_some(pending.id).or(list.taken);
        if !plan.groups.is_empty() {
            let next = self.next_pending(plan);
            self.client.write_own(PENDING, next.write(), pending_object.as_ref()).await?;
            taken = Some(next.id);
        }
        let total: u64 = plan.groups.iter().flatten().map(|&at| self.files[at].size).sum();
        let done = AtomicU64::new(0);
        let progress = |size: u64| (self.progress)(done.fetch_add(size, Ordering::Relaxed) + size, total);
        let mut entries = plan.kept.clone();
        let mut result = Ok(());
        for group in &plan.groups {
            // A run that was overtaken writes no list: the other one may have replaced its files.
            if let Some(id) = taken {
                self.confirm(id).await?;
            }
            result = self.send(group, &progress, &mut entries).await;
            if result.is_err() {
                break;
            }
        }
        if let (true, Some(id), false) = (result.is_ok(), taken, plan.groups.is_empty()) {
            self.confirm(id).await?;
        }
        if result.is_ok() {
            result = self.delete(plan).await;
        }
        if let Err(problem) = result {
            // Only this list knows the versions of the files that are sent.
            if !self.client.lists_md5() && entries.len() > plan.kept.len() {
                let mut all = list.entries.clone();
                all.extend(entries);
                let known = Files { taken: list.taken, entries: all, maybe: list.maybe.clone() };
                let _ = self.client.write_own(FILES, known.write(), list_object.as_ref()).await;
            }
            return Err(problem);
        }
        let next = Files { taken, entries, maybe: plan.maybe.clone() };
        let is_same = (next.taken, &next.entries) == (list.taken, &list.entries);
        match is_same && plan.deleted.is_empty() && list_object.is_some() {
            true => Ok(()),
            false => self.client.write_own(FILES, next.write(), list_object.as_ref()).await,
        }
    }

    /// Checks that no other run has begun since this one wrote its list of pending files: some stores
    /// cannot refuse the second of two runs that begin together. The others need no check.
    async fn confirm(&self, id: u64) -> Result<(), Diagnostic> {
        if self.client.is_conditional() && self.client.lists_md5() {
            return Ok(());
        }
        let own = self.client.read(PENDING).await?;
        match own.and_then(|own| Pending::read(&own.bytes)) {
            Some(pending) if pending.id == id => Ok(()),
            _ => Err(self.client.other_run(PENDING)),
        }
    }

    /// The list of files that may be in the store after an interruption, besides those of the list.
    fn next_pending(&self, plan: &Plan) -> Pending {
        let mut next = Pending::new();
        next.entries.clone_from(&self.known.pending.entries);
        for file in plan.groups.iter().flatten().map(|&at| &self.files[at]) {
            next.entries.entry(file.path.clone()).or_default().insert((file.hash, file.tag));
        }
        next
    }

    /// Sends a group of files, and adds those that are sent to `entries`.
    async fn send(
        &self,
        group: &[usize],
        progress: &(dyn Fn(u64) + Sync),
        entries: &mut BTreeMap<String, Entry>,
    ) -> Result<(), Diagnostic> {
        let sends = group.iter().map(|&at| self.send_file(&self.files[at]));
        let mut sends = stream::iter(sends).buffer_unordered(self.client.parallel());
        while let Some(sent) = sends.next().await {
            let (path, entry, size) = sent?;
            progress(size);
            entries.insert(path, entry);
        }
        Ok(())
    }

    /// Sends a file. Returns its path, its entry in the list, and its published bytes.
    async fn send_file(&self, file: &File) -> Result<(String, Entry, u64), Diagnostic> {
        let headers = Headers::of(&file.path, self.target);
        let (site, planned, wanted) = (self.site.clone(), file.clone(), headers.clone());
        let read = tokio::task::spawn_blocking(move || site.body(&planned, &wanted)).await;
        let body = read.unwrap_or_else(|error| Err(Diagnostic::error(error.to_string())))?;
        let (size, sent_md5) = (body.bytes.len() as u64, md5(&body.bytes));
        let bytes = Buffer::from(body.bytes);
        let sent = Sent { media_type: &headers.media_type, cache: &headers.cache, encoding: body.encoding };
        let by_md5 = if sent_md5 == file.md5 { Version::Published } else { Version::Md5(sent_md5) };
        for _ in 0..MAX_SENDS {
            let etag = self.client.write(&file.path, bytes.clone(), &sent).await?;
            let etag = etag.map(|etag| etag.trim_matches('"').to_owned()).filter(|etag| !etag.is_empty());
            let version = if self.client.has_md5_etags() {
                match etag.as_deref().map(etag_md5) {
                    // The store got other bytes.
                    Some(Some(stored)) if stored != sent_md5 => continue,
                    Some(None) => etag.map_or(Version::Unknown, Version::Etag),
                    _ => by_md5,
                }
            } else if self.client.lists_md5() && !self.client.has_opaque_etags() {
                by_md5
            } else {
                etag.map_or(Version::Unknown, Version::Etag)
            };
            let entry = Entry { hash: file.hash, size, tag: file.tag, version };
            return Ok((file.path.clone(), entry, file.size));
        }
        let message = tr!("the store has other bytes of {} than were sent, twice", file.path);
        Err(Diagnostic::error(message)
            .help(tr!("something between here and the store changes files; deploy again")))
    }

    async fn delete(&self, plan: &Plan) -> Result<(), Diagnostic> {
        let gone = plan.deleted.iter().map(|(path, _)| path).chain(&plan.parts);
        let deletes = gone.map(|path| self.client.delete(path));
        let mut deletes = stream::iter(deletes).buffer_unordered(self.client.parallel());
        while let Some(deleted) = deletes.next().await {
            deleted?;
        }
        Ok(())
    }
}
