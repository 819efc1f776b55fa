//! Defines the template variables of the archive page and of a year's page.

use serde::Serialize;

use crate::plan::view::calendar::Calendar;
use crate::plan::view::card::CardRef;
use crate::plan::view::edition::EditionLink;
use crate::plan::view::page::Meta;

/// The archive page: all years and months.
#[derive(Debug, Serialize)]
pub(crate) struct ArchivePage {
    /// Data of the page's `<head>`.
    pub meta: Meta,
    /// All years, newest first.
    pub years: Vec<Span>,
    /// The days of the newest year; `None` if no article has a date.
    pub calendar: Option<Calendar>,
    /// The group of undated articles; `None` if every article has a date.
    pub undated: Option<Span>,
}

/// A year, a month or the undated group in the archive.
#[derive(Debug, Serialize)]
pub(crate) struct Span {
    /// Title in the digest's language.
    pub title: String,
    /// Path of its page, for links.
    pub path: String,
    /// Number of articles.
    pub count: usize,
    /// The months of a year, newest first; empty for a month and for the undated group.
    pub months: Vec<Span>,
    /// On a year's page: the newest articles of a month.
    pub articles: Vec<CardRef>,
}

/// A year's page: its months and weeks.
#[derive(Debug, Serialize)]
pub(crate) struct YearPage {
    /// Data of the page's `<head>`.
    pub meta: Meta,
    /// The page's `h1`.
    pub heading: String,
    /// The year's days.
    pub calendar: Calendar,
    /// The year's months, newest first.
    pub months: Vec<Span>,
    /// The editions of the year's weeks, newest first.
    pub weeks: Vec<EditionLink>,
}
