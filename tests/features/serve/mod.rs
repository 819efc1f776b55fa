//! `newsprint serve`: serves the site as GitHub Pages does, and rebuilds it after every save.

mod attacks;
mod lifecycle;
mod mistakes;
mod pages;
mod saves;
mod watching;

use crate::driver::Digest;

/// The tag of the script that the server adds to pages.
const SCRIPT: &str = "<script src=\"/.newsprint/live.js\"";

fn digest() -> Digest {
    Digest::with_articles(3)
}

/// A digest whose site has the base path `/my-digest/`.
fn below_a_path() -> Digest {
    Digest::bare()
        .file("newsprint.yaml", "title: 测试日报\nbase_url: https://example.org/my-digest/\n")
        .article("甲", "title: 甲\ndate: 2024-01-02\nkeywords: [C++, 大模型]\n", "正文 甲")
        .file("static/about.html", "<p>about</p>")
        .file("static/ten.bin", "0123456789")
}

/// An article file whose body is longer than its excerpt, so that `end` is not part of the excerpt.
fn long_article(title: &str, end: &str) -> String {
    let text = "说来话长。".repeat(60);
    format!("---\ntitle: {title}\ndate: 2024-01-03\nkeywords: [共同]\n---\n\n{text}\n\n{end}\n")
}
