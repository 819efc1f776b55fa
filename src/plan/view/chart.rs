//! What templates and feeds see of a bar chart.

use serde::Serialize;

/// A bar chart.
#[derive(Debug, Serialize)]
pub(crate) struct Chart {
    /// What it shows.
    pub title: String,
    /// The same in words: from when to when, and the max.
    pub description: String,
    /// The bars, for a `<path d>`.
    pub path: String,
    /// Of the view box.
    pub width: usize,
    /// Of the view box.
    pub height: usize,
    /// Below the first bar.
    pub first: String,
    /// Below the last bar.
    pub last: String,
    /// How high the highest bar is.
    pub max: usize,
}
