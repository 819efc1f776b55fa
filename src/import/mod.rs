//! Records of an annotation pipeline to article files, outside of any build.
//!
//! ```text
//! text ─record→ Record ─article_file→ {name, Markdown} ─run→ content/articles/
//! ```
//! A format is a function from text to [`record::Record`]s; everything after that is the same for all of them.

pub mod article_file;
pub mod escape;
pub mod paragraphs;
pub mod record;

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::config::Config;
use crate::diagnostic::{self, Diagnostic, Place};
use crate::fingerprint::Fingerprint;
use crate::load::date::{self, Date};
use crate::load::{self, source, walk};
use crate::site::slug;
use record::Record;

/// What to import.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// Files of records.
    pub files: &'a [PathBuf],
    /// Where article files go, below the digest's root.
    pub into: &'a Path,
    /// The date of records without one: `today` or a date.
    pub date: Option<&'a str>,
    /// What `today` is measured from.
    pub now: DateTime<Utc>,
}

/// What an import did.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// Was everything read?
    pub success: bool,
    /// New article files, relative to the digest's root.
    pub imported: Vec<String>,
    /// Records that the digest holds already.
    pub skipped: usize,
    /// Records that could not be imported.
    pub refused: usize,
    /// New articles without a date.
    pub undated: usize,
    /// Files that could not be read at all.
    pub unreadable: usize,
    /// What could not be read.
    pub diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// One line for a person.
    #[must_use]
    pub fn summary(&self) -> String {
        let undated = if self.undated > 0 { format!(" ({} undated)", self.undated) } else { String::new() };
        let refused = if self.refused > 0 { format!(", {} refused", self.refused) } else { String::new() };
        let unreadable = match self.unreadable {
            0 => String::new(),
            files => format!(", {} not read", crate::count(files, "file")),
        };
        let imported = crate::count(self.imported.len(), "article");
        format!(
            "newsprint: {imported} imported{undated}, {} already there{refused}{unreadable}",
            self.skipped
        )
    }
}

/// Imports records. Nothing that is there is overwritten; what cannot be read is reported and the rest is imported.
#[must_use]
pub fn run(root: &Path, config: &Config, diagnostics: Vec<Diagnostic>, options: &Options<'_>) -> Report {
    let mut report = Report { diagnostics, ..Report::default() };
    if report.diagnostics.iter().any(Diagnostic::is_error) {
        return report;
    }
    let fallback = match default_date(config, options) {
        Ok(date) => date,
        Err(diagnostic) => {
            report.diagnostics.push(diagnostic);
            return report;
        }
    };
    let inside = options.into.components().all(|part| matches!(part, std::path::Component::Normal(_)))
        && options.into.starts_with("content/articles");
    if !inside {
        report.diagnostics.push(
            Diagnostic::error("--into: articles are only read from content/articles and folders below it")
                .at(Place::file(&options.into.to_string_lossy()))
                .help("write `--into content/articles` or, say, `--into content/articles/2026`"),
        );
        return report;
    }
    let mut known = Known::of(root, config);
    for file in options.files {
        let shown = walk::shown(root, file);
        match fs::read(file) {
            Ok(bytes) => match source::decode(&shown, bytes) {
                Ok(text) => {
                    let (records, problems) = record::parse(&shown, &text);
                    report.diagnostics.extend(problems);
                    for record in records {
                        import_one(root, config, options, fallback, &record, &mut known, &mut report);
                    }
                }
                Err(diagnostic) => {
                    report.unreadable += 1;
                    report.diagnostics.push(diagnostic);
                }
            },
            Err(error) => {
                report.unreadable += 1;
                report.diagnostics.push(
                    Diagnostic::error(format!("this file cannot be read: {error}"))
                        .at(Place::file(&shown))
                        .help("files are looked for from where you are, not from `--root`"),
                );
            }
        }
    }
    diagnostic::sort(&mut report.diagnostics);
    report.success = report.diagnostics.is_empty();
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

fn import_one(
    root: &Path,
    config: &Config,
    options: &Options<'_>,
    fallback: Option<Date>,
    record: &Record,
    known: &mut Known,
    report: &mut Report,
) {
    let (draft, problems) = article_file::draft(record, config, fallback);
    report.diagnostics.extend(problems);
    let Some(draft) = draft else {
        report.refused += 1;
        return;
    };
    if !known.identities.insert(draft.identity.clone()) {
        report.skipped += 1;
        return;
    }
    let name = known.free_name(&draft);
    let path = options.into.join(&name);
    match write_new(&root.join(&path), &draft.markdown) {
        Ok(()) => {
            report.undated += usize::from(draft.date.is_none());
            report.imported.push(walk::shown(root, &path));
        }
        Err(error) => {
            report.refused += 1;
            let shown = walk::shown(root, &path);
            report.diagnostics.push(
                Diagnostic::error(format!("this article cannot be written: {error}"))
                    .at(Place::file(&shown))
                    .help("make room or make the folder writable, and import again: what is there is passed over"),
            );
        }
    }
}

/// Writes a file that is not there yet, whole or not at all.
fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    if path.exists() {
        return Err(io::Error::from(io::ErrorKind::AlreadyExists));
    }
    let temporary = folder.join(format!(".newsprint-{}.tmp", Fingerprint::of_bytes(text.as_bytes())));
    let written = fs::write(&temporary, text).and_then(|()| fs::hard_link(&temporary, path));
    // Some disks have no hard links; a rename there is as atomic, and the name was free a moment ago.
    let written = written.or_else(|error| match error.kind() {
        io::ErrorKind::AlreadyExists | io::ErrorKind::StorageFull => Err(error),
        _ => fs::rename(&temporary, path),
    });
    let _ = fs::remove_file(&temporary);
    written
}

/// What the digest holds already.
struct Known {
    identities: HashSet<String>,
    slugs: HashSet<String>,
}

impl Known {
    fn of(root: &Path, config: &Config) -> Self {
        let mut cache = load::Cache::at(&root.join(crate::output::STATE));
        cache.read_by(config);
        let mut sources = load::Sources::find(root, &mut cache);
        let content = load::content(root, config, true, &mut cache, &mut sources);
        let mut known = Self { identities: HashSet::new(), slugs: HashSet::new() };
        let mut readable = HashSet::new();
        for (article, _) in content.articles {
            readable.insert(article.file.clone());
            known.slugs.insert(slug::article(&article.slug));
            if let Some(link) = &article.link {
                known.identities.insert(link.canonical.clone());
            }
            if let Some(hash) = article.extra.get(article_file::HASH).and_then(crate::yaml::Node::text) {
                known.identities.insert(hash.to_owned());
            }
        }
        // A file with a mistake in it still has its name, its link and its hash.
        let (files, _) = walk::markdown_files(root, "content/articles");
        let broken = files.iter().filter(|file| !readable.contains(*file));
        for text in broken.filter_map(|file| fs::read_to_string(root.join(file)).ok()) {
            for line in text.lines().take(200) {
                let Some((name, value)) = line.split_once(':') else { continue };
                let value = value.trim().trim_matches(['"', '\'']);
                if name.trim() == article_file::HASH {
                    known.identities.insert(value.to_owned());
                } else if let Ok(link) = crate::link::parse(value) {
                    known.identities.insert(link.canonical);
                }
            }
        }
        known.slugs.extend(files.iter().filter_map(|file| {
            let stem = Path::new(file).file_stem()?.to_str()?;
            let name = date::file_prefix(stem, config.timezone).map_or(stem, |(_, rest)| rest);
            Some(slug::article(name))
        }));
        known
    }

    /// A file name whose URL is not taken: the title, and a part of the identity's hash where another has it.
    fn free_name(&mut self, draft: &article_file::Draft) -> String {
        let undated = draft.date.is_none();
        // A name that begins like a date would date an article that has none.
        let base = if undated && date::file_prefix(&draft.slug, chrono_tz::Tz::UTC).is_some() {
            format!("article-{}", draft.slug)
        } else {
            draft.slug.clone()
        };
        let hash = Fingerprint::of_bytes(draft.identity.as_bytes()).to_string();
        let hashed = (1..=8).map(|quarter| format!("{base}-{}", &hash[..4 * quarter]));
        let counted = (2..).map(|n: usize| format!("{base}-{hash}-{n}"));
        let mut names = std::iter::once(base.clone()).chain(hashed).chain(counted);
        let name = names.find(|name| self.slugs.insert(name.clone())).unwrap_or(base);
        match draft.date {
            Some(date) => format!("{}-{name}.md", date.at.format("%Y-%m-%d")),
            None => format!("{name}.md"),
        }
    }
}
