//! `newsprint serve`: the site as GitHub Pages shows it, and every save at once.

use std::fs;
use std::io::{Read, Write};
use std::time::Duration;

use crate::driver::{Digest, tree};
use crate::preview::{Preview, wait};

const SCRIPT: &str = "<script src=\"/.newsprint/live.js\"";

fn digest() -> Digest {
    Digest::with_articles(3)
}

fn below_a_path() -> Digest {
    Digest::bare()
        .file("newsprint.yaml", "title: 测试日报\nbase_url: https://example.org/my-digest/\n")
        .article("甲", "title: 甲\ndate: 2024-01-02\nkeywords: [C++, 大模型]\n", "正文 甲")
        .file("static/about.html", "<p>about</p>")
        .file("static/ten.bin", "0123456789")
}

// As GitHub Pages would serve it.

#[test]
fn the_site_stands_at_its_base_path() {
    let digest = below_a_path();
    let preview = Preview::of(&digest, &[]);
    assert!(preview.url.ends_with("/my-digest/"), "{}", preview.url);
    assert!(preview.page("/my-digest/").contains("<h1"));
    for home in ["/", "/my-digest"] {
        let answer = preview.get(home);
        assert_eq!((answer.status, answer.header("location")), (302, Some("/my-digest/")), "{home}");
    }
    let outside = preview.get("/elsewhere/");
    assert_eq!(outside.status, 404);
    assert!(outside.text().contains("/my-digest/"), "{}", outside.text());
}

#[test]
fn another_base_path_can_be_tried() {
    let digest = below_a_path();
    let preview = Preview::of(&digest, &["--base-url", "https://example.org/other/"]);
    assert!(preview.url.ends_with("/other/"));
    assert!(preview.page("/other/").contains("href=\"/other/newsprint.css\""));
}

#[test]
fn a_base_path_may_be_written_in_han_or_have_the_previews_own_name() {
    for (base, home) in
        [("日报", "/%E6%97%A5%E6%8A%A5/"), ("my%20digest", "/my%20digest/"), (".newsprint", "/.newsprint/")]
    {
        let digest = Digest::bare()
            .file("newsprint.yaml", format!("title: 测试日报\nbase_url: https://example.org/{base}/\n"))
            .article("甲", "title: 甲\n", "正文");
        let preview = Preview::of(&digest, &[]);
        assert_eq!(preview.get("/").header("location"), Some(home), "{base}");
        assert!(preview.page(home).contains("测试日报"));
        let mut events = preview.events();
        fs::rename(digest.path("content/articles/甲.md"), digest.path("content/articles/乙.md")).unwrap();
        let moved = events.next()["moved"].clone();
        let to = format!("{home}articles/%E4%B9%99/");
        assert!(moved.as_object().unwrap().values().any(|path| *path == to), "{moved}");
        assert_eq!(preview.get(&to).status, 200);
    }
}

#[test]
fn folders_files_and_encoded_paths_are_found_as_on_github_pages() {
    let digest = below_a_path();
    let preview = Preview::of(&digest, &[]);
    let folder = preview.get("/my-digest/archive?from=here");
    assert_eq!((folder.status, folder.header("location")), (301, Some("/my-digest/archive/?from=here")));
    assert!(preview.page("/my-digest/about").starts_with("<p>about</p>"));
    // 大模型 in UTF-8, and `c++` as a browser may write it.
    assert!(preview.page("/my-digest/keywords/%E5%A4%A7%E6%A8%A1%E5%9E%8B/").contains("大模型"));
    assert!(preview.page("/my-digest/keywords/c%2B%2B/").contains("C++"));
    assert!(preview.page("/my-digest/keywords/c++/").contains("C++"));
    let folder = preview.get("/my-digest/keywords/%E5%A4%A7%E6%A8%A1%E5%9E%8B");
    assert_eq!(folder.header("location"), Some("/my-digest/keywords/%E5%A4%A7%E6%A8%A1%E5%9E%8B/"));
}

#[test]
fn what_is_not_there_gets_the_sites_own_page_with_status_404_at_any_depth() {
    let digest = below_a_path();
    let preview = Preview::of(&digest, &[]);
    for path in ["/my-digest/nothing", "/my-digest/a/b/c/d/", "/my-digest/a/b.css"] {
        let answer = preview.get(path);
        assert_eq!(answer.status, 404);
        assert!(answer.text().contains("not-found") || answer.text().contains("<h1"), "{}", answer.text());
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    }
}

#[test]
fn text_is_told_with_its_character_set() {
    let digest = below_a_path();
    let preview = Preview::of(&digest, &[]);
    let kind =
        |path: &str| preview.get(&format!("/my-digest/{path}")).header("content-type").unwrap().to_owned();
    assert_eq!(kind(""), "text/html; charset=utf-8");
    assert_eq!(kind("newsprint.css"), "text/css; charset=utf-8");
    assert_eq!(kind("newsprint.js"), "text/javascript; charset=utf-8");
    assert_eq!(kind("favicon.svg"), "image/svg+xml; charset=utf-8");
    assert_eq!(kind("feed.xml"), "application/xml; charset=utf-8");
    assert_eq!(kind("robots.txt"), "text/plain; charset=utf-8");
    assert_eq!(kind("ten.bin"), "application/octet-stream");
}

#[test]
fn head_tells_the_same_without_the_body() {
    let digest = below_a_path();
    let preview = Preview::of(&digest, &[]);
    for path in ["/my-digest/", "/my-digest/ten.bin"] {
        let (get, head) = (preview.get(path), preview.ask("HEAD", path, ""));
        assert_eq!(head.status, 200);
        assert_eq!(head.body, b"");
        assert_eq!(head.header("content-length"), Some(get.body.len().to_string().as_str()));
        assert_eq!(head.header("etag"), get.header("etag"));
    }
    let post = preview.ask("POST", "/my-digest/", "Content-Length: 0\r\n");
    assert_eq!((post.status, post.header("allow")), (405, Some("GET, HEAD")));
}

#[test]
fn parts_of_a_file_can_be_asked_for() {
    let digest = below_a_path();
    let preview = Preview::of(&digest, &[]);
    let ask = |range: &str| preview.ask("GET", "/my-digest/ten.bin", &format!("Range: {range}\r\n"));
    for (range, part, said) in [
        ("bytes=0-3", "0123", "bytes 0-3/10"),
        ("bytes=8-", "89", "bytes 8-9/10"),
        ("bytes=-3", "789", "bytes 7-9/10"),
        ("bytes=5-100", "56789", "bytes 5-9/10"),
    ] {
        let answer = ask(range);
        assert_eq!((answer.status, answer.text().as_str()), (206, part), "{range}");
        assert_eq!(answer.header("content-range"), Some(said));
    }
    let beyond = ask("bytes=10-");
    assert_eq!((beyond.status, beyond.header("content-range")), (416, Some("bytes */10")));
    for whole in ["bytes=0-1,4-5", "bytes=a-b", "lines=1-2"] {
        assert_eq!((ask(whole).status, ask(whole).text().as_str()), (200, "0123456789"), "{whole}");
    }
    let tag = ask("bytes=0-0").header("etag").unwrap().to_owned();
    let same = preview.ask("GET", "/my-digest/ten.bin", &format!("Range: bytes=0-0\r\nIf-Range: {tag}\r\n"));
    let other = preview.ask("GET", "/my-digest/ten.bin", "Range: bytes=0-0\r\nIf-Range: \"other\"\r\n");
    assert_eq!((same.status, other.status), (206, 200));
}

#[test]
fn what_a_browser_has_is_not_sent_again_until_it_changes() {
    let digest = digest();
    let preview = Preview::of(&digest, &[]);
    let tag = preview.get("/").header("etag").unwrap().to_owned();
    let again = preview.ask("GET", "/", &format!("If-None-Match: {tag}\r\n"));
    assert_eq!((again.status, again.body.len()), (304, 0));
    let mut events = preview.events();
    digest.write("content/articles/new.md", "---\ntitle: 新\ndate: 2024-02-01\n---\n");
    events.about("/");
    let changed = preview.ask("GET", "/", &format!("If-None-Match: {tag}\r\n"));
    assert_eq!(changed.status, 200);
    assert_ne!(changed.header("etag"), Some(tag.as_str()));
}

#[test]
fn the_script_is_in_the_responses_and_not_in_the_files() {
    let digest = digest();
    let preview = Preview::of(&digest, &[]);
    assert_eq!(preview.page("/").matches(SCRIPT).count(), 1);
    assert!(!preview.page("/feed.xml").contains(SCRIPT));
    assert!(preview.page("/.newsprint/live.js").contains("EventSource"));
    digest.build();
    assert_eq!(preview.site(), Some(digest.site()));
}

#[test]
fn the_published_folder_is_not_touched_and_a_build_goes_on_beside() {
    let digest = digest();
    digest.build();
    let before = digest.times();
    let preview = Preview::of(&digest, &[]);
    let mut events = preview.events();
    digest.write("content/articles/new.md", "---\ntitle: 新\ndate: 2024-02-01\n---\n");
    events.about("/articles/new/");
    assert_eq!(digest.times(), before);
    digest.build();
    assert_eq!(preview.site(), Some(digest.site()));
}

#[test]
fn drafts_are_shown_when_they_are_asked_for() {
    let digest = digest().article("draft", "title: 草稿\ndraft: true\n", "未完");
    assert_eq!(Preview::of(&digest, &[]).get("/articles/draft/").status, 404);
    assert!(Preview::of(&digest, &["--drafts"]).page("/articles/draft/").contains("草稿"));
}

// Every save.

/// An article whose body goes on behind its excerpt.
fn long(title: &str, end: &str) -> String {
    let text = "说来话长。".repeat(60);
    format!("---\ntitle: {title}\ndate: 2024-01-03\nkeywords: [共同]\n---\n\n{text}\n\n{end}\n")
}

#[test]
fn a_new_body_is_shown_and_told_with_the_pages_that_show_it() {
    let digest = digest().file("content/articles/0002.md", long("第 2 篇", "旧的"));
    let preview = Preview::of(&digest, &["--verbose"]);
    let mut events = preview.events();
    for n in 1..=3 {
        digest.write("content/articles/0002.md", long("第 2 篇", &format!("新的 {n}")));
        let event = events.next();
        assert_eq!(event["changed"], serde_json::json!(["/articles/0002/", "/feed.xml"]));
        assert!(preview.page("/articles/0002/").contains(&format!("新的 {n}")));
        assert!(preview.page("/feed.xml").contains(&format!("新的 {n}")));
    }
    preview.prints("content/articles/0002.md: 2 files written");
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
        let wanted = Digest::bare();
        for folder in ["content", "static", "templates"] {
            for (name, bytes) in tree(&digest.path(folder)) {
                wanted.write(&format!("{folder}/{name}"), bytes);
            }
        }
        wanted.write("newsprint.yaml", digest.read("newsprint.yaml"));
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
        line.starts_with("newsprint: content/articles/0002.md: 2 files written in ") && line.ends_with(" ms"),
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

// What is wrong.

#[test]
fn a_failed_build_keeps_the_last_good_site_and_says_what_is_wrong_everywhere() {
    let digest = digest();
    let preview = Preview::of(&digest, &[]);
    let mut events = preview.events();
    let before = preview.page("/");
    let good = digest.read("content/articles/0002.md");
    digest.write("content/articles/0002.md", good.replace("date: 2024-01-03", "date: <b>昨天</b>"));
    digest.write("content/articles/0003.md", "no front matter");
    let problems = wait("both errors", || {
        let event = events.next();
        (event["problems"]["texts"].as_array().map_or(0, Vec::len) == 2).then(|| event["problems"].clone())
    });
    assert_eq!(problems["title"], "The site cannot be built: 2 errors");
    let drawn = problems["texts"][0].as_str().unwrap();
    assert!(drawn.contains("content/articles/0002.md:3:7") && drawn.contains("<b>昨天</b>"), "{drawn}");
    preview.prints("content/articles/0002.md:3:7");
    preview.prints("content/articles/0003.md:1:1");
    preview.prints("not built: 2 errors; the preview stays as it was");
    assert_eq!(preview.page("/"), before);
    // Whoever comes later is told as well.
    assert!(preview.page("/.newsprint/state?page=%2F").contains("2 errors"));
    digest.write("content/articles/0002.md", good);
    digest.remove("content/articles/0003.md");
    wait("the end of the problems", || events.next()["problems"].is_null().then_some(()));
    assert!(preview.page("/.newsprint/state?page=%2F").contains("\"problems\":null"));
    assert_eq!(preview.get("/articles/0003/").status, 404);
}

#[test]
fn a_mistake_in_the_configuration_is_seen_even_if_it_changes_nothing() {
    let digest = digest();
    let good = digest.read("newsprint.yaml");
    let preview = Preview::of(&digest, &[]);
    let mut events = preview.events();
    // What is used instead of a bad number is what was used before.
    digest.write("newsprint.yaml", format!("{good}paginate_by: zwanzig\n"));
    let problems = events.next()["problems"].clone();
    assert!(problems["texts"][0].as_str().unwrap().contains("newsprint.yaml:3:14"), "{problems}");
    digest.write("newsprint.yaml", format!("{good}langauge: zh-CN\n"));
    preview.prints("did you mean `language`?");
    digest.write("newsprint.yaml", good);
    preview.prints("newsprint.yaml: mended, and the site is as it was");
}

#[test]
fn warnings_that_explain_an_error_stand_beside_it() {
    let digest = digest();
    let preview = Preview::of(&digest, &[]);
    let mut events = preview.events();
    digest.write("content/articles/0002.md", "---\ntitel: 错\n---\n");
    let problems = events.next()["problems"].clone();
    assert_eq!(problems["title"], "The site cannot be built: 1 error");
    assert!(problems["texts"].to_string().contains("did you mean `title`?"), "{problems}");
}

#[test]
fn old_addresses_lead_to_the_new_ones_within_the_preview() {
    let digest = below_a_path();
    digest.write("content/articles/甲.md", "---\ntitle: 甲\naliases: [/old/one/]\n---\n");
    let preview = Preview::of(&digest, &[]);
    let page = preview.page("/my-digest/old/one/");
    assert!(page.contains("content=\"0; url=/my-digest/articles/"), "{page}");
    assert!(
        page.contains("<link rel=\"canonical\" href=\"https://example.org/my-digest/articles/"),
        "{page}"
    );
}

#[test]
fn a_wrong_address_is_told_at_once() {
    let outcome = digest().run(&["serve", "--port", "0", "--base-url", "foo"]);
    assert_eq!(outcome.code, 1);
    assert!(
        outcome.stderr.contains("foo") && outcome.stderr.contains("--base-url https://"),
        "{}",
        outcome.stderr
    );
    let below = digest().file("content/articles/x/y.md", "---\ntitle: x\n---\n");
    let outcome = below.run(&["--root", "content/articles", "serve", "--port", "0"]);
    assert!(outcome.stderr.contains("there is one in "), "{}", outcome.stderr);
}

#[test]
fn a_preview_that_moves_or_hides_says_so() {
    let digest = digest();
    let preview = Preview::of(&digest, &[]);
    digest.write("newsprint.yaml", "title: 测试日报\nbase_url: https://example.org/below/\n");
    preview.prints(&format!("the preview is at http://127.0.0.1:{}/below/ now", preview.port));
    let text = digest.read("content/articles/0002.md");
    digest.write("content/articles/0002.md", text.replace("title:", "draft: true\ntitle:"));
    preview.prints("1 draft left out (show them with --drafts)");
}

#[test]
fn a_template_that_fails_on_a_page_is_a_failed_build_too() {
    let digest = digest();
    let preview = Preview::of(&digest, &[]);
    let mut events = preview.events();
    digest.write("templates/article.html", "<p>\n{{ nothing.here }}</p>");
    let problems = events.next()["problems"].clone();
    assert!(problems["texts"][0].as_str().unwrap().contains("templates/article.html:2"), "{problems}");
    digest.write("templates/article.html", "<p>{{ article.title }} 自己的</p>");
    preview.shows("/articles/0001/", "自己的");
}

#[test]
fn a_broken_start_shows_what_is_wrong_and_recovers() {
    let digest = digest();
    digest.write("newsprint.yaml", "title: [\n");
    let preview = Preview::of(&digest, &[]);
    let answer =
        wait("the first build", || Some(preview.get("/any/where/")).filter(|answer| answer.status == 500));
    assert!(
        answer.text().contains("newsprint.yaml:1:9") && answer.text().contains(SCRIPT),
        "{}",
        answer.text()
    );
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    digest.write("newsprint.yaml", "title: 好了\nbase_url: https://example.org/x/\n");
    preview.shows("/x/", "好了");
}

#[test]
fn diagnostics_are_escaped_in_the_page_of_a_broken_start() {
    let digest = digest().article("bad", "title: 坏\ndate: \"<script>alert(1)</script>\"\n", "");
    let preview = Preview::of(&digest, &[]);
    let page =
        wait("the first build", || Some(preview.get("/")).filter(|answer| answer.status == 500)).text();
    assert!(page.contains("&lt;script&gt;alert(1)") && !page.contains("<script>alert"), "{page}");
}

#[test]
fn a_folder_without_a_configuration_is_no_digest() {
    let digest = Digest::bare();
    let outcome = digest.run(&["serve", "--port", "0"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains("newsprint init"), "{}", outcome.stderr);
    assert!(!digest.exists(".newsprint"));
}

// Editors' habits.

#[test]
fn atomic_saves_are_seen() {
    let digest = digest();
    let preview = Preview::of(&digest, &[]);
    let mut events = preview.events();
    for n in 0..3 {
        let text = digest.read("content/articles/0002.md") + &format!("保存 {n}\n");
        digest.write("content/articles/.0002.md.swp", &text);
        fs::rename(digest.path("content/articles/.0002.md.swp"), digest.path("content/articles/0002.md"))
            .unwrap();
        events.about("/articles/0002/");
        assert!(preview.page("/articles/0002/").contains(&format!("保存 {n}")));
    }
    // The configuration stands in the digest's own folder.
    digest.write("newsprint.yaml.tmp", "title: 改名\nbase_url: https://example.org/\n");
    fs::rename(digest.path("newsprint.yaml.tmp"), digest.path("newsprint.yaml")).unwrap();
    preview.shows("/", "改名");
}

#[test]
fn what_editors_leave_beside_a_file_is_not_built() {
    let digest = digest();
    let preview = Preview::of(&digest, &[]);
    let mut events = preview.events();
    for name in [
        "content/articles/.0002.md.swp",
        "content/articles/4913",
        "content/articles/0002.md~",
        ".x",
        "notes.txt",
    ] {
        digest.write(name, "x");
    }
    digest.write("content/articles/0001.md", digest.read("content/articles/0001.md") + "完\n");
    events.about("/articles/0001/");
    preview.prints("content/articles/0001.md");
    let rebuilds = preview.printed().iter().filter(|line| line.ends_with(" ms")).count();
    assert_eq!(rebuilds, 1, "{:#?}", preview.printed());
}

#[test]
fn many_files_at_once_are_one_rebuild() {
    let digest = digest();
    let preview = Preview::of(&digest, &[]);
    let mut events = preview.events();
    for n in 1..=200 {
        digest.write(
            &format!("content/articles/many-{n}.md"),
            format!("---\ntitle: 多 {n}\ndate: 2024-03-01\n---\n"),
        );
    }
    wait("the last of them", || {
        events.next();
        (preview.get("/articles/many-200/").status == 200).then_some(())
    });
    let rebuilds = preview.printed().iter().filter(|line| line.ends_with(" ms")).count();
    assert!(rebuilds <= 2, "{:#?}", preview.printed());
    digest.build();
    assert_eq!(preview.site(), Some(digest.site()));
}

#[test]
fn a_file_that_is_written_in_two_steps_is_not_told_half() {
    let digest = digest();
    let preview = Preview::of(&digest, &[]);
    let mut events = preview.events();
    let text = digest.read("content/articles/0002.md");
    let mut file = fs::File::create(digest.path("content/articles/0002.md")).unwrap();
    file.write_all(&text.as_bytes()[..20]).unwrap();
    std::thread::sleep(Duration::from_millis(30));
    file.write_all(&text.as_bytes()[20..]).unwrap();
    file.write_all("全了\n".as_bytes()).unwrap();
    drop(file);
    let event = events.next();
    assert!(event["problems"].is_null(), "{event}");
    preview.shows("/articles/0002/", "全了");
}

#[test]
fn a_save_during_a_rebuild_causes_another() {
    let digest = Digest::with_articles(300);
    let preview = Preview::of(&digest, &[]);
    let original = digest.read("content/articles/0007.md");
    for n in 0..40 {
        // A front matter each time, so that builds take long enough to be met by the next save.
        digest.write("content/articles/0007.md", original.replace("事件 7", &format!("变化 {n}")));
        std::thread::sleep(Duration::from_millis(n % 13));
    }
    preview.shows("/articles/0007/", "变化 39");
    digest.build();
    wait("the same as a build", || (preview.site() == Some(digest.site())).then_some(()));
}

#[cfg(unix)]
#[test]
fn whatever_makes_a_build_fail_may_come_and_go() {
    use std::ffi::OsStr;
    use std::os::unix::{ffi::OsStrExt, fs::symlink};
    let digest = digest();
    let preview = Preview::of(&digest, &[]);
    let mut events = preview.events();
    let loops = digest.path("content/articles/loop");
    symlink(".", &loops).unwrap();
    assert!(!events.next()["problems"].is_null());
    fs::remove_file(&loops).unwrap();
    assert!(events.next()["problems"].is_null());
    let dangling = digest.path("content/articles/data");
    symlink("/nonexistent", &dangling).unwrap();
    assert!(!events.next()["problems"].is_null());
    fs::remove_file(&dangling).unwrap();
    assert!(events.next()["problems"].is_null());
    let unreadable = digest.path("content/articles").join(OsStr::from_bytes(b"bad\xff.md"));
    fs::write(&unreadable, "---\ntitle: x\n---\n").unwrap();
    assert!(!events.next()["problems"].is_null());
    fs::remove_file(&unreadable).unwrap();
    wait("the end of it", || events.next()["problems"].is_null().then_some(()));
}

#[test]
fn what_is_wrong_is_told_even_if_something_never_stops_writing() {
    let digest = digest();
    let preview = Preview::of(&digest, &[]);
    std::thread::scope(|scope| {
        let (stop, stopped) = std::sync::mpsc::channel::<()>();
        let log = digest.path("static/log.txt");
        fs::create_dir_all(log.parent().unwrap()).unwrap();
        scope.spawn(move || {
            let mut n = 0;
            while stopped.recv_timeout(Duration::from_millis(20)).is_err() {
                n += 1;
                fs::write(&log, n.to_string()).unwrap();
            }
        });
        digest.write("content/articles/bad.md", "---\ntitle: 坏\ndate: 昨天\n---\n");
        preview.prints("not built: 1 error");
        digest.remove("content/articles/bad.md");
        let mended = || preview.page("/.newsprint/state?page=%2F").contains("\"problems\":null");
        wait("the site", || mended().then_some(()));
        stop.send(()).unwrap();
    });
}

#[test]
fn a_warning_goes_with_its_cause() {
    let with = long("第 2 篇", "完").replacen("date:", "unknwn: 1\ndate:", 1);
    let digest = digest().file("content/articles/0002.md", &with);
    let preview = Preview::of(&digest, &[]);
    let told =
        |times| wait("the warning", || (preview.times("`unknwn` is not a field") == times).then_some(()));
    told(1);
    digest.write("content/articles/0002.md", long("第 2 篇", "改"));
    preview.shows("/articles/0002/", "改");
    // It would not be told again if it had stayed.
    digest.write("content/articles/0002.md", with + "又\n");
    told(2);
}

#[test]
fn folders_may_come_and_go() {
    let digest = digest();
    let preview = Preview::of(&digest, &[]);
    digest.write("content/articles/2024/05/deep.md", "---\ntitle: 深处\n---\n");
    preview.shows("/articles/deep/", "深处");
    digest.write("content/articles/2024/05/deep.md", "---\ntitle: 更深\n---\n");
    preview.shows("/articles/deep/", "更深");
    fs::rename(digest.path("content/articles/2024"), digest.path("content/articles/moved")).unwrap();
    digest.write("content/articles/moved/05/deep.md", "---\ntitle: 搬了\n---\n");
    preview.shows("/articles/deep/", "搬了");
    fs::remove_dir_all(digest.path("content")).unwrap();
    wait("an empty site", || (preview.get("/articles/deep/").status == 404).then_some(()));
    digest.write("content/articles/again.md", "---\ntitle: 又来\n---\n");
    preview.shows("/articles/again/", "又来");
    digest.write("content/articles/again.md", "---\ntitle: 又改\n---\n");
    preview.shows("/articles/again/", "又改");
    // A folder that was not there when it began.
    digest.write("templates/404.html", "<p>第一次</p>");
    preview.shows("/nothing", "第一次");
    digest.write("templates/404.html", "<p>第二次</p>");
    preview.shows("/nothing", "第二次");
}

#[cfg(unix)]
#[test]
fn content_behind_symbolic_links_is_followed() {
    use std::os::unix::fs::symlink;
    let elsewhere = Digest::bare()
        .file("folder/linked.md", "---\ntitle: 链接里\n---\n")
        .file("single.md", "---\ntitle: 单个\n---\n");
    let digest = digest();
    symlink(elsewhere.path("folder"), digest.path("content/articles/linked")).unwrap();
    symlink(elsewhere.path("single.md"), digest.path("content/articles/one.md")).unwrap();
    let preview = Preview::of(&digest, &[]);
    preview.shows("/articles/linked/", "链接里");
    elsewhere.write("folder/linked.md", "---\ntitle: 改过的\n---\n");
    preview.shows("/articles/linked/", "改过的");
    preview.prints("content/articles/linked/linked.md: ");
    elsewhere.write("single.md", "---\ntitle: 单个改了\n---\n");
    preview.shows("/articles/one/", "单个改了");
    // An atomic save replaces the file behind the link.
    elsewhere.write("single.tmp", "---\ntitle: 又换了\n---\n");
    fs::rename(elsewhere.path("single.tmp"), elsewhere.path("single.md")).unwrap();
    preview.shows("/articles/one/", "又换了");
    preview.prints("content/articles/one.md: ");
}

#[test]
fn a_configuration_elsewhere_is_watched_where_it_is() {
    let digest = digest();
    digest.write("settings/own.yaml", "title: 别处\nbase_url: https://example.org/\n");
    let preview = Preview::of(&digest, &["--config", "settings/own.yaml"]);
    assert!(preview.page("/").contains("别处"));
    digest.write("settings/own.yaml", "title: 别处改了\nbase_url: https://example.org/\n");
    preview.shows("/", "别处改了");
}

#[test]
fn files_are_looked_at_where_the_system_does_not_tell() {
    let digest = digest();
    let preview = Preview::of(&digest, &["--poll"]);
    digest.write("content/articles/0002.md", digest.read("content/articles/0002.md") + "看见了\n");
    preview.shows("/articles/0002/", "看见了");
    preview.prints("content/articles/0002.md: ");
    digest.write("content/articles/neu/x.md", "---\ntitle: 新的\n---\n");
    preview.shows("/articles/x/", "新的");
    digest.write("newsprint.yaml", "title: 新名\nbase_url: https://example.org/\n");
    preview.shows("/", "新名");
}

#[test]
fn a_preview_whose_folder_was_removed_is_made_whole() {
    let digest = digest();
    let preview = Preview::of(&digest, &[]);
    fs::remove_dir_all(digest.path(".newsprint")).unwrap();
    // Asked for, it comes back by itself; the page that says so goes on to it.
    let gone = preview.get("/");
    assert_eq!(gone.status, 503);
    assert!(gone.text().contains(SCRIPT));
    preview.shows("/", "第 3 篇");
    // A build may still be at work in it.
    wait("a moment without a build", || fs::remove_dir_all(digest.path(".newsprint")).ok());
    digest.write("content/articles/0002.md", digest.read("content/articles/0002.md") + "又\n");
    wait("the whole site", || preview.site());
    digest.build();
    assert_eq!(preview.site(), Some(digest.site()));
}

// Ports and ends.

#[test]
fn a_port_that_was_asked_for_and_is_taken_is_an_error() {
    let digest = digest();
    let preview = Preview::of(&digest, &[]);
    let other = self::digest();
    let outcome = other.run(&["serve", "--port", &preview.port.to_string()]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains(&format!("port {} is taken", preview.port)), "{}", outcome.stderr);
    assert!(!other.exists(".newsprint"));
}

#[test]
fn two_previews_of_a_digest_do_not_meet() {
    let digest = digest();
    let (one, two) = (Preview::of(&digest, &[]), Preview::of(&digest, &["--drafts"]));
    assert_ne!(one.port, two.port);
    digest.write("content/articles/0002.md", "---\ntitle: 草稿了\ndraft: true\n---\n");
    two.shows("/articles/0002/", "草稿了");
    wait("the draft to be gone", || (one.get("/articles/0002/").status == 404).then_some(()));
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_and_leaves_nothing_behind() {
    for signal in ["INT", "TERM"] {
        let digest = digest();
        let mut preview = Preview::of(&digest, &[]);
        let _listening = preview.events();
        assert!(preview.folder().exists());
        let (code, _) = preview.end(signal);
        assert_eq!(code, Some(0), "{signal}");
        let left = tree(&digest.path(".newsprint"));
        assert!(left.is_empty(), "{:?}", left.keys());
        assert!(!preview.folder().exists());
    }
}

#[cfg(unix)]
#[test]
fn what_a_killed_preview_left_is_cleared_by_the_next() {
    let digest = digest();
    let mut killed = Preview::of(&digest, &[]);
    let alive = Preview::of(&digest, &[]);
    killed.end("KILL");
    assert!(killed.folder().join("site/index.html").exists());
    let _next = Preview::of(&digest, &[]);
    assert!(!killed.folder().exists());
    assert!(alive.folder().join("site/index.html").exists());
}

#[cfg(unix)]
#[test]
fn ctrl_c_in_the_middle_of_a_build_leaves_nothing_either() {
    let digest = Digest::with_articles(400);
    for round in 0..12 {
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_newsprint"))
            .args(["serve", "--port", "0", "--quiet"])
            .current_dir(digest.path(""))
            .spawn()
            .unwrap();
        wait("its folder", || digest.exists(".newsprint").then_some(()));
        std::thread::sleep(Duration::from_millis(round * 17));
        let sent = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
        assert!(sent.unwrap().success());
        child.wait().unwrap();
        let left: Vec<_> = fs::read_dir(digest.path(".newsprint")).unwrap().flatten().collect();
        assert!(left.is_empty(), "round {round}: {left:?}");
        fs::remove_dir(digest.path(".newsprint")).unwrap();
    }
}

#[test]
fn previews_that_begin_together_leave_each_other_alone() {
    let digest = digest();
    for _ in 0..5 {
        let previews = std::thread::scope(|scope| {
            let starts: Vec<_> = (0..4).map(|_| scope.spawn(|| Preview::of(&digest, &[]))).collect();
            starts.into_iter().map(|start| start.join().unwrap()).collect::<Vec<_>>()
        });
        for preview in &previews {
            preview.shows("/", "第 3 篇");
            assert!(preview.folder().join("lock").exists());
        }
    }
}

// Nobody else's business.

#[cfg(unix)]
#[test]
fn folders_of_others_are_not_taken_for_abandoned_previews() {
    let elsewhere =
        Digest::bare().file("preview-1/precious.txt", "x").file("preview-designs/precious.txt", "x");
    let digest = digest();
    std::os::unix::fs::symlink(elsewhere.path(""), digest.path(".newsprint")).unwrap();
    let outcome = digest.run(&["serve", "--port", "0"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains("symbolic link"), "{}", outcome.stderr);
    fs::remove_file(digest.path(".newsprint")).unwrap();
    fs::create_dir(digest.path(".newsprint")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path("preview-1"), digest.path(".newsprint/preview-1")).unwrap();
    digest.write(".newsprint/preview-designs/own.txt", "x");
    let preview = Preview::of(&digest, &[]);
    preview.shows("/", "第 3 篇");
    drop(preview);
    assert!(elsewhere.exists("preview-1/precious.txt") && elsewhere.exists("preview-designs/precious.txt"));
    assert!(digest.exists(".newsprint/preview-designs/own.txt"));
}

#[test]
fn no_path_leads_out_of_the_site() {
    let digest = digest().file("secret.txt", "geheim");
    let preview = Preview::of(&digest, &[]);
    let depth = "../".repeat(12);
    for path in [
        "/../secret.txt",
        "/../../../secret.txt",
        "/%2e%2e/%2e%2e/%2e%2e/secret.txt",
        "/..%2f..%2f..%2fsecret.txt",
        "/%2e%2e%5c%2e%2e%5csecret.txt",
        "/..\\..\\secret.txt",
        "/articles/../../../../secret.txt",
        "/%252e%252e/secret.txt",
        "//secret.txt",
        "/./secret.txt",
        "/index.html/../../../secret.txt",
        "/.newsprint/../../secret.txt",
        "/../notes/manifest",
        "/.newsprint/lock",
        &format!("/{depth}etc/passwd"),
        "/%2fetc%2fpasswd",
        "//etc/passwd",
    ] {
        let answer = preview.ask("GET", path, "");
        assert!(matches!(answer.status, 400 | 404), "{path}: {}", answer.status);
        assert!(!answer.text().contains("geheim") && !answer.text().contains("root:"), "{path}");
    }
    for path in ["/index.html%00", "/%ff%fe", "/%00", "/%c0%ae%c0%ae/"] {
        assert_eq!(preview.get(path).status, 400, "{path}");
    }
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_among_the_sites_files_is_not_followed() {
    let digest = digest().file("secret.txt", "geheim");
    let preview = Preview::of(&digest, &[]);
    let site = preview.folder().join("site");
    fs::remove_file(site.join("robots.txt")).unwrap();
    std::os::unix::fs::symlink(digest.path("secret.txt"), site.join("robots.txt")).unwrap();
    std::os::unix::fs::symlink(digest.path("secret.txt"), site.join("planted.txt")).unwrap();
    for path in ["/robots.txt", "/planted.txt"] {
        let answer = preview.get(path);
        assert!(answer.status >= 400 && !answer.text().contains("geheim"), "{path}: {}", answer.text());
    }
}

#[test]
fn another_name_than_the_servers_own_is_refused() {
    let digest = digest();
    let preview = Preview::of(&digest, &[]);
    let ask =
        |host: &str| preview.raw(format!("GET / HTTP/1.1\r\n{host}Connection: close\r\n\r\n").as_bytes());
    for host in ["localhost", "LocalHost:80", "127.0.0.1", "[::1]:1234"] {
        assert!(ask(&format!("Host: {host}\r\n")).starts_with("HTTP/1.1 200 "), "{host}");
    }
    for host in ["evil.example", "localhost.evil.example", "192.168.0.1", "127.0.0.1@evil.example", ""] {
        let answer = ask(&format!("Host: {host}\r\n"));
        assert!(
            answer.starts_with("HTTP/1.1 421 ") || answer.starts_with("HTTP/1.1 400 "),
            "{host}: {answer}"
        );
        assert!(!answer.contains("测试日报"), "{host}");
    }
    assert!(ask("").starts_with("HTTP/1.1 400 "));
    let absolute =
        preview.raw(b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assert!(absolute.starts_with("HTTP/1.1 421 "), "{absolute}");
}

#[test]
fn bad_requests_are_told_so_and_harm_nobody() {
    let digest = digest();
    let preview = Preview::of(&digest, &[]);
    let long = format!("GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n", "a".repeat(200_000));
    let many = format!("GET / HTTP/1.1\r\nHost: localhost\r\n{}\r\n", "X: y\r\n".repeat(5000));
    for request in [
        b"\x00\x01\x02\x03\r\n\r\n".as_slice(),
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        b"GET nothing HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nBroken header\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        long.as_bytes(),
        many.as_bytes(),
    ] {
        let answer = preview.raw(request);
        let status = answer.split(' ').nth(1).unwrap_or_default();
        let shown = String::from_utf8_lossy(&request[..request.len().min(60)]).into_owned();
        assert!(status.starts_with('4') || status.starts_with('5'), "{shown}: {answer}");
        assert_eq!(preview.get("/").status, 200, "after {shown}");
    }
}

#[test]
fn two_hundred_listeners_are_all_told_and_the_site_is_still_there() {
    let digest = digest();
    let preview = Preview::of(&digest, &[]);
    let mut listeners: Vec<_> = (0..200).map(|_| preview.events()).collect();
    assert_eq!(preview.get("/").status, 200);
    digest.write("content/articles/0002.md", digest.read("content/articles/0002.md") + "都听\n");
    for listener in &mut listeners {
        listener.about("/articles/0002/");
    }
    drop(listeners);
    assert!(preview.page("/articles/0002/").contains("都听"));
}

#[test]
fn slow_and_many_connections_do_not_stop_it() {
    let digest = digest();
    let preview = Preview::of(&digest, &[]);
    // Half a head each, and nobody who reads.
    let slow: Vec<_> = (0..150)
        .map(|_| {
            let mut stream = preview.connect();
            stream.write_all(b"GET / HTTP/1.1\r\nHost: loc").unwrap();
            stream
        })
        .collect();
    assert_eq!(preview.get("/").status, 200);
    drop(slow);
    // More than there is room for: told so at once, and room again when they are gone.
    let mut crowd: Vec<_> = (0..450).map(|_| preview.connect()).collect();
    let mut last = crowd.pop().unwrap();
    let mut answer = String::new();
    let _ = last.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let _ = last.read_to_string(&mut answer);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 503 "), "{answer}");
    drop(crowd);
    let served = || {
        let mut stream = preview.connect();
        let _ = stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        answer.starts_with("HTTP/1.1 200 ").then_some(())
    };
    wait("room", served);
}

#[test]
fn listening_to_the_network_is_warned_of() {
    let digest = digest();
    let preview = Preview::of(&digest, &["--interface", "0.0.0.0"]);
    preview.prints("warning: everybody on the network can read this preview");
    assert_eq!(preview.get("/").status, 200);
    let quiet = Preview::of(&self::digest(), &[]);
    assert_eq!(quiet.times("network"), 0);
}
