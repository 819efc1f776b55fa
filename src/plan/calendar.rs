//! Plans the calendar of a year: its months in weeks, with the number of articles of each day.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use crate::plan::card;
use crate::plan::crossing::HEAT_STEPS;
use crate::plan::input::Input;
use crate::plan::view::calendar::{Calendar, CalendarDay, CalendarMonth, CalendarWeek};
use crate::site::calendar::{self as dates, Span};
use crate::site::{ArticleId, Site};

/// The calendar of a year. `months` are its months with articles and depend on no other year, so
/// that the page of a past year stays as it is.
pub(super) fn of_year(
    input: Input<'_>,
    year: i32,
    months: &BTreeMap<Reverse<u32>, Vec<ArticleId>>,
) -> Calendar {
    let counted: Vec<(u32, Vec<usize>)> =
        months.iter().rev().map(|(month, articles)| (month.0, by_day(input.site, articles))).collect();
    let peak = peak(counted.iter().flat_map(|(_, days)| days).copied().collect());
    let with_links = input.config.browse.editions.is_some();
    let locale = input.locale;
    let day = |number: u32, month: u32, count: usize| {
        let date = NaiveDate::from_ymd_opt(year, month, number).filter(|_| count > 0);
        CalendarDay {
            number: Some(number),
            count,
            heat: heat(count, peak),
            path: date
                .filter(|_| with_links)
                .map(|date| card::span_address(Span::Day(date), input.config).path),
            label: date.map(|date| {
                let values = [("day", &*locale.long_date(date).text), ("n", &count.to_string())];
                locale.fill("calendar_day", &values)
            }),
        }
    };
    let month_view = |(month, counts): (u32, Vec<usize>)| {
        let (blank, days) = shape(year, month);
        let places = std::iter::repeat_with(CalendarDay::default).take(blank);
        let days = (1..=days).map(|number| day(number, month, counts[number as usize]));
        let mut weeks: Vec<CalendarWeek> = Vec::with_capacity(6);
        for place in places.chain(days) {
            match weeks.last_mut() {
                Some(week) if week.days.len() < 7 => week.days.push(place),
                _ => weeks.push(CalendarWeek { days: vec![place] }),
            }
        }
        if let Some(week) = weeks.last_mut() {
            week.days.resize_with(7, CalendarDay::default);
        }
        CalendarMonth {
            title: locale.month_name(month),
            path: card::span_address(Span::Month(year, month), input.config).path,
            count: counts.iter().sum(),
            weeks,
        }
    };
    Calendar {
        weekdays: locale.word("weekdays").split(' ').map(str::to_owned).collect(),
        months: counted.into_iter().map(month_view).collect(),
    }
}

/// The number of articles of each day of a month, by the day's number: articles of one month.
fn by_day(site: &Site, articles: &[ArticleId]) -> Vec<usize> {
    let mut counts = vec![0; 32];
    for date in articles.iter().filter_map(|&id| site.articles[id].date.as_ref()) {
        counts[dates::day(date).day() as usize] += 1;
    }
    counts
}

/// The number of places before the first day of a month, in a week that begins on Monday, and the
/// number of its days.
fn shape(year: i32, month: u32) -> (usize, u32) {
    let span = Span::Month(year, month);
    (span.first().weekday().num_days_from_monday() as usize, span.last().day())
}

/// The count that has the highest heat: 95 % of the days with articles have at most as many, so that
/// one day with hundreds of imported articles does not make all others pale. It is at least
/// [`HEAT_STEPS`], so that the days of a digest with few articles are not all at the highest heat.
fn peak(mut counts: Vec<usize>) -> usize {
    counts.retain(|&count| count > 0);
    counts.sort_unstable();
    counts.get(counts.len() * 19 / 20).copied().unwrap_or_default().max(HEAT_STEPS)
}

/// The heat of a day, 0 to [`HEAT_STEPS`], in equal steps up to `peak`.
fn heat(count: usize, peak: usize) -> usize {
    (count * HEAT_STEPS).div_ceil(peak).min(HEAT_STEPS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heat_grows_in_equal_steps_to_the_peak() {
        let steps: Vec<usize> =
            [0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 99].into_iter().map(|count| heat(count, 20)).collect();
        assert_eq!(steps, [0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 5]);
        assert_eq!([1, 2, 3, 4, 5, 6].map(|count| heat(count, 5)), [1, 2, 3, 4, 5, 5]);
    }

    #[test]
    fn one_day_in_twenty_does_not_decide_the_peak() {
        let with = |ordinary: usize, days: usize, largest: &[usize]| {
            peak([vec![ordinary; days], vec![0; 9], largest.to_vec()].concat())
        };
        for (counts, wanted) in [
            (with(0, 9, &[]), 5),
            (with(1, 30, &[]), 5),
            (with(1, 30, &[6, 6]), 6),
            (with(3, 0, &[7]), 7),
            (with(3, 10, &[7]), 7),
            (with(12, 30, &[400]), 12),
            (with(12, 300, &[400, 300, 200]), 12),
            (with(12, 20, &[30, 40, 50]), 40),
        ] {
            assert_eq!(counts, wanted);
        }
    }

    #[test]
    fn months_begin_on_their_weekday() {
        for (year, month, wanted) in [
            (2024, 1, (0, 31)),
            (2024, 2, (3, 29)),
            (2023, 2, (2, 28)),
            (2026, 11, (6, 30)),
            (2026, 12, (1, 31)),
            (1900, 2, (3, 28)),
        ] {
            assert_eq!(shape(year, month), wanted, "{year}-{month}");
        }
    }
}
