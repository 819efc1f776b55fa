//! Decides how long a burst of changes lasts, so that many files that change at once cause one
//! build.

use std::time::{Duration, Instant};

/// An editor saves in several steps that are milliseconds apart.
const EDITOR_STEP: Duration = Duration::from_millis(8);

/// A program that has opened a file for writing closes it within this time.
const CLOSE_TIMEOUT: Duration = Duration::from_millis(60);

/// More changed files than this come from a program such as `git checkout` or an import, so that
/// the build waits for [`QUIET_AFTER_MANY`].
const MANY_FILES: usize = 4;

/// Time without a signal after which a burst of many files is over.
pub(super) const QUIET_AFTER_MANY: Duration = Duration::from_millis(100);

/// The longest burst. A program that never stops writing does not delay builds any longer.
const MAX_BURST: Duration = Duration::from_secs(3);

/// A burst of changes that began with a first signal.
pub(super) struct Burst {
    started: Instant,
}

impl Burst {
    /// A burst that begins now.
    pub(super) fn start() -> Self {
        Self { started: Instant::now() }
    }

    /// How long to wait for the next signal; `None` if the burst has reached its maximum length.
    /// `changed` is the number of changed files, `has_open_files` whether one of them is open for
    /// writing.
    pub(super) fn next_wait(&self, changed: usize, has_open_files: bool) -> Option<Duration> {
        (self.started.elapsed() < MAX_BURST).then_some(match (changed > MANY_FILES, has_open_files) {
            (true, _) => QUIET_AFTER_MANY,
            (false, true) => CLOSE_TIMEOUT,
            (false, false) => EDITOR_STEP,
        })
    }
}
