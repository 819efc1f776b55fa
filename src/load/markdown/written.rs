//! Finds the addresses of a body where they are written, so that they can be replaced.

use std::collections::HashSet;
use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Parser, Tag};

use crate::load::markdown::options::OPTIONS;

/// An address in a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Written {
    /// The bytes of the address.
    pub(crate) range: Range<usize>,
    /// The address without escapes and entities.
    pub(crate) address: String,
    /// True if the address is that of an image, false for one of a link.
    pub(crate) is_image: bool,
}

/// Returns the addresses of a body in the order of the text: of links, of images, of reference
/// definitions, and, with `html`, the `src` of each `img` in raw HTML. An address that is written
/// once and used many times is listed once. Addresses of autolinks are not listed.
pub(crate) fn addresses(body: &str, html: bool) -> Vec<Written> {
    let events = Parser::new_ext(body, OPTIONS).into_offset_iter();
    let definitions: Vec<(String, String, Range<usize>)> = events
        .reference_definitions()
        .iter()
        .map(|(label, definition)| (label.to_owned(), definition.dest.to_string(), definition.span.clone()))
        .collect();
    let mut found = Vec::new();
    let mut images: HashSet<String> = HashSet::new();
    for (event, whole) in events {
        match event {
            Event::Start(Tag::Image { link_type, id, .. }) if is_reference(link_type) => {
                images.insert(id.to_lowercase());
            }
            Event::Start(Tag::Image { link_type: LinkType::Inline, dest_url, .. }) => {
                found.extend(inline(body, whole, &dest_url, true));
            }
            Event::Start(Tag::Link { link_type: LinkType::Inline, dest_url, .. }) => {
                found.extend(inline(body, whole, &dest_url, false));
            }
            Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_) if html => sources(body, whole, &mut found),
            _ => {}
        }
    }
    for (label, address, span) in definitions {
        let is_image = images.contains(&label.to_lowercase());
        // A label may hold `]:` only behind a backslash.
        let signs = body[span.clone()].match_indices("]:").map(|(at, _)| span.start + at + 2);
        let mut places = signs.filter_map(|at| destination(body, at, span.end));
        found.extend(places.find(|(_, plain)| *plain == address).map(|(range, address)| Written {
            range,
            address,
            is_image,
        }));
    }
    found.sort_by_key(|written| written.range.start);
    found.dedup_by_key(|written| written.range.start);
    found
}

fn is_reference(kind: LinkType) -> bool {
    matches!(kind, LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut)
}

/// The address of an inline link or image, which stands behind the last `](` that fits.
fn inline(body: &str, whole: Range<usize>, address: &str, is_image: bool) -> Option<Written> {
    if address.is_empty() {
        return None;
    }
    let opened = body[whole.clone()].rmatch_indices("](").map(|(at, _)| whole.start + at + 2);
    let mut places = opened.filter_map(|at| destination(body, at, whole.end));
    let (range, address) = places.find(|(_, plain)| plain == address)?;
    Some(Written { range, address, is_image })
}

/// Reads the destination that begins behind white space at `from` (CommonMark 0.31, section 6.3):
/// its bytes, and its text without escapes and entities.
fn destination(body: &str, from: usize, end: usize) -> Option<(Range<usize>, String)> {
    let rest = body.get(from..end)?;
    let start = from + (rest.len() - rest.trim_start().len());
    let rest = body.get(start..end)?;
    let (start, length) = match rest.strip_prefix('<') {
        Some(inner) => (start + 1, unescaped(inner).find(|(_, c)| matches!(c, '>' | '\n'))?.0),
        None => (start, bare_length(rest)),
    };
    let range = start..start + length;
    Some((range.clone(), plain(&body[range])))
}

/// The characters of a text that no backslash stands before.
fn unescaped(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut is_escaped = false;
    text.char_indices().filter(move |(_, c)| {
        let counts = !is_escaped;
        is_escaped = *c == '\\' && !is_escaped;
        counts
    })
}

/// The bytes of a destination without `<…>`: up to white space or a bracket that it did not open.
fn bare_length(rest: &str) -> usize {
    let mut open = 0_usize;
    for (at, c) in unescaped(rest) {
        match c {
            '(' => open += 1,
            ')' if open == 0 => return at,
            ')' => open -= 1,
            c if c.is_ascii_whitespace() || c.is_ascii_control() => return at,
            _ => {}
        }
    }
    rest.len()
}

/// A text without backslash escapes and entities.
fn plain(written: &str) -> String {
    if !written.contains(['\\', '&']) {
        return written.to_owned();
    }
    let mut text = String::with_capacity(written.len());
    let mut characters = written.chars().peekable();
    while let Some(c) = characters.next() {
        match characters.peek() {
            Some(next) if c == '\\' && next.is_ascii_punctuation() => text.extend(characters.next()),
            _ => text.push(c),
        }
    }
    html_escape::decode_html_entities(&text).into_owned()
}

/// Adds the `src` of each `img` in a piece of HTML.
fn sources(body: &str, whole: Range<usize>, found: &mut Vec<Written>) {
    let piece = &body[whole.clone()];
    // The case of ASCII letters does not change the length.
    let lower = piece.to_ascii_lowercase();
    for (at, _) in lower.match_indices("<img") {
        let mut rest = at + "<img".len();
        while let Some((name, value, end)) = attribute(piece, rest) {
            if name.eq_ignore_ascii_case("src") {
                let address = html_escape::decode_html_entities(piece[value.clone()].trim()).into_owned();
                let range = whole.start + value.start..whole.start + value.end;
                if !address.is_empty() {
                    found.push(Written { range, address, is_image: true });
                }
                break;
            }
            rest = end;
        }
    }
}

/// The next attribute of a tag behind `from`: its name, the bytes of its value, and its end. `None`
/// at the end of the tag.
fn attribute(tag: &str, from: usize) -> Option<(&str, Range<usize>, usize)> {
    let rest = tag.get(from..)?;
    let start = from + (rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/').len());
    let rest = &tag[start..];
    if rest.is_empty() || rest.starts_with('>') {
        return None;
    }
    let length = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>')).unwrap_or(rest.len());
    let name = &rest[..length];
    let after = rest[length..].trim_start();
    let Some(value) = after.strip_prefix('=') else {
        // A sign that begins no attribute is passed over.
        let end = start + length.max(rest.chars().next().map_or(1, char::len_utf8));
        return Some((name, end..end, end));
    };
    let value = value.trim_start();
    let at = tag.len() - value.len();
    match value.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        Some(quote) => {
            let end = at + 1 + value[1..].find(quote)?;
            Some((name, at + 1..end, end + 1))
        }
        None => {
            let length = value.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(value.len());
            Some((name, at..at + length, at + length))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_the_places_where_they_are_written() {
        let body = "![/c](/c \"/c\") [![a](<b c.png>)](d.png 'x') ![e](f\\_g.png) ![h](i&amp;j.png) \
                    ![k](l(m).png) `![n](o.png)` ![p][q] [r] <https://e.org/s.png>\n\n\
                    [q]: <t u.png> \"v\"\n[r]: /w.png\n[x]: y.png\n";
        let found = addresses(body, false);
        let found: Vec<_> = found
            .iter()
            .map(|found| (&body[found.range.clone()], found.address.as_str(), found.is_image))
            .collect();
        assert_eq!(
            found,
            [
                ("/c", "/c", true),
                ("b c.png", "b c.png", true),
                ("d.png", "d.png", false),
                ("f\\_g.png", "f_g.png", true),
                ("i&amp;j.png", "i&j.png", true),
                ("l(m).png", "l(m).png", true),
                ("t u.png", "t u.png", true),
                ("/w.png", "/w.png", false),
                ("y.png", "y.png", false),
            ]
        );
        assert_eq!(found.iter().position(|found| found.0 == "/c"), Some(0));
        assert_eq!(addresses(body, false)[0].range, 6..8);
    }

    #[test]
    fn images_in_raw_html_are_found_if_it_is_shown() {
        let body = "甲 <IMG alt=\"src='x.png'\" src='a b.png'> <img src=c.png/> <img data-src=d.png>\n\n\
                    <div>\n<img\n  src=\"e&amp;f.png\" alt>\n</div>\n\n`<img src=g.png>`\n";
        let found: Vec<_> = addresses(body, true).into_iter().map(|found| found.address).collect();
        assert_eq!(found, ["a b.png", "c.png/", "e&f.png"]);
        assert!(addresses(body, false).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn any_address_is_one_of_the_text(text in "([\\[\\]()<>!\\\\&; \n=\"'/甲a.]|img|src|amp|png|\\]: ){0,40}") {
            for found in addresses(&text, true) {
                proptest::prop_assert!(text.get(found.range.clone()).is_some(), "{found:?}");
            }
        }
    }
}
