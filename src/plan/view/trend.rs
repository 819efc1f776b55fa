//! Defines the template variables of the trends page.

use serde::Serialize;

use crate::locale::DateText;
use crate::plan::view::page::Meta;
use crate::plan::view::term::TermView;

/// The trends page: rising, fading and new terms.
#[derive(Debug, Serialize)]
pub(crate) struct TrendsPage<'s> {
    /// Data of the page's `<head>`.
    pub meta: Meta,
    /// A sentence that states the compared periods; `None` if the digest is too young for a
    /// comparison.
    pub compared: Option<String>,
    /// The first day of the charts.
    pub charted: Option<DateText>,
    /// The last day of the latest period and of the charts.
    pub until: Option<DayView>,
    /// Terms with more articles than before.
    pub rising: Vec<TrendView<'s>>,
    /// Terms with fewer articles than before.
    pub fading: Vec<TrendView<'s>>,
    /// Terms that first appear in the latest period.
    pub new: Vec<TrendView<'s>>,
}

/// A day in parts, for a `<time>` element that can hide the year.
#[derive(Debug, Serialize)]
pub(crate) struct DayView {
    /// Day as `2026-11-23`, for the `datetime` attribute.
    pub date: String,
    /// The day in the digest's language.
    pub when: DateText,
}

/// A term's article counts, now and before.
#[derive(Debug, Serialize)]
pub(crate) struct TrendView<'s> {
    /// The term; `count` is its number of articles in the latest period.
    pub term: TermView<'s>,
    /// Title of its taxonomy shown to readers.
    pub taxonomy_title: &'s str,
    /// Mean number of articles in the periods before, with one decimal.
    pub before: String,
    /// How many times the mean before the latest period has, with one decimal; `None` if the mean
    /// is 0.
    pub factor: Option<String>,
    /// The newest article; `None` for a fading term.
    pub newest: Option<Headline<'s>>,
    /// The SVG path of a bar chart, 10 units high.
    pub chart: String,
    /// Width of the chart's view box.
    pub width: usize,
}

/// An article as the trends page shows it.
#[derive(Debug, Serialize)]
pub(crate) struct Headline<'s> {
    /// Title of the article.
    pub title: &'s str,
    /// Language of the title, such as `en`; `None` if it is the site's language.
    pub title_language: Option<&'static str>,
    /// Path of the article's page, for links.
    pub path: &'s str,
    /// Its day.
    pub day: Option<DayView>,
    /// The label of machine-written text; `None` if the article has none.
    pub label: Option<&'s str>,
}
