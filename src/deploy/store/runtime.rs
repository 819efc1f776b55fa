//! Runs the requests of a deployment until they are done, or until a signal ends the process.
//!
//! `ssh` stays in the background for the connections of SFTP. Each of them is told to end when its
//! task is dropped, with the runtime. A process that exits drops nothing, so that the thread that
//! ends it closes the runtime first.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::runtime;

use crate::output::Cancellation;

/// How often a deployment looks whether the process ends.
const PAUSE: Duration = Duration::from_millis(50);

/// How long the end of the process waits for the end of the connections.
const PATIENCE: Duration = Duration::from_secs(3);

type Shared = Arc<Mutex<Option<runtime::Runtime>>>;

/// A runtime that ends with the process.
pub(super) struct Runtime {
    shared: Shared,
    cancellation: Arc<Cancellation>,
}

impl Runtime {
    /// Starts a runtime.
    ///
    /// # Errors
    /// The system refuses it.
    pub(super) fn start(cancellation: &Arc<Cancellation>) -> io::Result<Self> {
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let shared: Shared = Arc::new(Mutex::new(Some(runtime)));
        let of_end = Arc::clone(&shared);
        cancellation.at_end(move || {
            let begun = Instant::now();
            // The deployment has it, sees the end, and closes it by itself.
            while begun.elapsed() < PATIENCE {
                if let Ok(mut runtime) = of_end.try_lock() {
                    return close(runtime.take());
                }
                std::thread::sleep(PAUSE / 10);
            }
        });
        Ok(Self { shared, cancellation: Arc::clone(cancellation) })
    }

    /// Runs a future to its end. Does not return if the process ends meanwhile: the thread that ends
    /// it exits.
    pub(super) fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        let result = shared.as_ref().and_then(|runtime| {
            runtime.block_on(async {
                tokio::select! {
                    biased;
                    result = future => Some(result),
                    () = closed(&self.cancellation) => None,
                }
            })
        });
        if let Some(result) = result {
            return result;
        }
        close(shared.take());
        drop(shared);
        loop {
            std::thread::park();
        }
    }

    /// Closes all connections. Requests that are on their way after an error are not waited for.
    pub(super) fn close(&self) {
        close(self.shared.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

/// Drops all tasks.
fn close(runtime: Option<runtime::Runtime>) {
    if let Some(runtime) = runtime {
        runtime.shutdown_background();
    }
}

async fn closed(cancellation: &Cancellation) {
    while !cancellation.is_closed() {
        tokio::time::sleep(PAUSE).await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    struct Task(Arc<AtomicBool>);

    impl Drop for Task {
        fn drop(&mut self) {
            self.0.store(true, Ordering::SeqCst);
        }
    }

    #[test]
    fn the_end_of_the_process_drops_all_tasks() {
        for is_busy in [true, false] {
            let is_dropped = Arc::new(AtomicBool::new(false));
            let task = Task(Arc::clone(&is_dropped));
            let cancellation = Arc::new(Cancellation::default());
            let runtime = Runtime::start(&cancellation).unwrap();
            runtime.block_on(async {
                tokio::spawn(async move {
                    let _task = task;
                    std::future::pending::<()>().await;
                });
                tokio::task::yield_now().await;
            });
            if is_busy {
                // This thread never ends: as if the process exited.
                std::thread::spawn(move || runtime.block_on(std::future::pending::<()>()));
                std::thread::sleep(PAUSE);
            }
            assert!(!is_dropped.load(Ordering::SeqCst));
            drop(cancellation.end(Duration::ZERO));
            assert!(is_dropped.load(Ordering::SeqCst), "busy: {is_busy}");
        }
    }
}
