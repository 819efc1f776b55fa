//! Checks XML and JSON files: they must be well-formed, and feeds must have the required fields.

use std::collections::HashSet;

use crate::check::finding::Finding;
use crate::config::Rule;
use crate::diagnostic::Place;

/// Checks the content of a file by the extension of its path. Other extensions are not checked.
pub(super) fn check(path: &str, bytes: &[u8]) -> Vec<Finding> {
    let found = match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("xml" | "opml" | "svg") => check_xml(path, bytes),
        Some("json") => check_json(bytes),
        _ => Ok(()),
    };
    let finding = |message| {
        let help = tr!(
            "fix the template that writes it; a custom template for an older newsprint may lack a required element"
        );
        Finding::new(Rule::BrokenFeed, message, help).at(Place::file(path))
    };
    found.err().map(finding).into_iter().collect()
}

fn check_xml(path: &str, bytes: &[u8]) -> Result<(), String> {
    let text = std::str::from_utf8(bytes).map_err(|error| tr!("this is not UTF-8: {error}", error))?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..roxmltree::ParsingOptions::default() };
    let document = roxmltree::Document::parse_with_options(text, options)
        .map_err(|error| tr!("this is not valid XML: {error}", error))?;
    let root = document.root_element();
    let is_feed = path.rsplit('/').next().is_some_and(|name| matches!(name, "feed.xml" | "weekly.xml"));
    if is_feed && root.tag_name().namespace() != Some("http://www.w3.org/2005/Atom") {
        return Err(tr!(
            "this is not an Atom feed: its root element is not in the namespace http://www.w3.org/2005/Atom"
        ));
    }
    match root.tag_name().name() {
        "feed" => check_atom(root).and_then(|()| parse_feed(bytes)),
        "rss" | "RDF" => parse_feed(bytes),
        _ => Ok(()),
    }
}

/// Checks that an Atom feed and each entry have a unique id, a title and an update time (RFC 4287,
/// sections 4.1.1 and 4.1.2).
fn check_atom(feed: roxmltree::Node<'_, '_>) -> Result<(), String> {
    let text = |node: roxmltree::Node<'_, '_>, name: &str| {
        let child = node.children().find(|child| child.tag_name().name() == name)?;
        let text: String =
            child.descendants().filter_map(|part| part.is_text().then(|| part.text())?).collect();
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    let mut ids = HashSet::new();
    let entries = feed.children().filter(|child| child.tag_name().name() == "entry");
    for (nth, node) in std::iter::once(feed).chain(entries).enumerate() {
        let which = if nth == 0 { tr!("the feed") } else { tr!("entry {nth}", nth) };
        for name in ["id", "title", "updated"] {
            let found = text(node, name)
                .ok_or_else(|| tr!("{which} has no `{name}`, which RFC 4287 requires", which, name))?;
            match name {
                "id" if url::Url::parse(&found).is_err() => {
                    return Err(tr!(
                        "{which} has an id that is not an absolute IRI, as RFC 4287 requires: {found}",
                        which,
                        found
                    ));
                }
                "id" if !ids.insert(found.clone()) => {
                    return Err(tr!("{which} has an id that is not unique: {found}", which, found));
                }
                "updated" if chrono::DateTime::parse_from_rfc3339(&found).is_err() => {
                    return Err(tr!(
                        "{which} has an `updated` that is not an RFC 3339 date: {found}",
                        which,
                        found
                    ));
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// Checks JSON. A JSON Feed must have a title and items with unique ids and a content (version 1.1,
/// <https://www.jsonfeed.org/version/1.1/>).
fn check_json(bytes: &[u8]) -> Result<(), String> {
    let value: serde_json::Value =
        serde_json::from_slice(bytes).map_err(|error| tr!("this is not valid JSON: {error}", error))?;
    let version = value["version"].as_str().unwrap_or_default();
    if !version.starts_with("https://jsonfeed.org/version/") {
        return Ok(());
    }
    if value["title"].as_str().is_none_or(str::is_empty) {
        return Err(tr!("the feed has no `title`, which JSON Feed requires"));
    }
    let items =
        value["items"].as_array().ok_or_else(|| tr!("the feed has no `items`, which JSON Feed requires"))?;
    let mut ids = HashSet::new();
    for (nth, item) in items.iter().enumerate() {
        let id = item["id"].as_str().filter(|id| !id.is_empty());
        let id = id.ok_or_else(|| tr!("item {} has no `id`, which JSON Feed requires", nth + 1))?;
        if !ids.insert(id) {
            return Err(tr!("item {} has an id that is not unique: {id}", nth + 1, id));
        }
        if item["content_html"].as_str().or(item["content_text"].as_str()).is_none() {
            return Err(tr!("item {} has no content, which JSON Feed requires", nth + 1));
        }
    }
    parse_feed(bytes)
}

/// Parses a feed like a feed reader.
fn parse_feed(bytes: &[u8]) -> Result<(), String> {
    let parsed = feed_rs::parser::parse(bytes);
    parsed.map(|_| ()).map_err(|error| tr!("feed readers cannot parse this: {error}", error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(path: &str, text: &str) -> Vec<String> {
        check(path, text.as_bytes()).into_iter().map(|finding| finding.message).collect()
    }

    const HEAD: &str = "<feed xmlns='http://www.w3.org/2005/Atom'><id>tag:a</id><title>t</title><updated>2024-01-01T00:00:00Z</updated>";

    #[test]
    fn defects_of_atom_feeds_are_found() {
        assert_eq!(messages("feed.xml", &format!("{HEAD}</feed>")), Vec::<String>::new());
        for (rest, wanted) in [
            ("", "not valid XML"),
            ("<entry><id>tag:b</id><title>x</title></entry></feed>", "entry 1 has no `updated`"),
            (
                "<entry><id>tag:a</id><title>x</title><updated>2024-01-01T00:00:00Z</updated></entry></feed>",
                "not unique",
            ),
            (
                "<entry><id>tag:b</id><title>x</title><updated>gestern</updated></entry></feed>",
                "not an RFC 3339 date",
            ),
            (
                "<entry><id>/b/</id><title>x</title><updated>2024-01-01T00:00:00Z</updated></entry></feed>",
                "not an absolute IRI",
            ),
            ("\u{1}</feed>", "not valid XML"),
        ] {
            let found = messages("feed.xml", &format!("{HEAD}{rest}"));
            assert!(found.len() == 1 && found[0].contains(wanted), "{rest}: {found:?}");
        }
        let without_namespace = HEAD.replace(" xmlns='http://www.w3.org/2005/Atom'", "");
        assert!(messages("feed.xml", &format!("{without_namespace}</feed>"))[0].contains("not an Atom feed"));
    }

    #[test]
    fn defects_of_json_feeds_are_found() {
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
