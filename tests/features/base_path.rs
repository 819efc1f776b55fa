//! A site below a base path: `https://user.github.io/my-digest/`.

use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;

use crate::driver::{Digest, attributes};

fn digest() -> Digest {
    Digest::bare()
        .file("newsprint.yaml", "title: 日报\nbase_url: https://user.github.io/my-digest\nmenu:\n- {name: 关于, url: /about/}\n")
        .article(
            "2024-05-13-开源",
            "title: 开源\nkeywords: [C, C++, 'C#', .NET, A/B测试, 权力, 权利, page]\nindustries: [人工智能]\naliases: [旧/址]\nimage: /i.png\n",
            "[关于](/about/) 与[别处](https://example.org/)",
        )
        .article("无日期", "title: 无日期\n", "x")
        .file("content/pages/about.md", "---\ntitle: 关于\n---\n[首页](/)")
        .file("static/i.png", "png")
}

#[test]
fn every_internal_link_points_to_a_file_below_the_base_path() {
    let digest = digest();
    digest.build();
    let site = digest.site();
    let mut checked = 0;
    for (path, bytes) in &site {
        if !path.ends_with(".html") {
            continue;
        }
        let page = String::from_utf8_lossy(bytes);
        for address in attributes(&page, "href").into_iter().chain(attributes(&page, "src")) {
            let address = address.replace("https://user.github.io/", "/");
            if address.starts_with("https://example.org/") || address.starts_with('#') {
                continue;
            }
            assert!(address.is_ascii(), "{path}: {address}");
            let inside = address.strip_prefix("/my-digest/").unwrap_or_else(|| panic!("{path}: {address}"));
            // The search page links example queries.
            let inside = inside.split('?').next().unwrap();
            let mut file = percent_decode_str(inside).decode_utf8().unwrap().into_owned();
            if file.is_empty() || file.ends_with('/') {
                file.push_str("index.html");
            }
            assert!(site.contains_key(&file), "{path} links {file}");
            checked += 1;
        }
    }
    assert!(checked > 300, "{checked}");
}

#[test]
fn feeds_sitemap_and_robots_contain_absolute_urls_below_the_base_path() {
    let digest = digest();
    digest.build();
    let sitemap = digest.page("sitemap.xml");
    let document = roxmltree::Document::parse(&sitemap).unwrap();
    let urls: BTreeSet<&str> = document
        .descendants()
        .filter(|node| node.has_tag_name("loc") || node.tag_name().name() == "loc")
        .filter_map(|node| node.text())
        .collect();
    assert!(urls.contains("https://user.github.io/my-digest/"));
    assert!(urls.contains("https://user.github.io/my-digest/articles/%E5%BC%80%E6%BA%90/"));
    assert!(urls.iter().all(|url| url.starts_with("https://user.github.io/my-digest/") && url.is_ascii()));
    let feed = digest.page("feed.xml");
    assert!(feed.contains(
        "rel=\"self\" type=\"application/atom+xml\" href=\"https://user.github.io/my-digest/feed.xml\""
    ));
    assert!(digest.page("robots.txt").contains("Sitemap: https://user.github.io/my-digest/sitemap.xml"));
    assert!(
        digest
            .page("articles/开源/index.html")
            .contains("content=\"https://user.github.io/my-digest/i.png\"")
    );
}

#[test]
fn the_base_url_can_be_set_on_the_command_line() {
    let digest = digest();
    assert!(digest.run(&["build", "-u", "https://other.example/x/"]).success);
    assert!(digest.page("index.html").contains("href=\"/x/keywords/\""));
    let outcome = digest.run(&["build", "-u", "nonsense"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains("`nonsense` is not an absolute URL"), "{}", outcome.stderr);
}

#[test]
fn every_term_has_a_page_of_its_own() {
    let digest = digest();
    digest.build();
    let folders = std::fs::read_dir(digest.path("public/keywords")).unwrap();
    let folders = folders.filter(|entry| entry.as_ref().unwrap().path().is_dir()).count();
    // Eight terms, and the two other orders of the index: `recent` and `a-z`.
    assert_eq!(folders, 8 + 2);
    assert!(digest.main("keywords/index.html").contains("href=\"/my-digest/keywords/c%2B%2B/\""));
}
