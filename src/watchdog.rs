//! Reports files and pages that take too long or too much memory.
//!
//! A parser or a template cannot be interrupted. Known causes are bounded by `config/limits.rs`;
//! the watchdog is for unknown ones and for nested loops in templates. The caller has to end the
//! process, which is safe at any time because the output survives a crash.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::diagnostic::{Diagnostic, Place};

/// Time that a task may take until the digest's own limit is read.
const DEFAULT_LIMIT: Duration = Duration::from_secs(30);
/// Time between two checks of the running tasks.
const INTERVAL: Duration = Duration::from_millis(100);
/// Bytes by which the process may grow during a task that takes longer than [`MEMORY_GRACE`].
const MAX_MEMORY_GROWTH: u64 = 2 << 30;
/// Time during which a task's memory is not checked.
const MEMORY_GRACE: Duration = Duration::from_secs(1);

/// Called with the reason when a task exceeds a limit; has to end the process.
#[derive(Clone)]
pub struct OnTimeout(Arc<dyn Fn(&Diagnostic) + Send + Sync>);

impl OnTimeout {
    /// Wraps the callback.
    pub fn new(callback: impl Fn(&Diagnostic) + Send + Sync + 'static) -> Self {
        Self(Arc::new(callback))
    }
}

impl std::fmt::Debug for OnTimeout {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("OnTimeout")
    }
}

/// Watches tasks on a thread of its own until it is dropped. Without a callback it does nothing.
pub struct Watchdog {
    shared: Option<Arc<Shared>>,
    _stop: Option<Sender<()>>,
}

/// A task to watch.
#[derive(Debug, Clone, Copy)]
pub enum Task<'w> {
    /// Reading a source, by its path in the digest.
    File(&'w str),
    /// Reading a record, by the path of its input and the line at which the record begins, or
    /// behind which it is searched.
    Record(&'w str, usize),
    /// Rendering a page, by its path in the site.
    Page(&'w str),
    /// Checking an article or a page, by the path of its source or in the site.
    Check(&'w str),
}

#[derive(Default)]
struct Shared {
    /// Milliseconds that one task may take.
    limit: AtomicU64,
    running: Mutex<RunningTasks>,
}

#[derive(Default)]
struct RunningTasks {
    next_id: usize,
    by_id: HashMap<usize, RunningTask>,
}

#[derive(Clone, Copy)]
enum Kind {
    File,
    Record { line: usize },
    Page,
    Check,
}

struct RunningTask {
    kind: Kind,
    path: String,
    started: Instant,
    /// Bytes of the process at the first check of this task.
    memory: Option<u64>,
}

impl Watchdog {
    /// Creates a watchdog that watches nothing.
    #[must_use]
    pub fn none() -> Self {
        Self { shared: None, _stop: None }
    }

    /// Starts the thread if there is a callback.
    #[must_use]
    pub fn start(on_timeout: Option<&OnTimeout>) -> Self {
        let Some(OnTimeout(on_timeout)) = on_timeout.cloned() else { return Self::none() };
        let shared = Arc::<Shared>::default();
        let (stop, stopped) = mpsc::channel::<()>();
        let watched = Arc::clone(&shared);
        std::thread::spawn(move || {
            while stopped.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
                if let Some(diagnostic) = watched.find_overdue() {
                    on_timeout(&diagnostic);
                }
            }
        });
        let watchdog = Self { shared: Some(shared), _stop: Some(stop) };
        watchdog.allow(DEFAULT_LIMIT);
        watchdog
    }

    /// Sets the time that a task may take, for running tasks as well.
    pub fn allow(&self, limit: Duration) {
        if let Some(shared) = &self.shared {
            shared.limit.store(u64::try_from(limit.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
        }
    }

    /// Watches a task until the result is dropped.
    #[must_use]
    pub fn enter(&self, task: Task<'_>) -> TaskGuard<'_> {
        let entered = self.shared.as_deref().map(|shared| {
            let (kind, path) = match task {
                Task::File(path) => (Kind::File, path),
                Task::Record(path, line) => (Kind::Record { line }, path),
                Task::Page(path) => (Kind::Page, path),
                Task::Check(path) => (Kind::Check, path),
            };
            let mut running = shared.running.lock().unwrap_or_else(PoisonError::into_inner);
            let id = running.next_id;
            running.next_id += 1;
            let task = RunningTask { kind, path: path.to_owned(), started: Instant::now(), memory: None };
            running.by_id.insert(id, task);
            (shared, id)
        });
        TaskGuard(entered)
    }
}

/// Ends the watch of a task when it is dropped.
pub struct TaskGuard<'w>(Option<(&'w Shared, usize)>);

impl Drop for TaskGuard<'_> {
    fn drop(&mut self) {
        if let Some((shared, id)) = self.0 {
            shared.running.lock().unwrap_or_else(PoisonError::into_inner).by_id.remove(&id);
        }
    }
}

impl Shared {
    /// Reports a task that exceeds a limit, if there is one.
    fn find_overdue(&self) -> Option<Diagnostic> {
        let limit = self.limit.load(Ordering::Relaxed);
        let memory = resident_memory().unwrap_or_default();
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.by_id.values_mut().find_map(|task| {
            let growth = memory.saturating_sub(*task.memory.get_or_insert(memory));
            let elapsed = task.started.elapsed();
            let reason = if elapsed > Duration::from_millis(limit) {
                tr!("takes longer than {} s", limit / 1000)
            } else if elapsed > MEMORY_GRACE && growth > MAX_MEMORY_GROWTH {
                tr!("takes more than {} GB of memory", MAX_MEMORY_GROWTH >> 30)
            } else {
                return None;
            };
            let what = match task.kind {
                Kind::Page => {
                    return Some(Diagnostic::error(tr!("rendering `{page}` {reason}", page = task.path, reason)).help(
                        tr!("look for nested loops in its templates, or allow more time with `limits: {seconds: …}` in newsprint.yaml"),
                    ));
                }
                Kind::File => tr!("reading this file"),
                Kind::Record { line } => tr!("reading the record from line {line} on", line),
                Kind::Check => tr!("checking this file"),
            };
            Some(Diagnostic::error(tr!("{what} {reason}", what, reason)).at(Place::file(&task.path)).help(
                tr!("check its content, or allow more time with `limits: {seconds: …}` in newsprint.yaml"),
            ))
        })
    }
}

/// Bytes of memory that the process occupies; `None` on other systems than Linux. Reads the second
/// field of /proc/self/statm (proc_pid_statm(5)) and assumes pages of 4 KiB.
#[allow(clippy::disallowed_methods)] // No file of a digest.
fn resident_memory() -> Option<u64> {
    let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = statm.split(' ').nth(1)?.parse().ok()?;
    Some(pages * 4096)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The diagnostic about a task that has run for some milliseconds, with a limit of none.
    fn overdue(task: Task<'_>) -> Diagnostic {
        let watchdog = Watchdog { shared: Some(Arc::default()), _stop: None };
        let _running = watchdog.enter(task);
        std::thread::sleep(Duration::from_millis(2));
        watchdog.shared.as_ref().unwrap().find_overdue().unwrap()
    }

    #[test]
    fn the_message_names_the_file_and_the_record() {
        let found = overdue(Task::Record("in.json", 7));
        assert_eq!(found.message, "reading the record from line 7 on takes longer than 0 s");
        assert_eq!(found.place, Some(Place::file("in.json")));
        let found = overdue(Task::Check("content/articles/a.md"));
        assert_eq!(found.place, Some(Place::file("content/articles/a.md")));
        assert_eq!(overdue(Task::Page("a/index.html")).place, None);
    }
}
