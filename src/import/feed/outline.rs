//! Divides a feed into its items and what describes the whole feed.

use std::ops::Range;

use crate::import::feed::xml_text::{Name, Repaired};

/// The parts of a feed, as byte ranges of the repaired text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Outline {
    /// The start tags of the root and of the channel.
    pub(super) tags: Vec<Range<usize>>,
    /// The elements beside the items: the title of the feed, its link and so on.
    pub(super) head: Vec<Range<usize>>,
    /// The items, in order.
    pub(super) items: Vec<Item>,
    /// Where the complete part of the feed ends, if its end is missing.
    pub(super) cut_at: Option<usize>,
}

/// One item or entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    /// The start tag.
    pub(super) tag: Range<usize>,
    /// What is between the tags.
    pub(super) inner: Range<usize>,
    /// Whether the item has an end tag.
    pub(super) is_closed: bool,
}

impl Item {
    /// The bytes from the start tag up to the end tag.
    pub(super) fn whole(&self) -> Range<usize> {
        self.tag.start..self.inner.end.max(self.tag.end)
    }
}

/// Finds the parts of a feed. An item without an end tag ends where the next one begins, or the
/// feed ends. `None` if there is neither the root of a feed nor an item.
pub(super) fn outline(found: &Repaired) -> Option<Outline> {
    let mut outline = Outline::default();
    let mut open: Option<Range<usize>> = None;
    let mut opened = (0, 0);
    // Where the elements of the feed itself go on.
    let mut head = None;
    for tag in &found.tags {
        let (start, end) = (tag.range.start, tag.range.end);
        let ends_item = open.is_some() && (tag.name != Name::Item || !tag.closes);
        if let Some(item) = open.take() {
            outline.items.push(Item { inner: item.end..start, tag: item, is_closed: !ends_item });
        }
        match (tag.name, tag.closes) {
            (Name::Item, false) => {
                outline.head.extend(head.take().map(|head| head..start));
                if tag.is_empty {
                    outline.items.push(Item { tag: tag.range.clone(), inner: end..end, is_closed: true });
                    head = Some(end);
                } else {
                    open = Some(tag.range.clone());
                }
            }
            (Name::Item, true) => {
                outline.head.extend(head.take().map(|head| head..start));
                head = Some(end);
            }
            (_, false) => {
                outline.head.extend(head.take().map(|head| head..start));
                outline.tags.push(tag.range.clone());
                opened.0 += usize::from(tag.name == Name::Root && !tag.is_empty);
                head = Some(end);
            }
            (name, true) => {
                outline.head.extend(head.take().map(|head| head..start));
                opened.1 += usize::from(name == Name::Root);
                // Items of RSS 1.0 follow the channel.
                head = (name == Name::Channel).then_some(end);
            }
        }
    }
    if outline.tags.is_empty() && outline.items.is_empty() && open.is_none() {
        return None;
    }
    // An item at the end of a feed that is cut off is not whole.
    outline.cut_at = match (open, opened.1 < opened.0 || found.is_cut) {
        (Some(item), _) => Some(item.start),
        (None, true) => Some(found.text.len()),
        (None, false) => None,
    };
    outline.head.extend(head.map(|head| head..outline.cut_at.unwrap_or(found.text.len()).max(head)));
    outline.head.retain(|range| !range.is_empty());
    Some(outline)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::feed::xml_text::repair;

    /// The texts of the head and of the items, which items are closed, and what is cut off.
    type Parts = (Vec<String>, Vec<(String, bool)>, Option<String>);

    fn parts(text: &str) -> Option<Parts> {
        let found = repair(text);
        let outline = outline(&found)?;
        let words = |range: &Range<usize>| found.text[range.clone()].to_owned();
        let items = outline.items.iter().map(|item| (words(&item.inner), item.is_closed)).collect();
        let cut = outline.cut_at.map(|at| found.text[at..].to_owned());
        Some((outline.head.iter().map(words).collect(), items, cut))
    }

    fn texts(parts: &[&str]) -> Vec<String> {
        parts.iter().map(|part| (*part).to_owned()).collect()
    }

    #[test]
    fn items_are_divided_from_the_feed() {
        for (text, head, items) in [
            (
                "<rss><channel><title/><item>a</item><item>b</item></channel></rss>",
                vec!["<title/>"],
                vec!["a", "b"],
            ),
            ("<feed><id/><entry>a</entry><link/></feed>", vec!["<id/>", "<link/>"], vec!["a"]),
            ("<rdf:RDF><channel>x</channel><item>a</item></rdf:RDF>", vec!["x"], vec!["a"]),
            ("<rss><channel><item/></channel></rss>", vec![], vec![""]),
            ("<item>a</item>", vec![], vec!["a"]),
            ("<a:feed><a:entry>a</a:entry></a:feed>", vec![], vec!["a"]),
        ] {
            let items = items.into_iter().map(|item| (item.to_owned(), true)).collect();
            assert_eq!(parts(text), Some((texts(&head), items, None)), "{text}");
        }
    }

    #[test]
    fn an_item_without_an_end_tag_ends_where_the_next_begins() {
        let (_, items, cut) = parts("<rss><item>a<item>b</item><item>c</rss>").unwrap();
        let items: Vec<_> = items.iter().map(|(text, closed)| (text.as_str(), *closed)).collect();
        assert_eq!((items, cut), (vec![("a", false), ("b", true), ("c", false)], None));
    }

    #[test]
    fn what_is_cut_off_is_found() {
        for (text, count, wanted) in [
            ("<rss><item>a</item><item>b", 1, Some("<item>b")),
            ("<rss><item>a</item>", 1, Some("")),
            ("<rss><item>a</item><ite", 1, Some("")),
            ("<rss><item>a</item></rss>", 1, None),
            ("<rss><item><![CDATA[a</item></rss>", 0, Some("<item><![CDATA[a</item></rss>")),
            ("<rss/>", 0, None),
        ] {
            let (_, items, cut) = parts(text).unwrap();
            assert_eq!((items.len(), cut.as_deref()), (count, wanted), "{text}");
        }
    }

    #[test]
    fn other_xml_is_not_a_feed() {
        for text in ["<html><body/></html>", "<opml><body/></opml>", "", "text"] {
            assert_eq!(parts(text), None, "{text}");
        }
    }
}
