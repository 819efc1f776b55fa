//! RSS, Atom and JSON Feed to records.

use feed_rs::model;

use crate::diagnostic::Diagnostic;
use crate::import::clean::Change;
use crate::import::input::Input;
use crate::import::record::{Entry, Field, Found, Kind, Record, Spot, Value};
use crate::yaml::Node;

/// Reads a feed's entries.
#[must_use]
pub fn records(input: &Input) -> Vec<Found> {
    let feed = match feed_rs::parser::parse(input.text.as_bytes()) {
        Ok(feed) => feed,
        Err(error) => {
            return vec![Found::Problem(
                Diagnostic::error(format!("this feed cannot be read: {error}"))
                    .at(input.whole())
                    .help("is it complete? RSS, Atom and JSON Feed are understood"),
            )];
        }
    };
    let spots = spots(&input.text);
    let located = spots.len() == feed.entries.len();
    let publisher = feed.title.map(|title| plain(&title)).filter(|title| !title.is_empty());
    let entries = feed.entries.into_iter().enumerate();
    entries
        .map(|(n, entry)| {
            let spot = if located { spots[n] } else { Spot { line: 1, start: 0, end: 0 } };
            Found::Record(record(&entry, publisher.as_deref(), spot))
        })
        .collect()
}

fn record(entry: &model::Entry, publisher: Option<&str>, spot: Spot) -> Record {
    let mut entries = Vec::new();
    let mut add = |field: Field, value: Value| entries.push(Entry { field, value, spot });
    if let Some(title) = &entry.title {
        add(Field::Title, Value::Text(plain(title)));
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
                add(Field::Summary, Value::Text(without_tags(&summary.content)));
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

/// Elements that hold no words of an article.
const LEFT_OUT: [&str; 13] = [
    "script", "style", "noscript", "iframe", "object", "embed", "template", "form", "svg", "video", "audio",
    "canvas", "input",
];

/// Does a text look like a piece of a page?
#[must_use]
pub fn is_html(text: &str) -> bool {
    let text = text.trim_start();
    ["<p>", "<p ", "<div", "<html", "<!DOCTYPE", "<article", "<section", "<img", "<h1", "<h2", "<h3"]
        .iter()
        .any(|tag| text.starts_with(tag))
        || ["</p>", "</div>", "<br>", "<br/>", "<br />"].iter().any(|tag| text.contains(tag))
}

/// HTML to Markdown. What holds no words is left out and named; what Markdown has no form for is left as text.
#[must_use]
pub fn markdown(html: &str, changes: &mut Vec<Change>) -> String {
    // What closes nowhere behind one place closes nowhere behind the next.
    let mut open_ended: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(found) = html[at..].find('<') {
        at += found;
        let rest = &html[at..];
        let letters = rest[1..].bytes().take_while(u8::is_ascii_alphanumeric).count();
        let name = LEFT_OUT.iter().find(|name| rest[1..=letters].eq_ignore_ascii_case(name));
        let Some(name) = name else {
            at += 1;
            continue;
        };
        let close = format!("</{name}>");
        let end =
            if open_ended.contains(name) { None } else { rest.find(&close).map(|end| end + close.len()) };
        if end.is_none() {
            open_ended.push(name);
        }
        let end = end.or_else(|| rest.find('>').map(|end| end + 1)).unwrap_or(rest.len());
        changes.push((Kind::Markup, rest[..end].to_owned(), String::new()));
        at += end;
    }
    // Images that pages load when they are scrolled to.
    let html = html.replace(" data-src=", " src=").replace(" data-original=", " src=");
    let html = html.as_str();
    let converter = htmd::HtmlToMarkdown::builder().skip_tags(LEFT_OUT.to_vec()).build();
    converter.convert(html).unwrap_or_else(|_| html.to_owned())
}

/// A title's words: titles may be HTML.
fn plain(text: &model::Text) -> String {
    let is_html = text.content_type.as_str().contains("html");
    if is_html { without_tags(&text.content) } else { text.content.trim().to_owned() }
}

/// HTML's words, for fields that are one line; its entities are decoded with those of all fields.
#[must_use]
pub fn without_tags(html: &str) -> String {
    let mut words = String::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        words.push_str(&rest[..at]);
        let tag = rest[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'));
        match rest[at..].find('>').filter(|_| tag) {
            Some(end) => rest = &rest[at + end + 1..],
            None => {
                words.push('<');
                rest = &rest[at + 1..];
            }
        }
    }
    words.push_str(rest);
    words.trim().to_owned()
}

/// Where each entry begins.
fn spots(text: &str) -> Vec<Spot> {
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
