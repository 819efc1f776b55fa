//! `newsprint serve`: builds at every save, shows the site as GitHub Pages would, and tells browsers what is new.
//!
//! The very same build as everywhere writes into a folder of its own below `.newsprint/`. What it read and planned stays in
//! memory between builds (`build::keep_building`), and the parts here are plain around it: `watch` waits for changes, `hub`
//! holds what is shown, `server` takes connections and `answer` answers requests.

mod answer;
mod hub;
mod route;
mod server;
mod watch;

use std::fs;
use std::io;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::build::{self, keep_building};
use crate::config::BaseUrl;
use crate::diagnostic::Diagnostic;
use crate::load::Cache;
use crate::output::{Lock, Output, STATE};
use crate::report::Report;
use hub::{Before, Hub};
use watch::{Change, Watch};

/// Folders of previews in `.newsprint/` begin so; the process follows.
const FOLDER: &str = "preview-";

/// When a build fails and something changes this soon afterwards, it was a save in two steps: nobody wants to read of it.
const SECOND_STEP: Duration = Duration::from_millis(40);

/// What a preview is asked to do.
#[derive(Debug, Clone)]
pub struct Options {
    /// What is built. Its output folder is not used.
    pub build: build::Options,
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

/// Is told what happens, from any thread.
pub type Tell = Arc<dyn Fn(Event) + Send + Sync>;

/// Runs a preview until the process is asked to end (Ctrl-C), and leaves nothing behind.
///
/// # Errors
/// The port is taken, or the digest's folder cannot be written to.
pub fn run(options: &Options, tell: &Tell) -> Result<(), Diagnostic> {
    check_digest(options)?;
    let bound = server::bind(options.interface, options.port);
    let (listener, taken) = bound.map_err(|error| not_bound(options, &error))?;
    let address = listener.local_addr().map_err(|error| not_started(&error))?;
    let state = options.build.root.join(STATE);
    clear_abandoned(&state);
    let folder = state.join(format!("{FOLDER}{}", std::process::id()));
    let lock = Lock::take(&folder)?;
    let hub = Arc::new(Hub::new(folder.join("site")));
    let origin = format!("http://{}", shown_address(address));
    let open_to_others = !options.interface.is_loopback();
    tell(Event::Listening { port: address.port(), taken, open_to_others });

    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| not_started(&error))?;
    {
        let (options, hub, tell, folder) =
            (options.clone(), Arc::clone(&hub), Arc::clone(tell), folder.clone());
        // It ends with the process: a build in the middle of its work must not hold up Ctrl-C.
        std::thread::spawn(move || build_at_every_save(&options, &folder, &hub, &origin, &tell));
    }
    let ended = runtime.block_on(async {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        tokio::select! {
            () = server::accept(listener, hub) => Ok(()),
            ended = asked_to_end() => ended,
        }
    });
    // Files of requests that are still being read are no reason to wait.
    runtime.shutdown_background();
    drop(lock);
    remove(&folder);
    ended.map_err(|error| not_started(&error))
}

/// A configuration with a mistake can be mended while the preview runs; where there is none, this is the wrong folder.
fn check_digest(options: &Options) -> Result<(), Diagnostic> {
    let root = &options.build.root;
    let file = options.build.config.clone().unwrap_or_else(|| root.join(crate::config::FILE));
    if let Some(Err(message)) = options.build.base_url.as_deref().map(BaseUrl::parse) {
        let help = "write it as `--base-url https://user.github.io/my-digest/`";
        return Err(Diagnostic::error(message).help(help));
    }
    if file.exists() {
        return Ok(());
    }
    let (_, mut diagnostics) = crate::load::configuration(root, options.build.config.as_deref());
    diagnostics.pop().map_or(Ok(()), Err)
}

/// Waits for Ctrl-C, or for what a system sends to end a process.
async fn asked_to_end() -> io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (mut terminate, mut hang_up) = (signal(SignalKind::terminate())?, signal(SignalKind::hangup())?);
        tokio::select! {
            ended = tokio::signal::ctrl_c() => ended,
            _ = terminate.recv() => Ok(()),
            _ = hang_up.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

fn build_at_every_save(options: &Options, folder: &Path, hub: &Hub, origin: &str, tell: &Tell) {
    let root = &options.build.root;
    let (mut watch, why) = Watch::start(root, options.build.config.as_deref(), options.poll);
    if let Some(why) = why {
        tell(Event::Looking { why });
    }
    hub.watched_by(watch.nudge());
    let output = Output::new(root, &hub.folder, &folder.join("notes"), false);
    let mut before = Before::default();
    let mut changed: Vec<String> = Vec::new();
    let mut started = Instant::now();
    let mut first = true;
    // The site may have to wait for its first good build; a browser is opened in any case, and shows what is wrong.
    let mut to_open = options.open;
    keep_building(&options.build, &output, &mut Cache::in_memory(), &mut |report, published| {
        let superseded = !report.success && watch.more_within(SECOND_STEP);
        if !superseded {
            match published {
                Some(published) => before.succeeded(hub, published),
                None => hub.failed(&report),
            }
            let took = started.elapsed();
            let url = format!("{origin}{}", hub.shown().base);
            if std::mem::take(&mut to_open) && open::that_detached(&url).is_err() {
                tell(Event::NotOpened { url: url.clone() });
            }
            let changed = std::mem::take(&mut changed);
            tell(Event::Built { report, changed, took, url, first: std::mem::take(&mut first) });
        }
        if let Some(why) = watch.follow() {
            tell(Event::Looking { why });
        }
        let Change { since, files, why } = watch.wait();
        started = since;
        changed.extend(files);
        if let Some(why) = why {
            tell(Event::Looking { why });
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

/// Removes what previews left that were killed.
fn clear_abandoned(state: &Path) {
    let folders = fs::read_dir(state).into_iter().flatten().flatten();
    let previews = folders.filter(|entry| entry.file_name().to_string_lossy().starts_with(FOLDER));
    for folder in previews.map(|entry| entry.path()) {
        // A preview that is alive holds its lock.
        if Lock::take(&folder).is_ok() {
            remove(&folder);
        }
    }
}

/// Removes a preview's folder; a build that is still at work may put something into it meanwhile.
fn remove(folder: &Path) {
    for _ in 0..10 {
        let emptied: Result<(), io::Error> = fs::remove_dir_all(folder);
        if emptied.is_ok() && !folder.exists() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
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
