//! Lists of articles by day, cut into pages: what home, terms, crossings and months have in common.

use serde::Serialize;

use crate::load::date::Date;
use crate::plan::Sources;
use crate::plan::card::{self, CardRef, Cards};
use crate::plan::page::{Crumb, FeedLink, Meta};
use crate::plan::paginate::{self, Paginator, Slice};
use crate::site::{Address, ArticleId};

/// A page of a list of articles.
#[derive(Debug, Serialize)]
pub struct List<'s> {
    /// The head.
    pub meta: Meta,
    /// The page's `h1`.
    pub heading: String,
    /// Newest first.
    pub articles: Vec<CardRef>,
    /// How they fall into days.
    pub days: Vec<Day<'s>>,
    /// The ways to the other pages.
    pub paginator: Paginator,
}

/// The articles of a day on a list's page.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Day<'s> {
    /// Which day.
    pub day: &'s card::Day,
    /// So many of the list's articles, from where the day before ends.
    pub count: u32,
}

/// Puts articles (newest first) into days. A site has hundreds of thousands of them, one of which holds an article or two:
/// hence a number and no list of its own.
fn days<'s>(sources: Sources<'s>, articles: &[ArticleId]) -> Vec<Day<'s>> {
    let cards: &'s Cards<'s> = sources.cards;
    let mut days: Vec<Day<'s>> = Vec::with_capacity(articles.len());
    for &id in articles {
        // Written once for each card: an article stands in some twenty lists.
        let day = &cards.card(id).day;
        if days.last().is_none_or(|last| last.day.date != day.date) {
            days.push(Day { day, count: 0 });
        }
        if let Some(last) = days.last_mut() {
            last.count += 1;
        }
    }
    days.shrink_to_fit();
    days
}

/// What all the pages of a list have in common.
pub(super) struct ListHead<'a> {
    pub(super) kind: &'static str,
    pub(super) parts: &'a [&'a str],
    pub(super) heading: &'a str,
    /// Before the digest's name in `<title>`.
    pub(super) titles: &'a [&'a str],
    pub(super) description: &'a str,
    pub(super) feed: Option<FeedLink>,
    /// The pages above; `None` for the home page, which stands below nothing.
    pub(super) above: Option<Vec<Crumb>>,
}

/// The pages of a list, each with its address; the index comes first.
pub(super) fn lists<'s>(
    sources: Sources<'s>,
    head: &ListHead<'_>,
    articles: &[ArticleId],
) -> Vec<(Address, List<'s>)> {
    let articles = sources.connections.stories.fold(articles);
    paginate::slices(articles.len(), sources.config.paginate_by)
        .into_iter()
        .map(|slice| {
            let address = sources.list_address(head.parts, slice.number);
            let list = list(sources, head, &slice, &address, &articles[slice.range.clone()]);
            (address, list)
        })
        .collect()
}

fn list<'s>(
    sources: Sources<'s>,
    head: &ListHead<'_>,
    slice: &Slice,
    address: &Address,
    articles: &[ArticleId],
) -> List<'s> {
    let page = slice.number.map(|number| sources.locale.fill("page_number", &[("n", &number.to_string())]));
    let titles: Vec<&str> = head.titles.iter().copied().chain(page.as_deref()).collect();
    let mut description = head.description.to_owned();
    if let Some(page) = &page {
        description = format!("{description} {page}").trim().to_owned();
    }
    let mut meta = Meta::new(head.kind, sources.title(&titles), description, address);
    meta.feed.clone_from(&head.feed);
    if let Some(above) = &head.above {
        let own = Crumb::new(head.heading, sources.list_address(head.parts, None).path);
        meta.crumbs = above.iter().cloned().chain([own]).collect();
    }
    List {
        meta,
        heading: head.heading.to_owned(),
        articles: articles.iter().map(|&id| sources.cards.get(id)).collect(),
        days: days(sources, articles),
        paginator: slice.paginator(|number| sources.list_address(head.parts, number)),
    }
}

/// When the newest of these articles was last changed, for the sitemap.
pub(super) fn lastmod(sources: Sources<'_>, articles: &[ArticleId]) -> Option<String> {
    changed(sources, articles).map(|date| date.iso())
}

/// The same as a date.
pub(super) fn changed(sources: Sources<'_>, articles: &[ArticleId]) -> Option<Date> {
    let changed = articles.iter().filter_map(|&id| {
        let article = &sources.site.articles[id];
        article.updated.max(article.date)
    });
    changed.max()
}
