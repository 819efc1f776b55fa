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
//!    of newsprint's lists are deleted.
//! 5. The list of files.
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
mod kind;
#[cfg(feature = "stores")]
mod list;
#[cfg(feature = "stores")]
mod local;
#[cfg(feature = "stores")]
mod open;
mod options;
#[cfg(feature = "stores")]
mod own;
#[cfg(feature = "stores")]
mod plan;
mod report;
#[cfg(feature = "stores")]
mod run;
#[cfg(feature = "stores")]
mod secrets;
#[cfg(feature = "stores")]
mod send;

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
