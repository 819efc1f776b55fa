//! Plans crossings: a page for each pair of terms of two taxonomies, and the matrix that links to
//! them.

use std::cell::LazyCell;

use rayon::prelude::*;

use crate::config::{self, Crossings as Settings, FeedSet};
use crate::diagnostic::{Diagnostic, Place};
use crate::plan::input::{Input, shared_taxonomies};
use crate::plan::list::{self, ListHead, ListKey};
use crate::plan::page::{Body, Kind, Page};
use crate::plan::subject::ListSubject;
use crate::plan::term_link::term_link;
use crate::plan::view::card::TaxonomyView;
use crate::plan::view::crossing::{Cell, CrossingPage, MatrixPage, Row};
use crate::plan::view::feed::OutlineFeed;
use crate::plan::view::list::List;
use crate::plan::view::page::{Crumb, Meta};
use crate::plan::view::term::TermView;
use crate::plan::{feed, redirect};
use crate::site::crossing::{Crossing, Crossings, Excess};
use crate::site::{Address, ArticleId, TermRef};
use crate::slug::{self, Slugs};

/// Maximum number of crossings on a term's page.
const MAX_CROSSINGS_OF_TERM: usize = 12;

/// Number of steps of the heat scales of the matrix and the calendar (`.heat-1` … in newsprint.css).
pub(super) const HEAT_STEPS: usize = 5;

/// The parts of a crossing's address: path and slug of the first taxonomy and term, then of the
/// second. `of` holds the positions of the two taxonomies in the configuration.
fn address_parts(input: Input<'_>, of: [usize; 2], crossing: &Crossing) -> [String; 4] {
    let slug = |at: usize| input.site.taxonomies[of[at]].terms[crossing.terms[at]].slug.clone();
    let path = |at: usize| input.config.taxonomies[of[at]].path.clone();
    [path(0), slug(0), path(1), slug(1)]
}

/// The parts of the addresses that a crossing had when a term's slug in ASCII had another reading.
fn old_address_parts(input: Input<'_>, of: [usize; 2], crossing: &Crossing) -> Vec<[String; 4]> {
    let old = [0, 1].map(|at| {
        let term = &input.site.taxonomies[of[at]].terms[crossing.terms[at]];
        // The registry may have given the term another slug, or its old one to another term.
        let is_own = input.config.slugs == Slugs::Ascii && term.slug == slug::term(&term.key, Slugs::Ascii);
        let old = is_own.then(|| slug::old_ascii(&term.key)).flatten();
        old.filter(|old| term.old_slugs.contains(old))
    });
    let parts = address_parts(input, of, crossing);
    let with = |first: &Option<String>, second: &Option<String>| {
        let [path, slug, other_path, other_slug] = parts.clone();
        [path, first.clone().unwrap_or(slug), other_path, second.clone().unwrap_or(other_slug)]
    };
    let mut found = Vec::new();
    if old[0].is_some() {
        found.push(with(&old[0], &None));
    }
    if old[1].is_some() {
        found.push(with(&None, &old[1]));
    }
    if old.iter().all(Option::is_some) {
        found.push(with(&old[0], &old[1]));
    }
    found
}

/// The path of a crossing's page, for links.
fn path(input: Input<'_>, of: [usize; 2], crossing: &Crossing) -> String {
    let parts = address_parts(input, of, crossing);
    Address::new(&parts.each_ref().map(String::as_str), input.config).path
}

/// Links to the crossings of a term, the most used first.
pub(super) fn of_term<'s>(input: Input<'s>, term: TermRef) -> Vec<TermView<'s>> {
    let (Some(settings), Some(crossings)) =
        (&input.config.browse.crossings, &input.connections.browsed().crossings)
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
            .then_with(|| input.site.term(other(a)).key.cmp(&input.site.term(other(b)).key))
    });
    found.truncate(MAX_CROSSINGS_OF_TERM);
    found
        .into_iter()
        .map(|crossing| TermView {
            path: path(input, settings.of, crossing).into(),
            ..term_link(input, other(crossing), crossing.articles.len())
        })
        .collect()
}

/// Plans the pages of all crossings and the matrix.
pub(super) fn pages<'s>(input: Input<'s>, pages: &mut Vec<Page<'s>>) {
    let (Some(settings), Some(crossings)) =
        (&input.config.browse.crossings, &input.connections.browsed().crossings)
    else {
        return;
    };
    let views = shared_taxonomies(input);
    let taxonomies = settings.of.map(|taxonomy| &views[taxonomy]);
    let planned: Vec<Vec<Page<'s>>> = crossings
        .pairs
        .par_iter()
        .enumerate()
        .map(|crossing| crossing_pages(input, settings.of, taxonomies, crossing))
        .collect();
    pages.extend(planned.into_iter().flatten());
    pages.push(matrix(input, crossings, settings, taxonomies));
}

/// The error about more crossings than the digest may have. Its place is the article with most.
pub(super) fn excess(input: Input<'_>) -> Option<Diagnostic> {
    let crossings = input.connections.browsed().crossings.as_ref()?;
    let Excess { count, limit, articles } = crossings.excess.as_ref()?;
    let file = |id: ArticleId| input.site.articles[id].file.as_str();
    let named: Vec<String> = articles.iter().map(|(id, pairs)| format!("{} ({pairs})", file(*id))).collect();
    let message = tr!(
        "the terms of these articles make {count} crossings; the limit is {limit}: {}",
        named.join(&tr!("list" => ", ")),
        count,
        limit
    );
    let help = tr!(
        "remove terms from these articles, raise `crossings: {min_articles: …}`, or allow more crossings for every 1,000 articles with `limits: {crossings: …}` in newsprint.yaml"
    );
    let place = Place::file(articles.first().map_or(config::FILE, |(id, _)| file(*id)));
    Some(Diagnostic::error(message).at(place).help(help))
}

/// What the pages of a crossing's list have in common.
struct Shared<'s, 'a> {
    input: Input<'s>,
    /// The taxonomies of both terms.
    taxonomies: [&'a TaxonomyView<'s>; 2],
    crossing: &'s Crossing,
    /// Links to both terms. A term's number of articles changes when this page does not: the page
    /// leaves it out.
    terms: [TermView<'s>; 2],
    heading: String,
    /// The parts of the path of the list's folder.
    parts: [String; 4],
    has_feed: bool,
}

impl<'s, 'a> Shared<'s, 'a> {
    fn new(
        input: Input<'s>,
        of: [usize; 2],
        taxonomies: [&'a TaxonomyView<'s>; 2],
        crossing: &'s Crossing,
    ) -> Self {
        let terms = terms(of, crossing).map(|term| term_link(input, term, 0));
        let heading = format!("{} × {}", terms[0].name, terms[1].name);
        let parts = address_parts(input, of, crossing);
        Self { input, taxonomies, crossing, terms, heading, parts, has_feed: has_feed(input, crossing) }
    }

    fn parts(&self) -> [&str; 4] {
        self.parts.each_ref().map(String::as_str)
    }

    fn description(&self) -> String {
        let [first, second] = self.terms.each_ref().map(|term| term.name);
        let names = [("first", first), ("second", second), ("site", &*self.input.config.title)];
        self.input.locale.fill("crossing_description", &names)
    }

    fn feed_title(&self) -> String {
        self.input.title(&[&self.heading, self.taxonomies[0].title])
    }

    fn head<'t>(&'t self, description: &'t str) -> ListHead<'t> {
        let input = self.input;
        ListHead {
            kind: "crossing",
            heading: &self.heading,
            // A keyword and a technology may have the same name: the taxonomy makes the title
            // unique.
            titles: vec![&self.heading, self.taxonomies[0].title],
            description,
            feed: self.has_feed.then(|| feed::link_in(input, &self.parts(), self.feed_title())),
            above: Some(vec![Crumb::new(
                input.locale.word("crossings"),
                Address::new(&["crossings"], input.config).path,
            )]),
        }
    }

    /// The data of the page with a part of the list.
    fn kind(&self, list: List<'s>) -> Kind<'s> {
        let is_index = list.paginator.number.is_none();
        let ([first, second], taxonomies) = (self.terms.clone(), self.taxonomies);
        Kind::Crossing(CrossingPage {
            first,
            first_taxonomy: taxonomies[0].clone(),
            second,
            second_taxonomy: taxonomies[1].clone(),
            count: is_index.then_some(self.crossing.articles.len()),
            list,
        })
    }
}

/// The terms of a crossing.
fn terms(of: [usize; 2], crossing: &Crossing) -> [TermRef; 2] {
    [0, 1].map(|at| TermRef { taxonomy: of[at], term: crossing.terms[at] })
}

/// The data of a page of the list of the crossing at an index, by its number; `None` if there is no
/// such crossing.
pub(super) fn kind(input: Input<'_>, at: usize, number: Option<usize>) -> Option<Kind<'_>> {
    let settings = input.config.browse.crossings.as_ref()?;
    let crossing = input.connections.browsed().crossings.as_ref()?.pairs.get(at)?;
    let views = shared_taxonomies(input);
    let shared = Shared::new(input, settings.of, settings.of.map(|taxonomy| &views[taxonomy]), crossing);
    let description = shared.description();
    let head = shared.head(&description);
    Some(shared.kind(list::page(input, &shared.parts(), &crossing.articles, &head, number)))
}

/// Plans the pages of the crossing at an index, and its feeds.
fn crossing_pages<'s>(
    input: Input<'s>,
    of: [usize; 2],
    taxonomies: [&TaxonomyView<'s>; 2],
    (at, crossing): (usize, &'s Crossing),
) -> Vec<Page<'s>> {
    let shared = Shared::new(input, of, taxonomies, crossing);
    let description = LazyCell::new(|| shared.description());
    let terms = terms(of, crossing);
    let list_key = ListKey {
        parts: &shared.parts(),
        key: input.key(|keep| ("crossing", terms.map(|term| keep.term(term)), shared.has_feed)),
        key_of_index: Some(input.key(|_| crossing.articles.len())),
        subject: Some(ListSubject::Crossing(at)),
    };
    let (head, kind) = (|| shared.head(&description), |list| shared.kind(list));
    let planned = list::pages(input, &list_key, &crossing.articles, head, kind);
    // Not in the sitemap: a crossing repeats what the lists of its two terms have, and in a large
    // digest crossings are half of all lists. Search engines find it from these.
    let mut pages: Vec<Page<'s>> = planned.into_iter().map(|(_, page)| page).collect();
    let (parts, address) = (shared.parts(), Address::new(&shared.parts(), input.config));
    let feed_head = shared.has_feed.then(|| feed::Head {
        title: shared.feed_title(),
        subtitle: description.clone(),
        of: &address,
        parts: &parts,
        full_text: input.config.feeds.full_text == FeedSet::All,
    });
    for old in old_address_parts(input, of, crossing) {
        let old = old.each_ref().map(String::as_str);
        let target = (shared.heading.clone().into(), &parts[..]);
        pages.extend(redirect::moved_list(input, &old, target, feed_head.as_ref(), &crossing.articles));
    }
    pages.extend(feed_head.iter().flat_map(|head| feed::pages(input, head, &crossing.articles)));
    pages
}

/// True if the crossing has a feed.
fn has_feed(input: Input<'_>, crossing: &Crossing) -> bool {
    feed::list_has_feed(input, input.config.feeds.crossings, &crossing.articles)
}

/// The feeds of all crossings, for the outline of feeds.
pub(super) fn outline_feeds(input: Input<'_>) -> Vec<OutlineFeed> {
    let (Some(settings), Some(crossings)) =
        (&input.config.browse.crossings, &input.connections.browsed().crossings)
    else {
        return Vec::new();
    };
    let all = crossings.pairs.iter().filter(|crossing| has_feed(input, crossing));
    all.map(|crossing| {
        let parts = address_parts(input, settings.of, crossing);
        let parts = parts.each_ref().map(String::as_str);
        let name = |at: usize| {
            &input.site.term(TermRef { taxonomy: settings.of[at], term: crossing.terms[at] }).name
        };
        OutlineFeed {
            title: format!("{} × {}", name(0), name(1)),
            feed_url: feed::link_url(input, &parts),
            page_url: Address::new(&parts, input.config).permalink,
        }
    })
    .collect()
}

/// Plans the matrix of crossings.
fn matrix<'s>(
    input: Input<'s>,
    crossings: &Crossings,
    settings: &Settings,
    taxonomies: [&TaxonomyView<'s>; 2],
) -> Page<'s> {
    let (of, min_articles) = (settings.of, settings.min_articles);
    let at = &Address::new(&["crossings"], input.config);
    let max = crossings.matrix.iter().flatten().copied().max().unwrap_or(0).max(1);
    let name = |side: usize, term: usize| term_link(input, TermRef { taxonomy: of[side], term }, 0);
    let listed = |row: usize, column: usize| crossings.get([row, column]);
    let (rows, columns) = used(&crossings.matrix, |row, column| listed(row, column).is_some());
    let row_views = rows.iter().map(|&row| Row {
        term: name(0, row),
        cells: columns
            .iter()
            .map(|&column| {
                let count = crossings.matrix[row][column];
                let path = listed(row, column).map(|crossing| path(input, of, crossing));
                // A crossing without a page has nothing to link to: its cell stays blank.
                Cell { count, heat: if path.is_some() { heat(count, max) } else { 0 }, path }
            })
            .collect(),
    });
    let heading = format!("{} × {}", taxonomies[0].title, taxonomies[1].title);
    let description = input.locale.fill(
        "crossings_description",
        &[("first", taxonomies[0].title), ("second", taxonomies[1].title), ("site", &input.config.title)],
    );
    let kind = Kind::Crossings(MatrixPage {
        meta: Meta::new("crossings", input.title(&[&heading]), description, at)
            .below(Vec::new(), input.locale.word("crossings")),
        first: taxonomies[0].clone(),
        second: taxonomies[1].clone(),
        min_articles,
        rows: row_views.collect(),
        columns: columns.iter().map(|&column| name(1, column)).collect(),
    });
    Page::new(at.file.clone(), Body::template(kind)).in_sitemap(at, None)
}

/// The rows and the columns of a matrix that have a listed cell.
fn used(matrix: &[Vec<usize>], is_listed: impl Fn(usize, usize) -> bool) -> (Vec<usize>, Vec<usize>) {
    let size = matrix.first().map_or(0, Vec::len);
    let rows = (0..matrix.len()).filter(|&row| (0..size).any(|column| is_listed(row, column)));
    let columns = (0..size).filter(|&column| (0..matrix.len()).any(|row| is_listed(row, column)));
    (rows.collect(), columns.collect())
}

/// The heat of a cell, 0 to [`HEAT_STEPS`]. The steps follow the square root of the count: counts
/// fall off so steeply that linear steps would leave all cells but one pale.
fn heat(count: usize, max: usize) -> usize {
    (1..=HEAT_STEPS)
        .rev()
        .find(|step| count * HEAT_STEPS * HEAT_STEPS > max * (step - 1) * (step - 1))
        .filter(|_| count > 0)
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{heat, used};

    #[test]
    fn rows_and_columns_without_a_listed_cell_are_left_out() {
        for (matrix, rows, columns) in [
            (vec![], vec![], vec![]),
            (vec![vec![0, 0], vec![2, 0]], vec![], vec![]),
            (vec![vec![3]], vec![0], vec![0]),
            (vec![vec![5, 2, 0], vec![2, 2, 2], vec![0, 2, 4]], vec![0, 2], vec![0, 2]),
            (vec![vec![0, 3], vec![0, 3]], vec![0, 1], vec![1]),
            (vec![vec![3, 3], vec![0, 0]], vec![0], vec![0, 1]),
        ] {
            let found = used(&matrix, |row, column| matrix[row][column] >= 3);
            assert_eq!(found, (rows, columns), "{matrix:?}");
        }
    }

    #[test]
    fn heat_grows_from_zero_to_the_maximum() {
        let steps: Vec<usize> =
            [0, 1, 4, 5, 16, 36, 64, 65, 100].into_iter().map(|count| heat(count, 100)).collect();
        assert_eq!(steps, [0, 1, 1, 2, 2, 3, 4, 5, 5]);
        assert_eq!(heat(1, 1), 5);
    }
}
