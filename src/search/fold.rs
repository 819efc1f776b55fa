//! Folds texts and queries before they are compared, by rules that a browser can apply as well.
//!
//! Each character, with the combining marks on it, is put into Unicode's NFKC form (full width,
//! ligatures, circled numbers), into lower case, and into the character that stands for all its
//! Traditional, Simplified and regional variants; invisible characters are dropped. A browser does
//! the same with `normalize`, `toLowerCase` and the table of [`table`]. Both fold character by
//! character, since the rules for whole texts (a sigma at the end of a word) would differ.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::text::han;
use crate::text::invisible::is_invisible;

/// A folded character, by its role in a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folded {
    /// A Han character or kana: a unit by itself.
    Wide(char),
    /// A letter: part of a word.
    Letter(char),
    /// A digit: part of a number.
    Digit(char),
    /// A dot: part of a number if it is between two digits, else like [`Other`](Self::Other).
    Dot,
    /// A combining mark that is in no composed letter: part of the word before it, else ignored.
    Mark(char),
    /// `+` or `#`: part of the word before it (C++, C#), else like [`Other`](Self::Other).
    Sign(char),
    /// White space.
    Space,
    /// The boundary of two blocks of text: [`BREAK`].
    Break,
    /// An invisible character: ignored.
    Nothing,
    /// Any other character, such as punctuation.
    Other,
}

/// Separates blocks of text: U+2029, PARAGRAPH SEPARATOR.
pub const BREAK: char = '\u{2029}';

/// Folds a text and calls `then` with each folded character, in order.
pub fn fold(text: &str, mut then: impl FnMut(Folded)) {
    let mut characters = text.chars().peekable();
    let mut cluster = String::new();
    while let Some(c) = characters.next() {
        if characters.peek().is_some_and(|&next| is_mark(next)) {
            cluster.clear();
            cluster.push(c);
            while let Some(mark) = characters.next_if(|&next| is_mark(next)) {
                cluster.push(mark);
            }
            cluster.nfkc().flat_map(char::to_lowercase).for_each(|c| then(classify(c)));
            continue;
        }
        match c {
            'a'..='z' => then(Folded::Letter(c)),
            '0'..='9' => then(Folded::Digit(c)),
            'A'..='Z' => then(Folded::Letter(c.to_ascii_lowercase())),
            '\u{4E00}'..='\u{9FFF}' => then(Folded::Wide(han::folded(c))),
            '，' | '。' | '、' | '“' | '”' => then(Folded::Other),
            '\0'..='\x7F' => then(classify(c)),
            _ => std::iter::once(c).nfkc().flat_map(char::to_lowercase).for_each(|c| then(classify(c))),
        }
    }
}

/// True if Unicode composes a character with the one before it, including the vowels and finals of
/// Hangul and the half-width marks of kana.
fn is_mark(c: char) -> bool {
    match c {
        // Most texts have no marks: comparing two numbers is faster than searching a table.
        '\0'..='\u{2FF}' | '\u{3100}'..='\u{9FFF}' => false,
        '\u{1160}'..='\u{11FF}' | '\u{FF9E}' | '\u{FF9F}' => true,
        _ => is_combining_mark(c),
    }
}

/// Classifies a character that is in NFKC form and lower case.
fn classify(c: char) -> Folded {
    if c == BREAK {
        Folded::Break
    } else if c.is_whitespace() {
        Folded::Space
    } else if han::is_read(c) {
        Folded::Wide(han::folded(c))
    } else if c.is_numeric() {
        Folded::Digit(c)
    } else if c.is_alphabetic() {
        Folded::Letter(c)
    } else if c == '.' {
        Folded::Dot
    } else if is_mark(c) {
        Folded::Mark(c)
    } else if matches!(c, '+' | '#') {
        Folded::Sign(c)
    } else if is_invisible(c) {
        Folded::Nothing
    } else {
        Folded::Other
    }
}

/// The folding of Han characters for browsers: one line with the characters that it changes, and one
/// with the characters that stand for them, in the same order.
#[must_use]
pub fn table() -> &'static str {
    static TABLE: LazyLock<String> = LazyLock::new(make_table);
    &TABLE
}

fn make_table() -> String {
    let han = ('\u{3400}'..='\u{9FFF}').chain('\u{20000}'..='\u{323AF}');
    let (written, meant): (String, String) =
        han.map(|c| (c, han::folded(c))).filter(|(c, folded)| c != folded).unzip();
    format!("{written}\n{meant}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        let mut folded = String::new();
        fold(text, |found| match found {
            Folded::Wide(c) | Folded::Letter(c) | Folded::Digit(c) | Folded::Mark(c) | Folded::Sign(c) => {
                folded.push(c);
            }
            Folded::Nothing => {}
            Folded::Space => folded.push(' '),
            Folded::Break => folded.push('|'),
            Folded::Other | Folded::Dot => folded.push('.'),
        });
        folded
    }

    #[test]
    fn width_case_script_and_invisible_characters_are_folded() {
        assert_eq!(folded("ＧＰＴ－４，ChatGPT"), "gpt.4.chatgpt");
        assert_eq!(folded("機器學習\u{200B}模型"), "机器学习模型");
        assert_eq!(folded("Cafe\u{301} ÉCOLE"), "caf\u{e9} \u{e9}cole");
        assert_eq!(folded("ｶﾞｲﾄﾞ \u{1112}\u{1161}\u{11AB}"), folded("ガイド 한"));
        assert_eq!(folded("C++ ①㎏\u{2029}x"), "c++ 1kg|x");
    }

    #[test]
    fn folding_twice_is_folding_once() {
        let characters = ('\0'..='\u{FFFF}').chain('\u{20000}'..='\u{323AF}');
        for c in characters.filter(|&c| c != BREAK) {
            let once = folded(&c.to_string());
            // `folded` writes other characters as dots, and dots as dots.
            assert_eq!(folded(&once), once, "{c:?}");
        }
    }

    #[test]
    fn the_table_for_browsers_has_two_lines_of_equal_length() {
        let table = table();
        let lines: Vec<Vec<char>> = table.lines().map(|line| line.chars().collect()).collect();
        assert_eq!((lines.len(), lines[0].len()), (2, lines[1].len()));
        for (written, meant) in [('機', '机'), ('著', '着'), ('衞', '卫'), ('𣲘', '潕')] {
            let place = lines[0].iter().position(|&c| c == written).unwrap();
            assert_eq!(lines[1][place], meant);
        }
    }
}
