//! Reads posts of other generators as records: Markdown with YAML, TOML or JSON front matter.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::import::front_matter::{Unread, front_matter};
use crate::import::generator::address::{self, Addresses};
use crate::import::generator::feed_id::feed_id;
use crate::import::generator::kind::Generator;
use crate::import::generator::lists::{self, ListedPost};
use crate::import::generator::pelican;
use crate::import::generator::place::Place;
use crate::import::generator::post::Post;
use crate::import::generator::scheme::Scheme;
use crate::import::generator::site::Site;
use crate::import::generator::translation::{self, Spoken};
use crate::import::input::Input;
use crate::import::labels::Labels;
use crate::import::links::wiki;
use crate::import::post_fields::{add_entries, add_terms, with_defaults};
use crate::import::post_hidden::{self, hidden_by, without_marks};
use crate::import::post_times;
use crate::import::post_title::first_heading;
use crate::import::record::{Entry, Field, Found, Record, Spot, Value};
use crate::import::repair::{Kind, Repair};
use crate::load::date;

/// What is known of a post beside its text.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The place of its file in the old site.
    pub place: &'a Place,
    /// The old site.
    pub site: &'a Site,
    /// The scheme of `--alias`.
    pub scheme: Option<&'a Scheme>,
    /// The current time, after which a post is not public yet.
    pub now: DateTime<Utc>,
}

/// A post that was read.
pub struct Reading {
    /// The record, or the problem that refuses it.
    pub found: Found,
    /// The old addresses, the one of the post's page first.
    pub addresses: Vec<String>,
    /// A variable of the scheme that the post has no value for.
    pub missing: Option<String>,
    /// The language of the post, if the digest does not declare it.
    pub other_language: Option<String>,
    /// What the lists of the old site show of the post.
    pub listed: ListedPost,
}

/// Reads a post of which nothing but its text is known.
#[must_use]
pub fn record(input: &Input, labels: &Labels) -> Found {
    let site = Site::unknown(Tz::UTC, "");
    let place = Place::of(Generator::Zola, input.name.as_ref(), None, &site);
    let context = Context { place: &place, site: &site, scheme: None, now: DateTime::<Utc>::MAX_UTC };
    read(input, context, labels).found
}

/// Reads a post.
#[must_use]
pub fn read(input: &Input, context: Context<'_>, labels: &Labels) -> Reading {
    let parsed = match context.place.generator {
        Generator::Pelican => {
            let (own, body) = pelican::head::parse(&input.text);
            Ok((pelican::metadata::of_post(own, context.place, context.site), body))
        }
        _ => front_matter(input),
    };
    let (fields, body) = match parsed {
        Ok(parts) => parts,
        Err(Unread { is_bare: true, .. }) if takes_bare(context.place) => (Vec::new(), 0),
        Err(Unread { problem, .. }) => {
            let (addresses, listed) = (Vec::new(), ListedPost::default());
            let (missing, other_language) = (None, None);
            return Reading { found: Found::Problem(*problem), addresses, missing, other_language, listed };
        }
    };
    let fields = with_defaults(fields, context.place);
    let post = Post { place: context.place, fields: &fields };
    let (language, other_language) = match translation::of_post(&post, context.site) {
        Spoken::Unsaid => (None, None),
        Spoken::Declared(at) => (Some(at), None),
        Spoken::Other(own) => (None, Some(own)),
    };
    let addresses = address::addresses(context.scheme, &post, context.site);
    let feed_id = feed_id(context.scheme, &post, context.site, &addresses);
    let Addresses { all: addresses, missing, .. } = addresses;
    let whole = Spot { line: 1, start: 0, end: input.text.len() };
    let mut record = Record { spot: whole, ..Record::default() };
    for (n, (key, node)) in fields.iter().cloned().enumerate() {
        // Each lookup scans the front matter, so only the first 100 fields get a place of their
        // own.
        let spot = if n < 100 { find_spot(input, &key) } else { whole };
        let times = post_times::fields(&key, &post, context.site);
        if !times.is_empty() {
            let value = Value::Text(node.text().unwrap_or_default().to_owned());
            record.entries.extend(times.into_iter().map(|field| Entry { field, value: value.clone(), spot }));
        } else if let Some(node) = without_marks(&key, node, spot, &mut record.repairs) {
            add_entries(&key, node, (spot, &post), labels, &mut record.entries);
        }
    }
    if context.place.generator == Generator::Jekyll && !context.place.folders.is_empty() {
        add_terms("categories", context.place.folders.clone(), whole, labels, &mut record.entries);
    }
    if context.place.generator == Generator::Obsidian {
        let tags = wiki::tags(&input.text[body..]);
        add_terms("tags", tags, whole, labels, &mut record.entries);
    }
    let marks = post_hidden::marks(&post, context.site, context.now).into_iter();
    record.repairs.extend(marks.map(|mark| hidden_by(mark, 1)));
    let add = |record: &mut Record, field: Field, value: Value| {
        record.entries.push(Entry { field, value, spot: whole });
    };
    if record.repairs.iter().any(|repair| repair.kind == Kind::Hidden) {
        // One mark hides a post, whatever another one says.
        record.entries.retain(|entry| entry.field != Field::Draft);
        add(&mut record, Field::Draft, Value::Text("true".to_owned()));
    }
    let (name, named_date) = split_name(context.place);
    if let Some(date) = named_date.filter(|_| !record.has(&Field::Date)) {
        add(&mut record, Field::Date, Value::Text(date));
    }
    if !addresses.is_empty() {
        add(&mut record, Field::Aliases, Value::Items(addresses.clone()));
    }
    let line = input.text[..body].matches('\n').count() + 1;
    let (text, removed) = add_title(&input.text[body..], line, &name, &mut record);
    record.language = language;
    if !context.site.further.is_empty() {
        record.translations = translation::keys(&post, context.site);
    }
    record.zone = context.place.generator.zone_of_times(context.site.own_zone());
    record.name = Some(translation::own_name(&name, &post, context.site).to_owned());
    record.post = Some(context.place.identity());
    record.site.clone_from(&context.place.site);
    record.feed_id = feed_id;
    record.entries.push(Entry {
        field: Field::Body,
        value: Value::Markdown(text),
        spot: Spot { line: line + removed, start: body, end: input.text.len() },
    });
    let listed = lists::of_post(&post, context.site);
    Reading { found: Found::Record(record), addresses, missing, other_language, listed }
}

/// True if the generator makes a page of the file without front matter. Jekyll 4.3.1 does so for
/// files of `_posts` whose names have a date, which are the posts (`PostReader`), not for others.
fn takes_bare(place: &Place) -> bool {
    let is_post = place.generator == Generator::Jekyll && place.split_date().1.is_some();
    is_post || place.generator.takes_bare_files()
}

/// Gives a post without a title its first heading, else the name of its file. Returns the text
/// without that heading, and the lines that it has fewer.
fn add_title(text: &str, line: usize, name: &str, record: &mut Record) -> (String, usize) {
    let is_title = |entry: &Entry| {
        entry.field == Field::Title && matches!(&entry.value, Value::Text(text) if !text.trim().is_empty())
    };
    if record.entries.iter().any(is_title) {
        return (text.to_owned(), 0);
    }
    let heading = first_heading(text);
    let (title, kind) = match &heading {
        Some((title, _)) => (title.clone(), Kind::Heading),
        None => (name.to_owned(), Kind::FileName),
    };
    let spot = Spot { line, ..record.spot };
    record.repairs.push(Repair { kind, from: title.clone(), to: format!("title: {title}"), line });
    record.entries.retain(|entry| entry.field != Field::Title);
    record.entries.push(Entry { field: Field::Title, value: Value::Text(title), spot });
    match heading {
        Some((_, range)) => {
            let removed = text[range.clone()].matches('\n').count();
            (format!("{}{}", &text[..range.start], &text[range.end..]), removed)
        }
        None => (text.to_owned(), 0),
    }
}

/// Splits a post's name into its own name and the date before it.
fn split_name(place: &Place) -> (String, Option<String>) {
    let (rest, date) = place.split_date();
    if let Some(date) = date.filter(|date| date::parse(date, Tz::UTC).is_ok()) {
        return (rest.to_owned(), Some(date));
    }
    let date = date::file_prefix(&place.name, Tz::UTC).map(|(date, _)| date.iso());
    (place.name.clone(), date)
}

/// Finds the line of a field at the top level of the front matter, among the first 200 lines.
fn find_spot(input: &Input, key: &str) -> Spot {
    let mut start = 0;
    for (number, line) in input.text.split_inclusive('\n').take(200).enumerate() {
        let inner = line.trim_start_matches(['"', ' ', '\t']);
        let is_named = inner.get(..key.len()).is_some_and(|name| name.eq_ignore_ascii_case(key));
        if is_named && inner[key.len()..].trim_start_matches(['"', ' ']).starts_with([':', '=']) {
            return Spot { line: number + 1, start, end: start + line.trim_end().len() };
        }
        start += line.len();
    }
    Spot { line: 1, start: 0, end: 0 }
}

#[cfg(test)]
mod tests;
