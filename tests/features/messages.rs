//! The language of messages: Chinese or English, by option, variable or locale.

use std::process::Command;

use crate::driver::{Digest, Outcome, newsprint};

const WRONG: &str = "title: 甲\ndate: 昨天\n";

fn run(digest: &Digest, arguments: &[&str], variables: &[(&str, &str)]) -> Outcome {
    let mut command = Command::new(newsprint());
    command.args(arguments).current_dir(digest.path(""));
    for name in ["NEWSPRINT_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"] {
        command.env_remove(name);
    }
    let output = command.envs(variables.iter().copied()).output().unwrap();
    Outcome {
        success: output.status.success(),
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// True for messages in Chinese. (English help has Han, too: `2026年11月23日`.)
fn is_chinese(text: &str) -> bool {
    ["错误", "警告", "写入", "检查"].iter().any(|word| text.contains(word))
}

#[test]
fn the_option_goes_before_the_variable_and_the_variable_before_the_locale() {
    let digest = Digest::new().article("a", WRONG, "文");
    let is_chinese = |arguments: &[&str], variables: &[(&str, &str)]| {
        is_chinese(&run(&digest, &[&["build"], arguments].concat(), variables).stderr)
    };
    assert!(!is_chinese(&[], &[]));
    assert!(is_chinese(&[], &[("LANG", "zh_CN.UTF-8")]));
    assert!(!is_chinese(&[], &[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "C")]));
    assert!(!is_chinese(&[], &[("LANG", "zh_CN.UTF-8"), ("NEWSPRINT_LANG", "en")]));
    assert!(is_chinese(&[], &[("NEWSPRINT_LANG", "zh-CN")]));
    assert!(is_chinese(&["--lang", "zh-CN"], &[("NEWSPRINT_LANG", "en")]));
    assert!(!is_chinese(&["--lang=en"], &[("NEWSPRINT_LANG", "zh-CN")]));
}

#[test]
fn a_chinese_error_has_the_place_the_caret_and_the_help() {
    let digest = Digest::new().article("a", WRONG, "文").article("b", "titel: 乙\n", "文");
    insta::assert_snapshot!(run(&digest, &["build", "--lang", "zh-CN"], &[]).stderr);
}

#[test]
fn a_chinese_report_of_a_build_is_chinese() {
    let digest = Digest::with_articles(2);
    let built = run(&digest, &["build", "--lang", "zh-CN"], &[]);
    assert!(built.success && is_chinese(&built.stdout) || is_chinese(&built.stderr), "{}", built.stdout);
}

#[test]
fn the_site_has_the_same_bytes_in_both_languages() {
    let digest = Digest::with_articles(3).article("x", "title: 乙\ndraft: true\nunknown: 1\n", "文 <b>x</b>");
    let english = digest.copy();
    assert!(run(&digest, &["build", "--lang", "zh-CN"], &[]).success);
    assert!(run(&english, &["build", "--lang", "en"], &[]).success);
    assert_eq!(crate::driver::tree(&digest.path("public")), crate::driver::tree(&english.path("public")));
}

#[test]
fn a_cached_warning_comes_back_in_the_language_of_the_run() {
    let digest = Digest::new().article("a", "title: 甲\nunknown: 1\n", "文");
    for tag in ["en", "zh-CN", "zh-CN", "en"] {
        let built = run(&digest, &["build", "--lang", tag], &[]);
        assert!(built.success, "{}", built.stderr);
        assert_eq!(is_chinese(&built.stderr), tag == "zh-CN", "{tag}: {}", built.stderr);
        assert!(built.stderr.contains("unknown"), "{tag}: {}", built.stderr);
    }
}

#[test]
fn json_has_the_same_keys_and_codes_in_both_languages() {
    let digest = Digest::new().article("a", "title: 甲\nlink: https://example.org/\n", "[x](/nowhere/)");
    let report = |tag: &str| -> serde_json::Value {
        serde_json::from_str(&run(&digest, &["check", "--json", "--lang", tag], &[]).stdout).unwrap()
    };
    let (english, chinese) = (report("en"), report("zh-CN"));
    let codes = |report: &serde_json::Value| -> Vec<serde_json::Value> {
        let found = report["findings"].as_array().unwrap();
        found.iter().map(|found| found["code"].clone()).collect()
    };
    assert!(!codes(&english).is_empty(), "{english}");
    assert_eq!(codes(&english), codes(&chinese));
    assert_eq!(english.as_object().unwrap().keys().count(), chinese.as_object().unwrap().keys().count());
    assert_ne!(english["findings"][0]["message"], chinese["findings"][0]["message"]);
}

#[test]
fn chinese_help_has_no_english_sentence() {
    let digest = Digest::bare();
    let names = ["init", "new", "import", "fetch", "build", "serve", "check", "deploy", "announce", "terms"];
    for name in names {
        let help = run(&digest, &[name, "--help", "--lang", "zh-CN"], &[]);
        assert!(help.success, "{}", help.stderr);
        for line in help.stdout.lines().filter(|line| !line.trim_start().starts_with("newsprint ")) {
            let words: Vec<&str> = line.split_whitespace().collect();
            let is_word = |word: &&str| word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase());
            let sentence = words.windows(4).find(|four| four.iter().all(is_word));
            assert!(sentence.is_none(), "{name}: {line}");
        }
    }
}

#[test]
fn mistakes_on_the_command_line_are_explained_in_chinese() {
    let digest = Digest::bare();
    for (arguments, wanted) in [
        (&["buidl"][..], "build"),
        (&["build", "--basurl", "x"], "--base-url"),
        (&["new"], "TITLE"),
        (&["import", "x", "--format", "cvs"], "csv"),
        (&["publish"], "newsprint deploy"),
        (&["build", "--lang", "fr"], "zh-CN"),
    ] {
        let outcome = run(&digest, arguments, &[("NEWSPRINT_LANG", "zh-CN")]);
        assert_eq!(outcome.code, 2, "{arguments:?}: {}", outcome.stderr);
        assert!(is_chinese(&outcome.stderr), "{arguments:?}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(wanted), "{arguments:?}: {}", outcome.stderr);
        assert!(!outcome.stderr.contains("error:"), "{arguments:?}: {}", outcome.stderr);
    }
}

#[test]
fn manual_pages_completions_and_stages_are_in_the_language_of_messages() {
    let digest = Digest::with_articles(1);
    for (arguments, wanted) in
        [(&["man"][..], "构建网站"), (&["completions", "zsh"], "构建网站"), (&["build", "-v"], "搜索索引")]
    {
        let chinese = run(&digest, arguments, &[("NEWSPRINT_LANG", "zh-CN")]);
        assert!((chinese.stdout + &chinese.stderr).contains(wanted), "{arguments:?}");
        let english = run(&digest, arguments, &[("NEWSPRINT_LANG", "en")]);
        assert!(!(english.stdout + &english.stderr).contains(wanted), "{arguments:?}");
    }
    let report: serde_json::Value =
        serde_json::from_str(&run(&digest, &["build", "--json", "--lang", "zh-CN"], &[]).stdout).unwrap();
    assert_eq!(report["stages"][0][0], "inputs");
}

#[test]
fn numbers_that_are_no_numbers_are_explained_in_chinese() {
    let digest = Digest::with_articles(1);
    for value in ["x", "99999", "-1", "1.5", ""] {
        let outcome = run(&digest, &["serve", &format!("--port={value}")], &[("NEWSPRINT_LANG", "zh-CN")]);
        assert!(outcome.code == 2 && outcome.stderr.contains("整数"), "{value}: {}", outcome.stderr);
    }
}
