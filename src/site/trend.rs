//! Trends: terms that rise, fade or are new, against the time before; measured from the newest article, never by a clock.

use chrono::{Days, NaiveDate};
use rayon::prelude::*;

use crate::site::{Site, TermRef, calendar};

/// Lengths of the span that counts as now, in days. The first that holds [`ENOUGH`] articles is taken, so that a daily
/// digest speaks of weeks and a monthly one of quarters.
const LENGTHS: [u64; 3] = [28, 91, 364];

/// Articles that make a span worth comparing.
const ENOUGH: usize = 30;

/// Spans before, which are compared with.
const BEFORE: u64 = 3;

/// Parts of a span in a term's chart.
const PARTS: u64 = 4;

/// Terms of each kind.
const MAX_TRENDS: usize = 12;

/// What changes.
#[derive(Debug)]
pub struct Trends {
    /// The newest article's day.
    pub until: NaiveDate,
    /// Days that count as now.
    pub days: u64,
    /// Spans of that length before, which are compared with.
    pub spans: usize,
    /// At least three articles now, and twice as many as in a span before.
    pub rising: Vec<Trend>,
    /// At most half as many articles as in a span before, when at least two were usual.
    pub fading: Vec<Trend>,
    /// First seen now, in at least two articles.
    pub new: Vec<Trend>,
}

/// A term's way.
#[derive(Debug)]
pub struct Trend {
    /// Which term.
    pub term: TermRef,
    /// Articles now.
    pub now: usize,
    /// Articles in all the spans before.
    pub before: usize,
    /// Articles of each part of a span, the oldest first.
    pub parts: Vec<usize>,
}

/// Compares; `None` for a digest too young to have a before.
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
    let old_enough = || LENGTHS.into_iter().filter(|days| history >= 2 * days);
    let days = old_enough().find(|&days| within(days) >= ENOUGH).or_else(|| old_enough().next_back())?;
    let spans = BEFORE.min(history / days - 1);
    let spans_before = usize::try_from(spans).ok()?;
    let part = days / PARTS;
    let parts = usize::try_from(PARTS * (spans + 1)).ok()?;
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
