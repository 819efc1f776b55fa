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
        let place = Place::of(Generator::Jekyll, format!("/x/{path}").as_ref(), Some("/x".as_ref()), &site);
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
