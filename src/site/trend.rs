//! Computes trends: rising, fading and new terms, relative to the newest articles and not to the
//! clock.

use chrono::{Days, NaiveDate};
use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::site::{ArticleId, Site, TermRef, calendar};

/// Possible lengths of the current span, in days. The first span with [`MIN_ARTICLES`] articles is
/// used, so that a daily digest compares weeks and a monthly one quarters.
const SPAN_DAYS: [u64; 3] = [28, 91, 364];

/// Minimum number of articles in the current span.
const MIN_ARTICLES: usize = 30;

/// Maximum number of earlier spans in the comparison.
const MAX_EARLIER_SPANS: u64 = 3;

/// Maximum number of articles after the end of the current span. They are not counted.
const MAX_STRAGGLERS: usize = 2;

/// Number of parts of a span in a term's chart.
const PARTS_PER_SPAN: u64 = 4;

/// Maximum number of rising, of fading and of new terms.
const MAX_TRENDS: usize = 12;

/// The rising, fading and new terms of a digest.
#[derive(Debug)]
pub struct Trends {
    /// The last day of the current span: the day of the newest article or, if at most two articles
    /// follow after a long silence, of the newest before them.
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
    /// The newest article up to the end of the current span that no stronger term of its list has,
    /// if there is one of the current span, else the newest.
    pub newest: ArticleId,
}

/// The compared spans: the last day of the current span, its length, and the number of earlier
/// spans of the same length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Window {
    until: NaiveDate,
    days: u64,
    spans: u64,
}

/// Chooses the compared spans from the days of the dated articles, newest first; `None` if the
/// digest is too young to compare spans.
///
/// One late article after a long silence must not decide the span: the span may end at the day of
/// the newest article or, without the one or two newest articles, at the day of the next one. The
/// shortest span wins that holds [`MIN_ARTICLES`] articles, if the earlier spans together hold as
/// many: beside nearly empty ones, every term would be rising.
fn window(days: &[NaiveDate]) -> Option<Window> {
    let (&newest, &oldest) = (days.first()?, days.last()?);
    let history = |until: NaiveDate| u64::try_from((until - oldest).num_days()).unwrap_or_default() + 1;
    let enough = |until: NaiveDate, length: u64| {
        let from = until.checked_sub_days(Days::new(length - 1)).unwrap_or(NaiveDate::MIN);
        let spans = MAX_EARLIER_SPANS.min(history(until) / length - 1);
        let first = from.checked_sub_days(Days::new(spans * length)).unwrap_or(NaiveDate::MIN);
        let since = |limit: NaiveDate| days.partition_point(|&day| day >= limit);
        let later = days.partition_point(|&day| day > until);
        since(from) - later >= MIN_ARTICLES && since(first) - since(from) >= MIN_ARTICLES
    };
    let ends = || days.iter().copied().take(MAX_STRAGGLERS + 1);
    let old_enough = |until: NaiveDate, length: u64| history(until) >= 2 * length;
    let (until, length) = SPAN_DAYS
        .into_iter()
        .find_map(|length| {
            let until = ends().find(|&until| old_enough(until, length) && enough(until, length))?;
            Some((until, length))
        })
        .or_else(|| {
            let longest = SPAN_DAYS.into_iter().rev().find(|&length| old_enough(newest, length))?;
            Some((newest, longest))
        })?;
    Some(Window { until, days: length, spans: MAX_EARLIER_SPANS.min(history(until) / length - 1) })
}

/// Computes the trends; `None` if the digest is too young to compare spans.
#[must_use]
pub fn trends(site: &Site) -> Option<Trends> {
    let day = |id: usize| site.articles.get(id)?.date.as_ref().map(calendar::day);
    let dated: Vec<NaiveDate> = (0..site.articles.len()).map_while(day).collect();
    let Window { until, days, spans } = window(&dated)?;
    let spans_before = usize::try_from(spans).ok()?;
    let part = days / PARTS_PER_SPAN;
    let parts = usize::try_from(PARTS_PER_SPAN * (spans + 1)).ok()?;
    let all: Vec<TermRef> = site.all_terms().filter(|term| site.term(*term).has_page).collect();
    let compared: Vec<(Trend, bool)> = all
        .into_par_iter()
        .filter_map(|term| {
            let articles = &site.term(term).articles;
            let mut counted = articles.iter().skip_while(|&&id| day(id).is_some_and(|day| day > until));
            let newest = *counted.clone().next()?;
            let mut trend = Trend { term, now: 0, before: 0, parts: vec![0; parts], newest };
            let mut is_new = true;
            while let Some(day) = counted.next().and_then(|&id| day(id)) {
                let ago = u64::try_from((until - day).num_days()).unwrap_or_default();
                is_new = ago < days;
                let Some(slot) = usize::try_from(ago / part).ok().and_then(|ago| parts.checked_sub(ago + 1))
                else {
                    break;
                };
                trend.parts[slot] += 1;
                if ago < days { trend.now += 1 } else { trend.before += 1 }
            }
            (trend.now + trend.before > 0).then_some((trend, is_new))
        })
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
    for trends in [&mut rising, &mut new] {
        name_each_article_once(site, trends, until, days);
    }
    Some(Trends { until, days, spans: spans_before, rising, fading, new })
}

/// Gives each term of a list an article of the current span that no term before it has.
fn name_each_article_once(site: &Site, trends: &mut [Trend], until: NaiveDate, days: u64) {
    let mut named = FxHashSet::default();
    for trend in trends {
        let is_current = |id: ArticleId| {
            let day = site.articles[id].date.as_ref().map(calendar::day);
            day.is_some_and(|day| u64::try_from((until - day).num_days()).is_ok_and(|ago| ago < days))
        };
        let articles = site.term(trend.term).articles.iter().copied();
        let other = articles.skip_while(|&id| !is_current(id)).take_while(|&id| is_current(id));
        trend.newest = other.into_iter().find(|id| !named.contains(id)).unwrap_or(trend.newest);
        named.insert(trend.newest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The days of a digest, newest first: for each pair `(first, last, step, articles)`, that many
    /// articles on every `step`th day. Days are counted from 1 January 2024.
    fn days(runs: &[(u64, u64, usize, usize)]) -> Vec<NaiveDate> {
        let start = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
        let of_run = |&(first, last, step, articles): &(u64, u64, usize, usize)| {
            (first..=last).step_by(step).flat_map(move |day| vec![start + Days::new(day); articles])
        };
        let mut days: Vec<NaiveDate> = runs.iter().flat_map(of_run).collect();
        days.sort_by(|a, b| b.cmp(a));
        days
    }

    #[test]
    fn the_window_is_the_shortest_that_holds_thirty_articles_after_at_most_two_stragglers() {
        let start = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
        for (runs, wanted) in [
            // (runs of articles) → (last day, length, earlier spans)
            (&[(0, 99, 1, 2)][..], Some((99, 28, 2))),
            (&[(0, 200, 1, 12)], Some((200, 28, 3))),
            (&[(0, 55, 1, 2)], Some((55, 28, 1))),
            // Too young for a comparison of four weeks.
            (&[(0, 54, 1, 2)], None),
            (&[(0, 0, 1, 50)], None),
            // One article a day: 28 articles in four weeks are too few.
            (&[(0, 199, 1, 1)], Some((199, 91, 1))),
            (&[(0, 1099, 7, 1)], Some((1099, 364, 2))),
            (&[(0, 1500, 7, 1)], Some((1498, 364, 3))),
            // One or two stragglers a year later are not counted; three are news.
            (&[(0, 99, 1, 2), (465, 465, 1, 1)], Some((99, 28, 2))),
            (&[(0, 99, 1, 2), (465, 466, 1, 1)], Some((99, 28, 2))),
            (&[(0, 99, 1, 2), (465, 465, 1, 2)], Some((99, 28, 2))),
            (&[(0, 99, 1, 2), (465, 465, 1, 3)], Some((465, 91, 3))),
            (&[(0, 99, 1, 2), (900, 900, 1, 1)], Some((99, 28, 2))),
            // A burst after three quiet years: only the years have articles to compare with.
            (&[(0, 1090, 20, 1), (1091, 1093, 1, 12)], Some((1093, 364, 2))),
            // Stragglers within the span are counted.
            (&[(0, 99, 1, 2), (101, 101, 1, 1)], Some((101, 28, 2))),
            // A straggler does not give a young digest a history.
            (&[(0, 20, 1, 2), (400, 400, 1, 1)], Some((400, 91, 3))),
            // No span holds thirty articles: the longest that the history allows.
            (&[(0, 60, 20, 1)], Some((60, 28, 1))),
            (&[(0, 2000, 100, 1)], Some((2000, 364, 3))),
        ] {
            let window = window(&days(runs));
            let wanted =
                wanted.map(|(until, days, spans)| Window { until: start + Days::new(until), days, spans });
            assert_eq!(window, wanted, "{runs:?}");
        }
        assert_eq!(window(&[]), None);
    }
}
