//! What templates and feeds see of the archive and a year.

use serde::Serialize;

use crate::plan::view::card::CardRef;
use crate::plan::view::edition::EditionLink;
use crate::plan::view::page::Meta;

/// All years and months.
#[derive(Debug, Serialize)]
pub(crate) struct ArchivePage {
    /// The head.
    pub meta: Meta,
    /// Newest first.
    pub years: Vec<Span>,
    /// The undated group, if there is one.
    pub undated: Option<Span>,
}

/// A year, a month or the undated group in the archive.
#[derive(Debug, Serialize)]
pub(crate) struct Span {
    /// As people write it.
    pub title: String,
    /// For links.
    pub path: String,
    /// Articles.
    pub count: usize,
    /// A year's months, newest first.
    pub months: Vec<Span>,
    /// On a year's page: the newest of a month.
    pub articles: Vec<CardRef>,
}

/// A year's months.
#[derive(Debug, Serialize)]
pub(crate) struct YearPage {
    /// The head.
    pub meta: Meta,
    /// The page's `h1`.
    pub heading: String,
    /// Newest first.
    pub months: Vec<Span>,
    /// Its weeks' editions, newest first.
    pub weeks: Vec<EditionLink>,
}
