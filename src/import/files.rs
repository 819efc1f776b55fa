//! Which files to import, and what each of them is.

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
use crate::import::{feed, json, labelled, post, table};
use crate::load::walk;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Labelled lines, `标题: …`.
    Records,
    /// JSON or JSON Lines.
    Json,
    /// Rows and columns: CSV, TSV.
    Csv,
    /// RSS, Atom or JSON Feed.
    Feed,
    /// A post of another generator.
    Post,
}

impl Format {
    /// What reports and the command line call it.
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

/// Endings of files that a folder may hold.
const ENDINGS: [&str; 13] =
    ["txt", "text", "md", "markdown", "json", "jsonl", "ndjson", "csv", "tsv", "xml", "rss", "atom", "log"];

/// A file to read, or standard input.
#[derive(Debug, Clone)]
pub struct Source {
    path: PathBuf,
    /// What reports call it.
    pub shown: String,
}

/// The files that were asked for, folders taken apart; and what is in folders that no format is.
#[must_use]
pub fn sources(
    root: &Path,
    asked: &[PathBuf],
    posts: bool,
    links: SymlinkPolicy,
) -> (Vec<Source>, Vec<Diagnostic>) {
    let mut sources = Vec::new();
    let mut diagnostics = Vec::new();
    for path in asked {
        // Whoever names a folder elsewhere means it. What is within the digest may have come with it, and has to stay there.
        let within = lexical(path).starts_with(lexical(root));
        if within && let Err(diagnostic) = links.allow(root, path, &walk::shown(root, path)) {
            diagnostics.push(diagnostic);
            continue;
        }
        if path.as_os_str() == "-" {
            sources.push(Source { path: path.clone(), shown: "<stdin>".to_owned() });
        } else if path.is_dir() {
            let (files, problems) = walk::files(path, "", links);
            diagnostics.extend(problems);
            let mut passed: Vec<String> = Vec::new();
            let count = sources.len();
            for file in files {
                let name = file.rsplit('/').next().unwrap_or(&file);
                let ending =
                    name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
                let is_post = matches!(ending.as_str(), "md" | "markdown");
                // Zola's and Hugo's sections say nothing that an article could.
                let is_section = posts && name.starts_with("_index.");
                let wanted = if posts { is_post && !is_section } else { ENDINGS.contains(&ending.as_str()) };
                if wanted {
                    let path = path.join(&file);
                    let shown = walk::shown(root, &path);
                    sources.push(Source { path, shown });
                } else {
                    passed.push(file);
                }
            }
            let shown = walk::shown(root, path);
            if !passed.is_empty() {
                let files = crate::text::count(passed.len(), "file");
                let more = if passed.len() > 5 { " …" } else { "" };
                passed.truncate(5);
                let names = passed.join("`, `");
                diagnostics.push(
                    Diagnostic::warning(format!("{files} in this folder passed over: `{names}`{more}"))
                        .at(Place::file(&shown))
                        .help("name a file itself to import it whatever its ending"),
                );
            }
            if sources.len() == count {
                diagnostics.push(
                    Diagnostic::error("there is nothing to import in this folder")
                        .at(Place::file(&shown))
                        .help(format!(
                            "files that end in {} are read",
                            ENDINGS.map(|ending| format!(".{ending}")).join(" ")
                        )),
                );
            }
        } else {
            sources.push(Source { path: path.clone(), shown: walk::shown(root, path) });
        }
    }
    (sources, diagnostics)
}

/// A path from the root of the disk, its `..` taken as they are written: no link is followed.
fn lexical(path: &Path) -> PathBuf {
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
    /// Its bytes in the file system; 0 where that is not known.
    #[must_use]
    pub fn size(&self) -> u64 {
        std::fs::metadata(&self.path).map_or(0, |found| found.len())
    }

    /// Reads and decodes it.
    ///
    /// # Errors
    /// It cannot be read, or its bytes are no text.
    pub fn read(
        &self,
        encoding: Option<&'static Encoding>,
    ) -> Result<(Input, &'static str), Box<Diagnostic>> {
        let bytes = if self.path.as_os_str() == "-" {
            let mut bytes = Vec::new();
            std::io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
        } else {
            match std::fs::metadata(&self.path) {
                Ok(found) if found.is_dir() => Err(std::io::Error::other("this is a folder")),
                _ => std::fs::read(&self.path),
            }
        };
        let bytes = bytes.map_err(|error| {
            Box::new(
                Diagnostic::error(format!("this file cannot be read: {error}"))
                    .at(Place::file(&self.shown))
                    .help("files are looked for from where you are, not from `--root`"),
            )
        })?;
        let (text, encoding) = decode::decode(&self.shown, bytes, encoding)?;
        Ok((Input { name: self.shown.clone(), text }, encoding))
    }
}

/// What an input holds, by its name and by how it begins.
#[must_use]
pub fn format(input: &Input) -> Format {
    let ending =
        input.name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let text = input.text[thoughts(&input.text)..].trim_start();
    let is_feed = |text: &str| {
        let head: String = text.chars().take(2000).collect();
        text.starts_with('<') && ["<rss", "<feed", "<rdf:RDF", "<RDF"].iter().any(|tag| head.contains(tag))
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

/// An object, or a list of them: `{"`, `[{`. Brackets begin labels, too.
fn looks_like_json(text: &str) -> bool {
    let mut marks = text.chars().filter(|c| !c.is_whitespace());
    matches!((marks.next(), marks.next()), (Some('{'), Some('"' | '}')) | (Some('['), Some('{')))
}

/// A model's JSON is often fenced in: the parts of a text between fences' lines.
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

/// Words outside of all records, as a repair; none for white space.
fn outside(text: &str, range: Range<usize>, line: usize) -> Option<Found> {
    let from = text[range].trim();
    // Fences alone are not worth a word.
    let words = from.lines().any(|line| !line.trim().is_empty() && !line.trim_start().starts_with("```"));
    let repair = || Repair {
        kind: if words { Kind::Chat } else { Kind::Form },
        from: from.to_owned(),
        to: String::new(),
        line,
    };
    (!from.is_empty()).then(|| Found::Outside(repair()))
}

/// What a model thought before it answered.
fn thoughts(text: &str) -> usize {
    let begins = text.trim_start().starts_with("<think>");
    text.find("</think>").filter(|_| begins).map_or(0, |at| at + "</think>".len())
}

/// The records of an input, one at a time.
#[must_use]
pub fn records<'a>(
    input: &'a Input,
    format: Format,
    labels: &'a Labels,
) -> Box<dyn Iterator<Item = Found> + 'a> {
    let text = &input.text;
    match format {
        Format::Csv => table::records(input, labels),
        Format::Feed => Box::new(feed::records(input).into_iter()),
        Format::Post => Box::new(std::iter::once(post::record(input, &input.name, labels))),
        Format::Json | Format::Records => {
            let start = thoughts(text);
            let lines = |at: usize| 1 + text[..at].matches('\n').count();
            let answer = &text[start..];
            let before = outside(text, 0..start, 1).into_iter();
            let parts = if looks_like_json(answer.trim_start()) { Vec::new() } else { fenced_json(answer) };
            if parts.is_empty() {
                let whole = start..text.len();
                return match format {
                    Format::Json => Box::new(before.chain(json::records(input, whole, lines(start), labels))),
                    _ => Box::new(before.chain(labelled::records(input, whole, labels))),
                };
            }
            let (mut at, mut line) = (start, lines(start));
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

/// Does a file look like a post of another generator, which only `--from` reads?
#[must_use]
pub fn looks_like_post(input: &Input) -> bool {
    let name = input.name.to_ascii_lowercase();
    let first = input.text.lines().next().unwrap_or_default().trim_end();
    let is_markdown = name.ends_with(".md") || name.ends_with(".markdown");
    is_markdown
        && matches!(first, "---" | "+++")
        && input.text.lines().skip(1).take(200).any(|line| line.trim_end() == first)
}
