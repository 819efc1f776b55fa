//! A record to the Markdown file of an article.

use std::fmt::Write as _;

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::import::record::{Field, Record};
use crate::import::{escape, paragraphs};
use crate::link;
use crate::load::date::{self, Date};
use crate::load::list;
use crate::site::slug;
use crate::yaml;

/// Under `extra`: the hash of the record that a file was made from.
pub const HASH: &str = "record";

/// Characters of a title in a file's name: enough to find it again.
const NAME: usize = 40;

/// An article file that is not written yet.
#[derive(Debug, Clone)]
pub struct Draft {
    /// What the file's name is made from.
    pub slug: String,
    /// Begins the file's name.
    pub date: Option<Date>,
    /// The canonical link, else the record's hash: two records with the same are the same article.
    pub identity: String,
    /// The file's text.
    pub markdown: String,
}

/// Makes an article of a record; `None` when the title is missing or the link or date cannot be read.
#[must_use]
pub fn draft(record: &Record, config: &Config, fallback: Option<Date>) -> (Option<Draft>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let title = record.get(Field::Title);
    if title.is_none() {
        diagnostics.push(
            Diagnostic::error("this record has no title")
                .at(record.place.clone())
                .help("begin it with `标题: …`"),
        );
    }
    let link = record.get(Field::Link).map(link::parse).transpose().unwrap_or_else(|message| {
        let place = record.place(Field::Link).clone();
        diagnostics
            .push(Diagnostic::error(message).at(place).help("write the whole address, `链接: https://…`"));
        None
    });
    let date = record.get(Field::Date).map(|written| date::parse(written, config.timezone)).transpose();
    let date = date.unwrap_or_else(|message| {
        let place = record.place(Field::Date).clone();
        diagnostics.push(Diagnostic::error(message).at(place).help("write it as `日期: 2026-11-23`"));
        None
    });
    let Some(title) = title.filter(|_| diagnostics.is_empty()) else {
        return (None, diagnostics);
    };
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = record.get(Field::Text).unwrap_or_default();
    // Kept in files for years: of plain bytes, whatever newsprint's own form of data is by then.
    let hash = Fingerprint::of_bytes(format!("{title}\n{text}").as_bytes()).to_string();
    let identity = link.as_ref().map_or_else(|| hash.clone(), |link| link.canonical.clone());
    let date = date.or(fallback);

    let mut markdown = String::from("---\n");
    // Writing to a string cannot fail.
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(markdown, "{name}: {}", yaml::scalar(value));
    };
    line("title", &title);
    if let Some(link) = &link {
        line("link", &link.url);
    }
    if let Some(source) = record.get(Field::Source) {
        line("source", source);
    }
    if let Some(event) = record.get(Field::Event) {
        line("event", &event.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    if let Some(date) = date {
        let _ = writeln!(markdown, "date: {}", date.iso());
    }
    let lists = [
        (Field::Keywords, "keywords"),
        (Field::Technologies, "ai_technologies"),
        (Field::Industries, "industries"),
    ];
    for (field, name) in lists {
        let terms = record.get(field).map(list::split).unwrap_or_default();
        if !terms.is_empty() {
            let _ = writeln!(markdown, "{name}:");
            for term in terms {
                let _ = writeln!(markdown, "  - {}", yaml::scalar(&term));
            }
        }
    }
    let _ = writeln!(markdown, "extra:\n  {HASH}: \"{hash}\"\n---\n");
    let paragraphs: Vec<String> =
        paragraphs::paragraphs(text).iter().map(|text| escape::markdown(text)).collect();
    markdown.push_str(&paragraphs.join("\n\n"));
    markdown.push('\n');
    let short: String = title.chars().take(NAME).collect();
    (Some(Draft { slug: slug::article(&short), date, identity, markdown }), diagnostics)
}
