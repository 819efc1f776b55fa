//! Makes the addresses in a body's HTML absolute, for bodies outside of their own pages (feeds,
//! JSON, Markdown).

use std::borrow::Cow;
use std::ops::Range;

use url::{ParseError, Url};

/// Attributes that hold an address.
const ADDRESS_ATTRIBUTES: [&str; 4] = ["href", "src", "cite", "poster"];

/// Replaces every relative address in the tags of `html` by an absolute URL. `base` is the URL of
/// the page that the addresses are relative to.
pub(super) fn absolute<'h>(html: &'h str, base: &str) -> Cow<'h, str> {
    let Ok(base) = Url::parse(base) else { return html.into() };
    let mut written = String::new();
    let mut done = 0;
    let mut at = 0;
    while let Some(found) = html[at..].find('<') {
        at += found + 1;
        if html[at..].starts_with("!--") {
            at += html[at..].find("-->").unwrap_or(0);
        }
        if !html[at..].starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        at += html[at..].find(is_end_of_name).unwrap_or(html.len() - at);
        let mut changed = Vec::new();
        while let Some(attribute) = Attribute::next(html, at) {
            at = attribute.end;
            let name = &html[attribute.name];
            let is_address = ADDRESS_ATTRIBUTES.iter().any(|known| known.eq_ignore_ascii_case(name));
            let value = html_escape::decode_html_entities(&html[attribute.value.clone()]);
            if is_address && let Some(url) = absolute_url(&value, &base) {
                let quote = if attribute.is_quoted { "" } else { "\"" };
                let url = html_escape::encode_quoted_attribute(url.as_str());
                changed.push((attribute.value, format!("{quote}{url}{quote}")));
            }
        }
        // Browsers show nothing of a tag that does not end.
        if !html[at..].trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/').starts_with('>') {
            break;
        }
        for (value, url) in changed {
            written.push_str(&html[done..value.start]);
            written.push_str(&url);
            done = value.end;
        }
    }
    if done == 0 {
        return html.into();
    }
    written.push_str(&html[done..]);
    written.into()
}

/// The absolute URL of an address; `None` if the address is absolute already, or is not valid.
fn absolute_url(address: &str, base: &Url) -> Option<Url> {
    let is_relative = Url::parse(address) == Err(ParseError::RelativeUrlWithoutBase);
    if is_relative { base.join(address.trim()).ok() } else { None }
}

/// True for characters that end the name of a tag or an attribute.
fn is_end_of_name(c: char) -> bool {
    c.is_ascii_whitespace() || matches!(c, '=' | '>' | '/')
}

/// The position of an attribute in a text, in bytes.
struct Attribute {
    name: Range<usize>,
    /// The value without its quotation marks.
    value: Range<usize>,
    is_quoted: bool,
    /// End of the whole attribute.
    end: usize,
}

impl Attribute {
    /// Finds the next attribute of the tag that `at` is in, as the tokenizer of HTML does (HTML,
    /// sections 13.2.5.32 to 13.2.5.38); `None` at the end of the tag.
    fn next(html: &str, at: usize) -> Option<Self> {
        let past_blanks =
            |from: usize| html[from..].find(|c: char| !c.is_ascii_whitespace()).map(|n| from + n);
        let start = at + html[at..].find(|c: char| !c.is_ascii_whitespace() && c != '/')?;
        if html[start..].starts_with('>') {
            return None;
        }
        // A name may begin with `=`.
        let first = usize::from(html[start..].starts_with('='));
        let name = start..start + first + html[start + first..].find(is_end_of_name)?;
        let equals = past_blanks(name.end)?;
        if !html[equals..].starts_with('=') {
            return Some(Self { value: name.end..name.end, is_quoted: false, end: name.end, name });
        }
        let from = past_blanks(equals + 1)?;
        if let Some(quote) = html[from..].chars().next().filter(|c| matches!(c, '"' | '\'')) {
            let to = from + 1 + html[from + 1..].find(quote)?;
            return Some(Self { name, value: from + 1..to, is_quoted: true, end: to + 1 });
        }
        let to = from + html[from..].find(|c: char| c.is_ascii_whitespace() || c == '>')?;
        Some(Self { name, value: from..to, is_quoted: false, end: to })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_tags_become_absolute_and_text_stays() {
        let base = "https://example.org/base/articles/a/";
        let check = |html: &str, wanted: &str| assert_eq!(absolute(html, base), wanted);
        check(
            "<a href=\"/base/x/?a=1&amp;b#c\">href=\"/y\"</a>",
            "<a href=\"https://example.org/base/x/?a=1&amp;b#c\">href=\"/y\"</a>",
        );
        check("<a href=\"说明:x\">", "<a href=\"https://example.org/base/articles/a/%E8%AF%B4%E6%98%8E:x\">");
        check("<a href=\"#fn-1\">1</a>", "<a href=\"https://example.org/base/articles/a/#fn-1\">1</a>");
        check(
            "<img src=\"图.png\" alt=\"a > b\">",
            "<img src=\"https://example.org/base/articles/a/%E5%9B%BE.png\" alt=\"a > b\">",
        );
        check(
            "<a title=\"x\" href=\"//b.example/\">b</a>",
            "<a title=\"x\" href=\"https://b.example/\">b</a>",
        );
        for (html, wanted) in [
            ("<img src=/d/x.png>", "<img src=\"https://example.org/d/x.png\">"),
            ("<img src= /d/x.png alt=a>", "<img src= \"https://example.org/d/x.png\" alt=a>"),
            ("<img src =/d/x.png>", "<img src =\"https://example.org/d/x.png\">"),
            ("<img src\n=\n'/d/x.png'>", "<img src\n=\n'https://example.org/d/x.png'>"),
            ("<img src = \"/d/x.png\">", "<img src = \"https://example.org/d/x.png\">"),
            ("<a href=/x/>a</a>/y", "<a href=\"https://example.org/x/\">a</a>/y"),
            (
                "<a href=x?a=1&amp;b>a</a>",
                "<a href=\"https://example.org/base/articles/a/x?a=1&amp;b\">a</a>",
            ),
            ("<a =x href=/y>", "<a =x href=\"https://example.org/y\">"),
            ("<a hidden href=/y>", "<a hidden href=\"https://example.org/y\">"),
            ("<a title=href=/x href='/y'>", "<a title=href=/x href='https://example.org/y'>"),
        ] {
            check(html, wanted);
        }
        for same in [
            "",
            "正文 <em>x</em>",
            "<a href=\"https://b.example/x\">",
            "<a href=\"mailto:a@b.example\">",
            "<p title=\" href=\">x",
            "<img src=https://b.example/x>",
            "<a title=/x>",
            "<a href",
            "<a href=",
            "<a href=/x",
        ] {
            check(same, same);
        }
        let mixed = "<a HREF='<a HREF='<<a href= = src=\"<a href=<a HREF='";
        let once = absolute(mixed, base).into_owned();
        check(&once, &once);
    }

    proptest::proptest! {
        #[test]
        fn making_addresses_absolute_is_idempotent_for_any_text(text in "(<a href=\"|<img alt=\"|<a HREF='|<a href=| =|=|<!--|-->| src=\"|/x|#|\">|>|<|&amp;|\"| |文){0,20}") {
            let once = absolute(&text, "https://example.org/a/").into_owned();
            proptest::prop_assert_eq!(absolute(&once, "https://example.org/a/").into_owned(), once);
        }
    }
}
