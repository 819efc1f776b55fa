//! Defines the template variables of editions: days, weeks and months.

use serde::Serialize;

use crate::plan::view::card::{CardRef, TaxonomyView};
use crate::plan::view::list::List;
use crate::plan::view::page::Meta;
use crate::plan::view::term::TermView;

/// The page of a day or week.
#[derive(Debug, Serialize)]
pub(crate) struct EditionPage<'s> {
    /// Data of the page's `<head>`.
    pub meta: Meta,
    /// Summary of the edition.
    pub edition: EditionView<'s>,
    /// The edition's articles by group.
    pub groups: Vec<Group<'s>>,
}

/// The index of a month, or one of its numbered pages.
#[derive(Debug, Serialize)]
pub(crate) struct MonthPage<'s> {
    /// Articles of this page.
    pub list: List<'s>,
    /// On the index: summary of the month's edition.
    pub edition: Option<EditionView<'s>>,
    /// On the index: the newest articles of each group.
    pub groups: Vec<Group<'s>>,
}

/// Summary of an edition: its size, its terms and links to other editions.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct EditionView<'s> {
    /// `day`, `week` or `month`.
    pub kind: &'static str,
    /// Title, such as `2026年11月23日 星期一`, `2026年第48周` or `2026年11月`.
    pub title: String,
    /// First and last day of a week, such as `11月23日至29日`; `None` for days and months.
    pub dates: Option<String>,
    /// Path of the edition's page, for links.
    pub path: String,
    /// Path of the edition's book (EPUB), if the digest writes books.
    pub book: Option<String>,
    /// Number of articles.
    pub count: usize,
    /// For each taxonomy, the terms that at least two articles carry.
    pub top: Vec<TopTerms<'s>>,
    /// Terms that are more frequent than in the four editions before.
    pub rising: Vec<RisingTerm<'s>>,
    /// Days of the week or month that have articles, oldest first; empty for a day.
    pub days: Vec<EditionLink>,
    /// For a day: the week and the month that contain it. For a week: the month of its newest
    /// article. Empty for months.
    pub within: Vec<EditionLink>,
    /// The next newer edition.
    pub newer: Option<EditionLink>,
    /// The next older edition.
    pub older: Option<EditionLink>,
    /// True if the older edition is of the day, week or month before.
    pub follows_older: bool,
    /// True if the newer edition is of the day, week or month after.
    pub precedes_newer: bool,
}

/// The most used terms of a taxonomy in an edition.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct TopTerms<'s> {
    /// The taxonomy.
    pub taxonomy: TaxonomyView<'s>,
    /// The terms; `count` is the number of the edition's articles that carry the term.
    pub terms: Vec<TermView<'s>>,
}

/// A term that is more frequent in this edition than in the four editions before.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct RisingTerm<'s> {
    /// The term; `count` is the number of the edition's articles that carry it.
    pub term: TermView<'s>,
    /// Number of articles that carry the term in the four editions before, in total.
    pub before: usize,
}

/// A link to an edition.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct EditionLink {
    /// Title in the digest's language.
    pub title: String,
    /// Path of the edition's page, for links.
    pub path: String,
    /// Number of articles; 0 in links that do not show it.
    pub count: usize,
}

/// The articles of an edition that share a term.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Group<'s> {
    /// Name of the shared term; `None` for the group of articles without such a term.
    pub name: Option<&'s str>,
    /// Path of the term's page.
    pub path: Option<String>,
    /// Number of articles.
    pub count: usize,
    /// The newest articles, shown as cards.
    pub cards: Vec<CardRef>,
    /// The next articles, shown as titles.
    pub titles: Vec<CardRef>,
    /// The next articles, shown as titles that the reader unfolds.
    pub folded: Vec<CardRef>,
    /// Number of articles that are in none of the three lists.
    pub remaining: usize,
}

/// The feed of the weekly editions.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct WeeklyFeed<'s> {
    /// Title of the feed, unique on the site.
    pub title: String,
    /// URL of the archive page.
    pub page_url: String,
    /// URL of the feed itself.
    pub feed_url: String,
    /// Time of the latest change, RFC 3339.
    pub updated: String,
    /// Weeks of the feed, newest first.
    pub weeks: Vec<Week<'s>>,
}

/// An entry of the weekly feed.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Week<'s> {
    /// Summary of the week.
    pub edition: EditionView<'s>,
    /// Absolute URL of the week's page.
    pub permalink: String,
    /// Time of the latest publication or change of one of its articles, RFC 3339.
    pub updated: String,
    /// The week's articles by group.
    pub groups: Vec<Group<'s>>,
}
