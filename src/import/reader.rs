//! A record to the article that it describes: every field cleaned, and each change to it named.

use std::collections::HashMap;

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::hygiene::placeholder;
use crate::hygiene::residue;
use crate::import::article_file::{IMPORTED, RECORD};
use crate::import::clean;
use crate::import::draft::{Body, Draft};
use crate::import::input::Input;
use crate::import::paragraphs;
use crate::import::record::{Entry, Field, Record, Spot, Value};
use crate::import::repair::Change;
use crate::import::repair::{Kind, Repair};
use crate::import::{address, date_field, html, terms};
use crate::slug::key;
use crate::yaml::Node;

/// Nesting that an `extra` field keeps; what is deeper is kept as text. YAML's parser follows 128.
const MAX_EXTRA_DEPTH: usize = 32;

/// How texts are treated.
#[derive(Debug, Clone, Copy)]
pub struct CleanOptions<'a> {
    /// The digest.
    pub config: &'a Config,
    /// Leave texts as they came?
    pub raw: bool,
}

/// Makes an article of a record.
///
/// # Errors
/// The title is missing, or a link or a date cannot be read: all that was found. Warnings come with the draft.
pub fn draft(
    input: &Input,
    record: Record,
    options: CleanOptions<'_>,
) -> Result<(Draft, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut reader = Reader {
        input,
        options,
        draft: Draft::default(),
        problems: Vec::new(),
        seen: Vec::new(),
        names: Names::default(),
    };
    for own in [RECORD, IMPORTED] {
        reader.names.free(own);
    }
    reader.draft.spot = record.spot;
    reader.draft.repairs = record.repairs;
    reader.draft.name = record.name;
    let roles = Roles::of(&record.entries, options.config);
    let mut written = String::new();
    for entry in record.entries {
        reader.entry(entry, &roles, &mut written);
    }
    let Reader { mut draft, mut problems, .. } = reader;
    if draft.title.is_empty() {
        problems.push(
            Diagnostic::error("this record has no title")
                .at(input.place(Spot {
                    end: record.spot.start.saturating_add(60).min(record.spot.end),
                    ..record.spot
                }))
                .help("give it one: `标题: …`, `\"title\"` in JSON, a `title` column in a table"),
        );
    }
    if problems.iter().any(Diagnostic::is_error) {
        return Err(problems);
    }
    // Without a text the key event and the date tell one morning's report from the next.
    if written.trim().is_empty() {
        let date = draft.date.map(|date| date.iso()).unwrap_or_default();
        written = [draft.event.as_deref(), draft.summary.as_deref(), Some(&date)]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join("\n");
    }
    // Kept in files for years: of plain bytes, whatever newsprint's own form of data is by then.
    draft.hash = Fingerprint::of_bytes(format!("{}\n{written}", draft.title).as_bytes());
    Ok((draft, problems))
}

/// What a record's texts are, which depends on the others that it has.
struct Roles {
    /// Is the summary the text?
    summary_is_body: bool,
    abstract_is: Field,
}

impl Roles {
    fn of(entries: &[Entry], config: &Config) -> Self {
        let has = |field: Field| {
            entries.iter().any(|entry| entry.field == field && !is_nothing(&entry.value, config))
        };
        let (body, summary, event) = (has(Field::Body), has(Field::Summary), has(Field::Event));
        let abstract_is = match (event, body || summary, body && summary) {
            (false, ..) => Field::Event,
            (true, false, _) => Field::Body,
            (true, true, false) if body => Field::Summary,
            _ => Field::Extra("abstract".to_owned()),
        };
        Self { summary_is_body: !body, abstract_is }
    }
}

struct Reader<'a> {
    input: &'a Input,
    options: CleanOptions<'a>,
    draft: Draft,
    problems: Vec<Diagnostic>,
    /// Fields with room for one value that have theirs.
    seen: Vec<Field>,
    /// Of the draft's `extra`.
    names: Names,
}

impl Reader<'_> {
    fn entry(&mut self, entry: Entry, roles: &Roles, written: &mut String) {
        let Entry { field, value, spot } = entry;
        let field = match field {
            Field::Summary if roles.summary_is_body => Field::Body,
            Field::Abstract => roles.abstract_is.clone(),
            field => field,
        };
        let value = match (&field, value) {
            (Field::Extra(name), value) => return self.extra(name, value, spot),
            (Field::Terms(at), value) => return self.terms(*at, value, spot),
            (Field::Aliases, value) => return self.aliases(value, spot),
            // A page's HTML and its words beside each other: the first is the text, the other is kept.
            (Field::Body, Value::Markdown(text)) if !self.draft.body.is_empty() => {
                return self.extra("body", Value::Text(text), spot);
            }
            (Field::Body, Value::Text(text))
                if matches!(self.draft.body, Body::Markdown(_)) && !self.draft.body.is_empty() =>
            {
                return self.extra("body", Value::Text(text), spot);
            }
            (Field::Body, Value::Markdown(text)) => {
                written.push_str(&text);
                return self.markdown(&text, spot);
            }
            (Field::Body, Value::Html(html)) => {
                let mut changes = Vec::new();
                let markdown = html::markdown(&html, &mut changes);
                self.keep(changes, spot);
                return self.entry(Entry { field, value: Value::Markdown(markdown), spot }, roles, written);
            }
            (_, Value::Html(html)) => html::without_tags(&html),
            (_, Value::Text(text) | Value::Markdown(text)) => text,
            (_, Value::Items(items)) => items.join("\n"),
            (_, Value::Data(node)) => match node.text() {
                Some(text) => text.to_owned(),
                // `source: {name: …}`: nothing that this field can hold, and nothing to lose.
                None => return self.extra(field_name(&field), Value::Data(node), spot),
            },
        };
        if field != Field::Body && self.seen.contains(&field) {
            self.problems.push(
                Diagnostic::warning(format!("this record has a second `{}`", field_name(&field)))
                    .at(self.input.place(spot))
                    .help("the first is used; the others are kept under `extra`"),
            );
            return self.extra(field_name(&field), Value::Text(value), spot);
        }
        if value.contains(char::REPLACEMENT_CHARACTER) {
            self.problems.push(
                Diagnostic::warning("this text was damaged before it came here: it holds U+FFFD")
                    .at(self.input.place(spot))
                    .help("get the record anew; it was imported as it is"),
            );
        }
        if field == Field::Body {
            written.push_str(value.trim());
            return self.body(&value, spot);
        }
        let mut changes = Vec::new();
        let text = clean::clean(&value, &mut changes);
        if is_placeholder(&text, self.options.config) {
            changes.push((Kind::Placeholder, text.trim().to_owned(), String::new()));
            return self.keep(changes, spot);
        }
        if !text.trim().is_empty() {
            self.seen.push(field.clone());
        }
        match field {
            Field::Title => self.draft.title = unmarked(&one_line(&text)).to_owned(),
            Field::Event => self.draft.event = Some(one_line(&text)).filter(|text| !text.is_empty()),
            Field::Summary => self.draft.summary = Some(one_line(&text)).filter(|text| !text.is_empty()),
            Field::Source => {
                let sources: Vec<&str> =
                    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
                self.draft.source = Some(one_line(&sources.join("、"))).filter(|text| !text.is_empty());
            }
            Field::Slug => self.draft.slug = Some(one_line(&text)).filter(|text| !text.is_empty()),
            Field::Image => self.image(&text, spot),
            Field::Draft => match text.trim().to_lowercase().as_str() {
                word @ ("true" | "yes" | "1" | "是" | "false" | "no" | "0" | "否") => {
                    self.draft.draft = matches!(word, "true" | "yes" | "1" | "是");
                    changes.push((Kind::Form, text.trim().to_owned(), String::new()));
                }
                _ => self.extra("draft", Value::Text(text), spot),
            },
            Field::Link => self.link(&text, spot, &mut changes),
            Field::Date | Field::Updated => self.date(&field, &text, spot, &mut changes),
            _ => {}
        }
        self.keep(changes, spot);
    }

    fn keep(&mut self, changes: Vec<Change>, spot: Spot) {
        let repairs = changes.into_iter().map(|(kind, from, to)| Repair { kind, from, to, line: spot.line });
        self.draft.repairs.extend(repairs);
    }

    fn body(&mut self, text: &str, spot: Spot) {
        let mut changes = Vec::new();
        let blocks = if self.options.raw {
            paragraphs::lines(&clean::visible(text, &mut changes))
        } else if is_placeholder(text, self.options.config) {
            changes.push((Kind::Placeholder, text.trim().to_owned(), String::new()));
            Vec::new()
        } else {
            let text = clean::clean(text, &mut changes);
            let (text, removed) = residue::remove(&text, &self.options.config.import.residue);
            changes.extend(removed.into_iter().map(|from| (Kind::Residue, from, String::new())));
            paragraphs::blocks(&text, &mut changes)
        };
        match &mut self.draft.body {
            Body::Words(known) => known.extend(blocks),
            Body::Markdown(_) => {}
        }
        self.keep(changes, spot);
    }

    fn markdown(&mut self, text: &str, spot: Spot) {
        let mut changes = Vec::new();
        let mut kept = clean::visible(text, &mut changes);
        if !self.options.raw {
            for mark in ["<!-- more -->", "<!--more-->"] {
                for _ in 0..kept.matches(mark).count() {
                    changes.push((Kind::Markup, mark.to_owned(), String::new()));
                }
                kept = kept.replace(mark, "");
            }
        }
        self.draft.body = Body::Markdown(kept.trim().to_owned());
        self.keep(changes, spot);
    }

    fn terms(&mut self, taxonomy: usize, value: Value, spot: Spot) {
        let mut changes = Vec::new();
        let items = match value {
            Value::Text(text) | Value::Markdown(text) | Value::Html(text) => {
                terms::split(&clean::clean(&text, &mut changes))
            }
            Value::Items(items) => {
                // An item may be a list itself: `["AI, 安全"]`.
                items.iter().flat_map(|item| terms::split(&clean::clean(item, &mut changes))).collect()
            }
            Value::Data(node) => match node.text() {
                Some(text) => terms::split(&clean::clean(text, &mut changes)),
                None => {
                    let name = self.options.config.taxonomies[taxonomy].name.clone();
                    return self.extra(&name, Value::Data(node), spot);
                }
            },
        };
        let name = &self.options.config.taxonomies[taxonomy].name;
        let known = self.draft.terms.iter().position(|(known, _)| known == name);
        // `tags` and `categories` are the same field.
        let mut items = items;
        if let Some(at) = known {
            let mut all = self.draft.terms.remove(at).1;
            all.append(&mut items);
            items = all;
        }
        let terms = terms::terms(items, &self.options.config.import.placeholders, &mut changes);
        if !terms.is_empty() {
            self.draft.terms.push((name.clone(), terms));
        }
        self.keep(changes, spot);
    }

    fn aliases(&mut self, value: Value, spot: Spot) {
        let written = match value {
            Value::Items(items) => items,
            Value::Text(text) | Value::Markdown(text) | Value::Html(text) => terms::split(&text),
            Value::Data(node) => return self.extra("aliases", Value::Data(node), spot),
        };
        let mut refused = Vec::new();
        for alias in written {
            let path = alias.trim().trim_end_matches("index.html");
            match crate::paths::alias(path) {
                Some(path) if !self.draft.aliases.contains(&path) => self.draft.aliases.push(path),
                Some(_) => {}
                None => refused.push(Node::Text(alias)),
            }
        }
        if !refused.is_empty() {
            self.problems.push(
                Diagnostic::warning("an old address here cannot be an alias; it is kept under `extra`")
                    .at(self.input.place(spot))
                    .help("aliases are paths from the digest's home, as in `/2024/old-name/`"),
            );
            self.add_extra("aliases", Node::List(refused));
        }
    }

    fn image(&mut self, text: &str, spot: Spot) {
        let text = one_line(text);
        if crate::config::is_image(&text) {
            self.draft.image = Some(text);
        } else if !text.is_empty() {
            self.extra("image", Value::Text(text), spot);
        }
    }

    fn link(&mut self, text: &str, spot: Spot, changes: &mut Vec<Change>) {
        if text.trim().is_empty() {
            return;
        }
        match address::read(text, changes) {
            Ok((link, further)) => {
                self.draft.link = Some(link);
                if !further.is_empty() {
                    self.problems.push(
                        Diagnostic::warning("there are several links here; the first is the original")
                            .at(self.input.place(spot))
                            .help("the others are kept under `extra.links`"),
                    );
                    self.add_extra("links", Node::List(further.into_iter().map(Node::Text).collect()));
                }
            }
            Err(_) if address::is_nothing(text) => {
                changes.push((Kind::Placeholder, text.trim().to_owned(), String::new()));
            }
            Err(message) => self.problems.push(
                Diagnostic::error(message)
                    .at(self.input.place(spot))
                    .help("write the whole address, `链接: https://…`, or leave the line out"),
            ),
        }
    }

    fn date(&mut self, field: &Field, text: &str, spot: Spot, changes: &mut Vec<Change>) {
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let Some(first) = lines.next() else { return };
        let shown: String = first.chars().take(60).collect();
        match date_field::read(if first.len() > 200 { &shown } else { first }, self.options.config.timezone) {
            Ok(date) => {
                if date.iso() != first {
                    changes.push((Kind::Form, first.to_owned(), date.iso()));
                }
                let slot = if *field == Field::Date { &mut self.draft.date } else { &mut self.draft.updated };
                *slot = Some(date);
            }
            Err(message) => {
                let help = "write it as `日期: 2026-11-23`, or leave the line out";
                self.problems.push(Diagnostic::error(message).at(self.input.place(spot)).help(help));
            }
        }
        let further: Vec<Node> = lines.map(|line| Node::Text(line.to_owned())).collect();
        if !further.is_empty() {
            self.add_extra("dates", Node::List(further));
        }
    }

    fn extra(&mut self, name: &str, value: Value, spot: Spot) {
        let mut changes = Vec::new();
        let node = match value {
            Value::Text(text) | Value::Markdown(text) | Value::Html(text) => {
                Node::Text(clean::clean(text.trim(), &mut changes))
            }
            Value::Items(items) => {
                Node::List(items.iter().map(|item| Node::Text(clean::clean(item, &mut changes))).collect())
            }
            Value::Data(node) if depth(&node) > MAX_EXTRA_DEPTH => Node::Text(crate::yaml::flow(&node)),
            Value::Data(node) => visible(node, &mut changes),
        };
        self.keep(changes, spot);
        if node != Node::Null && node != Node::Text(String::new()) {
            self.add_extra(name, node);
        }
    }

    /// Under a name that nothing else has: what newsprint itself keeps there, and what came before, stay.
    fn add_extra(&mut self, name: &str, node: Node) {
        let name = self.names.free(name);
        self.draft.extra.push((name, node));
    }
}

/// Names that stand once in their mapping: the second `k` is called `k_2`.
#[derive(Default)]
struct Names(HashMap<String, usize>);

impl Names {
    fn free(&mut self, name: &str) -> String {
        if self.0.insert(name.to_owned(), 1).is_none() {
            return name.to_owned();
        }
        // Counted from where the last one with this name ended.
        let count = self.0.entry(format!("{name}_")).or_insert(1);
        let mut number = *count;
        let free = loop {
            number += 1;
            let candidate = format!("{name}_{number}");
            if !self.0.contains_key(&candidate) {
                break candidate;
            }
        };
        self.0.insert(format!("{name}_"), number);
        self.0.insert(free.clone(), 1);
        free
    }
}

fn field_name(field: &Field) -> &'static str {
    match field {
        Field::Title => "title",
        Field::Link => "link",
        Field::Body => "body",
        Field::Summary => "summary",
        Field::Abstract => "abstract",
        Field::Event => "event",
        Field::Date => "date",
        Field::Updated => "updated",
        Field::Source => "source",
        Field::Slug => "slug",
        Field::Image => "image",
        Field::Draft => "draft",
        Field::Aliases => "aliases",
        Field::Terms(_) | Field::Extra(_) => "extra",
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A title without the emphasis around all of it.
fn unmarked(title: &str) -> &str {
    let inner = title.strip_prefix("**").and_then(|rest| rest.strip_suffix("**"));
    inner.filter(|inner| !inner.contains("**")).unwrap_or(title).trim()
}

fn is_nothing(value: &Value, config: &Config) -> bool {
    match value {
        Value::Text(text) | Value::Markdown(text) | Value::Html(text) => {
            text.trim().is_empty() || is_placeholder(text, config)
        }
        Value::Items(items) => items.is_empty(),
        Value::Data(node) => *node == Node::Null,
    }
}

/// Is a whole text a word for nothing? (Sentences that begin like one are headlines: 暂无解药.)
fn is_placeholder(text: &str, config: &Config) -> bool {
    let text = text.trim();
    // No word for nothing is longer.
    if text.len() > 60 || text.is_empty() {
        return false;
    }
    let key = key::term_key(text);
    placeholder::is_word_for_nothing(&key)
        || config.import.placeholders.iter().any(|word| key::term_key(word) == key)
}

fn depth(node: &Node) -> usize {
    match node {
        Node::List(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Node::Map(entries) => 1 + entries.iter().map(|(_, value)| depth(value)).max().unwrap_or(0),
        _ => 0,
    }
}

/// Nested data without characters that nobody sees.
fn visible(node: Node, changes: &mut Vec<Change>) -> Node {
    match node {
        Node::Text(text) => Node::Text(clean::visible(&text, changes)),
        Node::List(items) => Node::List(items.into_iter().map(|item| visible(item, changes)).collect()),
        Node::Map(entries) => {
            // JSON allows keys that stand twice, YAML does not.
            let mut names = Names::default();
            let entries = entries
                .into_iter()
                .map(|(key, value)| (names.free(&clean::visible(&key, changes)), visible(value, changes)));
            Node::Map(entries.collect())
        }
        other => other,
    }
}
