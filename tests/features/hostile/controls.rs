//! Control characters of fields, texts, records and settings reach no file of the site, no terminal
//! and no JSON report.

use std::fmt::Write as _;

use newsprint::internals::text::dropped::is_dropped;
use newsprint::internals::text::invisible::steers_terminal;
use serde_json::{Value, json};

use crate::driver::Digest;
use crate::preview::Preview;

/// DEL, three C1 controls (U+009B begins an escape sequence), a next line, and controls of XML.
const CONTROLS: &str = "\u{7f}\u{80}\u{9b}31m\u{9f}\u{85}\u{1}\u{fffe}";

/// A YAML scalar in double quotes with an escape for every character.
fn yaml(text: &str) -> String {
    let escapes = text.chars().fold(String::new(), |mut all, c| {
        let _ = write!(all, "\\U{:08X}", u32::from(c));
        all
    });
    format!("\"{escapes}\"")
}

/// A digest with control characters in every text.
fn digest() -> Digest {
    let words = yaml(&format!("甲{CONTROLS}乙"));
    let config = format!(
        "title: {words}\ndescription: {words}\nauthor: {words}\nbase_url: https://example.org/\n\
         outputs: {{json: on, markdown: on}}\nmenu: [{{name: {words}, url: /about/}}]\n\
         taxonomies: [{{name: companies, title: {words}}}]\nextra: {{a: {words}, {words}: 1}}\n"
    );
    let references: String = CONTROLS.chars().map(|c| format!("&#{};", u32::from(c))).collect();
    let body = format!(
        "甲{CONTROLS}乙{references}\n\n[题](/{references}x \"{references}\") ![图{references}](/x.png) `{CONTROLS}`\n\n\
         ## 题{references}\n\n```{references}\n{CONTROLS}\n```\n"
    );
    let fields = format!(
        "title: {words}\nsource: {words}\nevent: {words}\nsummary: {words}\nkeywords: [{words}]\nindustries: {words}\n\
         extra: {{a: [{words}], {words}: {{b: {words}}}}}\n"
    );
    let record = json!({"title": format!("录{CONTROLS}"), "content": format!("<p>录{CONTROLS}</p>"), "mood": CONTROLS, "event": CONTROLS});
    Digest::bare()
        .file("newsprint.yaml", config)
        .file(
            "content/terms.yaml",
            format!(
                "keywords:\n- {{name: {words}, description: {words}, aliases: [{}]}}\n",
                yaml("丙\u{9b}")
            ),
        )
        .file("templates/i18n/zh-CN.yaml", format!("archive: {words}\n"))
        .file("content/pages/about.md", format!("---\ntitle: {words}\nsummary: {words}\n---\n{body}"))
        .article("a", &format!("{fields}slug: {words}\ndate: 2024-01-02\n"), &body)
        .article(
            "b",
            &format!("{fields}date: 2024-01-03\nhtml: sanitize\n"),
            &format!("<p title=\"{references}\">{body}</p>"),
        )
        .file("records.json", record.to_string())
}

#[test]
fn no_file_of_the_site_holds_a_control_character() {
    let digest = digest();
    let imported = digest.run(&["import", "records.json", "--date", "2024-01-01"]);
    assert!(imported.success, "{}", imported.stderr);
    digest.build();
    let mut files = 0;
    for (path, bytes) in digest.site() {
        let Ok(text) = String::from_utf8(bytes) else { continue };
        if path.starts_with("search/") || path.ends_with(".js") || path.ends_with(".css") {
            continue;
        }
        files += 1;
        let bad = text.char_indices().find(|(_, c)| is_dropped(*c));
        assert_eq!(bad, None, "{path}: {:?}", bad.map(|(at, _)| &text[..at]));
        let lower = text.to_lowercase();
        for escape in ["\\u009b", "\\x9b", "&#155;", "&#x9b;", "%c2%9b"] {
            assert!(!lower.contains(escape), "{path} holds {escape}");
        }
    }
    assert!(files > 30, "{files}");
    // A next line in a field separates words.
    assert!(digest.page("feed.xml").contains("甲31m 乙</title>"), "{}", digest.page("feed.xml"));
}

#[test]
fn an_import_reports_every_control_character() {
    let digest = digest();
    let report: Value = serde_json::from_str(
        &digest.run(&["import", "records.json", "--date", "2024-01-01", "--json"]).stdout,
    )
    .unwrap();
    for c in ['\u{7f}', '\u{80}', '\u{9b}', '\u{85}', '\u{1}'] {
        let from = report["repaired"].as_array().unwrap().iter().filter_map(|repair| repair["from"].as_str());
        assert_eq!(from.map(|from| from.matches(c).count()).sum::<usize>(), 4, "{c:?} in {report:#}");
    }
    let files = crate::driver::tree(&digest.path("content/articles"));
    let (_, text) = files.iter().find(|(name, _)| name.contains('录')).unwrap();
    let text = String::from_utf8_lossy(text);
    assert!(!text.contains(is_dropped) && !text.to_lowercase().contains("\\x85"), "{text}");
}

#[test]
fn reports_and_previews_hold_no_character_that_steers_a_terminal() {
    let steering = "\u{1b}]0;x\u{7}\u{7f}\u{85}\u{9b}31m\u{202e}\u{2066}\u{200f}\u{61c}";
    let words = yaml(&format!("甲{steering}"));
    let digest = Digest::new()
        .article("a", &format!("title: {words}\n{words}: 1\nkeywords: [{words}, 大模型, 大模形]\nlink: {words}\ndate: {words}\n"), "")
        .article("b", &format!("title: {words}\nimage: {words}\n"), "")
        .file("records.json", json!({"title": format!("题{steering}"), "date": steering, "link": steering, "content": "文"}).to_string())
        .configured(&format!("{words}: 1\nlanguage: {words}"));
    let mut escaped = 0;
    for command in [
        &["build"][..],
        &["build", "--json"],
        &["check"],
        &["check", "--json"],
        &["import", "records.json", "-v", "--dry-run"],
        &["import", "records.json", "--json", "--dry-run"],
    ] {
        let outcome = digest.run(command);
        for text in [&outcome.stdout, &outcome.stderr] {
            assert_eq!(text.chars().find(|&c| steers_terminal(c)), None, "{command:?}: {text:?}");
        }
        if command.contains(&"--json") {
            let _: Value = serde_json::from_str(&outcome.stdout).unwrap();
            escaped += outcome.stdout.matches("\\u009b").count();
        }
    }
    assert!(escaped > 3, "{escaped}");
    let preview = Preview::start(&digest, &[]);
    for page in ["/.newsprint/state?page=%2F", "/"] {
        let text = preview.get(page).text();
        assert!(text.contains("cannot be built") && !text.contains(steers_terminal), "{page}: {text:?}");
    }
}
