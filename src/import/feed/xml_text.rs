//! Makes the text of a feed well-formed where it is meant well: bare `&` and `<`, references that
//! only HTML defines. Finds the tags that structure a feed.

use std::collections::HashMap;
use std::ops::Range;

use crate::import::repair::{Kind, Repair};

/// Bytes that are searched for the end of a reference. The longest name in HTML has 32.
const MAX_REFERENCE_BYTES: usize = 40;
/// Bytes of the longest value of an entity that a feed defines itself.
const MAX_ENTITY_BYTES: usize = 64;

/// The text of a feed after repairs.
#[derive(Debug, Default)]
pub(super) struct Repaired {
    /// The text without declaration and document type. References are those of XML alone.
    pub(super) text: String,
    /// The tags of the elements that structure a feed, in order.
    pub(super) tags: Vec<Tag>,
    /// The repairs, each with its byte offset in `text`.
    pub(super) repairs: Vec<(usize, Repair)>,
    /// Where the text begins to differ from the original by another number of bytes: offsets in
    /// `text` and in the original, both rising.
    moves: Vec<(usize, usize)>,
    /// True if the text ends within a tag, a comment or a CDATA section.
    pub(super) is_cut: bool,
}

/// A tag of an element that structures a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag {
    /// The name without its prefix.
    pub(super) name: Name,
    /// The bytes of the tag in the repaired text, from `<` to `>`.
    pub(super) range: Range<usize>,
    /// True for `</…>`.
    pub(super) closes: bool,
    /// True for `<…/>`.
    pub(super) is_empty: bool,
}

/// The elements that structure a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    /// `rss`, `feed` or `RDF`.
    Root,
    /// `channel` of RSS.
    Channel,
    /// `item` or `entry`.
    Item,
}

impl Repaired {
    /// Converts a byte offset in the text to one in the original.
    pub(super) fn original(&self, at: usize) -> usize {
        let index = self.moves.partition_point(|(text, _)| *text <= at);
        match index.checked_sub(1).and_then(|index| self.moves.get(index)) {
            Some((text, original)) => original + (at - text),
            None => at,
        }
    }
}

/// Repairs the text of a feed.
pub(super) fn repair(original: &str) -> Repaired {
    let mut scan =
        Scan { original, at: 0, line: 1, counted: 0, entities: HashMap::new(), found: Repaired::default() };
    scan.found.text.reserve(original.len());
    // Nothing may precede the declaration in XML. Blank lines and byte order marks often do.
    let begin =
        original.len() - original.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}').len();
    scan.skip(begin);
    scan.run();
    scan.found
}

struct Scan<'a> {
    original: &'a str,
    /// The byte offset in the original up to which the text is read.
    at: usize,
    /// The line of the byte at `counted`.
    line: usize,
    counted: usize,
    /// The entities that the document type defines.
    entities: HashMap<&'a str, String>,
    found: Repaired,
}

impl<'a> Scan<'a> {
    fn run(&mut self) {
        while let Some(next) = self.original[self.at..].find(['<', '&']) {
            self.copy(next);
            if self.original[self.at..].starts_with('&') {
                self.reference();
            } else {
                self.markup();
            }
        }
        self.copy(self.original.len() - self.at);
    }

    /// Copies bytes as they are.
    fn copy(&mut self, length: usize) {
        self.found.text.push_str(&self.original[self.at..self.at + length]);
        self.at += length;
    }

    /// Leaves bytes out.
    fn skip(&mut self, length: usize) {
        self.at += length;
        self.found.moves.push((self.found.text.len(), self.at));
    }

    /// Replaces bytes. The repair is named unless the replacement means the same in XML.
    fn replace(&mut self, length: usize, by: &str, is_named: bool) {
        if is_named {
            self.line += self.original[self.counted..self.at].matches('\n').count();
            self.counted = self.at;
            let from = self.original[self.at..self.at + length].to_owned();
            let repair = Repair { kind: Kind::Xml, from, to: by.to_owned(), line: self.line };
            self.found.repairs.push((self.found.text.len(), repair));
        }
        // Bytes within the replacement belong to its beginning.
        self.found.moves.push((self.found.text.len(), self.at));
        self.found.text.push_str(by);
        self.skip(length);
    }

    /// Reads what begins with `<`.
    fn markup(&mut self) {
        let rest = &self.original[self.at..];
        for (open, close) in [("<![CDATA[", "]]>"), ("<!--", "-->"), ("<?", "?>"), ("<!", ">")] {
            if !rest.starts_with(open) {
                continue;
            }
            let close = if open == "<!" && rest.split('>').next().is_some_and(|head| head.contains('[')) {
                self.define_entities(rest);
                "]>"
            } else {
                close
            };
            // `]` and `>` of a document type can have space between them.
            let end = match rest[open.len()..].find(close) {
                Some(end) => open.len() + end + close.len(),
                None => {
                    self.found.is_cut = true;
                    rest.len()
                }
            };
            // The text is decoded already, so that the declaration says nothing any more.
            return if matches!(open, "<?" | "<!") { self.skip(end) } else { self.copy(end) };
        }
        match tag_end(rest) {
            Some(end) => self.tag(end),
            None => {
                let is_last = !rest[1..].contains(['<', '>']);
                let begins = rest[1..].trim_start_matches('/').starts_with(|c: char| c.is_ascii_alphabetic());
                if is_last && begins {
                    self.found.is_cut = true;
                    self.skip(rest.len());
                } else {
                    self.replace(1, "&lt;", true);
                }
            }
        }
    }

    /// Copies a tag of `length` bytes, and repairs the references in its attributes.
    fn tag(&mut self, length: usize) {
        let start = self.found.text.len();
        let end = self.at + length;
        while let Some(next) = self.original[self.at..end].find('&') {
            self.copy(next);
            self.reference();
        }
        self.copy(end.saturating_sub(self.at));
        let tag = &self.found.text[start..];
        let closes = tag.starts_with("</");
        let name = tag.trim_start_matches(['<', '/']);
        let name =
            &name[..name.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).unwrap_or(name.len())];
        let name = match name.rsplit(':').next().unwrap_or(name) {
            "rss" | "feed" | "RDF" => Name::Root,
            "channel" => Name::Channel,
            "item" | "entry" => Name::Item,
            _ => return,
        };
        let tag = Tag { name, range: start..self.found.text.len(), closes, is_empty: tag.ends_with("/>") };
        self.found.tags.push(tag);
    }

    /// Reads what begins with `&`.
    fn reference(&mut self) {
        let rest = &self.original[self.at..];
        let end = rest.bytes().take(MAX_REFERENCE_BYTES).position(|byte| byte == b';');
        let Some(name) = end.map(|end| &rest[1..end]) else { return self.replace(1, "&amp;", true) };
        let length = name.len() + 2;
        if matches!(name, "amp" | "lt" | "gt" | "quot" | "apos") || is_character(name) {
            return self.copy(length);
        }
        if let Some(value) = self.entities.get(name) {
            let value = value.clone();
            return self.replace(length, &value, false);
        }
        let written = &rest[..length];
        let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric());
        let meant = if is_name { html_escape::decode_html_entities(written) } else { written.into() };
        if meant == written {
            return self.replace(1, "&amp;", true);
        }
        let numbers: String = meant.chars().map(|c| format!("&#{};", u32::from(c))).collect();
        self.replace(length, &numbers, true);
    }

    /// Reads `<!ENTITY name "value">` of a document type. Values with markup are not used.
    fn define_entities(&mut self, doctype: &'a str) {
        let end = doctype.find("]>").unwrap_or(doctype.len());
        for definition in doctype[..end].split("<!ENTITY").skip(1) {
            let Some((name, rest)) = definition.trim_start().split_once(char::is_whitespace) else {
                continue;
            };
            let rest = rest.trim_start();
            let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
            let Some((value, _)) = rest[1..].split_once(quote) else { continue };
            let is_reference = value.strip_prefix('&').and_then(|value| value.strip_suffix(';'));
            let is_plain = !value.contains(['&', '<']) || is_reference.is_some_and(is_character);
            if is_plain && value.len() <= MAX_ENTITY_BYTES {
                self.entities.insert(name, value.to_owned());
            }
        }
    }
}

/// The length of the tag at the beginning of a text. `None` if there is none: a tag ends before the
/// next `<`, and its name begins with a Latin letter.
fn tag_end(text: &str) -> Option<usize> {
    let name = text[1..].strip_prefix('/').unwrap_or(&text[1..]);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        return None;
    }
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match (quote, byte) {
            (_, b'<') => return None,
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if byte == open => quote = None,
            _ => {}
        }
    }
    None
}

/// True for `#8217` and `#x2019` of a character that XML permits (XML 1.0, 2.2).
fn is_character(name: &str) -> bool {
    let number = name.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
        Some(hex) => {
            u32::from_str_radix(hex, 16).ok().filter(|_| !hex.starts_with('+') && number.starts_with('x'))
        }
        None => number.parse().ok().filter(|_| !number.starts_with('+')),
    });
    let c = number.and_then(char::from_u32);
    c.is_some_and(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r' | '\u{85}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(original: &str) -> (String, Vec<(String, String, usize)>) {
        let found = repair(original);
        let repairs = found.repairs.into_iter().map(|(_, repair)| (repair.from, repair.to, repair.line));
        (found.text, repairs.collect())
    }

    #[test]
    fn references_that_xml_does_not_know_are_repaired_and_named() {
        for (written, wanted, from) in [
            ("a?b=1&c=2", "a?b=1&amp;c=2", "&"),
            ("R&D；", "R&amp;D；", "&"),
            ("&", "&amp;", "&"),
            ("& b;", "&amp; b;", "&"),
            ("&;", "&amp;;", "&"),
            ("&nbsp;", "&#160;", "&nbsp;"),
            ("&mdash;", "&#8212;", "&mdash;"),
            ("&hellip;", "&#8230;", "&hellip;"),
            ("&nosuch;", "&amp;nosuch;", "&"),
            ("&#0;", "&amp;#0;", "&"),
            ("&#xD800;", "&amp;#xD800;", "&"),
            ("&#x1F;", "&amp;#x1F;", "&"),
            ("&#;", "&amp;#;", "&"),
            ("&#+65;", "&amp;#+65;", "&"),
            ("&#X41;", "&amp;#X41;", "&"),
            ("<a b=\"?c&d\">", "<a b=\"?c&amp;d\">", "&"),
            ("1 < 2", "1 &lt; 2", "<"),
            ("<今日>", "&lt;今日>", "<"),
            ("a <b c</a>", "a &lt;b c</a>", "<"),
            ("<3", "&lt;3", "<"),
        ] {
            let (repaired, repairs) = text(written);
            assert_eq!(repaired, wanted, "{written}");
            assert_eq!(repairs.len(), 1, "{written}");
            assert_eq!((repairs[0].0.as_str(), repairs[0].2), (from, 1), "{written}");
        }
    }

    #[test]
    fn well_formed_text_stays() {
        for written in [
            "<a b='>'>&amp;&lt;&gt;&quot;&apos;&#8217;&#x2019;&#10;</a>",
            "<![CDATA[a & b < c <x> &nbsp;]]>",
            "<!-- a & b <x> -->",
            "<_a/>",
        ] {
            assert_eq!(text(written), (written.to_owned(), vec![]));
        }
    }

    #[test]
    fn declaration_document_type_and_what_precedes_them_are_left_out() {
        for written in [
            "\n\n \u{FEFF}<?xml version=\"1.0\" encoding=\"gb2312\"?><rss/>",
            "<?xml version=\"1.0\"?><?xml-stylesheet href=\"a\"?><rss/>",
            "<!DOCTYPE rss PUBLIC \"a\" \"b\"><rss/>",
            "<!DOCTYPE rss [<!ENTITY a \"b>\">]><rss/>",
        ] {
            assert_eq!(text(written), ("<rss/>".to_owned(), vec![]), "{written}");
        }
    }

    #[test]
    fn entities_of_the_document_type_are_used() {
        let doctype =
            "<!DOCTYPE rss [\n<!ENTITY me \"李四\"> <!ENTITY nbsp '&#32;'> <!ENTITY bad \"<b>\">\n]>";
        let (repaired, repairs) = text(&format!("{doctype}<a>&me;&nbsp;&bad;</a>"));
        assert_eq!(repaired, "<a>李四&#32;&amp;bad;</a>");
        assert_eq!(repairs.len(), 1);
        assert_eq!(repairs[0].2, 3);
        let long = format!("<!DOCTYPE a [<!ENTITY b \"{}\">]><a>&b;</a>", "c".repeat(MAX_ENTITY_BYTES + 1));
        assert_eq!(text(&long).0, "<a>&amp;b;</a>");
    }

    #[test]
    fn offsets_lead_back_to_the_original() {
        let original = "\n\n<?xml?><a>&nbsp;中 & <b>乙</b></a>";
        let found = repair(original);
        for word in ["<a>", "中", "<b>", "乙", "</a>"] {
            let at = found.text.find(word).unwrap();
            assert_eq!(found.original(at), original.find(word).unwrap(), "{word}");
        }
        assert_eq!(found.repairs[1].1.line, 3);
        assert_eq!(repair("<a/>").original(2), 2);
        // Within a replacement: where the replaced text begins, and never behind it by more.
        let found = repair("a & b");
        assert_eq!(found.original(found.text.find('b').unwrap()), 4);
    }

    #[test]
    fn the_tags_that_structure_a_feed_are_found() {
        let found =
            repair("<rss a='>'><channel><atom:entry/><x/><![CDATA[<item>]]><!--<item>--></channel ></rss>");
        let tags: Vec<_> = found.tags.iter().map(|tag| (tag.name, tag.closes, tag.is_empty)).collect();
        let wanted = [
            (Name::Root, false, false),
            (Name::Channel, false, false),
            (Name::Item, false, true),
            (Name::Channel, true, false),
            (Name::Root, true, false),
        ];
        assert_eq!(tags, wanted);
        assert_eq!(&found.text[found.tags[0].range.clone()], "<rss a='>'>");
    }

    #[test]
    fn a_text_that_ends_within_markup_is_cut() {
        for (written, is_cut) in [
            ("<a>b</a>", false),
            ("<a><![CDATA[b", true),
            ("<a><!-- b", true),
            ("<a><b c=\"", true),
            ("<a></", false),
            ("<a></it", true),
            ("a < b", false),
        ] {
            assert_eq!(repair(written).is_cut, is_cut, "{written}");
        }
    }
}
