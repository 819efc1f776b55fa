//! A spinner on stderr for work longer than a second; silent when stderr is not a terminal.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Shown until dropped.
pub(crate) struct Progress {
    running: Option<(Sender<()>, JoinHandle<()>)>,
    /// Bytes that are done, and all of them; 0 where nobody counts.
    bytes: Arc<[AtomicU64; 2]>,
}

impl Progress {
    /// Waits a second, then shows `what` and the time it takes. Quiet commands and pipes see nothing.
    pub(crate) fn start(what: &'static str, quiet: bool) -> Self {
        if quiet || !std::io::stderr().is_terminal() {
            return Self { running: None, bytes: Arc::default() };
        }
        let (done, waiting) = mpsc::channel::<()>();
        let bytes = Arc::<[AtomicU64; 2]>::default();
        let counted = Arc::clone(&bytes);
        let thread = std::thread::spawn(move || {
            if waiting.recv_timeout(Duration::from_secs(1)) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let bar = ProgressBar::new_spinner().with_message(what).with_elapsed(Duration::from_secs(1));
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
                bar.set_style(style);
            }
            let tick = Duration::from_millis(100);
            bar.enable_steady_tick(tick);
            while waiting.recv_timeout(tick) == Err(RecvTimeoutError::Timeout) {
                let total = counted[1].load(Ordering::Relaxed);
                if total > 0
                    && bar.length().is_none()
                    && let Ok(style) = ProgressStyle::with_template(
                        "{spinner} {msg} {wide_bar} {bytes} of {total_bytes} {elapsed}",
                    )
                {
                    bar.set_style(style);
                    bar.set_length(total);
                }
                bar.set_position(counted[0].load(Ordering::Relaxed));
            }
            bar.finish_and_clear();
        });
        Self { running: Some((done, thread)), bytes }
    }

    /// Shows how many of how many bytes are done.
    pub(crate) fn show(&self, done: u64, total: u64) {
        self.bytes[0].store(done, Ordering::Relaxed);
        self.bytes[1].store(total, Ordering::Relaxed);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((done, thread)) = self.running.take() {
            // The line has to be gone before anything else is printed.
            drop(done);
            let _ = thread.join();
        }
    }
}
