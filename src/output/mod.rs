//! Stage 5, bytes to the output folder: the only writer, and the owner of what it wrote.
//!
//! A build is decided before it is written. Into a folder that is there already, every changed page is rendered to a
//! temporary file beside its target, and only when all of them are there is the first one renamed (`update`); a folder
//! that is not there yet is written beside its place and renamed as a whole (`fresh`). So a page that cannot be
//! rendered leaves the published site as it was, and a reader never meets half a file. The journal names the targets
//! before the first of them is touched, so that a build after a crash knows the files as its own.

mod current;
mod fresh;
mod gate;
mod lock;
mod manifest;
mod place;
mod planned;
mod update;

use std::cell::RefCell;
use std::collections::{BTreeSet, HashSet};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::Fingerprint;
use crate::fs::atomic;
pub use current::Built;
pub use gate::Gate;
pub use lock::Lock;
pub(crate) use lock::refuse_links;
use manifest::{Journal, Manifest, Stamp};
pub use manifest::{owned_by, sealed};
pub(crate) use place::is_inside;
pub use place::marked_files;
pub use planned::{LastPlan, Planned};

/// Where newsprint keeps what it remembers, below the digest's root.
pub const STATE: &str = ".newsprint";

/// A file that the site wants.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// In the output folder, with `/`.
    pub path: &'a str,
    /// Of the bytes that it will have.
    pub fingerprint: Fingerprint,
}

/// What a build did to the output folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Places in the list of wanted files of those that were created or replaced.
    pub written: Vec<usize>,
    /// How many were left alone.
    pub unchanged: usize,
    /// Paths of those that the site no longer has.
    pub removed: Vec<String>,
    /// How the folder stands now: see [`Output::surveyed`].
    pub left: Left,
}

/// What a build left: its manifest, or that of the build before if there was nothing to do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Left(Option<String>);

/// The output folder of a build.
#[derive(Debug, Clone)]
pub struct Output {
    folder: PathBuf,
    shown: String,
    state: PathBuf,
    force: bool,
    gate: Arc<Gate>,
}

/// Why nothing was published.
pub enum Failure<E> {
    /// The output folder or the disk.
    Output(Vec<Diagnostic>),
    /// Pages that could not be rendered.
    Render(Vec<E>),
    /// The disk failed while finished files were put in place: some are new, the others as they were.
    Torn(Vec<Diagnostic>),
}

impl<E> From<Diagnostic> for Failure<E> {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Output(vec![diagnostic])
    }
}

/// The output may not be, hold or lie inside the sources.
///
/// # Errors
/// It does.
pub fn check_place(root: &Path, folder: &Path) -> Result<(), Diagnostic> {
    let (root, folder) = (place::absolute(root), place::absolute(folder));
    place::check_apart(&root, &folder, &place::shown(&root, &folder))
}

/// The files that the last build of the digest at `root` left in a folder; `None` if there are no notes about one.
#[must_use]
pub fn published(root: &Path, folder: &Path) -> Option<Vec<String>> {
    let output = Output::new(root, folder, &root.join(STATE), false);
    let last = Manifest::load(&output.notes().manifest);
    last.is_intact().then(|| (0..last.len()).map(|place| last.at(place).0.to_owned()).collect())
}

/// What is known of the output folder before anything is written.
#[derive(Debug)]
pub struct Survey {
    old: Arc<Manifest>,
    /// For each file of the manifest: does it still stand as it was written?
    standing: Vec<bool>,
}

/// Where newsprint keeps its notes about one output folder.
struct Notes {
    manifest: PathBuf,
    journal: PathBuf,
}

impl Output {
    /// An output folder for the digest at `root`, with notes about it below `state`.
    #[must_use]
    pub fn new(root: &Path, folder: &Path, state: &Path, force: bool) -> Self {
        let folder = place::absolute(folder);
        let shown = place::shown(root, &folder);
        Self { folder, shown, state: state.to_path_buf(), force, gate: Arc::default() }
    }

    /// For whoever is going to remove the folder.
    #[must_use]
    pub fn gate(&self) -> Arc<Gate> {
        Arc::clone(&self.gate)
    }

    /// Takes the lock of the digest: hold it from before its sources are read until the build is over.
    ///
    /// # Errors
    /// Another build holds it.
    pub fn lock(&self) -> Result<Lock, Diagnostic> {
        let _inside = self.gate.enter()?;
        Lock::take(&self.state)
    }

    /// Looks how the files of the last build stand. It needs nothing but the notes, so that it can go on beside the
    /// stages before this one.
    #[must_use]
    pub fn survey(&self) -> Survey {
        let old = Manifest::load(&self.notes().manifest);
        let standing = old.standing(&self.folder);
        Survey { old: Arc::new(old), standing }
    }

    /// What a survey would say if nobody touched the folder since a build of this process left it: for a preview, whose
    /// folder is its own.
    #[must_use]
    pub fn surveyed(&self, left: Left) -> Survey {
        match left.0.and_then(Manifest::parse) {
            Some(old) => Survey { standing: vec![true; old.len()], old: Arc::new(old) },
            None => self.survey(),
        }
    }

    /// Makes the output folder hold exactly `wanted` (and whatever newsprint never wrote). `render` appends the bytes
    /// of the file at an index of `wanted`, and is asked only for files that are not there already.
    ///
    /// # Errors
    /// Nothing has changed in the output folder then, except when the disk fails between renames.
    pub fn publish<E: Send>(
        &self,
        survey: Survey,
        wanted: &[Wanted<'_>],
        render: impl Fn(usize, &mut Vec<u8>) -> Result<(), E> + Sync,
    ) -> Result<Outcome, Failure<E>> {
        let _inside = self.gate.enter()?;
        let notes = self.notes();
        notes.forget_built();
        // Whoever removed the notes while a preview runs did nothing wrong.
        let _ = std::fs::create_dir_all(&self.state);
        let Survey { old, standing } = survey;
        let journal = Journal::load(&notes.journal);
        fresh::clear(&self.folder);
        update::clear(&self.folder, journal.ours.iter().chain(&journal.staged).map(String::as_str));

        if fresh::is_possible(&self.folder) {
            return self.publish_fresh(wanted, render, &notes);
        }
        let crashed: HashSet<&str> = journal.ours.iter().map(String::as_str).collect();
        // Both sorted by path: one walk over the two.
        let mut order: Vec<usize> = (0..wanted.len()).collect();
        order.sort_by_key(|&at| wanted[at].path);
        let (mut kept, mut changed) = (Vec::new(), Vec::new());
        let mut stale: BTreeSet<&str> = BTreeSet::new();
        let mut place = 0;
        for &at in &order {
            let file = &wanted[at];
            while place < old.len() && old.at(place).0 < file.path {
                stale.insert(old.at(place).0);
                place += 1;
            }
            match (place < old.len()).then(|| old.at(place)) {
                Some((path, entry)) if path == file.path => {
                    if entry.fingerprint == file.fingerprint && standing[place] {
                        kept.push((at, *entry));
                    } else {
                        changed.push(at);
                    }
                    place += 1;
                }
                _ => changed.push(at),
            }
        }
        stale.extend((place..old.len()).map(|place| old.at(place).0));
        // Without its manifest a site is still known by its home page, and its pages by their generator's name.
        let is_our_site = !old.is_intact() && place::is_our_site(&self.folder);
        let orphans = if is_our_site { place::marked_files(&self.folder) } else { Vec::new() };
        let is_wanted = |path: &str| order.binary_search_by_key(&path, |&at| wanted[at].path).is_ok();
        let left = crashed.iter().copied().chain(orphans.iter().map(String::as_str));
        stale.extend(left.filter(|path| !is_wanted(path)));
        let stale: Vec<&str> = stale.into_iter().collect();
        if changed.is_empty() && stale.is_empty() && old.is_intact() {
            return Ok(Outcome { unchanged: wanted.len(), ..Outcome::default() });
        }
        let update = update::Update {
            output: self,
            wanted,
            kept,
            changed,
            stale,
            old: &old,
            crashed: &crashed,
            is_our_site,
        };
        update.run(render, &notes)
    }

    fn notes(&self) -> Notes {
        // Named by the folder's place in the digest where it is inside, so that a digest can be moved or copied.
        let name = format!("manifest-{}", Fingerprint::of_bytes(self.shown.as_bytes()));
        let manifest = self.state.join(name);
        Notes { journal: manifest.with_extension("journal"), manifest }
    }

    fn failed(&self, path: &str, what: &str, error: &io::Error) -> Diagnostic {
        let shown = if path.is_empty() { self.shown.clone() } else { format!("{}/{path}", self.shown) };
        let help = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                "make room on the disk and build again"
            }
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                "make the folder writable, or choose another with `--output-dir`"
            }
            io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
                "a file stands where a folder has to be: move it away"
            }
            _ => "mend the cause and build again",
        };
        Diagnostic::error(format!("{what}: {error}")).at(Place::file(&shown)).help(help)
    }
}

thread_local! {
    // Pages of a few to some hundred kilobytes one after the other: one buffer a thread spares their growth.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Renders into this thread's buffer and hands the bytes to `then`.
fn with_bytes<E, T>(
    render: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
    then: impl FnOnce(&[u8]) -> Result<T, Failure<E>>,
) -> Result<T, Failure<E>> {
    BUFFER.with_borrow_mut(|buffer| {
        buffer.clear();
        render(buffer).map_err(|error| Failure::Render(vec![error]))?;
        then(buffer)
    })
}

/// Writes a new file and says how it stands there; asking the open file is cheaper than asking its path.
fn write(path: &Path, bytes: &[u8]) -> io::Result<Stamp> {
    let mut file = atomic::create_staged(path)?;
    file.write_all(bytes)?;
    Stamp::of_metadata(&file.metadata()?)
}

/// All results, or all failures: pages that cannot be rendered say more than what they led to.
fn gather<T, E>(results: Vec<Result<T, Failure<E>>>) -> Result<Vec<T>, Failure<E>> {
    let mut gathered = Vec::with_capacity(results.len());
    let (mut problems, mut unrendered) = (Vec::new(), Vec::new());
    for result in results {
        match result {
            Ok(value) => gathered.push(value),
            Err(Failure::Output(found) | Failure::Torn(found)) => problems.extend(found),
            Err(Failure::Render(found)) => unrendered.extend(found),
        }
    }
    if !unrendered.is_empty() {
        return Err(Failure::Render(unrendered));
    }
    // A full disk fails thousands of files in the same way.
    problems.truncate(20);
    if problems.is_empty() { Ok(gathered) } else { Err(Failure::Output(problems)) }
}
