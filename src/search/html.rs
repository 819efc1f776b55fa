//! Extracts the searched text from a body's HTML. A browser extracts the same text from the page,
//! to show matches in it.

use std::borrow::Cow;

use crate::search::fold::BREAK;

/// Inline elements: their tags do not separate text. `static/search-page.js` has the same list.
const INLINE: [&str; 22] = [
    "a", "abbr", "b", "cite", "code", "del", "em", "i", "img", "ins", "kbd", "mark", "q", "s", "small",
    "span", "strong", "sub", "sup", "time", "u", "var",
];

/// Extracts the text of well-formed HTML, with a [`BREAK`] where a block begins or ends.
#[must_use]
pub fn text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find(['<', '&']) {
        text.push_str(&rest[..open]);
        rest = &rest[open..];
        if rest.starts_with('&') {
            let end = rest.bytes().take(12).position(|b| b == b';').map_or(1, |at| at + 1);
            text.push_str(&decode_reference(&rest[..end]));
            rest = &rest[end..];
            continue;
        }
        let end = rest.find('>').map_or(rest.len(), |at| at + 1);
        if !is_inline(&rest[..end]) {
            text.push(BREAK);
        }
        rest = &rest[end..];
    }
    text.push_str(rest);
    text
}

fn is_inline(tag: &str) -> bool {
    let name = tag.trim_start_matches(['<', '/']);
    let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
    INLINE.iter().any(|inline| inline.eq_ignore_ascii_case(name))
}

fn decode_reference(written: &str) -> Cow<'_, str> {
    match written {
        "&amp;" => "&".into(),
        "&lt;" => "<".into(),
        "&gt;" => ">".into(),
        "&quot;" => "\"".into(),
        // The Markdown renderer writes only the four above; raw HTML in articles may have any.
        other => html_escape::decode_html_entities(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_separate_text_and_inline_elements_do_not() {
        let found = text("<p>大<strong>语言</strong>模型</p>\n<p>a &lt;b&gt; &amp; &#x4e2d;<br />c</p>");
        assert_eq!(found, "\u{2029}大语言模型\u{2029}\n\u{2029}a <b> & 中\u{2029}c\u{2029}");
    }

    #[test]
    fn an_ampersand_without_a_reference_is_kept() {
        assert_eq!(text("AT&T & 中文很长很长很长很长;"), "AT&T & 中文很长很长很长很长;");
    }
}
