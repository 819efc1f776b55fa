//! The chapter `theming` of the guide is the contract with theme authors: templates get exactly the
//! variables that it documents.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::Read as _;
use std::path::Path;

use crate::driver::{Digest, tree};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The tables of the chapter: template or object type → variable → type.
type Contract = BTreeMap<String, BTreeMap<String, String>>;

fn contract() -> Contract {
    let guide = fs::read_to_string(format!("{ROOT}/docs/content/articles/theming.md")).unwrap();
    let mut contract = Contract::new();
    let mut name = String::new();
    for line in guide.lines() {
        if let Some(heading) = line.strip_prefix("## ").or_else(|| line.strip_prefix("### ")) {
            name = heading.trim_matches('`').to_owned();
        } else if let Some(row) = line.strip_prefix("| `") {
            let cells: Vec<&str> = row.split(" | ").collect();
            let (variable, kind) = (cells[0].trim_end_matches('`'), cells[1]);
            let twice =
                contract.entry(name.clone()).or_default().insert(variable.to_owned(), kind.to_owned());
            assert_eq!(twice, None, "{name}: {variable} is documented twice");
        }
    }
    contract.retain(|name, _| !name.contains(' '));
    contract
}

/// The type of a value, and the contents of a list or map, as Tera's `__tera_context` prints it.
#[derive(Debug, Clone, PartialEq)]
enum Shown {
    Nothing,
    Text,
    Number,
    Flag,
    List(Vec<Shown>),
    Map(BTreeMap<String, Shown>),
}

/// Parses the output of `__tera_context`: JSON, except that a null value is printed as nothing.
struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn skip(&mut self, marks: &[char]) {
        self.rest = self.rest.trim_start_matches(|c: char| c.is_whitespace() || marks.contains(&c));
    }

    fn text(&mut self) -> String {
        let mut escaped = false;
        let end = self.rest[1..].find(|c| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        let end = end.unwrap() + 1;
        let text = self.rest[1..end].to_owned();
        self.rest = &self.rest[end + 1..];
        text
    }

    fn value(&mut self) -> Shown {
        self.skip(&[]);
        match self.rest.chars().next().unwrap() {
            '"' => {
                self.text();
                Shown::Text
            }
            '[' => {
                self.rest = &self.rest[1..];
                let mut list = Vec::new();
                loop {
                    self.skip(&[',']);
                    if let Some(rest) = self.rest.strip_prefix(']') {
                        self.rest = rest;
                        return Shown::List(list);
                    }
                    list.push(self.value());
                }
            }
            '{' => {
                self.rest = &self.rest[1..];
                let mut map = BTreeMap::new();
                loop {
                    self.skip(&[',']);
                    if let Some(rest) = self.rest.strip_prefix('}') {
                        self.rest = rest;
                        return Shown::Map(map);
                    }
                    let key = self.text();
                    self.rest = self.rest.strip_prefix(':').unwrap();
                    map.insert(key, self.value());
                }
            }
            _ => {
                let end = self.rest.find([',', '}', ']']).unwrap();
                let word = self.rest[..end].trim();
                self.rest = &self.rest[end..];
                match word {
                    "" => Shown::Nothing,
                    "true" | "false" => Shown::Flag,
                    number => {
                        number.parse::<f64>().unwrap_or_else(|_| panic!("{number}"));
                        Shown::Number
                    }
                }
            }
        }
    }
}

/// Compares the contexts of templates with the contract.
struct Comparison {
    contract: Contract,
    /// Variables that had a value on at least one page: ``article.html: `article` ``.
    met: BTreeSet<String>,
    wrong: BTreeSet<String>,
}

impl Comparison {
    fn map(&mut self, name: &str, given: &BTreeMap<String, Shown>) {
        let documented =
            self.contract.get(name).unwrap_or_else(|| panic!("{name} is not documented")).clone();
        for variable in given.keys() {
            if !documented.contains_key(variable) {
                self.wrong.insert(format!("{name}: `{variable}` is not documented"));
            }
        }
        for (variable, kind) in &documented {
            match given.get(variable) {
                None => {
                    self.wrong.insert(format!("{name}: `{variable}` is documented but missing"));
                }
                Some(value) => self.value(&format!("{name}: `{variable}`"), kind, value),
            }
        }
    }

    fn value(&mut self, place: &str, kind: &str, value: &Shown) {
        let required = kind.trim_end_matches('?');
        if *value != Shown::Nothing && *value != Shown::List(vec![]) {
            self.met.insert(place.to_owned());
        }
        match (required, value) {
            ("any", _)
            | ("text" | "HTML", Shown::Text)
            | ("number", Shown::Number)
            | ("flag", Shown::Flag) => {}
            (_, Shown::Nothing) if kind.ends_with('?') => {}
            (list, Shown::List(items)) if list.starts_with('[') => {
                for item in items {
                    self.value(place, list.trim_matches(['[', ']']), item);
                }
            }
            (shape, Shown::Map(given)) if self.contract.contains_key(shape) => self.map(shape, given),
            _ => {
                self.wrong.insert(format!("{place} is documented as {kind}, but is {value:?}"));
            }
        }
    }
}

/// A digest in which every variable has a value on some page: the example digest, with articles and
/// settings for the features that it does not use.
fn digest_with_every_variable() -> Digest {
    let mut digest = Digest::bare();
    for (name, bytes) in tree(&Path::new(ROOT).join("content")) {
        digest = digest.file(&format!("content/{name}"), bytes);
    }
    let config = fs::read_to_string(format!("{ROOT}/newsprint.yaml")).unwrap();
    let cards = if cfg!(feature = "images") { "cards: {for: [articles]}\n" } else { "" };
    let mut many = String::new();
    for n in 0..600 {
        let _ = write!(many, "\n  - {}{n}", if n % 5 == 0 { "Beta" } else { "Alpha" });
    }
    let event = "深空公司与海港银行签署协议，以三十亿元收购其支付业务";
    // More undated articles than the first page of a list shows as cards.
    for n in 0..9 {
        digest = digest.article(&format!("undated-{n}"), &format!("title: 无日期 {n}\n"), "正文。");
    }
    digest = digest.article("expired", "title: 已过期\nexpires: 2026-01-02\n", "正文。");
    // A keyword that no longer occurs.
    for n in 0..8 {
        let text = format!("title: 旧题 {n}\ndate: 2026-10-1{n}\nkeywords: [旧题]\n");
        digest = digest.article(&format!("fading-{n}"), &text, "正文。");
    }
    digest
        .file("newsprint.yaml", format!("{config}\nimage: /card.png\ntranslations:\n  en: https://example.org/en/\n{cards}feeds: {{hub: https://hub.example/}}\nlabels: {{ai: generated, producer: 甲公司, number: n}}\nextra:\n  motto: 一\n"))
        .file("static/custom.css", ":root { --measure: 40rem; }\n")
        .file("content/redirects.yaml", "old-feed/: feed.xml\n")
        .file("content/pages/more.md", "---\ntitle: 更多\nextra:\n  a: 1\n---\n\n## 节\n\n正文。\n")
        .article("many", &format!("title: 许多词条\ndate: 2024-05-01\nkeywords:{many}\n"), "正文。")
        .article(
            "all",
            "title: How the model of the year is made\ndate: 2024-05-02\nupdated: 2024-05-03\nsummary: It is in the news of the day.\nimage: https://example.org/a.png\nfeed_id: tag:example.org,2024:all\naliases: [/old/]\nextra:\n  a: [1, {b: c}]\n",
            "## 节\n\n正文。",
        )
        .article("again", "title: How the model of the year is made\ndate: 2024-05-02\nsummary: It is in the news of the day.\n", "English text.")
        // The newest article of a rising term.
        .article("rising", "title: How the news of the year is made\ndate: 2026-11-20 23:59\nkeywords: [Python]\n", "English text.")
        .article("one", &format!("title: 深空公司三十亿元收购海港银行支付业务\ndate: 2026-11-20 23:58\nevent: {event}\nsource: 甲报\nkeywords: [深空公司, 海港银行]\n"), "正文。")
        .article("two", &format!("title: 深空公司三十亿元收购海港银行支付业务\ndate: 2026-11-20 23:58\nevent: {event}\nsource: 乙报\nkeywords: [深空公司, 海港银行]\n"), "正文。")
}

/// A small digest in which every variable of the forms of editions has a value in some form.
fn digest_of_forms() -> Digest {
    let english = "title: How the model of the year is made\ndate: 2024-05-02\nlink: https://example.com/a\nsource: The Paper\nindustries: [医疗]\nevent: The bank and the company of the year sign a deal.\n";
    Digest::new()
        .configured(
            "outputs: {editions: [mail, wechat, text, markdown, epub]}\neditions: {unsubscribe: listmonk}\nlabels: {ai: generated}",
        )
        .article("one", english, "English text.")
        .article("two", english, "English text of the day.")
        .article("plain", "title: 没有行业\ndate: 2024-05-02\n", "正文。")
        .article("before", "title: 上一周\ndate: 2024-04-02\n", "正文。")
}

/// A small digest in two languages, one of which lists the articles of the other, too.
fn digest_of_languages() -> Digest {
    let front = "date: 2024-05-02\nkeywords: [深空公司, 海港银行]\n";
    let event = "event: 深空公司与海港银行签署协议，以三十亿元收购其支付业务\n";
    let mut digest = Digest::new().configured("languages: [zh-CN, {en: {untranslated: mark}}]");
    for n in 0..4 {
        digest = digest.article(
            &format!("a{n}"),
            &format!("title: 深空公司三十亿元收购海港银行支付业务\n{front}{event}"),
            "正文。",
        );
    }
    digest.article("a0.en", &format!("title: Bank sold\n{front}{event}"), "Text.")
}

/// The texts of all files of a book.
fn texts_of_book(bytes: Vec<u8>) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut texts = String::new();
    for at in 0..archive.len() {
        archive.by_index(at).unwrap().read_to_string(&mut texts).unwrap();
    }
    texts
}

/// Replaces templates by one that prints its context, builds, and appends the template name and
/// context of each page to `contexts`.
fn collect_contexts(digest: &Digest, templates: &[&String], contexts: &mut Vec<(String, Shown)>) {
    for name in templates {
        digest
            .write(&format!("templates/{name}"), format!("@@{name}@@{{{{ __tera_context | safe }}}}@@end@@"));
    }
    digest.build();
    for (_, bytes) in tree(&digest.path("public")) {
        let page = if bytes.starts_with(b"PK") {
            texts_of_book(bytes)
        } else {
            let Ok(page) = String::from_utf8(bytes) else { continue };
            page
        };
        for part in page.split("@@end@@") {
            let Some((_, part)) = part.split_once("@@") else { continue };
            let (name, context) = part.split_once("@@").unwrap();
            contexts.push((name.to_owned(), Reader { rest: context }.value()));
        }
    }
    for name in templates {
        digest.remove(&format!("templates/{name}"));
    }
}

#[test]
fn the_documented_variables_match_the_template_contexts() {
    let contract = contract();
    let digest = digest_with_every_variable();
    let is_template = |name: &&String| name.contains('.');
    let (parts, templates): (Vec<&String>, Vec<&String>) =
        contract.keys().filter(is_template).partition(|name| name.starts_with("parts/"));
    assert!(templates.len() > 15 && parts.len() == 3, "{templates:?} {parts:?}");
    let mut contexts = Vec::new();
    let (forms, templates): (Vec<&String>, Vec<&String>) =
        templates.into_iter().partition(|name| name.starts_with("editions/"));
    assert!(forms.len() == 8, "{forms:?}");
    collect_contexts(&digest, &templates, &mut contexts);
    collect_contexts(&digest_of_forms(), &forms, &mut contexts);
    // Pages of editions with a book.
    let editions: Vec<&String> = templates.iter().copied().filter(|name| *name == "edition.html").collect();
    collect_contexts(&digest_of_forms(), &editions, &mut contexts);
    // Parts are rendered inside pages: they are replaced in a build of their own to tell them
    // apart.
    collect_contexts(&digest, &parts, &mut contexts);
    let pages: Vec<&String> = templates.iter().copied().filter(|name| *name == "article.html").collect();
    collect_contexts(&digest_of_languages(), &pages, &mut contexts);
    collect_contexts(&digest_of_languages(), &parts, &mut contexts);

    let mut comparison =
        Comparison { contract: contract.clone(), met: BTreeSet::new(), wrong: BTreeSet::new() };
    for (name, context) in contexts {
        let Shown::Map(mut context) = context else { panic!("{name}: {context:?}") };
        let Some(Shown::Map(config)) = context.remove("config") else { panic!("{name} has no config") };
        assert!(context.remove("words").is_some(), "{name} has no words");
        comparison.map("config", &config);
        comparison.map(&name, &context);
    }
    for (name, variables) in &contract {
        for variable in variables.keys() {
            let place = format!("{name}: `{variable}`");
            // A separate test compares the properties of the style sheet.
            // Social cards need a program that draws.
            let is_drawn = place.contains("social") && !cfg!(feature = "images");
            let is_compared = variable.starts_with("--") || variable.contains('/') || is_drawn;
            if !is_compared && !comparison.met.contains(&place) {
                comparison.wrong.insert(format!("{place} has a value on no page of this test"));
            }
        }
    }
    let wrong: Vec<String> = comparison.wrong.into_iter().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_documented_properties_match_the_style_sheet() {
    let css = fs::read_to_string(format!("{ROOT}/static/newsprint.css")).unwrap();
    let guide = fs::read_to_string(format!("{ROOT}/docs/content/articles/theming.md")).unwrap();
    let documented: BTreeSet<&str> = guide
        .lines()
        .filter_map(|line| line.strip_prefix("| `--")?.split_once('`'))
        .map(|(name, _)| name)
        .collect();
    let root = &css[css.find(":root {").unwrap()..];
    let set: BTreeSet<&str> = root[..root.find('}').unwrap()]
        .lines()
        .filter_map(|line| line.trim().strip_prefix("--")?.split_once(':'))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(documented, set);
    for name in set {
        assert!(css.contains(&format!("var(--{name})")), "--{name} is not used in the style sheet");
    }
}

#[test]
fn the_card_template_of_the_guide_replaces_the_cards_of_lists() {
    let guide = fs::read_to_string(format!("{ROOT}/docs/content/articles/theming.md")).unwrap();
    let html = guide.split("```html\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let digest = Digest::with_articles(3).file("templates/parts/card.html", html);
    digest.build();
    let main = digest.main("keywords/共同/index.html");
    assert_eq!(main.matches("<article class=\"card\"><h3><a href=\"/articles/").count(), 3, "{main}");
    assert!(!main.contains("byline") && !main.contains("事件 1"), "{main}");
}

#[test]
fn the_example_theme_is_used_on_every_page() {
    let mut digest = digest_with_every_variable();
    for folder in ["templates", "static"] {
        for (name, bytes) in tree(&Path::new(ROOT).join("examples/wire").join(folder)) {
            digest = digest.file(&format!("{folder}/{name}"), bytes);
        }
    }
    let outcome = digest.run(&["build", "--strict"]);
    assert!(outcome.success, "{}", outcome.stderr);
    let mut pages = 0;
    for (path, bytes) in tree(&digest.path("public")) {
        let page = String::from_utf8_lossy(&bytes);
        if path.ends_with(".html") && !page.contains("http-equiv=\"refresh\"") {
            assert!(page.contains("/wire.css\"") && !page.contains("newsprint.css"), "{path}");
            pages += 1;
        }
    }
    assert!(pages > 300, "{pages} pages");
}

#[test]
fn every_page_loads_the_custom_style_sheet_after_the_theme_s() {
    let digest = Digest::new().file("newsprint.yaml", "base_url: https://example.org/base/\n");
    assert!(digest.run(&["build"]).success);
    let pages = |digest: &Digest| -> Vec<String> {
        let files = tree(&digest.path("public")).into_iter();
        let pages = files.filter(|(path, _)| path.ends_with(".html"));
        pages.map(|(_, bytes)| String::from_utf8(bytes).unwrap()).collect()
    };
    let before = pages(&digest);
    assert!(before.len() > 5 && before.iter().all(|page| !page.contains("custom.css")));
    digest.write("static/custom.css", ":root { --accent: red; }");
    assert!(digest.run(&["build"]).success);
    let links = "<link rel=\"stylesheet\" href=\"/base/newsprint.css\">\n<link rel=\"stylesheet\" href=\"/base/custom.css\">\n";
    for (before, after) in before.iter().zip(pages(&digest)) {
        let own = "<link rel=\"stylesheet\" href=\"/base/custom.css\">\n";
        assert!(before == &after.replace(own, "") && (after == *before || after.contains(links)), "{after}");
    }
    assert_eq!(digest.read("public/custom.css"), ":root { --accent: red; }");
    assert!(digest.read("public/index.html").contains(links));
}

#[test]
fn a_file_of_the_default_theme_is_listed_printed_and_copied() {
    let digest = Digest::new();
    let default = fs::read_to_string(format!("{ROOT}/templates/parts/card.html")).unwrap();
    for name in ["parts/card.html", "templates/parts/card.html"] {
        assert_eq!(digest.run(&["theme", "show", name]).stdout, default);
    }
    let line = |digest: &Digest, file: &str| {
        let listed = digest.run(&["theme", "list"]).stdout;
        listed.lines().find(|line| line.starts_with(file)).unwrap().to_owned()
    };
    assert_eq!(line(&digest, "templates/parts/card.html"), "templates/parts/card.html");
    let outcome = digest.run(&["theme", "eject", "parts/card.html", "newsprint.css"]);
    assert!(outcome.success && outcome.stderr.contains("created static/newsprint.css"), "{}", outcome.stderr);
    assert_eq!(digest.read("templates/parts/card.html"), default);
    let unchanged = "templates/parts/card.html  (unchanged in this digest)";
    assert_eq!(line(&digest, "templates/parts/card.html"), unchanged);
    digest.write("templates/parts/card.html", "own");
    assert_eq!(
        line(&digest, "templates/parts/card.html"),
        "templates/parts/card.html  (replaced in this digest)"
    );
    let again = digest.run(&["theme", "eject", "parts/card.html"]);
    assert!(again.code == 1 && again.stderr.contains("already has this file"), "{}", again.stderr);
    assert_eq!(digest.read("templates/parts/card.html"), "own");
}

#[test]
fn a_name_that_the_default_theme_does_not_have_copies_nothing() {
    let digest = Digest::new();
    for (name, help) in [
        ("card.htm", "did you mean `templates/parts/card.html`?"),
        ("../newsprint.yaml", "theme list"),
        ("nothing at all", "theme list"),
    ] {
        for command in ["show", "eject"] {
            let outcome = digest.run(&["theme", command, name]);
            assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""), "{name}");
            assert!(outcome.stderr.contains(help), "{}", outcome.stderr);
        }
        assert_eq!(digest.run(&["theme", "eject", "base.html", name]).code, 1);
        assert!(!digest.exists("templates/base.html"));
    }
}
