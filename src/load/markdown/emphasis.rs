//! Bold and italic beside full-width punctuation.
//!
//! CommonMark tells the beginning of an emphasis from its end by the spaces and the punctuation around `*` (0.31, section 6.2).
//! Chinese writes no spaces, so that in `**真，**她` nothing ends: the run follows punctuation and a letter follows the run.
//! The amendment that Markdown for Chinese, Japanese and Korean has agreed on elsewhere counts full-width punctuation as a
//! letter, and lets a full-width character stand for the space on the other side. The parser has no such rule; a mark
//! between the run and the punctuation has the same effect, and is taken out of whatever the parser gives back.

use std::borrow::Cow;

use pulldown_cmark::{CowStr, Event, Tag};

use crate::text::han::is_full_width;

/// A noncharacter (Unicode 23.7: never to be interchanged), neither space nor punctuation to a parser.
const MARK: char = '\u{FDD0}';

/// Puts marks beside runs of `*` and `~`. A text without full-width characters comes back as it is.
pub(super) fn mark(text: &str) -> Cow<'_, str> {
    let text: Cow<'_, str> =
        if text.contains(MARK) { text.replace(MARK, "").into() } else { Cow::Borrowed(text) };
    let mut marked = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(found) = text[at..].find(['*', '~']) {
        let start = at + found;
        let sign = text.as_bytes()[start];
        let length = text.as_bytes()[start..].iter().take_while(|byte| **byte == sign).count();
        let end = start + length;
        at = end;
        let (before, after) = (text[..start].chars().next_back(), text[end..].chars().next());
        let wide = |c: Option<char>| c.is_some_and(is_full_width);
        let stands_between = |near: Option<char>, far: Option<char>| {
            near.is_some_and(is_punctuation) && (wide(near) || wide(far))
        };
        for (place, is_wanted) in
            [(start, stands_between(before, after)), (end, stands_between(after, before))]
        {
            // Behind a backslash stands what it escapes.
            if is_wanted && !text[..place].ends_with('\\') {
                marked.push_str(&text[copied..place]);
                marked.push(MARK);
                copied = place;
            }
        }
    }
    if copied == 0 {
        return text;
    }
    marked.push_str(&text[copied..]);
    marked.into()
}

/// Punctuation as CommonMark counts it (0.31, section 2.1: Unicode's categories P and S), as far as it stands in Chinese
/// text: what is not listed here is left to the parser.
fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation()
        || matches!(c, '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205E}' | '·' | '«' | '»' | '°' | '±' | '×' | '÷')
        || (is_full_width(c) && !crate::text::han::is_read(c) && c != '\u{3000}')
}

/// Takes the marks out again.
pub(super) fn unmark(events: &mut [Event<'_>]) {
    let clean = |text: &mut CowStr<'_>| {
        if text.contains(MARK) {
            *text = text.replace(MARK, "").into();
        }
    };
    for event in events {
        match event {
            Event::Text(text)
            | Event::Code(text)
            | Event::Html(text)
            | Event::InlineHtml(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text)
            | Event::FootnoteReference(text)
            | Event::Start(Tag::FootnoteDefinition(text)) => clean(text),
            Event::Start(Tag::Link { dest_url, title, id, .. } | Tag::Image { dest_url, title, id, .. }) => {
                clean(dest_url);
                clean(title);
                clean(id);
            }
            Event::Start(Tag::CodeBlock(pulldown_cmark::CodeBlockKind::Fenced(info))) => clean(info),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::BaseUrl;
    use crate::load::markdown::render;
    use crate::load::markdown::tests::{options, paragraph as html};
    use proptest::prelude::*;

    #[test]
    fn emphasis_begins_and_ends_beside_full_width_punctuation() {
        for (text, wanted) in [
            ("**真，**她", "<strong>真，</strong>她"),
            ("**OpenAI（微软）**炮轰", "<strong>OpenAI（微软）</strong>炮轰"),
            ("他说**“开源”**很重要", "他说<strong>“开源”</strong>很重要"),
            ("他说*“开源”*很重要", "他说<em>“开源”</em>很重要"),
            ("这是***“全部”***的话", "这是<em><strong>“全部”</strong></em>的话"),
            ("**第一。**第二**。第三**", "<strong>第一。</strong>第二<strong>。第三</strong>"),
            ("使用**`代码`**的人", "使用<strong><code>代码</code></strong>的人"),
            (
                "见**[报告](https://e.org/a)**全文",
                "见<strong><a href=\"https://e.org/a\">报告</a></strong>全文",
            ),
            (
                "[见**“报告”**全文](https://e.org)",
                "<a href=\"https://e.org\">见<strong>“报告”</strong>全文</a>",
            ),
            ("旧价~~￥99，~~现价", "旧价<del>￥99，</del>现价"),
            ("涨了**20%**以上", "涨了<strong>20%</strong>以上"),
            ("《**书名**》和**《书名》**都行", "《<strong>书名</strong>》和<strong>《书名》</strong>都行"),
            ("**——破折号**开头", "<strong>——破折号</strong>开头"),
        ] {
            assert_eq!(html(text), wanted, "{text}");
        }
        // At the ends of lines, too.
        assert_eq!(
            html("**真，**\n她说**“好。”**\n完"),
            "<strong>真，</strong>她说<strong>“好。”</strong>完"
        );
    }

    #[test]
    fn what_is_no_emphasis_stays_none() {
        for text in ["3*4，5*6", "星号*，和*。", "** 空格 **，", "一*", "~约~100"] {
            assert!(!html(text).contains("<strong>"), "{text}: {}", html(text));
        }
        assert_eq!(html("\\*\\*，不是\\*\\*真"), "**，不是**真");
        assert_eq!(html("`**“代码”**很`"), "<code>**“代码”**很</code>");
    }

    proptest! {
        #[test]
        fn no_mark_is_left(text in "[*~`\\[\\]()<>\\\\a“”，。（）真 \n\u{FDD0}|#-]{0,60}") {
            let base_url = BaseUrl::parse("https://example.org/").unwrap();
            let rendered = render(&text, &options(&base_url)).unwrap();
            prop_assert!(!rendered.html.unwrap_or_default().contains(MARK));
            prop_assert!(!rendered.excerpt.contains(MARK));
        }

        #[test]
        fn text_without_full_width_characters_is_left_to_the_parser(text in "[\u{1}-\u{2FF}“”…£€ ]{0,60}") {
            prop_assert_eq!(&*mark(&text), text.as_str());
        }
    }
}
