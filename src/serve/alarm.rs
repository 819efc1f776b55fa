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
                let received = match due {
                    Some(due) => {
                        let left = (due - clock()).to_std().unwrap_or_default();
                        receiver.recv_timeout(left.min(MAX_SLEEP))
                    }
                    None => receiver.recv().map_err(|_| RecvTimeoutError::Disconnected),
                };
                match received {
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

    /// Sets the time at which the preview is woken: at once if it is past, never if it is `None`.
    pub(super) fn set(&self, due: Option<DateTime<Utc>>) {
        // The thread only ends before the alarm if it panicked; saves still build then.
        let _ = self.sender.send(due);
    }

    /// True if a point in time is now or was before.
    pub(super) fn is_past(&self, time: DateTime<Utc>) -> bool {
        time <= (self.clock)()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::Options;
    use crate::serve::watch::Watch;

    #[test]
    fn an_alarm_wakes_at_its_time_and_at_once_if_it_is_past() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("content/articles")).unwrap();
        let (mut watch, _) = Watch::start(&Options::new(folder.path()), true);
        let alarm = Alarm::start(Utc::now, watch.waker());
        let half = chrono::TimeDelta::milliseconds(500);
        alarm.set(Some(Utc::now() + half * 1000));
        // A later call replaces an earlier one.
        let due = Utc::now() + half;
        alarm.set(Some(due));
        assert_eq!(watch.wait().files, Vec::<String>::new());
        assert!(alarm.is_past(due), "it wakes too early");
        assert!(!watch.changes_within(Duration::from_millis(20)), "it wakes once");
        alarm.set(Some(Utc::now() - half));
        assert!(watch.changes_within(Duration::from_secs(20)));
        assert!(alarm.is_past(Utc::now() - half) && !alarm.is_past(Utc::now() + half * 10));
    }
}
