//! Data for programs beside the pages: lists of articles and terms, JSON and Markdown alternates of
//! articles, and `llms.txt` for language models.

use serde_json::{Value, json};

use crate::driver::Digest;

fn read_json(digest: &Digest, path: &str) -> Value {
    serde_json::from_str(&digest.page(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn two_articles() -> Digest {
    Digest::new()
        .article(
            "a",
            "title: 甲\ndate: 2024-01-02\nupdated: 2024-01-03 08:00\nlink: https://example.com/1\nsource: 某报\nevent: 事件\n\
             keywords: [开源, 芯片]\nindustries: [医疗]\nextra:\n  mood: 好\n  score: 1.50\n",
            "见[乙](/articles/b/)，**真，**好。~~删~~",
        )
        .article("b", "title: 乙\n", "文。")
        .file("content/terms.yaml", "keywords:\n- name: 开源\n  aliases: [open source]\n  description: 公开源代码\n")
}

#[test]
fn the_article_list_contains_every_field_of_an_article() {
    let digest = two_articles();
    digest.build();
    let list = read_json(&digest, "api/articles.json");
    assert_eq!(list["$schema"], "https://example.org/api/schema/articles-1.json");
    assert!(digest.exists("public/api/schema/articles-1.json"));
    assert_eq!((&list["version"], &list["older"], &list["newer"]), (&json!(1), &Value::Null, &Value::Null));
    assert_eq!(
        list["articles"][0],
        json!({
            "slug": "a",
            "url": "https://example.org/articles/a/",
            "title": "甲",
            "link": "https://example.com/1",
            "source": "某报",
            "date": "2024-01-02",
            "published": "2024-01-02T00:00:00+08:00",
            "updated": "2024-01-03T08:00:00+08:00",
            "event": "事件",
            "excerpt": "见乙，真，好。删",
            "terms": {
                "keywords": [
                    {"name": "开源", "url": "https://example.org/keywords/%E5%BC%80%E6%BA%90/"},
                    {"name": "芯片", "url": "https://example.org/keywords/%E8%8A%AF%E7%89%87/"}
                ],
                "ai_technologies": [],
                "industries": [{"name": "医疗", "url": "https://example.org/industries/%E5%8C%BB%E7%96%97/"}]
            },
            "json": null,
            "markdown": null
        })
    );
    assert_eq!(list["articles"][1]["date"], Value::Null);
}

#[test]
fn the_term_list_contains_urls_counts_and_aliases() {
    let digest = two_articles();
    digest.build();
    let terms = read_json(&digest, "api/terms/keywords.json");
    assert_eq!(terms["title"], "关键词");
    let named: Vec<&str> =
        terms["terms"].as_array().unwrap().iter().map(|term| term["name"].as_str().unwrap()).collect();
    assert_eq!(named, ["开源", "芯片"]);
    assert_eq!(
        terms["terms"][0],
        json!({
            "name": "开源",
            "slug": "开源",
            "url": "https://example.org/keywords/%E5%BC%80%E6%BA%90/",
            "feed": null,
            "articles": 1,
            "description": "公开源代码",
            "aliases": ["open source"]
        })
    );
}

#[test]
fn full_files_of_the_article_list_are_not_rewritten() {
    let digest = Digest::with_articles(501)
        .configured("editions: off\ncrossings: off\nsearch: off\nfeeds: {terms: off}");
    digest.build();
    let titles = |path: &str| -> Vec<String> {
        let list = read_json(&digest, path);
        list["articles"]
            .as_array()
            .unwrap()
            .iter()
            .map(|article| article["slug"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(titles("api/articles.json"), ["0501"]);
    assert_eq!(titles("api/articles-2.json").len(), 250);
    assert_eq!(titles("api/articles-2.json")[0], "0500");
    assert_eq!(titles("api/articles-1.json")[249], "0001");
    assert_eq!(read_json(&digest, "api/articles.json")["older"], "https://example.org/api/articles-2.json");
    assert_eq!(read_json(&digest, "api/articles-2.json")["newer"], "https://example.org/api/articles.json");
    assert_eq!(read_json(&digest, "api/articles-1.json")["older"], Value::Null);
    let before = digest.times();
    digest.write("content/articles/new.md", "---\ntitle: 新\ndate: 2030-01-01\n---\n\nx\n");
    digest.build();
    let after = digest.times();
    for path in ["api/articles-1.json", "api/articles-2.json"] {
        assert_eq!(before[path], after[path], "{path}");
    }
    assert_eq!(titles("api/articles.json"), ["new", "0501"]);
}

#[test]
fn alternates_are_written_when_outputs_are_switched_on() {
    let digest = two_articles().configured("outputs: {json: on, markdown: on}");
    digest.build();
    let article = read_json(&digest, "articles/a/index.json");
    assert_eq!(article["title"], "甲");
    assert_eq!(
        article["content_html"],
        "<p>见<a href=\"https://example.org/articles/b/\">乙</a>，<strong>真，</strong>好。<del>删</del></p>\n"
    );
    assert_eq!(article["extra"], json!({"mood": "好", "score": 1.50}));
    assert_eq!(
        digest.page("articles/a/index.md"),
        "---\ntitle: 甲\nurl: https://example.org/articles/a/\nlink: https://example.com/1\nsource: 某报\ndate: \"2024-01-02\"\n\
         updated: \"2024-01-03T08:00:00+08:00\"\nevent: 事件\nkeywords:\n  - 开源\n  - 芯片\nindustries:\n  - 医疗\n\
         generator: newsprint\n---\n\n见[乙](https://example.org/articles/b/)，**真，**好。~~删~~\n"
    );
    let page = digest.page("articles/a/index.html");
    assert!(
        page.contains("<link rel=\"alternate\" type=\"application/json\" href=\"/articles/a/index.json\">")
    );
    assert!(page.contains("<link rel=\"alternate\" type=\"text/markdown\" href=\"/articles/a/index.md\">"));
    let listed = &read_json(&digest, "api/articles.json")["articles"][0];
    assert_eq!(listed["markdown"], "https://example.org/articles/a/index.md");
}

#[test]
fn llms_txt_lists_articles_and_llms_full_txt_has_a_size_limit() {
    let digest = two_articles().configured("description: 每天的科技新闻");
    digest.build();
    let overview = digest.page("llms.txt");
    assert!(
        overview.starts_with(
            "# 测试日报\n\n> 每天的科技新闻\n\n## 最新\n\n- [甲](https://example.org/articles/a/): 2024-01-02 · 事件\n"
        ),
        "{overview}"
    );
    assert!(
        overview.contains("## Optional\n\n- [最新文章全文](https://example.org/llms-full.txt)\n"),
        "{overview}"
    );
    let full = digest.page("llms-full.txt");
    assert!(full.contains("# 甲\n\nhttps://example.org/articles/a/\n2024-01-02 · 某报 · https://example.com/1\n\n> 事件\n\n见[乙]"), "{full}");
    let digest = Digest::with_articles(30).configured("outputs: {llms_full_kb: 1}");
    digest.build();
    let full = digest.page("llms-full.txt");
    assert!(
        full.len() <= 1024 && full.contains("# 第 30 篇") && !full.contains("# 第 1 篇"),
        "{}",
        full.len()
    );
}

#[test]
fn each_kind_of_data_can_be_switched_off() {
    let digest = two_articles().configured("outputs: {api: off, llms: off}");
    digest.build();
    let data = digest.site().into_keys().filter(|path| path.starts_with("api/") || path.starts_with("llms"));
    assert_eq!(data.collect::<Vec<_>>(), Vec::<String>::new());
    // The article list contains the URLs of the alternates: it changes when they are switched on.
    let digest =
        digest.configured("# ").file("newsprint.yaml", "title: 测试日报\nbase_url: https://example.org/\n");
    digest.build();
    digest.write("newsprint.yaml", "title: 测试日报\nbase_url: https://example.org/\noutputs: {json: on}\n");
    digest.build();
    assert_eq!(
        read_json(&digest, "api/articles.json")["articles"][0]["json"],
        "https://example.org/articles/a/index.json"
    );
    assert!(digest.run(&["build", "--verify"]).success);
}
