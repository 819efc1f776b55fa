//! The interface's words and dates in the digest's language.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use crate::config::Language;
use crate::diagnostic::Diagnostic;
use crate::fields::{Document, Fields};
use crate::load::date::Date;
use crate::load::theme::Theme;

/// Words by key (`templates/i18n/<tag>.yaml`), with `{n}`-like places to fill in.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub(crate) struct Words {
    words: BTreeMap<String, String>,
}

/// Words and dates.
#[derive(Debug, Clone)]
pub(crate) struct Locale {
    /// Which language.
    pub language: Language,
    /// Its words.
    pub words: Words,
}

impl Locale {
    /// The theme's words for a language; a digest's own file may override single ones.
    #[must_use]
    pub(crate) fn new(language: Language, theme: &Theme) -> (Self, Vec<Diagnostic>) {
        let mut words = BTreeMap::new();
        let mut diagnostics = Vec::new();
        for (layer, template) in theme.words.get(language.tag()).into_iter().flatten().enumerate() {
            let document =
                Document { path: &template.shown, source: &template.text, start: 0, yaml: &template.text };
            let entries = match document.parse() {
                Ok(entries) => entries,
                Err(found) => {
                    diagnostics.extend(found);
                    continue;
                }
            };
            let mut fields = Fields::new(document, &entries);
            if layer > 0 {
                // Asking for every word makes a misspelt one known as such.
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
                        words.insert(name.clone(), text.replace(crate::fields::forbidden_in_xml, ""));
                    }
                    None => fields.wrong_kind(name, "a text", node),
                }
            }
            diagnostics.extend(fields.finish());
        }
        (Self { language, words: Words { words } }, diagnostics)
    }

    /// The word under `key`; the key itself where the theme lacks it.
    #[must_use]
    pub(crate) fn word<'a>(&'a self, key: &'a str) -> &'a str {
        self.words.words.get(key).map_or(key, String::as_str)
    }

    /// The word under `key` with its places filled in.
    #[must_use]
    pub(crate) fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut rest = self.word(key);
        let mut filled = String::with_capacity(rest.len() + 16);
        // One pass from left to right: a value that holds `{n}` is not filled in again.
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

    /// A day as people write it: `2026年11月23日 星期一`, `Monday, 23 November 2026`.
    #[must_use]
    pub(crate) fn day(&self, date: &Date) -> String {
        self.date(date.at.date_naive())
    }

    /// The same for a day without a zone.
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

    /// A day where its year is known: `11月23日`, `23 Nov`.
    #[must_use]
    pub(crate) fn short_day(&self, day: NaiveDate) -> String {
        match self.language {
            Language::ZhCn | Language::ZhTw => format!("{}月{}日", day.month(), day.day()),
            Language::En => day.format("%-d %b").to_string(),
        }
    }

    /// From a day to another of the same week: `11月23日至29日`, `30 Nov – 6 Dec`.
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

    /// An ISO week as people write it: `2026年第48周`, `Week 48, 2026`.
    #[must_use]
    pub(crate) fn week(&self, year: i32, week: u32) -> String {
        match self.language {
            Language::ZhCn => format!("{year}年第{week}周"),
            Language::ZhTw => format!("{year}年第{week}週"),
            Language::En => format!("Week {week}, {year}"),
        }
    }

    /// A month as people write it.
    #[must_use]
    pub(crate) fn month(&self, year: i32, month: u32) -> String {
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
            Language::ZhCn | Language::ZhTw => format!("{year}年{month}月"),
            Language::En => format!("{} {year}", NAMES[(month as usize + 11) % 12]),
        }
    }

    /// A year as people write it.
    #[must_use]
    pub(crate) fn year(&self, year: i32) -> String {
        match self.language {
            Language::ZhCn | Language::ZhTw => format!("{year}年"),
            Language::En => year.to_string(),
        }
    }
}
