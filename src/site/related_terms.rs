//! Finds related terms: those that occur together more often than by chance.

use rayon::prelude::*;

use crate::site::{Site, TermRef};

/// Maximum number of related terms of a term.
const MAX_RELATED_TERMS: usize = 8;

/// Minimum number of articles that two related terms share: one may be chance.
const MIN_SHARED_ARTICLES: usize = 2;

/// Added to the article count of the other term, so that two chance meetings do not put a rare term
/// first.
const SMOOTHING: usize = 3;

/// Returns the related terms, strongest first: by taxonomy, then term. They may be of any taxonomy.
///
/// Lift says how much more often two terms occur together than by chance: shared · articles / (uses
/// · uses of the other). For one term, the number of articles and its own uses are constant, so
/// shared / (uses of the other + 3) gives the same order. An article with neither term changes
/// nothing.
#[must_use]
pub fn related_terms(site: &Site) -> Vec<Vec<Vec<TermRef>>> {
    // The terms of all taxonomies are numbered consecutively, so that counts are a flat array.
    let starts: Vec<usize> = site
        .taxonomies
        .iter()
        .scan(0, |next, taxonomy| {
            let start = *next;
            *next += taxonomy.terms.len();
            Some(start)
        })
        .collect();
    let total: usize = site.taxonomies.iter().map(|taxonomy| taxonomy.terms.len()).sum();
    let slot = |term: TermRef| starts[term.taxonomy] + term.term;
    (0..site.taxonomies.len())
        .map(|taxonomy| {
            (0..site.taxonomies[taxonomy].terms.len())
                .into_par_iter()
                .map_init(
                    || (vec![0_usize; total], Vec::new()),
                    |(counts, met), term| {
                        let this = TermRef { taxonomy, term };
                        if site.term(this).articles.len() < MIN_SHARED_ARTICLES {
                            return Vec::new();
                        }
                        for &article in &site.term(this).articles {
                            for other in site.terms_of(article).filter(|other| *other != this) {
                                let count = &mut counts[slot(other)];
                                if *count == 0 {
                                    met.push(other);
                                }
                                *count += 1;
                            }
                        }
                        let mut found: Vec<(TermRef, usize)> = met
                            .drain(..)
                            .map(|other| (other, std::mem::take(&mut counts[slot(other)])))
                            .collect();
                        found.retain(|(other, shared)| {
                            *shared >= MIN_SHARED_ARTICLES && site.term(*other).has_page
                        });
                        let used = |other: TermRef| site.term(other).articles.len() + SMOOTHING;
                        found.sort_unstable_by(|&(a, a_shared), &(b, b_shared)| {
                            // Compares a_shared / used(a) with b_shared / used(b) without rounding.
                            (b_shared * used(a))
                                .cmp(&(a_shared * used(b)))
                                .then_with(|| a.taxonomy.cmp(&b.taxonomy))
                                .then_with(|| site.term(a).key.cmp(&site.term(b).key))
                        });
                        found.truncate(MAX_RELATED_TERMS);
                        // Collecting in place would keep the allocation for all terms that were
                        // met.
                        let mut named = Vec::with_capacity(found.len());
                        named.extend(found.into_iter().map(|(other, _)| other));
                        named
                    },
                )
                .collect()
        })
        .collect()
}
