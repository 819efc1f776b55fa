//! Plans editions: the page of each day and week, the editions on month pages and the home page,
//! and the weekly feed.

use chrono::{Datelike, NaiveDate};

use crate::config::Form;
use crate::plan::breadcrumbs;
use crate::plan::card;
use crate::plan::feed;
use crate::plan::input::{Input, shared_taxonomies};
use crate::plan::keep::Key;
use crate::plan::list;
use crate::plan::page::{Body, Kind, Page};
use crate::plan::subject::{EditionSubject, Subject};
use crate::plan::term_link::term_link;
use crate::plan::view::card::CardRef;
use crate::plan::view::data::Data;
use crate::plan::view::edition::{
    EditionLink, EditionPage, EditionView, Group, RisingTerm, TopTerms, Week, WeeklyFeed,
};
use crate::plan::view::feed::OutlineFeed;
use crate::plan::view::form::FormFile;
use crate::plan::view::page::{FeedLink, Meta};
use crate::site::calendar::{self, Span};
use crate::site::edition::{Edition, Editions};
use crate::site::{Address, ArticleId, TermId, TermRef};

/// Maximum number of articles of a group in an entry of the weekly feed. The pages of days and
/// weeks show all of theirs, since no other page lists a day or a week.
const MAX_FEED_TITLES: usize = 60;

/// Number of articles of a group that a month's page shows as titles before the folded ones.
const MONTH_TITLES: usize = 3;

/// Maximum number of folded articles of a group on a month's page, which lists all articles of the
/// month below.
const MAX_MONTH_FOLDED: usize = 60;

/// How many articles of an edition's groups are shown, and how.
struct Shown {
    /// As cards, in the first group.
    cards: usize,
    /// As titles, in each group.
    titles: usize,
    /// As titles that the reader unfolds, in each group.
    folded: usize,
}

/// Minimum number of articles of an edition on the home page. If the latest day has fewer, the home
/// page shows the latest week or month.
const MIN_FRONT_PAGE_ARTICLES: usize = 4;

/// Maximum number of weeks in the weekly feed.
const MAX_FEED_WEEKS: usize = 12;

/// The title of an edition in the digest's language.
pub(super) fn title(input: Input<'_>, span: Span) -> String {
    match span {
        Span::Day(day) => input.locale.date(day),
        Span::Week(year, week) => input.locale.week(year, week),
        Span::Month(year, month) => input.locale.month(year, month),
    }
}

/// A link to an edition with this number of articles.
fn link(input: Input<'_>, span: Span, count: usize) -> EditionLink {
    let path = card::span_address(span, input.config).path;
    EditionLink { title: title(input, span), path, count }
}

/// Path of an edition's book, if the digest writes books.
fn book(input: Input<'_>, span: Span) -> Option<String> {
    let has_books = input.config.outputs.editions.contains(Form::Epub);
    has_books.then(|| card::span_address(span, input.config).beside(FormFile::Epub.name()).path)
}

/// The day of an edition's newest article: a week of two years may have articles of only one.
fn last_day(input: Input<'_>, edition: &Edition) -> NaiveDate {
    let newest = edition.articles.first().and_then(|&id| input.site.articles[id].date.as_ref());
    newest.map_or(edition.span.last(), calendar::day)
}

/// The key of the summary and the groups of the edition at a position of `series`.
fn key(input: Input<'_>, series: &[Edition], at: usize) -> Key {
    input.key(|keep| {
        let edition = &series[at];
        let top = edition.top.iter().enumerate().map(|(taxonomy, top)| {
            let shown = top.iter().map(|top| (keep.term(TermRef { taxonomy, term: top.term }), top.count));
            shown.collect::<Vec<_>>()
        });
        let rising = edition.rising.iter().map(|rise| (keep.term(rise.term), rise.count, rise.before));
        let taxonomy = input.config.browse.editions.as_ref().map_or(0, |settings| settings.group_by);
        let groups = edition.groups.iter().map(|(term, articles)| {
            (term.map(|term| keep.term(TermRef { taxonomy, term })), keep.cards(articles))
        });
        let beside = [at.checked_sub(1), Some(at + 1)].map(|at| Some(series.get(at?)?.span.parts()));
        let terms = (top.collect::<Vec<_>>(), rising.collect::<Vec<_>>(), groups.collect::<Vec<_>>());
        ("edition", edition.span.parts(), keep.cards(&edition.articles), terms, beside)
    })
}

/// The key of the edition on a month's page.
pub(super) fn month_key(input: Input<'_>, year: i32, month: u32) -> Key {
    let Some(editions) = &input.connections.browsed().editions else { return Key::default() };
    let at = editions.months.iter().position(|edition| edition.span == Span::Month(year, month));
    at.map_or_else(Key::default, |at| key(input, &editions.months, at))
}

/// The summary of the edition at a position of `series`, which is sorted newest first.
fn view<'s>(input: Input<'s>, series: &'s [Edition], at: usize) -> EditionView<'s> {
    let edition = &series[at];
    let taxonomies = shared_taxonomies(input);
    let (first, last) = (edition.span.first(), edition.span.last());
    let days = match (&input.connections.browsed().editions, edition.span) {
        (None, _) | (_, Span::Day(_)) => Vec::new(),
        (Some(editions), _) => {
            let from = editions.days.partition_point(|day| day.span.first() > last);
            let to = editions.days.partition_point(|day| day.span.first() >= first);
            let days = editions.days[from..to].iter().rev();
            days.map(|day| EditionLink {
                title: input.locale.day_of_month(day.span.first()),
                ..link(input, day.span, day.articles.len())
            })
            .collect()
        }
    };
    let within = match edition.span {
        Span::Day(day) => vec![link(input, Span::week_of(day), 0), link(input, Span::month_of(day), 0)],
        Span::Week(..) => vec![link(input, Span::month_of(last_day(input, edition)), 0)],
        Span::Month(..) => Vec::new(),
    };
    EditionView {
        kind: edition.span.kind(),
        title: title(input, edition.span),
        dates: matches!(edition.span, Span::Week(..)).then(|| input.locale.day_range(first, last)),
        path: card::span_address(edition.span, input.config).path,
        book: book(input, edition.span),
        count: edition.articles.len(),
        top: taxonomies
            .into_iter()
            .zip(&edition.top)
            .enumerate()
            .filter(|(_, (_, top))| !top.is_empty())
            .map(|(taxonomy, (view, top))| TopTerms {
                taxonomy: view,
                terms: top
                    .iter()
                    .map(|top| term_link(input, TermRef { taxonomy, term: top.term }, top.count))
                    .collect(),
            })
            .collect(),
        rising: edition
            .rising
            .iter()
            .map(|rise| RisingTerm { term: term_link(input, rise.term, rise.count), before: rise.before })
            .collect(),
        days,
        within,
        newer: at.checked_sub(1).map(|newer| link(input, series[newer].span, 0)),
        older: series.get(at + 1).map(|older| link(input, older.span, 0)),
        follows_older: series.get(at + 1).is_some_and(|older| older.span.last().succ_opt() == Some(first)),
        precedes_newer: at
            .checked_sub(1)
            .is_some_and(|newer| last.succ_opt() == Some(series[newer].span.first())),
    }
}

/// The groups of an edition, the largest first.
fn groups<'s>(input: Input<'s>, edition: &'s Edition, shown: &Shown) -> Vec<Group<'s>> {
    let Some(settings) = &input.config.browse.editions else { return Vec::new() };
    // Only the first report of each story is shown, in its own group.
    let mut shown_ids: Vec<ArticleId> = input.connections.stories.fold(&edition.articles);
    shown_ids.sort_unstable();
    let all = edition.groups.iter().map(|(term, articles)| {
        let articles: Vec<ArticleId> =
            articles.iter().copied().filter(|id| shown_ids.binary_search(id).is_ok()).collect();
        let reports: usize = articles.iter().map(|&id| 1 + input.cards.card(id).reports).sum();
        (*term, articles, reports)
    });
    let mut all: Vec<(Option<TermId>, Vec<ArticleId>, usize)> =
        all.filter(|(_, articles, _)| !articles.is_empty()).collect();
    // Sorted by the number of articles with the other reports of their events, so that a story that
    // many report is at the top; the group without a term stays last.
    all.sort_by_key(|&(term, _, reports)| (term.is_none(), std::cmp::Reverse(reports)));
    let groups = all.into_iter().enumerate().map(|(at, (term, articles, reports))| {
        let term = term.map(|term| TermRef { taxonomy: settings.group_by, term });
        let term = term.map(|term| input.site.term(term));
        let mut rest = articles.iter();
        let mut take = |count: usize| -> Vec<CardRef> {
            rest.by_ref().take(count).map(|&id| input.cards.reference(id)).collect()
        };
        // Cards in the first group alone: so a reader sees the headlines of several groups.
        let cards = take(if at == 0 { shown.cards } else { 0 });
        let (titles, folded) = (take(shown.titles), take(shown.folded));
        Group {
            name: term.map(|term| term.name.as_str()),
            path: term.and_then(|term| term.path()).map(str::to_owned),
            count: reports,
            cards,
            titles,
            folded,
            remaining: rest.len(),
        }
    });
    groups.collect()
}

/// The groups of an edition with all of its articles as titles: those of the edition's page, in the
/// same order.
pub(super) fn all_groups<'s>(input: Input<'s>, edition: &'s Edition) -> Vec<Group<'s>> {
    groups(input, edition, &Shown { cards: 0, titles: usize::MAX, folded: 0 })
}

/// The edition on the home page: the latest day, week or month, whichever is the shortest with at
/// least [`MIN_FRONT_PAGE_ARTICLES`] articles, or else the latest month.
pub(super) fn latest(input: Input<'_>) -> Option<EditionView<'_>> {
    let editions = input.connections.browsed().editions.as_ref()?;
    let series = [&editions.days, &editions.weeks, &editions.months];
    let enough = |series: &&&Vec<Edition>| {
        series.first().is_some_and(|edition| edition.articles.len() >= MIN_FRONT_PAGE_ARTICLES)
    };
    let series = series.iter().find(enough).unwrap_or(&series[2]);
    (!series.is_empty()).then(|| view(input, series, 0))
}

/// The summary and the groups of a month's edition; `None` without editions.
pub(super) fn month_edition(
    input: Input<'_>,
    year: i32,
    month: u32,
) -> Option<(EditionView<'_>, Vec<Group<'_>>)> {
    let months = &input.connections.browsed().editions.as_ref()?.months;
    let at = months.iter().position(|edition| edition.span == Span::Month(year, month))?;
    Some((
        view(input, months, at),
        groups(input, &months[at], &Shown { cards: 0, titles: MONTH_TITLES, folded: MAX_MONTH_FOLDED }),
    ))
}

/// Links to the weeks of an ISO year, newest first.
pub(super) fn weeks_of(input: Input<'_>, year: i32) -> Vec<EditionLink> {
    let Some(editions) = &input.connections.browsed().editions else { return Vec::new() };
    let weeks =
        editions.weeks.iter().filter(|edition| matches!(edition.span, Span::Week(of, _) if of == year));
    weeks
        .map(|edition| EditionLink {
            title: format!(
                "{} · {}",
                title(input, edition.span),
                input.locale.day_range(edition.span.first(), edition.span.last())
            ),
            ..link(input, edition.span, edition.articles.len())
        })
        .collect()
}

/// The addresses of the weekly feed: Atom, and JSON Feed if the digest has JSON feeds.
fn weekly_addresses(input: Input<'_>) -> (Address, Option<Address>) {
    feed::named_addresses(input, &[], "weekly")
}

/// The weekly feed, for the outline of feeds; `None` without editions.
pub(super) fn outline_feed(input: Input<'_>) -> Option<OutlineFeed> {
    input.connections.browsed().editions.as_ref()?;
    Some(OutlineFeed {
        title: input.locale.word("weekly").to_owned(),
        feed_url: weekly_addresses(input).0.permalink,
        page_url: Address::new(&["archive"], input.config).permalink,
    })
}

/// The discovery link of the weekly feed; `None` without editions.
pub(super) fn weekly_link(input: Input<'_>) -> Option<FeedLink> {
    input.connections.browsed().editions.as_ref()?;
    let title = input.title(&[input.locale.word("weekly")]);
    Some(feed::link(title, weekly_addresses(input)))
}

/// Plans the pages of all days and weeks, and the weekly feed.
pub(super) fn pages<'s>(input: Input<'s>, pages: &mut Vec<Page<'s>>) {
    use rayon::prelude::*;
    let Some(editions) = &input.connections.browsed().editions else { return };
    let days = (0..editions.days.len()).into_par_iter().map(EditionSubject::Day);
    let weeks = (0..editions.weeks.len()).into_par_iter().map(EditionSubject::Week);
    pages.par_extend(days.chain(weeks).map(|subject| edition_page(input, editions, subject)));
    let (atom, json) = weekly_addresses(input);
    pages.push(Page::new(
        atom.file.clone(),
        Body::template(Kind::Weekly(weekly_feed(input, &editions.weeks, &atom))),
    ));
    if let Some(json) = json {
        let feed = weekly_feed(input, &editions.weeks, &json);
        pages.push(Page::new(json.file, Body::data(Data::Weekly(feed))));
    }
}

/// Plans the page of a day or a week.
fn edition_page<'s>(input: Input<'s>, editions: &'s Editions, subject: EditionSubject) -> Page<'s> {
    let (series, at) = place_of(editions, subject);
    let edition = &series[at];
    let address = card::span_address(edition.span, input.config);
    let key = key(input, series, at);
    let lastmod = list::lastmod(input, &edition.articles);
    if let Some(kept) = input.kept(&address.file, key) {
        return kept.in_sitemap(&address, lastmod);
    }
    let (body, subject) = (Body::template(page_kind(input, series, at)), Subject::Edition(subject));
    input.page(address.file.clone(), body, key, Some(subject)).in_sitemap(&address, lastmod)
}

/// The data of the page of a day or a week; `None` if there is no such edition.
pub(super) fn kind(input: Input<'_>, subject: EditionSubject) -> Option<Kind<'_>> {
    let (series, at) = place_of(input.connections.browsed().editions.as_ref()?, subject);
    (at < series.len()).then(|| page_kind(input, series, at))
}

/// The series of an edition, which is sorted newest first, and its position there.
fn place_of(editions: &Editions, subject: EditionSubject) -> (&[Edition], usize) {
    match subject {
        EditionSubject::Day(at) => (&editions.days, at),
        EditionSubject::Week(at) => (&editions.weeks, at),
    }
}

/// The data of the page of the edition at a position of `series`.
fn page_kind<'s>(input: Input<'s>, series: &'s [Edition], at: usize) -> Kind<'s> {
    let edition = &series[at];
    let address = card::span_address(edition.span, input.config);
    let view = view(input, series, at);
    let span = match &view.dates {
        Some(dates) => format!("{} {dates}", view.title),
        None => view.title.clone(),
    };
    let description =
        input.locale.fill("span_description", &[("span", &span), ("site", &input.config.title)]);
    // A week of two years may have articles of only one of them, and only that year has a page
    // then.
    let newest = edition.articles.first().and_then(|&id| input.site.articles[id].date.as_ref());
    let year = newest.map(|date| breadcrumbs::year(input, calendar::day(date).year()));
    let above = std::iter::once(breadcrumbs::archive(input)).chain(year).collect();
    let mut meta =
        Meta::new(view.kind, input.title(&[&view.title]), description, &address).below(above, &view.title);
    if view.kind == "week" {
        meta.feed = weekly_link(input);
    }
    let groups = groups(input, edition, &Shown { cards: list::MAX_CARDS, titles: usize::MAX, folded: 0 });
    Kind::Edition(EditionPage { meta, edition: view, groups })
}

/// The contents of the weekly feed: the newest weeks that are over. The week of the newest article
/// is over only if that article is from a Sunday. Feed readers show an entry as they first fetched
/// it, so an unfinished week must not appear.
fn weekly_feed<'s>(input: Input<'s>, weeks: &'s [Edition], at: &Address) -> WeeklyFeed<'s> {
    let newest = weeks.first().and_then(|week| week.articles.first());
    let newest = newest.and_then(|&id| input.site.articles[id].date.as_ref());
    let is_over = newest.is_some_and(|date| date.at.weekday() == chrono::Weekday::Sun);
    let from = usize::from(!is_over);
    let entries: Vec<Week<'s>> = (from..weeks.len().min(from + MAX_FEED_WEEKS))
        .map(|at| Week {
            // A feed does not link the editions beside its own, so it must not change with them.
            edition: EditionView {
                newer: None,
                older: None,
                follows_older: false,
                precedes_newer: false,
                ..view(input, weeks, at)
            },
            permalink: card::span_address(weeks[at].span, input.config).permalink,
            updated: feed::timestamp(list::changed(input, &weeks[at].articles)),
            groups: groups(input, &weeks[at], &Shown { cards: 0, titles: MAX_FEED_TITLES, folded: 0 }),
        })
        .collect();
    WeeklyFeed {
        title: input.title(&[input.locale.word("weekly")]),
        page_url: Address::new(&["archive"], input.config).permalink,
        feed_url: at.permalink.clone(),
        updated: entries
            .iter()
            .map(|week| week.updated.clone())
            .max()
            .unwrap_or_else(|| feed::timestamp(None)),
        weeks: entries,
    }
}
