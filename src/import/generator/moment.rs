//! Reads the date of a post as it is written: its wall clock and its own offset from UTC.
//!
//! The day of an address depends on it. Hugo 0.168 counts in the date's own offset, Jekyll 4.3 in
//! the zone of the site, Hexo 8.1 in UTC if an offset is written and in the zone of the machine.

use std::fmt::Write as _;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDateTime, Timelike};
use chrono_tz::Tz;

use crate::import::date_field;

/// A date as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The wall clock as written.
    pub wall: NaiveDateTime,
    /// The offset, if one is written.
    pub offset: Option<FixedOffset>,
    /// True if a time of day is written.
    pub has_time: bool,
}

impl Moment {
    /// Reads a date. `None` if the text is not a date.
    #[must_use]
    pub fn read(written: &str) -> Option<Self> {
        let date = date_field::parse(written, Tz::UTC).ok()?;
        let (utc, has_time) = (date.at, date.has_time);
        let elsewhere = date_field::parse(written, Tz::Asia__Shanghai).ok()?.at;
        // A date without an offset is another point in time in each zone.
        if utc != elsewhere {
            return Some(Self { wall: utc.naive_utc(), offset: None, has_time });
        }
        let offset = offset_at_end(written).unwrap_or_else(utc_offset);
        Some(Self { wall: utc.with_timezone(&offset).naive_local(), offset: Some(offset), has_time })
    }

    /// The same date; a time without an offset is one in UTC, as Ruby's YAML parser has it.
    #[must_use]
    pub fn with_time_in_utc(self) -> Self {
        let is_time = self.has_time && self.offset.is_none();
        if is_time { Self { offset: Some(utc_offset()), ..self } } else { self }
    }

    /// The wall clock in UTC if an offset is written, else as written.
    #[must_use]
    pub fn in_utc(self) -> Self {
        let wall = self.offset.map_or(self.wall, |offset| self.wall - offset);
        Self { wall, offset: None, ..self }
    }

    /// The wall clock in a zone if an offset is written, else as written.
    #[must_use]
    pub fn in_zone(self, zone: Tz) -> Self {
        let in_zone = |offset: FixedOffset| {
            let at: Option<DateTime<FixedOffset>> = self.wall.and_local_timezone(offset).single();
            at.map_or(self.wall, |at| at.with_timezone(&zone).naive_local())
        };
        Self { wall: self.offset.map_or(self.wall, in_zone), offset: None, ..self }
    }

    /// The value of a variable for a part of the date, by the names that Hugo, Hexo and Jekyll
    /// share.
    #[must_use]
    pub fn variable(self, name: &str) -> Option<String> {
        let at = self.wall;
        Some(match name {
            "year" => format!("{:04}", at.year()),
            "month" => format!("{:02}", at.month()),
            "day" => format!("{:02}", at.day()),
            "hour" => format!("{:02}", at.hour()),
            "minute" => format!("{:02}", at.minute()),
            "second" => format!("{:02}", at.second()),
            "i_month" => at.month().to_string(),
            "i_day" => at.day().to_string(),
            _ => return None,
        })
    }

    /// Formats the date by the directives of C's `strftime`, in English. Directives that do not
    /// exist stay as they are written.
    #[must_use]
    pub fn format(self, directives: &str) -> String {
        let mut found = String::new();
        match write!(found, "{}", self.wall.format(directives)) {
            Ok(()) => found,
            Err(_) => directives.to_owned(),
        }
    }
}

fn utc_offset() -> FixedOffset {
    chrono::Offset::fix(&chrono::Utc)
}

/// The offset that a text ends in: `+08:00`, `-0500`, `+8`. Names of zones are not read: their day
/// is that of UTC here.
fn offset_at_end(written: &str) -> Option<FixedOffset> {
    let text = written.trim();
    let at = text.rfind(['+', '-'])?;
    let (sign, digits) = text[at..].split_at(1);
    let figures: String = digits.chars().filter(|c| *c != ':').collect();
    if figures.is_empty() || !figures.bytes().all(|b| b.is_ascii_digit()) || !text[..at].contains(':') {
        return None;
    }
    let (hours, minutes) = match figures.len() {
        1 | 2 => (figures.parse::<i32>().ok()?, 0),
        3 | 4 => {
            let (hours, minutes) = figures.split_at(figures.len() - 2);
            (hours.parse().ok()?, minutes.parse().ok()?)
        }
        _ => return None,
    };
    let seconds = hours * 3600 + minutes * 60;
    FixedOffset::east_opt(if sign == "-" { -seconds } else { seconds })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wall_clock_and_the_offset_are_kept() {
        for (written, wall, offset) in [
            ("2021-04-05T20:00:00-05:00", "2021-04-05 20:00", Some(-5 * 3600)),
            ("2024-06-02T20:00:00Z", "2024-06-02 20:00", Some(0)),
            ("2024-05-06 00:30:00 +0800", "2024-05-06 00:30", Some(8 * 3600)),
            ("2024-05-06 00:30:00 +8", "2024-05-06 00:30", Some(8 * 3600)),
            ("2024-05-06T00:30:00+05:45", "2024-05-06 00:30", Some(5 * 3600 + 45 * 60)),
            ("2024-05-06 00:30:00", "2024-05-06 00:30", None),
            ("2024-05-06", "2024-05-06 00:00", None),
            ("Mon, 06 May 2024 00:30:00 +0800", "2024-05-06 00:30", Some(8 * 3600)),
        ] {
            let moment = Moment::read(written).unwrap_or_else(|| panic!("{written}"));
            assert_eq!(moment.format("%Y-%m-%d %H:%M"), wall, "{written}");
            assert_eq!(moment.offset.map(|offset| offset.local_minus_utc()), offset, "{written}");
        }
        assert_eq!(Moment::read("soon"), None);
    }

    #[test]
    fn the_day_is_that_of_the_zone_if_an_offset_is_written() {
        let day = |moment: Moment| moment.format("%m-%d");
        let early = Moment::read("2024-05-06T00:30:00+08:00").unwrap();
        assert_eq!((day(early), day(early.in_utc())), ("05-06".to_owned(), "05-05".to_owned()));
        assert_eq!(day(early.in_zone(Tz::Asia__Shanghai)), "05-06");
        assert_eq!(day(early.in_zone(Tz::America__New_York)), "05-05");
        let naive = Moment::read("2024-05-06 00:30").unwrap();
        assert_eq!(day(naive.in_utc()), "05-06");
        assert_eq!(day(naive.in_zone(Tz::America__New_York)), "05-06");
    }

    #[test]
    fn variables_are_padded_unless_their_name_says_otherwise() {
        let moment = Moment::read("2024-05-06 07:08:09").unwrap();
        for (name, value) in [
            ("year", "2024"),
            ("month", "05"),
            ("day", "06"),
            ("hour", "07"),
            ("minute", "08"),
            ("second", "09"),
            ("i_month", "5"),
            ("i_day", "6"),
        ] {
            assert_eq!(moment.variable(name).as_deref(), Some(value), "{name}");
        }
        assert_eq!(moment.variable("week"), None);
        assert_eq!((moment.format("%Y/%m").as_str(), moment.format("%Q %z").as_str()), ("2024/05", "%Q %z"));
    }
}
