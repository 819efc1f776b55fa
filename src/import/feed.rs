//! Reads the entries of RSS, Atom and JSON Feed as records.

use std::borrow::Cow;

use feed_rs::model;

use crate::diagnostic::Diagnostic;
use crate::import::html;
use crate::import::input::Input;
use crate::import::record::{Entry, Field, Found, Record, Spot, Value};
use crate::yaml::Node;

/// Reads the entries of a feed. A feed that cannot be parsed gives one [`Found::Problem`].
#[must_use]
pub fn records(input: &Input) -> Vec<Found> {
    let text = without_encoding(&input.text);
    let feed = match feed_rs::parser::parse(text.as_bytes()) {
        Ok(feed) => feed,
        Err(error) => {
            return vec![Found::Problem(
                Diagnostic::error(format!("this feed cannot be read: {error}"))
                    .at(input.whole())
                    .help("check that the file is a complete feed in RSS, Atom or JSON Feed"),
            )];
        }
    };
    let spots = find_spots(&input.text);
    let located = spots.len() == feed.entries.len();
    let publisher = feed.title.map(|title| plain_text(&title)).filter(|title| !title.is_empty());
    let entries = feed.entries.into_iter().enumerate();
    entries
        .map(|(n, entry)| {
            let spot = if located { spots[n] } else { Spot { line: 1, start: 0, end: 0 } };
            Found::Record(record(&entry, publisher.as_deref(), spot))
        })
        .collect()
}

/// Removes the encoding from the XML declaration, because the text is already decoded to UTF-8.
fn without_encoding(text: &str) -> Cow<'_, str> {
    let declaration = text.trim_start().strip_prefix("<?xml").and_then(|rest| rest.split_once("?>"));
    match declaration {
        Some((_, rest)) => Cow::Owned(format!("<?xml version=\"1.0\"?>{rest}")),
        None => Cow::Borrowed(text.trim_start()),
    }
}

/// Makes a record of an entry. The title of the feed is the publisher.
fn record(entry: &model::Entry, publisher: Option<&str>, spot: Spot) -> Record {
    let mut entries = Vec::new();
    let mut add = |field: Field, value: Value| entries.push(Entry { field, value, spot });
    if let Some(title) = &entry.title {
        add(Field::Title, Value::Text(plain_text(title)));
    }
    let is_page = |link: &&model::Link| link.rel.as_deref().is_none_or(|rel| rel == "alternate");
    if let Some(link) = entry.links.iter().find(is_page).or(entry.links.first()) {
        add(Field::Link, Value::Text(link.href.clone()));
    } else if entry.id.starts_with("http") {
        add(Field::Link, Value::Text(entry.id.clone()));
    }
    if let Some(publisher) = publisher {
        add(Field::Source, Value::Text(publisher.to_owned()));
    }
    if let Some(date) = entry.published.or(entry.updated) {
        add(Field::Date, Value::Text(date.to_rfc3339()));
    }
    if let Some(updated) =
        entry.updated.filter(|updated| entry.published.is_some_and(|published| published != *updated))
    {
        add(Field::Updated, Value::Text(updated.to_rfc3339()));
    }
    let categories = entry
        .categories
        .iter()
        .map(|category| category.label.clone().unwrap_or_else(|| category.term.clone()));
    let categories: Vec<String> = categories.collect();
    if !categories.is_empty() {
        add(Field::Terms(0), Value::Items(categories));
    }
    let content = entry.content.as_ref().and_then(|content| {
        let body = content.body.clone()?;
        Some(if content.content_type.as_str().contains("html") || body.contains("</") {
            Value::Html(body)
        } else {
            Value::Text(body)
        })
    });
    match (content, &entry.summary) {
        (Some(content), summary) => {
            add(Field::Body, content);
            if let Some(summary) = summary {
                add(Field::Summary, Value::Text(html::without_tags(&summary.content)));
            }
        }
        (None, Some(text)) if text.content.contains("</") || text.content_type.as_str().contains("html") => {
            add(Field::Body, Value::Html(text.content.clone()));
        }
        (None, Some(text)) => add(Field::Body, Value::Text(text.content.clone())),
        (None, None) => {}
    }
    let authors: Vec<Node> = entry
        .authors
        .iter()
        .filter_map(|person| person.name.clone())
        .filter(|name| !name.is_empty())
        .map(Node::Text)
        .collect();
    if !authors.is_empty() {
        add(Field::Extra("author".to_owned()), Value::Data(Node::List(authors)));
    }
    Record { spot, entries, ..Record::default() }
}

/// The plain text of a title, which can be HTML.
fn plain_text(text: &model::Text) -> String {
    let is_html = text.content_type.as_str().contains("html");
    if is_html { html::without_tags(&text.content) } else { text.content.trim().to_owned() }
}

/// Finds where each entry of an RSS or Atom feed begins.
fn find_spots(text: &str) -> Vec<Spot> {
    let mut line = 1;
    let mut counted = 0;
    let starts = text.match_indices(['<']).map(|(at, _)| at).filter(|at| {
        ["<item>", "<item ", "<entry>", "<entry "].iter().any(|tag| text[*at..].starts_with(tag))
    });
    starts
        .map(|start| {
            line += text[counted..start].matches('\n').count();
            counted = start;
            Spot { line, start, end: start + 5 }
        })
        .collect()
}
