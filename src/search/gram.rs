//! Names grams (units, and pairs of neighbouring units) and assigns them to buckets.
//!
//! A *plain* gram has one or two Han characters or kana of the Basic Multilingual Plane and is
//! identified by a number: the character, or `first << 16 | second`. Every other gram is *named*:
//! it is identified by its text.

use crate::search::units::{UnitId, Words, is_plain};

/// Hashes two numbers, well enough to spread characters evenly. Browsers compute the same with
/// `Math.imul`.
fn mix(a: u32, b: u32) -> u32 {
    let mut hash = a.wrapping_mul(0x9E37_79B1) ^ b.wrapping_mul(0x85EB_CA77);
    hash = (hash ^ hash >> 15).wrapping_mul(0x2C1B_3C6D);
    hash ^ hash >> 13
}

/// The bucket of a hash: its highest bits, since `buckets` is a power of two of at most 32 bits.
fn bucket(hash: u32, buckets: usize) -> usize {
    ((u64::from(hash) * buckets as u64) >> 32) as usize
}

/// The bucket of a plain gram: one character (`second` is 0) or two. `buckets` is a power of two.
#[must_use]
pub fn bucket_of_plain(first: u32, second: u32, buckets: usize) -> usize {
    bucket(mix(first, second), buckets)
}

/// The bucket of a named gram. It depends on the first two characters alone, so that all words that
/// begin with the same two letters are in one bucket. `buckets` is a power of two.
#[must_use]
pub fn bucket_of_named(name: &str, buckets: usize) -> usize {
    let mut characters = name.chars().map(u32::from);
    let first = characters.next().unwrap_or(0);
    let second = characters.next().filter(|&second| second != u32::from(' ')).unwrap_or(0);
    bucket(mix(first, second), buckets)
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
                counts[bucket_of_plain(first, second, 64)] += 1;
            }
        }
        assert!(counts.iter().all(|&count| (500..750).contains(&count)), "{counts:?}");
    }

    #[test]
    fn words_that_begin_alike_are_in_one_bucket() {
        let bucket = |name| bucket_of_named(name, 4096);
        assert_eq!(bucket("gpt"), bucket("gpt 4"));
        assert_eq!(bucket("gpt"), bucket("gp"));
        assert_eq!(bucket("c 语"), bucket("c"));
    }
}
