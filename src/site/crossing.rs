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
    /// Indices in `pairs`, by term of the second taxonomy.
    by_second: FxHashMap<TermId, Vec<usize>>,
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

/// Finds the crossings of the two configured taxonomies.
#[must_use]
pub fn crossings(site: &Site, settings: &Settings) -> Crossings {
    let [first, second] = settings.of;
    let has_page = |taxonomy: usize, term: TermId| site.taxonomies[taxonomy].terms[term].has_page;
    let size = |taxonomy: usize| {
        site.taxonomies[taxonomy].terms.iter().take(MATRIX).filter(|term| term.has_page).count()
    };
    let mut matrix = vec![vec![0; size(second)]; size(first)];
    // Pairs are counted before their articles are collected, because most occur only once.
    let mut counts: FxHashMap<[TermId; 2], usize> = FxHashMap::default();
    for terms in &site.article_terms {
        for &a in terms[first].iter().take(MAX_CONNECTING_TERMS).filter(|&&a| has_page(first, a)) {
            for &b in terms[second].iter().take(MAX_CONNECTING_TERMS).filter(|&&b| has_page(second, b)) {
                *counts.entry([a, b]).or_default() += 1;
                if let Some(cell) = matrix.get_mut(a).and_then(|row| row.get_mut(b)) {
                    *cell += 1;
                }
            }
        }
    }
    counts.retain(|_, count| *count >= settings.min_articles);
    let mut pairs: FxHashMap<[TermId; 2], Vec<ArticleId>> =
        counts.into_iter().map(|(pair, count)| (pair, Vec::with_capacity(count))).collect();
    for (id, terms) in site.article_terms.iter().enumerate() {
        for &a in terms[first].iter().take(MAX_CONNECTING_TERMS) {
            for &b in terms[second].iter().take(MAX_CONNECTING_TERMS) {
                if let Some(articles) = pairs.get_mut(&[a, b]) {
                    articles.push(id);
                }
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
    Crossings { pairs, matrix, by_second }
}
