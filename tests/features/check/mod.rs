//! `check` reports defects of the site before publishing: each finding has a rule, a place and a
//! help.

use crate::driver::{Digest, Outcome};

mod external;
mod literal;
mod places;
mod rules;

/// A finding in the JSON report.
struct Found {
    code: String,
    severity: String,
    /// `path:line`, or the path alone.
    place: String,
    message: String,
}

fn json(digest: &Digest, arguments: &[&str]) -> serde_json::Value {
    let outcome = digest.run(&[&["check", "--json", "-q"], arguments].concat());
    serde_json::from_str(&outcome.stdout).unwrap_or_else(|_| panic!("{}{}", outcome.stdout, outcome.stderr))
}

fn findings(digest: &Digest, arguments: &[&str]) -> Vec<Found> {
    let report = json(digest, arguments);
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let all = report["findings"].as_array().unwrap().iter();
    all.map(|finding| {
        assert!(!text(&finding["help"]).is_empty(), "{finding}");
        let (path, line) = (text(&finding["place"]["path"]), finding["place"]["line"].as_u64().unwrap_or(0));
        Found {
            code: text(&finding["code"]),
            severity: text(&finding["severity"]),
            place: if line > 0 { format!("{path}:{line}") } else { path },
            message: text(&finding["message"]),
        }
    })
    .collect()
}

/// Rule and place of each finding.
fn found(digest: &Digest) -> Vec<(String, String)> {
    findings(digest, &[]).into_iter().map(|found| (found.code, found.place)).collect()
}

fn assert_findings(found: &[(String, String)], wanted: &[(&str, &str)]) {
    let found: Vec<(&str, &str)> = found.iter().map(|(code, place)| (&**code, &**place)).collect();
    assert_eq!(found, wanted);
}

/// The front matter of an article without findings.
fn front_matter(title: &str) -> String {
    format!("title: {title}\ndate: 2024-01-02\n")
}

#[test]
fn a_valid_digest_passes_and_check_writes_nothing() {
    let digest = Digest::with_articles(3);
    let outcome = digest.run(&["check", "--strict"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (0, ""));
    assert!(outcome.stderr.contains("checked 3 articles, 1 term and "), "{}", outcome.stderr);
    assert!(!digest.exists("public") && !digest.exists(".newsprint"));
}

#[test]
fn broken_links_and_anchors_are_findings() {
    let body = "[甲](/articles/b/) [乙](/articles/nowhere/) [丙](/articles/b/#nowhere) [丁](#也没有) [戊](https://example.org/base/feed.xml) [己](mailto:a@example.org) [庚](#top)";
    let digest = Digest::new()
        .configured("base_url: https://example.org/base/\n# ")
        .article("a", &front_matter("甲"), &format!("第一行\n\n{body}"))
        .article("b", &front_matter("乙"), "文。");
    digest.write("newsprint.yaml", "title: 测试\nbase_url: https://example.org/base/\n");
    assert_findings(
        &found(&digest),
        &[
            ("broken-link", "content/articles/a.md:8"),
            ("broken-anchor", "content/articles/a.md:8"),
            ("broken-anchor", "content/articles/a.md:8"),
        ],
    );
    assert_eq!(digest.run(&["check"]).code, 1);
}

#[test]
fn template_links_outside_the_base_path_or_to_missing_pages_are_findings() {
    let digest = Digest::new()
        .article("a", &front_matter("甲"), "文。")
        .file("templates/404.html", "{% extends \"base.html\" %}{% block content %}<a href=\"/about/\">x</a><a href=\"/base/keyword/\">y</a><img src=\"/base/favicon.svg\">{% endblock %}");
    digest.write("newsprint.yaml", "title: 测试\nbase_url: https://example.org/base/\n");
    let found = findings(&digest, &[]);
    let rules_and_places: Vec<(&str, &str)> =
        found.iter().map(|found| (&*found.code, &*found.place)).collect();
    assert_eq!(
        rules_and_places,
        [("broken-link", "404.html"), ("outside-base", "404.html"), ("image-without-text", "404.html")]
    );
    let outcome = digest.run(&["check"]);
    assert!(outcome.stdout.contains("did you mean /keywords/?"), "{}", outcome.stdout);
}

#[test]
fn duplicate_articles_are_found_by_link_or_text() {
    // 400 distinct Han each, in two ranges.
    let text: String = (0..400).filter_map(|n| char::from_u32(0x4E00 + n * 7)).collect();
    let other: String = (0..400).filter_map(|n| char::from_u32(0x6000 + n * 7)).collect();
    let digest = Digest::new()
        .article("a", "title: 谷歌发布新模型\ndate: 2024-01-02\nlink: https://example.com/1\n", &text)
        .article("b", "title: 别的\ndate: 2024-01-02\nlink: http://www.example.com/1?utm_source=x\n", &other)
        .article("c", "title: 谷歌发布新模型了\ndate: 2024-01-03\n", &format!("{text}。补充一句。"))
        .article("d", "title: 无关的一条\ndate: 2024-01-03\n", &text.chars().rev().collect::<String>());
    let found = findings(&digest, &[]);
    let rules_and_places: Vec<(&str, &str)> =
        found.iter().map(|found| (&*found.code, &*found.place)).collect();
    assert_eq!(
        rules_and_places,
        [("duplicate-link", "content/articles/b.md:4"), ("duplicate-text", "content/articles/c.md:2")]
    );
    assert!(found[0].message.contains("content/articles/a.md"), "{}", found[0].message);
    assert!(found[1].message.contains("content/articles/a.md"), "{}", found[1].message);
}

#[test]
fn empty_long_and_unclean_texts_are_findings() {
    let digest = Digest::new()
        .configured("check: {characters: 50}")
        .article("a", &front_matter("空"), "")
        .article("b", &front_matter("长"), &"长".repeat(51))
        .article("c", &front_matter("残"), "正文。\n\n责任编辑：张三\n")
        .article("d", &front_matter("号"), "这是**重点 而已。\n\n`a ** b` 与 2**10 不算。")
        .article("e", "title: \"**粗**标题\"\ndate: 2024-01-02\n", "文。")
        .article("f", &front_matter("图"), "![](/favicon.svg)");
    assert_findings(
        &found(&digest),
        &[
            ("empty-text", "content/articles/a.md:2"),
            ("empty-text", "content/articles/f.md:2"),
            ("long-text", "content/articles/b.md:2"),
            ("scrape-residue", "content/articles/c.md:8"),
            ("literal-markup", "content/articles/d.md:6"),
            ("literal-markup", "content/articles/e.md:2"),
            ("image-without-text", "content/articles/f.md:6"),
        ],
    );
}

#[test]
fn a_future_date_is_a_finding_and_the_date_of_today_is_not() {
    let day = |days: i64| (chrono::Utc::now() + chrono::Duration::days(days)).format("%Y-%m-%d").to_string();
    let digest = Digest::new().article("a", &format!("title: 甲\ndate: {}\n", day(0)), "文。").article(
        "b",
        &format!("title: 乙\ndate: {}\n", day(5)),
        "文。",
    );
    assert_findings(&found(&digest), &[("future-date", "content/articles/b.md:3")]);
}

#[test]
fn missing_news_and_fewer_pages_are_errors_when_configured() {
    let digest = Digest::with_articles(12);
    digest.build();
    for name in 3..=12 {
        digest.remove(&format!("content/articles/{name:04}.md"));
    }
    // Both rules are off by default.
    assert!(found(&digest).iter().all(|(code, _)| code == "gone-page"));
    let digest = digest.configured("check: {nothing_new_days: 3, fewer_pages_percent: 20}");
    let codes: Vec<String> = found(&digest).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes[..2], ["fewer-pages", "nothing-new"]);
    assert_eq!(codes.iter().filter(|code| *code == "gone-page").count(), 10);
    assert_eq!(digest.run(&["check"]).code, 1);
    assert_eq!(digest.run(&["check", "--allow", "fewer-pages"]).code, 1);
    assert_eq!(digest.run(&["check", "--allow", "fewer-pages", "--allow", "nothing-new"]).code, 0);
    // The check does not change the last build's output.
    assert!(digest.exists("public/articles/0012/index.html"));
}

#[test]
fn a_page_with_a_redirect_is_not_gone() {
    let digest = Digest::new().article("old", &front_matter("甲"), "文。");
    digest.build();
    digest.remove("content/articles/old.md");
    let digest = digest.article("new", &front_matter("甲"), "文。");
    assert_findings(&found(&digest), &[("gone-page", "articles/old/index.html")]);
    let digest = digest.article("new", &format!("{}aliases: [/articles/old/]\n", front_matter("甲")), "文。");
    assert_findings(&found(&digest), &[]);
}

#[test]
fn malformed_feeds_svg_and_json_are_findings() {
    let digest = Digest::new()
        .article("a", &front_matter("甲"), "文。")
        .file("templates/atom.xml", "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>x</title></feed>")
        .file("static/data.json", "{\"a\": 1,}")
        .file("static/good.json", "[]")
        .file("static/broken.svg", "<svg><g></svg>");
    let found: Vec<(String, String)> = found(&digest).into_iter().collect();
    assert_findings(
        &found,
        &[
            ("broken-feed", "feed.xml"),
            ("broken-feed", "static/broken.svg"),
            ("broken-feed", "static/data.json"),
        ],
    );
}

#[test]
fn a_page_above_the_size_limit_is_reported_at_its_source() {
    let digest = Digest::new()
        .configured("check: {page_kb: 40}")
        .article("a", &front_matter("甲"), "文。")
        .article("b", &front_matter("乙"), &"一段很长的文字。\n\n".repeat(1500));
    let found = found(&digest);
    assert!(found.contains(&("heavy-page".to_owned(), "content/articles/b.md".to_owned())), "{found:?}");
    assert!(!found.iter().any(|(_, place)| place == "content/articles/a.md"), "{found:?}");
}

#[test]
fn the_severity_of_a_rule_can_be_configured() {
    let digest = Digest::new().article("a", &front_matter("空"), "").article(
        "b",
        &front_matter("坏"),
        "[x](/nowhere/)",
    );
    let weights = |digest: &Digest| -> Vec<(String, String)> {
        findings(digest, &[]).into_iter().map(|found| (found.code, found.severity)).collect()
    };
    assert_findings(&weights(&digest), &[("broken-link", "error"), ("empty-text", "warning")]);
    let digest = digest.configured("check:\n  rules: {broken-link: warning, empty-text: off}");
    assert_findings(&weights(&digest), &[("broken-link", "warning")]);
    assert_eq!(digest.run(&["check"]).code, 0);
    assert_eq!(digest.run(&["check", "--strict"]).code, 1);
    assert_eq!(digest.run(&["check", "--strict", "--allow", "broken-link"]).code, 0);
}

#[test]
fn an_unknown_rule_is_an_error_with_its_line() {
    let digest = Digest::new().configured("check:\n  rules:\n    broken-links: off\n    empty-text: maybe\n");
    let errors = digest.build_fails();
    assert!(
        errors.contains("newsprint.yaml:5:5") && errors.contains("did you mean `broken-link`?"),
        "{errors}"
    );
    assert!(
        errors.contains("newsprint.yaml:6:5") && errors.contains("`error`, `warning` or `off`"),
        "{errors}"
    );
    let Outcome { code, stderr, .. } = digest.run(&["check", "--allow", "fewer-page"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("a similar value exists: 'fewer-pages'"), "{stderr}");
}

#[test]
fn a_digest_that_cannot_be_built_fails_with_all_its_errors() {
    let digest = Digest::new().article("a", "date: nonsense\n", "文。").article(
        "b",
        &front_matter("乙"),
        "[x](/nowhere/)",
    );
    let outcome = digest.run(&["check"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains("the title is missing"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("content/articles/a.md:2"), "{}", outcome.stderr);
}

#[test]
fn a_printed_finding_has_the_line_the_rule_and_a_help() {
    let digest = Digest::new().article("a", &front_matter("甲"), "见 [此处](/articles/b/)。").article(
        "bb",
        &front_matter("乙"),
        "文。",
    );
    let outcome = digest.run(&["check"]);
    assert_eq!(
        outcome.stdout,
        "error[broken-link]: `/articles/b/` leads to no page of the site\n \
         --> content/articles/a.md:6:8\n  |\n6 | 见 [此处](/articles/b/)。\n  |           ^^^^^^^^^^^^\n  |\n  \
         = help: correct the link, or add this address to the `aliases:` of the page that moved\n\n"
    );
    assert!(outcome.stderr.contains("1 finding, 1 of which is an error"), "{}", outcome.stderr);
}

#[test]
fn only_the_first_ten_findings_of_a_rule_are_printed() {
    let mut digest = Digest::new();
    for n in 0..25 {
        digest = digest.article(&format!("a{n}"), &front_matter(&format!("空{n}")), "");
    }
    let shown = |arguments: &[&str]| digest.run(arguments).stdout.matches("warning[empty-text]").count();
    assert_eq!(shown(&["check"]), 10);
    assert!(digest.run(&["check"]).stdout.contains("empty-text: 15 more; `--verbose` shows them all"));
    assert_eq!(shown(&["check", "--verbose"]), 25);
}

#[test]
fn the_report_contains_the_bytes_and_files_of_the_site() {
    let digest = Digest::with_articles(2);
    let report = json(&digest, &[]);
    assert_eq!(report["success"], true);
    let bytes = report["bytes"].as_u64().unwrap();
    digest.build();
    let written: usize = digest.site().values().map(Vec::len).sum();
    assert_eq!(bytes, written as u64);
    assert_eq!(report["files"].as_u64().unwrap(), digest.site().len() as u64);
}

#[test]
fn nothing_new_ignores_undated_and_future_articles() {
    let silent = |digest: Digest| {
        let digest = digest.configured("check: {nothing_new_days: 3}");
        found(&digest).iter().any(|(code, _)| code == "nothing-new")
    };
    assert!(silent(Digest::new().file("content/articles/.keep", "")));
    assert!(silent(Digest::new().article("u", "title: 无\n", "文。")));
    let ahead = "title: 明年\ndate: 2999-01-01\n";
    assert!(silent(Digest::new().article("a", &front_matter("旧"), "文。").article("b", ahead, "文。")));
    let today = chrono::Utc::now().format("%Y-%m-%d");
    assert!(!silent(Digest::new().article("a", &format!("title: 新\ndate: {today}\n"), "文。")));
}

#[test]
fn every_place_in_an_article_is_reported_in_the_order_of_lines() {
    let digest = Digest::new().article(
        "a",
        "title: 甲\ndate: 2024-01-02\nevent: \"**粗**\"\n",
        "一**二\n\n[x](/nowhere/)\n\n三**四\n\n责任编辑：甲\n\n【责任编辑：乙】\n\n[y](/another/)",
    );
    let lines: Vec<(String, String)> = found(&digest);
    let of = |code: &str| -> Vec<&str> {
        lines
            .iter()
            .filter(|(found, _)| found == code)
            .map(|(_, place)| place.rsplit(':').next().unwrap())
            .collect()
    };
    assert_eq!(of("broken-link"), ["9", "17"]);
    assert_eq!(of("literal-markup"), ["4", "7", "11"]);
    assert_eq!(of("scrape-residue"), ["13", "15"]);
}

#[test]
fn quiet_prints_errors_only() {
    let digest = Digest::new().article("a", &front_matter("空"), "");
    assert_eq!(digest.run(&["check", "-q"]).stdout, "");
    let digest = digest.article("b", &front_matter("坏"), "[x](/nowhere/)");
    let outcome = digest.run(&["check"]);
    assert!(outcome.stdout.contains("broken-link") && outcome.stdout.contains("empty-text"));
}

#[test]
fn links_to_markdown_files_are_resolved_and_wrong_ones_are_findings() {
    let digest = Digest::new()
        .article(
            "2024-01-02-甲",
            &front_matter("甲"),
            "见[乙](2024-01-03-乙.md#二)、[关于](../pages/about.md)。",
        )
        .article(
            "2024-01-03-乙",
            "title: 乙\ndate: 2024-01-03\nkeywords: [词]\n",
            "## 二\n\n见[甲](2024-01-02-甲.md)。",
        )
        .file("content/pages/about.md", "---\ntitle: 关于\n---\n\n见[甲](../articles/2024-01-02-甲.md)。\n");
    assert_eq!(found(&digest), []);
    digest.write(
        "content/articles/2024-01-02-甲.md",
        format!(
            "---\n{}---\n\n见[丙](2024-01-03-丙.md)、\n[三](2024-01-03-乙.md#三)。\n",
            front_matter("甲")
        ),
    );
    digest.write("content/articles/丙.md", "---\ntitle: 丙\ndate: 2024-01-02\nslug: c\n---\n\n文。\n");
    assert!(digest.run(&["check"]).stdout.contains("did you mean /articles/c/?"));
    let places = found(&digest);
    for (code, line) in [("broken-link", 6), ("broken-anchor", 7)] {
        let place = format!("content/articles/2024-01-02-甲.md:{line}");
        assert!(places.iter().any(|(found, at)| found == code && at.starts_with(&place)), "{places:?}");
    }
}

#[test]
fn a_link_to_a_markdown_file_resolved_to_another_page_is_a_finding() {
    let digest = Digest::new()
        .article("2024/a", &front_matter("甲"), "文。")
        .article("b", &format!("{}slug: c\n", front_matter("乙")), "文。")
        .article("other", &format!("{}slug: b\n", front_matter("丙")), "文。")
        .article(
            "x",
            &front_matter("丁"),
            "`[是](a.md)`\n\n[好](2024/a.md) [错](a.md)\n\n[错][r]\n\n[r]: b.md\n",
        );
    let wrong = findings(&digest, &[]);
    let wrong: Vec<_> = wrong.iter().map(|found| (&*found.code, &*found.place, &*found.message)).collect();
    assert_eq!(
        wrong,
        [
            (
                "broken-link",
                "content/articles/x.md:8",
                "there is no content/articles/a.md; the link leads to the page of content/articles/2024/a.md"
            ),
            (
                "broken-link",
                "content/articles/x.md:10",
                "this link leads to the page of content/articles/other.md, because content/articles/b.md has a `slug:`"
            ),
        ]
    );
}

#[test]
fn foreign_shortcodes_and_missing_card_images_are_findings() {
    let digest = Digest::new().article(
        "a",
        &format!("{}image: /images/none.png\n", front_matter("甲")),
        "`{{< code >}}`\n\n{{< figure src=\"/a.png\" >}}",
    );
    assert_findings(
        &found(&digest),
        &[("broken-link", "content/articles/a.md:4"), ("literal-markup", "content/articles/a.md:9")],
    );
}

#[test]
fn a_finding_about_an_address_points_at_the_address() {
    let digest = Digest::new().article(
        "a",
        &front_matter("甲"),
        "`/b.png` 是旧的，见 /b.png。\n\n![图](/b.png) [c](c)",
    );
    let places = findings(&digest, &[]);
    let columns: Vec<_> = places.iter().map(|found| &*found.place).collect();
    assert_eq!(columns, ["content/articles/a.md:8", "content/articles/a.md:8"]);
}

#[test]
fn suggestions_handle_old_addresses_and_case_and_menu_links_are_checked() {
    let digest = Digest::new()
        .configured("menu:\n- {name: 关于, url: /abuot/}")
        .file("content/pages/about.md", "---\ntitle: 关于\n---\n\n我们。\n")
        .article(
            "gpt-5",
            "title: 甲\ndate: 2024-01-02\nkeywords: [gpt5]\n",
            "[a](gpt-5.html) [b](/Articles/gpt-5/) [c](/articles/gpt5/)",
        );
    let outcome = digest.run(&["check"]);
    for wanted in ["newsprint.yaml:4:19", "did you mean /about/?", "did you mean /articles/gpt-5/?"] {
        assert!(outcome.stdout.contains(wanted), "{wanted}: {}", outcome.stdout);
    }
    assert_eq!(outcome.stdout.matches("did you mean /articles/gpt-5/?").count(), 3, "{}", outcome.stdout);
}

#[test]
fn a_rule_outside_of_rules_is_an_error() {
    let errors = Digest::new().configured("check:\n  scrape-residue: off").build_fails();
    assert!(errors.contains("write it below `rules:`"), "{errors}");
}

#[test]
fn sixty_thousand_broken_links_are_reported_within_a_minute() {
    let links: String = (0..20_000).map(|n| format!("[x](/nope/{n}/) [y](#n{n})\n\n")).collect();
    let files: String = (0..20_000).map(|n| format!("[x](nope{n}.md)\n\n")).collect();
    let digest = Digest::new().article("a", &front_matter("甲"), &links).article(
        "b",
        &front_matter("乙").replace("-02", "-03"),
        &files,
    );
    let started = std::time::Instant::now();
    let mut found = found(&digest);
    let of_files = found.iter().filter(|(code, place)| code == "broken-link" && place.contains("/b.md"));
    assert_eq!(of_files.count(), 20_000);
    found.retain(|(_, place)| !place.contains("/b.md"));
    assert_eq!(found.iter().filter(|(code, _)| code == "broken-link").count(), 20_000);
    assert_eq!(found.iter().filter(|(code, _)| code == "broken-anchor").count(), 20_000);
    assert!(found.iter().all(|(_, place)| place.starts_with("content/articles/a.md")));
    // An upper bound, not a measurement: searching the source for each link would take minutes.
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
