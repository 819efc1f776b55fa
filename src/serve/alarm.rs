//! Wakes a preview when the next article is due: one that is published or expires then.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::serve::watch::Waker;

/// The maximum time until the clock is read again: it may be set, or the machine may have slept.
const MAX_SLEEP: Duration = Duration::from_secs(1);

/// Reads the clock.
pub(super) type Clock = fn() -> DateTime<Utc>;

/// A thread that waits for a point in time.
pub(super) struct Alarm {
    clock: Clock,
    sender: Sender<Option<DateTime<Utc>>>,
}

impl Alarm {
    /// Starts the thread, which ends after the alarm is dropped.
    pub(super) fn start(clock: Clock, waker: Waker) -> Self {
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            let mut due: Option<DateTime<Utc>> = None;
            loop {
                let left = due.map(|due| (due - clock()).to_std().unwrap_or_default());
                match receiver.recv_timeout(left.map_or(MAX_SLEEP, |left| left.min(MAX_SLEEP))) {
                    Ok(next) => due = next,
                    Err(RecvTimeoutError::Disconnected) => return,
                    Err(RecvTimeoutError::Timeout) => {}
                }
                if due.is_some_and(|due| due <= clock()) {
                    due = None;
                    waker.wake();
                }
            }
        });
        Self { clock, sender }
    }

    /// Sets the time at which the preview is woken; one that is past, or `None`, wakes it not.
    pub(super) fn set(&self, due: Option<DateTime<Utc>>) {
        // The thread only ends before the alarm if it panicked; saves still build then.
        let _ = self.sender.send(due.filter(|due| *due > (self.clock)()));
    }

    /// True if a point in time is now or was before.
    pub(super) fn is_past(&self, time: DateTime<Utc>) -> bool {
        time <= (self.clock)()
    }
}
