//! Decides which files of the last build stay as they are, without making what they show.
//!
//! To make the data of a page and to hash it is most of the work of a plan, and a day changes few
//! pages. So each page of an article, list or edition has a [`Key`]: the fingerprint of what its
//! data is made from, which costs a hash of some hundred bytes. If the last build planned a file
//! with the same key, the file has the same data, and is planned as `Body::Kept`.
//!
//! A key must cover everything that the page's planner reads but the configuration, the words and
//! the theme: files of a plan with other ones are never kept (`pipeline/keep.rs`, whose tests
//! compare plans with and without kept files). A key may cover more. Then the page is planned as if
//! it had no key.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::fingerprint::{Fingerprint, Packed};
use crate::plan::page::Body;
use crate::search::head::Head;
use crate::site::{ArticleId, BodyId, Connections, Site, TermRef};

/// The key of a page; the default is that of pages that are always planned.
pub(crate) type Key = Packed;

/// The files of the last build that have a key.
#[derive(Debug, Default)]
pub(crate) struct LastSite {
    /// The key and the fingerprint of each file, by path.
    pub(crate) files: FxHashMap<Box<str>, (Key, Packed)>,
    /// The head of the search index; `None` without a search.
    pub(crate) head: Option<Head>,
}

/// The parts of keys, and the files of the last build.
#[derive(Debug)]
pub(crate) struct Keep {
    /// By article: the fingerprint of its front matter and excerpt.
    articles: Vec<Fingerprint>,
    /// By article: the fingerprint of its body.
    bodies: Vec<Fingerprint>,
    /// By article: the fingerprint of what its card is made from.
    cards: Vec<Fingerprint>,
    /// By taxonomy, then term: the fingerprint of what links to it show.
    terms: Vec<Vec<Fingerprint>>,
    /// The fingerprint of the theme, as that of a renderer.
    theme: Fingerprint,
    last: LastSite,
}

impl Keep {
    /// `articles` and `bodies` are the fingerprints of the site's articles and bodies, `theme` is
    /// that of the renderer.
    #[must_use]
    pub(crate) fn new(
        site: &Site,
        connections: &Connections<'_>,
        (articles, bodies): (Vec<Fingerprint>, Vec<Fingerprint>),
        theme: Fingerprint,
        last: LastSite,
    ) -> Self {
        let terms: Vec<Vec<Fingerprint>> = site
            .taxonomies
            .iter()
            .map(|taxonomy| {
                let terms = taxonomy.terms.par_iter().map(|term| {
                    let shown = (&term.name, &term.address.path, term.has_page, &term.aliases);
                    Fingerprint::of(&(&term.key, &term.slug, shown, &term.description, &term.old_slugs))
                });
                terms.collect()
            })
            .collect();
        let cards = (0..site.articles.len()).into_par_iter().map(|id| {
            let reports = connections.stories.reports(id).iter().map(|&other| articles[other]);
            let own_terms = site.terms_of(id).map(|at| terms[at.taxonomy][at.term]);
            Fingerprint::of(&(articles[id], reports.collect::<Vec<_>>(), own_terms.collect::<Vec<_>>()))
        });
        Self { cards: cards.collect(), articles, bodies, terms, theme, last }
    }

    /// True if no file of the last build can be kept.
    pub(super) fn is_empty(&self) -> bool {
        self.last.files.is_empty()
    }

    /// The fingerprint of what the card of an article shows.
    pub(super) fn card(&self, id: ArticleId) -> Fingerprint {
        self.cards[id]
    }

    /// The fingerprints of what the cards of some articles show.
    pub(super) fn cards(&self, ids: &[ArticleId]) -> Vec<Fingerprint> {
        ids.iter().map(|&id| self.cards[id]).collect()
    }

    /// The fingerprints of the front matters of some articles.
    pub(super) fn articles(&self, ids: &[ArticleId]) -> Vec<Fingerprint> {
        ids.iter().map(|&id| self.articles[id]).collect()
    }

    /// The fingerprint of the body of an article.
    pub(super) fn body(&self, id: ArticleId) -> Fingerprint {
        self.bodies[id]
    }

    /// The fingerprint of what links to a term show, and its own page of itself.
    pub(super) fn term(&self, at: TermRef) -> Fingerprint {
        self.terms[at.taxonomy][at.term]
    }

    /// The fingerprint of a page. `None` if it shows a content page, or is a file of the index.
    pub(super) fn fingerprint(&self, page: &Body<'_>) -> Option<Fingerprint> {
        let is_other = |id| matches!(id, BodyId::Page(_));
        if matches!(page, Body::Index(_)) || page.bodies().any(is_other) {
            return None;
        }
        let body = |id| match id {
            BodyId::Article(id) => self.bodies[id],
            BodyId::Page(_) => Fingerprint::default(),
        };
        Some(page.fingerprint(self.theme, body, None))
    }

    /// The key and the fingerprint of a file of the last build.
    pub(super) fn last_file(&self, path: &str) -> Option<(Key, Packed)> {
        self.last.files.get(path).copied()
    }

    /// The head of the last build's search index.
    pub(super) fn last_head(&self) -> Option<&Head> {
        self.last.head.as_ref()
    }
}
