//! Plans the pages and feeds of each term: its description, chart, related terms, crossings and
//! articles.

use std::cell::LazyCell;

use rayon::prelude::*;

use crate::config::FeedSet;
use crate::plan::chart;
use crate::plan::input::{Input, shared_taxonomies};
use crate::plan::keep::Key;
use crate::plan::list::{self, ListHead, ListKey};
use crate::plan::page::{Kind, Page};
use crate::plan::subject::ListSubject;
use crate::plan::term_link::term_link;
use crate::plan::view::card::TaxonomyView;
use crate::plan::view::list::List;
use crate::plan::view::page::Crumb;
use crate::plan::view::term::{About, Seen, TermPage, TermView};
use crate::plan::{crossing, feed, index, redirect};
use crate::site::{Address, ArticleId, Term, TermId, TermRef};

/// Plans the index of each taxonomy and the pages of its terms.
pub(super) fn pages<'s>(input: Input<'s>, pages: &mut Vec<Page<'s>>) {
    let views = shared_taxonomies(input);
    for (taxonomy, (view, all)) in views.iter().zip(&input.site.taxonomies).enumerate() {
        index::pages(input, taxonomy, view, pages);
        let planned: Vec<Vec<Page<'s>>> = (0..all.terms.len())
            .into_par_iter()
            .filter(|&term| all.terms[term].has_page)
            .map(|term| term_pages(input, view, TermRef { taxonomy, term }))
            .collect();
        pages.extend(planned.into_iter().flatten());
    }
}

/// What the pages of a term's list have in common.
struct Shared<'s, 'a> {
    input: Input<'s>,
    view: &'a TaxonomyView<'s>,
    at: TermRef,
    term: &'s Term,
    /// The parts of the path of the list's folder.
    parts: [&'s str; 2],
    has_feed: bool,
}

impl<'s, 'a> Shared<'s, 'a> {
    fn new(input: Input<'s>, view: &'a TaxonomyView<'s>, at: TermRef) -> Self {
        let term = input.site.term(at);
        let parts = [input.config.taxonomies[at.taxonomy].path.as_str(), term.slug.as_str()];
        Self { input, view, at, term, parts, has_feed: feed::term_has_feed(input, term) }
    }

    /// True if the page repeats the page of the only article: search engines must not index it.
    fn is_thin(&self) -> bool {
        self.term.articles.len() < 2
    }

    /// `title` and `description` are the [`texts`] of the term.
    fn head<'t>(&self, (title, description): &'t (String, String)) -> ListHead<'t>
    where
        's: 't,
    {
        ListHead {
            kind: "term",
            heading: &self.term.name,
            titles: vec![title],
            description,
            feed: self.has_feed.then(|| feed::link_in(self.input, &self.parts, self.input.title(&[title]))),
            above: Some(vec![Crumb::new(self.view.title, &*self.view.path)]),
        }
    }

    /// The data of the page with a part of the list.
    fn kind(&self, mut list: List<'s>) -> Kind<'s> {
        list.meta.noindex |= self.is_thin();
        let is_index = list.paginator.number.is_none();
        let about = is_index.then(|| Box::new(about(self.input, self.at, self.term)));
        Kind::Term(TermPage { taxonomy: self.view.clone(), name: &self.term.name, about, list })
    }
}

/// The data of a page of a term's list, by its number.
pub(super) fn kind<'s>(input: Input<'s>, at: TermRef, number: Option<usize>) -> Kind<'s> {
    let views = shared_taxonomies(input);
    let shared = Shared::new(input, &views[at.taxonomy], at);
    let texts = texts(input, shared.view, shared.term);
    let head = shared.head(&texts);
    shared.kind(list::page(input, &shared.parts, &shared.term.articles, &head, number))
}

/// Plans the list, feeds and redirects of one term.
fn term_pages<'s>(input: Input<'s>, view: &TaxonomyView<'s>, at: TermRef) -> Vec<Page<'s>> {
    let shared = Shared::new(input, view, at);
    let Shared { term, parts, has_feed, .. } = shared;
    let texts = LazyCell::new(|| texts(input, view, term));
    let list_key = ListKey {
        parts: &parts,
        key: input.key(|keep| ("term", keep.term(at), has_feed)),
        key_of_index: Some(key_of_about(input, at)),
        subject: Some(ListSubject::Term(at)),
    };
    let (head, kind) = (|| shared.head(&texts), |list| shared.kind(list));
    let planned = list::pages(input, &list_key, &term.articles, head, kind);
    let planned = planned.into_iter().enumerate();
    let mut pages: Vec<Page<'s>> = planned
        .map(|(number, (address, page))| match number {
            0 if !shared.is_thin() => page.in_sitemap(&address, list::lastmod(input, &term.articles)),
            _ => page,
        })
        .collect();
    let feed_head = has_feed.then(|| feed_head(input, term, &parts, (&texts.0, texts.1.clone())));
    pages.extend(redirect::term(input, parts[0], term, feed_head.as_ref()));
    if let Some(head) = feed_head {
        pages.extend(feed::pages(input, &head, &term.articles));
    }
    pages
}

/// The title and the description of a term's page.
fn texts(input: Input<'_>, view: &TaxonomyView<'_>, term: &Term) -> (String, String) {
    let heading = term.name.as_str();
    let title = input.locale.fill("term_title", &[("term", heading), ("taxonomy", view.title)]);
    let description = term.description.clone().unwrap_or_else(|| {
        let names = [("term", heading), ("taxonomy", view.title), ("site", &input.config.title)];
        input.locale.fill("term_description", &names)
    });
    (title, description)
}

fn feed_head<'a>(
    input: Input<'_>,
    term: &'a Term,
    parts: &'a [&'a str],
    (title, subtitle): (&str, String),
) -> feed::Head<'a> {
    let full_text = input.config.feeds.full_text == FeedSet::All;
    feed::Head { title: input.title(&[title]), subtitle, of: &term.address, parts, full_text }
}

/// Plans the feed of a term at another address than its own, whether or not the term has a feed
/// there.
pub(super) fn feed_at<'s>(
    input: Input<'s>,
    view: &TaxonomyView<'s>,
    (taxonomy, id): (usize, TermId),
    at: &Address,
    is_json: bool,
) -> Page<'s> {
    let term = input.site.term(TermRef { taxonomy, term: id });
    let parts = [input.config.taxonomies[taxonomy].path.as_str(), term.slug.as_str()];
    let (title, description) = texts(input, view, term);
    let head = feed_head(input, term, &parts, (&title, description));
    feed::page(input, &head, &term.articles, at, is_json)
}

/// The key of the facts about a term. Its articles, and with them its crossings, are in the key of
/// its index.
fn key_of_about(input: Input<'_>, at: TermRef) -> Key {
    input.key(|keep| {
        let related = &input.connections.browsed().related_terms[at.taxonomy][at.term];
        related.iter().map(|&other| keep.term(other)).collect::<Vec<_>>()
    })
}

/// The facts about a term for the index of its list.
fn about<'s>(input: Input<'s>, at: TermRef, term: &'s Term) -> About<'s> {
    let seen = |id: ArticleId| {
        let card = input.cards.card(id);
        let date = card.date.as_deref()?;
        Some(Seen { date: date.get(..10).unwrap_or(date), text: card.date_text.as_deref()? })
    };
    // Articles are sorted newest first, the undated last.
    let dated = term.articles.partition_point(|&id| input.site.articles[id].date.is_some());
    let related_terms = &input.connections.browsed().related_terms[at.taxonomy][at.term];
    About {
        count: term.articles.len(),
        description: term.description.as_deref(),
        first: dated.checked_sub(1).and_then(|oldest| seen(term.articles[oldest])),
        last: term.articles.first().and_then(|&id| seen(id)),
        dates: list::dates(input, &term.articles[..dated]),
        chart: chart::by_month(input, &term.name, &term.articles),
        related_terms: related_terms
            .iter()
            .map(|&other| term_link(input, other, input.site.term(other).articles.len()))
            .map(|view| TermView { count: 0, ..view })
            .collect(),
        crossings: crossing::of_term(input, at),
    }
}
