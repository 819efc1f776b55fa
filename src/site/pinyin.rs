//! Pinyin: the order of Han terms from A to Z, and their names in ASCII. The crate `pinyin` is known to this file alone.
//!
//! A character that is read in several ways has its most usual reading everywhere: 重庆 is filed under Z.

use pinyin::ToPinyin as _;

/// The reading of a Han character without its tone, in ASCII; `None` for all other characters.
#[must_use]
pub fn syllable(c: char) -> Option<&'static str> {
    let plain = c.to_pinyin()?.plain();
    // `ü` is written `v` where only ASCII will do (GB/T 34947), and a few readings are no syllables at all (ê̄, ḿ).
    match plain {
        "lü" => Some("lv"),
        "nü" => Some("nv"),
        "lüe" | "lve" => Some("lve"),
        "nüe" | "nve" => Some("nve"),
        plain if plain.bytes().all(|b| b.is_ascii_lowercase()) && !plain.is_empty() => Some(plain),
        _ => None,
    }
}

/// What a key is sorted by from A to Z: syllables and their tones, then the key itself.
#[must_use]
pub fn sort_key(key: &str) -> String {
    let mut sorted = String::with_capacity(key.len() * 2);
    for c in key.chars() {
        match c.to_pinyin() {
            Some(reading) => {
                // Shorter syllables first: 安 (an) stands before 昂 (ang) whatever follows.
                sorted.push_str(reading.with_tone_num_end());
                sorted.push('\u{1}');
            }
            None => sorted.push(c),
        }
    }
    sorted.push('\0');
    sorted.push_str(key);
    sorted
}

/// The letter under which a key is filed: `A` to `Z`, or `#`.
#[must_use]
pub fn initial(key: &str) -> char {
    let first = key.chars().next().unwrap_or('#');
    let letter = syllable(first).and_then(|syllable| syllable.chars().next()).unwrap_or(first);
    if letter.is_ascii_alphabetic() { letter.to_ascii_uppercase() } else { '#' }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn han_are_filed_by_their_sound() {
        let mut terms = vec!["芯片", "openai", "百度", "安全", "5g", "anthropic", "阿里巴巴", "女性"];
        terms.sort_by_key(|term| sort_key(term));
        assert_eq!(terms, ["5g", "阿里巴巴", "安全", "anthropic", "百度", "女性", "openai", "芯片"]);
        let letters: String = terms.iter().map(|term| initial(term)).collect();
        assert_eq!(letters, "#AAABNOX");
    }

    #[test]
    fn every_reading_is_ascii() {
        for c in ('\u{3400}'..='\u{9fff}').chain('\u{20000}'..='\u{323af}') {
            assert!(syllable(c).is_none_or(|syllable| syllable.is_ascii()), "{c}");
        }
        assert_eq!((syllable('绿'), syllable('a'), syllable('あ')), (Some("lv"), None, None));
    }
}
