//! Shows a spinner on standard error for work longer than a second. Shows nothing if standard error
//! is not a terminal.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A spinner that is shown until it is dropped.
pub(crate) struct Progress {
    running: Option<(Sender<()>, JoinHandle<()>)>,
    /// Bytes done and bytes in total. A total of 0 shows a spinner without a bar.
    bytes: Arc<[AtomicU64; 2]>,
}

impl Progress {
    /// Starts a thread that waits a second and then shows `what` and the elapsed time. Starts none
    /// if `quiet` is set or standard error is not a terminal.
    pub(crate) fn start(what: String, quiet: bool) -> Self {
        if quiet || !std::io::stderr().is_terminal() {
            return Self { running: None, bytes: Arc::default() };
        }
        let (stop, stopped) = mpsc::channel::<()>();
        let bytes = Arc::<[AtomicU64; 2]>::default();
        let shared = Arc::clone(&bytes);
        let thread = std::thread::spawn(move || {
            if stopped.recv_timeout(Duration::from_secs(1)) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let bar = ProgressBar::new_spinner().with_message(what).with_elapsed(Duration::from_secs(1));
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
                bar.set_style(style);
            }
            let tick = Duration::from_millis(100);
            bar.enable_steady_tick(tick);
            while stopped.recv_timeout(tick) == Err(RecvTimeoutError::Timeout) {
                let total = shared[1].load(Ordering::Relaxed);
                if total > 0
                    && bar.length().is_none()
                    && let Ok(style) = ProgressStyle::with_template(&tr!(
                        "{spinner} {msg} {wide_bar} {bytes} of {total_bytes} {elapsed}"
                    ))
                {
                    bar.set_style(style);
                    bar.set_length(total);
                }
                bar.set_position(shared[0].load(Ordering::Relaxed));
            }
            bar.finish_and_clear();
        });
        Self { running: Some((stop, thread)), bytes }
    }

    /// Updates the progress bar: `done` of `total` bytes.
    pub(crate) fn show(&self, done: u64, total: u64) {
        self.bytes[0].store(done, Ordering::Relaxed);
        self.bytes[1].store(total, Ordering::Relaxed);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.running.take() {
            // The spinner's line has to be cleared before anything else is printed.
            drop(stop);
            let _ = thread.join();
        }
    }
}
