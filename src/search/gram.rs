//! Grams: units and pairs of neighbours, and the shard in which a gram's lists are.

use crate::search::units::{UnitId, Words, is_plain};

/// Mixes two numbers well enough to spread characters evenly; browsers do the same with `Math.imul`.
fn mix(a: u32, b: u32) -> u32 {
    let mut hash = a.wrapping_mul(0x9E37_79B1) ^ b.wrapping_mul(0x85EB_CA77);
    hash = (hash ^ hash >> 15).wrapping_mul(0x2C1B_3C6D);
    hash ^ hash >> 13
}

/// The shard of one Han character (`second` 0) or of two, among a power of two of them.
#[must_use]
pub fn shard_of_plain(first: u32, second: u32, shards: usize) -> usize {
    mix(first, second) as usize & (shards - 1)
}

/// The shard of a gram with a word in it: found by its first two characters, so that all words that begin with two
/// letters are in one place.
#[must_use]
pub fn shard_of_named(name: &str, shards: usize) -> usize {
    let mut characters = name.chars().map(u32::from);
    let first = characters.next().unwrap_or(0);
    mix(first, characters.next().filter(|&second| second != u32::from(' ')).unwrap_or(0)) as usize
        & (shards - 1)
}

/// How a gram with a word in it is called: its units one after the other, two words with a space between them.
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
    fn shards_get_about_the_same_number_of_pairs() {
        let mut counts = [0_usize; 64];
        for first in 0x4E00..0x4E00 + 200 {
            for second in 0x5E00..0x5E00 + 200 {
                counts[shard_of_plain(first, second, 64)] += 1;
            }
        }
        assert!(counts.iter().all(|&count| (500..750).contains(&count)), "{counts:?}");
    }

    #[test]
    fn words_that_begin_alike_are_in_one_shard() {
        let shard = |name| shard_of_named(name, 4096);
        assert_eq!(shard("gpt"), shard("gpt 4"));
        assert_eq!(shard("gpt"), shard("gp"));
        assert_eq!(shard("c 语"), shard("c"));
    }
}
