//! Prepares HTML for the parser: what the HTML standard would drop or misplace although the author
//! meant something else.
//!
//! - A tag that the text ends in is removed (section 13.2.5: "eof-in-tag") and recorded.
//! - Tags that HTML does not have are text (`Vec<T>`, `<https://…>`), unless they are elements of
//!   XML with attributes or an end tag: then they are removed and recorded.
//! - XML serializers write void elements with an end tag, of which HTML parsers make a second
//!   element (`<br></br>`; section 13.2.6.4.7).
//! - Frames without an end tag would take the rest of the text.
//! - Blank lines end paragraphs if the text has no element for paragraphs, as in `wpautop` of
//!   WordPress.

use std::collections::HashSet;

use crate::import::html::tag::{self, Tag};
use crate::import::repair::{Change, Kind};

/// Elements in which a blank line is not the end of a paragraph.
const NO_PARAGRAPHS: [&str; 17] = [
    "pre", "ul", "ol", "dl", "table", "select", "svg", "math", "h1", "h2", "h3", "h4", "h5", "h6", "code",
    "figure", "button",
];

/// Elements that paragraphs are made of. If a text has one, its blank lines mean nothing.
const PARAGRAPHS: [&str; 4] = ["p", "div", "section", "article"];

/// Tags without an end that are searched for one.
const MAX_CUT: usize = 32;

/// Prepares HTML for the parser.
pub(super) fn prepare(html: &str, changes: &mut Vec<Change>) -> String {
    let mut source = Source::of(html);
    let mut at = 0;
    while let Some(found) = html[at..].find('<') {
        source.text(&html[at..at + found]);
        at += found;
        let rest = &html[at..];
        let length = match (tag::name_at(rest), tag::read(rest)) {
            _ if rest.starts_with("<!--") => {
                let length = rest.find("-->").map_or(rest.len(), |end| end + 3);
                source.out.push_str(&rest[..length]);
                length
            }
            (Some(_), Some(tag)) => source.tag(rest, &tag, changes),
            (Some(name), None) if source.is_cut(rest, name) => {
                changes.push((Kind::Markup, rest.to_owned(), String::new()));
                return source.out;
            }
            (Some(_), None) => source.less_than("&lt;"),
            (None, _) if rest == "</" => {
                changes.push((Kind::Markup, rest.to_owned(), String::new()));
                return source.out;
            }
            (None, _) => source.less_than("<"),
        };
        at += length;
        if source.cut > MAX_CUT {
            break;
        }
    }
    source.text(&html[at..]);
    source.out
}

struct Source {
    out: String,
    /// Names of unknown elements that have an end tag.
    closed: HashSet<String>,
    /// Whether blank lines end paragraphs.
    splits: bool,
    /// The number of open elements in which they do not.
    kept: usize,
    /// The number of open elements of other vocabularies.
    foreign: usize,
    /// The length of the output behind the last `<br>`.
    after_break: usize,
    /// The number of tags without an end.
    cut: usize,
}

impl Source {
    fn of(html: &str) -> Self {
        let mut closed = HashSet::new();
        let mut has_paragraphs = false;
        for (at, _) in html.match_indices('<') {
            let Some(name) = tag::name_at(&html[at..]) else { continue };
            let closes = html[at + 1..].starts_with('/');
            if closes && !tag::is_known(name) {
                closed.insert(name.to_ascii_lowercase());
            }
            has_paragraphs |= !closes && PARAGRAPHS.iter().any(|known| name.eq_ignore_ascii_case(known));
        }
        Self {
            out: String::with_capacity(html.len() + 64),
            closed,
            splits: !has_paragraphs,
            kept: 0,
            foreign: 0,
            after_break: usize::MAX,
            cut: 0,
        }
    }

    /// Copies text. Blank lines become paragraphs.
    fn text(&mut self, text: &str) {
        if !self.splits || self.kept > 0 {
            return self.out.push_str(text);
        }
        let mut blank = false;
        for line in text.split_inclusive('\n') {
            if line.trim().is_empty() && blank && line.ends_with('\n') {
                self.out.push_str("<p>");
            }
            self.out.push_str(line);
            blank = line.ends_with('\n');
        }
    }

    /// Copies a `<` that begins no tag.
    fn less_than(&mut self, form: &str) -> usize {
        self.out.push_str(form);
        1
    }

    /// True if a text that begins like a tag without an end is a tag.
    fn is_cut(&mut self, rest: &str, name: &str) -> bool {
        self.cut += 1;
        let begin = if rest.starts_with("</") { 2 } else { 1 };
        let is_whole = rest.len() > begin + name.len();
        if is_whole { tag::is_known(name) } else { tag::begins_known(name) }
    }

    /// Copies or removes a tag. Returns the number of bytes that it read.
    fn tag(&mut self, rest: &str, tag: &Tag<'_>, changes: &mut Vec<Change>) -> usize {
        let whole = &rest[..tag.length];
        let is = |name: &str| tag.name.eq_ignore_ascii_case(name);
        if is("svg") || is("math") {
            self.foreign = if tag.closes { self.foreign.saturating_sub(1) } else { self.foreign + 1 };
        }
        if self.foreign == 0 && !tag::is_known(tag.name) {
            if !self.is_element(tag) {
                return self.less_than("&lt;");
            }
            changes.push((Kind::Markup, whole.to_owned(), String::new()));
            return tag.length;
        }
        if tag.closes && tag::is_void(tag.name) && (!is("br") || self.after_break == self.out.len()) {
            return tag.length;
        }
        if NO_PARAGRAPHS.iter().any(|name| is(name)) {
            self.kept = if tag.closes { self.kept.saturating_sub(1) } else { self.kept + 1 };
        }
        self.out.push_str(whole);
        if is("br") {
            self.after_break = self.out.len();
        }
        if tag.closes || !tag::is_raw(tag.name) {
            return tag.length;
        }
        // The content is text up to the end tag.
        let content = &rest[tag.length..];
        match find_end(content, tag.name) {
            Some(end) => {
                self.out.push_str(&content[..end]);
                tag.length + end
            }
            None if is("script") || is("style") => {
                self.out.push_str(content);
                rest.len()
            }
            None => {
                self.out.extend(["</", tag.name, ">"]);
                tag.length
            }
        }
    }

    /// True if an unknown tag is an element of another vocabulary, and not text in angle brackets.
    fn is_element(&self, tag: &Tag<'_>) -> bool {
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':');
        if !tag.name.chars().all(is_name) || tag.name.ends_with(':') {
            return false;
        }
        tag.closes
            || tag.name.contains(['-', ':'])
            || tag.attributes.contains('=')
            || self.closed.contains(&tag.name.to_ascii_lowercase())
    }
}

/// Finds the end tag of an element whose content is text.
fn find_end(content: &str, name: &str) -> Option<usize> {
    let ends = |at: &usize| {
        let end = content.get(at + 2..at + 2 + name.len());
        end.is_some_and(|end| end.eq_ignore_ascii_case(name))
    };
    content.match_indices("</").map(|(at, _)| at).find(ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepared(html: &str) -> (String, Vec<String>) {
        let mut changes = Vec::new();
        let prepared = prepare(html, &mut changes);
        (prepared, changes.into_iter().map(|(_, from, _)| from).collect())
    }

    #[test]
    fn a_tag_that_the_text_ends_in_is_removed_and_named() {
        for (html, left, named) in [
            ("用 <code>x</cod", "用 <code>x", "</cod"),
            ("见<a href=\"https://e.org/%E4", "见", "<a href=\"https://e.org/%E4"),
            ("甲<a href=\"x>y", "甲", "<a href=\"x>y"),
            ("甲<", "甲<", ""),
            ("甲<b", "甲", "<b"),
            ("甲</", "甲", "</"),
            ("a <xyz and c", "a &lt;xyz and c", ""),
            ("a <xy", "a &lt;xy", ""),
            ("甲 < 乙", "甲 < 乙", ""),
        ] {
            let (prepared, changes) = prepared(html);
            assert_eq!((prepared.as_str(), changes.concat().as_str()), (left, named), "{html}");
        }
    }

    #[test]
    fn unknown_tags_are_text_unless_they_are_elements() {
        for (html, left, named) in [
            ("Vec<T> <b>x</b>", "Vec&lt;T> <b>x</b>", ""),
            ("<https://e.org/a>", "&lt;https://e.org/a>", ""),
            ("<a@b.c>", "&lt;a@b.c>", ""),
            ("<o:p>一</o:p>", "一", "<o:p></o:p>"),
            ("<my-tag>一</my-tag>", "一", "<my-tag></my-tag>"),
            ("<mpvoice name=\"x\">", "", "<mpvoice name=\"x\">"),
            ("<string>一</string>", "一", "<string></string>"),
            ("<svg><path d=\"x\"/></svg>", "<svg><path d=\"x\"/></svg>", ""),
            ("<svg></svg><path>", "<svg></svg>&lt;path>", ""),
        ] {
            let (prepared, changes) = prepared(html);
            assert_eq!((prepared.as_str(), changes.concat().as_str()), (left, named), "{html}");
        }
    }

    #[test]
    fn end_tags_of_void_elements_and_open_frames_are_repaired() {
        for (html, left) in [
            ("一<br></br>二</br>三", "一<br>二</br>三"),
            ("<img src=\"a\"></img><hr></hr>", "<img src=\"a\"><hr>"),
            ("<iframe src=x>一", "<iframe src=x></iframe>一"),
            ("<IFRAME src=x>一</iframe>二", "<IFRAME src=x>一</iframe>二"),
            ("<script>a<b", "<script>a<b"),
            ("<script>a</div>b</SCRIPT>c", "<script>a</div>b</SCRIPT>c"),
            ("<!-- <xyz> -->a", "<!-- <xyz> -->a"),
            ("<!-- a", "<!-- a"),
        ] {
            assert_eq!(prepared(html).0, left, "{html}");
        }
    }

    #[test]
    fn blank_lines_are_paragraphs_where_no_element_is() {
        for (html, left) in [
            ("一\n\n二", "一\n<p>\n二"),
            ("一\n \t\n\n二", "一\n<p> \t\n<p>\n二"),
            ("一\n二", "一\n二"),
            ("<p>一\n\n二</p>", "<p>一\n\n二</p>"),
            ("一\n\n<pre>a\n\nb</pre>\n\n二", "一\n<p>\n<pre>a\n\nb</pre>\n<p>\n二"),
            ("<ul><li>a\n\nb</ul>", "<ul><li>a\n\nb</ul>"),
            ("<h2>a</h2>\n\n二", "<h2>a</h2>\n<p>\n二"),
        ] {
            assert_eq!(prepared(html).0, left, "{html}");
        }
    }

    #[test]
    fn many_open_tags_take_linear_time() {
        let (left, _) = prepared(&"<zz ".repeat(50_000));
        assert!(left.len() >= 200_000);
    }
}
