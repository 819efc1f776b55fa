//! `newsprint serve`: the site as GitHub Pages shows it, and every save at once.

mod attacks;
mod ends;
mod habits;
mod mistakes;
mod pages;
mod saves;

use crate::driver::Digest;

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

/// An article whose body goes on behind its excerpt.
fn long(title: &str, end: &str) -> String {
    let text = "说来话长。".repeat(60);
    format!("---\ntitle: {title}\ndate: 2024-01-03\nkeywords: [共同]\n---\n\n{text}\n\n{end}\n")
}
