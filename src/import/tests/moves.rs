//! Imports of old sites: which posts are told apart, and what a second import changes.

use chrono::DateTime;

use super::{Digest, lines, options};
use crate::import::{Generator, Options};

fn from(generator: Generator) -> Options<'static> {
    let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap_or_default();
    Options { generator: Some(generator), now, ..options() }
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

/// The texts of the article files, by the ends of their names.
fn text(digest: &Digest, end: &str) -> String {
    let file = digest.articles().into_iter().find(|file| file.ends_with(end));
    file.map_or_else(String::new, |file| digest.read(&format!("content/articles/{file}")))
}

#[test]
fn defaults_of_jekyll_are_the_front_matter_of_its_posts() {
    let digest = Digest::new(&[]);
    digest.write(
        "old/_config.yml",
        "defaults:\n  - scope: {path: _posts/secret}\n    values: {published: false}\n  \
         - scope: {path: '', type: posts}\n    values: {category: 新闻, permalink: '/n/:title/'}\n",
    );
    digest.write("old/_posts/secret/2024-01-02-a.md", "---\ntitle: 甲\n---\n文字。\n");
    digest.write("old/_posts/2024-01-03-b.md", "---\ntitle: 乙\ncategories: x\n---\n文字二。\n");
    digest.write("old/_posts/2024-01-04-c.md", "没有字段的文字。\n");
    digest.write("old/about.md", "---\ntitle: 关于\n---\n页面。\n");
    let report = jekyll(&digest, &["old"]);
    assert!(text(&digest, "-a.md").contains("draft: true"));
    let b = text(&digest, "-b.md");
    assert!(b.contains("- 新闻\n") && b.contains("- x\n") && b.contains("- n/b\n"), "{b}");
    assert!(!b.contains("draft:"), "{b}");
    assert!(text(&digest, "-c.md").contains("没有字段的文字"));
    assert!(report.iter().any(|line| line.contains("1 page of the old site passed over")), "{report:?}");
    assert_eq!(digest.articles().len(), 3);
}

#[test]
fn cascades_of_hugo_hide_posts_and_resources_are_no_posts() {
    let digest = Digest::new(&[]);
    digest.write(
        "old/hugo.toml",
        "ignoreFiles = ['\\.tmp\\.md$']\n[[cascade]]\ndraft = true\n[cascade.target]\npath = '/posts/later/**'\n",
    );
    digest.write("old/content/posts/_index.md", "---\ntitle: 文\ncascade:\n  params: {level: 3}\n---\n");
    digest.write(
        "old/content/posts/hidden/_index.md",
        "---\ncascade:\n  build: {list: never, render: never}\n---\n",
    );
    digest.write("old/content/posts/hidden/h.md", "---\ntitle: 隐\n---\n隐藏。\n");
    digest.write("old/content/posts/later/l.md", "---\ntitle: 后\n---\n以后。\n");
    digest.write("old/content/posts/open/index.md", "---\ntitle: 开\n---\n公开。\n");
    digest.write("old/content/posts/open/note.md", "---\ntitle: 注\n---\n附注。\n");
    digest.write("old/content/posts/x.tmp.md", "---\ntitle: 临\n---\n临时。\n");
    let report = lines(&digest.report(&["old/content"], from(Generator::Hugo)));
    assert_eq!(digest.articles().len(), 3, "{report:?}");
    assert!(text(&digest, "h.md").contains("draft: true"));
    assert!(text(&digest, "l.md").contains("draft: true"));
    let open = text(&digest, "open.md");
    assert!(!open.contains("draft") && open.contains("level: 3"), "{open}");
    assert!(report.iter().any(|line| line.contains("open/note.md")), "{report:?}");
    assert!(report.iter().any(|line| line.contains("x.tmp.md")), "{report:?}");
}

#[test]
fn patterns_of_hexo_leave_posts_out() {
    let digest = Digest::new(&[]);
    digest.write(
        "old/_config.yml",
        "url: https://a.example\nexclude: [_posts/a.md]\nskip_render: _posts/b/**\nignore: ['**/c']\n",
    );
    for name in ["a", "b/b", "c/c", "d"] {
        let post = format!("---\ntitle: {name}\ndate: 2024-01-02\n---\n文 {name}。\n");
        digest.write(&format!("old/source/_posts/{name}.md"), &post);
    }
    digest.write("old/source/about/index.md", "---\ntitle: 关于\n---\n页面。\n");
    let report = lines(&digest.report(&["old"], from(Generator::Hexo)));
    assert_eq!(digest.articles(), ["2024-01-02-d.md"]);
    assert!(report.iter().any(|line| line.contains("3 ignored files")), "{report:?}");
    assert!(report.iter().any(|line| line.contains("content/pages/about.md")), "{report:?}");
}

#[test]
fn notes_lose_their_comments_and_link_to_headings_and_other_names() {
    let digest = Digest::new(&[]);
    digest.write("v/.obsidian/app.json", "{}");
    digest.write(
        "v/A.md",
        "见 [[B#Part One]]，[[第二]]。%%机密一%%\n\n%%\n机密二 #secret\n%%\n\n`%%代码%%` 完。\n\n[[100%% 做完]] 的 %% 尾\n",
    );
    digest.write("v/B.md", "---\naliases: [第二]\n---\n## Part One\n\n文字。\n");
    lines(&digest.report(&["v"], from(Generator::Obsidian)));
    let a = text(&digest, "a.md");
    assert!(a.contains("](b.md#part-one)") && a.contains("[第二](b.md)"), "{a}");
    assert!(!a.contains("机密") && !a.contains("secret") && a.contains("`%%代码%%`"), "{a}");
    // A comment that begins in brackets is one.
    assert!(a.contains("[[100 尾"), "{a}");
    assert!(!text(&digest, "b.md").contains("\naliases:"));
    let again = digest.report(&["v/A.md"], from(Generator::Obsidian));
    assert_eq!((again.updated.len(), again.imported.len()), (0, 0));
}

#[test]
fn only_posts_of_an_export_are_articles() {
    let item = |kind: &str, title: &str, body: &str| {
        format!(
            "<item><title>{title}</title><link>https://a.example/{kind}-x/</link>\
             <guid isPermaLink=\"false\">no iri</guid>\
             <content:encoded><![CDATA[{body}]]></content:encoded>\
             <wp:post_type>{kind}</wp:post_type><wp:status>publish</wp:status></item>"
        )
    };
    let items = [
        item("post", "", "<h2>小标题</h2><p>文字。[gallery ids=\"1\"]</p>"),
        item("page", "关于", "<p>页面。</p>"),
        item("product", "货", "<p>货物。</p>"),
    ];
    let digest = Digest::new(&[("a.xml", &super::export(&items.concat()))]);
    let report = lines(&digest.report(&["a.xml"], from(Generator::WordPress)));
    assert_eq!(digest.articles().len(), 1, "{report:?}");
    let text = text(&digest, ".md");
    assert!(text.contains("title: 小标题") && !text.contains("# 小标题"), "{text}");
    for wanted in ["page-x.md", "product: 1", "no IRI", "gallery ids"] {
        assert!(report.iter().any(|line| line.contains(wanted)), "{wanted} {report:?}");
    }
}

#[test]
fn an_unknown_variable_of_alias_is_an_error() {
    let digest = Digest::new(&[]);
    digest.write("old/_posts/2024-01-02-a.md", "---\ntitle: 甲\n---\n文字。\n");
    let scheme = crate::import::Scheme::parse("/:nosuch/").unwrap();
    let report = digest.report(&["old"], Options { scheme: Some(&scheme), ..from(Generator::Jekyll) });
    assert!(!report.success, "{:?}", lines(&report));
}
