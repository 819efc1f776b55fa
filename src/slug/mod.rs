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
mod tests;
