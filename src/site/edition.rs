//! Groups articles into editions: one for each day, ISO week and month, with top and rising terms.

use std::collections::BTreeMap;
use std::hash::Hash;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::config::Editions as Settings;
use crate::site::calendar::{self, Span};
use crate::site::{ArticleId, Site, TermId, TermRef};

/// Number of preceding editions that an edition's terms are compared with.
const PRECEDING_EDITIONS: usize = 4;

/// Maximum number of top terms for each taxonomy, and of rising terms.
const MAX_TOP_TERMS: usize = 6;

/// All editions, newest first.
#[derive(Debug, Default)]
pub struct Editions {
    /// The days with articles.
    pub days: Vec<Edition>,
    /// The ISO weeks with articles.
    pub weeks: Vec<Edition>,
    /// The months with articles.
    pub months: Vec<Edition>,
}

/// The articles of a day, week or month.
#[derive(Debug)]
pub struct Edition {
    /// The day, week or month.
    pub span: Span,
    /// The articles, newest first.
    pub articles: Vec<ArticleId>,
    /// The terms that at least two of the articles have: by taxonomy, then most used first.
    pub top: Vec<Vec<Count>>,
    /// Terms with at least three articles and at least twice the mean of the preceding editions
    /// (four at most), the largest increase first.
    pub rising: Vec<Rise>,
    /// The articles by term of the configured taxonomy, largest group first. Each article is in one
    /// group; those without a term of the taxonomy are in the last, `None`.
    pub groups: Vec<(Option<TermId>, Vec<ArticleId>)>,
}

/// The number of articles with a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// The term.
    pub term: TermId,
    /// Number of articles.
    pub count: usize,
}

/// A term that is more frequent than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rise {
    /// The term.
    pub term: TermRef,
    /// Number of articles of this edition with the term.
    pub count: usize,
    /// Number of articles of the preceding editions with the term, four at most, in total.
    pub before: usize,
}

/// Computes all editions.
#[must_use]
pub fn editions(site: &Site, settings: &Settings) -> Editions {
    let mut days: BTreeMap<Span, Vec<ArticleId>> = BTreeMap::new();
    for (id, article) in site.articles.iter().enumerate() {
        if let Some(date) = &article.date {
            days.entry(Span::Day(calendar::day(date))).or_default().push(id);
        }
    }
    let joined = |of: fn(chrono::NaiveDate) -> Span| {
        let mut spans: BTreeMap<Span, Vec<ArticleId>> = BTreeMap::new();
        // From the newest day, so that the articles of a span stay newest first.
        for (day, articles) in days.iter().rev() {
            spans.entry(of(day.first())).or_default().extend(articles);
        }
        spans
    };
    let (weeks, months) = (joined(Span::week_of), joined(Span::month_of));
    let of = |spans| editions_of_length(site, settings, spans);
    let (days, (weeks, months)) =
        rayon::join(|| of(days.clone()), || rayon::join(|| of(weeks), || of(months)));
    Editions { days, weeks, months }
}

type Counts = FxHashMap<TermRef, usize>;

/// Computes the editions of one length, newest first.
fn editions_of_length(
    site: &Site,
    settings: &Settings,
    spans: BTreeMap<Span, Vec<ArticleId>>,
) -> Vec<Edition> {
    let spans: Vec<(Span, Vec<ArticleId>)> = spans.into_iter().rev().collect();
    let counts: Vec<Counts> = spans.par_iter().map(|(_, articles)| count_terms(site, articles)).collect();
    spans
        .into_par_iter()
        .enumerate()
        .map(|(at, (span, articles))| {
            let before = &counts[at + 1..counts.len().min(at + 1 + PRECEDING_EDITIONS)];
            Edition {
                span,
                top: top_terms(site, &counts[at]),
                rising: rising_terms(site, &counts[at], before),
                groups: group_by_term(site, settings.group_by, &articles, &counts[at]),
                articles,
            }
        })
        .collect()
}

fn count_terms(site: &Site, articles: &[ArticleId]) -> Counts {
    tally(articles.iter().flat_map(|&id| site.terms_of(id)))
}

fn tally<K: Eq + Hash>(items: impl Iterator<Item = K>) -> FxHashMap<K, usize> {
    let mut counts = FxHashMap::default();
    for item in items {
        *counts.entry(item).or_default() += 1;
    }
    counts
}

fn top_terms(site: &Site, counts: &Counts) -> Vec<Vec<Count>> {
    let mut top = vec![Vec::new(); site.taxonomies.len()];
    for (&TermRef { taxonomy, term }, &count) in counts {
        if count > 1 && site.taxonomies[taxonomy].terms[term].has_page {
            top[taxonomy].push(Count { term, count });
        }
    }
    for (terms, all) in top.iter_mut().zip(&site.taxonomies) {
        terms.sort_by(|a, b| {
            b.count.cmp(&a.count).then_with(|| all.terms[a.term].key.cmp(&all.terms[b.term].key))
        });
        terms.truncate(MAX_TOP_TERMS);
    }
    top
}

/// Returns the terms with at least three articles, and at least twice the mean of the preceding
/// editions.
fn rising_terms(site: &Site, counts: &Counts, before: &[Counts]) -> Vec<Rise> {
    if before.is_empty() {
        return Vec::new();
    }
    let mut rising: Vec<Rise> = counts
        .iter()
        .filter(|(term, count)| **count >= 3 && site.term(**term).has_page)
        .map(|(&term, &count)| Rise {
            term,
            count,
            before: before.iter().filter_map(|counts| counts.get(&term)).sum(),
        })
        .filter(|rise| rise.count * before.len() >= 2 * rise.before)
        .collect();
    let gain = |rise: &Rise| (rise.count * before.len()).saturating_sub(rise.before);
    rising.sort_by(|a, b| {
        gain(b)
            .cmp(&gain(a))
            .then_with(|| a.term.taxonomy.cmp(&b.term.taxonomy))
            .then_with(|| site.term(a.term).key.cmp(&site.term(b.term).key))
    });
    rising.truncate(MAX_TOP_TERMS);
    rising
}

/// Assigns each article to the one of its terms that most articles of the edition have. A term of
/// more than two thirds of the articles (人工智能 in a digest about AI) does not distinguish them
/// and is only used if there is no other.
fn group_by_term(
    site: &Site,
    taxonomy: usize,
    articles: &[ArticleId],
    counts: &Counts,
) -> Vec<(Option<TermId>, Vec<ArticleId>)> {
    let key = |term: TermId| &site.taxonomies[taxonomy].terms[term].key;
    let count = |term: TermId| counts.get(&TermRef { taxonomy, term }).copied().unwrap_or_default();
    let mut groups: FxHashMap<Option<TermId>, Vec<ArticleId>> = FxHashMap::default();
    for &id in articles {
        let terms = site.article_terms[id][taxonomy].iter().copied();
        let group = terms.max_by(|&a, &b| {
            let is_distinctive = |term: TermId| count(term) * 3 <= articles.len() * 2;
            is_distinctive(a)
                .cmp(&is_distinctive(b))
                .then_with(|| count(a).cmp(&count(b)))
                .then_with(|| key(b).cmp(key(a)))
        });
        groups.entry(group).or_default().push(id);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by(|(a, a_articles), (b, b_articles)| {
        a.is_none()
            .cmp(&b.is_none())
            .then_with(|| b_articles.len().cmp(&a_articles.len()))
            .then_with(|| a.map(key).cmp(&b.map(key)))
    });
    groups
}
