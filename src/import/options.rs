//! What an import is asked to do.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use encoding_rs::Encoding;

use crate::import::files::Format;
use crate::import::old_address::Scheme;

/// What to import.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// Files, folders of files, and `-` for standard input.
    pub files: &'a [PathBuf],
    /// Where article files go, below the digest's root.
    pub into: &'a Path,
    /// The date of records without one: `today` or a date.
    pub date: Option<&'a str>,
    /// What `today` is measured from.
    pub now: DateTime<Utc>,
    /// What the files hold; `None` to tell by themselves.
    pub format: Option<Format>,
    /// What their characters are read by; `None` to tell by themselves.
    pub encoding: Option<&'static Encoding>,
    /// Where posts stood on their old site.
    pub scheme: Option<&'a Scheme>,
    /// Leave texts as they came?
    pub raw: bool,
    /// What to do with articles that a person edited and whose record changed.
    pub update: Update,
    /// Only say what would be done?
    pub dry_run: bool,
    /// Is told how many of how many bytes are read.
    pub progress: Option<&'a (dyn Fn(u64, u64) + Sync)>,
}

/// What to do with an article that a person edited and whose record says something else by now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Update {
    /// Leave it alone and show the difference.
    #[default]
    Ask,
    /// The record's words win.
    Theirs,
    /// The person's words win, and nothing is said.
    Ours,
}
