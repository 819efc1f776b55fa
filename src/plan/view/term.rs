//! What templates and feeds see of a term.

use std::borrow::Cow;

use serde::Serialize;

use crate::plan::view::card::TaxonomyView;
use crate::plan::view::chart::Chart;
use crate::plan::view::list::List;

/// A page of a term's articles.
#[derive(Debug, Serialize)]
pub(crate) struct TermPage<'s> {
    /// Its taxonomy.
    pub taxonomy: TaxonomyView<'s>,
    /// What readers see.
    pub name: &'s str,
    /// What there is to say of it; on the first page only, so that the others stay as they are.
    pub about: Option<Box<About<'s>>>,
    /// The articles.
    pub list: List<'s>,
}

/// What a term's first page says of it.
#[derive(Debug, Serialize)]
pub(crate) struct About<'s> {
    /// Articles that carry it.
    pub count: usize,
    /// What an editor says of it.
    pub description: Option<&'s str>,
    /// When it was first seen.
    pub first: Option<Seen<'s>>,
    /// When it was last seen.
    pub last: Option<Seen<'s>>,
    /// Its articles by month.
    pub chart: Option<Chart>,
    /// The terms that it goes with, the strongest first.
    pub related_terms: Vec<TermView<'s>>,
    /// Its crossings, the most used first.
    pub crossings: Vec<TermView<'s>>,
}

/// A day as templates show it.
#[derive(Debug, Serialize)]
pub(crate) struct Seen<'s> {
    /// For `datetime`.
    pub date: &'s str,
    /// As people write it.
    pub text: &'s str,
}

/// A term, where it is named.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct TermView<'s> {
    /// Its taxonomy, `ai_technologies`.
    pub taxonomy: &'s str,
    /// What readers see.
    pub name: &'s str,
    /// For links.
    pub path: Cow<'s, str>,
    /// Articles, of what the place is about.
    pub count: usize,
}
