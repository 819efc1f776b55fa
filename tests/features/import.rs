//! Records become article files, once, and read as they were written.

use crate::driver::Digest;

/// The layout of the record that the project started from, in words of our own.
const RECORD: &str = "标题: 某公司发布“小星”模型 是否开源引关注\n链接: https://news.example.com/s?id=17&wfr=spider&for=pc\n\
总结: 某公司今天发布了名为小星的模型。负责人在发布会上说：“我们会开放权重。但训练数据不会公开。”这句话引来了很多讨论。\
一位研究者指出，开放权重与开源不是一回事：没有数据和代码，就无法重现训练。另一位则认为，这已经比多数同行走得更远。\
按照计划，模型会在下个月提供下载，*许可证*允许商用，价格为 1. 免费 2. 付费两档。举报/反馈\n\
关键词: 某公司,  小星,  开源\nAI技术: 小星, 脑机接口,  通用人工智能(AGI)\n行业: 人工智能, 软件开发, 搜索引擎\n重大事件摘要: 某公司发布小星模型，承诺开放权重但不公开数据。\n";

fn files(digest: &Digest) -> Vec<String> {
    let folder = digest.path("content/articles");
    let mut files: Vec<String> = crate::driver::tree(&folder).into_keys().collect();
    files.sort();
    files
}

#[test]
fn a_record_becomes_an_article_that_reads_as_written() {
    let digest = Digest::new().file("in.txt", RECORD);
    let outcome = digest.run(&["import", "in.txt", "--date", "2026-11-23"]);
    assert!(outcome.success, "{}", outcome.stderr);
    insta::assert_snapshot!(digest.read(&format!("content/articles/{}", files(&digest)[0])));
    assert!(digest.run(&["build", "--strict"]).success);
    let main = digest.main("articles/某公司发布-小星-模型-是否开源引关注/index.html");
    assert!(main.contains("*许可证*允许商用，价格为 1. 免费 2. 付费两档。</p>"), "{main}");
    assert!(!main.contains("举报") && main.contains("重大事件"), "{main}");
}

#[test]
fn importing_again_writes_nothing_and_overwrites_nothing() {
    let digest = Digest::new().file("in.txt", RECORD);
    digest.run(&["import", "in.txt", "--date", "2026-11-23"]);
    let path = format!("content/articles/{}", files(&digest)[0]);
    let edited = digest.read(&path).replace("是否开源引关注", "已被编辑");
    digest.write(&path, &edited);
    digest.write("again.txt", RECORD.replace("&wfr=spider&for=pc", "&utm_source=x#top"));
    let outcome = digest.run(&["import", "again.txt"]);
    assert!(
        outcome.success && outcome.stderr.contains("0 articles imported, 1 already there"),
        "{}",
        outcome.stderr
    );
    assert_eq!(files(&digest).len(), 1);
    assert_eq!(digest.read(&path), edited);
}

#[test]
fn several_records_in_a_file_and_records_without_a_link_are_told_apart() {
    let text = "标题: 日报\n总结: 甲。\n\n标题: 日报\n总结: 乙。\n";
    let digest = Digest::new().file("in.txt", text);
    let outcome = digest.run(&["import", "in.txt", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(report["imported"].as_array().unwrap().len(), 2, "{}", outcome.stdout);
    assert_eq!(report["undated"], 2);
    digest.build();
    let again = digest.run(&["import", "in.txt"]);
    assert!(again.stderr.contains("2 already there"), "{}", again.stderr);
}

#[test]
fn what_cannot_be_read_is_reported_and_the_rest_is_imported() {
    let text = "模型的开场白\n标题: 坏链接\n链接: javascript:alert(1)\n\n标题:\n总结: 没有标题\n\n标题: 坏日期\n日期: 昨天\n\n标题: 好\n总结: 正文。\n";
    let digest = Digest::new().file("in.txt", text);
    let outcome = digest.run(&["import", "in.txt"]);
    assert_eq!(outcome.code, 1);
    assert_eq!(files(&digest), ["好.md"]);
    insta::assert_snapshot!(outcome.stderr);
}

#[test]
fn articles_go_only_where_they_are_read() {
    let digest = Digest::new().file("in.txt", RECORD);
    for folder in ["../x", "/tmp/x", "content/pages", "static", "content/articles/../../x"] {
        let outcome = digest.run(&["import", "in.txt", "--into", folder]);
        assert_eq!(outcome.code, 1, "{folder}");
        assert!(outcome.stderr.contains("--into"), "{}", outcome.stderr);
    }
    assert!(digest.run(&["import", "in.txt", "--into", "content/articles/2026"]).success);
    assert!(digest.exists("content/articles/2026"));
}

#[test]
fn a_file_that_is_not_utf8_or_not_there_is_an_error() {
    let digest = Digest::new().file("gbk.txt", b"\xB1\xEA\xCC\xE2: x");
    let outcome = digest.run(&["import", "gbk.txt", "none.txt"]);
    assert_eq!(outcome.code, 1);
    assert!(
        outcome.stderr.contains("byte 0 is 0xB1") && outcome.stderr.contains("none.txt"),
        "{}",
        outcome.stderr
    );
}

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
fn an_undated_record_is_not_dated_by_the_name_of_its_file() {
    let digest =
        Digest::new().file("in.txt", "标题: 2026-11-23 发布会\n总结: 甲。\n\n标题: 发布会\n总结: 乙。\n");
    assert!(digest.run(&["import", "in.txt"]).success);
    digest.build();
    assert!(digest.main("archive/undated/index.html").contains("2026-11-23 发布会"));
    assert!(!digest.exists("public/2026"));
}

#[test]
fn an_imported_file_that_was_broken_is_neither_imported_again_nor_overwritten() {
    let digest = Digest::new().file("in.txt", RECORD);
    digest.run(&["import", "in.txt", "--date", "2026-11-23"]);
    let path = format!("content/articles/{}", files(&digest)[0]);
    digest.write(&path, digest.read(&path).replace("date: 2026-11-23", "date: 昨天"));
    let outcome = digest.run(&["import", "in.txt"]);
    assert!(outcome.stderr.contains("1 already there"), "{}", outcome.stderr);
    assert_eq!(files(&digest).len(), 1);
}
