//! Normalizes texts, cuts them into tokens and finds words in them.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;
use unicode_normalization::{UnicodeNormalization, is_nfkc};

use crate::text::han::{self, simplified};

/// True if a text has the word. A word in Latin letters must stand by itself: `sues` is not in
/// `issues`.
pub(super) fn mentions(text: &str, word: &str) -> bool {
    if !word.starts_with(|c: char| c.is_ascii()) {
        return text.contains(word);
    }
    text.match_indices(word).any(|(at, _)| {
        let is_letter = |c: char| c.is_ascii_alphanumeric();
        !text[..at].ends_with(is_letter) && !text[at + word.len()..].starts_with(is_letter)
    })
}

/// The exact facts of a text: numbers and names, as sorted tokens.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) numbers: Vec<u64>,
    /// Latin words; in Chinese titles these are names of companies and products.
    pub(super) names: Vec<u64>,
}

impl Facts {
    pub(super) fn sorted(self) -> Self {
        Self { numbers: sorted(self.numbers), names: sorted(self.names) }
    }
}

/// The token of two Han characters.
pub(super) fn bigram(before: char, c: char) -> u64 {
    (u64::from(u32::from(before)) << 32) | u64::from(u32::from(c))
}

/// True if a sorted list has a token.
pub(super) fn holds(sorted: &[u64], token: u64) -> bool {
    sorted.binary_search(&token).is_ok()
}

/// Words that Taiwan writes in other characters than the mainland, both normalized.
const REGIONAL: [(&str, &str); 10] = [
    ("辉达", "英伟达"),
    ("阿特曼", "奥特曼"),
    ("晶片", "芯片"),
    ("网路", "网络"),
    ("软体", "软件"),
    ("硬体", "硬件"),
    ("影片", "视频"),
    ("人工智慧", "人工智能"),
    ("半导体厂", "半导体公司"),
    ("伺服器", "服务器"),
];

/// Normalizes a text: NFKC, lower case, Simplified characters, words of the mainland.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let push = |folded: &mut String, c: char| {
        if han::is_han(c) {
            folded.push(simplified(c));
        } else if c.is_ascii() {
            folded.push(c.to_ascii_lowercase());
        } else {
            folded.extend(c.to_lowercase());
        }
    };
    if text.chars().all(|c| simple_nfkc(c).is_some()) {
        text.chars().filter_map(simple_nfkc).for_each(|c| push(&mut folded, c));
    } else if is_nfkc(text) {
        text.chars().for_each(|c| push(&mut folded, c));
    } else {
        text.nfkc().for_each(|c| push(&mut folded, c));
    }
    for (regional, word) in REGIONAL {
        if folded.contains(regional) {
            folded = folded.replace(regional, word);
        }
    }
    folded
}

/// The NFKC form of a character of which almost all Chinese titles consist, whatever stands beside
/// it: ASCII, Han, their punctuation and full-width forms. `None` for all others.
fn simple_nfkc(c: char) -> Option<char> {
    match c {
        '\0'..='\x7F' | '一'..='\u{9FFF}' | '、' | '。' | '《'..='】' | '‘'..='”' | '—' => Some(c),
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0),
        _ => None,
    }
}

/// Returns the tokens of a text: bigrams of Han characters, words and numbers. Words and numbers
/// are also returned as facts.
pub(super) fn tokenize(text: &str) -> (Vec<u64>, Facts) {
    let mut tokens = Vec::with_capacity(text.len() / 3);
    let mut facts = Facts::default();
    let mut before = None;
    let mut characters = text.char_indices().peekable();
    while let Some((start, c)) = characters.next() {
        if han::is_han(c) {
            if let Some(before) = before {
                tokens.push(bigram(before, c));
            }
            before = Some(c);
            continue;
        }
        before = None;
        let is_number = c.is_ascii_digit();
        if !is_number && !c.is_alphabetic() {
            continue;
        }
        let mut end = start + c.len_utf8();
        while let Some(&(at, next)) = characters.peek() {
            let inside = if is_number {
                next.is_ascii_digit()
                    || (next == '.' && text[at + 1..].starts_with(|c: char| c.is_ascii_digit()))
            } else {
                next.is_alphabetic() && !han::is_han(next)
            };
            if !inside {
                break;
            }
            end = at + next.len_utf8();
            characters.next();
        }
        let word = &text[start..end];
        if !is_number && word.len() < 2 {
            continue;
        }
        let mut hasher = FxHasher::default();
        word.hash(&mut hasher);
        // The highest bit distinguishes words from bigrams, whose upper half is a character.
        let token = hasher.finish() | (1 << 63);
        tokens.push(token);
        if is_number { facts.numbers.push(token) } else { facts.names.push(token) }
    }
    (tokens, facts)
}

/// Sorts tokens and removes duplicates.
pub(super) fn sorted(mut tokens: Vec<u64>) -> Vec<u64> {
    tokens.sort_unstable();
    tokens.dedup();
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_tokenized_into_bigrams_words_and_numbers() {
        let (tokens, facts) = tokenize(&fold("OpenAI發布 GPT-4.5，售價20美元"));
        assert_eq!((facts.names.len(), facts.numbers.len()), (2, 2));
        // 发布 售价 美元, two words, two numbers.
        assert_eq!(tokens.len(), 7);
        assert_eq!(tokenize(&fold("发布")).0, tokenize(&fold("發布")).0);
    }

    #[test]
    fn words_of_taiwan_are_those_of_the_mainland() {
        for (a, b) in [
            ("輝達晶片", "英伟达芯片"),
            ("人工智慧", "人工智能"),
            ("軟體與網路", "软件与网络"),
            ("ＡＩ伺服器", "ai服务器"),
        ] {
            assert_eq!(fold(a), b);
        }
    }

    #[test]
    fn simple_characters_have_the_nfkc_form_of_unicode() {
        let simple: String = ('\0'..=char::MAX).filter(|&c| simple_nfkc(c).is_some()).collect();
        assert!(simple.chars().count() > 21_000);
        let normalized: String = simple.chars().filter_map(simple_nfkc).collect();
        assert_eq!(normalized, simple.nfkc().collect::<String>());
        assert_eq!(fold("１＋（Ａ）é＂"), "1+(a)é\"");
    }

    #[test]
    fn a_latin_word_stands_by_itself() {
        for (text, word, found) in [
            ("kelvane sues dunmore", "sues", true),
            ("open issues", "sues", false),
            ("kelvane suesx", "sues", false),
            ("星海sues云岚", "sues", true),
            ("issues and sues", "sues", true),
            ("星海科技召回充电宝", "召回", true),
            ("星海科技", "召回", false),
        ] {
            assert_eq!(mentions(text, word), found, "{text} {word}");
        }
    }

    #[test]
    fn tokens_are_equal_for_equal_words_only() {
        let tokens = |text: &str| tokenize(text).0;
        assert_eq!(tokens("甲乙丙"), [0x7532_0000_4E59, 0x4E59_0000_4E19]);
        for (text, count, numbers, names) in [
            ("", 0, 0, 0),
            ("a", 0, 0, 0),
            ("ab", 1, 0, 1),
            ("5", 1, 1, 0),
            ("4.5", 1, 1, 0),
            ("4.", 1, 1, 0),
            ("4.5.6", 1, 1, 0),
            ("4 5", 2, 2, 0),
            ("4ab", 2, 1, 1),
            ("ab甲", 1, 0, 1),
            ("甲-乙", 0, 0, 0),
            ("甲乙ab丙丁", 3, 0, 1),
        ] {
            let (tokens, facts) = tokenize(text);
            assert_eq!(
                (tokens.len(), facts.numbers.len(), facts.names.len()),
                (count, numbers, names),
                "{text}"
            );
        }
        for (a, b) in [("5", "6"), ("4.5", "4.6"), ("ab", "ac"), ("ab", "abc"), ("15", "1")] {
            assert_ne!(tokens(a), tokens(b), "{a} {b}");
        }
        assert_eq!(tokens("4."), tokens("4"));
        assert_eq!(tokens("甲ab"), tokens("ab"));
        for word in ["ab", "ac", "ad", "ae", "af", "ag", "1", "2", "3", "4"] {
            assert_eq!(tokens(word)[0] >> 63, 1, "{word}");
        }
    }

    #[test]
    fn facts_are_sorted_and_each_is_kept_once() {
        assert_eq!(sorted(vec![3, 1, 3, 2]), [1, 2, 3]);
        let facts = Facts { numbers: vec![2, 1, 2], names: vec![3, 3] }.sorted();
        assert_eq!((facts.numbers, facts.names), (vec![1, 2], vec![3]));
    }
}
