//! Editions: the page of each day and week, what months and the home page show of theirs, and the feed of the weeks.

use chrono::Datelike;
use serde::Serialize;

use crate::plan::card::{self, CardRef, TaxonomyView};
use crate::plan::data::Data;
use crate::plan::feed::OutlineFeed;
use crate::plan::list::{self, List};
use crate::plan::page::{Body, FeedLink, Kind, Meta, Page};
use crate::plan::term::{self, TermView};
use crate::plan::{Sources, archive, feed};
use crate::site::calendar::{self, Span};
use crate::site::edition::Edition;
use crate::site::{Address, ArticleId, TermRef};

/// Articles of a group that are shown as cards on a day's or week's page, and those that follow as titles.
const CARDS: usize = 12;
const TITLES: usize = 60;

/// Articles of a group that a month's page names: it has a list of all of them below.
const OF_A_MONTH: usize = 3;

/// An edition with fewer articles is no front page: the home page opens with a longer one then.
const FRONT_PAGE: usize = 4;

/// Weeks in their feed.
const WEEKS: usize = 12;

/// The page of a day or week.
#[derive(Debug, Serialize)]
pub struct EditionPage<'s> {
    /// The head.
    pub meta: Meta,
    /// What it is about.
    pub edition: EditionView<'s>,
    /// Its articles.
    pub groups: Vec<Group<'s>>,
}

/// The index of a month, or one of its numbered pages.
#[derive(Debug, Serialize)]
pub struct MonthPage<'s> {
    /// The articles.
    pub list: List<'s>,
    /// On the index: what the month is about.
    pub edition: Option<EditionView<'s>>,
    /// On the index: its articles by group, the newest of each.
    pub groups: Vec<Group<'s>>,
}

/// What a day, week or month is about.
#[derive(Debug, Serialize)]
pub struct EditionView<'s> {
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
pub struct TopTerms<'s> {
    /// Which taxonomy.
    pub taxonomy: TaxonomyView<'s>,
    /// With the edition's articles that carry them.
    pub terms: Vec<TermView<'s>>,
}

/// A term that is more frequent than before.
#[derive(Debug, Serialize)]
pub struct RisingTerm<'s> {
    /// With the edition's articles that carry it.
    pub term: TermView<'s>,
    /// Articles of the four editions before together.
    pub before: usize,
}

/// A way to an edition.
#[derive(Debug, Clone, Serialize)]
pub struct EditionLink {
    /// As people write it.
    pub title: String,
    /// For links.
    pub path: String,
    /// Articles; 0 where the place is not about that.
    pub count: usize,
}

/// Articles of an edition that belong together.
#[derive(Debug, Serialize)]
pub struct Group<'s> {
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
    pub rest: usize,
}

/// The feed of the weekly editions.
#[derive(Debug, Serialize)]
pub struct WeeklyFeed<'s> {
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
pub struct Week<'s> {
    /// The edition.
    pub edition: EditionView<'s>,
    /// A whole URL.
    pub permalink: String,
    /// When its newest article was published or last changed, RFC 3339.
    pub updated: String,
    /// Its articles by group.
    pub groups: Vec<Group<'s>>,
}

fn title(sources: Sources<'_>, span: Span) -> String {
    match span {
        Span::Day(day) => sources.locale.date(day),
        Span::Week(year, week) => sources.locale.week(year, week),
        Span::Month(year, month) => sources.locale.month(year, month),
    }
}

fn link(sources: Sources<'_>, span: Span, count: usize) -> EditionLink {
    let path = card::span_address(span, sources.config).path;
    EditionLink { title: title(sources, span), path, count }
}

/// What the edition at a place of `series` (newest first) is about.
fn view<'s>(sources: Sources<'s>, series: &'s [Edition], at: usize) -> EditionView<'s> {
    let edition = &series[at];
    let taxonomies = card::shared_taxonomies(sources);
    let (first, last) = (edition.span.first(), edition.span.last());
    let days = match (&sources.connections.browsed().editions, edition.span) {
        (None, _) | (_, Span::Day(_)) => Vec::new(),
        (Some(editions), _) => {
            let from = editions.days.partition_point(|day| day.span.first() > last);
            let to = editions.days.partition_point(|day| day.span.first() >= first);
            let days = editions.days[from..to].iter().rev();
            days.map(|day| EditionLink {
                title: sources.locale.short_day(day.span.first()),
                ..link(sources, day.span, day.articles.len())
            })
            .collect()
        }
    };
    let within = match edition.span {
        Span::Day(day) => vec![link(sources, Span::week_of(day), 0), link(sources, Span::month_of(day), 0)],
        _ => Vec::new(),
    };
    EditionView {
        kind: match edition.span {
            Span::Day(_) => "day",
            Span::Week(..) => "week",
            Span::Month(..) => "month",
        },
        title: title(sources, edition.span),
        dates: matches!(edition.span, Span::Week(..)).then(|| sources.locale.day_range(first, last)),
        path: card::span_address(edition.span, sources.config).path,
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
                    .map(|top| term::view(sources, TermRef { taxonomy, term: top.term }, top.count))
                    .collect(),
            })
            .collect(),
        rising: edition
            .rising
            .iter()
            .map(|rise| RisingTerm { term: term::view(sources, rise.term, rise.count), before: rise.before })
            .collect(),
        days,
        within,
        newer: at.checked_sub(1).map(|newer| link(sources, series[newer].span, 0)),
        older: series.get(at + 1).map(|older| link(sources, older.span, 0)),
    }
}

fn groups<'s>(sources: Sources<'s>, edition: &'s Edition, cards: usize, titles: usize) -> Vec<Group<'s>> {
    let Some(settings) = &sources.config.browse.editions else { return Vec::new() };
    // A story that two groups share is told in the first.
    let mut told_ids: Vec<ArticleId> = sources.connections.stories.fold(&edition.articles);
    told_ids.sort_unstable();
    let made = edition.groups.iter().map(|(term, articles)| {
        let articles: Vec<ArticleId> =
            articles.iter().copied().filter(|id| told_ids.binary_search(id).is_ok()).collect();
        let term = term.map(|term| TermRef { taxonomy: settings.group_by, term });
        let term = term.map(|term| sources.site.term(term));
        let refs = |from: usize, count: usize| {
            articles.iter().skip(from).take(count).map(|&id| sources.cards.get(id)).collect()
        };
        Group {
            name: term.map(|term| term.name.as_str()),
            path: term.and_then(|term| term.path()).map(str::to_owned),
            count: articles.len(),
            cards: refs(0, cards),
            titles: refs(cards, titles),
            rest: articles.len().saturating_sub(cards + titles),
        }
    });
    let mut groups: Vec<Group<'s>> = made.filter(|group| group.count > 0).collect();
    // Largest first, as they are shown; those without a term stay last.
    groups.sort_by_key(|group| (group.name.is_none(), std::cmp::Reverse(group.count)));
    groups
}

/// The edition that the home page opens with: the latest day, week or month, the shortest that has enough articles.
pub(super) fn latest(sources: Sources<'_>) -> Option<EditionView<'_>> {
    let editions = sources.connections.browsed().editions.as_ref()?;
    let series = [&editions.days, &editions.weeks, &editions.months];
    let enough =
        |series: &&&Vec<Edition>| series.first().is_some_and(|edition| edition.articles.len() >= FRONT_PAGE);
    let series = series.iter().find(enough).unwrap_or(&series[2]);
    (!series.is_empty()).then(|| view(sources, series, 0))
}

/// What a month's index shows of its edition.
pub(super) fn of_month(
    sources: Sources<'_>,
    year: i32,
    month: u32,
) -> Option<(EditionView<'_>, Vec<Group<'_>>)> {
    let months = &sources.connections.browsed().editions.as_ref()?.months;
    let at = months.iter().position(|edition| edition.span == Span::Month(year, month))?;
    Some((view(sources, months, at), groups(sources, &months[at], 0, OF_A_MONTH)))
}

/// The weeks of an ISO year, newest first.
pub(super) fn weeks_of(sources: Sources<'_>, year: i32) -> Vec<EditionLink> {
    let Some(editions) = &sources.connections.browsed().editions else { return Vec::new() };
    let weeks =
        editions.weeks.iter().filter(|edition| matches!(edition.span, Span::Week(of, _) if of == year));
    weeks
        .map(|edition| EditionLink {
            title: format!(
                "{} · {}",
                title(sources, edition.span),
                sources.locale.day_range(edition.span.first(), edition.span.last())
            ),
            ..link(sources, edition.span, edition.articles.len())
        })
        .collect()
}

/// Its feeds: Atom, and JSON Feed if the digest has them.
fn weekly_addresses(sources: Sources<'_>) -> (Address, Option<Address>) {
    feed::named(sources, &[], "weekly")
}

/// The feed of the weeks for the outline of feeds, if there is one.
pub(super) fn outlined(sources: Sources<'_>) -> Option<OutlineFeed> {
    sources.connections.browsed().editions.as_ref()?;
    Some(OutlineFeed {
        title: sources.locale.word("weekly").to_owned(),
        feed_url: weekly_addresses(sources).0.permalink,
        page_url: Address::new(&["archive"], sources.config).permalink,
    })
}

/// The feed of the weeks, if there is one.
pub(super) fn weekly_link(sources: Sources<'_>) -> Option<FeedLink> {
    sources.connections.browsed().editions.as_ref()?;
    let title = sources.title(&[sources.locale.word("weekly")]);
    Some(feed::link(title, weekly_addresses(sources)))
}

pub(super) fn pages<'s>(sources: Sources<'s>, pages: &mut Vec<Page<'s>>) {
    use rayon::prelude::*;
    let Some(editions) = &sources.connections.browsed().editions else { return };
    for series in [&editions.days, &editions.weeks] {
        let made: Vec<Page<'s>> =
            (0..series.len()).into_par_iter().map(|at| edition_page(sources, series, at)).collect();
        pages.extend(made);
    }
    let (atom, json) = weekly_addresses(sources);
    pages.push(Page::new(
        atom.file.clone(),
        Body::template(Kind::Weekly(weekly(sources, &editions.weeks, &atom))),
    ));
    if let Some(json) = json {
        let feed = weekly(sources, &editions.weeks, &json);
        pages.push(Page::new(json.file, Body::data(Data::Weekly(feed))));
    }
}

fn edition_page<'s>(sources: Sources<'s>, series: &'s [Edition], at: usize) -> Page<'s> {
    let edition = &series[at];
    let address = card::span_address(edition.span, sources.config);
    let view = view(sources, series, at);
    let span = match &view.dates {
        Some(dates) => format!("{} {dates}", view.title),
        None => view.title.clone(),
    };
    let description =
        sources.locale.fill("span_description", &[("span", &span), ("site", &sources.config.title)]);
    // A week of two years may have articles of one of them only, which then has a page.
    let newest = edition.articles.first().and_then(|&id| sources.site.articles[id].date.as_ref());
    let year = newest.map(|date| archive::year_crumb(sources, calendar::day(date).year()));
    let above = std::iter::once(archive::crumb(sources)).chain(year).collect();
    let mut meta =
        Meta::new(view.kind, sources.title(&[&view.title]), description, &address).below(above, &view.title);
    if view.kind == "week" {
        meta.feed = weekly_link(sources);
    }
    let groups = groups(sources, edition, CARDS, TITLES);
    let kind = Kind::Edition(EditionPage { meta, edition: view, groups });
    Page::new(address.file.clone(), Body::template(kind))
        .in_sitemap(&address, list::lastmod(sources, &edition.articles))
}

/// Weeks that are over: the week of the newest article only if that is from its last day, since a reader's program
/// shows an entry as it first met it.
fn weekly<'s>(sources: Sources<'s>, weeks: &'s [Edition], at: &Address) -> WeeklyFeed<'s> {
    let newest = weeks.first().and_then(|week| week.articles.first());
    let newest = newest.and_then(|&id| sources.site.articles[id].date.as_ref());
    let is_over = newest.is_some_and(|date| date.at.weekday() == chrono::Weekday::Sun);
    let from = usize::from(!is_over);
    let entries: Vec<Week<'s>> = (from..weeks.len().min(from + WEEKS))
        .map(|at| Week {
            edition: EditionView { newer: None, older: None, ..view(sources, weeks, at) },
            permalink: card::span_address(weeks[at].span, sources.config).permalink,
            updated: feed::moment(list::changed(sources, &weeks[at].articles)),
            groups: groups(sources, &weeks[at], 0, TITLES),
        })
        .collect();
    WeeklyFeed {
        title: sources.title(&[sources.locale.word("weekly")]),
        page_url: Address::new(&["archive"], sources.config).permalink,
        feed_url: at.permalink.clone(),
        updated: entries.iter().map(|week| week.updated.clone()).max().unwrap_or_else(|| feed::moment(None)),
        weeks: entries,
    }
}
