//! Defines the template variables of a bar chart.

use serde::Serialize;

/// A bar chart, drawn as one SVG path.
#[derive(Debug, Serialize)]
pub(crate) struct Chart {
    /// Title of the chart.
    pub title: String,
    /// Text version of the chart: its first and last month or year, and its maximum.
    pub description: String,
    /// The bars, for the `d` attribute of a `<path>`.
    pub path: String,
    /// Width of the view box.
    pub width: usize,
    /// Height of the view box.
    pub height: usize,
    /// Label below the first bar.
    pub first: String,
    /// Label below the last bar.
    pub last: String,
    /// Number of articles of the highest bar.
    pub max: usize,
}
