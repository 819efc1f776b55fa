//! Defines the options of a fetch.

use std::io;
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::http::Timeouts;
use crate::watchdog::OnTimeout;

/// The options of a fetch.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// The names of the sources to fetch; all that are on if there are none.
    pub sources: &'a [String],
    /// The date from which on entries are taken: a date, or a number of days as in `3d`.
    pub since: Option<&'a str>,
    /// The current time.
    pub now: DateTime<Utc>,
    /// Whether to report only, without writing files.
    pub dry_run: bool,
    /// What becomes of new entries.
    pub target: Target<'a>,
    /// Whether hosts of private networks and of this machine are requested, too.
    pub allow_private: bool,
    /// Limits of requests.
    pub limits: Limits,
    /// Called when a file or a record takes longer than the time limit. It has to end the process.
    pub on_timeout: Option<&'a OnTimeout>,
    /// Callback with a message, called once if another process has the lock of the digest.
    pub on_wait: &'a (dyn Fn(&str) + Sync),
}

/// What becomes of new entries.
#[derive(Clone, Copy)]
pub enum Target<'a> {
    /// A file in `records/`.
    Records,
    /// Lines at the end of a file.
    File(&'a Path),
    /// A file in `records/`, whose text is then passed to a function that writes it elsewhere.
    Output(&'a (dyn Fn(&[u8]) -> io::Result<()> + Sync)),
    /// Articles.
    Articles,
}

/// Limits of requests.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Time limits of one request.
    pub timeouts: Timeouts,
    /// The size of a body after decompression, in bytes.
    pub body_bytes: u64,
    /// The pause between two requests to one host.
    pub pause: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let timeouts = Timeouts { headers: Duration::from_secs(15), whole: Duration::from_secs(60) };
        Self { timeouts, body_bytes: 10 << 20, pause: Duration::from_millis(500) }
    }
}
