//! Every save is shown and told.

use std::fs;

use crate::preview::{Preview, wait};
use crate::serve::{digest, long};

#[test]
fn a_new_body_is_shown_and_told_with_the_pages_that_show_it() {
    let digest = digest().file("content/articles/0002.md", long("第 2 篇", "旧的"));
    let preview = Preview::of(&digest, &["--verbose"]);
    let mut events = preview.events();
    for n in 1..=3 {
        digest.write("content/articles/0002.md", long("第 2 篇", &format!("新的 {n}")));
        let event = events.next();
        assert_eq!(
            event["changed"],
            serde_json::json!([
                "/articles/0002/",
                "/feed.json",
                "/feed.xml",
                "/llms-full.txt",
                "/search/index.bin",
                "/search/s0.bin"
            ])
        );
        assert!(preview.page("/articles/0002/").contains(&format!("新的 {n}")));
        assert!(preview.page("/feed.xml").contains(&format!("新的 {n}")));
    }
    preview.prints("content/articles/0002.md: 6 files written");
    assert_eq!(preview.times("  plan"), 1, "an edit of a body plans nothing anew");
    digest.build();
    assert_eq!(preview.site(), Some(digest.site()));
}

#[test]
fn a_body_that_changes_with_something_else_is_not_all_that_is_seen() {
    let digest = digest().file("content/articles/0002.md", long("第 2 篇", "旧的"));
    digest.write("content/pages/about.md", "---\ntitle: 关于\n---\n旧页\n");
    let preview = Preview::of(&digest, &["--drafts"]);
    let mut events = preview.events();
    let others: [(&str, String); 5] = [
        ("content/pages/about.md", "---\ntitle: 关于\n---\n新页\n".to_owned()),
        ("content/terms.yaml", "keywords:\n- name: 共有\n  aliases: [共同]\n".to_owned()),
        ("static/a.txt", "甲".to_owned()),
        ("templates/404.html", "<p>没有</p>".to_owned()),
        ("content/articles/0001.md", "---\ntitle: 草稿\ndraft: true\n---\n".to_owned()),
    ];
    for (n, (file, text)) in others.into_iter().enumerate() {
        digest.write("content/articles/0002.md", long("第 2 篇", &format!("新的 {n}")));
        digest.write(file, text);
        let wanted = digest.copy();
        assert!(wanted.run(&["build", "--drafts"]).success);
        wait(file, || (preview.site() == Some(wanted.site())).then_some(()));
    }
    events.next();
}

#[test]
fn a_body_that_goes_back_to_what_it_was_is_shown_as_it_was() {
    let original = long("第 2 篇", "正文 2");
    let digest = digest().file("content/articles/0002.md", &original);
    let preview = Preview::of(&digest, &[]);
    let mut events = preview.events();
    digest.write("content/articles/0002.md", original.replace("正文 2", "别的"));
    events.about("/articles/0002/");
    digest.write(
        "content/articles/0001.md",
        digest.read("content/articles/0001.md").replace("title: ", "title: 改"),
    );
    events.about("/articles/0001/");
    digest.write("content/articles/0002.md", &original);
    events.about("/articles/0002/");
    assert!(preview.page("/articles/0002/").contains("正文 2"));
    digest.build();
    assert_eq!(preview.site(), Some(digest.site()));
}

#[test]
fn templates_words_static_files_terms_and_configuration_count_as_well() {
    let digest = digest();
    let preview = Preview::of(&digest, &[]);
    digest.write("templates/404.html", "<!doctype html><p>自己的 404</p>");
    preview.shows("/nothing", "自己的 404");
    digest.write("templates/i18n/zh-CN.yaml", "archive: 旧闻\n");
    preview.shows("/", "旧闻");
    digest.write("static/notes/a.txt", "一");
    preview.shows("/notes/a.txt", "一");
    digest.write("content/terms.yaml", "keywords:\n- name: 共有的\n  aliases: [共同]\n");
    preview.shows("/keywords/", "共有的");
    digest.write("content/pages/about.md", "---\ntitle: 关于我们\n---\n");
    preview.shows("/about/", "关于我们");
    digest.write("newsprint.yaml", "title: 新名字\nbase_url: https://example.org/\n");
    preview.shows("/", "新名字");
}

#[test]
fn the_configuration_may_move_the_site_and_change_its_taxonomies() {
    let digest = digest();
    let preview = Preview::of(&digest, &[]);
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
fn a_renamed_article_is_told_with_its_new_address() {
    let digest = digest();
    let preview = Preview::of(&digest, &[]);
    let mut events = preview.events();
    fs::rename(digest.path("content/articles/0002.md"), digest.path("content/articles/another-name.md"))
        .unwrap();
    let event = events.about("/articles/0002/");
    assert_eq!(event["moved"], serde_json::json!({"/articles/0002/": "/articles/another-name/"}));
    let text = digest.read("content/articles/0003.md");
    digest.write("content/articles/0003.md", text.replace("title:", "slug: own\ntitle:"));
    let event = events.about("/articles/0003/");
    assert_eq!(event["moved"], serde_json::json!({"/articles/0003/": "/articles/own/"}));
}

#[test]
fn each_rebuild_is_told_in_one_line() {
    let digest = digest();
    let preview = Preview::of(&digest, &[]);
    let mut events = preview.events();
    digest.write("content/articles/0002.md", digest.read("content/articles/0002.md") + "多一句\n");
    events.next();
    let line = preview.prints("content/articles/0002.md: ");
    assert!(
        line.starts_with("newsprint: content/articles/0002.md: 7 files written in ") && line.ends_with(" ms"),
        "{line}"
    );
    fs::remove_file(digest.path("content/articles/0001.md")).unwrap();
    events.next();
    let line = preview.prints("content/articles/0001.md: ");
    assert!(line.contains("files written, 2 files removed in "), "{line}");
}

#[test]
fn programs_are_told_in_json_where_the_site_is_and_what_each_build_did() {
    use std::io::{BufRead, BufReader};
    let digest = digest();
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_newsprint"))
        .args(["serve", "--port", "0", "--json", "--quiet"])
        .current_dir(digest.path(""))
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let told: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert!(told["url"].as_str().unwrap().starts_with("http://127.0.0.1:"), "{line}");
    assert_eq!(
        (told["report"]["success"].as_bool(), told["report"]["articles"].as_u64()),
        (Some(true), Some(3))
    );
}

#[test]
fn warnings_are_told_once_and_not_at_every_save() {
    let digest = digest();
    digest.write("templates/unused.html", "x");
    let preview = Preview::of(&digest, &[]);
    let mut events = preview.events();
    for n in 0..3 {
        digest.write("content/articles/0002.md", digest.read("content/articles/0002.md") + &format!("{n}\n"));
        events.next();
    }
    assert_eq!(preview.times("no page and no other template uses this template"), 1);
}
