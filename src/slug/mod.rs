//! Makes slugs: injective and stable ones for terms, readable ones for articles.
//!
//! A term's slug is a function of its key alone, so it does not change when articles come and go.
//! The rules for each character of the key:
//!
//! - Letters and digits of any script, `-`, `+` and an inner `.` are kept.
//! - An inner space becomes `_`.
//! - Every other character becomes `~hex~`, its code point. So does the first character of a key
//!   that newsprint or Windows reserves.
//!
//! No kept character is `~` or `_`, so different keys have different slugs. `/` is never kept, so a
//! slug is one part of a path.

pub mod key;
pub mod pinyin;
mod pinyin_words;

use std::fmt::Write as _;

use crate::paths::is_device;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Bytes of a slug before it is shortened. Leaves room for a hash and for temporary names below the
/// 255 bytes that file systems allow for one part of a path.
const MAX_SLUG_BYTES: usize = 180;

/// Names that newsprint itself uses in a taxonomy's folder.
const RESERVED_NAMES: [&str; 5] = ["page", "index.html", "feed.xml", "recent", "a-z"];

/// The alphabet of the slugs of terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slugs {
    /// Letters of every script, unchanged: `/keywords/开源/`.
    Han,
    /// ASCII only, with Han as pinyin.
    Ascii,
}

/// The slug of the term with this key (see [`key::term_key`]). It is never empty, has at most 255
/// bytes, differs from the slug of every other key even where case is ignored, does not begin with
/// a dot and is not a name that Windows reserves.
#[must_use]
pub fn term(key: &str, slugs: Slugs) -> String {
    match slugs {
        Slugs::Han => han_slug(key),
        Slugs::Ascii => ascii_slug(key, pinyin::syllables(key)),
    }
}

/// The slug in ASCII that newsprint 0.1.0 gave the term with this key, if it differs from today's:
/// the reading of a Han character followed from its neighbours alone.
#[must_use]
pub fn old_ascii(key: &str) -> Option<String> {
    let old = ascii_slug(key, pinyin::old_syllables(key));
    Some(old).filter(|old| *old != term(key, Slugs::Ascii))
}

/// Whether an editor may give a term this slug: it is not empty, needs no escapes and has no
/// spaces.
#[must_use]
pub fn is_plain(slug: &str) -> bool {
    !slug.is_empty() && !slug.contains(['~', '_']) && han_slug(slug) == slug
}

/// Whether newsprint or Windows reserves this name.
#[must_use]
pub fn is_reserved(slug: &str) -> bool {
    RESERVED_NAMES.contains(&slug) || is_device(slug)
}

fn han_slug(key: &str) -> String {
    let mut slug = String::with_capacity(key.len());
    let last = key.char_indices().next_back().map_or(0, |(at, _)| at);
    let escapes_first = is_reserved(key);
    for (at, c) in key.char_indices() {
        let is_kept = match c {
            '-' | '+' => true,
            '.' => at != 0 && at != last,
            c => is_kept_letter(c),
        };
        if c == ' ' && at != 0 && at != last {
            slug.push('_');
        } else if is_kept && !(at == 0 && escapes_first) {
            slug.push(c);
        } else {
            let _ = write!(slug, "~{:x}~", u32::from(c));
        }
    }
    if slug.is_empty() {
        return "~".to_owned();
    }
    shorten(slug, key)
}

/// A slug in ASCII: Han as pinyin, and a tail after a `~` that makes the slug injective.
///
/// 权力 and 权利 have the same pinyin. So the tail has the code point of each Han character in hex,
/// and before it, in letters from `g` to `y` (base 19, lowest digit first), the number of other
/// characters since the Han character before. The tail gives the kind of every character, and so
/// the front can be split into characters again: no two keys share a slug. A slug without Han never
/// ends with such a tail, since its `~` come in pairs.
fn ascii_slug(key: &str, syllables: impl Iterator<Item = (char, Option<&'static str>)>) -> String {
    let mut slug = String::with_capacity(key.len() * 2);
    let mut tail = String::new();
    let mut gap = 0_usize;
    let escapes_first = is_reserved(key);
    let last = key.char_indices().next_back().map_or(0, |(at, _)| at);
    let mut after_han = false;
    for ((at, c), (_, syllable)) in key.char_indices().zip(syllables) {
        if let Some(syllable) = syllable {
            if !slug.is_empty() {
                slug.push('-');
            }
            slug.push_str(syllable);
            while gap > 0 {
                tail.push(char::from(b'g' + u8::try_from(gap % 19).unwrap_or_default()));
                gap /= 19;
            }
            // A letter that no gap uses marks code points of five digits.
            let five = if u32::from(c) > 0xFFFF { "z" } else { "" };
            let _ = write!(tail, "{five}{:04x}", u32::from(c));
            after_han = true;
            continue;
        }
        if after_han {
            slug.push('-');
        }
        after_han = false;
        gap += 1;
        let is_kept = match c {
            '-' | '+' => true,
            '.' => at != 0 && at != last,
            c => c.is_ascii_lowercase() || c.is_ascii_digit(),
        };
        if c == ' ' && at != 0 && at != last {
            slug.push('_');
        } else if is_kept && !(at == 0 && escapes_first) {
            slug.push(c);
        } else {
            let _ = write!(slug, "~{:x}~", u32::from(c));
        }
    }
    if slug.is_empty() {
        return "~".to_owned();
    }
    if !tail.is_empty() {
        slug.push('~');
        slug.push_str(&tail);
    }
    shorten(slug, key)
}

/// Cuts a slug that is too long for one part of a path, and adds a hash of the key after `~~`,
/// which no escape contains.
fn shorten(mut slug: String, key: &str) -> String {
    if slug.len() <= MAX_SLUG_BYTES {
        return slug;
    }
    let mut end = MAX_SLUG_BYTES;
    while !slug.is_char_boundary(end) {
        end -= 1;
    }
    slug.truncate(end);
    let _ = write!(slug, "~~{}", &blake3::hash(key.as_bytes()).to_hex()[..32]);
    slug
}

/// Whether a slug keeps this letter or digit: it is in lower case, does not change when case is
/// folded, and is in Unicode's composed form (NFC).
fn is_kept_letter(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_lowercase() || c.is_ascii_digit();
    }
    let mut buffer = [0; 4];
    c.is_alphanumeric()
        && c.to_lowercase().eq([c])
        && c.to_uppercase().flat_map(char::to_lowercase).eq([c])
        && is_nfc(c.encode_utf8(&mut buffer))
        && unicode_normalization::char::canonical_combining_class(c) == 0
}

/// The slug of an article, from its `slug` field or file name: letters and digits in lower case,
/// with a hyphen for every run of other characters. Never empty. Different names may get the same
/// slug.
#[must_use]
pub fn article(name: &str) -> String {
    let folded: String = name.nfkc().flat_map(char::to_lowercase).nfkc().collect();
    let mut slug = String::with_capacity(folded.len());
    for c in folded.chars() {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() >= MAX_SLUG_BYTES {
            break;
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    if slug.is_empty() {
        return format!("article-{}", &blake3::hash(name.as_bytes()).to_hex()[..8]);
    }
    if is_device(&slug) {
        slug.push_str("-article");
    }
    slug
}

/// The path of a page, with the slug of every part: `guide/Intro` becomes `guide/intro`.
#[must_use]
pub fn page(path: &str) -> String {
    path.split('/').map(article).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slug::key::term_key;
    use proptest::prelude::*;

    #[test]
    fn slugs_are_readable() {
        for (written, wanted) in [
            ("人工智能", "人工智能"),
            ("OpenAI", "openai"),
            ("GPT-4o", "gpt-4o"),
            ("Large Language Model", "large_language_model"),
            ("C", "c"),
            ("C++", "c++"),
            ("C#", "c~23~"),
            (".NET", "~2e~net"),
            ("Node.js", "node.js"),
            ("A/B测试", "a~2f~b测试"),
            ("page", "~70~age"),
            ("CON", "~63~on"),
            ("通用人工智能（AGI）", "通用人工智能~28~agi~29~"),
        ] {
            assert_eq!(term(&term_key(written), Slugs::Han), wanted);
        }
    }

    #[test]
    fn old_ascii_slugs_are_those_of_version_0_1_0() {
        for (written, old, new) in [
            ("空调", Some("kong-diao~7a7a8c03"), "kong-tiao~7a7a8c03"),
            ("排行榜", Some("pai-xing-bang~6392884c699c"), "pai-hang-bang~6392884c699c"),
            ("AI 弹窗", Some("ai-dan-chuang~i5f397a97"), "ai-tan-chuang~i5f397a97"),
            ("司长", Some("si-chang~53f8957f"), "si-zhang~53f8957f"),
            ("银行", None, "yin-hang~94f6884c"),
            ("芯片", None, "xin-pian~82af7247"),
            ("OpenAI", None, "openai"),
        ] {
            let key = term_key(written);
            assert_eq!(old_ascii(&key).as_deref(), old, "{written}");
            assert_eq!(term(&key, Slugs::Ascii), new, "{written}");
        }
    }

    #[test]
    fn ascii_slugs_are_pinyin_with_code_points() {
        for (written, wanted) in [
            ("开源", "kai-yuan~5f006e90"),
            ("权力", "quan-li~6743529b"),
            ("权利", "quan-li~67435229"),
            ("OpenAI公司", "openai-gong-si~m516c53f8"),
            ("C#", "c~23~"),
            ("𠮷", "~20bb7~"),
        ] {
            assert!(
                term(&term_key(written), Slugs::Ascii).starts_with(wanted),
                "{}",
                term(&term_key(written), Slugs::Ascii)
            );
        }
    }

    #[test]
    fn slugs_from_editors_are_plain() {
        for slug in ["openai", "open-ai", "开源", "c++", "gpt-4.5"] {
            assert!(is_plain(slug), "{slug}");
        }
        for slug in ["", "OpenAI", "a b", "a_b", "a/b", "~", ".net", "page", "con", "..", "a-z"] {
            assert!(!is_plain(slug), "{slug}");
        }
    }

    #[test]
    fn similar_terms_have_different_slugs() {
        let terms = [
            "C",
            "C++",
            "C#",
            ".NET",
            "NET",
            "A/B测试",
            "AB测试",
            "权力",
            "权利",
            "a b",
            "a-b",
            "a_b",
            "~",
            "",
            "i",
            "ı",
            "ß",
            "k",
        ];
        let slugs: std::collections::HashSet<String> =
            terms.iter().map(|written| term(&term_key(written), Slugs::Han)).collect();
        assert_eq!(slugs.len(), terms.len(), "{slugs:?}");
    }

    #[test]
    fn article_slugs_are_plain() {
        assert_eq!(article("OpenAI 发布 GPT-4o！"), "openai-发布-gpt-4o");
        assert_eq!(article("../../etc/passwd"), "etc-passwd");
        assert_eq!(article("nul"), "nul-article");
        assert!(article("？！").starts_with("article-"));
        assert!(article(&"长".repeat(300)).len() <= 183);
    }

    fn check_portable(slug: &str) -> Result<(), TestCaseError> {
        prop_assert!(!slug.is_empty() && slug.len() <= 255, "{}", slug);
        prop_assert!(!slug.starts_with('.') && !slug.ends_with(['.', ' ']), "{}", slug);
        prop_assert!(!slug.contains(['/', '\\', '\0', ':', '*', '?', '"', '<', '>', '|']), "{}", slug);
        prop_assert!(is_nfc(slug) && !is_device(slug), "{}", slug);
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2048, ..ProptestConfig::default() })]

        #[test]
        fn different_keys_have_different_slugs_even_where_case_is_ignored(
            a in "[ -~\u{130}\u{131}\u{17f}\u{212a}ßΣσςéÅ中（)]{0,6}|\\PC{0,8}|.{0,300}",
            b in "[ -~\u{130}\u{131}\u{17f}\u{212a}ßΣσςéÅ中（)]{0,6}|\\PC{0,8}",
        ) {
            let (a, b) = (term_key(&a), term_key(&b));
            let fold = |slug: String| slug.to_uppercase().to_lowercase();
            for slugs in [Slugs::Han, Slugs::Ascii] {
                prop_assert_eq!(a == b, fold(term(&a, slugs)) == fold(term(&b, slugs)), "{:?} {:?}", a, b);
            }
        }

        #[test]
        fn homophones_have_different_ascii_slugs(
            a in "[人仁任忍力利立 a-fren~xi安先西𠮷(-]{0,7}",
            b in "[人仁任忍力利立 a-fren~xi安先西𠮷(-]{0,7}",
        ) {
            let (a, b) = (term_key(&a), term_key(&b));
            prop_assert_eq!(a == b, term(&a, Slugs::Ascii) == term(&b, Slugs::Ascii), "{:?} {:?}", a, b);
        }

        #[test]
        fn every_slug_is_portable(name in ".{0,300}|\\PC{0,20}|[a-z.]{1,5}") {
            check_portable(&term(&term_key(&name), Slugs::Han))?;
            let ascii = term(&term_key(&name), Slugs::Ascii);
            prop_assert!(ascii.is_ascii());
            check_portable(&ascii)?;
            check_portable(&article(&name))?;
        }
    }
}
