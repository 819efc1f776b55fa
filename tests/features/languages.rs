//! Several languages: a site for each, the links between them, and conversion to Traditional
//! characters.

use std::collections::{BTreeMap, BTreeSet};

use crate::driver::{Digest, attributes};

const TWO: &str = "languages: [zh-CN, {en: {title: The Daily}}]";

/// A digest with articles that are translated, and articles that are not.
fn digest(settings: &str) -> Digest {
    Digest::new()
        .configured(settings)
        .article("a", "title: 甲\ndate: 2024-01-01\nkeywords: [开源, OpenAI]\n", "见[乙](b.md)。")
        .article(
            "a.en",
            "title: First\ndate: 2024-01-01\nkeywords: [open source, OpenAI]\n",
            "See [c](c.md).",
        )
        .article("b", "title: 乙\ndate: 2024-01-02\nkeywords: [开源]\n", "独一无二")
        .article("b.en", "title: Second\ndate: 2024-01-02\nslug: second\nkeywords: [Open Source]\n", "Unique")
        .article("c", "title: 丙\ndate: 2024-01-03\nkeywords: [大模型]\n", "尚未翻译")
        .file("content/terms.yaml", "keywords:\n- name: 开源\n  names: {en: Open source}\n")
        .file("content/pages/about.md", "---\ntitle: 关于\n---\n\n我们。\n")
        .file("content/pages/about.en.md", "---\ntitle: About\n---\n\nWe.\n")
}

/// The `hreflang` links of a page: tag and URL.
fn hreflang(page: &str) -> BTreeMap<String, String> {
    let links = page.lines().filter(|line| line.starts_with("<link rel=\"alternate\" hreflang="));
    links.map(|line| (attributes(line, "hreflang").remove(0), attributes(line, "href").remove(0))).collect()
}

/// The links of the language switch: tag and path.
fn switch(page: &str) -> BTreeMap<String, String> {
    let links = page.lines().flat_map(|line| line.split("<li class=\"tongue\">").skip(1));
    links.map(|link| (attributes(link, "hreflang").remove(0), attributes(link, "href").remove(0))).collect()
}

/// The search of the site in a folder, as a browser would fetch its files.
struct InFolder<'d>(&'d Digest, &'d str);

impl newsprint::SearchFiles for InFolder<'_> {
    fn file(&self, name: &str) -> Option<Vec<u8>> {
        std::fs::read(self.0.path(self.1).join("search").join(name)).ok()
    }

    fn body(&self, _: u32) -> Option<String> {
        let page = std::fs::read_to_string(self.0.path(self.1).join("articles/a/index.html")).ok()?;
        Some(page.split_once("<div class=\"text\"")?.1.split_once("</div>")?.0.to_owned())
    }
}

/// The file of a URL or path of the site.
fn file_of(url: &str) -> String {
    let path = url.strip_prefix("https://example.org").unwrap_or(url).trim_start_matches('/');
    let path = percent_encoding::percent_decode_str(path).decode_utf8().unwrap().into_owned();
    if path.is_empty() || path.ends_with('/') { path + "index.html" } else { path }
}

#[test]
fn each_language_has_a_site_of_its_own_and_the_first_has_no_prefix() {
    let digest = digest(TWO);
    digest.build();
    for path in [
        "index.html",
        "feed.xml",
        "search/index.html",
        "api/articles.json",
        "sitemap.xml",
        "archive/index.html",
    ] {
        assert!(digest.exists(&format!("public/{path}")), "{path}");
        assert!(digest.exists(&format!("public/en/{path}")), "en/{path}");
    }
    let (chinese, english) = (digest.page("index.html"), digest.page("en/index.html"));
    assert!(chinese.contains("<html lang=\"zh-CN\">") && !chinese.contains("First"), "{chinese}");
    assert!(english.contains("<html lang=\"en\">") && english.contains("The Daily"), "{english}");
    assert!(english.contains("First") && !english.contains('甲'), "{english}");
    assert!(digest.page("en/about/index.html").contains("We."));
    assert!(digest.page("robots.txt").contains("Sitemap: https://example.org/en/sitemap.xml"));
}

#[test]
fn files_of_the_theme_and_of_static_are_there_once() {
    let digest = digest(TWO).file("static/logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    digest.build();
    assert!(digest.exists("public/logo.svg") && !digest.exists("public/en/logo.svg"));
    assert!(digest.exists("public/newsprint.css") && !digest.exists("public/en/newsprint.css"));
    let page = digest.page("en/search/index.html");
    for script in attributes(&page, "src").into_iter().filter(|src| src.ends_with(".js")) {
        assert!(digest.exists(&format!("public{script}")), "{script}");
    }
}

#[test]
fn an_article_is_paired_by_its_file_and_keeps_its_own_address() {
    let digest = digest(TWO);
    digest.build();
    let page = digest.page("articles/b/index.html");
    let wanted = [
        ("en", "https://example.org/en/articles/second/"),
        ("x-default", "https://example.org/articles/b/"),
        ("zh-CN", "https://example.org/articles/b/"),
    ];
    let wanted = wanted.map(|(tag, url)| (tag.to_owned(), url.to_owned()));
    assert_eq!(hreflang(&page), BTreeMap::from(wanted.clone()));
    assert_eq!(hreflang(&digest.page("en/articles/second/index.html")), BTreeMap::from(wanted));
    assert_eq!(switch(&page)["en"], "/en/articles/second/");
}

#[test]
fn the_switch_leads_to_the_same_page_or_to_the_nearest_one() {
    let digest = digest(TWO);
    digest.build();
    for (page, target) in [
        ("index.html", "/en/"),
        ("about/index.html", "/en/about/"),
        ("keywords/index.html", "/en/keywords/"),
        ("keywords/开源/index.html", "/en/keywords/%E5%BC%80%E6%BA%90/"),
        ("keywords/大模型/index.html", "/en/keywords/"),
        ("articles/c/index.html", "/en/"),
        ("2024/01/03/index.html", "/en/archive/"),
        ("search/index.html", "/en/search/"),
    ] {
        assert_eq!(switch(&digest.page(page))["en"], target, "{page}");
    }
    assert_eq!(hreflang(&digest.page("articles/c/index.html")), BTreeMap::new());
}

#[test]
fn a_term_has_one_identity_and_a_name_in_each_language() {
    let digest = digest(TWO);
    digest.build();
    let (chinese, english) =
        (digest.main("keywords/开源/index.html"), digest.main("en/keywords/开源/index.html"));
    assert!(chinese.contains("<h1") && chinese.contains("开源") && !chinese.contains("Open source"));
    assert!(english.contains("Open source") && english.contains("First") && english.contains("Second"));
    assert!(!digest.exists("public/en/keywords/大模型/index.html"));
    // The name in another language is no spelling of its own.
    assert!(!digest.exists("public/en/keywords/open_source/index.html"));
}

#[test]
fn a_link_to_the_file_of_another_language_leads_there() {
    let digest = digest(TWO).article("d.en", "title: D\ndate: 2024-01-04\n", "[c](c.md) [a](a.en.md#x)");
    digest.build();
    let page = digest.main("en/articles/d/index.html");
    assert!(page.contains("href=\"/articles/c/\"") && page.contains("href=\"/en/articles/a/#"), "{page}");
}

#[test]
fn a_folder_of_a_language_has_translations_too() {
    let digest = Digest::new()
        .configured(TWO)
        .article("2024/a", "title: 甲\ndate: 2024-01-01\n", "x")
        .file("content/articles/en/2024/a.md", "---\ntitle: First\ndate: 2024-01-01\n---\n\nx\n")
        .file("content/articles/b/index.md", "---\ntitle: 乙\ndate: 2024-01-01\n---\n\nx\n")
        .file("content/articles/b/index.en.md", "---\ntitle: Second\ndate: 2024-01-01\n---\n\nx\n");
    digest.build();
    for name in ["a", "b"] {
        let page = digest.page(&format!("articles/{name}/index.html"));
        assert_eq!(hreflang(&page)["en"], format!("https://example.org/en/articles/{name}/"));
    }
}

/// 200 articles, every fifth two of which are not translated.
fn large(settings: &str) -> Digest {
    let mut digest = Digest::new().configured(settings);
    for n in 0..200 {
        let day = n % 28 + 1;
        let front = format!(
            "date: 2024-{:02}-{day:02}\nkeywords: [词{}]\nindustries: [行业{}]\n",
            n / 28 + 1,
            n % 9,
            n % 4
        );
        digest.write(
            &format!("content/articles/n{n}.md"),
            format!("---\ntitle: 第 {n} 篇\n{front}---\n\n中文正文{n}\n"),
        );
        if n % 5 < 3 {
            let text = format!("---\ntitle: Number {n}\n{front}---\n\nEnglish text {n}\n");
            digest.write(&format!("content/articles/n{n}.en.md"), text);
        }
    }
    digest = digest.file("content/terms.yaml", "keywords:\n- name: 词0\n  names: {en: Word}\n");
    digest
}

#[test]
fn all_links_between_languages_are_reciprocal_and_lead_to_pages() {
    let digest = large(TWO);
    digest.build();
    let site = digest.site();
    let mut pairs: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let mut articles = 0;
    for (path, bytes) in site.iter().filter(|(path, _)| path.ends_with(".html")) {
        let page = String::from_utf8_lossy(bytes);
        for target in switch(&page).values() {
            assert!(site.contains_key(&file_of(target)), "{path} → {target}");
        }
        let found = hreflang(&page);
        articles += usize::from(path.starts_with("articles/") && !found.is_empty());
        pairs.insert(path.clone(), found);
    }
    assert_eq!(articles, 120);
    for (path, found) in &pairs {
        for (tag, url) in found {
            let target = file_of(url);
            assert!(site.contains_key(&target), "{path} → {url}");
            assert_eq!(&pairs[&target], found, "{path} and {target}");
            let lang = format!("<html lang=\"{tag}\">");
            assert!(
                tag == "x-default" || String::from_utf8_lossy(&site[&target]).contains(&lang),
                "{target}"
            );
        }
    }
    for map in ["sitemap.xml", "en/sitemap.xml"] {
        let map = digest.page(map);
        let entry = map.lines().find(|line| line.contains("<loc>") && line.contains("articles/n0/")).unwrap();
        for (tag, url) in &pairs["articles/n0/index.html"] {
            assert!(entry.contains(&format!("hreflang=\"{tag}\" href=\"{url}\"")), "{entry}");
        }
    }
    assert_eq!(digest.run(&["check"]).code, 0);
}

#[test]
fn search_feeds_and_data_of_a_language_have_its_articles_alone() {
    let digest = large(TWO);
    digest.build();
    let site = digest.site();
    let texts = site.iter().filter(|(path, _)| path.starts_with("en/"));
    for (path, bytes) in texts.filter(|(path, _)| !path.ends_with(".html") && !path.ends_with(".bin")) {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains("中文正文") && !text.contains("篇\""), "{path}");
    }
    let found = site.iter().filter(|(path, _)| path.starts_with("en/search/a") && path.ends_with(".json"));
    let found = found.map(|(_, bytes)| serde_json::from_slice::<serde_json::Value>(bytes).unwrap());
    assert_eq!(found.map(|file| file["articles"].as_array().unwrap().len()).sum::<usize>(), 120);
}

#[test]
fn a_new_translation_changes_its_pair_and_lists_in_its_language() {
    let digest = large(TWO);
    digest.build();
    let before = digest.site();
    digest.write(
        "content/articles/n3.en.md",
        "---\ntitle: Number 3\ndate: 2024-01-04\nkeywords: [词3]\nindustries: [行业3]\n---\n\nEnglish\n",
    );
    digest.build();
    let after = digest.site();
    let changed = after.iter().filter(|(path, bytes)| before.get(*path) != Some(bytes));
    let changed: BTreeSet<&str> = changed.map(|(path, _)| path.as_str()).collect();
    let others: BTreeSet<&str> = changed.iter().copied().filter(|path| !path.starts_with("en/")).collect();
    // The day had no article in English, so that its page is in one language no more.
    assert_eq!(others, BTreeSet::from(["2024/01/04/index.html", "articles/n3/index.html", "sitemap.xml"]));
    assert_eq!(digest.run(&["build", "--verify"]).code, 0);
}

#[test]
fn lists_show_untranslated_articles_with_a_mark_if_a_digest_says_so() {
    let digest = digest("languages: [zh-CN, {en: {untranslated: mark}}]");
    digest.build();
    let home = digest.main("en/index.html");
    assert!(home.contains("href=\"/articles/c/\"") && home.contains("丙"), "{home}");
    assert_eq!(home.matches("<span class=\"tongue\">简体中文</span>").count(), 1, "{home}");
    assert!(!digest.exists("public/en/articles/c/index.html"));
    assert!(!home.contains('甲'), "{home}");
    assert_eq!(digest.run(&["check"]).code, 0);
}

#[test]
fn texts_are_converted_to_traditional_characters_and_addresses_stay() {
    let digest = Digest::new()
        .configured("taxonomies: [{name: keywords, title: 标签}]\nauthor: 编辑发布\nlanguages:\n- zh-CN\n- zh-TW:\n    convert: true\n    exceptions: {范冰: 范冰}\n")
        .article("a", "title: 头发的发展\ndate: 2024-01-01\nevent: 里面\nkeywords: [开源, 医疗]\n", "范冰说：干细胞。`里面` [乙](b.md)")
        .article("b", "title: 乙\ndate: 2024-01-02\nkeywords: [开源]\n", "x")
        .file("content/terms.yaml", "keywords:\n- name: 医疗\n  names: {zh-TW: 醫療照護}\n");
    digest.build();
    let page = digest.page("zh-tw/articles/a/index.html");
    for text in [
        "頭髮的發展",
        "裡面",
        "范冰說",
        "幹細胞",
        "<code>里面</code>",
        "開源",
        "醫療照護",
        "編輯發佈",
        "標籤",
    ] {
        assert!(page.contains(text), "{text} in {page}");
    }
    assert!(page.contains("<html lang=\"zh-TW\">") && page.contains("href=\"/zh-tw/articles/b/\""), "{page}");
    assert!(digest.exists("public/zh-tw/keywords/开源/index.html"));
    assert!(digest.page("articles/a/index.html").contains("头发的发展"));
    assert_eq!(hreflang(&page)["zh-CN"], "https://example.org/articles/a/");
    assert_eq!(digest.run(&["build", "--verify"]).code, 0);
    assert_eq!(digest.run(&["check"]).code, 0);
}

#[test]
fn hong_kong_has_its_own_forms() {
    let digest = Digest::new().configured("languages: [zh-CN, {zh-HK: convert}]").article(
        "a",
        "title: 里面\ndate: 2024-01-01\n",
        "x",
    );
    digest.build();
    let page = digest.page("zh-hk/articles/a/index.html");
    assert!(page.contains("裏面") && page.contains("<html lang=\"zh-HK\">"), "{page}");
}

#[test]
fn a_file_in_a_converted_language_is_an_error() {
    let digest = Digest::new()
        .configured("languages: [zh-CN, {zh-TW: convert}]")
        .article("a", "title: 甲\ndate: 2024-01-01\n", "x")
        .article("a.zh-TW", "title: 甲\ndate: 2024-01-01\n", "x");
    let error = digest.build_fails();
    assert!(error.contains("content/articles/a.zh-TW.md") && error.contains("converted"), "{error}");
}

#[test]
fn old_addresses_begin_at_the_root_of_the_site() {
    let digest = Digest::new()
        .configured(TWO)
        .article("a.en", "title: A\ndate: 2024-01-01\naliases: [en/old/a, posts/a]\n", "x")
        .file("content/redirects.yaml", "alt/: en/articles/a/\n");
    digest.build();
    for path in ["en/old/a", "posts/a", "alt"] {
        assert!(digest.page(&format!("{path}/index.html")).contains("url=/en/articles/a/"), "{path}");
    }
}

#[test]
fn pictures_beside_an_article_are_shown_in_each_language() {
    let picture = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>";
    let digest = Digest::new()
        .configured(TWO)
        .file("content/articles/a/index.md", "---\ntitle: 甲\ndate: 2024-01-01\n---\n\n![图](p.svg)\n")
        .file(
            "content/articles/a/index.en.md",
            "---\ntitle: A\ndate: 2024-01-01\nimage: p.svg\n---\n\n![p](p.svg)\n",
        )
        .file("content/articles/a/p.svg", picture);
    digest.build();
    assert!(digest.exists("public/articles/a/p.svg") && digest.exists("public/en/articles/a/p.svg"));
    assert!(digest.page("en/articles/a/index.html").contains("https://example.org/en/articles/a/p.svg"));
    assert_eq!(digest.run(&["check"]).code, 0);
}

#[test]
fn a_digest_of_one_language_has_no_links_between_languages() {
    let digest = Digest::new().article("a", "title: 甲\ndate: 2024-01-01\n", "x");
    digest.build();
    let page = digest.page("articles/a/index.html");
    assert!(!page.contains("hreflang") && !page.contains("tongue"), "{page}");
    assert!(!digest.page("sitemap.xml").contains("xhtml"));
}

#[test]
fn a_menu_has_paths_from_the_root_of_the_site() {
    let digest = digest(
        "menu: [{name: 关于, url: /about/}, {name: 文件, url: /file.txt}]\nlanguages:\n- zh-CN\n- en:\n    menu: [{name: About, url: /en/about/}, {name: File, url: /file.txt}]\n- zh-TW: convert",
    )
    .file("static/file.txt", "x");
    digest.build();
    for (page, about) in
        [("index.html", "/about/"), ("en/index.html", "/en/about/"), ("zh-tw/index.html", "/zh-tw/about/")]
    {
        let page = digest.page(page);
        assert!(
            page.contains(&format!("<a href=\"{about}\"")) && page.contains("<a href=\"/file.txt\""),
            "{page}"
        );
    }
    assert!(digest.page("zh-tw/index.html").contains(">關於</a>"));
}

#[test]
fn digests_in_further_languages_are_named_on_all_home_pages() {
    let digest = digest("translations: {ja: https://example.org/ja/}\nlanguages: [zh-CN, en]");
    digest.build();
    for page in ["index.html", "en/index.html"] {
        let found = hreflang(&digest.page(page));
        assert_eq!(found.keys().collect::<Vec<_>>(), ["en", "ja", "x-default", "zh-CN"], "{page}");
    }
    assert!(!hreflang(&digest.page("about/index.html")).contains_key("ja"));
    let twice = digest.copy();
    twice.write(
        "newsprint.yaml",
        "base_url: https://example.org/\nlanguages: [zh-CN, en]\ntranslations: {en: https://example.org/x/}\n",
    );
    assert!(twice.build_fails().contains("one of `languages`"));
}

#[test]
fn pages_that_search_engines_do_not_index_are_in_no_hreflang() {
    // A term page with one article is not indexed.
    let digest = Digest::new()
        .configured(TWO)
        .article("a", "title: 甲\ndate: 2024-01-01\nkeywords: [K]\n", "x")
        .article("b", "title: 乙\ndate: 2024-01-02\nkeywords: [K]\n", "x")
        .article("a.en", "title: A\ndate: 2024-01-01\nkeywords: [K]\n", "x");
    digest.build();
    assert!(digest.page("en/keywords/k/index.html").contains("noindex"));
    let page = digest.page("keywords/k/index.html");
    assert_eq!((hreflang(&page).len(), switch(&page)["en"].as_str()), (0, "/en/keywords/k/"));
}

#[test]
fn the_numbered_pages_of_a_term_lead_to_the_term() {
    let mut digest = Digest::new().configured("paginate_by: 1\nlanguages: [zh-CN, en]");
    for n in 1..4 {
        let front = format!("date: 2024-01-0{n}\nkeywords: [Homepage]\n");
        digest = digest.article(&format!("a{n}"), &format!("title: 甲{n}\n{front}"), "x").article(
            &format!("a{n}.en"),
            &format!("title: A{n}\n{front}"),
            "x",
        );
    }
    digest.build();
    let page = digest.page("keywords/homepage/page/1/index.html");
    assert_eq!(switch(&page)["en"], "/en/keywords/homepage/");
}

#[test]
fn pictures_of_a_translation_that_is_not_shown_are_not_published() {
    let picture =
        |size: u32| format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{size}\" height=\"9\"/>");
    let digest = Digest::new()
        .configured(TWO)
        .article("a", "title: 甲\ndate: 2024-01-01\n", "![图](a/p.svg) [下载](a/q.svg)")
        .article("en/a", "title: A\ndate: 2024-01-01\n", "![p](a/p.svg)")
        .article("en/b", "title: B\npublish: 2099-01-01\n", "![p](b/secret.svg)")
        .article("b", "title: 乙\ndate: 2024-01-01\n", "x")
        .file("content/articles/a/p.svg", picture(1))
        .file("content/articles/a/q.svg", picture(2))
        .file("content/articles/en/a/p.svg", picture(3))
        .file("content/articles/en/b/secret.svg", picture(4));
    digest.build();
    assert!(digest.page("articles/a/p.svg").contains("width=\"1\""));
    assert!(digest.page("en/articles/a/p.svg").contains("width=\"3\""));
    assert!(digest.exists("public/en/articles/a/q.svg"));
    assert!(!digest.site().keys().any(|path| path.contains("secret")));
}

#[test]
fn pictures_of_a_first_language_draft_are_not_published_with_its_translation() {
    let picture = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>";
    let digest = Digest::new()
        .configured(TWO)
        .article("a/index", "title: 甲\ndate: 2024-01-01\ndraft: true\n", "![图](p.svg) ![密](secret.svg)")
        .article("a/index.en", "title: A\ndate: 2024-01-01\n", "![p](p.svg)")
        .file("content/articles/a/p.svg", picture)
        .file("content/articles/a/secret.svg", picture);
    digest.build();
    assert!(digest.exists("public/en/articles/a/p.svg"));
    assert!(!digest.site().keys().any(|path| path.contains("secret")));
}

#[test]
fn an_old_address_at_that_of_a_later_article_in_another_language_is_an_error() {
    let digest = Digest::new()
        .configured(TWO)
        .article("a", "title: 甲\ndate: 2024-01-01\naliases: [en/articles/s]\n", "x")
        .article("s.en", "title: S\npublish: 2099-01-01\n", "x");
    assert!(digest.build_fails().contains("will be the address of content/articles/s.en.md"));
}

#[test]
fn an_article_in_one_language_has_one_file() {
    for other in ["a.zh-CN", "zh-cn/a"] {
        let digest = Digest::new()
            .configured(TWO)
            .article("a", "title: 甲\ndate: 2024-01-01\n", "x")
            .article(other, "title: 甲\ndate: 2024-01-01\nslug: b\n", "x");
        let error = digest.build_fails();
        assert!(error.contains("the same article in zh-CN") && error.contains("1 error"), "{error}");
    }
}

#[test]
fn a_file_with_the_tag_of_an_undeclared_language_is_told() {
    for (settings, name) in [(TWO, "a.fr"), (TWO, "a.zh-TW"), ("language: zh-CN", "a.en")] {
        let digest = Digest::new()
            .configured(settings)
            .article("a", "title: 甲\ndate: 2024-01-01\n", "x")
            .article(name, "title: A\ndate: 2024-01-01\n", "x");
        let warned = digest.build().stderr;
        assert!(warned.contains("in the name of this file is not one of `languages:`"), "{name}: {warned}");
        let help = if name == "a.fr" { "a site can be in zh-CN, zh-TW, zh-HK and en" } else { "add it to" };
        assert!(warned.contains(help), "{name}: {warned}");
    }
}

#[test]
fn a_folder_with_the_name_of_an_undeclared_language_is_told_once() {
    for (settings, original) in [(TWO, "x"), ("language: zh-CN", "a")] {
        let digest = Digest::new()
            .configured(settings)
            .article(original, "title: 甲\ndate: 2024-01-01\n", "x")
            .article("zh-tw/a", "title: 乙\ndate: 2024-01-01\nslug: c\n", "x")
            .article("zh-tw/b", "title: 丙\ndate: 2024-01-01\n", "x");
        let warned = digest.build().stderr;
        let message = "`content/articles/zh-tw/` has the name of a language that is not one of";
        assert_eq!(warned.matches(message).count(), 1, "{warned}");
        assert!(warned.contains("--> content/articles/zh-tw/a.md"), "{warned}");
    }
    for (settings, file) in [(TWO, "zh-tw/index"), ("language: zh-CN", "en/a")] {
        let digest = Digest::new().configured(settings).article(file, "title: 甲\ndate: 2024-01-01\n", "x");
        assert!(!digest.build().stderr.contains("name of a language"), "{file}");
    }
}

#[test]
fn redirects_lead_through_other_lines_into_another_language() {
    let digest = digest(TWO).file("content/redirects.yaml", "o1/: o2/\no2/: en/articles/a/\nx/: en/nope/\n");
    let warned = digest.build().stderr;
    assert!(digest.page("o1/index.html").contains("url=/en/articles/a/"));
    assert!(
        warned.contains("no page or feed at `en/nope/`") && warned.contains("redirects.yaml:3"),
        "{warned}"
    );
}

#[test]
fn an_expired_article_leads_to_one_in_another_language() {
    let digest =
        digest(TWO).article("old", "title: 旧\nexpires: 2024-02-01\nexpires_to: en/articles/a/\n", "x");
    digest.build();
    assert!(digest.page("articles/old/index.html").contains("https://example.org/en/articles/a/\""));
    let missing = digest.copy();
    missing.write(
        "content/articles/old.md",
        "---\ntitle: 旧\nexpires: 2099-02-01\nexpires_to: en/articles/none/\n---\n\nx\n",
    );
    assert!(missing.build_fails().contains("no page or feed at `en/articles/none/`"));
    // Once it has expired, a missing target does not stop the builds of the others.
    let over = missing.run(&["build", "--now", "2099-03-01"]);
    assert!(over.success && over.stderr.contains("no page or feed at"), "{}", over.stderr);
}

#[test]
fn terms_are_in_the_alphabetical_order_of_their_names() {
    let digest = Digest::new()
        .configured(TWO)
        .article("a.en", "title: A\ndate: 2024-01-01\nkeywords: [Open source, Chips, 操作系统]\n", "x")
        .file(
            "content/terms.yaml",
            "keywords:\n- {name: 开源, names: {en: Open source}}\n- {name: 芯片, names: {en: Chips}}\n- {name: 操作系统, names: {en: Operating systems}}\n",
        );
    digest.build();
    let page = digest.main("en/keywords/a-z/index.html");
    let place = |name: &str| page.find(name).unwrap_or_else(|| panic!("{name} in {page}"));
    assert!(place("Chips") < place("Open source") && place("Open source") < place("Operating systems"));
    assert_eq!(digest.run(&["check"]).stdout.matches("unused-entry").count(), 0);
}

#[test]
fn feeds_name_the_language_of_untranslated_articles() {
    let digest = digest("languages: [zh-CN, {en: {untranslated: mark}}]");
    digest.build();
    let feed = digest.page("en/feed.xml");
    assert_eq!(feed.matches("<entry xml:lang=\"zh-CN\">").count(), 1, "{feed}");
    let json: serde_json::Value = serde_json::from_str(&digest.page("en/feed.json")).unwrap();
    let languages: Vec<&serde_json::Value> =
        json["items"].as_array().unwrap().iter().filter_map(|item| item.get("language")).collect();
    assert_eq!(languages, ["zh-CN"]);
    assert!(digest.main("en/index.html").contains("lang=\"zh-CN\""));
}

#[test]
fn names_of_terms_replace_no_part_of_a_converted_word() {
    let digest = Digest::new()
        .configured("languages: [zh-CN, {zh-TW: convert}]")
        .article("a", "title: OpenAI 发布鸿蒙系统\ndate: 2024-01-01\nkeywords: [AI, 鸿蒙, 台积电]\n", "台积电 干净")
        .file(
            "content/terms.yaml",
            "keywords:\n- {name: AI, names: {zh-TW: 人工智慧}, descriptions: {zh-TW: 台灣的污水}}\n- {name: 鸿蒙, names: {zh-TW: 鴻蒙系統}}\n- {name: 台积电, names: {zh-TW: 台積電}}\n",
        );
    digest.build();
    let page = digest.main("zh-tw/articles/a/index.html");
    assert!(page.contains("OpenAI 發佈鴻蒙系統<") && page.contains("台積電 乾淨"), "{page}");
    assert!(page.contains(">人工智慧</a>"), "{page}");
    assert!(digest.main("zh-tw/keywords/ai/index.html").contains("台灣的污水"));
}

#[test]
fn links_of_converted_pages_stay_in_the_language_if_it_has_the_page() {
    let digest = Digest::new()
        .configured("languages: [zh-CN, {zh-TW: convert}]")
        .article(
            "a",
            "title: 甲\ndate: 2024-01-01\naliases: [articles/old]\n",
            "[页](/about/) [日](/2024/01/01/) [首](/) [旧](/articles/old/) [件](/articles/file.txt) [全](https://example.org/articles/a/)",
        )
        .file("content/pages/about.md", "---\ntitle: 关于\n---\n\nx\n")
        .file("static/articles/file.txt", "x");
    digest.build();
    let page = digest.main("zh-tw/articles/a/index.html");
    for href in [
        "/zh-tw/about/",
        "/zh-tw/2024/01/01/",
        "/zh-tw/",
        "/articles/old/",
        "/articles/file.txt",
        "/zh-tw/articles/a/",
    ] {
        assert!(page.contains(&format!("href=\"{href}\"")), "{href} in {page}");
    }
    assert_eq!(digest.run(&["check"]).code, 0);
}

#[test]
fn a_new_page_changes_the_links_that_lead_to_it_from_converted_pages() {
    let mut digest = Digest::new()
        .configured("languages: [zh-CN, {zh-TW: convert}]")
        .file("content/pages/about.md", "---\ntitle: 关于\n---\n\n[新](/articles/z/)\n");
    for n in 1..7 {
        let front = format!("title: 第 {n} 篇\ndate: 2024-0{n}-01\n");
        digest = digest.article(&format!("a{n}"), &front, &format!("正文{n} [新](/articles/z/)"));
    }
    digest.build();
    let link = |digest: &Digest, page: &str| digest.main(page).contains("href=\"/zh-tw/articles/z/\"");
    assert!(!link(&digest, "zh-tw/articles/a1/index.html"));
    digest.write("content/articles/z.md", "---\ntitle: 新\ndate: 2024-09-01\n---\n\nx\n");
    let built = digest.run(&["build", "--verify"]);
    assert!(built.success, "{}", built.stderr);
    assert!(link(&digest, "zh-tw/articles/a1/index.html") && link(&digest, "zh-tw/about/index.html"));
}

#[test]
fn the_search_of_each_script_finds_both() {
    let digest = Digest::new().configured("languages: [zh-CN, {zh-TW: convert}]").article(
        "a",
        "title: 头发\ndate: 2024-01-01\n",
        "软件发展",
    );
    digest.build();
    for folder in ["public", "public/zh-tw"] {
        for query in ["软件发展", "軟件發展", "頭髮", "头发"] {
            let found = newsprint::search(&newsprint::Query::parse(query), &InFolder(&digest, folder));
            assert_eq!(found.unwrap().len(), 1, "{query} in {folder}");
        }
    }
}
