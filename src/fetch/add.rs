//! Adds the feed of an address, or the feeds of an OPML file, to `sources.yaml`.

use std::path::Path;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Place};
use crate::fetch::edit::{self, Added, Named, TakenName};
use crate::fetch::opml;
use crate::fetch::probe::Probe;
use crate::fetch::secret;
use crate::fs::guarded;
use crate::import::decode;

/// The largest OPML file, in bytes.
const MAX_OPML_BYTES: u64 = 16 << 20;

/// Adds what a probe found. `name` replaces the name of the publisher, and must not be taken.
#[must_use]
pub fn add(root: &Path, config: &Config, probe: Probe, name: Option<&str>) -> Added {
    if !probe.success {
        return Added { diagnostics: probe.diagnostics, ..Added::default() };
    }
    let name = name.map(crate::fields::clean).filter(|name| !name.is_empty());
    let taken = if name.is_some() { TakenName::Refused } else { TakenName::Numbered };
    let named = Named { name: name.unwrap_or(probe.name), url: probe.url };
    added(edit::add(root, config, &[named], taken), Vec::new())
}

/// Adds the feeds of an OPML file, a path that the user named.
#[must_use]
pub fn import(root: &Path, config: &Config, file: &Path) -> Added {
    let shown = file.to_string_lossy();
    let read = guarded::read_named(file, MAX_OPML_BYTES).map_err(|error| {
        Diagnostic::error(tr!("this file cannot be read: {error}", error))
            .at(Place::file(&shown))
            .help(tr!("paths are relative to the current folder, not to `--root`"))
    });
    let text = read.and_then(|bytes| decode::decode(&shown, bytes, None).map_err(|problem| *problem));
    match text.and_then(|(text, _)| opml::read(&shown, &text)) {
        Ok((feeds, warnings)) => added(edit::add(root, config, &feeds, TakenName::Numbered), warnings),
        Err(problem) => Added { diagnostics: vec![problem], ..Added::default() },
    }
}

fn added(result: Result<Added, Vec<Diagnostic>>, warnings: Vec<Diagnostic>) -> Added {
    let mut report = result.unwrap_or_else(|diagnostics| Added { diagnostics, ..Added::default() });
    report.diagnostics.extend(warnings.into_iter().map(secret::hidden));
    report
}
