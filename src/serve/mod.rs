//! `newsprint serve`: builds at every save, shows the site as GitHub Pages would, and tells browsers what is new.
//!
//! The very same build as everywhere writes into a folder of its own below `.newsprint/`. What it read and planned stays in
//! memory between builds (`build::build_loop`), and the parts here are plain around it: `watch` waits for changes (of
//! which `system` tells), `hub` holds what is shown, `server` takes connections and `answer` answers requests.

mod answer;
mod hub;
mod route;
mod server;
mod system;
mod watch;

use std::fs;
use std::io;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::config::STATE;
use crate::diagnostic::Diagnostic;
use crate::load::Cache;
use crate::output::{self, Lock, Output};
use crate::pipeline::report::Report;
use crate::pipeline::{self, build_loop};
use hub::{Before, Hub};
use watch::{Change, Watch};

/// Folders of previews in `.newsprint/` begin so; the process follows.
const FOLDER: &str = "preview-";

/// When a build fails and something changes this soon afterwards, it was a save in two steps: nobody wants to read of it.
const SECOND_STEP: Duration = Duration::from_millis(40);

/// So many failed builds in a row are kept back for that: a program may never stop writing.
const MAX_ATTEMPTS: usize = 3;

/// What a preview is asked to do.
#[derive(Debug, Clone)]
pub struct Options {
    /// What is built. Its output folder is not used.
    pub build: pipeline::Options,
    /// The address to listen at.
    pub interface: IpAddr,
    /// The port; without one the first free from 1111. 0 lets the system choose.
    pub port: Option<u16>,
    /// Open a browser when the site is there.
    pub open: bool,
    /// Look at the files twice a second instead of asking the system to tell of changes.
    pub poll: bool,
}

/// What a preview tells whoever started it.
#[derive(Debug)]
pub enum Event {
    /// It listens. The site is being built.
    Listening {
        /// Where.
        port: u16,
        /// Is it another one than 1111, because that is taken?
        taken: bool,
        /// Others on the network can read it.
        open_to_others: bool,
    },
    /// A build is over.
    Built {
        /// What it did.
        report: Report,
        /// Files that changed, as far as was told; none for the first build.
        changed: Vec<String>,
        /// From the first of the changes until browsers were told.
        took: Duration,
        /// Where the site stands.
        url: String,
        /// Is it the first one?
        first: bool,
    },
    /// The system does not tell of changes: files are looked at instead.
    Looking {
        /// Why.
        why: String,
    },
    /// No browser could be opened.
    NotOpened {
        /// What should have been opened.
        url: String,
    },
}

/// Called with each event, from any thread.
pub type Listener = Arc<dyn Fn(Event) + Send + Sync>;

/// Runs a preview until the process is asked to end (Ctrl-C), and leaves nothing behind.
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
    // Before anything is made that would have to be removed.
    let end = runtime.block_on(async { End::expect() }).map_err(|error| not_started(&error))?;
    let state = options.build.root.join(STATE);
    output::refuse_links(&state)?;
    clear_abandoned(&state);
    let folder = state.join(format!("{FOLDER}{}", std::process::id()));
    let lock = own(&folder)?;
    let hub = Arc::new(Hub::new(folder.join("site")));
    let origin = format!("http://{}", shown_address(address));
    let open_to_others = !options.interface.is_loopback();
    listener(Event::Listening { port: address.port(), taken, open_to_others });

    let output = Output::new(&options.build.root, &hub.folder, &folder.join("notes"), false);
    let cancellation = output.cancellation();
    {
        let (options, hub, listener) = (options.clone(), Arc::clone(&hub), Arc::clone(listener));
        // It ends with the process: a build in the middle of its work must not hold up Ctrl-C.
        std::thread::spawn(move || build_at_every_save(&options, &output, &hub, &origin, &listener));
    }
    let ended = runtime.block_on(async {
        socket.set_nonblocking(true)?;
        let socket = tokio::net::TcpListener::from_std(socket)?;
        tokio::select! {
            () = server::accept(socket, hub) => Ok(()),
            () = end.comes() => Ok(()),
        }
    });
    // Files of requests that are still being read are no reason to wait.
    runtime.shutdown_background();
    // A build in the middle of its work makes nothing more.
    let _closed = cancellation.close();
    drop(lock);
    remove(&folder);
    ended.map_err(|error| not_started(&error))
}

/// A configuration with a mistake can be mended while the preview runs; where there is none, this is the wrong folder.
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

/// Ctrl-C, or whatever else a system sends to end a process.
struct End {
    #[cfg(unix)]
    signals: [tokio::signal::unix::Signal; 3],
}

impl End {
    /// From here on the process is not ended by the system but told to end.
    #[cfg(unix)]
    fn expect() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
        let [interrupt, terminate, hang_up] = kinds.map(signal);
        Ok(Self { signals: [interrupt?, terminate?, hang_up?] })
    }

    #[cfg(unix)]
    async fn comes(mut self) {
        let [interrupt, terminate, hang_up] = &mut self.signals;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hang_up.recv() => {}
        }
    }

    #[cfg(not(unix))]
    fn expect() -> io::Result<Self> {
        Ok(Self {})
    }

    #[cfg(not(unix))]
    async fn comes(self) {
        // An error means that it cannot be waited for, not that it came.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

fn build_at_every_save(options: &Options, output: &Output, hub: &Hub, origin: &str, listener: &Listener) {
    let (mut watch, why) = Watch::start(&options.build, options.poll);
    if let Some(why) = why {
        listener(Event::Looking { why });
    }
    hub.watched_by(watch.nudge());
    let mut before = Before::default();
    let mut changed: Vec<String> = Vec::new();
    let mut started = Instant::now();
    let mut first = true;
    let mut patience = MAX_ATTEMPTS;
    // The site may have to wait for its first good build; a browser is opened in any case, and shows what is wrong.
    let mut to_open = options.open;
    build_loop(&options.build, Some(output), &mut Cache::in_memory(), &mut |report, published| {
        if output.cancellation().is_closed() {
            return false;
        }
        let superseded = !report.success && patience > 0 && watch.more_within(SECOND_STEP);
        patience = if superseded { patience - 1 } else { MAX_ATTEMPTS };
        if !superseded {
            match published {
                Some(published) => before.succeeded(hub, published),
                None if report.success => {}
                None => hub.failed(&report),
            }
            let took = started.elapsed();
            let url = format!("{origin}{}", hub.shown().base);
            if std::mem::take(&mut to_open) && open::that_detached(&url).is_err() {
                listener(Event::NotOpened { url: url.clone() });
            }
            let changed = std::mem::take(&mut changed);
            listener(Event::Built { report, changed, took, url, first: std::mem::take(&mut first) });
        }
        if let Some(why) = watch.follow() {
            listener(Event::Looking { why });
        }
        let Change { since, files, why } = watch.wait();
        started = since;
        changed.extend(files);
        if let Some(why) = why {
            listener(Event::Looking { why });
        }
        true
    });
}

/// As it is written in a URL. Whoever listens everywhere is called by the loopback address.
fn shown_address(address: std::net::SocketAddr) -> std::net::SocketAddr {
    use std::net::{Ipv4Addr, Ipv6Addr};
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    (ip, address.port()).into()
}

/// Makes the preview's folder and takes its lock.
fn own(folder: &Path) -> Result<Lock, Diagnostic> {
    let mut tries = 0..100;
    loop {
        let taken = Lock::take(folder);
        // Between the making and the lock another preview may take the folder for an abandoned one, and remove it.
        match taken {
            Ok(lock) if folder.join("lock").exists() => return Ok(lock),
            taken if tries.next().is_none() => return taken,
            _ => std::thread::sleep(Duration::from_millis(10)),
        }
    }
}

/// Removes what previews left that were killed.
fn clear_abandoned(state: &Path) {
    let entries = fs::read_dir(state).into_iter().flatten().flatten();
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_preview = name.strip_prefix(FOLDER).is_some_and(|process| {
            process.trim_end_matches(".ended").bytes().all(|byte| byte.is_ascii_digit())
        });
        if !is_preview || !entry.file_type().is_ok_and(|found| found.is_dir()) {
            continue;
        }
        // A preview that is alive holds its lock; whoever begins just now waits until this one is let go.
        if let Ok(_lock) = Lock::take(&entry.path()) {
            remove(&entry.path());
        }
    }
}

/// Removes a preview's folder, which nobody writes to any more.
fn remove(folder: &Path) {
    // The name goes first: whatever fails afterwards, no other preview takes it for a living one.
    let aside = folder.with_extension("ended");
    let folder = if fs::rename(folder, &aside).is_ok() { &aside } else { folder };
    let _ = fs::remove_dir_all(folder);
}

fn not_started(error: &io::Error) -> Diagnostic {
    Diagnostic::error(format!("the preview cannot be started: {error}")).help("mend the cause and try again")
}

fn not_bound(options: &Options, (port, error): &(u16, io::Error)) -> Diagnostic {
    let at = std::net::SocketAddr::from((options.interface, *port));
    let (message, help) = match error.kind() {
        io::ErrorKind::AddrInUse if options.port.is_some() => (
            format!("port {port} is taken"),
            "choose another with `--port`, or leave it out: the first free one is used",
        ),
        io::ErrorKind::AddrInUse => ("no port from 1111 on is free".to_owned(), "choose one with `--port`"),
        io::ErrorKind::PermissionDenied => {
            (format!("port {port} may not be opened: {error}"), "choose one above 1023 with `--port`")
        }
        io::ErrorKind::AddrNotAvailable => (
            format!("{} is no address of this machine", options.interface),
            "leave `--interface` out to preview on this machine alone, or write `--interface 0.0.0.0`",
        ),
        _ => (format!("{at} cannot be listened at: {error}"), "choose another `--interface` or `--port`"),
    };
    Diagnostic::error(message).help(help)
}
