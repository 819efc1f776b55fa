//! Runs `newsprint serve`: builds at every save, serves the site as GitHub Pages would, and
//! notifies open pages of changes.
//!
//! The build is the same as that of `newsprint build`, but writes to a separate folder in
//! `.newsprint/`, and keeps what it read and planned in memory ([`build_loop`]). `watch` waits for
//! changes, which `system` reports; `alarm` wakes it when an article is due; `hub` holds the site
//! that is shown; `server` accepts connections; `answer` answers requests, and `scripts` has what it
//! adds to pages.

mod alarm;
mod answer;
mod hub;
mod route;
mod scripts;
mod server;
mod signals;
mod system;
mod watch;

use std::fs;
use std::io;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::config;
use crate::diagnostic::Diagnostic;
use crate::fs::state as files;
use crate::load::{Cache, schedule};
use crate::output::{self, Lock, Output};
use crate::pipeline::report::Report;
use crate::pipeline::{self, build_loop};
use alarm::Alarm;
use hub::{Hub, LastSite};
pub use signals::{EndSignal, EndSignals};
use watch::{Change, Watch};

/// The prefix of a preview's folder in `.newsprint/`; the process id follows.
const FOLDER_PREFIX: &str = "preview-";

/// If a build fails and a file changes within this time, the failure is not reported, because an
/// editor saves in several steps.
const NEXT_STEP: Duration = Duration::from_millis(40);

/// The number of failed builds in a row that are not reported, because a program may never stop
/// writing.
const MAX_UNREPORTED: usize = 3;

/// The options of a preview.
#[derive(Debug, Clone)]
pub struct Options {
    /// The build. Its output folder is not used.
    pub build: pipeline::Options,
    /// The address to listen at.
    pub interface: IpAddr,
    /// The port; `None` for the first free one from 1111, 0 for one that the system chooses.
    pub port: Option<u16>,
    /// Open a browser after the first build.
    pub open: bool,
    /// Look for changed files twice a second instead of using notifications of the system.
    pub poll: bool,
}

/// An event of a preview, for its [`Listener`].
#[derive(Debug)]
pub enum Event {
    /// The server listens; the first build begins.
    Listening {
        /// The port.
        port: u16,
        /// True if another port than 1111 is used, because 1111 is taken.
        taken: bool,
        /// True if other computers on the network can read the preview.
        open_to_others: bool,
    },
    /// A build has finished.
    Built {
        /// The build's report.
        report: Box<Report>,
        /// Names of the changed files that were reported; empty for the first build.
        changed: Vec<String>,
        /// The event of an article that was reached, if the build was due for it.
        due: Option<schedule::Event>,
        /// Time from the first change until browsers were notified.
        took: Duration,
        /// The URL of the site.
        url: String,
        /// True for the first build.
        first: bool,
    },
    /// The system does not report changes, so that files are polled.
    Polling {
        /// Why the system does not report changes.
        reason: String,
    },
    /// No browser could be opened.
    BrowserNotOpened {
        /// The URL that should have been opened.
        url: String,
    },
}

/// A callback for each event, called from any thread.
pub type Listener = Arc<dyn Fn(Event) + Send + Sync>;

/// Runs a preview until the process receives a signal to end (Ctrl-C), and removes its files.
///
/// # Errors
/// The port is taken, or the digest's folder cannot be written to.
pub fn run(options: &Options, listener: &Listener) -> Result<(), Diagnostic> {
    check_digest(options)?;
    let bound = server::bind(options.interface, options.port);
    let (socket, taken) = bound.map_err(|error| not_bound(options, &error))?;
    let address = socket.local_addr().map_err(|error| not_started(&error))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| not_started(&error))?;
    // Before any file is created that a signal would leave behind.
    let end = runtime.block_on(async { EndSignals::catch() }).map_err(|error| not_started(&error))?;
    let state = config::state_folder(&options.build.root);
    output::refuse_links(&state)?;
    clear_abandoned(&state);
    let folder = state.join(format!("{FOLDER_PREFIX}{}", std::process::id()));
    let lock = create_locked(&folder)?;
    // What a folder of this name held came with the digest: a link there would be followed.
    for name in ["site", "state"] {
        files::remove_tree(&folder.join(name)).map_err(|error| not_started(&error))?;
    }
    let hub = Arc::new(Hub::new(folder.join("site")));
    let origin = format!("http://{}", address_in_urls(address));
    let open_to_others = !options.interface.is_loopback();
    listener(Event::Listening { port: address.port(), taken, open_to_others });

    let output = Output::new(&options.build.root, &hub.folder, &folder.join("state"), false);
    let cancellation = output.cancellation();
    {
        let (options, hub, listener) = (options.clone(), Arc::clone(&hub), Arc::clone(listener));
        // The thread is not joined: a running build must not delay Ctrl-C.
        std::thread::spawn(move || build_at_every_save(&options, &output, &hub, &origin, &listener));
    }
    let ended = runtime.block_on(async {
        socket.set_nonblocking(true)?;
        let socket = tokio::net::TcpListener::from_std(socket)?;
        tokio::select! {
            () = server::accept(socket, hub) => Ok(()),
            _ = end.received() => Ok(()),
        }
    });
    // Does not wait for requests that are still reading files.
    runtime.shutdown_background();
    // A running build finishes the file at hand and writes no other.
    let _closed = cancellation.close();
    drop(lock);
    remove(&folder);
    ended.map_err(|error| not_started(&error))
}

/// Refuses a folder without a configuration, because it is not a digest. Errors in the
/// configuration are accepted, because they can be fixed while the preview runs.
fn check_digest(options: &Options) -> Result<(), Diagnostic> {
    let root = &options.build.root;
    let file = options.build.config.clone().unwrap_or_else(|| root.join(crate::config::FILE));
    options.build.base_url().transpose()?;
    if file.exists() {
        return Ok(());
    }
    let (_, mut diagnostics) =
        crate::load::configuration(root, options.build.config.as_deref(), options.build.links);
    diagnostics.pop().map_or(Ok(()), Err)
}

/// Builds, shows the site or its errors, reports to the listener, and waits for the next change,
/// until the preview ends.
fn build_at_every_save(options: &Options, output: &Output, hub: &Hub, origin: &str, listener: &Listener) {
    let (mut watch, reason) = Watch::start(&options.build, options.poll);
    if let Some(reason) = reason {
        listener(Event::Polling { reason });
    }
    hub.set_waker(watch.waker());
    let alarm = options.build.clock.map(|clock| Alarm::start(clock, watch.waker()));
    let (mut next, mut due): (Option<schedule::Event>, _) = (None, None);
    let mut last = LastSite::default();
    let mut changed: Vec<String> = Vec::new();
    let mut started = Instant::now();
    let mut first = true;
    let mut unreported_left = MAX_UNREPORTED;
    // A browser is opened even if the first build fails, and then shows the errors.
    let mut to_open = options.open;
    build_loop(&options.build, Some(output), &mut Cache::in_memory(), &mut |report, published| {
        if output.cancellation().is_closed() {
            return false;
        }
        let superseded = !report.success && unreported_left > 0 && watch.changes_within(NEXT_STEP);
        unreported_left = if superseded { unreported_left - 1 } else { MAX_UNREPORTED };
        // A digest whose settings have an error has no agenda. What was due meanwhile is not waited
        // for: it would be due after each failed build.
        let has_agenda = report.success || report.agenda.next.is_some();
        if has_agenda {
            next = report.agenda.next.as_deref().cloned();
        }
        if let Some(alarm) = &alarm {
            // An event that was reached during the build wakes the preview at once.
            let at = next.as_ref().and_then(schedule::Event::instant);
            alarm.set(at.filter(|at| has_agenda || !alarm.is_past(*at)));
        }
        if !superseded {
            match published {
                Some(published) => last.replace(hub, published),
                None if report.success => {}
                None => hub.show_errors(&report),
            }
            let took = started.elapsed();
            let url = format!("{origin}{}", hub.shown().base);
            if std::mem::take(&mut to_open) && open::that_detached(&url).is_err() {
                listener(Event::BrowserNotOpened { url: url.clone() });
            }
            let changed = std::mem::take(&mut changed);
            let (first, due) = (std::mem::take(&mut first), due.take());
            let report = Box::new(report);
            listener(Event::Built { report, changed, due, took, url, first });
        }
        if let Some(reason) = watch.update_watches() {
            listener(Event::Polling { reason });
        }
        let Change { since, files, polling_reason } = watch.wait();
        started = since;
        changed.extend(files);
        let is_past = |time| alarm.as_ref().is_some_and(|alarm| alarm.is_past(time));
        due = next.take_if(|next| next.instant().is_some_and(is_past)).or(due.take());
        if let Some(reason) = polling_reason {
            listener(Event::Polling { reason });
        }
        true
    });
}

/// The address that URLs contain: the loopback address if the server listens at all addresses.
fn address_in_urls(address: std::net::SocketAddr) -> std::net::SocketAddr {
    use std::net::{Ipv4Addr, Ipv6Addr};
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    (ip, address.port()).into()
}

/// Creates the preview's folder and takes its lock.
fn create_locked(folder: &Path) -> Result<Lock, Diagnostic> {
    let mut tries = 0..100;
    loop {
        let taken = Lock::take(folder);
        // Before the lock is taken, another preview may remove the folder as an abandoned one.
        match taken {
            Ok(lock) if folder.join("lock").exists() => return Ok(lock),
            taken if tries.next().is_none() => return taken,
            _ => std::thread::sleep(Duration::from_millis(10)),
        }
    }
}

/// Removes the folders of previews that were killed.
fn clear_abandoned(state: &Path) {
    let entries = fs::read_dir(state).into_iter().flatten().flatten();
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_preview = name.strip_prefix(FOLDER_PREFIX).is_some_and(|process| {
            process.trim_end_matches(".ended").bytes().all(|byte| byte.is_ascii_digit())
        });
        if !is_preview || !entry.file_type().is_ok_and(|found| found.is_dir()) {
            continue;
        }
        // A running preview holds its lock. A preview that starts now retries until this lock is
        // released.
        if let Ok(_lock) = Lock::take(&entry.path()) {
            remove(&entry.path());
        }
    }
}

/// Removes a preview's folder, to which no thread writes any more.
fn remove(folder: &Path) {
    // Renamed first, so that no other preview takes a half-removed folder for that of a running
    // one.
    let aside = folder.with_extension("ended");
    let folder = if fs::rename(folder, &aside).is_ok() { &aside } else { folder };
    let _ = files::remove_tree(folder);
}

fn not_started(error: &io::Error) -> Diagnostic {
    Diagnostic::error(tr!("cannot start the preview: {error}", error))
        .help(tr!("fix the cause and try again"))
}

fn not_bound(options: &Options, (port, error): &(u16, io::Error)) -> Diagnostic {
    let at = std::net::SocketAddr::from((options.interface, *port));
    let (message, help) = match error.kind() {
        io::ErrorKind::AddrInUse if options.port.is_some() => (
            tr!("port {port} is taken", port),
            tr!("choose another port with `--port`, or omit `--port` to use the first free one"),
        ),
        io::ErrorKind::AddrInUse => {
            (tr!("no port from 1111 to {port} is free", port), tr!("choose another port with `--port`"))
        }
        io::ErrorKind::PermissionDenied => (
            tr!("no permission to open port {port}: {error}", port, error),
            tr!("choose a port above 1023 with `--port`"),
        ),
        io::ErrorKind::AddrNotAvailable => (
            tr!("{} is not an address of this machine", options.interface),
            tr!("omit `--interface` to listen on this machine only, or write `--interface 0.0.0.0`"),
        ),
        _ => (
            tr!("cannot listen at {at}: {error}", at, error),
            tr!("choose another `--interface` or `--port`"),
        ),
    };
    Diagnostic::error(message).help(help)
}
