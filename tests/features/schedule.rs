//! Articles are published and expire at a time: `publish`, `expires`, `expires_to` and `--now`.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::driver::{Digest, is_notice};
use crate::preview::Preview;

/// A GIF of 3 × 2 pixels.
const PICTURE: &[u8] = b"GIF89a\x03\0\x02\0\0\0\0;";

const SETTINGS: &str = "outputs: {json: true, markdown: true, llms: true, \
                        editions: [mail, text, markdown, epub]}\nfeeds: {terms: on, json: on}\n";

/// A digest with an article that is always there, and one with times, in every output that there
/// is. `times` are further lines of its front matter.
fn digest(times: &str) -> Digest {
    Digest::new()
        .configured(SETTINGS)
        .article("常在", "title: 常在\ndate: 2026-11-01\nkeywords: [共同]\n", "常在的正文。")
        .article(
            "timely",
            &format!(
                "title: 定时的题目\ndate: 2026-11-02\nkeywords: [共同, 独有词]\nevent: 定时的事件\n\
                 aliases: [/old/timely/]\nimage: p.gif\n{times}"
            ),
            "定时的正文。\n\n![图](timely/p.gif)",
        )
        .file("content/articles/timely/p.gif", PICTURE)
}

/// Builds at a time and returns the site.
fn site_at(digest: &Digest, now: &str) -> BTreeMap<String, Vec<u8>> {
    let outcome = digest.run(&["build", "--now", now]);
    assert!(outcome.success, "{now}: {}", outcome.stderr);
    digest.site()
}

/// The paths of the files that name the article with times: in their path or in their text.
fn traces(site: &BTreeMap<String, Vec<u8>>) -> Vec<&str> {
    let words = ["定时的", "独有词", "timely"];
    let names = |path: &str, bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        words.iter().any(|word| path.contains(word) || text.contains(word))
    };
    site.iter().filter(|(path, bytes)| names(path, bytes)).map(|(path, _)| path.as_str()).collect()
}

fn text<'s>(site: &'s BTreeMap<String, Vec<u8>>, path: &str) -> &'s str {
    std::str::from_utf8(site.get(path).unwrap_or_else(|| panic!("{path} is missing"))).unwrap()
}

fn report(digest: &Digest, arguments: &[&str]) -> serde_json::Value {
    let outcome = digest.run(&[arguments, &["--json", "--quiet"]].concat());
    serde_json::from_str(&outcome.stdout).unwrap()
}

/// The site of the digest without the article with times.
fn without() -> BTreeMap<String, Vec<u8>> {
    let digest = digest("");
    digest.remove("content/articles/timely.md");
    digest.remove("content/articles/timely/p.gif");
    digest.build();
    digest.site()
}

#[test]
fn an_article_is_nowhere_before_its_time() {
    let digest = digest("publish: 2026-12-01 08:00\n");
    let before = site_at(&digest, "2026-12-01 07:59:59");
    assert_eq!(traces(&before), Vec::<&str>::new());
    assert_eq!(before, without());
    let after = site_at(&digest, "2026-12-01 08:00");
    let found = traces(&after);
    for path in [
        "index.html",
        "feed.xml",
        "sitemap.xml",
        "archive/index.html",
        "articles/timely/index.html",
        "articles/timely/index.json",
        "articles/timely/index.md",
        "articles/timely/p.gif",
        "old/timely/index.html",
        "api/articles.json",
        "2026/11/02/index.html",
        "keywords/独有词/index.html",
        "llms.txt",
    ] {
        assert!(found.contains(&path) || after.contains_key(path), "{path}: {found:#?}");
    }
    let always = self::digest("");
    assert_eq!(site_at(&always, "2026-12-01"), after);
}

#[test]
fn drafts_do_not_show_a_scheduled_article_and_stay_drafts_whatever_their_times_say() {
    let scheduled = digest("publish: 2026-12-01 08:00\n");
    let built = scheduled.run(&["build", "--drafts", "--now", "2026-11-30"]);
    assert!(built.success, "{}", built.stderr);
    assert_eq!(traces(&scheduled.site()), Vec::<&str>::new());
    let draft = digest("draft: true\npublish: 2026-10-01\nexpires: 2026-11-30\n");
    for now in ["2026-09-01", "2026-11-01", "2026-12-01"] {
        assert_eq!(traces(&site_at(&draft, now)), Vec::<&str>::new(), "{now}");
    }
    let built = draft.run(&["build", "--drafts", "--now", "2026-12-01"]);
    assert!(built.success && draft.main("articles/timely/index.html").contains("定时的正文"));
}

#[test]
fn an_expired_article_leaves_a_notice() {
    let digest = digest("expires: 2026-12-31\n");
    let live = site_at(&digest, "2026-12-30 23:59:59");
    assert!(text(&live, "articles/timely/index.html").contains("定时的正文"));
    let mut site = site_at(&digest, "2026-12-31");
    // The address is in the notice, its data for machines, and the redirect.
    assert_eq!(traces(&site), ["articles/timely/index.html", "old/timely/index.html"]);
    let notice = text(&site, "articles/timely/index.html").to_owned();
    assert!(notice.contains("这篇报道已于 2026年12月31日下线"), "{notice}");
    assert!(notice.contains("<meta name=\"robots\" content=\"noindex\">"), "{notice}");
    assert!(notice.contains("href=\"/search/\"") && notice.contains("href=\"/\""), "{notice}");
    let redirect = text(&site, "old/timely/index.html").to_owned();
    assert!(redirect.contains("url=/articles/timely/\""), "{redirect}");
    for page in [&notice, &redirect] {
        assert!(!page.contains("定时的") && !page.contains("独有词"), "{page}");
    }
    site.remove("articles/timely/index.html");
    site.remove("old/timely/index.html");
    assert_eq!(
        site.into_iter().filter(|(_, bytes)| !is_notice(bytes)).collect::<BTreeMap<_, _>>(),
        without()
    );
}

#[test]
fn the_notice_has_the_words_of_the_language() {
    let digest = digest("expires: 2026-12-31\n").configured("language: en\n");
    let site = site_at(&digest, "2027-01-01");
    let notice = text(&site, "articles/timely/index.html");
    assert!(notice.contains("This report was taken offline on 31 December 2026"), "{notice}");
}

#[test]
fn an_expired_article_can_lead_to_another_page() {
    for (to, path, target) in [
        ("/articles/%E5%B8%B8%E5%9C%A8/", "/articles/%E5%B8%B8%E5%9C%A8/", "https://example.org/articles/"),
        ("https://other.example/x?a=1&b=2", "https://other.example/x?a=1&amp;b=2", "https://other.example/x"),
        ("feed.xml", "/feed.xml", "https://example.org/feed.xml"),
        ("/", "/", "https://example.org/"),
    ] {
        let digest = digest(&format!("expires: 2026-12-31\nexpires_to: {to}\n"));
        assert!(text(&site_at(&digest, "2026-12-30"), "articles/timely/index.html").contains("定时的正文"));
        let site = site_at(&digest, "2026-12-31");
        for page in ["articles/timely/index.html", "old/timely/index.html"] {
            let page = text(&site, page);
            assert!(page.contains(&format!("content=\"0; url={path}\"")), "{to}: {page}");
            assert!(page.contains(&format!("rel=\"canonical\" href=\"{target}")), "{to}: {page}");
            assert!(!page.contains("定时的"), "{page}");
        }
        let check = digest.run(&["check", "--now", "2026-12-31", "--allow", "nothing-new"]);
        assert!(check.success, "{to}: {}{}", check.stdout, check.stderr);
    }
}

#[test]
fn a_successor_that_does_not_exist_is_an_error_before_and_a_notice_after_the_end() {
    for (to, message) in [
        ("/articles/nothing/", "this digest has no page or feed at `/articles/nothing/`"),
        ("articles/timely/", "`articles/timely/` leads back to itself"),
        ("articles/timely/p.gif", "`articles/timely/p.gif` is neither a page nor a feed"),
    ] {
        let digest = digest(&format!("expires: 2026-12-31\nexpires_to: {to}\n"));
        for now in ["2026-12-30", "2026-12-31"] {
            let outcome = digest.run(&["build", "--now", now]);
            let is_file = to.ends_with("gif") && now == "2026-12-31";
            let wanted = if is_file { "this digest has no page or feed" } else { message };
            assert_eq!(outcome.success, now == "2026-12-31", "{to} {now}: {}", outcome.stderr);
            assert!(outcome.stderr.contains(wanted), "{to} {now}: {}", outcome.stderr);
            assert!(outcome.stderr.contains("content/articles/timely.md:9:13"), "{}", outcome.stderr);
            if outcome.success {
                let page = digest.main("articles/timely/index.html");
                assert!(page.contains("2026年12月31日") || page.contains("31 December 2026"), "{page}");
            }
        }
    }
}

#[test]
fn an_alias_at_the_address_of_a_later_article_is_an_error_at_once() {
    let digest = digest("publish: 2026-12-31\n").article(
        "live",
        "title: 现在\ndate: 2026-11-03\naliases: [/articles/timely/]\n",
        "正文",
    );
    let outcome = digest.run(&["build", "--now", "2026-12-01"]);
    let wanted = "the alias `/articles/timely/` will be the address of content/articles/timely.md";
    assert!(!outcome.success && outcome.stderr.contains(wanted), "{}", outcome.stderr);
}

#[test]
fn an_article_without_a_date_has_that_of_its_publication() {
    let digest = Digest::new().article("a", "title: 甲\npublish: 2026-11-20 08:00\n", "正文");
    let site = site_at(&digest, "2026-11-21");
    assert!(text(&site, "2026/11/20/index.html").contains("甲"));
}

#[test]
fn successors_form_chains() {
    let digest = digest("expires: 2026-12-01\nexpires_to: /articles/second/\n")
        .article(
            "second",
            "title: 第二\ndate: 2026-11-03\npublish: 2026-11-20\nexpires: 2026-12-10\n\
             expires_to: https://other.example/\n",
            "正文",
        )
        .file("content/redirects.yaml", "older/: articles/timely/\n");
    let target = |site: &BTreeMap<String, Vec<u8>>, page: &str| {
        let page = text(site, page);
        page.split("url=").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    // The second article is not there yet, and will be in time.
    assert!(text(&site_at(&digest, "2026-11-19"), "articles/timely/index.html").contains("定时的正文"));
    let site = site_at(&digest, "2026-12-01");
    for page in ["articles/timely/index.html", "older/index.html", "old/timely/index.html"] {
        assert_eq!(target(&site, page), "/articles/second/", "{page}");
    }
    let site = site_at(&digest, "2026-12-10");
    for page in ["articles/timely/index.html", "older/index.html", "articles/second/index.html"] {
        assert_eq!(target(&site, page), "https://other.example/", "{page}");
    }
    // Expired before the successor is published.
    let circle = digest.article("second", "title: 第二\ndate: 2026-11-03\npublish: 2026-12-05\n", "正文");
    let outcome = circle.run(&["build", "--now", "2026-12-01"]);
    assert!(outcome.success && outcome.stderr.contains("timely.md:9:13"), "{}", outcome.stderr);
    assert!(circle.run(&["build", "--now", "2026-11-30"]).success);
}

#[test]
fn an_address_belongs_to_one_article_at_all_times() {
    let other = "title: 另一篇\ndate: 2026-11-03\nslug: timely\n";
    for (times, now) in [("publish: 2026-12-01\n", "2026-11-30"), ("expires: 2026-12-01\n", "2026-12-02")] {
        let digest = digest(times).article("other", other, "正文");
        let outcome = digest.run(&["build", "--now", now]);
        assert!(!outcome.success, "{times}");
        assert!(outcome.stderr.contains("`/articles/timely/` is also the address of"), "{}", outcome.stderr);
    }
}

#[test]
fn a_wrong_now_is_an_error_that_names_the_option() {
    let digest = digest("");
    for command in [
        &["build"][..],
        &["check"],
        &["serve", "--port", "0"],
        &["edition", "--as", "text"],
        &["deploy", "--dry-run"],
    ] {
        let outcome = digest.run(&[command, &["--now", "2026-02-30", "--json"]].concat());
        assert_eq!(outcome.code, 1, "{command:?}");
        assert!(outcome.stderr.contains("--now: there is no day 2026-02-30"), "{}", outcome.stderr);
        assert!(outcome.stderr.contains("write it as --now \"2026-12-01 08:00\""), "{}", outcome.stderr);
        let json: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
        assert!(json.to_string().contains("--now: there is no day"), "{command:?}: {json}");
    }
    assert!(!digest.exists("public"), "something was built");
}

#[test]
fn now_is_in_the_zone_of_the_digest() {
    let digest = digest("publish: 2026-12-01 08:00\n").configured("timezone: America/New_York\n");
    assert_eq!(traces(&site_at(&digest, "2026-12-01T12:59:59Z")), Vec::<&str>::new());
    assert!(!traces(&site_at(&digest, "2026-12-01T13:00:00Z")).is_empty());
    assert_eq!(traces(&site_at(&digest, "2026-12-01 07:59")), Vec::<&str>::new());
}

#[test]
fn check_names_the_time_of_a_linked_article_that_is_scheduled() {
    let digest = digest("publish: 2026-12-01 08:00\nexpires: 2026-12-31\n").article(
        "linking",
        "title: 引用\ndate: 2026-11-03\nsource: 甲报\nevent: 事件\nkeywords: [共同]\n",
        "[它](/articles/timely/) [旧](/old/timely/) [节](/articles/timely/#h-x)",
    );
    let findings = |now: &str| {
        let report = report(&digest, &["check", "--now", now]);
        let findings = report["findings"].as_array().unwrap().iter().cloned();
        let findings = findings.filter(|found| found["code"].as_str().unwrap().starts_with("broken-"));
        findings.map(|found| found["message"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let before = findings("2026-11-30");
    assert_eq!(before.len(), 3, "{before:#?}");
    let wanted = "leads to content/articles/timely.md, which is published at 2026-12-01 08:00";
    assert!(before.iter().all(|message| message.ends_with(wanted)), "{before:#?}");
    let live = findings("2026-12-01 08:00");
    assert_eq!(live.len(), 1, "the article has no such heading: {live:#?}");
    assert_eq!(findings("2026-12-31"), Vec::<String>::new());
}

#[test]
fn reports_say_what_is_due_next() {
    let digest = digest("publish: 2026-12-01 08:00\nexpires: 2026-12-31\n");
    let summary = |now: &str| digest.run(&["build", "--now", now]).stderr;
    let scheduled = ", 1 scheduled, next 2026-12-01 08:00 content/articles/timely.md, ";
    assert!(summary("2026-11-30").contains(scheduled), "{}", summary("2026-11-30"));
    let live = "newsprint: 2 articles, next 2026-12-31 00:00 content/articles/timely.md expires, ";
    assert!(summary("2026-12-01 08:00").contains(live), "{}", summary("2026-12-01 08:00"));
    let expired = summary("2026-12-31");
    assert!(expired.contains(", 1 expired, ") && !expired.contains("next"), "{expired}");
    for command in ["build", "check"] {
        // The second one is a fast exit.
        for _ in 0..2 {
            let report = report(&digest, &[command, "--now", "2026-11-30"]);
            assert_eq!((&report["scheduled"], &report["expired"]), (&1.into(), &0.into()), "{command}");
            let next = serde_json::json!({
                "at": "2026-12-01T08:00:00+08:00", "file": "content/articles/timely.md", "what": "publish",
            });
            assert_eq!(report["next"], next, "{command}");
        }
    }
    let check = digest.run(&["check", "--now", "2026-11-30", "--allow", "nothing-new"]);
    assert!(check.stderr.contains("; 1 scheduled, next 2026-12-01 08:00"), "{}", check.stderr);
    let report = report(&self::digest(""), &["build"]);
    assert_eq!((&report["scheduled"], &report["next"]), (&0.into(), &serde_json::Value::Null));
}

/// The stages of a build: a fast exit has two.
fn stages(digest: &Digest, now: &str) -> usize {
    let report = report(digest, &["build", "--now", now]);
    assert_eq!(report["success"], true, "{report}");
    report["stages"].as_array().unwrap().len()
}

#[test]
fn a_build_is_skipped_only_until_the_next_article_is_due() {
    let digest = digest("publish: 2026-12-01 08:00\nexpires: 2026-12-31\n");
    let mut last = "none";
    for (now, span) in [
        ("2026-11-01", "scheduled"),
        ("2026-11-30", "scheduled"),
        ("2020-01-01", "scheduled"),
        ("2026-12-01 07:59:59", "scheduled"),
        ("2026-12-01 08:00", "live"),
        ("2026-12-30 23:59:59", "live"),
        ("2026-12-31", "expired"),
        ("2030-01-01", "expired"),
        ("2026-12-05", "live"),
        ("2026-11-05", "scheduled"),
        ("2027-11-05", "expired"),
        ("2026-11-05", "scheduled"),
    ] {
        assert_eq!(stages(&digest, now) == 2, span == last, "{now}");
        last = span;
        let is_there = digest.exists("public/articles/timely/index.md");
        assert_eq!(is_there, span == "live", "{now}");
    }
    let timeless = self::digest("");
    assert_ne!(stages(&timeless, "2026-11-01"), 2);
    for now in ["2026-11-02", "1999-01-01", "2999-01-01"] {
        assert_eq!(stages(&timeless, now), 2, "{now}");
    }
}

#[test]
fn an_edited_body_does_not_keep_a_plan_of_another_time() {
    let digest = digest("publish: 2026-12-01 08:00\nexpires: 2026-12-31\n");
    // With a summary, no excerpt of the text is on another page.
    let edit = |text: &str| {
        let front = "---\ntitle: 常在\ndate: 2026-11-01\nkeywords: [共同]\nsummary: 摘要\n---\n\n";
        digest.write("content/articles/常在.md", format!("{front}{text}\n"));
    };
    for (nth, now) in
        ["2026-11-30", "2026-11-30", "2026-12-01 08:00", "2026-12-02", "2026-12-31", "2026-11-30"]
            .into_iter()
            .enumerate()
    {
        edit(&format!("第 {nth} 版。"));
        let site = site_at(&digest, now);
        let clean = digest.copy();
        assert_same(&site, &site_at(&clean, now));
    }
    // The article expired before the first of two builds; its notice names another day after it.
    site_at(&digest, "2027-01-01");
    let timely = digest.read("content/articles/timely.md").replace("2026-12-31", "2026-12-30");
    digest.write("content/articles/timely.md", timely);
    edit("末版。");
    assert_same(&site_at(&digest, "2027-01-01"), &site_at(&digest.copy(), "2027-01-01"));
}

/// Asserts that two sites are equal but for notices in place of feeds that ended, which depend on
/// earlier builds.
fn assert_same(found: &BTreeMap<String, Vec<u8>>, clean: &BTreeMap<String, Vec<u8>>) {
    let found: BTreeMap<_, _> = found.iter().filter(|(_, bytes)| !is_notice(bytes)).collect();
    let clean: BTreeMap<_, _> = clean.iter().collect();
    let differing: Vec<_> =
        found.keys().chain(clean.keys()).filter(|path| found.get(**path) != clean.get(**path)).collect();
    assert!(differing.is_empty(), "{differing:?}");
}

#[test]
fn an_edition_is_that_of_its_time() {
    let digest = digest("publish: 2026-12-01 08:00\n");
    let edition = |day: &str, now: &str| digest.run(&["edition", day, "--as", "text", "--now", now]);
    assert!(edition("2026-11-02", "2026-12-01 08:00").stdout.contains("定时的题目"));
    let before = edition("2026-11-02", "2026-12-01 07:59");
    assert!(!before.success && !before.stdout.contains("定时的题目"), "{}", before.stdout);
    assert!(edition("latest", "2026-12-01 07:59").stdout.contains("常在"));
}

/// A time some seconds from now, as front matter has it.
fn in_seconds(seconds: i64) -> String {
    (chrono::Utc::now() + chrono::TimeDelta::seconds(seconds)).format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[test]
fn a_preview_builds_again_when_an_article_is_due() {
    for polling in [&[][..], &["--poll"]] {
        let digest = digest(&format!("publish: {}\nexpires: {}\n", in_seconds(6), in_seconds(9)));
        let preview = Preview::start(&digest, polling);
        assert_eq!(preview.count_lines("1 scheduled, next "), 1, "{:?}", preview.printed());
        assert_eq!(preview.get("/articles/timely/").status, 404);
        preview.wait_for_text("/articles/timely/", "定时的正文");
        preview.wait_for_line("content/articles/timely.md is published (");
        preview.wait_for_text("/articles/timely/", "下线");
        preview.wait_for_line("content/articles/timely.md has expired (");
    }
}

#[test]
fn a_preview_at_a_time_stays_there() {
    let digest = digest(&format!("publish: {}\n", in_seconds(3)));
    let preview = Preview::start(&digest, &["--now", "2026-01-01"]);
    std::thread::sleep(std::time::Duration::from_secs(5));
    assert_eq!(preview.get("/articles/timely/").status, 404);
    let now = in_seconds(60);
    let later = Preview::start(&digest, &["--now", &now]);
    later.wait_for_text("/articles/timely/", "定时的正文");
}

/// Times of an article, as days of December 2026.
fn times() -> impl Strategy<Value = (Option<u32>, Option<u32>, bool)> {
    (prop::option::of(1u32..9), prop::option::of(1u32..9), any::<bool>()).prop_map(
        |(publish, expires, to)| {
            // `expires` is later than `publish`.
            (publish, expires.map(|day| day + publish.unwrap_or(0)), to)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]
    #[test]
    fn builds_at_two_times_equal_a_clean_build_at_the_second(
        articles in prop::collection::vec(times(), 1..5),
        first in 0u32..18,
        second in 0u32..18,
    ) {
        let mut digest = digest("");
        for (nth, (publish, expires, to)) in articles.into_iter().enumerate() {
            let line = |name: &str, day: Option<u32>| {
                day.map_or_else(String::new, |day| format!("{name}: 2026-12-{day:02}\n"))
            };
            let to = if to && expires.is_some() { "expires_to: /archive/\n" } else { "" };
            let front = format!(
                "title: 第 {nth} 篇\ndate: 2026-11-{:02}\nkeywords: [共同, 词 {}]\naliases: [/a/{nth}/]\n{}{}{to}",
                nth + 1, nth % 2, line("publish", publish), line("expires", expires)
            );
            digest = digest.article(&format!("n{nth}"), &front, &format!("正文 {nth}。"));
        }
        let day = |day: u32| format!("2026-12-{:02}", day + 1);
        site_at(&digest, &day(first));
        let found = site_at(&digest, &day(second));
        let clean = digest.copy();
        // Pictures of articles are copied as well.
        assert_same(&found, &site_at(&clean, &day(second)));
    }
}

#[test]
fn the_times_of_hugo_become_those_of_the_article() {
    let post = |front: &str| format!("---\ntitle: 定时\n{front}---\n\n正文。\n");
    let read = |digest: &Digest| {
        let outcome = digest.run(&["import", "old/content", "--from", "hugo"]);
        assert!(outcome.success, "{}", outcome.stderr);
        let file = digest.run(&["import", "old/content", "--from", "hugo", "--json"]);
        assert!(file.success, "{}", file.stderr);
        crate::driver::tree(&digest.path("content/articles"))
            .into_values()
            .map(|bytes| String::from_utf8(bytes).unwrap())
            .collect::<String>()
    };
    let digest = |config: &str, front: &str| {
        Digest::new()
            .file("old/hugo.yaml", format!("baseURL: https://old.example/\n{config}"))
            .file("old/content/posts/a.md", post(front))
    };
    let timed = "publishDate: 2099-01-02\nexpiryDate: 2099-02-03T10:00:00\n";
    let article = read(&digest("", timed));
    for line in ["date: 2099-01-02", "publish: 2099-01-02", "expires: 2099-02-03T18:00:00+08:00"] {
        assert!(article.lines().any(|found| found == line), "{line}: {article}");
    }
    assert!(!article.contains("draft:") && !article.contains("publishDate"), "{article}");
    let expired = read(&digest("", "date: 2020-01-01\nunpublishdate: 2021-01-01\n"));
    assert!(expired.contains("\nexpires: 2021-01-01\n") && !expired.contains("draft"), "{expired}");
    // Such a site shows its posts before their time.
    let shown = read(&digest("buildFuture: true\nbuildExpired: true\n", timed));
    assert!(!shown.contains("\npublish:") && !shown.contains("\nexpires:"), "{shown}");
    let alone = read(&digest("", "date: 2099-01-02\n"));
    assert!(alone.contains("draft: true") && !alone.contains("publish"), "{alone}");
}

#[test]
fn records_have_times_and_change_them_at_the_next_import() {
    let digest = Digest::new();
    let import = |file: &str, text: &str| {
        digest.write(file, text);
        let outcome = digest.run(&["import", file, "--json"]);
        assert!(outcome.success, "{}", outcome.stderr);
        let files = crate::driver::tree(&digest.path("content/articles"));
        assert_eq!(files.len(), 1, "{:?}", files.keys());
        String::from_utf8(files.into_values().next().unwrap()).unwrap()
    };
    let link = "https://news.example/1";
    let article = import(
        "a.json",
        &format!(r#"[{{"title": "甲", "link": "{link}", "publish": "2026-12-01 08:00", "text": "正文。"}}]"#),
    );
    assert!(article.contains("\npublish: 2026-12-01T08:00:00+08:00\n"), "{article}");
    let article = import(
        "a.csv",
        &format!("title,link,publish,expires,text\n甲,{link},2026-12-02,2026-12-31,正文。\n"),
    );
    assert!(article.contains("\npublish: 2026-12-02\nexpires: 2026-12-31\n"), "{article}");
    let article = import("a.txt", &format!("标题: 甲\n链接: {link}\nexpires: 2027-01-01\n正文: 正文。\n"));
    assert!(article.contains("\nexpires: 2027-01-01\n") && !article.contains("publish"), "{article}");
    digest.write("b.json", r#"{"title": "乙", "publish": true, "text": "一。"}"#);
    assert!(digest.run(&["import", "b.json"]).success);
    digest.write(
        "c.json",
        r#"{"title": "丙", "publish": "2026-12-02", "expires": "2026-12-01", "text": "一。"}"#,
    );
    let refused = digest.run(&["import", "c.json"]);
    assert!(refused.stderr.contains("this record expires before it is published"), "{}", refused.stderr);
}
