//! Every save is served, reported in an event to open pages, and printed.

use std::fs;

use crate::preview::{Preview, wait_for};
use crate::serve::{digest, long_article};

#[test]
fn an_edited_body_is_served_and_the_event_lists_the_changed_files() {
    let digest = digest().file("content/articles/0002.md", long_article("第 2 篇", "旧的"));
    let preview = Preview::start(&digest, &["--verbose"]);
    let mut events = preview.events();
    for n in 1..=3 {
        digest.write("content/articles/0002.md", long_article("第 2 篇", &format!("新的 {n}")));
        let event = events.next();
        assert_eq!(
            event["changed"],
            serde_json::json!([
                "/articles/0002/",
                "/feed.json",
                "/feed.xml",
                "/llms-full.txt",
                "/search/index.bin",
                "/search/s0-0.bin",
                "/search/t0.bin"
            ])
        );
        assert!(preview.page("/articles/0002/").contains(&format!("新的 {n}")));
        assert!(preview.page("/feed.xml").contains(&format!("新的 {n}")));
    }
    preview.wait_for_line("content/articles/0002.md: 7 files written");
    assert_eq!(preview.count_lines("  plan"), 1, "an edited body planned the whole site");
    digest.build();
    assert_eq!(preview.site(), Some(digest.site()));
}

#[test]
fn an_edited_body_and_another_change_are_both_built() {
    let digest = digest().file("content/articles/0002.md", long_article("第 2 篇", "旧的"));
    digest.write("content/pages/about.md", "---\ntitle: 关于\n---\n旧页\n");
    let preview = Preview::start(&digest, &["--drafts"]);
    let mut events = preview.events();
    let others: [(&str, String); 5] = [
        ("content/pages/about.md", "---\ntitle: 关于\n---\n新页\n".to_owned()),
        ("content/terms.yaml", "keywords:\n- name: 共有\n  aliases: [共同]\n".to_owned()),
        ("static/a.txt", "甲".to_owned()),
        ("templates/404.html", "<p>没有</p>".to_owned()),
        ("content/articles/0001.md", "---\ntitle: 草稿\ndraft: true\n---\n".to_owned()),
    ];
    for (n, (file, text)) in others.into_iter().enumerate() {
        digest.write("content/articles/0002.md", long_article("第 2 篇", &format!("新的 {n}")));
        digest.write(file, text);
        let wanted = digest.copy();
        assert!(wanted.run(&["build", "--drafts"]).success);
        wait_for(file, || (preview.site() == Some(wanted.site())).then_some(()));
    }
    events.next();
}

#[test]
fn a_body_restored_to_its_old_text_is_served_again() {
    let original = long_article("第 2 篇", "正文 2");
    let digest = digest().file("content/articles/0002.md", &original);
    let preview = Preview::start(&digest, &[]);
    let mut events = preview.events();
    digest.write("content/articles/0002.md", original.replace("正文 2", "别的"));
    events.next_about("/articles/0002/");
    digest.write(
        "content/articles/0001.md",
        digest.read("content/articles/0001.md").replace("title: ", "title: 改"),
    );
    events.next_about("/articles/0001/");
    digest.write("content/articles/0002.md", &original);
    events.next_about("/articles/0002/");
    assert!(preview.page("/articles/0002/").contains("正文 2"));
    digest.build();
    assert_eq!(preview.site(), Some(digest.site()));
}

#[test]
fn changes_of_templates_words_static_files_terms_and_configuration_are_served() {
    let digest = digest();
    let preview = Preview::start(&digest, &[]);
    digest.write("templates/404.html", "<!doctype html><p>自己的 404</p>");
    preview.wait_for_text("/nothing", "自己的 404");
    digest.write("templates/i18n/zh-CN.yaml", "archive: 旧闻\n");
    preview.wait_for_text("/", "旧闻");
    digest.write("static/notes/a.txt", "一");
    preview.wait_for_text("/notes/a.txt", "一");
    digest.write("content/terms.yaml", "keywords:\n- name: 共有的\n  aliases: [共同]\n");
    preview.wait_for_text("/keywords/", "共有的");
    digest.write("content/pages/about.md", "---\ntitle: 关于我们\n---\n");
    preview.wait_for_text("/about/", "关于我们");
    digest.write("newsprint.yaml", "title: 新名字\nbase_url: https://example.org/\n");
    preview.wait_for_text("/", "新名字");
}

#[test]
fn a_changed_base_path_and_taxonomy_path_are_served() {
    let digest = digest();
    let preview = Preview::start(&digest, &[]);
    let mut events = preview.events();
    digest.write(
        "newsprint.yaml",
        "title: 测试日报\nbase_url: https://example.org/below/\ntaxonomies: [{name: keywords, path: tags}]\n",
    );
    assert_eq!(events.next()["base"], "/below/");
    assert!(preview.page("/below/tags/").contains("共同"));
    assert_eq!(preview.get("/").header("location"), Some("/below/"));
}

#[test]
fn the_event_for_a_renamed_article_contains_its_new_address() {
    let digest = digest();
    let preview = Preview::start(&digest, &[]);
    let mut events = preview.events();
    fs::rename(digest.path("content/articles/0002.md"), digest.path("content/articles/another-name.md"))
        .unwrap();
    let event = events.next_about("/articles/0002/");
    assert_eq!(event["moved"], serde_json::json!({"/articles/0002/": "/articles/another-name/"}));
    let text = digest.read("content/articles/0003.md");
    digest.write("content/articles/0003.md", text.replace("title:", "slug: own\ntitle:"));
    let event = events.next_about("/articles/0003/");
    assert_eq!(event["moved"], serde_json::json!({"/articles/0003/": "/articles/own/"}));
}

#[test]
fn each_rebuild_prints_one_line() {
    let digest = digest();
    let preview = Preview::start(&digest, &[]);
    let mut events = preview.events();
    digest.write("content/articles/0002.md", digest.read("content/articles/0002.md") + "多一句\n");
    events.next();
    let line = preview.wait_for_line("content/articles/0002.md: ");
    assert!(
        line.starts_with("newsprint: content/articles/0002.md: 8 files written in ") && line.ends_with(" ms"),
        "{line}"
    );
    fs::remove_file(digest.path("content/articles/0001.md")).unwrap();
    events.next();
    let line = preview.wait_for_line("content/articles/0001.md: ");
    assert!(line.contains("files written, 2 files removed in "), "{line}");
}

#[test]
fn serve_with_json_prints_the_url_and_the_build_report() {
    use std::io::{BufRead, BufReader};
    let digest = digest();
    let mut child = std::process::Command::new(crate::driver::newsprint())
        .args(["serve", "--port", "0", "--json", "--quiet"])
        .current_dir(digest.path(""))
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let output: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert!(output["url"].as_str().unwrap().starts_with("http://127.0.0.1:"), "{line}");
    assert_eq!(
        (output["report"]["success"].as_bool(), output["report"]["articles"].as_u64()),
        (Some(true), Some(3))
    );
}

#[test]
fn warnings_are_printed_once_and_not_at_every_save() {
    let digest = digest();
    digest.write("templates/unused.html", "x");
    let preview = Preview::start(&digest, &[]);
    let mut events = preview.events();
    for n in 0..3 {
        digest.write("content/articles/0002.md", digest.read("content/articles/0002.md") + &format!("{n}\n"));
        events.next();
    }
    assert_eq!(preview.count_lines("no page and no other template uses this template"), 1);
}
