//! Makes the card of each article: the data that lists, feeds and the article's own page share.

use std::borrow::Cow;
use std::sync::OnceLock;

use rayon::prelude::*;

use crate::config::{Config, Taxonomy};
use crate::fingerprint::Fingerprint;
use crate::locale::Locale;
use crate::plan::label::{self, Label};
use crate::plan::view::card::{Card, CardRef, CardTerm, CardTerms, Day, Report, TaxonomyView};
use crate::plan::view::social;
use crate::site::calendar::{self, Span};
use crate::site::{Address, ArticleId, Connections, Site};
use crate::text::han::{self, language};

/// Maximum length of the summary on a card. An article is in some twenty lists, where three lines
/// tell whether to read on; its own page has the rest.
const MAX_BRIEF_CHARACTERS: usize = 120;

/// The cards of all articles, indexed by [`ArticleId`]. A card is made on first access.
#[derive(Debug)]
pub(crate) struct Cards<'s> {
    site: &'s Site,
    connections: &'s Connections<'s>,
    taxonomies: &'s [TaxonomyView<'s>],
    config: &'s Config,
    locale: &'s Locale,
    /// By article: its card and the card's fingerprint, once made. Boxed, since an edit of a body
    /// makes few.
    cards: Vec<OnceLock<Box<(Card<'s>, Fingerprint)>>>,
}

impl<'s> Cards<'s> {
    /// Creates the table without making any card.
    #[must_use]
    pub(crate) fn new(
        site: &'s Site,
        connections: &'s Connections<'s>,
        taxonomies: &'s [TaxonomyView<'s>],
        config: &'s Config,
        locale: &'s Locale,
    ) -> Self {
        let cards = site.articles.iter().map(|_| OnceLock::new()).collect();
        Self { site, connections, taxonomies, config, locale, cards }
    }

    /// Makes all cards in parallel, for a plan of the whole site, which needs every card.
    pub(crate) fn make_all(&self) {
        (0..self.cards.len()).into_par_iter().for_each(|id| {
            self.get_or_make(id);
        });
    }

    /// Number of articles.
    #[must_use]
    pub(crate) fn len(&self) -> usize {
        self.cards.len()
    }

    /// The card of an article.
    #[must_use]
    pub(crate) fn card(&self, id: ArticleId) -> &Card<'s> {
        &self.get_or_make(id).0
    }

    /// A reference to the card of an article, which a page's context holds instead of the card.
    pub(crate) fn reference(&self, id: ArticleId) -> CardRef {
        CardRef { id, fingerprint: self.get_or_make(id).1.into() }
    }

    fn get_or_make(&self, id: ArticleId) -> &(Card<'s>, Fingerprint) {
        self.cards[id].get_or_init(|| {
            let mut card = make_card(self.site, self.taxonomies, self.locale, id);
            let reports = self.connections.stories.reports(id).iter();
            card.same_event =
                reports.filter(|&&other| other != id).map(|&other| self.report(other)).collect();
            card.reports = card.same_event.len();
            if let (Some(date), Some(_)) = (&self.site.articles[id].date, &self.config.browse.editions) {
                card.day.path = Some(span_address(Span::Day(calendar::day(date)), self.config).path);
            }
            if let Some(Label { text, ai, reviewed }) = self.label(id) {
                (card.label, card.ai, card.reviewed) = (Some(text), Some(ai), reviewed);
            }
            card.image = self.image(id);
            card.language_name = self.language_name(id);
            if let Some(first) = self.config.languages.first().filter(|_| card.language_name.is_some()) {
                let tag = first.language.tag();
                card.language = Some(tag);
                card.title_language = language::of_passage(card.title, tag).or(Some(tag));
                card.summary_language = language::of_passage(card.summary, tag).or(Some(tag));
            }
            let fingerprint = Fingerprint::of(&card);
            Box::new((card, fingerprint))
        })
    }

    /// An article as the cards of the other reports of its event show it.
    fn report(&self, id: ArticleId) -> Report<'s> {
        let (article, address) = (&self.site.articles[id], &self.site.addresses[id]);
        Report {
            title: &article.title,
            title_language: language::of_passage(&article.title, self.locale.language.tag()),
            path: &address.path,
            permalink: &address.permalink,
            source: &article.source,
            label: self.label_text(id),
            language_name: self.language_name(id),
        }
    }

    /// URL of an article's picture.
    fn image(&self, id: ArticleId) -> Option<String> {
        let own = self.site.articles[id].image.as_ref().map(|image| self.config.root_url().absolute(image));
        let card = || format!("{}{}", self.site.addresses[id].permalink, social::FILE);
        own.or_else(|| self.config.cards.articles.then(card))
    }

    /// The name of the language of an article that is not translated.
    pub(super) fn language_name(&self, id: ArticleId) -> Option<&'static str> {
        let first = self.config.languages.first().filter(|_| self.site.is_untranslated(id));
        first.map(|site| site.language.own_name())
    }

    fn label(&self, id: ArticleId) -> Option<Label<'s>> {
        label::label(&self.site.articles[id], self.config, self.locale)
    }

    /// The label of an article's machine-written text, for pages that show its title alone.
    pub(super) fn label_text(&self, id: ArticleId) -> Option<&'s str> {
        self.label(id).map(|label| label.text)
    }
}

/// The taxonomies with their titles in the digest's language and the paths of their indexes, in the
/// order of the configuration.
#[must_use]
pub(crate) fn taxonomies<'s>(config: &'s Config, locale: &'s Locale) -> Vec<TaxonomyView<'s>> {
    let path = |at: usize| Address::new(&[&config.taxonomies[at].path], config).path.into();
    taxonomy_views(config, locale, path)
}

/// The taxonomies with their titles in the digest's language; `path` gives the path of the index of
/// the taxonomy at a position of the configuration.
pub(super) fn taxonomy_views<'s>(
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

/// The address of the page of a day, week or month.
pub(super) fn span_address(span: Span, config: &Config) -> Address {
    let parts = span.parts();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    Address::new(&parts, config)
}

/// Makes a card without the data that depends on other articles or on the configuration:
/// `reports`, `same_event`, `day.path` and the label.
fn make_card<'s>(
    site: &'s Site,
    taxonomies: &'s [TaxonomyView<'s>],
    locale: &Locale,
    id: ArticleId,
) -> Card<'s> {
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
        feed_id: article.feed_id.as_ref().map(|found| found.id.as_str()),
        link: article.link.as_ref().map(|link| link.url.as_str()),
        source: &article.source,
        event: article.event.as_deref(),
        excerpt: &article.excerpt,
        image: None,
        summary,
        brief: han::excerpt(summary, MAX_BRIEF_CHARACTERS),
        summary_language: language_of(summary),
        date: article.date.map(|date| date.iso()),
        date_text: article.date.map(|date| locale.day(&date)),
        short_date: article.date.map(|date| locale.short_date(calendar::day(&date))),
        clock: article.date.filter(|date| date.has_time).map(|date| date.at.format("%H:%M").to_string()),
        published: article.date.map(|date| date.rfc3339()),
        updated: article.updated.or(article.date).map(|date| date.rfc3339()),
        reports: 0,
        same_event: Vec::new(),
        day: Day {
            date: article.date.map(|date| date.iso().chars().take(10).collect()),
            title: article.date.map_or_else(|| locale.word("undated").to_owned(), |date| locale.day(&date)),
            when: article.date.map(|date| locale.long_date(calendar::day(&date))),
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
        label: None,
        language_name: None,
        language: None,
        ai: None,
        reviewed: false,
    }
}
