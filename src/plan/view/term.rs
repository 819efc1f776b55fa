//! Defines the template variables of a term's page and of links to terms.

use std::borrow::Cow;

use serde::Serialize;

use crate::locale::DateText;
use crate::plan::view::card::TaxonomyView;
use crate::plan::view::chart::Chart;
use crate::plan::view::list::List;

/// A page of the list of a term's articles.
#[derive(Debug, Serialize)]
pub(crate) struct TermPage<'s> {
    /// The term's taxonomy.
    pub taxonomy: TaxonomyView<'s>,
    /// Name shown to readers.
    pub name: &'s str,
    /// Facts about the term. Set on the index only, so that a new article leaves the numbered pages
    /// unchanged.
    pub about: Option<Box<About<'s>>>,
    /// The articles.
    pub list: List<'s>,
}

/// The facts about a term that its index page shows.
#[derive(Debug, Serialize)]
pub(crate) struct About<'s> {
    /// Number of articles that carry the term.
    pub count: usize,
    /// Description in the registry (`content/terms.yaml`).
    pub description: Option<&'s str>,
    /// Day of its oldest dated article.
    pub first: Option<Seen<'s>>,
    /// Day of its newest article; `None` if that is undated.
    pub last: Option<Seen<'s>>,
    /// The days from the oldest to the newest dated article; `None` if all are undated.
    pub dates: Option<DateText>,
    /// Number of articles by month or year; `None` if all are of one month.
    pub chart: Option<Chart>,
    /// Related terms (co-occurring in articles), the strongest first; `count` is 0.
    pub related_terms: Vec<TermView<'s>>,
    /// Crossings with other terms, the most used first; `path` is the crossing's page.
    pub crossings: Vec<TermView<'s>>,
}

/// A day, for a `<time>` element.
#[derive(Debug, Serialize)]
pub(crate) struct Seen<'s> {
    /// Day as `2026-11-23`, for the `datetime` attribute.
    pub date: &'s str,
    /// The day in the digest's language.
    pub text: &'s str,
}

/// A link to a term.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct TermView<'s> {
    /// Name of its taxonomy in the configuration, such as `ai_technologies`.
    pub taxonomy: &'s str,
    /// Name shown to readers.
    pub name: &'s str,
    /// Path of the term's page, for links.
    pub path: Cow<'s, str>,
    /// Number of articles that carry the term, within the context of the link.
    pub count: usize,
}
