//! The types of the output folder: the files that a site has, what a build did to the folder, and
//! the errors.

use std::cell::RefCell;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::Fingerprint;
use crate::fs::{Folder, state};
use crate::output::cancellation::Cancellation;
use crate::output::manifest::{Manifest, Stamp};
use crate::output::place;

/// A file of the site.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// The path in the output folder, with `/`.
    pub path: &'a str,
    /// The fingerprint of everything that the file's bytes depend on.
    pub fingerprint: Fingerprint,
}

/// What a build did to the output folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Indices in the list of wanted files of those that were created or replaced.
    pub written: Vec<usize>,
    /// The number of files that were left as they were.
    pub unchanged: usize,
    /// Paths of the removed files, which the site no longer has.
    pub removed: Vec<String>,
    /// The manifest that the build wrote, for [`Output::survey_unchanged`].
    pub manifest: SavedManifest,
}

/// The text of the manifest that a build wrote; `None` if there was nothing to do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SavedManifest(pub(super) Option<String>);

/// The output folder of a build.
#[derive(Debug, Clone)]
pub struct Output {
    /// The absolute path.
    pub(super) folder: PathBuf,
    /// The path as diagnostics show it.
    pub(super) shown: String,
    /// The state folder, which holds the state files.
    pub(super) state: PathBuf,
    /// True if files that newsprint did not write may be replaced.
    pub(super) force: bool,
    pub(super) cancellation: Arc<Cancellation>,
}

/// The error of a site that could not be published.
pub enum Failure<E> {
    /// The output folder or the disk does not allow it.
    Output(Vec<Diagnostic>),
    /// Pages could not be rendered.
    Render(Vec<E>),
    /// The disk failed while finished files were moved into place: some files are new, the others
    /// are old.
    Torn(Vec<Diagnostic>),
}

impl<E> From<Diagnostic> for Failure<E> {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Output(vec![diagnostic])
    }
}

/// The state of the output folder before anything is written.
#[derive(Debug)]
pub struct Survey {
    /// The manifest of the last build.
    pub(super) old: Arc<Manifest>,
    /// For each file of the manifest, whether it still has the size and time with which it was
    /// written.
    pub(super) is_unchanged: Vec<bool>,
}

impl Survey {
    /// The paths of the files that the last build wrote or kept.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        (0..self.old.len()).map(|place| self.old.at(place).0)
    }
}

/// The paths of the state files of one output folder.
pub(super) struct StateFiles {
    pub(super) manifest: PathBuf,
    pub(super) journal: PathBuf,
}

impl Output {
    /// The output folder `folder` for the digest at `root`, with its state files in `state`. Both
    /// folders are absolute and without symbolic links ([`resolve`](super::resolve)): a link that
    /// takes the place of one later is not followed.
    #[must_use]
    pub fn new(root: &Path, folder: &Path, state: &Path, force: bool) -> Self {
        let (folder, shown) = (folder.to_path_buf(), place::shown(root, folder));
        Self { folder, shown, state: state.to_path_buf(), force, cancellation: Arc::default() }
    }

    /// The cancellation of this folder, for a caller that removes the folder later.
    #[must_use]
    pub fn cancellation(&self) -> Arc<Cancellation> {
        Arc::clone(&self.cancellation)
    }

    pub(super) fn state_files(&self) -> StateFiles {
        // Named by the path relative to the digest if the folder is inside, so that a digest can be
        // moved or copied.
        let name = format!("manifest-{}", Fingerprint::of_bytes(self.shown.as_bytes()));
        let manifest = self.state.join(name);
        StateFiles { journal: manifest.with_extension("journal"), manifest }
    }

    /// The diagnostic of an I/O error at a path in the folder; the empty path is the folder itself.
    pub(super) fn failed(&self, path: &str, what: &str, error: &io::Error) -> Diagnostic {
        let shown = if path.is_empty() { self.shown.clone() } else { format!("{}/{path}", self.shown) };
        let help = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                tr!("make room on the disk and build again")
            }
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                tr!("make the folder writable, or choose another with `--output-dir`")
            }
            io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
                tr!("a file has the same name as a folder that newsprint needs: move the file away")
            }
            _ => tr!("fix the cause and build again"),
        };
        Diagnostic::error(tr!("{what}: {error}", what, error)).at(Place::file(&shown)).help(help)
    }
}

impl StateFiles {
    /// The file with the counts of the last build.
    pub(super) fn built(&self) -> PathBuf {
        self.manifest.with_extension("built")
    }

    /// Removes the files that let the next build exit early or plan only the pages of edited
    /// bodies.
    pub(super) fn remove_fast_path(&self) {
        let _ = state::remove(&self.built());
        let _ = state::remove(&self.planned());
    }

    /// The file with the plan of the last build.
    pub(super) fn planned(&self) -> PathBuf {
        self.manifest.with_extension("plan")
    }
}

thread_local! {
    // Pages have up to some hundred kilobytes: one buffer for each thread saves growing a new one
    // for each page.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Renders into this thread's buffer and passes the bytes to `then`.
pub(super) fn with_rendered<E, T>(
    render: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
    then: impl FnOnce(&[u8]) -> Result<T, Failure<E>>,
) -> Result<T, Failure<E>> {
    BUFFER.with_borrow_mut(|buffer| {
        buffer.clear();
        render(buffer).map_err(|error| Failure::Render(vec![error]))?;
        then(buffer)
    })
}

/// Writes a new file and returns its stamp, which is cheaper to read from the open file than from
/// the path.
pub(super) fn write(folder: &Folder, name: &str, bytes: &[u8]) -> io::Result<Stamp> {
    let mut file = state::create_staged(folder, name)?;
    file.write_all(bytes)?;
    Stamp::of_metadata(&file.metadata()?)
}

/// Returns all values, or all failures of one kind: pages that cannot be rendered, or else up to 20
/// errors of the disk.
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
