//! Defines the report of an import and formats it as text; as JSON it is serialised.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use crate::diagnostic::{Diagnostic, printable_line};
use crate::import::repair::Kind;
use crate::load::redirects;

/// Repairs of each kind and near-duplicates that the text lists. All of them are in the JSON
/// report.
const MAX_EXAMPLES: usize = 3;

/// The result of an import.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// True if no diagnostic is an error.
    pub success: bool,
    /// True if nothing was written because of `--dry-run`.
    pub dry_run: bool,
    /// The files that were read.
    pub inputs: Vec<Read>,
    /// New article files.
    pub imported: Vec<Article>,
    /// Article files that were updated because their record changed.
    pub updated: Vec<Article>,
    /// Article files that were left as they are, although their record differs.
    pub kept: Vec<Kept>,
    /// Pictures that were copied to the folders of articles.
    pub pictures: Vec<Picture>,
    /// The number of pictures of other hosts that a run without `--dry-run` would request.
    pub would_fetch: usize,
    /// The number of records that the digest has already.
    pub skipped: usize,
    /// The number of records that could not be imported.
    pub refused: usize,
    /// The number of new articles without a date.
    pub undated: usize,
    /// The number of files that could not be read at all.
    pub unreadable: usize,
    /// Repairs of the imported articles and of text outside of records.
    pub repaired: Vec<Repaired>,
    /// New articles that are near-duplicates of another article.
    pub similar: Vec<Similar>,
    /// Old addresses of terms, lists and feeds.
    pub redirects: Redirects,
    /// Errors and warnings.
    pub diagnostics: Vec<Diagnostic>,
}

/// Old addresses of terms, lists and feeds.
#[derive(Debug, Default, Serialize)]
pub struct Redirects {
    /// The number of lines that were added to `content/redirects.yaml`.
    pub added: usize,
    /// Addresses that no file of the digest can serve.
    pub unserved: Vec<Unserved>,
}

/// An old address that no file of the digest can serve.
#[derive(Debug, Serialize)]
pub struct Unserved {
    /// The path, or a pattern of paths.
    pub address: String,
    /// The reason.
    pub reason: &'static str,
}

/// A file that was read.
#[derive(Debug, Serialize)]
pub struct Read {
    /// The name of the file.
    pub file: String,
    /// The format that the file was read as.
    pub format: &'static str,
    /// The encoding that the file was decoded from.
    pub encoding: &'static str,
    /// The number of records found in the file.
    pub records: usize,
}

/// A line of an input.
#[derive(Debug, Clone, Serialize)]
pub struct From {
    /// The name of the input.
    pub file: String,
    /// The number of the line, 1-based.
    pub line: usize,
}

/// An article file and the record that it is made from.
#[derive(Debug, Serialize)]
pub struct Article {
    /// The path of the article file, relative to the digest's root.
    pub file: String,
    /// The place of the record.
    pub from: From,
}

/// A picture that was copied.
#[derive(Debug, Serialize)]
pub struct Picture {
    /// The path of the copy, relative to the digest's root.
    pub file: String,
    /// The path of the picture in the old site, or the URL that it was fetched from.
    pub from: String,
    /// The path of the article file, relative to the digest's root.
    pub article: String,
}

/// An article file that was left as it is.
#[derive(Debug, Serialize)]
pub struct Kept {
    /// The path of the article file, relative to the digest's root.
    pub file: String,
    /// The place of the record.
    pub from: From,
    /// The reason why the file was not changed.
    pub reason: &'static str,
    /// The changes that the record would make, as a unified diff.
    pub diff: String,
}

/// One repair.
#[derive(Debug, Serialize)]
pub struct Repaired {
    /// The kind of the repair.
    pub kind: Kind,
    /// The text in the input.
    pub from: String,
    /// Its replacement.
    pub to: String,
    /// The place of the repaired field.
    pub place: From,
}

/// A pair of near-duplicates.
#[derive(Debug, Serialize)]
pub struct Similar {
    /// The file of the new article.
    pub file: String,
    /// The file of the other article.
    pub like: String,
}

impl Report {
    /// Formats the summary: one line.
    #[must_use]
    pub fn summary(&self) -> String {
        let undated = if self.undated > 0 { format!(" ({} undated)", self.undated) } else { String::new() };
        let if_any = |count: usize, what: &str| {
            if count > 0 { tr!(", {count} {what}", count, what) } else { String::new() }
        };
        let unreadable = match self.unreadable {
            0 => String::new(),
            files => tr!(", {} not read", crate::text::count(files, "file")),
        };
        let copied = if self.dry_run { "would be copied" } else { "copied" };
        let pictures = match self.pictures.len() {
            0 => String::new(),
            count => format!(", {} {copied}", crate::text::count(count, "picture")),
        };
        let fetched = match self.would_fetch {
            0 => String::new(),
            count => tr!(", {} would be fetched", crate::text::count(count, "picture")),
        };
        let imported = crate::text::count(self.imported.len(), "article");
        let done = if self.dry_run { "would be imported" } else { "imported" };
        tr!(
            "newsprint: {imported} {done}{undated}{}, {} already there{}{}{unreadable}{pictures}{fetched}",
            if_any(self.updated.len(), "updated"),
            self.skipped,
            if_any(self.kept.len(), "left as they are"),
            if_any(self.refused, "refused"),
            imported,
            done,
            undated,
            unreadable,
            pictures,
            fetched
        )
    }

    /// Formats the details beside the diagnostics: repairs, near-duplicates, and the differences of
    /// files that were left as they are. `all` lists every repair and article, not only the first
    /// ones of each kind.
    #[must_use]
    pub fn text(&self, all: bool) -> String {
        let mut text = String::new();
        self.write_articles(&mut text, all);
        self.write_repairs(&mut text, all);
        for Similar { file, like } in
            &self.similar[..if all { self.similar.len() } else { self.similar.len().min(MAX_EXAMPLES) }]
        {
            let _ = writeln!(text, "near-duplicates: {} and {}", printable_line(file), printable_line(like));
        }
        if !all && self.similar.len() > MAX_EXAMPLES {
            let _ = writeln!(
                text,
                "near-duplicates: {} more pairs (-v shows them)",
                self.similar.len() - MAX_EXAMPLES
            );
        }
        self.write_redirects(&mut text, all);
        for kept in &self.kept {
            let _ = writeln!(
                text,
                "left as it is: {} ({}; from {}:{})",
                printable_line(&kept.file),
                kept.reason,
                printable_line(&kept.from.file),
                kept.from.line
            );
            for line in kept.diff.lines() {
                let _ = writeln!(text, "  {}", printable_line(line));
            }
        }
        text
    }

    fn write_articles(&self, text: &mut String, all: bool) {
        // A dry run always lists its articles: the list is its result.
        if !(self.dry_run || all) {
            return;
        }
        let would = if self.dry_run { "would be " } else { "" };
        for (what, articles) in [("imported", &self.imported), ("updated", &self.updated)] {
            for article in articles {
                let file = printable_line(&article.file);
                let _ = writeln!(
                    text,
                    "{would}{what}: {file} (from {}:{})",
                    printable_line(&article.from.file),
                    article.from.line
                );
            }
        }
        for picture in self.pictures.iter().filter(|_| all) {
            let (file, from) = (printable_line(&picture.file), printable_line(&picture.from));
            let _ = writeln!(text, "{would}copied: {file} (from {from})");
        }
        for read in self.inputs.iter().filter(|read| all || read.encoding != "UTF-8") {
            let records = crate::text::count(read.records, "record");
            let _ = writeln!(
                text,
                "read: {} ({}, {}, {records})",
                printable_line(&read.file),
                read.format,
                read.encoding
            );
        }
    }

    fn write_redirects(&self, text: &mut String, all: bool) {
        let Redirects { added, unserved } = &self.redirects;
        if *added > 0 {
            let would = if self.dry_run { "would be " } else { "" };
            let count = crate::text::count(*added, "redirect");
            let _ =
                writeln!(text, "{count} of old terms, lists and feeds {would}added to {}", redirects::FILE);
        }
        for Unserved { address, reason } in unserved.iter().take(if all { usize::MAX } else { MAX_EXAMPLES })
        {
            let _ = writeln!(text, "not carried over: {} ({reason})", printable_line(address));
        }
        if !all && unserved.len() > MAX_EXAMPLES {
            let more = unserved.len() - MAX_EXAMPLES;
            let _ = writeln!(text, "not carried over: {more} more (-v shows them)");
        }
    }

    fn write_repairs(&self, text: &mut String, all: bool) {
        if !(self.dry_run || all) {
            let mut encodings: BTreeMap<&str, usize> = BTreeMap::new();
            for read in self.inputs.iter().filter(|read| read.encoding != "UTF-8") {
                *encodings.entry(read.encoding).or_default() += 1;
            }
            for (encoding, count) in encodings {
                let _ = writeln!(text, "read as {encoding}: {}", crate::text::count(count, "file"));
            }
        }
        let mut kinds: BTreeMap<Kind, Vec<&Repaired>> = BTreeMap::new();
        for repaired in &self.repaired {
            kinds.entry(repaired.kind).or_default().push(repaired);
        }
        for (kind, repairs) in kinds {
            let _ = writeln!(text, "repaired: {} ({})", kind.words(), repairs.len());
            for repaired in repairs.iter().take(if all { usize::MAX } else { MAX_EXAMPLES }) {
                let place = format!("{}:{}", printable_line(&repaired.place.file), repaired.place.line);
                let from = shown(&repaired.from, kind);
                let to = if repaired.to.is_empty() {
                    String::new()
                } else {
                    format!(" → {}", shown(&repaired.to, kind))
                };
                let _ = writeln!(text, "  {place}: {from}{to}");
            }
            if !all && repairs.len() > MAX_EXAMPLES {
                let _ = writeln!(text, "  … and {} more (-v shows them)", repairs.len() - MAX_EXAMPLES);
            }
        }
    }
}

/// Formats the text of a repair on one line. Invisible characters are shown as code points.
fn shown(words: &str, kind: Kind) -> String {
    if kind == Kind::Invisible {
        let codes: Vec<String> = words.chars().take(8).map(|c| format!("U+{:04X}", u32::from(c))).collect();
        return if words.chars().count() > 8 { format!("{} …", codes.join(" ")) } else { codes.join(" ") };
    }
    let flat = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut line: String = flat.chars().take(60).collect();
    if line.len() < flat.len() {
        line.push('…');
    }
    format!("`{}`", printable_line(&line))
}
