//! What the system tells of files; `notify` is known here, and its trait in `watch`.

use std::path::PathBuf;
use std::sync::mpsc::Sender;

use notify::Watcher;
use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind};

/// What the system tells.
#[derive(Debug)]
pub(super) enum Signal {
    /// A file was opened for writing and written to.
    Written(Vec<PathBuf>),
    /// It was closed.
    Closed(Vec<PathBuf>),
    /// A name came, went, or was given to something else.
    Named(Vec<PathBuf>),
    /// It could not follow: anything may have happened.
    Lost,
}

/// Makes a watcher that sends what the system tells.
pub(super) type Connect = fn(Sender<Signal>) -> notify::Result<Box<dyn Watcher + Send>>;

pub(super) fn connect(sender: Sender<Signal>) -> notify::Result<Box<dyn Watcher + Send>> {
    let watcher = notify::recommended_watcher(move |event| {
        if let Some(signal) = signal(event) {
            // Nobody listens any more when the system is not asked any more.
            let _ = sender.send(signal);
        }
    });
    Ok(Box::new(watcher?))
}

/// What an event of the watcher says; `None` for what changes nothing (that a file is read, above all by us).
fn signal(event: notify::Result<notify::Event>) -> Option<Signal> {
    let Ok(event) = event else { return Some(Signal::Lost) };
    if event.need_rescan() {
        return Some(Signal::Lost);
    }
    match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => Some(Signal::Closed(event.paths)),
        EventKind::Access(_) => None,
        EventKind::Create(_) | EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)) => {
            Some(Signal::Named(event.paths))
        }
        EventKind::Modify(ModifyKind::Metadata(_)) => Some(Signal::Closed(event.paths)),
        _ => Some(Signal::Written(event.paths)),
    }
}
