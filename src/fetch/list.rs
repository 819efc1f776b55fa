//! Lists the sources with what is known about each.

use std::path::Path;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, printable_line};
use crate::fetch::run::read_sources;
use crate::fetch::secret;
use crate::fetch::state::{Due, State};

/// The sources of a digest.
#[derive(Debug, Default, Serialize)]
pub struct List {
    /// True if `sources.yaml` has no errors.
    pub success: bool,
    /// The sources, in the order of the file.
    pub sources: Vec<Listed>,
    /// Errors and warnings.
    pub diagnostics: Vec<Diagnostic>,
}

/// A source and its state.
#[derive(Debug, Serialize)]
pub struct Listed {
    /// The name.
    pub name: String,
    /// The address.
    pub url: String,
    /// Whether it is fetched.
    pub enabled: bool,
    /// The time of the last answer, in RFC 3339.
    pub answered: Option<String>,
    /// The number of entries in the last answer.
    pub entries: usize,
    /// The number of failures in a row.
    pub failures: u32,
    /// The reason of the last failure.
    pub reason: Option<String>,
    /// The time before which it is not asked, in RFC 3339.
    pub not_before: Option<String>,
    /// The address that it moved to for good.
    pub moved: Option<String>,
}

/// Reads `sources.yaml` and the state of each source.
#[must_use]
pub fn list(root: &Path, config: &Config, diagnostics: Vec<Diagnostic>, now: DateTime<Utc>) -> List {
    let mut list = List { diagnostics, ..List::default() };
    let read = State::load(root).and_then(|state| Ok((state, read_sources(root, config)?)));
    match read {
        Ok((state, (sources, problems))) => {
            list.diagnostics.extend(problems);
            let time = |at: DateTime<Utc>| {
                at.with_timezone(&config.timezone).to_rfc3339_opts(chrono::SecondsFormat::Secs, false)
            };
            for source in sources {
                let known = state.source(&source.url);
                let not_before = match known.due(now) {
                    Due::Now => None,
                    Due::BackOff(at) | Due::RetryAfter(at) => Some(time(at)),
                };
                let answered = known.answered_at.and_then(|at| DateTime::from_timestamp(at, 0));
                list.sources.push(Listed {
                    name: source.name,
                    url: secret::shown(&source.url),
                    enabled: source.enabled,
                    answered: answered.map(time),
                    entries: known.entries,
                    failures: known.failures,
                    reason: known.reason.clone(),
                    not_before,
                    moved: known.moved.clone(),
                });
            }
        }
        Err(problem) => list.diagnostics.push(problem),
    }
    list.success = !list.diagnostics.iter().any(Diagnostic::is_error);
    list
}

impl List {
    /// One line for each source.
    #[must_use]
    pub fn text(&self) -> String {
        let line = |source: &Listed| {
            let mut parts = vec![match (source.enabled, &source.answered) {
                (false, _) => tr!("off"),
                (true, None) => tr!("no answer yet"),
                (true, Some(at)) => tr!(
                    "last answer {day}, {n} entry" | "last answer {day}, {n} entries" % source.entries,
                    day = &at[..at.len().min(10)]
                ),
            }];
            if source.failures > 0 {
                let reason = source.reason.as_deref().unwrap_or_default();
                parts.push(tr!(
                    "{n} failure in a row ({reason})" | "{n} failures in a row ({reason})" % source.failures,
                    reason
                ));
            }
            parts.extend(source.not_before.as_ref().map(|at| tr!("asked again at {at}", at)));
            parts.extend(source.moved.as_ref().map(|moved| tr!("the address changed: {moved}", moved)));
            let line = format!("{}: {} {}", source.name, parts.join(&tr!("sentences" => "; ")), source.url);
            printable_line(&line) + "\n"
        };
        self.sources.iter().map(line).collect()
    }
}
