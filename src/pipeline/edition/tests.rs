use std::io::Read as _;
use std::path::Path;

use super::*;

/// A digest with a story of three reports (two of them on one day), and an older article.
fn digest() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write(
        "newsprint.yaml",
        "title: 日报\nbase_url: https://example.org/\neditions: {unsubscribe: mailchimp}\n",
    );
    let story =
        "event: 深空公司与海港银行签署协议，以三十亿元收购其支付业务\nkeywords: [深空公司, 海港银行]\n";
    let title = "title: 深空公司三十亿元收购海港银行支付业务";
    for (name, rest, body) in [
        (
            "one",
            format!("{title}\ndate: 2026-11-23 09:00\nsource: 甲报\nlink: https://a.example/x y\n{story}"),
            "[二](two.md) 正文一",
        ),
        (
            "two",
            format!(
                "{title}（乙）\ndate: 2026-11-23 08:00\nupdated: 2026-11-25 10:00\nsource: 乙报\n{story}"
            ),
            "正文二",
        ),
        ("three", format!("{title}（丙）\ndate: 2026-11-24\nsource: 丙报\n{story}"), "正文三"),
        (
            "four",
            "title: 另一条\ndate: 2026-11-23\nevent: 事件四。\nlink: https://a.example/x y\n".to_owned(),
            "正文四",
        ),
        ("old", "title: 旧的\ndate: 2026-10-01\n".to_owned(), "正文旧"),
    ] {
        write(&format!("content/articles/{name}.md"), &format!("---\n{rest}---\n\n{body}\n"));
    }
    folder
}

fn options(root: &Path, wanted: &str, form: Form) -> EditionOptions {
    EditionOptions {
        build: Options { now: "2030-01-01T00:00:00Z".parse().unwrap(), ..Options::new(root) },
        wanted: Wanted::parse(wanted).unwrap(),
        form,
        output: None,
        limit: None,
        eml: false,
        unsubscribe: None,
        from: None,
        to: None,
        may_return_binary: true,
    }
}

fn text(options: &EditionOptions) -> String {
    let report = run(options);
    assert!(report.success, "{:?}", report.diagnostics);
    report.text.unwrap()
}

#[test]
fn forms_show_the_items_of_a_day_with_their_reports() {
    let digest = digest();
    let root = digest.path();
    let shown = text(&options(root, "2026-11-23", Form::Text));
    let lines: Vec<&str> = shown.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(lines[..2], ["日报 · 2026年11月23日 星期一", "3 篇文章"]);
    for line in [
        "1. 深空公司三十亿元收购海港银行支付业务（乙）",
        "2. 另一条",
        "事件四。",
        "a.example https://a.example/x%20y",
    ] {
        assert!(lines.contains(&line), "{line} in {lines:#?}");
    }
    assert_eq!(shown.matches("同一事件 · ").count(), 2, "{shown}");
    assert!(shown.ends_with("网页版 https://example.org/2026/11/23/\n"), "{shown}");
    let report = run(&options(root, "latest", Form::Markdown));
    assert_eq!((report.edition.as_deref(), report.items, report.left), (Some("2026-11-24"), 1, 0));
    assert_eq!(report.bytes, report.text.as_ref().unwrap().len());
    assert!(report.summary().starts_with("newsprint: 2026-11-24: 1 item, "), "{}", report.summary());
    let week = text(&options(root, "2026-w48", Form::Mail));
    for part in ["2026年第48周", "11月23日至29日", "href=\"*|UNSUB|*\"", "2026年第40周", ">退订<", "style=\""]
    {
        assert!(week.contains(part), "{part} in {week}");
    }
    let month = text(&options(root, "2026-11", Form::Wechat));
    assert!(month.contains("2026年11月 · 4 篇文章") && month.contains(">[1]<"), "{month}");
    // Two articles have one address, and it has one number.
    assert_eq!(month.matches("https://a.example/x%20y").count(), 1, "{month}");
    assert!(!month.contains("退订"));
}

#[test]
fn a_limit_leaves_out_whole_items() {
    let digest = digest();
    let whole = text(&options(digest.path(), "2026-11-23", Form::Text));
    let units = |text: &str| text.trim_end().encode_utf16().count();
    let limited = |limit: usize| {
        run(&EditionOptions { limit: Some(limit), ..options(digest.path(), "2026-11-23", Form::Text) })
    };
    let same = limited(units(&whole));
    assert_eq!((same.text.as_deref(), same.left), (Some(whole.as_str()), 0));
    let less = limited(units(&whole) - 1);
    let shown = less.text.clone().unwrap();
    assert!(less.left == 1 && shown.contains("另有 1 条") && units(&shown) < units(&whole), "{shown}");
    assert!(less.summary().contains("1 item, 1 left out, "), "{}", less.summary());
    let none = limited(5);
    assert!(!none.success && none.text.is_none());
    let help = none.diagnostics[0].help.clone().unwrap();
    let least: usize = help.rsplit(' ').next().unwrap().parse().unwrap();
    assert!(limited(least).success && !limited(least - 1).success, "{help}");
}

#[test]
fn options_that_do_not_fit_are_refused() {
    let digest = digest();
    let plain = |form| options(digest.path(), "latest", form);
    let listmonk = Some(Unsubscribe::Listmonk);
    for (options, wanted) in [
        (
            EditionOptions { limit: Some(9), ..plain(Form::Mail) },
            "`--limit` does not apply to the form `mail`",
        ),
        (EditionOptions { eml: true, ..plain(Form::Epub) }, "`--eml` does not apply to the form `epub`"),
        (EditionOptions { unsubscribe: listmonk.clone(), ..plain(Form::Wechat) }, "`--unsubscribe`"),
        (EditionOptions { from: Some("a@b.c".to_owned()), ..plain(Form::Text) }, "`--from`"),
        (EditionOptions { to: Some("a@b.c".to_owned()), ..plain(Form::Text) }, "`--to`"),
        (EditionOptions { may_return_binary: false, ..plain(Form::Epub) }, "a book is not printed"),
        (EditionOptions { to: Some("x".to_owned()), eml: true, ..plain(Form::Mail) }, "not a mail address"),
    ] {
        let report = run(&options);
        assert!(!report.success && report.diagnostics[0].message.contains(wanted), "{wanted}: {report:?}");
        assert_eq!(report.summary(), "newsprint: no edition was written");
    }
    let with = EditionOptions { unsubscribe: listmonk, ..plain(Form::Mail) };
    assert!(text(&with).contains("{{ UnsubscribeURL }}"));
}

#[test]
fn a_message_has_a_date_a_subject_and_two_parts() {
    let digest = digest();
    let eml = EditionOptions {
        eml: true,
        from: Some("编辑 <a@b.example>".to_owned()),
        to: Some("c@d.example".to_owned()),
        ..options(digest.path(), "2026-w48", Form::Mail)
    };
    let message = text(&eml);
    for part in [
        "Date: Tue, 24 Nov 2026 00:00:00 +0000\r\n",
        "To: <c@d.example>\r\n",
        " <a@b.example>\r\n",
        "Subject: =?utf-8?",
        "Message-ID: <2026-w48.",
        "text/plain",
        "text/html",
    ] {
        assert!(message.contains(part), "{part} in {message}");
    }
    let plain = text(&EditionOptions { from: None, to: None, ..eml });
    assert!(plain.contains("<newsletter@example.org>") && !plain.contains("\r\nTo: "), "{plain}");
}

#[test]
fn a_book_has_chapters_for_the_reports_of_its_edition() {
    let digest = digest();
    let file = digest.path().join("day.epub");
    let wanted = options(digest.path(), "2026-11-23", Form::Epub);
    let written = run(&EditionOptions { output: Some(file.clone()), may_return_binary: false, ..wanted });
    assert!(written.success && written.text.is_none() && written.binary.is_none(), "{written:?}");
    assert!(written.file.is_some() && written.summary().contains(" in "));
    let bytes = std::fs::read(&file).unwrap();
    let returned = run(&options(digest.path(), "2026-11-23", Form::Epub));
    assert_eq!(returned.binary.as_ref(), Some(&bytes));
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut read = |name: &str| {
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    assert!(read("OEBPS/package.opf").contains("modified\">2026-11-25T02:00:00Z<"));
    let nav = read("OEBPS/nav.xhtml");
    let order = ["a0001.xhtml", "支付业务（乙）", "a0002.xhtml", "支付业务<", "a0003.xhtml", "另一条"];
    let places: Vec<usize> =
        order.map(|part| nav.find(part).unwrap_or_else(|| panic!("{part} in {nav}"))).into();
    assert!(places.is_sorted(), "{nav}");
    assert!(!nav.contains("（丙）") && !nav.contains("a0004"), "{nav}");
    let first = read("OEBPS/a0001.xhtml");
    // The report of this day has a chapter, that of the next day a page.
    assert!(
        first.contains("href=\"a0002.xhtml\"") && first.contains("https://example.org/articles/three/"),
        "{first}"
    );
    assert!(read("OEBPS/a0002.xhtml").contains("<a href=\"a0001.xhtml\">二</a> 正文一"));
}

#[test]
fn a_missing_edition_and_an_unwritable_file_are_errors() {
    let digest = digest();
    let missing = run(&options(digest.path(), "2026-11-22", Form::Text));
    assert!(!missing.success && missing.diagnostics[0].message.contains("2026-11-22"), "{missing:?}");
    let folder = Some(digest.path().join("no/x.txt"));
    let unwritten = run(&EditionOptions { output: folder, ..options(digest.path(), "latest", Form::Text) });
    let message = unwritten.diagnostics.last().map(|error| error.message.as_str()).unwrap_or_default();
    assert!(
        !unwritten.success && message.contains("cannot write") && !message.contains(".tmp\""),
        "{unwritten:?}"
    );
    std::fs::write(digest.path().join("newsprint.yaml"), "base_url: https://example.org/\neditions: off\n")
        .unwrap();
    let off = run(&options(digest.path(), "latest", Form::Text));
    assert_eq!(off.diagnostics[0].message, "this digest has no editions");
}
