//! Makes a record of the elements of an item.

use std::ops::Range;

use chrono_tz::Tz;
use url::Url;

use crate::import::feed::base::{self, Bases};
use crate::import::feed::element::Element;
use crate::import::feed::field::{
    ai, authors, body, category, description, first, is_dublin, is_field, link_element, title,
};
use crate::import::feed::space::Space;
use crate::import::record::{Entry, Field, Record, Spot, Value};
use crate::import::{address, date_field};
use crate::yaml::Node;

/// Elements with the date of publication, the preferred first: RSS, Atom, Atom 0.3, Dublin Core and
/// its terms.
const PUBLISHED: [&str; 6] = ["pubDate", "published", "issued", "date", "created", "available"];
/// Elements with the date of the last change: Atom, Atom 0.3 and the terms of Dublin Core.
const UPDATED: [&str; 2] = ["updated", "modified"];

/// What an item takes from its feed.
#[derive(Debug, Default)]
pub(super) struct Head {
    /// The title of the feed: the publisher.
    pub(super) title: String,
    /// The address of the site.
    pub(super) link: Option<Url>,
    /// The base that `xml:base` sets for the whole feed.
    pub(super) base: Option<Url>,
}

impl Head {
    /// Reads the elements beside the items.
    pub(super) fn of(elements: &[Element], base: Option<Url>) -> Self {
        let title = elements.iter().find(|element| is_field(element, "title")).map(title).unwrap_or_default();
        let bases = Bases { declared: base.as_ref(), fallback: None };
        let written = link_element(elements).map(|(_, link)| link).or_else(|| {
            let own = |element: &&Element| element.name == "link" && element.attribute("rel") == "self";
            elements.iter().find(own).map(|element| element.attribute("href").to_owned())
        });
        let link = written.and_then(|link| bases.resolve(&link));
        Self { title, link, base }
    }

    /// The bases of addresses in the feed.
    pub(super) fn bases(&self) -> Bases<'_> {
        Bases { declared: self.base.as_ref(), fallback: self.link.as_ref() }
    }
}

/// The addresses that an item gives for itself.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Address {
    /// The link as it is written.
    pub(super) link: Option<String>,
    /// The id, if it is the address of the item.
    pub(super) permalink: Option<String>,
}

impl Address {
    /// Reads the link and the id. A `guid` is an address unless `isPermaLink` is `false` (RSS 2.0);
    /// the id of an Atom entry and `rdf:about` often are.
    pub(super) fn of(elements: &[Element], about: &str) -> Self {
        let is_id = |element: &&Element| {
            is_field(element, "guid") && !element.attribute("isPermaLink").eq_ignore_ascii_case("false")
                || is_field(element, "id")
        };
        let id = elements.iter().find(is_id).map_or(about, Element::words);
        Self {
            link: link_element(elements).map(|(_, link)| link),
            permalink: base::parse(id).map(|_| id.to_owned()),
        }
    }
}

/// Where an item is written.
pub(super) struct Place<'a> {
    /// Converts the bytes of an element to a spot of the input.
    pub(super) spot: &'a dyn Fn(&Range<usize>) -> Spot,
    /// The whole item.
    pub(super) whole: Spot,
    /// True if several items have this link, and each has an address of its own as its id.
    pub(super) is_shared_link: bool,
}

/// Makes a record of the elements of an item. `base` is what `xml:base` of the item sets.
pub(super) fn record(
    elements: &[Element],
    about: &str,
    head: &Head,
    base: Option<&Url>,
    place: &Place<'_>,
) -> Record {
    let of_wordpress = |name: &str| {
        let mut own = elements.iter().filter(|element| element.space == Space::WordPress);
        own.find(|element| element.name == name).map(|element| element.words().to_owned())
    };
    let (number, kind) = (of_wordpress("post_id"), of_wordpress("post_type"));
    let mut record = Record { spot: place.whole, number, kind, ..Record::default() };
    let mut add = |field: Field, value: Value, element: Option<&Element>| {
        let spot = element
            .map_or(Spot { end: place.whole.start, ..place.whole }, |element| (place.spot)(&element.range));
        record.entries.push(Entry { field, value, spot });
    };
    let text = |text: &str| Value::Text(text.to_owned());
    let titles = elements.iter().filter(|element| is_field(element, "title") || is_dublin(element, "title"));
    if let Some((element, words)) =
        titles.map(|element| (element, title(element))).find(|(_, words)| !words.is_empty())
    {
        add(Field::Title, Value::Text(words), Some(element));
    }
    let found = Address::of(elements, about);
    let has_link = found.link.is_some() || found.permalink.is_some();
    let link = found.link.filter(|_| !place.is_shared_link || found.permalink.is_none());
    let mut repairs = Vec::new();
    if let Some(written) = link.or(found.permalink) {
        let element = link_element(elements).map(|(element, _)| element);
        let declared = element.map_or(base, |element| element.base.as_ref());
        let bases = Bases { declared, fallback: head.link.as_ref() };
        let line = element.map_or(place.whole, |element| (place.spot)(&element.range)).line;
        let link = address::as_one(&bases.complete(&written), line, &mut repairs);
        add(Field::Link, Value::Text(link), element);
    }
    if !head.title.is_empty() {
        add(Field::Source, text(&head.title), None);
    }
    let (published, updated) = (first(elements, &PUBLISHED), first(elements, &UPDATED));
    if let Some(element) = published.or(updated) {
        add(Field::Date, text(element.words()), Some(element));
    }
    if let (Some(published), Some(updated)) = (published, updated) {
        let at = |element: &Element| date_field::parse(element.words(), Tz::UTC).map(|date| date.at);
        if at(updated).is_err() || at(published) != at(updated) {
            add(Field::Updated, text(updated.words()), Some(updated));
        }
    }
    let categories: Vec<String> = elements.iter().filter_map(category).collect();
    if !categories.is_empty() {
        add(Field::Terms(0), Value::Items(categories), None);
    }
    if let Some(ai) = elements.iter().find_map(ai) {
        add(Field::Ai, text(ai.name()), None);
    }
    let is = |names: &'static [(Space, &'static str)]| {
        move |element: &&Element| {
            names.iter().any(|(space, name)| element.space == *space && element.name == *name)
        }
    };
    let contents = is(&[(Space::Content, "encoded"), (Space::Feed, "content"), (Space::Atom, "content")]);
    let summaries = is(&[
        (Space::Feed, "description"),
        (Space::Feed, "summary"),
        (Space::Atom, "summary"),
        (Space::Excerpt, "encoded"),
        (Space::Dublin, "description"),
    ]);
    let filled = |element: &Element| body(element).map(|value| (element.range.start, value));
    let find = |at: usize| elements.iter().find(|element| element.range.start == at);
    let content = elements.iter().filter(contents).find_map(filled);
    let summary = elements.iter().filter(summaries).find_map(filled);
    // What a video or an episode says of itself.
    let summary = summary.or_else(|| {
        let described =
            elements.iter().filter(|element| matches!(element.space, Space::Media | Space::Itunes));
        described
            .filter(|_| content.is_none())
            .find_map(|element| Some((element.range.start, description(element)?)))
    });
    let text_element = content.as_ref().or(summary.as_ref()).and_then(|(at, _)| find(*at));
    match (content, summary) {
        (Some((at, content)), summary) => {
            add(Field::Body, content, find(at));
            if let Some((at, summary)) = summary {
                add(Field::Summary, summary, find(at));
            }
        }
        (None, Some((at, summary))) => add(Field::Body, summary, find(at)),
        (None, None) => {}
    }
    let authors = authors(elements);
    if !authors.is_empty() {
        let authors = authors.into_iter().map(Node::Text).collect();
        add(Field::Extra("author".to_owned()), Value::Data(Node::List(authors)), None);
    }
    record.repairs = repairs;
    record.id = id(elements, about);
    let declared = text_element.map_or(base, |element| element.base.as_ref());
    let fallback = if has_link { None } else { head.link.as_ref() };
    record.base = declared.or(fallback).map(|base| base.as_str().to_owned());
    record
}

/// The id of an item, whether it is an address or not.
fn id(elements: &[Element], about: &str) -> Option<String> {
    let found = elements.iter().find(|element| is_field(element, "guid") || is_field(element, "id"));
    let id = found.map_or(about, Element::words).trim();
    (!id.is_empty()).then(|| id.to_owned())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::import::feed::element::collect;
    use crate::import::feed::space::Spaces;

    fn elements(text: &str) -> Vec<Element> {
        collect(text, &(0..text.len()), &mut Spaces::default(), Bases::default()).elements
    }

    fn head() -> Head {
        Head::of(&elements("<title>某报</title><link>https://e.org/</link>"), None)
    }

    pub(in crate::import::feed) fn of(text: &str) -> Record {
        let spot = |range: &Range<usize>| Spot { line: 1, start: range.start, end: range.end };
        let place =
            Place { spot: &spot, whole: Spot { line: 1, start: 0, end: text.len() }, is_shared_link: false };
        record(&elements(text), "", &head(), None, &place)
    }

    pub(in crate::import::feed) fn value(text: &str, field: &Field) -> Option<Value> {
        of(text).get(field).map(|entry| entry.value.clone())
    }

    pub(in crate::import::feed) fn words(text: &str, field: &Field) -> Option<String> {
        value(text, field).map(|value| match value {
            Value::Text(text) | Value::Html(text) => text,
            value => format!("{value:?}"),
        })
    }

    #[test]
    fn the_link_is_the_address_of_the_item() {
        for (text, wanted) in [
            ("<link>https://e.org/1</link><guid>https://e.org/2</guid>", Some("https://e.org/1")),
            ("<link> /1 </link>", Some("https://e.org/1")),
            ("<link/><guid>https://e.org/2</guid>", Some("https://e.org/2")),
            ("<guid isPermaLink='true'>https://e.org/2</guid>", Some("https://e.org/2")),
            ("<guid isPermaLink='false'>https://e.org/2</guid>", None),
            ("<guid>tag:2</guid>", None),
            ("<id>https://e.org/2</id>", Some("https://e.org/2")),
            (
                "<link rel='self' href='https://e.org/a'/><link href='https://e.org/1'/>",
                Some("https://e.org/1"),
            ),
            ("<link rel='enclosure' href='https://e.org/a'/>", None),
            ("<link rel='via' href='https://e.org/a'/>", Some("https://e.org/a")),
            ("<atom:link rel='self' href='/x'/><link>https://e.org/1</link>", Some("https://e.org/1")),
            ("<media:link>https://e.org/1</media:link>", None),
            ("<link>https://e.org/a b</link>", Some("https://e.org/a%20b")),
        ] {
            assert_eq!(words(text, &Field::Link).as_deref(), wanted, "{text}");
        }
    }

    #[test]
    fn the_preferred_date_is_used_as_written() {
        for (text, date, updated) in [
            ("<dc:date>b</dc:date><pubDate>a</pubDate>", Some("a"), None),
            ("<dcterms:created>a</dcterms:created>", Some("a"), None),
            (
                "<dcterms:modified>b</dcterms:modified><dcterms:issued>a</dcterms:issued>",
                Some("a"),
                Some("b"),
            ),
            ("<updated>a</updated>", Some("a"), None),
            ("<published>2024-03-05</published><updated>5 Mar 2024</updated>", Some("2024-03-05"), None),
            (
                "<published>2024-03-05</published><updated>2024-03-06</updated>",
                Some("2024-03-05"),
                Some("2024-03-06"),
            ),
            ("<pubDate>Mon, 30 Nov -0001</pubDate><dc:date>a</dc:date>", Some("a"), None),
            ("<pubDate>Mon, 30 Nov -0001</pubDate>", Some("Mon, 30 Nov -0001"), None),
            ("<pubDate/><dc:date> a </dc:date>", Some("a"), None),
            ("<wp:date>a</wp:date>", None, None),
        ] {
            assert_eq!(words(text, &Field::Date).as_deref(), date, "{text}");
            assert_eq!(words(text, &Field::Updated).as_deref(), updated, "{text}");
        }
    }

    #[test]
    fn the_base_is_set_where_it_is_not_the_link() {
        for (text, wanted) in [
            ("<link>https://e.org/1</link><description>a</description>", None),
            ("<description>a</description>", Some("https://e.org/")),
            ("<guid>https://e.org/2</guid><description>a</description>", None),
            (
                "<link>https://e.org/1</link><content xml:base='https://f.org/'>a</content>",
                Some("https://f.org/"),
            ),
            (
                "<link>https://e.org/1</link><summary xml:base='https://f.org/'>a</summary>",
                Some("https://f.org/"),
            ),
        ] {
            assert_eq!(of(text).base.as_deref(), wanted, "{text}");
        }
    }

    #[test]
    fn the_feed_gives_publisher_and_address() {
        assert_eq!(words("<title>a</title>", &Field::Source).as_deref(), Some("某报"));
        for (text, link) in [
            ("<link href='https://e.org/' rel='self'/>", Some("https://e.org/")),
            (
                "<link href='https://e.org/a' rel='self'/><link href='https://e.org/'/>",
                Some("https://e.org/"),
            ),
            ("<link>e.org</link>", None),
            ("<image><title>x</title></image>", None),
        ] {
            let head = Head::of(&elements(text), None);
            assert_eq!((head.link.as_ref().map(Url::as_str), head.title.as_str()), (link, ""), "{text}");
        }
    }

    #[test]
    fn a_link_of_several_items_gives_way_to_the_id() {
        let text = "<link>https://e.org/</link><guid>https://e.org/2</guid>";
        let spot = |_: &Range<usize>| Spot::default();
        let place = Place { spot: &spot, whole: Spot::default(), is_shared_link: true };
        let found = record(&elements(text), "", &Head::default(), None, &place);
        assert_eq!(
            found.get(&Field::Link).map(|entry| &entry.value),
            Some(&Value::Text("https://e.org/2".to_owned()))
        );
        let found = record(&elements("<link>https://e.org/</link>"), "", &Head::default(), None, &place);
        assert!(found.has(&Field::Link) && !found.has(&Field::Source));
        let about = Address::of(&elements("<title>a</title>"), "https://e.org/a");
        assert_eq!(about, Address { link: None, permalink: Some("https://e.org/a".to_owned()) });
    }
}
