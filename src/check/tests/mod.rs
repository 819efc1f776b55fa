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
    let now = DateTime::parse_from_rfc3339("2026-03-01T12:00:00Z").unwrap().to_utc();
    Options {
        build: pipeline::Options { now, ..pipeline::Options::new(root) },
        clock: now,
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

#[test]
fn annotated_articles_without_a_statement_about_models_are_found_on_request() {
    let article = |front: &str, body: &str| format!("---\ntitle: 甲{body}\n{front}---\n{body}\n");
    let settings = "base_url: https://e.org/\n";
    let files = [
        ("content/articles/a.md", article("event: 事件\n", "一")),
        ("content/articles/b.md", article("event: 事件二\nai: none\n", "二")),
        ("content/articles/c.md", article("", "三")),
        ("content/articles/d.md", article("extra: {imported: x}\n", "四")),
    ];
    for (more, wanted) in [
        ("", vec![]),
        ("check: {rules: {unlabelled-ai: error}}\n", vec!["a", "d"]),
        ("check: {rules: {unlabelled-ai: error}}\nlabels: {ai: none}\n", vec![]),
    ] {
        let settings = format!("{settings}{more}");
        let mut all = vec![("newsprint.yaml", settings.as_str())];
        all.extend(files.iter().map(|(path, text)| (*path, text.as_str())));
        let report = run(&options(digest(&all).path()));
        let found = lines(&report).into_iter().filter(|line| line.contains("unlabelled-ai"));
        let wanted: Vec<String> = wanted
            .into_iter()
            .map(|name| {
                format!(
                    "E unlabelled-ai content/articles/{name}.md:2:8 | this article does not say whether a model wrote it | write `ai: generated`, `ai: assisted` or `ai: none`, or set `labels: {{ai: …}}` in newsprint.yaml for all articles"
                )
            })
            .collect();
        assert_eq!(found.collect::<Vec<_>>(), wanted, "{more}");
    }
}
