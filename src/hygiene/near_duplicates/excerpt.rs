//! Articles that are likely the same under another link: found by what their titles and first sentences share.

use std::collections::HashMap;

use crate::text::han;

/// Values of a signature: enough that two texts of which three in five parts agree are told from others.
const SIGNATURE_VALUES: usize = 32;
/// Values that have to agree for two texts to be compared at all.
const BAND_VALUES: usize = 2;
/// Of all values: an estimate of the share of parts that two texts have in common (their Jaccard index).
const MIN_EQUAL_VALUES: usize = SIGNATURE_VALUES * 3 / 5;
/// Characters that are a part.
const PART_CHARACTERS: usize = 4;
/// Texts with the same band that are compared: more are a template's words.
const MAX_CANDIDATES: usize = 24;
/// A title of so many characters is not shared by chance.
const MIN_TITLE_CHARACTERS: usize = 4;

/// What a text is compared by (MinHash; Broder 1997).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature([u32; SIGNATURE_VALUES]);

impl Signature {
    /// Of a title and the first sentences behind it; `None` for too few characters to say anything.
    #[must_use]
    pub fn of(title: &str, lead: &str) -> Option<Self> {
        let letters: Vec<char> = letters(title).chain(letters(lead)).collect();
        if letters.len() < 24 {
            return None;
        }
        let mut values = [u32::MAX; SIGNATURE_VALUES];
        for part in letters.windows(PART_CHARACTERS) {
            let hash = part.iter().fold(0xCBF2_9CE4_8422_2325_u64, |hash, c| {
                (hash ^ u64::from(u32::from(*c))).wrapping_mul(0x0000_0100_0000_01B3)
            });
            for (n, value) in values.iter_mut().enumerate() {
                // A different order of all hashes for each value.
                let mixed = (hash ^ (n as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15))
                    .wrapping_mul(0xFF51_AFD7_ED55_8CCD);
                *value = (*value).min((mixed >> 32) as u32);
            }
        }
        Some(Self(values))
    }

    /// Do two texts have most of their parts in common?
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).filter(|(a, b)| a == b).count() >= MIN_EQUAL_VALUES
    }
}

/// A title's or text's letters, in one case and script.
fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars()
        .filter(|c| han::is_han(*c) || c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .map(han::simplified)
}

/// What is known, by signature and by title.
#[derive(Debug, Default)]
pub struct NearDuplicates {
    bands: HashMap<(usize, u64), Vec<usize>>,
    titles: HashMap<String, usize>,
    known: Vec<(Option<Signature>, String)>,
}

impl NearDuplicates {
    /// A known article's file that is likely the same.
    #[must_use]
    pub fn find(&self, title: &str, signature: Option<&Signature>) -> Option<&str> {
        let same_title = self.titles.get(&folded(title)).copied();
        let alike = signature.and_then(|signature| {
            bands(signature).find_map(|band| {
                let candidates = self.bands.get(&band)?.iter().take(MAX_CANDIDATES);
                candidates.copied().find(|at| self.known[*at].0.is_some_and(|known| known.is_like(signature)))
            })
        });
        same_title.or(alike).map(|at| self.known[at].1.as_str())
    }

    /// Takes note of an article.
    pub fn add(&mut self, file: &str, title: &str, signature: Option<Signature>) {
        let at = self.known.len();
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
        self.known.push((signature, file.to_owned()));
    }
}

fn folded(title: &str) -> String {
    letters(title).collect()
}

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
    fn the_same_long_title_is_enough() {
        let mut known = NearDuplicates::default();
        known.add("a.md", "马斯克炮轰ChatGPT“违背初心”", None);
        assert_eq!(known.find("马斯克炮轰 ChatGPT 违背初心！", None), Some("a.md"));
        assert_eq!(known.find("日报", None), None);
    }
}
