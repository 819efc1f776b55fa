//! Defines the template variables of an index of terms.

use serde::Serialize;

use crate::plan::view::card::TaxonomyView;
use crate::plan::view::page::Meta;

/// One page of the index of a taxonomy's terms, in one of three orders.
#[derive(Debug, Serialize)]
pub(crate) struct IndexPage<'s> {
    /// Data of the page's `<head>`.
    pub meta: Meta,
    /// The taxonomy.
    pub taxonomy: TaxonomyView<'s>,
    /// Number of terms that have a page, in the whole taxonomy.
    pub total: usize,
    /// Order of the terms: `use`, `recent` or `a-z`.
    pub order: &'static str,
    /// Path of the matrix of crossings, if the matrix includes this taxonomy.
    pub crossings: Option<String>,
    /// Links to the three orders; empty if no term has a page.
    pub orders: Vec<OrderLink>,
    /// Links to the letters, if the alphabetical index has one page a letter; else empty.
    pub letters: Vec<LetterLink>,
    /// The letter of this page, if it shows one.
    pub letter: Option<char>,
    /// Terms of this page; in the order `use`, only those with at least two articles.
    pub terms: Vec<IndexTerm<'s>>,
    /// In the order `use`: terms with one article, which the page shows collapsed.
    pub used_once: Vec<IndexTerm<'s>>,
    /// Path of the next page in this order.
    pub next: Option<String>,
    /// Path of the previous page in this order.
    pub previous: Option<String>,
}

/// A link to an order of the index.
#[derive(Debug, Serialize)]
pub(crate) struct OrderLink {
    /// Order: `use`, `recent` or `a-z`.
    pub name: &'static str,
    /// Path of the order's first page, for links.
    pub path: String,
    /// True if this page has this order.
    pub current: bool,
}

/// A link to a letter of the index.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct LetterLink {
    /// `A` to `Z` or `#`.
    pub letter: char,
    /// Path of the letter's first page, for links.
    pub path: String,
    /// Number of terms under the letter.
    pub count: usize,
}

/// A term in an index.
#[derive(Debug, Serialize)]
pub(crate) struct IndexTerm<'s> {
    /// Name shown to readers.
    pub name: &'s str,
    /// Path of the term's page, for links.
    pub path: &'s str,
    /// Number of articles that carry the term; 0 on the pages of letters, which do not show it.
    pub count: usize,
    /// In the order `a-z` without pages for letters: the letter, on the first term under it.
    pub letter: Option<char>,
}
