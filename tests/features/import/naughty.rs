//! Hostile input: nothing panics, nothing hangs, and every string comes through.

use crate::driver::Digest;

#[test]
fn every_naughty_string_comes_through() {
    let list = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/blns.json");
    let naughty: Vec<String> = match std::fs::read_to_string(&list) {
        Ok(text) => serde_json::from_str(&text).unwrap(),
        // The public has no such list; these are of our own making.
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
        if newsprint::fields::clean(&line).is_empty() {
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
fn a_long_file_of_anything_is_read_in_time() {
    // No time is asserted: with 10 what is quadratic would take hours, and with a fifth of one it would be noticed.
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
fn arbitrary_bytes_never_break_the_importer() {
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
