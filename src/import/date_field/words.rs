//! Reads the words of a date: weekdays, months, and the half of a day.

use chrono::Weekday;
use unicode_normalization::UnicodeNormalization as _;

/// Months in English, by their first three letters.
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Weekdays in English, from Monday.
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Makes full-width digits and signs half width (NFKC), and each white space one space.
pub(super) fn normalise(text: &str) -> String {
    let text: String = text.nfkc().map(|c| if matches!(c, '−' | '‐' | '‑') { '-' } else { c }).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Removes what is in brackets at the end, which explains the zone: `+0800 (CST)` (a comment of RFC
/// 2822), `+08:00[Asia/Shanghai]` (RFC 9557). Brackets without anything before them stay.
pub(super) fn without_comment(text: &str) -> &str {
    let mut text = text;
    for (open, close) in [('(', ')'), ('[', ']')] {
        if text.ends_with(close)
            && let Some(at) = text.rfind(open).filter(|at| *at > 0)
        {
            text = text[..at].trim_end();
        }
    }
    text
}

/// The number of a month: `Mar`, `Mar.`, `Sept`, `March`.
pub(super) fn month(word: &str) -> Option<usize> {
    let word = word.trim_end_matches('.').to_ascii_lowercase();
    let at = MONTHS.iter().position(|name| {
        let short = word.len() == 3 && name.starts_with(&word);
        short || *name == word || (word == "sept" && *name == "september")
    })?;
    Some(at + 1)
}

/// The weekday of an English word: `Tue`, `Tues`, `Tuesday`.
fn weekday(word: &str) -> Option<Weekday> {
    let word = word.trim_end_matches(['.', ',']).to_ascii_lowercase();
    let at = WEEKDAYS.iter().position(|name| word.len() >= 3 && name.starts_with(&word))?;
    Weekday::try_from(at as u8).ok()
}

/// Takes the weekday out of a date: `Tue, 5 Mar 2024`, `2026年11月23日（星期一）10:15`.
pub(super) fn take_weekday(text: &str) -> (String, Option<Weekday>) {
    let words: Vec<&str> = text.split(' ').collect();
    // `Tue,05 Mar 2024` has no space behind the comma.
    let first = words[0].split_once(',').map_or(words[0], |(first, _)| first);
    if let Some(day) = weekday(first) {
        let rest = text[first.len()..].trim_start_matches(['.', ',', ' ']);
        return (rest.to_owned(), Some(day));
    }
    if let Some(at) = words.iter().position(|word| weekday(word.trim_matches(['(', ')'])).is_some()) {
        let day = weekday(words[at].trim_matches(['(', ')']));
        let rest: Vec<&str> =
            words.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, word)| *word).collect();
        return (rest.join(" "), day);
    }
    for name in ["星期", "周", "週", "礼拜", "禮拜"] {
        for (at, day) in ["一", "二", "三", "四", "五", "六", "日", "天", "七"].iter().enumerate() {
            let found = format!("{name}{day}");
            if let Some(start) = text.find(&found) {
                let (before, after) = (&text[..start], &text[start + found.len()..]);
                let before = before.trim_end().strip_suffix('(').unwrap_or(before).trim_end();
                let after = after.trim_start().strip_prefix(')').unwrap_or(after);
                let after = after.trim_start_matches([',', '，', ' ']);
                let rest = format!("{before} {after}").trim().to_owned();
                return (rest, Weekday::try_from(at.min(6) as u8).ok());
            }
        }
    }
    (text.to_owned(), None)
}

/// The half of a day, which the hours of a twelve-hour clock belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Half {
    /// 0:00 to 11:59: 上午, AM. The hour 12 is 0.
    Morning,
    /// 12:00 to 23:59: 下午, PM.
    Afternoon,
    /// 中午: the hour 11 stays, and 1 to 2 are 13 to 14.
    Noon,
    /// 晚上: like the afternoon, but the hour 12 can be midnight of either day.
    Evening,
}

/// Takes the half of the day out of a text with a time.
pub(super) fn take_half(text: &str) -> (String, Option<Half>) {
    let han = [
        ("上午", Half::Morning),
        ("早上", Half::Morning),
        ("凌晨", Half::Morning),
        ("清晨", Half::Morning),
        ("早晨", Half::Morning),
        ("午前", Half::Morning),
        ("中午", Half::Noon),
        ("下午", Half::Afternoon),
        ("傍晚", Half::Afternoon),
        ("午后", Half::Afternoon),
        ("午後", Half::Afternoon),
        ("晚上", Half::Evening),
        ("晚间", Half::Evening),
        ("晚間", Half::Evening),
    ];
    for (word, half) in han {
        if let Some((before, after)) = text.split_once(word) {
            return (format!("{} {}", before.trim_end(), after.trim_start()), Some(half));
        }
    }
    let lower = text.to_ascii_lowercase();
    for (word, half) in
        [("a.m.", Half::Morning), ("p.m.", Half::Afternoon), ("am", Half::Morning), ("pm", Half::Afternoon)]
    {
        let Some(at) = lower.rfind(word) else { continue };
        let (before, after) = (&text[..at], &text[at + word.len()..]);
        let is_after_time = before.trim_end().ends_with(|c: char| c.is_ascii_digit());
        if is_after_time && !after.starts_with(|c: char| c.is_alphanumeric()) {
            return (format!("{}{after}", before.trim_end()), Some(half));
        }
    }
    (text.to_owned(), None)
}

/// The hour of a 24-hour clock. `None` if the hour and the half contradict each other.
pub(super) fn hour(hour: u32, half: Half) -> Option<u32> {
    Some(match (half, hour) {
        (Half::Morning, 12) => 0,
        (Half::Morning, 0..=11) => hour,
        (Half::Afternoon | Half::Evening, 1..=11) => hour + 12,
        (Half::Afternoon, 0 | 12) => 12,
        (Half::Afternoon | Half::Evening, 13..=23) => hour,
        (Half::Noon, 11 | 12) => hour,
        (Half::Noon, 1 | 2) => hour + 12,
        _ => return None,
    })
}

/// Writes an English day in figures, at the beginning of the text: `5 Mar 2024 8:00` and
/// `Mar 5, 2024 8:00` become `2024-03-05 8:00`. The order is free, as in `Mar 5 08:00:00 2024`.
/// A year of two digits is from 1950 to 2049 (RFC 2822, section 4.3).
pub(super) fn day_in_figures(text: &str) -> Option<String> {
    let spaced = text.replace(',', " ");
    let (mut day, mut found, mut year) = (None, None, None);
    let mut rest = Vec::new();
    for word in spaced.split(' ').filter(|word| !word.is_empty()) {
        // `05-Mar-2024` and `05/Mar/2024`.
        let parts: Vec<&str> = word.split(['-', '/']).collect();
        let joined = parts.len() == 3 && month(parts[1]).is_some();
        let parts = if joined { parts } else { vec![word] };
        for part in parts {
            let number =
                ["st", "nd", "rd", "th"].iter().find_map(|end| part.strip_suffix(end)).unwrap_or(part);
            let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
            match (month(part), digits.then_some(number.len())) {
                (Some(month), _) if found.is_none() => found = Some(month),
                (_, Some(1 | 2)) if day.is_none() => day = number.parse::<u32>().ok(),
                (_, Some(4)) if year.is_none() => year = number.parse::<u32>().ok(),
                (_, Some(2)) if year.is_none() => {
                    year = number.parse::<u32>().ok().map(|year| year + if year < 50 { 2000 } else { 1900 });
                }
                _ if part.eq_ignore_ascii_case("at") => {}
                _ => rest.push(part),
            }
        }
    }
    let (day, month, year) = (day?, found?, year?);
    Some(format!("{year:04}-{month:02}-{day:02} {}", rest.join(" ")).trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_characters_become_half_width() {
        assert_eq!(normalise(" ２０２４－０３－０５　０８：００ "), "2024-03-05 08:00");
        assert_eq!(normalise("08:00\u{a0}−05:00"), "08:00 -05:00");
    }

    #[test]
    fn comments_at_the_end_are_removed() {
        assert_eq!(without_comment("08:00 +0800 (CST)"), "08:00 +0800");
        assert_eq!(without_comment("08:00+08:00[Asia/Shanghai]"), "08:00+08:00");
        for text in ["(CST)", "a) b", "08:00"] {
            assert_eq!(without_comment(text), text);
        }
    }

    #[test]
    fn months_have_short_and_full_names() {
        for (word, number) in [
            ("Jan", Some(1)),
            ("mar.", Some(3)),
            ("May", Some(5)),
            ("Sept", Some(9)),
            ("Sep", Some(9)),
            ("SEPTEMBER", Some(9)),
            ("December", Some(12)),
            ("Ma", None),
            ("Marc", None),
            ("Mart", None),
            ("", None),
        ] {
            assert_eq!(month(word), number, "{word}");
        }
    }

    #[test]
    fn the_weekday_is_taken_out() {
        for (text, rest, day) in [
            ("Tue, 05 Mar 2024", "05 Mar 2024", Some(Weekday::Tue)),
            ("Tue,05 Mar 2024", "05 Mar 2024", Some(Weekday::Tue)),
            ("Thurs. 7 March 2024", "7 March 2024", Some(Weekday::Thu)),
            ("Sunday 3 March 2024", "3 March 2024", Some(Weekday::Sun)),
            ("2024-03-05 (Tue) 08:00", "2024-03-05 08:00", Some(Weekday::Tue)),
            ("2024年3月5日(星期二)08:00", "2024年3月5日 08:00", Some(Weekday::Tue)),
            ("2024年3月3日 周日", "2024年3月3日", Some(Weekday::Sun)),
            ("星期天，2024年3月3日", "2024年3月3日", Some(Weekday::Sun)),
            ("2024年3月4日 禮拜一 8:00", "2024年3月4日 8:00", Some(Weekday::Mon)),
            ("05 Mar 2024", "05 Mar 2024", None),
            ("Tu 5", "Tu 5", None),
        ] {
            assert_eq!(take_weekday(text), (rest.to_owned(), day), "{text}");
        }
    }

    #[test]
    fn the_half_of_the_day_is_taken_out() {
        for (text, rest, half) in [
            ("2024年3月5日 下午3:05", "2024年3月5日 3:05", Some(Half::Afternoon)),
            ("2024-03-05 上午 9:00", "2024-03-05 9:00", Some(Half::Morning)),
            ("2024-03-05 中午12:30", "2024-03-05 12:30", Some(Half::Noon)),
            ("2024-03-05 晚上8:00", "2024-03-05 8:00", Some(Half::Evening)),
            ("2024-03-05 3:05 PM", "2024-03-05 3:05", Some(Half::Afternoon)),
            ("2024-03-05 3:05am EST", "2024-03-05 3:05 EST", Some(Half::Morning)),
            ("2024-03-05 3:05 p.m.", "2024-03-05 3:05", Some(Half::Afternoon)),
            ("pm 3:05", "pm 3:05", None),
            ("3:05 pmx", "3:05 pmx", None),
            ("3:05", "3:05", None),
        ] {
            assert_eq!(take_half(text), (rest.to_owned(), half), "{text}");
        }
    }

    #[test]
    fn hours_of_twelve_become_hours_of_twenty_four() {
        for (written, half, wanted) in [
            (12, Half::Morning, Some(0)),
            (0, Half::Morning, Some(0)),
            (11, Half::Morning, Some(11)),
            (13, Half::Morning, None),
            (12, Half::Afternoon, Some(12)),
            (0, Half::Afternoon, Some(12)),
            (1, Half::Afternoon, Some(13)),
            (11, Half::Evening, Some(23)),
            (15, Half::Afternoon, Some(15)),
            (23, Half::Evening, Some(23)),
            (24, Half::Afternoon, None),
            (12, Half::Evening, None),
            (0, Half::Evening, None),
            (11, Half::Noon, Some(11)),
            (12, Half::Noon, Some(12)),
            (1, Half::Noon, Some(13)),
            (3, Half::Noon, None),
        ] {
            assert_eq!(hour(written, half), wanted, "{written} {half:?}");
        }
    }

    #[test]
    fn english_days_are_written_in_figures() {
        for (text, wanted) in [
            ("5 Mar 2024", Some("2024-03-05")),
            ("Mar 5, 2024", Some("2024-03-05")),
            ("March 5th, 2024 at 08:00", Some("2024-03-05 08:00")),
            ("05-Mar-24 08:00:00", Some("2024-03-05 08:00:00")),
            ("05/Mar/2024", Some("2024-03-05")),
            ("Mar 5 08:00:00 2024", Some("2024-03-05 08:00:00")),
            ("5 Mar 50", Some("1950-03-05")),
            ("5 Mar 49", Some("2049-03-05")),
            ("Mar 2024", None),
            ("5 2024", None),
            ("5 Mar", None),
            ("5 Mar 2024 6 x", Some("2024-03-05 6 x")),
        ] {
            assert_eq!(day_in_figures(text).as_deref(), wanted, "{text}");
        }
    }
}
