//! Parses the date formats that occur in real files, in the digest's time zone.

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// A point in time, or a whole day, in the digest's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Date {
    /// The point in time; for a whole day its first second.
    pub at: DateTime<FixedOffset>,
    /// True if a time of day was written.
    pub has_time: bool,
}

/// The serialised form: seconds since 1970, seconds east of Greenwich, and whether a time was
/// written.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Stored(i64, i32, bool);

impl From<Date> for Stored {
    fn from(date: Date) -> Self {
        Self(date.at.timestamp(), date.at.offset().local_minus_utc(), date.has_time)
    }
}

impl TryFrom<Stored> for Date {
    type Error = &'static str;

    /// Refuses what [`parse`] refuses: near the ends of chrono's calendar, a date with a zone
    /// panics.
    fn try_from(Stored(seconds, offset, has_time): Stored) -> Result<Self, &'static str> {
        let utc = DateTime::from_timestamp(seconds, 0).filter(|utc| (0..=10_000).contains(&utc.year()));
        let at = utc.zip(FixedOffset::east_opt(offset)).map(|(utc, offset)| utc.with_timezone(&offset));
        let at = at.filter(|at| (1..=9999).contains(&at.year())).ok_or("a date out of range")?;
        Ok(Self { at, has_time })
    }
}

impl Date {
    /// The same point in time in another zone, unless its year has more than four digits there.
    #[must_use]
    pub fn in_zone(self, zone: Tz) -> Self {
        let at = self.at.with_timezone(&zone);
        let fits = (1..=9999).contains(&at.year());
        if fits { Self { at: at.with_timezone(&at.offset().fix()), ..self } } else { self }
    }

    /// Returns year and month, for the archive.
    #[must_use]
    pub fn month(&self) -> (i32, u32) {
        (self.at.year(), self.at.month())
    }

    /// Formats the date as RFC 3339, as feeds require.
    #[must_use]
    pub fn rfc3339(&self) -> String {
        self.at.to_rfc3339_opts(chrono::SecondsFormat::Secs, false)
    }

    /// Formats the date for a `datetime` attribute: `2026-11-23`, or RFC 3339 if it has a time of
    /// day.
    #[must_use]
    pub fn iso(&self) -> String {
        if self.has_time { self.rfc3339() } else { self.at.format("%Y-%m-%d").to_string() }
    }
}

/// Parses a date with or without a time of day and a zone: `2026-11-23`, `2026/11/23 8:05`,
/// `2026.11.23`, `2026年11月23日 20:46:25`, `2026-11-23T04:30:44.123+08:00`, `…Z`. Without a zone,
/// the date is in `zone`.
///
/// # Errors
/// A message that says what is wrong with the text.
pub fn parse(text: &str, zone: Tz) -> Result<Date, String> {
    let text = text.trim();
    let mut scanner = Scanner { rest: text };
    let (year, month, day) = scanner.day().ok_or_else(|| {
        let reason = full_width(text);
        tr!("`{text}` is not a date{reason}", text, reason)
    })?;
    let date = NaiveDate::from_ymd_opt(year, month, day).filter(|_| (1..=9999).contains(&year)).ok_or_else(
        || {
            let (month, day) = (format!("{month:02}"), format!("{day:02}"));
            tr!("there is no day {year}-{month}-{day}", year, month, day)
        },
    )?;
    let has_time = scanner.time_follows();
    let written = scanner.rest;
    let (time, next_day) = if has_time {
        scanner.time().ok_or_else(|| {
            let reason = full_width(written);
            tr!("`{text}` is not a time of day{reason}", text = written, reason)
        })?
    } else {
        (NaiveTime::MIN, false)
    };
    let date = if next_day { date.checked_add_days(Days::new(1)).unwrap_or(date) } else { date };
    let naive = date.and_time(time);
    let offset = scanner.offset()?;
    if !scanner.rest.trim().is_empty() {
        let rest = scanner.rest.trim();
        let reason = full_width(rest);
        return Err(tr!("`{rest}` after the date cannot be read{reason}", rest, reason));
    }
    let at = match offset {
        // A day with a zone is that day, wherever the digest is.
        Some(offset) if has_time => offset
            .from_local_datetime(&naive)
            .single()
            .map(|at| at.with_timezone(&zone))
            .ok_or_else(|| tr!("`{text}` is out of range", text))?,
        _ => {
            resolve_local(naive, zone).ok_or_else(|| tr!("`{text}` does not exist in {zone}", text, zone))?
        }
    };
    // 24:00 or another zone may lead out of the years that RFC 3339 can express in four digits.
    if !(1..=9999).contains(&at.year()) {
        return Err(tr!("`{text}` is out of range", text));
    }
    Ok(Date { at: at.with_timezone(&at.offset().fix()), has_time })
}

/// The end of a message about a text: the first full-width form of a sign of ASCII (U+FF01 to
/// U+FF5E) in it, as Chinese keyboards type it; else empty.
fn full_width(text: &str) -> String {
    let sign = text.chars().find(|c| ('\u{FF01}'..='\u{FF5E}').contains(c));
    sign.map(|sign| tr!(": `{sign}` is full-width", sign)).unwrap_or_default()
}

/// Resolves a local time. A time that occurs twice (clocks set back) is its first occurrence; a
/// time that is skipped (clocks set forward) is one hour later.
fn resolve_local(naive: NaiveDateTime, zone: Tz) -> Option<DateTime<Tz>> {
    zone.from_local_datetime(&naive)
        .earliest()
        .or_else(|| zone.from_local_datetime(&(naive + chrono::TimeDelta::hours(1))).earliest())
}

/// Splits the date at the beginning of a file's name (`2026-11-23-…`) from the rest of the name.
#[must_use]
pub fn file_prefix(stem: &str, zone: Tz) -> Option<(Date, &str)> {
    if !looks_like_prefix(stem) {
        return None;
    }
    let (prefix, rest) = stem.split_at_checked(10)?;
    let rest = rest.strip_prefix(['-', '_', ' ']).unwrap_or(rest);
    parse(prefix, zone).ok().map(|date| (date, rest))
}

/// True if the name starts with `dddd-dd-dd` (`d`: a digit), followed by a separator or nothing.
#[must_use]
pub fn looks_like_prefix(stem: &str) -> bool {
    let Some((prefix, rest)) = stem.split_at_checked(10) else { return false };
    let digits = prefix.bytes().enumerate();
    let mut digits = digits.map(|(at, b)| if at == 4 || at == 7 { b == b'-' } else { b.is_ascii_digit() });
    digits.all(|right| right) && (rest.is_empty() || rest.starts_with(['-', '_', ' ']))
}

struct Scanner<'a> {
    rest: &'a str,
}

impl Scanner<'_> {
    fn number(&mut self, digits: std::ops::RangeInclusive<usize>) -> Option<u32> {
        let end = self.rest.bytes().take(*digits.end()).take_while(u8::is_ascii_digit).count();
        if !digits.contains(&end) {
            return None;
        }
        let number = self.rest[..end].parse().ok()?;
        self.rest = &self.rest[end..];
        Some(number)
    }

    fn eat(&mut self, what: &[char]) -> bool {
        match self.rest.strip_prefix(what) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn day(&mut self) -> Option<(i32, u32, u32)> {
        let year = self.number(4..=4)?;
        self.space();
        let separator = ['-', '/', '.', '年', '－', '／'];
        if !self.eat(&separator) {
            // Digits without separators: `20261123`.
            let (month, day) = (self.number(2..=2)?, self.number(2..=2)?);
            return Some((year as i32, month, day));
        }
        self.space();
        let month = self.number(1..=2)?;
        self.space();
        if !self.eat(&['-', '/', '.', '月', '－', '／']) {
            return None;
        }
        self.space();
        let day = self.number(1..=2)?;
        if self.rest.trim_start().starts_with(['日', '号', '號']) {
            self.space();
            self.eat(&['日', '号', '號']);
        }
        Some((year as i32, month, day))
    }

    fn time_follows(&mut self) -> bool {
        let trimmed = self.rest.trim_start();
        let marked = trimmed.strip_prefix(['T', 't']).unwrap_or(trimmed);
        let follows = marked.starts_with(|c: char| c.is_ascii_digit());
        if follows {
            self.rest = marked;
        }
        follows
    }

    /// Parses a time of day. The flag is true for 24:00, which is midnight of the next day.
    fn time(&mut self) -> Option<(NaiveTime, bool)> {
        let mut probe = Scanner { rest: self.rest };
        let hour = probe.number(1..=2)?;
        let colon = probe.eat(&[':', '：']);
        if !colon && !probe.eat(&['时', '時', '点', '點']) {
            return None;
        }
        let mut second = 0;
        // `8点`, `8点整` and `8点半` have no number of minutes.
        let minute = match probe.number(1..=2) {
            Some(minute) => minute,
            None if colon => return None,
            None if probe.eat(&['半']) => 30,
            None => {
                probe.eat(&['整']);
                0
            }
        };
        probe.eat(&['分']);
        if probe.rest.starts_with([':', '：']) || probe.rest.starts_with(|c: char| c.is_ascii_digit()) {
            probe.eat(&[':', '：']);
            second = probe.number(1..=2)?;
            probe.eat(&['秒']);
            if probe.rest.starts_with(['.', ',']) {
                let digits = probe.rest[1..].bytes().take_while(u8::is_ascii_digit).count();
                probe.rest = &probe.rest[1 + digits..];
            }
        }
        self.rest = probe.rest;
        if (hour, minute, second) == (24, 0, 0) {
            return Some((NaiveTime::MIN, true));
        }
        // A leap second counts as the last second of its minute.
        NaiveTime::from_hms_opt(hour, minute, second.min(59))
            .filter(|_| second <= 60)
            .map(|time| (time, false))
    }

    fn offset(&mut self) -> Result<Option<FixedOffset>, String> {
        let rest = self.rest.trim_start();
        for name in ["Z", "z", "UTC", "GMT"] {
            if rest == name {
                self.rest = "";
                return Ok(FixedOffset::east_opt(0));
            }
        }
        let Some(sign) = rest.chars().next().filter(|c| matches!(c, '+' | '-')) else {
            return Ok(None);
        };
        let mut probe = Scanner { rest: &rest[1..] };
        let bad = || tr!("`{rest}` is not an offset such as `+08:00`", rest);
        let hours = probe.number(1..=2).ok_or_else(bad)?;
        probe.eat(&[':']);
        let minutes = probe.number(2..=2).unwrap_or(0);
        let seconds = (hours * 3600 + minutes * 60) as i32;
        let offset = FixedOffset::east_opt(if sign == '+' { seconds } else { -seconds });
        self.rest = probe.rest;
        offset.filter(|_| minutes < 60).map(Some).ok_or_else(bad)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Result<String, String> {
        parse(text, Tz::Asia__Shanghai).map(|date| date.iso())
    }

    #[test]
    fn a_full_width_sign_is_named() {
        let error = |text| parse(text, Tz::Asia__Shanghai).unwrap_err();
        assert_eq!(error("２０２６-11-01"), "`２０２６-11-01` is not a date: `２` is full-width");
        assert_eq!(
            error("2026-11-01 ０８:00"),
            "`０８:00` after the date cannot be read: `０` is full-width"
        );
        assert_eq!(error("gestern"), "`gestern` is not a date");
    }

    #[test]
    fn a_stored_date_that_no_source_can_have_is_refused() {
        let written = parse("2021-03-04 20:00", Tz::Asia__Shanghai).unwrap();
        let stored = postcard::to_allocvec(&written).unwrap();
        assert_eq!(postcard::from_bytes::<Date>(&stored), Ok(written));
        // The ends of chrono's calendar, at which a zone leads out of it.
        let calendar = [DateTime::<chrono::Utc>::MIN_UTC, DateTime::<chrono::Utc>::MAX_UTC];
        let [first, last] = calendar.map(|at| at.timestamp());
        for (seconds, offset) in [(first, -86_399), (last, 86_399), (i64::MAX, 0), (0, 86_400), (0, i32::MIN)]
        {
            let stored = postcard::to_allocvec(&Stored(seconds, offset, true)).unwrap();
            assert!(postcard::from_bytes::<Date>(&stored).is_err(), "{seconds} {offset}");
        }
    }

    #[test]
    fn common_date_formats_are_parsed() {
        for (written, wanted) in [
            ("2026-11-23", "2026-11-23"),
            ("2026-1-3", "2026-01-03"),
            ("2026/11/23", "2026-11-23"),
            ("2026.11.23", "2026-11-23"),
            ("20261123", "2026-11-23"),
            ("2026年11月23日", "2026-11-23"),
            ("2026 年 1 月 3 日", "2026-01-03"),
            ("2026年11月23日 20:46", "2026-11-23T20:46:00+08:00"),
            ("2013/7/13 20:46:25", "2013-07-13T20:46:25+08:00"),
            ("2021-03-04T4:30:44+08:00", "2021-03-04T04:30:44+08:00"),
            ("2021-03-04T04:30:44.123Z", "2021-03-04T12:30:44+08:00"),
            ("2021-03-04 04:30:44 +0000", "2021-03-04T12:30:44+08:00"),
            ("2021-03-04T20:00:00-05:00", "2021-03-05T09:00:00+08:00"),
            ("2021-03-04T20:00:00-05:30", "2021-03-05T09:30:00+08:00"),
            ("2021-03-04T20:00:00+05:59", "2021-03-04T22:01:00+08:00"),
            ("2021-03-04 24:00", "2021-03-05T00:00:00+08:00"),
            ("2021-03-04Z", "2021-03-04"),
            ("2021-03-04-12:00", "2021-03-04"),
            ("2021年3月4日8点", "2021-03-04T08:00:00+08:00"),
            ("2021年3月4日8點整", "2021-03-04T08:00:00+08:00"),
            ("2021年3月4日8点半", "2021-03-04T08:30:00+08:00"),
        ] {
            assert_eq!(read(written).as_deref(), Ok(wanted), "{written}");
        }
    }

    #[test]
    fn invalid_dates_are_rejected() {
        for written in [
            "",
            "昨天",
            "2026-13-01",
            "2026-02-30",
            "2026",
            "2026-11",
            "2026-11-23 25:00",
            "2026-11-23x",
            "2026-11-23T10:00+99:00",
            "2026-11-23T10:00+05:60",
            "0000-01-01",
            "9999-12-31 24:00",
            "9999-12-31T23:59:59-12:00",
            "11/23/2026",
            "2026-11-23 10",
            "2026-11-23 10:",
            "2026-11-23 10:半",
        ] {
            assert!(read(written).is_err(), "{written}");
        }
    }

    #[test]
    fn skipped_and_repeated_local_times_are_resolved() {
        let berlin = Tz::Europe__Berlin;
        assert_eq!(parse("2026-03-29 02:30", berlin).unwrap().iso(), "2026-03-29T03:30:00+02:00");
        assert_eq!(parse("2026-10-25 02:30", berlin).unwrap().iso(), "2026-10-25T02:30:00+02:00");
    }

    #[test]
    fn a_file_name_may_begin_with_a_date() {
        let (date, rest) = file_prefix("2026-11-23-开源", Tz::Asia__Shanghai).unwrap();
        assert_eq!((date.iso().as_str(), rest), ("2026-11-23", "开源"));
        for stem in ["2026-11-23开源", "2026-1-23-x", "2026-13-23-x", "新闻"] {
            assert_eq!(file_prefix(stem, Tz::Asia__Shanghai), None, "{stem}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in "[0-9/:.+\\-TZ年月日 ]{0,30}|.*") {
            let _ = parse(&text, Tz::Asia__Shanghai);
            let _ = parse(&text, Tz::America__New_York);
            let _ = file_prefix(&text, Tz::UTC);
        }
    }
}
