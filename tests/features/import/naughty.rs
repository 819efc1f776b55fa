//! Hostile input to `import`: no panic, no hang, no lost string, and nothing written elsewhere.

use crate::driver::{Digest, tree};

#[test]
fn every_naughty_string_is_imported_and_builds() {
    let list = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/blns.json");
    let naughty: Vec<String> = match std::fs::read_to_string(&list) {
        Ok(text) => serde_json::from_str(&text).unwrap(),
        // Public checkouts have no `../shared`: a short list of the project's own replaces it.
        Err(_) => [
            "<script>alert(1)</script>",
            "''\"\\",
            "{{ 7*7 }}",
            "- [x] a",
            "null",
            "1e400",
            "ｆｕｌｌ",
            "\u{202e}abc",
            "a\u{0}b",
            "%00../",
        ]
        .map(str::to_owned)
        .to_vec(),
    };
    let mut text = String::new();
    let mut count = 0;
    for (n, string) in naughty.iter().enumerate() {
        let line = string.replace(['\n', '\r'], " ");
        if newsprint::internals::fields::clean(&line).is_empty() {
            continue;
        }
        count += 1;
        text.push_str(&format!(
            "标题: {n} {line}\n总结: {line}\n关键词: {line}\n来源: {line}\n重大事件摘要: {line}\n"
        ));
    }
    let digest = Digest::new().file("in.txt", text);
    let outcome = digest.run(&["import", "in.txt", "--date", "2024-01-01", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(report["imported"].as_array().unwrap().len(), count, "{}", outcome.stderr);
    let outcome = digest.run(&["build", "--strict"]);
    assert!(outcome.success, "{}", outcome.stderr);
    roxmltree::Document::parse(&digest.page("feed.xml")).unwrap();
}

#[test]
fn long_files_of_one_repeated_unit_are_read() {
    // No time is asserted. With NEWSPRINT_MEGABYTES=10 a quadratic algorithm would take hours; with
    // the default of 0.2 it would be noticeably slow.
    let megabytes: f64 = std::env::var("NEWSPRINT_MEGABYTES").map_or(0.2, |number| number.parse().unwrap());
    let length = (megabytes * 1e6) as usize;
    let units = [
        "字",
        "。",
        "”",
        "举报/反馈\n",
        "---\n",
        "```\n",
        "标题：",
        "标题: x\n",
        "## a\n",
        "1.\n",
        "[",
        "{\"a\":\n",
        "\"",
        "，",
        "(",
        "&amp;",
        "https://",
        "责任编辑：",
        "总结: \n\n希望以上\n",
        "a,b\n",
        "|",
        "**",
        "&",
        "\u{200B}",
    ];
    for unit in units {
        for prefix in ["", "标题: x\n总结: ", "标题: x\n关键词: ", "标题: x\n链接: "] {
            let digest =
                Digest::new().file("in.txt", format!("{prefix}{}", unit.repeat(length / unit.len())));
            let outcome = digest.run(&["import", "in.txt", "--quiet"]);
            assert!(matches!(outcome.code, 0 | 1), "{unit:?} behind {prefix:?}: {}", outcome.code);
        }
    }
}

#[test]
fn arbitrary_bytes_never_crash_the_importer() {
    use proptest::prelude::*;
    use proptest::test_runner::{Config, TestRunner};
    let digest = Digest::new();
    let pieces = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..40),
        "\\PC{0,20}".prop_map(String::into_bytes),
        proptest::sample::select(vec![
            "标题: ",
            "总结：",
            "```",
            "---\n",
            "\n",
            "{\"title\":",
            "[",
            "]",
            "}",
            "\"",
            ",",
            "<rss>",
            "+++\n",
            "关键词: [\"a\", '",
            "链接: <"
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    let input = proptest::collection::vec(pieces, 0..12).prop_map(|pieces| pieces.concat());
    let names = ["in.txt", "in.json", "in.csv", "in.xml", "in.md"];
    let mut runner = TestRunner::new(Config { cases: 60, ..Config::default() });
    runner
        .run(&(input, 0..names.len()), |(bytes, name)| {
            digest.write(names[name], &bytes);
            for arguments in [vec!["import", names[name]], vec!["import", "--from", "hugo", names[name]]] {
                let outcome = digest.run(&arguments);
                prop_assert!(matches!(outcome.code, 0 | 1), "{}", outcome.stderr);
            }
            Ok(())
        })
        .unwrap();
    assert!(digest.run(&["build"]).success);
}

/// Imports a file twice, asserts that the second import changes nothing, and returns the first
/// report.
fn import_twice(digest: &Digest, name: &str) -> serde_json::Value {
    let first = super::report(digest, &[name]);
    let before = crate::driver::tree(&digest.path("content/articles"));
    let second = super::report(digest, &[name]);
    assert_eq!(
        second["imported"].as_array().unwrap().len() + second["updated"].as_array().unwrap().len(),
        0,
        "{second:#}"
    );
    assert_eq!(crate::driver::tree(&digest.path("content/articles")), before);
    first
}

#[test]
fn a_record_without_a_link_does_not_replace_one_with_a_link() {
    let text = "{\"title\":\"一\",\"content\":\"甲。\",\"link\":\"https://e.org/1\",\"date\":\"2026-01-01\"}\n{\"title\":\"一\",\"content\":\"甲。\"}\n{\"title\":\"一\",\"content\":\"甲。\",\"link\":\"https://e.org/2\"}\n";
    let digest = Digest::new().file("in.jsonl", text);
    assert_eq!(import_twice(&digest, "in.jsonl")["imported"].as_array().unwrap().len(), 2);
    let reversed: String = text.lines().rev().map(|line| format!("{line}\n")).collect();
    let digest = Digest::new().file("in.jsonl", reversed);
    import_twice(&digest, "in.jsonl");
}

#[test]
fn an_article_gets_the_link_of_one_record_and_the_others_become_articles() {
    let record = |link: &str| format!("标题: 一\n{link}总结: 甲。\n");
    let digest = Digest::new().file("in.txt", record(""));
    super::report(&digest, &["in.txt"]);
    digest.write("in.txt", record("链接: https://e.org/1\n") + &record("链接: https://e.org/2\n"));
    let found = import_twice(&digest, "in.txt");
    assert_eq!(
        (found["updated"].as_array().unwrap().len(), found["imported"].as_array().unwrap().len()),
        (1, 1),
        "{found:#}"
    );
    assert!(digest.read("content/articles/一.md").contains("https://e.org/1"));
}

#[test]
fn records_without_a_text_are_distinguished_by_event_and_date() {
    let record = |date: &str, event: &str| format!("标题: AI早报\n日期: {date}\n重大事件摘要: {event}\n");
    let digest = Digest::new()
        .file("a.txt", record("2026-11-22", "甲公司发布模型"))
        .file("b.txt", record("2026-11-23", "乙公司被收购"));
    super::report(&digest, &["a.txt"]);
    super::report(&digest, &["b.txt"]);
    assert_eq!(super::files(&digest).len(), 2);
    assert!(
        digest.read(&format!("content/articles/{}", super::files(&digest)[0])).contains("甲公司发布模型")
    );
}

#[test]
fn the_same_link_in_two_forms_is_one_article() {
    let text = "标题: 一\n链接: http://e.org/1\n总结: 甲。\n标题: 一\n链接: https://www.e.org/1/?utm_source=rss\n总结: 甲。\n";
    let digest = Digest::new().file("in.txt", text);
    let found = import_twice(&digest, "in.txt");
    assert_eq!(
        (found["imported"].as_array().unwrap().len(), found["skipped"].as_u64()),
        (1, Some(1)),
        "{found:#}"
    );
}

#[test]
fn imported_slugs_and_aliases_always_build() {
    let records = [
        serde_json::json!({"title": "一", "slug": "s", "aliases": ["/old/", "/Old/", "/feed.xml", "/404.html", "/keywords/x/", "/2024/"]}),
        serde_json::json!({"title": "二", "slug": "s", "aliases": ["/old/", "/old/deeper/", "/x.html", "/x.html/b", "/articles/s/"]}),
        serde_json::json!({"title": "三", "slug": "../../x", "aliases": ["/about/", "../x", "/o/", "/O/"]}),
        serde_json::json!({"title": "五", "aliases": ["/\u{e9}/", "/stra\u{df}e/", "/\u{3c3}/", "/zed/", "/OLD-PAGE/", "/img/x/", "/Pic/", "/a/".repeat(500)]}),
        serde_json::json!({"title": "六", "aliases": ["/e\u{301}/", "/strasse/", "/\u{3c2}/", "/newsprint.css/x/", "/404.html/x/", "/2024/01/02/index.html/x/", "/sitemap.xml/y/", "/posts/6/"]}),
        serde_json::json!({"title": "四", "slug": "CON", "a": {"k": 1}, "extra": [[1, {"x": null}]], "draft": "也许"}),
    ];
    let text: String = records.iter().map(|record| format!("{record}\n")).collect();
    let digest =
        Digest::new().file("in.jsonl", text).file("content/pages/about.md", "---\ntitle: 关于\n---\n");
    let digest = digest
        .file("content/pages/page.md", "---\ntitle: 页\nslug: zed\naliases: [/old-page/]\n---\n")
        .file("static/img", "a file")
        .file("static/pic/index.html", "a page")
        .file("static/posts/6/photo.png", "a file beside the page");
    let found = import_twice(&digest, "in.jsonl");
    assert_eq!(found["imported"].as_array().unwrap().len(), 6, "{found:#}");
    digest.build();
    assert!(digest.exists("public/old/index.html") && digest.exists("public/about/index.html"));
    assert!(digest.exists("public/posts/6/index.html") && digest.exists("public/straße/index.html"));
}

#[cfg(unix)]
#[test]
fn links_inside_the_digest_that_point_outside_are_refused() {
    let digest = Digest::bare()
        .file("secret/s.txt", "标题: 秘密\n总结: 不给人看。\n")
        .file("d/newsprint.yaml", "title: 日报\n")
        .file("d/records/a.txt", "标题: 甲\n总结: 文。\n")
        .file("elsewhere/b.txt", "标题: 乙\n总结: 文。\n");
    std::os::unix::fs::symlink(digest.path("secret"), digest.path("d/inbox")).unwrap();
    std::os::unix::fs::symlink(digest.path("secret/s.txt"), digest.path("d/records/s.txt")).unwrap();
    std::os::unix::fs::symlink(digest.path("elsewhere"), digest.path("elsewhere-too")).unwrap();
    for named in ["d/records", "d/records/", "d/inbox", "d/inbox/s.txt", "d/records/s.txt", "d/../d/inbox"] {
        let outcome = digest.run(&["import", "-r", "d", named]);
        assert_eq!(outcome.code, 1, "{named}: {}", outcome.stderr);
        assert!(outcome.stderr.contains("leads out of"), "{named}: {}", outcome.stderr);
    }
    // A path outside of the digest that is named on the command line is read.
    assert!(digest.run(&["import", "-r", "d", "elsewhere-too"]).success);
    let articles = tree(&digest.path("d/content/articles"));
    assert_eq!(articles.keys().filter(|name| name.contains("秘密")).count(), 0, "{:?}", articles.keys());
    assert_eq!(articles.len(), 2, "{:?}", articles.keys());
    assert!(digest.run(&["import", "-r", "d", "--outside-links", "d/inbox"]).success);
}

#[test]
fn deep_nesting_and_repeated_names_are_imported_or_refused() {
    let deep = |open: &str, close: &str| {
        format!("{{\"title\":\"x\",\"a\":{}1{}}}", open.repeat(50_000), close.repeat(50_000))
    };
    let html = |tag: &str| {
        serde_json::json!({"title": "x", "content_html": format!("{}甲", tag.repeat(20_000))}).to_string()
    };
    let keys = format!(
        "{{\"title\":\"x\",{}\"a\":{{{}\"k\":1}}}}",
        "\"k\":1,".repeat(20_000),
        "\"k\":1,".repeat(20_000)
    );
    let columns = format!("title{}\nx{}\n", ",".repeat(5000), ",v".repeat(5000));
    let inputs = [
        ("a.json", deep("[", "]")),
        ("a.json", deep("{\"a\":", "}")),
        ("a.json", "{\"a\":[".repeat(20_000)),
        ("a.json", format!("{}{{}}{}", "{\"a\":[".repeat(20_000), "]}".repeat(20_000))),
        ("a.json", html("<b>")),
        ("a.json", html("<table><tr><td>")),
        ("a.json", html("<div>")),
        ("a.json", html("<ul><li>")),
        ("a.json", html("<script>")),
        ("a.txt", format!("标题: x\n来源: {}", " 来源：x".repeat(50_000))),
        ("a.txt", "```json\n{}\n```\n".repeat(20_000)),
        ("a.json", keys),
        ("a.csv", columns),
        ("a.txt", format!("标题: x\n链接: {}", "https://e.org/a ".repeat(40_000))),
        ("a.txt", format!("标题: x\n链接: https://e.org/{}", "()".repeat(100_000) + &")".repeat(100_000))),
        ("a.md", format!("---\ntitle: x\na: {}{}\n---\n", "[".repeat(50_000), "]".repeat(50_000))),
        (
            "a.xml",
            format!(
                "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>x</title><id>x</id><entry><id>1</id><title type=\"html\">{}</title></entry></feed>",
                "&lt;a".repeat(200_000)
            ),
        ),
    ];
    for (name, text) in inputs {
        let digest = Digest::new().file(name, &text);
        let arguments =
            if name == "a.md" { vec!["import", "--from", "hugo", name] } else { vec!["import", name] };
        let outcome = digest.run(&arguments);
        assert!(matches!(outcome.code, 0 | 1), "{} {}: {}", outcome.code, &text[..60], outcome.stderr);
        assert!(digest.run(&["build"]).success, "{}", &text[..60]);
    }
}

#[test]
fn a_full_disk_leaves_no_partial_article() {
    let text = format!("标题: 大\n链接: https://e.org/9\n总结: {}\n", "字。".repeat(3000));
    let digest = Digest::new().file("in.txt", text);
    let command = format!("trap '' XFSZ; ulimit -f 2; {} import in.txt", crate::driver::newsprint());
    let outcome =
        std::process::Command::new("bash").args(["-c", &command]).current_dir(digest.path("")).output();
    // The limit on file sizes needs bash; without it the test is skipped.
    let Ok(outcome) = outcome else { return };
    assert_eq!(outcome.status.code(), Some(1), "{}", String::from_utf8_lossy(&outcome.stderr));
    assert!(super::files(&digest).is_empty());
    assert!(digest.run(&["import", "in.txt"]).success);
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_planted_links() {
    let digest = Digest::new().file("in.txt", "标题: 甲\n总结: 一。\n").file("victim", "mine");
    std::fs::create_dir_all(digest.path("content/articles")).unwrap();
    std::os::unix::fs::symlink(digest.path("victim"), digest.path("content/articles/甲.md")).unwrap();
    digest.run(&["import", "in.txt"]);
    assert_eq!(digest.read("victim"), "mine");
}
