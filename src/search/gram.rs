//! Names grams (units, and pairs of neighbouring units) and assigns them to buckets.
//!
//! A *plain* gram has one or two Han characters or kana of the Basic Multilingual Plane and is
//! identified by a number: the character, or `first << 16 | second`. Every other gram is *named*:
//! it is identified by its text.
//!
//! The *code* of a plain gram is its number with mixed bits. The highest bits of a code are the
//! gram's bucket. So the codes of a bucket are neighbours, and the gap from one to the next is a
//! number of few bits.

use crate::search::units::{UnitId, Words, is_plain};

/// The number of one or two characters. Different plain grams have different numbers.
#[must_use]
#[inline]
pub fn number(first: u32, second: Option<u32>) -> u32 {
    second.map_or(first, |second| first << 16 ^ second)
}

/// The code of a number: spreads neighbouring numbers evenly. Browsers compute the same with
/// `Math.imul`.
#[must_use]
#[inline]
pub fn code(number: u32) -> u32 {
    let mixed = number.wrapping_mul(0x9E37_79B1);
    let mixed = (mixed ^ mixed >> 15).wrapping_mul(0x2C1B_3C6D);
    mixed ^ mixed >> 13
}

/// The number that has a code: each step of [`code`] backwards, with the inverses of its factors.
#[must_use]
#[inline]
pub fn number_of(code: u32) -> u32 {
    let mixed = (code ^ code >> 13 ^ code >> 26).wrapping_mul(0x64EA_2D65);
    (mixed ^ mixed >> 15 ^ mixed >> 30).wrapping_mul(0x0E8B_2F51)
}

/// True if the plain gram with a code has two characters.
#[must_use]
#[inline]
pub fn is_pair(code: u32) -> bool {
    number_of(code) > 0xFFFF
}

/// The bucket of a code. `buckets` is a power of two of at most 32 bits.
#[must_use]
#[inline]
pub fn bucket_of(code: u32, buckets: usize) -> usize {
    ((u64::from(code) * buckets as u64) >> 32) as usize
}

/// The lowest code of a bucket, and the number of codes in it. `buckets` is a power of two.
#[must_use]
pub fn codes_of(bucket: usize, buckets: usize) -> (u32, u64) {
    let codes = (1 << 32) / buckets as u64;
    (u32::try_from(bucket as u64 * codes).unwrap_or(u32::MAX), codes)
}

/// The bucket of a named gram. It depends on the first two characters alone, so that all words that
/// begin with the same two letters are in one bucket. `buckets` is a power of two.
#[must_use]
pub fn bucket_of_named(name: &str, buckets: usize) -> usize {
    let mut characters = name.chars().map(u32::from);
    let first = characters.next().unwrap_or(0);
    let second = characters.next().filter(|&second| second != u32::from(' '));
    bucket_of(code(number(first, second)), buckets)
}

/// The name of a named gram: its units one after the other, with a space between two words.
#[must_use]
pub fn name(words: &Words, first: UnitId, second: Option<UnitId>) -> String {
    let mut name = String::new();
    words.write(first, &mut name);
    if let Some(second) = second {
        let ends_in_word = name.chars().next_back().is_some_and(|c| !crate::text::han::is_read(c));
        let mut next = String::new();
        words.write(second, &mut next);
        if !is_plain(first)
            && !is_plain(second)
            && ends_in_word
            && !next.starts_with(crate::text::han::is_read)
        {
            name.push(' ');
        }
        name.push_str(&next);
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_have_about_the_same_number_of_pairs() {
        let mut counts = [0_usize; 64];
        for first in 0x4E00..0x4E00 + 200 {
            for second in 0x5E00..0x5E00 + 200 {
                counts[bucket_of(code(number(first, Some(second))), 64)] += 1;
            }
        }
        assert!(counts.iter().all(|&count| (500..750).contains(&count)), "{counts:?}");
    }

    proptest::proptest! {
        #[test]
        fn a_code_gives_its_number_and_lies_in_its_bucket(number: u32, log in 0_u32..21) {
            let (code, buckets) = (code(number), 1 << log);
            proptest::prop_assert_eq!(number_of(code), number);
            let (first, codes) = codes_of(bucket_of(code, buckets), buckets);
            proptest::prop_assert!(u64::from(code.checked_sub(first).unwrap()) < codes);
        }
    }

    #[test]
    fn words_that_begin_alike_are_in_one_bucket() {
        let bucket = |name| bucket_of_named(name, 4096);
        assert_eq!(bucket("gpt"), bucket("gpt 4"));
        assert_eq!(bucket("gpt"), bucket("gp"));
        assert_eq!(bucket("c 语"), bucket("c"));
    }
}
