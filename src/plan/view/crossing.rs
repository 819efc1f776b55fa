//! What templates and feeds see of a crossing and the matrix of crossings.

use serde::Serialize;

use crate::plan::view::card::TaxonomyView;
use crate::plan::view::list::List;
use crate::plan::view::page::Meta;
use crate::plan::view::term::TermView;

/// The articles that two terms share.
#[derive(Debug, Serialize)]
pub(crate) struct CrossingPage<'s> {
    /// The term whose page it stands below.
    pub first: TermView<'s>,
    /// Its taxonomy.
    pub first_taxonomy: TaxonomyView<'s>,
    /// The other term.
    pub second: TermView<'s>,
    /// Its taxonomy.
    pub second_taxonomy: TaxonomyView<'s>,
    /// Articles; on the first page only, so that the others stay as they are.
    pub count: Option<usize>,
    /// The articles.
    pub list: List<'s>,
}

/// The most used terms of two taxonomies, crossed.
#[derive(Debug, Serialize)]
pub(crate) struct MatrixPage<'s> {
    /// The head.
    pub meta: Meta,
    /// Of the rows.
    pub first: TaxonomyView<'s>,
    /// Of the columns.
    pub second: TaxonomyView<'s>,
    /// Articles that a pair has to have for a page.
    pub min_articles: usize,
    /// The columns, the most used first.
    pub columns: Vec<TermView<'s>>,
    /// The rows, the most used first.
    pub rows: Vec<Row<'s>>,
}

/// A row of the matrix.
#[derive(Debug, Serialize)]
pub(crate) struct Row<'s> {
    /// Its term.
    pub term: TermView<'s>,
    /// One for each column.
    pub cells: Vec<Cell>,
}

/// A cell of the matrix.
#[derive(Debug, Serialize)]
pub(crate) struct Cell {
    /// Articles that carry both terms.
    pub count: usize,
    /// Of the crossing's page; `None` where there are too few articles for one.
    pub path: Option<String>,
    /// 0 where there is no page, 1 to 5 for the heat.
    pub heat: usize,
}
