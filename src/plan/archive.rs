//! The archive: all years and months, a page for each, and the undated group.

use chrono::Datelike;
use serde::Serialize;

use crate::plan::Sources;
use crate::plan::card::{self, CardRef};
use crate::plan::edition::{self, EditionLink, MonthPage};
use crate::plan::list::{self, ListHead};
use crate::plan::page::{Body, Crumb, Kind, Meta, Page};
use crate::site::{Address, ArticleId, calendar};

/// All years and months.
#[derive(Debug, Serialize)]
pub struct ArchivePage {
    /// The head.
    pub meta: Meta,
    /// Newest first.
    pub years: Vec<Span>,
    /// The undated group, if there is one.
    pub undated: Option<Span>,
}

/// A year, a month or the undated group in the archive.
#[derive(Debug, Serialize)]
pub struct Span {
    /// As people write it.
    pub title: String,
    /// For links.
    pub path: String,
    /// Articles.
    pub count: usize,
    /// A year's months, newest first.
    pub months: Vec<Span>,
    /// On a year's page: the newest of a month.
    pub articles: Vec<CardRef>,
}

/// A year's months.
#[derive(Debug, Serialize)]
pub struct YearPage {
    /// The head.
    pub meta: Meta,
    /// The page's `h1`.
    pub heading: String,
    /// Newest first.
    pub months: Vec<Span>,
    /// Its weeks' editions, newest first.
    pub weeks: Vec<EditionLink>,
}

/// Articles that a year's page shows of each month.
const NEWEST_OF_A_MONTH: usize = 5;

pub(super) fn pages<'s>(sources: Sources<'s>, pages: &mut Vec<Page<'s>>) {
    let Sources { site, config, locale, .. } = sources;
    let mut years = Vec::new();
    for (year, months) in &site.archive {
        let year = year.0;
        let year_part = format!("{year:04}");
        let mut spans = Vec::new();
        let mut all: Vec<ArticleId> = Vec::new();
        for (month, articles) in months {
            let month_part = format!("{:02}", month.0);
            let parts = [year_part.as_str(), month_part.as_str()];
            let title = locale.month(year, month.0);
            month_pages(sources, (year, month.0), &parts, &title, articles, pages);
            let path = Address::new(&parts, config).path;
            let newest = articles.iter().take(NEWEST_OF_A_MONTH).map(|&id| sources.cards.get(id)).collect();
            spans.push(Span { title, path, count: articles.len(), months: Vec::new(), articles: newest });
            all.extend(articles);
        }
        let heading = locale.year(year);
        let address = Address::new(&[&year_part], config);
        years.push(Span {
            title: heading.clone(),
            path: address.path.clone(),
            count: all.len(),
            months: spans
                .iter()
                .map(|span| Span {
                    title: span.title.clone(),
                    path: span.path.clone(),
                    count: span.count,
                    months: Vec::new(),
                    articles: Vec::new(),
                })
                .collect(),
            articles: Vec::new(),
        });
        let description = locale.fill("span_description", &[("span", &heading), ("site", &config.title)]);
        let meta = Meta::new("year", sources.title(&[&heading]), description, &address)
            .below(vec![crumb(sources)], &heading);
        let kind =
            Kind::Year(YearPage { meta, heading, months: spans, weeks: edition::weeks_of(sources, year) });
        let lastmod = list::lastmod(sources, &all);
        pages.push(Page::new(address.file.clone(), Body::template(kind)).in_sitemap(&address, lastmod));
    }
    let undated = undated(sources, pages);
    let address = Address::new(&["archive"], config);
    let heading = locale.word("archive");
    let description = locale.fill("archive_description", &[("site", &config.title)]);
    let mut meta =
        Meta::new("archive", sources.title(&[heading]), description, &address).below(Vec::new(), heading);
    meta.feed = edition::weekly_link(sources);
    let kind = Kind::Archive(ArchivePage { meta, years, undated });
    pages.push(Page::new(address.file.clone(), Body::template(kind)).in_sitemap(&address, None));
}

/// The archive, above what is in it.
pub(super) fn crumb(sources: Sources<'_>) -> Crumb {
    Crumb::new(sources.locale.word("archive"), Address::new(&["archive"], sources.config).path)
}

/// A year, above its months, weeks and days.
pub(super) fn year_crumb(sources: Sources<'_>, year: i32) -> Crumb {
    let part = format!("{year:04}");
    Crumb::new(sources.locale.year(year), Address::new(&[&part], sources.config).path)
}

/// What is above an article: its month, or the page of those without a date.
pub(super) fn crumbs_of(sources: Sources<'_>, id: ArticleId) -> Vec<Crumb> {
    let own = match &sources.site.articles[id].date {
        Some(date) => {
            let day = calendar::day(date);
            let (year, month) = (day.year(), day.month());
            let address = card::span_address(calendar::Span::Month(year, month), sources.config);
            Crumb::new(sources.locale.month(year, month), address.path)
        }
        None => Crumb::new(
            sources.locale.word("undated"),
            Address::new(&["archive", "undated"], sources.config).path,
        ),
    };
    vec![crumb(sources), own]
}

fn month_pages<'s>(
    sources: Sources<'s>,
    (year, month): (i32, u32),
    parts: &[&str],
    title: &str,
    articles: &[ArticleId],
    pages: &mut Vec<Page<'s>>,
) {
    let description =
        sources.locale.fill("span_description", &[("span", title), ("site", &sources.config.title)]);
    let head = ListHead {
        kind: "month",
        parts,
        heading: title,
        titles: &[title],
        description: &description,
        feed: None,
        above: Some(vec![crumb(sources), year_crumb(sources, year)]),
    };
    for (address, list) in list::lists(sources, &head, articles) {
        let is_index = list.paginator.number.is_none();
        let edition = is_index.then(|| edition::of_month(sources, year, month)).flatten();
        let (edition, groups) = edition.map_or((None, Vec::new()), |(view, groups)| (Some(view), groups));
        let kind = Kind::Month(Box::new(MonthPage { list, edition, groups }));
        let page = Page::new(address.file.clone(), Body::template(kind));
        pages.push(if is_index { page.in_sitemap(&address, list::lastmod(sources, articles)) } else { page });
    }
}

fn undated<'s>(sources: Sources<'s>, pages: &mut Vec<Page<'s>>) -> Option<Span> {
    let articles = &sources.site.undated;
    if articles.is_empty() {
        return None;
    }
    let title = sources.locale.word("undated");
    let parts = ["archive", "undated"];
    let description =
        sources.locale.fill("span_description", &[("span", title), ("site", &sources.config.title)]);
    let head = ListHead {
        kind: "undated",
        parts: &parts,
        heading: title,
        titles: &[title],
        description: &description,
        feed: None,
        above: Some(vec![crumb(sources)]),
    };
    for (address, list) in list::lists(sources, &head, articles) {
        let is_index = list.paginator.number.is_none();
        let page = Page::new(address.file.clone(), Body::template(Kind::Undated(list)));
        pages.push(if is_index { page.in_sitemap(&address, None) } else { page });
    }
    let path = Address::new(&parts, sources.config).path;
    Some(Span {
        title: title.to_owned(),
        path,
        count: articles.len(),
        months: Vec::new(),
        articles: Vec::new(),
    })
}
