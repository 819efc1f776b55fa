//! Cards: what lists, feeds and an article's own page show of an article, made once for all of them.

use std::borrow::Cow;
use std::sync::OnceLock;

use rayon::prelude::*;
use serde::{Serialize, Serializer};

use crate::config::{Config, Taxonomy};
use crate::fingerprint::Fingerprint;
use crate::han::language;
use crate::locale::Locale;
use crate::plan::Sources;
use crate::site::calendar::{self, Span};
use crate::site::{Address, ArticleId, Connections, Site};

/// An article as lists show it.
#[derive(Debug, Serialize)]
pub struct Card<'s> {
    /// Its title.
    pub title: &'s str,
    /// Of the title, if it is another than the site's: `en`.
    pub title_language: Option<&'static str>,
    /// For links.
    pub path: &'s str,
    /// Its URL.
    pub permalink: &'s str,
    /// The original's URL.
    pub link: Option<&'s str>,
    /// The publisher; may be empty.
    pub source: &'s str,
    /// The key event.
    pub event: Option<&'s str>,
    /// The summary or the body's beginning.
    pub excerpt: &'s str,
    /// What says most in one or two sentences: the event, else the excerpt.
    pub summary: &'s str,
    /// Of the summary, if it is another than the site's.
    pub summary_language: Option<&'static str>,
    /// A day or RFC 3339, for `datetime` attributes.
    pub date: Option<String>,
    /// As people write it.
    pub date_text: Option<String>,
    /// RFC 3339.
    pub published: Option<String>,
    /// RFC 3339: when it was last changed, else when it was published.
    pub updated: Option<String>,
    /// Other reports of the same event.
    pub reports: usize,
    /// Its day; lists show it, cards do not.
    #[serde(skip)]
    pub day: Day,
    /// Its terms by taxonomy; taxonomies without any are left out.
    pub taxonomies: Vec<CardTerms<'s>>,
}

/// The day of an article, for the lists that it heads.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Day {
    /// `2026-11-23`; `None` for the undated.
    pub date: Option<String>,
    /// As people write it.
    pub title: String,
    /// Of the day's own page, if there is one.
    pub path: Option<String>,
}

/// A taxonomy, where it is named.
#[derive(Debug, Clone, Serialize)]
pub struct TaxonomyView<'s> {
    /// `ai_technologies`
    pub name: &'s str,
    /// What readers see.
    pub title: &'s str,
    /// For links.
    pub path: Cow<'s, str>,
}

/// An article's terms of one taxonomy.
#[derive(Debug, Serialize)]
pub struct CardTerms<'s> {
    /// `ai_technologies`
    pub name: &'s str,
    /// What readers see.
    pub title: &'s str,
    /// For links.
    pub path: &'s str,
    /// In the order in which the article names them.
    pub terms: Vec<CardTerm<'s>>,
}

/// A term on a card.
#[derive(Debug, Serialize)]
pub struct CardTerm<'s> {
    /// What readers see.
    pub name: &'s str,
    /// For links; `None` for a term without a page.
    pub path: Option<&'s str>,
}

/// Stands for a card in a page: serialises as the card's digest.
#[derive(Debug, Clone, Copy)]
pub struct CardRef {
    /// Which card.
    pub id: ArticleId,
    /// Of the card, in halves: a fingerprint would stand at every sixteenth byte, and a site has half a million of these.
    digest: [u64; 2],
}

impl Serialize for CardRef {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.digest.serialize(serializer)
    }
}

/// The cards of all articles, by [`ArticleId`]. Each is made when it is asked for first.
#[derive(Debug)]
pub struct Cards<'s> {
    site: &'s Site,
    connections: &'s Connections<'s>,
    taxonomies: &'s [TaxonomyView<'s>],
    config: &'s Config,
    locale: &'s Locale,
    made: Vec<OnceLock<(Card<'s>, Fingerprint)>>,
}

impl<'s> Cards<'s> {
    /// Nothing is made yet.
    #[must_use]
    pub fn new(
        site: &'s Site,
        connections: &'s Connections<'s>,
        taxonomies: &'s [TaxonomyView<'s>],
        config: &'s Config,
        locale: &'s Locale,
    ) -> Self {
        let made = site.articles.iter().map(|_| OnceLock::new()).collect();
        Self { site, connections, taxonomies, config, locale, made }
    }

    /// Makes all of them, in parallel: for a plan, which asks for every one.
    pub fn make(&self) {
        (0..self.made.len()).into_par_iter().for_each(|id| {
            self.made(id);
        });
    }

    /// How many articles there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.made.len()
    }

    /// Is there no article?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.made.is_empty()
    }

    /// An article's card.
    #[must_use]
    pub fn card(&self, id: ArticleId) -> &Card<'s> {
        &self.made(id).0
    }

    pub(crate) fn get(&self, id: ArticleId) -> CardRef {
        let digest = self.made(id).1.0;
        CardRef { id, digest: [(digest >> 64) as u64, digest as u64] }
    }

    fn made(&self, id: ArticleId) -> &(Card<'s>, Fingerprint) {
        self.made[id].get_or_init(|| {
            let mut card = card(self.site, self.taxonomies, self.locale, id);
            card.reports = self.connections.stories.reports(id).len().saturating_sub(1);
            if let (Some(date), Some(_)) = (&self.site.articles[id].date, &self.config.browse.editions) {
                card.day.path = Some(span_address(Span::Day(calendar::day(date)), self.config).path);
            }
            let digest = Fingerprint::of(&card);
            (card, digest)
        })
    }
}

/// The taxonomies with their titles in the digest's language and their addresses.
#[must_use]
pub fn taxonomies<'s>(config: &'s Config, locale: &'s Locale) -> Vec<TaxonomyView<'s>> {
    let path = |at: usize| Address::new(&[&config.taxonomies[at].path], config).path.into();
    views(config, locale, path)
}

/// The same for pages, whose thousands share the paths.
pub(super) fn shared_taxonomies<'s>(sources: Sources<'s>) -> Vec<TaxonomyView<'s>> {
    views(sources.config, sources.locale, |at| sources.site.taxonomies[at].path.as_str().into())
}

fn views<'s>(
    config: &'s Config,
    locale: &'s Locale,
    path: impl Fn(usize) -> Cow<'s, str>,
) -> Vec<TaxonomyView<'s>> {
    let taxonomies = config.taxonomies.iter().enumerate();
    let view = |(at, taxonomy): (usize, &'s Taxonomy)| TaxonomyView {
        name: &taxonomy.name,
        title: taxonomy.title.as_deref().unwrap_or_else(|| locale.word(&taxonomy.name)),
        path: path(at),
    };
    taxonomies.map(view).collect()
}

/// Where a day, week or month has its page.
pub(super) fn span_address(span: Span, config: &Config) -> Address {
    let parts = span.parts();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    Address::new(&parts, config)
}

fn card<'s>(site: &'s Site, taxonomies: &'s [TaxonomyView<'s>], locale: &Locale, id: ArticleId) -> Card<'s> {
    let article = &site.articles[id];
    let language_of = |text: &str| language::of_passage(text, locale.language.tag());
    let summary = article.event.as_deref().unwrap_or(&article.excerpt);
    let address = &site.addresses[id];
    let terms = taxonomies.iter().zip(&site.taxonomies).zip(&site.article_terms[id]);
    Card {
        title: &article.title,
        title_language: language_of(&article.title),
        path: &address.path,
        permalink: &address.permalink,
        link: article.link.as_ref().map(|link| link.url.as_str()),
        source: &article.source,
        event: article.event.as_deref(),
        excerpt: &article.excerpt,
        summary,
        summary_language: language_of(summary),
        date: article.date.map(|date| date.iso()),
        date_text: article.date.map(|date| locale.day(&date)),
        published: article.date.map(|date| date.rfc3339()),
        updated: article.updated.or(article.date).map(|date| date.rfc3339()),
        reports: 0,
        day: Day {
            date: article.date.map(|date| date.iso().chars().take(10).collect()),
            title: article.date.map_or_else(|| locale.word("undated").to_owned(), |date| locale.day(&date)),
            path: None,
        },
        taxonomies: terms
            .filter(|(_, ids)| !ids.is_empty())
            .map(|((view, all), ids)| CardTerms {
                name: view.name,
                title: view.title,
                path: &view.path,
                terms: ids
                    .iter()
                    .map(|&id| &all.terms[id])
                    .map(|term| CardTerm { name: &term.name, path: term.path() })
                    .collect(),
            })
            .collect(),
    }
}
