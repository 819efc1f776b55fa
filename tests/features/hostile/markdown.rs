//! HTML, links and images in bodies, and the settings of digest and article for them.

use crate::driver::Digest;

const REL: &str = "rel=\"noopener noreferrer nofollow ugc\"";

/// The HTML of the body on the page of article `a`.
fn body(digest: &Digest) -> String {
    let page = digest.page("articles/a/index.html");
    let text = page.split("<div class=\"text\" data-search>").nth(1).unwrap();
    text.split("</div>").next().unwrap().trim().to_owned()
}

fn digest(fields: &str, text: &str) -> Digest {
    Digest::new().article("a", &format!("title: 甲\n{fields}"), text)
}

#[test]
fn raw_html_is_shown_as_text_by_default() {
    let text = "<kbd onclick=x>键</kbd><script>alert(1)</script>";
    let written = digest("", text);
    written.build();
    assert!(body(&written).starts_with("<p>&lt;kbd onclick=x&gt;键"), "{}", body(&written));
    let cleaned = digest("", text).configured("markdown: {html: sanitize}");
    cleaned.build();
    assert_eq!(body(&cleaned), "<p><kbd>键</kbd></p>");
    let trusted = digest("", text).configured("markdown: {html: trusted}");
    trusted.build();
    assert_eq!(body(&trusted), format!("<p>{text}</p>"));
}

#[test]
fn the_html_field_is_limited_by_the_digest() {
    let text = "<kbd onclick=x>键</kbd>";
    let cleaned = digest("html: sanitize\n", text);
    cleaned.build();
    assert_eq!(body(&cleaned), "<p><kbd>键</kbd></p>");
    let refused = digest("html: trusted\n", text).build_fails();
    assert!(refused.contains("this digest does not allow `html: trusted` in a file"), "{refused}");
    assert!(refused.contains("content/articles/a.md:3:7"), "{refused}");
    let allowed = digest("html: trusted\n", text).configured("markdown: {allow: trusted}");
    allowed.build();
    assert_eq!(body(&allowed), format!("<p>{text}</p>"));
    let careful = digest("html: text\n", text).configured("markdown: {html: trusted}");
    careful.build();
    assert!(body(&careful).contains("&lt;kbd"), "{}", body(&careful));
    let unknown = digest("html: yes\n", text).build_fails();
    assert!(unknown.contains("write `text`, `sanitize` or `trusted`"), "{unknown}");
}

#[test]
fn the_html_field_applies_to_content_pages() {
    let digest = Digest::new()
        .file("content/pages/about.md", "---\ntitle: 关于\nhtml: sanitize\n---\n<kbd>键</kbd>\n");
    digest.build();
    assert!(digest.page("about/index.html").contains("<p><kbd>键</kbd></p>"));
}

#[test]
fn external_links_have_the_configured_rel() {
    let text = "[外](https://other.org/) 和 [内](/about/) 和 https://third.org/x";
    let usual = digest("link: https://fourth.org/\n", text);
    usual.build();
    assert_eq!(
        body(&usual),
        format!(
            "<p><a href=\"https://other.org/\" {REL}>外</a> 和 <a href=\"/about/\">内</a> 和 <a href=\"https://third.org/x\" {REL}>https://third.org/x</a></p>"
        )
    );
    assert!(usual.page("articles/a/index.html").contains(&format!("href=\"https://fourth.org/\" {REL}")));
    let other = digest("", text).configured("markdown: {rel: noopener}");
    other.build();
    assert!(body(&other).contains("<a href=\"https://other.org/\" rel=\"noopener\">"), "{}", body(&other));
    let none = digest("", text).configured("markdown: {rel: none}");
    none.build();
    assert!(body(&none).contains("<a href=\"https://other.org/\">外"), "{}", body(&none));
}

#[test]
fn remote_images_are_links_unless_switched_on() {
    let text = "![图](https://other.org/a.png)";
    let usual = digest("", text);
    usual.build();
    assert_eq!(body(&usual), format!("<p><a href=\"https://other.org/a.png\" {REL}>图</a></p>"));
    assert!(!usual.page("feed.xml").contains("img"), "{}", usual.page("feed.xml"));
    let shown = digest("", text).configured("markdown: {remote_images: on}");
    shown.build();
    assert_eq!(body(&shown), "<p><img src=\"https://other.org/a.png\" alt=\"图\" /></p>");
    assert!(shown.page("index.html").contains("img-src &#39;self&#39; https: http:"));
}

#[test]
fn a_changed_html_setting_rebuilds_bodies() {
    let digest = digest("", "<kbd>键</kbd>");
    digest.build();
    let digest = digest.configured("markdown: {html: sanitize}");
    digest.build();
    assert_eq!(body(&digest), "<p><kbd>键</kbd></p>");
    assert!(digest.run(&["build", "--verify"]).success);
}
