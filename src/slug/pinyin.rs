//! Converts Han to pinyin, for the order of terms from A to Z and for slugs in ASCII. The only file
//! that uses the crate `pinyin`.
//!
//! A character with several readings gets the most frequent one, unless a rule for its neighbours
//! gives another (`contextual_reading`): 银行 is yin hang, 重庆 is chong qing.

use pinyin::ToPinyin as _;

/// The characters of a text, each with its reading in ASCII without a tone; `None` if it is not Han
/// or has no reading.
pub fn syllables(text: &str) -> impl Iterator<Item = (char, Option<&'static str>)> {
    let characters: Vec<char> = text.chars().collect();
    (0..characters.len()).map(move |at| {
        let syllable = contextual_reading(&characters, at).map(|(syllable, _)| syllable);
        (characters[at], syllable.or_else(|| frequent_reading(characters[at])))
    })
}

/// The most frequent reading of a character, in ASCII.
fn frequent_reading(c: char) -> Option<&'static str> {
    let plain = c.to_pinyin()?.plain();
    // ASCII has `v` for `ü` (GB/T 34947). A few readings are not syllables (ê̄, ḿ).
    match plain {
        "lü" => Some("lv"),
        "nü" => Some("nv"),
        "lüe" | "lve" => Some("lve"),
        "nüe" | "nve" => Some("nve"),
        plain if plain.bytes().all(|b| b.is_ascii_lowercase()) && !plain.is_empty() => Some(plain),
        _ => None,
    }
}

/// The reading of the character at `at` that follows from its neighbours, with its tone: for words
/// of technology news in which the most frequent reading is wrong.
fn contextual_reading(characters: &[char], at: usize) -> Option<(&'static str, char)> {
    let before = at.checked_sub(1).map_or('\0', |at| characters[at]);
    let after = characters.get(at + 1).copied().unwrap_or('\0');
    let is = |c: char, set: &str| set.contains(c);
    Some(match characters[at] {
        '行' if is(before, "银央投同商") || is(after, "业情长") => ("hang", '2'),
        '长' if !is(before, "增成生事部校市院局队会行家首省村船店站书") && after != '大' => {
            ("chang", '2')
        }
        '重' if is(after, "庆组构启新排写复试置塑现叠") => ("chong", '2'),
        '乐' if is(before, "音配声") || is(after, "器队曲坛") => ("yue", '4'),
        '调' if is(before, "微协") || is(after, "优整节参") => ("tiao", '2'),
        '会' if after == '计' => ("kuai", '4'),
        '角' if after == '色' => ("jue", '2'),
        '都' if is(before, "成首") || is(after, "市会") => ("du", '1'),
        '厦' if after == '门' => ("xia", '4'),
        '校' if is(after, "准对验正") => ("jiao", '4'),
        '弹' if is(after, "性力") => ("tan", '2'),
        '传' if before == '自' => ("zhuan", '4'),
        '还' if after == '原' => ("huan", '2'),
        '模' if is(after, "具样") => ("mu", '2'),
        '参' if before == '人' => ("shen", '1'),
        '藏' if before == '西' || is(after, "语文族") => ("zang", '4'),
        '佛' if before != '仿' => ("fo", '2'),
        '番' if after == '禺' => ("pan", '1'),
        '曝' => ("bao", '4'),
        '似' if after != '的' => ("si", '4'),
        '勒' if after == '索' => ("le", '4'),
        '柏' if after == '林' => ("bo", '2'),
        '着' if is(after, "陆色手眼") => ("zhuo", '2'),
        _ => return None,
    })
}

/// The sort key of a term's key from A to Z: its syllables with tones, then the key itself.
#[must_use]
pub fn sort_key(key: &str) -> String {
    let characters: Vec<char> = key.chars().collect();
    let mut sorted = String::with_capacity(key.len() * 2);
    for (at, c) in characters.iter().enumerate() {
        match (contextual_reading(&characters, at), c.to_pinyin()) {
            (Some((syllable, tone)), _) => {
                sorted.push_str(syllable);
                sorted.push(tone);
                sorted.push('\u{1}');
            }
            (None, Some(reading)) => {
                // The separator sorts shorter syllables first: 安 (an) before 昂 (ang), whatever
                // follows.
                sorted.push_str(reading.with_tone_num_end());
                sorted.push('\u{1}');
            }
            (None, None) => sorted.push(*c),
        }
    }
    sorted.push('\0');
    sorted.push_str(key);
    sorted
}

/// The letter of the index under which a key is listed: `A` to `Z`, or `#`.
#[must_use]
pub fn initial(key: &str) -> char {
    let (first, syllable) = syllables(key).next().unwrap_or(('#', None));
    let letter = syllable.and_then(|syllable| syllable.chars().next()).unwrap_or(first);
    if letter.is_ascii_alphabetic() { letter.to_ascii_uppercase() } else { '#' }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn han_are_sorted_by_pinyin() {
        let mut terms = vec!["芯片", "openai", "百度", "安全", "5g", "anthropic", "阿里巴巴", "女性"];
        terms.sort_by_key(|term| sort_key(term));
        assert_eq!(terms, ["5g", "阿里巴巴", "安全", "anthropic", "百度", "女性", "openai", "芯片"]);
        let letters: String = terms.iter().map(|term| initial(term)).collect();
        assert_eq!(letters, "#AAABNOX");
    }

    #[test]
    fn every_reading_is_ascii() {
        for c in ('\u{3400}'..='\u{9fff}').chain('\u{20000}'..='\u{323af}') {
            assert!(frequent_reading(c).is_none_or(|syllable| syllable.is_ascii()), "{c}");
        }
        assert_eq!(['绿', 'a', 'あ'].map(frequent_reading), [Some("lv"), None, None]);
    }

    #[test]
    fn neighbours_decide_between_readings() {
        for (word, wanted) in [
            ("银行", "yin hang"),
            ("行业", "hang ye"),
            ("行动", "xing dong"),
            ("重庆", "chong qing"),
            ("重要", "zhong yao"),
            ("长城", "chang cheng"),
            ("增长", "zeng zhang"),
            ("时长", "shi chang"),
            ("音乐", "yin yue"),
            ("快乐", "kuai le"),
            ("微调", "wei tiao"),
            ("调用", "diao yong"),
            ("相似", "xiang si"),
        ] {
            let found: Vec<&str> = syllables(word).filter_map(|(_, syllable)| syllable).collect();
            assert_eq!(found.join(" "), wanted);
        }
    }
}
