//! Finds the headings of a body, for a table of contents.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

/// Characters of a URL fragment to percent-encode.
const FRAGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_');

/// A heading with an anchor.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub(super) struct Heading {
    /// Level: 2 or 3.
    level: u8,
    /// Anchor for `href`: `#h-…`.
    anchor: String,
    /// Text without tags.
    title: String,
}

/// Finds the headings of levels 2 and 3 in HTML of the Markdown renderer.
pub(super) fn headings(html: &str) -> Vec<Heading> {
    let parse_heading = |(at, _): (usize, &str)| {
        let rest = &html[at + 2..];
        let level = rest.strip_prefix('2').map(|_| 2).or_else(|| rest.strip_prefix('3').map(|_| 3))?;
        let (id, rest) = rest[1..].strip_prefix(" id=\"")?.split_once('"')?;
        let (_, rest) = rest.split_once('>')?;
        let (content, _) = rest.split_once(["</h2>", "</h3>"][level - 2])?;
        let id = html_escape::decode_html_entities(id);
        Some(Heading {
            level: u8::try_from(level).ok()?,
            anchor: format!("#{}", utf8_percent_encode(&id, FRAGMENT)),
            title: html_escape::decode_html_entities(&without_tags(content)).trim().to_owned(),
        })
    };
    html.match_indices("<h").filter_map(parse_heading).collect()
}

/// The text of HTML without its tags; entities stay.
fn without_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        rest = tag.split_once('>').map_or("", |(_, after)| after);
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_have_plain_titles_and_encoded_anchors() {
        let html = "<p>x</p><h2 id=\"h-甲-b\" lang=\"en\">甲 <code>b &amp; c</code></h2><hr><h3 id=\"h-d\">d</h3><h4 id=\"h-e\">e</h4><h2>f</h2>";
        let heading = |level, anchor: &str, title: &str| Heading {
            level,
            anchor: anchor.to_owned(),
            title: title.to_owned(),
        };
        assert_eq!(headings(html), [heading(2, "#h-%E7%94%B2-b", "甲 b & c"), heading(3, "#h-d", "d")]);
        assert_eq!(headings("<h2 id=\"h-a\">open"), []);
    }
}
