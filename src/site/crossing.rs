//! Finds crossings: pairs of terms of two taxonomies, with the articles that have both.

use rustc_hash::FxHashMap;

use crate::config::Crossings as Settings;
use crate::site::{ArticleId, MAX_CONNECTING_TERMS, Site, TermId};

/// Number of terms of each taxonomy in the matrix.
pub const MATRIX: usize = 20;

/// All pairs of terms that have a page, and the matrix of the most used terms.
#[derive(Debug, Default)]
pub struct Crossings {
    /// The pairs, sorted by the first term's id, then the second's.
    pub pairs: Vec<Crossing>,
    /// Number of articles of each pair of the [`MATRIX`] most used terms: rows are terms of the
    /// first taxonomy, columns of the second.
    pub matrix: Vec<Vec<usize>>,
    /// Set if the digest has more crossings than its limit; it has none then.
    pub excess: Option<Excess>,
    /// Indices in `pairs`, by term of the second taxonomy.
    by_second: FxHashMap<TermId, Vec<usize>>,
}

/// More crossings than `limits: {crossings}` allows.
#[derive(Debug)]
pub struct Excess {
    /// The number of pairs with enough articles.
    pub count: usize,
    /// The number that the digest may have.
    pub limit: usize,
    /// The articles with most of these pairs, at most three, and the number of pairs of each.
    pub articles: Vec<(ArticleId, usize)>,
}

/// A pair of terms with enough articles for a page.
#[derive(Debug)]
pub struct Crossing {
    /// The terms of the first and the second taxonomy.
    pub terms: [TermId; 2],
    /// The articles with both terms, newest first.
    pub articles: Vec<ArticleId>,
}

impl Crossings {
    /// Returns the pairs of a term; `side` is 0 for terms of the first taxonomy, 1 for the second.
    pub fn of(&self, side: usize, term: TermId) -> impl Iterator<Item = &Crossing> {
        let (first, second) = match side {
            0 => {
                let start = self.pairs.partition_point(|pair| pair.terms[0] < term);
                let end = self.pairs.partition_point(|pair| pair.terms[0] <= term);
                (&self.pairs[start..end], [].as_slice())
            }
            _ => ([].as_slice(), self.by_second.get(&term).map_or(&[][..], Vec::as_slice)),
        };
        first.iter().chain(second.iter().map(|&at| &self.pairs[at]))
    }

    /// Returns the crossing of two terms, if it has a page.
    #[must_use]
    pub fn get(&self, terms: [TermId; 2]) -> Option<&Crossing> {
        let at = self.pairs.binary_search_by_key(&terms, |pair| pair.terms).ok()?;
        self.pairs.get(at)
    }
}

/// Articles for which `limits: {crossings}` counts once.
const ARTICLES_OF_LIMIT: usize = 1000;
/// Number of articles that an [`Excess`] names.
const MAX_NAMED: usize = 3;

/// The pairs of terms of an article in two taxonomies.
fn pairs_of(terms: &[Vec<TermId>], [first, second]: [usize; 2]) -> impl Iterator<Item = [TermId; 2]> {
    let connecting = |taxonomy: usize| terms[taxonomy].iter().take(MAX_CONNECTING_TERMS);
    connecting(first).flat_map(move |&a| connecting(second).map(move |&b| [a, b]))
}

/// Finds the crossings of the two configured taxonomies. `limit` is the number of crossings that
/// every 1,000 articles or fewer may have.
#[must_use]
pub fn crossings(site: &Site, settings: &Settings, limit: usize) -> Crossings {
    let [first, second] = settings.of;
    let has_page = |taxonomy: usize, term: TermId| site.taxonomies[taxonomy].terms[term].has_page;
    let size = |taxonomy: usize| {
        site.taxonomies[taxonomy].terms.iter().take(MATRIX).filter(|term| term.has_page).count()
    };
    let mut matrix = vec![vec![0; size(second)]; size(first)];
    // Pairs are counted before their articles are collected, because most occur only once.
    let mut counts: FxHashMap<[TermId; 2], usize> = FxHashMap::default();
    for terms in &site.article_terms {
        for [a, b] in pairs_of(terms, settings.of) {
            if has_page(first, a) && has_page(second, b) {
                *counts.entry([a, b]).or_default() += 1;
                if let Some(cell) = matrix.get_mut(a).and_then(|row| row.get_mut(b)) {
                    *cell += 1;
                }
            }
        }
    }
    counts.retain(|_, count| *count >= settings.min_articles);
    let limit = limit.saturating_mul(site.articles.len().div_ceil(ARTICLES_OF_LIMIT));
    let mut excess = None;
    if counts.len() > limit {
        let pairs = |terms: &Vec<Vec<TermId>>| {
            pairs_of(terms, settings.of).filter(|pair| counts.contains_key(pair)).count()
        };
        let mut articles: Vec<(ArticleId, usize)> =
            site.article_terms.iter().map(pairs).enumerate().collect();
        articles.sort_by_key(|(id, pairs)| (std::cmp::Reverse(*pairs), *id));
        articles.truncate(MAX_NAMED);
        excess = Some(Excess { count: counts.len(), limit, articles });
        counts.clear();
    }
    let mut pairs: FxHashMap<[TermId; 2], Vec<ArticleId>> =
        counts.into_iter().map(|(pair, count)| (pair, Vec::with_capacity(count))).collect();
    for (id, terms) in site.article_terms.iter().enumerate() {
        for pair in pairs_of(terms, settings.of) {
            if let Some(articles) = pairs.get_mut(&pair) {
                articles.push(id);
            }
        }
    }
    let mut pairs: Vec<Crossing> =
        pairs.into_iter().map(|(terms, articles)| Crossing { terms, articles }).collect();
    pairs.sort_by_key(|pair| pair.terms);
    let mut by_second: FxHashMap<TermId, Vec<usize>> = FxHashMap::default();
    for (at, pair) in pairs.iter().enumerate() {
        by_second.entry(pair.terms[1]).or_default().push(at);
    }
    Crossings { pairs, matrix, excess, by_second }
}
