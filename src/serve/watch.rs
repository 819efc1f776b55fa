//! Tells that a digest's files changed: the system says so where it can; where it cannot, they are looked at twice a second.
//!
//! What changed is only told to people. A build looks for itself, so that it is right whatever was missed or told twice.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant, SystemTime};

use notify::{RecursiveMode, Watcher};

use crate::config;
use crate::fs::SymlinkPolicy;
use crate::load::{registry, walk};
use crate::pipeline::Options;
use crate::serve::system::{self, Connect, Signal};

/// An editor saves in several steps, milliseconds apart.
const DEBOUNCE: Duration = Duration::from_millis(8);

/// A file that was opened for writing is closed soon.
const OPEN: Duration = Duration::from_millis(60);

/// More files than this are a program's work (`git checkout`, an import) and worth waiting for, so long after the last.
const MANY: usize = 4;
const QUIET_AFTER_MANY: Duration = Duration::from_millis(100);

/// A program that never stops writing is not waited for.
const MAX_DEBOUNCE: Duration = Duration::from_secs(3);

/// How often files are looked at where the system does not tell.
const POLL: Duration = Duration::from_millis(500);

/// How often they are looked at to find out whether it does.
const DISTRUST: Duration = Duration::from_secs(3);

/// The folders of a digest that decide its site.
const FOLDERS: [&str; 3] = ["content", "templates", "static"];

/// Wakes a watch up: something is not as it was left, and has to be looked at.
#[derive(Debug, Clone)]
pub(super) struct Nudge(Sender<Signal>);

impl Nudge {
    pub(super) fn now(&self) {
        // Nobody watches any more when the preview ends.
        let _ = self.0.send(Signal::Lost);
    }
}

/// Something changed.
#[derive(Debug)]
pub(super) struct Change {
    /// When the first of it was noticed.
    pub(super) since: Instant,
    /// Names of files, as people call them. Nothing but a guess: there may be more, or less.
    pub(super) files: Vec<String>,
    /// Why the system is not asked any more, when that was just found out.
    pub(super) why: Option<String>,
}

/// How changes are noticed.
enum Means {
    /// The system tells of these folders.
    Told { watcher: Box<dyn Watcher + Send>, watched: BTreeSet<PathBuf> },
    /// By looking.
    Looking,
}

/// Size and time of each file.
type Standing = BTreeMap<String, (u64, Option<SystemTime>)>;

/// Watches over a digest.
pub(super) struct Watch {
    root: PathBuf,
    config: PathBuf,
    /// Where symbolic links may lead.
    lead: SymlinkPolicy,
    means: Means,
    signals: Receiver<Signal>,
    sender: Sender<Signal>,
    /// Real folders of sources, and what the digest calls them.
    folders: BTreeMap<PathBuf, String>,
    /// Real files that symbolic links in the digest lead to, and what the digest calls them.
    links: BTreeMap<PathBuf, String>,
    /// Folders or links came or went.
    unfollowed: bool,
    /// A build has to look whether anything changed.
    due: bool,
    /// What is known to have changed since the last build began.
    pending: BTreeSet<String>,
    /// Files that somebody has open for writing.
    open: BTreeSet<PathBuf>,
    /// How the files stood when they were last looked at; `None` when they changed since.
    standing: Option<Standing>,
}

impl Watch {
    /// Begins to watch; with `poll` by looking in any case. Says why, if the system cannot be asked.
    pub(super) fn start(options: &Options, poll: bool) -> (Self, Option<String>) {
        Self::start_with(options, (!poll).then_some(system::connect))
    }

    fn start_with(options: &Options, connect: Option<Connect>) -> (Self, Option<String>) {
        let real = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path));
        let root = real(&options.root).unwrap_or_else(|_| options.root.clone());
        let config = options.config.clone().unwrap_or_else(|| root.join(config::FILE));
        let config = match (config.parent().map(real), config.file_name()) {
            (Some(Ok(folder)), Some(name)) => folder.join(name),
            _ => config,
        };
        let (sender, signals) = mpsc::channel();
        let mut watch = Self {
            root,
            config,
            lead: options.links,
            means: Means::Looking,
            signals,
            sender,
            folders: BTreeMap::new(),
            links: BTreeMap::new(),
            unfollowed: true,
            due: false,
            pending: BTreeSet::new(),
            open: BTreeSet::new(),
            standing: None,
        };
        let mut why = None;
        if let Some(connect) = connect {
            match connect(watch.sender.clone()) {
                Ok(watcher) => {
                    watch.means = Means::Told { watcher, watched: BTreeSet::new() };
                    why = watch.follow();
                }
                Err(error) => why = Some(error.to_string()),
            }
        }
        watch.standing = Some(watch.look());
        watch.due = false;
        (watch, why)
    }

    /// For whoever finds that something is not as it was left.
    pub(super) fn nudge(&self) -> Nudge {
        Nudge(self.sender.clone())
    }

    /// Watches folders that are new and forgets those that are gone; to be called when a build is over. Says why, if the
    /// system cannot be asked any more.
    pub(super) fn follow(&mut self) -> Option<String> {
        if !std::mem::take(&mut self.unfollowed) {
            return None;
        }
        let Means::Told { watcher, watched, .. } = &mut self.means else { return None };
        let mut wanted = BTreeSet::from([self.root.clone()]);
        wanted.extend(self.config.parent().map(Path::to_path_buf));
        self.folders.clear();
        self.links.clear();
        for folder in FOLDERS {
            let tree = walk::tree(&self.root, folder, self.lead);
            self.folders.extend(tree.folders);
            self.links.extend(tree.links);
        }
        if let Ok(real) = self.config.canonicalize()
            && real != self.config
        {
            self.links.insert(real, walk::shown(&self.root, &self.config));
        }
        wanted.extend(self.folders.keys().cloned());
        wanted.extend(self.links.keys().filter_map(|target| target.parent()).map(Path::to_path_buf));
        for gone in watched.difference(&wanted) {
            // The system has forgotten most of them by itself.
            let _ = watcher.unwatch(gone);
        }
        watched.retain(|folder| wanted.contains(folder));
        let new: Vec<PathBuf> = wanted.difference(watched).cloned().collect();
        // What was put into a new folder before it was watched is found by looking.
        self.due |= !new.is_empty();
        for folder in new {
            match watcher.watch(&folder, RecursiveMode::NonRecursive) {
                Ok(()) => {
                    watched.insert(folder);
                }
                Err(_) if !folder.is_dir() => {}
                Err(error) => {
                    let why = error.to_string();
                    self.means = Means::Looking;
                    return Some(why);
                }
            }
        }
        None
    }

    /// Waits until something changed and the burst of changes is over.
    pub(super) fn wait(&mut self) -> Change {
        if std::mem::take(&mut self.due) {
            let since = Instant::now();
            let mut files = std::mem::take(&mut self.pending);
            self.settle(&mut files);
            // Before the build, so that nothing is missed; where the system tells, no build is kept waiting for it.
            self.standing = matches!(self.means, Means::Looking).then(|| self.look());
            return Change { since, files: files.into_iter().collect(), why: None };
        }
        if self.standing.is_none() {
            self.standing = Some(self.look());
        }
        loop {
            let change = match self.means {
                Means::Told { .. } => self.wait_to_be_told(),
                Means::Looking => {
                    let nudged = self.listen(POLL, &mut BTreeSet::new());
                    let since = Instant::now();
                    let files = self.differences().or(nudged.then(Vec::new));
                    files.map(|files| Change { since, files, why: None })
                }
            };
            if let Some(change) = change {
                return change;
            }
        }
    }

    /// Did something change within this time? Then it is to be built before anybody is told of what was built before.
    pub(super) fn more_within(&mut self, time: Duration) -> bool {
        let mut files = std::mem::take(&mut self.pending);
        self.due |= self.listen(time, &mut files);
        self.pending = files;
        self.due
    }

    fn wait_to_be_told(&mut self) -> Option<Change> {
        let mut files = BTreeSet::new();
        if self.listen(DISTRUST, &mut files) {
            let since = Instant::now();
            self.settle(&mut files);
            self.standing = None;
            return Some(Change { since, files: files.into_iter().collect(), why: None });
        }
        // Nothing for a while: was there really nothing?
        let since = Instant::now();
        let missed = self.differences()?;
        if self.listen(QUIET_AFTER_MANY, &mut files) {
            // It was told while we looked.
            self.settle(&mut files);
            self.standing = None;
            return Some(Change { since, files: missed, why: None });
        }
        self.means = Means::Looking;
        let why = Some("it did not tell of a change, as on some network disks".to_owned());
        Some(Change { since, files: missed, why })
    }

    /// What changed since the last look, if there was one.
    fn differences(&mut self) -> Option<Vec<String>> {
        let now = self.look();
        let before = self.standing.replace(now)?;
        let now = self.standing.as_ref()?;
        let changed =
            now.iter().filter(|(file, stands)| before.get(*file) != Some(stands)).map(|(file, _)| file);
        let gone = before.keys().filter(|file| !now.contains_key(*file));
        let files: Vec<String> = changed.chain(gone).cloned().collect();
        (!files.is_empty()).then_some(files)
    }

    fn look(&self) -> Standing {
        let mut standing = Standing::new();
        let mut files = vec![walk::shown(&self.root, &self.config)];
        for folder in FOLDERS {
            let (found, unreadable) = walk::files(&self.root, folder, self.lead);
            files.extend(found.into_iter().filter(|file| is_source(file)));
            // What cannot be read makes a build fail until it is gone.
            let places = unreadable.into_iter().filter_map(|found| found.place);
            standing.extend(places.map(|place| (place.path, (0, None))));
        }
        let stands = |file: String| {
            let found = std::fs::metadata(self.root.join(&file)).ok()?;
            Some((file, (found.len(), found.modified().ok())))
        };
        standing.extend(files.into_iter().filter_map(stands));
        standing
    }

    /// Waits for a signal that matters, and notes what it is about.
    fn listen(&mut self, time: Duration, files: &mut BTreeSet<String>) -> bool {
        let deadline = Instant::now() + time;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.signals.recv_timeout(left) {
                Ok(signal) if !self.heeds(&signal, files) => {}
                Ok(_) => return true,
                Err(_) => return false,
            }
        }
    }

    /// Waits until nothing more comes.
    fn settle(&mut self, files: &mut BTreeSet<String>) {
        let started = Instant::now();
        while started.elapsed() < MAX_DEBOUNCE {
            let quiet = match (files.len() > MANY, self.open.is_empty()) {
                (true, _) => QUIET_AFTER_MANY,
                (false, false) => OPEN,
                (false, true) => DEBOUNCE,
            };
            if !self.listen(quiet, files) {
                break;
            }
        }
        self.open.clear();
    }

    /// Does a signal matter?
    fn heeds(&mut self, signal: &Signal, files: &mut BTreeSet<String>) -> bool {
        let (mut matters, mut among_sources) = (false, false);
        let mut note = |name: Option<String>| {
            matters |= name.is_some();
            files.extend(name);
        };
        match signal {
            Signal::Lost => {
                self.unfollowed = true;
                return true;
            }
            Signal::Written(paths) => {
                for path in paths {
                    let name = self.name(path);
                    // Only Linux tells when a file is closed.
                    if cfg!(target_os = "linux") && name.is_some() {
                        self.open.insert(path.clone());
                    }
                    note(name);
                }
            }
            Signal::Closed(paths) => {
                for path in paths {
                    self.open.remove(path);
                    note(self.name(path));
                }
            }
            Signal::Named(paths) => {
                for path in paths {
                    self.open.remove(path);
                    let is_way =
                        |path: &Path| std::fs::symlink_metadata(path).is_ok_and(|found| !found.is_file());
                    if self.folders.contains_key(path) || self.links.contains_key(path) || is_way(path) {
                        self.unfollowed = true;
                        self.forget(path);
                    }
                    among_sources |= self.is_among_sources(path);
                    note(self.name(path));
                }
            }
        }
        matters || among_sources
    }

    /// A folder is gone or another one: whatever was watched below it is to be watched anew.
    fn forget(&mut self, path: &Path) {
        if let Means::Told { watcher, watched, .. } = &mut self.means {
            for below in watched.iter().filter(|folder| folder.starts_with(path)) {
                let _ = watcher.unwatch(below);
            }
            watched.retain(|folder| !folder.starts_with(path));
        }
    }

    /// What the digest calls a file or folder; `None` for what decides nothing.
    fn name(&self, path: &Path) -> Option<String> {
        if *path == self.config {
            return Some(walk::shown(&self.root, path));
        }
        if let Some(name) = self.links.get(path).or_else(|| self.folders.get(path)) {
            return Some(name.clone());
        }
        let file = path.file_name()?.to_string_lossy();
        let folder = path.parent()?;
        if folder == self.root {
            return FOLDERS.contains(&&*file).then(|| file.into_owned());
        }
        let name = format!("{}/{file}", self.folders.get(folder)?);
        (!file.starts_with('.') && (is_source(&name) || path.is_dir())).then_some(name)
    }

    /// Does this stand among the sources? Whatever it is, a build may trip over it (a link that leads nowhere), and
    /// whatever it was, a build may have tripped over it before it went.
    fn is_among_sources(&self, path: &Path) -> bool {
        let hidden = path.file_name().is_none_or(|name| name.as_encoded_bytes().starts_with(b"."));
        !hidden && path.parent().is_some_and(|folder| self.folders.contains_key(folder))
    }
}

/// Does a file of this name decide anything?
fn is_source(name: &str) -> bool {
    !name.starts_with("content/") || name.to_ascii_lowercase().ends_with(".md") || name == registry::FILE
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::NullWatcher;

    /// A system that is out of watches.
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

    /// A system that runs out of them later.
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

    /// Starts to watch a digest, changes it, and waits for what is told.
    fn told_by(connect: Connect) -> (Option<String>, Change) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("content/articles")).unwrap();
        let (mut watch, why) = Watch::start_with(&Options::new(folder.path()), Some(connect));
        std::fs::write(folder.path().join("content/articles/new.md"), "x").unwrap();
        (why, watch.wait())
    }

    #[test]
    fn where_the_system_cannot_watch_files_are_looked_at() {
        let (why, change) = told_by(|_| Err(notify::Error::generic("no inotify here")));
        assert_eq!(why.as_deref(), Some("no inotify here"));
        assert_eq!((change.files, change.why), (vec!["content/articles/new.md".to_owned()], None));
    }

    #[test]
    fn where_it_has_no_more_watches_files_are_looked_at() {
        let (why, change) = told_by(|_| Ok(Box::new(Full)));
        assert!(why.is_some_and(|why| why.contains("watch")));
        assert_eq!(change.files, ["content/articles/new.md"]);
    }

    #[test]
    fn where_it_says_nothing_that_is_found_out_and_files_are_looked_at() {
        // As on a network disk: all is well, and nothing ever comes.
        let (why, change) = told_by(|_| Ok(Box::new(NullWatcher)));
        assert_eq!((why, change.files), (None, vec!["content/articles/new.md".to_owned()]));
        assert!(change.why.is_some_and(|why| why.contains("did not tell")));
    }

    #[test]
    fn nothing_is_lost_when_the_system_runs_out_of_watches_later() {
        let folder = tempfile::tempdir().unwrap();
        let articles = folder.path().join("content/articles");
        std::fs::create_dir_all(&articles).unwrap();
        let (mut watch, why) =
            Watch::start_with(&Options::new(folder.path()), Some(|_| Ok(Box::new(Filling(0)))));
        assert_eq!(why, None);
        std::fs::create_dir(articles.join("more")).unwrap();
        watch.unfollowed = true;
        assert!(watch.follow().is_some());
        // A build looks at once; what comes afterwards is found.
        assert!(watch.wait().files.is_empty());
        std::fs::write(articles.join("a.md"), "x").unwrap();
        assert_eq!(watch.wait().files, ["content/articles/a.md"]);
    }

    #[test]
    fn files_that_decide_nothing_are_not_missed() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("content/articles")).unwrap();
        let (watch, _) = Watch::start(&Options::new(folder.path()), true);
        for name in ["content/articles/notes.txt", "content/photo.png", "other.md"] {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        assert_eq!(watch.look(), Standing::new());
        std::fs::write(folder.path().join("content/terms.yaml"), "x").unwrap();
        assert_eq!(watch.look().len(), 1);
    }
}
