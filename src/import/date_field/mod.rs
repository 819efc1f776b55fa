//! Parses the date in a date field of any format, or in the path of an input. Feeds, JSON, tables
//! and labelled records have the same reader.

mod path;
mod words;
mod zone;

pub use path::of_path;

use chrono::{DateTime, Datelike as _, NaiveDate, SecondsFormat, Utc, Weekday};
use chrono_tz::Tz;

use crate::load::date::{self, Date};

/// Bytes of the longest text that can be a date.
const MAX_DATE_BYTES: usize = 200;

/// A date that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// The date.
    pub date: Date,
    /// The weekday that is written beside the date, if the day has another one.
    pub wrong_weekday: Option<Weekday>,
}

/// Parses a date like [`read`], without the weekday.
///
/// # Errors
/// As for [`read`].
pub fn parse(written: &str, zone: Tz) -> Result<Date, String> {
    read(written, zone).map(|reading| reading.date)
}

/// Reads a date in the forms of articles ([`date::parse`]), in RFC 822, RFC 2822 and RFC 850, in
/// the form of C's `asctime` and of a browser's `Date`, in English or Chinese, with a weekday, a
/// half of the day or the name of a zone, or as seconds or milliseconds since 1970. A day without a
/// time stays that day.
///
/// # Errors
/// The message of a diagnostic: the text is not a date, or its zone means several offsets.
pub fn read(written: &str, zone: Tz) -> Result<Reading, String> {
    let plain = date::parse(written, zone);
    let unchecked = |date| Reading { date, wrong_weekday: None };
    if let Ok(date) = plain {
        return Ok(unchecked(date));
    }
    // A longer text is prose. It is not searched for words.
    if written.len() > MAX_DATE_BYTES {
        return plain.map(unchecked);
    }
    let text = words::normalise(written);
    if let Some(at) = unix_time(&text) {
        return date::parse(&at.to_rfc3339_opts(SecondsFormat::Secs, true), zone).map(unchecked);
    }
    if let Some(spaced) = compact(&text) {
        return date::parse(&spaced, zone).map(unchecked);
    }
    let (text, weekday) = words::take_weekday(words::without_comment(&text));
    // `北京时间2024年3月5日`.
    let prefix = ["北京时间", "北京時間"].iter().find_map(|name| text.strip_prefix(name));
    let (text, half, offset) = match prefix {
        Some(rest) => {
            split_end(rest.trim_start_matches([':', ' '])).map(|(t, h, _)| (t, h, Some("+08:00".into())))?
        }
        None => split_end(&text)?,
    };
    let (figures, offset) = match words::day_in_figures(&text) {
        Some(figures) if offset.is_none() => {
            // `Tue Mar 5 08:00:00 UTC 2024`: the zone is before the year.
            let (figures, half_of_time, offset) = split_end(&figures)?;
            (with_half(&figures, half.or(half_of_time))?, offset)
        }
        Some(figures) => (with_half(&figures, half)?, offset),
        None => (with_half(&text, half)?, offset),
    };
    let date = date::parse(&format!("{figures}{}", offset.unwrap_or_default()), zone);
    // The message is about the words of the field, unless the day itself does not exist.
    let date = date.or_else(|message| if names_no_day(&figures) { Err(message) } else { plain })?;
    let wrong_weekday = weekday.filter(|day| !has_weekday(&date, &figures, *day));
    Ok(Reading { date, wrong_weekday })
}

/// True if a text begins with the figures of a day that does not exist: `2026-02-30`, `20260230`.
fn names_no_day(text: &str) -> bool {
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty());
    let parts = match numbers.next() {
        Some(first) if first.len() >= 8 => [Some(&first[..4]), Some(&first[4..6]), Some(&first[6..8])],
        Some(first) if first.len() == 4 => [Some(first), numbers.next(), numbers.next()],
        _ => return false,
    };
    let [Some(year), month, day] = parts.map(|part| part?.parse::<u32>().ok()) else { return false };
    let Some((month, day)) = month.zip(day) else { return false };
    year == 0 || NaiveDate::from_ymd_opt(year as i32, month, day).is_none()
}

/// True if a text is what programs write instead of no date: WordPress writes the year 0 of its
/// database as `Mon, 30 Nov -0001 00:00:00 +0000`, others `0000-00-00 00:00:00`.
#[must_use]
pub fn is_nothing(written: &str) -> bool {
    let text = words::normalise(written);
    let day = words::take_weekday(&text).0;
    ["30 Nov -0001", "-0001-11-30", "0000-00-00", "0001-01-01T00:00:00"]
        .iter()
        .any(|form| day.starts_with(form))
}

/// A text without the zone and the half of the day at its end, the half, and the offset.
type Split = (String, Option<words::Half>, Option<String>);

fn split_end(text: &str) -> Result<Split, String> {
    let (text, offset) = zone::take(text)?;
    let (text, half) = words::take_half(&text);
    Ok((text.trim().to_owned(), half, offset))
}

/// Writes the hour of a time in the 24-hour clock. The time is the last word of the text.
fn with_half(text: &str, half: Option<words::Half>) -> Result<String, String> {
    let Some(half) = half else { return Ok(text.to_owned()) };
    let bad = || tr!("`{text}` has no time of day that fits its half of the day", text);
    let (day, time) = text.rsplit_once(' ').ok_or_else(bad)?;
    let digits = time.bytes().take_while(u8::is_ascii_digit).count();
    let hour = time[..digits].parse().ok().and_then(|hour| words::hour(hour, half)).ok_or_else(bad)?;
    let minutes = if digits == time.len() { ":00" } else { &time[digits..] };
    Ok(format!("{day} {hour}{minutes}"))
}

/// True if the day, as it is written, has this weekday.
fn has_weekday(date: &Date, figures: &str, weekday: Weekday) -> bool {
    // The day as written: in the zone of the digest it can be another one.
    let written = figures.split([' ', 'T']).next().and_then(|day| date::parse(day, Tz::UTC).ok());
    written.map_or(date.at.weekday(), |day| day.at.weekday()) == weekday
}

/// Parses seconds or milliseconds since 1970 (`1676860800`, `1676860800000`, `1676860800.5`), from
/// the year 2000 on.
fn unix_time(text: &str) -> Option<DateTime<Utc>> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if [whole, fraction].iter().any(|part| part.is_empty() || !part.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let number: i64 = whole.parse().ok()?;
    let number = match whole.len() {
        9 | 10 => number,
        12 | 13 => number / 1000,
        _ => return None,
    };
    DateTime::from_timestamp(number, 0).filter(|at| at.timestamp() >= 946_684_800)
}

/// Separates the parts of the basic form of ISO 8601: `20240305T080000Z`, `20240305080000`,
/// `202403050800`.
fn compact(text: &str) -> Option<String> {
    let (day, rest) = text.split_at_checked(8)?;
    let rest = rest.strip_prefix(['T', 't']).unwrap_or(rest);
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (time, end) = rest.split_at(digits);
    if !day.bytes().all(|b| b.is_ascii_digit()) || !matches!(digits, 4 | 6) {
        return None;
    }
    let seconds = if digits == 6 { format!(":{}", &time[4..]) } else { String::new() };
    Some(format!("{day} {}:{}{seconds}{end}", &time[..2], &time[2..4]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ZONE: Tz = Tz::Asia__Shanghai;

    fn iso(written: &str, zone: Tz) -> Result<String, String> {
        parse(written, zone).map(|date| date.iso())
    }

    #[test]
    fn days_stay_days_in_every_zone() {
        for written in [
            "2024-03-05",
            "2024/03/05",
            "2024年3月5日",
            "2024年3月5日 星期二",
            "2024年3月5日（周二）",
            "２０２４年３月５日",
            "２０２４－０３－０５",
            "05 Mar 2024",
            "5 Mar. 2024",
            "Tue, 05 Mar 2024",
            "Tuesday, 5 March 2024",
            "March 5, 2024",
            "Mar 5th 2024",
            "05-Mar-2024",
            "2024-03-05Z",
            "2024-03-05+14:00",
            "20240305",
        ] {
            for zone in [ZONE, Tz::America__New_York, Tz::Pacific__Auckland] {
                assert_eq!(iso(written, zone).as_deref(), Ok("2024-03-05"), "{written} {zone}");
            }
        }
    }

    #[test]
    fn times_are_read_in_all_forms() {
        for (written, wanted) in [
            // Without a zone: the digest's.
            ("2024-03-05 08:00:00", "08:00:00"),
            ("2024-03-05 8:00", "08:00:00"),
            ("2024-03-05T08:00:00", "08:00:00"),
            ("Tue, 05 Mar 2024 08:00:00", "08:00:00"),
            ("5 Mar 2024 8:05", "08:05:00"),
            ("Tue Mar  5 08:00:00 2024", "08:00:00"),
            ("２０２４－０３－０５　０８：００", "08:00:00"),
            ("20240305080000", "08:00:00"),
            ("202403050800", "08:00:00"),
            ("20240305T080000", "08:00:00"),
            // With a zone.
            ("2024-03-05T08:00+08:00", "08:00:00"),
            ("2024-03-05 08:00:00 +0800", "08:00:00"),
            ("2024-03-05 00:00 Z", "08:00:00"),
            ("2024-03-05 00:00 UTC", "08:00:00"),
            ("20240305T000000Z", "08:00:00"),
            ("Tue, 05 Mar 2024 00:00:00 UTC", "08:00:00"),
            ("Tue, 05 Mar 2024 00:00:00 Z", "08:00:00"),
            ("Tue, 05 Mar 2024 00:00:00 UT", "08:00:00"),
            ("Tue, 05 Mar 2024 00:00:00 -0000", "08:00:00"),
            ("Tue, 5 Mar 2024 8:00:00 HKT", "08:00:00"),
            ("Tue, 05 Mar 2024 08:00:00 GMT+8", "08:00:00"),
            ("Tue, 05 Mar 2024 08:00:00 UTC+08:00", "08:00:00"),
            ("Tue Mar 05 2024 08:00:00 GMT+0800 (China Standard Time)", "08:00:00"),
            ("Mon, 04 Mar 2024 19:00:00 EST", "08:00:00"),
            ("Mon, 04 Mar 24 16:00 PST", "08:00:00"),
            ("Tue Mar  5 00:00:00 UTC 2024", "08:00:00"),
            ("Tuesday, 05-Mar-24 00:00:00 GMT", "08:00:00"),
            ("Tue, 05 Mar 2024 08:00:00 +0800 (CST)", "08:00:00"),
            ("2024-03-05T08:00:00+08:00[Asia/Shanghai]", "08:00:00"),
            ("北京时间2024年3月5日 08:00", "08:00:00"),
            ("2024年3月5日 08:00（北京时间）", "08:00:00"),
            // Halves of the day.
            ("2024年3月5日 下午3:05", "15:05:00"),
            ("2024年3月5日 下午3点5分", "15:05:00"),
            ("2024年3月5日下午3点", "15:00:00"),
            ("2024年3月5日 上午 9:30", "09:30:00"),
            ("2024年3月5日 中午12:30", "12:30:00"),
            ("2024年3月5日 凌晨12:30", "00:30:00"),
            ("2024年3月5日 星期二 晚上8:00", "20:00:00"),
            ("March 5, 2024 3:05 PM", "15:05:00"),
            ("March 5, 2024 at 12:05 AM", "00:05:00"),
            ("2024-03-05 3 pm", "15:00:00"),
            ("Mar 4, 2024 7:00 p.m. EST", "08:00:00"),
            // Numbers.
            ("1709596800", "08:00:00"),
            ("1709596800000", "08:00:00"),
            ("1709596800.123", "08:00:00"),
            ("１７０９５９６８００", "08:00:00"),
        ] {
            assert_eq!(iso(written, ZONE), Ok(format!("2024-03-05T{wanted}+08:00")), "{written}");
        }
    }

    #[test]
    fn midnight_at_the_end_of_a_day_is_the_next_day() {
        for written in
            ["Tue, 05 Mar 2024 24:00:00 +0800", "2024-03-05 24:00", "2024年3月5日24:00", "5 Mar 2024 24:00"]
        {
            assert_eq!(iso(written, ZONE).as_deref(), Ok("2024-03-06T00:00:00+08:00"), "{written}");
        }
    }

    #[test]
    fn what_is_not_one_date_is_refused_with_its_words() {
        for (written, words) in [
            ("昨天", "`昨天`"),
            ("周一", "`周一`"),
            ("", "``"),
            ("2026", "`2026`"),
            ("2026-02-30", "2026-02-30"),
            ("30 Feb 2026", "there is no day 2026-02-30"),
            ("12345", "`12345`"),
            ("03/05/2024", "`03/05/2024`"),
            ("Tue, 05 Mar 2024 08:00:00 CST", "`CST`"),
            ("Tue Mar  5 08:00:00 CST 2024", "`CST`"),
            ("Tue, 05 Mar 2024 08:00:00 XYZ", "XYZ"),
            ("5 Mar 2024 25:00", "25:00"),
            ("2024-03-05 15:00 AM", "15:00"),
            ("5 Mar 2024 晚上12:00", "12:00"),
            ("Mar 2024", "`Mar 2024`"),
            ("99999999999999999999", "9999-99-99"),
            (&"5 Mar 2024 ".repeat(20), "5 Mar"),
        ] {
            let message = parse(written, ZONE).unwrap_err();
            assert!(message.contains(words), "{written}: {message}");
        }
    }

    #[test]
    fn a_wrong_weekday_is_named_and_the_day_counts() {
        for (written, wrong) in [
            ("Mon, 05 Mar 2024 08:00:00 +0800", Some(Weekday::Mon)),
            ("Tue, 05 Mar 2024 08:00:00 +0800", None),
            // The weekday is that of the place where the date was written.
            ("Tue, 05 Mar 2024 23:00:00 -0800", None),
            ("2024年3月5日 星期日", Some(Weekday::Sun)),
            ("2024年3月5日 周二 08:00", None),
            ("Saturday, March 5, 2024", Some(Weekday::Sat)),
            ("Sun Mar 3 08:00:00 2024", None),
        ] {
            let reading = read(written, ZONE).unwrap();
            assert_eq!(reading.wrong_weekday, wrong, "{written}");
        }
    }

    #[test]
    fn the_empty_dates_of_programs_are_nothing() {
        for written in [
            "Mon, 30 Nov -0001 00:00:00 +0000",
            "0000-00-00 00:00:00",
            "0000-00-00",
            "-0001-11-30T00:00:00+00:00",
        ] {
            assert!(is_nothing(written), "{written}");
        }
        for written in ["2024-03-05", "30 Nov 2001", "", "昨天"] {
            assert!(!is_nothing(written), "{written}");
        }
    }

    #[test]
    fn numbers_outside_of_the_years_of_news_are_not_dates() {
        for written in ["946684799", "17095968", "17095968001", "1709596800.", ".5", "1709596800.x"] {
            assert_eq!(unix_time(written), None, "{written}");
        }
        assert!(unix_time("946684800").is_some());
        for written in ["2024030", "20240305T08", "2024030x080000", "20240305T08000"] {
            assert_eq!(compact(written), None, "{written}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_text_makes_the_reader_panic(
            text in "([0-9/:.+,() TZ-]|年|月|日|下午|周一|Mar|Tue|GMT|pm|CST|\\[|\\]){0,20}|.{0,20}"
        ) {
            let _ = read(&text, ZONE);
            let _ = is_nothing(&text);
        }
    }
}
