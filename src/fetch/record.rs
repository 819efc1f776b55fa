//! Writes entries as records: one JSON object a line, with keys that `newsprint import` reads.
//! `static/api/schema/record-1.json` describes them.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::fetch::entry::Entry;
use crate::fetch::sources::Source;

/// A record. Fields without a value are left out.
#[derive(Serialize)]
struct Record<'a> {
    id: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<&'a str>,
    source: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    authors: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    categories: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_markdown: Option<&'a str>,
    /// Terms by the name of their taxonomy.
    #[serde(flatten)]
    terms: BTreeMap<&'a str, Vec<&'a str>>,
    fetched: &'a str,
}

/// The line of an entry, with its line break. `fetched` is the time of the run in RFC 3339.
pub(super) fn line(entry: &Entry, source: &Source, fetched: &str) -> String {
    let mut terms: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (taxonomy, names) in source.terms.iter().chain(&entry.terms) {
        let all = terms.entry(taxonomy).or_default();
        for name in names {
            if !all.contains(&name.as_str()) {
                all.push(name);
            }
        }
    }
    let text = entry.text.as_deref();
    let record = Record {
        id: &entry.id,
        title: &entry.title,
        link: entry.link.as_ref().map(|link| link.url.as_str()),
        source: &source.name,
        date: entry.date.map(|date| date.iso()),
        updated: entry.updated.map(|date| date.iso()),
        language: entry.language.as_deref().or(source.language.as_deref()),
        authors: &entry.authors,
        categories: &entry.categories,
        event: entry.event.as_deref(),
        summary: entry.summary.as_deref().filter(|summary| text.is_none_or(|text| text.trim() != *summary)),
        content_markdown: text,
        terms,
        fetched,
    };
    // A record of texts can always be written.
    serde_json::to_string(&record).map(|line| line + "\n").unwrap_or_default()
}
