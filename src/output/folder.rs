//! The output folder: what a build wants in it, what it did to it, and the errors of both.

use std::cell::RefCell;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::Fingerprint;
use crate::fs::atomic;
use crate::output::cancellation::Cancellation;
use crate::output::manifest::{Manifest, Stamp};
use crate::output::place;

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
pub struct Left(pub(super) Option<String>);

/// The output folder of a build.
#[derive(Debug, Clone)]
pub struct Output {
    pub(super) folder: PathBuf,
    pub(super) shown: String,
    pub(super) state: PathBuf,
    pub(super) force: bool,
    pub(super) cancellation: Arc<Cancellation>,
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

/// What is known of the output folder before anything is written.
#[derive(Debug)]
pub struct Survey {
    pub(super) old: Arc<Manifest>,
    /// For each file of the manifest: does it still stand as it was written?
    pub(super) standing: Vec<bool>,
}

/// Where newsprint keeps its notes about one output folder.
pub(super) struct StateFiles {
    pub(super) manifest: PathBuf,
    pub(super) journal: PathBuf,
}

impl Output {
    /// An output folder for the digest at `root`, with notes about it below `state`.
    #[must_use]
    pub fn new(root: &Path, folder: &Path, state: &Path, force: bool) -> Self {
        let folder = place::absolute(folder);
        let shown = place::shown(root, &folder);
        Self { folder, shown, state: state.to_path_buf(), force, cancellation: Arc::default() }
    }

    /// For whoever is going to remove the folder.
    #[must_use]
    pub fn cancellation(&self) -> Arc<Cancellation> {
        Arc::clone(&self.cancellation)
    }

    pub(super) fn state_files(&self) -> StateFiles {
        // Named by the folder's place in the digest where it is inside, so that a digest can be moved or copied.
        let name = format!("manifest-{}", Fingerprint::of_bytes(self.shown.as_bytes()));
        let manifest = self.state.join(name);
        StateFiles { journal: manifest.with_extension("journal"), manifest }
    }

    pub(super) fn failed(&self, path: &str, what: &str, error: &io::Error) -> Diagnostic {
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

impl StateFiles {
    pub(super) fn built(&self) -> PathBuf {
        self.manifest.with_extension("built")
    }

    /// The next build may take no short cut.
    pub(super) fn remove_built(&self) {
        let _ = std::fs::remove_file(self.built());
        let _ = std::fs::remove_file(self.planned());
    }

    pub(super) fn planned(&self) -> PathBuf {
        self.manifest.with_extension("plan")
    }
}

thread_local! {
    // Pages of a few to some hundred kilobytes one after the other: one buffer a thread spares their growth.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Renders into this thread's buffer and hands the bytes to `then`.
pub(super) fn with_bytes<E, T>(
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
pub(super) fn write(path: &Path, bytes: &[u8]) -> io::Result<Stamp> {
    let mut file = atomic::create_staged(path)?;
    file.write_all(bytes)?;
    Stamp::of_metadata(&file.metadata()?)
}

/// All results, or all failures: pages that cannot be rendered say more than what they led to.
pub(super) fn gather<T, E>(results: Vec<Result<T, Failure<E>>>) -> Result<Vec<T>, Failure<E>> {
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
