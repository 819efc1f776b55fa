//! Writes the records of a run: a new file in `records/`, lines at the end of a file, or articles.

use std::io;
use std::path::Path;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Place};
use crate::fetch::known::KnownEntries;
use crate::fetch::options::{Options, Target};
use crate::fetch::report::Report;
use crate::fs::atomic::{self, Change};
use crate::import;
use crate::import::existing::ExistingArticles;
use crate::import::fetched::FOLDER;
use crate::pipeline;

/// Runs at the same second whose files get a number.
const MAX_NUMBER: usize = 1000;

/// Writes the lines of a run. Returns false if they are not all written: the entries are new again
/// in the next run.
pub(super) fn write(
    root: &Path,
    config: &Config,
    options: &Options<'_>,
    lines: &str,
    report: &mut Report,
) -> bool {
    let result = match options.target {
        Target::Records => create(root, config, options, lines).map(|file| report.file = Some(file)),
        Target::File(path) => append(root, path, lines).map(|()| {
            report.file = Some(path.to_string_lossy().into_owned());
        }),
        Target::Output(output) => create(root, config, options, lines).and_then(|file| {
            report.file = Some(file);
            output(lines.as_bytes()).map_err(|error| {
                Diagnostic::error(tr!("cannot write to standard output: {error}", error))
                    .help(tr!("the records are in `records/`"))
            })
        }),
        Target::Articles => return import_articles(root, config, options, lines, report),
    };
    report.diagnostics.extend(result.err());
    !report.diagnostics.iter().any(Diagnostic::is_error)
}

/// Creates a file in `records/` that is called like the time of the run. Returns its path.
fn create(root: &Path, config: &Config, options: &Options<'_>, lines: &str) -> Result<String, Diagnostic> {
    let folder = root.join(FOLDER);
    config.links.allow(root, &folder, FOLDER)?;
    let failed = |error: io::Error| {
        Diagnostic::error(tr!("the records cannot be written: {error}", error))
            .at(Place::file(FOLDER))
            .help(tr!("make room on the disk, and the folder writable; the entries are fetched again"))
    };
    std::fs::create_dir_all(&folder).map_err(failed)?;
    let time = options.now.with_timezone(&config.timezone).format("%Y-%m-%d-%H%M%S").to_string();
    for number in 1..=MAX_NUMBER {
        let name = if number == 1 { format!("{time}.jsonl") } else { format!("{time}-{number}.jsonl") };
        let path = folder.join(&name);
        match atomic::create(&path, lines.as_bytes()) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(failed(error)),
            Ok(()) => {
                atomic::sync_folders(root, [path.as_path()]);
                return Ok(format!("{FOLDER}/{name}"));
            }
        }
    }
    Err(failed(io::Error::from(io::ErrorKind::AlreadyExists)))
}

fn append(root: &Path, path: &Path, lines: &str) -> Result<(), Diagnostic> {
    pipeline::edition::refuse_own_file(path, &pipeline::Options::new(root))?;
    let appended = atomic::update(path, |old| {
        let mut bytes = old.unwrap_or_default().to_vec();
        if bytes.last().is_some_and(|last| *last != b'\n') {
            bytes.push(b'\n');
        }
        bytes.extend_from_slice(lines.as_bytes());
        Ok(Change::Write(bytes, ()))
    });
    appended.map_err(|error| {
        Diagnostic::error(tr!("--to: this file cannot be written: {error}", error))
            .at(Place::file(&path.to_string_lossy()))
            .help(tr!("name a file in a folder that you can write to, or `--to -`"))
    })
}

/// Imports the records as articles, as `newsprint import` does.
fn import_articles(
    root: &Path,
    config: &Config,
    options: &Options<'_>,
    lines: &str,
    report: &mut Report,
) -> bool {
    let into = Path::new("content/articles");
    let import_options = import::Options {
        files: &[],
        into,
        date: None,
        now: options.now,
        format: Some(import::files::Format::Json),
        generator: None,
        encoding: None,
        scheme: None,
        ai: None,
        reviewed: false,
        raw: false,
        // As the settings say.
        images: false,
        allow_private: options.allow_private,
        update: import::Update::Ask,
        dry_run: false,
        on_timeout: options.on_timeout,
        progress: None,
        on_wait: options.on_wait,
    };
    let mut imported = import::run_text(root, config, &import_options, "<fetch>", lines);
    report.diagnostics.append(&mut imported.diagnostics);
    // Without an input, the import did not begin.
    let has_begun = !imported.inputs.is_empty();
    let is_whole = imported.refused == 0 && imported.unreadable == 0;
    report.import = Some(imported);
    if !has_begun || is_whole {
        return has_begun;
    }
    keep_refused(root, config, options, lines, report)
}

/// Writes the records that did not become articles to a file in `records/`. Returns false if this
/// is not possible: they are new again in the next run.
fn keep_refused(
    root: &Path,
    config: &Config,
    options: &Options<'_>,
    lines: &str,
    report: &mut Report,
) -> bool {
    let mut known = KnownEntries::default();
    known.add_articles(&ExistingArticles::read(root, config).fetched);
    let refused: Vec<&str> =
        lines.split_inclusive('\n').filter(|line| known.add_line(line.as_bytes())).collect();
    if refused.is_empty() {
        return true;
    }
    match create(root, config, options, &refused.concat()) {
        Ok(file) => {
            let message = tr!(
                "{n} record did not become an article; it is in {file}"
                    | "{n} records did not become articles; they are in {file}" % refused.len(),
                file
            );
            let help = tr!("correct what the errors name, then `newsprint import {file}`", file);
            report.diagnostics.push(Diagnostic::warning(message).at(Place::file(&file)).help(help));
            report.file = Some(file);
            true
        }
        Err(problem) => {
            report.diagnostics.push(problem);
            false
        }
    }
}
