//! Makes bold and italic work beside full-width punctuation.
//!
//! CommonMark decides by the spaces and punctuation around `*` whether it opens or closes emphasis
//! (0.31, section 6.2). Chinese is written without spaces, so nothing closes in `**真，**她`: the
//! run follows punctuation and is followed by a letter. The amendment that other implementations of
//! Markdown for Chinese, Japanese and Korean have agreed on treats full-width punctuation as a
//! letter, and accepts a full-width character instead of the space on the other side. The parser
//! has no such rule. A mark between the run and the punctuation has the same effect; it is removed
//! from the parser's events.

use std::borrow::Cow;

use pulldown_cmark::{CowStr, Event, Tag};

use crate::text::han::is_full_width;

/// The mark: a noncharacter (Unicode 23.7, never to be interchanged), which the parser treats as
/// neither space nor punctuation.
pub(super) const MARK: char = '\u{FDD0}';

/// Inserts marks beside runs of `*` and `~`. Text without full-width characters is returned
/// unchanged.
pub(super) fn insert_marks(text: &str) -> Cow<'_, str> {
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
        let needs_mark = |near: Option<char>, far: Option<char>| {
            near.is_some_and(is_punctuation) && (wide(near) || wide(far))
        };
        for (place, is_wanted) in [(start, needs_mark(before, after)), (end, needs_mark(after, before))] {
            // A mark after a backslash would be escaped instead of the sign.
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

/// True for punctuation as defined by CommonMark (0.31, section 2.1: Unicode categories P and S),
/// as far as it occurs in Chinese text. All other characters are left to the parser.
fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation()
        || matches!(c, '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205E}' | '·' | '«' | '»' | '°' | '±' | '×' | '÷')
        || (is_full_width(c) && !crate::text::han::is_read(c) && c != '\u{3000}')
}

/// Removes the marks from the parser's events.
pub(super) fn remove_marks(events: &mut [Event<'_>]) {
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
        // The same at the ends of lines.
        assert_eq!(
            html("**真，**\n她说**“好。”**\n完"),
            "<strong>真，</strong>她说<strong>“好。”</strong>完"
        );
    }

    #[test]
    fn other_runs_are_no_emphasis() {
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
            prop_assert_eq!(&*insert_marks(&text), text.as_str());
        }
    }
}
