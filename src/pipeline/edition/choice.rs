//! Chooses an edition by its name: `2026-11-23`, `2026-w48`, `2026-11` or `latest`.

use chrono::{Days, NaiveDate, Weekday};

use crate::diagnostic::Diagnostic;
use crate::site::calendar::Span;
use crate::site::edition::{Edition, Editions};

/// The edition that a command line names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// The newest day that is not in the future.
    Latest,
    /// The day so many days ago: 0 is today.
    DaysAgo(u64),
    /// This day, week or month.
    Span(Span),
}

/// The forms of a name, for messages.
fn forms() -> String {
    tr!("write a day (2026-11-23), a week (2026-w48), a month (2026-11) or `latest`")
}

impl Wanted {
    /// Parses the name of an edition, also with `/`, as in the address of its page.
    ///
    /// # Errors
    /// It is not a day, week or month of the calendar; the message says what is expected.
    pub fn parse(written: &str) -> Result<Self, String> {
        if written.eq_ignore_ascii_case("latest") {
            return Ok(Self::Latest);
        }
        match written.to_lowercase().as_str() {
            "today" | "今天" => return Ok(Self::DaysAgo(0)),
            "yesterday" | "昨天" => return Ok(Self::DaysAgo(1)),
            _ => {}
        }
        // 2026年11月23日, 2026年11月
        let chinese = written.replace(['年', '月'], "-");
        let written = if written.contains('年') { chinese.trim_end_matches(['日', '-']) } else { written };
        let parts: Vec<&str> = written.trim_matches('/').split(['-', '/']).collect();
        let number = |part: &str, digits: std::ops::RangeInclusive<usize>| -> Option<u32> {
            let is_number = digits.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
            part.parse().ok().filter(|_| is_number)
        };
        let year = |part: &str| number(part, 4..=4).and_then(|year| i32::try_from(year).ok());
        let span = match parts.as_slice() {
            [y, week] if week.starts_with(['w', 'W']) => year(y).and_then(|year| {
                let week = number(&week[1..], 1..=2)?;
                NaiveDate::from_isoywd_opt(year, week, Weekday::Mon).map(|_| Span::Week(year, week))
            }),
            [y, month] => year(y).and_then(|year| {
                let month = number(month, 1..=2)?;
                NaiveDate::from_ymd_opt(year, month, 1).map(|_| Span::Month(year, month))
            }),
            [y, month, day] => year(y).and_then(|year| {
                let (month, day) = (number(month, 1..=2)?, number(day, 1..=2)?);
                NaiveDate::from_ymd_opt(year, month, day).map(Span::Day)
            }),
            _ => None,
        };
        let has_shape = matches!(parts.len(), 2 | 3)
            && parts.iter().all(|part| part.ends_with(|c: char| c.is_ascii_digit()));
        span.map(Self::Span).ok_or_else(|| match has_shape {
            true => {
                let help = forms();
                tr!("there is no such day, week or month; {help}", help)
            }
            false => forms(),
        })
    }
}

/// The name of an edition on the command line.
fn name(span: Span) -> String {
    span.parts().join("-")
}

/// Finds the edition.
///
/// # Errors
/// There is no such edition, or it has not begun on the day `today`; the help names the nearest ones.
pub(super) fn choose(wanted: Wanted, editions: &Editions, today: NaiveDate) -> Result<Span, Diagnostic> {
    let Some(newest) = editions.days.first() else {
        return Err(Diagnostic::error(tr!("this digest has no editions yet"))
            .help(tr!("an edition needs an article with a date")));
    };
    let begun = |series: &[Edition]| {
        series.iter().find(|edition| edition.span.first() <= today).map(|edition| edition.span)
    };
    let in_future = |message: String| {
        let help = match begun(&editions.days) {
            Some(day) => tr!("the newest day that is not in the future is {}", name(day)),
            None => tr!("all articles are dated after today; the newest is of {}", name(newest.span)),
        };
        Diagnostic::error(message).help(help)
    };
    let span = match wanted {
        Wanted::Latest => {
            let in_future = || in_future(tr!("the newest edition is in the future"));
            return begun(&editions.days).ok_or_else(in_future);
        }
        Wanted::DaysAgo(days) => Span::Day(today.checked_sub_days(Days::new(days)).unwrap_or(today)),
        Wanted::Span(span) => span,
    };
    if span.first() > today {
        return Err(in_future(tr!("the edition {} is in the future", name(span))));
    }
    let series = match span {
        Span::Day(_) => &editions.days,
        Span::Week(..) => &editions.weeks,
        Span::Month(..) => &editions.months,
    };
    // Sorted newest first.
    let at = series.partition_point(|edition| edition.span > span);
    if series.get(at).is_some_and(|edition| edition.span == span) {
        return Ok(span);
    }
    let after = at.checked_sub(1).and_then(|at| series.get(at)).map(|edition| name(edition.span));
    let before = series.get(at).map(|edition| name(edition.span));
    let latest = series.first().map_or_else(String::new, |edition: &Edition| name(edition.span));
    let wanted = name(span);
    let help = match (before, after) {
        (Some(before), Some(after)) => {
            tr!(
                "the nearest before is {before}, the nearest after {after}; the newest is {latest}",
                before,
                after,
                latest
            )
        }
        (Some(_), None) => tr!("the newest is {latest}", latest),
        (None, Some(after)) => tr!("the oldest is {after}; the newest is {latest}", after, latest),
        (None, None) => forms(),
    };
    let message = match (at, span) {
        (0, _) => tr!("there is no edition {wanted}: it is later than the newest article", wanted),
        (_, Span::Day(_)) => {
            tr!("there is no edition {wanted}: no article has a date in this day", wanted)
        }
        (_, Span::Week(..)) => {
            tr!("there is no edition {wanted}: no article has a date in this week", wanted)
        }
        (_, Span::Month(..)) => {
            tr!("there is no edition {wanted}: no article has a date in this month", wanted)
        }
    };
    Err(Diagnostic::error(message).help(help))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> Span {
        Span::Day(NaiveDate::from_ymd_opt(year, month, day).unwrap())
    }

    fn edition(span: Span) -> Edition {
        Edition { span, articles: vec![], top: vec![], rising: vec![], groups: vec![] }
    }

    #[test]
    fn the_name_of_an_edition_is_a_day_week_or_month() {
        for (written, wanted) in [
            ("latest", Wanted::Latest),
            ("2026-11-23", Wanted::Span(day(2026, 11, 23))),
            ("2026年11月23日", Wanted::Span(day(2026, 11, 23))),
            ("2026年11月", Wanted::Span(Span::Month(2026, 11))),
            ("today", Wanted::DaysAgo(0)),
            ("昨天", Wanted::DaysAgo(1)),
            ("2026/11/23", Wanted::Span(day(2026, 11, 23))),
            ("/2026/11/23/", Wanted::Span(day(2026, 11, 23))),
            ("2024-2-29", Wanted::Span(day(2024, 2, 29))),
            ("2026-w48", Wanted::Span(Span::Week(2026, 48))),
            ("2026-W5", Wanted::Span(Span::Week(2026, 5))),
            ("2026/w53", Wanted::Span(Span::Week(2026, 53))),
            ("2026-11", Wanted::Span(Span::Month(2026, 11))),
        ] {
            assert_eq!(Wanted::parse(written), Ok(wanted), "{written}");
        }
        for wrong in [
            "",
            "2026",
            "26-11-23",
            "2026-13",
            "2026-02-30",
            "2025-w53",
            "2026-w0",
            "2026-w54",
            "2026-w",
            "2026-11-23-1",
            "the day before",
            "2026-+1",
            "2026-wx",
            "2026-11-",
            "１２３４-11",
        ] {
            assert!(Wanted::parse(wrong).unwrap_err().contains("2026-w48"), "{wrong}");
        }
    }

    #[test]
    fn a_missing_edition_names_its_neighbours() {
        let editions = Editions {
            days: [23, 21, 20].map(|of| edition(day(2026, 11, of))).into(),
            weeks: vec![edition(Span::Week(2026, 48)), edition(Span::Week(2026, 40))],
            months: vec![edition(Span::Month(2026, 11))],
        };
        let chosen = |wanted: &str| {
            let today = NaiveDate::from_ymd_opt(2027, 1, 1).unwrap();
            let found = choose(Wanted::parse(wanted).unwrap(), &editions, today);
            found.map(name).map_err(|error| format!("{}; {}", error.message, error.help.unwrap()))
        };
        assert_eq!(chosen("latest").unwrap(), "2026-11-23");
        assert_eq!(chosen("2026-11-20").unwrap(), "2026-11-20");
        assert_eq!(chosen("2026-w40").unwrap(), "2026-w40");
        assert_eq!(chosen("2026-11").unwrap(), "2026-11");
        for (wanted, parts) in [
            (
                "2026-11-22",
                [
                    "no article has a date in this day",
                    "before is 2026-11-21, the nearest after 2026-11-23; the newest is 2026-11-23",
                ],
            ),
            ("2026-11-24", ["later than the newest article", "the newest is 2026-11-23"]),
            (
                "2026-11-01",
                ["no article has a date in this day", "the oldest is 2026-11-20; the newest is 2026-11-23"],
            ),
            ("2026-w41", ["in this week", "before is 2026-w40, the nearest after 2026-w48"]),
            ("2026-12", ["later than the newest", "the newest is 2026-11"]),
            ("2025-12", ["in this month", "the oldest is 2026-11; the newest is 2026-11"]),
        ] {
            let error = chosen(wanted).unwrap_err();
            assert!(parts.iter().all(|part| error.contains(part)), "{error}");
        }
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let error = choose(Wanted::Latest, &Editions::default(), today).unwrap_err();
        assert_eq!(error.message, "this digest has no editions yet");
        // Editions that have not begun.
        assert_eq!(choose(Wanted::Latest, &editions, today).unwrap(), day(2026, 11, 21));
        assert_eq!(choose(Wanted::DaysAgo(1), &editions, today).unwrap(), day(2026, 11, 21));
        assert_eq!(
            choose(Wanted::parse("2026-11").unwrap(), &editions, today).unwrap(),
            Span::Month(2026, 11)
        );
        let error = choose(Wanted::parse("2026-11-23").unwrap(), &editions, today).unwrap_err();
        assert_eq!(error.message, "the edition 2026-11-23 is in the future");
        assert!(error.help.unwrap().ends_with("is 2026-11-21"));
        let before = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
        let error = choose(Wanted::Latest, &editions, before).unwrap_err();
        assert!(error.help.unwrap().contains("the newest is of 2026-11-23"));
    }
}
