//! Plans the page of rising, fading and new terms.

use chrono::{Days, NaiveDate};

use crate::plan::chart;
use crate::plan::input::{Input, shared_taxonomies};
use crate::plan::page::{Body, Kind, Page};
use crate::plan::term_link::term_link;
use crate::plan::view::page::Meta;
use crate::plan::view::trend::{DayView, Headline, TrendView, TrendsPage};
use crate::site::trend::{Trend, Trends};
use crate::site::{Address, ArticleId, calendar};

/// The address of the trends page; `None` if the digest has none.
fn address(input: Input<'_>) -> Option<Address> {
    input.config.browse.trends.then(|| Address::new(&["trends"], input.config))
}

/// Plans the trends page, if the digest has one.
pub(super) fn pages<'s>(input: Input<'s>, pages: &mut Vec<Page<'s>>) {
    let Some(address) = address(input) else { return };
    let locale = input.locale;
    let views = shared_taxonomies(input);
    let trends = input.connections.browsed().trends.as_ref();
    let spans = trends.map_or(1, |trends| trends.spans).max(1);
    let trend_views = |trends: &'s [Trend], with_headlines: bool| -> Vec<TrendView<'s>> {
        let all = trends.iter().map(|trend| TrendView {
            term: term_link(input, trend.term, trend.now),
            taxonomy_title: views[trend.term.taxonomy].title,
            before: in_tenths(trend.before, spans),
            factor: (trend.before > 0).then(|| in_tenths(trend.now * spans, trend.before)),
            newest: with_headlines.then(|| headline(input, trend.newest)),
            chart: chart::bars(&trend.parts, 10, 3, 1),
            width: trend.parts.len() * 4,
        });
        all.collect()
    };
    let heading = locale.word("trends");
    let description = locale.fill("trends_description", &[("site", &input.config.title)]);
    let kind = Kind::Trends(TrendsPage {
        meta: Meta::new("trends", input.title(&[heading]), description, &address).below(Vec::new(), heading),
        compared: trends.map(|trends| locale.word(&compared_key(trends)).to_owned()),
        charted: trends.map(|trends| input.locale.date_range(first_day(trends), trends.until)),
        until: trends.map(|trends| day_view(input, trends.until)),
        rising: trends.map(|trends| trend_views(&trends.rising, true)).unwrap_or_default(),
        fading: trends.map(|trends| trend_views(&trends.fading, false)).unwrap_or_default(),
        new: trends.map(|trends| trend_views(&trends.new, true)).unwrap_or_default(),
    });
    pages.push(Page::new(address.file.clone(), Body::template(kind)).in_sitemap(&address, None));
}

/// The key of the word that states the compared periods: no language can make such a sentence from
/// numbers of days.
fn compared_key(trends: &Trends) -> String {
    let unit = match trends.days {
        28 => "weeks",
        91 => "months",
        _ => "year",
    };
    format!("trends_{unit}_{}", trends.spans)
}

/// The first day of all compared periods together.
fn first_day(trends: &Trends) -> NaiveDate {
    let days = trends.days * (trends.spans as u64 + 1) - 1;
    trends.until.checked_sub_days(Days::new(days)).unwrap_or(NaiveDate::MIN)
}

/// A quotient with one decimal, rounded half up: computed with integers, so that no rounding of
/// floats decides a byte.
fn in_tenths(dividend: usize, divisor: usize) -> String {
    let tenths = (dividend * 20 + divisor) / (divisor * 2);
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn day_view(input: Input<'_>, day: NaiveDate) -> DayView {
    DayView { date: day.to_string(), when: input.locale.short_date(day) }
}

fn headline(input: Input<'_>, id: ArticleId) -> Headline<'_> {
    let card = input.cards.card(id);
    let date = input.site.articles[id].date.as_ref();
    Headline {
        title: card.title,
        title_language: card.title_language,
        path: card.path,
        day: date.map(|date| day_view(input, calendar::day(date))),
        label: card.label,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotients_have_one_decimal_rounded_half_up() {
        for (dividend, divisor, wanted) in [
            (0, 3, "0.0"),
            (1, 3, "0.3"),
            (2, 3, "0.7"),
            (1, 20, "0.1"),
            (1, 21, "0.0"),
            (16, 5, "3.2"),
            (39, 3, "13.0"),
            (125, 10, "12.5"),
            (199, 100, "2.0"),
        ] {
            assert_eq!(in_tenths(dividend, divisor), wanted, "{dividend} / {divisor}");
        }
    }

    #[test]
    fn the_charts_begin_with_the_first_of_all_periods() {
        let until = NaiveDate::from_ymd_opt(2026, 11, 28).unwrap();
        for (days, spans, key, first) in [
            (28, 3, "trends_weeks_3", "2026-08-09"),
            (28, 1, "trends_weeks_1", "2026-10-04"),
            (91, 2, "trends_months_2", "2026-03-01"),
            (364, 1, "trends_year_1", "2024-12-01"),
        ] {
            let trends = Trends { until, days, spans, rising: vec![], fading: vec![], new: vec![] };
            assert_eq!(compared_key(&trends), key);
            assert_eq!(first_day(&trends).to_string(), first, "{key}");
        }
    }
}
