//! Crossings: the articles that carry a term of one taxonomy and a term of another.

use rustc_hash::FxHashMap;

use crate::config::Crossings as Settings;
use crate::site::{ArticleId, MAX_CONNECTING_TERMS, Site, TermId};

/// How many terms of each taxonomy the matrix shows.
pub const MATRIX: usize = 20;

/// All pairs of terms that have a page, and the matrix of the most used terms.
#[derive(Debug, Default)]
pub struct Crossings {
    /// By the first term's place, then the second's.
    pub pairs: Vec<Crossing>,
    /// Articles of every pair of the [`MATRIX`] most used terms of both taxonomies: rows are the first's.
    pub matrix: Vec<Vec<usize>>,
    by_second: FxHashMap<TermId, Vec<usize>>,
}

/// A pair of terms with enough articles for a page.
#[derive(Debug)]
pub struct Crossing {
    /// Of the first taxonomy and of the second.
    pub terms: [TermId; 2],
    /// Newest first.
    pub articles: Vec<ArticleId>,
}

impl Crossings {
    /// The pairs that a term of the first (0) or second (1) taxonomy is in.
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

    /// The crossing of two terms, if it has a page.
    #[must_use]
    pub fn get(&self, terms: [TermId; 2]) -> Option<&Crossing> {
        let at = self.pairs.binary_search_by_key(&terms, |pair| pair.terms).ok()?;
        self.pairs.get(at)
    }
}

/// Finds the pairs.
#[must_use]
pub fn crossings(site: &Site, settings: &Settings) -> Crossings {
    let [first, second] = settings.of;
    let has_page = |taxonomy: usize, term: TermId| site.taxonomies[taxonomy].terms[term].has_page;
    let size = |taxonomy: usize| {
        site.taxonomies[taxonomy].terms.iter().take(MATRIX).filter(|term| term.has_page).count()
    };
    let mut matrix = vec![vec![0; size(second)]; size(first)];
    // Counted before they are gathered: most pairs occur once.
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
