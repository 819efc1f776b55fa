//! Defines the options of an import.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use encoding_rs::Encoding;

use crate::config::Ai;
use crate::import::files::Format;
use crate::import::generator::kind::Generator;
use crate::import::generator::scheme::Scheme;
use crate::watchdog::OnTimeout;

/// The options of an import.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// Files, folders of files, and `-` for standard input.
    pub files: &'a [PathBuf],
    /// The folder for article files, relative to the digest's root.
    pub into: &'a Path,
    /// The date of records that have none: `today` or a date.
    pub date: Option<&'a str>,
    /// The current time, from which `today` is computed.
    pub now: DateTime<Utc>,
    /// The format of the files; `None` to detect it for each file.
    pub format: Option<Format>,
    /// The generator of the files, which are posts; `None` if they are not.
    pub generator: Option<Generator>,
    /// The encoding of the files; `None` to detect it for each file.
    pub encoding: Option<&'static Encoding>,
    /// The scheme of addresses that posts had on their old site.
    pub scheme: Option<&'a Scheme>,
    /// The part of a model in the texts of records that do not say it; `None` for that of the
    /// settings.
    pub ai: Option<Ai>,
    /// Whether a person reviewed such texts.
    pub reviewed: bool,
    /// Whether texts are left as they are.
    pub raw: bool,
    /// Whether pictures of other hosts are fetched, also if the settings do not say it.
    pub images: bool,
    /// Whether hosts of private networks are requested, too.
    pub allow_private: bool,
    /// Handling of articles that a person edited and whose record changed.
    pub update: Update,
    /// Whether to report only, without writing files.
    pub dry_run: bool,
    /// Called when a file or a record takes longer than the time limit. It has to end the process.
    pub on_timeout: Option<&'a OnTimeout>,
    /// Callback with the bytes read so far and the bytes in all.
    pub progress: Option<&'a (dyn Fn(u64, u64) + Sync)>,
    /// Callback with a message, called once if another process has the lock of the digest and the
    /// import waits for it.
    pub on_wait: &'a (dyn Fn(&str) + Sync),
}

/// Handling of an article that a person edited and whose record has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Update {
    /// Keep the file and report the difference.
    #[default]
    Ask,
    /// Replace the file with the record.
    Theirs,
    /// Keep the file without a message.
    Ours,
}
