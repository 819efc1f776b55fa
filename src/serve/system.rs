//! Receives the system's notifications about files and reduces them to [`Signal`]s. Only this file
//! and `watch`, which uses the trait `Watcher`, import notify.

use std::path::PathBuf;
use std::sync::mpsc::Sender;

use notify::Watcher;
use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind};

/// A notification of the system.
#[derive(Debug)]
pub(super) enum Signal {
    /// Files were written to; a program still has them open for writing.
    Written(Vec<PathBuf>),
    /// Files were closed after writing, or their metadata changed.
    Closed(Vec<PathBuf>),
    /// Files or folders were created, removed or renamed.
    NameChanged(Vec<PathBuf>),
    /// The system lost notifications: any file may have changed.
    Lost,
}

/// Creates a watcher that sends its signals to a channel.
pub(super) type Connect = fn(Sender<Signal>) -> notify::Result<Box<dyn Watcher + Send>>;

/// Creates the watcher of this operating system.
pub(super) fn connect(sender: Sender<Signal>) -> notify::Result<Box<dyn Watcher + Send>> {
    let watcher = notify::recommended_watcher(move |event| {
        if let Some(signal) = convert(event) {
            // The receiver is gone when the preview ends.
            let _ = sender.send(signal);
        }
    });
    Ok(Box::new(watcher?))
}

/// Converts an event of notify. `None` if it changes no file, such as the reads of our own builds.
fn convert(event: notify::Result<notify::Event>) -> Option<Signal> {
    let Ok(event) = event else { return Some(Signal::Lost) };
    if event.need_rescan() {
        return Some(Signal::Lost);
    }
    match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => Some(Signal::Closed(event.paths)),
        EventKind::Access(_) => None,
        EventKind::Create(_) | EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)) => {
            Some(Signal::NameChanged(event.paths))
        }
        EventKind::Modify(ModifyKind::Metadata(_)) => Some(Signal::Closed(event.paths)),
        _ => Some(Signal::Written(event.paths)),
    }
}
