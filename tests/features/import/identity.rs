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
    assert_eq!((found["refused"].as_u64(), found["success"].as_bool()), (Some(0), Some(true)), "{found:#}");
    let warning = &found["diagnostics"][0];
    assert_eq!(
        (warning["code"].as_str(), warning["place"]["line"].as_u64()),
        (Some("duplicate-link"), Some(4))
    );
    digest.write("in.txt", record("量子计算新突破", "丙。"));
    let found = report(&digest, &["in.txt"]);
    assert_eq!(found["imported"].as_array().unwrap().len(), 1, "{found:#}");
    assert_eq!(titles(&digest), ["小星开放权重", "芯片出货翻倍", "量子计算新突破"]);
    let again = report(&digest, &["in.txt"]);
    assert_eq!((again["skipped"].as_u64(), again["diagnostics"].as_array().unwrap().len()), (Some(1), 0));
}

/// A record of labelled lines: title, link, date and text; an empty value leaves its line out.
fn labelled([title, link, date, text]: [&str; 4]) -> String {
    let line = |name: &str, value: &str| match value {
        "" => String::new(),
        value => format!("{name}: {value}\n"),
    };
    [line("标题", title), line("链接", link), line("日期", date), line("总结", text)].concat() + "\n"
}

/// The files of the articles with their texts, and the exit code of the last command.
fn outcome(digest: &Digest, code: i32) -> (std::collections::BTreeMap<String, Vec<u8>>, i32) {
    (crate::driver::tree(&digest.path("content/articles")), code)
}

const PAGE: &str = "https://e.org/pricing";
const MODEL: &str =
    "某公司今天发布了名为小星的模型。负责人在发布会上说，他们会开放权重，但训练数据不会公开。";
const CHIP: &str = "据业内人士透露，这家芯片公司上个季度的出货量比去年同期翻了一倍，超过了所有人的预期。";

/// Two records, and the number of articles that they make.
const PAIRS: [([&str; 4], [&str; 4], usize); 22] = [
    // Other news under one link.
    (["小星开放权重", PAGE, "", MODEL], ["芯片出货翻倍", PAGE, "", CHIP], 2),
    (["小星开放权重", PAGE, "2026-03-01", MODEL], ["芯片出货翻倍", PAGE, "2026-03-02", CHIP], 2),
    (["定价上调一成", PAGE, "2026-03-01", "甲。"], ["定价下调一成", PAGE, "2026-03-02", "乙。"], 2),
    (["v1.2 发布", PAGE, "2026-03-01", "甲。"], ["v1.3 发布", PAGE, "2026-03-08", "乙。"], 2),
    (["权重公开", PAGE, "2026-03-01", MODEL], ["小星来了", PAGE, "2026-03-02", MODEL], 2),
    (["🚀", PAGE, "", "甲。"], ["🎉", PAGE, "", "乙。"], 2),
    (["甲", "https://e.org/?utm_source=a", "", "一。"], ["乙", "http://www.e.org/", "", "二。"], 2),
    // The same news again.
    (["小星开放权重", PAGE, "", MODEL], ["小星开放权重", PAGE, "", MODEL], 1),
    (["小星开放权重", PAGE, "", MODEL], ["小星开放权重", PAGE, "", CHIP], 1),
    (["小星开放权重", PAGE, "2026-03-01", MODEL], ["小星开放权重", PAGE, "2026-03-02", MODEL], 1),
    (["小星开放权重", PAGE, "", MODEL], ["小星开放权重了", PAGE, "", MODEL], 1),
    (["权重公开", PAGE, "2026-03-01", MODEL], ["小星来了", PAGE, "2026-03-01", MODEL], 1),
    (["早报", "", "", MODEL], ["早报", "", "2026-03-01", MODEL], 1),
    (["早报", "", "", MODEL], ["早报", "https://e.org/1", "", MODEL], 1),
    (["早报", "https://e.org/1", "", MODEL], ["早报", "", "", MODEL], 1),
    // Fragments.
    (
        ["工具日报", "https://e.org/r/#2026-05-05/cli", "", MODEL],
        ["硬件日报", "https://e.org/r/#2026-05-05/chip", "", CHIP],
        2,
    ),
    (["工具日报", "https://e.org/r#d-1", "", MODEL], ["硬件日报", "https://e.org/r#d-2", "", CHIP], 2),
    (
        ["日报 5月5日", "https://e.org/r#2026-05-05", "", MODEL],
        ["日报 5月6日", "https://e.org/r#2026-05-06", "", CHIP],
        2,
    ),
    (["工具", "https://e.org/r#!a", "", MODEL], ["工具", "https://e.org/r#!b", "", MODEL], 2),
    (["工具", "https://e.org/r#comments", "", MODEL], ["工具", "https://e.org/r#more", "", MODEL], 1),
    (["工具", "https://e.org/r#:~:text=a/b", "", MODEL], ["工具", "https://e.org/r", "", MODEL], 1),
    (
        ["小星开放权重", "https://e.org/r#section-1", "", MODEL],
        ["小星开放权重", "https://e.org/r#section-2", "", MODEL],
        1,
    ),
];

#[test]
fn one_run_and_two_runs_have_the_same_result() {
    for (first, second, articles) in PAIRS {
        let once = Digest::new().file("in.txt", labelled(first) + &labelled(second));
        let code = once.run(&["import", "in.txt"]).code;
        let twice = Digest::new().file("1.txt", labelled(first)).file("2.txt", labelled(second));
        assert_eq!(twice.run(&["import", "1.txt"]).code, 0);
        let code_of_two = twice.run(&["import", "2.txt"]).code;
        assert_eq!(outcome(&once, code), outcome(&twice, code_of_two), "{first:?} {second:?}");
        assert_eq!((files(&once).len(), code), (articles, 0), "{first:?} {second:?}");
        // Both records again change nothing if both are articles.
        let before = crate::driver::tree(&once.path("content/articles"));
        if articles == 2 {
            assert_eq!(once.run(&["import", "in.txt"]).code, 0);
            assert_eq!(crate::driver::tree(&once.path("content/articles")), before, "{first:?}");
        }
    }
}

#[test]
fn three_versions_of_one_record_leave_the_last_one() {
    let version = |text: &str| labelled(["小星开放权重", PAGE, "", text]);
    let all = [version("甲。"), version("乙。"), version("甲。"), version("丙。")];
    let digest = Digest::new().file("in.txt", all.concat());
    let plan = report(&digest, &["in.txt", "--dry-run"]);
    assert_eq!(files(&digest), Vec::<String>::new());
    let found = report(&digest, &["in.txt"]);
    for report in [&plan, &found] {
        assert_eq!(report["imported"].as_array().unwrap().len(), 1, "{report:#}");
        assert_eq!(report["updated"].as_array().unwrap().len(), 3, "{report:#}");
        assert_eq!(report["success"], true);
    }
    assert!(digest.read(&path(&digest)).contains("丙。"));
}

#[test]
fn an_edited_article_is_kept_for_every_record_of_a_run() {
    let version = |text: &str| labelled(["小星开放权重", PAGE, "", text]);
    let digest = Digest::new().file("in.txt", version("甲。"));
    digest.run(&["import", "in.txt"]);
    let file = path(&digest);
    digest.write(&file, digest.read(&file).replace("甲。", "手改。"));
    digest.write("in.txt", version("乙。") + &version("丙。"));
    let found = report(&digest, &["in.txt"]);
    assert_eq!(found["kept"].as_array().unwrap().len(), 2, "{found:#}");
    assert!(digest.read(&file).contains("手改。"));
}

#[test]
fn other_news_under_the_link_of_a_handwritten_article_is_skipped_with_a_warning() {
    let digest = Digest::new()
        .article("mine", &format!("title: 我写的定价说明\nlink: {PAGE}\n"), "正文。")
        .file("in.txt", labelled(["芯片出货翻倍", PAGE, "", CHIP]));
    let found = report(&digest, &["in.txt"]);
    assert_eq!((found["skipped"].as_u64(), found["success"].as_bool()), (Some(1), Some(true)), "{found:#}");
    assert_eq!(found["diagnostics"][0]["code"], "duplicate-link");
    // A key in the link distinguishes them.
    digest.write(
        "content/articles/mine.md",
        digest.read("content/articles/mine.md").replace("/pricing", "/pricing#n-1"),
    );
    digest.write("in.txt", labelled(["芯片出货翻倍", &format!("{PAGE}#n-2"), "", CHIP]));
    let found = report(&digest, &["in.txt"]);
    assert_eq!(found["imported"].as_array().unwrap().len(), 1, "{found:#}");
    assert_eq!(found["diagnostics"].as_array().unwrap().len(), 0);
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

#[test]
fn a_daily_with_one_title_and_one_link_keeps_every_day() {
    let first = "某公司今天发布了名为小星的模型。负责人在发布会上说，他们会开放权重，但训练数据不会公开。";
    for (one, two) in [(("", "2026-03-01"), ("", "2026-03-02")), (("#cli", ""), ("#chip", ""))] {
        let record = |(fragment, date): (&str, &str), text: &str| {
            labelled(["每日要闻", &format!("{PAGE}{fragment}"), date, text])
        };
        let both = [record(one, first), record(two, CHIP)];
        let at_once = Digest::new().file("in.txt", both.concat());
        assert_eq!(report(&at_once, &["in.txt"])["imported"].as_array().unwrap().len(), 2, "{one:?}");
        let digest = Digest::new();
        for text in &both {
            digest.write("in.txt", text);
            assert_eq!(report(&digest, &["in.txt"])["updated"].as_array().unwrap().len(), 0, "{one:?}");
        }
        assert_eq!(files(&digest), files(&at_once));
        assert_eq!(files(&digest).len(), 2);
    }
}
