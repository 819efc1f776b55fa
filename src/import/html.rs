//! HTML of feeds and scrapers to Markdown, or to its words.

use crate::import::escape;
use crate::import::repair::{Change, Kind};

/// Elements in one another that are still laid out; the parser of what is deeper would run out of stack.
const MAX_DEPTH: usize = 200;

/// Elements that end where the next one begins, or have no end.
const UNCLOSED: [&str; 20] = [
    "p", "li", "td", "tr", "th", "dt", "dd", "option", "thead", "tbody", "br", "img", "hr", "meta", "link",
    "input", "source", "col", "wbr", "area",
];

/// Elements that hold no words of an article.
const LEFT_OUT: [&str; 13] = [
    "script", "style", "noscript", "iframe", "object", "embed", "template", "form", "svg", "video", "audio",
    "canvas", "input",
];

/// Does a text look like a piece of a page?
#[must_use]
pub fn is_html(text: &str) -> bool {
    let text = text.trim_start();
    ["<p>", "<p ", "<div", "<html", "<!DOCTYPE", "<article", "<section", "<img", "<h1", "<h2", "<h3"]
        .iter()
        .any(|tag| text.starts_with(tag))
        || ["</p>", "</div>", "<br>", "<br/>", "<br />"].iter().any(|tag| text.contains(tag))
}

/// HTML to Markdown. What holds no words is left out and named; what Markdown has no form for is left as text.
#[must_use]
pub fn markdown(html: &str, changes: &mut Vec<Change>) -> String {
    // What closes nowhere behind one place closes nowhere behind the next.
    let mut open_ended: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(found) = html[at..].find('<') {
        at += found;
        let rest = &html[at..];
        let letters = rest[1..].bytes().take_while(u8::is_ascii_alphanumeric).count();
        let name = LEFT_OUT.iter().find(|name| rest[1..=letters].eq_ignore_ascii_case(name));
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
        changes.push((Kind::Markup, "elements in one another, more than 200 deep".to_owned(), String::new()));
        return escape::markdown(&html_escape::decode_html_entities(&without_tags(html)));
    }
    // Images that pages load when they are scrolled to.
    let html = html.replace(" data-src=", " src=").replace(" data-original=", " src=");
    let html = guarded(&html);
    let html = html.as_str();
    let converter = htmd::HtmlToMarkdown::builder().skip_tags(LEFT_OUT.to_vec()).build();
    let mut markdown = converter.convert(html).unwrap_or_else(|_| html.to_owned());
    for (c, guard) in GUARDS {
        markdown = markdown.replace(guard, &format!("\\{c}"));
    }
    markdown
}

/// HTML's words, for fields that are one line; its entities are decoded with those of all fields.
#[must_use]
pub fn without_tags(html: &str) -> String {
    let mut words = String::new();
    let mut rest = html;
    let mut any_closed = true;
    while let Some(at) = rest.find('<') {
        words.push_str(&rest[..at]);
        let tag = rest[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'));
        let end = if tag && any_closed { rest[at..].find('>') } else { None };
        // What closes nowhere behind one place closes nowhere behind the next.
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

/// Characters of words that Markdown would take for marks and the converter leaves as they are, and private ones that
/// stand for them meanwhile.
const GUARDS: [(char, char); 6] = [
    ('~', '\u{F8F0}'),
    ('|', '\u{F8F1}'),
    ('=', '\u{F8F2}'),
    ('#', '\u{F8F3}'),
    ('-', '\u{F8F4}'),
    ('&', '\u{F8F5}'),
];

/// HTML whose words hold guards for such characters, but within tags and code, where Markdown leaves them alone.
fn guarded(html: &str) -> String {
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
        // A hyphen in a word is one; in a row, or at a line's beginning, it may be a mark.
        let hyphen = c == '-' && !(rest.starts_with("--") || html[..at].ends_with(['-', '>', '\n', ' ']));
        match GUARDS.iter().find(|(known, _)| *known == c && !inside && code == 0 && !entity && !hyphen) {
            Some((_, guard)) => guarded.push(*guard),
            None => guarded.push(c),
        }
        inside &= c != '>';
    }
    // The ampersand that the entity stands for has been guarded with its name.
    guarded.replace("\u{F8F5}amp;", "\u{F8F5}")
}

/// How deep elements stand in one another, as far as tags tell.
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
    fn words_that_look_like_marks_stay_words() {
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
    fn what_holds_no_words_is_left_out_and_named() {
        let mut changes = Vec::new();
        assert_eq!(markdown("<p>一</p><script>alert(1)</script><IFRAME src=x></iframe>", &mut changes), "一");
        let named: Vec<&str> = changes.iter().map(|(_, from, _)| from.as_str()).collect();
        assert_eq!(named, ["<script>alert(1)</script>", "<IFRAME src=x></iframe>"]);
    }

    proptest::proptest! {
        #[test]
        fn no_html_makes_it_panic(html in "(<[a-z]{1,8}>|</[a-z]{1,8}>|<|>|&|&amp;|-|#|中|a| |\"|=){0,40}|\\PC{0,40}") {
            let _ = converted(&html);
            let _ = without_tags(&html);
        }
    }
}
