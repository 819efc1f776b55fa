//! `newsprint fetch`: entries of sources on a real server become records or articles.

mod annotations;
mod answers;
mod attacks;
mod crowd;
mod days;
mod records;
pub(crate) mod server;
mod sources;

use std::time::Duration;

use chrono::{DateTime, Utc};
use newsprint::internals::config::Config;
use newsprint::internals::fetch::{self, Limits, Options, Report, Target};
use newsprint::internals::http::Timeouts;
use serde_json::Value;

use crate::driver::Digest;

/// A digest with sources: each a name and a URL, with further lines of settings.
fn digest(sources: &[(&str, &str, &str)]) -> Digest {
    Digest::new().file("sources.yaml", yaml(sources))
}

fn yaml(sources: &[(&str, &str, &str)]) -> String {
    let source = |(name, url, settings): &(&str, &str, &str)| {
        let settings: String = settings.lines().map(|line| format!("    {line}\n")).collect();
        format!("  - name: {name}\n    url: {url}\n{settings}")
    };
    format!("sources:\n{}", sources.iter().map(source).collect::<String>())
}

/// Limits that let tests end soon.
fn limits() -> Limits {
    let timeouts = Timeouts { headers: Duration::from_millis(500), whole: Duration::from_secs(2) };
    let begin = Duration::from_secs(60);
    Limits { timeouts, begin, body_bytes: 1 << 20, pause: Duration::ZERO }
}

fn time(written: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(written).unwrap().to_utc()
}

/// Fetches in this process, at a time.
fn fetch_at(digest: &Digest, now: DateTime<Utc>) -> Report {
    fetch_with(digest, |options| Options { now, ..options })
}

fn fetch_with<'a>(digest: &Digest, change: impl FnOnce(Options<'a>) -> Options<'a>) -> Report {
    let (config, diagnostics) = Config::parse("newsprint.yaml", &digest.read("newsprint.yaml"));
    let options = Options {
        sources: &[],
        since: None,
        now: time("2026-11-29T08:30:00+08:00"),
        dry_run: false,
        target: Target::Records,
        allow_private: true,
        limits: limits(),
        on_timeout: None,
        on_wait: &|_| {},
    };
    fetch::run(&digest.path(""), &config, diagnostics, &change(options))
}

/// The records in all files of `records/`, in the order of the files' names.
fn records(digest: &Digest) -> Vec<Value> {
    let files = crate::driver::tree(&digest.path("records"));
    let all: Vec<String> = files.into_values().map(|bytes| String::from_utf8(bytes).unwrap()).collect();
    all.concat().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn titles(digest: &Digest) -> Vec<String> {
    records(digest).iter().map(|record| record["title"].as_str().unwrap().to_owned()).collect()
}

/// The numbers of new, known and dropped entries of each source.
fn counts(report: &Report) -> Vec<(usize, usize, usize)> {
    let sources = report.sources.iter();
    sources.map(|source| (source.new, source.known, source.dropped.values().sum())).collect()
}
