//! `build` writes every kind of page, with metadata, escaping, reports and exit codes.

use crate::driver::{Digest, attributes};

fn small_digest() -> Digest {
    Digest::new()
        .article(
            "2024-05-13-gpt-4o",
            "title: OpenAI 发布 GPT-4o\nlink: https://openai.com/index/hello-gpt-4o/\nsource: OpenAI\nevent: 一个模型贯通语音、图像和文字。\n\
             keywords: [OpenAI, 多模态]\nai_technologies: [大语言模型]\nindustries: [人工智能]\n",
            "第一段。\n\n| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n",
        )
        .article("2023-03-14-gpt-4", "title: OpenAI 发布 GPT-4\nkeywords: [OpenAI]\n", "旧闻。")
        .article("attention", "title: 注意力\nindustries: [人工智能]\n", "没有日期。")
        .file("content/pages/about.md", "---\ntitle: 关于\n---\n我们。\n")
        .file("content/pages/guide/first.md", "---\ntitle: 指南\n---\n一。\n")
}

#[test]
fn every_kind_of_page_is_written() {
    let digest = small_digest();
    digest.build();
    for path in [
        "index.html",
        "articles/gpt-4o/index.html",
        "articles/gpt-4/index.html",
        "articles/attention/index.html",
        "keywords/index.html",
        "keywords/openai/index.html",
        "keywords/多模态/index.html",
        "ai-technologies/index.html",
        "ai-technologies/大语言模型/index.html",
        "industries/index.html",
        "industries/人工智能/index.html",
        "archive/index.html",
        "2024/index.html",
        "2024/05/index.html",
        "2023/03/index.html",
        "archive/undated/index.html",
        "about/index.html",
        "guide/first/index.html",
        "404.html",
        "feed.xml",
        "sitemap.xml",
        "robots.txt",
        "newsprint.css",
        "newsprint.js",
        "favicon.svg",
    ] {
        assert!(digest.exists(&format!("public/{path}")), "{path}");
    }
}

#[test]
fn an_article_page_shows_event_source_date_original_text_and_terms() {
    let digest = small_digest();
    digest.build();
    let main = digest.main("articles/gpt-4o/index.html");
    for part in [
        "<h1>OpenAI 发布 GPT-4o</h1>",
        "一个模型贯通语音、图像和文字。",
        "<time datetime=\"2024-05-13\">2024年5月13日 星期一</time>",
        "href=\"https://openai.com/index/hello-gpt-4o/\"",
        "<table>",
        ">多模态</a>",
        ">大语言模型</a>",
        ">人工智能</a>",
    ] {
        assert!(main.contains(part), "{part} in {main}");
    }
}

#[test]
fn every_page_has_a_unique_title_and_canonical_a_description_and_open_graph() {
    let digest = small_digest();
    digest.build();
    let mut titles = std::collections::BTreeMap::new();
    let mut canonicals = std::collections::BTreeSet::new();
    for (path, bytes) in digest.site() {
        if !path.ends_with(".html") {
            continue;
        }
        let page = String::from_utf8(bytes).unwrap();
        let title = page.split("<title>").nth(1).unwrap().split("</title>").next().unwrap().to_owned();
        assert_eq!(titles.insert(title.clone(), path.clone()), None, "{path}: {title}");
        assert!(page.contains("<meta name=\"description\" content=\""), "{path}");
        if !page.contains("<meta name=\"robots\" content=\"noindex\">") {
            let canonical =
                page.split("rel=\"canonical\" href=\"").nth(1).unwrap().split('"').next().unwrap();
            assert!(canonical.starts_with("https://example.org/"), "{path}: {canonical}");
            let is_numbered = path.contains("/page/") || path.starts_with("page/");
            assert_eq!(page.contains("<meta property=\"og:title\" content=\""), !is_numbered, "{path}");
            assert!(canonicals.insert(canonical.to_owned()), "{path}: {canonical}");
        }
    }
    assert!(titles.len() > 15);
}

#[test]
fn an_article_page_has_json_ld() {
    let digest = small_digest();
    digest.build();
    let page = digest.page("articles/gpt-4o/index.html");
    let json = page.split("application/ld+json\">").nth(1).unwrap().split("</script>").next().unwrap();
    let data: serde_json::Value = serde_json::from_str(json).unwrap();
    let data = &data["@graph"][0];
    assert_eq!(data["@type"], "NewsArticle");
    assert_eq!(data["headline"], "OpenAI 发布 GPT-4o");
    assert_eq!(data["datePublished"], "2024-05-13");
    assert_eq!(data["isBasedOn"], "https://openai.com/index/hello-gpt-4o/");
}

#[test]
fn an_undated_article_is_listed_like_the_others() {
    let digest = small_digest();
    digest.build();
    assert!(digest.main("index.html").contains("注意力"));
    assert!(digest.main("archive/undated/index.html").contains("注意力"));
    assert!(digest.main("archive/index.html").contains("href=\"/archive/undated/\""));
    assert!(digest.main("industries/人工智能/index.html").contains("注意力"));
    assert!(digest.main("articles/attention/index.html").contains("未注明日期"));
}

#[test]
fn an_empty_digest_builds() {
    let digest = Digest::new();
    digest.build();
    assert!(digest.main("index.html").contains("这里还没有文章"));
    assert!(digest.main("keywords/index.html").contains("这里还没有文章"));
    assert!(!digest.exists("public/archive/undated/index.html"));
}

#[test]
fn drafts_are_left_out_without_the_drafts_flag() {
    let digest = small_digest().article("draft", "title: 草稿\ndraft: true\nkeywords: [只在草稿]\n", "x");
    let outcome = digest.build();
    assert!(outcome.stderr.contains("1 left out as drafts"), "{}", outcome.stderr);
    assert!(!digest.exists("public/articles/draft/index.html"));
    assert!(!digest.exists("public/keywords/只在草稿/index.html"));
    assert!(digest.run(&["build", "--drafts"]).success);
    assert!(digest.exists("public/articles/draft/index.html"));
}

#[test]
fn an_alias_redirects_to_the_article() {
    let digest = small_digest().article("new", "title: 新\naliases: [/2020/old/, old/page.html]\n", "x");
    digest.build();
    for path in ["2020/old/index.html", "old/page.html"] {
        let page = digest.page(path);
        assert!(page.contains("content=\"0; url=/articles/new/\""), "{page}");
        assert!(page.contains("rel=\"canonical\" href=\"https://example.org/articles/new/\""));
    }
    assert!(!digest.page("sitemap.xml").contains("old"));
}

#[test]
fn neighbours_are_the_next_articles_by_date() {
    let digest = Digest::with_articles(3);
    digest.build();
    let main = digest.main("articles/0002/index.html");
    let neighbours = main.split("class=\"neighbours\"").nth(1).unwrap();
    assert_eq!(attributes(neighbours, "href"), ["/articles/0001/", "/articles/0003/"]);
}

#[test]
fn template_syntax_in_fields_and_bodies_is_shown_as_text() {
    let digest = Digest::new().article(
        "x",
        "title: \"{{ config }} {% if %}\"\nevent: \"{{ 1 + 1 }}\"\n",
        "{{ x }} {% y %} {# z #}",
    );
    digest.build();
    let main = digest.main("articles/x/index.html");
    assert!(main.contains("{{ x }} {% y %} {# z #}") && main.contains("{{ 1 + 1 }}"), "{main}");
}

#[test]
fn fields_are_escaped_in_every_page_and_feed() {
    let evil = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>&";
    let yaml = evil.replace('\'', "''");
    let digest = Digest::new().article(
        "x",
        &format!("title: '{yaml}'\nevent: '{yaml}'\nsource: '{yaml}'\nsummary: '{yaml}'\ndate: 2024-01-01\nkeywords: ['{yaml}']\nindustries: ['{yaml}']\n"),
        evil,
    );
    digest.build();
    for (path, bytes) in digest.site() {
        let page = String::from_utf8_lossy(&bytes);
        // JSON and plain text contain the fields as written: no parser looks for elements there.
        if path.ends_with(".json") {
            serde_json::from_str::<serde_json::Value>(&page)
                .unwrap_or_else(|error| panic!("{path}: {error}"));
            continue;
        }
        let is_text = path.ends_with(".txt");
        assert!(is_text || !page.contains("<img src=x") && !page.contains("<script>alert"), "{path}");
        if path.ends_with(".xml") {
            roxmltree::Document::parse(&page).unwrap_or_else(|error| panic!("{path}: {error}"));
        }
    }
}

#[test]
fn the_json_report_counts_articles_files_and_terms() {
    let digest = small_digest();
    let report = digest.report();
    assert_eq!(report["success"], true);
    assert_eq!(report["articles"], 3);
    assert_eq!(report["undated"], 1);
    assert_eq!(report["written"], report["files"]);
    assert_eq!(report["terms"][0], serde_json::json!(["keywords", 2]));
    assert!(report["stages"].as_array().unwrap().len() > 3);
}

#[test]
fn help_exits_with_0_and_invalid_arguments_with_2() {
    let digest = Digest::bare();
    let help = digest.run(&["--help"]);
    assert!(help.success && help.stdout.contains("newsprint init my-digest"), "{}", help.stdout);
    for command in ["init", "new", "import", "build"] {
        let help = digest.run(&[command, "--help"]);
        assert!(help.success && help.stdout.lines().count() > 8, "{}", help.stdout);
    }
    assert_eq!(digest.run(&["build", "--nonsense"]).code, 2);
    assert_eq!(digest.run(&["nonsense"]).code, 2);
}

#[test]
fn a_closed_stdout_or_stderr_does_not_fail_the_build() {
    use std::process::{Command, Stdio};
    let digest = small_digest().article("w", "title: t\nodd: x\n", "x");
    for stream in ["stdout", "stderr"] {
        let mut command = Command::new(crate::driver::newsprint());
        command
            .args(["build", "--json", "-v"])
            .current_dir(digest.path(""))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        if stream == "stdout" {
            drop(child.stdout.take());
        } else {
            drop(child.stderr.take());
        }
        assert!(child.wait_with_output().unwrap().status.success(), "{stream}");
    }
}

#[test]
fn the_error_for_a_folder_without_a_configuration_suggests_init() {
    let stderr = Digest::bare().build_fails();
    assert!(stderr.contains("newsprint.yaml") && stderr.contains("newsprint init"), "{stderr}");
}
