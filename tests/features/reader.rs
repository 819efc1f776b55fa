//! Pages and files for returning readers: the reader's own view, the page about subscribing, the
//! web manifest and the touch icon.

use serde_json::json;

use crate::driver::{Digest, attributes};

fn digest() -> Digest {
    let mut digest = Digest::new();
    for n in 1..=12 {
        let date = format!("2024-01-{n:02}");
        digest = digest.article(
            &format!("a{n}"),
            &format!("title: 第 {n} 篇\ndate: {date}\nkeywords: [开源]\nai_technologies: [大模型]\nindustries: [医疗]\n"),
            "正文。",
        );
    }
    digest
}

fn below_a_path() -> Digest {
    digest().file("newsprint.yaml", "title: 新闻\nbase_url: https://example.org/news/\n")
}

#[test]
fn the_readers_view_is_a_page_that_search_engines_leave_out() {
    let digest = below_a_path();
    digest.build();
    let page = digest.page("mine/index.html");
    assert!(page.contains("<meta name=\"robots\" content=\"noindex\">"), "{page}");
    assert!(page.contains("src=\"/news/mine.js\"") && page.contains("<noscript>"), "{page}");
    assert!(!digest.page("sitemap.xml").contains("/mine/"));
    let article = digest.page("articles/a1/index.html");
    assert!(article.contains("<a href=\"/news/mine/\">我的</a>"), "{article}");
    assert!(article.contains("<p class=\"act\"></p>"), "{article}");
}

#[test]
fn the_readers_view_can_be_switched_off() {
    let digest = digest().configured("mine: off\n");
    digest.build();
    for path in ["mine/index.html", "mine.js"] {
        assert!(!digest.exists(&format!("public/{path}")), "{path}");
    }
    let page = digest.page("index.html");
    assert!(!attributes(&page, "href").iter().any(|href| href.contains("mine")), "{page}");
    assert!(digest.exists("public/subscribe/index.html"));
}

#[test]
fn the_page_about_subscribing_names_the_feeds_that_exist() {
    let digest = below_a_path();
    digest.build();
    let urls = |page: &str| -> Vec<String> {
        let rest = page.split("<dd><a href=\"").skip(1);
        rest.map(|rest| rest.split(['>', '<']).nth(1).unwrap().to_owned()).collect()
    };
    let page = digest.page("subscribe/index.html");
    let all = ["feed.xml", "feed.json", "weekly.xml", "feeds.opml"];
    assert_eq!(urls(&page), all.map(|name| format!("https://example.org/news/{name}")));
    for name in all {
        assert!(digest.exists(&format!("public/{name}")), "{name}");
    }
    assert!(digest.page("sitemap.xml").contains("https://example.org/news/subscribe/"));
    let footer = digest.page("index.html").split("<footer").nth(1).unwrap().to_owned();
    assert_eq!(attributes(&footer, "href"), ["/news/subscribe/"]);
    let paragraphs = page.matches("<p>").count();

    let digest = self::digest().configured("editions: off\nfeeds:\n  json: off\n  terms: off\n");
    digest.build();
    let page = digest.page("subscribe/index.html");
    assert_eq!(urls(&page), ["feed.xml", "feeds.opml"].map(|name| format!("https://example.org/{name}")));
    assert_eq!(page.matches("<p>").count(), paragraphs - 1, "{page}");
}

#[test]
fn pages_and_files_of_the_editor_replace_those_of_newsprint() {
    let own = "自己的一页";
    let page = format!("---\ntitle: {own}\n---\n\n{own}。\n");
    let digest = digest()
        .file("content/pages/mine.md", &page)
        .file("content/pages/subscribe.md", &page)
        .file("static/site.webmanifest", "{}")
        .file("static/apple-touch-icon.png", "own");
    digest.build();
    for path in ["mine/index.html", "subscribe/index.html"] {
        assert!(digest.page(path).contains(own), "{path}");
    }
    assert_eq!(digest.page("site.webmanifest"), "{}");
    assert_eq!(digest.page("apple-touch-icon.png"), "own");
}

#[test]
fn every_kind_of_path_that_conflicts_replaces_the_readers_view() {
    let mine = "title: 甲\ndate: 2024-01-01\n";
    let cases = [
        digest().file("static/mine/index.html", "own"),
        digest().file("static/Mine/index.html", "own"),
        digest().file("static/mine", "own"),
        digest().article("own", &format!("{mine}aliases: [/mine/]\n"), "own"),
    ];
    for (n, digest) in cases.into_iter().enumerate() {
        digest.build();
        let page = digest.site().remove("mine/index.html").unwrap_or_default();
        assert!(!String::from_utf8_lossy(&page).contains("mine-page"), "case {n}");
    }
}

#[test]
fn a_taxonomy_cannot_take_the_path_of_the_readers_view() {
    for name in ["mine", "subscribe"] {
        let settings = format!("taxonomies:\n  - name: keywords\n  - name: {name}\ncrossings: off\n");
        let outcome = digest().configured(&settings).run(&["build"]);
        let said = format!("the taxonomy `{name}` cannot have the path `/{name}/`");
        assert!(!outcome.success && outcome.stderr.contains(&said), "{}", outcome.stderr);
    }
}

#[test]
fn the_manifest_describes_the_site() {
    let digest = digest().file(
        "newsprint.yaml",
        "title: '新闻 <\"纸\">'\nbase_url: https://example.org/news/\nlanguage: en\n",
    );
    digest.build();
    let manifest: serde_json::Value = serde_json::from_str(&digest.page("site.webmanifest")).unwrap();
    assert_eq!(manifest["name"], "新闻 <\"纸\">");
    assert_eq!(manifest["lang"], "en");
    assert_eq!((&manifest["start_url"], &manifest["scope"]), (&json!("/news/"), &json!("/news/")));
    for icon in manifest["icons"].as_array().unwrap() {
        let path = icon["src"].as_str().unwrap().strip_prefix("/news/").unwrap();
        assert!(digest.exists(&format!("public/{path}")), "{path}");
    }
    let page = digest.page("articles/a1/index.html");
    assert!(page.contains("<link rel=\"manifest\" href=\"/news/site.webmanifest\">"), "{page}");
    assert!(page.contains("<link rel=\"apple-touch-icon\" href=\"/news/apple-touch-icon.png\">"), "{page}");
}

#[test]
fn the_touch_icon_is_a_png_of_180_pixels() {
    let digest = digest();
    digest.build();
    let bytes = digest.site().remove("apple-touch-icon.png").unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!((info.width, info.height), (180, 180));
    // One bit a pixel: the ground in the corner, the first rectangle of the favicon at (90, 60).
    assert_eq!((pixels[0], pixels[60 * 23 + 11] >> 5 & 1), (0, 1));
    assert!(bytes.len() < 1_000, "{} bytes", bytes.len());
}

#[test]
fn no_page_calls_a_day_today_or_yesterday() {
    let digest = digest();
    digest.build();
    for (path, bytes) in digest.site() {
        let Ok(text) = String::from_utf8(bytes) else { continue };
        // The words of the script, which knows the reader's day.
        let text: String = text
            .split(" data-words=\"")
            .map(|part| part.split_once('"').map_or(part, |(_, rest)| rest))
            .collect();
        for word in ["今天", "昨天", "前天"] {
            assert!(!path.ends_with(".html") || !text.contains(word), "{path} has the word {word}");
        }
    }
}
