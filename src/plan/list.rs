//! Plans lists of articles by day, cut into pages, for the home page, terms, crossings and months.

use std::cell::LazyCell;
use std::ops::Range;

use serde::Serialize;

use crate::load::date::Date;
use crate::locale::DateText;
use crate::plan::card::Cards;
use crate::plan::input::Input;
use crate::plan::keep::{Keep, Key};
use crate::plan::page::{Body, Kind, Page};
use crate::plan::paginate::{self, PageLink, Slice};
use crate::plan::subject::{ListSubject, Subject};
use crate::plan::view::list::{Day, List};
use crate::plan::view::page::{Crumb, FeedLink, Meta};
use crate::site::{Address, ArticleId, calendar};

/// Maximum number of cards on the first page of a list and on the page of a day or week: the first
/// articles. The others are lines, as on the older pages.
pub(crate) const MAX_CARDS: usize = 4;

/// The maximum number of articles in a list whose pages are made when they are rendered
/// (`plan/deferred.rs`). To make a page, all articles of its list are passed, so that the pages of a
/// long list would take quadratic time.
const MAX_DEFERRED: usize = 10_000;

/// Groups the articles of a page, sorted newest first, by day. A site has hundreds of thousands of
/// these groups, each of one or two articles, so a group holds a count instead of a list.
fn days<'s>(input: Input<'s>, all: &[ArticleId], range: Range<usize>) -> Vec<Day<'s>> {
    let cards: &'s Cards<'s> = input.cards;
    // Borrowed from the card: an article is in some twenty lists.
    let day_of = |id: ArticleId| &cards.card(id).day;
    let mut days: Vec<Day<'s>> = Vec::with_capacity(range.len());
    for &id in &all[range.clone()] {
        let day = day_of(id);
        if days.last().is_none_or(|last| last.day.date != day.date) {
            days.push(Day { day, count: 0, total: 0 });
        }
        if let Some(last) = days.last_mut() {
            last.count += 1;
            last.total += 1 + u32::try_from(cards.card(id).reports).unwrap_or_default();
        }
    }
    let is_of = |id: Option<&ArticleId>, day: &Day<'s>| id.is_some_and(|&id| day_of(id).date == day.day.date);
    let (newer, older) = (range.start.checked_sub(1).and_then(|at| all.get(at)), all.get(range.end));
    if let Some(first) = days.first_mut().filter(|first| is_of(newer, first)) {
        first.total = 0;
    }
    if let Some(last) = days.last_mut().filter(|last| is_of(older, last)) {
        last.total = 0;
    }
    days.shrink_to_fit();
    days
}

/// The days from the last to the first of these articles that have a date; `None` if none has.
pub(super) fn dates(input: Input<'_>, articles: &[ArticleId]) -> Option<DateText> {
    let mut days = articles.iter().filter_map(|&id| input.site.articles[id].date.as_ref().map(calendar::day));
    let newest = days.next()?;
    Some(input.locale.date_range(days.next_back().unwrap_or(newest), newest))
}

/// The address of a list, and the parts of the keys of its pages.
pub(super) struct ListKey<'a> {
    /// Parts of the path of the list's folder.
    pub(super) parts: &'a [&'a str],
    /// The fingerprint of what the head of the list is made from.
    pub(super) key: Key,
    /// The fingerprint of what the index shows besides; `None` if the index is always planned.
    pub(super) key_of_index: Option<Key>,
    /// The subject of the list, if the data of its pages may be deferred.
    pub(super) subject: Option<ListSubject>,
}

/// The data that all pages of a list share.
pub(super) struct ListHead<'a> {
    /// Kind of the pages, as in [`Meta::kind`].
    pub(super) kind: &'static str,
    /// The pages' `h1`.
    pub(super) heading: &'a str,
    /// Parts of `<title>` before the digest's title.
    pub(super) titles: Vec<&'a str>,
    /// Description of the index; numbered pages append their number.
    pub(super) description: &'a str,
    /// Feed of the list's articles.
    pub(super) feed: Option<FeedLink>,
    /// Breadcrumbs above the list; `None` for the home page, which has no breadcrumbs.
    pub(super) above: Option<Vec<Crumb>>,
}

/// Plans the pages of a list, each with its address. The index comes first. Of each story, only the
/// first report is listed. `head` makes the head of the pages, if one is planned, and `kind` the
/// data of a page from its list.
pub(super) fn pages<'s, 'a>(
    input: Input<'s>,
    &ListKey { parts, key: list_key, key_of_index, subject }: &ListKey<'_>,
    articles: &[ArticleId],
    head: impl FnOnce() -> ListHead<'a>,
    mut kind: impl FnMut(List<'s>) -> Kind<'s>,
) -> Vec<(Address, Page<'s>)> {
    let head = LazyCell::new(head);
    let subject = subject.filter(|_| articles.len() <= MAX_DEFERRED);
    let listed = input.connections.stories.fold(articles);
    let mut page = |slice: Slice| {
        let address = input.list_address(parts, slice.number);
        let key = match slice.number {
            Some(_) => input.key(|keep| (list_key, key_of_numbered(input, keep, &slice, &listed))),
            None => key_of_index
                .map_or_else(Key::default, |index| input.key(|keep| (list_key, index, keep.cards(articles)))),
        };
        let page = input.kept(&address.file, key).unwrap_or_else(|| {
            let list = list(input, (&head, parts), &slice, &address, &listed);
            let subject = subject.map(|subject| Subject::List(subject, slice.number));
            input.page(address.file.clone(), Body::template(kind(list)), key, subject)
        });
        (address, page)
    };
    let slices = paginate::slices(listed.len(), input.config.paginate_by);
    slices.into_iter().map(&mut page).collect()
}

/// The list on the page with a number, or on the index, of a list of articles.
pub(super) fn page<'s>(
    input: Input<'s>,
    parts: &[&str],
    articles: &[ArticleId],
    head: &ListHead<'_>,
    number: Option<usize>,
) -> List<'s> {
    let listed = input.connections.stories.fold(articles);
    let slice = paginate::slice(listed.len(), input.config.paginate_by, number);
    list(input, (head, parts), &slice, &input.list_address(parts, number), &listed)
}

/// What a numbered page shows of its list: its articles, and the days of the pages beside it.
fn key_of_numbered<'a>(
    input: Input<'_>,
    keep: &Keep,
    slice: &'a Slice,
    listed: &[ArticleId],
) -> impl Serialize + use<'a> {
    let per_page = input.config.paginate_by;
    let range = slice.range.start.saturating_sub(per_page)..(slice.range.end + per_page).min(listed.len());
    (slice, keep.cards(&listed[range]))
}

/// The list on one page; `all` are the articles of all pages.
fn list<'s>(
    input: Input<'s>,
    (head, parts): (&ListHead<'_>, &[&str]),
    slice: &Slice,
    address: &Address,
    all: &[ArticleId],
) -> List<'s> {
    let page = slice.number.map(|number| input.locale.fill("page_number", &[("n", &number.to_string())]));
    let titles: Vec<&str> = head.titles.iter().copied().chain(page.as_deref()).collect();
    let mut description = head.description.to_owned();
    if let Some(page) = &page {
        description = format!("{description} {page}").trim().to_owned();
    }
    let mut meta = Meta::new(head.kind, input.title(&titles), description, address);
    meta.number = slice.number;
    // Search engines reach all articles by the sitemap, which has no numbered pages.
    meta.noindex |= slice.number.is_some();
    meta.feed.clone_from(&head.feed);
    if let Some(above) = &head.above {
        let own = Crumb::new(head.heading, input.list_address(parts, None).path);
        meta.crumbs = above.iter().cloned().chain([own]).collect();
    }
    List {
        meta,
        heading: head.heading.to_owned(),
        articles: all[slice.range.clone()].iter().map(|&id| input.cards.reference(id)).collect(),
        days: days(input, all, slice.range.clone()),
        paginator: slice.paginator(|number| PageLink {
            path: input.list_address(parts, number).path,
            dates: number.and_then(|number| {
                let range = paginate::full_page(all.len(), input.config.paginate_by, number);
                dates(input, &all[range])
            }),
        }),
    }
}

/// The day of the latest change of these articles, for the sitemap.
pub(super) fn lastmod(input: Input<'_>, articles: &[ArticleId]) -> Option<String> {
    changed(input, articles).map(|date| date.iso().chars().take("2026-11-23".len()).collect())
}

/// The date of the latest change or publication of these articles.
pub(super) fn changed(input: Input<'_>, articles: &[ArticleId]) -> Option<Date> {
    let changed = articles.iter().filter_map(|&id| {
        let article = &input.site.articles[id];
        article.updated.max(article.date)
    });
    changed.max()
}
