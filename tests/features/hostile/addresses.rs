//! Addresses in texts, fields and settings lead where they were judged to lead, from every file
//! that holds them.

use std::fmt::Write as _;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use roxmltree::Document;
use serde_json::json;
use url::Url;

use crate::driver::Digest;

const ORIGIN: &str = "https://here.example";
const BASE_PATHS: [&str; 3] = ["/", "/a/", "/新闻/"];

/// Addresses that begin with the own host and would lead to another one without it, and others.
const KNOWN: [&str; 18] = [
    "https://here.example//evil.example/i.png",
    "https://here.example\\\\evil.example",
    "https:/\\here.example/\\evil.example",
    "//here.example//evil.example",
    "https://here.example/x/..//evil.example",
    "https://here.example/.//evil.example",
    "https://here.example/%2e%2e//evil.example",
    "https://here.example//here.example//evil.example",
    "https://here.example/\t/evil.example",
    "https://here.example/a//evil.example",
    "/x/..//evil.example",
    "/.//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "https:evil.example",
    "https://here.example@evil.example/",
    "..//..//evil.example",
    "https://here.example/\u{85}/evil.example",
];

/// Random addresses, most of them on the own host.
fn addresses() -> Vec<String> {
    let piece = prop::sample::select(vec![
        "/",
        "//",
        "\\",
        "..",
        ".",
        "/../",
        "/./",
        "%2e",
        "%2F",
        "%5c",
        "\t",
        "\n",
        "\u{9b}",
        "here.example",
        "evil.example",
        ":443",
        ":80",
        "@",
        "x",
        "a",
        "新闻",
        "%E6%96%B0%E9%97%BB",
        "?",
        "#",
        "|",
        "[",
        "&",
        "'",
        "\"",
        "<",
        " ",
        "https:",
        "。",
    ]);
    let rest = || prop::collection::vec(piece.clone(), 0..7).prop_map(|pieces| pieces.concat());
    let address = prop_oneof![
        4 => rest().prop_map(|rest| format!("https://here.example/{rest}")),
        1 => rest().prop_map(|rest| format!("//here.example{rest}")),
        2 => rest(),
    ];
    let mut runner = TestRunner::default();
    let random = (0..150).map(|_| address.new_tree(&mut runner).unwrap().current());
    KNOWN.iter().map(|&known| known.to_owned()).chain(random).collect()
}

/// A text in which every character is a reference, so that it has no other meaning in Markdown.
fn referenced(text: &str) -> String {
    text.chars().fold(String::new(), |mut all, c| {
        let _ = write!(all, "&#{};", u32::from(c));
        all
    })
}

/// The articles: each address as a link, an image, an address in text, in Markdown and in HTML.
fn texts(addresses: &[String]) -> [(&'static str, &'static str, String); 2] {
    let (mut markdown, mut html) = (String::new(), String::new());
    for address in addresses {
        let address = referenced(address);
        let _ = writeln!(markdown, "- [字](<{address}>)\n- ![字](<{address}>)\n- {address}\n");
        let _ = writeln!(html, "<p><a href=\"{address}\">字</a> <img src=\"{address}\" alt=\"字\"></p>\n");
    }
    [("markdown", "", markdown), ("html", "html: sanitize\n", html)]
}

/// An element with an address: its tag, and the address as written.
struct Element<'t> {
    tag: &'t str,
    address: String,
}

fn elements(html: &str) -> Vec<Element<'_>> {
    let tags = html.split('<').skip(1).map(|rest| rest.split('>').next().unwrap());
    tags.flat_map(|tag| {
        ["href", "src"].into_iter().flat_map(move |name| {
            crate::driver::attributes(tag, name).into_iter().map(move |value| Element {
                tag,
                address: html_escape::decode_html_entities(&value).into_owned(),
            })
        })
    })
    .collect()
}

/// Asserts that nothing in `html` leads to another host without saying so, from the page at `url`
/// under both schemes. Returns where the elements lead.
fn check_html(html: &str, url: &Url, place: &str) -> Vec<Url> {
    let mut preview = url.clone();
    preview.set_scheme("http").unwrap();
    let check = |element: Element<'_>| {
        for page in [url, &preview] {
            let leads = page
                .join(&element.address)
                .unwrap_or_else(|error| panic!("{place}: {}: {error}", element.tag));
            let is_here =
                (leads.host(), leads.port()) == (page.host(), page.port()) && leads.username().is_empty();
            let is_said = element.tag.starts_with("a ") && element.tag.contains("nofollow ugc");
            assert!(is_here || is_said, "{place} leads to {leads} by {}", element.tag);
        }
        url.join(&element.address).unwrap()
    };
    elements(html).into_iter().map(check).collect()
}

/// Asserts that the addresses of `html`, which is read outside of the site, are absolute, and that
/// they lead where those of the page do.
fn check_copy(html: &str, page: &[Url], place: &str) {
    let whole = |element: Element<'_>| {
        Url::parse(&element.address).unwrap_or_else(|error| panic!("{place}: {}: {error}", element.tag))
    };
    assert_eq!(elements(html).into_iter().map(whole).collect::<Vec<_>>(), page, "{place}");
}

/// The HTML of the body on an article's page.
fn body(page: &str) -> &str {
    let start = page.split("<div class=\"text\" data-search>").nth(1).unwrap();
    start.split("</article>").next().unwrap().split("<aside").next().unwrap().rsplit_once("</div>").unwrap().0
}

fn digest(base_path: &str, addresses: &[String]) -> Digest {
    let config = format!(
        "title: 测试日报\nbase_url: {ORIGIN}{base_path}\nimage: 'https:here.example//evil.example'\n\
         outputs: {{json: on, markdown: on}}\nmenu:\n- {{name: 一, url: '/.//evil.example'}}\n\
         - {{name: 二, url: 'https:\\\\here.example//evil.example'}}\n- {{name: 三, url: 'https:here.example//evil.example'}}\n\
         translations: {{en: 'https:\\\\here.example//evil.example'}}\n"
    );
    let fields = "title: 甲\ndate: 2024-01-01\nslug: //evil.example\nlink: 'https:\\\\here.example//evil.example'\n\
                  image: 'https:here.example//evil.example/i.png'\naliases: [/x/old.html]\n";
    let mut digest = Digest::bare().file("newsprint.yaml", config).article("fields", fields, "文。");
    for (name, fields, text) in texts(addresses) {
        digest = digest.article(name, &format!("title: 甲\ndate: 2024-01-02\n{fields}"), &text);
        digest = digest
            .file(&format!("content/pages/p-{name}.md"), format!("---\ntitle: 页\n{fields}---\n\n{text}"));
    }
    digest.file("records.json", json!([{"title": "记录", "content": addresses.join("\n\n")}]).to_string())
}

#[test]
fn addresses_lead_where_they_were_judged_to_lead_from_every_file() {
    let addresses = addresses();
    for base_path in BASE_PATHS {
        let digest = digest(base_path, &addresses);
        let imported = digest.run(&["import", "records.json", "--date", "2024-01-03"]);
        assert!(imported.success, "{}", imported.stderr);
        digest.build();
        let home = Url::parse(&format!("{ORIGIN}{base_path}")).unwrap();
        let is_here = |address: &str| Url::parse(address).is_ok_and(|url| url.host() == home.host());
        let mut pages = std::collections::BTreeMap::new();
        for (path, bytes) in digest.site() {
            let Ok(text) = String::from_utf8(bytes) else { continue };
            let url = home.join(path.trim_end_matches("index.html")).unwrap();
            if path.ends_with(".html") {
                check_html(&text, &url, &path);
                for image in text.split("og:image\" content=\"").skip(1) {
                    assert!(
                        is_here(&image.split('"').next().unwrap().replace("&#x2F;", "/")),
                        "{path}: {image}"
                    );
                }
            }
            if path.starts_with("articles/") && path.ends_with("/index.html") {
                pages.insert(url.to_string(), check_html(body(&text), &url, &path));
            }
        }
        assert_eq!(pages.len(), 4, "{:?}", pages.keys());
        assert!(pages.values().map(Vec::len).sum::<usize>() > 4 * KNOWN.len());
        let mut copies = 0;
        let feed = digest.page("feed.xml");
        let feed = Document::parse(&feed).unwrap();
        for entry in
            feed.descendants().filter(|node| node.has_tag_name(("http://www.w3.org/2005/Atom", "entry")))
        {
            let text = |name: &str| {
                let node = entry.children().find(|node| node.tag_name().name() == name);
                node.and_then(|node| node.text()).unwrap_or_default()
            };
            let link = entry.children().find(|node| node.attribute("rel") == Some("alternate")).unwrap();
            check_copy(text("content"), &pages[link.attribute("href").unwrap()], "feed.xml");
            copies += 1;
        }
        let feed: serde_json::Value = serde_json::from_str(&digest.page("feed.json")).unwrap();
        for item in feed["items"].as_array().unwrap() {
            check_copy(
                item["content_html"].as_str().unwrap(),
                &pages[item["url"].as_str().unwrap()],
                "feed.json",
            );
            copies += 1;
        }
        for (url, page) in &pages {
            let slug = url.trim_end_matches('/').rsplit('/').next().unwrap();
            let slug = percent_encoding::percent_decode_str(slug).decode_utf8().unwrap();
            let copy: serde_json::Value =
                serde_json::from_str(&digest.page(&format!("articles/{slug}/index.json"))).unwrap();
            check_copy(copy["content_html"].as_str().unwrap(), page, "index.json");
            let markdown = digest.page(&format!("articles/{slug}/index.md"));
            check_images(&markdown, &home);
            copies += 1;
        }
        assert_eq!(copies, 12);
        for link in digest.page("llms.txt").split("](").skip(1) {
            assert!(is_here(link.split(')').next().unwrap()), "llms.txt: {link}");
        }
        check_images(&digest.page("llms-full.txt"), &home);
        check_json_ld(&digest, &home);
    }
}

/// Asserts that every image of a Markdown file has a whole URL of the own host.
fn check_images(markdown: &str, home: &Url) {
    for image in markdown.split("![").skip(1).filter_map(|rest| rest.split("](").nth(1)) {
        let address = image.trim_start_matches('<').split([')', '>']).next().unwrap();
        assert!(Url::parse(address).is_ok_and(|url| url.host() == home.host()), "{image}");
    }
}

/// Asserts that every address in the JSON-LD of an article is a whole URL of its host.
fn check_json_ld(digest: &Digest, home: &Url) {
    let page = digest.page("articles/evil-example/index.html");
    let data = page
        .split("<script type=\"application/ld+json\">")
        .nth(1)
        .unwrap()
        .split("</script>")
        .next()
        .unwrap();
    let data: serde_json::Value = serde_json::from_str(data).unwrap();
    let article = &data["@graph"][0];
    for name in ["image", "isBasedOn", "mainEntityOfPage"] {
        let url = Url::parse(article[name].as_str().unwrap()).unwrap();
        assert_eq!(
            (url.host(), url.to_string()),
            (home.host(), article[name].as_str().unwrap().to_owned()),
            "{name}"
        );
    }
}

#[test]
fn a_url_of_the_own_host_does_not_become_one_of_another_host() {
    let text = "![x](https://example.org//evil.example/i.png) [y](https://example.org//evil.example/y) \
                https://example.org//evil.example/z";
    let digest = Digest::new().article("a", "title: 甲\ndate: 2024-01-01\n", text);
    digest.build();
    let page = digest.page("articles/a/index.html");
    let link = |name: &str, text: &str| {
        format!(
            "<a href=\"https://example.org//evil.example/{name}\" rel=\"noopener noreferrer nofollow ugc\">{text}</a>"
        )
    };
    for link in [link("i.png", "x"), link("y", "y"), link("z", "https://example.org//evil.example/z")] {
        assert!(page.contains(&link) && !page.contains("<img"), "{link} in {page}");
    }
    let feed = digest.page("feed.xml");
    assert!(
        !feed.contains("https://evil.example") && feed.contains("https://example.org//evil.example/i.png")
    );
}
