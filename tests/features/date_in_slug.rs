//! `date_in_slug` keeps the date before a file's name in the address, so that daily files with one
//! name do not collide.

use crate::driver::{Digest, tree};

/// The names of the folders below `public/articles` that have a page.
fn addresses(digest: &Digest) -> Vec<String> {
    let pages = tree(&digest.path("public/articles")).into_keys();
    let mut names: Vec<String> =
        pages.filter_map(|path| Some(path.strip_suffix("/index.html")?.to_owned())).collect();
    names.retain(|name| !name.starts_with("page"));
    names.sort();
    names
}

/// A digest with an article for each file name.
fn with_files(setting: &str, names: &[&str]) -> Digest {
    let digest = Digest::new().configured(setting);
    names.iter().fold(digest, |digest, name| {
        digest.article(name, &format!("title: 关于 {name} 的简报\n"), &format!("{name} 的正文。"))
    })
}

#[test]
fn daily_files_with_one_name_have_addresses_of_their_own() {
    for names in [
        ["2026-03-07-brief", "2026-03-08-brief"],
        ["2026-03-07-早报", "2026-03-08-早报"],
        ["2026-03-07_week", "2026-03-14_week"],
        ["2026-03-07 AI", "2027-03-07 AI"],
        ["2026/2026-03-07-n", "2027/2027-03-07-n"],
    ] {
        let digest = with_files("date_in_slug: on", &names);
        digest.build();
        let found = addresses(&digest);
        assert_eq!(found.len(), 2, "{names:?}: {found:?}");
        assert!(found.iter().all(|name| name.starts_with("202")), "{found:?}");
        // No address depends on another article.
        let alone = with_files("date_in_slug: on", &names[..1]);
        alone.build();
        assert_eq!(addresses(&alone), found[..1]);
    }
}

#[test]
fn without_the_setting_existing_addresses_stay() {
    let names = ["2026-03-07-brief", "2026-03-08", "plain"];
    for setting in ["", "date_in_slug: off"] {
        let digest = with_files(setting, &names);
        digest.build();
        assert_eq!(addresses(&digest), ["2026-03-08", "brief", "plain"], "{setting}");
    }
    let digest = with_files("date_in_slug: on", &names);
    digest.build();
    assert_eq!(addresses(&digest), ["2026-03-07-brief", "2026-03-08", "plain"]);
}

#[test]
fn the_error_for_files_that_differ_by_date_names_the_setting() {
    let error = with_files("", &["2026-03-07-brief", "2026-03-08-brief"]).build_fails();
    assert!(error.contains("date_in_slug: on"), "{error}");
    for names in [["2026-03-07-brief", "brief"], ["a/2026-03-07-brief", "b/2026-03-07-brief"]] {
        let error = with_files("", &names).build_fails();
        assert!(error.contains("rename one of the files") && !error.contains("date_in_slug"), "{error}");
    }
}

#[test]
fn links_between_files_lead_to_the_dated_address() {
    let text = "[昨天](2026-03-07-brief.md#h)。";
    let digest = with_files("date_in_slug: on", &["2026-03-07-brief"]).article(
        "2026-03-08-brief",
        "title: 今天\n",
        text,
    );
    digest.build();
    let page = digest.main("articles/2026-03-08-brief/index.html");
    assert!(page.contains("href=\"/articles/2026-03-07-brief/"), "{page}");
    let outcome = digest.run(&["check"]);
    assert!(!outcome.stdout.contains("broken-link"), "{}", outcome.stdout);
    // A change of the setting renders the cached bodies again.
    digest.write("newsprint.yaml", digest.read("newsprint.yaml").replace(": on", ": off"));
    digest.remove("content/articles/2026-03-07-brief.md");
    digest.write("content/articles/2026-03-07-note.md", "---\ntitle: 昨天\n---\n\n甲。\n");
    digest.write(
        "content/articles/2026-03-08-brief.md",
        "---\ntitle: 今天\n---\n\n[昨天](2026-03-07-note.md)\n",
    );
    digest.build();
    assert!(digest.main("articles/brief/index.html").contains("href=\"/articles/note/\""));
}

#[test]
fn a_new_digest_keeps_dates_in_addresses_and_says_why() {
    let digest = Digest::bare();
    assert!(digest.run(&["init", "."]).success);
    let settings = digest.read("newsprint.yaml");
    let (before, _) = settings.split_once("\ndate_in_slug: on\n").unwrap();
    assert!(before.lines().rev().take(3).all(|line| line.starts_with('#')), "{before}");
    assert!(digest.run(&["new", "简报"]).success);
    digest.build();
    assert!(addresses(&digest).iter().any(|name| name.starts_with("20") && name.ends_with("-简报")));
}

#[test]
fn imported_articles_get_addresses_of_their_own_with_and_without_the_setting() {
    let records: String = [7, 8]
        .map(|day| {
            format!(
                "标题: 早报\n日期: 2026-03-0{day}\n链接: https://e.org/{day}\n总结: 第 {day} 天的事。\n\n"
            )
        })
        .concat();
    for (setting, names) in [
        ("date_in_slug: on", vec!["2026-03-07-早报.md", "2026-03-08-早报.md"]),
        ("date_in_slug: off", vec!["2026-03-07-早报.md"]),
    ] {
        let digest = Digest::new().configured(setting).file("in.txt", &records);
        assert!(digest.run(&["import", "in.txt"]).success);
        let files: Vec<String> = tree(&digest.path("content/articles")).into_keys().collect();
        assert_eq!(files.len(), 2, "{files:?}");
        assert!(names.iter().all(|name| files.iter().any(|file| file == name)), "{setting}: {files:?}");
        let outcome = digest.run(&["import", "in.txt"]);
        assert!(outcome.stderr.contains("0 articles imported, 2 already there"), "{}", outcome.stderr);
        digest.build();
        assert_eq!(addresses(&digest).len(), 2, "{setting}");
    }
}
