//! Traditional to Simplified, character by character: for comparing texts, never for showing them.

/// U+3400 to U+9FFF, made by `build.rs` from OpenCC's dictionary.
static TABLE: [u16; 0x9FFF - 0x3400 + 1] = include!(concat!(env!("OUT_DIR"), "/simplified.in"));

/// The Simplified form of a Traditional character; every other character itself.
#[must_use]
pub fn simplified(c: char) -> char {
    let place = u32::from(c).wrapping_sub(0x3400) as usize;
    TABLE.get(place).and_then(|&code| char::from_u32(u32::from(code))).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::simplified;

    #[test]
    fn traditional_and_simplified_texts_are_the_same() {
        let fold = |text: &str| text.chars().map(simplified).collect::<String>();
        assert_eq!(fold("機器學習與資料庫"), "机器学习与资料库");
        assert_eq!(fold("机器学习 GPT-4 あ𠮷"), "机器学习 GPT-4 あ𠮷");
    }

    #[test]
    fn folding_twice_is_folding_once() {
        for c in '\u{3400}'..='\u{9fff}' {
            assert_eq!(simplified(simplified(c)), simplified(c), "{c}");
        }
    }
}
