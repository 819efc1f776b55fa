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

/// Words of the interface by key (`templates/i18n/<tag>.yaml`), with placeholders such as `{n}`.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub(crate) struct Words {
    words: BTreeMap<String, String>,
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
        for (layer, template) in theme.words.get(language.tag()).into_iter().flatten().enumerate() {
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
                    None => fields.wrong_kind(name, "a text", node),
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
        let weekday = day.weekday().num_days_from_monday() as usize;
        match self.language {
            Language::ZhCn | Language::ZhTw => {
                let name = ["一", "二", "三", "四", "五", "六", "日"][weekday];
                format!("{}年{}月{}日 星期{name}", day.year(), day.month(), day.day())
            }
            Language::En => day.format("%A, %-d %B %Y").to_string(),
        }
    }

    /// Formats a day without its year: `11月23日`, `23 Nov`.
    #[must_use]
    pub(crate) fn short_day(&self, day: NaiveDate) -> String {
        match self.language {
            Language::ZhCn | Language::ZhTw => format!("{}月{}日", day.month(), day.day()),
            Language::En => day.format("%-d %b").to_string(),
        }
    }

    /// Formats a day in full without its year: `11月23日 星期一`, `Monday, 23 November`.
    #[must_use]
    pub(crate) fn date_in_year(&self, day: NaiveDate) -> String {
        let (full, year) = (self.date(day), self.year(day.year()));
        match self.language {
            Language::ZhCn | Language::ZhTw => full.strip_prefix(&year).unwrap_or(&full).to_owned(),
            Language::En => full.strip_suffix(&year).unwrap_or(&full).trim_end().to_owned(),
        }
    }

    /// Formats the first and last day of a week: `11月23日至29日`, `30 Nov – 6 Dec`.
    #[must_use]
    pub(crate) fn day_range(&self, first: NaiveDate, last: NaiveDate) -> String {
        let start = self.short_day(first);
        match self.language {
            Language::ZhCn | Language::ZhTw if first.month() == last.month() => {
                format!("{start}至{}日", last.day())
            }
            Language::ZhCn | Language::ZhTw => format!("{start}至{}", self.short_day(last)),
            Language::En => format!("{start} – {}", self.short_day(last)),
        }
    }

    /// Formats an ISO week: `2026年第48周`, `Week 48, 2026`.
    #[must_use]
    pub(crate) fn week(&self, year: i32, week: u32) -> String {
        match self.language {
            Language::ZhCn => format!("{year}年第{week}周"),
            Language::ZhTw => format!("{year}年第{week}週"),
            Language::En => format!("Week {week}, {year}"),
        }
    }

    /// Formats a month: `2026年11月`, `November 2026`.
    #[must_use]
    pub(crate) fn month(&self, year: i32, month: u32) -> String {
        let name = self.month_name(month);
        match self.language {
            Language::ZhCn | Language::ZhTw => format!("{year}年{name}"),
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
            Language::ZhCn | Language::ZhTw => format!("{month}月"),
            Language::En => NAMES[(month as usize + 11) % 12].to_owned(),
        }
    }

    /// Formats a year: `2026年`, `2026`.
    #[must_use]
    pub(crate) fn year(&self, year: i32) -> String {
        match self.language {
            Language::ZhCn | Language::ZhTw => format!("{year}年"),
            Language::En => year.to_string(),
        }
    }
}
