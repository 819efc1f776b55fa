//! Deploys the site to object stores, WebDAV and SFTP: sends what changed, and deletes what the
//! site no longer has.
//!
//! What changed is known from newsprint's own list in the store (`list`), and from the store's
//! listing: hashes and versions, never times, so that a fresh checkout sends nothing.
//!
//! **Order.** At each moment of a deployment, each link of each page that a reader can reach leads
//! to something, also after an interruption. Therefore (`plan`, `send`):
//!
//! 1. The list of files that this run is about to write.
//! 2. All files at *new* keys. No page in the store refers to them yet: what pages load, articles,
//!    then other pages.
//! 3. Only when all of these are there, the files at keys that *change*: what pages load, the
//!    search, articles, lists, the home page, feeds, sitemaps. They refer to old and new keys, and
//!    both exist.
//! 4. Only when all of these are there, deletions: no page refers to these keys any more. Only keys
//!    of newsprint's lists are deleted, and only if the store shows what newsprint wrote there.
//! 5. The list of files.
//! 6. The changes are told (`--then`, `purge`), and the list notes that they are.
//!
//! In stores with folders (SFTP, WebDAV) a file may have to give way to a folder, or a folder to a
//! file: its files are deleted right before the new ones are written.
//!
//! A run that finds another one's list of pending files lists the store again before step 4, and
//! sends what is not as it was sent. A run whose own list was replaced ends with an error.
//!
//! An interrupted run leaves the first list: the next run knows from it which files are
//! newsprint's, and finishes.
//!
//! The feature `stores` has all but the options and the report.

#[cfg(feature = "stores")]
mod after;
#[cfg(feature = "stores")]
mod client;
#[cfg(feature = "stores")]
mod explain;
#[cfg(feature = "stores")]
mod folders;
#[cfg(feature = "stores")]
mod kind;
#[cfg(feature = "stores")]
mod known;
#[cfg(feature = "stores")]
mod list;
#[cfg(feature = "stores")]
mod local;
#[cfg(feature = "stores")]
mod mask;
#[cfg(feature = "stores")]
mod open;
mod options;
#[cfg(feature = "stores")]
mod own;
#[cfg(feature = "stores")]
mod plan;
#[cfg(feature = "stores")]
mod read;
mod report;
#[cfg(feature = "stores")]
mod run;
#[cfg(feature = "stores")]
mod runtime;
#[cfg(feature = "stores")]
mod secrets;
#[cfg(feature = "stores")]
mod send;
#[cfg(feature = "stores")]
mod targets;

pub use options::Options;
pub use report::{Report, Tally, TargetReport};

/// Checks, builds and deploys.
#[must_use]
#[cfg(feature = "stores")]
pub fn run(options: Options<'_>) -> Report {
    run::run(options)
}

/// The report that this program cannot deploy to stores.
#[must_use]
#[cfg(not(feature = "stores"))]
pub fn run(options: Options<'_>) -> Report {
    let message = tr!("this program was built without stores, WebDAV and SFTP");
    let help = tr!("take the program from an archive of a release, or compile it with `--features stores`");
    let diagnostics = vec![crate::diagnostic::Diagnostic::error(message).help(help)];
    let dry_run = options.dry_run;
    drop(options);
    Report { dry_run, diagnostics, ..Report::default() }
}
