//! Checks small digests on disk and compares whole reports.

mod external;
mod pages;
mod terms;

use std::path::Path;

use tempfile::TempDir;

use super::*;
use crate::diagnostic::{Place, Severity};

/// A digest in a folder of its own.
fn digest(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// A check on 2026-03-01 at noon, UTC.
fn options(root: &Path) -> Options {
    Options {
        build: pipeline::Options::new(root),
        now: DateTime::parse_from_rfc3339("2026-03-01T12:00:00Z").unwrap().to_utc(),
        terms_only: false,
        strict: false,
        allowed: Vec::new(),
        external: None,
        published: None,
    }
}

fn place(place: Option<&Place>) -> String {
    match place {
        Some(place) if place.line > 0 => format!("{}:{}:{}", place.path, place.line, place.column),
        Some(place) => place.path.clone(),
        None => "-".to_owned(),
    }
}

/// A finding in one line: severity, code, place, message, help, pages.
fn line(finding: &Finding) -> String {
    let pages = match finding.count {
        0 => String::new(),
        count => format!(" | {count}: {}", finding.pages.join(" ")),
    };
    let severity = if finding.severity == Severity::Error { "E" } else { "W" };
    let place = place(finding.place.as_ref());
    format!("{severity} {} {place} | {} | {}{pages}", finding.code, finding.message, finding.help)
}

fn lines(report: &Report) -> Vec<String> {
    report.findings.iter().map(line).collect()
}

/// Compares lists line by line, so that a failure shows the first line that differs.
fn assert_lines(found: &[String], wanted: &[&str]) {
    for (found, wanted) in found.iter().zip(wanted) {
        assert_eq!(found, wanted);
    }
    let (found, wanted) = (&found[wanted.len().min(found.len())..], &wanted[found.len().min(wanted.len())..]);
    assert!(found.is_empty() && wanted.is_empty(), "more: {found:#?}, missing: {wanted:#?}");
}
