//! Finds related articles: those that share rare terms and are close in time.

use rayon::prelude::*;

use crate::site::story::Stories;
use crate::site::{ArticleId, Site, calendar};

/// Number of articles before and after an article that are looked at for each shared term. A common
/// term is a weak signal, and a term of every second article would pair all articles.
const MAX_NEIGHBOURS: usize = 40;

/// Minimum weight of two related articles before their dates count: one shared term with fewer than
/// 16 articles, or two with fewer than 512 each.
const MIN_WEIGHT: u32 = 190;

/// Maximum number of days by which a related article may be newer. What follows an event belongs to
/// it for some weeks; later news is a step away on the pages of the terms. So the page of an older
/// article stays as it is: without a bound, the thirty new articles of a day rewrote 137 old pages
/// of a digest of 10,000.
const MAX_DAYS_LATER: i64 = 30;

/// Distance in days at which an article's weight is halved.
const HALVING_DAYS: u32 = 60;

/// Returns the related articles of each article, strongest first; never the article itself or
/// another report of its story, and none that is more than a month newer. At most `most` for
/// each article.
///
/// A shared term weighs less the more articles have it (inverse document frequency). The logarithm
/// is rounded to an integer, so that an unrelated new article changes nothing. Ties are decided by
/// the closer date, then the newer article, then the slug. Only articles that share a term are
/// compared.
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
        .map_init(
            || (vec![0_u32; site.articles.len()], Vec::new()),
            |(scores, met), id| {
                for term in site.terms_of(id) {
                    let articles = &site.term(term).articles;
                    let is_too_new = |other: ArticleId| match (days[id], days[other]) {
                        (Some(own), Some(other)) => other - own > MAX_DAYS_LATER,
                        (None, Some(_)) => true,
                        _ => false,
                    };
                    // The undated are last. Articles that are much newer do not count for rarity either.
                    let articles = &articles[articles.partition_point(|&other| is_too_new(other))..];
                    let weight = weight(articles.len());
                    // Ids are sorted newest first, and so is the list of a term: neighbours in the list
                    // are close in time.
                    let at = articles.partition_point(|&other| other < id);
                    let near =
                        at.saturating_sub(MAX_NEIGHBOURS)..(at + MAX_NEIGHBOURS + 1).min(articles.len());
                    for &other in articles[near].iter().filter(|&&other| other != id) {
                        if scores[other] == 0 {
                            met.push(other);
                        }
                        scores[other] += weight;
                    }
                }
                let apart = |other: ArticleId| match (days[id], days[other]) {
                    (Some(a), Some(b)) => u32::try_from(a.abs_diff(b)).unwrap_or(u32::MAX / 2),
                    (None, None) => 0,
                    _ => 365,
                };
                let mut found: Vec<(u32, u32, ArticleId)> = met
                    .drain(..)
                    .map(|other| (other, std::mem::take(&mut scores[other])))
                    .filter(|&(other, score)| score >= MIN_WEIGHT && !stories.same(id, other))
                    .map(|(other, score)| {
                        let apart = apart(other);
                        let near = u64::from(score) * u64::from(HALVING_DAYS) * 100
                            / u64::from(HALVING_DAYS + apart.min(100_000));
                        (u32::try_from(near).unwrap_or(u32::MAX), apart, other)
                    })
                    .collect();
                // Ids are sorted newest first, then by slug, and so decide the remaining ties.
                found.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
                // One report of each story is enough.
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
            },
        )
        .collect()
}

/// Returns the weight of a shared term that `articles` articles have.
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
