//! Names what a page shows, so that its data can be made again (`plan/deferred.rs`).

use crate::site::{ArticleId, TermRef};

/// What a page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    /// An article.
    Article(ArticleId),
    /// A page of a list, by its number; `None` is the index.
    List(ListSubject, Option<usize>),
    /// An edition.
    Edition(EditionSubject),
    /// The articles of a file of search results, by the number of the file.
    Results(usize),
}

/// The subject of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ListSubject {
    /// The articles of a term.
    Term(TermRef),
    /// The articles of a crossing, by its index in
    /// [`Crossings::pairs`](crate::site::crossing::Crossings::pairs).
    Crossing(usize),
}

/// An edition with a page of its own, by its index in
/// [`Editions`](crate::site::edition::Editions).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EditionSubject {
    /// A day.
    Day(usize),
    /// A week.
    Week(usize),
}
