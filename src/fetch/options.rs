//! Defines the options of a fetch.

use std::collections::HashMap;
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
    /// Time limits of one request. `whole` also limits all requests for one source together: its
    /// robots.txt, its redirects and its answer.
    pub timeouts: Timeouts,
    /// The time in which requests may begin. A run with many sources has more (`Limits::window`).
    pub begin: Duration,
    /// The size of a body after decompression, in bytes.
    pub body_bytes: u64,
    /// The pause between two requests to one host.
    pub pause: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let timeouts = Timeouts { headers: Duration::from_secs(15), whole: Duration::from_secs(25) };
        let (begin, pause) = (Duration::from_secs(30), Duration::from_millis(500));
        Self { timeouts, begin, body_bytes: 10 << 20, pause }
    }
}

/// Sources up to which a run has the time `Limits::begin`.
const SOURCES: usize = 200;
/// Sources of one host up to which a run has that time.
const SOURCES_OF_HOST: usize = 25;

impl Limits {
    /// The time in which the requests for sources of these hosts may begin: `begin` for each 200
    /// sources, or for each 25 sources of one host.
    #[must_use]
    pub(super) fn window(&self, hosts: &[&str]) -> Duration {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for host in hosts {
            *counts.entry(host).or_default() += 1;
        }
        let most = counts.into_values().max().unwrap_or_default();
        let times = hosts.len().div_ceil(SOURCES).max(most.div_ceil(SOURCES_OF_HOST)).max(1);
        self.begin.saturating_mul(u32::try_from(times).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_sources_have_more_time() {
        let limits = Limits::default();
        let names: Vec<String> = (0..400).map(|n| n.to_string()).collect();
        let hosts: Vec<&str> = names.iter().map(String::as_str).collect();
        let seconds = |hosts: &[&str]| limits.window(hosts).as_secs();
        assert_eq!([seconds(&[]), seconds(&hosts[..200]), seconds(&hosts)], [30, 30, 60]);
        assert_eq!([seconds(&["a"; 25]), seconds(&["a"; 26]), seconds(&["a"; 100])], [30, 60, 120]);
    }
}
