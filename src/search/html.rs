//! A body's HTML to the text that is searched: a browser takes the same from the page, where it shows what it found.

use std::borrow::Cow;

use crate::search::fold::BREAK;

/// Elements that stand within a line: where they begin and end, nothing does. `newsprint.js` of searches names the same.
const INLINE: [&str; 22] = [
    "a", "abbr", "b", "cite", "code", "del", "em", "i", "img", "ins", "kbd", "mark", "q", "s", "small",
    "span", "strong", "sub", "sup", "time", "u", "var",
];

/// The text of well-formed HTML, with a [`BREAK`] where a block begins or ends.
#[must_use]
pub fn text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find(['<', '&']) {
        text.push_str(&rest[..open]);
        rest = &rest[open..];
        if rest.starts_with('&') {
            let end = rest.bytes().take(12).position(|b| b == b';').map_or(1, |at| at + 1);
            text.push_str(&reference(&rest[..end]));
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

fn reference(written: &str) -> Cow<'_, str> {
    match written {
        "&amp;" => "&".into(),
        "&lt;" => "<".into(),
        "&gt;" => ">".into(),
        "&quot;" => "\"".into(),
        // The Markdown renderer writes no other; HTML of one's own may hold any.
        other => html_escape::decode_html_entities(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_part_what_they_hold_and_inline_elements_do_not() {
        let found = text("<p>大<strong>语言</strong>模型</p>\n<p>a &lt;b&gt; &amp; &#x4e2d;<br />c</p>");
        assert_eq!(found, "\u{2029}大语言模型\u{2029}\n\u{2029}a <b> & 中\u{2029}c\u{2029}");
    }

    #[test]
    fn what_is_no_reference_stays() {
        assert_eq!(text("AT&T & 中文很长很长很长很长;"), "AT&T & 中文很长很长很长很长;");
    }
}
