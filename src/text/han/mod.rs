//! Classifies Han characters, estimates reading time and makes excerpts.

pub mod language;
mod simplified;

use serde::{Deserialize, Serialize};

pub use simplified::{folded, simplified};

/// Whether a character fills a full-width cell and takes no space beside it: Han, kana, bopomofo
/// and full-width punctuation. Hangul is full-width, too, but Korean separates words by spaces.
#[must_use]
pub fn is_full_width(c: char) -> bool {
    is_han(c)
        || matches!(c,
            '\u{3000}'..='\u{30FF}' | '\u{3100}'..='\u{312F}' | '\u{31A0}'..='\u{31FF}' | '\u{FE30}'..='\u{FE4F}'
            | '\u{FF01}'..='\u{FF60}' | '\u{FFE0}'..='\u{FFE6}')
}

/// Whether a character is Han: the blocks of Unicode's `Script=Han` with ideographs, and 々〇.
#[must_use]
pub fn is_han(c: char) -> bool {
    matches!(c,
        '\u{4E00}'..='\u{9FFF}' | '\u{2E80}'..='\u{2FD5}' | '\u{3005}' | '\u{3007}' | '\u{3400}'..='\u{4DBF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}')
}

/// Whether a full-width character is a letter, a digit or Han, and not punctuation.
#[must_use]
pub fn is_read(c: char) -> bool {
    is_han(c) || is_full_width_letter(c)
}

/// Whether a full-width character is kana, bopomofo, a letter or a digit.
fn is_full_width_letter(c: char) -> bool {
    matches!(c,
        '\u{3041}'..='\u{3096}' | '\u{309D}'..='\u{309F}' | '\u{30A1}'..='\u{30FA}' | '\u{30FC}'..='\u{30FF}'
        | '\u{3105}'..='\u{312F}' | '\u{31A0}'..='\u{31BF}' | '\u{31F0}'..='\u{31FF}' | '\u{FF10}'..='\u{FF19}'
        | '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}')
}

/// The length of a text: full-width characters one by one, other scripts by words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Length {
    /// Han and other full-width letters and digits.
    pub characters: usize,
    /// Runs of letters and digits of other scripts.
    pub words: usize,
}

impl Length {
    /// Counts a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut length = Self::default();
        let mut in_word = false;
        for c in text.chars() {
            // Han first: `is_alphanumeric` searches a table for all but ASCII.
            if is_han(c) {
                length.characters += 1;
                in_word = false;
                continue;
            }
            let full_width = !c.is_ascii() && is_full_width(c);
            if full_width && is_full_width_letter(c) {
                length.characters += 1;
            }
            // An apostrophe or a point inside a word (don't, GPT-3.5) does not begin another.
            let word = !full_width
                && (c.is_alphanumeric() || (in_word && matches!(c, '\'' | '’' | '.' | '-' | '_')));
            if word && !in_word {
                length.words += 1;
            }
            in_word = word;
        }
        length
    }

    /// Reading time in minutes, at least one: 255 characters of Chinese or 228 words of English a
    /// minute, the means of Trauzettel-Klosinski and Dietz with IReST (2012,
    /// doi:10.1167/iovs.11-8284).
    #[must_use]
    pub fn minutes(self) -> usize {
        let minutes = self.characters as f64 / 255.0 + self.words as f64 / 228.0;
        (minutes.round() as usize).max(1)
    }
}

/// The beginning of `text` in at most `limit` characters: whole sentences if one ends after a third
/// of `limit`, else cut and with an ellipsis, which is not counted. Every run of white space is one
/// space.
#[must_use]
pub fn excerpt(text: &str, limit: usize) -> String {
    let mut flat = String::new();
    let mut count = 0;
    let mut cut = false;
    let mut sentence_end = 0;
    let mut previous = ' ';
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let c = if c.is_whitespace() { ' ' } else { c };
        if c == ' ' && previous == ' ' {
            continue;
        }
        if count == limit {
            cut = true;
            break;
        }
        flat.push(c);
        count += 1;
        previous = c;
        let closes =
            characters.peek().is_some_and(|next| matches!(next, '”' | '’' | '」' | '』' | '）' | '》'));
        let ends = matches!(c, '。' | '！' | '？' | '…')
            || matches!(c, '”' | '’' | '」' | '』')
                && flat[..flat.len() - c.len_utf8()].ends_with(['。', '！', '？'])
            || matches!(c, '.' | '!' | '?') && characters.peek().is_none_or(|next| next.is_whitespace());
        if ends && !closes && count * 3 >= limit {
            sentence_end = flat.len();
        }
    }
    if !cut {
        return flat.trim_end().to_owned();
    }
    if sentence_end > 0 {
        flat.truncate(sentence_end);
    } else {
        flat.truncate(
            flat.trim_end_matches(|c: char| c.is_whitespace() || "，、；：,;:（(“‘".contains(c)).len(),
        );
        flat.push('…');
    }
    flat
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn han_count_one_by_one_and_latin_by_words() {
        assert_eq!(Length::of("OpenAI 发布 GPT-4o，don't panic。"), Length { characters: 2, words: 4 });
        assert_eq!(Length::of(""), Length::default());
        assert_eq!(Length { characters: 0, words: 0 }.minutes(), 1);
        assert_eq!(Length { characters: 510, words: 228 }.minutes(), 3);
    }

    #[test]
    fn an_excerpt_ends_with_a_sentence() {
        assert_eq!(excerpt("第一句话在这里。第二句话比较长而且没有说完", 12), "第一句话在这里。");
        assert_eq!(excerpt("他说：“开源是好事。”后来又说了很多很多", 12), "他说：“开源是好事。”");
        assert_eq!(excerpt("短。", 12), "短。");
    }

    #[test]
    fn an_excerpt_without_a_sentence_end_has_an_ellipsis_and_whole_characters() {
        assert_eq!(excerpt("没有句号的一段很长的文字，一直写", 13), "没有句号的一段很长的文字…");
        assert_eq!(excerpt("𠮷𠮷𠮷𠮷", 2), "𠮷𠮷…");
        assert_eq!(excerpt("a \n\t b", 10), "a b");
    }

    #[test]
    fn a_length_counts_full_width_letters_and_words_of_other_scripts() {
        for (text, characters, words) in [
            ("don't", 0, 1),
            ("a’b", 0, 1),
            ("GPT-3.5", 0, 1),
            ("a_b", 0, 1),
            ("-a", 0, 1),
            ("a b", 0, 2),
            ("a,b", 0, 2),
            ("あア", 2, 0),
            ("ＡＢ１", 3, 0),
            ("，。", 0, 0),
            ("a，b", 0, 2),
            ("中a文", 2, 1),
            ("한국", 0, 1),
            ("々〇", 2, 0),
        ] {
            assert_eq!(Length::of(text), Length { characters, words }, "{text}");
        }
        for (characters, words, wanted) in [(382, 0, 1), (383, 0, 2), (0, 341, 1), (0, 342, 2), (255, 228, 2)]
        {
            assert_eq!(Length { characters, words }.minutes(), wanted, "{characters} {words}");
        }
    }

    #[test]
    fn an_excerpt_keeps_sentences_that_end_after_a_third() {
        for (text, limit, wanted) in [
            ("一二三。后面的话很长很长没有完结", 12, "一二三。"),
            ("一二。后面的话很长很长没有完结啊", 12, "一二。后面的话很长很长没…"),
            ("Hello there. Next words go on", 14, "Hello there."),
            ("v1.5 is out now and more", 10, "v1.5 is ou…"),
            ("一二三四五，六", 6, "一二三四五…"),
            ("一二三", 3, "一二三"),
            ("他说“好！”后来很长的话没有", 6, "他说“好！”"),
        ] {
            assert_eq!(excerpt(text, limit), wanted, "{text}");
        }
    }
}
