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
    /// The language of the post, if its front matter names another one than that of the import.
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
    let is_pelican = context.place.generator == Generator::Pelican;
    let other_language = pelican::other_language(&fields, context.site).filter(|_| is_pelican);
    let post = Post { place: context.place, fields: &fields };
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
    record.zone = context.place.generator.zone_of_times(context.site.own_zone());
    record.name = Some(name);
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
mod tests {
    use super::*;
    use crate::config::Config;

    /// The record of a post at `path`, or the message of its refusal.
    fn read(path: &str, text: &str) -> Result<Record, String> {
        let input = Input { name: "a.md".into(), text: text.to_owned().into() };
        match at(Generator::Jekyll, path, &input).found {
            Found::Record(record) => Ok(record),
            Found::Problem(problem) => Err(problem.message),
            Found::Outside(_) => Err("outside".to_owned()),
        }
    }

    /// Reads a post at a path below the folder that is imported. The time is 2025-01-01.
    fn at(generator: Generator, path: &str, input: &Input) -> Reading {
        let site = Site::unknown(Tz::UTC, "zh-CN");
        let place = Place::of(generator, format!("/x/{path}").as_ref(), Some("/x".as_ref()), &site);
        let now = "2025-01-01T00:00:00Z".parse().unwrap();
        let context = Context { place: &place, site: &site, scheme: None, now };
        super::read(input, context, &Labels::of(&Config::default()))
    }

    fn value(record: &Record, field: &Field) -> Option<Value> {
        record.get(field).map(|entry| entry.value.clone())
    }

    fn text(text: &str) -> Option<Value> {
        Some(Value::Text(text.to_owned()))
    }

    #[test]
    fn a_hidden_post_is_a_draft_and_its_password_is_nowhere() {
        for front in [
            "password: s3cret\n",
            "draft: false\npassword: s3cret\n",
            "params: {password: s3cret}\n",
            "extra: {pwd: s3cret, x: 1}\n",
            "private: true\n",
            "published: false\n",
            "params: {hidden: true}\n",
        ] {
            let record = read("a.md", &format!("---\ntitle: 甲\n{front}---\n正文\n")).unwrap();
            assert_eq!(value(&record, &Field::Draft), text("true"), "{front}");
            let drafts = record.entries.iter().filter(|entry| entry.field == Field::Draft);
            assert_eq!(drafts.count(), 1, "{front}");
            assert_eq!((record.repairs.len(), record.repairs[0].kind), (1, Kind::Hidden), "{front}");
            assert!(!format!("{record:?}").contains("s3cret"), "{record:?}");
        }
        let record = read("a.md", "---\ntitle: 甲\nstatus: private\n---\n").unwrap();
        assert_eq!(record.repairs[0].from, "status: private");
        assert!(record.has(&Field::Extra("status".to_owned())));
        let record = read("source/_drafts/a.md", "---\ntitle: 甲\n---\n").unwrap();
        assert_eq!(value(&record, &Field::Draft), text("true"));
    }

    #[test]
    fn a_public_post_is_no_draft() {
        for (front, wanted) in [
            ("password: \"\"\n", None),
            ("private: false\n", None),
            ("published: true\n", text("false")),
            ("draft: true\n", text("true")),
        ] {
            let record = read("a.md", &format!("---\ntitle: 甲\n{front}---\n")).unwrap();
            assert_eq!(value(&record, &Field::Draft), wanted, "{front}");
            assert!(record.repairs.is_empty(), "{front}");
        }
    }

    #[test]
    fn front_matter_is_read_behind_blank_and_indented_lines() {
        for text in [
            "title: 甲\ndate: 2024-01-02\n---\n正文\n",
            "\ntitle: 甲\ndate: 2024-01-02\n---\n正文\n",
            "  \n\n title: 甲\ndate: 2024-01-02\n---\n正文\n",
            " title: 甲\n date: 2024-01-02\n---\n正文\n",
            "\ttitle: 甲\ndate: 2024-01-02\n---\n正文\n",
            "\n\n---\ntitle: 甲\ndate: 2024-01-02\n---\n正文\n",
            "\n+++\ntitle = \"甲\"\ndate = 2024-01-02\n+++\n正文\n",
            "\n{\"title\": \"甲\", \"date\": \"2024-01-02\"}\n正文\n",
        ] {
            let record = read("a.md", text).unwrap_or_else(|problem| panic!("{problem}: {text}"));
            assert_eq!(value(&record, &Field::Title), Some(Value::Text("甲".to_owned())), "{text}");
            let Some(Value::Markdown(body)) = value(&record, &Field::Body) else { panic!("{text}") };
            assert_eq!(body.trim(), "正文", "{text}");
            assert!(record.has(&Field::Date), "{text}");
        }
    }

    #[test]
    fn an_error_in_front_matter_has_its_place() {
        for (text, wanted) in [
            ("一\n", "1:1 this post has no front matter"),
            ("\n\n一\n", "3:1 this post has no front matter"),
            ("\n[1]\n", "2:1 this post has no front matter"),
            ("\n---\ntitle: 甲\n", "2:1 this front matter is never closed"),
            ("---\ntitle: 甲\nx: [\n---\n", "3:5 this is not YAML: did not find expected node content"),
            ("\n+++\na = 1\nb = = 2\n+++\n", "4:5 this is not TOML: extra `=`, expected nothing"),
        ] {
            let input = Input { name: "a.md".into(), text: text.to_owned().into() };
            let Found::Problem(problem) = record(&input, &Labels::of(&Config::default())) else {
                panic!("{text}")
            };
            let place = problem.place.unwrap();
            assert_eq!(format!("{}:{} {}", place.line, place.column, problem.message), wanted, "{text}");
        }
        for (depth, fits) in [(64, true), (65, false)] {
            let text = format!("---\nx: {}1{}\n---\n", "[".repeat(depth), "]".repeat(depth));
            assert_eq!(read("a.md", &text).is_ok(), fits, "{depth}");
        }
    }

    #[test]
    fn the_name_of_a_file_is_split_from_its_date() {
        for (path, name, date) in [
            ("p/2024-05-13-gpt-4o.md", "gpt-4o", Some("2024-05-13")),
            ("gpt-4o/index.md", "gpt-4o", None),
            ("2024-05-13.md", "2024-05-13", Some("2024-05-13")),
            ("2024-6-5-单位数.md", "单位数", Some("2024-06-05")),
            ("2024-13-05-x.md", "2024-13-05-x", None),
            ("index.md", "index", None),
        ] {
            let site = Site::unknown(Tz::UTC, "zh-CN");
            let place =
                Place::of(Generator::Jekyll, format!("/x/{path}").as_ref(), Some("/x".as_ref()), &site);
            assert_eq!(split_name(&place), (name.to_owned(), date.map(str::to_owned)), "{path}");
        }
    }

    /// The title and the text of a post without a title in its front matter.
    fn titled(generator: Generator, path: &str, text: &str) -> (String, String, Kind) {
        let input = Input { name: "a.md".into(), text: text.to_owned().into() };
        let Found::Record(record) = at(generator, path, &input).found else { panic!("{text}") };
        let (Some(Value::Text(title)), Some(Value::Markdown(body))) =
            (value(&record, &Field::Title), value(&record, &Field::Body))
        else {
            panic!("{record:?}")
        };
        (title, body, record.repairs[0].kind)
    }

    #[test]
    fn a_post_without_a_title_has_its_first_heading_or_its_name() {
        let bare = "# 正文里的标题\n\n正文";
        for (generator, path, text, title, body) in [
            (Generator::Hexo, "a.md", "---\ndate: 2024-09-01\n---\n# 标题\n\n正文", "标题", "\n正文"),
            (Generator::Hugo, "a.md", "---\ntitle: \"\"\n---\n# 标题\n\n正文", "标题", "\n正文"),
            (Generator::Hexo, "2026-08-22.md", bare, "正文里的标题", "\n正文"),
            (Generator::Hugo, "a.md", bare, "正文里的标题", "\n正文"),
        ] {
            let found = titled(generator, path, text);
            assert_eq!(found, (title.to_owned(), body.to_owned(), Kind::Heading), "{text}");
        }
        for (generator, path, text, title) in [
            (Generator::Jekyll, "_posts/2024-05-15-没有标题.md", "---\nx: 1\n---\n正文", "没有标题"),
            (Generator::Hugo, "名.md", "正文：只有正文\n", "名"),
            (Generator::Hexo, "2024-05-15.md", "正文\n\n# 后面", "2024-05-15"),
        ] {
            assert_eq!(titled(generator, path, text).0, title, "{text}");
            assert_eq!(titled(generator, path, text).2, Kind::FileName, "{text}");
        }
        let input = Input { name: "a.md".into(), text: bare.to_owned().into() };
        for generator in [Generator::Jekyll, Generator::Zola] {
            assert!(matches!(at(generator, "a.md", &input).found, Found::Problem(_)), "{generator:?}");
        }
    }

    #[test]
    fn a_post_that_is_not_public_now_is_a_draft() {
        for (generator, path, front, wanted) in [
            (Generator::Hugo, "a.md", "expiryDate: 2021-01-01", false),
            (Generator::Hugo, "a.md", "publishDate: 2099-01-01", false),
            (Generator::Hugo, "a.md", "publishDate: 2099-01-01\ndate: 2099-02-01", false),
            (Generator::Jekyll, "a.md", "publishDate: 2099-01-01", true),
            (Generator::Hugo, "a.md", "date: 2099-01-01", true),
            (Generator::Jekyll, "a.md", "date: 2099-01-01", true),
            (Generator::Jekyll, "_posts/2099-01-01-a.md", "x: 1", true),
            (Generator::Jekyll, "_posts/2099-01-01-a.md", "date: 2024-01-01", false),
            (Generator::Hexo, "a.md", "date: 2099-01-01", false),
            (Generator::Hexo, "a.md", "expiryDate: 2021-01-01", false),
            (Generator::Hexo, "_a.md", "x: 1", true),
            (Generator::Hexo, "sub/_x/a.md", "x: 1", true),
            (Generator::Hexo, "a.md~", "x: 1", true),
            (Generator::Hugo, "_a.md", "x: 1", false),
            (Generator::Hugo, "a.md", "build: {render: never}", true),
            (Generator::Hugo, "a.md", "_build: {render: never}", true),
            (Generator::Hugo, "a.md", "headless: true", true),
            (Generator::Jekyll, "_drafts/a.md", "x: 1", true),
        ] {
            let text = format!("---\ntitle: 甲\n{front}\n---\n正文");
            let input = Input { name: "a.md".into(), text: text.into() };
            let Found::Record(record) = at(generator, path, &input).found else { panic!("{front}") };
            let is_draft = value(&record, &Field::Draft) == Some(Value::Text("true".to_owned()));
            assert_eq!(is_draft, wanted, "{generator:?} {path} {front}");
        }
    }
}
