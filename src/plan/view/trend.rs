//! Defines the template variables of the trends page.

use serde::Serialize;

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
    /// Terms with more articles than before.
    pub rising: Vec<TrendView<'s>>,
    /// Terms with fewer articles than before.
    pub fading: Vec<TrendView<'s>>,
    /// Terms that first appear in the latest period.
    pub new: Vec<TrendView<'s>>,
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
    /// The SVG path of a bar chart, 10 units high.
    pub chart: String,
    /// Width of the chart's view box.
    pub width: usize,
}
