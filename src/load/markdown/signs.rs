//! Classifies the signs on both sides of a delimiter run, for the rules of emphasis.

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// What stands directly beside a delimiter run: a character, or a sequence that is one sign to
/// readers (`❤️`, `1️⃣`, a character and its variation selector).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Sign {
    /// White space, the beginning or the end of the text, or a `|`, which may end a table's cell.
    pub(super) is_space: bool,
    /// Punctuation as CommonMark defines it: [`is_punctuation`], or a keycap.
    pub(super) is_punctuation: bool,
    /// [`is_cjk`].
    pub(super) is_cjk: bool,
    /// The character next to the run is not the one that decides: it is a selector, or the digit of
    /// a keycap.
    pub(super) is_sequence: bool,
}

/// Combining character of keycaps (`1️⃣`).
const KEYCAP: char = '\u{20E3}';

impl Sign {
    /// The sign at the end of the text before a run.
    pub(crate) fn before(text: &str) -> Self {
        let mut characters = text.chars().rev();
        let Some(nearest) = characters.next() else { return Self::space() };
        let (mut base, mut is_keycap) = (nearest, false);
        while is_extender(base) {
            is_keycap |= base == KEYCAP;
            match characters.next() {
                Some(c) if !c.is_whitespace() => base = c,
                // An extender without a base is a letter, as it is for the parser.
                _ => return Self::default(),
            }
        }
        let is_keycap = is_keycap && is_keycap_base(base);
        Self { is_sequence: base != nearest, ..if is_keycap { Self::keycap() } else { Self::of(base) } }
    }

    /// The sign at the beginning of the text behind a run.
    pub(crate) fn after(text: &str) -> Self {
        match text.chars().next() {
            None => Self::space(),
            Some(c) if is_keycap_base(c) && begins_with_keycap(&text[1..]) => Self::keycap(),
            Some(c) if is_extender(c) => Self::default(),
            Some(c) => Self::of(c),
        }
    }

    /// Punctuation that is not CJK: only a space, other punctuation or CJK makes emphasis begin or
    /// end beside it.
    fn is_other_punctuation(self) -> bool {
        self.is_punctuation && !self.is_cjk
    }

    /// True if a run with this sign inside, and `outside` on the other side, opens or closes emphasis
    /// (CommonMark 0.31.2, section 6.2, with the amendments: a CJK character counts as a space).
    pub(crate) fn flanks(self, outside: Self) -> bool {
        let is_apart = outside.is_space || outside.is_punctuation || outside.is_cjk;
        !self.is_space && (!self.is_other_punctuation() || is_apart)
    }

    fn of(c: char) -> Self {
        let is_space = c.is_whitespace() || c == '|';
        Self {
            is_space,
            is_punctuation: !is_space && is_punctuation(c),
            is_cjk: !is_space && is_cjk(c),
            is_sequence: false,
        }
    }

    fn space() -> Self {
        Self { is_space: true, ..Self::default() }
    }

    fn keycap() -> Self {
        Self { is_punctuation: true, is_sequence: true, ..Self::default() }
    }
}

/// True if this text turns the `*`, `#` or digit before it into a keycap.
pub(super) fn begins_with_keycap(text: &str) -> bool {
    text.strip_prefix('\u{FE0F}').unwrap_or(text).starts_with(KEYCAP)
}

fn is_keycap_base(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '*' | '#')
}

/// True for characters that belong to the sign before them and are neither letters nor
/// punctuation: variation selectors, the keycap, tags (of flags) and joiners. Skin tones and the
/// letters of flags are symbols of their own.
fn is_extender(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{E0020}'..='\u{E007F}' | '\u{200D}' | KEYCAP)
}

/// True for punctuation as defined by CommonMark (0.31.2, section 2.1): Unicode's general
/// categories P and S.
pub(super) fn is_punctuation(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_punctuation();
    }
    matches!(c.general_category_group(), GeneralCategoryGroup::Punctuation | GeneralCategoryGroup::Symbol)
}

/// True for a CJK character as defined by the CJK-friendly amendments to CommonMark (section 2.1):
/// its East Asian Width (UAX #11) is W, F or H and it is not an emoji by default, or its script is
/// Hangul. Rows of unassigned characters within a block count with the block.
pub(super) fn is_cjk(c: char) -> bool {
    c >= '\u{1100}'
        && matches!(c,
            // Hangul jamo and syllables, the won sign, angle brackets, trigrams and their lines.
            '\u{1100}'..='\u{11FF}' | '\u{20A9}' | '\u{2329}'..='\u{232A}' | '\u{2630}'..='\u{2637}' | '\u{268A}'..='\u{268F}'
            | '\u{A960}'..='\u{A97C}' | '\u{AC00}'..='\u{D7A3}' | '\u{D7B0}'..='\u{D7FB}'
            // Radicals, punctuation, kana, bopomofo, compatibility forms and Han. U+3000 is a
            // space, and U+3248 to U+324F are ambiguous.
            | '\u{2E80}'..='\u{2FFF}' | '\u{3001}'..='\u{303E}' | '\u{3041}'..='\u{3247}' | '\u{3250}'..='\u{A4C6}'
            | '\u{F900}'..='\u{FAFF}' | '\u{FE10}'..='\u{FE19}' | '\u{FE30}'..='\u{FE6B}'
            // Full-width and half-width forms.
            | '\u{FF01}'..='\u{FFDC}' | '\u{FFE0}'..='\u{FFEE}'
            // Tangut, Khitan, historic kana, Tai Xuan Jing and counting rods.
            | '\u{16FE0}'..='\u{16FF6}' | '\u{17000}'..='\u{18DF2}' | '\u{1AFF0}'..='\u{1B2FB}' | '\u{1D300}'..='\u{1D376}'
            // Squared ideographs, except for those that are emoji by default.
            | '\u{1F200}' | '\u{1F202}' | '\u{1F210}'..='\u{1F219}' | '\u{1F21B}'..='\u{1F22E}' | '\u{1F230}'..='\u{1F231}'
            | '\u{1F237}' | '\u{1F23B}' | '\u{1F240}'..='\u{1F248}' | '\u{1F260}'..='\u{1F265}'
            // Extensions of Han.
            | '\u{20000}'..='\u{3FFFD}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn punctuation_is_categories_p_and_s() {
        for c in "!$+<=>^`|~¥€£₿₹°±×÷§¶™®©←↑→⇒∀∑√≈≤─│█■★☆✓✅✨❤⭐⠿「」『』《》（）【】〈〉〔〕・～—…“”‘’·！＋￥￠﹏︵〜〝🚀🇨🏻🫠🀄𝄞".chars()
        {
            assert!(is_punctuation(c), "{c} U+{:04X}", u32::from(c));
        }
        for c in
            "aZ09é中あアｱ가ㄅ々〇〆ー𠮷①Ⅷ½²\u{FE0F}\u{200D}\u{20E3}\u{301}\u{FDD0}\u{E000} \u{3000}\n".chars()
        {
            assert!(!is_punctuation(c), "{c} U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn cjk_is_wide_or_hangul_and_no_emoji() {
        for c in "中あアｱー々〇ヽゞ가ᄀㄱㅏㄅㆠ、。「（【《＋！￥￦₩㈱㍿︵﹏〰㊙🈂豈𠮷𰀀〈☰".chars()
        {
            assert!(is_cjk(c), "{c} U+{:04X}", u32::from(c));
        }
        for c in "a9!é·—…“”‘’×→★♥✅⭐⚡🚀🀄🈚🈯🇨🏻①⑳㉈\u{3000}\u{303F}\u{FE0F}\u{FDD0}".chars()
        {
            assert!(!is_cjk(c), "{c} U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn a_sequence_is_one_sign() {
        let of = |c| Sign::of(c);
        for (text, wanted) in [
            ("", Sign::space()),
            ("a ", Sign::space()),
            ("a\n", Sign::space()),
            ("a|", Sign::space()),
            ("甲\u{3000}", Sign::space()),
            ("a", of('a')),
            ("中", of('中')),
            ("，", of('，')),
            ("🚀", of('🚀')),
            ("👍🏽", of('🏽')),
            ("🇨🇳", of('🇳')),
            ("👩\u{200D}💻", of('💻')),
            ("❤\u{FE0F}", Sign { is_sequence: true, ..of('❤') }),
            ("葛\u{E0100}", Sign { is_sequence: true, ..of('葛') }),
            ("。\u{FE01}", Sign { is_sequence: true, ..of('。') }),
            ("🏴\u{E0067}\u{E0062}\u{E007F}", Sign { is_sequence: true, ..of('🏴') }),
            ("1\u{FE0F}\u{20E3}", Sign::keycap()),
            ("#\u{20E3}", Sign::keycap()),
            ("中\u{20E3}", Sign { is_sequence: true, ..of('中') }),
            ("\u{FE0F}", Sign::default()),
            (" \u{FE0F}", Sign::default()),
        ] {
            assert_eq!(Sign::before(text), wanted, "before: {text:?}");
        }
        for (text, wanted) in [
            ("", Sign::space()),
            ("\u{3000}甲", Sign::space()),
            ("| a", Sign::space()),
            ("1\u{FE0F}\u{20E3}", Sign::keycap()),
            ("9\u{20E3}", Sign::keycap()),
            ("#\u{FE0F}\u{20E3}", Sign::keycap()),
            ("1\u{FE0F}", of('1')),
            ("1a", of('1')),
            ("a\u{20E3}", of('a')),
            ("❤\u{FE0F}", of('❤')),
            ("\u{FE0F}a", Sign::default()),
        ] {
            assert_eq!(Sign::after(text), wanted, "after: {text:?}");
        }
        assert!(!Sign::of('，').is_other_punctuation() && Sign::of('€').is_other_punctuation());
        assert!(!Sign::of('a').is_other_punctuation());
        assert!(Sign::of('（').is_punctuation && Sign::of('（').is_cjk && !Sign::of('（').is_space);
    }
}
