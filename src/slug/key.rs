//! Computes the key of a term: spellings with the same key are the same term.

use unicode_normalization::UnicodeNormalization;

use crate::text::han;
use crate::text::invisible::is_invisible;

/// The key of a spelling: NFKC, full case folding, no invisible characters, every run of white
/// space as one space, and no space between a full-width character and one that is not (`AI 芯片`
/// is `AI芯片`). Computing the key of a key changes nothing.
#[must_use]
pub fn term_key(written: &str) -> String {
    let mut folded: String =
        caseless::default_case_fold_str(&written.nfkc().collect::<String>()).nfkc().collect();
    // Folding may yield what normalisation decomposes, and the reverse (U+0345, U+1E9E). Two more
    // rounds are enough (Unicode 3.13, toNFKC_Casefold).
    for _ in 0..2 {
        folded = caseless::default_case_fold_str(&folded).nfkc().collect();
    }
    let mut key = String::with_capacity(folded.len());
    let mut pending_space = false;
    for c in folded.chars().filter(|c| !is_invisible(*c)) {
        if c.is_whitespace() {
            pending_space = true;
            continue;
        }
        if pending_space && !key.is_empty() {
            let before = key.chars().next_back().is_some_and(han::is_full_width);
            if before == han::is_full_width(c) {
                key.push(' ');
            }
        }
        pending_space = false;
        key.push(c);
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn case_width_and_space_make_no_difference() {
        assert_eq!(term_key("ＣｈａｔＧＰＴ"), term_key("chatgpt"));
        assert_eq!(term_key("AI 芯片"), term_key("ai芯片"));
        assert_eq!(term_key(" Large   Language\tModel "), "large language model");
        assert_eq!(term_key("Straße"), term_key("STRASSE"));
        assert_eq!(term_key("通用人工智能（AGI）"), term_key("通用人工智能(AGI)"));
    }

    #[test]
    fn different_words_have_different_keys() {
        for (a, b) in
            [("权力", "权利"), ("C", "C++"), ("GPT-3", "GPT-4"), ("机器 学习", "机器学习"), ("AB", "A B")]
        {
            assert_ne!(term_key(a), term_key(b), "{a} {b}");
        }
    }

    proptest! {
        #[test]
        fn the_key_of_a_key_is_the_key(written in "\\PC{0,12}|.{0,12}|[a-zA-Z中文 \u{345}\u{1e9e}ſß]{0,12}") {
            let once = term_key(&written);
            prop_assert_eq!(term_key(&once), once);
        }
    }
}
