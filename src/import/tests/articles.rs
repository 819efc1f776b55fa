use std::fmt::Write as _;

use super::{Digest, lines, options};
use crate::import::{Generator, Options, Scheme, Update};

const FIRST: &str =
    "标题: 甲发布新芯片\n链接: https://e.org/1\n日期: 2026-11-02\n正文: 甲公司今天发布了新的芯片。\n";
const FILE: &str = "content/articles/2026-11-02-甲发布新芯片.md";

#[test]
fn a_changed_record_updates_the_file_that_no_person_edited() {
    let digest = Digest::new(&[("a.txt", FIRST)]);
    let read = "read a.txt: records UTF-8 1";
    let dry = || Options { dry_run: true, ..options() };
    assert_eq!(lines(&digest.report(&["a.txt"], dry())), [read, "new 2026-11-02-甲发布新芯片.md < a.txt:1"]);
    assert_eq!(digest.articles(), [""; 0]);
    assert_eq!(digest.import(&["a.txt"]), [read, "new 2026-11-02-甲发布新芯片.md < a.txt:1"]);
    let first = digest.read(FILE);
    assert!(first.ends_with("\n---\n\n甲公司今天发布了新的芯片。\n"), "{first}");
    assert_eq!(digest.import(&["a.txt"]), [read, "skipped 1"]);

    digest.write("a.txt", &format!("\n{}", FIRST.replace("新的", "更新的")));
    let updated = [read, "updated 2026-11-02-甲发布新芯片.md < a.txt:2"];
    assert_eq!(lines(&digest.report(&["a.txt"], dry())), updated);
    assert_eq!(digest.read(FILE), first);
    assert_eq!(digest.import(&["a.txt"]), updated);
    let second = digest.read(FILE);
    assert!(second.ends_with("\n---\n\n甲公司今天发布了更新的芯片。\n"), "{second}");
    assert_eq!(digest.import(&["a.txt"]), [read, "skipped 1"]);

    let edited = format!("{second}\n手写。\n");
    digest.write(FILE, &edited);
    assert_eq!(digest.import(&["a.txt"]), [read, "skipped 1"]);
    digest.write("a.txt", &FIRST.replace("新的", "第三种"));
    let kept = digest.report(&["a.txt"], options());
    let only = &kept.kept[0];
    assert_eq!((only.file.as_str(), only.from.line, kept.updated.len(), kept.skipped), (FILE, 1, 0, 0));
    assert!(only.diff.starts_with("--- article file\n+++ record\n"), "{}", only.diff);
    assert!(
        only.diff.ends_with("-甲公司今天发布了更新的芯片。\n-\n-手写。\n+甲公司今天发布了第三种芯片。\n"),
        "{}",
        only.diff
    );
    let ours = Options { update: Update::Ours, ..options() };
    assert_eq!(lines(&digest.report(&["a.txt"], ours)), [read, "skipped 1"]);
    let theirs = || Options { update: Update::Theirs, ..options() };
    let replaced = [read, "updated 2026-11-02-甲发布新芯片.md < a.txt:1"];
    assert_eq!(lines(&digest.report(&["a.txt"], Options { dry_run: true, ..theirs() })), replaced);
    assert_eq!(digest.read(FILE), edited);
    assert_eq!(lines(&digest.report(&["a.txt"], theirs())), replaced);
    assert!(digest.read(FILE).ends_with("\n---\n\n甲公司今天发布了第三种芯片。\n"));
}

#[test]
fn records_of_one_run_are_compared_with_each_other() {
    let twice = "标题: 甲\n链接: https://e.org/1\n正文: 一。\n\n标题: 甲\n链接: https://e.org/1\n正文: 二。\n\n标题: 甲\n链接: https://e.org/1\n正文: 二。\n\n标题: 乙\n正文: 一。\n\n标题: 乙\n正文: 一。\n";
    let digest = Digest::new(&[("a.txt", twice)]);
    let wanted = [
        "read a.txt: records UTF-8 5",
        "new 甲.md < a.txt:1",
        "new 乙.md < a.txt:13",
        "updated 甲.md < a.txt:5",
        "skipped 2",
        "undated 2",
        "warning a.txt:5:1: this record has the same link as a.txt:1; it counts as a newer version of that record | if it is another article, give it a title and a link of its own",
    ];
    assert_eq!(lines(&digest.report(&["a.txt"], Options { dry_run: true, ..options() })), wanted);
    assert_eq!(digest.import(&["a.txt"]), wanted);
    assert!(digest.read("content/articles/甲.md").ends_with("\n---\n\n二。\n"));
    assert_eq!(digest.articles(), ["乙.md", "甲.md"]);
}

#[test]
fn a_link_that_another_article_has_is_reported() {
    let other = "标题: 完全不同的消息\n链接: https://e.org/1\n日期: 2026-11-02\n正文: 别的。\n\n";
    let same = "标题: 手写的文章\n链接: https://e.org/1\n日期: 2026-11-01\n正文: 手写的正文。\n";
    let own = "---\ntitle: 手写的文章\nlink: https://e.org/1\n---\n手写的正文。\n";
    let digest = Digest::new(&[
        ("content/articles/2026-11-01-own.md", own),
        ("a.txt", &format!("{other}{same}")),
        (
            "b.txt",
            "标题: 甲公司发布芯片\n链接: https://e.org/2\n日期: 2026-11-02\n正文: 别的。\n\n标题: 乙银行降低利率\n链接: https://e.org/2\n日期: 2026-11-09\n正文: 利率。\n",
        ),
    ]);
    assert_eq!(
        digest.import(&["a.txt"]),
        [
            "read a.txt: records UTF-8 2",
            "skipped 2",
            "warning a.txt:1:1: content/articles/2026-11-01-own.md has the link of this record, but says something else; the record is skipped | import does not change an article that it did not write; to import the record, give one of them another link",
        ]
    );
    assert_eq!(digest.read("content/articles/2026-11-01-own.md"), own);
    assert_eq!(
        digest.import(&["b.txt"]),
        [
            "read b.txt: records UTF-8 2",
            "new 2026-11-02-甲公司发布芯片.md < b.txt:1",
            "new 2026-11-09-乙银行降低利率.md < b.txt:6",
            "warning b.txt:6:1: content/articles/2026-11-02-甲公司发布芯片.md has the link of this record, but says something else; both are articles | if the link is not the page of the article, correct it in the source of the records",
        ]
    );
}

#[test]
fn a_near_duplicate_is_imported_and_reported() {
    let long =
        "甲公司今天在北京发布了新一代人工智能芯片，性能比上一代提高了三倍，功耗降低了一半，计划明年初量产。";
    let record =
        |n: usize| format!("标题: 甲公司发布新一代人工智能芯片\n链接: https://e.org/{n}\n正文: {long}\n\n");
    let digest = Digest::new(&[("a.txt", &record(1)), ("b.txt", &record(2))]);
    let name = "甲公司发布新一代人工智能芯片";
    assert_eq!(
        digest.import(&["a.txt"]),
        [
            "read a.txt: records UTF-8 1".to_owned(),
            format!("new {name}.md < a.txt:1"),
            "undated 1".to_owned()
        ]
    );
    assert_eq!(
        digest.import(&["b.txt"]),
        [
            "read b.txt: records UTF-8 1".to_owned(),
            format!("new {name}-33cc.md < b.txt:1"),
            "undated 1".to_owned(),
            format!("similar content/articles/{name}-33cc.md ~ content/articles/{name}.md"),
        ]
    );
}

#[test]
fn the_same_news_after_the_first_sentences_of_a_long_article_are_not_read() {
    // 2999 bytes before a character of three bytes: the beginning that is read ends within it.
    for before in [2998, 2999, 3000, 3001] {
        let text = format!("甲公司发布芯片。{}字字字", "a".repeat(before - "甲公司发布芯片。".len()));
        let digest = Digest::new(&[
            (
                "content/articles/own.md",
                &format!("---\ntitle: 手写的文章\nlink: https://e.org/1\n---\n{text}\n"),
            ),
            ("a.txt", &format!("标题: 手写的文章\n链接: https://e.org/1\n正文: {text}\n")),
        ]);
        assert_eq!(digest.import(&["a.txt"]), ["read a.txt: records UTF-8 1", "skipped 1"], "{before}");
    }
}

#[test]
fn an_article_with_an_error_keeps_its_name_its_link_and_its_hash() {
    let digest = Digest::new(&[
        ("a.txt", "标题: 甲\n正文: 一。\n"),
        ("b.txt", "标题: 乙\n链接: https://e.org/2\n正文: 二。\n"),
    ]);
    digest.import(&["a.txt", "b.txt"]);
    for name in ["甲", "乙"] {
        let path = format!("content/articles/{name}.md");
        digest.write(&path, &digest.read(&path).replace("---\ntitle", "---\ndate: nie\ntitle"));
    }
    digest.write("c.txt", "标题: 甲\n链接: https://e.org/3\n正文: 别的。\n");
    assert_eq!(
        digest.import(&["a.txt", "b.txt", "c.txt"]),
        [
            "read a.txt: records UTF-8 1",
            "read b.txt: records UTF-8 1",
            "read c.txt: records UTF-8 1",
            "new 甲-4a15.md < c.txt:1",
            "skipped 2",
            "undated 1",
        ]
    );
}

#[test]
fn an_article_has_only_old_addresses_that_are_free() {
    let mut different = String::new();
    for (written, kept, refused) in [
        ("free", "free", ""),
        ("free\",\"Free", "free", "Free"),
        ("free\",\"free/x", "free,free/x", ""),
        ("free/x\",\"free", "free/x,free", ""),
        ("img", "img", ""),
        ("img/a.png", "", "img/a.png"),
        ("IMG/A.png", "", "IMG/A.png"),
        ("img/a.png/x", "", "img/a.png/x"),
        ("doc", "", "doc"),
        ("doc/x", "doc/x", ""),
        ("about", "", "about"),
        ("about/x", "about/x", ""),
        ("abouts", "abouts", ""),
        ("ueber", "", "ueber"),
        ("broken", "", "broken"),
        ("old", "old", ""),
        ("old/one", "", "old/one"),
        ("old/one/x", "old/one/x", ""),
        ("old/two", "old/two", ""),
        ("robots.txt", "", "robots.txt"),
        ("a.b/c", "a.b/c", ""),
        ("2024", "", "2024"),
        ("2024/05", "", "2024/05"),
        ("2024/w20", "", "2024/w20"),
        ("2024/05/13", "", "2024/05/13"),
        ("2024/x", "2024/x", ""),
        ("2024/w", "2024/w", ""),
        ("w20", "w20", ""),
        ("articles", "", "articles"),
        ("articles/x", "articles/x", ""),
        ("articles/own", "", "articles/own"),
        ("articles/甲", "", ""),
        ("root.html", "root.html", ""),
        ("404.html", "", "404.html"),
        ("a.html\",\"a.html/x", "a.html", "a.html/x"),
        ("a.html/x\",\"a.html", "a.html/x", "a.html"),
        ("c%23", "c%23", ""),
        ("a/index.html/b", "", "a/index.html/b"),
        ("a/index.html", "a", ""),
    ] {
        let digest = Digest::new(&[
            ("static/img/a.png", "x"),
            ("static/doc/index.html", "x"),
            ("content/pages/about.md", "---\ntitle: 关于\naliases: [ueber]\n---\nx\n"),
            ("content/pages/broken.md", "---\ntitle: [\n---\nx\n"),
            ("content/articles/own.md", "---\ntitle: 手写\naliases: [old/one]\n---\n手写的正文。\n"),
            ("a.json", &format!("{{\"title\":\"甲\",\"text\":\"x\",\"aliases\":[\"{written}\"]}}")),
        ]);
        let report = lines(&digest.report(&["a.json"], options()));
        let file = digest.read("content/articles/甲.md");
        let mut wanted = String::from("---\ntitle: 甲\n");
        if !kept.is_empty() {
            wanted.push_str("aliases:\n");
        }
        for alias in kept.split(',').filter(|alias| !alias.is_empty()) {
            let _ = writeln!(wanted, "  - {}", crate::yaml::scalar(alias));
        }
        wanted.push_str("extra:\n");
        let end = if refused.ends_with(".html") { "" } else { "/" };
        let warning = format!("warning a.json:1:1: the old address `/{refused}{end}` collides with ");
        let is_reported = report.iter().any(|line| line.starts_with(&warning));
        if !refused.is_empty() {
            let _ = writeln!(wanted, "  aliases: [{}]", crate::yaml::scalar(refused));
        }
        wanted.push_str("  record");
        if !file.starts_with(&wanted) || is_reported == refused.is_empty() {
            let _ = writeln!(different, "{written}: {file}{report:?}");
        }
    }
    assert!(different.is_empty(), "{different}");
}

#[test]
fn old_addresses_of_a_record_that_is_imported_again_stay_free() {
    let digest =
        Digest::new(&[("a.json", r#"{"title":"甲","text":"x","link":"https://e.org/1","aliases":["one"]}"#)]);
    digest.import(&["a.json"]);
    digest.write("a.json", r#"{"title":"甲","text":"y","link":"https://e.org/1","aliases":["one","two"]}"#);
    assert_eq!(digest.import(&["a.json"]), ["read a.json: json UTF-8 1", "updated 甲.md < a.json:1"]);
    assert!(digest.read("content/articles/甲.md").contains("\naliases:\n  - one\n  - two\n"));
}

#[test]
fn files_are_named_by_slug_title_and_date() {
    let long = "很长的标题".repeat(20);
    let cases = [
        ("\"title\":\"2024-05-06\"", "article-2024-05-06.md"),
        ("\"title\":\"甲 - 乙!\"", "甲-乙.md"),
        ("\"title\":\"甲\",\"slug\":\"own-name\"", "own-name.md"),
        ("\"title\":\"甲\",\"slug\":\"own-name\",\"date\":\"2026-01-02\"", "2026-01-02-own-name.md"),
        (&format!("\"title\":\"{long}\""), &format!("{}.md", "很长的标题".repeat(8))),
        (&format!("\"title\":\"甲\",\"slug\":\"{}\"", "a".repeat(130)), &format!("{}.md", "a".repeat(120))),
        (&format!("\"title\":\"甲\",\"slug\":\"{}-b\"", "a".repeat(119)), &format!("{}.md", "a".repeat(119))),
        (&format!("\"title\":\"{}\"", "\u{fb03}".repeat(40)), &format!("{}.md", "ffi".repeat(40))),
    ];
    for (fields, name) in cases {
        let digest = Digest::new(&[("a.json", &format!("{{{fields},\"text\":\"x\"}}"))]);
        digest.report(&["a.json"], options());
        assert_eq!(digest.articles(), [name], "{fields}");
    }
}

#[test]
fn names_that_are_taken_get_a_part_of_the_hash() {
    let record = |text: &str| format!("{{\"title\":\"甲\",\"date\":\"2026-01-02\",\"text\":\"{text}\"}}");
    for (settings, dates, count) in [
        ("title: x\n", ["2026-01-02", "2026-01-03"], 1),
        ("title: x\ndate_in_slug: true\n", ["2026-01-02", "2026-01-03"], 2),
        ("title: x\ndate_in_slug: true\n", ["2026-01-02", "2026-01-02"], 1),
    ] {
        let digest = Digest::new(&[
            ("newsprint.yaml", settings),
            ("a.json", &record("一").replace("2026-01-02", dates[0])),
        ]);
        digest.import(&["a.json"]);
        digest.write("a.json", &record("完全不同").replace("2026-01-02", dates[1]));
        digest.import(&["a.json"]);
        let plain = digest.articles().iter().filter(|name| name.ends_with("-甲.md")).count();
        assert_eq!((digest.articles().len(), plain), (2, count), "{settings} {dates:?}");
    }
}

#[test]
fn posts_keep_their_old_addresses() {
    let digest = Digest::new(&[
        (
            "posts/2024-05-06-hallo.md",
            "---\ntitle: Hallo\ndate: 2024-05-06\naliases: [2024/post/hallo]\n---\nx\n",
        ),
        ("posts/2024-05-07-du.md", "---\ntitle: Du\ndate: 2024-05-07\n---\nx\n"),
        ("posts/welt.md", "---\ntitle: Welt\n---\ny\n"),
        ("posts/_index.md", "---\ntitle: Welt\n---\ny\n"),
        ("posts/x.txt", "y\n"),
    ]);
    let scheme = Scheme::parse("/:year/post/:slug/index.html").unwrap();
    let now = "2026-11-29T00:00:00Z".parse().unwrap();
    let asked = Options { scheme: Some(&scheme), generator: Some(Generator::Jekyll), now, ..options() };
    assert_eq!(
        lines(&digest.report(&["posts"], asked)),
        [
            "read posts/welt.md: post UTF-8 1",
            "read posts/2024-05-07-du.md: post UTF-8 1",
            "read posts/2024-05-06-hallo.md: post UTF-8 1",
            "new welt.md < posts/welt.md:1",
            "new 2024-05-07-du.md < posts/2024-05-07-du.md:1",
            "new 2024-05-06-hallo.md < posts/2024-05-06-hallo.md:1",
            "undated 1",
            "warning posts:0:0: skipped 2 files in this folder: `_index.md`, `x.txt` | to import a file with another extension, name the file itself",
            "warning posts/welt.md:1:1: this post has no date, which its old address needs | if its old address is still in use, write it into `aliases:` of the article",
        ]
    );
    for (file, aliases) in [
        ("2024-05-06-hallo", "\naliases:\n  - \"2024/post/hallo\"\nextra:"),
        ("2024-05-07-du", "\naliases:\n  - \"2024/post/du\"\nextra:"),
        ("welt", "title: Welt\nextra:"),
    ] {
        let text = digest.read(&format!("content/articles/{file}.md"));
        assert!(text.contains(aliases), "{text}");
    }
    let looks = "this looks like a post with front matter, not like records | name its generator: `--from hugo`, `zola`, `hexo` or `jekyll`; if the file holds records, use `--format records`";
    assert_eq!(
        digest.import(&["posts/welt.md"]),
        ["unreadable 1".to_owned(), format!("error posts/welt.md:1:1: {looks}")]
    );
}
