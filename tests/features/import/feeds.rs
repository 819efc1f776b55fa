//! Feeds that are slightly broken cost only what is broken, and nothing that is not public at its
//! source is published.

use super::{article, field, files, report, titles, words};
use crate::driver::Digest;
use newsprint::internals::yaml::Node;

fn rss(items: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel><title>源</title><link>https://r.example.net/</link>\n{items}\n</channel></rss>\n"
    )
}

/// Imports a text as `in.xml` into a new digest.
fn import(text: &str) -> (Digest, serde_json::Value) {
    let digest = Digest::new().file("in.xml", text);
    let found = report(&digest, &["in.xml"]);
    (digest, found)
}

/// Kind, line and new text of each repair.
fn repairs(found: &serde_json::Value) -> Vec<(String, u64, String)> {
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let all = found["repaired"].as_array().unwrap().iter();
    all.map(|one| (text(&one["kind"]), one["place"]["line"].as_u64().unwrap(), text(&one["to"]))).collect()
}

#[test]
fn posts_that_are_not_public_at_their_source_are_drafts() {
    let item = |n: usize, marks: &str| {
        format!(
            "<item><title>第{n}篇</title><link>https://o.example.net/?p={n}</link><pubDate>Fri, 20 Apr 2018 08:02:56 +0000</pubDate>{marks}</item>\n"
        )
    };
    let statuses = ["private", "draft", "pending", "future", "trash", "inherit", "auto-draft"];
    let mut items: Vec<String> = statuses
        .iter()
        .enumerate()
        .map(|(n, status)| {
            item(n, &format!("<wp:status>{status}</wp:status><wp:post_type>post</wp:post_type>"))
        })
        .collect();
    items.push(item(7, "<wp:status>publish</wp:status><wp:post_password>geheim</wp:post_password>"));
    items.push(item(
        8,
        "<app:control xmlns:app=\"http://www.w3.org/2007/app\"><app:draft>yes</app:draft></app:control>",
    ));
    let hidden = items.len();
    items.push(item(9, "<wp:status>publish</wp:status><wp:post_type>page</wp:post_type>"));
    for kind in ["attachment", "nav_menu_item", "revision", "wp_block", "custom_css"] {
        items.push(item(10, &format!("<wp:status>inherit</wp:status><wp:post_type>{kind}</wp:post_type>")));
    }
    let (digest, found) = import(&rss(&items.concat()));
    assert_eq!(found["success"], true, "{found:#}");
    assert_eq!(found["imported"].as_array().unwrap().len(), hidden + 1, "{found:#}");
    let warnings = found["diagnostics"].as_array().unwrap();
    assert_eq!(warnings.len(), hidden + 1, "{found:#}");
    assert_eq!(warnings[0]["place"]["line"], 3);
    let passed = warnings.iter().find(|one| one["message"].as_str().unwrap().starts_with("5 items"));
    assert!(passed.is_some(), "{found:#}");
    for file in files(&digest) {
        let (front, _) = article(&digest, &file);
        let is_public = words(front.get("title").unwrap()) == "第9篇";
        assert_eq!(front.get("draft").is_none(), is_public, "{file}");
        assert!(!digest.read(&format!("content/articles/{file}")).contains("geheim"));
    }
    assert!(!found.to_string().contains("geheim"));
    digest.build();
    assert!(digest.main("index.html").contains("第9篇") && !digest.main("index.html").contains("第1篇"));
}

#[test]
fn json_feeds_may_have_numbers_for_ids() {
    for id in ["1", "1.5", "true", "null", "{}"] {
        let text = format!(
            "{{\"version\":\"https://jsonfeed.org/version/1\",\"title\":\"JF\",\"items\":[{{\"id\":{id},\"url\":\"https://j.example.net/1\",\"title\":\"数字\",\"content_text\":\"a\"}}, {{\"id\": 2, \"title\": 3}}]}}"
        );
        let digest = Digest::new().file("feed.json", text);
        let found = report(&digest, &["feed.json"]);
        assert_eq!(
            (found["success"].as_bool(), titles(&digest)),
            (Some(true), vec!["3".to_owned(), "数字".to_owned()]),
            "{found:#}"
        );
    }
}

#[test]
fn broken_xml_is_read_as_it_is_meant_and_named_with_its_line() {
    let tail = "<item><title>乙</title></item>";
    for (item, title, link, to) in [
        (
            "<item><title>甲</title>\n<link>https://r.example.net/x?a=2&b=2</link></item>",
            "甲",
            "https://r.example.net/x?a=2&b=2",
            "&amp;",
        ),
        ("<item>\n<title>甲&nbsp;丙</title></item>", "甲 丙", "", "&#160;"),
        ("<item>\n<title>甲&mdash;丙</title></item>", "甲—丙", "", "&#8212;"),
        ("<item>\n<title>1 < 2 甲</title></item>", "1 < 2 甲", "", "&lt;"),
        ("<item>\n<title>R&D 甲</title></item>", "R&D 甲", "", "&amp;"),
        (
            "<item><title>甲\n<link>https://r.example.net/1</link></item>",
            "甲",
            "https://r.example.net/1",
            "</title>",
        ),
        ("<item><title>甲</title><description>一\n<br>二</description></item>", "甲", "", "</br>"),
        ("<item><title>甲</title>\n", "甲", "", "</item>"),
        ("<item><title>甲</title>\n</b></item>", "甲", "", ""),
    ] {
        let (digest, found) = import(&rss(&format!("{item}{tail}")));
        assert_eq!(found["success"], true, "{item}: {found:#}");
        assert_eq!(titles(&digest).len(), 2, "{item}: {found:#}");
        let file =
            found["imported"][0]["file"].as_str().unwrap().trim_start_matches("content/articles/").to_owned();
        let (front, _) = article(&digest, &file);
        let get = |name: &str| front.get(name).map(words).unwrap_or_default().replace('\u{a0}', " ");
        assert_eq!((get("title").as_str(), get("link").as_str()), (title, link), "{item}");
        assert_eq!(repairs(&found), [("xml".to_owned(), 4, to.to_owned())], "{item}");
    }
}

#[test]
fn what_precedes_the_declaration_and_its_encoding_do_not_matter() {
    let item = "<item><title>今天的新闻，是大模型的发布</title></item>";
    for head in [
        "\n\n <?xml version=\"1.0\"?>",
        "\u{FEFF}\u{FEFF}<?xml version=\"1.0\"?>",
        "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>",
    ] {
        for name in ["in.xml", "feed"] {
            let digest = Digest::new().file(name, format!("{head}<rss><channel>{item}</channel></rss>"));
            let found = report(&digest, &[name]);
            assert_eq!(
                (found["success"].as_bool(), titles(&digest).len()),
                (Some(true), 1),
                "{head}: {found:#}"
            );
        }
    }
    let text = format!("<?xml version=\"1.0\" encoding=\"utf-8\"?><rss>{item}</rss>");
    let digest = Digest::new().file("in.xml", encoding_rs::GB18030.encode(&text).0);
    assert_eq!(report(&digest, &["in.xml"])["success"], true);
    let latin =
        "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><rss><item><title>Café à Noël</title></item></rss>";
    let digest = Digest::new().file("in.xml", encoding_rs::WINDOWS_1252.encode(latin).0);
    assert_eq!(
        (report(&digest, &["in.xml"])["success"].as_bool(), titles(&digest)),
        (Some(true), vec!["Café à Noël".to_owned()])
    );
}

#[test]
fn the_complete_items_of_a_feed_that_is_cut_off_are_imported() {
    let whole = rss(
        "<item><title>甲</title></item>\n<item><title>乙</title><description><![CDATA[<p>一</p>]]></description></item>",
    );
    let start = whole.find("<item><title>乙").unwrap();
    for end in [start + 8, start + 24, whole.find("CDATA").unwrap() + 12, whole.find("</rss").unwrap()] {
        let (digest, found) = import(&whole[..end]);
        let count = if end > whole.find("</channel").unwrap() { 2 } else { 1 };
        assert_eq!((found["success"].as_bool(), titles(&digest).len()), (Some(false), count), "{found:#}");
        let problem = &found["diagnostics"][0];
        assert!(problem["message"].as_str().unwrap().contains("cut off"), "{problem:#}");
        assert!(problem["place"]["line"].as_u64() >= Some(4), "{problem:#}");
    }
}

#[test]
fn items_without_a_link_or_with_the_link_of_all_are_articles() {
    for (items, links) in [
        (
            "<item><title>甲</title><guid>https://r.example.net/1</guid></item><item><title>乙</title></item>",
            vec!["", "https://r.example.net/1"],
        ),
        (
            "<item><title>甲</title><guid isPermaLink=\"false\">https://r.example.net/1</guid></item>",
            vec![""],
        ),
        (
            "<item><title>甲</title><link>https://r.example.net/</link><guid>https://r.example.net/1</guid></item><item><title>乙</title><link>https://r.example.net/</link><guid>https://r.example.net/2</guid></item>",
            vec!["https://r.example.net/1", "https://r.example.net/2"],
        ),
        ("<item><title>甲</title><link>/news/1</link></item>", vec!["https://r.example.net/news/1"]),
        (
            "<item xml:base=\"https://b.example.net/x/\"><title>甲</title><link>1.html</link></item>",
            vec!["https://b.example.net/x/1.html"],
        ),
        (
            "<item><title>甲</title><link>https://r.example.net/a b</link></item>",
            vec!["https://r.example.net/a%20b"],
        ),
    ] {
        let (digest, found) = import(&rss(items));
        assert_eq!(found["success"], true, "{items}: {found:#}");
        let link = |file: &String| article(&digest, file).0.get("link").map(words).unwrap_or_default();
        let mut all: Vec<String> = files(&digest).iter().map(link).collect();
        all.sort();
        assert_eq!(all, links, "{items}");
    }
    let rdf = "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>源</title></channel><item><title>甲</title><dc:date>2024-03-05</dc:date><dc:subject>开源</dc:subject><dc:creator>李四</dc:creator></item></rdf:RDF>";
    let (digest, found) = import(rdf);
    assert_eq!(found["success"], true, "{found:#}");
    assert_eq!(
        [field(&digest, "date"), field(&digest, "keywords"), field(&digest, "source")],
        ["2024-03-05", "开源", "源"]
    );
}

#[test]
fn a_page_of_html_is_not_a_feed_and_names_its_feed() {
    let page = "<!DOCTYPE html>\n<html><head><title>站</title><link rel=\"alternate\" type=\"application/rss+xml\" href=\"/feed.xml\"></head><body>文</body></html>";
    for name in ["in.xml", "feed"] {
        let digest = Digest::new().file(name, page);
        let outcome = digest.run(&["import", name]);
        assert!(
            !outcome.success && outcome.stderr.contains("this is an HTML page, not a feed"),
            "{}",
            outcome.stderr
        );
        assert!(outcome.stderr.contains("`/feed.xml`"), "{}", outcome.stderr);
    }
}

#[test]
fn a_link_field_of_json_and_tables_is_one_address() {
    for (written, wanted) in [
        (
            "https://h.example.net/a b/中文?q=你 好",
            "https://h.example.net/a%20b/%E4%B8%AD%E6%96%87?q=%E4%BD%A0%20%E5%A5%BD",
        ),
        ("https://h.example.net/a  b", "https://h.example.net/a%20%20b"),
        (
            "https://h.example.net/你好，世界",
            "https://h.example.net/%E4%BD%A0%E5%A5%BD%EF%BC%8C%E4%B8%96%E7%95%8C",
        ),
        ("http://h.example.net/#a b", "http://h.example.net/#a%20b"),
        ("https://h.example.net/?u=https://e.org/a b", "https://h.example.net/?u=https://e.org/a%20b"),
    ] {
        for (name, text) in [
            ("in.json", format!("{{\"title\": \"例\", \"link\": \"{written}\", \"content\": \"a\"}}")),
            ("in.csv", format!("title,link\n例,{written}\n")),
            (
                "feed.json",
                format!(
                    "{{\"version\": \"https://jsonfeed.org/version/1\", \"items\": [{{\"title\": \"例\", \"url\": \"{written}\"}}]}}"
                ),
            ),
            ("in.xml", rss(&format!("<item><title>例</title><link>{written}</link></item>"))),
        ] {
            let digest = Digest::new().file(name, text);
            let found = report(&digest, &[name]);
            assert_eq!(field(&digest, "link"), wanted, "{name}: {found:#}");
            assert_eq!(found["repaired"].as_array().unwrap().len(), 0, "{found:#}");
        }
    }
    let digest = Digest::new();
    super::import(&digest, "标题: 例\n链接: https://h.example.net/a 原文\n总结: 一。\n");
    assert_eq!(field(&digest, "link"), "https://h.example.net/a");
}

#[test]
fn authors_are_names() {
    for (author, names) in [
        ("<author>lisi@a.cn (李四)</author>", vec!["李四"]),
        ("<author>mailto:lisi@a.cn (李四)</author>", vec!["李四"]),
        ("<author>a@a.cn (甲), b@b.cn (乙)</author>", vec!["甲", "乙"]),
        ("<dc:creator>李四</dc:creator><dc:creator>王五</dc:creator>", vec!["李四", "王五"]),
        ("<author>李四 &lt;lisi@a.cn&gt;</author><dc:creator>李四</dc:creator>", vec!["李四"]),
        ("<author><name>李四</name><email>lisi@a.cn</email></author>", vec!["李四"]),
    ] {
        let (digest, found) = import(&rss(&format!("<item><title>甲</title>{author}</item>")));
        assert_eq!(found["success"], true, "{found:#}");
        let (front, _) = article(&digest, &files(&digest)[0]);
        let names = Node::List(names.into_iter().map(|name| Node::Text(name.to_owned())).collect());
        assert_eq!(front.get("extra").unwrap().get("author"), Some(&names), "{author}");
    }
}

#[test]
fn a_break_in_xhtml_is_one_break() {
    let text = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>源</title><entry><title>甲</title><content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\"><p>第一行<br/>第二行</p><hr/><p>图<img src=\"https://e.org/a.png\" alt=\"a &quot;b&quot;\"/>后</p></div></content></entry></feed>";
    let (digest, found) = import(text);
    assert_eq!(found["success"], true, "{found:#}");
    let body = article(&digest, &files(&digest)[0]).1;
    assert_eq!(body.split("\n\n").count(), 3, "{body}");
    assert!(body.starts_with("第一行  \n第二行") || body.starts_with("第一行\\\n第二行"), "{body}");
}

#[test]
fn the_description_of_a_video_or_an_episode_is_its_text() {
    let item = |n: usize, more: &str| {
        format!("<item><title>第{n}集</title><link>https://r.example.net/{n}</link>{more}</item>\n")
    };
    let items = [
        item(
            1,
            "<media:group><media:title>x</media:title><media:description>一段说明。</media:description></media:group>",
        ),
        item(2, "<itunes:summary>另一段说明。</itunes:summary>"),
    ];
    let (digest, _) = import(&rss(&items.concat()));
    let texts: Vec<String> = files(&digest).iter().map(|file| article(&digest, file).1).collect();
    assert_eq!(texts, ["一段说明。", "另一段说明。"]);
}

#[test]
fn what_a_summary_loses_is_named() {
    let atom = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>源</title><entry><title>题</title><link href=\"https://r.example.net/1\"/>\
        <summary type=\"text\">用 &lt;div&gt; 写 Vec&lt;T&gt;</summary><content>正文。</content></entry></feed>";
    let (digest, _) = import(atom);
    assert_eq!(field(&digest, "summary"), "用 <div> 写 Vec<T>");
    let texts = "<description>原价&lt;s&gt;999&lt;/s&gt;799元&lt;script&gt;x&lt;/script&gt;</description><content:encoded>正文。</content:encoded>";
    let item = format!("<item><title>题</title><link>https://r.example.net/1</link>{texts}</item>");
    let (digest, found) = import(&rss(&item));
    assert_eq!(field(&digest, "summary"), "原价~~999~~799元");
    assert!(found["repaired"].to_string().contains("<script>x</script>"), "{found:#}");
}
