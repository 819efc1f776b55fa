//! Crossings: a page for each pair of terms, and the matrix that leads to them.

use rayon::prelude::*;
use serde::Serialize;

use crate::config::{Crossings as Settings, FullText};
use crate::plan::card::{self, TaxonomyView};
use crate::plan::feed::OutlineFeed;
use crate::plan::list::{self, List, ListHead};
use crate::plan::page::{Body, Crumb, Kind, Meta, Page};
use crate::plan::term::{self, TermView};
use crate::plan::{Sources, feed};
use crate::site::crossing::{Crossing, Crossings};
use crate::site::{Address, TermRef};

/// Crossings that a term's page names.
const NAMED: usize = 12;

/// Steps of the matrix's heat scale.
const STEPS: usize = 5;

/// The articles that two terms share.
#[derive(Debug, Serialize)]
pub struct CrossingPage<'s> {
    /// The term whose page it stands below.
    pub first: TermView<'s>,
    /// Its taxonomy.
    pub first_taxonomy: TaxonomyView<'s>,
    /// The other term.
    pub second: TermView<'s>,
    /// Its taxonomy.
    pub second_taxonomy: TaxonomyView<'s>,
    /// Articles; on the first page only, so that the others stay as they are.
    pub count: Option<usize>,
    /// The articles.
    pub list: List<'s>,
}

/// The most used terms of two taxonomies, crossed.
#[derive(Debug, Serialize)]
pub struct MatrixPage<'s> {
    /// The head.
    pub meta: Meta,
    /// Of the rows.
    pub first: TaxonomyView<'s>,
    /// Of the columns.
    pub second: TaxonomyView<'s>,
    /// Articles that a pair has to have for a page.
    pub least: usize,
    /// The columns, the most used first.
    pub columns: Vec<TermView<'s>>,
    /// The rows, the most used first.
    pub rows: Vec<Row<'s>>,
}

/// A row of the matrix.
#[derive(Debug, Serialize)]
pub struct Row<'s> {
    /// Its term.
    pub term: TermView<'s>,
    /// One for each column.
    pub cells: Vec<Cell>,
}

/// A cell of the matrix.
#[derive(Debug, Serialize)]
pub struct Cell {
    /// Articles that carry both terms.
    pub count: usize,
    /// Of the crossing's page; `None` where there are too few articles for one.
    pub path: Option<String>,
    /// 0 where there is no page, 1 to 5 for the heat.
    pub heat: usize,
}

fn address(sources: Sources<'_>, of: [usize; 2], crossing: &Crossing) -> [String; 4] {
    let slug = |at: usize| sources.site.taxonomies[of[at]].terms[crossing.terms[at]].slug.clone();
    let path = |at: usize| sources.config.taxonomies[of[at]].path.clone();
    [path(0), slug(0), path(1), slug(1)]
}

fn path(sources: Sources<'_>, of: [usize; 2], crossing: &Crossing) -> String {
    let parts = address(sources, of, crossing);
    Address::new(&parts.each_ref().map(String::as_str), sources.config).path
}

/// The crossings of a term, the most used first.
pub(super) fn of_term<'s>(sources: Sources<'s>, term: TermRef) -> Vec<TermView<'s>> {
    let (Some(settings), Some(crossings)) =
        (&sources.config.browse.crossings, &sources.connections.browsed().crossings)
    else {
        return Vec::new();
    };
    let Some(side) = settings.of.iter().position(|&taxonomy| taxonomy == term.taxonomy) else {
        return Vec::new();
    };
    let mut found: Vec<&Crossing> = crossings.of(side, term.term).collect();
    let other =
        |crossing: &Crossing| TermRef { taxonomy: settings.of[1 - side], term: crossing.terms[1 - side] };
    found.sort_by(|a, b| {
        b.articles
            .len()
            .cmp(&a.articles.len())
            .then_with(|| sources.site.term(other(a)).key.cmp(&sources.site.term(other(b)).key))
    });
    found.truncate(NAMED);
    found
        .into_iter()
        .map(|crossing| TermView {
            path: path(sources, settings.of, crossing).into(),
            ..term::view(sources, other(crossing), crossing.articles.len())
        })
        .collect()
}

pub(super) fn pages<'s>(sources: Sources<'s>, pages: &mut Vec<Page<'s>>) {
    let (Some(settings), Some(crossings)) =
        (&sources.config.browse.crossings, &sources.connections.browsed().crossings)
    else {
        return;
    };
    let views = card::shared_taxonomies(sources);
    let taxonomies = settings.of.map(|taxonomy| &views[taxonomy]);
    let made: Vec<Vec<Page<'s>>> = crossings
        .pairs
        .par_iter()
        .map(|crossing| crossing_pages(sources, settings.of, taxonomies, crossing))
        .collect();
    pages.extend(made.into_iter().flatten());
    pages.push(matrix(sources, crossings, settings, taxonomies));
}

fn crossing_pages<'s>(
    sources: Sources<'s>,
    of: [usize; 2],
    taxonomies: [&TaxonomyView<'s>; 2],
    crossing: &'s Crossing,
) -> Vec<Page<'s>> {
    let [first, second] = [0, 1].map(|at| {
        let term = TermRef { taxonomy: of[at], term: crossing.terms[at] };
        // Not how many articles each term has: that changes while this page does not.
        term::view(sources, term, 0)
    });
    let parts = address(sources, of, crossing);
    let parts = parts.each_ref().map(String::as_str);
    let heading = format!("{} × {}", first.name, second.name);
    let description = sources.locale.fill(
        "crossing_description",
        &[("first", first.name), ("second", second.name), ("site", &sources.config.title)],
    );
    let has_feed = has_feed(sources, crossing);
    let feed_title = || sources.title(&[&heading, taxonomies[0].title]);
    let head = ListHead {
        kind: "crossing",
        parts: &parts,
        heading: &heading,
        // A keyword and a technology may have the same names: the taxonomies tell the titles apart.
        titles: &[&heading, taxonomies[0].title],
        description: &description,
        feed: has_feed.then(|| feed::link_in(sources, &parts, feed_title())),
        above: Some(vec![Crumb::new(
            sources.locale.word("crossings"),
            Address::new(&["crossings"], sources.config).path,
        )]),
    };
    let feeds = has_feed.then(|| {
        let head = feed::Head {
            title: feed_title(),
            subtitle: description.clone(),
            of: &Address::new(&parts, sources.config),
            parts: &parts,
            whole_text: sources.config.feeds.full_text == FullText::All,
        };
        feed::pages(sources, &head, &crossing.articles)
    });
    let mut pages: Vec<Page<'s>> = list::lists(sources, &head, &crossing.articles)
        .into_iter()
        .map(|(address, list)| {
            let is_index = list.paginator.number.is_none();
            let kind = Kind::Crossing(CrossingPage {
                first: first.clone(),
                first_taxonomy: taxonomies[0].clone(),
                second: second.clone(),
                second_taxonomy: taxonomies[1].clone(),
                count: is_index.then_some(crossing.articles.len()),
                list,
            });
            let page = Page::new(address.file.clone(), Body::template(kind));
            if is_index {
                page.in_sitemap(&address, list::lastmod(sources, &crossing.articles))
            } else {
                page
            }
        })
        .collect();
    pages.extend(feeds.into_iter().flatten());
    pages
}

fn has_feed(sources: Sources<'_>, crossing: &Crossing) -> bool {
    sources.config.feeds.crossings && feed::has_entries(sources, &crossing.articles)
}

/// The feeds of crossings for the outline of feeds.
pub(super) fn outlined(sources: Sources<'_>) -> Vec<OutlineFeed> {
    let (Some(settings), Some(crossings)) =
        (&sources.config.browse.crossings, &sources.connections.browsed().crossings)
    else {
        return Vec::new();
    };
    let all = crossings.pairs.iter().filter(|crossing| has_feed(sources, crossing));
    all.map(|crossing| {
        let parts = address(sources, settings.of, crossing);
        let parts = parts.each_ref().map(String::as_str);
        let name = |at: usize| {
            &sources.site.term(TermRef { taxonomy: settings.of[at], term: crossing.terms[at] }).name
        };
        OutlineFeed {
            title: format!("{} × {}", name(0), name(1)),
            feed_url: feed::link_url(sources, &parts),
            page_url: Address::new(&parts, sources.config).permalink,
        }
    })
    .collect()
}

fn matrix<'s>(
    sources: Sources<'s>,
    crossings: &Crossings,
    settings: &Settings,
    taxonomies: [&TaxonomyView<'s>; 2],
) -> Page<'s> {
    let (of, least) = (settings.of, settings.min_articles);
    let at = &Address::new(&["crossings"], sources.config);
    let most = crossings.matrix.iter().flatten().copied().max().unwrap_or(0).max(1);
    let name = |side: usize, term: usize| term::view(sources, TermRef { taxonomy: of[side], term }, 0);
    let columns = (0..crossings.matrix.first().map_or(0, Vec::len)).map(|term| name(1, term)).collect();
    let rows = crossings.matrix.iter().enumerate().map(|(row, counts)| Row {
        term: name(0, row),
        cells: counts
            .iter()
            .enumerate()
            .map(|(column, &count)| {
                let path = crossings.get([row, column]).map(|crossing| path(sources, of, crossing));
                // What has no page to lead to is left blank.
                Cell { count, heat: if path.is_some() { heat(count, most) } else { 0 }, path }
            })
            .collect(),
    });
    let heading = format!("{} × {}", taxonomies[0].title, taxonomies[1].title);
    let description = sources.locale.fill(
        "crossings_description",
        &[("first", taxonomies[0].title), ("second", taxonomies[1].title), ("site", &sources.config.title)],
    );
    let kind = Kind::Crossings(MatrixPage {
        meta: Meta::new("crossings", sources.title(&[&heading]), description, at)
            .below(Vec::new(), sources.locale.word("crossings")),
        first: taxonomies[0].clone(),
        second: taxonomies[1].clone(),
        least,
        columns,
        rows: rows.collect(),
    });
    Page::new(at.file.clone(), Body::template(kind)).in_sitemap(at, None)
}

/// Steps by square root: counts of terms fall off so steeply that even steps would leave all but one cell pale.
fn heat(count: usize, most: usize) -> usize {
    (1..=STEPS)
        .rev()
        .find(|step| count * STEPS * STEPS > most * (step - 1) * (step - 1))
        .filter(|_| count > 0)
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::heat;

    #[test]
    fn heat_goes_from_nothing_to_the_most() {
        let steps: Vec<usize> =
            [0, 1, 4, 5, 16, 36, 64, 65, 100].into_iter().map(|count| heat(count, 100)).collect();
        assert_eq!(steps, [0, 1, 1, 2, 2, 3, 4, 5, 5]);
        assert_eq!(heat(1, 1), 5);
    }
}
