//! The options of `newsprint announce`.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::http::Timeouts;
use crate::pipeline;

/// The options of `newsprint announce`.
pub struct Options<'a> {
    /// The build whose articles are announced. Its time decides which are shown, and which are old.
    pub build: pipeline::Options,
    /// The names of the targets; all of the settings if it is empty.
    pub targets: Vec<String>,
    /// Print the requests, and send and write nothing.
    pub dry_run: bool,
    /// How long to wait until the live pages show the build.
    pub wait: Duration,
    /// Also request hosts of private networks and of this machine.
    pub allow_private: bool,
    /// The time of the clock, for signatures and dates of servers.
    pub clock: DateTime<Utc>,
    /// Gives the environment variable of a name.
    pub environment: &'a dyn Fn(&str) -> Option<String>,
    /// Times, which tests shorten.
    pub limits: Limits,
    /// Called with a message while the command waits.
    pub on_note: &'a dyn Fn(&str),
}

/// The times of requests.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The time limits of one request.
    pub timeouts: Timeouts,
    /// The pause between two looks at a live page.
    pub poll: Duration,
    /// The length of a second in pauses that platforms ask for.
    pub second: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let limit = Duration::from_secs(30);
        let timeouts = Timeouts { headers: limit, whole: limit };
        Self { timeouts, poll: Duration::from_secs(5), second: Duration::from_secs(1) }
    }
}
