use super::*;
use crate::fields::asked;
use crate::fingerprint::Fingerprint;
use crate::guide_tables;
use crate::load::schedule::Successor;
use crate::load::source;
use std::collections::BTreeSet;

#[test]
fn the_author_is_kept_under_extra_without_a_warning() {
    let text = |text: &str| Node::Text(text.to_owned());
    for (front, wanted) in [
        ("author: 张三", Some(text("张三"))),
        ("authors: [张三, 李四]", Some(Node::List(vec![text("张三"), text("李四")]))),
        ("author: {name: 张三}", Some(Node::Map(vec![("name".to_owned(), text("张三"))]))),
        ("author: 张三\nextra: {author: 李四}", Some(text("李四"))),
        ("author: 张三\nextra: {mood: 好}", Some(text("张三"))),
        ("author:\nauthors: 李四", Some(text("李四"))),
        ("author:", None),
        ("author: \"张\\u200B三\"", Some(text("张\u{200B}三"))),
    ] {
        let file = format!("---\ntitle: 甲\n{front}\n---\n");
        let source = source::split("content/articles/a.md", Fingerprint::of_bytes(b""), file).unwrap();
        let (article, diagnostics) = parse_article(&source, &Config::default());
        assert!(diagnostics.is_empty(), "{front}: {diagnostics:?}");
        assert_eq!(article.unwrap().0.extra.get("author"), wanted.as_ref(), "{front}");
    }
    // A taxonomy of this name holds the authors.
    let config = Config::parse(config::FILE, "taxonomies: [{name: authors}]\n").0;
    let file = "---\ntitle: 甲\nauthors: [张三]\n---\n".to_owned();
    let source = source::split("content/articles/a.md", Fingerprint::of_bytes(b""), file).unwrap();
    let article = parse_article(&source, &config).0.unwrap().0;
    assert_eq!((article.extra.get("author"), &article.terms[3][..]), (None, &["张三".to_owned()][..]));
}

#[test]
fn the_guide_lists_exactly_the_fields_that_are_read() {
    let text = "---\ntitle: 甲\n---\n".to_owned();
    let source = source::split("content/articles/a.md", Fingerprint::of_bytes(b""), text).unwrap();
    let asked = asked::during(|| drop(parse_article(&source, &Config::default())));
    let guide = guide_tables::chapter("writing");
    let table = guide.split("## Fields").nth(1).and_then(|rest| rest.split("## ").next()).unwrap();
    let named =
        |cells: Vec<String>| [guide_tables::words(&cells[0]), guide_tables::words(&cells[1])].concat();
    let known: BTreeSet<String> = guide_tables::rows(table).into_iter().flat_map(named).collect();
    assert_eq!(asked, known);
}

fn parsed(front: &str, body: &str, config: &Config) -> (Option<(Article, Rendered)>, Vec<String>) {
    let file = format!("---\n{front}---\n{body}");
    let source = source::split("content/articles/a.md", Fingerprint::of_bytes(b""), file).unwrap();
    let (article, found) = parse_article(&source, config);
    let line = |found: &Diagnostic| {
        let place = found.place.as_ref().map_or(0, |place| place.line);
        format!("{place}: {}; {}", found.message, found.help.as_deref().unwrap_or_default())
    };
    (article, found.iter().map(line).collect())
}

#[test]
fn a_file_may_have_the_html_that_the_digest_allows() {
    let refused = |name: &str, help: &str| {
        vec![format!(
            "3: this digest does not allow `html: {name}` in a file; write `markdown: {{allow: {name}}}` in newsprint.yaml{help}"
        )]
    };
    let trust = " if you trust everyone who writes its articles";
    for (allow, html, wanted) in [
        (RawHtml::Text, "text", vec![]),
        (RawHtml::Text, "sanitize", refused("sanitize", "")),
        (RawHtml::Sanitize, "sanitize", vec![]),
        (RawHtml::Sanitize, "trusted", refused("trusted", trust)),
        (RawHtml::Trusted, "trusted", vec![]),
    ] {
        let mut config = Config::default();
        config.markdown.allow = allow;
        let (article, found) = parsed(&format!("title: 甲\nhtml: {html}\n"), "正文\n", &config);
        assert_eq!((article.is_some(), found), (wanted.is_empty(), wanted), "{allow:?} {html}");
    }
}

#[test]
fn a_summary_is_the_text_of_an_article_without_a_body() {
    for (body, summary, html) in [
        ("正文。\n", Some("摘要。"), "<p>正文。</p>"),
        ("\n", None, "<p>摘要。</p>"),
        ("", None, "<p>摘要。</p>"),
    ] {
        let (article, found) = parsed("title: 甲\nsummary: 摘要。\n", body, &Config::default());
        let (article, rendered) = article.unwrap();
        assert_eq!(found, [""; 0]);
        assert_eq!((article.summary.as_deref(), article.excerpt.as_str()), (summary, "摘要。"), "{body}");
        assert_eq!(rendered.html.unwrap().trim(), html, "{body}");
    }
    for front in ["", "title: \"\"\n", "标题: ' '\n"] {
        let (article, found) = parsed(front, "正文\n", &Config::default());
        assert!(article.is_none() && found.len() == 1, "{found:?}");
        assert!(
            found[0].contains("the title is missing; write `title: …` between the `---` lines"),
            "{found:?}"
        );
    }
    let (article, found) = parsed("title: [甲]\n", "正文\n", &Config::default());
    assert!(article.is_none() && found.len() == 1 && !found[0].contains("missing"), "{found:?}");
}

#[test]
fn unknown_fields_are_reported_with_the_field_that_was_meant() {
    let unknown = |count: usize| -> Vec<String> {
        let front: String = (0..count).map(|nth| format!("zzqqxx{nth}: 1\n")).collect();
        parsed(&format!("title: 甲\n{front}"), "正文\n", &Config::default()).1
    };
    let help = "remove it, or move it under `extra:` where templates can read it";
    assert_eq!(unknown(1), [format!("3: unknown field `zzqqxx0`; {help}")]);
    assert_eq!(unknown(20).len(), 20);
    let many = unknown(21);
    assert_eq!(many.len(), 21);
    assert_eq!(
        many[0],
        "2: 21 fields here are unknown; the first 20 are shown; check that these lines are fields of newsprint"
    );
    let (_, found) = parsed("title: 甲\nkeyword: a\n", "正文\n", &Config::default());
    assert_eq!(found, ["3: unknown field `keyword`; did you mean `keywords`?"]);
    for (written, ours) in [("publishDate", "publish"), ("expirydate", "expires")] {
        let (_, found) = times(&format!("{written}: 2026-12-01"));
        assert_eq!(found[0].help.as_deref(), Some(format!("did you mean `{ours}`?").as_str()));
    }
}

#[test]
fn terms_are_read_from_lists_texts_and_the_mapping_of_zola() {
    let mut config = Config::default();
    config.limits.terms = 3;
    let one_term = "this list item is one term, although it contains a separator";
    let too_many = "check that this is a list of terms, or raise `limits: {terms: …}` in newsprint.yaml";
    for (front, terms, wanted) in [
        ("keywords: [a, b]", &["a", "b"] as &[&str], vec![]),
        ("keywords: a，b、c", &["a", "b", "c"], vec![]),
        (
            "keywords: [a, b, c, d]",
            &[],
            vec![format!("3: this article has 4 keywords, and at most 3 are allowed; {too_many}")],
        ),
        (
            "keywords: [甲、乙, 丙]",
            &["甲、乙", "丙"],
            vec![format!("3: {one_term}; if it is 2 terms, make each an item: `甲`, `乙`")],
        ),
        ("taxonomies: {keywords: [a], tags: [b]}", &["a", "b"], vec![]),
        ("taxonomies: {keywords: , tags: [b]}", &["b"], vec![]),
        (
            "taxonomies: {moods: [b]}",
            &[],
            vec![
                "3: `taxonomies.moods` is not a taxonomy of this digest; declare it in newsprint.yaml: \
                 `taxonomies: [{name: moods}]`"
                    .to_owned(),
            ],
        ),
    ] {
        let (article, found) = parsed(&format!("title: 甲\n{front}\n"), "正文\n", &config);
        assert_eq!(found, wanted, "{front}");
        if found.iter().all(|found| !found.contains("at most")) {
            assert_eq!(article.unwrap().0.terms[0], terms, "{front}");
        }
    }
}

#[test]
fn a_refused_body_is_marked_at_its_first_word() {
    let mut config = Config::default();
    config.limits.nesting = 5;
    let deep = "> ".repeat(9);
    for (front, body, wanted) in [
        ("title: 甲\n", format!("甲\n\n{deep}乙\n"), (5, true)),
        ("title: 甲\nsummary: 甲\n", format!("\n\n{deep}乙\n"), (6, true)),
    ] {
        let file = format!("---\n{front}---\n{body}");
        let source = source::split("content/articles/a.md", Fingerprint::of_bytes(b""), file).unwrap();
        let (_, found) = parse_article(&source, &config);
        let place = found[0].place.as_ref().unwrap();
        let lines = source.text.lines().count();
        assert_eq!((place.line, &place.text[place.range.clone()]), (lines, ">"), "{wanted:?} {found:?}");
    }
}

/// The schedule of an article with these fields, and the diagnostics.
fn times(fields: &str) -> (Option<Schedule>, Vec<Diagnostic>) {
    let file = format!("---\ntitle: 甲\n{fields}\n---\n");
    let source = source::split("content/articles/a.md", Fingerprint::of_bytes(b""), file).unwrap();
    let (article, diagnostics) = parse_article(&source, &Config::default());
    (article.and_then(|(article, _)| article.schedule).map(|schedule| *schedule), diagnostics)
}

#[test]
fn the_times_of_an_article_are_in_the_zone_of_the_digest() {
    let (schedule, found) = times("定时发布: 2026年12月1日 8:00\n下线时间: 2026-12-31");
    assert_eq!(found, []);
    let schedule = schedule.unwrap();
    assert_eq!(
        schedule.publish.unwrap().at,
        "2026-12-01T00:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap()
    );
    assert_eq!(
        schedule.expires.unwrap().at,
        "2026-12-30T16:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap()
    );
    assert_eq!(times("date: 2026-12-01"), (None, Vec::new()));
}

#[test]
fn wrong_times_are_errors_at_their_lines() {
    for (fields, line, column, message) in [
        ("publish: 2026-12-01\nexpires: 2026-12-01", 4, 10, "the article expires before it is published"),
        ("下线时间: 2026-11-30\npublish: 2026-12-01", 3, 7, "the article expires before it is published"),
        ("publish: soon", 3, 10, "`soon` is not a date"),
        ("expires: 2026-02-30", 3, 10, "there is no day 2026-02-30"),
        ("expires: 2026-12-01\nexpires_to: ../x", 4, 13, "`../x` cannot be an address of this digest"),
        ("expires: 2026-12-01\nexpires_to: ftp://x/", 4, 13, ""),
        ("expires_to: /archive/", 3, 13, "`expires_to` has no effect, because the article does not expire"),
    ] {
        let (_, found) = times(fields);
        let place = found[0].place.as_ref().unwrap();
        assert_eq!((found.len(), place.line, place.column), (1, line, column), "{fields}: {found:?}");
        assert!(found[0].message.contains(message), "{}", found[0].message);
    }
}

#[test]
fn a_successor_is_a_path_or_a_url() {
    let successor = |written: &str| {
        times(&format!("expires: 2026-12-01\nexpires_to: {written}")).0.unwrap().expires_to.unwrap()
    };
    let path = |written: &str| match successor(written) {
        Successor::Page { path, .. } => path,
        Successor::Url { .. } => panic!("{written}"),
    };
    assert_eq!(path("/articles/b/"), "articles/b");
    assert_eq!(path("/keywords/%E5%BC%80/"), "keywords/开");
    assert_eq!(path("/"), "");
    let url = Successor::Url { url: "https://www.example.org/x".into(), host: "example.org".into() };
    assert_eq!(successor("https://www.example.org/x"), url);
    // The whole address of a page of the digest, whose base URL is http://localhost:1111/ here.
    assert_eq!(path("http://localhost:1111/keywords/%E5%BC%80/"), "keywords/开");
    assert_eq!(path("http://localhost:1111/"), "");
}
