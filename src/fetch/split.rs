//! Divides a large feed in XML into small ones, so that reading it takes little memory: a reader
//! takes some ten times the size of a feed.

use std::borrow::Cow;

/// Entries, or objects of JSON, that an answer may have. Each takes a kilobyte of memory and more.
pub(super) const MAX_ENTRIES: usize = 20_000;

/// Tags of XML that an answer may have.
pub(super) const MAX_TAGS: usize = 400_000;

/// The size up to which a feed is read as a whole, in bytes.
const SMALL_FEED: usize = 256 << 10;
/// Bytes of the items of one part.
const PART_BYTES: usize = 256 << 10;
/// Tags and references in the items of one part. A reader takes up to 400 bytes for each.
const PART_SIGNS: usize = 20_000;
/// The largest item, in bytes.
pub(super) const MAX_ITEM_BYTES: usize = 1 << 20;
/// Tags and references that an item may have.
pub(super) const MAX_ITEM_SIGNS: usize = 50_000;
/// Bytes before the first item and behind the last one. They are repeated in each part.
const MAX_FRAME_BYTES: usize = 64 << 10;

/// The parts of a feed.
#[derive(Debug, Default)]
pub(super) struct Parts<'t> {
    /// Feeds with some of the items each, in order.
    pub(super) feeds: Vec<Vec<&'t str>>,
    /// The number of items that are too large to be read.
    pub(super) too_large: usize,
}

impl<'t> Parts<'t> {
    /// The texts of the parts, which are made when they are needed.
    pub(super) fn texts(&self) -> impl Iterator<Item = Cow<'t, str>> {
        self.feeds.iter().map(|pieces| match pieces[..] {
            [one] => Cow::Borrowed(one),
            _ => Cow::Owned(pieces.concat()),
        })
    }
}

/// What begins with `<` or `&`.
enum Markup {
    /// The start of an item.
    Item,
    /// The end of an item, up to this byte.
    ItemEnd(usize),
    /// Anything else, which ends at this byte.
    Other(usize),
}

/// Reads the markup at `at`, where `text` has `<`. CDATA and comments are one piece, since they may
/// hold tags.
fn markup(text: &str, at: usize) -> Markup {
    let rest = &text[at..];
    for (start, end) in [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")] {
        if let Some(inner) = rest.strip_prefix(start) {
            let length = inner.find(end).map(|found| start.len() + found + end.len());
            return Markup::Other(at + length.unwrap_or(rest.len()));
        }
    }
    let closes = rest.starts_with("</");
    let name = &rest[1 + usize::from(closes)..];
    let name =
        &name[..name.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).unwrap_or(name.len())];
    match name.rsplit(':').next() {
        Some("item" | "entry") if closes => {
            Markup::ItemEnd(at + rest.find('>').map_or(rest.len(), |found| found + 1))
        }
        Some("item" | "entry") => Markup::Item,
        _ => Markup::Other(at + 1),
    }
}

/// The starts of the items, each with the number of tags and references before the next one, and
/// the end of the last item.
struct Items {
    starts: Vec<(usize, usize)>,
    end: Option<usize>,
}

/// The number of tags and references in a text.
fn signs_in(text: &str) -> usize {
    text.bytes().filter(|byte| matches!(byte, b'<' | b'&')).count()
}

fn items(text: &str) -> Items {
    let (mut found, mut at) = (Items { starts: Vec::new(), end: None }, 0);
    // Tags within CDATA are counted, too: they are read as HTML.
    let mut counted = 0;
    while let Some(next) = text[at..].find('<') {
        let start = at + next;
        match markup(text, start) {
            Markup::Item => {
                if let Some((_, signs)) = found.starts.last_mut() {
                    *signs = signs_in(&text[counted..start]);
                }
                counted = start;
                found.starts.push((start, 0));
                found.end = None;
                at = start + 1;
            }
            Markup::ItemEnd(end) => {
                found.end = Some(end);
                at = end;
            }
            Markup::Other(end) => at = end,
        }
    }
    if let Some((_, signs)) = found.starts.last_mut() {
        *signs = signs_in(&text[counted..]);
    }
    found
}

/// True if a text has more entries or tags than an answer may have.
pub(super) fn is_too_rich(text: &str) -> bool {
    let starts = |sign: &'static str| text.matches(sign);
    starts("<item").chain(starts("<entry")).chain(starts("{")).nth(MAX_ENTRIES).is_some()
        || starts("<").nth(MAX_TAGS).is_some()
}

/// Divides a feed. A feed that is small or has no items is one part.
///
/// # Errors
/// The reason why it cannot be divided: what is before or behind its items is too long.
pub(super) fn split(text: &str) -> Result<Parts<'_>, String> {
    if text.len() <= SMALL_FEED && signs_in(text) <= PART_SIGNS {
        return Ok(Parts { feeds: vec![vec![text]], too_large: 0 });
    }
    let Items { starts, end } = items(text);
    let Some(&(first, _)) = starts.first() else {
        return match text.len() <= MAX_ITEM_BYTES {
            true => Ok(Parts { feeds: vec![vec![text]], too_large: 0 }),
            false => Err(tr!("this is a large feed without entries")),
        };
    };
    let head = &text[..first];
    // A feed that is cut off has no tail. Its last part is cut off, too.
    let tail = end.map_or("", |end| &text[end..]);
    if head.len().max(tail.len()) > MAX_FRAME_BYTES {
        return Err(tr!("it has more than {} KB before or behind its entries", MAX_FRAME_BYTES >> 10));
    }
    let behind = text.len() - tail.len();
    let tail = if end.is_some() { tail } else { closing(head) };
    let mut parts = Parts::default();
    let mut part: Option<(usize, usize, usize)> = None;
    let feed = |(start, stop, _)| {
        let tail = if stop == text.len() { "" } else { tail };
        vec![head, &text[start..stop], tail]
    };
    for (nth, &(start, signs)) in starts.iter().enumerate() {
        let stop = starts.get(nth + 1).map_or(behind, |(next, _)| *next);
        if stop - start > MAX_ITEM_BYTES || signs > MAX_ITEM_SIGNS {
            parts.feeds.extend(part.take().map(feed));
            parts.too_large += 1;
            continue;
        }
        part = match part {
            Some((from, _, all)) if stop - from <= PART_BYTES && all + signs <= PART_SIGNS => {
                Some((from, stop, all + signs))
            }
            full => {
                parts.feeds.extend(full.map(feed));
                Some((start, stop, signs))
            }
        };
    }
    parts.feeds.extend(part.map(feed));
    Ok(parts)
}

/// The end tag of the root, so that a part of a feed that is cut off is not cut off itself.
fn closing(head: &str) -> &'static str {
    if head.contains("<feed") {
        "</feed>"
    } else if head.contains("RDF") {
        "</rdf:RDF>"
    } else {
        "</channel></rss>"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "<rss><channel><title>x</title>";

    fn feed(items: &[String]) -> String {
        format!("{HEAD}{}</channel></rss>", items.concat())
    }

    #[test]
    fn every_item_is_in_one_part_with_the_head_and_the_tail() {
        let items: Vec<String> = (0..9000)
            .map(|n| format!("<item><title>第 {n} 篇，共九千</title><b>&amp;</b></item>\n"))
            .collect();
        let text = feed(&items);
        let parts = split(&text).unwrap();
        assert!(parts.feeds.len() > 2 && parts.too_large == 0);
        let mut all = String::new();
        for part in parts.texts() {
            assert!(part.len() < PART_BYTES + 1000);
            let inner = part.strip_prefix(HEAD).unwrap().strip_suffix("\n</channel></rss>").unwrap();
            all.push_str(inner);
        }
        assert_eq!(all, items.concat().trim_end());
    }

    #[test]
    fn items_in_cdata_and_comments_are_text() {
        let item = format!("<item><![CDATA[<item>{}]]><!-- <item> --></item>", "字".repeat(100_000));
        let text = feed(&[item.clone(), item]);
        assert_eq!(split(&text).unwrap().feeds.len(), 2);
    }

    #[test]
    fn an_item_that_is_too_large_costs_no_other() {
        let small = "<item>a</item>".to_owned();
        for large in ["字".repeat(MAX_ITEM_BYTES / 3 + 1), "<b>".repeat(MAX_ITEM_SIGNS + 1)] {
            let text = feed(&[small.clone(), format!("<item>{large}</item>"), small.clone()]);
            let parts = split(&text).unwrap();
            assert_eq!((parts.feeds.len(), parts.too_large), (2, 1));
        }
    }

    #[test]
    fn a_feed_that_is_cut_off_is_cut_off_in_its_last_part() {
        let long = "字".repeat(80_000);
        let text = format!("{HEAD}<item>{long}</item><item>{long}</item><item>cut");
        let texts: Vec<_> = split(&text).unwrap().texts().map(|text| text.len()).collect();
        assert!(texts.len() >= 2, "{texts:?}");
        let last = split(&text).unwrap().texts().last().unwrap().into_owned();
        assert!(last.ends_with("cut"), "{}", &last[last.len() - 40..]);
    }

    #[test]
    fn an_answer_with_too_many_entries_is_refused() {
        for text in ["<item/>", "<entry>", "{\"a\":1}"] {
            assert!(!is_too_rich(&text.repeat(MAX_ENTRIES)), "{text}");
            assert!(is_too_rich(&text.repeat(MAX_ENTRIES + 1)), "{text}");
        }
        assert!(is_too_rich(&"<a>".repeat(MAX_TAGS + 1)));
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(parts in "(<item>|</item>|<entry a='>'>|<!--|-->|<!\\[CDATA\\[|\\]\\]>|字|&|<){0,40}") {
            let _ = items(&parts);
            let long = format!("{parts}{}{parts}", "字<b>".repeat(30_000));
            if let Ok(found) = split(&long) {
                proptest::prop_assert!(found.texts().all(|text| !text.is_empty()));
            }
        }
    }
}
