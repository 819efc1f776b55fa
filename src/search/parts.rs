//! Divides an index into parts, so that a new article changes few files.
//!
//! Articles are numbered from the oldest. They are counted in runs of [`RUN`], and the parts are
//! the digits of that number in the binary system, the largest first, and a last part with the
//! rest: 10,000 articles are parts of 8,192, 1,024, 512 and 272. So the bounds follow from the
//! number of articles alone; a new article changes the last part, every 512th merges it with the
//! part before, and an index of a million articles has at most twelve parts. The files of an old
//! part stay as they are, at the server and in the caches of readers, until it is merged: an
//! article is written again about log2(articles / 512) times in all.
//!
//! A part has its own shards and its own [`Scale`](super::Scale). A query looks into all parts.

use serde::Serialize;

/// The number of articles in the smallest part, except for the last one. A multiple of
/// [`TOGETHER`](super::head::TOGETHER), so that no file of articles belongs to two parts.
pub const RUN: usize = 512;

/// The average number of units of text in a shard: some 8 KB of lists. The last part is written
/// again with each day's articles, so its shards are larger and fewer.
const UNITS_PER_SHARD: usize = 6_000;
const UNITS_PER_SHARD_OF_LAST_PART: usize = 9_000;

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
    let digits = (0..usize::BITS).rev().map(|digit| runs & 1 << digit).filter(|&digit| digit > 0);
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
            let units_per_shard = match bounds[1] - bounds[0] < RUN {
                true => UNITS_PER_SHARD_OF_LAST_PART,
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
        assert_eq!(bounds(512), [0, 512]);
        assert_eq!(bounds(513), [0, 512, 513]);
        assert_eq!(bounds(1023), [0, 512, 1023]);
        assert_eq!(bounds(1024), [0, 1024]);
        assert_eq!(bounds(10_000), [0, 8192, 9216, 9728, 10_000]);
    }

    #[test]
    fn a_layout_counts_shards_by_units() {
        let layout = Layout::of(&[vec![3_000; 1024], vec![12_000; 3]].concat());
        let part = |first, articles, shards| Part { first, articles, shards };
        assert_eq!(layout.parts, [part(0, 1024, 512), part(1024, 3, 4)]);
        assert_eq!([5_999, 23 * 6_000, 3_549 * 6_000].map(|units| shards_for(units, 6_000)), [1, 24, 3_584]);
        assert_eq!(layout.buckets, 1024);
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
            prop_assert!(after.len() <= 14);
        }
    }
}
