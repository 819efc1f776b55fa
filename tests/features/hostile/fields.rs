//! Every field of an article, a record and the configuration is shown as text: it adds no elements,
//! attributes, scripts or terminal commands.

use std::collections::BTreeSet;

use crate::driver::{Digest, tree};

/// Payloads that try to close their context: elements, attributes, scripts, comments, CDATA
/// sections, templates and URLs.
const WORDS: [&str; 9] = [
    "<x-injected onclick=a>",
    "\"'><x-injected>",
    "</script></title></textarea></style><x-injected>",
    "<!-- --><x-injected>--!>",
    "]]><x-injected/><![CDATA[",
    "&lt;x-injected&gt;&#60;x-injected>",
    "{{ 7 * 7 }}{% for %}",
    "\u{2028}</x-injected>\u{2029}<x-injected>",
    "\u{202e}<x-injected>\u{200f}",
];

/// A YAML scalar in double quotes (JSON is valid YAML).
fn yaml(words: &str) -> String {
    serde_json::to_string(words).unwrap()
}

/// Adds an article with this payload in every text field.
fn article(digest: Digest, n: usize, words: &str) -> Digest {
    let link = format!("https://example.org/{n}?{words}#{words}").replace(' ', "%20");
    let body = words;
    let words = yaml(words);
    digest.article(
        &format!("2024-01-{:02}-w{n}", n + 1),
        &format!(
            "title: {words}\nlink: {}\nsource: {words}\nevent: {words}\nsummary: {words}\nkeywords: [{words}, 共同]\n\
             ai_technologies: [{words}, 大模型]\nindustries: [{words}, 医疗]\nslug: {}\nimage: {}\nextra: {{a: {words}}}\n",
            yaml(&link),
            yaml(&format!("{n}{}", WORDS[n])),
            yaml(&link),
        ),
        body,
    )
}

/// A digest with an article for each payload, and a payload in the configuration, the registry and
/// a page.
fn hostile_digest() -> Digest {
    let words = yaml(WORDS[1]);
    let config = format!(
        "title: {words}\ndescription: {words}\nauthor: {words}\nbase_url: https://example.org/x/\n\
         menu: [{{name: {words}, url: /about/}}]\ntaxonomies: [{{name: companies, title: {words}}}]\nextra: {{a: {words}}}\n"
    );
    let terms = format!("keywords:\n- {{name: 共同, description: {words}, aliases: [{words}]}}\n");
    let digest = Digest::bare().file("newsprint.yaml", config).file("content/terms.yaml", terms).file(
        "content/pages/about.md",
        format!("---\ntitle: {words}\nsummary: {words}\n---\n{}\n", WORDS[1]),
    );
    WORDS.iter().enumerate().fold(digest, |digest, (n, words)| article(digest, n, words))
}

#[test]
fn field_values_add_no_elements_to_pages() {
    let digest = hostile_digest();
    digest.build();
    let mut pages = 0;
    for (path, bytes) in digest.site() {
        let Ok(text) = String::from_utf8(bytes) else { continue };
        if path.ends_with(".html") {
            pages += 1;
            assert!(!text.contains("<x-injected") && !text.contains("</x-injected"), "{path}");
            assert!(!text.contains("{{") || text.contains("7 * 7"), "{path}");
        }
    }
    assert!(pages > 60, "{pages}");
}

#[test]
fn xml_files_stay_well_formed_and_contain_the_titles() {
    let digest = hostile_digest().configured("feeds: {terms: on, crossings: on}");
    digest.build();
    let mut titles = BTreeSet::new();
    let mut files = 0;
    for (path, bytes) in digest.site() {
        if !path.ends_with(".xml") && !path.ends_with(".svg") {
            continue;
        }
        files += 1;
        let text = String::from_utf8(bytes).unwrap();
        let document = roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
        for node in document.descendants() {
            assert_ne!(node.tag_name().name(), "x-injected", "{path}");
            if node.has_tag_name(("http://www.w3.org/2005/Atom", "title")) {
                titles.insert(node.text().unwrap_or_default().to_owned());
            }
        }
    }
    assert!(files > 20, "{files}");
    for words in WORDS {
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(titles.contains(&words), "{words:?} in {titles:#?}");
    }
}

#[test]
fn json_ld_blocks_contain_the_titles_and_are_not_closed_early() {
    let digest = hostile_digest();
    digest.build();
    let mut headlines = BTreeSet::new();
    for (path, bytes) in digest.site() {
        let Ok(page) = String::from_utf8(bytes) else { continue };
        for block in page.split("<script type=\"application/ld+json\">").skip(1) {
            let json = block.split("</script>").next().unwrap();
            assert!(!json.contains(['<', '>', '\u{2028}', '\u{2029}']), "{path}: {json}");
            let data: serde_json::Value =
                serde_json::from_str(json).unwrap_or_else(|error| panic!("{path}: {error}: {json}"));
            let nodes = data["@graph"].as_array().unwrap();
            headlines.extend(nodes.iter().filter_map(|node| Some(node["headline"].as_str()?.to_owned())));
        }
    }
    for words in WORDS {
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(headlines.contains(&words), "{words:?} in {headlines:#?}");
    }
}

#[test]
fn urls_in_attributes_are_escaped_and_have_allowed_schemes() {
    let digest = hostile_digest();
    digest.build();
    for (path, bytes) in digest.site() {
        let Ok(page) = String::from_utf8(bytes) else { continue };
        if !path.ends_with(".html") {
            continue;
        }
        for (name, value) in ["href", "src", "content"].into_iter().flat_map(|name| {
            crate::driver::attributes(&page, name).into_iter().map(move |value| (name, value))
        }) {
            assert!(!value.contains(['<', '>']), "{name}={value} in {path}");
            if name != "content" {
                let start = value.split(['/', '?', '#']).next().unwrap();
                assert!(matches!(start, "" | "https:" | "http:" | "mailto:"), "{name}={value} in {path}");
            }
        }
        for refresh in page.split("http-equiv=\"refresh\" content=\"").skip(1) {
            let address = refresh.split('"').next().unwrap().strip_prefix("0; url=").unwrap();
            assert!(!address.contains([';', ',', '\'', ' ']) && !address.contains("&quot;"), "{address}");
        }
    }
}

#[test]
fn imported_records_add_no_elements_to_pages() {
    let mut records = String::from("[");
    for (n, words) in WORDS.iter().enumerate() {
        let words = yaml(words);
        records.push_str(&format!(
            "{}{{\"title\": {words}, \"link\": \"https://example.org/{n}\", \"content\": {words}, \"source\": {words}, \"event\": {words}, \"keywords\": [{words}], \"slug\": {words}, \"mood\": {words}}}",
            if n > 0 { "," } else { "" }
        ));
    }
    let digest = Digest::new().file("records.json", records + "]");
    let outcome = digest.run(&["import", "records.json", "--date", "2024-01-01"]);
    assert!(outcome.success, "{}", outcome.stderr);
    assert!(
        !outcome.stdout.contains(['\u{1b}', '\u{202e}']) && !outcome.stderr.contains(['\u{1b}', '\u{202e}'])
    );
    digest.build();
    assert_eq!(tree(&digest.path("content/articles")).len(), WORDS.len());
    for (path, bytes) in digest.site() {
        let Ok(page) = String::from_utf8(bytes) else { continue };
        if path.ends_with(".html") {
            assert!(!page.contains("<x-injected"), "{path}");
        }
    }
}

#[test]
fn terminal_control_characters_are_not_printed() {
    let steering = "\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}\u{8}";
    let written = yaml(&format!("{steering}x"));
    let digest = Digest::new()
        .article("a", &format!("title: {written}\n{written}: 1\nkeywords: [{written}, 大模型, 大模形]\nai_technologies: [{written}]\nlink: {written}\ndate: {written}\n"), "")
        .article("b", &format!("title: {steering}\nslug: {written}\n"), "")
        .file("templates/article.html", format!("{{{{ {steering} }}}}"))
        .file("records.txt", format!("标题：{steering}甲\n正文：{steering}\n链接：{steering}\n\n标题：{steering}\n"))
        .configured(&format!("{written}: 1\nlanguage: {written}"));
    for command in [
        vec!["build"],
        vec!["build", "--json"],
        vec!["check"],
        vec!["check", "--json"],
        vec!["terms", "list"],
        vec!["terms", "merge", "keywords", steering, "--into", "x"],
        vec!["import", "records.txt", "-v"],
        vec!["import", "records.txt", "--json"],
    ] {
        let outcome = digest.run(&command);
        for text in [&outcome.stdout, &outcome.stderr] {
            let bad = text.chars().find(|c| {
                c.is_control() && !matches!(c, '\n' | '\t') || matches!(c, '\u{202A}'..='\u{202E}')
            });
            assert_eq!(bad, None, "{command:?}: {text:?}");
        }
    }
}

/// Template expressions whose value is not escaped: file, expression, and why this is safe.
const SAFE: [(&str, &str, &str); 1] = [(
    "base.html",
    "meta.json_ld | safe",
    "JSON for a script block: src/render/json_ld.rs escapes it, since escaped quotation marks would not be valid JSON",
)];

/// Source files that pass a value to templates as HTML, and why this is safe.
const HTML_VALUES: [(&str, &str); 4] = [
    ("announce.rs", "a URL of a message, written by the platform's own function for addresses"),
    ("context.rs", "a body, rendered by load::markdown"),
    ("form/epub/mod.rs", "a body as XHTML: src/render/form/epub/xhtml.rs escapes every text and attribute"),
    ("parts.rs", "a card or a feed entry, rendered by a template"),
];

#[test]
fn every_unescaped_value_is_listed_with_its_reason() {
    let folder = |name: &str| std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name);
    let mut found = Vec::new();
    for theme in ["templates", "examples/wire/templates"] {
        for (name, bytes) in tree(&folder(theme)) {
            let text = String::from_utf8(bytes).unwrap();
            let is_escaped = [".html", ".xml", ".xhtml", ".svg"].iter().any(|end| name.ends_with(end));
            // Forms that are no markup, or whose own filter escapes.
            let is_text =
                ["editions/text.txt", "editions/mail.txt", "editions/markdown.md"].contains(&name.as_str());
            // Each platform has its escaping for all of its templates; `announce/texts.rs` tests it.
            let is_message = name.starts_with("announce/");
            assert!(
                is_escaped || is_text || is_message || name.starts_with("i18n/"),
                "{name}: Tera does not escape files with this extension"
            );
            for part in text.split("{{").skip(1).chain(text.split("{%").skip(1)) {
                let part = part.split(['}', '%']).next().unwrap().trim();
                let filters = part.split('|').skip(1).map(|filter| filter.split('(').next().unwrap().trim());
                // All filters whose result is not escaped by Tera.
                if filters.clone().any(|filter| {
                    matches!(filter, "safe" | "escape" | "escape_html" | "escape_xml" | "newlines_to_br")
                }) {
                    found.push((name.clone(), part.to_owned()));
                }
            }
            assert!(!text.contains("autoescape"), "{name}");
        }
    }
    let known: Vec<_> = SAFE.iter().map(|(name, part, _)| ((*name).to_owned(), (*part).to_owned())).collect();
    assert_eq!(found, known);
    let sources = tree(&folder("src/render"));
    let holders: Vec<&str> = sources
        .iter()
        .filter(|(_, bytes)| String::from_utf8_lossy(bytes).contains("safe_string"))
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(holders, HTML_VALUES.map(|(name, _)| name));
}
