//! Feeds of the site, of terms, crossings and weeks, as Atom and as JSON Feed.

use crate::driver::{Digest, is_notice};

/// The texts of all elements with this local name, in document order.
fn element_texts<'a>(document: &'a roxmltree::Document<'_>, name: &str) -> Vec<&'a str> {
    document
        .descendants()
        .filter(|node| node.tag_name().name() == name)
        .filter_map(|node| node.text())
        .collect()
}

#[test]
fn the_site_feed_contains_whole_articles_newest_first() {
    let digest = Digest::with_articles(3);
    digest.build();
    let xml = digest.page("feed.xml");
    let document = roxmltree::Document::parse(&xml).unwrap();
    assert_eq!(element_texts(&document, "title"), ["测试日报", "第 3 篇", "第 2 篇", "第 1 篇"]);
    assert_eq!(element_texts(&document, "content")[0], "<p>正文 3</p>\n");
    assert_eq!(element_texts(&document, "updated")[0], "2024-01-04T00:00:00+08:00");
    assert_eq!(element_texts(&document, "id")[1], "https://example.org/articles/0003/");
}

#[test]
fn a_feed_contains_only_dated_articles_up_to_its_limit() {
    let digest = Digest::with_articles(3).configured("feeds: {list_limit: 2, terms: on}").article(
        "u",
        "title: 无\nkeywords: [共同, 独]\n",
        "x",
    );
    digest.build();
    let xml = digest.page("keywords/共同/feed.xml");
    let document = roxmltree::Document::parse(&xml).unwrap();
    assert_eq!(document.descendants().filter(|node| node.tag_name().name() == "entry").count(), 2);
    assert!(!digest.exists("public/keywords/独/feed.xml"), "an undated article has a feed");
    assert!(!digest.page("keywords/独/index.html").contains("/keywords/%E7%8B%AC/feed.xml"));
}

#[test]
fn a_term_has_a_feed_from_ten_articles_on_and_a_crossing_if_the_setting_says_so() {
    let feeds = |articles: usize, settings: &str| -> Vec<String> {
        let mut digest = Digest::new().configured(settings);
        for n in 0..articles {
            let text = format!("title: {n}\ndate: 2024-01-01\nai_technologies: [甲]\nindustries: [乙]\n");
            digest = digest.article(&format!("a{n}"), &text, "x");
        }
        digest.build();
        let feeds = digest.site().into_keys().filter(|path| path.contains("/feed."));
        feeds.map(|path| path.replace("ai-technologies/甲", "t").replace("industries/乙", "i")).collect()
    };
    let none: Vec<String> = Vec::new();
    assert_eq!(feeds(9, ""), none);
    assert_eq!(feeds(10, ""), ["t/feed.xml", "i/feed.xml"]);
    assert_eq!(feeds(10, "feeds: {terms: 11}"), none);
    assert_eq!(feeds(3, "feeds: {terms: off, crossings: 3}"), ["t/i/feed.xml"]);
    assert_eq!(
        feeds(3, "feeds: {terms: on, json: on}"),
        ["t/feed.json", "t/feed.xml", "i/feed.json", "i/feed.xml"]
    );
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
fn the_site_feed_without_bodies_has_its_articles_if_no_list_has_a_feed() {
    let digest = Digest::with_articles(3).configured("feeds: {full_text: none, terms: off, crossings: off}");
    digest.build();
    let xml = digest.page("feed.xml");
    let document = roxmltree::Document::parse(&xml).unwrap();
    assert_eq!(element_texts(&document, "title"), ["测试日报", "第 3 篇", "第 2 篇", "第 1 篇"]);
}

#[test]
fn characters_that_xml_forbids_are_removed_from_feeds() {
    let digest = Digest::new().article(
        "a",
        "title: \"a\\x00b\\x08c\\uFFFE\"\ndate: 2024-01-01\nkeywords: [\"x\\x01y\"]\n",
        "正\u{8}文 <&>",
    );
    digest.build();
    let xml = digest.page("feed.xml");
    let document = roxmltree::Document::parse(&xml).unwrap();
    assert_eq!(element_texts(&document, "title")[1], "abc");
}

#[test]
fn the_feed_of_an_empty_site_is_well_formed() {
    let digest = Digest::new();
    digest.build();
    roxmltree::Document::parse(&digest.page("feed.xml")).unwrap();
}

/// Eight articles of one technology and one industry, which have a crossing, and an undated one.
fn digest_with_crossing() -> Digest {
    digest_without_settings().configured("feeds: {terms: on, crossings: on, json: on}")
}

fn digest_without_settings() -> Digest {
    let mut digest = Digest::new();
    for n in 1..=8 {
        let text = format!(
            "title: 第 {n} 篇\ndate: 2024-01-0{n}\nevent: 事件 {n}\nsource: 某报\nlink: https://example.com/{n}\n\
             keywords: [共同]\nai_technologies: [大模型]\nindustries: [医疗]\n"
        );
        digest = digest.article(
            &format!("a{n}"),
            &text,
            &format!("[站内](/articles/a1/) [站外](https://example.com/x) ![图](/favicon.svg) 正文 {n}[^1]\n\n[^1]: 注"),
        );
    }
    digest.article("u", "title: 无日期\nkeywords: [共同]\n", "x")
}

fn read_json(digest: &Digest, path: &str) -> serde_json::Value {
    serde_json::from_str(&digest.page(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn every_feed_exists_as_atom_and_json_with_the_same_articles() {
    let digest = digest_with_crossing();
    digest.build();
    let crossing = "ai-technologies/大模型/industries/医疗/";
    for folder in ["", "keywords/共同/", "ai-technologies/大模型/", "industries/医疗/", crossing] {
        let xml = digest.page(&format!("{folder}feed.xml"));
        let atom = feed_rs::parser::parse(xml.as_bytes()).unwrap();
        let json = read_json(&digest, &format!("{folder}feed.json"));
        let ids: Vec<String> = atom.entries.iter().map(|entry| entry.id.clone()).collect();
        let items = json["items"].as_array().unwrap();
        let of_json: Vec<&str> = items.iter().map(|item| item["id"].as_str().unwrap()).collect();
        assert_eq!(ids, of_json, "{folder}");
        assert_eq!(ids.len(), 8, "all dated articles and no undated one, in {folder}");
        assert_eq!(json["version"], "https://jsonfeed.org/version/1.1");
        assert_eq!(json["title"], atom.title.unwrap().content);
        assert!(json["feed_url"].as_str().unwrap().ends_with("/feed.json"));
    }
    let weekly = read_json(&digest, "weekly.json");
    let html = weekly["items"][0]["content_html"].as_str().unwrap();
    assert!(html.contains("<a href=\"https://example.org/articles/a7/\">第 7 篇</a>"), "{html}");
    assert_eq!(
        weekly["items"][0]["id"],
        feed_rs::parser::parse(digest.page("weekly.xml").as_bytes()).unwrap().entries[0].id
    );
}

#[test]
fn a_json_feed_item_contains_every_field_of_the_article() {
    let digest = digest_with_crossing();
    digest.build();
    let feed = read_json(&digest, "feed.json");
    assert_eq!(feed["language"], "zh-CN");
    let mut item = feed["items"][0].clone();
    let html = item["content_html"].take();
    assert_eq!(
        item,
        serde_json::json!({
            "id": "https://example.org/articles/a8/",
            "url": "https://example.org/articles/a8/",
            "external_url": "https://example.com/8",
            "title": "第 8 篇",
            "content_html": null,
            "summary": "事件 8",
            "date_published": "2024-01-08T00:00:00+08:00",
            "authors": [{"name": "某报"}],
            "tags": ["共同", "大模型", "医疗"]
        })
    );
    assert!(html.as_str().unwrap().contains("正文 8"));
    // In a feed without bodies an item contains the summary that lists show.
    assert_eq!(read_json(&digest, "keywords/共同/feed.json")["items"][0]["content_text"], "事件 8");
}

#[test]
fn urls_in_feed_texts_are_absolute_below_a_base_path() {
    let digest = digest_with_crossing();
    digest.write("newsprint.yaml", "title: 测试\nbase_url: https://example.org/base/\n");
    digest.build();
    let atom = feed_rs::parser::parse(digest.page("feed.xml").as_bytes()).unwrap();
    let body = atom.entries[0].content.as_ref().unwrap().body.clone().unwrap();
    let json = read_json(&digest, "feed.json")["items"][0]["content_html"].as_str().unwrap().to_owned();
    for html in [body, json] {
        for address in
            crate::driver::attributes(&html, "href").iter().chain(&crate::driver::attributes(&html, "src"))
        {
            assert!(address.starts_with("https://"), "{address} in {html}");
        }
        assert!(html.contains("https://example.org/base/articles/a1/"), "{html}");
        assert!(html.contains("https://example.org/base/articles/a8/#fn-1"), "{html}");
    }
}

#[test]
fn full_text_decides_which_feeds_contain_bodies() {
    let whole = |setting: &str, path: &str| {
        let digest = digest_without_settings()
            .configured(&format!("feeds: {{terms: on, crossings: on, full_text: {setting}}}"));
        digest.build();
        let atom = feed_rs::parser::parse(digest.page(path).as_bytes()).unwrap();
        atom.entries[0].content.is_some()
    };
    for (setting, site, term) in [("site", true, false), ("none", false, false), ("all", true, true)] {
        assert_eq!(whole(setting, "feed.xml"), site, "{setting}");
        assert_eq!(whole(setting, "keywords/共同/feed.xml"), term, "{setting}");
        assert_eq!(whole(setting, "ai-technologies/大模型/industries/医疗/feed.xml"), term, "{setting}");
    }
    let errors = Digest::new().configured("feeds:\n  full_text: some").build_fails();
    assert!(errors.contains("newsprint.yaml:4:14") && errors.contains("`none`, `site`"), "{errors}");
}

#[test]
fn pages_link_their_feeds_and_settings_switch_feeds_off() {
    let digest = digest_with_crossing();
    digest.build();
    let page = digest.page("ai-technologies/大模型/industries/医疗/index.html");
    let feed = "ai-technologies/%E5%A4%A7%E6%A8%A1%E5%9E%8B/industries/%E5%8C%BB%E7%96%97/feed";
    for wanted in [
        "type=\"application/atom+xml\" title=\"测试日报\" href=\"/feed.xml\"".to_owned(),
        format!("href=\"/{feed}.xml\""),
        format!("href=\"/{feed}.json\""),
    ] {
        assert!(page.contains(&wanted), "{wanted}");
    }
    // Only the home page names the JSON Feed of all articles.
    let json = "type=\"application/feed+json\" title=\"测试日报\" href=\"/feed.json\"";
    assert!(digest.page("index.html").contains(json) && !page.contains(json));
    let digest = digest_without_settings().configured("feeds: {json: off, crossings: off}");
    digest.build();
    assert!(!digest.site().keys().any(|path| path.ends_with("feed.json") || path == "weekly.json"));
    assert!(!digest.exists("public/ai-technologies/大模型/industries/医疗/feed.xml"));
    assert!(!digest.page("index.html").contains("feed+json"));
}

#[test]
fn the_opml_outline_lists_every_feed() {
    let digest = digest_with_crossing();
    digest.build();
    let xml = digest.page("feeds.opml");
    let document = roxmltree::Document::parse(&xml).unwrap();
    let named: std::collections::BTreeSet<String> = document
        .descendants()
        .filter_map(|node| node.attribute("xmlUrl"))
        .map(|url| {
            percent_encoding::percent_decode_str(url.strip_prefix("https://example.org/").unwrap())
                .decode_utf8()
                .unwrap()
                .into_owned()
        })
        .collect();
    let written: std::collections::BTreeSet<String> =
        digest.site().into_keys().filter(|path| path.ends_with("feed.xml") || path == "weekly.xml").collect();
    assert_eq!(named, written);
    let titles: Vec<&str> = document.descendants().filter_map(|node| node.attribute("title")).collect();
    assert!(titles.contains(&"大模型 × 医疗") && titles.contains(&"共同"), "{titles:?}");
    assert!(digest.page("keywords/index.html").contains("href=\"/feeds.opml\""));
}

#[test]
fn the_old_address_of_a_term_serves_its_json_feed() {
    let digest =
        digest_with_crossing().file("content/terms.yaml", "keywords:\n- name: 共同\n  aliases: [旧名]\n");
    digest.build();
    assert_eq!(digest.page("keywords/旧名/feed.json"), digest.page("keywords/共同/feed.json"));
}

/// The ids of all feeds by file: `id` of Atom, `id` of the items of JSON Feed.
fn ids(digest: &Digest) -> Vec<(String, Vec<String>)> {
    let mut ids = Vec::new();
    for (path, bytes) in digest.site() {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if path.ends_with("feed.xml") || path == "weekly.xml" {
            let document = roxmltree::Document::parse(&text).unwrap();
            ids.push((path, element_texts(&document, "id").into_iter().map(str::to_owned).collect()));
        } else if path.ends_with("feed.json") || path == "weekly.json" {
            let feed: serde_json::Value = serde_json::from_str(&text).unwrap();
            let items = feed["items"].as_array().unwrap().iter();
            ids.push((path, items.map(|item| item["id"].as_str().unwrap().to_owned()).collect()));
        }
    }
    ids
}

/// RFC 4287, section 4.2.6: an id does not change when the entry or the feed moves.
#[test]
fn ids_of_feeds_survive_a_move_and_links_follow_it() {
    let at = |settings: &str| {
        let digest =
            digest_without_settings().article("新", "title: 新\ndate: 2024-01-20\nkeywords: [共同]\n", "x");
        digest.write(
            "newsprint.yaml",
            format!("title: 测试日报\n{settings}\n").replace("feeds: {", "feeds: {terms: on, json: on, "),
        );
        digest.build();
        digest
    };
    let old = at("base_url: https://user.github.io/digest/\nfeeds: {}");
    let new = at("base_url: https://news.example.org/\nfeeds: {id_base: 'https://user.github.io/digest'}");
    let found = ids(&old);
    assert!(found.len() > 6 && found.iter().all(|(_, ids)| !ids.is_empty()), "{found:?}");
    assert!(found.iter().flat_map(|(_, ids)| ids).all(|id| id.starts_with("https://user.github.io/digest/")));
    assert_eq!(ids(&new), found);
    for path in ["feed.xml", "weekly.xml", "keywords/共同/feed.json", "feed.json", "weekly.json"] {
        let feed = new.page(path);
        assert!(feed.contains("https://news.example.org/"), "{path}");
        let links = feed
            .replace("<id>https://user.github.io/digest/", "")
            .replace("\"id\":\"https://user.github.io/digest/", "");
        assert!(!links.contains("user.github.io"), "{path}: {links}");
    }
    // Without the setting, all ids are addresses.
    let plain = at("base_url: https://news.example.org/\nfeeds: {}");
    assert!(
        ids(&plain).iter().flat_map(|(_, ids)| ids).all(|id| id.starts_with("https://news.example.org/"))
    );
    assert!(new.run(&["check"]).success, "{}", new.run(&["check"]).stdout);
    let errors = Digest::new().configured("feeds:\n  id_base: old.example/x").build_fails();
    assert!(errors.contains("newsprint.yaml:4:12") && errors.contains("is not an absolute URL"), "{errors}");
}

#[test]
fn an_article_has_the_id_of_its_front_matter_in_every_feed() {
    let settings =
        "base_url: https://news.example.org/\nfeeds: {json: on, terms: on, id_base: 'https://o.example/'}\n";
    let digest = Digest::bare().file("newsprint.yaml", settings);
    let tag = "tag:old.example,2024-05-06:/a&b.html";
    digest.write(
        "content/articles/a.md",
        format!("---\ntitle: 甲\ndate: 2024-05-06\nkeywords: [开源]\nfeed_id: {tag}\n---\n文\n"),
    );
    digest.write("content/articles/b.md", "---\ntitle: 乙\ndate: 2024-05-05\nkeywords: [开源]\n---\n文\n");
    digest.build();
    let wanted = [tag, "https://o.example/articles/b/"];
    for path in ["feed.xml", "keywords/开源/feed.xml"] {
        let atom = feed_rs::parser::parse(digest.page(path).as_bytes()).unwrap();
        assert_eq!(atom.entries.iter().map(|entry| entry.id.as_str()).collect::<Vec<_>>(), wanted, "{path}");
    }
    for path in ["feed.json", "keywords/开源/feed.json"] {
        let json = read_json(&digest, path);
        let ids: Vec<&str> =
            json["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect();
        assert_eq!(ids, wanted, "{path}");
    }
    // The links are those of the article, and an edit of the id changes the feeds.
    assert!(digest.page("feed.xml").contains("href=\"https://news.example.org/articles/a/\""));
    let article = digest.read("content/articles/a.md").replace(tag, "urn:x:1");
    digest.write("content/articles/a.md", article);
    digest.build();
    assert!(digest.page("feed.xml").contains("<id>urn:x:1</id>"));
    assert!(digest.page("feed.json").contains("\"id\":\"urn:x:1\""));
    assert!(digest.run(&["build", "--verify"]).success);
}

#[test]
fn an_id_in_feeds_that_is_no_iri_or_that_two_articles_have_is_an_error() {
    let digest = Digest::new()
        .article("a", "title: 甲\ndate: 2024-05-06\nfeed_id: old.example/a\n", "文")
        .article("b", "title: 乙\ndate: 2024-05-06\n", "文");
    let errors = digest.build_fails();
    assert!(errors.contains("`old.example/a` cannot be the id of an entry in feeds"), "{errors}");
    assert!(errors.contains("content/articles/a.md:4:10"), "{errors}");
    for name in ["a", "b"] {
        digest.write(
            &format!("content/articles/{name}.md"),
            format!("---\ntitle: {name}\nfeed_id: urn:x:1\n---\n文\n"),
        );
    }
    let errors = digest.build_fails();
    for place in ["content/articles/a.md:3:10", "content/articles/b.md:3:10"] {
        assert!(errors.contains(place), "{errors}");
    }
    assert!(errors.contains("`urn:x:1` is also the id in feeds of content/articles/b.md"), "{errors}");
}

#[test]
fn a_feed_that_a_setting_ends_says_where_to_subscribe_instead() {
    let digest = digest_with_crossing();
    digest.build();
    let all_feeds = digest.read("newsprint.yaml");
    let with = |settings: &str| {
        let kept: Vec<&str> = all_feeds.lines().filter(|line| !line.starts_with("feeds:")).collect();
        digest.write("newsprint.yaml", format!("{}\n{settings}\n", kept.join("\n")));
        let outcome = digest.run(&["build", "--verify"]);
        assert!(outcome.success, "{}", outcome.stderr);
    };
    with("feeds: {terms: on, json: site}");
    let crossing = "ai-technologies/大模型/industries/医疗";
    let notice = digest.page(&format!("{crossing}/feed.xml"));
    let atom = feed_rs::parser::parse(notice.as_bytes()).unwrap();
    assert_eq!(atom.entries.len(), 1);
    let summary = atom.entries[0].summary.as_ref().unwrap().content.clone();
    assert!(summary.contains("订阅 https://example.org/feed.xml，"), "{summary}");
    assert!(notice.contains("rel=\"self\""), "{notice}");
    // The JSON Feed of a term leads to the term's Atom feed.
    let json = read_json(&digest, "keywords/共同/feed.json");
    assert_eq!(json["expired"], true);
    let text = json["items"][0]["content_text"].as_str().unwrap();
    assert!(text.contains("https://example.org/keywords/%E5%85%B1%E5%90%8C/feed.xml"), "{text}");
    assert!(digest.page("keywords/共同/feed.xml").contains("第 8 篇"));
    assert!(digest.page("feed.json").contains("第 8 篇"));

    // It stays as it is when articles come, and after a build that finds nothing changed.
    let path = format!("{crossing}/feed.xml");
    digest.write("content/articles/new.md", "---\ntitle: 新\ndate: 2024-03-01\nkeywords: [共同]\n---\nx\n");
    for _ in 0..2 {
        digest.build();
        assert_eq!(digest.page(&path), notice);
    }
    // It ends with its page, and gives way to the feed.
    with("feeds: {terms: on, crossings: on}");
    assert!(digest.page(&path).contains("第 8 篇"));
    with("feeds: {terms: on}");
    assert!(is_notice(digest.page(&path).as_bytes()));
    with("crossings: off");
    assert!(!digest.exists(&format!("public/{path}")));
}

#[test]
fn the_notice_of_an_ended_json_feed_gives_way_when_the_caches_are_lost() {
    let digest = Digest::new();
    let settings = |json: &str| {
        digest.write("newsprint.yaml", format!("base_url: https://example.org/\nfeeds: {{json: {json}}}\n"));
        digest.build();
    };
    digest.write("content/articles/a.md", "---\ntitle: 甲\ndate: 2026-01-02\n---\n\n文\n");
    settings("on");
    settings("off");
    assert!(digest.read("public/feed.json").starts_with("{\"expired\":true"));
    std::fs::remove_dir_all(digest.path(".newsprint")).unwrap();
    digest.build();
    settings("on");
    assert!(digest.read("public/feed.json").contains("\"title\":\"甲\""));
}
