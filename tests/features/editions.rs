//! The forms in which editions leave the site: `newsprint edition` and `outputs: {editions: […]}`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read as _;
use std::path::Path;

use crate::driver::{Digest, attributes, tree};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const FORMS: [(&str, &str); 5] = [
    ("mail", "mail.html"),
    ("wechat", "wechat.html"),
    ("text", "edition.txt"),
    ("markdown", "edition.md"),
    ("epub", "edition.epub"),
];
const ALL: &str = "outputs: {editions: [mail, wechat, text, markdown, epub]}";

/// The example digest with all forms.
fn example() -> Digest {
    let mut digest = Digest::bare();
    for (name, bytes) in tree(&Path::new(ROOT).join("content")) {
        digest = digest.file(&format!("content/{name}"), bytes);
    }
    let config = fs::read_to_string(format!("{ROOT}/newsprint.yaml")).unwrap();
    let config = config.replace("outputs:\n", "outputs:\n  editions: [mail, wechat, text, markdown, epub]\n");
    digest.file("newsprint.yaml", config)
}

/// Three articles of two days of one week, and one of another month.
fn small() -> Digest {
    Digest::new()
        .configured(ALL)
        .article(
            "a",
            "title: C# 与 <b>粗</b> & “引”\ndate: 2026-11-23\nlink: https://news.example/a b|[1]%\nevent: 事件 *甲*。\nsource: 甲报\n",
            "正文甲。",
        )
        .article("b", "title: 第二篇\ndate: 2026-11-23\nevent: 事件乙。\n", "正文乙。")
        .article("c", "title: 第三篇\ndate: 2026-11-24\n", &"正文丙。".repeat(60))
        .article("d", "title: 旧的一篇\ndate: 2026-09-01\n", "正文丁。")
}

fn decoded(html: &str) -> String {
    html_escape::decode_html_entities(html).into_owned()
}

/// The text between the first `open` and the next `close`, and what follows.
fn between<'t>(text: &'t str, open: &str, close: &str) -> Option<(&'t str, &'t str)> {
    let (_, rest) = text.split_once(open)?;
    rest.split_once(close)
}

/// The texts of all links whose start tag contains a part.
fn link_texts(html: &str, part: &str) -> Vec<String> {
    let links = html.split("<a ").skip(1).filter_map(|rest| {
        let (tag, rest) = rest.split_once('>')?;
        tag.contains(part).then(|| decoded(rest.split("</a>").next().unwrap_or_default()))
    });
    links.collect()
}

/// The files of a book by name.
fn book(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut file = archive.by_index(at).unwrap();
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            (file.name().unwrap().into_owned(), text)
        })
        .collect()
}

/// The titles of a book: of each chapter its heading and the other reports of its event.
fn book_titles(files: &BTreeMap<String, String>) -> Vec<String> {
    let mut titles: Vec<String> = Vec::new();
    let mut reported: Vec<String> = Vec::new();
    for name in attributes(&files["OEBPS/nav.xhtml"], "href").iter().filter(|name| name.ends_with(".xhtml")) {
        let chapter = &files[&format!("OEBPS/{name}")];
        let title = decoded(between(chapter, "<h1", "</h1>").unwrap().0.split_once('>').unwrap().1);
        if reported.first() == Some(&title) {
            reported.remove(0);
            continue;
        }
        titles.push(title);
        let reports: Vec<String> = chapter
            .split("<p class=\"report\">")
            .skip(1)
            .flat_map(|rest| link_texts(rest.split("</p>").next().unwrap(), ""))
            .collect();
        let own =
            files.values().filter_map(|file| between(file, "<h1", "</h1>")).map(|(inner, _)| decoded(inner));
        let own: BTreeSet<String> =
            own.filter_map(|inner| Some(inner.split_once('>')?.1.to_owned())).collect();
        reported = reports.iter().filter(|title| own.contains(*title)).cloned().collect();
        titles.extend(reports);
    }
    titles
}

/// The titles of a form in order.
fn titles(form: &str, bytes: &[u8]) -> Vec<String> {
    if form == "epub" {
        return book_titles(&book(bytes));
    }
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    match form {
        "mail" => {
            let links = text.split("<a ").skip(1).filter_map(|rest| {
                let (tag, rest) = rest.split_once('>')?;
                Some((tag.to_owned(), decoded(rest.split("</a>").next()?)))
            });
            let reports: BTreeSet<String> = text
                .split("<p class=\"report\"")
                .skip(1)
                .flat_map(|rest| link_texts(rest.split("</p>").next().unwrap(), ""))
                .collect();
            links
                .filter(|(tag, text)| tag.contains("class=\"title\"") || reports.contains(text))
                .map(|(_, text)| text)
                .collect()
        }
        "wechat" => text
            .split("<span")
            .skip(1)
            .filter_map(|rest| {
                let (inner, after) = rest.split_once("</span>")?;
                after.starts_with("<sup").then(|| decoded(inner.split_once('>').unwrap().1))
            })
            .collect(),
        "text" => text
            .lines()
            .filter_map(|line| {
                let numbered = line.split_once(". ").filter(|(number, _)| number.parse::<usize>().is_ok());
                numbered
                    .map(|(_, title)| title)
                    .or_else(|| line.strip_prefix("同一事件 · "))
                    .map(str::to_owned)
            })
            .collect(),
        _ => {
            use pulldown_cmark::{Event, Parser, Tag, TagEnd};
            let mut titles: Vec<String> = Vec::new();
            let mut is_link = false;
            for event in Parser::new(&text) {
                match event {
                    Event::Start(Tag::Link { .. }) => {
                        is_link = true;
                        titles.push(String::new());
                    }
                    Event::End(TagEnd::Link) => is_link = false,
                    Event::Text(part) if is_link => titles.last_mut().unwrap().push_str(&part),
                    _ => {}
                }
            }
            // The last link leads to the web version.
            titles.pop();
            titles
        }
    }
}

/// The titles of an edition's page in order: in its groups, with the other reports of each event.
fn page_titles(digest: &Digest, folder: &str) -> Vec<String> {
    let main = digest.main(&format!("{folder}/index.html"));
    let groups = main
        .split("<section class=\"")
        .skip(1)
        .filter(|section| section.split('"').next().unwrap().contains("group"));
    groups.flat_map(|group| link_texts(group.split("</section>").next().unwrap(), "/articles/")).collect()
}

/// The folders of all editions of a length, by the depth of their addresses.
fn folders(digest: &Digest, of: fn(&str) -> bool) -> Vec<String> {
    let site = digest.site();
    let names = site.keys().filter_map(|path| path.strip_suffix("/edition.txt"));
    names.filter(|folder| of(folder)).map(str::to_owned).collect()
}

#[test]
fn every_form_of_every_edition_has_the_titles_and_key_events_of_its_page() {
    let digest = example();
    digest.build();
    let listed: serde_json::Value = serde_json::from_str(&digest.page("api/articles.json")).unwrap();
    let events: BTreeMap<String, String> = listed["articles"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|article| {
            Some((article["title"].as_str()?.to_owned(), article["event"].as_str()?.to_owned()))
        })
        .collect();
    let days_and_weeks = folders(&digest, |folder| folder.matches('/').count() == 2 || folder.contains("/w"));
    assert!(days_and_weeks.len() > 40, "{days_and_weeks:?}");
    for folder in days_and_weeks {
        let wanted = page_titles(&digest, &folder);
        assert!(!wanted.is_empty(), "{folder}");
        for (form, file) in FORMS {
            let bytes = fs::read(digest.path(&format!("public/{folder}/{file}"))).unwrap();
            assert_eq!(titles(form, &bytes), wanted, "{folder}/{file}");
            let text = match form {
                "epub" => book(&bytes).into_values().map(|file| decoded(&file)).collect(),
                "mail" | "wechat" => decoded(&String::from_utf8(bytes).unwrap()),
                "markdown" => unescaped(&String::from_utf8(bytes).unwrap()),
                _ => String::from_utf8(bytes).unwrap(),
            };
            // Reports below an item have no key event, as on the page.
            let items = page_items(&digest, &folder);
            for event in items.iter().filter_map(|title| events.get(title)) {
                assert!(text.contains(event.as_str()), "{folder}/{file} lacks {event}");
            }
        }
    }
}

/// Markdown without its escapes.
fn unescaped(markdown: &str) -> String {
    let mut text = String::new();
    let mut chars = markdown.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' || !chars.peek().is_some_and(char::is_ascii_punctuation) {
            text.push(c);
        }
    }
    text
}

/// The titles of a page without the other reports of their events.
fn page_items(digest: &Digest, folder: &str) -> Vec<String> {
    let main = digest.main(&format!("{folder}/index.html"));
    let mut without = String::new();
    for (at, part) in main.split("<details class=\"reports\">").enumerate() {
        without.push_str(if at == 0 { part } else { part.split_once("</details>").unwrap().1 });
    }
    let groups = without
        .split("<section class=\"")
        .skip(1)
        .filter(|section| section.split('"').next().unwrap().contains("group"));
    groups.flat_map(|group| link_texts(group.split("</section>").next().unwrap(), "/articles/")).collect()
}

#[test]
fn the_command_writes_the_bytes_of_a_build() {
    let digest = small();
    digest.build();
    let before = digest.site();
    for (edition, folder) in [("2026-11-23", "2026/11/23"), ("2026-w48", "2026/w48"), ("2026-11", "2026/11")]
    {
        for (form, file) in FORMS {
            let outcome = digest.run(&["edition", edition, "--as", form, "-o", "out"]);
            assert!(outcome.success && outcome.stdout.is_empty(), "{}", outcome.stderr);
            assert_eq!(
                fs::read(digest.path("out")).unwrap(),
                before[&format!("{folder}/{file}")],
                "{edition} {form}"
            );
        }
    }
    // Without a name the newest day, on standard output.
    let outcome = digest.run(&["edition", "--as", "text", "--quiet"]);
    assert!(
        outcome.stderr.is_empty() && outcome.stdout.contains("第三篇"),
        "{}{}",
        outcome.stdout,
        outcome.stderr
    );
    assert_eq!(outcome.stdout.as_bytes(), before["2026/11/24/edition.txt"]);
    let outcome = digest.run(&["edition", "latest", "--as", "text", "--json", "--quiet"]);
    let report: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!((report["edition"].as_str(), report["items"].as_u64()), (Some("2026-11-24"), Some(1)));
    assert_eq!(report["text"].as_str().unwrap().as_bytes(), before["2026/11/24/edition.txt"]);
    assert_eq!(digest.site(), before, "the command changed the site");
}

#[test]
fn bad_names_and_missing_editions_are_errors_that_name_what_there_is() {
    let digest = small();
    for (arguments, code, parts) in [
        (&["gestern"][..], 2, &["2026-w48", "latest"][..]),
        (&["2026-02-30"], 2, &["write a day (2026-11-23)"]),
        (&["2025-w53"], 2, &["write a day"]),
        (
            &["2026-11-22"],
            1,
            &[
                "no article has a date in this day",
                "nearest before is 2026-09-01",
                "nearest after 2026-11-23",
                "newest is 2026-11-24",
            ],
        ),
        (&["2026-11-25"], 1, &["later than the newest article", "newest is 2026-11-24"]),
        (&["2026-w40"], 1, &["in this week", "2026-w36", "2026-w48"]),
        (&["2026-08"], 1, &["the oldest is 2026-09"]),
        (&["2026-11-23", "--limit", "10"], 1, &["no room", "has to be at least"]),
        (&["2026-11-23", "--limit", "0"], 2, &["--limit"]),
        (
            &["2026-11-23", "--unsubscribe", "listmonk"],
            1,
            &["`--unsubscribe` does not apply to the form `text`"],
        ),
        (&["2026-11-23", "--eml"], 1, &["`--eml` does not apply"]),
        (&["2026-11-23", "-o", "no/such/folder/x"], 1, &["cannot write no/such/folder/x"]),
    ] {
        let outcome = digest.run(&[&["edition", "--as", "text"], arguments].concat());
        assert_eq!(outcome.code, code, "{arguments:?}: {}", outcome.stderr);
        for part in parts {
            assert!(outcome.stderr.contains(part), "{arguments:?}: {part} in {}", outcome.stderr);
        }
        assert!(outcome.stdout.is_empty());
    }
    for (arguments, part) in [
        (&["--as", "epub", "--limit", "9"][..], "`--limit` does not apply to the form `epub`"),
        (&["--as", "mail", "--unsubscribe", "x y"], "buttondown, listmonk, mailchimp"),
        (&["--as", "mail", "--eml", "--from", "x"], "`--from x` is not a mail address"),
        (&["--as", "epub", "--json"], "a book is not printed on a terminal"),
        (&["--as", "letter"], "mail, wechat, text, markdown, epub"),
    ] {
        let outcome = digest.run(&[&["edition"], arguments].concat());
        assert!(!outcome.success && outcome.stderr.contains(part), "{arguments:?}: {}", outcome.stderr);
    }
    let off = Digest::with_articles(1).configured("editions: off");
    assert!(off.run(&["edition", "--as", "text"]).stderr.contains("remove `editions: off`"));
    let empty = Digest::new().article("a", "title: 甲\n", "正文。");
    assert!(empty.run(&["edition", "--as", "text"]).stderr.contains("no editions yet"));
    let broken = small().file("content/articles/e.md", "no front matter");
    let outcome = broken.run(&["edition", "--as", "text"]);
    assert!(outcome.code == 1 && outcome.stderr.contains("content/articles/e.md"), "{}", outcome.stderr);
}

#[test]
fn a_limit_counts_utf16_units_and_never_cuts_inside_an_item() {
    let mut digest = Digest::new();
    for n in 0..9 {
        let text = format!("title: 第 {n} 条 😀\ndate: 2026-11-23\nevent: 事件 {n} 的说明。\n");
        digest = digest.article(&format!("a{n}"), &text, "正文。");
    }
    for form in ["text", "markdown"] {
        let whole = digest.run(&["edition", "--as", form]).stdout;
        let units = |text: &str| text.trim_end().encode_utf16().count();
        let mut shown = BTreeSet::new();
        for limit in (200..=units(&whole)).step_by(37).chain([units(&whole)]) {
            let outcome = digest.run(&["edition", "--as", form, "--limit", &limit.to_string()]);
            assert!(outcome.success, "{limit}: {}", outcome.stderr);
            assert!(units(&outcome.stdout) <= limit, "{limit}: {}", outcome.stdout);
            let items = outcome.stdout.matches("😀").count();
            assert_eq!(outcome.stdout.matches("的说明。").count(), items);
            let last = outcome.stdout.trim_end().lines().last().unwrap().to_owned();
            match 9 - items {
                0 => assert_eq!(outcome.stdout, whole),
                left => assert!(
                    last.contains(&format!("另有 {left} 条"))
                        && last.contains("https://example.org/2026/11/23/"),
                    "{last}"
                ),
            }
            shown.insert(items);
        }
        assert!(shown.len() > 4 && shown.contains(&9), "{shown:?}");
    }
}

#[test]
fn an_edit_rewrites_the_forms_of_its_day_week_and_month_alone() {
    let digest = small();
    digest.build();
    let changed = |edit: &dyn Fn()| -> BTreeSet<String> {
        let before = digest.site();
        edit();
        digest.build();
        let after = digest.site();
        let is_form =
            |path: &&String| FORMS.iter().any(|(_, file)| path.ends_with(file)) || path.ends_with("mail.txt");
        after
            .iter()
            .filter(|(path, bytes)| before.get(*path) != Some(bytes))
            .map(|(path, _)| path)
            .filter(is_form)
            .cloned()
            .collect()
    };
    let rewrite = |name: &str, from: &str, to: &str| {
        let path = format!("content/articles/{name}.md");
        digest.write(&path, digest.read(&path).replace(from, to));
    };
    let files = FORMS.map(|(_, file)| file).into_iter().chain(["mail.txt"]);
    let all = |folders: &[&str]| -> BTreeSet<String> {
        files.clone().flat_map(|file| folders.iter().map(move |folder| format!("{folder}/{file}"))).collect()
    };
    assert_eq!(changed(&|| rewrite("b", "第二篇", "第二篇改")), all(&["2026/11/23", "2026/w48", "2026/11"]));
    // The text below the excerpt is in books alone.
    let books: BTreeSet<String> =
        ["2026/11/24", "2026/w48", "2026/11"].map(|folder| format!("{folder}/edition.epub")).into();
    assert_eq!(changed(&|| rewrite("c", "---\n\n", "---\n\n")), BTreeSet::new());
    assert_eq!(changed(&|| rewrite("c", "正文丙。\n", "正文丙。末尾改了。\n")), books);
    assert_eq!(changed(&|| ()), BTreeSet::new());
    let verified = digest.run(&["build", "--verify"]);
    assert!(verified.success, "{}", verified.stderr);
}

#[test]
fn without_the_setting_a_site_has_no_forms() {
    let digest = Digest::with_articles(3);
    digest.build();
    let before = digest.site();
    let is_form =
        |path: &String| FORMS.iter().any(|(_, file)| path.ends_with(file)) || path.ends_with("mail.txt");
    assert!(!before.keys().any(is_form));
    let on = Digest::with_articles(3).configured("outputs: {editions: [text]}");
    on.build();
    let mut after = on.site();
    let forms: Vec<String> = after.keys().filter(|path| is_form(path)).cloned().collect();
    assert_eq!(forms.len(), 3 + 1 + 1, "{forms:?}");
    for path in forms {
        after.remove(&path);
    }
    assert_eq!(after, before);
    let wrong = Digest::with_articles(1).configured("outputs: {editions: [epup]}");
    assert!(wrong.build_fails().contains("did you mean `epub`?"));
}

#[test]
fn forms_are_in_no_sitemap_and_ask_not_to_be_indexed() {
    let digest = small();
    digest.build();
    for (path, bytes) in digest.site() {
        if path.contains("sitemap") {
            let text = String::from_utf8(bytes).unwrap();
            assert!(
                !text.contains("mail.") && !text.contains("edition.") && !text.contains("wechat."),
                "{path}"
            );
        }
    }
    for file in ["mail.html", "wechat.html"] {
        assert!(
            digest.page(&format!("2026/11/23/{file}")).contains("<meta name=\"robots\" content=\"noindex\">")
        );
    }
    let checked = digest.run(&["check"]);
    assert!(checked.success, "{}{}", checked.stdout, checked.stderr);
}

#[test]
fn a_large_letter_shrinks_its_last_items_and_says_where_all_are() {
    let mut digest = Digest::new();
    for n in 0..400 {
        let text = format!(
            "title: 第 {n} 篇\ndate: 2026-11-23\nlink: https://news.example/{n}\nevent: {}\n",
            "事件的说明。".repeat(9)
        );
        digest = digest.article(&format!("a{n}"), &text, "正文。");
    }
    let outcome = digest.run(&["edition", "--as", "mail"]);
    assert!(
        outcome.success && outcome.stdout.len() <= 100_000,
        "{} {}",
        outcome.stdout.len(),
        outcome.stderr
    );
    let (whole, short) =
        (outcome.stdout.matches("class=\"item\"").count(), outcome.stdout.matches("class=\"short\"").count());
    assert!(whole > 10 && short > 100, "{whole} {short}");
    assert!(
        outcome.stdout.contains("全部 400 篇： <a class=\"link\" href=\"https://example.org/2026/11/23/\"")
    );
    assert!(outcome.stdout.trim_end().ends_with("</html>"));
}

#[test]
fn a_letter_has_inlined_styles_a_preheader_and_the_tag_of_the_platform() {
    let digest = small();
    for (platform, tag) in [
        ("buttondown", "{{ unsubscribe_url }}"),
        ("listmonk", "{{ UnsubscribeURL }}"),
        ("mailchimp", "*|UNSUB|*"),
        ("https://example.org/u?a=1&b=2", "https://example.org/u?a=1&amp;b=2"),
    ] {
        let letter = digest.run(&["edition", "2026-11-23", "--as", "mail", "--unsubscribe", platform]).stdout;
        assert!(letter.contains(&format!("href=\"{tag}\"")), "{platform}: {letter}");
    }
    let letter = digest.run(&["edition", "2026-11-23", "--as", "mail"]).stdout;
    assert!(!letter.contains(">退订<"), "{letter}");
    assert_eq!(letter.matches("<style>").count(), 1);
    assert!(
        between(&letter, "<style>", "</style>")
            .unwrap()
            .0
            .trim()
            .starts_with("@media (prefers-color-scheme: dark)")
    );
    assert!(!letter.contains("var(") && !letter.contains("light-dark(") && !letter.contains(":lang("));
    assert!(!letter.contains("data-css-inline") && !letter.contains("<script"));
    let preheader = between(&letter, "class=\"preheader\"", "</div>").unwrap().0;
    assert!(preheader.contains("第二篇") && preheader.contains("display: none"));
    assert!(letter.contains("href=\"https://news.example/a%20b%7C%5B1%5D%25\""));
    let tags = Digest::new().article(
        "a",
        "title: 模板 {{ .Subscriber.Email }} *|FNAME|*\ndate: 2026-11-23\n",
        "正文。",
    );
    let letter = tags.run(&["edition", "--as", "mail", "--unsubscribe", "listmonk"]).stdout;
    assert_eq!((letter.matches("{{").count(), letter.matches("*|").count()), (1, 0), "{letter}");
    assert!(decoded(&letter).contains(">模板 {{ .Subscriber.Email }} *|FNAME|*</a>"), "{letter}");
    let configured = small().configured("editions: {unsubscribe: buttondown}");
    assert!(configured.run(&["edition", "--as", "mail"]).stdout.contains("href=\"{{ unsubscribe_url }}\""));
    let wrong = small().configured("editions: {unsubscribe: somewhere}");
    assert!(wrong.build_fails().contains("`somewhere` is not an unsubscribe address"));
}

#[test]
fn a_message_is_the_same_at_any_time() {
    let digest = small();
    let arguments = [
        "edition",
        "2026-w48",
        "--as",
        "mail",
        "--eml",
        "--from",
        "编辑部 <news@example.org>",
        "--to",
        "a@b.example",
    ];
    let message = digest.run(&arguments).stdout;
    assert_eq!(digest.run(&arguments).stdout, message);
    assert!(message.lines().all(|line| line.len() < 998));
    for part in [
        "Date: Tue, 24 Nov 2026 00:00:00 +0000\r\n",
        "Message-ID: <2026-w48.",
        "To: <a@b.example>\r\n",
        "<news@example.org>\r\n",
        "Content-Type: multipart/alternative;",
        "Content-Type: text/plain; charset=\"utf-8\"\r\n",
        "Content-Type: text/html; charset=\"utf-8\"\r\n",
    ] {
        assert!(message.contains(part), "{part:?} in {message}");
    }
    assert!(!message.replace("\r\n", "").contains('\n'));
    let plain = digest.run(&["edition", "2026-w48", "--as", "mail", "--eml"]).stdout;
    assert!(plain.contains("<newsletter@example.org>") && !plain.contains("\nTo:"), "{plain}");
}

#[test]
fn a_wechat_article_has_nothing_that_the_editor_drops() {
    let digest = small();
    let html = digest.run(&["edition", "2026-w48", "--as", "wechat"]).stdout;
    let body = between(&html, "<body>", "</body>").unwrap().0;
    for part in [" class=", " id=", "<script", "<style", "<a ", " href=", "<img", "var(", "<div"] {
        assert!(!body.contains(part), "{part} in {body}");
    }
    assert!(body.trim().starts_with("<section style=\"") && body.trim().ends_with("</section>"));
    // The notes are numbered in the order of their marks, one for each address.
    let marks: Vec<usize> =
        body.split("\">[").skip(1).map(|rest| rest.split(']').next().unwrap().parse().unwrap()).collect();
    assert_eq!(marks, [1, 2, 3, 1, 2, 3]);
    assert!(body.contains("https://news.example/a%20b%7C%5B1%5D%25"));
    let summary = between(&html, "<meta name=\"description\" content=\"", "\"").unwrap().0;
    assert!(decoded(summary).chars().count() <= 120);
    let mut long = Digest::new();
    for n in 0..60 {
        long = long.article(&format!("a{n}"), &format!("title: 第 {n} 篇\ndate: 2026-11-23\n"), "正文。");
    }
    let week = long.run(&["edition", "--as", "wechat"]);
    assert!(week.success && week.stderr.contains("fewer than 20,000"), "{}", week.stderr);
}

#[test]
fn a_book_is_well_formed_and_has_a_chapter_for_each_article() {
    let digest = small()
        .configured("markdown: {html: sanitize, allow: trusted}")
        .article(
            "e",
            "title: 《书》\ndate: 2026-11-25\nhtml: trusted\n",
            "[乙](b.md) [远](<https://x.example/a b|[1]%>) ![图](https://x.example/a.png)\n\n<p>未关 <b>粗\n\n<svg><p>x</svg><td>格<script>1</script>\n\n## 节\n\n[到节](#h-节)",
        )
        .article("f", "title: 空\ndate: 2026-11-25\n", "");
    digest.build();
    let bytes = fs::read(digest.path("public/2026/w48/edition.epub")).unwrap();
    assert!(bytes.starts_with(b"PK") && &bytes[30..58] == b"mimetypeapplication/epub+zip");
    let files = book(&bytes);
    for (name, text) in files.iter().filter(|(name, _)| name.ends_with("ml") || name.ends_with("opf")) {
        let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
        roxmltree::Document::parse_with_options(text, options)
            .unwrap_or_else(|error| panic!("{name}: {error}\n{text}"));
    }
    let chapters: Vec<&String> = files.keys().filter(|name| name.starts_with("OEBPS/a")).collect();
    assert_eq!(chapters.len(), 5, "{chapters:?}");
    let package = &files["OEBPS/package.opf"];
    assert!(package.contains("<meta property=\"dcterms:modified\">2026-11-24T16:00:00Z</meta>"), "{package}");
    assert!(package.contains("<dc:identifier id=\"id\">https://example.org/2026/w48/</dc:identifier>"));
    let chapter = files.values().find(|file| file.contains("<h1>《书》</h1>")).unwrap();
    let second = files.iter().find(|(_, file)| file.contains("<h1>第二篇</h1>")).unwrap().0;
    assert!(
        chapter.contains(&format!("<a href=\"{}\">乙</a>", second.trim_start_matches("OEBPS/"))),
        "{chapter}"
    );
    assert!(chapter.contains("<a href=\"https://x.example/a%20b%7C%5B1%5D%25\">"), "{chapter}");
    assert!(
        chapter.contains("<a href=\"https://x.example/a.png\">图</a>") && !chapter.contains("<img"),
        "{chapter}"
    );
    assert!(
        chapter.contains("<h2 id=\"x1\">节</h2>") && chapter.contains("<a href=\"#x1\">到节</a>"),
        "{chapter}"
    );
}

#[test]
fn an_edition_is_never_written_over_the_digest_or_its_site() {
    let digest = Digest::new().article("a", "title: 甲\ndate: 2026-01-02\n", "文。");
    digest.build();
    let before = (digest.read("newsprint.yaml"), digest.read("content/articles/a.md"), digest.site());
    for file in [
        "newsprint.yaml",
        "content/articles/a.md",
        "content/new.md",
        "static/x.txt",
        "templates/x.html",
        ".newsprint/x",
        "public/index.html",
        "public/2026/x",
    ] {
        let outcome = digest.run(&["edition", "--as", "text", "-o", file]);
        assert_eq!(outcome.code, 1, "{file}");
        assert!(
            outcome.stderr.contains("belongs to the digest or to its site"),
            "{file}: {}",
            outcome.stderr
        );
    }
    assert_eq!((digest.read("newsprint.yaml"), digest.read("content/articles/a.md"), digest.site()), before);
    assert!(!digest.exists("content/new.md") && !digest.exists("static/x.txt"));
    assert!(digest.run(&["edition", "--as", "text", "-o", "edition.txt"]).success);
    let outcome = digest.run(&["edition", "--as", "text", "-o", "missing/x.txt"]);
    assert!(outcome.code == 1 && !outcome.stderr.contains(".tmp"), "{}", outcome.stderr);
}

#[test]
fn an_edition_in_the_future_is_refused_and_latest_is_not_one() {
    let digest = Digest::new().article("a", "title: 甲\ndate: 2026-01-02\n", "文。").article(
        "b",
        "title: 乙\ndate: 2999-01-02\n",
        "文。",
    );
    let outcome = digest.run(&["edition", "--as", "text"]);
    assert!(outcome.success && outcome.stdout.contains("甲"), "{}", outcome.stderr);
    let outcome = digest.run(&["edition", "2999-01-02", "--as", "text"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains("the edition 2999-01-02 is in the future"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("is 2026-01-02"), "{}", outcome.stderr);
}

#[test]
fn mistakes_on_the_command_line_name_what_there_is() {
    let digest = Digest::new().article("a", "title: 甲\ndate: 2026-01-02\n", "文。");
    for (args, message) in [
        (vec!["edition"], "mail|wechat|text|markdown|epub"),
        (vec!["edition", "2026-02-31", "--as", "text"], "there is no such day"),
        (vec!["edition", "--as", "mail", "-o", "letter.eml"], "add `--eml`"),
        (vec!["edition", "--as", "text", "--limit", "60"], "no room for one item"),
        (vec!["edition", "--as", "mail", "--unsubscribe", "out@example.org"], "mailto:"),
    ] {
        let outcome = digest.run(&args);
        assert!(!outcome.success && outcome.stderr.contains(message), "{args:?}: {}", outcome.stderr);
    }
    // The address of a new digest is not the site's.
    let outcome = digest.run(&["edition", "--as", "text", "-u", "https://example.org/"]);
    assert!(outcome.stderr.contains("lead to https://example.org/"), "{}", outcome.stderr);
}

#[test]
fn the_pages_of_editions_link_to_their_books() {
    let digest = Digest::new()
        .article("a", "title: 甲\ndate: 2026-01-02\n", "文。")
        .configured("outputs: {editions: [epub]}");
    digest.build();
    for edition in ["2026/01/02", "2026/w01", "2026/01"] {
        assert!(digest.exists(&format!("public/{edition}/edition.epub")), "{edition}");
        let page = digest.main(&format!("{edition}/index.html"));
        assert!(page.contains(&format!("/{edition}/edition.epub\"")), "{edition}");
    }
}

#[test]
fn the_boundary_of_a_message_is_in_neither_part_and_not_known_before() {
    let digest = |event: &str| {
        Digest::new().article("a", &format!("title: 甲\ndate: 2026-01-02\nevent: \"{event}\"\n"), "文。")
    };
    let boundary = |event: &str| {
        let message = digest(event).run(&["edition", "--as", "mail", "--eml"]).stdout;
        let (_, rest) = message.split_once("boundary=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let known = boundary("x");
    assert_ne!(boundary(&format!("--{known}")), known, "an article names the boundary");
}

#[test]
fn the_platform_s_own_merge_tag_in_an_article_stays_text() {
    let tags = "*|UNSUB|* {{ unsubscribe_url }} {{ UnsubscribeURL }}";
    let digest =
        Digest::new().article("a", &format!("title: 甲\ndate: 2026-01-02\nevent: \"{tags}\"\n"), "文。");
    for (platform, tag) in [
        ("mailchimp", "*|UNSUB|*"),
        ("buttondown", "{{ unsubscribe_url }}"),
        ("listmonk", "{{ UnsubscribeURL }}"),
    ] {
        let letter = digest.run(&["edition", "--as", "mail", "--unsubscribe", platform]).stdout;
        assert_eq!(letter.matches(tag).count(), 1, "{platform}: {letter}");
        assert!(letter.contains(&format!("href=\"{tag}\"")), "{platform}: {letter}");
    }
    let address = "https://e.org/u?a=1&e=*|EMAIL|*";
    let letter = digest.run(&["edition", "--as", "mail", "--unsubscribe", address]).stdout;
    assert!(letter.contains("href=\"https://e.org/u?a=1&amp;e=*|EMAIL|*\""), "{letter}");
}

#[test]
fn a_very_long_item_leaves_room_for_the_others() {
    let mut digest = Digest::new().article(
        "a",
        &format!("title: 长\ndate: 2026-01-02 23:00\nevent: {}\n", "很".repeat(5000)),
        "文。",
    );
    for n in 0..5 {
        digest = digest.article(
            &format!("b{n}"),
            &format!("title: 短{n}\ndate: 2026-01-02\nevent: 事{n}\n"),
            "文。",
        );
    }
    let text = digest.run(&["edition", "--as", "text", "--limit", "1000"]).stdout;
    assert!(text.contains("1. 长\n") && !text.contains("很很") && text.contains("事4"), "{text}");
    let letter = digest.run(&["edition", "--as", "mail"]).stdout;
    assert!(letter.contains("很很") && letter.contains("事4"), "{letter}");
}

#[cfg(unix)]
#[test]
fn an_edition_replaces_no_link_and_nothing_but_files() {
    let digest =
        Digest::new().article("a", "title: 甲\ndate: 2026-01-02\n", "文。").file("target.txt", "mine");
    std::os::unix::fs::symlink("target.txt", digest.path("link.txt")).unwrap();
    let outcome = digest.run(&["edition", "--as", "text", "-o", "link.txt"]);
    assert!(outcome.code == 1 && outcome.stderr.contains("is not a regular file"), "{}", outcome.stderr);
    assert_eq!(digest.read("target.txt"), "mine");
    let outcome = digest.run(&["edition", "--as", "text", "-o", "-"]);
    assert!(outcome.success && outcome.stdout.contains("甲") && !digest.exists("-"), "{}", outcome.stderr);
}
