//! Carries out a plan: sends files, deletes files, and writes newsprint's lists.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, stream};
use opendal::Buffer;
use rayon::prelude::*;

use super::client::{Client, Listing, Sent, etag_md5};
use super::kind::Headers;
use super::known::Known;
use super::list::{Candidate, Entry, FILES, Files, PENDING, Pending, Stored, Version, md5};
use super::local::Site;
use super::plan::{File, Input, Plan};
use crate::config::DeployTarget;
use crate::diagnostic::Diagnostic;
use crate::paths::folders;

/// How often a file is sent if the store says that it got other bytes.
const MAX_SENDS: u32 = 2;

/// How often files are sent again that another run replaced.
const MAX_ROUNDS: u32 = 3;

/// How long a run writes before it looks whether another one has begun.
const WATCH: Duration = Duration::from_secs(5);

/// A deployment to one store.
pub(super) struct Deployment<'a> {
    pub(super) client: &'a Client,
    pub(super) target: &'a DeployTarget,
    pub(super) site: &'a Site,
    pub(super) files: &'a [File],
    pub(super) known: &'a Known,
    /// Called with the bytes that are sent, and with all bytes to send.
    pub(super) progress: &'a (dyn Fn(u64, u64) + Sync),
    /// True as soon as something was written.
    pub(super) has_begun: Cell<bool>,
}

/// Why a run ends early.
enum Stop {
    /// Another run has begun. This one writes no list: the other one may have replaced its files.
    Overtaken(Diagnostic),
    Failed(Diagnostic),
}

impl From<Diagnostic> for Stop {
    fn from(problem: Diagnostic) -> Self {
        Self::Failed(problem)
    }
}

/// What a run has done.
struct State {
    /// The ID of the run's list of pending files, and the time at which it was seen in the store.
    run: Option<(u64, Instant)>,
    /// The list of the files that the store has.
    entries: BTreeMap<String, Entry>,
    /// What was deleted before the end. There may be folders now.
    removed: BTreeSet<String>,
}

impl Deployment<'_> {
    /// Lists the store and plans. `replace`: objects of others may be replaced.
    ///
    /// # Errors
    /// The store refuses it, or a file of the site cannot be read.
    pub(super) async fn plan(&self, replace: bool) -> Result<Plan, Diagnostic> {
        self.plan_with(&self.known.list, &self.known.pending, replace).await
    }

    async fn plan_with(&self, list: &Files, pending: &Pending, replace: bool) -> Result<Plan, Diagnostic> {
        let site = self.files.iter().map(|file| &file.path);
        let known = list.entries.keys().chain(list.gone.keys()).chain(pending.entries.keys());
        let wanted: BTreeSet<&str> = site.chain(known).map(String::as_str).collect();
        let Listing { files: mut listed, parts } = self.client.list(&wanted).await?;
        if self.client.has_opaque_etags() {
            // An ETag that looks like an MD5 is not one.
            listed.values_mut().for_each(|listed| listed.md5 = None);
        }
        let input = Input { files: self.files, list, pending, listed: &listed, replace };
        let plan = Plan::make(&input);
        let Self { files, site, target, .. } = *self;
        let sent = plan.groups.par_iter().flatten().map(|&at| {
            let (size, md5) = site.as_sent(&files[at], &Headers::of(&files[at].path, target))?;
            Ok((at, Stored { size, version: Version::Md5(md5) }))
        });
        let sent = sent.collect::<Result<_, Diagnostic>>()?;
        Ok(Plan { parts, sent, ..plan })
    }

    /// Carries out the plan. Returns the list that the store has now. With `tells`, it has the paths
    /// that are to be told, until [`Self::told`] is called.
    ///
    /// # Errors
    /// The store refuses something. What was written stays, and the next run finishes.
    pub(super) async fn run(&self, plan: &Plan, tells: bool) -> Result<Files, Diagnostic> {
        let Known { list, is_open, list_object, pending_object, .. } = self.known;
        let mut state = State { run: None, entries: plan.kept.clone(), removed: BTreeSet::new() };
        let mut taken = list.taken;
        if *is_open || !plan.groups.is_empty() || !plan.deleted.is_empty() {
            let next = self.next_pending(plan);
            self.client.write_own(PENDING, next.write(), pending_object.as_ref()).await?;
            self.has_begun.set(true);
            state.run = Some((next.id, Instant::now()));
            taken = Some(next.id);
        }
        let gone = match self.send_and_delete(plan, &mut state).await {
            Ok(last) => last.map_or_else(|| plan.gone.clone(), |last| last.gone),
            Err(Stop::Overtaken(problem)) => return Err(problem),
            Err(Stop::Failed(problem)) => {
                // Only this list knows the versions of the files that are sent.
                if !self.client.lists_md5() && state.entries.len() > plan.kept.len() {
                    let mut all = list.entries.clone();
                    all.extend(state.entries);
                    let untold = plan.untold.clone();
                    let known = Files { taken: list.taken, entries: all, gone: list.gone.clone(), untold };
                    let _ = self.client.write_own(FILES, known.write(), list_object.as_ref()).await;
                }
                return Err(problem);
            }
        };
        let untold = if tells { plan.untold.clone() } else { BTreeSet::new() };
        let next = Files { taken, entries: state.entries, gone, untold };
        if next == *list && list_object.is_some() {
            return Ok(next);
        }
        self.has_begun.set(true);
        self.client.write_own(FILES, next.write(), list_object.as_ref()).await?;
        Ok(next)
    }

    /// Notes in the list that all changes were told, unless another run has written it since.
    ///
    /// # Errors
    /// The store refuses it.
    pub(super) async fn told(&self, list: Files) -> Result<(), Diagnostic> {
        let own = self.client.read(FILES).await?;
        if own.as_ref().and_then(|own| Files::read(&own.bytes)).as_ref() != Some(&list) {
            return Ok(());
        }
        let list = Files { untold: BTreeSet::new(), ..list };
        self.client.write_own(FILES, list.write(), own.as_ref()).await
    }

    /// Sends and deletes. Returns the last plan if there was another than the first.
    async fn send_and_delete(&self, plan: &Plan, state: &mut State) -> Result<Option<Plan>, Stop> {
        self.send(plan, state).await?;
        let last = if self.known.is_open { Some(self.settle(state).await?) } else { None };
        self.watch(state, Duration::ZERO).await?;
        self.delete(last.as_ref().unwrap_or(plan), state).await?;
        Ok(last)
    }

    /// Lists the store again, since another run may have been at work, and sends what is not as it
    /// was sent. Returns the plan for what is left: there is nothing to send.
    async fn settle(&self, state: &mut State) -> Result<Plan, Stop> {
        let Known { list, pending, .. } = self.known;
        let mut gone = list.looks(pending);
        gone.retain(|path, _| !state.entries.contains_key(path));
        for _ in 0..=MAX_ROUNDS {
            let (entries, gone) = (state.entries.clone(), gone.clone());
            let now = Files { entries, gone, ..Files::default() };
            let plan = self.plan_with(&now, &Pending::default(), false).await?;
            if plan.groups.is_empty() {
                return Ok(plan);
            }
            self.send(&plan, state).await?;
        }
        Err(Stop::Overtaken(self.client.other_run(PENDING)))
    }

    /// Checks that no other run has begun since this one wrote its list of pending files, if the
    /// last check is older than `age`: the other one replaces the files of this one, and some stores
    /// cannot refuse the second of two runs that begin together.
    async fn watch(&self, state: &mut State, age: Duration) -> Result<(), Stop> {
        let Some((id, seen)) = &mut state.run else { return Ok(()) };
        if seen.elapsed() < age {
            return Ok(());
        }
        let own = self.client.read(PENDING).await?;
        match own.and_then(|own| Pending::read(&own.bytes)) {
            Some(pending) if pending.id == *id => {
                *seen = Instant::now();
                Ok(())
            }
            _ => Err(Stop::Overtaken(self.client.other_run(PENDING))),
        }
    }

    /// The list of files that may be in the store after an interruption, besides those of the list.
    fn next_pending(&self, plan: &Plan) -> Pending {
        let mut next = Pending::new();
        next.entries.clone_from(&self.known.pending.entries);
        for (&at, stored) in &plan.sent {
            let File { path, hash, tag, .. } = &self.files[at];
            let candidate = Candidate { hash: *hash, tag: *tag, stored: stored.clone() };
            next.entries.entry(path.clone()).or_default().insert(candidate);
        }
        next
    }

    /// Sends the groups of a plan, one after the other.
    async fn send(&self, plan: &Plan, state: &mut State) -> Result<(), Stop> {
        let total = plan.sent.values().map(|stored| stored.size).sum();
        let mut done = 0;
        let is_sure = self.client.is_conditional() && self.client.lists_md5();
        for group in &plan.groups {
            self.watch(state, if is_sure { WATCH } else { Duration::ZERO }).await?;
            if self.client.has_folders() {
                self.make_room(plan, group, state).await?;
            }
            let sends = group.iter().map(|&at| self.send_file(&self.files[at]));
            let mut sends = stream::iter(sends).buffer_unordered(self.client.parallel());
            while let Some(sent) = sends.next().await {
                let (path, entry) = sent?;
                done += entry.size;
                (self.progress)(done, total);
                state.entries.insert(path, entry);
                self.watch(state, WATCH).await?;
            }
        }
        Ok(())
    }

    /// Deletes newsprint's own files that stand where a folder has to be, and those of a folder that
    /// becomes a file.
    async fn make_room(&self, plan: &Plan, group: &[usize], state: &mut State) -> Result<(), Stop> {
        // Where a file changes, there is no folder.
        let new = group.iter().filter(|at| plan.new.binary_search(at).is_ok());
        let (files, folders) = plan.in_the_way(new.map(|&at| self.files[at].path.as_str()));
        for path in files {
            if !state.removed.contains(&path) {
                self.client.delete(&path).await?;
                state.removed.insert(path);
            }
        }
        Ok(self.client.remove_empty(folders).await?)
    }

    /// Sends a file. Returns its path and its entry in the list.
    async fn send_file(&self, file: &File) -> Result<(String, Entry), Diagnostic> {
        let headers = Headers::of(&file.path, self.target);
        let (site, planned, wanted) = (self.site.clone(), file.clone(), headers.clone());
        let read = tokio::task::spawn_blocking(move || site.body(&planned, &wanted)).await;
        let body = read.unwrap_or_else(|error| Err(Diagnostic::error(error.to_string())))?;
        let (size, sent_md5) = (body.bytes.len() as u64, md5(&body.bytes));
        let bytes = Buffer::from(body.bytes);
        let sent = Sent { media_type: &headers.media_type, cache: &headers.cache, encoding: body.encoding };
        for _ in 0..MAX_SENDS {
            let etag = self.client.write(&file.path, bytes.clone(), &sent).await?;
            let etag = etag.map(|etag| etag.trim_matches('"').to_owned()).filter(|etag| !etag.is_empty());
            let version = if self.client.has_md5_etags() {
                match etag.as_deref().map(etag_md5) {
                    // The store got other bytes.
                    Some(Some(stored)) if stored != sent_md5 => continue,
                    Some(None) => etag.map_or(Version::Unknown, Version::Etag),
                    _ => Version::Md5(sent_md5),
                }
            } else if self.client.lists_md5() && !self.client.has_opaque_etags() {
                Version::Md5(sent_md5)
            } else {
                etag.map_or(Version::Unknown, Version::Etag)
            };
            let entry = Entry { hash: file.hash, size, tag: file.tag, version };
            return Ok((file.path.clone(), entry));
        }
        let message = tr!("the store has other bytes of {} than were sent, twice", file.path);
        Err(Diagnostic::error(message)
            .help(tr!("something between here and the store changes files; deploy again")))
    }

    async fn delete(&self, plan: &Plan, state: &mut State) -> Result<(), Stop> {
        let gone = plan.deleted.keys().filter(|path| !state.removed.contains(*path));
        let gone: Vec<&String> = gone.chain(&plan.parts).collect();
        let deletes = gone.into_iter().map(|path| self.client.delete(path));
        let mut deletes = stream::iter(deletes).buffer_unordered(self.client.parallel());
        while let Some(deleted) = deletes.next().await {
            deleted?;
            self.watch(state, WATCH).await?;
        }
        if self.client.has_folders() {
            let kept: BTreeSet<&str> = self.files.iter().flat_map(|file| folders(&file.path)).collect();
            let emptied = plan.deleted.keys().flat_map(|path| folders(path));
            let is_kept = |folder: &str| {
                kept.contains(folder) || state.entries.contains_key(folder.trim_end_matches('/'))
            };
            let emptied = emptied.filter(|folder| !is_kept(folder)).map(str::to_owned).collect();
            self.client.remove_empty(emptied).await?;
        }
        Ok(())
    }
}
