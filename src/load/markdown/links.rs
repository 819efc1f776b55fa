//! Turns web addresses in text into links.

use linkify::{LinkFinder, LinkKind};
use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};

/// Turns addresses in text into links, except in links and code. An address ends at the first
/// character that cannot be part of one, because Chinese text continues without a space.
pub(super) fn link_addresses(events: &mut Vec<Event<'_>>) {
    let holds_one = |event: &Event<'_>| matches!(event, Event::Text(text) if text.contains("://"));
    if !events.iter().any(holds_one) {
        return;
    }
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url]).url_can_be_iri(false);
    let mut linked = Vec::with_capacity(events.len() + 8);
    let mut excluded = 0_usize;
    for event in events.drain(..) {
        match &event {
            Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_)) => excluded += 1,
            Event::End(TagEnd::Link | TagEnd::Image | TagEnd::CodeBlock) => {
                excluded = excluded.saturating_sub(1);
            }
            _ => {}
        }
        match event {
            Event::Text(text) if excluded == 0 && text.contains("://") => {
                link_text(&finder, &text, &mut linked);
            }
            event => linked.push(event),
        }
    }
    *events = linked;
}

fn link_text(finder: &LinkFinder, text: &str, linked: &mut Vec<Event<'_>>) {
    let owned = |text: &str| CowStr::from(text.to_owned());
    let mut copied = 0;
    for (start, run) in ascii_runs(text) {
        for link in finder.links(run) {
            let address = link.as_str();
            if !["http://", "https://"].iter().any(|scheme| has_prefix(address, scheme)) {
                continue;
            }
            let (from, to) = (start + link.start(), start + link.end());
            if copied < from {
                linked.push(Event::Text(owned(&text[copied..from])));
            }
            copied = to;
            linked.push(Event::Start(Tag::Link {
                link_type: LinkType::Autolink,
                dest_url: owned(address),
                title: CowStr::Borrowed(""),
                id: CowStr::Borrowed(""),
            }));
            linked.push(Event::Text(owned(address)));
            linked.push(Event::End(TagEnd::Link));
        }
    }
    if copied < text.len() {
        linked.push(Event::Text(owned(&text[copied..])));
    }
}

/// Returns the runs of ASCII and their byte offsets: the finder would continue after a Han
/// character that is followed by ASCII.
fn ascii_runs(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut end = 0;
    let pieces = text.split_inclusive(|c: char| !c.is_ascii());
    pieces.map(move |piece| {
        let start = end;
        end += piece.len();
        (start, piece.trim_end_matches(|c: char| !c.is_ascii()))
    })
}

fn has_prefix(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

#[cfg(test)]
mod tests {
    use crate::load::markdown::tests::paragraph as html;

    #[test]
    fn addresses_in_text_are_links_and_end_where_chinese_goes_on() {
        let link = |address: &str| format!("<a href=\"{address}\">{address}</a>");
        let address = "https://example.org/a_b/c?d=1";
        for (text, around) in [
            ("见https://example.org/a_b/c?d=1，很好", ["见", "，很好"]),
            ("见 https://example.org/a_b/c?d=1。", ["见 ", "。"]),
            ("（https://example.org/a_b/c?d=1）", ["（", "）"]),
            ("(https://example.org/a_b/c?d=1).", ["(", ")."]),
            ("看https://example.org/a_b/c?d=1的说明", ["看", "的说明"]),
        ] {
            assert_eq!(html(text), format!("{}{}{}", around[0], link(address), around[1]), "{text}");
        }
        assert_eq!(
            html("https://e.org/?a=1&b=2"),
            "<a href=\"https://e.org/?a=1&amp;b=2\">https://e.org/?a=1&amp;b=2</a>"
        );
        assert_eq!(
            html("https://e.org/C_(x)和https://e.org/(甲)"),
            format!("{}和{}(甲)", link("https://e.org/C_(x)"), link("https://e.org/"))
        );
    }

    #[test]
    fn links_code_and_other_schemes_are_left_alone() {
        for text in [
            "`https://e.org`",
            "```\nhttps://e.org\n```",
            "javascript://e.org/%0aalert(1)",
            "ftp://e.org/",
            "https://",
        ] {
            assert!(!html(text).contains("<a "), "{text}: {}", html(text));
        }
        assert_eq!(html("[https://e.org](https://f.org)"), "<a href=\"https://f.org\">https://e.org</a>");
        assert_eq!(html("<https://e.org>"), "<a href=\"https://e.org\">https://e.org</a>");
    }
}
