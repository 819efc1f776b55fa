//! Plans the archive: the page of all years and months, a page for each of them, and the list of
//! undated articles.

use crate::plan::breadcrumbs;
use crate::plan::calendar;
use crate::plan::edition;
use crate::plan::input::Input;
use crate::plan::keep::Key;
use crate::plan::list::{self, ListHead, ListKey};
use crate::plan::page::{Body, Kind, Page};
use crate::plan::view::archive::{ArchivePage, Span, YearPage};
use crate::plan::view::edition::MonthPage;
use crate::plan::view::page::Meta;
use crate::site::{Address, ArticleId};

/// Number of articles that a year's page shows for each month.
const NEWEST_PER_MONTH: usize = 5;

/// Plans the archive page, the pages of years and months, and the pages of undated articles.
pub(super) fn pages<'s>(input: Input<'s>, pages: &mut Vec<Page<'s>>) {
    let Input { site, config, locale, .. } = input;
    let mut years = Vec::new();
    let mut newest_calendar = None;
    for (year, months) in &site.archive {
        let year = year.0;
        let year_part = format!("{year:04}");
        let mut spans = Vec::new();
        let mut all: Vec<ArticleId> = Vec::new();
        for (month, articles) in months {
            let month_part = format!("{:02}", month.0);
            let parts = [year_part.as_str(), month_part.as_str()];
            let title = locale.month(year, month.0);
            month_pages(input, (year, month.0), &parts, &title, articles, pages);
            let path = Address::new(&parts, config).path;
            let newest =
                articles.iter().take(NEWEST_PER_MONTH).map(|&id| input.cards.reference(id)).collect();
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
        let meta = Meta::new("year", input.title(&[&heading]), description, &address)
            .below(vec![breadcrumbs::archive(input)], &heading);
        let calendar = calendar::of_year(input, year, months);
        if newest_calendar.is_none() {
            newest_calendar = Some(calendar.clone());
        }
        let weeks = edition::weeks_of(input, year);
        let kind = Kind::Year(YearPage { meta, heading, calendar, months: spans, weeks });
        let lastmod = list::lastmod(input, &all);
        pages.push(Page::new(address.file.clone(), Body::template(kind)).in_sitemap(&address, lastmod));
    }
    let undated = undated_pages(input, pages);
    let address = Address::new(&["archive"], config);
    let heading = locale.word("archive");
    let description = locale.fill("archive_description", &[("site", &config.title)]);
    let mut meta =
        Meta::new("archive", input.title(&[heading]), description, &address).below(Vec::new(), heading);
    meta.feed = edition::weekly_link(input);
    let kind = Kind::Archive(ArchivePage { meta, years, calendar: newest_calendar, undated });
    pages.push(Page::new(address.file.clone(), Body::template(kind)).in_sitemap(&address, None));
}

/// Plans the index and the numbered pages of a month.
fn month_pages<'s>(
    input: Input<'s>,
    (year, month): (i32, u32),
    parts: &[&str],
    title: &str,
    articles: &[ArticleId],
    pages: &mut Vec<Page<'s>>,
) {
    let description =
        input.locale.fill("span_description", &[("span", title), ("site", &input.config.title)]);
    let list_key = ListKey {
        parts,
        key: input.key(|_| ("month", year, month)),
        key_of_index: Some(edition::month_key(input, year, month)),
        subject: None,
    };
    let head = || ListHead {
        kind: "month",
        heading: title,
        titles: vec![title],
        description: &description,
        feed: None,
        above: Some(vec![breadcrumbs::archive(input), breadcrumbs::year(input, year)]),
    };
    let planned = list::pages(input, &list_key, articles, head, |list| {
        let is_index = list.paginator.number.is_none();
        let edition = is_index.then(|| edition::month_edition(input, year, month)).flatten();
        let (edition, groups) = edition.map_or((None, Vec::new()), |(view, groups)| (Some(view), groups));
        Kind::Month(Box::new(MonthPage { list, edition, groups }))
    });
    pages.extend(planned.into_iter().enumerate().map(|(at, (address, page))| match at {
        0 => page.in_sitemap(&address, list::lastmod(input, articles)),
        _ => page,
    }));
}

/// Plans the pages of undated articles. Returns their group in the archive, or `None` if every
/// article has a date.
fn undated_pages<'s>(input: Input<'s>, pages: &mut Vec<Page<'s>>) -> Option<Span> {
    let articles = &input.site.undated;
    if articles.is_empty() {
        return None;
    }
    let title = input.locale.word("undated");
    let parts = ["archive", "undated"];
    let description =
        input.locale.fill("span_description", &[("span", title), ("site", &input.config.title)]);
    let list_key = ListKey {
        parts: &parts,
        key: input.key(|_| "undated"),
        key_of_index: Some(Key::default()),
        subject: None,
    };
    let head = || ListHead {
        kind: "undated",
        heading: title,
        titles: vec![title],
        description: &description,
        feed: None,
        above: Some(vec![breadcrumbs::archive(input)]),
    };
    let planned = list::pages(input, &list_key, articles, head, Kind::Undated);
    pages.extend(planned.into_iter().enumerate().map(|(at, (address, page))| match at {
        0 => page.in_sitemap(&address, None),
        _ => page,
    }));
    let path = Address::new(&parts, input.config).path;
    Some(Span {
        title: title.to_owned(),
        path,
        count: articles.len(),
        months: Vec::new(),
        articles: Vec::new(),
    })
}
