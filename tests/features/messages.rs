//! What the program says about the mistakes that people make first: what is wrong, where, and what
//! to write instead.

use crate::driver::{Digest, Outcome};

/// Runs a command that has to fail, and returns what it says.
fn says(digest: &Digest, arguments: &[&str]) -> String {
    let outcome: Outcome = digest.run(arguments);
    assert_ne!(outcome.code, 0, "{}", outcome.stderr);
    outcome.stderr
}

/// True if `stderr` has one error and no warning.
fn is_one_error(stderr: &str) -> bool {
    stderr.matches("error: ").count() == 1 && !stderr.contains("warning")
}

#[test]
fn a_folder_without_a_digest_is_named_by_one_message() {
    let digest = Digest::bare();
    let stderr = says(&digest, &["build"]);
    assert!(stderr.contains("error: there is no digest in this folder"), "{stderr}");
    assert!(is_one_error(&stderr) && !stderr.contains("os error"), "{stderr}");
    let stderr = says(&digest, &["-r", "nowhere", "build"]);
    assert!(stderr.contains("error: there is no folder `nowhere`"), "{stderr}");
    assert!(is_one_error(&stderr) && !stderr.contains("newsprint.yaml"), "{stderr}");
}

#[test]
fn a_configuration_with_another_ending_is_named() {
    for name in ["newsprint.yml", "Newsprint.yaml", "newsprint.yaml.txt", ".newsprint.yaml"] {
        let digest = Digest::bare().file(name, "title: x\n");
        let stderr = says(&digest, &["build"]);
        let help = format!("there is a file {name}: rename it to newsprint.yaml");
        assert!(stderr.contains(&help), "{stderr}");
    }
}

#[test]
fn a_chinese_comma_in_brackets_is_named_at_its_place() {
    for (fields, place, sign) in [
        ("title: x\nkeywords: [\"a\"，\"b\"]\n", "3:15", "，"),
        ("title: x\nkeywords: ['a'、'b']\n", "3:15", "、"),
    ] {
        let digest = Digest::new().file("content/articles/a.md", format!("---\n{fields}---\n"));
        let stderr = digest.build_fails();
        assert!(stderr.contains(&format!("a.md:{place}")), "{stderr}");
        assert!(stderr.contains(&format!("error: `{sign}` is a Chinese")), "{stderr}");
        assert!(stderr.contains("write `, `"), "{stderr}");
    }
}

#[test]
fn a_file_of_one_field_with_a_full_width_colon_is_named() {
    let digest = Digest::new().file("content/articles/a.md", "---\ntitle：x\n---\n");
    let stderr = digest.build_fails();
    assert!(stderr.contains("this field is written with a full-width colon"), "{stderr}");
    assert!(stderr.contains("a.md:2:6"), "{stderr}");
}

#[test]
fn spaces_that_are_missing_or_full_width_are_named() {
    for (fields, place, message, help) in [
        ("title:标题", "2:6", "error: there is no space after this colon", "write `title: …`"),
        (
            "title:标题\ndate: 2024-01-01",
            "2:6",
            "error: there is no space after this colon",
            "write `title: …`",
        ),
        (
            "title: 标题\nkeywords:\n　- 甲\n　- 乙",
            "4:1",
            "error: this line is indented with a full-width",
            "half-width",
        ),
        ("title: 标题\n　source: 甲", "3:1", "warning: unknown field", "delete the full-width space"),
        (
            "title: 标题\nkeywords:\n  -甲\n  -乙",
            "4:3",
            "warning: `-甲` is not an item of a list",
            "write `- 甲`",
        ),
    ] {
        let digest = Digest::new().file("content/articles/a.md", format!("---\n{fields}\n---\n"));
        let stderr = digest.run(&["build"]).stderr;
        for part in [&format!("a.md:{place}"), message, help] {
            assert!(stderr.contains(part), "{part}: {stderr}");
        }
    }
}

#[test]
fn words_that_yaml_leaves_out_of_a_value_are_reported_with_their_place() {
    for (field, place, message) in [
        ("title: C# 发布 #1", "2:14", "`#1` is not part of the value"),
        ("title: &x 发布", "2:8", "`&x` is not part of the value"),
        ("title: !abc 发布", "2:8", "`!abc` is not part of the value"),
        ("title: 标题\nkeywords: #甲 #乙", "3:11", "`#甲 #乙` is not part of the value"),
    ] {
        let digest = Digest::new().file("content/articles/a.md", format!("---\n{field}\n---\n"));
        let stderr = digest.build().stderr;
        assert!(stderr.contains(&format!("a.md:{place}")), "{stderr}");
        assert!(stderr.contains(&format!("warning: {message}")), "{stderr}");
        assert!(stderr.contains("put the whole value in quotes"), "{stderr}");
    }
    let digest = Digest::new().file("content/articles/a.md", "---\ntitle: 标题 # 注释\n---\n");
    assert!(!digest.build().stderr.contains("warning"), "a comment");
}

#[test]
fn lines_that_begin_in_different_columns_are_both_named() {
    let digest = Digest::new().configured("feeds:\n limit: 3\n  terms: on\n");
    let stderr = digest.build_fails();
    assert!(stderr.contains("lines of one mapping or list begin in the same column"), "{stderr}");
    assert!(stderr.contains("after 1 space, line") && stderr.contains("after 2 spaces"), "{stderr}");
    assert!(!stderr.contains("yaml.org"), "{stderr}");
    let digest = Digest::new().file("content/terms.yaml", "keywords:\n  - name: a\n     slug: b\n");
    let stderr = digest.build_fails();
    assert!(stderr.contains("line 2 after 4 spaces, line 3 after 5 spaces"), "{stderr}");
}

#[test]
fn a_setting_that_is_neither_on_nor_off_is_told_these_words() {
    for setting in ["stories: maybe", "trends: 是", "outputs: {json: 2}"] {
        let digest = Digest::new().configured(&format!("{setting}\n"));
        let stderr = digest.build_fails();
        assert!(stderr.contains("has to be `on` or `off`"), "{stderr}");
    }
}

#[test]
fn an_unknown_field_of_a_term_is_marked_itself() {
    let digest = Digest::new().file("content/terms.yaml", "keywords:\n  - name: a\n    alias: b\n");
    let outcome = digest.build();
    assert!(outcome.stderr.contains("terms.yaml:3:5"), "{}", outcome.stderr);
}

#[test]
fn an_address_instead_of_a_file_is_answered_with_a_command() {
    let digest = Digest::new();
    for url in ["https://x.example.net/feed.xml", "http://x.example.net/a.json"] {
        let stderr = says(&digest, &["import", url]);
        assert!(stderr.contains(&format!("`curl {url} | newsprint import -`")), "{stderr}");
        assert!(!stderr.contains("os error") && !stderr.contains("--root"), "{stderr}");
    }
}

#[test]
fn a_title_without_quotes_is_shown_in_quotes() {
    let digest = Digest::new();
    let stderr = says(&digest, &["new", "OpenAI", "发布新模型"]);
    assert!(stderr.contains("`newsprint new \"OpenAI 发布新模型\"`"), "{stderr}");
}

#[test]
fn a_new_article_takes_its_date_link_and_draft_mark_from_the_options() {
    let digest = Digest::new();
    let arguments = ["new", "--date", "2026-03-07", "--link", "https://a.cn/1", "--draft", "一"];
    let outcome = digest.run(&arguments);
    assert!(outcome.success, "{}", outcome.stderr);
    let text = digest.read("content/articles/2026-03-07-一.md");
    assert!(
        text.starts_with("---\ntitle: 一\nlink: https://a.cn/1\ndate: 2026-03-07\ndraft: true\n"),
        "{text}"
    );
    let stderr = says(&digest, &["new", "--date", "昨天", "--link", "x y", "二"]);
    assert!(stderr.contains("--date: ") && stderr.contains("--link: "), "{stderr}");
    assert!(!stderr.contains("  created "), "{stderr}");
}

#[test]
fn commands_of_other_generators_are_answered_with_ours() {
    let digest = Digest::new();
    for (written, tip) in [
        ("publish", "newsprint deploy"),
        ("clean", "there is nothing to clean"),
        ("server", "newsprint serve"),
        ("generate", "newsprint build"),
        ("post", "newsprint new"),
        ("lint", "newsprint check"),
    ] {
        let outcome = digest.run(&[written]);
        assert_eq!(outcome.code, 2);
        assert!(
            outcome.stderr.contains(&format!("unrecognized subcommand '{written}'")),
            "{}",
            outcome.stderr
        );
        assert!(outcome.stderr.contains(tip), "{}", outcome.stderr);
    }
    // A misspelt command keeps the suggestion of the parser.
    assert!(digest.run(&["biuld"]).stderr.contains("'build'"));
}

#[test]
fn a_deployment_reports_everything_that_is_wrong_at_once() {
    let digest = Digest::bare();
    assert!(digest.run(&["init", "."]).success);
    let stderr = says(&digest, &["deploy"]);
    assert!(stderr.contains("`base_url` is https://example.org/"), "{stderr}");
    assert!(stderr.contains("this folder is not a git repository"), "{stderr}");
    assert!(stderr.contains("git init"), "{stderr}");
    let stderr = says(&digest, &["deploy", "-u", "https://me.example.net/"]);
    assert!(stderr.contains("`--base-url` is https://me.example.net/"), "{stderr}");
    assert!(!stderr.contains("newsprint.yaml"), "{stderr}");
    let stderr = says(&digest, &["deploy", "-u", "https://a.github.io/", "--remote", "./no.git"]);
    assert!(stderr.contains("there is no git repository at `./no.git`"), "{stderr}");
}

#[test]
fn a_deployment_of_a_folder_without_a_digest_says_so() {
    let stderr = says(&Digest::bare(), &["deploy"]);
    assert!(stderr.contains("there is no digest in this folder"), "{stderr}");
    assert!(!stderr.contains("localhost"), "{stderr}");
}

#[test]
fn the_place_of_a_whole_file_is_indented_as_others_are() {
    let stderr = says(&Digest::bare(), &["build"]);
    assert!(stderr.contains("\n --> newsprint.yaml\n"), "{stderr}");
}

#[test]
fn a_taxonomy_that_is_not_known_is_marked_at_its_name() {
    for line in ["关键词: [{name: a}]", "foo: [{name: a}]", "foo:\n  - name: a"] {
        let stderr = Digest::new().file("content/terms.yaml", format!("{line}\n")).build_fails();
        assert!(stderr.contains("content/terms.yaml:1:1\n"), "{stderr}");
    }
}

#[test]
fn a_place_in_a_long_line_has_its_column() {
    let body = format!("{}[乙](#none)", "很长的一行。".repeat(20));
    let digest = Digest::new().article("x", "title: x\ndate: 2024-01-01\n", &body);
    digest.build();
    let said = digest.run(&["check"]);
    let said = said.stdout + &said.stderr;
    let line =
        digest.read("content/articles/x.md").lines().position(|line| line.contains("#none")).unwrap() + 1;
    assert!(said.contains(&format!("content/articles/x.md:{line}:125\n")), "{said}");
}
