//! Assigns dates to days, ISO weeks and months in the digest's time zone.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use crate::load::date::Date;

/// A day, week or month with articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Span {
    /// A day.
    Day(NaiveDate),
    /// An ISO 8601 week with its week year: 29 December 2025 is in week 1 of 2026.
    Week(i32, u32),
    /// A month: year, then month from 1 to 12.
    Month(i32, u32),
}

/// Returns the day of a date in the digest's time zone.
#[must_use]
pub fn day(date: &Date) -> NaiveDate {
    date.at.date_naive()
}

impl Span {
    /// Returns the ISO week of a day.
    #[must_use]
    pub fn week_of(day: NaiveDate) -> Self {
        let week = day.iso_week();
        Self::Week(week.year(), week.week())
    }

    /// Returns the month of a day.
    #[must_use]
    pub fn month_of(day: NaiveDate) -> Self {
        Self::Month(day.year(), day.month())
    }

    /// Returns the length of the span: `day`, `week` or `month`.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::Day(_) => "day",
            Self::Week(..) => "week",
            Self::Month(..) => "month",
        }
    }

    /// Returns the segments of the span's address: `2026/11/23`, `2026/w48`, `2026/11`.
    #[must_use]
    pub fn parts(self) -> Vec<String> {
        match self {
            Self::Day(day) => {
                vec![format!("{:04}", day.year()), format!("{:02}", day.month()), format!("{:02}", day.day())]
            }
            Self::Week(year, week) => vec![format!("{year:04}"), format!("w{week:02}")],
            Self::Month(year, month) => vec![format!("{year:04}"), format!("{month:02}")],
        }
    }

    /// Returns the first day of the span.
    #[must_use]
    pub fn first(self) -> NaiveDate {
        let first = match self {
            Self::Day(day) => Some(day),
            Self::Week(year, week) => NaiveDate::from_isoywd_opt(year, week, Weekday::Mon),
            Self::Month(year, month) => NaiveDate::from_ymd_opt(year, month, 1),
        };
        first.unwrap_or(NaiveDate::MIN)
    }

    /// Returns the last day of the span.
    #[must_use]
    pub fn last(self) -> NaiveDate {
        let first = self.first();
        match self {
            Self::Day(day) => day,
            Self::Week(..) => first.checked_add_days(Days::new(6)).unwrap_or(first),
            Self::Month(year, month) => {
                let (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
                NaiveDate::from_ymd_opt(year, month, 1).and_then(|next| next.pred_opt()).unwrap_or(first)
            }
        }
    }
}

/// Returns the number of months since the year 0, for charts.
#[must_use]
pub fn month_number(day: NaiveDate) -> i32 {
    day.year() * 12 + day.month0() as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn date(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn a_week_belongs_to_the_year_of_its_thursday() {
        assert_eq!(Span::week_of(date(2025, 12, 29)).parts(), ["2026", "w01"]);
        assert_eq!(Span::week_of(date(2027, 1, 3)).parts(), ["2026", "w53"]);
        assert_eq!(Span::week_of(date(2026, 11, 23)).parts(), ["2026", "w48"]);
    }

    proptest! {
        #[test]
        fn a_day_lies_within_its_week_and_month(days in 1..3_000_000_u64) {
            let day = date(1, 1, 1).checked_add_days(Days::new(days)).unwrap();
            for span in [Span::Day(day), Span::week_of(day), Span::month_of(day)] {
                prop_assert!(span.first() <= day && day <= span.last(), "{day} {span:?}");
            }
            prop_assert_eq!(Span::week_of(day), Span::week_of(Span::week_of(day).last()));
            prop_assert_eq!(Span::month_of(day), Span::month_of(Span::month_of(day).last()));
        }
    }
}
