//! Old addresses of terms, lists and feeds lead to the digest after a move.

use proptest::prelude::*;

use super::report;
use crate::driver::Digest;

const FILE: &str = "content/redirects.yaml";

/// A digest beside a site of Hugo with three posts, one of them a draft.
fn moved() -> Digest {
    let post = |n: u32, more: &str| {
        format!("---\ntitle: 第 {n} 篇\ndate: 2024-05-0{n}\ncategories: [技术]\n{more}---\n正文 {n}\n")
    };
    Digest::new()
        .file("old/hugo.toml", "baseURL = 'https://old.example/'\npagination = {pagerSize = 1}\n")
        .file("old/content/posts/a.md", post(1, "tags: [大模型, Open Source, .NET]\n"))
        .file("old/content/posts/b.md", post(2, "tags: [大模型]\nseries: [系列]\n"))
        .file("old/content/posts/c.md", post(3, "tags: [秘密]\ndraft: true\n"))
}

const HUGO: [&str; 3] = ["--from", "hugo", "old/content/posts"];

fn lines(digest: &Digest) -> Vec<String> {
    let text = digest.read(FILE).replace('"', "");
    text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

#[test]
fn an_import_adds_the_old_addresses_of_lists() {
    let digest = moved();
    let found = report(&digest, &HUGO);
    let lines = lines(&digest);
    assert_eq!(found["redirects"]["added"], lines.len(), "{found:#}");
    for line in [
        "index.xml: feed.xml",
        "page/2/: archive/",
        "posts/: archive/",
        "tags/: keywords/",
        "tags/大模型/: keywords/大模型/",
        "tags/大模型/page/2/: keywords/大模型/",
        "tags/大模型/index.xml: keywords/大模型/feed.xml",
        "tags/open-source/: keywords/open_source/",
        "categories/技术/: keywords/技术/",
    ] {
        assert!(lines.contains(&line.to_owned()), "{line}: {lines:#?}");
    }
    assert!(!lines.concat().contains("秘密"), "{lines:#?}");
    let outcome = digest.build();
    assert!(!outcome.stderr.contains("warning"), "{}", outcome.stderr);
    assert!(digest.page("tags/大模型/index.html").contains("url=/keywords/%E5%A4%A7%E6%A8%A1%E5%9E%8B/"));
    assert_eq!(digest.page("index.xml"), digest.page("feed.xml"));
    assert!(digest.page("tags/大模型/index.xml").contains("第 2 篇"));
}

#[test]
fn addresses_that_no_file_can_serve_are_named() {
    let digest = moved();
    let found = report(&digest, &HUGO);
    let told = found["redirects"]["unserved"].to_string();
    assert!(told.contains("/tags/.net/") && told.contains("no host can serve"), "{told}");
    let digest = moved();
    let text = digest.run(&["import", "--from", "hugo", "old/content/posts"]).stdout;
    assert!(
        text.contains("redirects of old terms, lists and feeds added to content/redirects.yaml"),
        "{text}"
    );
    assert!(text.contains("not carried over: /tags/.net/"), "{text}");
}

#[test]
fn a_second_import_adds_nothing_and_keeps_the_lines_of_a_person() {
    let own = "# 我的\n/tags/大模型: archive/   # 改了\n";
    let digest = moved().file(FILE, own);
    let added = report(&digest, &HUGO)["redirects"]["added"].as_u64().unwrap();
    let text = digest.read(FILE);
    assert!(added > 0 && text.starts_with(own) && !text.contains("tags/大模型/:"), "{text}");
    assert_eq!(report(&digest, &HUGO)["redirects"]["added"], 0);
    assert_eq!(digest.read(FILE), text);
    digest.build();
    assert!(digest.page("tags/大模型/index.html").contains("url=/archive/"));
}

#[test]
fn a_dry_run_counts_and_writes_nothing() {
    let digest = moved();
    let dry = report(&digest, &[&HUGO[..], &["--dry-run"]].concat());
    assert!(!digest.exists(FILE));
    assert_eq!(dry["redirects"], report(&digest, &HUGO)["redirects"]);
}

#[test]
fn an_address_that_stays_has_no_line() {
    let digest = moved().configured("taxonomies:\n  - name: keywords\n    path: tags\n");
    report(&digest, &HUGO);
    let lines = lines(&digest);
    assert!(!lines.iter().any(|line| line.starts_with("tags/大模型/:")), "{lines:#?}");
    assert!(lines.contains(&"tags/open-source/: tags/open_source/".to_owned()), "{lines:#?}");
    digest.build();
    assert_eq!(report(&digest, &HUGO)["redirects"]["added"], 0);
}

#[test]
fn a_taxonomy_that_the_digest_has_is_carried_over() {
    let config = "baseURL = 'https://old.example/'\n[taxonomies]\nseries = 'series'\n";
    let digest = moved().file("old/hugo.toml", config);
    let told = report(&digest, &HUGO)["redirects"]["unserved"].to_string();
    assert!(told.contains("/series/系列/") && told.contains("no taxonomy for these terms"), "{told}");
    let taxonomies = "taxonomies:\n  - name: keywords\n  - name: series\n    path: xi-lie\n";
    let digest = moved().file("old/hugo.toml", config).configured(taxonomies);
    report(&digest, &HUGO);
    assert!(lines(&digest).contains(&"series/系列/: xi-lie/系列/".to_owned()), "{:?}", lines(&digest));
}

#[test]
fn a_file_with_errors_stays_as_it_is() {
    for text in ["a/: [\n", "{a/: archive/}\n", "a/: https://other.example/\n"] {
        let digest = moved().file(FILE, text);
        let outcome = digest.run(&["import", "--from", "hugo", "old/content/posts"]);
        assert_eq!(outcome.code, 1, "{}", outcome.stderr);
        assert!(outcome.stderr.contains(&format!("--> {FILE}")), "{}", outcome.stderr);
        assert_eq!(digest.read(FILE), text);
    }
}

#[test]
fn records_of_a_pipeline_add_no_redirects() {
    let digest = Digest::new().file("in.txt", "标题: 甲\n关键词: 大模型\n正文: 一\n");
    assert_eq!(report(&digest, &["in.txt"])["redirects"]["added"], 0);
    assert!(!digest.exists(FILE));
}

#[test]
fn lists_of_hexo_and_jekyll_lead_to_the_digest() {
    let post =
        "---\ntitle: 甲\ndate: 2024-05-06 12:00:00\ntags: [C++]\ncategories: [技术, 前端]\n---\n正文\n";
    for (generator, config, file, wanted) in [
        (
            "hexo",
            "tag_map: {C++: cpp}\n",
            "source/_posts/a.md",
            [
                "tags/cpp/: keywords/c++/",
                "archives/2024/05/: 2024/05/",
                "categories/技术/前端/: keywords/前端/",
            ],
        ),
        (
            "jekyll",
            "feed: {path: atom.xml}\njekyll-archives: {enabled: all}\n",
            "_posts/2024-05-06-a.md",
            ["tag/c/: keywords/c++/", "category/技术/: keywords/技术/", "atom.xml: feed.xml"],
        ),
    ] {
        let digest = Digest::new().file("old/_config.yml", config).file(&format!("old/{file}"), post);
        let folder = format!("old/{}", file.rsplit_once('/').unwrap().0);
        report(&digest, &["--from", generator, &folder]);
        let lines = lines(&digest);
        for line in wanted {
            assert!(lines.contains(&line.to_owned()), "{line}: {lines:#?}");
        }
        digest.build();
        assert!(digest.exists("public/2024/05/06/index.html") || generator == "hexo");
    }
}

#[test]
fn lists_of_wordpress_lead_to_the_digest() {
    let item = "<item><title>甲</title><link>https://old.example/2024/05/jia/</link><wp:post_date>2024-05-06 12:00:00</wp:post_date><wp:post_type>post</wp:post_type><wp:status>publish</wp:status><category domain=\"post_tag\" nicename=\"llm\">大模型</category><content:encoded>正文</content:encoded></item>";
    let export = format!(
        "<rss version=\"2.0\" xmlns:wp=\"http://wordpress.org/export/1.2/\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><title>站</title><link>https://old.example</link><wp:author><wp:author_login>wang</wp:author_login></wp:author>{item}</channel></rss>"
    );
    let digest = Digest::new().file("old/wp.xml", export);
    let found = report(&digest, &["--from", "wordpress", "old/wp.xml"]);
    let lines = lines(&digest);
    for line in [
        "author/wang/: /",
        "feed/: feed.xml",
        "tag/llm/: keywords/大模型/",
        "tag/llm/feed/: keywords/大模型/feed.xml",
    ] {
        assert!(lines.contains(&line.to_owned()), "{line}: {lines:#?}");
    }
    let told = found["redirects"]["unserved"].to_string();
    assert!(told.contains("?p=") && told.contains("/feed/"), "{told}");
    digest.build();
    assert!(digest.page("feed/index.html").contains("application/atom+xml"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    #[test]
    fn any_terms_are_carried_over_once(
        tags in prop::collection::vec(r"[a-cA-C大模.#+ /:%?'_、-]{1,6}", 1..6),
        hexo in any::<bool>(),
    ) {
        let list: Vec<String> = tags.iter().map(|tag| format!("\"{tag}\"")).collect();
        let post = format!("---\ntitle: 甲\ndate: 2024-05-06\ntags: [{}]\n---\n正文\n", list.join(", "));
        let (generator, config) = if hexo { ("hexo", "old/_config.yml") } else { ("hugo", "old/hugo.yaml") };
        let digest = Digest::new().file(config, "title: t\n").file("old/posts/a.md", post);
        let arguments = ["--from", generator, "old/posts"];
        report(&digest, &arguments);
        let text = digest.read(FILE);
        prop_assert_eq!(report(&digest, &arguments)["redirects"]["added"].as_u64(), Some(0));
        prop_assert_eq!(digest.read(FILE), text);
        let outcome = digest.run(&["build"]);
        prop_assert!(outcome.success && !outcome.stderr.contains(FILE), "{}", outcome.stderr);
    }
}

/// On many disks, `tags/AI` and `tags/ai` are one folder.
#[test]
fn an_address_that_differs_from_one_of_the_digest_by_case_alone_is_named() {
    let digest = Digest::new()
        .configured("taxonomies: [{name: keywords, path: tags}]")
        .file("old/_config.yml", "title: 旧站\n")
        .file("old/source/_posts/a.md", "---\ntitle: 甲\ndate: 2024-05-06\ntags: [AI, 芯片]\n---\n正文\n");
    let found = report(&digest, &["--from", "hexo", "old/source/_posts"]);
    let told = found["redirects"]["unserved"].to_string();
    assert!(told.contains("/tags/AI/") && told.contains("letter case alone"), "{told}");
    assert!(!told.contains("芯片"), "{told}");
    // `init --from` gives keywords a folder of their own, so that the address redirects.
    let outcome = digest.run(&["init", "new", "--from", "hexo", "old"]);
    assert!(outcome.success, "{}", outcome.stderr);
    assert!(!digest.read("new/newsprint.yaml").contains("path: tags"));
}
