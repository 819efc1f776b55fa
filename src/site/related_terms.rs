//! The terms that a term goes with more often than by chance.

use rayon::prelude::*;

use crate::site::{Site, TermRef};

/// Companions that a term's page names.
const MAX_RELATED_TERMS: usize = 8;

/// Articles that two terms have to share at least: once is chance.
const SHARED: usize = 2;

/// Added to a term's use, so that rare terms need more than two lucky meetings to come first.
const SHRINK: usize = 3;

/// For each taxonomy, for each term: the terms of any taxonomy that it goes with, the strongest first.
///
/// Lift is how much more often two terms meet than they would by chance: shared · articles / (use · use of the other).
/// For one term the number of articles and its own use are the same for all, hence shared / (use of the other + 3)
/// gives the same order, and an article that neither carries changes nothing.
#[must_use]
pub fn related_terms(site: &Site) -> Vec<Vec<Vec<TermRef>>> {
    // Terms of all taxonomies in one row, so that counting is adding to a slot.
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
                        if site.term(this).articles.len() < SHARED {
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
                        found.retain(|(other, shared)| *shared >= SHARED && site.term(*other).has_page);
                        let used = |other: TermRef| site.term(other).articles.len() + SHRINK;
                        found.sort_unstable_by(|&(a, a_shared), &(b, b_shared)| {
                            // a_shared / used(a) against b_shared / used(b), without rounding.
                            (b_shared * used(a))
                                .cmp(&(a_shared * used(b)))
                                .then_with(|| a.taxonomy.cmp(&b.taxonomy))
                                .then_with(|| site.term(a).key.cmp(&site.term(b).key))
                        });
                        found.truncate(MAX_RELATED_TERMS);
                        // Into a new list: collecting in place would keep the room of all that were met.
                        let mut named = Vec::with_capacity(found.len());
                        named.extend(found.into_iter().map(|(other, _)| other));
                        named
                    },
                )
                .collect()
        })
        .collect()
}
