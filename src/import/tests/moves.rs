//! Imports of old sites: which posts are told apart, and what a second import changes.

use super::{Digest, lines, options};
use crate::import::{Generator, Options};

fn from(generator: Generator) -> Options<'static> {
    Options { generator: Some(generator), ..options() }
}

fn jekyll(digest: &Digest, paths: &[&str]) -> Vec<String> {
    lines(&digest.report(paths, from(Generator::Jekyll)))
}

const POST: &str = "_posts/2024-01-02-hello.md";

/// A digest beside two sites of Jekyll with one path.
fn two_sites() -> Digest {
    let digest = Digest::new(&[]);
    for (site, words) in [("a", "甲的文字"), ("b", "乙的文字")] {
        digest
            .write(&format!("{site}/_config.yml"), &format!("url: https://{site}.example\nbaseurl: /blog\n"));
        digest.write(&format!("{site}/{POST}"), &format!("---\ntitle: {words}\n---\n{words}。\n"));
    }
    digest
}

#[test]
fn posts_with_one_path_in_two_sites_are_two_articles() {
    let digest = two_sites();
    jekyll(&digest, &["a"]);
    jekyll(&digest, &["b"]);
    let articles = digest.articles();
    assert_eq!(articles.len(), 2, "{articles:?}");
    assert!(digest.read("content/articles/2024-01-02-hello.md").contains("site: a.example/blog"));
    let again = [jekyll(&digest, &["b"]), jekyll(&digest, &["a", "b"])];
    assert!(again.iter().flatten().all(|line| !line.contains("updated")), "{again:?}");
    assert_eq!(digest.articles(), articles);
    // In one run, too.
    let digest = two_sites();
    jekyll(&digest, &["a", "b"]);
    assert_eq!(digest.articles().len(), 2);
}

#[test]
fn an_article_of_an_earlier_version_is_of_the_site_of_its_id() {
    let digest = two_sites();
    jekyll(&digest, &["a"]);
    let file = "content/articles/2024-01-02-hello.md";
    let old = digest.read(file).replace("  site: a.example/blog\n", "");
    assert!(old.contains("feed_id: https://a.example/blog/"), "{old}");
    digest.write(file, &old);
    jekyll(&digest, &["b"]);
    assert_eq!(digest.articles().len(), 2);
    assert_eq!(digest.read(file), old);
}

#[test]
fn an_edited_post_updates_the_article_of_its_own_site() {
    let digest = two_sites();
    jekyll(&digest, &["a", "b"]);
    digest.write(&format!("b/{POST}"), "---\ntitle: 新\n---\n新的文字。\n");
    jekyll(&digest, &["b"]);
    let texts: Vec<String> =
        digest.articles().iter().map(|file| digest.read(&format!("content/articles/{file}"))).collect();
    assert_eq!(texts.len(), 2);
    assert_eq!(texts.iter().filter(|text| text.contains("新的文字")).count(), 1);
    assert_eq!(texts.iter().filter(|text| text.contains("甲的文字")).count(), 1);
}

#[test]
fn items_with_one_path_in_two_exports_are_two_articles() {
    let digest = Digest::new(&[]);
    for site in ["a", "b"] {
        let item = format!(
            "<item><title>文{site}</title><link>https://{site}.example/hello-world/</link>\
             <content:encoded><![CDATA[<p>{site} 的文字。</p>]]></content:encoded>\
             <wp:post_type>post</wp:post_type><wp:status>publish</wp:status></item>"
        );
        digest.write(&format!("{site}.xml"), &super::export(&item));
        let report = digest.report(&[&format!("{site}.xml")], from(Generator::WordPress));
        assert_eq!(report.updated.len(), 0);
    }
    assert_eq!(digest.articles().len(), 2);
}

#[test]
fn the_import_of_a_part_keeps_links_to_the_rest() {
    let digest = Digest::new(&[]);
    digest.write("old/_config.yml", "url: https://a.example\n");
    digest.write(
        "old/_posts/2024-01-02-a.md",
        "---\ntitle: 甲\n---\n[乙]({% post_url sub/2024-01-03-b %})。\n",
    );
    digest.write("old/_posts/sub/2024-01-03-b.md", "---\ntitle: 乙\n---\n[甲](/2024/01/02/a.html)。\n");
    jekyll(&digest, &["old"]);
    let texts = ["a", "b"].map(|name| {
        let file = digest.articles().into_iter().find(|file| file.ends_with(&format!("-{name}.md"))).unwrap();
        digest.read(&format!("content/articles/{file}"))
    });
    assert!(texts[0].contains("(2024-01-03-b.md)") && texts[1].contains("(2024-01-02-a.md)"), "{texts:?}");
    for part in ["old/_posts/sub", "old/_posts/2024-01-02-a.md"] {
        let report = digest.report(&[part], from(Generator::Jekyll));
        assert_eq!((report.updated.len(), report.imported.len()), (0, 0), "{part}");
    }
}
