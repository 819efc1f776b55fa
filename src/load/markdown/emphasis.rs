//! Makes emphasis work in text of Chinese, Japanese and Korean.
//!
//! CommonMark decides by the spaces and punctuation around `*` whether it opens or closes emphasis
//! (0.31.2, section 6.2). Chinese is written without spaces, so nothing closes in `**真，**她`: the
//! run follows punctuation and is followed by a letter. The CJK-friendly amendments
//! (<https://github.com/tats-u/markdown-cjk-friendly>, section 6.2) treat CJK punctuation as a
//! letter, and accept a CJK character instead of the space on the other side of other punctuation.
//! The parser has no such rule. Marks between a run and the signs beside it have the same effect;
//! they are removed from the parser's events.
//!
//! The amendments only make more runs open *and* close, so a run needs marks if it should do both
//! and has punctuation beside it. Beyond the amendments, an emoji sequence is one sign, and the `*`
//! of a keycap (`*️⃣`) is no delimiter.

use std::borrow::Cow;

use pulldown_cmark::{CowStr, Event, Tag};

use crate::load::markdown::signs::{Sign, begins_with_keycap, is_cjk};

/// Characters of the marks: noncharacters (Unicode 23.7, never to be interchanged). The parser
/// takes them for letters.
pub(super) const RESERVED: [char; 3] = ['\u{FDD0}', '\u{FDD1}', '\u{FDD2}'];

/// The mark that is a letter to the parser.
pub(super) const LETTER: &str = "\u{FDD0}";
/// The marks that are white space to the parser, before and behind a `*`. Only ASCII white space
/// would end the address of a link.
const SPACES: [&str; 2] = ["\u{FDD1}\u{2003}", "\u{2003}\u{FDD1}"];
/// The marks that are punctuation to the parser, before and behind a `_`, and a letter on the other
/// side.
const PUNCTUATION: [&str; 2] = ["\u{FDD2}\u{2055}", "\u{2055}\u{FDD2}"];

/// All marks.
const MARKS: [&str; 5] = [LETTER, SPACES[0], SPACES[1], PUNCTUATION[0], PUNCTUATION[1]];

/// The length in bytes of the mark that a text begins with; 0 if it begins with none.
pub(super) fn mark_length(text: &str) -> usize {
    MARKS.iter().find(|mark| text.starts_with(**mark)).map_or(0, |mark| mark.len())
}

/// Removes the characters of which marks consist.
pub(super) fn reserve_marks(text: &str) -> Cow<'_, str> {
    if text.contains(RESERVED) { text.replace(RESERVED, "").into() } else { Cow::Borrowed(text) }
}

/// Inserts marks beside delimiter runs. Text without CJK characters is returned unchanged. The text
/// has no characters of marks ([`reserve_marks`]).
pub(super) fn insert_marks(text: &str) -> Cow<'_, str> {
    if !text.contains(is_cjk) {
        return Cow::Borrowed(text);
    }
    let mut marked = String::new();
    let mut copied = 0;
    let mut insert = |place: usize, mark: &str| {
        if mark.is_empty() {
            return;
        }
        marked.push_str(&text[copied..place]);
        marked.push_str(mark);
        copied = place;
    };
    let mut at = 0;
    while let Some(found) = text[at..].find(['*', '_', '~']) {
        let start = at + found;
        let delimiter = text.as_bytes()[start];
        let length = text.as_bytes()[start..].iter().take_while(|byte| **byte == delimiter).count();
        at = start + length;
        let escapes = text.as_bytes()[..start].iter().rev().take_while(|byte| **byte == b'\\').count();
        let start = start + escapes % 2;
        let is_keycap = delimiter == b'*' && begins_with_keycap(&text[at..]);
        let end = if is_keycap { at - 1 } else { at };
        if start < end {
            let [before, after] = marks(delimiter, Sign::before(&text[..start]), Sign::after(&text[end..]));
            // A letter beside a `_` would join it to the word of another run: `**甲**_乙_`.
            let before =
                if before == LETTER && text[..start].ends_with('_') { PUNCTUATION[1] } else { before };
            let after = if after == LETTER && text[end..].starts_with('_') { PUNCTUATION[0] } else { after };
            insert(start, before);
            insert(end, after);
        }
        if is_keycap && start <= end {
            insert(end, SPACES[0]);
            insert(at, SPACES[1]);
        }
    }
    if marked.is_empty() {
        return Cow::Borrowed(text);
    }
    marked.push_str(&text[copied..]);
    Cow::Owned(marked)
}

/// Returns the marks before and behind a run; an empty text for none.
fn marks(delimiter: u8, before: Sign, after: Sign) -> [&'static str; 2] {
    let mark = |is_wanted: bool, mark: &'static str| if is_wanted { mark } else { "" };
    if delimiter == b'_' {
        // It opens after and closes before punctuation; the parser does not see that of a sequence.
        return [
            mark(before.is_sequence && before.is_punctuation, PUNCTUATION[0]),
            mark(after.is_sequence && after.is_punctuation, PUNCTUATION[1]),
        ];
    }
    // The parser and the amendments agree on all other runs.
    let is_amended = before.is_cjk || after.is_cjk || before.is_sequence;
    let is_wanted = is_amended && after.flanks(before) && before.flanks(after);
    [before, after].map(|sign| mark(is_wanted && sign.is_punctuation, LETTER))
}

/// Removes the marks from the parser's events.
pub(super) fn remove_marks(events: &mut [Event<'_>]) {
    let clean = |text: &mut CowStr<'_>| {
        if text.contains(RESERVED) {
            let cleaned = MARKS.iter().fold(text.to_string(), |text, mark| text.replace(mark, ""));
            *text = cleaned.into();
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
            | Event::Start(Tag::FootnoteDefinition(text) | Tag::Heading { id: Some(text), .. }) => {
                clean(text);
            }
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
    use pulldown_cmark::Parser;

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
            ("见**[报告](http://e/a)**全文", "见<strong><a href=\"http://e/a\">报告</a></strong>全文"),
            ("[见**“报告”**全文](http://e)", "<a href=\"http://e\">见<strong>“报告”</strong>全文</a>"),
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
        for text in [
            "3 * 4，5 * 6",
            "** 空格 **，",
            "一*",
            "~约~100",
            "涨3~5，跌6~8",
            "好的，~真的~。",
            "变量snake_case_名，和_私有变量",
            "**真“好”**A",
            "甲\\*乙*，",
            "按*\u{FE0F}\u{20E3}键，再按*\u{FE0F}\u{20E3}键",
        ] {
            let html = html(text);
            assert!(!["<strong>", "<em>", "<del>"].iter().any(|tag| html.contains(tag)), "{text}: {html}");
        }
        assert_eq!(html("\\*\\*，不是\\*\\*真"), "**，不是**真");
        assert_eq!(html("`**“代码”**很`"), "<code>**“代码”**很</code>");
    }

    /// Texts of symbols at the beginning, at the end and alone, of sequences and of letters.
    const INNER: &str = "🚀新模型 ✅完成 ↑3% GPT-4™ ★推荐★ 750€ ¥100 €5 100¥ ⭐2.5k ✅ ≈3 ≤5 ∞ ±2 ×2 ÷ √2 ∑ 25℃ 90° \
        ® ©2026 §5 ¶ †注 ₿1 £9 ₹9 ₩9 $9 9$ ^上 `码` █▒░ │框│ ■ ●要点 ♥ ♫ ⠿点字 ➤看 ✈ ☎ “引文” \
        ‘引文’ —破折 破折—— …省略… ·间隔· 「引」 『书』 《书》 （注） 【要点】 〔一〕 〈甲〉 \
        ・甲・ ～约～ ！ ＋1 ＠甲 ￥9 a+ (a) [a] #标签 @甲 a/b/ ❤\u{FE0F} ❤\u{FE0F}新 \
        1\u{FE0F}\u{20E3} #\u{FE0F}\u{20E3}标签 *\u{FE0F}\u{20E3}键 👍🏽 👩\u{200D}💻 🇨🇳 \
        🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F} 葛\u{E0100} 한국. 日本語。 \
        ﾆｭｰｽ｡ 佐々木、 ㄅㄆㄇ， ㈱甲 〇〇";

    /// Each delimiter around each inner text, with a CJK character or an end of the paragraph on
    /// either side.
    #[test]
    fn symbols_beside_cjk_are_punctuation() {
        for inner in INNER.split(' ') {
            let plain = html(inner);
            let check = |delimiter: &str, before: &str, after: &str| {
                let (opened, closed) = match delimiter {
                    "**" => ("<strong>", "</strong>"),
                    "*" => ("<em>", "</em>"),
                    "***" => ("<em><strong>", "</strong></em>"),
                    _ => ("<del>", "</del>"),
                };
                let text = format!("{before}{delimiter}{inner}{delimiter}{after}");
                assert_eq!(html(&text), format!("{before}{opened}{plain}{closed}{after}"), "{text}");
            };
            for delimiter in ["**", "*", "***", "~~"] {
                check(delimiter, "约", "，可");
            }
            check("**", "，", "的");
            check("**", "", "起");
            check("**", "价", "");
        }
        for (before, after) in
            [("는", "。"), ("カ", "ー"), ("ﾆ", "ｭ"), ("㈱", "㍿"), ("」", "「"), ("ㄅ", "々")]
        {
            for inner in ["🚀", "€5", "5€", "（注）", "“引”"] {
                let wanted = format!("{before}<strong>{inner}</strong>{after}");
                assert_eq!(html(&format!("{before}**{inner}**{after}")), wanted);
            }
        }
    }

    #[test]
    fn the_right_words_are_emphasised() {
        for (text, wanted) in [
            (
                "**¥100**起，**€5**起，**100¥**起",
                "<strong>¥100</strong>起，<strong>€5</strong>起，<strong>100¥</strong>起",
            ),
            ("约为 **750€**，可", "约为 <strong>750€</strong>，可"),
            ("**✅**，可", "<strong>✅</strong>，可"),
            ("**建设中 🚧**：开放", "<strong>建设中 🚧</strong>：开放"),
            ("a**🚀b**c", "a**🚀b**c"),
            ("❤\u{FE0F}**“甲”**乙", "❤\u{FE0F}<strong>“甲”</strong>乙"),
            ("，__甲__，", "，<strong>甲</strong>，"),
            ("“_甲_”，", "“<em>甲</em>”，"),
            ("。\u{FE01}__甲__。", "。\u{FE01}<strong>甲</strong>。"),
            ("。_甲_1\u{FE0F}\u{20E3}", "。<em>甲</em>1\u{FE0F}\u{20E3}"),
            ("**甲*\u{FE0F}\u{20E3}**乙", "<strong>甲*\u{FE0F}\u{20E3}</strong>乙"),
            ("甲\\\\**“乙”**丙", "甲\\<strong>“乙”</strong>丙"),
            ("**甲**_乙_", "<strong>甲</strong><em>乙</em>"),
            ("_甲_**乙**", "<em>甲</em><strong>乙</strong>"),
            ("_汉_*ー*々", "<em>汉</em><em>ー</em>々"),
            ("*🚀汉*_ーB_ 丙", "<em>🚀汉</em><em>ーB</em> 丙"),
            ("甲~~乙~~_丙_，", "甲<del>乙</del><em>丙</em>，"),
            ("__甲__~~乙~~丙", "<strong>甲</strong><del>乙</del>丙"),
            ("**_甲_**乙", "<strong><em>甲</em></strong>乙"),
            ("_**甲。**_ 乙", "<em><strong>甲。</strong></em> 乙"),
        ] {
            assert_eq!(html(text), wanted, "{text}");
        }
        let table = crate::load::markdown::tests::html("|甲|乙|\n|-|-|\n|**「一」**|*€5*|\n");
        assert!(table.contains("<td><strong>「一」</strong></td><td><em>€5</em></td>"), "{table}");
    }

    #[test]
    fn marks_stand_between_a_run_and_punctuation() {
        for (text, wanted) in [
            ("a**b，**c", "a**b，·**c"),
            ("甲**€乙", "甲**·€乙"),
            ("，**甲，**€", "，·**甲，·**·€"),
            ("甲**乙", "甲**乙"),
            ("a**€乙", "a**€乙"),
            ("甲|**，**|", "甲|**，**|"),
            ("甲\\*，", "甲\\*，"),
            ("甲\\**，", "甲\\*·*·，"),
            ("甲\\\\*，", "甲\\\\·*·，"),
            ("甲 **，", "甲 **，"),
        ] {
            assert_eq!(insert_marks(text).replace(LETTER, "·"), wanted, "{text}");
        }
        assert_eq!(insert_marks("甲*\u{20E3}"), format!("甲{}*{}\u{20E3}", SPACES[0], SPACES[1]));
        assert_eq!(insert_marks("甲。\u{FE01}_b"), format!("甲。\u{FE01}{}_b", PUNCTUATION[0]));
        assert_eq!(insert_marks("甲_1\u{20E3}"), format!("甲_{}1\u{20E3}", PUNCTUATION[1]));
        assert_eq!(insert_marks("甲_，"), "甲_，");
        assert_eq!(reserve_marks("a\u{FDD0}\u{FDD1}\u{FDD2}\u{FDD3}b"), "a\u{FDD3}b");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn no_mark_is_left(text in "([*~_`\\[\\]()<>\\\\a“”，。（）真 \n\u{FDD0}-\u{FDD2}\u{2003}\u{2055}|#{}€-]|\\*\u{FE0F}\u{20E3}|。\u{FE01}_){0,60}") {
            let base_url = BaseUrl::parse("https://example.org/").unwrap();
            let rendered = render(&text, &options(&base_url)).unwrap();
            let count = |text: &str| text.chars().filter(|c| matches!(c, '\u{2003}' | '\u{2055}')).count();
            let html = rendered.html.unwrap_or_default();
            prop_assert!(!html.contains(RESERVED) && !rendered.excerpt.contains(RESERVED));
            prop_assert!(count(&html) <= count(&text), "{}", html);
        }

        #[test]
        fn text_without_cjk_is_left_to_the_parser(text in "([\u{1}-\u{2FF}“”…£€★🚀❤ ]|[*_~]{1,3}|\u{FE0F}\u{20E3}|\u{200D}){0,60}") {
            prop_assert_eq!(&*insert_marks(&text), text.as_str());
        }

        /// A run of `*` or `~~` beside a run of `_` takes no emphasis from it.
        #[test]
        fn runs_that_touch_keep_their_emphasis(outer in "\\*\\*?|~~", first in "[甲€，]{1,2}", second in "[甲€，]{1,2}") {
            for text in [format!("{outer}{first}{outer}_{second}_ 完"), format!("完 _{first}_{outer}{second}{outer}")] {
                let count = |text: &str| {
                    let events = Parser::new_ext(text, crate::load::markdown::OPTIONS);
                    events.filter(|event| matches!(event, Event::Start(Tag::Emphasis))).count()
                };
                prop_assert!(count(&insert_marks(&text)) >= count(&text), "{}", text);
            }
        }

        /// The amendments change nothing where no CJK character is beside a run, also if the text
        /// has some elsewhere.
        #[test]
        fn runs_without_cjk_beside_them_are_those_of_the_parser(text in "([ab .,!()“”€★]|[*_~]{1,3}){0,40}") {
            let with = format!("{text}\n\n中文\n");
            let marked = insert_marks(&with);
            let mut events: Vec<_> = Parser::new_ext(&marked, crate::load::markdown::OPTIONS).collect();
            remove_marks(&mut events);
            let plain: Vec<_> = Parser::new_ext(&with, crate::load::markdown::OPTIONS).collect();
            prop_assert_eq!(events, plain);
        }
    }
}
