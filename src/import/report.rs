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
    pub reason: String,
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
    pub reason: String,
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
        let n = self.imported.len();
        let imported = match self.dry_run {
            true => tr!("{n} article would be imported" | "{n} articles would be imported" % n),
            false => tr!("{n} article imported" | "{n} articles imported" % n),
        };
        let if_any = |count: usize, text: &dyn Fn(usize) -> String| match count {
            0 => String::new(),
            count => text(count),
        };
        let undated = if_any(self.undated, &|n| tr!(" ({n} undated)", n));
        let updated = if_any(self.updated.len(), &|n| tr!(", {n} updated", n));
        let kept = if_any(self.kept.len(), &|n| tr!(", {n} left as they are", n));
        let refused = if_any(self.refused, &|n| tr!(", {n} refused", n));
        let unreadable =
            if_any(self.unreadable, &|n| tr!(", {n} file not read" | ", {n} files not read" % n));
        let pictures = if_any(self.pictures.len(), &|n| match self.dry_run {
            true => tr!(", {n} picture would be copied" | ", {n} pictures would be copied" % n),
            false => tr!(", {n} picture copied" | ", {n} pictures copied" % n),
        });
        let fetched = if_any(self.would_fetch, &|n| {
            tr!(", {n} picture would be fetched" | ", {n} pictures would be fetched" % n)
        });
        tr!(
            "newsprint: {imported}{undated}{updated}, {there} already there{kept}{refused}{unreadable}{pictures}{fetched}",
            imported,
            undated,
            updated,
            there = self.skipped,
            kept,
            refused,
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
            let _ = writeln!(
                text,
                "{}",
                tr!(
                    "near-duplicates: {file} and {like}",
                    file = printable_line(file),
                    like = printable_line(like)
                )
            );
        }
        if !all && self.similar.len() > MAX_EXAMPLES {
            let more =
                tr!("near-duplicates: {} more pairs (-v shows them)", self.similar.len() - MAX_EXAMPLES);
            let _ = writeln!(text, "{more}");
        }
        self.write_redirects(&mut text, all);
        for kept in &self.kept {
            let line = tr!(
                "left as it is: {file} ({reason}; from {from}:{line})",
                file = printable_line(&kept.file),
                reason = kept.reason,
                from = printable_line(&kept.from.file),
                line = kept.from.line
            );
            let _ = writeln!(text, "{line}");
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
        let imported = match self.dry_run {
            true => marked!("would be imported: {file} (from {from}:{line})"),
            false => marked!("imported: {file} (from {from}:{line})"),
        };
        let updated = match self.dry_run {
            true => marked!("would be updated: {file} (from {from}:{line})"),
            false => marked!("updated: {file} (from {from}:{line})"),
        };
        for (message, articles) in [(imported, &self.imported), (updated, &self.updated)] {
            for article in articles {
                let (file, from) = (printable_line(&article.file), printable_line(&article.from.file));
                let _ = writeln!(text, "{}", tr!(message, file, from, line = article.from.line));
            }
        }
        let copied = match self.dry_run {
            true => marked!("would be copied: {file} (from {from})"),
            false => marked!("copied: {file} (from {from})"),
        };
        for picture in self.pictures.iter().filter(|_| all) {
            let (file, from) = (printable_line(&picture.file), printable_line(&picture.from));
            let _ = writeln!(text, "{}", tr!(copied, file, from));
        }
        for read in self.inputs.iter().filter(|read| all || read.encoding != "UTF-8") {
            let line = tr!(
                "read: {file} ({format}, {encoding}, {n} record)"
                    | "read: {file} ({format}, {encoding}, {n} records)" % read.records,
                file = printable_line(&read.file),
                format = read.format,
                encoding = read.encoding
            );
            let _ = writeln!(text, "{line}");
        }
    }

    fn write_redirects(&self, text: &mut String, all: bool) {
        let Redirects { added, unserved } = &self.redirects;
        if *added > 0 {
            let line = match self.dry_run {
                true => tr!(
                    "{n} redirect of old terms, lists and feeds would be added to {file}"
                        | "{n} redirects of old terms, lists and feeds would be added to {file}" % *added,
                    file = redirects::FILE
                ),
                false => tr!(
                    "{n} redirect of old terms, lists and feeds added to {file}"
                        | "{n} redirects of old terms, lists and feeds added to {file}" % *added,
                    file = redirects::FILE
                ),
            };
            let _ = writeln!(text, "{line}");
        }
        for Unserved { address, reason } in unserved.iter().take(if all { usize::MAX } else { MAX_EXAMPLES })
        {
            let address = printable_line(address);
            let _ = writeln!(text, "{}", tr!("not carried over: {address} ({reason})", address, reason));
        }
        if !all && unserved.len() > MAX_EXAMPLES {
            let more = unserved.len() - MAX_EXAMPLES;
            let _ = writeln!(text, "{}", tr!("not carried over: {more} more (-v shows them)", more));
        }
    }

    fn write_repairs(&self, text: &mut String, all: bool) {
        if !(self.dry_run || all) {
            let mut encodings: BTreeMap<&str, usize> = BTreeMap::new();
            for read in self.inputs.iter().filter(|read| read.encoding != "UTF-8") {
                *encodings.entry(read.encoding).or_default() += 1;
            }
            for (encoding, count) in encodings {
                let line =
                    tr!("read as {encoding}: {n} file" | "read as {encoding}: {n} files" % count, encoding);
                let _ = writeln!(text, "{line}");
            }
        }
        let mut kinds: BTreeMap<Kind, Vec<&Repaired>> = BTreeMap::new();
        for repaired in &self.repaired {
            kinds.entry(repaired.kind).or_default().push(repaired);
        }
        for (kind, repairs) in kinds {
            let words = kind.words();
            let words = tr!(words);
            let line = tr!("repaired: {words} ({count})", words, count = repairs.len());
            let _ = writeln!(text, "{line}");
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
                let more = tr!("… and {} more (-v shows them)", repairs.len() - MAX_EXAMPLES);
                let _ = writeln!(text, "  {more}");
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
