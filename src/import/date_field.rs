//! Parses the date in a date field, or in the path of an input.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::load::date::{self, Date};

/// Parses a date in the forms of articles ([`date::parse`]), with a weekday, in RFC 2822, in
/// English, or as seconds or milliseconds since 1970.
///
/// # Errors
/// The message of a diagnostic: the text is not a date.
pub fn parse(written: &str, zone: Tz) -> Result<Date, String> {
    let text = written.trim();
    let plain = date::parse(text, zone);
    if plain.is_ok() {
        return plain;
    }
    if let Some(at) = unix_time(text) {
        return date::parse(&at.to_rfc3339(), zone);
    }
    if let Ok(at) = DateTime::parse_from_rfc2822(text) {
        return date::parse(&at.to_rfc3339(), zone);
    }
    let without = without_weekday(text);
    let words = without.replace(',', " ");
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    for form in ["%B %d %Y", "%b %d %Y", "%d %B %Y", "%d %b %Y"] {
        if let Ok(day) = NaiveDate::parse_from_str(&words, form) {
            return date::parse(&day.format("%Y-%m-%d").to_string(), zone);
        }
    }
    date::parse(&without, zone).or(plain)
}

/// Parses seconds or milliseconds since 1970 (`1676860800`, `1676860800000`), from the year 2000
/// on.
fn unix_time(text: &str) -> Option<DateTime<Utc>> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i64 = text.parse().ok()?;
    let number = match text.len() {
        9 | 10 => number,
        12 | 13 => number / 1000,
        _ => return None,
    };
    DateTime::from_timestamp(number, 0).filter(|at| at.timestamp() >= 946_684_800)
}

/// Removes the weekday: `2026年11月23日（星期一）10:15`.
fn without_weekday(text: &str) -> String {
    let mut text = text.to_owned();
    for name in ["星期", "周", "週", "礼拜"] {
        for day in ["一", "二", "三", "四", "五", "六", "日", "天"] {
            for (open, close) in [("（", "）"), ("(", ")"), ("", "")] {
                let found = format!("{open}{name}{day}{close}");
                if let Some(at) = text.find(&found) {
                    text.replace_range(at..at + found.len(), " ");
                    return text.trim_end().to_owned();
                }
            }
        }
    }
    text.trim_end().to_owned()
}

/// Finds the last date in a path: `2026-11-23.txt`, `news/20261123/a.txt`, `2026/11/23/a.txt`.
#[must_use]
pub fn of_path(path: &str, zone: Tz) -> Option<Date> {
    let parts: Vec<&str> = path.split(['/', '\\']).filter(|part| !part.is_empty()).collect();
    let single = parts.iter().rev().find_map(|part| of_name(part, zone));
    single.or_else(|| {
        // One folder each for year, month and day.
        parts.windows(3).rev().find_map(|three| {
            let numbers = three[0].len() == 4
                && three.iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()) && part.len() <= 4);
            numbers.then(|| plausible(&three.join("-"), zone)).flatten()
        })
    })
}

/// Finds the first date in the name of a file or folder.
fn of_name(name: &str, zone: Tz) -> Option<Date> {
    let stem = name
        .rsplit_once('.')
        .filter(|(_, ending)| ending.bytes().all(|b| b.is_ascii_alphabetic()))
        .map_or(name, |(stem, _)| stem);
    let characters: Vec<(usize, char)> = stem.char_indices().collect();
    (0..characters.len()).find_map(|n| {
        let (at, c) = characters[n];
        // A part of a longer number or of a hash is not a date.
        let inside = n > 0 && characters[n - 1].1.is_ascii_alphanumeric();
        if inside || !matches!(c, '1' | '2') {
            return None;
        }
        let rest = &stem[at..];
        let end = rest.find(|c: char| !(c.is_ascii_digit() || "-_.年月日".contains(c))).unwrap_or(rest.len());
        if rest[end..].starts_with(|c: char| c.is_ascii_alphabetic()) && !rest[end..].starts_with(['T', 't'])
        {
            return None;
        }
        let run = rest[..end].trim_end_matches(['-', '_', '.']);
        let digits = run.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 8 {
            return plausible(&run[..8], zone);
        }
        let parts: Vec<&str> =
            run.split(['-', '_', '.', '年', '月', '日']).filter(|part| !part.is_empty()).take(3).collect();
        (digits == 4 && parts.len() == 3 && parts[1..].iter().all(|part| part.len() <= 2))
            .then(|| plausible(&parts.join("-"), zone))
            .flatten()
    })
}

/// Parses a date from 1980 to 2099. Other numbers in names are hardly dates of news.
fn plausible(text: &str, zone: Tz) -> Option<Date> {
    date::parse(text, zone).ok().filter(|date| (1980..2100).contains(&date.month().0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZONE: Tz = Tz::Asia__Shanghai;

    #[test]
    fn dates_in_the_forms_of_pipelines_are_parsed() {
        for (written, wanted) in [
            ("2026-11-23", "2026-11-23"),
            ("2026年11月23日 星期一", "2026-11-23"),
            ("2026年11月23日（周一）", "2026-11-23"),
            ("2026年11月23日 星期一 10:15", "2026-11-23T10:15:00+08:00"),
            ("Mon, 23 Nov 2026 02:15:00 GMT", "2026-11-23T10:15:00+08:00"),
            ("November 23, 2026", "2026-11-23"),
            ("23 Nov 2026", "2026-11-23"),
            ("1676860800", "2023-02-20T10:40:00+08:00"),
            ("1676860800000", "2023-02-20T10:40:00+08:00"),
        ] {
            assert_eq!(parse(written, ZONE).map(|date| date.iso()).as_deref(), Ok(wanted), "{written}");
        }
        for written in ["昨天", "周一", "", "2026", "2026-02-30", "12345"] {
            assert!(parse(written, ZONE).is_err(), "{written}");
        }
    }

    #[test]
    fn dates_in_paths_are_found_and_other_numbers_are_not_dates() {
        for (path, wanted) in [
            ("2026-11-23.txt", Some("2026-11-23")),
            ("news_20261123_01.json", Some("2026-11-23")),
            ("日报2026年11月23日.txt", Some("2026-11-23")),
            ("2026.11.23/a.txt", Some("2026-11-23")),
            ("out/2026/11/23/000_2323bd8284526c57.txt", Some("2026-11-23")),
            ("2025-01-01/2026_1_3 news.txt", Some("2026-01-03")),
            ("000_2323bd8284526c57.txt", None),
            ("1758348822070329274.txt", None),
            ("2026-13-45.txt", None),
            ("20261123abc.txt", None),
            ("v2026.txt", None),
        ] {
            assert_eq!(of_path(path, ZONE).map(|date| date.iso()).as_deref(), wanted, "{path}");
        }
    }
}
