//! JSON, tables, feeds and the posts of other generators are imported like records.

use super::{article, field, files, report, titles, words};
use crate::driver::Digest;
use newsprint::internals::yaml::Node;

/// A value below `extra` of the only article.
fn extra(digest: &Digest, name: &str) -> Node {
    article(digest, &files(digest)[0]).0.get("extra").unwrap().get(name).cloned().unwrap_or_default()
}

#[test]
fn json_is_read_with_chinese_or_english_keys() {
    for text in [
        r#"[{"title": "甲", "url": "https://e.org/1", "content": "一。", "tags": ["a", "b"], "published_at": "2026-11-23T08:00:00+08:00", "score": 0.5}]"#,
        r#"{"标题": "甲", "链接": "https://e.org/1", "正文": "一。", "关键词": "a、b", "日期": "2026-11-23 08:00", "score": 0.5}"#,
        "{\"total\": 1, \"articles\": [{\"title\": \"甲\", \"link\": \"https://e.org/1\", \"text\": \"一。\", \"keywords\": \"a, b\", \"date\": 1795392000, \"score\": 0.5}]}",
        "好的，结果如下：\n```json\n{\"title\": \"甲\", \"url\": \"https://e.org/1\", \"body\": \"一。\", \"keywords\": [\"a\", \"b\"], \"date\": \"2026-11-23T00:00Z\", \"score\": 0.5}\n```\n希望有用。",
    ] {
        let digest = Digest::new().file("in.json", text);
        let found = report(&digest, &["in.json"]);
        assert_eq!(found["success"], true, "{text}\n{found:#}");
        assert_eq!(
            (
                field(&digest, "title"),
                field(&digest, "link"),
                field(&digest, "keywords"),
                words(&extra(&digest, "score"))
            ),
            ("甲".to_owned(), "https://e.org/1".to_owned(), "a|b".to_owned(), "0.5".to_owned()),
            "{text}"
        );
        assert_eq!(field(&digest, "date"), "2026-11-23T08:00:00+08:00", "{text}");
        assert_eq!(article(&digest, &files(&digest)[0]).1, "一。");
        digest.build();
    }
}

#[test]
fn broken_json_lines_do_not_affect_the_others() {
    let text = "{\"title\": \"甲\", \"content\": \"一。\"}\n{\"title\": \"乙\", \"content\": \"二\n{\"title\": \"丙\", \"id\": 1758348822070329274, \"source\": {\"name\": \"某报\"}}\n\n[1, 2]\n";
    let digest = Digest::new().file("in.jsonl", text);
    let found = report(&digest, &["in.jsonl"]);
    assert_eq!(titles(&digest), ["丙", "甲"], "{found:#}");
    let lines: Vec<_> = found["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|found| found["place"]["line"].as_u64())
        .collect();
    assert_eq!(lines, [Some(2), Some(5), Some(5)], "{found:#}");
    let (front, _) = article(&digest, "丙.md");
    let extra = front.get("extra").unwrap();
    assert_eq!(words(extra.get("id").unwrap()), "1758348822070329274");
    assert_eq!(words(extra.get("source").unwrap().get("name").unwrap()), "某报");
}

#[test]
fn complete_items_of_a_truncated_json_list_are_imported() {
    let digest = Digest::new().file("in.json", "[\n {\"title\": \"甲\"},\n {\"title\": \"乙\", \"con");
    let found = report(&digest, &["in.json"]);
    assert_eq!(titles(&digest), ["甲"], "{found:#}");
    assert_eq!(found["diagnostics"].as_array().unwrap().len(), 2, "{found:#}");
    assert_eq!(found["diagnostics"][1]["place"]["line"], 3);
}

#[test]
fn the_first_row_of_a_table_names_its_columns() {
    let text = "标题,链接,正文,关键词,评分\n甲,https://e.org/1,\"一，\n二。\",\"a, b\",5\n乙,https://e.org/2,三。,c,4\n";
    for (name, text) in [("in.csv", text.to_owned()), ("in.tsv", "title\tlink\tcontent\tkeywords\t评分\n甲\thttps://e.org/1\t一，二。\ta|b\t5\n乙\thttps://e.org/2\t三。\tc\t4\n".to_owned())] {
        let digest = Digest::new().file(name, text);
        let found = report(&digest, &[name]);
        assert_eq!(found["success"], true, "{found:#}");
        assert_eq!(titles(&digest), ["乙", "甲"]);
        let (front, body) = article(&digest, "甲.md");
        assert_eq!((words(front.get("keywords").unwrap()), body.replace("\n\n", "")), ("a|b".to_owned(), "一，二。".to_owned()));
        assert_eq!(words(front.get("extra").unwrap().get("评分").unwrap()), "5");
    }
}

#[test]
fn unreadable_rows_are_refused_with_their_lines() {
    let digest = Digest::new().file("in.csv", "title,content\n甲,一\n乙,二,三\n,四\n丙,\"五\n丁,六\n");
    let found = report(&digest, &["in.csv"]);
    assert_eq!(titles(&digest), ["甲"]);
    let lines: Vec<_> = found["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|found| found["place"]["line"].as_u64())
        .collect();
    assert_eq!(lines, [Some(3), Some(4), Some(5)], "{found:#}");
    digest.write("in.csv", "名字,值\n甲,1\n");
    assert!(digest.run(&["import", "in.csv"]).stderr.contains("no column of this table is a title"));
}

#[test]
fn feeds_are_imported_with_their_html_as_markdown() {
    let rss = r#"<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>某报</title><link>https://e.org/</link>
<item><title>甲 &amp; 乙</title><link>https://e.org/1</link><pubDate>Mon, 23 Nov 2026 00:00:00 GMT</pubDate><category>开源</category><category>大模型</category>
<content:encoded><![CDATA[<p>一，<strong>二</strong>。</p><script>alert(1)</script><p><a href="https://e.org/x">三</a>。</p>]]></content:encoded></item></channel></rss>"#;
    let atom = r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>某报</title><id>x</id><updated>2026-11-23T00:00:00Z</updated>
<entry><title>甲 &amp; 乙</title><id>urn:1</id><link href="https://e.org/1"/><published>2026-11-23T00:00:00Z</published><updated>2026-11-23T00:00:00Z</updated><category term="开源"/><category term="大模型"/>
<content type="html">&lt;p&gt;一，&lt;strong&gt;二&lt;/strong&gt;。&lt;/p&gt;&lt;p&gt;&lt;a href="https://e.org/x"&gt;三&lt;/a&gt;。&lt;/p&gt;</content></entry></feed>"#;
    let json = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "某报", "items": [{"id": "1", "url": "https://e.org/1", "title": "甲 & 乙", "date_published": "2026-11-23T00:00:00Z", "tags": ["开源", "大模型"], "content_html": "<p>一，<strong>二</strong>。</p><p><a href=\"https://e.org/x\">三</a>。</p>"}]}"#;
    for (name, text) in [("in.xml", rss), ("feed", atom), ("feed.json", json)] {
        let digest = Digest::new().file(name, text);
        let found = report(&digest, &[name]);
        assert_eq!(found["success"], true, "{found:#}");
        assert_eq!(found["inputs"][0]["format"], "feed");
        assert_eq!(
            (field(&digest, "title"), field(&digest, "keywords")),
            ("甲 & 乙".to_owned(), "开源|大模型".to_owned()),
            "{name}"
        );
        assert_eq!(
            (field(&digest, "source"), field(&digest, "date")),
            ("某报".to_owned(), "2026-11-23T08:00:00+08:00".to_owned())
        );
        assert_eq!(
            article(&digest, &files(&digest)[0]).1,
            "一，**二**。\n\n[三](https://e.org/x)。",
            "{name}"
        );
        digest.build();
    }
}

#[test]
fn posts_of_other_generators_are_imported() {
    let posts = [
        (
            "hugo",
            "content/post/xiao-xing.md",
            "---\ntitle: 甲\ndate: 2026-11-23T08:00:00+08:00\nlastmod: 2026-11-24\ntags: [开源, 大模型]\ncategories: [\"开源\"]\nurl: /old/1/\nauthor: 张三\n---\n\n**一**。\n\n<!--more-->\n\n二。\n",
        ),
        (
            "zola",
            "content/blog/xiao-xing/index.md",
            "+++\ntitle = \"甲\"\ndate = 2026-11-23T08:00:00+08:00\nupdated = 2026-11-24\naliases = [\"/old/1/\"]\n[taxonomies]\ntags = [\"开源\", \"大模型\"]\n[extra]\nauthor = \"张三\"\n+++\n**一**。\n\n<!-- more -->\n\n二。\n",
        ),
        (
            "hexo",
            "source/_posts/xiao-xing.md",
            "---\ntitle: 甲\ndate: 2026-11-23 08:00:00\nupdated: 2026-11-24\ntags:\n  - 开源\n  - 大模型\npermalink: /old/1/\nauthor: 张三\n---\n**一**。\n\n<!-- more -->\n\n二。\n",
        ),
        (
            "jekyll",
            "_posts/2026-11-23-xiao-xing.md",
            "---\ntitle: 甲\ndate: 2026-11-23 08:00:00 +0800\nlast_modified_at: 2026-11-24\ntags: [开源, 大模型]\nredirect_from: [/old/1/]\nauthor: 张三\n---\n**一**。\n\n二。\n",
        ),
    ];
    let aliases = ["old/1", "blog/xiao-xing|old/1", "old/1", "2026/11/23/xiao-xing.html|old/1"];
    for ((generator, file, text), aliases) in posts.into_iter().zip(aliases) {
        let digest = Digest::new()
            .file(&format!("old/{file}"), text)
            .file("old/content/post/_index.md", "---\ntitle: x\n---\n");
        let folder = format!("old/{}", file.split('/').next().unwrap());
        let found = report(&digest, &["--from", generator, &folder]);
        assert_eq!(found["success"], true, "{generator} {found:#}");
        assert_eq!(files(&digest), ["2026-11-23-xiao-xing.md"], "{generator}");
        assert_eq!(
            ["title", "date", "updated", "keywords", "aliases"].map(|name| field(&digest, name)),
            ["甲", "2026-11-23T08:00:00+08:00", "2026-11-24", "开源|大模型", aliases],
            "{generator}"
        );
        assert_eq!(words(&extra(&digest, "author")), "张三", "{generator}");
        assert!(article(&digest, &files(&digest)[0]).1.starts_with("**一**。\n\n"), "{generator}");
        assert!(!article(&digest, &files(&digest)[0]).1.contains("more"));
        assert!(digest.run(&["build", "--strict"]).success);
        assert_eq!(report(&digest, &["--from", generator, &folder])["skipped"], 1, "{generator}");
    }
}

#[test]
fn the_error_for_a_post_suggests_the_from_flag() {
    let digest = Digest::new()
        .file("a.md", "---\ntitle: 甲\n---\n正文\n")
        .file("b.md", "+++\ntitle = 甲\n+++\n正文\n");
    let outcome = digest.run(&["import", "a.md"]);
    assert!(outcome.code == 1 && outcome.stderr.contains("--from hugo"), "{}", outcome.stderr);
    let outcome = digest.run(&["import", "--from", "zola", "b.md"]);
    assert!(
        outcome.stderr.contains("this is not TOML") && outcome.stderr.contains("b.md:2:9"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn real_posts_of_hugo_are_imported() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/servicemesher-sample");
    // Public checkouts have no `../shared`; `posts_of_other_generators_are_imported` covers one
    // post of each generator.
    if !folder.is_dir() {
        return;
    }
    let digest = Digest::new();
    let found = report(&digest, &["--from", "hugo", folder.to_str().unwrap()]);
    assert_eq!(found["imported"].as_array().unwrap().len(), 33, "{found:#}");
    digest.build();
}

#[test]
fn a_folder_is_imported_and_unknown_formats_are_reported() {
    let digest = Digest::new()
        .file("in/a.txt", "标题: 甲\n")
        .file("in/2026-11-23/b.json", "{\"title\": \"乙\"}")
        .file("in/c.png", "x");
    let found = report(&digest, &["in"]);
    assert_eq!(titles(&digest), ["乙", "甲"]);
    assert_eq!(
        (found["success"].as_bool(), files(&digest)[0].as_str()),
        (Some(true), "2026-11-23-乙.md"),
        "{found:#}"
    );
    assert!(found["diagnostics"][0]["message"].as_str().unwrap().contains("c.png"));
}

#[test]
fn json_is_found_inside_wrappers_and_text() {
    for text in [
        r#"{"code": 0, "data": {"total": 1, "list": [{"标题": "甲"}, {"标题": "乙"}]}}"#,
        r#"{"新闻1": {"标题": "甲"}, "新闻2": {"标题": "乙"}}"#,
        r#"{"today": [{"title": "甲"}], "yesterday": [{"title": "乙"}]}"#,
        "```json\n{\"标题\": \"甲\"}\n```\n\n第二条：\n\n```json\n{\"标题\": \"乙\"}\n```\n",
        "<think>{\"标题\": \"丙\"}</think>\n{\"标题\": \"甲\"}\n{\"标题\": \"乙\"}\n",
    ] {
        let digest = Digest::new().file("in.txt", text);
        let found = report(&digest, &["in.txt"]);
        assert_eq!(titles(&digest), ["乙", "甲"], "{text}\n{found:#}");
        assert_eq!(found["success"], true);
    }
}

#[test]
fn nested_names_and_html_in_json_are_read() {
    let text = r#"{"title": "甲", "ai_technologies": [{"name": "大模型", "score": 1}, {"name": "智能体"}], "行业": {"一级": "软件", "二级": ["SaaS"]}, "source": {"name": "某报", "url": "https://e.org"}, "tags": ["AI, 安全"], "content": "<p>一，<b>二</b>。</p><iframe src=x></iframe>", "text": "另一个正文"}"#;
    let digest = Digest::new().file("in.json", text);
    let found = report(&digest, &["in.json"]);
    assert_eq!(
        ["ai_technologies", "industries", "source", "keywords"].map(|name| field(&digest, name)),
        ["大模型|智能体", "软件|SaaS", "某报", "AI|安全"],
        "{found:#}"
    );
    let (front, body) = article(&digest, "甲.md");
    assert_eq!(body, "一，**二**。");
    assert_eq!(words(front.get("extra").unwrap().get("body").unwrap()), "另一个正文");
    assert!(digest.read("content/articles/甲.md").contains("score: 1"));
    assert_eq!(found["repaired"][0]["kind"], "markup");
    assert!(digest.run(&["build", "--strict"]).success);
}

#[test]
fn a_feed_in_another_encoding_is_read() {
    let rss = "<?xml version=\"1.0\" encoding=\"gb2312\"?><rss version=\"2.0\"><channel><title>某报</title><link>https://e.org/</link><description>x</description><item><title>今天的新闻</title><link>https://e.org/1</link><description>一。</description></item></channel></rss>";
    let digest = Digest::new().file("in.xml", encoding_rs::GB18030.encode(rss).0);
    assert_eq!(report(&digest, &["in.xml"])["success"], true);
    assert_eq!(
        (field(&digest, "title"), field(&digest, "source")),
        ("今天的新闻".to_owned(), "某报".to_owned())
    );
}

#[test]
fn every_record_on_one_line_has_its_own_column() {
    let one = |n: usize| format!("{{\"title\": \"题{n}\", \"date\": \"某日\"}}");
    let records: Vec<String> = (0..3000).map(one).collect();
    for gap in [", ", ",\n"] {
        let text = format!("[{}]", records.join(gap));
        let digest = Digest::new().file("in.json", &text);
        let report = report(&digest, &["in.json"]);
        let found: Vec<(u64, u64)> = report["diagnostics"]
            .as_array()
            .unwrap()
            .iter()
            .map(|found| {
                (found["place"]["line"].as_u64().unwrap(), found["place"]["column"].as_u64().unwrap())
            })
            .collect();
        let expected: Vec<(u64, u64)> = (text.split('\n').enumerate())
            .flat_map(|(line, words)| {
                let columns = words.match_indices("\"某日\"").map(|(at, _)| words[..at].chars().count() + 1);
                columns.map(move |column| (line as u64 + 1, column as u64)).collect::<Vec<_>>()
            })
            .collect();
        assert_eq!(found, expected, "{gap:?}");
    }
}

#[test]
fn members_of_a_wrapping_object_on_one_line_are_records_with_their_lines() {
    let member = |n: usize| format!("\"新闻{n}\": {{\"title\": \"题{n}\", \"content\": \"文{n}\"}}");
    let members: Vec<String> = (0..200).map(member).collect();
    for (gap, line) in [(", ", 1), (",\n", 200)] {
        let digest = Digest::new().file("in.json", format!("{{{}}}", members.join(gap)));
        let report = report(&digest, &["in.json"]);
        let imported = report["imported"].as_array().unwrap();
        assert_eq!((imported.len(), imported[199]["from"]["line"].as_u64()), (200, Some(line)));
    }
}
