//! Labels of machine-written text: `ai` and `reviewed` of an article, of the digest and of an
//! import, and the label wherever the site shows the article.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use serde_json::Value;

use crate::driver::{Digest, attributes};

/// All outputs that show articles.
const ALL_OUTPUTS: &str = "outputs: {api: on, json: on, markdown: on, llms: on, \
                           editions: [mail, wechat, text, markdown, epub]}\n\
                           feeds: {terms: on, crossings: on, json: on, full_text: all}\n\
                           paginate_by: 5\n";

/// The fields of authorship and the label that they give, in turn.
const KINDS: [(&str, &str); 7] = [
    ("ai: generated\n", "AI 生成"),
    ("", ""),
    ("AI: 辅助\n人工审核: 是\n", "AI 辅助，人工审核"),
    ("ai: none\nreviewed: true\n", ""),
    ("ai: AI 生成\nreviewed: yes\n", "AI 生成，人工审核"),
    ("reviewed: true\n", ""),
    ("ai: assisted\n", "AI 辅助"),
];

/// The articles of [`digest`] besides the reports of one event.
const ARTICLES: usize = 40;

fn title(n: usize) -> String {
    format!("第{n:02}号消息")
}

/// A digest with articles of each kind over ten weeks, some undated, reports of one event and
/// all outputs; and the titles with their labels, empty for an article without one.
fn digest() -> (Digest, BTreeMap<String, String>) {
    let mut digest = Digest::new().configured(ALL_OUTPUTS);
    let mut labels = BTreeMap::new();
    for n in 0..ARTICLES {
        let (fields, label) = KINDS[n % KINDS.len()];
        let day = chrono::NaiveDate::from_ymd_opt(2025, 12, 1).unwrap() + chrono::Days::new(2 * n as u64);
        let date = if n < 6 { String::new() } else { format!("date: {day}\n") };
        // Terms that rise at the end, for the page of trends.
        let terms = if n > 34 { "keywords: [升]\n" } else { "keywords: [旧]\n" };
        let source = if n % 2 == 0 { "source: 某报\n" } else { "" };
        let alias = format!("aliases: [/old/{n}/]\n");
        let front = format!(
            "title: {}\n{date}{source}{terms}{alias}ai_technologies: [模型]\nindustries: [医疗]\n{fields}",
            title(n)
        );
        let event = if n % 3 == 0 { format!("event: 事件{n}\n") } else { String::new() };
        digest = digest.article(&format!("n{n:02}"), &(front + &event), &format!("正文{n}。"));
        labels.insert(title(n), label.to_owned());
    }
    let event = "深空公司与海港银行签署协议，以三十亿元收购其支付业务";
    for (name, day, title, fields, label) in [
        ("a", 20, "深空公司三十亿元收购海港银行支付业务", "ai: generated\n", "AI 生成"),
        ("b", 20, "深空公司以三十亿元收购海港银行支付业务", "ai: assisted\n", "AI 辅助"),
        ("c", 19, "深空公司三十亿元收购海港银行的支付业务", "", ""),
    ] {
        let front = format!(
            "title: {title}\ndate: 2026-02-{day}\nevent: {event}\nsource: 某报\nkeywords: [升]\n{fields}"
        );
        digest = digest.article(name, &front, "正文。");
        labels.insert(title.to_owned(), label.to_owned());
    }
    (digest, labels)
}

/// A part of a file that shows at most one article: what is read together with its title.
#[derive(Debug)]
struct Container {
    /// The kind of the container, for the list of those that were met.
    kind: String,
    /// Its text, without that of the containers in it.
    text: String,
}

/// The containers of a file, by its format.
fn containers(path: &str, text: &str) -> Vec<Container> {
    let extension = path.rsplit('.').next().unwrap();
    let name = path.rsplit('/').next().unwrap();
    let lines = |kind: &str| -> Vec<Container> {
        text.lines().map(|line| Container { kind: kind.to_owned(), text: line.to_owned() }).collect()
    };
    match extension {
        // Forms of editions: headlines in the preheader of a letter, paragraphs, lines.
        "html" if name == "mail.html" => {
            let (before, hidden) = text.split_once("<div class=\"preheader\"").unwrap();
            let (hidden, after) = hidden.split_once("</div>").unwrap();
            let headlines = hidden.trim_end_matches('…').split(" · ");
            let whole = headlines.filter(|headline| headline.ends_with(']'));
            whole
                .map(|headline| Container { kind: "preheader".to_owned(), text: headline.to_owned() })
                .chain(markup("mail", &format!("{before}{after}")))
                .collect()
        }
        "html" if name == "wechat.html" => markup("wechat", text),
        "txt" if name == "mail.txt" || name == "edition.txt" => lines("text line"),
        "md" if name == "edition.md" => lines("markdown line"),
        "xhtml" => markup("book", text),
        "html" | "xml" => markup(extension, text),
        "json" => {
            let mut found = Vec::new();
            objects(&serde_json::from_str(text).unwrap(), &mut found);
            found
        }
        // The alternate of one article.
        "md" => vec![Container { kind: "md".to_owned(), text: text.to_owned() }],
        "txt" => {
            let (kind, separator) =
                if path == "llms.txt" { ("llms line", "\n") } else { ("llms-full", "\n# ") };
            let part = |text: &str| Container { kind: kind.to_owned(), text: text.to_owned() };
            text.split(separator).map(part).collect()
        }
        _ => Vec::new(),
    }
}

/// The containers of HTML and XML: items of lists, cards, the article of a page, rows, links to the
/// articles before and after, entries of feeds, and the rest of the file.
fn markup(format: &str, text: &str) -> Vec<Container> {
    let kind_of = |tag: &str| {
        let name = tag.split([' ', '\n', '/']).next().unwrap();
        let class = attributes(&format!("<{tag}"), "class").into_iter().next().unwrap_or_default();
        match (name, class.as_str()) {
            ("li" | "tr" | "entry" | "head", _) => Some(name.to_owned()),
            ("article", class) => Some(format!("article.{class}")),
            ("a", "older" | "newer") => Some("neighbour".to_owned()),
            ("p" | "h3", _) if matches!(format, "mail" | "wechat") => Some("paragraph".to_owned()),
            ("section", _) | ("p", "report") if format == "book" => Some(name.to_owned()),
            _ => None,
        }
    };
    let mut open = vec![(String::new(), Container { kind: "rest".to_owned(), text: String::new() })];
    let mut closed = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        open.last_mut().unwrap().1.text.push_str(&rest[..at]);
        let end = rest[at..].find('>').map_or(rest.len(), |end| at + end);
        let tag = &rest[at + 1..end];
        rest = rest.get(end + 1..).unwrap_or_default();
        if let Some(name) = tag.strip_prefix('/') {
            if open.last().is_some_and(|(of, _)| of == name) {
                closed.push(open.pop().unwrap().1);
            }
        } else if let Some(mut kind) = kind_of(tag) {
            let name = tag.split([' ', '\n']).next().unwrap().to_owned();
            // Another report of the event of a card or line.
            if name == "li" && format != "book" && open.iter().any(|(of, _)| of == "li" || of == "article") {
                kind = "report".to_owned();
            }
            open.push((name, Container { kind: format!("{format} {kind}"), text: String::new() }));
        } else if tag.starts_with("script") {
            rest = &rest[rest.find("</script>").unwrap_or(0)..];
        } else if tag == "a" || tag.starts_with("a ") || tag.starts_with("category ") {
            // Nothing of these has text of its own, but a container of links has to close in order.
            open.last_mut().unwrap().1.text.push_str(&attributes(&format!("<{tag}"), "label").join(" "));
        }
    }
    open.last_mut().unwrap().1.text.push_str(rest);
    closed.extend(open.into_iter().map(|(_, container)| container));
    closed
}

/// The containers of JSON: its objects, each with its own texts and those of objects that describe
/// it. HTML with items of a list has containers of its own.
fn objects(value: &Value, found: &mut Vec<Container>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| objects(item, found)),
        Value::Object(fields) => {
            let mut text = String::new();
            for (name, value) in fields {
                match value {
                    Value::String(html) if html.contains("<li>") => found.extend(markup("json", html)),
                    Value::String(words) => text = text + words + "\n",
                    Value::Object(_) if name == "_newsprint" => {}
                    other => objects(other, found),
                }
            }
            found.push(Container { kind: "json object".to_owned(), text });
        }
        _ => {}
    }
}

/// The chapters and the table of contents of a book.
fn unzipped(bytes: Vec<u8>) -> Vec<(String, String)> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut texts = Vec::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let name = file.name().unwrap().to_string();
        if name.ends_with(".xhtml") {
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            texts.push((name, text));
        }
    }
    texts
}

/// The kinds of containers that show a labelled article, and what is wrong in the site: a labelled
/// title without its label, another label, or a label beside a title without one.
fn scan(digest: &Digest, labels: &BTreeMap<String, String>) -> (BTreeSet<String>, Vec<String>) {
    let (mut met, mut wrong) = (BTreeSet::new(), Vec::new());
    for (path, bytes) in digest.site() {
        if path.starts_with("api/schema/") {
            continue;
        }
        let texts = match path.ends_with(".epub") {
            true => unzipped(bytes),
            false => String::from_utf8(bytes).map(|text| (path.clone(), text)).into_iter().collect(),
        };
        let all: Vec<Container> = texts.iter().flat_map(|(path, text)| containers(path, text)).collect();
        for Container { kind, text } in &all {
            for (title, label) in labels.iter().filter(|(title, _)| text.contains(title.as_str())) {
                // The head of a page is read with the page.
                let page = |container: &&Container| {
                    container.kind == "html article.story" || container.kind == "rest"
                };
                // That of a chapter says nothing but the title, for the program that reads it.
                if kind == "book head" {
                    continue;
                }
                let beside: String = match kind.as_str() {
                    "html head" => all.iter().filter(page).map(|container| &*container.text).collect(),
                    _ => text.clone(),
                };
                // The longer labels begin with the shorter ones.
                let known: Vec<&str> = KINDS.iter().map(|(_, label)| *label).collect();
                let is_shown = |wanted: &str| !wanted.is_empty() && beside.contains(wanted);
                let shown = known.into_iter().filter(|label| is_shown(label)).max_by_key(|label| label.len());
                if shown.unwrap_or_default() != label {
                    wrong.push(format!("{path}: {kind}: {title}: {shown:?} instead of {label:?}"));
                } else if !label.is_empty() {
                    met.insert(kind.clone());
                }
            }
        }
    }
    (met, wrong)
}

#[test]
fn every_container_that_shows_a_labelled_title_has_its_label_and_no_other_has_one() {
    let (digest, labels) = digest();
    digest.build();
    let (met, wrong) = scan(&digest, &labels);
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong[..wrong.len().min(30)].join("\n"));
    let wanted = [
        "book li",
        "book p",
        "book section",
        "html article.card",
        "html article.story",
        "html head",
        "html li",
        "html neighbour",
        "html report",
        "html tr",
        "json li",
        "json object",
        "llms line",
        "llms-full",
        "mail paragraph",
        "markdown line",
        "md",
        "preheader",
        "rest",
        "text line",
        "wechat paragraph",
        "xml entry",
        "xml li",
    ];
    assert_eq!(met.into_iter().collect::<Vec<_>>(), wanted);
    // Each label is an element of its own, once in a line and in a card.
    assert!(digest.main("index.html").contains("<span class=\"ai\">AI 辅助，人工审核</span>"));
}

#[test]
fn a_template_without_the_label_is_found_by_the_scan() {
    let (digest, labels) = digest();
    digest.build();
    assert!(scan(&digest, &labels).1.is_empty());
    let templates = [
        ("article.html", "html article.story"),
        ("parts/card.html", "html article.card"),
        ("parts/line.html", "html li"),
        ("parts/reports.html", "html report"),
        ("parts/trends.html", "html tr"),
        ("parts/week.html", "xml li"),
        ("redirect.html", "rest"),
        ("editions/mail.html", "mail paragraph"),
        ("editions/mail.txt", "text line"),
        ("editions/wechat.html", "wechat paragraph"),
        ("editions/text.txt", "text line"),
        ("editions/markdown.md", "markdown line"),
        ("editions/chapter.xhtml", "book section"),
        ("editions/nav.xhtml", "book li"),
    ];
    for (name, kind) in templates {
        let path = format!("{}/templates/{name}", env!("CARGO_MANIFEST_DIR"));
        let template = std::fs::read_to_string(path).unwrap();
        let shows_label = |part: &str| {
            part.split_once("}}").is_some_and(|(shown, _)| {
                shown.split(" |").next().unwrap_or_default().trim_end().ends_with("label")
            })
        };
        assert!(template.split("{{ ").any(shows_label), "{name}");
        let without = template.split("{{ ").map(|part| match part.split_once("}}") {
            Some((_, rest)) if shows_label(part) => format!("\"\" }}}}{rest}"),
            _ => part.to_owned(),
        });
        digest.write(&format!("templates/{name}"), without.collect::<Vec<_>>().join("{{ "));
        digest.build();
        digest.remove(&format!("templates/{name}"));
        let (_, wrong) = scan(&digest, &labels);
        assert!(wrong.iter().any(|wrong| wrong.contains(&format!(": {kind}: "))), "{name}: {wrong:#?}");
    }
}

#[test]
fn flipping_a_flag_rewrites_exactly_the_files_that_show_the_title() {
    let (digest, _) = digest();
    digest.build();
    for n in [7, 21, 35] {
        let (before, times) = (digest.site(), digest.times());
        let path = format!("content/articles/n{n:02}.md");
        let source = digest.read(&path);
        assert!(source.contains("ai: generated\n"), "{source}");
        digest.write(&path, source.replace("ai: generated\n", ""));
        digest.build();
        let (after, later) = (digest.site(), digest.times());
        let shows = |bytes: &[u8]| match bytes.starts_with(b"PK") {
            true => unzipped(bytes.to_vec()).iter().any(|(_, text)| text.contains(&title(n))),
            false => String::from_utf8_lossy(bytes).contains(&title(n)),
        };
        let names = |wanted: &dyn Fn(&String) -> bool| -> BTreeSet<String> {
            after.keys().filter(|path| wanted(path)).cloned().collect()
        };
        let mut wanted = names(&|path| shows(&after[path]));
        // The files of the search index that name the stamps of the others.
        wanted.extend(names(&|path| {
            path == "search/index.bin" || path.starts_with("search/t") && path.ends_with(".bin")
        }));
        assert_eq!(names(&|path| before[path] != after[path]), wanted);
        assert_eq!(names(&|path| times[path] != later[path]), wanted);
        assert!(wanted.len() > 15, "{wanted:?}");
    }
}

#[test]
fn a_digest_that_says_nothing_has_no_label_anywhere() {
    let (digest, _) = digest();
    for n in 0..ARTICLES {
        let path = format!("content/articles/n{n:02}.md");
        let source = digest.read(&path);
        digest.write(&path, source.replace(KINDS[n % KINDS.len()].0, ""));
    }
    for name in ["a", "b"] {
        let path = format!("content/articles/{name}.md");
        let source = digest.read(&path);
        digest.write(&path, source.replace("ai: generated\n", "").replace("ai: assisted\n", ""));
    }
    digest.build();
    let words = ["AI 生成", "AI 辅助", "_newsprint", "igitalSource", "class=\"ai\"", "\"AIGC\"", "\"label\""];
    for (path, bytes) in digest.site() {
        let is_static = path.starts_with("api/schema/") || path.ends_with(".js") || path.ends_with(".css");
        let Ok(text) = String::from_utf8(bytes) else { continue };
        for word in words.iter().filter(|_| !is_static) {
            assert!(!text.contains(word), "{path}: {word}");
        }
    }
}

#[test]
fn an_article_wins_over_the_default_of_the_digest() {
    let digest = Digest::new()
        .configured("labels: {ai: 生成, reviewed: on}")
        .article("a", "title: 甲\n", "文。")
        .article("b", "title: 乙\nai: 无\n", "文。")
        .article("c", "title: 丙\nai: assisted\nreviewed: false\n", "文。");
    digest.build();
    let label = |name: &str| {
        let page = digest.main(&format!("articles/{name}/index.html"));
        let story = page.split("</header>").next().unwrap().to_owned();
        story.split("<span class=\"ai\">").nth(1).and_then(|rest| rest.split('<').next()).map(str::to_owned)
    };
    assert_eq!(label("a").as_deref(), Some("AI 生成，人工审核"));
    assert_eq!(label("b"), None);
    assert_eq!(label("c").as_deref(), Some("AI 辅助"));
    let digest = digest.file("templates/i18n/zh-CN.yaml", "ai_assisted: 机器<帮>写\n");
    digest.build();
    assert!(digest.main("articles/c/index.html").contains("<span class=\"ai\">机器&lt;帮&gt;写</span>"));
}

#[test]
fn feeds_and_metadata_name_the_label_in_words_and_as_a_value() {
    let digest = Digest::new()
        .configured(
            "outputs: {json: on, markdown: on}\nlabels: {producer: \"甲\\\"公司\", number: \"d-{path}\"}",
        )
        .article("a", "title: 甲\ndate: 2026-01-02\nevent: 事件\nai: generated\n", "文。")
        .article("b", "title: 乙\ndate: 2026-01-01\nai: assisted\nreviewed: true\n", "文。")
        .article("c", "title: 丙\ndate: 2025-12-31\nevent: 事件\n", "文。");
    digest.build();
    let feed = digest.page("feed.xml");
    let entries: Vec<&str> = feed.split("<entry>").skip(1).collect();
    let scheme = "scheme=\"http://cv.iptc.org/newscodes/digitalsourcetype/\"";
    for part in [
        &format!("<category term=\"trainedAlgorithmicMedia\" {scheme} label=\"AI 生成\"/>"),
        "<summary>[AI 生成] 事件</summary>",
        "&lt;p&gt;[AI 生成]&lt;",
    ] {
        assert!(entries[0].contains(part), "{}", entries[0]);
    }
    let composite = format!(
        "<category term=\"compositeWithTrainedAlgorithmicMedia\" {scheme} label=\"AI 辅助，人工审核\"/>"
    );
    assert!(entries[1].contains(&composite), "{}", entries[1]);
    assert!(!entries[2].contains("category term") && entries[2].contains("<summary>事件</summary>"));

    let json: Value = serde_json::from_str(&digest.page("feed.json")).unwrap();
    let item = &json["items"][0];
    assert_eq!(
        item["_newsprint"],
        serde_json::json!({"label": "AI 生成", "ai": "generated", "reviewed": false})
    );
    assert_eq!(item["summary"], "[AI 生成] 事件");
    assert!(item["content_html"].as_str().unwrap().starts_with("<p>[AI 生成]</p>\n<p>文。</p>"), "{item}");
    assert!(json["items"][2].get("_newsprint").is_none());

    let alternate: Value = serde_json::from_str(&digest.page("articles/b/index.json")).unwrap();
    assert_eq!(
        [&alternate["label"], &alternate["ai"], &alternate["reviewed"]].map(Value::to_string),
        ["\"AI 辅助，人工审核\"", "\"assisted\"", "true"]
    );
    let markdown = digest.page("articles/b/index.md");
    assert!(markdown.contains("\nai: assisted\nlabel: AI 辅助，人工审核\nreviewed: true\n"), "{markdown}");

    let page = digest.page("articles/a/index.html");
    assert!(page.contains("<meta name=\"description\" content=\"[AI 生成] 事件\">"), "{page}");
    assert!(
        page.contains("\"digitalSourceType\":\"https://schema.org/TrainedAlgorithmicMediaDigitalSource\"")
    );
    let meta = page.split("<meta name=\"AIGC\" content=\"").nth(1).unwrap().split('"').next().unwrap();
    let block: Value = serde_json::from_str(&meta.replace("&quot;", "\"").replace("&#x27;", "'")).unwrap();
    assert_eq!(block["ContentProducer"], "甲\"公司");
    assert_eq!(
        (&block["ProduceID"], &block["PropagateID"]),
        (&Value::from("d-articles/a"), &Value::from("d-articles/a"))
    );
    assert!(!digest.page("articles/c/index.html").contains("AIGC"));
    assert!(
        digest.page("articles/b/index.html").contains("CompositeWithTrainedAlgorithmicMediaDigitalSource")
    );
}

#[test]
fn unknown_values_are_errors_with_their_place_and_the_values_that_exist() {
    let digest = Digest::new()
        .article("a", "title: 甲\nai: maybe\n", "文。")
        .article("b", "title: 乙\n人工审核: 也许\n", "文。")
        .article("c", "title: 丙\nai: generated\nAI: 辅助\n", "文。");
    let errors = digest.build_fails();
    for part in [
        "`ai` cannot be `maybe`",
        "content/articles/a.md:3:5",
        "write `generated` (生成), `assisted` (辅助) or `none` (无)",
        "`人工审核` has to be `true` (是) or `false` (否), but it is `也许`",
        "content/articles/b.md:3:",
        "`AI` is another name for `ai`, which is given too",
    ] {
        assert!(errors.contains(part), "{part}: {errors}");
    }
}

#[test]
fn a_taxonomy_called_ai_keeps_its_terms() {
    let digest = Digest::new()
        .configured("taxonomies: [{name: ai, also: [AI]}]")
        .article("a", "title: 甲\nai: [生成]\n", "文。")
        .article("b", "title: 乙\nAI: 大模型\n", "文。");
    let outcome = digest.run(&["build", "--strict"]);
    assert!(outcome.success, "{}", outcome.stderr);
    assert!(digest.exists("public/ai/生成/index.html") && digest.exists("public/ai/大模型/index.html"));
    assert!(!digest.main("articles/a/index.html").contains("class=\"ai\""));
}

/// The lines of authorship in each article file, by title.
fn imported(digest: &Digest) -> BTreeMap<String, Vec<String>> {
    let files = crate::driver::tree(&digest.path("content/articles"));
    let article = |bytes: Vec<u8>| {
        let text = String::from_utf8(bytes).unwrap();
        let title = text.lines().find_map(|line| line.strip_prefix("title: ")).unwrap().to_owned();
        let is_authorship = |line: &&str| line.starts_with("ai:") || line.starts_with("reviewed:");
        (title, text.lines().filter(is_authorship).map(str::to_owned).collect())
    };
    files.into_values().map(article).collect()
}

#[test]
fn an_import_writes_the_fields_into_articles_that_lack_them() {
    let records = "标题: 一号\n链接: https://e.org/1\n总结: 甲。\n\n\
                   标题: 二号\n链接: https://e.org/2\nAI: 辅助\n人工审核: 是\n总结: 乙。\n\n\
                   标题: 三号\n链接: https://e.org/3\nai: none\n总结: 丙。\n";
    let wanted = |first: &[&str]| {
        let lines = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
        BTreeMap::from([
            ("一号".to_owned(), lines(first)),
            ("二号".to_owned(), lines(&["ai: assisted", "reviewed: true"])),
            ("三号".to_owned(), lines(&["ai: none"])),
        ])
    };
    let digest = Digest::new().file("in.txt", records);
    let import = |arguments: &[&str]| {
        let outcome = digest.run(&[&["import", "in.txt"], arguments].concat());
        assert!(outcome.success, "{}", outcome.stderr);
        imported(&digest)
    };
    assert_eq!(import(&[]), wanted(&[]));
    // The record changed nothing else, so the flag labels articles that were imported without it.
    assert_eq!(import(&["--ai", "generated", "--reviewed"]), wanted(&["ai: generated", "reviewed: true"]));
    // An import without the flag does not remove the label.
    assert_eq!(import(&[]), wanted(&["ai: generated", "reviewed: true"]));
    assert_eq!(import(&["--ai", "assisted"]), wanted(&["ai: assisted"]));
    let digest = digest.configured("import: {ai: generated}");
    let outcome = digest.run(&["import", "in.txt"]);
    assert!(outcome.success, "{}", outcome.stderr);
    assert_eq!(imported(&digest), wanted(&["ai: generated"]));
    assert_eq!(digest.run(&["import", "in.txt", "--ai", "some"]).code, 2);
    digest.build();
    let line = "AI：未来已来，生成式模型改变了一切。";
    let digest = Digest::new().file("in.txt", format!("标题: 甲\n正文: 第一段。\n\n{line}\n"));
    assert!(digest.run(&["import", "in.txt"]).success);
    assert_eq!(imported(&digest)["甲"], [""; 0]);
    let file = crate::driver::tree(&digest.path("content/articles")).into_values().next().unwrap();
    assert!(String::from_utf8(file).unwrap().contains(line));
}

#[test]
fn an_imported_feed_keeps_the_label_and_has_no_term_for_it() {
    let published = Digest::new()
        .article(
            "a",
            "title: 甲\ndate: 2026-01-02\nkeywords: [开源]\nai: generated\nreviewed: true\n",
            "文一。",
        )
        .article("b", "title: 乙\ndate: 2026-01-01\nkeywords: [芯片]\n", "文二。");
    published.build();
    // Atom has one word for the part of a model, and none for the review.
    for (feed, wanted) in
        [("feed.xml", &["ai: generated"][..]), ("feed.json", &["ai: generated", "reviewed: true"])]
    {
        let digest = Digest::new().file(feed, published.page(feed));
        let outcome = digest.run(&["import", feed]);
        assert!(outcome.success, "{}", outcome.stderr);
        let found = imported(&digest);
        assert_eq!(
            (found["甲"].iter().map(String::as_str).collect::<Vec<_>>(), found["乙"].len()),
            (wanted.to_vec(), 0),
            "{feed}"
        );
        digest.build();
        let term = |path: String| Some(path.strip_prefix("keywords/")?.split_once('/')?.0.to_owned());
        let terms: BTreeSet<String> = digest.site().into_keys().filter_map(term).collect();
        assert!(terms.contains("开源") && !terms.iter().any(|term| term.contains("生成")), "{terms:?}");
    }
}

#[test]
fn json_records_and_wrong_values_are_read() {
    let records = r#"[{"title":"一","ai":"generated","reviewed":true,"text":"甲。"},
        {"title":"二","AI":"大模型","text":"乙。"}, {"title":"三","ai":["机器学习","推理"],"text":"丙。"}]"#;
    let digest = Digest::new().file("in.json", records);
    let outcome = digest.run(&["import", "in.json"]);
    assert!(outcome.success, "{}", outcome.stderr);
    let found = imported(&digest);
    assert_eq!(found["一"], ["ai: generated", "reviewed: true"]);
    assert_eq!((found["二"].len(), found["三"].len()), (0, 0));
    let files: String = crate::driver::tree(&digest.path("content/articles"))
        .into_values()
        .map(|bytes| String::from_utf8(bytes).unwrap())
        .collect();
    assert!(files.contains("  ai: 大模型\n") && files.contains("机器学习"), "{files}");
}

#[test]
fn the_rule_unlabelled_ai_is_off_by_default() {
    let digest = Digest::new()
        .article("a", "title: 甲\nevent: 事件\n", "文一。")
        .article("b", "title: 乙\nevent: 事件二\nai: none\n", "文二。")
        .article("c", "title: 丙\n", "文三。")
        .article("d", "title: 丁\nextra: {imported: \"0\"}\n", "文四。")
        .article("e", "title: 戊\nevent: 事件三\nreviewed: true\n", "文五。");
    let found = |digest: &Digest| -> Vec<String> {
        let outcome = digest.run(&["check", "--json", "-q"]);
        let report: Value = serde_json::from_str(&outcome.stdout).unwrap();
        let of_rule = |finding: &&Value| finding["code"] == "unlabelled-ai";
        let place = |finding: &Value| {
            format!("{}:{}", finding["place"]["path"].as_str().unwrap(), finding["place"]["line"])
        };
        report["findings"].as_array().unwrap().iter().filter(of_rule).map(place).collect()
    };
    assert_eq!(found(&digest), [""; 0]);
    let digest = digest.configured("check: {rules: {unlabelled-ai: warning}}");
    let file = |name: &str| format!("content/articles/{name}.md:2");
    assert_eq!(found(&digest), [file("a"), file("d"), file("e")]);
    assert_eq!(found(&digest.configured("labels: {ai: none}")), [""; 0]);
}

#[test]
fn values_that_newsprint_does_not_know_are_reported_and_never_become_a_label() {
    let record =
        |ai: &str| format!("标题: 甲消息\n链接: https://e.org/1\n重大事件摘要: 甲二发生了。\nAI: {ai}\n");
    for ai in ["人工撰写", "ChatGPT 生成", "生成（GPT-5）"] {
        let digest = Digest::new().file("r.txt", record(ai));
        let outcome = digest.run(&["import", "r.txt", "--ai", "generated", "--date", "2026-01-02"]);
        assert!(
            outcome.success && outcome.stderr.contains(&format!("`{ai}` is no value of `ai`")),
            "{}",
            outcome.stderr
        );
        let name = fs_names(&digest).pop().unwrap();
        let file = digest.read(&format!("content/articles/{name}"));
        assert!(file.contains("event: 甲二发生了。\n") && !file.contains("\nai:"), "{file}");
        assert!(file.contains(&format!("ai: {ai}")), "kept under extra: {file}");
    }
    for (ai, wanted) in [("AI 生成，人工审核", "ai: generated\nreviewed: true\n"), ("无", "ai: none\n")]
    {
        let digest = Digest::new().file("r.txt", record(ai));
        digest.run(&["import", "r.txt", "--ai", "assisted", "--date", "2026-01-02"]);
        let name = fs_names(&digest).pop().unwrap();
        let file = digest.read(&format!("content/articles/{name}"));
        assert!(file.contains(wanted), "{file}");
    }
}

fn fs_names(digest: &Digest) -> Vec<String> {
    let entries = std::fs::read_dir(digest.path("content/articles")).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn a_review_needs_the_part_of_a_model_from_the_command_line_or_the_settings() {
    let digest = Digest::new().file("r.txt", "标题: 甲消息\n链接: https://e.org/1\n总结: 文。\n");
    let outcome = digest.run(&["import", "r.txt", "--reviewed", "--date", "2026-01-02"]);
    assert!(outcome.code == 1 && outcome.stderr.contains("`--reviewed` needs"), "{}", outcome.stderr);
    let digest = digest.configured("import: {ai: 生成}\nlabels: {reviewed: 是}");
    let outcome = digest.run(&["import", "r.txt", "--reviewed", "--date", "2026-01-02"]);
    assert!(outcome.success, "{}", outcome.stderr);
    let name = fs_names(&digest).pop().unwrap();
    assert!(digest.read(&format!("content/articles/{name}")).contains("ai: generated\nreviewed: true\n"));
}

#[test]
fn the_rule_that_is_off_by_default_suggests_how_to_switch_it_on() {
    let digest = Digest::new().configured("check: {rules: {unlabelled-ai: on}}");
    let outcome = digest.run(&["check"]);
    assert!(outcome.stderr.contains("write `unlabelled-ai: warning`"), "{}", outcome.stderr);
}
