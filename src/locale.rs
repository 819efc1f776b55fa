//! Provides the interface's words and dates in the digest's language.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use crate::config::Language;
use crate::diagnostic::Diagnostic;
use crate::fields::{Document, Fields};
use crate::load::date::Date;
use crate::load::theme::Theme;
use crate::text::dropped;
use crate::text::lines::LinedText;

/// The weekdays in Chinese, from Monday.
const WEEKDAYS: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];

/// Words of the interface by key (`templates/i18n/<tag>.yaml`), with placeholders such as `{n}`.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub(crate) struct Words {
    words: BTreeMap<String, String>,
}

/// A date whose year can be hidden by a style sheet: readers do not need the running year.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct DateText {
    /// The year before the rest, such as `2026年`; may be empty.
    pub before: String,
    /// The date without its year, such as `11月23日`.
    pub text: String,
    /// The year after the rest, such as ` 2026`; may be empty.
    pub after: String,
}

/// The language of the interface and its words.
#[derive(Debug, Clone)]
pub(crate) struct Locale {
    /// The language of the digest.
    pub language: Language,
    /// The words in that language.
    pub words: Words,
}

impl Locale {
    /// Reads the theme's words for a language. A file of the digest's own may override single
    /// words.
    #[must_use]
    pub(crate) fn new(language: Language, theme: &Theme) -> (Self, Vec<Diagnostic>) {
        let mut words = BTreeMap::new();
        let mut diagnostics = Vec::new();
        // The words of Hong Kong are those of Taiwan, but for what the digest says.
        let base = (language == Language::ZhHk).then_some(Language::ZhTw);
        let files = base.into_iter().chain([language]).filter_map(|from| theme.words.get(from.tag()));
        for (layer, template) in files.flatten().enumerate() {
            let lined = LinedText::new(&*template.text);
            let document = Document { path: &template.shown, source: &lined, start: 0, yaml: &template.text };
            let entries = match document.parse() {
                Ok(entries) => entries,
                Err(found) => {
                    diagnostics.extend(found);
                    continue;
                }
            };
            let mut fields = Fields::new(document, &entries);
            if layer > 0 {
                // Marks all words of the default theme as known, so that a misspelt key is
                // reported.
                for name in words.keys().cloned().collect::<Vec<String>>() {
                    let _ = fields.get(&name);
                }
            } else {
                for (name, _) in &entries {
                    let _ = fields.get(name);
                }
            }
            for (name, node) in &entries {
                match node.text() {
                    Some(text) => {
                        words.insert(name.clone(), dropped::remove(text).into_owned());
                    }
                    None => fields.wrong_kind(name, &tr!("a text"), node),
                }
            }
            diagnostics.extend(fields.finish());
        }
        (Self { language, words: Words { words } }, diagnostics)
    }

    /// Returns the word for `key`; `key` itself if the theme lacks it.
    #[must_use]
    pub(crate) fn word<'a>(&'a self, key: &'a str) -> &'a str {
        self.words.words.get(key).map_or(key, String::as_str)
    }

    /// Returns the word for `key` with its placeholders replaced by `values`.
    #[must_use]
    pub(crate) fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut rest = self.word(key);
        let mut filled = String::with_capacity(rest.len() + 16);
        // A single pass from left to right: a value that contains `{n}` is not replaced again.
        while let Some(open) = rest.find('{') {
            let Some(close) = rest[open..].find('}').map(|at| open + at) else {
                break;
            };
            filled.push_str(&rest[..open]);
            let name = &rest[open + 1..close];
            match values.iter().find(|(key, _)| *key == name) {
                Some((_, value)) => filled.push_str(value),
                None => filled.push_str(&rest[open..=close]),
            }
            rest = &rest[close + 1..];
        }
        filled + rest
    }

    /// Formats the day of a date in full: `2026年11月23日 星期一`, `Monday, 23 November 2026`.
    #[must_use]
    pub(crate) fn day(&self, date: &Date) -> String {
        self.date(date.at.date_naive())
    }

    /// Formats a day in full, as [`Locale::day`] does, from a date without a zone.
    #[must_use]
    pub(crate) fn date(&self, day: NaiveDate) -> String {
        let DateText { before, text, after } = self.long_date(day);
        before + &text + &after
    }

    /// Formats a day without its year: `11月23日`, `23 Nov`.
    #[must_use]
    pub(crate) fn short_day(&self, day: NaiveDate) -> String {
        match self.language {
            Language::ZhCn | Language::ZhTw | Language::ZhHk => format!("{}月{}日", day.month(), day.day()),
            Language::En => day.format("%-d %b").to_string(),
        }
    }

    /// Formats a day in a list of days of one week or month: `23日`, `23`.
    #[must_use]
    pub(crate) fn day_of_month(&self, day: NaiveDate) -> String {
        match self.language {
            Language::ZhCn | Language::ZhTw | Language::ZhHk => format!("{}日", day.day()),
            Language::En => day.day().to_string(),
        }
    }

    /// Formats a day with its weekday, the year apart: `2026年` and `11月23日 星期一`.
    #[must_use]
    pub(crate) fn long_date(&self, day: NaiveDate) -> DateText {
        let text = match self.language {
            Language::ZhCn | Language::ZhTw | Language::ZhHk => {
                format!(
                    "{} 星期{}",
                    self.short_day(day),
                    WEEKDAYS[day.weekday().num_days_from_monday() as usize]
                )
            }
            Language::En => day.format("%A, %-d %B").to_string(),
        };
        self.with_year(day.year(), text)
    }

    /// Formats a day, the year apart: `2026年` and `11月23日`.
    #[must_use]
    pub(crate) fn short_date(&self, day: NaiveDate) -> DateText {
        self.with_year(day.year(), self.short_day(day))
    }

    /// Formats a day with its year and without its weekday: `2026年11月23日`, `23 November 2026`.
    #[must_use]
    pub(crate) fn plain_date(&self, day: NaiveDate) -> String {
        match self.language {
            Language::ZhCn | Language::ZhTw | Language::ZhHk => self.year(day.year()) + &self.short_day(day),
            Language::En => day.format("%-d %B %Y").to_string(),
        }
    }

    /// Formats a range of days, the year apart if it is the same: `2026年` and `11月23日—25日`.
    #[must_use]
    pub(crate) fn date_range(&self, first: NaiveDate, last: NaiveDate) -> DateText {
        if first == last {
            return self.short_date(first);
        }
        let dash = match self.language {
            Language::ZhCn | Language::ZhTw | Language::ZhHk => "—",
            Language::En => "–",
        };
        if first.year() != last.year() {
            let whole = |day: NaiveDate| {
                let date = self.short_date(day);
                format!("{}{}{}", date.before, date.text, date.after)
            };
            return DateText {
                text: format!("{}{dash}{}", whole(first), whole(last)),
                ..DateText::default()
            };
        }
        let is_month = first.month() == last.month();
        let text = match self.language {
            Language::ZhCn | Language::ZhTw | Language::ZhHk if is_month => {
                format!("{}{dash}{}日", self.short_day(first), last.day())
            }
            Language::En if is_month => format!("{}{dash}{}", first.day(), self.short_day(last)),
            _ => format!("{}{dash}{}", self.short_day(first), self.short_day(last)),
        };
        self.with_year(first.year(), text)
    }

    /// Adds the year on the side where the language has it.
    fn with_year(&self, year: i32, text: String) -> DateText {
        match self.language {
            Language::ZhCn | Language::ZhTw | Language::ZhHk => {
                DateText { before: self.year(year), text, after: String::new() }
            }
            Language::En => DateText { before: String::new(), text, after: format!(" {year}") },
        }
    }

    /// Formats the first and last day of a week: `11月23日至29日`, `30 Nov – 6 Dec`.
    #[must_use]
    pub(crate) fn day_range(&self, first: NaiveDate, last: NaiveDate) -> String {
        let start = self.short_day(first);
        match self.language {
            Language::ZhCn | Language::ZhTw | Language::ZhHk if first.month() == last.month() => {
                format!("{start}至{}日", last.day())
            }
            Language::ZhCn | Language::ZhTw | Language::ZhHk => format!("{start}至{}", self.short_day(last)),
            Language::En => format!("{start} – {}", self.short_day(last)),
        }
    }

    /// Formats an ISO week: `2026年第48周`, `Week 48, 2026`.
    #[must_use]
    pub(crate) fn week(&self, year: i32, week: u32) -> String {
        match self.language {
            Language::ZhCn => format!("{year}年第{week}周"),
            Language::ZhTw | Language::ZhHk => format!("{year}年第{week}週"),
            Language::En => format!("Week {week}, {year}"),
        }
    }

    /// Formats a month: `2026年11月`, `November 2026`.
    #[must_use]
    pub(crate) fn month(&self, year: i32, month: u32) -> String {
        let name = self.month_name(month);
        match self.language {
            Language::ZhCn | Language::ZhTw | Language::ZhHk => format!("{year}年{name}"),
            Language::En => format!("{name} {year}"),
        }
    }

    /// Formats a month without its year: `11月`, `November`.
    #[must_use]
    pub(crate) fn month_name(&self, month: u32) -> String {
        const NAMES: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        match self.language {
            Language::ZhCn | Language::ZhTw | Language::ZhHk => format!("{month}月"),
            Language::En => NAMES[(month as usize + 11) % 12].to_owned(),
        }
    }

    /// Formats a year: `2026年`, `2026`.
    #[must_use]
    pub(crate) fn year(&self, year: i32) -> String {
        match self.language {
            Language::ZhCn | Language::ZhTw | Language::ZhHk => format!("{year}年"),
            Language::En => year.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(language: Language, date: impl Fn(&Locale) -> DateText) -> [String; 3] {
        let locale = Locale { language, words: Words { words: BTreeMap::new() } };
        let DateText { before, text, after } = date(&locale);
        [before, text, after]
    }

    /// Formats one or two days.
    type Format = fn(&Locale, NaiveDate, NaiveDate) -> DateText;

    #[test]
    fn the_year_of_a_date_stands_apart() {
        let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
        let new_year = NaiveDate::from_ymd_opt(2027, 1, 2).unwrap();
        let (zh, en) = (Language::ZhCn, Language::En);
        let cases: [(Language, Format, NaiveDate, NaiveDate, [&str; 3]); 10] = [
            (
                zh,
                |locale, day, _| locale.long_date(day),
                day(11, 23),
                day(11, 23),
                ["2026年", "11月23日 星期一", ""],
            ),
            (
                en,
                |locale, day, _| locale.long_date(day),
                day(11, 29),
                day(11, 29),
                ["", "Sunday, 29 November", " 2026"],
            ),
            (zh, |locale, day, _| locale.short_date(day), day(1, 2), day(1, 2), ["2026年", "1月2日", ""]),
            (en, |locale, day, _| locale.short_date(day), day(1, 2), day(1, 2), ["", "2 Jan", " 2026"]),
            (zh, Locale::date_range, day(11, 23), day(11, 23), ["2026年", "11月23日", ""]),
            (zh, Locale::date_range, day(11, 23), day(11, 25), ["2026年", "11月23日—25日", ""]),
            (en, Locale::date_range, day(11, 23), day(11, 25), ["", "23–25 Nov", " 2026"]),
            (zh, Locale::date_range, day(10, 30), day(11, 1), ["2026年", "10月30日—11月1日", ""]),
            (zh, Locale::date_range, day(12, 30), new_year, ["", "2026年12月30日—2027年1月2日", ""]),
            (en, Locale::date_range, day(12, 30), new_year, ["", "30 Dec 2026–2 Jan 2027", ""]),
        ];
        for (language, format, first, last, expected) in cases {
            assert_eq!(shown(language, |locale| format(locale, first, last)), expected);
        }
    }
}
