//! Divides an index into parts, so that a new article changes few files.
//!
//! Articles are numbered from the oldest. They are counted in runs of [`RUN`], and the parts are
//! the digits of that number in the hexadecimal system, the largest first, and a last part with the
//! rest: 10,000 articles are parts of 8,192, 1,792 and 16. So the bounds follow from the number of
//! articles alone. A new article changes the last part, every 256th merges it with the part before,
//! and an index of a million articles has at most four parts. The files of an old part stay as they
//! are, at the server and in the caches of readers, until it is merged: an article is written again
//! about eight times for each digit.
//!
//! A part has its own shards and its own [`Scale`](super::Scale). A query looks into all parts. Few
//! parts cost a reader few requests and bytes, many parts cost the site few rewrites: the binary
//! system has twice as many parts as this one, and half the rewrites.

use serde::Serialize;

/// The number of articles in the smallest part, except for the last one. A multiple of
/// [`TOGETHER`](super::head::TOGETHER), so that no file of articles belongs to two parts.
pub const RUN: usize = 256;

/// The average number of units of text in a shard: some 8 KB of lists.
const UNITS_PER_SHARD: usize = 6_000;

/// The same in a part of fewer than [`SMALL`] articles. A query reads a shard of each part, so the
/// shards of small parts are smaller.
const UNITS_PER_SHARD_OF_SMALL_PART: usize = 3_000;

/// The number of articles from which on a part is not small.
const SMALL: usize = RUN << 4;

/// A part of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Part {
    /// The number of its first article.
    pub first: u32,
    /// The number of its articles.
    pub articles: u32,
    /// The number of its shards.
    pub shards: u32,
}

/// The number of shards for texts of so many units. It is rounded to a sixteenth of a power of two,
/// so that an edit seldom changes it.
fn shards_for(units: usize, units_per_shard: usize) -> usize {
    let shards = (units / units_per_shard).max(1);
    let step = (shards.next_power_of_two() / 16).max(1);
    (shards + step / 2) / step * step
}

/// The parts of an index.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Layout {
    /// The parts in the order of their articles; none for an index without articles.
    pub parts: Vec<Part>,
    /// The number of buckets, a power of two. A gram's hash gives its bucket, and each shard has
    /// the grams of some neighbouring buckets.
    pub buckets: usize,
}

/// The bounds of the parts of an index of so many articles, as numbers of articles.
fn bounds(articles: usize) -> Vec<usize> {
    let runs = articles / RUN;
    let digits = (0..usize::BITS).step_by(4).rev().map(|digit| runs & 0xF << digit);
    let mut bounds = vec![0];
    for runs in digits {
        bounds.push(bounds.last().copied().unwrap_or(0) + runs * RUN);
    }
    bounds.push(articles);
    bounds.dedup();
    bounds
}

impl Layout {
    /// The layout of an index. `units` has the number of units of each article's texts, from the
    /// oldest.
    #[must_use]
    pub fn of(units: &[usize]) -> Self {
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let part = |bounds: &[usize]| {
            let units: usize = units[bounds[0]..bounds[1]].iter().sum();
            let (first, articles) = (number(bounds[0]), number(bounds[1] - bounds[0]));
            let units_per_shard = match bounds[1] - bounds[0] < SMALL {
                true => UNITS_PER_SHARD_OF_SMALL_PART,
                false => UNITS_PER_SHARD,
            };
            Part { first, articles, shards: number(shards_for(units, units_per_shard)) }
        };
        let parts: Vec<Part> = bounds(units.len()).windows(2).map(part).collect();
        let most = parts.iter().map(|part| part.shards as usize).max().unwrap_or(1);
        // At least two buckets a shard, so that shards differ little in size.
        Self { parts, buckets: (2 * most).next_power_of_two() }
    }

    /// The buckets of a shard of a part.
    #[must_use]
    pub fn buckets_of(&self, part: Part, shard: usize) -> std::ops::Range<usize> {
        let first = |shard: usize| (shard * self.buckets).div_ceil(part.shards as usize);
        first(shard)..first(shard + 1)
    }
}

/// The shard of a bucket in a part with so many shards.
#[must_use]
pub fn shard_of(bucket: usize, buckets: usize, shards: usize) -> usize {
    bucket * shards / buckets
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn parts_are_the_digits_of_the_number_of_runs() {
        assert_eq!(bounds(0), [0]);
        assert_eq!(bounds(1), [0, 1]);
        assert_eq!(bounds(256), [0, 256]);
        assert_eq!(bounds(257), [0, 256, 257]);
        assert_eq!(bounds(511), [0, 256, 511]);
        assert_eq!(bounds(512), [0, 512]);
        assert_eq!(bounds(4_095), [0, 3_840, 4_095]);
        assert_eq!(bounds(4_096), [0, 4_096]);
        assert_eq!(bounds(10_000), [0, 8_192, 9_984, 10_000]);
        assert_eq!(bounds(100_000), [0, 65_536, 98_304, 99_840, 100_000]);
    }

    #[test]
    fn a_layout_counts_shards_by_units() {
        let layout = Layout::of(&[vec![3_000; 4_096], vec![12_000; 3]].concat());
        let part = |first, articles, shards| Part { first, articles, shards };
        assert_eq!(layout.parts, [part(0, 4_096, 2_048), part(4_096, 3, 12)]);
        assert_eq!([5_999, 23 * 6_000, 3_549 * 6_000].map(|units| shards_for(units, 6_000)), [1, 24, 3_584]);
        assert_eq!(layout.buckets, 4_096);
        assert_eq!(Layout::of(&[]), Layout { parts: vec![], buckets: 2 });
        assert_eq!(Layout::of(&[5]), Layout { parts: vec![part(0, 1, 1)], buckets: 2 });
    }

    proptest! {
        #[test]
        fn every_bucket_is_in_the_shard_that_has_it(shards in 1_u32..3_000, bits in 1_u32..4) {
            let buckets = (shards as usize).next_power_of_two() << bits;
            let part = Part { first: 0, articles: 1, shards };
            let layout = Layout { parts: vec![part], buckets };
            let mut next = 0;
            for shard in 0..shards as usize {
                let range = layout.buckets_of(part, shard);
                prop_assert_eq!(range.start, next);
                prop_assert!(!range.is_empty());
                for bucket in range.clone() {
                    prop_assert_eq!(shard_of(bucket, buckets, shards as usize), shard);
                }
                next = range.end;
            }
            prop_assert_eq!(next, buckets);
        }

        /// An article more changes the last part and, at a multiple of [`RUN`], those it is merged
        /// with.
        #[test]
        fn old_parts_stay(articles in 0_usize..2_000_000) {
            let (before, after) = (bounds(articles), bounds(articles + 1));
            let same = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
            if !(articles + 1).is_multiple_of(RUN) {
                prop_assert!(same + 1 >= after.len() - 1, "{before:?} {after:?}");
            }
            prop_assert!(after.len() <= 6);
        }
    }
}
