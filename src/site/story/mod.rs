//! Groups articles into stories: reports of the same event, found by their titles and key events.
//!
//! The similarity of two articles is the weighted share of each title that occurs in the other's
//! title and key event; the mean of both directions. Texts are compared as bigrams of Han
//! characters (Traditional converted to Simplified) and as words and numbers of other scripts; rare
//! ones weigh more.
//!
//! Two articles are one event only if nothing tells them apart, however similar their sentences
//! are. The rules for this (`TokenizedTitle::contradicts`) were derived from labelled pairs
//! (`tests/fixtures/stories.tsv`, `tests/fixtures/events.tsv`). In doubt, articles are not grouped:
//!
//! | rule | module |
//! |---|---|
//! | another agent at the beginning, other words in the same place | `agents` |
//! | another name or version in Latin letters | `names` |
//! | another amount, date, quarter, round or ordinal | `values` |
//! | another step of the affair: lawsuit and judgement, rumour and confirmation | `steps` |
//! | a column that reports many events | `round_up` |

mod agents;
mod names;
mod round_up;
mod steps;
mod tokens;
mod values;
mod words;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::load::Article;
use crate::site::{ArticleId, calendar};
use tokens::TokenizedTitle;

/// Minimum similarity of two reports of the same event, in percent. Chosen on labelled pairs (see
/// the test below): 35 finds a tenth more pairs and twice as many wrong ones.
const MIN_SIMILARITY: u64 = 38;

/// Maximum number of days between two reports of the same event.
const MAX_DAYS_APART: i64 = 3;

/// Maximum number of articles before and after an article that are compared for one word. A word of
/// a thousand articles within three days does not distinguish events.
const MAX_CANDIDATES: usize = 64;

/// Number of articles that are assumed in addition to the digest's, so that a word of both articles
/// in a digest of two does not count as common.
const BACKGROUND_ARTICLES: usize = 1000;

/// Groups of articles that report the same event.
#[derive(Debug, Default)]
pub struct Stories {
    /// Index in `stories` of each article's story.
    story_of: Vec<Option<usize>>,
    /// The reports of each story, newest first.
    stories: Vec<Vec<ArticleId>>,
}

impl Stories {
    /// Returns the result for articles of which no two report the same event.
    #[must_use]
    pub fn none(articles: usize) -> Self {
        Self { story_of: vec![None; articles], stories: Vec::new() }
    }

    /// Groups articles, which must be sorted newest first with undated ones last. Two articles can
    /// only be in the same story if `share` is true for them: they share a term, or one of them has
    /// none.
    #[must_use]
    pub fn find(articles: &[Arc<Article>], share: &(dyn Fn(ArticleId, ArticleId) -> bool + Sync)) -> Self {
        let dated = articles.partition_point(|article| article.date.is_some());
        let days: Vec<i64> = articles[..dated]
            .iter()
            .filter_map(|article| article.date.as_ref())
            .map(|date| i64::from(chrono::Datelike::num_days_from_ce(&calendar::day(date))))
            .collect();
        let texts: Vec<TokenizedTitle<'_>> =
            articles[..dated].par_iter().map(|article| TokenizedTitle::new(article)).collect();
        let weights = Weights::count(&texts);
        let weighted: Vec<WeightedTitle> =
            texts.par_iter().map(|text| WeightedTitle::new(text, &weights)).collect();
        // Similar articles share a distinctive word of a title, so only those are looked up.
        let mut distinctive: FxHashMap<u64, Vec<ArticleId>> = FxHashMap::default();
        for (id, weighted) in weighted.iter().enumerate() {
            for &token in &weighted.distinctive {
                distinctive.entry(token).or_default().push(id);
            }
        }
        let similar: Vec<Vec<ArticleId>> = (0..dated)
            .into_par_iter()
            .map(|id| {
                let mut candidates = FxHashSet::default();
                for token in &texts[id].all {
                    let Some(found) = distinctive.get(token) else { continue };
                    let at = found.partition_point(|&other| other < id);
                    let near =
                        &found[at.saturating_sub(MAX_CANDIDATES)..found.len().min(at + MAX_CANDIDATES)];
                    candidates.extend(near.iter().copied().filter(|&other| {
                        other != id && days[id].abs_diff(days[other]) <= MAX_DAYS_APART.unsigned_abs()
                    }));
                }
                let mut similar: Vec<ArticleId> = candidates
                    .into_iter()
                    .filter(|&other| {
                        let texts = [&texts[id], &texts[other]];
                        let weighted = [&weighted[id], &weighted[other]];
                        similarity(texts, weighted) >= MIN_SIMILARITY
                            && !texts[0].contradicts(texts[1])
                            && share(id, other)
                    })
                    .collect();
                similar.sort_unstable();
                similar
            })
            .collect();
        Self::join(articles.len(), &similar)
    }

    /// Joins similar articles to stories. An article joins a story only if it is similar to at
    /// least half of its reports, so that a chain of small differences does not connect different
    /// events.
    fn join(articles: usize, similar: &[Vec<ArticleId>]) -> Self {
        let mut story_of: Vec<Option<usize>> = vec![None; articles];
        let mut stories: Vec<Vec<ArticleId>> = Vec::new();
        // From the oldest to the newest, so that a later report does not change how earlier ones
        // are grouped.
        for id in (0..similar.len()).rev() {
            let older: Vec<ArticleId> = similar[id].iter().copied().filter(|&other| other > id).collect();
            let mut choices: Vec<(usize, ArticleId)> = Vec::new();
            for &other in &older {
                let reports = story_of[other].map_or(&[][..], |story| stories[story].as_slice());
                let links = reports.iter().filter(|report| older.contains(report)).count().max(1);
                if links * 2 >= reports.len() {
                    choices.push((links, other));
                }
            }
            // The story with the most links; in a tie, the one with the newest report.
            let Some((_, other)) =
                choices.into_iter().max_by_key(|&(links, other)| (links, std::cmp::Reverse(other)))
            else {
                continue;
            };
            match story_of[other] {
                Some(story) => stories[story].push(id),
                None => {
                    story_of[other] = Some(stories.len());
                    stories.push(vec![other, id]);
                }
            }
            story_of[id] = story_of[other];
        }
        for reports in &mut stories {
            reports.sort_unstable();
        }
        Self { story_of, stories }
    }

    /// Returns all stories, each with its reports, newest first.
    #[must_use]
    pub fn all(&self) -> &[Vec<ArticleId>] {
        &self.stories
    }

    /// Restores stories that were found before; `None` if an id is out of range.
    #[must_use]
    pub fn known(articles: usize, stories: Vec<Vec<ArticleId>>) -> Option<Self> {
        let mut story_of = vec![None; articles];
        for (story, reports) in stories.iter().enumerate() {
            for &report in reports {
                *story_of.get_mut(report)? = Some(story);
            }
        }
        if stories.iter().any(|reports| reports.len() < 2) {
            return None;
        }
        Some(Self { story_of, stories })
    }

    /// Returns all reports of an article's story, newest first; empty if it is in no story.
    #[must_use]
    pub fn reports(&self, article: ArticleId) -> &[ArticleId] {
        self.story_of.get(article).copied().flatten().map_or(&[], |story| self.stories[story].as_slice())
    }

    /// True if two articles report the same event.
    #[must_use]
    pub fn same(&self, a: ArticleId, b: ArticleId) -> bool {
        self.story_of[a].is_some() && self.story_of[a] == self.story_of[b]
    }

    /// Filters a list (newest first) so that each story is shown once, by its first report: a later
    /// report then changes no older page.
    #[must_use]
    pub fn fold(&self, articles: &[ArticleId]) -> Vec<ArticleId> {
        if self.stories.is_empty() {
            return articles.to_vec();
        }
        let mut met = FxHashSet::default();
        let mut kept: Vec<ArticleId> = articles
            .iter()
            .rev()
            .copied()
            .filter(|&article| self.story_of[article].is_none_or(|story| met.insert(story)))
            .collect();
        kept.reverse();
        kept
    }
}

/// Computes weights of words: the logarithm of the rarity, in whole quarters of a bit, so that no
/// floating-point rounding affects the output.
struct Weights {
    /// Assumed number of articles, a power of two.
    articles: u64,
    /// Number of articles that contain a word, for all words of titles.
    used: FxHashMap<u64, AtomicU32>,
}

impl Weights {
    fn count(texts: &[TokenizedTitle<'_>]) -> Self {
        // Only words of titles are weighted. The order of additions does not affect the sums.
        let used: FxHashMap<u64, AtomicU32> =
            texts.iter().flat_map(|text| &text.title).map(|&token| (token, AtomicU32::new(0))).collect();
        texts.par_iter().flat_map_iter(|text| &text.all).for_each(|token| {
            if let Some(count) = used.get(token) {
                count.fetch_add(1, Ordering::Relaxed);
            }
        });
        // A power of two, so that one more article does not change all weights.
        Self { articles: (texts.len() + BACKGROUND_ARTICLES).next_power_of_two() as u64, used }
    }

    fn weight(&self, token: u64) -> u64 {
        let used = self.used.get(&token).map_or(1, |used| u64::from(used.load(Ordering::Relaxed).max(1)));
        let rarity = u128::from((self.articles << 8) / used);
        u64::from((rarity * rarity * rarity * rarity).ilog2().saturating_sub(32)).max(1)
    }
}

/// A title's words with their weights.
struct WeightedTitle {
    /// Tokens of the title with their weights, sorted by token.
    title: Vec<(u64, u64)>,
    /// Sum of the weights.
    total: u64,
    /// The heaviest words of the title: an article without any of them cannot reach
    /// [`MIN_SIMILARITY`].
    distinctive: Vec<u64>,
}

impl WeightedTitle {
    fn new(text: &TokenizedTitle<'_>, weights: &Weights) -> Self {
        let title: Vec<(u64, u64)> = text.title.iter().map(|&token| (token, weights.weight(token))).collect();
        let total = title.iter().map(|(_, weight)| weight).sum();
        let mut by_weight = title.clone();
        by_weight.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        let mut left = total;
        let mut distinctive = Vec::new();
        for (token, weight) in by_weight {
            if left * 100 < total * MIN_SIMILARITY {
                break;
            }
            distinctive.push(token);
            left -= weight;
        }
        Self { title, total, distinctive }
    }

    /// Returns the weighted share of this title that a text contains, in percent.
    fn percent_held_by(&self, all: &[u64]) -> u64 {
        // Both are sorted, so one pass is enough.
        let (mut at, mut held) = (0, 0);
        for &(token, weight) in &self.title {
            while all.get(at).is_some_and(|&other| other < token) {
                at += 1;
            }
            if all.get(at) == Some(&token) {
                held += weight;
            }
        }
        (held * 100).checked_div(self.total).unwrap_or(0)
    }
}

/// Returns the similarity of two articles in percent: the mean of both directions.
fn similarity(texts: [&TokenizedTitle<'_>; 2], weighted: [&WeightedTitle; 2]) -> u64 {
    u64::midpoint(weighted[0].percent_held_by(&texts[1].all), weighted[1].percent_held_by(&texts[0].all))
}

#[cfg(test)]
mod tests;
