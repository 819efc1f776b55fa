//! Tests imports into digests on disk.

mod articles;
mod decoding;
mod formats;
mod inputs;
mod moves;
mod shapes;
mod splitting;

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use crate::import::{Options, Report, Update, run};
use crate::load;

/// A digest in a temporary folder. Inputs are written next to its content.
pub(super) struct Digest(tempfile::TempDir);

impl Digest {
    pub(super) fn new(files: &[(&str, &str)]) -> Self {
        let digest = Self(tempfile::tempdir().unwrap());
        digest.write("newsprint.yaml", "title: 测试\ntimezone: Asia/Shanghai\n");
        for (path, text) in files {
            digest.write(path, text);
        }
        digest
    }

    pub(super) fn root(&self) -> &Path {
        self.0.path()
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(super) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).unwrap_or_else(|error| error.kind().to_string())
    }

    /// Imports files.
    pub(super) fn report(&self, files: &[&str], options: Options<'_>) -> Report {
        let (config, diagnostics) =
            load::configuration(self.root(), None, crate::fs::SymlinkPolicy::default());
        let files: Vec<PathBuf> = files.iter().map(|file| self.root().join(file)).collect();
        run(self.root(), &config, diagnostics, &Options { files: &files, ..options })
    }

    /// Imports files. Returns the whole report as lines.
    pub(super) fn import(&self, files: &[&str]) -> Vec<String> {
        lines(&self.report(files, options()))
    }

    /// The article files, relative to `content/articles`.
    pub(super) fn articles(&self) -> Vec<String> {
        let (files, _) =
            load::walk::files(self.root(), "content/articles", crate::fs::SymlinkPolicy::default());
        files.into_iter().map(|file| file.trim_start_matches("content/articles/").to_owned()).collect()
    }
}

/// The options of an import that has none.
pub(super) fn options() -> Options<'static> {
    Options {
        files: &[],
        into: Path::new("content/articles"),
        date: None,
        now: DateTime::<Utc>::UNIX_EPOCH,
        format: None,
        generator: None,
        encoding: None,
        scheme: None,
        ai: None,
        reviewed: false,
        raw: false,
        images: false,
        allow_private: false,
        update: Update::Ask,
        dry_run: false,
        on_timeout: None,
        progress: None,
        on_wait: &|_| {},
    }
}

/// A report as lines: all that it says.
pub(super) fn lines(report: &Report) -> Vec<String> {
    let mut lines = Vec::new();
    for read in &report.inputs {
        lines.push(format!("read {}: {} {} {}", read.file, read.format, read.encoding, read.records));
    }
    for (name, articles) in [("new", &report.imported), ("updated", &report.updated)] {
        for article in articles {
            let file = article.file.trim_start_matches("content/articles/");
            lines.push(format!("{name} {file} < {}:{}", article.from.file, article.from.line));
        }
    }
    for kept in &report.kept {
        lines.push(format!(
            "kept {} < {}:{}: {}\n{}",
            kept.file, kept.from.file, kept.from.line, kept.reason, kept.diff
        ));
    }
    for (name, count) in [
        ("skipped", report.skipped),
        ("refused", report.refused),
        ("undated", report.undated),
        ("unreadable", report.unreadable),
    ] {
        if count > 0 {
            lines.push(format!("{name} {count}"));
        }
    }
    for one in &report.repaired {
        lines.push(format!(
            "{} {:?} → {:?} < {}:{}",
            one.kind.name(),
            one.from,
            one.to,
            one.place.file,
            one.place.line
        ));
    }
    for one in &report.similar {
        lines.push(format!("similar {} ~ {}", one.file, one.like));
    }
    for one in &report.diagnostics {
        let level = if one.is_error() { "error" } else { "warning" };
        let place = one.place.as_ref().map(|at| format!("{}:{}:{}", at.path, at.line, at.column));
        let help = one.help.as_deref().unwrap_or_default();
        lines.push(format!("{level} {}: {} | {help}", place.unwrap_or_default(), one.message));
    }
    assert_eq!(report.success, !report.diagnostics.iter().any(crate::diagnostic::Diagnostic::is_error));
    lines
}

/// An export of WordPress with these items.
pub(super) fn export(items: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
         xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel><title>站</title>{items}</channel></rss>"
    )
}
