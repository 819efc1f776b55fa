//! The pages and the feed of each term: what it is, how it went, what it goes with, and its articles.

use std::borrow::Cow;

use rayon::prelude::*;
use serde::Serialize;

use crate::config::FullText;
use crate::plan::card::{self, TaxonomyView};
use crate::plan::chart::{self, Chart};
use crate::plan::list::{self, List, ListHead};
use crate::plan::page::{Body, Crumb, Kind, Page};
use crate::plan::{Sources, crossing, feed, index, redirect};
use crate::site::{ArticleId, Term, TermId, TermRef};

/// A page of a term's articles.
#[derive(Debug, Serialize)]
pub struct TermPage<'s> {
    /// Its taxonomy.
    pub taxonomy: TaxonomyView<'s>,
    /// What readers see.
    pub name: &'s str,
    /// What there is to say of it; on the first page only, so that the others stay as they are.
    pub about: Option<Box<About<'s>>>,
    /// The articles.
    pub list: List<'s>,
}

/// What a term's first page says of it.
#[derive(Debug, Serialize)]
pub struct About<'s> {
    /// Articles that carry it.
    pub count: usize,
    /// What an editor says of it.
    pub description: Option<&'s str>,
    /// When it was first seen.
    pub first: Option<Seen<'s>>,
    /// When it was last seen.
    pub last: Option<Seen<'s>>,
    /// Its articles by month.
    pub chart: Option<Chart>,
    /// The terms that it goes with, the strongest first.
    pub companions: Vec<TermView<'s>>,
    /// Its crossings, the most used first.
    pub crossings: Vec<TermView<'s>>,
}

/// A day as templates show it.
#[derive(Debug, Serialize)]
pub struct Seen<'s> {
    /// For `datetime`.
    pub date: &'s str,
    /// As people write it.
    pub text: &'s str,
}

/// A term, where it is named.
#[derive(Debug, Clone, Serialize)]
pub struct TermView<'s> {
    /// Its taxonomy, `ai_technologies`.
    pub taxonomy: &'s str,
    /// What readers see.
    pub name: &'s str,
    /// For links.
    pub path: Cow<'s, str>,
    /// Articles, of what the place is about.
    pub count: usize,
}

/// A term as a page names it.
pub(super) fn view(sources: Sources<'_>, term: TermRef, count: usize) -> TermView<'_> {
    let taxonomy = &sources.config.taxonomies[term.taxonomy].name;
    let term = sources.site.term(term);
    TermView { taxonomy, name: &term.name, path: term.address.path.as_str().into(), count }
}

pub(super) fn pages<'s>(sources: Sources<'s>, pages: &mut Vec<Page<'s>>) {
    let views = card::shared_taxonomies(sources);
    for (taxonomy, (view, all)) in views.iter().zip(&sources.site.taxonomies).enumerate() {
        index::pages(sources, taxonomy, view, pages);
        let made: Vec<Vec<Page<'s>>> = (0..all.terms.len())
            .into_par_iter()
            .filter(|&term| all.terms[term].has_page)
            .map(|term| term_pages(sources, view, taxonomy, term))
            .collect();
        pages.extend(made.into_iter().flatten());
    }
}

fn term_pages<'s>(
    sources: Sources<'s>,
    view: &TaxonomyView<'s>,
    taxonomy: usize,
    id: TermId,
) -> Vec<Page<'s>> {
    let path = &sources.config.taxonomies[taxonomy].path;
    let term = sources.site.term(TermRef { taxonomy, term: id });
    let parts = [path.as_str(), term.slug.as_str()];
    let heading = term.name.as_str();
    let title = sources.locale.fill("term_title", &[("term", heading), ("taxonomy", view.title)]);
    let description = match &term.description {
        Some(description) => description.clone(),
        None => sources.locale.fill(
            "term_description",
            &[("term", heading), ("taxonomy", view.title), ("site", &sources.config.title)],
        ),
    };
    let has_feed = feed::is_of_term(sources, term);
    let feed_link = has_feed.then(|| feed::link_in(sources, &parts, sources.title(&[&title])));
    let head = ListHead {
        kind: "term",
        parts: &parts,
        heading,
        titles: &[&title],
        description: &description,
        feed: feed_link,
        above: Some(vec![Crumb::new(view.title, &*view.path)]),
    };
    // A page with one article says nothing that the article's own page does not say.
    let is_thin = term.articles.len() < 2;
    let mut pages: Vec<Page<'s>> = list::lists(sources, &head, &term.articles)
        .into_iter()
        .map(|(address, mut list)| {
            let is_index = list.paginator.number.is_none();
            list.meta.noindex |= is_thin;
            let about = is_index.then(|| Box::new(about(sources, TermRef { taxonomy, term: id }, term)));
            let kind = Kind::Term(TermPage { taxonomy: view.clone(), name: heading, about, list });
            let page = Page::new(address.file.clone(), Body::template(kind));
            if is_index && !is_thin {
                page.in_sitemap(&address, list::lastmod(sources, &term.articles))
            } else {
                page
            }
        })
        .collect();
    let feed_head = has_feed.then(|| feed::Head {
        title: sources.title(&[&title]),
        subtitle: description,
        of: &term.address,
        parts: &parts,
        whole_text: sources.config.feeds.full_text == FullText::All,
    });
    pages.extend(redirect::term(sources, path, term, feed_head.as_ref()));
    if let Some(head) = feed_head {
        pages.extend(feed::pages(sources, &head, &term.articles));
    }
    pages
}

fn about<'s>(sources: Sources<'s>, at: TermRef, term: &'s Term) -> About<'s> {
    let seen = |id: ArticleId| {
        let card = sources.cards.card(id);
        let date = card.date.as_deref()?;
        Some(Seen { date: date.get(..10).unwrap_or(date), text: card.date_text.as_deref()? })
    };
    // Newest first, the undated last.
    let dated = term.articles.partition_point(|&id| sources.site.articles[id].date.is_some());
    let companions = &sources.connections.browsed().companions[at.taxonomy][at.term];
    About {
        count: term.articles.len(),
        description: term.description.as_deref(),
        first: dated.checked_sub(1).and_then(|oldest| seen(term.articles[oldest])),
        last: term.articles.first().and_then(|&id| seen(id)),
        chart: chart::by_month(sources, &term.name, &term.articles),
        companions: companions
            .iter()
            .map(|&other| view(sources, other, sources.site.term(other).articles.len()))
            .map(|view| TermView { count: 0, ..view })
            .collect(),
        crossings: crossing::of_term(sources, at),
    }
}
