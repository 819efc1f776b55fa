//! Folding: what a text and a query are made of before they are compared, by rules that a browser knows as well.
//!
//! Each character with the marks on it is put in Unicode's NFKC form (full width, ligatures, circled numbers), in lower
//! case, and in Simplified Chinese; invisible characters are nothing. A browser does the same with `normalize`,
//! `toLowerCase` and the table in [`table`]. It goes character by character in both, since the rules for whole texts (a sigma at the
//! end of a word) would differ.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::text::han;
use crate::text::invisible::is_invisible;

/// What a folded character is to a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folded {
    /// Han or kana: a unit by itself.
    Wide(char),
    /// A letter: part of a word.
    Letter(char),
    /// A digit: part of a number.
    Digit(char),
    /// A dot: part of a number if it stands between two digits, else as any other sign.
    Dot,
    /// A mark that no composed letter has taken in: part of the word it stands in, else nothing.
    Mark(char),
    /// `+` and `#`: part of the word before them (C++, C#), else as any other sign.
    Sign(char),
    /// White space.
    Space,
    /// Between two blocks of text.
    Break,
    /// Invisible.
    Nothing,
    /// Anything else.
    Other,
}

/// Stands between blocks: U+2029, PARAGRAPH SEPARATOR.
pub const BREAK: char = '\u{2029}';

/// Folds a text and hands over what each character became.
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
            cluster.nfkc().flat_map(char::to_lowercase).for_each(|c| then(class(c)));
            continue;
        }
        match c {
            'a'..='z' => then(Folded::Letter(c)),
            '0'..='9' => then(Folded::Digit(c)),
            'A'..='Z' => then(Folded::Letter(c.to_ascii_lowercase())),
            '\u{4E00}'..='\u{9FFF}' => then(Folded::Wide(han::simplified(c))),
            '，' | '。' | '、' | '“' | '”' => then(Folded::Other),
            '\0'..='\x7F' => then(class(c)),
            _ => std::iter::once(c).nfkc().flat_map(char::to_lowercase).for_each(|c| then(class(c))),
        }
    }
}

/// What Unicode composes with the character before it, the vowels and finals of Hangul and the half-width marks of kana included.
fn is_mark(c: char) -> bool {
    match c {
        // Most of what there is holds none: a look at two numbers is quicker than one at a table.
        '\0'..='\u{2FF}' | '\u{3100}'..='\u{9FFF}' => false,
        '\u{1160}'..='\u{11FF}' | '\u{FF9E}' | '\u{FF9F}' => true,
        _ => is_combining_mark(c),
    }
}

/// Of a character in its NFKC form and lower case.
fn class(c: char) -> Folded {
    if c == BREAK {
        Folded::Break
    } else if c.is_whitespace() {
        Folded::Space
    } else if han::is_read(c) {
        Folded::Wide(han::simplified(c))
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

/// The characters whose Simplified form is another, and these forms, in the same order: for browsers.
#[must_use]
pub fn table() -> &'static str {
    static TABLE: LazyLock<String> = LazyLock::new(make_table);
    &TABLE
}

fn make_table() -> String {
    let differing = ('\u{3400}'..='\u{9FFF}').filter(|&c| han::simplified(c) != c);
    let (written, meant): (String, String) = differing.map(|c| (c, han::simplified(c))).unzip();
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
    fn width_case_script_and_invisible_marks_make_no_difference() {
        assert_eq!(folded("ＧＰＴ－４，ChatGPT"), "gpt.4.chatgpt");
        assert_eq!(folded("機器學習\u{200B}模型"), "机器学习模型");
        assert_eq!(folded("Cafe\u{301} ÉCOLE"), "caf\u{e9} \u{e9}cole");
        assert_eq!(folded("ｶﾞｲﾄﾞ \u{1112}\u{1161}\u{11AB}"), folded("ガイド 한"));
        assert_eq!(folded("C++ ①㎏\u{2029}x"), "c++ 1kg|x");
    }

    #[test]
    fn folding_twice_is_folding_once() {
        for c in ('\0'..='\u{FFFF}').filter(|&c| c != BREAK) {
            let once = folded(&c.to_string());
            // A sign becomes a dot here, and a dot stays one.
            assert_eq!(folded(&once), once, "{c:?}");
        }
    }

    #[test]
    fn the_table_for_browsers_pairs_characters() {
        let table = table();
        let lines: Vec<Vec<char>> = table.lines().map(|line| line.chars().collect()).collect();
        assert_eq!((lines.len(), lines[0].len()), (2, lines[1].len()));
        let place = lines[0].iter().position(|&c| c == '機').unwrap();
        assert_eq!(lines[1][place], '机');
    }
}
