//! The index of each taxonomy and the pages and feed of each term.

use rayon::prelude::*;

use crate::plan::list::{self, ListHead};
use crate::plan::page::{Body, FeedLink, Kind, Meta, Page, TaxonomyPage, TaxonomyView, TermPage, TermView};
use crate::plan::{Sources, card, feed};
use crate::site::{Address, Term};

/// Terms on a part of an index: about 60 KB of HTML.
const TERMS_A_PAGE: usize = 500;

pub(super) fn pages<'s>(sources: Sources<'s>, pages: &mut Vec<Page<'s>>) {
    let views = card::taxonomies(sources.config, sources.locale);
    for ((view, all), taxonomy) in views.iter().zip(&sources.site.taxonomies).zip(&sources.config.taxonomies)
    {
        index(sources, view, &taxonomy.path, &all.terms, pages);
        let made: Vec<Vec<Page<'s>>> =
            all.terms.par_iter().map(|term| term_pages(sources, view, &taxonomy.path, term)).collect();
        pages.extend(made.into_iter().flatten());
    }
}

fn index<'s>(
    sources: Sources<'s>,
    view: &TaxonomyView<'s>,
    path: &str,
    terms: &'s [Term],
    pages: &mut Vec<Page<'s>>,
) {
    let parts = terms.chunks(TERMS_A_PAGE).count().max(1);
    // Ranked by use, so that the first part is where the most used are: numbered from 1, unlike lists of articles.
    let address = |part: usize| sources.list_address(&[path], (part > 0).then_some(part + 1));
    for part in 0..parts {
        let here = address(part);
        let number =
            (part > 0).then(|| sources.locale.fill("page_number", &[("n", &(part + 1).to_string())]));
        let titles: Vec<&str> = std::iter::once(view.title).chain(number.as_deref()).collect();
        let description = sources
            .locale
            .fill("taxonomy_description", &[("taxonomy", view.title), ("n", &terms.len().to_string())]);
        let description = number.iter().fold(description, |text, number| format!("{text} {number}"));
        let kind = Kind::Taxonomy(TaxonomyPage {
            meta: Meta::new("taxonomy", sources.title(&titles), description, &here),
            taxonomy: view.clone(),
            total: terms.len(),
            terms: terms
                .iter()
                .skip(part * TERMS_A_PAGE)
                .take(TERMS_A_PAGE)
                .map(|term| TermView {
                    name: &term.name,
                    path: &term.address.path,
                    count: term.articles.len(),
                })
                .collect(),
            next: (part + 1 < parts).then(|| address(part + 1).path),
            previous: part.checked_sub(1).map(|part| address(part).path),
        });
        let page = Page::new(here.file.clone(), Body::template(kind));
        pages.push(if part == 0 { page.in_sitemap(&here, None) } else { page });
    }
}

fn term_pages<'s>(
    sources: Sources<'s>,
    view: &TaxonomyView<'s>,
    path: &str,
    term: &'s Term,
) -> Vec<Page<'s>> {
    let parts = [path, term.slug.as_str()];
    let heading = term.name.as_str();
    let title = sources.locale.fill("term_title", &[("term", heading), ("taxonomy", view.title)]);
    let description = sources.locale.fill(
        "term_description",
        &[("term", heading), ("taxonomy", view.title), ("site", &sources.config.title)],
    );
    let has_feed = sources.config.feeds.terms && feed::has_entries(sources, &term.articles);
    let feed_address = Address::file(&parts, "feed.xml", sources.config);
    let feed_link =
        has_feed.then(|| FeedLink { title: sources.title(&[&title]), path: feed_address.path.clone() });
    let head = ListHead {
        kind: "term",
        parts: &parts,
        heading,
        titles: &[&title],
        description: &description,
        feed: feed_link,
    };
    let mut pages: Vec<Page<'s>> = list::lists(sources, &head, &term.articles)
        .into_iter()
        .map(|(address, list)| {
            let is_index = list.paginator.number.is_none();
            let count = is_index.then_some(term.articles.len());
            let kind = Kind::Term(TermPage { taxonomy: view.clone(), name: heading, count, list });
            let page = Page::new(address.file.clone(), Body::template(kind));
            if is_index { page.in_sitemap(&address, list::lastmod(sources, &term.articles)) } else { page }
        })
        .collect();
    if has_feed {
        let page = feed::page(
            sources,
            sources.title(&[&title]),
            description,
            &term.address,
            feed_address,
            &term.articles,
            false,
        );
        pages.push(page);
    }
    pages
}
