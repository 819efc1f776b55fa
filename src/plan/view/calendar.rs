//! Defines the template variables of the calendar of a year.

use serde::Serialize;

/// The days of a year, coloured by their number of articles.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Calendar {
    /// Short names of the weekdays, Monday first.
    pub weekdays: Vec<String>,
    /// The months that have articles, oldest first.
    pub months: Vec<CalendarMonth>,
}

/// A month of a calendar.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct CalendarMonth {
    /// Name of the month, without its year.
    pub title: String,
    /// Path of the month's page, for links.
    pub path: String,
    /// Number of articles.
    pub count: usize,
    /// The weeks of the month.
    pub weeks: Vec<CalendarWeek>,
}

/// A week of a calendar.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct CalendarWeek {
    /// Seven days, Monday first.
    pub days: Vec<CalendarDay>,
}

/// A day of a calendar, or an empty place before the first or after the last day of its month.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct CalendarDay {
    /// Day of the month; `None` for an empty place.
    pub number: Option<u32>,
    /// Number of articles.
    pub count: usize,
    /// Step of the heat scale: 1 to 5, or 0 for a day without articles.
    pub heat: usize,
    /// Path of the day's edition; `None` without articles or without editions.
    pub path: Option<String>,
    /// The day and its number of articles in words; `None` for a day without articles.
    pub label: Option<String>,
}
