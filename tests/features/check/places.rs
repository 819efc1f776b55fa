//! Links are judged by where they lead, and findings have the place of what has to change.

use super::{findings, found, front_matter};
use crate::driver::Digest;

const BASE: &str = "title: 测试\nbase_url: https://alice.github.io/digest/\n";

#[test]
fn links_to_other_projects_on_the_same_host_are_other_sites() {
    let digest = Digest::new().file("newsprint.yaml", BASE).article(
        "a",
        &(front_matter("甲") + "link: https://alice.github.io/other/post/\n"),
        "[博客](https://alice.github.io/blog/) [主页](https://alice.github.io/) <https://alice.github.io/digest2/> \
         [同](//alice.github.io/x) https://alice.github.io/y",
    );
    assert_eq!(found(&digest), []);
    let digest = digest.file(
        "templates/404.html",
        "{% extends \"base.html\" %}{% block content %}<a href=\"/blog/\">x</a><a href=\"../../z/\">y</a>{% endblock %}",
    );
    let wanted = ("outside-base".to_owned(), "404.html".to_owned());
    assert_eq!(found(&digest), [wanted.clone(), wanted]);
}

#[test]
fn absolute_links_into_the_site_are_checked() {
    let digest = Digest::new().file("newsprint.yaml", BASE).article(
        "a",
        &front_matter("甲"),
        "[好](https://alice.github.io/digest/articles/a/) [坏](https://alice.github.io/digest/nowhere/)",
    );
    let found = findings(&digest, &[]);
    assert_eq!(found.len(), 1);
    assert!(
        found[0].code == "broken-link" && found[0].message.contains("/digest/nowhere/"),
        "{}",
        found[0].message
    );
}

#[test]
fn names_of_files_are_compared_composed() {
    for (file, link) in [
        ("2026-01-02-cafe\u{301}", "2026-01-02-café"),
        ("2026-01-02-café", "2026-01-02-cafe\u{301}"),
        ("nin\u{303}o", "niño"),
        ("か\u{3099}", "が"),
        ("한", "\u{1112}\u{1161}\u{11ab}"),
        ("Ångström", "A\u{30a}ngstro\u{308}m"),
    ] {
        let digest = Digest::new().article(file, &front_matter("甲"), "文。").article(
            "x",
            &front_matter("乙"),
            &format!("[甲]({link}.md)"),
        );
        assert_eq!(found(&digest), [], "{file:?}");
    }
}

#[test]
fn a_duplicate_link_has_the_line_of_the_field_in_the_copy() {
    let link = "https://example.com/1";
    let article = |title: &str, date: &str| format!("title: {title}\nlink: {link}\n{date}");
    for (first, second, copy, original) in [
        ("date: 2024-01-02\n", "date: 2024-01-05\n", "b", "a"),
        ("date: 2024-01-05\n", "date: 2024-01-02\n", "a", "b"),
        ("date: 2024-01-02\n", "date: 2024-01-02\n", "b", "a"),
        ("date: 2024-01-02\n", "", "b", "a"),
        ("", "date: 2024-01-02\n", "a", "b"),
        ("", "", "b", "a"),
    ] {
        let digest = Digest::new()
            .article("a", &article("甲一", first), &format!("子丑 [原文]({link})"))
            .article("b", &article("乙二", second), &format!("寅卯 [原文]({link})"));
        let found = findings(&digest, &[]);
        let places: Vec<(&str, &str)> = found.iter().map(|found| (&*found.code, &*found.place)).collect();
        assert_eq!(
            places,
            [("duplicate-link", &*format!("content/articles/{copy}.md:3"))],
            "{first} {second}"
        );
        assert!(
            found[0].message.ends_with(&format!("content/articles/{original}.md")),
            "{}",
            found[0].message
        );
    }
}

#[test]
fn every_broken_link_has_its_line() {
    let links: String = (0..700)
        .map(|n| format!("[x](/nope/{n}/?a=1&amp;b=2) [y][r{n}] ![z](<图 {n}.png>)\n\n[r{n}]: /ref/{n}/\n\n"))
        .collect();
    let digest = Digest::new().article("a", &front_matter("甲"), &links);
    let found = found(&digest);
    let broken: Vec<&String> =
        found.iter().filter(|(code, _)| code == "broken-link").map(|(_, place)| place).collect();
    assert_eq!(broken.len(), 2100);
    let mut count = std::collections::BTreeMap::new();
    for place in broken {
        let line = place.strip_prefix("content/articles/a.md:").unwrap_or_else(|| panic!("{place}"));
        *count.entry(line.parse::<usize>().unwrap()).or_insert(0) += 1;
    }
    assert!(count.keys().all(|line| (6..=6 + 4 * 700).contains(line)), "{count:?}");
    assert!(count.len() >= 700, "{}", count.len());
}

#[test]
fn a_link_to_a_draft_says_that_it_is_one() {
    let digest = Digest::new()
        .article(
            "a",
            &front_matter("甲"),
            "[文件](b.md)\n\n[地址](/articles/b/)\n\n[旧](/old/) [页](/plan/) [无](/none/)",
        )
        .article("b", &(front_matter("乙") + "draft: true\naliases: [/old/]\n"), "文。")
        .file("content/pages/plan.md", "---\ntitle: 计划\ndraft: true\n---\n\n文。\n");
    let found = findings(&digest, &[]);
    let messages: Vec<&str> = found.iter().map(|found| &*found.message).collect();
    for wanted in [
        "`/articles/b/` leads to content/articles/b.md, which is a draft",
        "`/old/` leads to content/articles/b.md, which is a draft",
        "`/plan/` leads to content/pages/plan.md, which is a draft",
        "`/none/` leads to no page of the site",
    ] {
        assert!(messages.contains(&wanted), "{wanted}: {messages:?}");
    }
    assert_eq!(messages.len(), 4, "{messages:?}");
    assert!(found.iter().all(|found| found.code == "broken-link" && found.place.contains("a.md:")));
    assert!(!super::found(&digest).is_empty());
}

#[test]
fn a_dry_run_and_a_deployment_report_the_same_findings() {
    let remote = tempfile::tempdir().unwrap();
    let git = |folder: &std::path::Path, arguments: &[&str]| {
        let output = std::process::Command::new("git").args(arguments).current_dir(folder).output().unwrap();
        assert!(output.status.success(), "{arguments:?}");
    };
    git(remote.path(), &["init", "-q", "--bare"]);
    let digest = Digest::new()
        .file("newsprint.yaml", "title: 测试\nbase_url: https://news.site.cn/\n")
        .article("a", &front_matter("甲"), "**不粗")
        .article("b", &front_matter("乙"), "文。");
    let root = digest.path("");
    git(&root, &["init", "-q"]);
    git(&root, &["remote", "add", "origin", &remote.path().to_string_lossy()]);
    digest.build();
    digest.remove("content/articles/b.md");
    let found = |arguments: &[&str]| {
        let outcome = digest.run(arguments);
        assert!(outcome.success, "{}", outcome.stderr);
        outcome.stderr.split("(with ").nth(1).map(|rest| rest.split(';').next().unwrap().to_owned())
    };
    let dry = found(&["deploy", "--dry-run"]);
    assert_eq!(dry, found(&["deploy"]));
    assert_eq!(dry.as_deref(), Some("1 finding"));
}
