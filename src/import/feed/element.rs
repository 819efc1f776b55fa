//! Collects the elements of an item with their texts, their places and their `xml:base`.

use std::collections::HashMap;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use url::Url;

use crate::import::feed::base::Bases;
use crate::import::feed::space::{Space, Spaces};
use crate::import::feed::tag::attributes;

/// Elements of HTML that have no end tag, without `link`, which has one in RSS.
const VOID: [&str; 13] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "meta", "param", "source", "track", "wbr"];

/// Elements of RSS that contain text alone: where one begins inside another, the end tag of the
/// other is missing.
const OF_TEXT: [&str; 10] = [
    "title",
    "guid",
    "pubDate",
    "description",
    "author",
    "category",
    "comments",
    "encoded",
    "creator",
    "date",
];

/// An element of an item or of the head of a feed.
#[derive(Debug, Clone, Default)]
pub(super) struct Element {
    /// The vocabulary that the element is from.
    pub(super) space: Space,
    /// The name without its prefix.
    pub(super) name: String,
    /// The attributes, by the name as written.
    pub(super) attributes: HashMap<String, String>,
    /// The text directly in the element, decoded.
    pub(super) text: String,
    /// The content as HTML: elements without prefixes, text encoded.
    pub(super) html: String,
    /// The elements directly in it, each with its text.
    pub(super) children: Vec<(String, String)>,
    /// The base of addresses in it, if `xml:base` sets one.
    pub(super) base: Option<Url>,
    /// The bytes of the element in the repaired text.
    pub(super) range: Range<usize>,
}

impl Element {
    /// The text without white space around it.
    pub(super) fn words(&self) -> &str {
        self.text.trim()
    }

    /// The value of an attribute, empty if it has none.
    pub(super) fn attribute(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", |value| value.trim())
    }
}

/// A tag that was missing or that closes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// The byte offset in the repaired text.
    pub(super) at: usize,
    /// The tag that was left out.
    pub(super) from: String,
    /// The tag that was put in.
    pub(super) to: String,
}

/// The elements of a part of a feed.
#[derive(Debug, Default)]
pub(super) struct Collected {
    /// The elements in order.
    pub(super) elements: Vec<Element>,
    /// What was repaired.
    pub(super) faults: Vec<Fault>,
}

/// Collects the elements of the `range` of a repaired text. `base` is the base outside of it.
pub(super) fn collect(text: &str, range: &Range<usize>, spaces: &mut Spaces, base: Bases<'_>) -> Collected {
    let part = &text[range.clone()];
    let mut reader = Reader::from_str(part);
    let config = reader.config_mut();
    // Missing and surplus end tags are repaired here, and named.
    (config.check_end_names, config.allow_unmatched_ends) = (false, true);
    (config.check_comments, config.allow_dangling_amp) = (false, true);
    let mut collector =
        Collector { spaces, base, open: Vec::new(), counts: HashMap::new(), found: Collected::default() };
    loop {
        let at = range.start + reader.buffer_position() as usize;
        let event = reader.read_event();
        let end = range.start + reader.buffer_position() as usize;
        match event {
            Ok(Event::Start(start)) => {
                let name = start.name();
                let is_void = collector.is_unclosed_void(name.as_ref(), &text[end..range.end]);
                if is_void {
                    let to = format!("</{}>", name.as_ref());
                    collector.found.faults.push(Fault { at, from: String::new(), to });
                }
                collector.open(&start, at, end, is_void);
            }
            Ok(Event::Empty(start)) => collector.open(&start, at, end, true),
            Ok(Event::End(tag)) => collector.close(tag.name().as_ref(), at, end),
            Ok(Event::Text(words)) => collector.text(&words.xml10_content()),
            Ok(Event::CData(words)) => collector.text(&words.xml10_content()),
            Ok(Event::GeneralRef(name)) => {
                let written = format!("&{};", &*name);
                collector.text(&html_escape::decode_html_entities(&written));
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    collector.close_to(0, range.end);
    collector.found
}

struct Collector<'a> {
    spaces: &'a mut Spaces,
    base: Bases<'a>,
    /// The names of the open elements as written.
    open: Vec<String>,
    /// How often each name is open.
    counts: HashMap<String, usize>,
    found: Collected,
}

impl Collector<'_> {
    fn open(&mut self, start: &BytesStart<'_>, at: usize, end: usize, is_empty: bool) {
        let (name, attributes) = (start.name().as_ref().to_owned(), attributes(start));
        self.spaces.declare(&attributes);
        let (space, local) = self.spaces.of(&name);
        let is_field =
            (OF_TEXT.contains(&local.as_str()) || local == "link" && !is_empty) && space.is_of_item();
        let is_unclosed = |outer: &Element| {
            let is_text = OF_TEXT.contains(&outer.name.as_str()) && outer.space.is_of_item();
            is_text
                && outer.name != "author"
                && outer.children.is_empty()
                && outer.attribute("type") != "xhtml"
        };
        let is_unclosed = self.found.elements.last().is_some_and(is_unclosed);
        if is_field && is_unclosed && self.open.len() == 1 {
            self.close_to(0, at);
        }
        match self.open.len() {
            0 => {
                let base = self.base.inner(attributes.get("xml:base"));
                let range = at..end;
                let element = Element { space, name: local, attributes, base, range, ..Element::default() };
                self.found.elements.push(element);
            }
            depth => {
                if let Some(outer) = self.found.elements.last_mut() {
                    write_start(&mut outer.html, &local, &attributes);
                    if depth == 1 {
                        // `<content type="xhtml"><div xml:base="…">`.
                        if outer.children.is_empty() {
                            let bases = Bases { declared: outer.base.as_ref(), ..self.base };
                            outer.base = bases.inner(attributes.get("xml:base"));
                        }
                        outer.children.push((local, String::new()));
                    }
                }
            }
        }
        self.open.push(name.clone());
        *self.counts.entry(name).or_default() += 1;
        if is_empty {
            self.pop(end);
        }
    }

    /// True for an element within another that has no end tag in HTML, and has none here either.
    fn is_unclosed_void(&self, name: &str, rest: &str) -> bool {
        let has_end = || rest.trim_start().strip_prefix("</").is_some_and(|rest| rest.starts_with(name));
        !self.open.is_empty() && VOID.contains(&self.spaces.of(name).1.as_str()) && !has_end()
    }

    /// Closes the innermost element of a name, and all elements in it.
    fn close(&mut self, name: &str, at: usize, end: usize) {
        if self.counts.get(name).is_none_or(|count| *count == 0) {
            // `<br></br>` is one element in XML and its end tag is surplus in HTML.
            self.found.faults.push(Fault { at, from: format!("</{name}>"), to: String::new() });
            return;
        }
        while self.open.last().is_some_and(|open| open != name) {
            self.close_to(self.open.len() - 1, at);
        }
        self.pop(end);
    }

    /// Closes elements whose end tag is missing, until `depth` are open.
    fn close_to(&mut self, depth: usize, at: usize) {
        while self.open.len() > depth {
            let to = self.open.last().map(|name| format!("</{name}>")).unwrap_or_default();
            self.found.faults.push(Fault { at, from: String::new(), to });
            self.pop(at);
        }
    }

    fn pop(&mut self, end: usize) {
        let Some(name) = self.open.pop() else { return };
        if let Some(count) = self.counts.get_mut(&name) {
            *count -= 1;
        }
        let local = self.spaces.of(&name).1;
        let Some(element) = self.found.elements.last_mut() else { return };
        if self.open.is_empty() {
            element.range.end = end;
        } else if !VOID.contains(&local.as_str()) {
            element.html.push_str("</");
            element.html.push_str(&local);
            element.html.push('>');
        }
    }

    fn text(&mut self, words: &str) {
        let Some(element) = self.found.elements.last_mut() else { return };
        match self.open.len() {
            0 => return,
            1 => element.text.push_str(words),
            2 => {
                if let Some((_, text)) = element.children.last_mut() {
                    text.push_str(words);
                }
            }
            _ => {}
        }
        element.html.push_str(&quick_xml::escape::minimal_escape(words));
    }
}

/// Writes a start tag as HTML. Attributes are in the order of their names.
fn write_start(html: &mut String, name: &str, attributes: &HashMap<String, String>) {
    html.push('<');
    html.push_str(name);
    let mut sorted: Vec<_> = attributes.iter().filter(|(name, _)| !name.starts_with("xmlns")).collect();
    sorted.sort();
    for (name, value) in sorted {
        html.push_str(&format!(" {name}=\"{}\"", quick_xml::escape::escape(value)));
    }
    html.push('>');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::feed::tag::read_tag;

    fn collected(text: &str) -> Collected {
        collect(text, &(0..text.len()), &mut Spaces::default(), Bases::default())
    }

    /// Name, text and HTML of each element.
    fn elements(text: &str) -> Vec<(String, String, String)> {
        let elements = collected(text).elements.into_iter();
        elements.map(|element| (element.name, element.text, element.html)).collect()
    }

    fn owned(parts: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
        parts.iter().map(|(a, b, c)| ((*a).to_owned(), (*b).to_owned(), (*c).to_owned())).collect()
    }

    #[test]
    fn texts_are_decoded() {
        for (text, wanted) in [
            ("<title>a &amp; b</title>", ("title", "a & b", "a &amp; b")),
            ("<title>It&#8217;s</title>", ("title", "It’s", "It’s")),
            (
                "<title><![CDATA[<p>a &amp; b</p>]]></title>",
                ("title", "<p>a &amp; b</p>", "&lt;p>a &amp;amp; b&lt;/p>"),
            ),
            ("<title>a<!-- c -->b</title>", ("title", "ab", "ab")),
            ("<title/>", ("title", "", "")),
        ] {
            let found = elements(text);
            assert_eq!(found[0].0, wanted.0, "{text}");
            assert_eq!(found[0].1, wanted.1, "{text}");
        }
    }

    #[test]
    fn nested_elements_become_html_without_prefixes() {
        assert_eq!(
            elements(
                "<content type='xhtml'><x:div><x:p class='a\"b'>甲<x:br/>乙 &lt; 丙</x:p><hr></hr><p/></x:div></content>"
            ),
            owned(&[("content", "", "<div><p class=\"a&quot;b\">甲<br>乙 &lt; 丙</p><hr><p></p></div>")])
        );
    }

    #[test]
    fn children_have_their_texts() {
        let found = collected("<author><name>李四</name><email>a@b.cn</email><x><y>z</y></x></author>");
        let children = &found.elements[0].children;
        let children: Vec<_> = children.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        assert_eq!(children, [("name", "李四"), ("email", "a@b.cn"), ("x", "")]);
    }

    #[test]
    fn missing_and_surplus_end_tags_are_repaired_and_named() {
        for (text, wanted, faults) in [
            ("<title>a<link>b</link>", vec![("title", "a"), ("link", "b")], vec![("", "</title>")]),
            (
                "<title>a<pubDate>b",
                vec![("title", "a"), ("pubDate", "b")],
                vec![("", "</title>"), ("", "</pubDate>")],
            ),
            ("<title>a</b></title>", vec![("title", "a")], vec![("</b>", "")]),
            ("<description>a<br>b</description>", vec![("description", "ab")], vec![("", "</br>")]),
            (
                "<description>a<p>b<p>c</description>",
                vec![("description", "a")],
                vec![("", "</p>"), ("", "</p>")],
            ),
            ("<title>a</title></item>", vec![("title", "a")], vec![("</item>", "")]),
        ] {
            let found = collected(text);
            let elements: Vec<_> =
                found.elements.iter().map(|element| (element.name.as_str(), element.text.as_str())).collect();
            assert_eq!(elements, wanted, "{text}");
            let named: Vec<_> =
                found.faults.iter().map(|fault| (fault.from.as_str(), fault.to.as_str())).collect();
            assert_eq!(named, faults, "{text}");
        }
    }

    #[test]
    fn elements_in_xhtml_and_in_authors_are_not_missing_end_tags() {
        for text in [
            "<content type='xhtml'><div><title>a</title></div></content>",
            "<summary type='xhtml'><title>a</title></summary>",
            "<author><title>x</title></author>",
            "<description><b>a</b><title>b</title></description>",
        ] {
            assert_eq!(collected(text).faults, [], "{text}");
        }
    }

    #[test]
    fn bases_are_inherited_and_resolved() {
        let (_, outer) = read_tag("<feed xml:base='https://e.org/a/'>", Bases::default());
        let (_, inner) =
            read_tag("<entry xml:base='b/c'>", Bases { declared: outer.as_ref(), fallback: None });
        let text = "<content xml:base='d'>x</content><title>y</title><content type='xhtml'><div xml:base='/z'/></content>";
        let bases = Bases { declared: inner.as_ref(), fallback: None };
        let found = collect(text, &(0..text.len()), &mut Spaces::default(), bases);
        let bases: Vec<_> =
            found.elements.iter().map(|element| element.base.as_ref().map(Url::as_str)).collect();
        assert_eq!(
            bases,
            [Some("https://e.org/a/b/d"), Some("https://e.org/a/b/c"), Some("https://e.org/z")]
        );
        assert_eq!(read_tag("x", Bases::default()).1, None);
    }

    #[test]
    fn the_range_of_an_element_is_that_of_the_text() {
        let text = "..<title>a</title> <link>b<x>";
        let found = collect(text, &(2..text.len()), &mut Spaces::default(), Bases::default());
        assert_eq!(&text[found.elements[0].range.clone()], "<title>a</title>");
        assert_eq!(&text[found.elements[1].range.clone()], "<link>b<x>");
    }

    #[test]
    fn deep_nesting_takes_linear_time() {
        let text = format!("<description>{}{}", "<b>".repeat(2_000), "</x></b>".repeat(1_000));
        assert_eq!(collected(&text).faults.len(), 2_001);
    }
}
