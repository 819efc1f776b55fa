//! Reads the items of a JSON Feed (jsonfeed.org/version/1.1), each by itself.

use std::ops::Range;

use serde_json::value::RawValue;
use url::Url;

use crate::diagnostic::Diagnostic;
use crate::import::address;
use crate::import::feed::author;
use crate::import::feed::base::{self, Bases};
use crate::import::input::Input;
use crate::import::json;
use crate::import::labels::Labels;
use crate::import::record::{Entry, Field, Found, Record, Spot, Value};
use crate::yaml::Node;

/// The members of an object, each with its key.
type Members<'t> = Vec<(String, &'t RawValue)>;

/// Reads the items of a JSON Feed. Broken items are reported, and the others read.
pub(super) fn records(input: &Input, labels: &Labels) -> Vec<Found> {
    let Some((head, items)) = divide(&input.text) else {
        let message = tr!("this JSON Feed has no list of `items`");
        let help = tr!("check that the file is complete");
        return vec![Found::Problem(Diagnostic::error(message).at(input.whole()).help(help))];
    };
    let text = |key: &str| find(&head, key).and_then(words).unwrap_or_default();
    let (title, home) =
        (text("title"), base::parse(&text("home_page_url")).or_else(|| base::parse(&text("feed_url"))));
    let line = input.text.line(items.start);
    let is_empty = input.text[items.clone()]
        .trim_matches(|c: char| c.is_whitespace() || matches!(c, '[' | ']'))
        .is_empty();
    if is_empty {
        return Vec::new();
    }
    json::objects(input, items, line, labels)
        .map(|found| match found {
            Found::Record(known) => Found::Record(record(input, known.spot, &title, home.as_ref())),
            found => found,
        })
        .collect()
}

/// Divides a feed into the members beside its items, and the bytes of the list of items. A text
/// that is broken somewhere is divided at the first `"items"`.
fn divide(text: &str) -> Option<(Members<'_>, Range<usize>)> {
    let offset = |raw: &RawValue| (raw.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    if let Ok(raw) = serde_json::from_str::<&RawValue>(text)
        && let Ok(members) = json::members(raw)
    {
        let items = find(&members, "items").filter(|raw| raw.get().starts_with('['))?;
        let start = offset(items);
        return Some((members, start..start + items.get().len()));
    }
    let key = "\"items\"";
    let at = text.find(key)?;
    let rest = text[at + key.len()..].trim_start().strip_prefix(':')?.trim_start();
    rest.starts_with('[').then_some(())?;
    let end = text.trim_end();
    let end = end.strip_suffix('}').unwrap_or(end).len();
    let start = text.len() - rest.len();
    Some((Vec::new(), start..end.max(start)))
}

/// The first member with a key that has a value.
fn find<'t>(members: &Members<'t>, key: &str) -> Option<&'t RawValue> {
    members.iter().find(|(known, raw)| known == key && raw.get() != "null").map(|(_, raw)| *raw)
}

/// The text of a value. Numbers and truth values are taken as they are written: "If an id is
/// presented as a number or other type, a JSON Feed reader must coerce it to a string."
fn words(raw: &RawValue) -> Option<String> {
    match raw.get().as_bytes().first() {
        Some(b'"') => serde_json::from_str(raw.get()).ok(),
        Some(b'[' | b'{') => None,
        _ => Some(raw.get().to_owned()),
    }
}

/// Makes a record of the item at a spot.
fn record(input: &Input, spot: Spot, title: &str, home: Option<&Url>) -> Record {
    let mut record = Record { spot, ..Record::default() };
    let text = &input.text[spot.start..spot.end];
    let members = serde_json::from_str::<&RawValue>(text)
        .ok()
        .and_then(|raw| json::members(raw).ok())
        .unwrap_or_default();
    let place = |raw: &RawValue| {
        let start = spot.start + (raw.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        Spot { line: input.text.line(start), start, end: start + raw.get().len() }
    };
    let get = |key: &str| {
        let raw = find(&members, key)?;
        words(raw).filter(|words| !words.trim().is_empty()).map(|words| (words, place(raw)))
    };
    let mut entries = Vec::new();
    let mut add = |field: Field, value: Value, spot: Spot| entries.push(Entry { field, value, spot });
    let bases = Bases { declared: None, fallback: home };
    if let Some((words, at)) = get("title") {
        add(Field::Title, Value::Text(words), at);
    }
    record.id = get("id").map(|(id, _)| id.trim().to_owned());
    let id = get("id").filter(|(id, _)| base::parse(id).is_some());
    let link = get("url").or(id).or_else(|| get("external_url"));
    match link {
        Some((link, at)) => {
            let link = address::as_one(&bases.complete(&link), at.line, &mut record.repairs);
            add(Field::Link, Value::Text(link), at);
        }
        None => record.base = home.map(|home| home.as_str().to_owned()),
    }
    if !title.trim().is_empty() {
        add(Field::Source, Value::Text(title.to_owned()), Spot { end: spot.start, ..spot });
    }
    for (key, field) in [("date_published", Field::Date), ("date_modified", Field::Updated)] {
        if let Some((date, at)) = get(key) {
            add(field, Value::Text(date), at);
        }
    }
    if let Some(raw) = find(&members, "tags") {
        let tags = serde_json::from_str::<Vec<&RawValue>>(raw.get()).unwrap_or_else(|_| vec![raw]);
        let tags: Vec<String> = tags.into_iter().filter_map(words).collect();
        if !tags.is_empty() {
            add(Field::Terms(0), Value::Items(tags), place(raw));
        }
    }
    // The label in feeds of newsprint.
    let label = find(&members, "_newsprint").and_then(|raw| Some((raw, json::members(raw).ok()?)));
    if let Some((raw, label)) = label {
        for (key, field) in [("ai", Field::Ai), ("reviewed", Field::Reviewed)] {
            if let Some(written) = find(&label, key).and_then(words) {
                add(field, Value::Text(written), place(raw));
            }
        }
    }
    let content = get("content_html").map(|(html, at)| (Value::Html(html), at));
    let content = content.or_else(|| get("content_text").map(|(text, at)| (Value::Text(text), at)));
    let has_content = content.is_some();
    if let Some((content, at)) = content {
        add(Field::Body, content, at);
    }
    if let Some((summary, at)) = get("summary") {
        let summary = Value::of_words(&Field::Body, summary);
        add(if has_content { Field::Summary } else { Field::Body }, summary, at);
    }
    let authors = authors(&members);
    if !authors.is_empty() {
        let authors = Node::List(authors.into_iter().map(Node::Text).collect());
        add(Field::Extra("author".to_owned()), Value::Data(authors), Spot { end: spot.start, ..spot });
    }
    record.entries = without_same_date(entries);
    record
}

/// The names of `authors` (version 1.1) and `author` (version 1).
fn authors(members: &Members<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for key in ["authors", "author"] {
        let Some(raw) = find(members, key) else { continue };
        for raw in serde_json::from_str::<Vec<&RawValue>>(raw.get()).unwrap_or_else(|_| vec![raw]) {
            let object = json::members(raw).unwrap_or_default();
            let written = find(&object, "name").and_then(words).or_else(|| words(raw)).unwrap_or_default();
            for name in author::names(&written) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
    }
    names
}

/// Removes the date of a change that equals the date of publication, and uses it if there is no
/// other.
fn without_same_date(mut entries: Vec<Entry>) -> Vec<Entry> {
    let date = entries.iter().find(|entry| entry.field == Field::Date).map(|entry| entry.value.clone());
    match date {
        Some(date) => entries.retain(|entry| entry.field != Field::Updated || entry.value != date),
        None => {
            for entry in entries.iter_mut().filter(|entry| entry.field == Field::Updated) {
                entry.field = Field::Date;
            }
        }
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn read(text: &str) -> (Vec<Record>, Vec<String>) {
        let input = Input { name: "in.json".into(), text: text.to_owned().into() };
        let (mut all, mut problems) = (Vec::new(), Vec::new());
        for found in records(&input, &Labels::of(&Config::default())) {
            match found {
                Found::Record(record) => all.push(record),
                Found::Problem(problem) => problems.push(problem.message),
                Found::Outside(_) => {}
            }
        }
        (all, problems)
    }

    fn item(members: &str) -> Vec<(Field, Value)> {
        let text = format!(
            "{{\"title\": \"某报\", \"home_page_url\": \"https://e.org/\", \"items\": [{{{members}}}]}}"
        );
        let (mut all, problems) = read(&text);
        assert_eq!((all.len(), problems.len()), (1, 0), "{members}: {problems:?}");
        all.remove(0).entries.into_iter().map(|entry| (entry.field, entry.value)).collect()
    }

    fn value(members: &str, field: &Field) -> Option<String> {
        item(members).into_iter().find(|(known, _)| known == field).map(|(_, value)| match value {
            Value::Text(text) => text,
            Value::Html(html) => format!("html: {html}"),
            value => format!("{value:?}"),
        })
    }

    #[test]
    fn ids_and_other_texts_can_be_numbers() {
        assert_eq!(value("\"id\": 1, \"title\": 2024", &Field::Title).as_deref(), Some("2024"));
        assert_eq!(
            value("\"id\": 1, \"title\": \"a\", \"date_published\": 1709596800", &Field::Date).as_deref(),
            Some("1709596800")
        );
        assert_eq!(value("\"id\": [1], \"title\": true", &Field::Title).as_deref(), Some("true"));
        assert_eq!(value("\"id\": {}, \"title\": null", &Field::Title), None);
        assert_eq!(
            value("\"tags\": [\"a\", 5, null, {}]", &Field::Terms(0)).as_deref(),
            Some("Items([\"a\", \"5\", \"null\"])")
        );
        assert_eq!(value("\"tags\": \"a\"", &Field::Terms(0)).as_deref(), Some("Items([\"a\"])"));
    }

    #[test]
    fn the_label_of_a_feed_of_newsprint_is_read() {
        let labelled = "\"_newsprint\": {\"label\": \"x\", \"ai\": \"assisted\", \"reviewed\": false}";
        assert_eq!(value(labelled, &Field::Ai).as_deref(), Some("assisted"));
        assert_eq!(value(labelled, &Field::Reviewed).as_deref(), Some("false"));
        for other in ["\"_newsprint\": 1", "\"_newsprint\": {\"ai\": {}}", "\"ai\": \"assisted\""] {
            assert_eq!(value(other, &Field::Ai), None, "{other}");
        }
    }

    #[test]
    fn the_link_is_the_url_or_an_id_that_is_one() {
        for (members, wanted) in [
            ("\"url\": \"https://e.org/1\", \"id\": \"https://e.org/2\"", Some("https://e.org/1")),
            ("\"url\": \"/1\"", Some("https://e.org/1")),
            ("\"url\": \"https://e.org/a b\"", Some("https://e.org/a%20b")),
            (
                "\"url\": \"\", \"id\": \"https://e.org/2\", \"external_url\": \"https://f.org\"",
                Some("https://e.org/2"),
            ),
            ("\"id\": \"2\", \"external_url\": \"https://f.org\"", Some("https://f.org")),
            ("\"id\": \"2\"", None),
        ] {
            assert_eq!(value(members, &Field::Link).as_deref(), wanted, "{members}");
        }
    }

    #[test]
    fn texts_dates_and_authors_are_read() {
        let both = "\"content_html\": \"<p>a</p>\", \"content_text\": \"a\", \"summary\": \"<b>s</b>\"";
        assert_eq!(value(both, &Field::Body).as_deref(), Some("html: <p>a</p>"));
        assert_eq!(value(both, &Field::Summary).as_deref(), Some("html: <b>s</b>"));
        assert_eq!(value("\"content_text\": \"a\"", &Field::Body).as_deref(), Some("a"));
        assert_eq!(value("\"summary\": \"s\"", &Field::Body).as_deref(), Some("s"));
        let dates = "\"date_published\": \"2024-03-05\", \"date_modified\": \"2024-03-05\"";
        assert_eq!(
            (value(dates, &Field::Date).as_deref(), value(dates, &Field::Updated)),
            (Some("2024-03-05"), None)
        );
        assert_eq!(value("\"date_modified\": \"a\"", &Field::Date).as_deref(), Some("a"));
        let dates = "\"date_published\": \"a\", \"date_modified\": \"b\"";
        assert_eq!(value(dates, &Field::Updated).as_deref(), Some("b"));
        assert_eq!(value("\"id\": 1", &Field::Source).as_deref(), Some("某报"));
        let authors = item(
            "\"authors\": [{\"name\": \"甲\"}, {\"url\": \"x\"}, \"乙\"], \"author\": {\"name\": \"甲\"}",
        );
        let names = ["甲", "乙"].map(|name| Node::Text(name.to_owned())).to_vec();
        assert!(
            authors.contains(&(Field::Extra("author".to_owned()), Value::Data(Node::List(names)))),
            "{authors:?}"
        );
    }

    #[test]
    fn a_broken_item_costs_only_itself() {
        let text = "{\"version\": \"1\", \"items\": [\n{\"title\": \"甲\"},\n{\"title\": 乙},\n{\"title\": \"丙\", \"attachments\": [{\"title\": \"x\"}]}\n]}";
        let (all, problems) = read(text);
        assert_eq!(all.iter().map(|record| record.spot.line).collect::<Vec<_>>(), [2, 4]);
        assert_eq!(problems.len(), 1, "{problems:?}");
        let (all, problems) = read("{\"items\": [\n{\"title\": \"甲\"},\n{\"title\": \"乙");
        assert_eq!((all.len(), problems.len()), (1, 2), "{problems:?}");
        let (all, problems) = read("{\"items\": [1, {\"id\": 1, \"attachments\": [{\"title\": \"x\"}]}]}");
        assert_eq!((all.len(), problems.len()), (1, 1), "{problems:?}");
    }

    #[test]
    fn a_feed_without_items_is_refused_and_one_with_none_is_empty() {
        for text in ["{}", "{\"items\": 1}", "{\"items\"", "{\"items\": x"] {
            let (all, problems) = read(text);
            assert_eq!((all.len(), problems.len()), (0, 1), "{text}");
        }
        assert_eq!(read("{\"items\": [ ]}").1.len(), 0);
        let (all, _) = read("{\"home_page_url\": \"https://e.org/\", \"items\": [{\"id\": 1}]}");
        assert_eq!(all[0].base.as_deref(), Some("https://e.org/"));
    }
}
