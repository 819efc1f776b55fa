//! Repeated imports: unchanged records are skipped, changed records update their articles, edits
//! are kept.

use super::records::RECORD;
use super::{files, report, titles};
use crate::driver::Digest;

#[test]
fn a_second_import_writes_and_overwrites_nothing() {
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
fn a_broken_imported_file_is_neither_imported_again_nor_overwritten() {
    let digest = Digest::new().file("in.txt", RECORD);
    digest.run(&["import", "in.txt", "--date", "2026-11-23"]);
    let path = format!("content/articles/{}", files(&digest)[0]);
    digest.write(&path, digest.read(&path).replace("date: 2026-11-23", "date: 昨天"));
    let outcome = digest.run(&["import", "in.txt"]);
    assert!(outcome.stderr.contains("1 already there"), "{}", outcome.stderr);
    assert_eq!(files(&digest).len(), 1);
}

/// The path of the first article file.
fn path(digest: &Digest) -> String {
    format!("content/articles/{}", files(digest)[0])
}

#[test]
fn a_changed_record_updates_its_article_in_place() {
    let digest = Digest::new().file("in.txt", RECORD);
    digest.run(&["import", "in.txt", "--date", "2026-11-23"]);
    let before = path(&digest);
    digest.write("in.txt", RECORD.replace("下个月", "明年"));
    let plan = report(&digest, &["in.txt", "--date", "2026-11-24", "--dry-run"]);
    assert_eq!(plan["updated"][0]["file"], before.as_str(), "{plan:#}");
    assert!(digest.read(&before).contains("下个月"));
    let found = report(&digest, &["in.txt", "--date", "2026-11-24"]);
    assert_eq!((found["updated"].as_array().unwrap().len(), files(&digest).len()), (1, 1));
    assert_eq!(path(&digest), before);
    // The date of the first import stays.
    assert!(digest.read(&before).contains("明年") && digest.read(&before).contains("date: 2026-11-23"));
    assert_eq!(report(&digest, &["in.txt"])["skipped"], 1);
}

#[test]
fn an_edited_article_is_kept_and_the_difference_is_shown() {
    let digest = Digest::new().file("in.txt", RECORD);
    digest.run(&["import", "in.txt"]);
    let file = path(&digest);
    let edited = digest.read(&file).replace("某公司今天", "昨天某公司").replace('\n', "\r\n");
    digest.write(&file, &edited);
    // The record is unchanged.
    assert_eq!(report(&digest, &["in.txt"])["skipped"], 1);
    digest.write("in.txt", RECORD.replace("软件开发", "开发工具"));
    let outcome = digest.run(&["import", "in.txt"]);
    assert!(outcome.success && outcome.stdout.contains("edited since it was imported"), "{}", outcome.stdout);
    assert!(
        outcome.stdout.contains("-  - 软件开发") && outcome.stdout.contains("+  - 开发工具"),
        "{}",
        outcome.stdout
    );
    assert_eq!(digest.read(&file), edited);
    let ours = report(&digest, &["in.txt", "--update", "ours"]);
    assert_eq!((ours["kept"].as_array().unwrap().len(), digest.read(&file) == edited), (0, true));
    let theirs = report(&digest, &["in.txt", "--update", "theirs"]);
    assert_eq!(theirs["updated"].as_array().unwrap().len(), 1);
    assert!(digest.read(&file).contains("开发工具") && !digest.read(&file).contains("昨天某公司"));
}

#[test]
fn changed_line_endings_do_not_count_as_an_edit() {
    let digest = Digest::new().file("in.txt", RECORD);
    digest.run(&["import", "in.txt"]);
    let file = path(&digest);
    digest.write(&file, digest.read(&file).replace('\n', "\r\n"));
    digest.write("in.txt", RECORD.replace("软件开发", "开发工具"));
    assert_eq!(report(&digest, &["in.txt"])["updated"].as_array().unwrap().len(), 1);
}

#[test]
fn a_handwritten_article_with_the_same_link_is_not_overwritten() {
    let digest = Digest::new()
        .article("mine", "title: 我写的\nlink: https://news.example.com/s?id=17\n", "正文。")
        .file("in.txt", RECORD);
    let found = report(&digest, &["in.txt", "--update", "theirs"]);
    assert_eq!((found["skipped"].as_u64(), files(&digest)), (Some(1), vec!["mine.md".to_owned()]));
    assert!(digest.read("content/articles/mine.md").contains("我写的"));
}

#[test]
fn different_articles_with_the_same_link_do_not_replace_each_other() {
    let record = |title: &str, text: &str| format!("标题: {title}\n链接: https://e.org/\n总结: {text}\n");
    let digest =
        Digest::new().file("in.txt", record("小星开放权重", "甲。") + &record("芯片出货翻倍", "乙。"));
    let found = report(&digest, &["in.txt"]);
    assert_eq!((found["refused"].as_u64(), found["success"].as_bool()), (Some(1), Some(false)), "{found:#}");
    assert_eq!(found["diagnostics"][0]["place"]["line"], 4);
    digest.write("in.txt", record("量子计算新突破", "丙。"));
    let found = report(&digest, &["in.txt"]);
    assert_eq!(found["kept"].as_array().unwrap().len(), 1, "{found:#}");
    assert_eq!(titles(&digest), ["小星开放权重"]);
}

#[test]
fn the_same_text_under_another_link_is_imported_and_reported() {
    let digest = Digest::new().file("in.txt", RECORD);
    digest.run(&["import", "in.txt"]);
    digest.write("in.txt", RECORD.replace("?id=17", "?id=18"));
    let found = report(&digest, &["in.txt"]);
    assert_eq!(found["imported"].as_array().unwrap().len(), 1);
    assert_eq!(
        found["similar"][0]["like"], "content/articles/某公司发布-小星-模型-是否开源引关注.md",
        "{found:#}"
    );
}

#[test]
fn file_names_are_safe_and_distinct_on_every_file_system() {
    let titles = [
        "ABC",
        "abc",
        "ＡＢＣ",
        "con",
        "../../etc/passwd",
        "a/b\\c",
        "𠮷".repeat(300).as_str(),
        "2026-11-23 x",
        "...",
        "\u{202E}abc",
    ]
    .map(str::to_owned);
    let text: String = titles
        .iter()
        .enumerate()
        .map(|(n, title)| format!("标题: {title}\n链接: https://e.org/{n}\n总结: 甲。\n"))
        .collect();
    let digest = Digest::new().file("in.txt", text);
    let found = report(&digest, &["in.txt", "--date", "2026-11-23"]);
    assert_eq!(found["imported"].as_array().unwrap().len(), titles.len() - 1, "{found:#}");
    let names = files(&digest);
    let folded: std::collections::BTreeSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
    assert_eq!(folded.len(), names.len());
    assert!(names.iter().all(|name| name.len() <= 200 && !name.contains(['/', '\\'])), "{names:?}");
    digest.build();
}
