//! Assembles articles into a site: stage 2 sets order, terms, addresses and archive, and finds
//! relations.
//!
//! The stage is pure: it reads no file.

mod across;
pub mod aliases;
pub mod bodies;
pub mod calendar;
pub mod connections;
pub mod crossing;
pub mod edition;
pub mod expired;
pub mod ids;
mod language_paths;
pub mod languages;
pub mod part;
pub mod permalink;
pub mod related;
pub mod related_terms;
mod shared_pictures;
pub mod story;
pub mod term;
pub mod traditional;
pub mod trend;

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Place};
use crate::load::cache::Parsed;
use crate::load::pictures::Picture;
use crate::load::redirects;
use crate::load::{Article, Content, ContentPage, date, registry};
use crate::paths::composed;
use crate::slug;
pub use bodies::{Bodies, BodyId, RenderBody};
pub use connections::{Connections, Relations};
pub use expired::ExpiredArticle;
use expired::{Succession, Untimely};
pub use ids::{ArticleId, MAX_CONNECTING_TERMS, TermId, TermRef};
pub use permalink::Address;
pub use term::{TaxonomyTerms, Term};

/// All data that pages are made from, except bodies and relations.
#[derive(Debug)]
pub struct Site {
    /// The articles, newest first; undated ones come last, by slug.
    pub articles: Vec<Arc<Article>>,
    /// The address of each article, by [`ArticleId`].
    pub addresses: Vec<Address>,
    /// The terms of each article: by article, then taxonomy, in the order in which the article
    /// names them.
    pub article_terms: Vec<Vec<Vec<TermId>>>,
    /// The terms of each taxonomy, in the order of the configuration.
    pub taxonomies: Vec<TaxonomyTerms>,
    /// The articles by year and month, newest first.
    pub archive: BTreeMap<Reverse<i32>, BTreeMap<Reverse<u32>, Vec<ArticleId>>>,
    /// The articles without a date.
    pub undated: Vec<ArticleId>,
    /// The pages of `content/pages`.
    pub pages: Vec<ContentPage>,
    /// The place that errors about a term's old address point to.
    pub registry_place: Place,
    /// The pictures of articles that have some, by article.
    pub pictures: BTreeMap<ArticleId, Vec<Picture>>,
    /// The lines of `content/redirects.yaml`.
    pub redirects: Vec<redirects::Entry>,
    /// The addresses of the articles that have expired.
    pub expired: Vec<ExpiredArticle>,
    /// What the pages of articles lead to once they have expired.
    pub successions: Vec<Succession>,
    /// The paths of the pages of articles that are published later: `articles/a`.
    pub scheduled: HashSet<String>,
    /// Whether an article is one of another language, which has its page there, by [`ArticleId`];
    /// empty if none is.
    pub untranslated: Vec<bool>,
}

impl Site {
    /// Returns a term.
    #[must_use]
    pub fn term(&self, at: TermRef) -> &Term {
        &self.taxonomies[at.taxonomy].terms[at.term]
    }

    /// True for an article of another language, whose page is not one of this site.
    #[must_use]
    pub fn is_untranslated(&self, article: ArticleId) -> bool {
        self.untranslated.get(article).copied().unwrap_or(false)
    }

    /// The articles that have a page on this site.
    pub fn own_articles(&self) -> impl Iterator<Item = ArticleId> {
        (0..self.articles.len()).filter(|&id| !self.is_untranslated(id))
    }

    /// Iterates over an article's terms of all taxonomies: the first [`MAX_CONNECTING_TERMS`] of
    /// each.
    pub fn terms_of(&self, article: ArticleId) -> impl Iterator<Item = TermRef> {
        let taxonomies = self.article_terms[article].iter().enumerate();
        taxonomies.flat_map(|(taxonomy, terms)| {
            terms.iter().take(MAX_CONNECTING_TERMS).map(move |&term| TermRef { taxonomy, term })
        })
    }

    /// Iterates over the names of an article's terms and their aliases in the registry.
    pub fn names_of(&self, article: ArticleId) -> impl Iterator<Item = &str> {
        let terms = self.article_terms[article].iter().zip(&self.taxonomies);
        let terms = terms.flat_map(|(ids, all)| ids.iter().map(|&id| &all.terms[id]));
        terms.flat_map(|term| std::iter::once(&term.name).chain(&term.aliases)).map(String::as_str)
    }

    /// Iterates over the terms of all taxonomies.
    pub fn all_terms(&self) -> impl Iterator<Item = TermRef> {
        let taxonomies = self.taxonomies.iter().enumerate();
        taxonomies
            .flat_map(|(taxonomy, all)| (0..all.terms.len()).map(move |term| TermRef { taxonomy, term }))
    }
}

/// An article before it has its place in the order of the site.
struct Entry {
    parsed: Parsed,
    slug: String,
    /// True for an article of another language.
    is_untranslated: bool,
}

/// The articles that have a page on this site.
fn own(articles: &[Entry]) -> impl Iterator<Item = &Arc<Article>> {
    articles.iter().filter(|entry| !entry.is_untranslated).map(|entry| &entry.parsed.0)
}

/// Groups pictures by article. Those of drafts that are left out have none.
fn pictures_by_article(
    articles: &[Arc<Article>],
    pictures: Vec<Picture>,
) -> BTreeMap<ArticleId, Vec<Picture>> {
    let mut by_article: BTreeMap<ArticleId, Vec<Picture>> = BTreeMap::new();
    if pictures.is_empty() {
        return by_article;
    }
    let ids: HashMap<&str, ArticleId> =
        articles.iter().enumerate().map(|(id, article)| (article.file.as_str(), id)).collect();
    for picture in pictures {
        if let Some(&id) = ids.get(picture.article.as_str()) {
            by_article.entry(id).or_default().push(picture);
        }
    }
    by_article
}

/// Orders articles, collects their terms and sets their addresses. `render_body` renders the bodies
/// whose HTML is not in the cache.
#[must_use]
pub fn assemble(
    content: Content,
    config: &Config,
    render_body: Arc<RenderBody>,
) -> (Site, Bodies, Vec<Diagnostic>) {
    let others = content.untranslated.into_par_iter().map(|parsed| (parsed, true));
    let mut articles: Vec<Entry> = content
        .articles
        .into_par_iter()
        .map(|parsed| (parsed, false))
        .chain(others)
        .map(|(parsed, is_untranslated)| {
            let slug = slug::article(&parsed.0.slug);
            Entry { parsed, slug, is_untranslated }
        })
        .collect();
    // Ties are decided by the path, so that the order does not depend on how the disk lists the
    // files.
    articles.par_sort_by(|a, b| {
        let (one, other) = (&a.parsed.0, &b.parsed.0);
        let by_slug = || a.slug.cmp(&b.slug).then_with(|| one.file.cmp(&other.file));
        other.date.cmp(&one.date).then_with(by_slug)
    });
    let mut diagnostics =
        address_conflicts(&articles, content.scheduled.iter().chain(&content.expired), config);
    diagnostics.extend(scheduled_conflicts(&articles, &content.scheduled));
    let first = config.for_language(0);
    let addresses: Vec<Address> = articles
        .par_iter()
        .map(|entry| {
            let config = if entry.is_untranslated { &*first } else { config };
            Address::new(&["articles", &entry.slug], config)
        })
        .collect();
    diagnostics.extend(feed_id_conflicts(&articles, &addresses, config));
    let untranslated = match articles.iter().any(|entry| entry.is_untranslated) {
        true => articles.iter().map(|entry| entry.is_untranslated).collect(),
        false => Vec::new(),
    };
    let shown = own(&articles).map(|article| &**article);
    let Untimely { expired, successions, scheduled } =
        Untimely::collect(shown, &content.scheduled, &content.expired, config);
    let (articles, bodies): (Vec<_>, Vec<_>) = articles.into_iter().map(|entry| entry.parsed).unzip();
    let (pages, page_bodies) = content.pages.into_iter().unzip();
    let (term::Terms { taxonomies, article_terms }, found) =
        term::gather(&articles, &content.registry, config);
    diagnostics.extend(found);
    let pictures = pictures_by_article(&articles, content.pictures);
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
        pictures,
        redirects: content.redirects,
        expired,
        successions,
        scheduled,
        untranslated,
    };
    (site, Bodies::new(bodies, page_bodies, render_body), diagnostics)
}

/// True if the addresses of articles are made from the names of their files, and these names are
/// equal but for a date before them: each address would be its own with the date in it.
fn differ_by_date(rivals: &[&Article]) -> bool {
    let name = |article: &Article| {
        let stem = article.file.rsplit('/').next()?.strip_suffix(".md")?.to_owned();
        let is_dated =
            date::file_prefix(&stem, chrono_tz::Tz::UTC).is_some_and(|(_, rest)| rest == article.slug);
        is_dated.then(|| slug::article(&stem))
    };
    let names: Option<HashSet<String>> = rivals.iter().map(|article| name(article)).collect();
    names.is_some_and(|names| names.len() == rivals.len())
}

/// What several articles have, with these articles by the names of their files.
fn shared<K>(groups: HashMap<K, Vec<&Article>>) -> impl Iterator<Item = (K, Vec<&Article>)> {
    groups.into_iter().filter(|(_, rivals)| rivals.len() > 1).map(|(key, mut rivals)| {
        rivals.sort_by(|a, b| a.file.cmp(&b.file));
        (key, rivals)
    })
}

/// The files of the other articles.
fn others(rivals: &[&Article], own: &Article) -> String {
    let files = rivals.iter().map(|other| other.file.as_str()).filter(|file| *file != own.file);
    files.collect::<Vec<_>>().join(&tr!("list" => ", "))
}

/// Reports an error for each article whose URL another article has as well, now or at another time:
/// `untimely` are the articles that are not shown.
fn address_conflicts<'a>(
    articles: &'a [Entry],
    untimely: impl Iterator<Item = &'a Arc<Article>>,
    config: &Config,
) -> Vec<Diagnostic> {
    let mut wanted: HashMap<Cow<'_, str>, Vec<&Article>> = HashMap::new();
    for entry in articles.iter().filter(|entry| !entry.is_untranslated) {
        wanted.entry(entry.slug.as_str().into()).or_default().push(&entry.parsed.0);
    }
    for article in untimely {
        wanted.entry(slug::article(&article.slug).into()).or_default().push(article);
    }
    let mut diagnostics = Vec::new();
    for (slug, rivals) in shared(wanted) {
        let by_date = differ_by_date(&rivals);
        let path = format!("{}articles/{slug}", config.prefix());
        for article in &rivals {
            diagnostics.push(
                Diagnostic::error(tr!(
                    "`/{path}/` is also the address of {}",
                    others(&rivals, article),
                    path
                ))
                .at(article.slug_place.clone())
                .help(if by_date {
                    tr!(
                        "write `date_in_slug: on` in newsprint.yaml, which keeps the dates of all names in the addresses (and changes them), or give one of the files a `slug:` of its own"
                    )
                } else {
                    tr!("rename one of the files, or give it a `slug:` of its own")
                }),
            );
        }
    }
    diagnostics
}

/// Reports an error for each alias at which a later article will be: it would be found when that
/// article is due.
fn scheduled_conflicts(articles: &[Entry], scheduled: &[Arc<Article>]) -> Vec<Diagnostic> {
    let due: HashMap<String, &Arc<Article>> =
        scheduled.iter().map(|article| (expired::path(article), article)).collect();
    if due.is_empty() {
        return Vec::new();
    }
    let shown = own(articles).chain(scheduled);
    let aliases = shown.flat_map(|article| article.aliases.iter().map(move |alias| (article, alias)));
    let taken = aliases.filter_map(|(article, alias)| {
        let (path, later) = due.get_key_value(&*composed(alias.trim_matches('/')))?;
        (later.file != article.file).then(|| expired::taken_later(article, path, later))
    });
    taken.collect()
}

/// Reports an error for each `feed_id` that is the id of another article, too: of its own field, or
/// of its address. A feed reader would show only one of them.
fn feed_id_conflicts(articles: &[Entry], addresses: &[Address], config: &Config) -> Vec<Diagnostic> {
    if own(articles).all(|article| article.feed_id.is_none()) {
        return Vec::new();
    }
    let mut by_id: HashMap<Cow<'_, str>, Vec<&Article>> = HashMap::new();
    for (entry, address) in articles.iter().zip(addresses).filter(|(entry, _)| !entry.is_untranslated) {
        let article = &entry.parsed.0;
        let id = match &article.feed_id {
            Some(found) => Cow::Borrowed(found.id.as_str()),
            None => config.feeds.id(&address.permalink, &config.base_url),
        };
        by_id.entry(id).or_default().push(article);
    }
    let mut diagnostics = Vec::new();
    for (id, rivals) in shared(by_id) {
        for article in &rivals {
            let Some(found) = &article.feed_id else { continue };
            let message = tr!("`{id}` is also the id in feeds of {}", others(&rivals, article), id);
            let help = tr!("remove the `feed_id:` of the article that did not have this id in the old feed");
            diagnostics.push(Diagnostic::error(message).at(found.place.clone()).help(help));
        }
    }
    diagnostics
}

#[cfg(test)]
mod tests;
