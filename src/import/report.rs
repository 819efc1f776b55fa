//! What an import did, for a person and for a program.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use crate::diagnostic::{Diagnostic, printable_line};
use crate::import::repair::Kind;

/// Repairs and articles that are shown one by one; all of them are in the JSON report.
const MAX_EXAMPLES: usize = 3;

/// What an import did.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// Was everything read?
    pub success: bool,
    /// Was nothing written because nobody wanted it?
    pub dry_run: bool,
    /// What was read.
    pub inputs: Vec<Read>,
    /// New article files.
    pub imported: Vec<Article>,
    /// Article files that hold what their record says by now.
    pub updated: Vec<Article>,
    /// Article files that a person edited, and whose record says something else by now.
    pub kept: Vec<Kept>,
    /// Records that the digest holds already.
    pub skipped: usize,
    /// Records that could not be imported.
    pub refused: usize,
    /// New articles without a date.
    pub undated: usize,
    /// Files that could not be read at all.
    pub unreadable: usize,
    /// What was set right in what was imported.
    pub repaired: Vec<Repaired>,
    /// New articles that are likely the same as another one.
    pub similar: Vec<Similar>,
    /// What could not be read.
    pub diagnostics: Vec<Diagnostic>,
}

/// A file that was read.
#[derive(Debug, Serialize)]
pub struct Read {
    /// Its name.
    pub file: String,
    /// What it was taken for.
    pub format: &'static str,
    /// What its characters were read by.
    pub encoding: &'static str,
    /// Records that were found in it.
    pub records: usize,
}

/// A line of an input.
#[derive(Debug, Clone, Serialize)]
pub struct From {
    /// Its name.
    pub file: String,
    /// 1-based.
    pub line: usize,
}

/// An article file and the record that it is from.
#[derive(Debug, Serialize)]
pub struct Article {
    /// Relative to the digest's root.
    pub file: String,
    /// Its record.
    pub from: From,
}

/// An article file that was left as it was.
#[derive(Debug, Serialize)]
pub struct Kept {
    /// Relative to the digest's root.
    pub file: String,
    /// Its record.
    pub from: From,
    /// Why it was left alone.
    pub reason: &'static str,
    /// What the record would change, as a unified diff.
    pub diff: String,
}

/// One thing that was set right.
#[derive(Debug, Serialize)]
pub struct Repaired {
    /// Which kind.
    pub kind: Kind,
    /// What was there.
    pub from: String,
    /// What came in its place.
    pub to: String,
    /// Where.
    pub place: From,
}

/// Two articles that are likely the same.
#[derive(Debug, Serialize)]
pub struct Similar {
    /// The new one.
    pub file: String,
    /// The one that was there.
    pub like: String,
}

impl Report {
    /// One line for a person.
    #[must_use]
    pub fn summary(&self) -> String {
        let undated = if self.undated > 0 { format!(" ({} undated)", self.undated) } else { String::new() };
        let some =
            |count: usize, what: &str| if count > 0 { format!(", {count} {what}") } else { String::new() };
        let unreadable = match self.unreadable {
            0 => String::new(),
            files => format!(", {} not read", crate::text::count(files, "file")),
        };
        let imported = crate::text::count(self.imported.len(), "article");
        let done = if self.dry_run { "would be imported" } else { "imported" };
        format!(
            "newsprint: {imported} {done}{undated}{}, {} already there{}{}{unreadable}",
            some(self.updated.len(), "updated"),
            self.skipped,
            some(self.kept.len(), "left as they are"),
            some(self.refused, "refused"),
        )
    }

    /// What a person wants to know beside the diagnostics: what was set right, what is likely twice, what differs.
    /// `all` shows every repair and article, not only the first of each kind.
    #[must_use]
    pub fn text(&self, all: bool) -> String {
        let mut text = String::new();
        self.write_articles(&mut text, all);
        self.write_repairs(&mut text, all);
        for Similar { file, like } in
            &self.similar[..if all { self.similar.len() } else { self.similar.len().min(MAX_EXAMPLES) }]
        {
            let _ = writeln!(text, "likely the same: {} and {}", printable_line(file), printable_line(like));
        }
        if !all && self.similar.len() > MAX_EXAMPLES {
            let _ = writeln!(
                text,
                "likely the same: {} more pairs (-v shows them)",
                self.similar.len() - MAX_EXAMPLES
            );
        }
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
        // A plan is there to be read.
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

/// The words of a repair on one line. What nobody sees is shown by its number.
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
