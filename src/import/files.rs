//! Finds the files to import, detects the format of each, and reads its records.

use std::io::Read as _;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};

use encoding_rs::Encoding;

use crate::diagnostic::{Diagnostic, Place};
use crate::fs::SymlinkPolicy;
use crate::import::decode;
use crate::import::input::Input;
use crate::import::labels::Labels;
use crate::import::record::Found;
use crate::import::repair::{Kind, Repair};
use crate::import::{feed, json, labelled, post, skipped, table};
use crate::load::{bundle, walk};
use crate::watchdog::{Task, Watchdog};

/// The format of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Labelled lines, `标题: …`.
    Records,
    /// JSON or JSON Lines.
    Json,
    /// Tables: CSV, TSV.
    Csv,
    /// RSS, Atom or JSON Feed.
    Feed,
    /// A post of another generator.
    Post,
}

impl Format {
    /// The name of the format in reports and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Records => "records",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Feed => "feed",
            Self::Post => "post",
        }
    }
}

/// Extensions of the files that are imported from a folder.
const EXTENSIONS: [&str; 13] =
    ["txt", "text", "md", "markdown", "json", "jsonl", "ndjson", "csv", "tsv", "xml", "rss", "atom", "log"];

/// A file to read, or standard input (`-`).
#[derive(Debug, Clone)]
pub struct Source {
    path: PathBuf,
    /// The folder that was asked for, if the file is in one.
    folder: Option<PathBuf>,
    /// The name shown in reports.
    pub shown: String,
    /// The text, if it is not in a file.
    text: Option<String>,
}

/// Lists the files to import. A folder is replaced by the files in it that have a known extension;
/// the other files in it are reported. With `posts`, pictures are returned beside the sources.
#[must_use]
pub fn sources(
    root: &Path,
    asked: &[PathBuf],
    posts: bool,
    links: SymlinkPolicy,
) -> (Vec<Source>, Vec<PathBuf>, Vec<Diagnostic>) {
    let mut sources = Vec::new();
    let mut pictures = Vec::new();
    let mut diagnostics = Vec::new();
    for path in asked {
        // A path outside of the digest is the user's choice. A symbolic link inside the digest can
        // come from another author, so it must not lead out of the digest.
        let within = lexical(path).starts_with(lexical(root));
        if within && let Err(diagnostic) = links.allow(root, path, &walk::shown(root, path)) {
            diagnostics.push(diagnostic);
            continue;
        }
        if path.as_os_str() == "-" {
            sources.push(Source {
                path: path.clone(),
                folder: None,
                shown: "<stdin>".to_owned(),
                text: None,
            });
        } else if path.is_dir() {
            let (files, problems) = walk::files(path, "", links);
            diagnostics.extend(problems);
            let mut skipped: Vec<String> = Vec::new();
            let count = sources.len();
            for file in files {
                let name = file.rsplit('/').next().unwrap_or(&file);
                let ending =
                    name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
                let is_post = matches!(ending.as_str(), "md" | "markdown" | "mkd" | "mkdn" | "mdown");
                // `_index.md` describes a section in Zola and Hugo. It is not a post.
                let is_section = posts && name.starts_with("_index.");
                let wanted =
                    if posts { is_post && !is_section } else { EXTENSIONS.contains(&ending.as_str()) };
                if wanted {
                    let folder = Some(path.clone());
                    let path = path.join(&file);
                    let shown = walk::shown(root, &path);
                    sources.push(Source { path, folder, shown, text: None });
                } else {
                    skipped.push(file);
                }
            }
            let shown = walk::shown(root, path);
            let is_picture = |file: &mut String| posts && bundle::is_picture(file);
            pictures.extend(skipped.extract_if(.., is_picture).map(|file| lexical(&path.join(file))));
            let is_rst = |file: &String| posts && file.ends_with(".rst");
            let rst: Vec<String> = skipped.extract_if(.., |file| is_rst(file)).collect();
            if !rst.is_empty() {
                diagnostics.push(skipped::in_restructured_text(&shown, &rst));
            }
            if !skipped.is_empty() {
                diagnostics.push(skipped::with_other_extensions(&shown, &skipped));
            }
            if sources.len() == count {
                diagnostics.push(
                    Diagnostic::error(tr!("there is nothing to import in this folder"))
                        .at(Place::file(&shown))
                        .help(tr!(
                            "files that end in {} are read",
                            EXTENSIONS.map(|ending| format!(".{ending}")).join(" ")
                        )),
                );
            }
        } else {
            let shown = walk::shown(root, path);
            sources.push(Source { path: path.clone(), folder: None, shown, text: None });
        }
    }
    (sources, pictures, diagnostics)
}

/// Makes a path absolute and resolves its `..` by text, without following symbolic links.
pub(super) fn lexical(path: &Path) -> PathBuf {
    let mut found = PathBuf::new();
    for part in std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf()).components() {
        match part {
            Component::ParentDir => drop(found.pop()),
            part => found.push(part),
        }
    }
    found
}

impl Source {
    /// A text that is not in a file.
    #[must_use]
    pub fn of_text(name: &str, text: &str) -> Self {
        Self { path: PathBuf::new(), folder: None, shown: name.to_owned(), text: Some(text.to_owned()) }
    }

    /// The size of the file in bytes; 0 if it is not known.
    #[must_use]
    pub fn size(&self) -> u64 {
        match &self.text {
            Some(text) => text.len() as u64,
            None => std::fs::metadata(&self.path).map_or(0, |found| found.len()),
        }
    }

    /// True for a file that can be read again: not a pipe and not standard input.
    #[must_use]
    pub(super) fn is_file(&self) -> bool {
        std::fs::metadata(&self.path).is_ok_and(|found| found.is_file())
    }

    /// The absolute path of the file, and of the folder that was asked for.
    #[must_use]
    pub(super) fn absolute(&self) -> (PathBuf, Option<PathBuf>) {
        (lexical(&self.path), self.folder.as_deref().map(lexical))
    }

    /// Reads and decodes the file. Returns the input and the name of its encoding.
    ///
    /// # Errors
    /// The file cannot be read, or its bytes are not text.
    #[allow(clippy::disallowed_methods)] // The user named the file, which may be a pipe.
    pub fn read(
        &self,
        encoding: Option<&'static Encoding>,
        watchdog: &Watchdog,
    ) -> Result<(Input, &'static str), Box<Diagnostic>> {
        let bytes = if let Some(text) = &self.text {
            Ok(text.clone().into_bytes())
        } else if self.path.as_os_str() == "-" {
            let mut bytes = Vec::new();
            std::io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
        } else {
            match std::fs::metadata(&self.path) {
                Ok(found) if found.is_dir() => Err(std::io::Error::other(tr!("this is a folder"))),
                _ => std::fs::read(&self.path),
            }
        };
        let bytes = bytes.map_err(|error| {
            let written = self.path.to_string_lossy();
            let is_url = written.starts_with("http:") || written.starts_with("https:");
            Box::new(match is_url {
                true => Diagnostic::error(tr!("this is a URL, and newsprint reads files only"))
                    .at(Place::file(&written))
                    .help(tr!(
                        "fetch it with another program: `curl {written} | newsprint import -`",
                        written
                    )),
                false => Diagnostic::error(tr!("this file cannot be read: {error}", error))
                    .at(Place::file(&self.shown))
                    .help(tr!("paths are relative to the current folder, not to `--root`")),
            })
        })?;
        // Reading is not watched: the program behind a pipe may take its time.
        let _task = watchdog.enter(Task::File(&self.shown));
        let (text, encoding) = decode::decode(&self.shown, bytes, encoding)?;
        Ok((Input { name: self.shown.clone(), text: text.into() }, encoding))
    }
}

/// Detects the format of an input from its extension and its beginning.
#[must_use]
pub fn format(input: &Input) -> Format {
    let ending =
        input.name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let text = input.text[reasoning_end(&input.text)..].trim_start_matches(['\u{FEFF}', ' ', '\t', '\n']);
    // A page in the place of a feed is refused by its name.
    let is_feed = |text: &str| {
        let head: String = text.chars().take(2000).collect();
        let is_page = ["<!doctype html", "<html"]
            .iter()
            .any(|tag| head.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag)));
        let roots = ["<rss", "<feed", "<rdf:RDF", "<RDF", "<atom:feed"];
        text.starts_with('<') && (is_page || roots.iter().any(|tag| head.contains(tag)))
    };
    match ending.as_str() {
        "csv" | "tsv" => Format::Csv,
        "xml" | "rss" | "atom" => Format::Feed,
        _ if is_feed(text) => Format::Feed,
        _ if is_json_feed(text) => Format::Feed,
        "json" | "jsonl" | "ndjson" => Format::Json,
        _ if looks_like_json(text) => Format::Json,
        _ => Format::Records,
    }
}

fn is_json_feed(text: &str) -> bool {
    let head: String = text.chars().take(400).collect();
    text.starts_with('{') && head.contains("\"version\"") && head.contains("jsonfeed.org/version/")
}

/// True if a text begins like an object or a list of objects: `{"`, `{}`, `[{`. A bracket alone is
/// not enough, because labels can be in brackets.
fn looks_like_json(text: &str) -> bool {
    let mut marks = text.chars().filter(|c| !c.is_whitespace());
    matches!((marks.next(), marks.next()), (Some('{'), Some('"' | '}')) | (Some('['), Some('{')))
}

/// Finds JSON in code fences, as models write it. Returns the byte ranges between the fences.
fn fenced_json(text: &str) -> Vec<Range<usize>> {
    let mut at = 0;
    let mut start = None;
    let mut parts = Vec::new();
    for line in text.split_inclusive('\n') {
        let is_fence = line.trim_start().starts_with("```");
        match start {
            None if is_fence && looks_like_json(text[at + line.len()..].trim_start()) => {
                start = Some(at + line.len());
            }
            Some(start_of_part) if is_fence => {
                parts.push(start_of_part..at);
                start = None;
            }
            _ => {}
        }
        at += line.len();
    }
    parts.extend(start.map(|start| start..text.len()));
    parts
}

/// Makes a repair of the text outside of all records. `None` for white space.
fn outside(text: &str, range: Range<usize>, line: usize) -> Option<Found> {
    let from = text[range].trim();
    // Fences alone are not listed in the report.
    let words = from.lines().any(|line| !line.trim().is_empty() && !line.trim_start().starts_with("```"));
    let repair = || Repair {
        kind: if words { Kind::Chat } else { Kind::Form },
        from: from.to_owned(),
        to: String::new(),
        line,
    };
    (!from.is_empty()).then(|| Found::Outside(repair()))
}

/// The byte offset behind a model's reasoning (`<think>…</think>`) at the beginning of a text, or
/// 0.
fn reasoning_end(text: &str) -> usize {
    let begins = text.trim_start().starts_with("<think>");
    text.find("</think>").filter(|_| begins).map_or(0, |at| at + "</think>".len())
}

/// Reads the records of an input, one at a time.
#[must_use]
pub fn records<'a>(
    input: &'a Input,
    format: Format,
    labels: &'a Labels,
) -> Box<dyn Iterator<Item = Found> + 'a> {
    let text = &input.text;
    match format {
        Format::Csv => table::records(input, labels),
        Format::Feed => Box::new(feed::records(input, labels).into_iter()),
        Format::Post => Box::new(std::iter::once(post::record(input, labels))),
        Format::Json | Format::Records => {
            let start = reasoning_end(text);
            let line_at = |at: usize| 1 + text[..at].matches('\n').count();
            let answer = &text[start..];
            let before = outside(text, 0..start, 1).into_iter();
            let parts = if looks_like_json(answer.trim_start()) { Vec::new() } else { fenced_json(answer) };
            if parts.is_empty() {
                let whole = start..text.len();
                return match format {
                    Format::Json => {
                        Box::new(before.chain(json::records(input, whole, line_at(start), labels)))
                    }
                    _ => Box::new(before.chain(labelled::records(input, whole, labels))),
                };
            }
            let (mut at, mut line) = (start, line_at(start));
            let mut found: Vec<Box<dyn Iterator<Item = Found> + 'a>> = vec![Box::new(before)];
            for part in parts {
                let part = start + part.start..start + part.end;
                found.push(Box::new(outside(text, at..part.start, line).into_iter()));
                line += text[at..part.start].matches('\n').count();
                found.push(Box::new(json::records(input, part.clone(), line, labels)));
                line += text[part.clone()].matches('\n').count();
                at = part.end;
            }
            found.push(Box::new(outside(text, at..text.len(), line).into_iter()));
            Box::new(found.into_iter().flatten())
        }
    }
}

/// Like [`records`], and watches the time that the file and each record take.
pub fn watched_records<'a>(
    input: &'a Input,
    format: Format,
    labels: &'a Labels,
    watchdog: &'a Watchdog,
) -> impl Iterator<Item = Found> + 'a {
    let task = watchdog.enter(Task::File(&input.name));
    let mut records = records(input, format, labels);
    drop(task);
    let mut line = 1;
    std::iter::from_fn(move || {
        let _task = watchdog.enter(Task::Record(&input.name, line));
        let found = records.next();
        if let Some(Found::Record(record)) = &found {
            line = record.spot.line;
        }
        found
    })
}

/// True if a file looks like a post of another generator, which only `--from` reads.
#[must_use]
pub fn looks_like_post(input: &Input) -> bool {
    let name = input.name.to_ascii_lowercase();
    let first = input.text.lines().next().unwrap_or_default().trim_end();
    let is_markdown = name.ends_with(".md") || name.ends_with(".markdown");
    is_markdown
        && matches!(first, "---" | "+++")
        && input.text.lines().skip(1).take(200).any(|line| line.trim_end() == first)
}
