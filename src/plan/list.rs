//! Lists of articles by day, cut into pages: what home, terms, crossings and months have in common.

use crate::load::date::Date;
use crate::plan::card::Cards;
use crate::plan::input::Input;
use crate::plan::paginate::{self, Slice};
use crate::plan::view::list::{Day, List};
use crate::plan::view::page::{Crumb, FeedLink, Meta};
use crate::site::{Address, ArticleId};

/// Puts articles (newest first) into days. A site has hundreds of thousands of them, one of which holds an article or two:
/// hence a number and no list of its own.
fn days<'s>(input: Input<'s>, articles: &[ArticleId]) -> Vec<Day<'s>> {
    let cards: &'s Cards<'s> = input.cards;
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
    input: Input<'s>,
    head: &ListHead<'_>,
    articles: &[ArticleId],
) -> Vec<(Address, List<'s>)> {
    let articles = input.connections.stories.fold(articles);
    paginate::slices(articles.len(), input.config.paginate_by)
        .into_iter()
        .map(|slice| {
            let address = input.list_address(head.parts, slice.number);
            let list = list(input, head, &slice, &address, &articles[slice.range.clone()]);
            (address, list)
        })
        .collect()
}

fn list<'s>(
    input: Input<'s>,
    head: &ListHead<'_>,
    slice: &Slice,
    address: &Address,
    articles: &[ArticleId],
) -> List<'s> {
    let page = slice.number.map(|number| input.locale.fill("page_number", &[("n", &number.to_string())]));
    let titles: Vec<&str> = head.titles.iter().copied().chain(page.as_deref()).collect();
    let mut description = head.description.to_owned();
    if let Some(page) = &page {
        description = format!("{description} {page}").trim().to_owned();
    }
    let mut meta = Meta::new(head.kind, input.title(&titles), description, address);
    meta.feed.clone_from(&head.feed);
    if let Some(above) = &head.above {
        let own = Crumb::new(head.heading, input.list_address(head.parts, None).path);
        meta.crumbs = above.iter().cloned().chain([own]).collect();
    }
    List {
        meta,
        heading: head.heading.to_owned(),
        articles: articles.iter().map(|&id| input.cards.get(id)).collect(),
        days: days(input, articles),
        paginator: slice.paginator(|number| input.list_address(head.parts, number)),
    }
}

/// When the newest of these articles was last changed, for the sitemap.
pub(super) fn lastmod(input: Input<'_>, articles: &[ArticleId]) -> Option<String> {
    changed(input, articles).map(|date| date.iso())
}

/// The same as a date.
pub(super) fn changed(input: Input<'_>, articles: &[ArticleId]) -> Option<Date> {
    let changed = articles.iter().filter_map(|&id| {
        let article = &input.site.articles[id];
        article.updated.max(article.date)
    });
    changed.max()
}
