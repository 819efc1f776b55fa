//! What templates and feeds see of editions by day, week and month.

use serde::Serialize;

use crate::plan::view::card::{CardRef, TaxonomyView};
use crate::plan::view::list::List;
use crate::plan::view::page::Meta;
use crate::plan::view::term::TermView;

/// The page of a day or week.
#[derive(Debug, Serialize)]
pub(crate) struct EditionPage<'s> {
    /// The head.
    pub meta: Meta,
    /// What it is about.
    pub edition: EditionView<'s>,
    /// Its articles.
    pub groups: Vec<Group<'s>>,
}

/// The index of a month, or one of its numbered pages.
#[derive(Debug, Serialize)]
pub(crate) struct MonthPage<'s> {
    /// The articles.
    pub list: List<'s>,
    /// On the index: what the month is about.
    pub edition: Option<EditionView<'s>>,
    /// On the index: its articles by group, the newest of each.
    pub groups: Vec<Group<'s>>,
}

/// What a day, week or month is about.
#[derive(Debug, Serialize)]
pub(crate) struct EditionView<'s> {
    /// `day`, `week` or `month`.
    pub kind: &'static str,
    /// `2026年11月23日 星期一`, `2026年第48周`, `2026年11月`.
    pub title: String,
    /// A week's first and last day: `11月23日至29日`.
    pub dates: Option<String>,
    /// For links.
    pub path: String,
    /// Articles.
    pub count: usize,
    /// For each taxonomy the terms of at least two articles.
    pub top: Vec<TopTerms<'s>>,
    /// Terms that are more frequent than in the four editions before.
    pub rising: Vec<RisingTerm<'s>>,
    /// A week's or month's days with articles, the oldest first.
    pub days: Vec<EditionLink>,
    /// The longer editions that it is part of.
    pub within: Vec<EditionLink>,
    /// The next edition.
    pub newer: Option<EditionLink>,
    /// The edition before.
    pub older: Option<EditionLink>,
}

/// The most used terms of a taxonomy in an edition.
#[derive(Debug, Serialize)]
pub(crate) struct TopTerms<'s> {
    /// Which taxonomy.
    pub taxonomy: TaxonomyView<'s>,
    /// With the edition's articles that carry them.
    pub terms: Vec<TermView<'s>>,
}

/// A term that is more frequent than before.
#[derive(Debug, Serialize)]
pub(crate) struct RisingTerm<'s> {
    /// With the edition's articles that carry it.
    pub term: TermView<'s>,
    /// Articles of the four editions before together.
    pub before: usize,
}

/// A way to an edition.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct EditionLink {
    /// As people write it.
    pub title: String,
    /// For links.
    pub path: String,
    /// Articles; 0 where the place is not about that.
    pub count: usize,
}

/// Articles of an edition that belong together.
#[derive(Debug, Serialize)]
pub(crate) struct Group<'s> {
    /// The term that they share; `None` for the rest.
    pub name: Option<&'s str>,
    /// Of the term's page.
    pub path: Option<String>,
    /// Articles.
    pub count: usize,
    /// The newest, as cards.
    pub cards: Vec<CardRef>,
    /// Some more, as titles.
    pub titles: Vec<CardRef>,
    /// Those that are not named here.
    pub remaining: usize,
}

/// The feed of the weekly editions.
#[derive(Debug, Serialize)]
pub(crate) struct WeeklyFeed<'s> {
    /// Unique.
    pub title: String,
    /// The page that lists the weeks.
    pub page_url: String,
    /// Its own URL.
    pub feed_url: String,
    /// RFC 3339.
    pub updated: String,
    /// Newest first.
    pub weeks: Vec<Week<'s>>,
}

/// A week in the feed.
#[derive(Debug, Serialize)]
pub(crate) struct Week<'s> {
    /// The edition.
    pub edition: EditionView<'s>,
    /// A whole URL.
    pub permalink: String,
    /// When its newest article was published or last changed, RFC 3339.
    pub updated: String,
    /// Its articles by group.
    pub groups: Vec<Group<'s>>,
}
