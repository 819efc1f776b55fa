//! Reports that the files of a digest changed: by notifications of the system, or by looking at the
//! files twice a second if there are no notifications.
//!
//! The names of changed files are only printed. A build finds changes by itself, so that it is
//! right after missed and repeated notifications.

mod debounce;
mod poll;
mod roots;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant};

use notify::{RecursiveMode, Watcher};

use crate::pipeline::Options;
use crate::serve::system::{self, Connect, Signal};
use debounce::{Burst, QUIET_AFTER_MANY};
use poll::{CONTROL_INTERVAL, POLL_INTERVAL, Snapshot};
use roots::Roots;

/// Wakes a [`Watch`], for example if a file of the site is missing.
#[derive(Debug, Clone)]
pub(super) struct Waker(Sender<Signal>);

impl Waker {
    /// Makes the watch report a change without names of files.
    pub(super) fn wake(&self) {
        // The receiver is gone when the preview ends.
        let _ = self.0.send(Signal::Lost);
    }
}

/// A burst of changes.
#[derive(Debug)]
pub(super) struct Change {
    /// When the first change was noticed.
    pub(super) since: Instant,
    /// Names of changed files in the digest. The list may be incomplete, or name files that did not
    /// change.
    pub(super) files: Vec<String>,
    /// Why files are polled from now on, if this change revealed it.
    pub(super) polling_reason: Option<String>,
}

/// How changes are noticed.
enum Method {
    /// By notifications of the system about these real folders.
    Notifications { watcher: Box<dyn Watcher + Send>, watched: BTreeSet<PathBuf> },
    /// By looking at the files.
    Polling,
}

/// Watches the sources of a digest.
pub(super) struct Watch {
    roots: Roots,
    method: Method,
    signals: Receiver<Signal>,
    sender: Sender<Signal>,
    /// True if folders or links came or went, so that other folders have to be watched.
    are_watches_outdated: bool,
    /// True if the next [`wait`](Self::wait) has to report a change at once.
    is_build_due: bool,
    /// Names of files that changed since the last build began.
    pending: BTreeSet<String>,
    /// Real paths of files that a program has open for writing.
    open_files: BTreeSet<PathBuf>,
    /// The last look at the files; `None` if they changed since.
    snapshot: Option<Snapshot>,
}

impl Watch {
    /// Starts to watch, by polling if `poll` is set. Also returns the reason if the system cannot
    /// report changes, so that files are polled.
    pub(super) fn start(options: &Options, poll: bool) -> (Self, Option<String>) {
        Self::start_with(options, (!poll).then_some(system::connect))
    }

    fn start_with(options: &Options, connect: Option<Connect>) -> (Self, Option<String>) {
        let (sender, signals) = mpsc::channel();
        let mut watch = Self {
            roots: Roots::new(options),
            method: Method::Polling,
            signals,
            sender,
            are_watches_outdated: true,
            is_build_due: false,
            pending: BTreeSet::new(),
            open_files: BTreeSet::new(),
            snapshot: None,
        };
        let mut reason = None;
        if let Some(connect) = connect {
            match connect(watch.sender.clone()) {
                Ok(watcher) => {
                    watch.method = Method::Notifications { watcher, watched: BTreeSet::new() };
                    reason = watch.update_watches();
                }
                Err(error) => reason = Some(error.to_string()),
            }
        }
        watch.snapshot = Some(poll::snapshot(&watch.roots));
        watch.is_build_due = false;
        (watch, reason)
    }

    /// A handle with which other threads wake this watch.
    pub(super) fn waker(&self) -> Waker {
        Waker(self.sender.clone())
    }

    /// Watches new folders and stops watching removed ones. To be called after each build. Returns
    /// the reason if the system cannot watch any more, so that files are polled.
    pub(super) fn update_watches(&mut self) -> Option<String> {
        if !std::mem::take(&mut self.are_watches_outdated) {
            return None;
        }
        let Method::Notifications { watcher, watched } = &mut self.method else { return None };
        let wanted = self.roots.refresh();
        for gone in watched.difference(&wanted) {
            // The system has removed most of these watches by itself.
            let _ = watcher.unwatch(gone);
        }
        watched.retain(|folder| wanted.contains(folder));
        let new: Vec<PathBuf> = wanted.difference(watched).cloned().collect();
        // A build finds files that were put into a new folder before it was watched.
        self.is_build_due |= !new.is_empty();
        for folder in new {
            match watcher.watch(&folder, RecursiveMode::NonRecursive) {
                Ok(()) => {
                    watched.insert(folder);
                }
                Err(_) if !folder.is_dir() => {}
                Err(error) => {
                    let reason = error.to_string();
                    self.method = Method::Polling;
                    return Some(reason);
                }
            }
        }
        None
    }

    /// Waits until something changed and the burst of changes is over.
    pub(super) fn wait(&mut self) -> Change {
        if std::mem::take(&mut self.is_build_due) {
            let since = Instant::now();
            let mut files = std::mem::take(&mut self.pending);
            self.wait_until_quiet(&mut files);
            // When polling, the look comes before the build, so that no later change is missed.
            // With notifications, the build does not have to wait for a look.
            self.snapshot = matches!(self.method, Method::Polling).then(|| poll::snapshot(&self.roots));
            return Change { since, files: files.into_iter().collect(), polling_reason: None };
        }
        if self.snapshot.is_none() {
            self.snapshot = Some(poll::snapshot(&self.roots));
        }
        loop {
            let change = match self.method {
                Method::Notifications { .. } => self.wait_for_notification(),
                Method::Polling => {
                    let woken = self.wait_for_signal(POLL_INTERVAL, &mut BTreeSet::new());
                    let since = Instant::now();
                    let files = self.changed_since_snapshot().or(woken.then(Vec::new));
                    files.map(|files| Change { since, files, polling_reason: None })
                }
            };
            if let Some(change) = change {
                return change;
            }
        }
    }

    /// True if something changes within this time. It is then built before the last build is shown.
    pub(super) fn changes_within(&mut self, time: Duration) -> bool {
        let mut files = std::mem::take(&mut self.pending);
        self.is_build_due |= self.wait_for_signal(time, &mut files);
        self.pending = files;
        self.is_build_due
    }

    /// Waits for a notification, and looks at the files if there is none for a while. Switches to
    /// polling if the system missed a change.
    fn wait_for_notification(&mut self) -> Option<Change> {
        let mut files = BTreeSet::new();
        if self.wait_for_signal(CONTROL_INTERVAL, &mut files) {
            let since = Instant::now();
            self.wait_until_quiet(&mut files);
            self.snapshot = None;
            return Some(Change { since, files: files.into_iter().collect(), polling_reason: None });
        }
        let since = Instant::now();
        let missed = self.changed_since_snapshot()?;
        if self.wait_for_signal(QUIET_AFTER_MANY, &mut files) {
            // The notification came during the look.
            self.wait_until_quiet(&mut files);
            self.snapshot = None;
            return Some(Change { since, files: missed, polling_reason: None });
        }
        self.method = Method::Polling;
        let polling_reason = Some(tr!("it did not report a change, as on some network disks"));
        Some(Change { since, files: missed, polling_reason })
    }

    /// Looks at the files. Returns those that changed since the last look, if there was one.
    fn changed_since_snapshot(&mut self) -> Option<Vec<String>> {
        let now = poll::snapshot(&self.roots);
        let before = self.snapshot.replace(now)?;
        let files = poll::changed_files(&before, self.snapshot.as_ref()?);
        (!files.is_empty()).then_some(files)
    }

    /// Waits at most `time` for a relevant signal, and adds its files to `files`. Returns whether
    /// there was one.
    fn wait_for_signal(&mut self, time: Duration, files: &mut BTreeSet<String>) -> bool {
        let deadline = Instant::now() + time;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.signals.recv_timeout(left) {
                Ok(signal) if !self.is_relevant(&signal, files) => {}
                Ok(_) => return true,
                Err(_) => return false,
            }
        }
    }

    /// Waits until the burst of changes is over.
    fn wait_until_quiet(&mut self, files: &mut BTreeSet<String>) {
        let burst = Burst::start();
        while let Some(quiet) = burst.next_wait(files.len(), !self.open_files.is_empty()) {
            if !self.wait_for_signal(quiet, files) {
                break;
            }
        }
        self.open_files.clear();
    }

    /// Adds the names of a signal's files to `files` and keeps track of open files and outdated
    /// watches. Returns whether the signal requires a build.
    fn is_relevant(&mut self, signal: &Signal, files: &mut BTreeSet<String>) -> bool {
        let (mut has_name, mut is_among_sources) = (false, false);
        let mut add = |name: Option<String>| {
            has_name |= name.is_some();
            files.extend(name);
        };
        match signal {
            Signal::Lost => {
                self.are_watches_outdated = true;
                return true;
            }
            Signal::Written(paths) => {
                for path in paths {
                    let name = self.roots.name(path);
                    // Only Linux reports that a file is closed.
                    if cfg!(target_os = "linux") && name.is_some() {
                        self.open_files.insert(path.clone());
                    }
                    add(name);
                }
            }
            Signal::Closed(paths) => {
                for path in paths {
                    self.open_files.remove(path);
                    add(self.roots.name(path));
                }
            }
            Signal::NameChanged(paths) => {
                for path in paths {
                    self.open_files.remove(path);
                    let is_no_file =
                        |path: &Path| std::fs::symlink_metadata(path).is_ok_and(|found| !found.is_file());
                    if self.roots.is_folder_or_link(path) || is_no_file(path) {
                        self.are_watches_outdated = true;
                        self.unwatch_below(path);
                    }
                    is_among_sources |= self.roots.is_among_sources(path);
                    add(self.roots.name(path));
                }
            }
        }
        has_name || is_among_sources
    }

    /// Removes the watches of a folder that is gone or replaced, and of all folders below it.
    fn unwatch_below(&mut self, path: &Path) {
        if let Method::Notifications { watcher, watched } = &mut self.method {
            for below in watched.iter().filter(|folder| folder.starts_with(path)) {
                let _ = watcher.unwatch(below);
            }
            watched.retain(|folder| !folder.starts_with(path));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::NullWatcher;

    /// A watcher of a system that is out of watches.
    struct Full;

    impl Watcher for Full {
        fn new<F: notify::EventHandler>(_: F, _: notify::Config) -> notify::Result<Self> {
            Ok(Self)
        }
        fn watch(&mut self, _: &Path, _: RecursiveMode) -> notify::Result<()> {
            Err(notify::Error::new(notify::ErrorKind::MaxFilesWatch))
        }
        fn unwatch(&mut self, _: &Path) -> notify::Result<()> {
            Ok(())
        }
        fn kind() -> notify::WatcherKind {
            notify::WatcherKind::NullWatcher
        }
    }

    /// A watcher of a system that has three watches left. The field counts the calls of `watch`.
    struct Filling(usize);

    impl Watcher for Filling {
        fn new<F: notify::EventHandler>(_: F, _: notify::Config) -> notify::Result<Self> {
            Ok(Self(0))
        }
        fn watch(&mut self, _: &Path, _: RecursiveMode) -> notify::Result<()> {
            self.0 += 1;
            if self.0 > 3 { Err(notify::Error::new(notify::ErrorKind::MaxFilesWatch)) } else { Ok(()) }
        }
        fn unwatch(&mut self, _: &Path) -> notify::Result<()> {
            Ok(())
        }
        fn kind() -> notify::WatcherKind {
            notify::WatcherKind::NullWatcher
        }
    }

    /// Starts to watch a digest, adds an article, and waits for the change. Also returns the reason
    /// for polling from the start.
    fn change_seen_with(connect: Connect) -> (Option<String>, Change) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("content/articles")).unwrap();
        let (mut watch, reason) = Watch::start_with(&Options::new(folder.path()), Some(connect));
        std::fs::write(folder.path().join("content/articles/new.md"), "x").unwrap();
        (reason, watch.wait())
    }

    #[test]
    fn files_are_polled_if_the_system_cannot_watch() {
        let (reason, change) = change_seen_with(|_| Err(notify::Error::generic("no inotify here")));
        assert_eq!(reason.as_deref(), Some("no inotify here"));
        assert_eq!((change.files, change.polling_reason), (vec!["content/articles/new.md".to_owned()], None));
    }

    #[test]
    fn files_are_polled_if_the_system_has_no_watches_left() {
        let (reason, change) = change_seen_with(|_| Ok(Box::new(Full)));
        assert!(reason.is_some_and(|reason| reason.contains("watch")));
        assert_eq!(change.files, ["content/articles/new.md"]);
    }

    #[test]
    fn files_are_polled_if_the_system_misses_a_change() {
        // As on some network disks: watching succeeds, and no notification ever comes.
        let (reason, change) = change_seen_with(|_| Ok(Box::new(NullWatcher)));
        assert_eq!((reason, change.files), (None, vec!["content/articles/new.md".to_owned()]));
        assert!(change.polling_reason.is_some_and(|reason| reason.contains("did not report")));
    }

    #[test]
    fn no_change_is_lost_if_the_system_runs_out_of_watches_later() {
        let folder = tempfile::tempdir().unwrap();
        let articles = folder.path().join("content/articles");
        std::fs::create_dir_all(&articles).unwrap();
        let (mut watch, reason) =
            Watch::start_with(&Options::new(folder.path()), Some(|_| Ok(Box::new(Filling(0)))));
        assert_eq!(reason, None);
        std::fs::create_dir(articles.join("more")).unwrap();
        watch.are_watches_outdated = true;
        assert!(watch.update_watches().is_some());
        // A build is due at once; later changes are found by polling.
        assert!(watch.wait().files.is_empty());
        std::fs::write(articles.join("a.md"), "x").unwrap();
        assert_eq!(watch.wait().files, ["content/articles/a.md"]);
    }
}
