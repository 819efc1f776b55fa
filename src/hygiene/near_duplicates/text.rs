//! Articles with nearly the same title and text, found without comparing every pair.
//!
//! A text is its set of overlapping pieces; two texts are as alike as their sets overlap (Jaccard's index). A sketch keeps the
//! least hash of each of [`BINS`] parts of the set, and sketches that agree in a few neighbouring bins are looked at closely
//! (MinHash with one permutation: Li, Owen and Zhang, 2012).

use std::collections::HashSet;
use std::hash::{BuildHasher, BuildHasherDefault};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

/// Parts of a set of pieces.
const BINS: usize = 64;
/// Neighbouring bins that have to agree: of texts that are four fifths alike, one pair in five thousand is missed.
const BAND_BINS: usize = 4;
/// Characters of a piece.
const PIECE_CHARACTERS: usize = 5;
/// Pieces without which a text is too short to tell anything by.
const MIN_PIECES: usize = 40;
/// How much of two texts is the same, when their titles are alike, too.
const MIN_OVERLAP_WITH_TITLE: f64 = 0.7;
/// How much of two texts is the same, whatever their titles.
const MIN_OVERLAP: f64 = 0.9;
/// How much of two titles is the same.
const MIN_TITLE_OVERLAP: f64 = 0.5;
/// Of texts that share a band so many are compared with each other: more are a formula that stands in all of them.
const MAX_CANDIDATES: usize = 30;

fn pieces(text: &str, length: usize) -> FxHashSet<u64> {
    let characters: Vec<char> = text.chars().collect();
    let hasher = BuildHasherDefault::<FxHasher>::default();
    characters.windows(length).map(|piece| spread(hasher.hash_one(piece))).collect()
}

/// FxHash leaves patterns in the upper bits, by which a piece's bin is chosen (the finish of splitmix64).
fn spread(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

type Sketch = [Option<u64>; BINS];

fn sketch(text: &str) -> Option<Sketch> {
    let pieces = pieces(text, PIECE_CHARACTERS);
    if pieces.len() < MIN_PIECES {
        return None;
    }
    let mut sketch: Sketch = [None; BINS];
    for piece in pieces {
        let bin = &mut sketch[(piece >> 58) as usize];
        *bin = Some(bin.map_or(piece, |least| least.min(piece)));
    }
    Some(sketch)
}

/// What two sets have in common, of what they have together.
fn alike(a: &FxHashSet<u64>, b: &FxHashSet<u64>) -> f64 {
    let common = a.intersection(b).count();
    let all = a.len() + b.len() - common;
    if all == 0 { 0.0 } else { common as f64 / all as f64 }
}

/// Groups of texts that are nearly the same, each in the given order, by their first.
pub(crate) fn groups(texts: &[String], titles: &[String]) -> Vec<Vec<usize>> {
    let sketches: Vec<Option<Sketch>> = texts.par_iter().map(|text| sketch(text)).collect();
    let mut pairs: HashSet<(usize, usize)> = HashSet::new();
    for band in (0..BINS).step_by(BAND_BINS) {
        let mut same: FxHashMap<[u64; BAND_BINS], Vec<usize>> = FxHashMap::default();
        for (at, sketch) in sketches.iter().enumerate() {
            let Some(sketch) = sketch else { continue };
            let mut key = [0; BAND_BINS];
            let mut full = true;
            for (slot, bin) in key.iter_mut().zip(&sketch[band..band + BAND_BINS]) {
                full &= bin.is_some();
                *slot = bin.unwrap_or_default();
            }
            if full {
                same.entry(key).or_default().push(at);
            }
        }
        for together in same.into_values().filter(|together| together.len() > 1) {
            for (nth, &a) in together.iter().take(MAX_CANDIDATES).enumerate() {
                pairs.extend(together[nth + 1..].iter().take(MAX_CANDIDATES).map(|&b| (a, b)));
            }
        }
    }
    let mut pairs: Vec<(usize, usize)> = pairs.into_iter().collect();
    pairs.sort_unstable();
    let found: Vec<(usize, usize)> = pairs
        .into_par_iter()
        .filter(|&(a, b)| {
            let texts = alike(&pieces(&texts[a], PIECE_CHARACTERS), &pieces(&texts[b], PIECE_CHARACTERS));
            texts >= MIN_OVERLAP
                || (texts >= MIN_OVERLAP_WITH_TITLE
                    && alike(&pieces(&titles[a], 2), &pieces(&titles[b], 2)) >= MIN_TITLE_OVERLAP)
        })
        .collect();
    join(&found)
}

/// Pairs to groups: whoever is like one of a group belongs to it.
fn join(pairs: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut group_of: FxHashMap<usize, usize> = FxHashMap::default();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for &(a, b) in pairs {
        match (group_of.get(&a).copied(), group_of.get(&b).copied()) {
            (Some(of_a), Some(of_b)) if of_a != of_b => {
                let moved = std::mem::take(&mut groups[of_b]);
                group_of.extend(moved.iter().map(|&one| (one, of_a)));
                groups[of_a].extend(moved);
            }
            (Some(_), Some(_)) => {}
            (Some(group), None) => {
                group_of.insert(b, group);
                groups[group].push(b);
            }
            (None, Some(group)) => {
                group_of.insert(a, group);
                groups[group].push(a);
            }
            (None, None) => {
                group_of.extend([(a, groups.len()), (b, groups.len())]);
                groups.push(vec![a, b]);
            }
        }
    }
    groups.retain(|group| !group.is_empty());
    for group in &mut groups {
        group.sort_unstable();
    }
    groups.sort_unstable();
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Han that depend on a seed and hardly repeat.
    fn text(seed: u64, length: usize) -> String {
        let mut state = seed;
        (0..length)
            .map(|_| {
                state = spread(state.wrapping_add(0x9e37_79b9_7f4a_7c15));
                char::from_u32(0x4E00 + (state % 3000) as u32).unwrap()
            })
            .collect()
    }

    fn found(texts: &[String], titles: &[&str]) -> Vec<Vec<usize>> {
        let titles: Vec<String> = titles.iter().map(|&title| title.to_owned()).collect();
        groups(texts, &titles)
    }

    #[test]
    fn copies_with_a_few_words_changed_are_one_group() {
        let first = text(1, 800);
        let edited: String =
            first.chars().map(|c| if (c as u32).is_multiple_of(60) { '改' } else { c }).collect();
        let longer = format!("{first}{}", text(9, 60));
        let texts = [first, text(2, 800), edited, longer];
        assert_eq!(
            found(&texts, &["谷歌发布新模型", "别的", "谷歌发布新模型了", "谷歌发布新模型"]),
            [[0, 2, 3]]
        );
    }

    #[test]
    fn reports_of_one_event_in_different_words_are_no_copies() {
        // A third of the words in common, as quotations are.
        let common = text(5, 300);
        let texts = [format!("{common}{}", text(6, 600)), format!("{common}{}", text(7, 600))];
        assert_eq!(found(&texts, &["同一标题", "同一标题"]), Vec::<Vec<usize>>::new());
    }

    #[test]
    fn short_texts_tell_nothing() {
        let texts = ["暂无正文".to_owned(), "暂无正文".to_owned()];
        assert_eq!(found(&texts, &["一", "二"]), Vec::<Vec<usize>>::new());
    }

    #[test]
    fn a_formula_in_thousands_of_texts_takes_no_long_time() {
        let formula = text(3, 400);
        let texts: Vec<String> = (0..3000).map(|n| format!("{formula}{}", text(n, 20))).collect();
        let titles: Vec<String> = (0..3000).map(|n| n.to_string()).collect();
        assert!(!groups(&texts, &titles).is_empty());
    }

    proptest! {
        #[test]
        fn no_text_is_in_two_groups(pairs in proptest::collection::vec((0usize..30, 0usize..30), 0..40)) {
            let pairs: Vec<(usize, usize)> = pairs.into_iter().filter(|(a, b)| a != b).collect();
            let groups = join(&pairs);
            let mut all: Vec<usize> = groups.concat();
            let before = all.len();
            all.sort_unstable();
            all.dedup();
            prop_assert_eq!(all.len(), before);
            for (a, b) in pairs {
                prop_assert!(groups.iter().any(|group| group.contains(&a) && group.contains(&b)));
            }
        }
    }
}
