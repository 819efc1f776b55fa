//! Reads the items of RSS, Atom and JSON Feed as records, each by itself: what is broken in one
//! costs no other.
//!
//! ```text
//! text ─xml_text→ well-formed text ─outline→ items ─element→ elements ─status, entry→ records
//! ```

mod author;
mod base;
mod element;
mod entry;
mod featured;
mod field;
mod json_feed;
mod outline;
mod page;
mod space;
mod status;
mod tag;
mod xml;
mod xml_text;

use crate::import::input::Input;
use crate::import::labels::Labels;
use crate::import::record::Found;

/// Reads the items of a feed. What is not an article, such as an attachment in an export of
/// WordPress, is passed over and counted. A text that is not a feed gives one [`Found::Problem`].
#[must_use]
pub fn records(input: &Input, labels: &Labels) -> Vec<Found> {
    if input.text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}').starts_with('{') {
        return json_feed::records(input, labels);
    }
    xml::records(input)
}

/// The addresses of the feeds that a page of HTML names (`rel="alternate"`), as they are written.
#[must_use]
pub fn feeds_of_page(text: &str) -> Vec<String> {
    page::feeds(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::import::record::{Field, Value};
    use proptest::prelude::*;

    /// The titles and links of the records, the problems with their lines, and the repairs.
    struct Outcome {
        titles: Vec<String>,
        links: Vec<String>,
        lines: Vec<usize>,
        problems: Vec<(usize, String)>,
        repairs: Vec<(usize, String, String)>,
        drafts: usize,
    }

    fn read(text: &str) -> Outcome {
        let input = Input { name: "in.xml".into(), text: text.to_owned().into() };
        let mut all = Outcome {
            titles: vec![],
            links: vec![],
            lines: vec![],
            problems: vec![],
            repairs: vec![],
            drafts: 0,
        };
        for found in records(&input, &Labels::of(&Config::default())) {
            match found {
                Found::Record(record) => {
                    let words = |field: &Field| match record.get(field).map(|entry| &entry.value) {
                        Some(Value::Text(text)) => text.clone(),
                        _ => String::new(),
                    };
                    all.titles.push(words(&Field::Title));
                    all.links.push(words(&Field::Link));
                    all.lines.push(record.spot.line);
                    all.drafts += usize::from(words(&Field::Draft) == "true");
                    all.repairs.extend(record.repairs.into_iter().map(|one| (one.line, one.from, one.to)));
                }
                Found::Problem(problem) => {
                    all.problems.push((problem.place.map_or(0, |place| place.line), problem.message));
                }
                Found::Outside(one) => all.repairs.push((one.line, one.from, one.to)),
            }
        }
        all
    }

    fn rss(items: &str) -> String {
        format!(
            "<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel><title>某报</title><link>https://e.org/</link>\n{items}\n</channel></rss>\n"
        )
    }

    #[test]
    fn every_kind_of_feed_is_read() {
        for text in [
            rss("<item><title>甲</title><link>https://e.org/1</link></item>"),
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>甲</title><link href='https://e.org/1'/></entry></feed>".into(),
            "<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:entry><a:title>甲</a:title><a:link href='https://e.org/1'/></a:entry></a:feed>".into(),
            "<rdf:RDF xmlns='http://purl.org/rss/1.0/'><channel/><item rdf:about='https://e.org/1'><title>甲</title></item></rdf:RDF>".into(),
            "\n\u{FEFF}<rss><item><title>甲</title><link>https://e.org/1</link></item></rss>".into(),
            " {\"items\": [{\"title\": \"甲\", \"url\": \"https://e.org/1\"}]}".into(),
        ] {
            let found = read(&text);
            assert_eq!((found.titles, found.links), (vec!["甲".to_owned()], vec!["https://e.org/1".to_owned()]), "{text}");
            assert_eq!((found.problems, found.repairs), (vec![], vec![]), "{text}");
        }
    }

    #[test]
    fn repairs_have_their_lines_wherever_they_are() {
        let text = rss(
            "<item><title>甲 & 乙</title></item>\n<item><title>丙</title>\n<link>https://e.org/?a&b</item>\n&nbsp;",
        );
        let found = read(&text);
        let wanted = [(6, "&nbsp;", "&#160;"), (3, "&", "&amp;"), (5, "&", "&amp;"), (5, "", "</link>")];
        let named: Vec<_> =
            found.repairs.iter().map(|(line, from, to)| (*line, from.as_str(), to.as_str())).collect();
        assert_eq!(named, wanted);
        assert_eq!((found.titles, found.lines), (vec!["甲 & 乙".to_owned(), "丙".to_owned()], vec![3, 4]));
    }

    #[test]
    fn a_feed_that_is_cut_off_keeps_its_complete_items() {
        for (end, line) in [
            ("<item><title>乙</title>", 4),
            ("<item><descr", 4),
            ("<item><description><![CDATA[</item>", 4),
            ("", 3),
        ] {
            let text =
                format!("<rss><channel>\n<link>https://e.org/</link>\n<item><title>甲</title></item>\n{end}");
            let found = read(&text);
            assert_eq!(found.titles, ["甲"], "{end}");
            assert_eq!(found.problems.len(), 1, "{end}: {:?}", found.problems);
            assert_eq!(found.problems[0].0, line, "{end}");
        }
    }

    #[test]
    fn an_item_without_its_end_tag_is_imported_and_the_tag_named() {
        let found = read(&rss("<item><title>甲</title>\n<item><title>乙</title></item>"));
        assert_eq!((found.titles.len(), found.problems.len()), (2, 0));
        assert_eq!(found.repairs, [(4, String::new(), "</item>".to_owned())]);
    }

    #[test]
    fn hidden_posts_are_drafts_and_other_things_are_counted() {
        let item = |status: &str, kind: &str| {
            format!(
                "<item><title>a</title><wp:status>{status}</wp:status><wp:post_type>{kind}</wp:post_type></item>\n"
            )
        };
        let text = rss(&[
            item("publish", "post"),
            item("private", "post"),
            item("inherit", "attachment"),
            item("inherit", "attachment"),
            item("publish", "nav_menu_item"),
        ]
        .concat());
        let found = read(&text);
        assert_eq!((found.titles.len(), found.drafts, found.problems.len()), (2, 1, 2));
        assert!(
            found.problems[0].1.contains("`private`") && found.problems[0].0 == 4,
            "{:?}",
            found.problems
        );
        let passed = &found.problems[1];
        assert!(
            passed.1.starts_with("3 items") && passed.1.contains("2 `attachment`, 1 `nav_menu_item`"),
            "{passed:?}"
        );
        assert_eq!(passed.0, 5);
    }

    #[test]
    fn a_password_is_not_shown() {
        let text = rss("<item><title>a</title>\n<wp:post_password>geheim</wp:post_password></item>");
        let input = Input { name: "in.xml".into(), text: text.into() };
        for found in records(&input, &Labels::of(&Config::default())) {
            assert!(!format!("{found:?}").contains("geheim"), "{found:?}");
        }
    }

    #[test]
    fn one_link_of_all_items_gives_way_to_their_ids() {
        let item = |guid: &str| {
            format!("<item><title>a</title><link>https://e.org/</link><guid>{guid}</guid></item>")
        };
        let found = read(&rss(&[item("https://e.org/1"), item("https://e.org/2")].concat()));
        assert_eq!(found.links, ["https://e.org/1", "https://e.org/2"]);
        for ids in [["1", "2"], ["https://e.org/1", "https://e.org/1"], ["https://e.org/1", "2"]] {
            let found = read(&rss(&ids.map(item).concat()));
            assert_eq!(found.links, ["https://e.org/", "https://e.org/"], "{ids:?}");
        }
    }

    #[test]
    fn declarations_of_an_item_hold_for_the_item() {
        let text = rss(
            "<item xmlns:x='http://purl.org/dc/elements/1.1/'><x:title>甲</x:title></item><item><x:title>乙</x:title></item>",
        );
        assert_eq!(read(&text).titles, ["甲", ""]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_feed_text_panics_and_every_item_is_read(
            parts in proptest::collection::vec(prop_oneof![
                Just("<item>"), Just("</item>"), Just("<title>"), Just("</title>"), Just("甲"), Just("&"), Just("&nbsp;"),
                Just("<![CDATA["), Just("]]>"), Just("<!--"), Just("-->"), Just("<br>"), Just("<a b='"), Just("'"), Just(">"),
                Just("<"), Just("<link/>"), Just("<pubDate>"), Just("\n"), Just("\0"), Just("</rss>"), Just("<channel>"),
            ], 0..30)
        ) {
            let text = parts.concat();
            let _ = read(&text);
            let whole = rss(&format!("<item><title>一</title></item>{text}"));
            let found = read(&whole);
            prop_assert_eq!(found.titles.first().map(String::as_str), Some("一"));
            // Each start tag outside of CDATA and comments begins a record, or is named.
            let is_plain = !parts.iter().any(|part| ["<![CDATA[", "<!--", "<a b='", "<"].contains(part));
            if is_plain {
                let started = 1 + parts.iter().filter(|part| **part == "<item>").count();
                prop_assert!(found.titles.len() + found.problems.len() >= started, "{}", whole);
            }
        }
    }
}
