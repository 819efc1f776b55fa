//! Finds articles that are likely the same under another link, by their titles and first sentences.

use std::collections::HashMap;

use crate::text::han;

/// The number of hashes in a signature: enough to distinguish texts that share three of five pieces
/// from others.
const SIGNATURE_VALUES: usize = 32;
/// The number of consecutive values that must be equal for two texts to be compared at all.
const BAND_VALUES: usize = 2;
/// The number of equal values from which on two texts are near-duplicates. The share of equal
/// values estimates the share of pieces that two texts have in common (the Jaccard index).
const MIN_EQUAL_VALUES: usize = SIGNATURE_VALUES * 3 / 5;
/// The length of a piece, in characters.
const PIECE_CHARACTERS: usize = 4;
/// The minimum number of letters and digits in title and lead for a signature.
const MIN_LETTERS: usize = 24;
/// The maximum number of texts with the same band that are compared: a band that more texts share
/// comes from a template.
const MAX_CANDIDATES: usize = 24;
/// The minimum length of a title that identifies an article, in letters and digits.
const MIN_TITLE_CHARACTERS: usize = 4;

/// The MinHash signature of a text (Broder 1997).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature([u32; SIGNATURE_VALUES]);

impl Signature {
    /// Computes the signature of a title and the first sentences of the text. `None` if both
    /// together have fewer than 24 letters and digits.
    #[must_use]
    pub fn of(title: &str, lead: &str) -> Option<Self> {
        let letters: Vec<char> = letters(title).chain(letters(lead)).collect();
        if letters.len() < MIN_LETTERS {
            return None;
        }
        let mut values = [u32::MAX; SIGNATURE_VALUES];
        for piece in letters.windows(PIECE_CHARACTERS) {
            // FNV-1a over the characters of the piece.
            let hash = piece.iter().fold(0xCBF2_9CE4_8422_2325_u64, |hash, c| {
                (hash ^ u64::from(u32::from(*c))).wrapping_mul(0x0000_0100_0000_01B3)
            });
            for (n, value) in values.iter_mut().enumerate() {
                // Each value is the minimum in a different order of the hashes.
                let mixed = (hash ^ (n as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15))
                    .wrapping_mul(0xFF51_AFD7_ED55_8CCD);
                *value = (*value).min((mixed >> 32) as u32);
            }
        }
        Some(Self(values))
    }

    /// Returns true if two texts have an estimated three of five pieces in common.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).filter(|(a, b)| a == b).count() >= MIN_EQUAL_VALUES
    }
}

/// The letters and digits of a text, in lower case, with Han folded.
fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars()
        .filter(|c| han::is_han(*c) || c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .map(han::folded)
}

/// An index of articles by signature and by title.
#[derive(Debug, Default)]
pub struct NearDuplicates {
    /// Indexes of `articles`, by the number and the hash of a band.
    bands: HashMap<(usize, u64), Vec<usize>>,
    /// Indexes of `articles`, by the letters of the title.
    titles: HashMap<String, usize>,
    /// The signature and the file of each article.
    articles: Vec<(Option<Signature>, String)>,
}

impl NearDuplicates {
    /// The file of an indexed article that is likely the same.
    #[must_use]
    pub fn find(&self, title: &str, signature: Option<&Signature>) -> Option<&str> {
        let same_title = self.titles.get(&folded(title)).copied();
        let alike = signature.and_then(|signature| {
            bands(signature).find_map(|band| {
                let candidates = self.bands.get(&band)?.iter().take(MAX_CANDIDATES);
                candidates
                    .copied()
                    .find(|at| self.articles[*at].0.is_some_and(|found| found.is_like(signature)))
            })
        });
        same_title.or(alike).map(|at| self.articles[at].1.as_str())
    }

    /// Adds an article to the index.
    pub fn add(&mut self, file: &str, title: &str, signature: Option<Signature>) {
        let at = self.articles.len();
        if let Some(signature) = &signature {
            for band in bands(signature) {
                let same = self.bands.entry(band).or_default();
                if same.len() < MAX_CANDIDATES {
                    same.push(at);
                }
            }
        }
        let title = folded(title);
        if title.chars().count() >= MIN_TITLE_CHARACTERS {
            self.titles.entry(title).or_insert(at);
        }
        self.articles.push((signature, file.to_owned()));
    }
}

fn folded(title: &str) -> String {
    letters(title).collect()
}

/// The bands of a signature, each with its number.
fn bands(signature: &Signature) -> impl Iterator<Item = (usize, u64)> {
    let pairs = signature.0.chunks_exact(BAND_VALUES).enumerate();
    pairs.map(|(n, values)| (n, values.iter().fold(0, |band, value| (band << 32) | u64::from(*value))))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAD: &str = "某公司今天发布了名为小星的模型。负责人在发布会上说，他们会开放权重，但训练数据不会公开。这句话引来了很多讨论。";

    #[test]
    fn the_same_text_under_another_title_is_found() {
        let mut known = NearDuplicates::default();
        known.add("a.md", "某公司发布小星模型", Signature::of("某公司发布小星模型", LEAD));
        let find = |title: &str, lead: &str| {
            known.find(title, Signature::of(title, lead).as_ref()).map(str::to_owned)
        };
        assert_eq!(find("小星模型来了：开放权重", LEAD).as_deref(), Some("a.md"));
        assert_eq!(find("某公司發布小星模型", &LEAD.replace("今天", "昨天")).as_deref(), Some("a.md"));
        assert_eq!(
            find(
                "另一家公司的芯片出货量翻了一倍",
                "据业内人士透露，这家芯片公司上个季度的出货量比去年同期翻了一倍，超过了所有人的预期。"
            ),
            None
        );
    }

    #[test]
    fn articles_with_the_same_long_title_are_near_duplicates() {
        let mut known = NearDuplicates::default();
        known.add("a.md", "马斯克炮轰ChatGPT“违背初心”", None);
        assert_eq!(known.find("马斯克炮轰 ChatGPT 违背初心！", None), Some("a.md"));
        assert_eq!(known.find("日报", None), None);
    }
}
