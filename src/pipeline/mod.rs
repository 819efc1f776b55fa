//! Runs the stages in order: once for a build, repeatedly for a preview.
//!
//! `build` runs the five stages of one build. If nothing but bodies of articles changed since the
//! last build, `body_only` is the fast path of a new process, and `preview` that of a running
//! preview. Both end in `Output::publish`, as a full build does.

mod body_only;
mod build;
mod context;
pub(crate) mod edition;
mod editions;
mod inputs;
mod keep;
mod options;
mod preview;
pub(crate) mod report;
mod stages;
mod stopwatch;
mod stores;
mod verify;

use std::path::Path;

use crate::config;
use crate::load;
use crate::load::Cache;
use crate::output::{self, Output};
use crate::watchdog::Watchdog;
use build::build_once;
use context::{Build, Next, Run};
pub(crate) use context::{BuiltLanguage, BuiltSite, OnBuilt, OnLoaded};
use inputs::Inputs;
pub use options::Options;
pub use report::Report;
use stores::Stores;
pub use verify::verify;

/// The maximum number of retries of a build because a file changed during it; then the change is
/// reported as an error.
const MAX_RETRIES: usize = 2;

/// Builds a digest: reads all sources, reports all errors and warnings, and publishes only if there
/// is no error and, with [`Options::strict`], no warning.
#[must_use]
pub fn build(options: &Options) -> Report {
    let mut report = Report::default();
    build_and_report(options, &mut |found| report = found);
    report
}

/// Builds as [`build()`] does and calls `on_built` while the site is still in memory: a program
/// that exits there saves the time of freeing hundreds of megabytes.
pub fn build_and_report(options: &Options, on_built: &mut dyn FnMut(Report)) {
    // Resolved once: what is judged here is what is written to.
    let folder = output::resolve(&options.output_folder());
    if !options.root.is_dir() {
        let (_, diagnostics) = load::configuration(&options.root, options.config.as_deref(), options.links);
        return on_built(Report::default().fail(diagnostics));
    }
    // A folder named on the command line may be anywhere. If its path is in the digest, a link
    // there may lead out of the digest only if the options allow such links.
    let allowed = match &options.output {
        Some(named) if !output::as_written(named).starts_with(output::as_written(&options.root)) => Ok(()),
        Some(named) => options.links.allow(&options.root, &folder, &named.to_string_lossy()),
        None => options.links.allow(&options.root, &folder, "public"),
    };
    if let Err(diagnostic) = allowed.and_then(|()| output::check_place(&options.root, &folder)) {
        return on_built(Report::default().fail([diagnostic]));
    }
    build_into(options, &folder, &config::state_folder(&options.root), on_built);
}

/// Builds into a folder whose place was checked, with caches in the folder `state`.
fn build_into(options: &Options, folder: &Path, state: &Path, on_built: &mut dyn FnMut(Report)) {
    let output = Output::new(&options.root, folder, state, options.force).stopped_by(&options.cancellation);
    build_loop(options, Some(&output), &mut Cache::at(state), &mut |report, _| {
        on_built(report);
        false
    });
}

/// Builds the site in memory, without caches and without writing a file. Calls `on_loaded` with
/// everything that was read, and `inspect` with the site unless the digest has errors.
pub(crate) fn inspect(
    options: &Options,
    on_loaded: &mut OnLoaded<'_>,
    inspect: &mut dyn FnMut(&BuiltSite<'_>),
) -> Report {
    let mut report = Report::default();
    run(options, None, &mut Cache::none(), on_loaded, &mut |found, built| {
        report = found;
        if let Some(built) = built {
            inspect(built);
        }
        false
    });
    report
}

/// Builds repeatedly until `on_built` returns false. Without an output nothing is written.
pub(crate) fn build_loop(
    options: &Options,
    output: Option<&Output>,
    cache: &mut Cache,
    on_built: &mut OnBuilt<'_>,
) {
    run(options, output, cache, &mut |_, _| {}, on_built);
}

fn run(
    options: &Options,
    output: Option<&Output>,
    cache: &mut Cache,
    on_loaded: &mut OnLoaded<'_>,
    on_built: &mut OnBuilt<'_>,
) {
    // Taken before the sources are read.
    let _lock = match output.map(Output::lock).transpose() {
        Ok(lock) => lock,
        Err(diagnostic) => {
            on_built(Report::default().fail([diagnostic]), None);
            return;
        }
    };
    let mut stores = match Stores::open(cache) {
        Ok(stores) => stores,
        Err(diagnostic) => {
            on_built(Report::default().fail([diagnostic]), None);
            return;
        }
    };
    let watchdog = Watchdog::start(options.on_timeout.as_ref());
    let run = Run { options, output, watchdog: &watchdog };
    let mut inputs = Inputs::read(options, cache, &watchdog);
    let mut retries = 0;
    loop {
        let may_retry = retries < MAX_RETRIES;
        let mut build = Build { run: &run, cache, stores: &mut stores, on_loaded, on_built, may_retry };
        (inputs, retries) = match build_once(inputs, &mut build) {
            Next::Stop => return,
            Next::Rebuild(inputs) => (*inputs, 0),
            Next::Retry => {
                // A source differs from its cache entry, or was changed during the build.
                cache.clear();
                stores.clear();
                (Inputs::read(options, cache, &watchdog), retries + 1)
            }
        };
    }
}
