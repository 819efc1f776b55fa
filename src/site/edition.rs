//! Editions: the articles of every day, ISO week and month, what they are about, and what is new against before.

use std::collections::BTreeMap;
use std::hash::Hash;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::config::Editions as Settings;
use crate::site::calendar::{self, Span};
use crate::site::{ArticleId, Site, TermId, TermRef};

/// Editions before, which an edition's terms are compared with.
const BEFORE: usize = 4;

/// Terms that are named as the most used of a taxonomy, and as rising.
const MAX_TOP_TERMS: usize = 6;

/// All editions, newest first.
#[derive(Debug, Default)]
pub struct Editions {
    /// One for each day with articles.
    pub days: Vec<Edition>,
    /// One for each ISO week with articles.
    pub weeks: Vec<Edition>,
    /// One for each month with articles.
    pub months: Vec<Edition>,
}

/// The articles of a span of time.
#[derive(Debug)]
pub struct Edition {
    /// Which time.
    pub span: Span,
    /// Newest first.
    pub articles: Vec<ArticleId>,
    /// For each taxonomy the terms that at least two of its articles carry, the most used first.
    pub top: Vec<Vec<Count>>,
    /// Terms that are clearly more frequent than in the four editions before, the strongest first.
    pub rising: Vec<Rise>,
    /// Its articles by term of the configured taxonomy, each article once, the largest group first; those without
    /// any such term come last.
    pub groups: Vec<(Option<TermId>, Vec<ArticleId>)>,
}

/// How often a term occurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// Which term.
    pub term: TermId,
    /// In how many articles.
    pub count: usize,
}

/// A term that is more frequent than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rise {
    /// Which term.
    pub term: TermRef,
    /// Articles of the edition that carry it.
    pub count: usize,
    /// Articles of the four editions before together.
    pub before: usize,
}

/// Gathers all editions.
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
        // Newest day first, so that articles stay newest first.
        for (day, articles) in days.iter().rev() {
            spans.entry(of(day.first())).or_default().extend(articles);
        }
        spans
    };
    let (weeks, months) = (joined(Span::week_of), joined(Span::month_of));
    let of = |spans| series(site, settings, spans);
    let (days, (weeks, months)) =
        rayon::join(|| of(days.clone()), || rayon::join(|| of(weeks), || of(months)));
    Editions { days, weeks, months }
}

type Counts = FxHashMap<TermRef, usize>;

/// The editions of one length.
fn series(site: &Site, settings: &Settings, spans: BTreeMap<Span, Vec<ArticleId>>) -> Vec<Edition> {
    let spans: Vec<(Span, Vec<ArticleId>)> = spans.into_iter().rev().collect();
    let counts: Vec<Counts> = spans.par_iter().map(|(_, articles)| count(site, articles)).collect();
    spans
        .into_par_iter()
        .enumerate()
        .map(|(at, (span, articles))| {
            let before = &counts[at + 1..counts.len().min(at + 1 + BEFORE)];
            Edition {
                span,
                top: top(site, &counts[at]),
                rising: rising(site, &counts[at], before),
                groups: groups(site, settings.group_by, &articles, &counts[at]),
                articles,
            }
        })
        .collect()
}

fn count(site: &Site, articles: &[ArticleId]) -> Counts {
    tally(articles.iter().flat_map(|&id| site.terms_of(id)))
}

fn tally<K: Eq + Hash>(items: impl Iterator<Item = K>) -> FxHashMap<K, usize> {
    let mut counts = FxHashMap::default();
    for item in items {
        *counts.entry(item).or_default() += 1;
    }
    counts
}

fn top(site: &Site, counts: &Counts) -> Vec<Vec<Count>> {
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

/// At least three articles, and at least twice as many as in the mean of the editions before.
fn rising(site: &Site, counts: &Counts, before: &[Counts]) -> Vec<Rise> {
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

/// Each article goes to that of its terms which most of the edition's articles carry; what more than two thirds of them
/// carry (人工智能, in a digest about it) tells nothing apart and is the last choice.
fn groups(
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
            let telling = |term: TermId| count(term) * 3 <= articles.len() * 2;
            telling(a).cmp(&telling(b)).then_with(|| count(a).cmp(&count(b))).then_with(|| key(b).cmp(key(a)))
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
