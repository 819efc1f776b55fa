//! Cuts comments out of a text that the parser does not see as comments.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TagEnd, TextMergeWithOffset};

use crate::load::markdown::comments::hidden::{CLOSES, OPENS, shown_html};
use crate::load::markdown::options::OPTIONS;

/// Most times that a text is parsed for comments: a cut may join two halves of another comment.
const MAX_ROUNDS: usize = 4;

/// Cuts out the comments that the parser does not see as one: those with a blank line in a
/// paragraph, a list item, a quotation or another HTML block, and those that are not closed.
pub(in crate::load::markdown) fn cut_open(text: &str) -> Cow<'_, str> {
    replace_open(text, |_| String::new())
}

/// Replaces each character of such a comment by `mark`, but keeps its line breaks: a text of as many
/// characters and lines.
pub(in crate::load::markdown) fn mask_open(text: &str, mark: char) -> Cow<'_, str> {
    replace_open(text, |cut| cut.chars().map(|c| if matches!(c, '\n' | '\r') { c } else { mark }).collect())
}

fn replace_open(text: &str, replacement: impl Fn(&str) -> String) -> Cow<'_, str> {
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
            kept.push_str(&replacement(&text[cut.clone()]));
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

    #[test]
    fn cuts_leave_the_rest_as_it_is() {
        for (text, wanted) in [
            ("甲 <!-- 密\n\n密 --> 乙\n", "甲  乙\n"),
            ("甲 <!-- 密\n乙\n", "甲 \n"),
            ("|甲|乙|\n|-|-|\n|a <!-- 密|b|\n", "|甲|乙|\n|-|-|\n|a |b|\n"),
            ("- 甲 <!-- 密\n  - 乙\n", "- 甲 \n  - 乙\n"),
            ("甲 <!-- 密\n\n`-->`\n\n乙 -->丙\n", "甲 丙\n"),
            ("甲 <!-- 密\n\n    -->\n\n乙 -->丙\n", "甲 丙\n"),
            ("甲 <!-- 密\n\n乙 <!-- 密\n\n丙 -->丁\n", "甲 \n\n乙 丁\n"),
            ("甲 <!-- 密 *乙* 密\n密 `码`\n\n丙\n", "甲 \n\n丙\n"),
            ("    码\n\n甲 <!-- 密\n", "    码\n\n甲 \n"),
            ("`a` 甲 <!-- 密\n\n密 --> 乙\n", "`a` 甲  乙\n"),
            ("a <!<!-- 密\n\n-->-- 密\n\n密 -->甲\n", "a 甲\n"),
        ] {
            assert_eq!(cut_open(text), wanted, "{text}");
        }
        for text in [
            "甲 <!-- 乙 --> 丙\n",
            "```\n<!-- 甲\n```\n",
            "甲 `b` --> `<!--`\n",
            "<!-- 甲\n\n乙 -->\n",
            "`<!--`\n\n-->\n",
            "\\<!-- 甲\n\n-->\n",
        ] {
            assert!(matches!(cut_open(text), Cow::Borrowed(_)), "{text}: {}", cut_open(text));
        }
    }

    #[test]
    fn thousands_of_open_comments_are_found_in_one_pass() {
        assert_eq!(find_open(&"a <!--\n\n".repeat(2000)).len(), 2000);
        assert_eq!(find_open(&"<b>\n<!--\n\n".repeat(2000)).len(), 0);
    }
}
