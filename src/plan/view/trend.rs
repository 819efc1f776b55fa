//! What templates and feeds see of trends.

use serde::Serialize;

use crate::plan::view::page::Meta;
use crate::plan::view::term::TermView;

/// What changes.
#[derive(Debug, Serialize)]
pub(crate) struct TrendsPage<'s> {
    /// The head.
    pub meta: Meta,
    /// What is compared, in a sentence; `None` for a digest too young for a comparison.
    pub compared: Option<String>,
    /// Terms with more articles than before.
    pub rising: Vec<TrendView<'s>>,
    /// Terms with fewer articles than before.
    pub fading: Vec<TrendView<'s>>,
    /// Terms that were not there before.
    pub new: Vec<TrendView<'s>>,
}

/// A term's way.
#[derive(Debug, Serialize)]
pub(crate) struct TrendView<'s> {
    /// With its articles of the latest span.
    pub term: TermView<'s>,
    /// What readers call its taxonomy.
    pub taxonomy_title: &'s str,
    /// Articles of the mean span before, with one decimal.
    pub before: String,
    /// The path of a bar chart, 10 units high.
    pub chart: String,
    /// Of the chart's view box.
    pub width: usize,
}
