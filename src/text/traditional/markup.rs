//! Splits HTML into pieces that are written again byte for byte. Each piece is a part of the input,
//! which the tokens of html5ever are not: they have no places, and values without references.
//!
//! The rules are those of the HTML standard's tokenizer (section 13.2.5). Sanitized HTML needs few
//! of them; the HTML of trusted authors may be anything.

use std::ops::Range;

/// Elements whose content has no tags (section 13.2.6.4.7). Readers see the text of none of them as
/// prose.
const WITHOUT_TAGS: [&str; 9] =
    ["iframe", "noembed", "noframes", "plaintext", "script", "style", "textarea", "title", "xmp"];

/// A part of the input.
pub(super) enum Piece<'h> {
    Text(&'h str),
    Start(Tag<'h>),
    End(Tag<'h>),
    /// A comment, the content of an element without tags, or an incomplete tag at the end.
    Other(&'h str),
}

/// A tag from `<` to `>`.
pub(super) struct Tag<'h> {
    pub(super) written: &'h str,
    pub(super) name: &'h str,
    pub(super) attributes: Vec<Attribute<'h>>,
    /// True if it ends with `/>`.
    pub(super) is_self_closing: bool,
}

impl Tag<'_> {
    /// The value of an attribute as it is written; of several, the first one counts.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        let attribute = self.attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name));
        attribute.map(|attribute| &self.written[attribute.value.clone()])
    }
}

pub(super) struct Attribute<'h> {
    pub(super) name: &'h str,
    /// The place of the value in the tag, without quotation marks.
    pub(super) value: Range<usize>,
    pub(super) is_quoted: bool,
}

/// The pieces of HTML, one after the other.
pub(super) struct Pieces<'h> {
    rest: &'h str,
    /// The open element without tags.
    open: Option<&'h str>,
}

impl<'h> Pieces<'h> {
    pub(super) fn new(html: &'h str) -> Self {
        Self { rest: html, open: None }
    }

    /// The next piece. In SVG and MathML, `is_foreign`, there are sections of CDATA, and all
    /// elements have tags.
    pub(super) fn next(&mut self, is_foreign: bool) -> Option<Piece<'h>> {
        if let Some(name) = self.open.take() {
            let content = self.take(content_length(self.rest, name));
            if !content.is_empty() {
                return Some(Piece::Other(content));
            }
        }
        if self.rest.is_empty() {
            return None;
        }
        match self.take(text_length(self.rest)) {
            "" => {}
            text => return Some(Piece::Text(text)),
        }
        if let Some((tag, length)) = read_tag(self.rest) {
            self.rest = &self.rest[length..];
            if tag.written.starts_with("</") {
                return Some(Piece::End(tag));
            }
            let is_open = |known: &&str| known.eq_ignore_ascii_case(tag.name);
            self.open = Some(tag.name).filter(|_| !is_foreign && WITHOUT_TAGS.iter().any(is_open));
            return Some(Piece::Start(tag));
        }
        let length = other_length(self.rest, is_foreign);
        Some(Piece::Other(self.take(length)))
    }

    fn take(&mut self, length: usize) -> &'h str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }
}

/// The length of the text before the first tag or comment. A `<` before anything else is text.
fn text_length(html: &str) -> usize {
    let begins_markup = |at: &usize| match html.as_bytes().get(at + 1) {
        Some(b'!' | b'?') => true,
        Some(b'/') => html.len() > at + 2,
        Some(next) => next.is_ascii_alphabetic(),
        None => false,
    };
    html.match_indices('<').map(|(at, _)| at).find(begins_markup).unwrap_or(html.len())
}

/// The length of the content of an element without tags: up to its end tag.
fn content_length(html: &str, name: &str) -> usize {
    let is_end = |at: &usize| {
        let rest = &html.as_bytes()[at + 2..];
        rest.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
            && rest.get(name.len()).is_some_and(|&next| is_space(next) || matches!(next, b'/' | b'>'))
    };
    let mut ends = html.match_indices("</").map(|(at, _)| at);
    let has_end = !name.eq_ignore_ascii_case("plaintext");
    ends.find(|at| has_end && is_end(at)).unwrap_or(html.len())
}

/// The length of what begins with `<` and is no complete tag.
fn other_length(html: &str, is_foreign: bool) -> usize {
    let after = |from: usize, end: &str| html[from..].find(end).map(|at| from + at + end.len());
    let end = if html.starts_with("<!--") {
        // `<!-->` and `<!--->` are whole comments.
        [after(2, "-->"), after(4, "--!>")].into_iter().flatten().min()
    } else if is_foreign && html.starts_with("<![CDATA[") {
        after(9, "]]>")
    } else if begins_tag(html) {
        None
    } else {
        after(1, ">")
    };
    end.unwrap_or(html.len())
}

fn begins_tag(html: &str) -> bool {
    let name = html.strip_prefix("</").or_else(|| html.strip_prefix('<'));
    name.is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// Reads the tag with which HTML begins, and its length. `None` if it does not begin with one, or
/// if it has no end.
fn read_tag(html: &str) -> Option<(Tag<'_>, usize)> {
    let bytes = html.as_bytes();
    let skip = |from: usize, ends: &dyn Fn(u8) -> bool| {
        let length = bytes.get(from..)?.iter().position(|&b| ends(b))?;
        Some(from + length)
    };
    if !begins_tag(html) {
        return None;
    }
    let name_start = if html.starts_with("</") { 2 } else { 1 };
    let mut at = skip(name_start, &|b| is_space(b) || matches!(b, b'/' | b'>'))?;
    let name = &html[name_start..at];
    let mut attributes = Vec::new();
    let mut is_self_closing = false;
    loop {
        at = skip(at, &|b| !is_space(b))?;
        match bytes[at] {
            b'>' => break,
            b'/' => {
                is_self_closing = bytes.get(at + 1) == Some(&b'>');
                at += 1;
                continue;
            }
            _ => {}
        }
        // A name may begin with `=`.
        let end = skip(at + 1, &|b| is_space(b) || matches!(b, b'/' | b'>' | b'='))?;
        let name = &html[at..end];
        at = skip(end, &|b| !is_space(b))?;
        let mut attribute = Attribute { name, value: end..end, is_quoted: false };
        if bytes[at] == b'=' {
            at = skip(at + 1, &|b| !is_space(b))?;
            match bytes[at] {
                b'>' => {}
                mark @ (b'"' | b'\'') => {
                    let end = skip(at + 1, &|b| b == mark)?;
                    attribute.value = at + 1..end;
                    attribute.is_quoted = true;
                    at = end + 1;
                }
                _ => {
                    let end = skip(at, &|b| is_space(b) || b == b'>')?;
                    attribute.value = at..end;
                    at = end;
                }
            }
        }
        attributes.push(attribute);
    }
    Some((Tag { written: &html[..=at], name, attributes, is_self_closing }, at + 1))
}

/// The length of the character reference at the start of `html`; of an `&` without one, 1.
pub(super) fn reference_length(html: &str) -> usize {
    let name = html[1..].strip_prefix('#').unwrap_or(&html[1..]);
    // The longest name has 31 letters.
    let end = name.bytes().take(32).position(|b| !b.is_ascii_alphanumeric());
    let is_reference = |end: &usize| *end > 0 && name.as_bytes()[*end] == b';';
    end.filter(is_reference).map_or(1, |end| html.len() - name.len() + end + 1)
}

/// White space between the parts of a tag.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0C')
}
