use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::{Digest, lines, options};
use crate::import::{Options, files, repair::Kind, run};
use crate::load;

#[test]
fn folders_are_searched_for_files_with_known_extensions() {
    let mut files = vec![
        ("in/a.txt", "标题: 甲\n正文: 一。\n"),
        ("in/b.CSV", "title,text\n乙,二\n"),
        ("in/c.json", "{\"title\": \"丙\", \"text\": \"三\"}"),
        ("in/d.pdf", "x"),
        ("in/noend", "x"),
        ("in/e.png", "x"),
        ("in/f.png", "x"),
        ("in/g.png", "x"),
    ];
    files.extend(
        ["six/1.png", "six/2.png", "six/3.png", "six/4.png", "six/5.png", "six/6.png"].map(|file| (file, "")),
    );
    let digest = Digest::new(&files);
    assert_eq!(
        digest.import(&["in", "six", "gone.txt", "in/d.pdf"]),
        [
            "read in/a.txt: records UTF-8 1",
            "read in/b.CSV: csv UTF-8 1",
            "read in/c.json: json UTF-8 1",
            "read in/d.pdf: records UTF-8 0",
            "new 甲.md < in/a.txt:1",
            "new 乙.md < in/b.CSV:2",
            "new 丙.md < in/c.json:1",
            "refused 1",
            "undated 3",
            "unreadable 1",
            "chat \"x\" → \"\" < in/d.pdf:1",
            "error gone.txt:0:0: this file cannot be read: No such file or directory (os error 2) | paths are relative to the current folder, not to `--root`",
            "warning in:0:0: skipped 5 files in this folder: `d.pdf`, `e.png`, `f.png`, `g.png`, `noend` | to import a file with another extension, name the file itself",
            "error in/d.pdf:0:0: there is no record here | a record consists of lines such as `标题: …`, `链接: …`, `总结: …`",
            "error six:0:0: there is nothing to import in this folder | files that end in .txt .text .md .markdown .json .jsonl .ndjson .csv .tsv .xml .rss .atom .log are read",
            "warning six:0:0: skipped 6 files in this folder: `1.png`, `2.png`, `3.png`, `4.png`, `5.png` … | to import a file with another extension, name the file itself",
        ]
    );
}

#[test]
fn urls_and_folders_are_no_files() {
    let digest = Digest::new(&[]);
    let (config, _) = load::configuration(digest.root(), None, crate::fs::SymlinkPolicy::default());
    for (path, message) in [
        (
            "https://e.org/f",
            "error https://e.org/f:0:0: this is a URL, and newsprint reads files only | fetch it with another program: `curl https://e.org/f | newsprint import -`",
        ),
        (
            "http://e.org/f",
            "error http://e.org/f:0:0: this is a URL, and newsprint reads files only | fetch it with another program: `curl http://e.org/f | newsprint import -`",
        ),
        (
            "httpx/f",
            "error httpx/f:0:0: this file cannot be read: No such file or directory (os error 2) | paths are relative to the current folder, not to `--root`",
        ),
    ] {
        let files = [PathBuf::from(path)];
        let report = run(digest.root(), &config, Vec::new(), &Options { files: &files, ..options() });
        assert_eq!(lines(&report), ["unreadable 1", message]);
    }
    // A folder that replaced a file after the files were listed.
    digest.write("a.txt", "标题: 甲\n");
    let (found, ..) = files::sources(digest.root(), &[digest.root().join("a.txt")], false, config.links);
    assert_eq!((found.len(), found[0].size(), found[0].shown.as_str()), (1, 12, "a.txt"));
    std::fs::remove_file(digest.root().join("a.txt")).unwrap();
    std::fs::create_dir(digest.root().join("a.txt")).unwrap();
    let read = found[0].read(None, &crate::watchdog::Watchdog::start(None));
    assert_eq!(read.unwrap_err().message, "this file cannot be read: this is a folder");
    std::fs::remove_dir(digest.root().join("a.txt")).unwrap();
    assert_eq!(found[0].size(), 0);
}

#[cfg(unix)]
#[test]
fn links_inside_the_digest_must_not_lead_out_of_it() {
    let outside = Digest::new(&[("a.txt", "标题: 甲\n正文: 一。\n")]);
    let digest = Digest::new(&[("content/articles/x.md", "x")]);
    std::os::unix::fs::symlink(outside.root().join("a.txt"), digest.root().join("a.txt")).unwrap();
    let report = digest.report(&["a.txt", "content/../a.txt"], options());
    let found: Vec<_> = report.diagnostics.iter().map(|found| found.message.as_str()).collect();
    assert_eq!(found, ["a symbolic link leads out of the digest's folder, and is not followed"; 2]);
    assert_eq!((report.inputs.len(), report.imported.len()), (0, 0));
    assert_eq!(outside.import(&["a.txt"])[0], "read a.txt: records UTF-8 1");
}

#[test]
fn articles_are_written_to_the_named_folder_below_content_articles() {
    let digest = Digest::new(&[("a.txt", "标题: 甲\n正文: 一。\n")]);
    let refused = |into: &str| {
        format!(
            "error {into}:0:0: --into: articles are only read from content/articles and folders below it | write `--into content/articles`, or a folder below it such as `--into content/articles/2026`"
        )
    };
    for into in ["content", "content/articles/.x", "content/articles/../x", "articles"] {
        let asked = Options { into: Path::new(into), ..options() };
        assert_eq!(lines(&digest.report(&["a.txt"], asked)), [refused(into)]);
    }
    let asked = Options { into: Path::new("content/articles/2026/01"), ..options() };
    digest.report(&["a.txt"], asked);
    assert_eq!(digest.articles(), ["2026/01/甲.md"]);
}

#[test]
fn records_without_a_date_get_the_asked_one_or_that_of_the_path() {
    for (date, path, file) in [
        (None, "a.txt", "甲.md"),
        (Some("today"), "a.txt", "1970-01-01-甲.md"),
        (Some("2026-11-23"), "a.txt", "2026-11-23-甲.md"),
        (None, "2026-11-22/a.txt", "2026-11-22-甲.md"),
        (Some("2026-11-23"), "2026-11-22/a.txt", "2026-11-23-甲.md"),
    ] {
        let digest = Digest::new(&[(path, "标题: 甲\n正文: 一。\n")]);
        let report = digest.report(&[path], Options { date, ..options() });
        assert_eq!(digest.articles(), [file]);
        assert_eq!(report.undated, usize::from(file == "甲.md"));
    }
    let digest = Digest::new(&[("a.txt", "标题: 甲\n正文: 一。\n")]);
    let asked = Options { date: Some("gestern"), ..options() };
    assert_eq!(
        lines(&digest.report(&["a.txt"], asked)),
        ["error : --date: `gestern` is not a date | write `--date today` or `--date 2026-11-23`"]
    );
}

#[test]
fn progress_counts_bytes_of_files_and_of_batches() {
    let many: String = (0..513).map(|n| format!("{{\"title\":\"t{n}\",\"text\":\"{n}\"}}\n")).collect();
    let digest = Digest::new(&[("a.txt", "标题: 甲\n"), ("b.txt", "标题: 乙丙\n"), ("many.jsonl", &many)]);
    let steps = Mutex::new(Vec::new());
    let note = |done, total| steps.lock().unwrap().push((done, total));
    let asked = Options { progress: Some(&note), dry_run: true, ..options() };
    digest.report(&["a.txt", "b.txt"], asked);
    let report = digest.report(&["many.jsonl"], asked);
    let (all, last) = (many.len() as u64, "{\"title\":\"t512\",\"text\":\"512\"}\n".len() as u64);
    assert_eq!(*steps.lock().unwrap(), [(27, 27), (all - last - 1, all), (all, all)]);
    assert_eq!(report.imported.len(), 513);
}

#[test]
fn more_than_512_files_are_read_in_batches() {
    let digest = Digest::new(&[("a.txt", "标题: 甲\n")]);
    let steps = Mutex::new(Vec::new());
    let note = |done, total| steps.lock().unwrap().push((done, total));
    let asked = Options { progress: Some(&note), dry_run: true, ..options() };
    let report = digest.report(&["a.txt"; 513], asked);
    assert_eq!(
        *steps.lock().unwrap(),
        [(512 * 12 - 1, 513 * 12), (512 * 12, 513 * 12), (513 * 12, 513 * 12)]
    );
    assert_eq!((report.inputs.len(), report.imported.len(), report.skipped), (513, 1, 512));
}

#[test]
fn at_most_10_000_problems_are_listed() {
    for (count, listed, more) in [
        (9_999, 9_999, None),
        (10_000, 10_000, None),
        (10_001, 10_001, Some("1 more problems are not listed")),
    ] {
        let digest = Digest::new(&[("bad.jsonl", &"{}\n".repeat(count))]);
        let report = digest.report(&["bad.jsonl"], options());
        let found = report.diagnostics.iter().find(|found| found.message.contains("not listed"));
        assert_eq!((report.refused, report.diagnostics.len()), (count, listed));
        assert_eq!(found.map(|found| found.message.as_str()), more);
    }
}

#[test]
fn a_record_above_the_limit_of_articles_is_refused() {
    let digest = Digest::new(&[("newsprint.yaml", "title: x\nlimits: {file_kb: 1}\n")]);
    // The front matter has 100 bytes: `---`, title, extra, record and imported.
    let front = "---\ntitle: a\nextra:\n  record: \"\"\n  imported: \"\"\n---\n\n\n".len() + 64;
    digest.write("fits.txt", &format!("标题: a\n正文: {}\n", "x".repeat(1024 - front)));
    digest.write("big.txt", &format!("标题: a\n正文: {}\n", "x".repeat(1025 - front)));
    assert_eq!(
        digest.import(&["big.txt"]),
        [
            "read big.txt: records UTF-8 1",
            "refused 1",
            "error big.txt:1:1: this record makes a file of 2 KB; the limit is 1 KB | split it, or raise `limits: {file_kb: …}` in newsprint.yaml",
        ]
    );
    assert_eq!(
        digest.import(&["fits.txt"]),
        ["read fits.txt: records UTF-8 1", "new a.md < fits.txt:1", "undated 1"]
    );
    assert_eq!(digest.read("content/articles/a.md").len(), 1024);
}

#[test]
fn a_configuration_with_an_error_imports_nothing() {
    let digest =
        Digest::new(&[("newsprint.yaml", "title: x\nnosuch: 1\n"), ("a.txt", "标题: 甲\n正文: 一。\n")]);
    let asked = Options { dry_run: true, ..options() };
    assert_eq!(
        lines(&digest.report(&["a.txt"], asked)),
        [
            "read a.txt: records UTF-8 1",
            "new 甲.md < a.txt:1",
            "undated 1",
            "warning newsprint.yaml:2:1: unknown field `nosuch` | remove it, or move it under `extra:` where templates can read it",
        ]
    );
    digest.write("newsprint.yaml", "title: [\n");
    let report = digest.report(&["a.txt"], options());
    assert_eq!((report.diagnostics.len(), report.inputs.len(), report.imported.len()), (1, 0, 0));
    assert!(!report.success);
}

#[test]
fn kinds_of_repairs_have_names_and_descriptions() {
    let kinds = [
        (Kind::Chat, "chat", "text outside of records left out"),
        (Kind::Heading, "heading", "headings used as missing titles, or left out"),
        (Kind::Invisible, "invisible", "invisible characters removed"),
        (Kind::Entity, "entity", "entities decoded"),
        (Kind::Form, "form", "dates and addresses converted to their standard form"),
    ];
    for (kind, name, words) in kinds {
        assert_eq!((kind.name(), kind.words()), (name, words));
    }
}
