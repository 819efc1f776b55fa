//! Atom feeds of the site and of every term.

use crate::driver::Digest;

fn texts<'a>(document: &'a roxmltree::Document<'_>, name: &str) -> Vec<&'a str> {
    document
        .descendants()
        .filter(|node| node.tag_name().name() == name)
        .filter_map(|node| node.text())
        .collect()
}

#[test]
fn the_site_feed_brings_whole_articles_newest_first() {
    let digest = Digest::with_articles(3);
    digest.build();
    let xml = digest.page("feed.xml");
    let document = roxmltree::Document::parse(&xml).unwrap();
    assert_eq!(texts(&document, "title"), ["测试日报", "第 3 篇", "第 2 篇", "第 1 篇"]);
    assert_eq!(texts(&document, "content")[0], "<p>正文 3</p>\n");
    assert_eq!(texts(&document, "updated")[0], "2024-01-04T00:00:00+08:00");
    assert_eq!(texts(&document, "id")[1], "https://example.org/articles/0003/");
}

#[test]
fn a_feed_holds_only_so_many_and_only_dated_articles() {
    let digest = Digest::with_articles(3).configured("feeds:\n  limit: 2").article(
        "u",
        "title: 无\nkeywords: [共同, 独]\n",
        "x",
    );
    digest.build();
    let xml = digest.page("keywords/共同/feed.xml");
    let document = roxmltree::Document::parse(&xml).unwrap();
    assert_eq!(document.descendants().filter(|node| node.tag_name().name() == "entry").count(), 2);
    assert!(!digest.exists("public/keywords/独/feed.xml"), "a feed without any entry is no feed");
    assert!(!digest.page("keywords/独/index.html").contains("/keywords/%E7%8B%AC/feed.xml"));
}

#[test]
fn term_feeds_can_be_switched_off() {
    let digest = Digest::with_articles(1).configured("feeds: {terms: false}");
    digest.build();
    assert!(!digest.exists("public/keywords/共同/feed.xml"));
    assert!(digest.exists("public/feed.xml"));
    assert!(!digest.page("keywords/共同/index.html").contains("%E5%85%B1%E5%90%8C/feed.xml"));
}

#[test]
fn characters_that_xml_forbids_do_not_break_a_feed() {
    let digest = Digest::new().article(
        "a",
        "title: \"a\\x00b\\x08c\\uFFFE\"\ndate: 2024-01-01\nkeywords: [\"x\\x01y\"]\n",
        "正\u{8}文 <&>",
    );
    digest.build();
    let xml = digest.page("feed.xml");
    let document = roxmltree::Document::parse(&xml).unwrap();
    assert_eq!(texts(&document, "title")[1], "abc");
}

#[test]
fn an_empty_site_feed_is_still_a_feed() {
    let digest = Digest::new();
    digest.build();
    roxmltree::Document::parse(&digest.page("feed.xml")).unwrap();
}
