//! Metadata for search engines and other sites: schema.org data, link previews, languages.

use serde_json::{Value, json};

use crate::driver::{Digest, attributes};

fn digest() -> Digest {
    let mut digest = Digest::new();
    for n in 1..=8 {
        digest = digest.article(
            &format!("a{n}"),
            &format!("title: 第 {n} 篇\ndate: 2024-01-0{n}\nevent: 事件\nlink: https://example.com/{n}\nai_technologies: [大模型]\nindustries: [医疗]\n"),
            "正文。",
        );
    }
    digest
        .article("u", "title: 无日期 </script><b>\n", "x")
        .file("content/pages/about.md", "---\ntitle: 关于\n---\n\n我们。\n")
}

/// The nodes of the schema.org graph (JSON-LD) of a page.
fn graph(page: &str) -> Vec<Value> {
    let start = page.find("application/ld+json\">").expect("a JSON-LD block") + 21;
    let data: Value =
        serde_json::from_str(&page[start..start + page[start..].find("</script>").unwrap()]).unwrap();
    assert_eq!(data["@context"], "https://schema.org");
    data["@graph"].as_array().unwrap().clone()
}

/// The first node of this `@type`.
fn node_of_type<'a>(graph: &'a [Value], kind: &str) -> Option<&'a Value> {
    graph.iter().find(|node| node["@type"] == kind)
}

/// Names and URLs of the breadcrumbs of a page. The last one is the page itself and has no URL.
fn breadcrumbs(page: &str) -> Vec<(String, String)> {
    let graph = graph(page);
    let items =
        node_of_type(&graph, "BreadcrumbList").unwrap()["itemListElement"].as_array().unwrap().clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    for (at, item) in items.iter().enumerate() {
        assert_eq!(item["position"], at + 1);
    }
    assert!(items.last().unwrap().get("item").is_none(), "{items:?}");
    items
        .iter()
        .map(|item| (text(&item["name"]), item["item"].as_str().unwrap_or_default().to_owned()))
        .collect()
}

#[test]
fn the_json_ld_of_an_article_contains_its_original_and_breadcrumbs() {
    let digest = digest();
    digest.build();
    let page = digest.page("articles/a8/index.html");
    let graph = graph(&page);
    let article = node_of_type(&graph, "NewsArticle").unwrap();
    assert_eq!(article["isBasedOn"], "https://example.com/8");
    assert_eq!(article["mainEntityOfPage"], "https://example.org/articles/a8/");
    let names: Vec<String> = breadcrumbs(&page).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["测试日报", "归档", "2024年1月", "第 8 篇"]);
    let undated = breadcrumbs(&digest.page("articles/u/index.html"));
    assert_eq!(undated[2], ("未注明日期".to_owned(), "https://example.org/archive/undated/".to_owned()));
    assert_eq!(undated[3].0, "无日期 </script><b>");
}

#[test]
fn json_ld_types_match_the_kinds_of_pages() {
    let digest = digest();
    digest.build();
    let graph_of = |path: &str| graph(&digest.page(path));
    let home = graph_of("index.html");
    let site = node_of_type(&home, "WebSite").unwrap();
    assert_eq!(site["url"], "https://example.org/");
    assert_eq!(site["potentialAction"]["target"], "https://example.org/search/?q={search_term_string}");
    for path in [
        "keywords/index.html",
        "ai-technologies/大模型/index.html",
        "ai-technologies/大模型/industries/医疗/index.html",
        "crossings/index.html",
        "archive/index.html",
        "2024/index.html",
        "2024/01/index.html",
        "2024/01/08/index.html",
        "2024/w02/index.html",
        "trends/index.html",
    ] {
        let graph = graph_of(path);
        assert!(node_of_type(&graph, "BreadcrumbList").is_some(), "{path}");
    }
    assert!(node_of_type(&graph_of("about/index.html"), "WebPage").is_some());
    // Pages with `noindex` have no JSON-LD.
    for path in ["404.html", "search/index.html"] {
        assert!(!digest.page(path).contains("ld+json"), "{path}");
    }
}

#[test]
fn every_breadcrumb_points_to_an_existing_page() {
    let digest = digest().article("w", "title: 年底\ndate: 2024-12-30\n", "x");
    digest.write("newsprint.yaml", "title: 测试\nbase_url: https://example.org/base/\n");
    digest.build();
    let mut count = 0;
    for (path, bytes) in digest.site() {
        let Ok(page) = String::from_utf8(bytes) else { continue };
        if !path.ends_with(".html") || !page.contains("BreadcrumbList") {
            continue;
        }
        for (_, url) in breadcrumbs(&page).into_iter().filter(|(_, url)| !url.is_empty()) {
            let file = url.strip_prefix("https://example.org/base/").unwrap_or_else(|| panic!("{url}"));
            let file = percent_encoding::percent_decode_str(file).decode_utf8().unwrap();
            assert!(digest.exists(&format!("public/{file}index.html")), "{path}: {url}");
            count += 1;
        }
    }
    assert!(count > 30, "{count}");
}

#[test]
fn link_previews_have_the_image_of_the_article_or_of_the_digest() {
    let image = |page: &str| {
        let at = page.find("property=\"og:image\" content=\"")? + 29;
        Some(page[at..at + page[at..].find('"')?].to_owned())
    };
    let digest = digest().article("i", "title: 图\ndate: 2024-01-02\nimage: /own.png\n", "x");
    digest.build();
    assert_eq!(image(&digest.page("index.html")), None);
    assert!(digest.page("index.html").contains("name=\"twitter:card\" content=\"summary\""));
    assert_eq!(image(&digest.page("articles/i/index.html")).unwrap(), "https://example.org/own.png");
    let digest = digest.configured("image: /card.png");
    digest.build();
    assert_eq!(image(&digest.page("index.html")).unwrap(), "https://example.org/card.png");
    assert_eq!(image(&digest.page("articles/a1/index.html")).unwrap(), "https://example.org/card.png");
    assert_eq!(image(&digest.page("articles/i/index.html")).unwrap(), "https://example.org/own.png");
    assert!(digest.page("index.html").contains("content=\"summary_large_image\""));
    let errors = Digest::new().configured("image: card.png").build_fails();
    assert!(errors.contains("newsprint.yaml:3:8") && errors.contains("write `image: /card.png`"), "{errors}");
}

#[test]
fn hreflang_links_are_on_the_home_page_only() {
    let digest =
        digest().configured("translations:\n  en: https://example.org/en/\n  zh-TW: https://example.org/tw/");
    digest.build();
    assert_eq!(attributes(&digest.page("index.html"), "hreflang"), ["zh-CN", "en", "zh-TW"]);
    assert!(attributes(&digest.page("archive/index.html"), "hreflang").is_empty());
    let errors = Digest::new()
        .configured("translations:\n  english language: https://example.org/\n  fr: /fr/")
        .build_fails();
    assert!(errors.contains("newsprint.yaml:4:3") && errors.contains("newsprint.yaml:5:3"), "{errors}");
}

#[test]
fn pages_have_locale_publication_time_and_site_metadata() {
    let digest = digest();
    digest.build();
    let page = digest.page("articles/a8/index.html");
    assert!(page.contains("property=\"og:locale\" content=\"zh_CN\""));
    assert!(page.contains("property=\"article:published_time\" content=\"2024-01-08T00:00:00+08:00\""));
    let description =
        node_of_type(&graph(&digest.page("about/index.html")), "WebPage").unwrap()["isPartOf"].clone();
    assert_eq!(description, json!({"@type": "WebSite", "name": "测试日报", "url": "https://example.org/"}));
}

/// Link previews, search engines and feeds need URLs (RFC 3986), not what a browser would repair.
#[test]
fn addresses_in_metadata_are_encoded_as_in_links() {
    let cases = [
        ("/图 片(1).png", "/%E5%9B%BE%20%E7%89%87(1).png"),
        ("/%E5%9B%BE%20%E7%89%87(1).png", "/%E5%9B%BE%20%E7%89%87(1).png"),
        ("/a<b>.png", "/a%3Cb%3E.png"),
        ("/a\"b.png", "/a%22b.png"),
        ("/a[1]|{2}`.png", "/a%5B1%5D%7C%7B2%7D%60.png"),
        ("/Ａ（１）／.png", "/%EF%BC%A1%EF%BC%88%EF%BC%91%EF%BC%89%EF%BC%8F.png"),
        ("/100%.png", "/100%.png"),
        ("/v.png?时间=1 2#图 1", "/v.png?%E6%97%B6%E9%97%B4=1%202#%E5%9B%BE%201"),
    ];
    for (written, path) in cases {
        let digest = Digest::new()
            .configured(&format!("image: '{written}'\nmenu: [{{name: 图, url: '{written}'}}]"))
            .article("own", &format!("title: 一\ndate: 2024-01-02\nimage: '{written}'\n"), "正文。")
            .article(
                "body",
                "title: 二\ndate: 2024-01-03\n",
                &format!("![图](<{}>)", written.replace(['<', '>'], "")),
            );
        digest.build();
        let url = format!("https://example.org{path}");
        let own = digest.page("articles/own/index.html");
        for page in [&own, &digest.page("index.html")] {
            let at = page.find("og:image\" content=\"").unwrap();
            assert_eq!(attributes(&page[at..], "content")[0], url, "{written}");
            assert!(
                attributes(page, "href").contains(&path.to_owned()),
                "{written}: {path} is not in the menu"
            );
        }
        assert_eq!(node_of_type(&graph(&own), "NewsArticle").unwrap()["image"], url.as_str(), "{written}");
        // The same file in the text of an article has the same address there.
        if !written.contains('<') {
            let image = attributes(&digest.page("articles/body/index.html"), "src");
            assert!(image.contains(&path.to_owned()), "{written}: {image:?}");
        }
    }
    let digest = Digest::new().article("a", "title: 一\nimage: 'https://例子.cn/图 1.png'\n", "x");
    digest.build();
    let page = digest.page("articles/a/index.html");
    assert!(page.contains("content=\"https://xn--fsqu00a.cn/%E5%9B%BE%201.png\""), "{page}");
}
