//! Whatever an annotation pipeline produces to article files, outside of any build.
//!
//! ```text
//! files ─decode→ text ─labelled, json, table, feed, post→ Record ─reader→ Draft ─article_file→ Markdown ─run→ content/articles/
//! ```
//! A format is a function from text to [`record::Record`]s; everything after that is the same for all of them. Whatever is
//! changed on the way is named ([`record::Repair`]), so that every character of the input can be accounted for.

pub mod address;
pub mod article_file;
pub mod clean;
pub mod decode;
pub mod draft;
pub mod escape;
pub mod feed;
pub mod files;
pub mod html;
mod importer;
pub mod input;
pub mod json;
pub mod known;
pub mod labelled;
pub mod labels;
pub mod moment;
pub mod old_address;
pub mod paragraphs;
pub mod post;
pub mod reader;
pub mod record;
pub mod report;
pub mod residue;
pub mod table;
pub mod terms;
pub mod twins;
mod write;

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use encoding_rs::Encoding;

use crate::config::Config;
use crate::diagnostic::{self, Diagnostic, Place};
use crate::load::date::{self, Date};
use files::Format;
use importer::Importer;
pub use old_address::Scheme;
pub use report::Report;

/// What to import.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// Files, folders of files, and `-` for standard input.
    pub files: &'a [PathBuf],
    /// Where article files go, below the digest's root.
    pub into: &'a Path,
    /// The date of records without one: `today` or a date.
    pub date: Option<&'a str>,
    /// What `today` is measured from.
    pub now: DateTime<Utc>,
    /// What the files hold; `None` to tell by themselves.
    pub format: Option<Format>,
    /// What their characters are read by; `None` to tell by themselves.
    pub encoding: Option<&'static Encoding>,
    /// Where posts stood on their old site.
    pub scheme: Option<&'a Scheme>,
    /// Leave texts as they came?
    pub raw: bool,
    /// What to do with articles that a person edited and whose record changed.
    pub update: Update,
    /// Only say what would be done?
    pub dry_run: bool,
    /// Is told how many of how many bytes are read.
    pub progress: Option<&'a (dyn Fn(u64, u64) + Sync)>,
}

/// What to do with an article that a person edited and whose record says something else by now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Update {
    /// Leave it alone and show the difference.
    #[default]
    Ask,
    /// The record's words win.
    Theirs,
    /// The person's words win, and nothing is said.
    Ours,
}

/// Imports records. What a person wrote is never overwritten; what cannot be read is reported and the rest is imported.
#[must_use]
pub fn run(root: &Path, config: &Config, diagnostics: Vec<Diagnostic>, options: &Options<'_>) -> Report {
    let mut report = Report { diagnostics, dry_run: options.dry_run, ..Report::default() };
    if report.diagnostics.iter().any(Diagnostic::is_error) {
        return report;
    }
    let before = report.diagnostics.len();
    let date = default_date(config, options).unwrap_or_else(|diagnostic| {
        report.diagnostics.push(diagnostic);
        None
    });
    let inside = options.into.components().all(|part| matches!(part, std::path::Component::Normal(_)))
        && options.into.starts_with("content/articles")
        && !options.into.iter().any(|part| part.to_string_lossy().starts_with('.'));
    if !inside {
        report.diagnostics.push(
            Diagnostic::error("--into: articles are only read from content/articles and folders below it")
                .at(Place::file(&options.into.to_string_lossy()))
                .help("write `--into content/articles` or, say, `--into content/articles/2026`"),
        );
    }
    if let Err(diagnostic) =
        config.links.allow(root, &root.join(options.into), &options.into.to_string_lossy())
    {
        report.diagnostics.push(diagnostic);
    }
    if report.diagnostics.len() > before {
        return report;
    }
    let (sources, problems) =
        files::sources(root, options.files, options.format == Some(Format::Post), config.links);
    report.diagnostics.extend(problems);
    let mut report = Importer::new(root, config, options, date, report).run(&sources);
    diagnostic::sort(&mut report.diagnostics);
    report.success = !report.diagnostics.iter().any(Diagnostic::is_error);
    report
}

fn default_date(config: &Config, options: &Options<'_>) -> Result<Option<Date>, Diagnostic> {
    match options.date {
        None => Ok(None),
        Some("today") => {
            let today = options.now.with_timezone(&config.timezone).format("%Y-%m-%d").to_string();
            Ok(date::parse(&today, config.timezone).ok())
        }
        Some(written) => date::parse(written, config.timezone).map(Some).map_err(|message| {
            Diagnostic::error(format!("--date: {message}"))
                .help("write `--date today` or `--date 2026-11-23`")
        }),
    }
}
