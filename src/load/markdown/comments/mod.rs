//! Removes comments from a body: an editor hides them from readers.
//!
//! Hidden are comments, processing instructions, declarations and CDATA sections (CommonMark
//! 0.31.2, section 4.6, HTML blocks 2 to 5, and section 6.6), whatever happens to other HTML.
//! Beyond CommonMark, a comment may have blank lines anywhere (`open.rs`), and one that is not
//! closed ends with its paragraph.

mod hidden;
mod open;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use crate::config::RawHtml;
use hidden::shown_html;
pub(super) use open::{cut_open, mask_open};

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

/// Removes the space on one side of a comment that has been removed: `a <!-- b --> c` has one
/// space, and a line or a block neither begins nor ends with one. Returns the event behind it.
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
        assert!(!text_html.contains("if (a") && !sanitized.contains('{'), "{text_html}{sanitized}");
        // A text without comments is not changed.
        assert_eq!(html("<div>\n甲\n</div>"), "<p>&lt;div&gt;\n甲\n&lt;/div&gt;</p>\n");
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
