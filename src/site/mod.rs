//! Stage 2, articles to a site: order, terms, addresses and archive, and what connects them. Pure: no file is read here.

pub mod aliases;
pub mod bodies;
pub mod calendar;
pub mod connections;
pub mod crossing;
pub mod edition;
pub mod ids;
pub mod permalink;
pub mod related;
pub mod related_terms;
pub mod story;
pub mod term;
pub mod trend;

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Place};
use crate::load::cache::Parsed;
use crate::load::{Article, Content, ContentPage, registry};
use crate::slug;
pub use bodies::{Bodies, BodyId, RenderBody};
pub use connections::{Connections, Relations};
pub use ids::{ArticleId, MAX_CONNECTING_TERMS, TermId, TermRef};
pub use permalink::Address;
pub use term::{TaxonomyTerms, Term};

/// All that pages are made from.
#[derive(Debug)]
pub struct Site {
    /// Newest first; the undated at the end, by slug.
    pub articles: Vec<Arc<Article>>,
    /// Where each article stands, by [`ArticleId`].
    pub addresses: Vec<Address>,
    /// For each article, for each taxonomy, its terms in the order in which it names them.
    pub article_terms: Vec<Vec<Vec<TermId>>>,
    /// One for each of the configuration's taxonomies.
    pub taxonomies: Vec<TaxonomyTerms>,
    /// Articles by year and month, newest first.
    pub archive: BTreeMap<Reverse<i32>, BTreeMap<Reverse<u32>, Vec<ArticleId>>>,
    /// Articles without a date.
    pub undated: Vec<ArticleId>,
    /// `content/pages`.
    pub pages: Vec<ContentPage>,
    /// Where to point when a term's old address is the trouble.
    pub registry_place: Place,
}

impl Site {
    /// A term.
    #[must_use]
    pub fn term(&self, at: TermRef) -> &Term {
        &self.taxonomies[at.taxonomy].terms[at.term]
    }

    /// The terms of an article, of all taxonomies: the first [`MAX_CONNECTING_TERMS`] of each.
    pub fn terms_of(&self, article: ArticleId) -> impl Iterator<Item = TermRef> {
        let taxonomies = self.article_terms[article].iter().enumerate();
        taxonomies.flat_map(|(taxonomy, terms)| {
            terms.iter().take(MAX_CONNECTING_TERMS).map(move |&term| TermRef { taxonomy, term })
        })
    }

    /// The names of an article's terms, and those that an editor merged with them.
    pub fn names_of(&self, article: ArticleId) -> impl Iterator<Item = &str> {
        let terms = self.article_terms[article].iter().zip(&self.taxonomies);
        let terms = terms.flat_map(|(ids, all)| ids.iter().map(|&id| &all.terms[id]));
        terms.flat_map(|term| std::iter::once(&term.name).chain(&term.aliases)).map(String::as_str)
    }

    /// The terms of all taxonomies.
    pub fn all_terms(&self) -> impl Iterator<Item = TermRef> {
        let taxonomies = self.taxonomies.iter().enumerate();
        taxonomies
            .flat_map(|(taxonomy, all)| (0..all.terms.len()).map(move |term| TermRef { taxonomy, term }))
    }
}

/// Orders articles, gathers their terms, and gives each its address. Their bodies stay beside them; `render_body`
/// renders those whose HTML is in no cache.
#[must_use]
pub fn assemble(
    content: Content,
    config: &Config,
    render_body: Arc<RenderBody>,
) -> (Site, Bodies, Vec<Diagnostic>) {
    let mut articles: Vec<(Parsed, String)> = content
        .articles
        .into_par_iter()
        .map(|parsed| {
            let slug = slug::article(&parsed.0.slug);
            (parsed, slug)
        })
        .collect();
    // The file is the last word, so that the order never depends on how the disk lists its files.
    articles.par_sort_by(|((a, _), a_slug), ((b, _), b_slug)| {
        b.date.cmp(&a.date).then_with(|| a_slug.cmp(b_slug)).then_with(|| a.file.cmp(&b.file))
    });
    let mut diagnostics = address_conflicts(&articles);
    let addresses = articles.par_iter().map(|(_, slug)| Address::new(&["articles", slug], config)).collect();
    let (articles, bodies): (Vec<_>, Vec<_>) = articles.into_iter().map(|(parsed, _)| parsed).unzip();
    let (pages, page_bodies) = content.pages.into_iter().unzip();
    let (term::Terms { taxonomies, article_terms }, found) =
        term::gather(&articles, &content.registry, config);
    diagnostics.extend(found);
    let mut archive: BTreeMap<_, BTreeMap<_, Vec<ArticleId>>> = BTreeMap::new();
    let mut undated = Vec::new();
    for (id, article) in articles.iter().enumerate() {
        match article.date {
            Some(date) => {
                let (year, month) = date.month();
                archive.entry(Reverse(year)).or_default().entry(Reverse(month)).or_default().push(id);
            }
            None => undated.push(id),
        }
    }
    let site = Site {
        articles,
        addresses,
        article_terms,
        taxonomies,
        archive,
        undated,
        pages,
        registry_place: Place::file(registry::FILE),
    };
    (site, Bodies::new(bodies, page_bodies, render_body), diagnostics)
}

/// Articles that want the same URL: an error at each of them.
fn address_conflicts(articles: &[(Parsed, String)]) -> Vec<Diagnostic> {
    let mut wanted: HashMap<&str, Vec<&Article>> = HashMap::new();
    for ((article, _), slug) in articles {
        wanted.entry(slug).or_default().push(article);
    }
    let mut diagnostics = Vec::new();
    for (slug, mut rivals) in wanted.into_iter().filter(|(_, rivals)| rivals.len() > 1) {
        rivals.sort_by(|a, b| a.file.cmp(&b.file));
        for article in &rivals {
            let others: Vec<&str> =
                rivals.iter().map(|other| other.file.as_str()).filter(|file| *file != article.file).collect();
            diagnostics.push(
                Diagnostic::error(format!("`/articles/{slug}/` is also wanted by {}", others.join(", ")))
                    .at(article.slug_place.clone())
                    .help("give one of them another name, or a `slug:` of its own"),
            );
        }
    }
    diagnostics
}
