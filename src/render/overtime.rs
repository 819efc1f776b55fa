//! Tells of pages that do not come to an end: a template may loop for ever, and nothing can interrupt it.
//!
//! Tera bounds `range` and recursion, and what is written is bounded here (`Bounded`); what remains are loops within loops that
//! write nothing, and texts that are doubled. Whoever is told has to end the process, which is what a crash-safe output allows.

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::diagnostic::Diagnostic;

/// How often is looked.
const LOOK: Duration = Duration::from_millis(100);
/// A page that took so long may not have taken so many bytes more since it began.
const GREEDY: (Duration, u64) = (Duration::from_secs(1), 2 << 30);

/// Is told why the process has to end, and ends it.
pub type Overtime = fn(&Diagnostic);

/// Looks after the pages that are being rendered, until it is dropped.
pub(super) struct Watch {
    pages: Arc<Mutex<Pages>>,
    _stop: Sender<()>,
}

#[derive(Default)]
struct Pages {
    next: usize,
    rendering: HashMap<usize, Started>,
}

struct Started {
    page: String,
    at: Instant,
    /// Bytes of the process when the page was first looked at.
    memory: Option<u64>,
}

impl Watch {
    /// Begins to look; `limit` is what a page may take.
    pub(super) fn start(limit: Duration, tell: Overtime) -> Self {
        let pages = Arc::<Mutex<Pages>>::default();
        let (stop, stopped) = mpsc::channel::<()>();
        let watched = Arc::clone(&pages);
        std::thread::spawn(move || {
            while stopped.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
                if let Some(diagnostic) = late(&watched, limit) {
                    tell(&diagnostic);
                }
            }
        });
        Self { pages, _stop: stop }
    }

    /// Notes that a page is being rendered until the result is dropped.
    pub(super) fn enter(&self, page: &str) -> Entered<'_> {
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        let number = pages.next;
        pages.next += 1;
        pages.rendering.insert(number, Started { page: page.to_owned(), at: Instant::now(), memory: None });
        Entered { pages: &self.pages, number }
    }
}

/// A page that is being rendered.
pub(super) struct Entered<'w> {
    pages: &'w Mutex<Pages>,
    number: usize,
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner).rendering.remove(&self.number);
    }
}

fn late(pages: &Mutex<Pages>, limit: Duration) -> Option<Diagnostic> {
    let mut pages = pages.lock().unwrap_or_else(PoisonError::into_inner);
    let now = memory().unwrap_or_default();
    for started in pages.rendering.values_mut() {
        let before = *started.memory.get_or_insert(now);
        let grown = now.saturating_sub(before);
        let took = started.at.elapsed();
        let why = if took > limit {
            format!("takes longer than {} s", limit.as_secs())
        } else if took > GREEDY.0 && grown > GREEDY.1 {
            format!("takes more than {} GB of memory", GREEDY.1 >> 30)
        } else {
            continue;
        };
        return Some(
            Diagnostic::error(format!(
                "the page `{}` {why}: a template does not come to an end",
                started.page
            ))
            .help(
                "look for loops in loops; `limits: {page_seconds: …}` in newsprint.yaml gives it more time",
            ),
        );
    }
    None
}

/// Bytes of memory that the process has, where the system tells (Linux: proc_pid_statm(5), in pages of 4 KB).
fn memory() -> Option<u64> {
    let told = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = told.split(' ').nth(1)?.parse().ok()?;
    Some(pages * 4096)
}

/// Writes to a page until it is too long: `FileTooLarge`.
pub(super) struct Bounded<'b> {
    pub(super) bytes: &'b mut Vec<u8>,
    /// What it may grow to.
    pub(super) limit: usize,
}

impl Write for Bounded<'_> {
    fn write(&mut self, written: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + written.len() > self.limit {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(written);
        Ok(written.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
