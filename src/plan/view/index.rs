//! What templates and feeds see of an index of terms.

use serde::Serialize;

use crate::plan::view::card::TaxonomyView;
use crate::plan::view::page::Meta;

/// The index of a taxonomy's terms in one order, or a part of it.
#[derive(Debug, Serialize)]
pub(crate) struct IndexPage<'s> {
    /// The head.
    pub meta: Meta,
    /// Which taxonomy.
    pub taxonomy: TaxonomyView<'s>,
    /// Terms with a page, of the whole taxonomy.
    pub total: usize,
    /// `use`, `recent` or `a-z`.
    pub order: &'static str,
    /// The matrix of crossings, if this taxonomy is in it.
    pub crossings: Option<String>,
    /// The three orders.
    pub orders: Vec<OrderLink>,
    /// From A to Z in several pages: the letters.
    pub letters: Vec<LetterLink>,
    /// The letter of this page.
    pub letter: Option<char>,
    /// The terms of this part; by use only those of at least two articles.
    pub terms: Vec<IndexTerm<'s>>,
    /// By use: the terms of one article, which are folded.
    pub used_once: Vec<IndexTerm<'s>>,
    /// Further on in this order.
    pub next: Option<String>,
    /// Back in this order.
    pub previous: Option<String>,
}

/// A way to another order.
#[derive(Debug, Serialize)]
pub(crate) struct OrderLink {
    /// `use`, `recent` or `a-z`.
    pub name: &'static str,
    /// For links.
    pub path: String,
    /// Is it this page's?
    pub current: bool,
}

/// A way to a letter.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct LetterLink {
    /// `A` to `Z` or `#`.
    pub letter: char,
    /// For links.
    pub path: String,
    /// Terms below it.
    pub count: usize,
}

/// A term in an index.
#[derive(Debug, Serialize)]
pub(crate) struct IndexTerm<'s> {
    /// What readers see.
    pub name: &'s str,
    /// For links.
    pub path: &'s str,
    /// Articles that carry it.
    pub count: usize,
    /// From A to Z: its letter, on the first term below it.
    pub letter: Option<char>,
    /// The path of a bar chart of the last twelve months, 48 × 10 units; absent for a term of one article.
    pub spark: Option<String>,
}
