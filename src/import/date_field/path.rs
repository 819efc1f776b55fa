//! Finds the date in the path of an input.

use chrono_tz::Tz;

use crate::load::date::{self, Date};

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
            ("2026-11-23T10.txt", Some("2026-11-23")),
            ("2026-11-23t10.txt", Some("2026-11-23")),
            ("2026-11-23a.txt", None),
            ("a20261123.txt", None),
            ("a-20261123.txt", Some("2026-11-23")),
            ("220261123.txt", None),
            ("2026-11-23_.txt", Some("2026-11-23")),
            ("2026-011-23.txt", None),
            ("2026-11.txt", None),
            ("20261-1-2.txt", None),
            ("1979-12-31.txt", None),
            ("1980-01-01.txt", Some("1980-01-01")),
            ("2099-12-31.txt", Some("2099-12-31")),
            ("2100-01-01.txt", None),
            ("2026/11/23", Some("2026-11-23")),
            ("2026/11/x", None),
            ("x/2026/1/2/y", Some("2026-01-02")),
            ("26/11/23", None),
            ("2026/00011/23", None),
            ("2025/01/01/2026/11/23", Some("2026-11-23")),
            ("2026\\11\\23\\a.txt", Some("2026-11-23")),
        ] {
            assert_eq!(of_path(path, ZONE).map(|date| date.iso()).as_deref(), wanted, "{path}");
        }
    }
}
