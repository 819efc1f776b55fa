//! Converts the texts of HTML.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::text::traditional::markup::{Attribute, Piece, Pieces, Tag};

/// Elements without end tags (HTML standard, section 13.1.2).
const VOID: [&str; 13] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

/// Elements of HTML that are not prose.
const CODE: [&str; 7] = ["code", "kbd", "pre", "samp", "script", "style", "var"];

/// Attributes that readers see or hear.
const READ: [&str; 3] = ["alt", "aria-label", "title"];

/// Converts a part of HTML without tags.
type Convert<'c> = &'c dyn for<'t> Fn(&'t str) -> Cow<'t, str>;

/// Converts HTML by the rules of `Traditional::html`.
pub(super) fn convert(
    html: &str,
    convert_text: Convert<'_>,
    address: &dyn Fn(&str) -> Option<String>,
) -> String {
    let mut written = String::with_capacity(html.len());
    let mut pieces = Pieces::new(html);
    let mut elements = Elements::default();
    while let Some(piece) = pieces.next(elements.innermost().is_foreign) {
        match piece {
            Piece::Text(text) if elements.innermost().is_converted() => {
                written.push_str(&convert_text(text));
            }
            Piece::Text(text) | Piece::Other(text) => written.push_str(text),
            Piece::End(tag) => {
                elements.end(tag.name);
                written.push_str(tag.written);
            }
            Piece::Start(tag) => {
                let content = elements.start(&tag);
                write_tag(&tag, content, convert_text, address, &mut written);
            }
        }
    }
    written
}

/// What an element contains.
#[derive(Clone, Copy, Default)]
struct Content {
    is_other_language: bool,
    is_code: bool,
    /// True for SVG and MathML.
    is_foreign: bool,
}

impl Content {
    fn is_converted(self) -> bool {
        !(self.is_other_language || self.is_code || self.is_foreign)
    }
}

/// The open elements.
#[derive(Default)]
struct Elements<'h> {
    open: Vec<(Cow<'h, str>, Content)>,
    /// How many open elements have a name, so that an end tag without a start takes no search.
    count: HashMap<Cow<'h, str>, usize>,
}

impl<'h> Elements<'h> {
    fn innermost(&self) -> Content {
        self.open.last().map(|(_, content)| *content).unwrap_or_default()
    }

    /// Opens an element. Returns its content, also of an element that cannot have one.
    fn start(&mut self, tag: &Tag<'h>) -> Content {
        let name = lower_case(tag.name);
        let mut content = self.innermost();
        content.is_foreign |= matches!(&*name, "math" | "svg");
        content.is_code |= CODE.contains(&&*name);
        if let Some(language) = tag.value("lang") {
            content.is_other_language = !is_chinese(language);
        }
        let is_closed = tag.is_self_closing && content.is_foreign;
        if !is_closed && !VOID.contains(&&*name) {
            *self.count.entry(name.clone()).or_default() += 1;
            self.open.push((name, content));
        }
        content
    }

    /// Closes the innermost element of a name and the elements in it.
    fn end(&mut self, name: &'h str) {
        let name = lower_case(name);
        if self.count.get(&name).is_none_or(|&count| count == 0) {
            return;
        }
        while let Some((closed, _)) = self.open.pop() {
            if let Some(count) = self.count.get_mut(&closed) {
                *count -= 1;
            }
            if closed == name {
                return;
            }
        }
    }
}

/// Whether a language tag (BCP 47) is Chinese of no stated script. A text that is said to be in
/// Simplified characters stays so.
fn is_chinese(tag: &str) -> bool {
    tag.trim().eq_ignore_ascii_case("zh")
}

fn lower_case(name: &str) -> Cow<'_, str> {
    match name.bytes().any(|b| b.is_ascii_uppercase()) {
        true => name.to_ascii_lowercase().into(),
        false => name.into(),
    }
}

fn write_tag(
    tag: &Tag<'_>,
    content: Content,
    convert_text: Convert<'_>,
    address: &dyn Fn(&str) -> Option<String>,
    written: &mut String,
) {
    let mut start = 0;
    for attribute in &tag.attributes {
        let value = &tag.written[attribute.value.clone()];
        let Some(value) = new_value(attribute, value, content, convert_text, address) else { continue };
        written.push_str(&tag.written[start..attribute.value.start]);
        match attribute.is_quoted {
            true => written.push_str(&value),
            // The new value may have spaces, the old one quotation marks.
            false => {
                written.push('"');
                written.push_str(&value.replace('"', "&quot;"));
                written.push('"');
            }
        }
        start = attribute.value.end;
    }
    written.push_str(&tag.written[start..]);
}

/// The value that replaces that of an attribute, escaped for both kinds of quotation marks.
fn new_value(
    attribute: &Attribute<'_>,
    value: &str,
    content: Content,
    convert_text: Convert<'_>,
    address: &dyn Fn(&str) -> Option<String>,
) -> Option<String> {
    if value.is_empty() {
        return None;
    }
    let is_named = |name: &&str| attribute.name.eq_ignore_ascii_case(name);
    if is_named(&"href") && !content.is_foreign {
        let address = address(&html_escape::decode_html_entities(value))?;
        return Some(html_escape::encode_quoted_attribute(&address).into_owned());
    }
    if !content.is_converted() || !READ.iter().any(is_named) {
        return None;
    }
    match convert_text(value) {
        Cow::Borrowed(_) => None,
        Cow::Owned(converted) => Some(converted),
    }
}
