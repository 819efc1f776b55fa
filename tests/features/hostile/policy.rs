//! The Content-Security-Policy of pages, and pages without anything that violates it.

use crate::driver::{Digest, tree};

/// The value of an attribute with its character references resolved.
fn unescaped(text: &str) -> String {
    text.replace("&#39;", "'").replace("&quot;", "\"").replace("&amp;", "&")
}

fn policy(page: &str) -> Option<String> {
    let rest = page.split("<meta http-equiv=\"Content-Security-Policy\" content=\"").nth(1)?;
    Some(unescaped(rest.split('"').next().unwrap()))
}

fn pages(digest: &Digest) -> Vec<(String, String)> {
    let pages = digest.site().into_iter().filter(|(path, _)| path.ends_with(".html"));
    pages.map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap())).collect()
}

/// A digest with a page of every kind.
fn digest_with_all_pages() -> Digest {
    let digest = Digest::with_articles(45).article(
        "moved",
        "title: 搬\naliases: [old/name]\nimage: /a.png\nai_technologies: [大模型]\nindustries: [医疗]\n",
        "| a | b |\n|:-:|--:|\n| 1 | 2 |\n\n- [x] 做完\n\n![图](/a.png)",
    );
    digest.file("content/pages/about.md", "---\ntitle: 关于\n---\n文\n").file("static/a.png", "x")
}

#[test]
fn every_page_has_the_policy_before_any_resource() {
    let digest = digest_with_all_pages();
    digest.build();
    let pages = pages(&digest);
    assert!(pages.len() > 50);
    for (path, page) in &pages {
        let policy = policy(page).unwrap_or_else(|| panic!("{path} has no policy"));
        assert_eq!(
            policy,
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'",
            "{path}"
        );
        let said = page.find("Content-Security-Policy").unwrap();
        for loads in ["<link", "<script", "<img", "<style"] {
            assert!(page.find(loads).is_none_or(|at| at > said), "{loads} in {path}");
        }
    }
}

#[test]
fn no_page_contains_inline_styles_or_scripts() {
    let digest = digest_with_all_pages();
    digest.build();
    for (path, page) in pages(&digest) {
        for tag in page.split('<').skip(1) {
            let tag = tag.split('>').next().unwrap();
            assert!(!tag.contains(" style=") && !tag.starts_with("style"), "<{tag}> in {path}");
            assert!(
                !tag.split_whitespace().any(|part| part.starts_with("on") && part.contains('=')),
                "<{tag}> in {path}"
            );
            if tag.starts_with("script") {
                assert!(tag.contains(" src=") || tag.contains("application/ld+json"), "<{tag}> in {path}");
            }
        }
    }
}

#[test]
fn the_policy_can_be_extended_or_switched_off() {
    let digest = Digest::with_articles(1).configured("csp: {frame-src: 'https://player.example.org'}");
    digest.build();
    assert!(policy(&digest.page("index.html")).unwrap().ends_with("; frame-src https://player.example.org"));
    let off = Digest::with_articles(1).configured("csp: off");
    off.build();
    assert_eq!(policy(&off.page("index.html")), None);
    let wrong = Digest::with_articles(1).configured("csp: {frame-ancestors: \"'none'\"}").build_fails();
    assert!(
        wrong.contains("`frame-ancestors` has no effect in a page") && wrong.contains("newsprint.yaml:3:"),
        "{wrong}"
    );
}

#[test]
fn pages_of_the_example_theme_have_the_policy() {
    let digest = Digest::with_articles(1);
    for (path, bytes) in tree(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/wire"))) {
        digest.write(&path, bytes);
    }
    digest.build();
    assert!(policy(&digest.page("articles/0001/index.html")).is_some());
}
