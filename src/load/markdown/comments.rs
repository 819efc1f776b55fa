//! Removes comments from a body: an editor hides them from readers.
//!
//! Hidden are comments, processing instructions, declarations and CDATA sections (CommonMark
//! 0.31.2, section 4.6, HTML blocks 2 to 5, and section 6.6), whatever happens to other HTML.
//! Beyond CommonMark, a comment may have blank lines anywhere, and one that is not closed ends with
//! its paragraph.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Parser, Tag, TagEnd, TextMergeWithOffset};

use crate::config::RawHtml;
use crate::load::markdown::options::OPTIONS;

const OPENS: &str = "<!--";
const CLOSES: &str = "-->";

/// Elements in which `<!--` is no comment (HTML standard, section 13.2.5: RCDATA, raw text and
/// script data).
const RAW_TEXT_ELEMENTS: [&str; 8] =
    ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"];

/// Removes comments from the parser's events. In HTML of a trusted author, the content of scripts
/// and of other elements with raw text stays as it is.
pub(super) fn remove(events: &mut Vec<Event<'_>>, html: RawHtml) {
    let may_hide = |event: &Event<'_>| match event {
        Event::Html(text) | Event::InlineHtml(text) => text.contains("<!") || text.contains("<?"),
        _ => false,
    };
    if !events.iter().any(may_hide) {
        return;
    }
    let keeps_raw_text = html == RawHtml::Trusted;
    let mut kept: Vec<Event<'_>> = Vec::with_capacity(events.len());
    let mut block: Option<String> = None;
    let mut is_after_hidden = false;
    for event in events.drain(..) {
        match event {
            Event::Start(Tag::HtmlBlock) => block = Some(String::new()),
            Event::End(TagEnd::HtmlBlock) => {
                let shown = shown_html(&block.take().unwrap_or_default(), keeps_raw_text);
                let shown = shown.text.trim_start();
                if !shown.is_empty() {
                    kept.push(Event::Start(Tag::HtmlBlock));
                    kept.push(Event::Html(CowStr::from(shown.to_owned())));
                    kept.push(Event::End(TagEnd::HtmlBlock));
                }
            }
            Event::Html(text) | Event::Text(text) if block.is_some() => {
                if let Some(block) = &mut block {
                    block.push_str(&text);
                }
            }
            Event::InlineHtml(text) if shown_html(&text, keeps_raw_text).text.is_empty() => {
                is_after_hidden = true;
            }
            event => {
                let joined = if is_after_hidden { close_gap(&mut kept, event) } else { Some(event) };
                is_after_hidden = false;
                kept.extend(joined);
            }
        }
    }
    *events = kept;
}

/// Removes the space on one side of a comment that has been removed: `a <!-- b --> c` has one space,
/// and a line or a block neither begins nor ends with one. Returns the event behind the comment.
fn close_gap<'a>(kept: &mut [Event<'a>], event: Event<'a>) -> Option<Event<'a>> {
    let begins = match kept.last() {
        None | Some(Event::Start(_) | Event::SoftBreak | Event::HardBreak) => true,
        Some(Event::Text(text)) => text.ends_with(' '),
        Some(_) => false,
    };
    match event {
        Event::Text(text) if begins => {
            let text = text.trim_start_matches(' ').to_owned();
            (!text.is_empty()).then(|| Event::Text(text.into()))
        }
        Event::SoftBreak
        | Event::HardBreak
        | Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::TableCell) => {
            if let Some(Event::Text(text)) = kept.last_mut() {
                *text = CowStr::from(text.trim_end_matches(' ').to_owned());
            }
            Some(event)
        }
        event => Some(event),
    }
}

/// HTML without what is hidden.
struct Shown {
    text: String,
    /// Byte offset of a comment that is not closed in this HTML.
    open: Option<usize>,
}

fn shown_html(html: &str, keeps_raw_text: bool) -> Shown {
    let mut text = String::new();
    let (mut copied, mut at) = (0, 0);
    let mut raw_text: Option<&str> = None;
    while let Some(found) = html[at..].find('<') {
        let start = at + found;
        let tag = &html[start..];
        at = start + 1;
        if let Some(name) = raw_text {
            if tag_name(tag) == Some((true, name)) {
                raw_text = None;
            }
        } else if let Some(end) = hidden_length(tag) {
            text.push_str(&html[copied..start]);
            let Some(end) = end else {
                return Shown { text, open: tag.starts_with(OPENS).then_some(start) };
            };
            at = start + end;
            copied = at;
        } else if let Some(end) = tag_length(tag) {
            // A `<!--` in the value of an attribute is text.
            at = start + end;
            raw_text = match tag_name(tag) {
                Some((false, name)) if keeps_raw_text => Some(name),
                _ => None,
            };
        }
    }
    text.push_str(&html[copied..]);
    Shown { text, open: None }
}

/// Returns the length of what is hidden at the beginning of this HTML: `None` if nothing is,
/// `Some(None)` if it does not end.
fn hidden_length(html: &str) -> Option<Option<usize>> {
    let through = |end: &str, from: usize| html[from..].find(end).map(|at| from + at + end.len());
    if html.starts_with(OPENS) {
        // `<!-->` and `<!--->` are comments.
        return Some(through(CLOSES, 2));
    }
    if html.starts_with("<?") {
        return Some(through("?>", 2));
    }
    let declaration = html.strip_prefix("<!")?;
    if declaration.starts_with("[CDATA[") {
        return Some(through("]]>", 2));
    }
    // A declaration, or `<![if …]>`, which a browser reads as a comment.
    declaration.starts_with(|c: char| c.is_ascii_alphabetic() || c == '[').then(|| through(">", 2))
}

/// Returns whether a tag is an end tag, and its name if it is of an element with raw text.
fn tag_name(tag: &str) -> Option<(bool, &'static str)> {
    let name = tag.strip_prefix('<')?;
    let (is_end, name) = name.strip_prefix('/').map_or((false, name), |name| (true, name));
    let length = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
    let known = RAW_TEXT_ELEMENTS.into_iter().find(|known| known.eq_ignore_ascii_case(&name[..length]))?;
    Some((is_end, known))
}

/// Returns the length of the tag at the beginning of this HTML; `None` if there is none, or it does
/// not end.
fn tag_length(html: &str) -> Option<usize> {
    let name = html[1..].strip_prefix('/').unwrap_or(&html[1..]);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let mut quote = None;
    for (at, byte) in html.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

/// Most times that a text is parsed for comments: a cut may join two halves of another comment.
const MAX_ROUNDS: usize = 4;

/// Cuts out the comments that the parser does not see as one: those with a blank line in a
/// paragraph, a list item, a quotation or another HTML block, and those that are not closed.
pub(super) fn cut_open(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    for _ in 0..MAX_ROUNDS {
        let cuts = if text.contains(OPENS) { find_open(&text) } else { Vec::new() };
        if cuts.is_empty() {
            break;
        }
        let mut kept = String::with_capacity(text.len());
        let mut copied = 0;
        for cut in cuts {
            kept.push_str(&text[copied..cut.start]);
            copied = cut.end;
        }
        kept.push_str(&text[copied..]);
        text = Cow::Owned(kept);
    }
    text
}

/// The places of a text that matter for its comments.
#[derive(Default)]
struct Places {
    /// Byte offset of each comment that is not closed in its block. In a text, also the end of the
    /// block's words; in HTML, such a comment is hidden to the end of its block without a cut.
    open: Vec<(usize, Option<usize>)>,
    code: Vec<Range<usize>>,
}

/// Finds the comments that [`cut_open`] cuts out, in order and apart from each other.
fn find_open(text: &str) -> Vec<Range<usize>> {
    let places = find_places(text);
    if places.open.is_empty() {
        return Vec::new();
    }
    // In code, `-->` is an arrow.
    let outside_code = |sign: &str| -> Vec<usize> {
        let mut code = places.code.iter().peekable();
        let is_outside = |at: &usize| {
            while code.next_if(|code| code.end <= *at).is_some() {}
            code.peek().is_none_or(|code| code.start > *at)
        };
        text.match_indices(sign).map(|(at, _)| at).filter(is_outside).collect()
    };
    let (opens, closes) = (outside_code(OPENS), outside_code(CLOSES));
    let mut cuts: Vec<Range<usize>> = Vec::new();
    for (start, end_of_words) in places.open {
        if cuts.last().is_some_and(|last| last.end > start) {
            continue;
        }
        let close = closes.get(closes.partition_point(|at| *at < start + 2));
        let next = opens.get(opens.partition_point(|at| *at <= start));
        // The next `-->` belongs to another comment if that one begins before it.
        let end = match (close, next) {
            (Some(close), Some(next)) if close > next => end_of_words,
            (Some(close), _) => Some(close + CLOSES.len()),
            (None, _) => end_of_words,
        };
        cuts.extend(end.map(|end| start..end));
    }
    cuts
}

fn find_places(text: &str) -> Places {
    let mut places = Places::default();
    let mut html: Option<(String, Vec<(usize, usize)>)> = None;
    // A comment in the text of the current block, and the end of the words so far.
    let mut open: Option<(usize, usize)> = None;
    let mut in_code = false;
    for (event, range) in TextMergeWithOffset::new(Parser::new_ext(text, OPTIONS).into_offset_iter()) {
        match event {
            Event::Start(Tag::HtmlBlock) => html = Some((String::new(), Vec::new())),
            Event::End(TagEnd::HtmlBlock) => {
                let Some((block, lines)) = html.take() else { continue };
                let Some(at) = shown_html(&block, false).open else { continue };
                let line = lines.partition_point(|(within, _)| *within <= at).saturating_sub(1);
                let place = lines.get(line).map(|(within, in_text)| in_text + at - within);
                places.open.extend(place.map(|at| (at, None)));
            }
            Event::Html(part) | Event::Text(part) if html.is_some() => {
                if let Some((block, lines)) = &mut html {
                    lines.push((block.len(), range.start));
                    block.push_str(&part);
                }
            }
            Event::Start(Tag::CodeBlock(_)) => {
                in_code = true;
                places.code.push(range);
            }
            Event::End(TagEnd::CodeBlock) => in_code = false,
            _ if in_code => {}
            Event::SoftBreak | Event::HardBreak => {}
            Event::Start(ref tag) if !is_inline(tag) => close_words(&mut open, &mut places),
            Event::End(
                TagEnd::Paragraph
                | TagEnd::Heading(_)
                | TagEnd::Item
                | TagEnd::TableCell
                | TagEnd::FootnoteDefinition,
            ) => close_words(&mut open, &mut places),
            _ => {
                if matches!(event, Event::Code(_)) {
                    places.code.push(range.clone());
                }
                if let (None, Event::Text(_)) = (open, event) {
                    open = find_in_text(text, range.clone()).map(|at| (at, range.end));
                }
                open = open.map(|(at, end)| (at, end.max(range.end)));
            }
        }
    }
    places
}

/// Stores the comment that is open at the end of its block.
fn close_words(open: &mut Option<(usize, usize)>, places: &mut Places) {
    places.open.extend(open.take().map(|(at, end)| (at, Some(end))));
}

fn is_inline(tag: &Tag<'_>) -> bool {
    matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. })
}

/// Finds an unescaped `<!--` in a text between markup.
fn find_in_text(text: &str, range: Range<usize>) -> Option<usize> {
    let mut places = text[range.clone()].match_indices(OPENS).map(|(at, _)| range.start + at);
    places.find(|at| text[..*at].bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::BaseUrl;
    use crate::load::markdown::tests::{html, options};
    use crate::load::markdown::{RenderOptions, render};

    /// The HTML of a text in each kind of HTML handling.
    fn in_all(text: &str) -> [String; 3] {
        let base_url = BaseUrl::parse("https://example.org/base/").unwrap();
        [RawHtml::Text, RawHtml::Sanitize, RawHtml::Trusted]
            .map(|html| render(text, &RenderOptions { html, ..options(&base_url) }).unwrap().html.unwrap())
    }

    #[test]
    fn comments_are_removed() {
        for (text, wanted) in [
            ("<!-- 密 -->\n\n甲", "<p>甲</p>\n"),
            ("<!-- 密\n密 -->\n甲", "<p>甲</p>\n"),
            ("<!-- 密\n\n密\n-->\n\n甲", "<p>甲</p>\n"),
            ("甲\n\n<!-- 密\n\n密", "<p>甲</p>\n"),
            ("甲\n<!-- 密 -->\n乙", "<p>甲</p>\n<p>乙</p>\n"),
            ("甲<!-- 密 -->乙", "<p>甲乙</p>\n"),
            ("甲<!---->乙<!-->丙<!--->丁", "<p>甲乙丙丁</p>\n"),
            ("a <!-- 密 --> b", "<p>a b</p>\n"),
            ("a <!-- 密\n密 -->\nb", "<p>a\nb</p>\n"),
            ("甲 <!-- 密 -->\n乙", "<p>甲乙</p>\n"),
            ("甲 <!-- 密 -->\n\n乙", "<p>甲</p>\n<p>乙</p>\n"),
            ("甲 <!-- 密\n\n密 --> 乙", "<p>甲  乙</p>\n"),
            ("甲 <!-- 密\n\n- 密\n\n> 密 -->\n\n乙", "<p>甲</p>\n<p>乙</p>\n"),
            ("甲 <!-- 密", "<p>甲</p>\n"),
            ("甲 <!-- 密\n\n乙", "<p>甲</p>\n<p>乙</p>\n"),
            ("甲 <!-- 密\n\n乙 <!-- 密 --> 丙", "<p>甲</p>\n<p>乙 丙</p>\n"),
            ("# <!-- 密 --> 甲", "<h2 id=\"h-甲\">甲</h2>\n"),
            ("# 甲 <!-- 密 -->", "<h2 id=\"h-甲\">甲</h2>\n"),
            ("甲 <!-- 密 -->\n===", "<h2 id=\"h-甲\">甲</h2>\n"),
            ("- <!-- 密 --> \n- 乙 <!-- 密 -->", "<ul>\n<li></li>\n<li>乙</li>\n</ul>\n"),
            ("- 甲 <!-- 密\n- 乙", "<ul>\n<li>甲</li>\n<li>乙</li>\n</ul>\n"),
            ("- <!-- 密\n\n密 -->\n\n乙", "<ul>\n<li></li>\n</ul>\n<p>乙</p>\n"),
            ("> 甲\n> <!-- 密\n> 密 -->\n", "<blockquote>\n<p>甲</p>\n</blockquote>\n"),
            ("> 甲 <!-- 密\n> 密 --> 乙\n", "<blockquote>\n<p>甲 乙</p>\n</blockquote>\n"),
            ("> 甲\n>\n> <!-- 密\n\n密 -->\n\n乙", "<blockquote>\n<p>甲</p>\n</blockquote>\n<p>乙</p>\n"),
            ("**甲<!-- 密 -->**", "<p><strong>甲</strong></p>\n"),
            ("[甲<!-- 密 -->](/b/)", "<p><a href=\"/base/b/\">甲</a></p>\n"),
            ("甲<? 密 ?>乙<!密 ?>", "<p>甲乙&lt;!密 ?&gt;</p>\n"),
            ("甲<!DOCTYPE 密>乙<![CDATA[ 密 > ]]>丙", "<p>甲乙丙</p>\n"),
            ("<?php 密\n\n密 ?>\n\n甲", "<p>甲</p>\n"),
            ("<!DOCTYPE\n密>\n甲", "<p>甲</p>\n"),
            ("<![CDATA[\n密\n\n密]]>\n\n甲", "<p>甲</p>\n"),
            ("<!--[if IE]><b>密</b><![endif]-->\n\n甲", "<p>甲</p>\n"),
            ("    甲 <!-- 码 -->", "<pre><code>甲 &lt;!-- 码 --&gt;</code></pre>\n"),
            ("```\n<!-- 码 -->\n```", "<pre><code>&lt;!-- 码 --&gt;\n</code></pre>\n"),
            ("`<!-- 码`", "<p><code>&lt;!-- 码</code></p>\n"),
            ("\\<!-- 文 -->", "<p>&lt;!-- 文 --&gt;</p>\n"),
            ("&lt;!-- 文 -->", "<p>&lt;!-- 文 --&gt;</p>\n"),
            (
                "甲 <!-- 密\n\n```\na --> b\n```\n\n乙",
                "<p>甲</p>\n<pre><code>a --&gt; b\n</code></pre>\n<p>乙</p>\n",
            ),
            ("甲 --> 乙", "<p>甲 --&gt; 乙</p>\n"),
        ] {
            for (shown, html) in in_all(text).into_iter().zip(["text", "sanitize", "trusted"]) {
                // The sanitizer may know more about `<!密 ?>` than CommonMark.
                assert!(!shown.contains('密') || text.contains("<!密"), "{html}: {text}: {shown}");
                let squeezed = |text: &str| text.replace("  ", " ").replace("甲 </p>", "甲</p>");
                assert_eq!(squeezed(&shown), squeezed(wanted), "{html}: {text}");
            }
        }
    }

    #[test]
    fn html_around_a_comment_stays() {
        let cases = [
            ("<div>\n<!-- 密 -->\n甲</div>", ["&lt;div&gt;", "甲"], ["<div>", "甲"]),
            ("<!-- 密 --> 甲", ["<p>甲", "</p>"], ["甲", "甲"]),
            ("<div>\n<!-- 密\n\n密 -->\n甲</div>", ["&lt;div&gt;", "甲"], ["<div>", "甲"]),
            ("<div>甲 <!-- 密\n</div>\n\n乙", ["甲", "<p>乙</p>"], ["甲", "<p>乙</p>"]),
            ("甲<b title=\"<!-- x -->\">乙</b><!-- 密 -->", ["x --&gt;", "乙"], ["<!-- x -->", "乙"]),
            ("<p title='<!-- x'>甲</p><!-- 密 -->", ["&lt;!-- x", "甲"], ["<!-- x", "甲"]),
            ("<b a=\"<!-- 密 -->\n", ["&lt;b a", "&lt;b a"], ["&lt;b a", "&lt;b a"]),
        ];
        for (text, as_text, trusted) in cases {
            let [text_html, sanitized, trusted_html] = in_all(text);
            for shown in [&text_html, &sanitized, &trusted_html] {
                assert!(!shown.contains('密'), "{text}: {shown}");
            }
            assert!(as_text.iter().all(|part| text_html.contains(part)), "{text}: {text_html}");
            assert!(trusted.iter().all(|part| trusted_html.contains(part)), "{text}: {trusted_html}");
        }
        let script =
            "<script><!--\nif (a --> 0) {}\n//--></script>\n<style><!-- a {} --></style><!-- 密 -->\n";
        let [text_html, sanitized, trusted] = in_all(script);
        assert_eq!(trusted, "<script><!--\nif (a --> 0) {}\n//--></script>\n<style><!-- a {} --></style>\n");
        assert!(!text_html.contains("//") && !sanitized.contains('{'), "{text_html}{sanitized}");
        // A text without comments is not changed.
        assert_eq!(html("<div>\n甲\n</div>"), "<p>&lt;div&gt;\n甲\n&lt;/div&gt;</p>\n");
    }

    #[test]
    fn what_is_hidden_has_an_end() {
        for (html, length) in [
            ("<!-- a --> b", Some(Some(10))),
            ("<!-->b-->", Some(Some(5))),
            ("<!--->b", Some(Some(6))),
            ("<!-- a", Some(None)),
            ("<? a ?>b", Some(Some(7))),
            ("<?>", Some(None)),
            ("<!doctype a>b", Some(Some(12))),
            ("<![CDATA[>]]>b", Some(Some(13))),
            ("<![if IE]>b", Some(Some(10))),
            ("<!>", None),
            ("<!- a -->", None),
            ("<b>", None),
        ] {
            assert_eq!(hidden_length(html), length, "{html}");
        }
        for (html, length) in [
            ("<b>c", Some(3)),
            ("</b >c", Some(5)),
            ("<b a='>' c=\">\">d", Some(15)),
            ("<b a='>", None),
            ("<b a=\"'>", None),
            ("< b>", None),
            ("<3>", None),
            ("</>", None),
        ] {
            assert_eq!(tag_length(html), length, "{html}");
        }
        for (tag, name) in [
            ("<SCRIPT src=x>", Some((false, "script"))),
            ("</style>", Some((true, "style"))),
            ("<title>", Some((false, "title"))),
            ("<scripts>", None),
            ("<b>", None),
            ("script", None),
        ] {
            assert_eq!(tag_name(tag), name, "{tag}");
        }
        let shown = shown_html("a<!-- b --><b>c<!-- d", false);
        assert_eq!((&*shown.text, shown.open), ("a<b>c", Some(15)));
        assert_eq!(shown_html("a<? b", false).open, None);
    }

    #[test]
    fn cuts_leave_the_rest_as_it_is() {
        for (text, wanted) in [
            ("甲 <!-- 密\n\n密 --> 乙\n", "甲  乙\n"),
            ("甲 <!-- 密\n乙\n", "甲 \n"),
            ("|甲|乙|\n|-|-|\n|a <!-- 密|b|\n", "|甲|乙|\n|-|-|\n|a |b|\n"),
            ("- 甲 <!-- 密\n  - 乙\n", "- 甲 \n  - 乙\n"),
            ("a <!<!-- 密\n\n-->-- 密\n\n密 -->甲\n", "a 甲\n"),
        ] {
            assert_eq!(cut_open(text), wanted, "{text}");
        }
        for text in ["甲 <!-- 乙 --> 丙\n", "<!-- 甲\n\n乙 -->\n", "`<!--`\n\n-->\n", "\\<!-- 甲\n\n-->\n"]
        {
            assert!(matches!(cut_open(text), Cow::Borrowed(_)), "{text}: {}", cut_open(text));
        }
    }

    #[test]
    fn thousands_of_open_comments_are_found_in_one_pass() {
        assert_eq!(find_open(&"a <!--\n\n".repeat(2000)).len(), 2000);
        assert_eq!(find_open(&"<b>\n<!--\n\n".repeat(2000)).len(), 0);
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

        /// Comments in any place of any structure take their words with them.
        #[test]
        fn no_word_of_a_comment_is_shown(
            before in "([-*>#|`甲a \\[\\]()]|\n|\n\n|- |> |<b>|<div>\n|\\*\\*){0,12}",
            inside in "([*>#|甲a \\[\\]()]|\n|\n\n|- |> |<b>){0,8}",
            after in "([-*>#|甲a \\[\\]()]|\n|\n\n|- |> |</b>){0,12}",
        ) {
            // What is in code or escaped is text.
            proptest::prop_assume!(!before.contains('`') && !before.contains("    ") && !before.ends_with('\\'));
            let text = format!("{before}<!-- 密{inside}密 -->{after}");
            for shown in in_all(&text) {
                proptest::prop_assert!(!shown.contains('密'), "{}: {}", text, shown);
            }
        }
    }
}
