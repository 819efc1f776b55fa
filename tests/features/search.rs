//! The search index in the built site, queried with the Rust implementation. The search page in a
//! browser is tested in `tests/web/search.test.mjs`.

use std::collections::BTreeSet;
use std::fs;

use newsprint::internals::search::find::{SearchFiles, find};
use newsprint::internals::search::html;
use newsprint::internals::search::query::Query;

use crate::driver::{Digest, attributes};

/// 400 Han that differ from article to article, so that each article fills other posting lists.
fn body(n: u32) -> String {
    (0..400).filter_map(|at| char::from_u32(0x4E00 + (n * 977 + at * 31) % 20_000)).collect()
}

fn digest(articles: u32) -> Digest {
    (1..=articles).fold(Digest::new(), |digest, n| {
        let front = format!(
            "title: 第 {n} 篇大语言模型\ndate: 2024-01-{n:02}\nevent: 事件\nkeywords: [关键词{n}]\nindustries: [医疗]\n"
        );
        digest.article(&format!("{n:04}"), &front, &body(n))
    })
}

/// Serves the files of the built site to the search, as a browser would fetch them.
impl SearchFiles for Digest {
    fn file(&self, name: &str) -> Option<Vec<u8>> {
        fs::read(self.path("public/search").join(name)).ok()
    }

    fn body(&self, article: u32) -> Option<String> {
        let file: serde_json::Value =
            serde_json::from_str(&self.page(&format!("search/a{}.json", article / 16))).unwrap();
        let path = file["articles"][article as usize % 16]["path"].as_str().unwrap().to_owned();
        let page = self.page(&format!("{path}index.html"));
        Some(html::text(page.split_once("<div class=\"text\">")?.1.split_once("</div>")?.0))
    }
}

/// The numbers of the articles that match a query; the oldest article has number 0.
fn found(digest: &Digest, typed: &str) -> BTreeSet<u32> {
    let found = find(&Query::parse(typed), digest).unwrap();
    found.into_iter().map(|found| found.article).collect()
}

/// Changes the digest, builds, and returns the paths of all files that differ.
fn changed_files(digest: &Digest, change: impl FnOnce()) -> Vec<String> {
    let before = digest.site();
    change();
    digest.build();
    let after = digest.site();
    let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    paths.into_iter().filter(|path| before.get(*path) != after.get(*path)).cloned().collect()
}

#[test]
fn titles_events_terms_and_bodies_are_searched() {
    let digest = digest(3).article(
        "0009",
        "title: 題目\ndate: 2024-02-01\nevent: 大事\nkeywords: [詞條]\n",
        "正文里有**大语**言模型，\n\n也有 `code` 与 GPT-4。",
    );
    digest.build();
    assert_eq!(found(&digest, "大语言模型"), BTreeSet::from([0, 1, 2, 3]));
    for typed in ["题目", "題目", "大事", "词条", "正文", "code", "gpt-4", "ＧＰＴ"] {
        assert_eq!(found(&digest, typed), BTreeSet::from([3]), "{typed}");
    }
    assert_eq!(found(&digest, "模型也有"), BTreeSet::new(), "a match spans two blocks");
    assert_eq!(found(&digest, "医疗 -第"), BTreeSet::new());
}

#[test]
fn spellings_of_scripts_and_regions_are_found_by_each_other() {
    // Report K4: the three articles say the same in the spellings of the mainland, Taiwan and Hong
    // Kong.
    let texts = [
        "我们了解到，这意味着什么；看着他们，回复借此机会，店铺抬价，径行办理，卫星升空，产能，叙述，台，计划，坐标，沉没。",
        "我們瞭解到，這意味著甚麼；看著他們，回覆藉此機會，店舖擡價，逕行辦理，衛星升空，產能，敘述，檯，計畫，座標，沈沒。",
        "我們瞭解到，這意味着甚麼；看着他們，回覆藉此機會，店舖抬價，逕行辦理，衞星升空，產能，敍述，枱，計劃，座標，沉沒。",
    ];
    let digest = (0..).zip(texts).fold(Digest::new(), |digest, (n, text)| {
        digest.article(&format!("{n}"), &format!("title: 第{n}篇\ndate: 2024-01-0{}\n", n + 1), text)
    });
    digest.build();
    for spellings in [
        "了解 瞭解",
        "意味着 意味著",
        "什么 甚麼",
        "看着 看著",
        "回复 回覆",
        "借此 藉此",
        "店铺 店舖",
        "抬价 擡價",
        "径行 逕行",
        "卫星 衛星 衞星",
        "产能 產能",
        "叙述 敘述 敍述",
        "台 檯 枱",
        "计划 計畫 計劃",
        "坐标 座標",
        "沉没 沈沒",
    ] {
        for typed in spellings.split(' ') {
            assert_eq!(found(&digest, typed), BTreeSet::from([0, 1, 2]), "{typed}");
        }
    }
    let terms = Digest::new()
        .article("a", "title: 甲\ndate: 2024-01-01\nkeywords: [卫星计划, 坐标系]\n", "正文")
        .article("b", "title: 乙\ndate: 2024-01-02\nkeywords: [衞星計畫, 座標系]\n", "别的");
    let report = terms.run(&["check", "--terms"]);
    let report = report.stdout + &report.stderr;
    for pair in ["卫星计划 (1), 衞星計畫 (1)", "坐标系 (1), 座標系 (1)"] {
        assert!(report.contains(pair), "{pair}: {report}");
    }
}

#[test]
fn an_edit_rewrites_only_the_affected_shards() {
    let digest = digest(28);
    digest.build();
    let shards = |paths: &[String]| paths.iter().filter(|path| path.starts_with("search/s")).count();
    let all = fs::read_dir(digest.path("public/search")).unwrap().count();
    let text = digest.read("content/articles/0005.md");
    let touched = changed_files(&digest, || digest.write("content/articles/0005.md", text + "添了一句\n"));
    // The edit adds four pairs and three or four characters to the index.
    assert!((1..=8).contains(&shards(&touched)), "{touched:?} of {all}");
    assert!(touched.contains(&"search/index.bin".to_owned()), "{touched:?}");
    assert!(!touched.iter().any(|path| path.starts_with("search/a")), "{touched:?}");
    assert_eq!(found(&digest, "添了一句"), BTreeSet::from([4]));
    assert!(digest.run(&["build", "--verify"]).success);
}

/// The parts of the index end at multiples of 256 articles.
#[test]
fn parts_are_merged_and_divided_as_in_a_clean_build() {
    let digest = Digest::with_articles(254).configured(
        "editions: off\ntrends: off\nstories: off\nrelated: off\npaginate_by: 1000\n\
         outputs: {api: off, llms: off}",
    );
    let article = |name: &str, date: &str| {
        digest.write(
            &format!("content/articles/{name}.md"),
            format!("---\ntitle: 第 {name} 篇\ndate: {date}\n---\n新消息 {name}\n"),
        );
    };
    let remove = |name: &str| digest.remove(&format!("content/articles/{name}.md"));
    let parts = || -> BTreeSet<String> {
        digest
            .site()
            .into_keys()
            .filter(|path| path.starts_with("search/t") && path.ends_with(".bin"))
            .collect()
    };
    let part = |first: usize| format!("search/t{first}.bin");
    type Step<'a> = (&'a str, &'a dyn Fn(), Vec<String>);
    let steps: [Step<'_>; 5] = [
        ("254 articles", &|| {}, vec![part(0)]),
        ("256", &|| ["a", "b"].iter().for_each(|name| article(name, "2030-01-01")), vec![part(0)]),
        ("258", &|| ["c", "d"].iter().for_each(|name| article(name, "2030-01-03")), vec![part(0), part(256)]),
        ("one moved to the oldest", &|| article("a", "1999-01-01"), vec![part(0), part(256)]),
        ("256 again", &|| ["b", "c"].iter().for_each(|name| remove(name)), vec![part(0)]),
    ];
    for (step, change, wanted) in steps {
        change();
        digest.build();
        assert_eq!(parts().into_iter().collect::<Vec<_>>(), wanted, "{step}");
        let clean = digest.copy();
        clean.build();
        let (found, clean) = (digest.site(), clean.site());
        let differs: Vec<&String> =
            clean.keys().chain(found.keys()).filter(|path| clean.get(*path) != found.get(*path)).collect();
        assert!(differs.is_empty(), "{step}: {differs:?}");
    }
    // Results in both parts.
    article("f", "2030-02-01");
    digest.build();
    assert_eq!(found(&digest, "消息"), BTreeSet::from([0, 255, 256]));
}

#[test]
fn a_damaged_index_cache_does_not_change_the_index() {
    let digest = digest(12);
    digest.build();
    let folder = digest.path(".newsprint/search");
    let cache = || -> Vec<_> { fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect() };
    assert!(!cache().is_empty());
    let damages: [fn(&mut Vec<u8>); 5] = [
        |bytes| bytes.truncate(bytes.len() / 2),
        |bytes| bytes.clear(),
        |bytes| *bytes.last_mut().unwrap() ^= 1,
        |bytes| bytes[20] ^= 0x40,
        |bytes| bytes.extend([0; 8]),
    ];
    for (n, damage) in damages.into_iter().enumerate() {
        for file in cache() {
            let mut bytes = fs::read(&file).unwrap();
            damage(&mut bytes);
            fs::write(&file, bytes).unwrap();
        }
        // The cache is read only for a shard that has to be rewritten.
        let text = digest.read("content/articles/0003.md");
        let sign = ["子丑", "寅卯", "辰巳", "午未", "申酉"][n];
        digest.write("content/articles/0003.md", text.replace("title: ", &format!("title: {sign}，")));
        fs::remove_file(digest.path("public/search/s0-0.bin")).unwrap();
        let outcome = digest.run(&["build", "--verify"]);
        assert!(outcome.success, "{n}: {}", outcome.stderr);
        assert_eq!(found(&digest, sign), BTreeSet::from([2]));
    }
}

#[test]
fn search_off_removes_every_file_and_mention_of_the_search() {
    let digest = digest(2).file("static/own.js", "1");
    digest.build();
    assert!(digest.exists("public/search/index.html") && digest.exists("public/search.js"));
    assert!(digest.page("index.html").contains("role=\"search\""));
    let digest = digest.configured("search: off");
    digest.build();
    for (path, bytes) in digest.site() {
        assert!(!path.contains("search"), "{path}");
        let ours = path.ends_with(".css") || ["newsprint.js", "newsprint-more.js"].contains(&path.as_str());
        let text = String::from_utf8_lossy(&bytes);
        assert!(ours || !text.contains("search"), "{path}");
    }
    assert!(
        !digest.path(".newsprint/search").exists()
            || fs::read_dir(digest.path(".newsprint/search")).unwrap().count() == 0
    );
    // A static file of the digest with the name of a theme file is published.
    let digest = digest.file("static/search.js", "mine");
    digest.build();
    assert_eq!(digest.page("search.js"), "mine");
}

#[test]
fn bodies_can_be_excluded_from_the_search() {
    let digest =
        digest(2).article("x", "title: 标题\n", "独有正文").configured("search: {fields: [title, terms]}");
    digest.build();
    assert_eq!(found(&digest, "独有正文"), BTreeSet::new());
    assert_eq!(found(&digest, "事件"), BTreeSet::new());
    assert_eq!(found(&digest, "标题"), BTreeSet::from([0]));
    assert_eq!(found(&digest, "关键词1"), BTreeSet::from([1]));
    assert!(!digest.page("search/index.html").contains("data-bodies"));
}

#[test]
fn mistakes_in_search_settings_are_reported_with_their_place() {
    let mistakes =
        digest(1).configured("search: {fields: [titel], facets: [industry], limit: 3}").build_fails();
    for message in [
        "`titel` is not a field that can be searched",
        "did you mean `title`?",
        "there is no taxonomy `industry`",
        "unknown field `limit`",
        "newsprint.yaml:3:",
    ] {
        assert!(mistakes.contains(message), "{message}: {mistakes}");
    }
}

#[test]
fn a_search_in_an_empty_digest_finds_nothing() {
    let digest = Digest::new().file("content/articles/.keep", "");
    digest.build();
    assert_eq!(found(&digest, "什么"), BTreeSet::new());
}

/// The links of the search page's beginning: paths or queries.
fn beginning(digest: &Digest) -> Vec<String> {
    let main = digest.main("search/index.html");
    let start = main.split("class=\"start\"").nth(1).unwrap().split("class=\"found\"").next().unwrap();
    attributes(start, "href")
        .into_iter()
        .map(|href| percent_encoding::percent_decode_str(&href).decode_utf8().unwrap().into_owned())
        .collect()
}

#[test]
fn the_empty_search_page_has_examples_and_ways_on_and_the_most_used_terms() {
    let mut digest = Digest::new();
    for n in 1..=12 {
        let rare = if n == 1 { ", Rust 语言" } else { "" };
        let text = format!(
            "title: 第 {n} 篇\ndate: 2024-01-{n:02}\nkeywords: [模型, 词{n}{rare}]\nindustries: [医疗]\n"
        );
        digest = digest.article(&format!("{n}"), &text, "x");
    }
    digest.build();
    let links = beginning(&digest);
    assert_eq!(
        links[..8],
        [
            "/search/?q=模型 医疗",
            "/search/?q=“模型”",
            "/search/?q=模型 -词9",
            "/2024/w02/",
            "/keywords/",
            "/ai-technologies/",
            "/industries/",
            "/trends/",
        ]
    );
    assert_eq!(links[8], "/archive/");
    // At most eight terms of a taxonomy, the most used first.
    assert_eq!(links[9], "/keywords/模型/");
    assert_eq!(links.iter().filter(|link| link.starts_with("/keywords/")).count(), 1 + 8, "{links:?}");
    assert_eq!(links.last().unwrap(), "/industries/医疗/");
    // Each example finds something.
    for query in ["模型 医疗", "“模型”", "模型 -词9"] {
        assert!(!found(&digest, query).is_empty(), "{query}");
    }
}

#[test]
fn the_search_page_of_a_digest_without_terms_has_no_examples() {
    let digest = Digest::new().article("a", "title: 甲\n", "x");
    digest.build();
    let links = beginning(&digest);
    assert_eq!(links, ["/keywords/", "/ai-technologies/", "/industries/", "/trends/", "/archive/"]);
}

#[test]
fn examples_quote_names_of_several_words_and_leave_out_names_with_signs() {
    for (terms, wanted) in [
        ("[GPT 4, 开源]", &["“GPT 4” 开源", "“GPT 4”"][..]),
        ("['-负', 开源]", &["“开源”"]),
        ("['“引”', 开源, 芯片]", &["开源 芯片", "“开源”"]),
        ("[C++, Node.js]", &["C++ Node.js", "“C++”"]),
        ("[开源]", &["“开源”"]),
    ] {
        let digest = Digest::new().article("a", &format!("title: 甲\nkeywords: {terms}\n"), "x");
        digest.build();
        let links = beginning(&digest);
        let queries: Vec<&str> = links.iter().filter_map(|link| link.strip_prefix("/search/?q=")).collect();
        assert_eq!(queries, wanted, "{terms}");
    }
}

#[test]
fn the_site_has_an_opensearch_description() {
    let digest = digest(1);
    digest.build();
    let description = digest.page("search/opensearch.xml");
    let document = roxmltree::Document::parse(&description).unwrap();
    let url = document
        .descendants()
        .find(|node| node.has_tag_name(("http://a9.com/-/spec/opensearch/1.1/", "Url")));
    assert_eq!(url.unwrap().attribute("template"), Some("https://example.org/search/?q={searchTerms}"));
    assert!(digest.page("index.html").contains("rel=\"search\""));
}
