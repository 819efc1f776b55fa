//! Recognises a page of HTML in the place of a feed.

use quick_xml::events::BytesStart;

use crate::diagnostic::Diagnostic;
use crate::import::input::Input;

/// Bytes in which the feeds of a page are searched.
const MAX_HEAD_BYTES: usize = 1 << 18;

/// Media types of feeds.
const FEED_TYPES: [&str; 4] =
    ["application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"];

/// The beginning of a text.
fn head(text: &str) -> &str {
    let mut end = MAX_HEAD_BYTES.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The error about a text that is not a feed. A page of HTML names its feeds
/// (`<link rel="alternate" type="application/rss+xml" href="…">`).
pub(super) fn problem(input: &Input) -> Diagnostic {
    let text = &input.text;
    let head = head(text);
    let lower = head.to_ascii_lowercase();
    if !["<!doctype html", "<html", "<head", "<body"].iter().any(|tag| lower.contains(tag)) {
        return Diagnostic::error(tr!("this is not a feed: it has no `<rss>`, `<feed>` or `<rdf:RDF>`"))
            .at(input.whole())
            .help(tr!("check that the file is a feed in RSS, Atom or JSON Feed"));
    }
    let help = match feeds_of(head).into_iter().next() {
        Some(feed) => tr!("download the feed that the page names: `{feed}`", feed),
        None => {
            tr!("download the feed itself: readers find its address in the page, or at `/feed` or `/rss.xml`")
        }
    };
    Diagnostic::error(tr!("this is an HTML page, not a feed")).at(input.whole()).help(help)
}

/// The addresses of the feeds that a page names, in its order.
pub(super) fn feeds(text: &str) -> Vec<String> {
    feeds_of(head(text))
}

fn feeds_of(head: &str) -> Vec<String> {
    let mut feeds = Vec::new();
    for (at, _) in head.match_indices('<') {
        let rest = &head[at + 1..];
        if !rest
            .get(..5)
            .is_some_and(|name| name.eq_ignore_ascii_case("link ") || name.eq_ignore_ascii_case("link\n"))
        {
            continue;
        }
        let tag = &rest[..rest.find('>').unwrap_or(rest.len())];
        let found = BytesStart::from_content(tag, "link".len());
        let attributes: Vec<(String, String)> = found
            .html_attributes()
            .with_checks(false)
            .flatten()
            .map(|one| (one.key.as_ref().to_ascii_lowercase(), one.value.trim().to_owned()))
            .collect();
        let get = |name: &str| {
            attributes.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
        };
        let is_feed = FEED_TYPES.iter().any(|kind| get("type").eq_ignore_ascii_case(kind));
        let is_alternate = get("rel").split_whitespace().any(|rel| rel.eq_ignore_ascii_case("alternate"));
        if is_feed && is_alternate && !get("href").is_empty() {
            feeds.push(html_escape::decode_html_entities(get("href")).into_owned());
        }
    }
    feeds
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> (String, String) {
        let found = problem(&Input { name: "in.xml".into(), text: text.to_owned().into() });
        (found.message, found.help.unwrap_or_default())
    }

    #[test]
    fn a_page_is_recognised_and_its_feed_named() {
        for (text, feed) in [
            (
                "<!DOCTYPE html><html><head><link rel=\"alternate\" type=\"application/rss+xml\" title=\"href='x'\" href=\"/feed?a=1&amp;b\"></head>",
                Some("`/feed?a=1&b`"),
            ),
            ("<HTML><LINK TYPE='application/atom+xml' REL='alternate' HREF='a.xml'>", Some("`a.xml`")),
            ("<html><link\nrel=alternate type=application/feed+json href=feed.json>", Some("`feed.json`")),
            ("<html><link rel=\"stylesheet\" href=\"a.css\"><body>", None),
            ("<html><link rel=\"alternate\" hreflang=\"en\" href=\"/en\">", None),
            ("<?xml version=\"1.0\"?><html xmlns=\"http://www.w3.org/1999/xhtml\"><body/></html>", None),
        ] {
            let (message, help) = of(text);
            assert_eq!(message, "this is an HTML page, not a feed", "{text}");
            assert_eq!(feed.is_some(), help.contains("names"), "{text}: {help}");
            assert!(feed.is_none_or(|feed| help.contains(feed)), "{text}: {help}");
        }
    }

    #[test]
    fn other_texts_are_not_feeds() {
        for text in ["", "<opml version=\"2.0\"/>", "<urlset/>", "你好"] {
            assert!(of(text).0.contains("not a feed: it has no"), "{text}");
        }
    }
}
