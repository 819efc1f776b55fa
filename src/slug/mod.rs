//! Names for folders: injective and stable for terms, plain and readable for articles.
//!
//! A term's slug is a function of its key alone, so that it stays when articles come and go. Letters and digits of any
//! script stand for themselves, a space becomes `_`, and `-` `+` and an inner `.` are kept; whatever else there is (and
//! the first character of a name that would be taken, hidden or reserved) is written as `~hex~`. Nothing written by
//! itself holds `~` or `_`, hence no two keys share a slug. `/` never stands for itself, so that a slug is one path part.

pub mod key;
pub mod pinyin;

use std::fmt::Write as _;

use crate::paths::is_device;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Leaves room for `/index.html` temp names and a hash below the 255 bytes that file systems allow a path part.
const MAX_SLUG_BYTES: usize = 180;

/// Names that have another meaning below a taxonomy's folder.
const TAKEN: [&str; 5] = ["page", "index.html", "feed.xml", "recent", "a-z"];

/// How terms are named in URLs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slugs {
    /// Letters of every script as they are: `/keywords/开源/`.
    Han,
    /// ASCII only, Han as pinyin.
    Ascii,
}

/// The slug of a term with this key (see `key`). Never empty, at most 255 bytes, the same on disks that ignore
/// case, not hidden, and no name that Windows reserves.
#[must_use]
pub fn term(key: &str, slugs: Slugs) -> String {
    match slugs {
        Slugs::Han => han(key),
        Slugs::Ascii => ascii(key),
    }
}

/// May an editor give a term this slug? Yes, if it is its own slug as a term.
#[must_use]
pub fn is_plain(slug: &str) -> bool {
    !slug.is_empty() && !slug.contains(['~', '_']) && han(slug) == slug
}

/// Is this a name that newsprint or a system keeps for itself?
#[must_use]
pub fn is_reserved(slug: &str) -> bool {
    TAKEN.contains(&slug) || is_device(slug)
}

fn han(key: &str) -> String {
    let mut slug = String::with_capacity(key.len());
    let last = key.char_indices().next_back().map_or(0, |(at, _)| at);
    let guard_first = TAKEN.contains(&key) || is_device(key);
    for (at, c) in key.char_indices() {
        let plain = match c {
            '-' | '+' => true,
            '.' => at != 0 && at != last,
            c => stands_for_itself(c),
        };
        if c == ' ' && at != 0 && at != last {
            slug.push('_');
        } else if plain && !(at == 0 && guard_first) {
            slug.push(c);
        } else {
            let _ = write!(slug, "~{:x}~", u32::from(c));
        }
    }
    if slug.is_empty() {
        return "~".to_owned();
    }
    shortened(slug, key)
}

/// ASCII alone: Han by their pinyin, and at the end, after a `~`, what makes it exact.
///
/// The pinyin alone would be the same for 权力 and 权利. So the tail names each Han character by its code point in hex,
/// and before it, in letters from `g` to `y` (base 19), how many other characters stand between it and the Han before. Who
/// has the tail knows the kind of every character and can take the front apart again, hence it is injective. No
/// slug without Han ends like this: its `~` come in pairs.
fn ascii(key: &str) -> String {
    let mut slug = String::with_capacity(key.len() * 2);
    let mut tail = String::new();
    let mut gap = 0_usize;
    let guarded = TAKEN.contains(&key) || is_device(key);
    let last = key.char_indices().next_back().map_or(0, |(at, _)| at);
    let mut after_han = false;
    for ((at, c), (_, syllable)) in key.char_indices().zip(pinyin::syllables(key)) {
        if let Some(syllable) = syllable {
            if !slug.is_empty() {
                slug.push('-');
            }
            slug.push_str(syllable);
            while gap > 0 {
                tail.push(char::from(b'g' + u8::try_from(gap % 19).unwrap_or_default()));
                gap /= 19;
            }
            // Five digits are told from four by a letter that no gap has.
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
        let plain = match c {
            '-' | '+' => true,
            '.' => at != 0 && at != last,
            c => c.is_ascii_lowercase() || c.is_ascii_digit(),
        };
        if c == ' ' && at != 0 && at != last {
            slug.push('_');
        } else if plain && !(at == 0 && guarded) {
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
    shortened(slug, key)
}

fn shortened(mut slug: String, key: &str) -> String {
    if slug.len() <= MAX_SLUG_BYTES {
        return slug;
    }
    // Too long for a path part: the beginning, and a hash of the whole in a form that no escape has.
    let mut end = MAX_SLUG_BYTES;
    while !slug.is_char_boundary(end) {
        end -= 1;
    }
    slug.truncate(end);
    let _ = write!(slug, "~~{}", &blake3::hash(key.as_bytes()).to_hex()[..32]);
    slug
}

/// A letter or digit that is its own lower case, survives case-insensitive comparison as itself and is composed.
fn stands_for_itself(c: char) -> bool {
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

/// The slug of an article's `slug` field or file name: letters and digits in lower case, everything else a hyphen.
/// Never empty; two articles that get the same are told so.
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

/// `guide/Intro` is `guide/intro`: every part of a page's path is a plain slug.
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
    fn ascii_slugs_are_pinyin_and_say_exactly_which_characters() {
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
    fn an_editor_chooses_plain_slugs() {
        for slug in ["openai", "open-ai", "开源", "c++", "gpt-4.5"] {
            assert!(is_plain(slug), "{slug}");
        }
        for slug in ["", "OpenAI", "a b", "a_b", "a/b", "~", ".net", "page", "con", "..", "a-z"] {
            assert!(!is_plain(slug), "{slug}");
        }
    }

    #[test]
    fn terms_that_look_alike_have_pages_of_their_own() {
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

    fn safe(slug: &str) -> Result<(), TestCaseError> {
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
        fn terms_of_the_same_sounds_have_slugs_of_their_own(
            a in "[人仁任忍力利立 a-fren~xi安先西𠮷(-]{0,7}",
            b in "[人仁任忍力利立 a-fren~xi安先西𠮷(-]{0,7}",
        ) {
            let (a, b) = (term_key(&a), term_key(&b));
            prop_assert_eq!(a == b, term(&a, Slugs::Ascii) == term(&b, Slugs::Ascii), "{:?} {:?}", a, b);
        }

        #[test]
        fn every_slug_is_a_safe_name(name in ".{0,300}|\\PC{0,20}|[a-z.]{1,5}") {
            safe(&term(&term_key(&name), Slugs::Han))?;
            let ascii = term(&term_key(&name), Slugs::Ascii);
            prop_assert!(ascii.is_ascii());
            safe(&ascii)?;
            safe(&article(&name))?;
        }
    }
}
