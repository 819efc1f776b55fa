//! Defines the template variables of a list of articles.

use serde::Serialize;

use crate::plan::paginate::Paginator;
use crate::plan::view::card::{self, CardRef};
use crate::plan::view::page::Meta;

/// A page of a list of articles.
#[derive(Debug, Serialize)]
pub(crate) struct List<'s> {
    /// Data of the page's `<head>`.
    pub meta: Meta,
    /// The page's `h1`.
    pub heading: String,
    /// Articles of this page, newest first.
    pub articles: Vec<CardRef>,
    /// The days of these articles, in the same order.
    pub days: Vec<Day<'s>>,
    /// Links to the other pages of the list.
    pub paginator: Paginator,
}

/// A day and the number of its articles on a page of a list.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Day<'s> {
    /// The day.
    pub day: &'s card::Day,
    /// Number of articles. They follow those of the previous entry of `List::days` in
    /// `List::articles`.
    pub count: u32,
    /// Number of articles with the other reports of their events; 0 if a neighbouring page has
    /// articles of this day, too.
    pub total: u32,
}
