//! Tells of files and pages that do not come to an end: a parser may meet what takes it hours, and a template may loop for ever.
//!
//! Nothing can interrupt either. Known ways are bounded where they are met (`config/limits.rs`); this is for the unknown ones, and
//! for templates, whose loops within loops nobody counts. Whoever is told has to end the process, which is what a crash-safe output
//! allows.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::diagnostic::{Diagnostic, Place};

/// Until the digest's own limit is known.
const DEFAULT_LIMIT: Duration = Duration::from_secs(30);
/// How often running tasks are checked.
const INTERVAL: Duration = Duration::from_millis(100);
/// What took so long may not have taken so many bytes more since it began.
const MEMORY_GROWTH: (Duration, u64) = (Duration::from_secs(1), 2 << 30);

/// Is told why the process has to end, and ends it.
pub type OnTimeout = fn(&Diagnostic);

/// Looks after work until it is dropped; or does not, if nobody wants to be told.
pub struct Watchdog {
    shared: Option<Arc<Shared>>,
    _stop: Option<Sender<()>>,
}

/// What is looked after.
#[derive(Debug, Clone, Copy)]
pub enum Task<'w> {
    /// A source is read, by its path in the digest.
    File(&'w str),
    /// A page is rendered, by its path in the site.
    Page(&'w str),
}

#[derive(Default)]
struct Shared {
    /// Milliseconds that one task may take.
    limit: AtomicU64,
    going_on: Mutex<GoingOn>,
}

#[derive(Default)]
struct GoingOn {
    next: usize,
    work: HashMap<usize, Started>,
}

struct Started {
    is_page: bool,
    path: String,
    at: Instant,
    /// Bytes of the process when it was first looked at.
    memory: Option<u64>,
}

impl Watchdog {
    /// Looks after nothing.
    #[must_use]
    pub fn none() -> Self {
        Self { shared: None, _stop: None }
    }

    /// Begins to look, if there is somebody to be told.
    #[must_use]
    pub fn start(tell: Option<OnTimeout>) -> Self {
        let Some(tell) = tell else { return Self::none() };
        let shared = Arc::<Shared>::default();
        let (stop, stopped) = mpsc::channel::<()>();
        let watched = Arc::clone(&shared);
        std::thread::spawn(move || {
            while stopped.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
                if let Some(diagnostic) = watched.late() {
                    tell(&diagnostic);
                }
            }
        });
        let watch = Self { shared: Some(shared), _stop: Some(stop) };
        watch.allow(DEFAULT_LIMIT);
        watch
    }

    /// Sets how long a task may take from now on.
    pub fn allow(&self, limit: Duration) {
        if let Some(shared) = &self.shared {
            shared.limit.store(u64::try_from(limit.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
        }
    }

    /// Notes that something is going on until the result is dropped.
    #[must_use]
    pub fn enter(&self, work: Task<'_>) -> TaskGuard<'_> {
        let entered = self.shared.as_deref().map(|shared| {
            let (is_page, path) = match work {
                Task::File(path) => (false, path),
                Task::Page(path) => (true, path),
            };
            let mut going_on = shared.going_on.lock().unwrap_or_else(PoisonError::into_inner);
            let number = going_on.next;
            going_on.next += 1;
            let started = Started { is_page, path: path.to_owned(), at: Instant::now(), memory: None };
            going_on.work.insert(number, started);
            (shared, number)
        });
        TaskGuard(entered)
    }
}

/// Task that is going on.
pub struct TaskGuard<'w>(Option<(&'w Shared, usize)>);

impl Drop for TaskGuard<'_> {
    fn drop(&mut self) {
        if let Some((shared, number)) = self.0 {
            shared.going_on.lock().unwrap_or_else(PoisonError::into_inner).work.remove(&number);
        }
    }
}

impl Shared {
    fn late(&self) -> Option<Diagnostic> {
        let limit = self.limit.load(Ordering::Relaxed);
        let now = memory().unwrap_or_default();
        let mut going_on = self.going_on.lock().unwrap_or_else(PoisonError::into_inner);
        going_on.work.values_mut().find_map(|started| {
            let grown = now.saturating_sub(*started.memory.get_or_insert(now));
            let took = started.at.elapsed();
            let why = if took > Duration::from_millis(limit) {
                format!("takes longer than {} s", limit / 1000)
            } else if took > MEMORY_GROWTH.0 && grown > MEMORY_GROWTH.1 {
                format!("takes more than {} GB of memory", MEMORY_GROWTH.1 >> 30)
            } else {
                return None;
            };
            Some(match started.is_page {
                true => Diagnostic::error(format!("rendering `{}` {why}", started.path))
                    .help("look for loops in loops in its templates; `limits: {seconds: …}` in newsprint.yaml gives it more time"),
                false => Diagnostic::error(format!("reading this file {why}"))
                    .at(Place::file(&started.path))
                    .help("is it what it seems to be? `limits: {seconds: …}` in newsprint.yaml gives it more time"),
            })
        })
    }
}

/// Bytes of memory that the process has, where the system tells (Linux: proc_pid_statm(5), in pages of 4 KB).
fn memory() -> Option<u64> {
    let told = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = told.split(' ').nth(1)?.parse().ok()?;
    Some(pages * 4096)
}
