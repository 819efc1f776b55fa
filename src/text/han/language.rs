//! Detects passages in another language than the page's.

use crate::text::han::{is_full_width, is_han};

/// English function words. No other language of the news shares two of them.
const FUNCTION_WORDS: [&str; 28] = [
    "the", "of", "and", "to", "in", "for", "is", "with", "on", "by", "from", "that", "it", "this", "are",
    "was", "as", "at", "be", "we", "you", "has", "have", "not", "its", "how", "what", "your",
];

/// The BCP 47 tag of a passage's language, for `lang` attributes; `None` if it is the language of
/// `page` (`zh-CN`, `en`) or not certain.
///
/// WCAG 2.2 (3.1.2) asks for `lang` on passages and phrases, not on names: `PyTorch 2.14` in a
/// Chinese text has no language of its own. A passage is English with at least four words, two of
/// them function words, and no Han; Japanese with kana (at least four, since Chinese borrows single
/// ones); Korean with Hangul. Han in an English page is Chinese.
#[must_use]
pub fn of_passage(text: &str, page: &str) -> Option<&'static str> {
    let (mut han, mut kana, mut hangul, mut latin) = (0_usize, 0_usize, 0_usize, 0_usize);
    for c in text.chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '\u{C0}'..='\u{24F}' => latin += 1,
            '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' => kana += 1,
            '\u{AC00}'..='\u{D7A3}' => hangul += 1,
            c if is_han(c) => han += 1,
            _ => {}
        }
    }
    let found = if kana >= 4 && kana * 5 >= han {
        "ja"
    } else if hangul >= 4 && hangul > han {
        "ko"
    } else if han == 0 && kana == 0 && hangul == 0 && is_english(text) {
        "en"
    } else if han >= 2 && han * 2 > latin / 2 {
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
    fn the_pages_own_language_has_no_tag() {
        assert_eq!(of_passage("The model is trained on tokens.", "en"), None);
        assert_eq!(of_passage("模型已经发布", "zh-TW"), None);
        assert_eq!(of_passage("模型已经发布", "en"), Some("zh"));
        assert_eq!(of_passage("The lab 智谱 released a model", "en"), None);
    }
}
