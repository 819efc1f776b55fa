//! Files that programs read: well-formed XML and JSON, and feeds that hold what their specifications ask for.

use std::collections::HashSet;

use crate::check::finding::Finding;
use crate::config::Rule;
use crate::diagnostic::Place;

/// Checks a file by its ending.
pub(super) fn check(path: &str, bytes: &[u8]) -> Vec<Finding> {
    let found = match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("xml" | "opml" | "svg") => xml(path, bytes),
        Some("json") => json(bytes),
        _ => Ok(()),
    };
    let help = "mend the template that writes it; a template of your own that is older than newsprint may miss something";
    let finding = |message| Finding::new(Rule::BrokenFeed, message, help).at(Place::file(path));
    found.err().map(finding).into_iter().collect()
}

fn xml(path: &str, bytes: &[u8]) -> Result<(), String> {
    let text = std::str::from_utf8(bytes).map_err(|error| format!("this is not UTF-8: {error}"))?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..roxmltree::ParsingOptions::default() };
    let document = roxmltree::Document::parse_with_options(text, options)
        .map_err(|error| format!("this is not XML that programs can read: {error}"))?;
    let root = document.root_element();
    let is_feed = path.rsplit('/').next().is_some_and(|name| matches!(name, "feed.xml" | "weekly.xml"));
    if is_feed && root.tag_name().namespace() != Some("http://www.w3.org/2005/Atom") {
        return Err("this is no Atom feed, whose elements are of http://www.w3.org/2005/Atom".to_owned());
    }
    match root.tag_name().name() {
        "feed" => atom(root).and_then(|()| parsed(bytes)),
        "rss" | "RDF" => parsed(bytes),
        _ => Ok(()),
    }
}

/// RFC 4287, sections 4.1.1 and 4.1.2: a feed and each entry have an id, a title and a time.
fn atom(feed: roxmltree::Node<'_, '_>) -> Result<(), String> {
    let text = |node: roxmltree::Node<'_, '_>, name: &str| {
        let child = node.children().find(|child| child.tag_name().name() == name)?;
        let text: String =
            child.descendants().filter_map(|part| part.is_text().then(|| part.text())?).collect();
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    let mut ids = HashSet::new();
    let entries = feed.children().filter(|child| child.tag_name().name() == "entry");
    for (nth, node) in std::iter::once(feed).chain(entries).enumerate() {
        let which = if nth == 0 { "the feed".to_owned() } else { format!("entry {nth}") };
        for name in ["id", "title", "updated"] {
            let found = text(node, name)
                .ok_or_else(|| format!("{which} has no `{name}`, which RFC 4287 asks for"))?;
            match name {
                "id" if url::Url::parse(&found).is_err() => {
                    return Err(format!(
                        "{which} has an id that is no whole IRI, which RFC 4287 asks for: {found}"
                    ));
                }
                "id" if !ids.insert(found.clone()) => {
                    return Err(format!("{which} has the id of another: {found}"));
                }
                "updated" if chrono::DateTime::parse_from_rfc3339(&found).is_err() => {
                    return Err(format!("{which} was `updated` at no time of RFC 3339: {found}"));
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// JSON Feed 1.1 (<https://www.jsonfeed.org/version/1.1/>): a version and a title, and an id for each item.
fn json(bytes: &[u8]) -> Result<(), String> {
    let value: serde_json::Value = serde_json::from_slice(bytes)
        .map_err(|error| format!("this is not JSON that programs can read: {error}"))?;
    let version = value["version"].as_str().unwrap_or_default();
    if !version.starts_with("https://jsonfeed.org/version/") {
        return Ok(());
    }
    if value["title"].as_str().is_none_or(str::is_empty) {
        return Err("the feed has no `title`, which JSON Feed asks for".to_owned());
    }
    let items = value["items"].as_array().ok_or("the feed has no `items`, which JSON Feed asks for")?;
    let mut ids = HashSet::new();
    for (nth, item) in items.iter().enumerate() {
        let id = item["id"].as_str().filter(|id| !id.is_empty());
        let id = id.ok_or_else(|| format!("item {} has no `id`, which JSON Feed asks for", nth + 1))?;
        if !ids.insert(id) {
            return Err(format!("item {} has the id of another: {id}", nth + 1));
        }
        if item["content_html"].as_str().or(item["content_text"].as_str()).is_none() {
            return Err(format!("item {} has no content, which JSON Feed asks for", nth + 1));
        }
    }
    parsed(bytes)
}

fn parsed(bytes: &[u8]) -> Result<(), String> {
    let parsed = feed_rs::parser::parse(bytes);
    parsed.map(|_| ()).map_err(|error| format!("feed readers cannot read this: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(path: &str, text: &str) -> Vec<String> {
        check(path, text.as_bytes()).into_iter().map(|finding| finding.message).collect()
    }

    const HEAD: &str = "<feed xmlns='http://www.w3.org/2005/Atom'><id>tag:a</id><title>t</title><updated>2024-01-01T00:00:00Z</updated>";

    #[test]
    fn a_feed_that_misses_something_is_named() {
        assert_eq!(messages("feed.xml", &format!("{HEAD}</feed>")), Vec::<String>::new());
        for (rest, told) in [
            ("", "not XML"),
            ("<entry><id>tag:b</id><title>x</title></entry></feed>", "entry 1 has no `updated`"),
            (
                "<entry><id>tag:a</id><title>x</title><updated>2024-01-01T00:00:00Z</updated></entry></feed>",
                "id of another",
            ),
            ("<entry><id>tag:b</id><title>x</title><updated>gestern</updated></entry></feed>", "no time"),
            (
                "<entry><id>/b/</id><title>x</title><updated>2024-01-01T00:00:00Z</updated></entry></feed>",
                "no whole IRI",
            ),
            ("\u{1}</feed>", "not XML"),
        ] {
            let found = messages("feed.xml", &format!("{HEAD}{rest}"));
            assert!(found.len() == 1 && found[0].contains(told), "{rest}: {found:?}");
        }
        let elsewhere = HEAD.replace(" xmlns='http://www.w3.org/2005/Atom'", "");
        assert!(messages("feed.xml", &format!("{elsewhere}</feed>"))[0].contains("no Atom feed"));
    }

    #[test]
    fn a_json_feed_that_misses_something_is_named() {
        let feed = |items: &str| {
            format!(r#"{{"version":"https://jsonfeed.org/version/1.1","title":"t","items":[{items}]}}"#)
        };
        assert_eq!(messages("feed.json", &feed(r#"{"id":"1","content_text":"x"}"#)), Vec::<String>::new());
        assert_eq!(messages("api/x.json", "{\"a\": 1}"), Vec::<String>::new());
        for items in [
            r#"{"content_text":"x"}"#,
            r#"{"id":"1"}"#,
            r#"{"id":"1","content_text":"x"},{"id":"1","content_text":"y"}"#,
        ] {
            assert_eq!(messages("feed.json", &feed(items)).len(), 1, "{items}");
        }
        assert_eq!(messages("feed.json", "{").len(), 1);
    }
}
