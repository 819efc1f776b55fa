//! Related articles: those that share an article's rare terms and are near in time.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::site::story::Stories;
use crate::site::{ArticleId, Site, calendar};

/// Articles on either side that a common term is looked for: it says little, and a term of every second article would
/// make all pairs.
const NEAREST: usize = 40;

/// The least that makes two articles related before their dates count: one term of fewer than sixteen articles, or two
/// of fewer than five hundred each.
const MIN_WEIGHT: u32 = 190;

/// Days after which nearness counts half.
const HALF: u32 = 60;

/// For each article, the articles most related to it, the nearest first; never itself or another report of its story.
///
/// A shared term weighs the less the more articles carry it (inverse document frequency, in whole steps of the
/// logarithm, so that an article elsewhere on the site changes nothing here). Ties go to the nearer date, then to the
/// newer article, then by slug. Only articles that share a term are ever looked at.
#[must_use]
pub fn related(site: &Site, stories: &Stories, most: usize) -> Vec<Vec<ArticleId>> {
    if most == 0 {
        return vec![Vec::new(); site.articles.len()];
    }
    let days: Vec<Option<i64>> = site
        .articles
        .iter()
        .map(|article| {
            article
                .date
                .as_ref()
                .map(|date| i64::from(chrono::Datelike::num_days_from_ce(&calendar::day(date))))
        })
        .collect();
    (0..site.articles.len())
        .into_par_iter()
        .map_init(FxHashMap::default, |scores: &mut FxHashMap<ArticleId, u32>, id| {
            scores.clear();
            for term in site.terms_of(id) {
                let articles = &site.term(term).articles;
                let weight = weight(articles.len());
                // Articles are numbered newest first and a term's list is in that order: neighbours are near in time.
                let at = articles.partition_point(|&other| other < id);
                let near = at.saturating_sub(NEAREST)..(at + NEAREST + 1).min(articles.len());
                for &other in articles[near].iter().filter(|&&other| other != id) {
                    *scores.entry(other).or_default() += weight;
                }
            }
            let apart = |other: ArticleId| match (days[id], days[other]) {
                (Some(a), Some(b)) => u32::try_from(a.abs_diff(b)).unwrap_or(u32::MAX / 2),
                (None, None) => 0,
                _ => 365,
            };
            let mut found: Vec<(u32, u32, ArticleId)> = scores
                .iter()
                .filter(|(other, score)| **score >= MIN_WEIGHT && !stories.same(id, **other))
                .map(|(&other, &score)| {
                    let apart = apart(other);
                    let near =
                        u64::from(score) * u64::from(HALF) * 100 / u64::from(HALF + apart.min(100_000));
                    (u32::try_from(near).unwrap_or(u32::MAX), apart, other)
                })
                .collect();
            // Numbers of articles are newest first and by slug within a moment: the last word of every tie.
            found.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
            // Of a story one report is enough.
            let mut related: Vec<ArticleId> = Vec::with_capacity(most);
            for (_, _, other) in found {
                if related.len() == most {
                    break;
                }
                if !related.iter().any(|&known| stories.same(known, other)) {
                    related.push(other);
                }
            }
            related
        })
        .collect()
}

/// What sharing a term of so many articles is worth.
fn weight(articles: usize) -> u32 {
    1000 / (1 + articles.max(1).ilog2() + 1)
}

#[cfg(test)]
mod tests {
    use super::weight;

    #[test]
    fn rare_terms_weigh_more() {
        let weights: Vec<u32> = [2, 3, 4, 15, 16, 1000, 100_000].into_iter().map(weight).collect();
        assert_eq!(weights, [333, 333, 250, 200, 166, 90, 55]);
        assert!(weight(15) >= super::MIN_WEIGHT && weight(16) < super::MIN_WEIGHT);
    }
}
