//! Computes trends: rising, fading and new terms, relative to the newest article and not to the
//! clock.

use chrono::{Days, NaiveDate};
use rayon::prelude::*;

use crate::site::{Site, TermRef, calendar};

/// Possible lengths of the current span, in days. The first span with [`MIN_ARTICLES`] articles is
/// used, so that a daily digest compares weeks and a monthly one quarters.
const SPAN_DAYS: [u64; 3] = [28, 91, 364];

/// Minimum number of articles in the current span.
const MIN_ARTICLES: usize = 30;

/// Maximum number of earlier spans in the comparison.
const MAX_EARLIER_SPANS: u64 = 3;

/// Number of parts of a span in a term's chart.
const PARTS_PER_SPAN: u64 = 4;

/// Maximum number of rising, of fading and of new terms.
const MAX_TRENDS: usize = 12;

/// The rising, fading and new terms of a digest.
#[derive(Debug)]
pub struct Trends {
    /// The day of the newest article.
    pub until: NaiveDate,
    /// Length of the current span in days.
    pub days: u64,
    /// Number of earlier spans of the same length in the comparison.
    pub spans: usize,
    /// Terms with at least three articles now, and at least twice the mean of the earlier spans.
    pub rising: Vec<Trend>,
    /// Terms with at most half of the mean of the earlier spans, if that mean is at least two.
    pub fading: Vec<Trend>,
    /// Terms that occur in the current span for the first time, in at least two articles.
    pub new: Vec<Trend>,
}

/// A term's article counts, now and before.
#[derive(Debug)]
pub struct Trend {
    /// The term.
    pub term: TermRef,
    /// Number of articles in the current span.
    pub now: usize,
    /// Number of articles in all earlier spans together.
    pub before: usize,
    /// Number of articles in each part of a span, oldest first.
    pub parts: Vec<usize>,
}

/// Computes the trends; `None` if the digest is too young to compare spans.
#[must_use]
pub fn trends(site: &Site) -> Option<Trends> {
    let day = |id: usize| site.articles.get(id)?.date.as_ref().map(calendar::day);
    let dated = site.articles.partition_point(|article| article.date.is_some());
    let until = day(0)?;
    let oldest = day(dated.checked_sub(1)?)?;
    let history = u64::try_from((until - oldest).num_days()).ok()? + 1;
    let within = |days: u64| {
        let from = until.checked_sub_days(Days::new(days - 1)).unwrap_or(NaiveDate::MIN);
        (0..dated).collect::<Vec<_>>().partition_point(|&id| day(id).is_some_and(|day| day >= from))
    };
    let old_enough = || SPAN_DAYS.into_iter().filter(|days| history >= 2 * days);
    let days =
        old_enough().find(|&days| within(days) >= MIN_ARTICLES).or_else(|| old_enough().next_back())?;
    let spans = MAX_EARLIER_SPANS.min(history / days - 1);
    let spans_before = usize::try_from(spans).ok()?;
    let part = days / PARTS_PER_SPAN;
    let parts = usize::try_from(PARTS_PER_SPAN * (spans + 1)).ok()?;
    let all: Vec<TermRef> = site.all_terms().filter(|term| site.term(*term).has_page).collect();
    let compared: Vec<(Trend, bool)> = all
        .into_par_iter()
        .map(|term| {
            let mut trend = Trend { term, now: 0, before: 0, parts: vec![0; parts] };
            let mut is_new = true;
            for &id in &site.term(term).articles {
                let Some(day) = day(id) else { break };
                let ago = u64::try_from((until - day).num_days()).unwrap_or_default();
                is_new = ago < days;
                let Some(slot) = usize::try_from(ago / part).ok().and_then(|ago| parts.checked_sub(ago + 1))
                else {
                    break;
                };
                trend.parts[slot] += 1;
                if ago < days { trend.now += 1 } else { trend.before += 1 }
            }
            (trend, is_new)
        })
        .filter(|(trend, _)| trend.now + trend.before > 0)
        .collect();
    let (mut rising, mut fading, mut new) = (Vec::new(), Vec::new(), Vec::new());
    for (trend, is_new) in compared {
        if is_new && trend.now > 0 {
            if trend.now >= 2 {
                new.push(trend);
            }
        } else if trend.now >= 3 && trend.now * spans_before >= 2 * trend.before {
            rising.push(trend);
        } else if trend.before >= 2 * spans_before && 2 * trend.now * spans_before <= trend.before {
            fading.push(trend);
        }
    }
    let key = |trend: &Trend| &site.term(trend.term).key;
    let order = |trends: &mut Vec<Trend>, strength: &dyn Fn(&Trend) -> usize| {
        trends.sort_by(|a, b| {
            strength(b)
                .cmp(&strength(a))
                .then_with(|| a.term.taxonomy.cmp(&b.term.taxonomy))
                .then_with(|| key(a).cmp(key(b)))
        });
        trends.truncate(MAX_TRENDS);
    };
    order(&mut rising, &|trend| (trend.now * spans_before).saturating_sub(trend.before));
    order(&mut fading, &|trend| trend.before.saturating_sub(trend.now * spans_before));
    order(&mut new, &|trend| trend.now);
    Some(Trends { until, days, spans: spans_before, rising, fading, new })
}
