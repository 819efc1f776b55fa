//! Converts HTML of feeds and scrapers to Markdown or to plain text.

use crate::import::escape;
use crate::import::repair::{Change, Kind};

/// Nesting depth up to which HTML is converted to Markdown. Deeper HTML can overflow the stack of
/// the converter's parser, and becomes plain text.
const MAX_DEPTH: usize = 200;

/// Elements that need no end tag, or have none.
const UNCLOSED: [&str; 20] = [
    "p", "li", "td", "tr", "th", "dt", "dd", "option", "thead", "tbody", "br", "img", "hr", "meta", "link",
    "input", "source", "col", "wbr", "area",
];

/// Elements that contain no text of an article.
const REMOVED_ELEMENTS: [&str; 13] = [
    "script", "style", "noscript", "iframe", "object", "embed", "template", "form", "svg", "video", "audio",
    "canvas", "input",
];

/// True if a text looks like a piece of an HTML page.
#[must_use]
pub fn is_html(text: &str) -> bool {
    let text = text.trim_start();
    ["<p>", "<p ", "<div", "<html", "<!DOCTYPE", "<article", "<section", "<img", "<h1", "<h2", "<h3"]
        .iter()
        .any(|tag| text.starts_with(tag))
        || ["</p>", "</div>", "<br>", "<br/>", "<br />"].iter().any(|tag| text.contains(tag))
}

/// Converts HTML to Markdown. Elements that contain no text of an article are removed and recorded
/// in `changes`. Of elements that Markdown has no form for, the text is kept.
#[must_use]
pub fn markdown(html: &str, changes: &mut Vec<Change>) -> String {
    // Elements whose end tag was not found: no later search finds it either.
    let mut open_ended: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(found) = html[at..].find('<') {
        at += found;
        let rest = &html[at..];
        let letters = rest[1..].bytes().take_while(u8::is_ascii_alphanumeric).count();
        let name = REMOVED_ELEMENTS.iter().find(|name| rest[1..=letters].eq_ignore_ascii_case(name));
        let Some(name) = name else {
            at += 1;
            continue;
        };
        let close = format!("</{name}>");
        let end =
            if open_ended.contains(name) { None } else { rest.find(&close).map(|end| end + close.len()) };
        if end.is_none() {
            open_ended.push(name);
        }
        let end = end.or_else(|| rest.find('>').map(|end| end + 1)).unwrap_or(rest.len());
        changes.push((Kind::Markup, rest[..end].to_owned(), String::new()));
        at += end;
    }
    if depth(html) > MAX_DEPTH {
        changes.push((Kind::Markup, "elements nested more than 200 deep".to_owned(), String::new()));
        return escape::markdown(&html_escape::decode_html_entities(&without_tags(html)));
    }
    // Lazily loaded images have their address in another attribute.
    let html = html.replace(" data-src=", " src=").replace(" data-original=", " src=");
    let html = with_guards(&html);
    let html = html.as_str();
    let converter = htmd::HtmlToMarkdown::builder().skip_tags(REMOVED_ELEMENTS.to_vec()).build();
    let mut markdown = converter.convert(html).unwrap_or_else(|_| html.to_owned());
    for (c, guard) in GUARDS {
        markdown = markdown.replace(guard, &format!("\\{c}"));
    }
    markdown
}

/// Returns the text of HTML without tags, for fields of one line. Entities stay: they are decoded
/// together with those of all fields.
#[must_use]
pub fn without_tags(html: &str) -> String {
    let mut words = String::new();
    let mut rest = html;
    let mut any_closed = true;
    while let Some(at) = rest.find('<') {
        words.push_str(&rest[..at]);
        let tag = rest[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'));
        let end = if tag && any_closed { rest[at..].find('>') } else { None };
        // If no `>` was found once, no later search finds one either.
        any_closed &= !tag || end.is_some();
        match end {
            Some(end) => rest = &rest[at + end + 1..],
            None => {
                words.push('<');
                rest = &rest[at + 1..];
            }
        }
    }
    words.push_str(rest);
    words.trim().to_owned()
}

/// Characters of text that are syntax in Markdown but that the converter does not escape, each with
/// the private-use character that replaces it during the conversion.
const GUARDS: [(char, char); 6] = [
    ('~', '\u{F8F0}'),
    ('|', '\u{F8F1}'),
    ('=', '\u{F8F2}'),
    ('#', '\u{F8F3}'),
    ('-', '\u{F8F4}'),
    ('&', '\u{F8F5}'),
];

/// Replaces such characters by their guards, except within tags and code, where they are not
/// syntax.
fn with_guards(html: &str) -> String {
    if html.contains(|c| GUARDS.iter().any(|(_, guard)| *guard == c)) {
        return html.to_owned();
    }
    let mut guarded = String::with_capacity(html.len());
    let (mut inside, mut code) = (false, 0_usize);
    for (at, c) in html.char_indices() {
        let rest = &html[at..];
        if c == '<' && rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!')) {
            inside = true;
            for name in ["code", "pre"] {
                code += usize::from(rest[1..].starts_with(name));
                code -= usize::from(rest[1..].strip_prefix('/').is_some_and(|rest| rest.starts_with(name)))
                    .min(code);
            }
        }
        let entity = c == '&' && !rest.starts_with("&amp;");
        // A hyphen within a word is text. In a row or at the beginning of a line it can be syntax.
        let hyphen = c == '-' && !(rest.starts_with("--") || html[..at].ends_with(['-', '>', '\n', ' ']));
        match GUARDS.iter().find(|(known, _)| *known == c && !inside && code == 0 && !entity && !hyphen) {
            Some((_, guard)) => guarded.push(*guard),
            None => guarded.push(c),
        }
        inside &= c != '>';
    }
    // Of `&amp;`, only the `&` was replaced. The guard replaces the whole entity.
    guarded.replace("\u{F8F5}amp;", "\u{F8F5}")
}

/// The nesting depth of elements, estimated from the tags.
fn depth(html: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for (at, _) in html.match_indices('<') {
        let rest = &html[at + 1..];
        let closes = rest.starts_with('/');
        let name = rest.trim_start_matches('/');
        let letters = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
        if letters == 0 || UNCLOSED.iter().any(|known| name[..letters].eq_ignore_ascii_case(known)) {
            continue;
        }
        depth = if closes { depth.saturating_sub(1) } else { depth + 1 };
        deepest = deepest.max(depth);
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::markdown::tests::html as rendered;

    fn converted(html: &str) -> String {
        markdown(html, &mut Vec::new())
    }

    #[test]
    fn html_becomes_markdown() {
        assert_eq!(
            converted("<p>一，<strong>二</strong>。</p><p><a href=\"https://e.org/x-y\">三</a></p>"),
            "一，**二**。\n\n[三](https://e.org/x-y)"
        );
        assert_eq!(converted("<p>GPT-4 与 state-of-the-art</p>"), "GPT-4 与 state-of-the-art");
        assert!(converted("<pre><code>a | b # c ~~d~~</code></pre>").contains("a | b # c ~~d~~"));
    }

    #[test]
    fn text_that_looks_like_markdown_syntax_stays_text() {
        for (html, words) in [
            ("<p>~~a~~</p>", "~~a~~"),
            ("<p>---</p>", "---"),
            ("<p>a<br>---</p>", "---"),
            ("<p>a<br>===</p>", "==="),
            ("<p>a|b<br>---|---<br>c|d</p>", "c|d"),
            ("<p># x</p>", "# x"),
            ("<p>&amp;lt;b&amp;gt; &amp;copy;</p>", "&amp;lt;b&amp;gt; &amp;copy;"),
        ] {
            let shown = rendered(&converted(html));
            assert!(shown.contains(words), "{html}: {shown}");
            for tag in ["<del", "<hr", "<h1", "<h2", "<table"] {
                assert!(!shown.contains(tag), "{html}: {shown}");
            }
        }
    }

    #[test]
    fn elements_without_text_are_removed_and_recorded() {
        let mut changes = Vec::new();
        assert_eq!(markdown("<p>一</p><script>alert(1)</script><IFRAME src=x></iframe>", &mut changes), "一");
        let named: Vec<&str> = changes.iter().map(|(_, from, _)| from.as_str()).collect();
        assert_eq!(named, ["<script>alert(1)</script>", "<IFRAME src=x></iframe>"]);
    }

    proptest::proptest! {
        #[test]
        fn arbitrary_html_does_not_panic(html in "(<[a-z]{1,8}>|</[a-z]{1,8}>|<|>|&|&amp;|-|#|中|a| |\"|=){0,40}|\\PC{0,40}") {
            let _ = converted(&html);
            let _ = without_tags(&html);
        }
    }
}
