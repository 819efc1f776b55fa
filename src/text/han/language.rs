//! Detects passages in another language than the page's.

use crate::text::han::{is_full_width, is_han};

/// English function words. No other language of the news shares two of them.
const FUNCTION_WORDS: [&str; 28] = [
    "the", "of", "and", "to", "in", "for", "is", "with", "on", "by", "from", "that", "it", "this", "are",
    "was", "as", "at", "be", "we", "you", "has", "have", "not", "its", "how", "what", "your",
];

/// Letters of a passage by script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Letters {
    latin: usize,
    han: usize,
    kana: usize,
    /// Hiragana without の, which Chinese uses as an ornament: they spell grammar.
    hiragana: usize,
    hangul: usize,
}

impl Letters {
    fn of(characters: impl Iterator<Item = char>) -> Self {
        let mut letters = Self::default();
        for c in characters {
            match c {
                'a'..='z' | 'A'..='Z' | '\u{C0}'..='\u{24F}' => letters.latin += 1,
                '\u{3041}'..='\u{3096}' => {
                    letters.kana += 1;
                    letters.hiragana += usize::from(c != 'の');
                }
                '\u{30A1}'..='\u{30FA}' => letters.kana += 1,
                '\u{AC00}'..='\u{D7A3}' => letters.hangul += 1,
                c if is_han(c) => letters.han += 1,
                _ => {}
            }
        }
        letters
    }
}

/// Whether no Japanese text has this Han character: it is not in Shift_JIS (JIS X 0208), which has
/// the simplified characters that Japanese shares (国, 学) and not the others (发, 购, 买).
fn is_chinese_only(c: char) -> bool {
    // Japanese writes these, and Shift_JIS has no code for them.
    is_han(c)
        && !matches!(c, '𠮷' | '𠮟' | '剝' | '塡' | '頰' | '瘦' | '繫')
        && encoding_rs::SHIFT_JIS.encode(c.encode_utf8(&mut [0; 4])).2
}

/// The characters of a text outside of quotation marks and brackets, where names and titles of
/// another language stand.
fn unquoted(text: &str) -> impl Iterator<Item = char> {
    let mut depth = 0_usize;
    let mut in_straight = false;
    text.chars().filter(move |c| {
        match c {
            '“' | '‘' | '「' | '『' | '《' | '〈' | '（' | '(' | '【' | '[' => depth += 1,
            '”' | '’' | '」' | '』' | '》' | '〉' | '）' | ')' | '】' | ']' => {
                depth = depth.saturating_sub(1);
            }
            '"' => in_straight = !in_straight,
            _ => {}
        }
        depth == 0 && !in_straight
    })
}

/// The BCP 47 tag of a passage's language, for `lang` attributes; `None` if it is the language of
/// `page` (`zh-CN`, `en`) or not certain.
///
/// WCAG 2.2 (3.1.2) asks for `lang` on passages and phrases, not on names: `PyTorch 2.14` in a
/// Chinese text has no language of its own. The letters outside of quotation marks decide, if there
/// are any. A passage is English with at least four words, two of them function words, and no Han;
/// Japanese with at least four kana, a quarter of its Han and kana, among them hiragana, and no Han
/// that only Chinese has; Korean with at least four Hangul, more than Han. Han in an English page
/// is Chinese, except beside kana.
#[must_use]
pub fn of_passage(text: &str, page: &str) -> Option<&'static str> {
    let all = Letters::of(text.chars());
    // Quotation marks matter beside kana and Hangul only.
    let outside = if all.kana + all.hangul > 0 { Letters::of(unquoted(text)) } else { all };
    let is_quoted = outside.han + outside.kana + outside.hangul == 0;
    let own = if is_quoted { all } else { outside };
    // Encoding each character takes long, and most passages have no kana.
    let is_chinese = own.kana == 0
        || if is_quoted { text.chars().any(is_chinese_only) } else { unquoted(text).any(is_chinese_only) };
    let is_japanese = own.hiragana > 0 && own.kana * 3 >= own.han && !is_chinese;
    let found = if all.kana >= 4 && is_japanese {
        "ja"
    } else if all.hangul >= 4 && own.hangul > own.han {
        "ko"
    } else if all.han == 0 && all.kana == 0 && all.hangul == 0 && is_english(text) {
        "en"
    } else if all.han >= 2 && all.han * 2 > all.latin / 2 && (is_chinese || all.kana < 4) {
        "zh"
    } else {
        return None;
    };
    (page.split('-').next() != Some(found)).then_some(found)
}

fn is_english(text: &str) -> bool {
    let mut words = 0_usize;
    let mut function_words = 0_usize;
    for word in text.split(|c: char| !c.is_alphabetic() && c != '\'' && c != '’') {
        if word.is_empty() || word.chars().any(is_full_width) {
            continue;
        }
        words += 1;
        function_words += usize::from(FUNCTION_WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)));
    }
    words >= 4 && function_words >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passages_in_another_language_are_detected() {
        for (text, language) in [
            ("The model is trained on 15 trillion tokens.", Some("en")),
            ("Introducing the next generation of Claude", Some("en")),
            ("生成AIの利用が広がっています。", Some("ja")),
            ("인공지능 반도체 시장", Some("ko")),
            ("OpenAI 发布 GPT-4o：the model 一词", None),
            ("PyTorch 2.14", None),
            ("Claude 3.5 Sonnet, GPT-4o, Gemini 1.5 Pro", None),
            ("鲜の每日", None),
            ("Le modèle est plus petit que les autres", None),
            ("", None),
        ] {
            assert_eq!(of_passage(text, "zh-CN"), language, "{text}");
        }
    }

    #[test]
    fn a_foreign_name_makes_no_chinese_passage_foreign() {
        for text in [
            "任天堂发布『ゼルダの伝説』新作，国内玩家可在九月购买。",
            "任天堂發佈『ゼルダの伝説』新作，國內玩家可在九月購買。",
            "任天堂发布ゼルダの伝説新作，国内玩家可在九月购买。",
            "『ゼルダの伝説 ティアーズ オブ ザ キングダム』将于九月发售",
            "「ゼルダの伝説 ティアーズ オブ ザ キングダム」將於九月發售",
            "索尼推出“プレイステーション”纪念版",
            "新海诚新作《すずめの戸締まり》票房破亿",
            "新海誠新作《すずめの戸締まり》票房破億",
            "宫崎骏（みやざき はやお）宣布复出",
            "软银推出 \"ソフトバンクでんき\" 服务",
            "ゼルダの伝説系列銷量破億",
            "ガンダム 劇場版",
            "かわいい风格的插画模型开源",
            "三星发布“갤럭시 언팩”新品",
            "三星推出『갤럭시 스튜디오 익스피리언스』",
            "三星推出갤럭시",
            "鲜の每日の优选の好物の",
        ] {
            assert_eq!(of_passage(text, "zh-CN"), None, "{text}");
        }
        for text in [
            "任天堂发布『ゼルダの伝説』新作",
            "任天堂發佈『ゼルダの伝説』新作",
            "三星推出『갤럭시 스튜디오 익스피리언스』",
        ] {
            assert_eq!(of_passage(text, "en"), Some("zh"), "{text}");
        }
        // Uncertain: Japanese or Chinese.
        assert_eq!(of_passage("東京電力福島第一原子力発電所の処理水海洋放出について", "en"), None);
    }

    #[test]
    fn japanese_and_korean_passages_are_detected_beside_foreign_names() {
        for (text, language) in [
            ("任天堂は新作『ゼルダの伝説』を発表した。", "ja"),
            ("OpenAI、新モデル「GPT-5」を発表", "ja"),
            ("百度は「文心一言」を公開した。", "ja"),
            ("中国の《人民日报》が伝えた。", "ja"),
            ("「生成AIの利用が広がっている」", "ja"),
            ("これはペンです", "ja"),
            ("国会で学会の会長が来週話す", "ja"),
            ("彼は𠮷野家で叱られたという", "ja"),
            ("삼성전자, ‘갤럭시 S26’ 공개", "ko"),
            ("'화웨이(华为)' 신제품 발표", "ko"),
            ("“인공지능 반도체”", "ko"),
        ] {
            assert_eq!(of_passage(text, "zh-CN"), Some(language), "{text}");
        }
    }

    #[test]
    fn letters_are_counted_by_script() {
        let letters = |text: &str| Letters::of(text.chars());
        assert_eq!(
            letters("aé发国のあア가1，"),
            Letters { latin: 2, han: 2, kana: 3, hiragana: 1, hangul: 1 }
        );
        for (text, kept) in [
            ("甲“乙”丙", "甲”丙"),
            ("甲「乙『丙』丁」戊", "甲」戊"),
            ("甲\"乙\"丙", "甲\"丙"),
            ("甲」乙", "甲」乙"),
            ("甲（乙", "甲"),
        ] {
            assert_eq!(unquoted(text).collect::<String>(), kept, "{text}");
        }
        assert!("发购买们这个为".chars().filter(|c| *c != '个').all(is_chinese_only));
        assert!(!"国学会来点万𠮷剝発売".chars().any(is_chinese_only));
    }

    #[test]
    fn the_pages_own_language_has_no_tag() {
        assert_eq!(of_passage("The model is trained on tokens.", "en"), None);
        assert_eq!(of_passage("模型已经发布", "zh-TW"), None);
        assert_eq!(of_passage("模型已经发布", "en"), Some("zh"));
        for (text, language) in [
            ("模", None),
            ("模型 abcdefg", Some("zh")),
            ("模型 abcdefgh", None),
            ("模型吧 abcdefghijk", Some("zh")),
            ("模型吧 abcdefghijkl", None),
            ("인공지능 中国市", Some("ko")),
            ("인공지능 中国市场", Some("zh")),
            ("東京電力福島第一原子力発電所について", None),
        ] {
            assert_eq!(of_passage(text, "en"), language, "{text}");
        }
        for (text, language) in [
            ("the model of", None),
            ("the, of -- model", None),
            ("the model of it", Some("en")),
            ("the model makes text", None),
        ] {
            assert_eq!(of_passage(text, "zh-CN"), language, "{text}");
        }
        assert_eq!(of_passage("The lab 智谱 released a model", "en"), None);
    }
}
