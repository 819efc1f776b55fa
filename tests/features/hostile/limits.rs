//! Files, bodies, terms and templates that would exhaust memory, stack or time without limits.

use std::time::{Duration, Instant};

use crate::driver::Digest;

/// A built digest with one valid article, to which a test adds a hostile file.
fn published() -> Digest {
    let digest = Digest::new().article("good", "title: 好\nkeywords: [共同]\n", "好。");
    digest.build();
    digest
}

/// Asserts that a build fails within 60 s with these messages in less than 5,000 bytes, and does
/// not change the site. Other tests assert no times; here 60 s distinguish a limit from no limit.
fn assert_refused(digest: &Digest, expected: &[&str]) {
    let before = digest.site();
    let started = Instant::now();
    let message = digest.build_fails();
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
    for part in expected {
        assert!(message.contains(part), "{part} in {message}");
    }
    assert!(message.len() < 5000, "{} bytes", message.len());
    assert_eq!(digest.site(), before);
}

#[test]
fn yaml_alias_bombs_are_refused() {
    let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
    for level in 1..12 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(",");
        bomb.push_str(&format!("  a{level}: &a{level} [{aliases}]\n"));
    }
    let digest = published().article("bad", &format!("title: 坏\nextra:\n  {bomb}"), "");
    assert_refused(&digest, &["content/articles/bad.md:", "its aliases (`*name`) expand to too much text"]);
    let digest = published().configured(&format!("extra:\n  {bomb}"));
    assert_refused(&digest, &["newsprint.yaml:", "its aliases (`*name`) expand to too much text"]);
}

#[test]
fn deeply_nested_yaml_is_refused() {
    let digest = published().article("list", &format!("title: {}\n", "[".repeat(100_000)), "").article(
        "map",
        &format!("title: {}\n", "{a: ".repeat(100_000)),
        "",
    );
    assert_refused(&digest, &["articles/list.md:2:", "articles/map.md:2:", "brackets are nested too deep"]);
}

#[test]
fn articles_with_400000_terms_are_refused() {
    let terms: Vec<String> = (0..400_000).map(|n| format!("{n:x}")).collect();
    let digest = published()
        .article("flow", &format!("title: 甲\nkeywords: [{}]\n", terms.join(",")), "")
        .article("text", &format!("title: 乙\nindustries: {}\n", terms.join(",")), "");
    assert_refused(
        &digest,
        &[
            "flow.md:3:",
            "this article has 400000 keywords",
            "this article has 400000 industries",
            "and at most 1000 are allowed",
        ],
    );
}

#[test]
fn a_file_of_100_mb_is_refused() {
    let digest = published();
    digest.write("content/articles/big.md", "---\ntitle: 大\n---\n".to_owned() + &"x".repeat(100 << 20));
    assert_refused(
        &digest,
        &["content/articles/big.md", "it is larger than the 4096 KB that are allowed", "file_kb"],
    );
}

#[test]
fn deeply_nested_markdown_and_html_is_refused() {
    let digest = published()
        .article("quotes", "title: 甲\n", &"> ".repeat(10_000))
        .article("lists", "title: 乙\nhtml: sanitize\n", &("- ".repeat(10_000) + "a"))
        .article("html", "title: 丙\nhtml: sanitize\n", &"<div>".repeat(30_000));
    assert_refused(
        &digest,
        &["quotes.md:5:", "lists.md:6:", "nested more than 100 elements deep", "too much HTML to sanitize"],
    );
}

#[test]
fn texts_with_quadratic_worst_cases_build_within_a_minute() {
    let n = 300_000;
    let digest = published()
        .article("a", "title: 甲\n", &"[".repeat(n))
        .article("b", "title: 乙\n", &"[a](".repeat(n / 4))
        .article("c", "title: 丙\n", &"*a **a ".repeat(n / 7))
        .article("d", "title: 丁\n", &"<!--".repeat(n / 4))
        .article("e", "title: 戊\n", &(1..700).map(|n| "`".repeat(n) + " ").collect::<String>())
        .article("f", "title: 己\n", &"[^a]".repeat(n / 4))
        .article("g", "title: 庚\n", &("|".repeat(n / 2) + "\n" + &"|-".repeat(n / 4)))
        .article("h", "title: 辛\n", &"，*".repeat(n / 4));
    let started = Instant::now();
    digest.build();
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
}

#[test]
fn endless_templates_are_stopped() {
    let many =
        "{% for i in range(end=100000) %}{% for j in range(end=100000) %}{% for k in range(end=100000) %}";
    let ends = "{% endfor %}{% endfor %}{% endfor %}";
    let silent = published()
        .file("templates/article.html", format!("{many}{ends}"))
        .configured("limits: {seconds: 1}");
    assert_refused(
        &silent,
        &["rendering `articles/good/index.html` takes longer than 1 s", "limits: {seconds: …}"],
    );
    let loud = published().file("templates/article.html", format!("{many}xxxxxxxx{ends}"));
    assert_refused(
        &loud,
        &["this template writes more bytes than a page may have", "templates/article.html"],
    );
    let card = published().file("templates/parts/card.html", format!("{many}xxxxxxxx{ends}"));
    assert_refused(
        &card,
        &["this template writes more bytes than a page may have", "templates/parts/card.html"],
    );
}

#[test]
fn deeply_nested_and_numerous_templates_are_refused() {
    let branches = published().file(
        "templates/page.html",
        "{% if false %}".to_owned() + &"{% elif false %}".repeat(5000) + "{% endif %}",
    );
    assert_refused(&branches, &["templates/page.html:1:", "more than 500 `elif`s"]);
    let mut chain = published();
    for n in 0..300 {
        chain = chain.file(&format!("templates/t{n}.html"), format!("{{% include \"t{}.html\" %}}", n + 1));
    }
    let chain =
        chain.file("templates/t300.html", "").file("templates/page.html", "{% include \"t0.html\" %}");
    assert_refused(&chain, &["a chain of more than 30 templates that include or extend one another"]);
    let many = published().file("templates/t.html", "{{ 1 }}".repeat(1_000_000));
    assert_refused(&many, &["this theme has", "at most 1000 templates with 4096 KB in total"]);
}

#[test]
fn an_article_with_too_much_html_is_named() {
    let digest =
        published().article("bad", "title: 坏\n", &("[^a]: x\n\n".to_owned() + &"[^a]".repeat(200_000)));
    assert_refused(&digest, &["content/articles/bad.md:5:", "KB of HTML, and 4096 KB are allowed"]);
    // Feeds have a lower limit than pages, since a feed holds 20 articles: this body is left out.
    let long = published().article("2026-01-01-long", "title: 长\n", &"一段很长的正文。\n\n".repeat(20_000));
    long.build();
    assert!(long.page("feed.xml").len() < 100_000);
}

#[test]
fn limits_can_be_configured_within_bounds() {
    let terms: Vec<String> = (0..20).map(|n| format!("t{n}")).collect();
    let digest =
        Digest::new().article("a", &format!("title: 甲\nkeywords: [{}]\n", terms.join(", ")), "> > 乙");
    digest.build();
    let strict = digest.configured("limits: {terms: 10, nesting: 1, file_kb: 1}");
    let errors = strict.build_fails();
    assert!(
        errors.contains("this article has 20 keywords") && errors.contains("more than 1 elements deep"),
        "{errors}"
    );
    let beyond = Digest::new().configured("limits: {nesting: 100000}").build_fails();
    assert!(beyond.contains("a whole number from 1 to 500"), "{beyond}");
}

#[cfg(unix)]
#[test]
fn named_pipes_are_not_read() {
    let digest = published();
    for path in ["content/articles/pipe.md", "static/pipe", "templates/pipe.html"] {
        let path = digest.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
    }
    digest.build();
    digest.remove("newsprint.yaml");
    assert!(
        std::process::Command::new("mkfifo").arg(digest.path("newsprint.yaml")).status().unwrap().success()
    );
    assert_refused(&digest, &["the configuration cannot be read: it is not a regular file"]);
}

#[test]
fn crossings_count_towards_a_limit_that_names_their_articles() {
    let terms = |prefix: &str, count: usize| {
        let names: Vec<String> = (0..count).map(|n| format!("{prefix}{n}")).collect();
        names.join(", ")
    };
    let digest = |count: usize| {
        (0..3).fold(published(), |digest, n| {
            let (first, second) = (terms("术", count), terms("业", count));
            let front = format!("title: 题{n}\nai_technologies: [{first}]\nindustries: [{second}]\n");
            digest.article(&format!("many{n}"), &front, "文。")
        })
    };
    assert_refused(
        &digest(50),
        &[
            "make 2500 crossings; the limit is 2000",
            "content/articles/many0.md (2500)",
            "limits: {crossings: …}",
        ],
    );
    assert_refused(&digest(2).configured("limits: {crossings: 3}"), &["make 4 crossings; the limit is 3"]);
    digest(2).configured("limits: {crossings: 4}").build();
}

#[test]
fn a_value_of_a_megabyte_is_quoted_in_part() {
    let digest = published().article("bad", &format!("title: 坏\ndate: {}\n", "某日".repeat(200_000)), "");
    assert_refused(&digest, &["content/articles/bad.md:3:7", "is not a date", "3 | date: 某日"]);
    let outcome = digest.run(&["build", "--json"]);
    assert!(outcome.stdout.len() < 6000, "{} bytes", outcome.stdout.len());
    let aliases = "甲, ".repeat(100_000);
    let digest = published().file("content/terms.yaml", format!("keywords: {{{aliases}}}\n"));
    let message = digest.build_fails();
    assert!(message.len() < 100_000, "{} bytes", message.len());
}

#[test]
fn an_entry_of_the_registry_has_a_bounded_number_of_diagnostics() {
    let fields: Vec<String> = (0..30).map(|n| format!("x{n}: 1")).collect();
    let digest = published().file(
        "content/terms.yaml",
        format!("keywords:\n  - {{name: 甲, {}, aliases: [{}]}}\n", fields.join(", "), "[], ".repeat(30)),
    );
    let outcome = digest.run(&["build", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    let messages: Vec<&str> = report["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|found| found["message"].as_str().unwrap())
        .collect();
    let count = |part: &str| messages.iter().filter(|message| message.contains(part)).count();
    assert_eq!(count("`aliases` of the term `甲` has to be a list of names"), 20);
    assert_eq!(count("30 fields of the term `甲` are unknown; the first 20 are shown"), 1);
}
