//! The preview serves the site as GitHub Pages would: paths, redirects, headers, ranges.

use std::fs;

use crate::driver::Digest;
use crate::preview::Preview;
use crate::serve::{SCRIPT, below_a_path, digest};

#[test]
fn the_site_is_served_at_its_base_path() {
    let digest = below_a_path();
    let preview = Preview::start(&digest, &[]);
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
fn the_base_url_flag_sets_another_base_path() {
    let digest = below_a_path();
    let preview = Preview::start(&digest, &["--base-url", "https://example.org/other/"]);
    assert!(preview.url.ends_with("/other/"));
    assert!(preview.page("/other/").contains("href=\"/other/newsprint.css\""));
}

#[test]
fn a_base_path_may_contain_han_or_equal_the_internal_prefix() {
    for (base, home) in
        [("日报", "/%E6%97%A5%E6%8A%A5/"), ("my%20digest", "/my%20digest/"), (".newsprint", "/.newsprint/")]
    {
        let digest = Digest::bare()
            .file("newsprint.yaml", format!("title: 测试日报\nbase_url: https://example.org/{base}/\n"))
            .article("甲", "title: 甲\n", "正文");
        let preview = Preview::start(&digest, &[]);
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
fn folders_files_and_encoded_paths_are_served_as_on_github_pages() {
    let digest = below_a_path();
    let preview = Preview::start(&digest, &[]);
    let folder = preview.get("/my-digest/archive?from=here");
    assert_eq!((folder.status, folder.header("location")), (301, Some("/my-digest/archive/?from=here")));
    assert!(preview.page("/my-digest/about").starts_with("<p>about</p>"));
    // 大模型 in percent-encoded UTF-8, and both forms of `c++` that browsers send.
    assert!(preview.page("/my-digest/keywords/%E5%A4%A7%E6%A8%A1%E5%9E%8B/").contains("大模型"));
    assert!(preview.page("/my-digest/keywords/c%2B%2B/").contains("C++"));
    assert!(preview.page("/my-digest/keywords/c++/").contains("C++"));
    let folder = preview.get("/my-digest/keywords/%E5%A4%A7%E6%A8%A1%E5%9E%8B");
    assert_eq!(folder.header("location"), Some("/my-digest/keywords/%E5%A4%A7%E6%A8%A1%E5%9E%8B/"));
}

#[test]
fn missing_paths_get_the_404_page_of_the_site_at_any_depth() {
    let digest = below_a_path();
    let preview = Preview::start(&digest, &[]);
    for path in ["/my-digest/nothing", "/my-digest/a/b/c/d/", "/my-digest/a/b.css"] {
        let answer = preview.get(path);
        assert_eq!(answer.status, 404);
        assert!(answer.text().contains("not-found") || answer.text().contains("<h1"), "{}", answer.text());
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    }
}

#[test]
fn text_files_have_a_charset_in_their_content_type() {
    let digest = below_a_path();
    let preview = Preview::start(&digest, &[]);
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
fn head_requests_get_the_same_headers_without_a_body() {
    let digest = below_a_path();
    let preview = Preview::start(&digest, &[]);
    for path in ["/my-digest/", "/my-digest/ten.bin"] {
        let (get, head) = (preview.get(path), preview.request("HEAD", path, ""));
        assert_eq!(head.status, 200);
        assert_eq!(head.body, b"");
        assert_eq!(head.header("content-length"), Some(get.body.len().to_string().as_str()));
        assert_eq!(head.header("etag"), get.header("etag"));
    }
    let post = preview.request("POST", "/my-digest/", "Content-Length: 0\r\n");
    assert_eq!((post.status, post.header("allow")), (405, Some("GET, HEAD")));
}

#[test]
fn range_requests_get_parts_of_a_file() {
    let digest = below_a_path();
    let preview = Preview::start(&digest, &[]);
    let ask = |range: &str| preview.request("GET", "/my-digest/ten.bin", &format!("Range: {range}\r\n"));
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
    let same =
        preview.request("GET", "/my-digest/ten.bin", &format!("Range: bytes=0-0\r\nIf-Range: {tag}\r\n"));
    let other = preview.request("GET", "/my-digest/ten.bin", "Range: bytes=0-0\r\nIf-Range: \"other\"\r\n");
    assert_eq!((same.status, other.status), (206, 200));
}

#[test]
fn a_matching_etag_gets_304_until_the_page_changes() {
    let digest = digest();
    let preview = Preview::start(&digest, &[]);
    let tag = preview.get("/").header("etag").unwrap().to_owned();
    let again = preview.request("GET", "/", &format!("If-None-Match: {tag}\r\n"));
    assert_eq!((again.status, again.body.len()), (304, 0));
    let mut events = preview.events();
    digest.write("content/articles/new.md", "---\ntitle: 新\ndate: 2024-02-01\n---\n");
    events.next_about("/");
    let changed = preview.request("GET", "/", &format!("If-None-Match: {tag}\r\n"));
    assert_eq!(changed.status, 200);
    assert_ne!(changed.header("etag"), Some(tag.as_str()));
}

#[test]
fn the_script_is_in_responses_and_not_in_files() {
    let digest = digest();
    let preview = Preview::start(&digest, &[]);
    assert_eq!(preview.page("/").matches(SCRIPT).count(), 1);
    assert!(!preview.page("/feed.xml").contains(SCRIPT));
    assert!(preview.page("/.newsprint/live.js").contains("EventSource"));
    digest.build();
    assert_eq!(preview.site(), Some(digest.site()));
}

#[test]
fn a_preview_does_not_touch_the_output_folder_and_allows_builds() {
    let digest = digest();
    digest.build();
    let before = digest.times();
    let preview = Preview::start(&digest, &[]);
    let mut events = preview.events();
    digest.write("content/articles/new.md", "---\ntitle: 新\ndate: 2024-02-01\n---\n");
    events.next_about("/articles/new/");
    assert_eq!(digest.times(), before);
    digest.build();
    assert_eq!(preview.site(), Some(digest.site()));
}

#[test]
fn drafts_are_served_with_the_drafts_flag() {
    let digest = digest().article("draft", "title: 草稿\ndraft: true\n", "未完");
    assert_eq!(Preview::start(&digest, &[]).get("/articles/draft/").status, 404);
    assert!(Preview::start(&digest, &["--drafts"]).page("/articles/draft/").contains("草稿"));
}

#[test]
fn the_well_known_folder_is_served_and_watched() {
    let digest = below_a_path().file("static/.well-known/security.txt", "one");
    let preview = Preview::start(&digest, &[]);
    assert_eq!(preview.page("/my-digest/.well-known/security.txt"), "one");
    digest.write("static/.well-known/security.txt", "two");
    let end = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while preview.page("/my-digest/.well-known/security.txt") != "two" {
        assert!(std::time::Instant::now() < end, "a change below `.well-known` is not published");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}
