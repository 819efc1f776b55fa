//! What templates and feeds see of a list of articles.

use serde::Serialize;

use crate::plan::paginate::Paginator;
use crate::plan::view::card;

use crate::plan::view::card::CardRef;
use crate::plan::view::page::Meta;

/// A page of a list of articles.
#[derive(Debug, Serialize)]
pub(crate) struct List<'s> {
    /// The head.
    pub meta: Meta,
    /// The page's `h1`.
    pub heading: String,
    /// Newest first.
    pub articles: Vec<CardRef>,
    /// How they fall into days.
    pub days: Vec<Day<'s>>,
    /// The ways to the other pages.
    pub paginator: Paginator,
}

/// The articles of a day on a list's page.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Day<'s> {
    /// Which day.
    pub day: &'s card::Day,
    /// So many of the list's articles, from where the day before ends.
    pub count: u32,
}
