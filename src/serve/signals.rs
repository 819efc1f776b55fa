//! Receives the signals that end a process, for a preview and for commands that write files.

use std::io;
use std::sync::mpsc;

/// A signal that ends a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndSignal {
    /// The name, such as `SIGTERM`.
    pub name: &'static str,
    /// The number, such as 15.
    pub number: u8,
}

/// Ctrl-C.
const INTERRUPT: EndSignal = EndSignal { name: "SIGINT", number: 2 };
#[cfg(unix)]
const HANG_UP: EndSignal = EndSignal { name: "SIGHUP", number: 1 };
#[cfg(unix)]
const TERMINATE: EndSignal = EndSignal { name: "SIGTERM", number: 15 };

/// The signals that end a process: SIGINT (Ctrl-C), SIGTERM and SIGHUP on Unix, else Ctrl-C.
pub struct EndSignals {
    #[cfg(unix)]
    signals: Vec<(EndSignal, tokio::signal::unix::Signal)>,
}

impl EndSignals {
    /// Calls `on_signal` from another thread when a signal arrives. The signals do not end the
    /// process by themselves when this function has returned, unless it fails.
    ///
    /// # Errors
    /// The system refuses a thread or a handler.
    pub fn watch(on_signal: impl FnOnce(EndSignal) + Send + 'static) -> io::Result<()> {
        let (send, caught) = mpsc::channel();
        std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
            let runtime = match tokio::runtime::Builder::new_current_thread().enable_io().build() {
                Ok(runtime) => runtime,
                Err(error) => return drop(send.send(Err(error))),
            };
            let received = runtime.block_on(async {
                let signals = match Self::catch() {
                    Ok(signals) => signals,
                    Err(error) => {
                        let _ = send.send(Err(error));
                        return None;
                    }
                };
                let _ = send.send(Ok(()));
                Some(signals.received().await)
            });
            if let Some(signal) = received {
                on_signal(signal);
            }
        })?;
        caught.recv().unwrap_or_else(|_| Err(io::ErrorKind::Other.into()))
    }

    /// Catches the signals, but not SIGHUP if the parent process set it to be ignored, as `nohup`
    /// does. From now on, they do not end the process by themselves.
    #[cfg(unix)]
    pub(super) fn catch() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [
            (INTERRUPT, SignalKind::interrupt()),
            (TERMINATE, SignalKind::terminate()),
            (HANG_UP, SignalKind::hangup()),
        ];
        let caught = kinds.into_iter().filter(|(end, _)| *end != HANG_UP || !is_hang_up_ignored());
        let signals = caught.map(|(end, kind)| Ok((end, signal(kind)?))).collect::<io::Result<_>>()?;
        Ok(Self { signals })
    }

    /// Waits for one of the signals.
    #[cfg(unix)]
    pub(super) async fn received(mut self) -> EndSignal {
        std::future::poll_fn(|context| {
            for (end, signal) in &mut self.signals {
                if signal.poll_recv(context).is_ready() {
                    return std::task::Poll::Ready(*end);
                }
            }
            std::task::Poll::Pending
        })
        .await
    }

    #[cfg(not(unix))]
    pub(super) fn catch() -> io::Result<Self> {
        Ok(Self {})
    }

    #[cfg(not(unix))]
    pub(super) async fn received(self) -> EndSignal {
        // An error means that Ctrl-C cannot be caught, not that it was pressed.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        INTERRUPT
    }
}

/// True if the parent process set SIGHUP to be ignored. Reads the mask `SigIgn` of
/// `/proc/self/status` (proc_pid_status(5)), whose bit 0 is signal 1; false on other systems than
/// Linux.
#[cfg(unix)]
fn is_hang_up_ignored() -> bool {
    #[allow(clippy::disallowed_methods)] // No file of a digest.
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .is_some_and(|mask| mask & (1 << (HANG_UP.number - 1)) != 0)
}
