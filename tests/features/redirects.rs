//! `content/redirects.yaml`: old addresses of terms, lists and feeds lead to the new ones.

use proptest::prelude::*;

use crate::driver::Digest;

const FILE: &str = "content/redirects.yaml";

/// Twelve articles with the keyword 共同, one of them also with 少见, and these redirects.
fn digest(redirects: &str) -> Digest {
    Digest::with_articles(12)
        .article("rare", "title: 稀\ndate: 2024-03-01\nkeywords: [少见, C#]\naliases: [2019/rare]\n", "x")
        .file(FILE, redirects)
}

fn target(page: &str) -> String {
    let start = page.find("content=\"0; url=").unwrap() + "content=\"0; url=".len();
    page[start..].split('"').next().unwrap().to_owned()
}

#[test]
fn an_old_address_of_a_page_redirects_to_it() {
    let digest = digest(
        "tags/共同/: keywords/共同/\ntags/c%23/: keywords/c~23~/\npage/2/: archive/\nold.html: /\nx/y.htm: articles/0001/\n旧页: trends/\n",
    );
    let outcome = digest.build();
    assert!(!outcome.stderr.contains("warning"), "{}", outcome.stderr);
    for (file, wanted, title) in [
        ("tags/共同/index.html", "/keywords/%E5%85%B1%E5%90%8C/", "共同"),
        ("page/2/index.html", "/archive/", "归档 · 测试日报"),
        ("old.html", "/", "测试日报"),
        ("x/y.htm", "/articles/0001/", "第 1 篇"),
        ("旧页/index.html", "/trends/", "趋势 · 测试日报"),
    ] {
        let page = digest.page(file);
        assert_eq!(target(&page), wanted, "{file}");
        assert!(page.contains(&format!(">{title}</a>")), "{page}");
        assert!(page.contains("<meta name=\"robots\" content=\"noindex\">"), "{page}");
    }
    assert_eq!(target(&digest.page("tags/c#/index.html")), "/keywords/c~23~/");
    let sitemap = digest.page("sitemap.xml");
    assert!(!sitemap.contains("/tags/") && !sitemap.contains("old.html"), "{sitemap}");
}

#[test]
fn a_redirect_to_a_redirect_leads_to_its_end() {
    let digest = digest("a/: b/\nb/: 2019/rare/\nc/: keywords/旧名/\n")
        .file("content/terms.yaml", "keywords:\n  - name: 共同\n    aliases: [旧名]\n");
    digest.build();
    for (file, wanted) in
        [("a", "/articles/rare/"), ("b", "/articles/rare/"), ("c", "/keywords/%E5%85%B1%E5%90%8C/")]
    {
        assert_eq!(target(&digest.page(&format!("{file}/index.html"))), wanted);
    }
}

#[test]
fn an_old_feed_has_the_bytes_of_the_new_one() {
    let digest = digest(
        "index.xml: feed.xml\nfeed2.json: feed.json\nw.rss: weekly.xml\ntags/共同/index.xml: keywords/共同/feed.xml\n",
    );
    digest.build();
    for (old, new) in [
        ("index.xml", "feed.xml"),
        ("feed2.json", "feed.json"),
        ("w.rss", "weekly.xml"),
        ("tags/共同/index.xml", "keywords/共同/feed.xml"),
    ] {
        let bytes = digest.page(new);
        assert!(bytes.contains("测试日报"), "{bytes}");
        assert_eq!(digest.page(old), bytes, "{old}");
    }
}

#[test]
fn a_rare_term_has_a_feed_at_its_old_address_alone() {
    let digest = digest(
        "tags/少见/index.xml: keywords/少见/feed.xml\nj/feed.json: keywords/少见/feed.json\ntag/少见/feed/: keywords/少见/feed.xml\n",
    );
    digest.build();
    assert!(!digest.exists("public/keywords/少见/feed.xml"));
    let feed = digest.page("tags/少见/index.xml");
    let here = "https://example.org/tags/%E5%B0%91%E8%A7%81/index.xml";
    assert!(feed.contains(&format!("rel=\"self\" href=\"{here}\"")) || feed.contains(here), "{feed}");
    assert!(feed.contains("稀") && feed.matches("<entry>").count() == 1, "{feed}");
    assert!(digest.page("j/feed.json").contains("https://jsonfeed.org/version/1.1"));
    let folder = digest.page("tag/少见/feed/index.html");
    assert_eq!(target(&folder), "/tag/%E5%B0%91%E8%A7%81/feed/feed.xml");
    assert!(digest.page("tag/少见/feed/feed.xml").contains("稀"));
}

#[test]
fn an_old_folder_of_a_feed_redirects_to_it_and_names_it() {
    let digest = digest("feed/: feed.xml\nfeeds/json: feed.json\n");
    digest.build();
    for (file, kind, wanted) in [
        ("feed/index.html", "application/atom+xml", "/feed.xml"),
        ("feeds/json/index.html", "application/feed+json", "/feed.json"),
    ] {
        let page = digest.page(file);
        assert_eq!(target(&page), wanted);
        assert!(page.contains(&format!("rel=\"alternate\" type=\"{kind}\" href=\"{wanted}\"")), "{page}");
    }
}

#[test]
fn a_target_that_does_not_exist_is_a_warning_with_its_line() {
    let digest = digest("# 旧\na/: keywords/没有/\nb/: robots.txt\nc/: archive/\n");
    let outcome = digest.build();
    for wanted in [
        "warning: this digest has no page or feed at `keywords/没有/`\n --> content/redirects.yaml:2:5",
        "warning: `robots.txt` is neither a page nor a feed\n --> content/redirects.yaml:3:5",
    ] {
        assert!(outcome.stderr.contains(wanted), "{}", outcome.stderr);
    }
    assert!(!digest.exists("public/a") && !digest.exists("public/b") && digest.exists("public/c"));
}

#[test]
fn all_wrong_lines_are_reported_at_once() {
    let stderr =
        digest("a/: https://other.example/\n?p=1: archive/\nb/: ../x/\nc/: [d]\nd/: archive/\n/d: /\n")
            .build_fails();
    for place in ["1:5", "2:1", "3:5", "4:5", "6:1"] {
        assert!(stderr.contains(&format!("content/redirects.yaml:{place}\n")), "{place}: {stderr}");
    }
    let stderr = digest("a: b\n c: [\n").build_fails();
    assert!(stderr.contains("content/redirects.yaml:"), "{stderr}");
}

#[test]
fn an_old_address_of_another_file_is_an_error_with_its_line() {
    let digest = digest(
        "archive/: keywords/\nx/: y/\ny/: x/\nfeed.xml: feed.xml\n2019/rare/: /\nlogo.xml: feed.xml\n",
    )
    .file("static/logo.xml", "<x/>");
    let stderr = digest.build_fails();
    for place in ["1:1", "2:5", "3:5", "4:1", "5:1", "6:1"] {
        assert!(stderr.contains(&format!("content/redirects.yaml:{place}\n")), "{place}: {stderr}");
    }
    assert!(stderr.contains("remove this line, or move the other file"), "{stderr}");
}

#[test]
fn a_page_that_comes_by_a_new_article_takes_the_place_of_a_redirect() {
    let lines = "page/1/: archive/\n2024/02/: archive/\n2024/: archive/\nkeywords/后来/: archive/\n";
    let digest = Digest::with_articles(3).configured("paginate_by: 2").file(FILE, lines);
    digest.build();
    assert_eq!(target(&digest.page("2024/02/index.html")), "/archive/");
    let digest = (4..9).fold(digest, |digest, n| {
        digest.article(
            &format!("n{n}"),
            &format!("title: 新 {n}\ndate: 2024-02-0{n}\nkeywords: [后来]\n"),
            "x",
        )
    });
    let outcome = digest.build();
    assert!(!outcome.stderr.contains("warning"), "{}", outcome.stderr);
    for file in ["page/1", "2024/02", "2024", "keywords/后来"] {
        let page = digest.page(&format!("{file}/index.html"));
        assert!(page.contains("<main") && !page.contains("http-equiv=\"refresh\""), "{file}: {page}");
    }
}

#[test]
fn an_edit_of_an_article_rewrites_no_redirect() {
    let digest = digest("tags/共同/: keywords/共同/\nt/: keywords/\nh/: /\nm/: 2024/01/\ni.xml: feed.xml\n");
    digest.build();
    let before = digest.times();
    let old = digest.read("content/articles/0005.md");
    digest.write("content/articles/0005.md", old.replace("第 5 篇", "另一篇").replace("正文 5", "别的"));
    digest.build();
    let after = digest.times();
    for file in ["tags/共同", "t", "h", "m"] {
        let file = format!("{file}/index.html");
        assert_eq!(before[&file], after[&file], "{file}");
    }
    assert_ne!(before["i.xml"], after["i.xml"]);
    assert_eq!(digest.page("i.xml"), digest.page("feed.xml"));
}

#[test]
fn an_edit_of_a_body_reaches_the_old_feed() {
    // Longer than the excerpt, so that nothing but the body changes.
    let text =
        |end: &str| format!("---\ntitle: 长\ndate: 2024-04-01\n---\n{}{end}\n", "说来话长。".repeat(100));
    let digest = digest("i.xml: j.xml\nj.xml: feed.xml\n").file("content/articles/long.md", text("旧的结尾"));
    digest.build();
    digest.write("content/articles/long.md", text("新的结尾"));
    digest.build();
    for file in ["i.xml", "j.xml", "feed.xml"] {
        assert!(digest.page(file).contains("新的结尾"), "{file}");
    }
}

#[test]
fn an_edit_of_the_redirects_is_built() {
    let digest = digest("a/: archive/\n");
    digest.build();
    digest.write(FILE, "b/: archive/\n");
    digest.build();
    assert!(!digest.exists("public/a/index.html") && digest.exists("public/b/index.html"));
    digest.remove(FILE);
    digest.build();
    assert!(!digest.exists("public/b/index.html"));
}

#[test]
fn a_redirect_keeps_the_base_path() {
    let digest = Digest::bare()
        .file("newsprint.yaml", "title: 报\nbase_url: https://example.org/d/\n")
        .article("a", "title: 甲\n", "x");
    let digest = digest.file(FILE, "old/: archive/\n");
    digest.build();
    assert_eq!(target(&digest.page("old/index.html")), "/d/archive/");
}

#[cfg(unix)]
#[test]
fn a_file_that_is_a_link_to_nowhere_or_outside_is_an_error() {
    for target in ["elsewhere.yaml", "/etc/hostname"] {
        let digest = Digest::with_articles(1).file("old/a.md", "---\ntitle: 甲\ntags: [乙]\n---\n");
        std::os::unix::fs::symlink(target, digest.path(FILE)).unwrap();
        let stderr = digest.build_fails();
        assert!(stderr.contains(&format!("--> {FILE}")), "{stderr}");
        let outcome = digest.run(&["import", "--from", "hugo", "old"]);
        assert!(outcome.code == 1 && outcome.stderr.contains(&format!("--> {FILE}")), "{}", outcome.stderr);
        assert!(!digest.exists("content/elsewhere.yaml"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn random_redirects_end_a_build_orderly(
        lines in prop::collection::vec(
            (r"[a-c/]{1,4}|index\.xml|[?*大#%:'\x22 -]{1,3}", r"[a-c/]{1,4}|feed\.xml|archive/|keywords/少见/feed\.(xml|json)|[?*&#%:'\x22\[{ -]{1,3}"),
            0..8,
        ),
    ) {
        let text: String = lines.iter().map(|(old, target)| format!("{old}: {target}\n")).collect();
        let outcome = digest(&text).run(&["build"]);
        prop_assert!(matches!(outcome.code, 0 | 1), "{text}\n{}", outcome.stderr);
        prop_assert!(!outcome.stderr.contains("panicked"), "{text}\n{}", outcome.stderr);
        let in_file = outcome.stderr.contains(FILE);
        prop_assert!(outcome.success || in_file, "{text}\n{}", outcome.stderr);
    }
}

#[test]
fn a_long_chain_of_redirects_is_an_error() {
    let chain: String = (0..200).map(|n| format!("old/{n}/: old/{}/\n", n + 1)).collect();
    let digest = Digest::with_articles(1).file("content/redirects.yaml", chain + "old/200/: archive/\n");
    let errors = digest.build_fails();
    assert!(errors.contains("leads through more than 20 other lines"), "{errors}");
    assert!(!errors.contains("old/195/"), "{errors}");
}
