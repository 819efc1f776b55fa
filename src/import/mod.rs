//! Imports the output of an annotation pipeline as article files, outside of any build.
//!
//! ```text
//! files ─decode→ text ─labelled, json, table, feed, post→ Record ─reader→ Draft ─article_file→ Markdown ─write→ content/articles/
//! ```
//! A format is a function from text to [`record::Record`]s. All later steps are the same for every
//! format. Each change to the input is recorded as a [`repair::Repair`], so that every character of
//! the input can be accounted for.

pub mod address;
pub mod article_file;
pub mod clean;
pub mod date_field;
pub mod decode;
pub mod draft;
pub mod escape;
pub mod existing;
mod export_settings;
mod exports;
pub mod feed;
pub mod fetched;
pub mod files;
mod front_matter;
pub mod generator;
mod hidden;
pub mod html;
mod html_images;
mod importer;
pub mod input;
pub mod json;
mod known;
pub mod labelled;
pub mod labels;
pub mod languages;
pub mod links;
mod listed;
mod naming;
mod old_lists;
mod old_posts;
mod old_site;
mod options;
pub mod paragraphs;
mod passed_over;
pub mod picture;
pub mod pictures;
mod plan;
pub mod post;
mod post_fields;
mod post_hidden;
mod post_pictures;
mod post_times;
mod post_title;
mod posts;
pub mod reader;
pub mod record;
mod remote_pictures;
pub mod repair;
pub mod report;
pub mod same_news;
pub mod settings;
mod shortcodes;
mod skipped;
pub mod table;
mod target;
pub mod terms;
mod translated;
pub mod trial;
mod wordpress;
mod write;

use std::path::Path;

use crate::config::Config;
use crate::diagnostic::{self, Diagnostic, Place};
use crate::load::date::{self, Date};
use crate::output::Lock;
pub use generator::kind::Generator;
pub use generator::scheme::Scheme;
use importer::Importer;
pub use options::{Options, Update};
pub use report::Report;

/// Imports records. Only [`Update::Theirs`] overwrites a file that a person edited. Input that
/// cannot be read is reported, and the rest is imported.
#[must_use]
pub fn run(root: &Path, config: &Config, diagnostics: Vec<Diagnostic>, options: &Options<'_>) -> Report {
    run_sources(root, config, diagnostics, options, None)
}

/// Imports the records of a text that is not in a file. `name` stands for the file in the report.
#[must_use]
pub fn run_text(root: &Path, config: &Config, options: &Options<'_>, name: &str, text: &str) -> Report {
    run_sources(root, config, Vec::new(), options, Some(files::Source::of_text(name, text)))
}

/// Imports the records of `text`, or else of the files in `options`.
fn run_sources(
    root: &Path,
    config: &Config,
    diagnostics: Vec<Diagnostic>,
    options: &Options<'_>,
    text: Option<files::Source>,
) -> Report {
    let mut report = Report { diagnostics, dry_run: options.dry_run, ..Report::default() };
    if report.diagnostics.iter().any(Diagnostic::is_error) {
        return report;
    }
    let before = report.diagnostics.len();
    let date = parse_default_date(config, options).unwrap_or_else(|diagnostic| {
        report.diagnostics.push(diagnostic);
        None
    });
    report.diagnostics.extend(check_review(config, options).err());
    let inside = options.into.components().all(|part| matches!(part, std::path::Component::Normal(_)))
        && options.into.starts_with("content/articles")
        && !options.into.iter().any(|part| part.to_string_lossy().starts_with('.'));
    if !inside {
        report.diagnostics.push(
            Diagnostic::error(tr!(
                "--into: articles are only read from content/articles and folders below it"
            ))
            .at(Place::file(&options.into.to_string_lossy()))
            .help(tr!(
                "write `--into content/articles`, or a folder below it such as `--into content/articles/2026`"
            )),
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
    let (mut sources, pictures, problems) = files::sources(
        root,
        options.files,
        options.generator.is_some_and(Generator::has_files),
        config.links,
    );
    sources.extend(text);
    report.diagnostics.extend(problems);
    // From before the articles are read, so that two imports at once equal one after the other.
    let lock = match options.dry_run {
        true => None,
        false => match Lock::wait_for_content(root, options.on_wait) {
            Ok(lock) => Some(lock),
            Err(diagnostic) => {
                report.diagnostics.push(diagnostic);
                return report;
            }
        },
    };
    let mut report = Importer::new(root, config, options, date, report).run(&sources, pictures);
    drop(lock);
    diagnostic::sort(&mut report.diagnostics);
    report.success = !report.diagnostics.iter().any(Diagnostic::is_error);
    report
}

/// Refuses `--reviewed` if nothing says what part a model had.
fn check_review(config: &Config, options: &Options<'_>) -> Result<(), Diagnostic> {
    if options.reviewed && options.ai.or(config.import.ai).is_none() {
        return Err(Diagnostic::error(tr!("`--reviewed` needs the part of a model in the texts")).help(tr!(
            "add `--ai generated` or `--ai assisted`, or set `import: {ai: …}` in newsprint.yaml"
        )));
    }
    Ok(())
}

/// Parses `--date`, the date of records that have none.
fn parse_default_date(config: &Config, options: &Options<'_>) -> Result<Option<Date>, Diagnostic> {
    match options.date {
        None => Ok(None),
        Some("today") => {
            let today = options.now.with_timezone(&config.timezone).format("%Y-%m-%d").to_string();
            Ok(date::parse(&today, config.timezone).ok())
        }
        Some(written) => date::parse(written, config.timezone).map(Some).map_err(|message| {
            Diagnostic::error(tr!("--date: {message}", message))
                .help(tr!("write `--date today` or `--date 2026-11-23`"))
        }),
    }
}

#[cfg(test)]
mod tests;
