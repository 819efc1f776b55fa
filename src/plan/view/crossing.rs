//! Defines the template variables of a crossing and of the matrix of crossings.

use serde::Serialize;

use crate::plan::view::card::TaxonomyView;
use crate::plan::view::list::List;
use crate::plan::view::page::Meta;
use crate::plan::view::term::TermView;

/// The page of a crossing: the articles that carry both of two terms.
#[derive(Debug, Serialize)]
pub(crate) struct CrossingPage<'s> {
    /// The term of the first taxonomy; the crossing's address is below this term's.
    pub first: TermView<'s>,
    /// The first taxonomy.
    pub first_taxonomy: TaxonomyView<'s>,
    /// The term of the second taxonomy.
    pub second: TermView<'s>,
    /// The second taxonomy.
    pub second_taxonomy: TaxonomyView<'s>,
    /// Number of articles. Set on the index only, so that a new article leaves the numbered pages
    /// unchanged.
    pub count: Option<usize>,
    /// The articles.
    pub list: List<'s>,
}

/// The matrix of crossings: the most used terms of two taxonomies.
#[derive(Debug, Serialize)]
pub(crate) struct MatrixPage<'s> {
    /// Data of the page's `<head>`.
    pub meta: Meta,
    /// The taxonomy of the rows.
    pub first: TaxonomyView<'s>,
    /// The taxonomy of the columns.
    pub second: TaxonomyView<'s>,
    /// Minimum number of shared articles for a crossing to have a page.
    pub min_articles: usize,
    /// The terms of the columns that have a crossing with a page, the most used first.
    pub columns: Vec<TermView<'s>>,
    /// The rows that have a crossing with a page, the most used term first.
    pub rows: Vec<Row<'s>>,
}

/// A row of the matrix.
#[derive(Debug, Serialize)]
pub(crate) struct Row<'s> {
    /// The row's term.
    pub term: TermView<'s>,
    /// One cell for each column.
    pub cells: Vec<Cell>,
}

/// A cell of the matrix.
#[derive(Debug, Serialize)]
pub(crate) struct Cell {
    /// Number of articles that carry both terms.
    pub count: usize,
    /// Path of the crossing's page; `None` if it has too few articles for a page.
    pub path: Option<String>,
    /// Step of the heat scale: 1 to 5, or 0 if the crossing has no page.
    pub heat: usize,
}
