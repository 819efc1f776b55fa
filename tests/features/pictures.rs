//! Pictures in an article's folder are published below its page, with their sizes.

#[cfg(feature = "images")]
mod copies;
#[cfg(feature = "images")]
mod metadata;

use crate::driver::{Digest, attributes};

/// A picture with slow and quick changes of colour, as a photograph has them.
#[cfg(feature = "images")]
fn photo(width: u32, height: u32) -> image::RgbImage {
    image::RgbImage::from_fn(width, height, |x, y| {
        let wave = |step: u32, phase: u32| {
            let at = (x * 3 + y * 2 + phase) / step % 400;
            if at < 200 { at } else { 400 - at }
        };
        let grain =
            (x.wrapping_mul(0x9E37_79B9) ^ y.wrapping_mul(0x85EB_CA6B)).wrapping_mul(0xC2B2_AE35) >> 28;
        let colour = |value: u32| u8::try_from(value + grain).unwrap_or(u8::MAX);
        image::Rgb([colour(wave(5, 0)), colour(wave(9, 90)), colour(wave(13, 300))])
    })
}

/// The head of a PNG with a size, which is all of it that a build reads.
fn png(width: u8, height: u8) -> Vec<u8> {
    [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], &[0, 0, 0, width, 0, 0, 0, height], &[8, 0, 0, 0, 0, 0, 0, 0, 0]]
        .concat()
}

fn digest() -> Digest {
    Digest::new()
        .file("newsprint.yaml", "base_url: https://example.org/base/\n")
        .article(
            "2026/2026-01-02-甲",
            "title: 甲\ndate: 2026-01-02\nimage: 图.png\n",
            "![一](2026-01-02-甲/图.png)\n\n![二](图.png) ![三](/images/c.png)\n",
        )
        .file("content/articles/2026/2026-01-02-甲/图.png", png(30, 20))
        .file("content/articles/乙/index.md", "---\ntitle: 乙\ndate: 2026-01-03\n---\n\n![一](charts/p.png)\n\n[甲](../2026/2026-01-02-甲.md)\n")
        .file("content/articles/乙/charts/p.png", png(3, 2))
        .file("static/images/c.png", png(1, 1))
}

#[test]
fn pictures_are_published_below_the_page_of_their_article() {
    let digest = digest();
    digest.build();
    assert_eq!(digest.site()["articles/甲/图.png"], png(30, 20));
    assert_eq!(digest.site()["articles/乙/charts/p.png"], png(3, 2));
    let page = digest.main("articles/甲/index.html");
    assert_eq!(attributes(&page, "src"), ["%E5%9B%BE.png", "%E5%9B%BE.png", "/base/images/c.png"]);
    let first = "<img src=\"%E5%9B%BE.png\" width=\"30\" height=\"20\" alt=\"一\"";
    let second = "<img src=\"%E5%9B%BE.png\" width=\"30\" height=\"20\" loading=\"lazy\" alt=\"二\"";
    assert!(page.contains(first) && page.contains(second), "{page}");
    let page = digest.main("articles/乙/index.html");
    assert!(page.contains("<img src=\"charts/p.png\" width=\"3\" height=\"2\""), "{page}");
    assert!(page.contains("href=\"/base/articles/%E7%94%B2/\""), "{page}");
    assert!(!digest.exists("public/articles/index/index.html"));
    let check = digest.run(&["check", "--allow", "nothing-new"]);
    assert!(check.success && !check.stderr.contains("broken-link"), "{}{}", check.stdout, check.stderr);
}

#[test]
fn feeds_and_cards_have_the_whole_address_of_a_picture() {
    let digest = digest();
    digest.write("newsprint.yaml", "base_url: https://example.org/base/\nfeeds: {full_text: site}\n");
    digest.build();
    let url = "https://example.org/base/articles/%E7%94%B2/%E5%9B%BE.png";
    assert!(
        digest.read("public/feed.xml").contains(&format!("src=&quot;{url}&quot;")),
        "{}",
        digest.read("public/feed.xml")
    );
    let page = digest.read("public/articles/甲/index.html");
    assert!(page.contains(&format!("<meta property=\"og:image\" content=\"{url}\">")), "{page}");
}

#[test]
fn the_pictures_of_a_draft_are_not_published() {
    let digest = Digest::new()
        .article("a", "title: A\ndraft: true\n", "![x](a/p.png)")
        .file("content/articles/a/p.png", png(1, 1));
    let outcome = digest.build();
    assert!(!digest.exists("public/articles/a/p.png"));
    assert!(!outcome.stderr.contains("warning"), "{}", outcome.stderr);
    assert!(digest.run(&["build", "--drafts"]).success);
    assert!(digest.exists("public/articles/a/p.png"));
}

#[test]
fn a_picture_without_an_article_is_named() {
    let digest = Digest::new().article("a", "title: A\n", "文").file("content/articles/p.png", png(1, 1));
    let outcome = digest.build();
    assert!(outcome.stderr.contains("in no article's folder"), "{}", outcome.stderr);
    assert!(digest.run(&["build", "--strict"]).code == 1);
}

#[test]
fn what_is_no_picture_stops_the_build_with_its_path() {
    let digest = Digest::new()
        .article("a", "title: A\n", "文")
        .file("content/articles/a/p.png", "<script>alert(1)</script> and more")
        .file("content/articles/a/q.svg", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>");
    let errors = digest.build_fails();
    assert!(errors.contains("content/articles/a/p.png") && errors.contains("not a picture"), "{errors}");
    assert!(errors.contains("content/articles/a/q.svg") && errors.contains("onload"), "{errors}");
}

#[test]
fn a_changed_picture_rewrites_itself_and_a_changed_size_its_page() {
    let digest = digest();
    digest.build();
    let changed = |digest: &Digest| -> Vec<String> {
        let before = digest.site();
        digest.build();
        let after = digest.site();
        after
            .iter()
            .filter(|(path, bytes)| before.get(*path) != Some(bytes))
            .map(|(path, _)| path.clone())
            .collect()
    };
    let mut other = png(30, 20);
    other[24] = 16; // bits of a colour
    digest.write("content/articles/2026/2026-01-02-甲/图.png", other);
    assert_eq!(changed(&digest), ["articles/甲/图.png"]);
    digest.write("content/articles/2026/2026-01-02-甲/图.png", png(31, 20));
    assert_eq!(changed(&digest), ["articles/甲/index.html", "articles/甲/图.png"]);
    digest.remove("content/articles/2026/2026-01-02-甲/图.png");
    digest.build();
    assert!(!digest.exists("public/articles/甲/图.png"));
    assert!(digest.main("articles/甲/index.html").contains("<img src=\"%E5%9B%BE.png\" alt=\"一\""));
    let outcome = digest.run(&["build", "--verify"]);
    assert!(outcome.success, "{}", outcome.stderr);
}

#[test]
fn a_digest_without_pictures_is_the_same_as_before() {
    let digest = Digest::with_articles(3);
    digest.build();
    let before = digest.site();
    digest.write("content/articles/none/readme.txt", "文");
    digest.build();
    assert_eq!(digest.site(), before);
}

#[test]
fn two_pictures_with_one_name_on_the_site_are_an_error() {
    let digest = Digest::new()
        .article("a", "title: A\n", "文")
        .file("content/articles/a/caf\u{e9}.png", png(1, 1))
        .file("content/articles/a/cafe\u{301}.png", png(1, 2));
    let errors = digest.build_fails();
    assert!(errors.contains("two files have the path"), "{errors}");
}

#[cfg(not(feature = "images"))]
#[test]
fn a_program_without_pictures_refuses_smaller_copies() {
    let errors = Digest::new().configured("images: on").build_fails();
    assert!(errors.contains("newsprint.yaml:3:1") && errors.contains("--features images"), "{errors}");
}
