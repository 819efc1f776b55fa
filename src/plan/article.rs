//! The page of each article and of each file in `content/pages`.

use rayon::prelude::*;
use serde::Serialize;

use crate::plan::card::CardRef;
use crate::plan::page::{Body, BodyRef, Kind, Meta, Page};
use crate::plan::{Sources, archive};
use crate::site::{Address, ArticleId, BodyId, slug};
use crate::yaml::Node;

/// An article's own page.
#[derive(Debug, Serialize)]
pub struct ArticlePage<'s> {
    /// The head.
    pub meta: Meta,
    /// What lists show of it, too.
    pub card: CardRef,
    /// The front matter's `summary`, when there is a body as well.
    pub summary: Option<&'s str>,
    /// The body, and how long it is to read.
    pub content: BodyRef<'s>,
    /// As people write it.
    pub updated_text: Option<String>,
    /// An image's URL, for cards.
    pub image: Option<String>,
    /// The next newer article with a date.
    pub newer: Option<Neighbour<'s>>,
    /// The next older article with a date.
    pub older: Option<Neighbour<'s>>,
    /// Other reports of the same event, newest first.
    pub reports: Vec<ArticleLink<'s>>,
    /// Articles about the same things.
    pub related: Vec<ArticleLink<'s>>,
    /// For machines.
    pub json_ld: NewsArticle<'s>,
    /// The same article in other forms.
    pub alternates: Vec<Alternate>,
    /// The front matter's `extra`.
    pub extra: &'s Node,
}

/// A page in another form.
#[derive(Debug, Serialize)]
pub struct Alternate {
    /// Its media type.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// For links.
    pub path: String,
}

/// schema.org's NewsArticle.
#[derive(Debug, Serialize)]
pub struct NewsArticle<'s> {
    /// The title.
    pub headline: &'s str,
    /// The event, else the excerpt.
    pub description: &'s str,
    /// BCP 47.
    pub language: &'s str,
    /// Its URL here.
    pub permalink: &'s str,
    /// The digest's name.
    pub publisher: &'s str,
    /// Who wrote the original.
    pub source: &'s str,
    /// The original's URL.
    pub based_on: Option<&'s str>,
    /// A day or RFC 3339.
    pub published: Option<&'s str>,
    /// RFC 3339.
    pub modified: Option<&'s str>,
    /// An image's URL.
    pub image: Option<String>,
    /// The names of its terms.
    pub keywords: Vec<&'s str>,
}

/// An article beside another.
#[derive(Debug, Serialize)]
pub struct Neighbour<'s> {
    /// Its title.
    pub title: &'s str,
    /// For links.
    pub path: &'s str,
}

/// An article in a short list.
#[derive(Debug, Serialize)]
pub struct ArticleLink<'s> {
    /// Its title.
    pub title: &'s str,
    /// For links.
    pub path: &'s str,
    /// The publisher; may be empty.
    pub source: &'s str,
    /// A day or RFC 3339.
    pub date: Option<&'s str>,
    /// As people write it.
    pub date_text: Option<&'s str>,
}

/// A page of `content/pages`.
#[derive(Debug, Serialize)]
pub struct ContentPageView<'s> {
    /// The head.
    pub meta: Meta,
    /// The page's `h1`.
    pub title: &'s str,
    /// The body.
    pub content: BodyRef<'s>,
    /// The front matter's `extra`.
    pub extra: &'s Node,
}

pub(super) fn pages<'s>(sources: Sources<'s>, pages: &mut Vec<Page<'s>>) {
    let made: Vec<Page<'s>> =
        (0..sources.site.articles.len()).into_par_iter().map(|id| page(sources, id)).collect();
    pages.extend(made);
}

pub(super) fn page(sources: Sources<'_>, id: ArticleId) -> Page<'_> {
    let Sources { site, cards, connections, .. } = sources;
    let article = &site.articles[id];
    let address = &site.addresses[id];
    let dated = |id: ArticleId| site.articles.get(id).is_some_and(|article| article.date.is_some());
    let neighbour =
        |id: ArticleId| Neighbour { title: &site.articles[id].title, path: &site.addresses[id].path };
    let link = |&id: &ArticleId| {
        let card = cards.card(id);
        ArticleLink {
            title: card.title,
            path: card.path,
            source: card.source,
            date: card.date.as_deref(),
            date_text: card.date_text.as_deref(),
        }
    };
    let description = article.event.as_deref().unwrap_or(&article.excerpt);
    // Two articles may share a title; source and day tell them apart.
    let told_apart = match (&article.date, article.source.as_str()) {
        (Some(date), "") => date.at.format("%Y-%m-%d").to_string(),
        (Some(date), source) => format!("{source} {}", date.at.format("%Y-%m-%d")),
        (None, source) => source.to_owned(),
    };
    let titles: Vec<&str> =
        [article.title.as_str(), &told_apart].into_iter().filter(|part| !part.is_empty()).collect();
    let image = article.image.as_ref().map(|image| sources.config.base_url.image(image));
    let kind = ArticlePage {
        meta: Meta::new("article", sources.title(&titles), crate::han::excerpt(description, 160), address)
            .below(archive::crumbs_of(sources, id), &article.title),
        card: sources.cards.get(id),
        summary: article.summary.as_deref(),
        content: BodyRef { id: BodyId::Article(id), file: &article.file },
        updated_text: article.updated.map(|date| sources.locale.day(&date)),
        newer: id.checked_sub(1).filter(|_| dated(id)).map(neighbour),
        older: Some(id + 1).filter(|&older| dated(id) && dated(older)).map(neighbour),
        reports: connections.stories.reports(id).iter().filter(|&&other| other != id).map(link).collect(),
        related: connections.related[id].iter().map(link).collect(),
        json_ld: NewsArticle {
            headline: &article.title,
            description,
            language: sources.config.language.tag(),
            permalink: &address.permalink,
            publisher: &sources.config.title,
            source: &article.source,
            based_on: article.link.as_ref().map(|link| link.url.as_str()),
            published: sources.cards.card(id).date.as_deref(),
            modified: sources.cards.card(id).updated.as_deref(),
            image: image.clone(),
            keywords: site.terms_of(id).map(|term| site.term(term).name.as_str()).collect(),
        },
        image,
        alternates: alternates(sources, id),
        extra: &article.extra,
    };
    let lastmod = article.updated.or(article.date).map(|date| date.iso());
    Page::new(address.file.clone(), Body::template(Kind::Article(kind)))
        .at(&article.slug_place)
        .in_sitemap(address, lastmod)
}

fn alternates(sources: Sources<'_>, id: ArticleId) -> Vec<Alternate> {
    let outputs = sources.config.outputs;
    let forms =
        [(outputs.json, "application/json", "index.json"), (outputs.markdown, "text/markdown", "index.md")];
    let written = forms.into_iter().filter(|(is_on, ..)| *is_on);
    written
        .map(|(_, kind, name)| Alternate { kind, path: sources.site.addresses[id].beside(name).path })
        .collect()
}

pub(super) fn content_pages<'s>(sources: Sources<'s>, pages: &mut Vec<Page<'s>>) {
    for (id, page) in sources.site.pages.iter().enumerate() {
        let address = Address::new(&[&slug::page(&page.path)], sources.config);
        let kind = Kind::ContentPage(ContentPageView {
            meta: Meta::new("page", sources.title(&[&page.title]), page.description.clone(), &address)
                .below(Vec::new(), &page.title),
            title: &page.title,
            content: BodyRef { id: BodyId::Page(id), file: &page.file },
            extra: &page.extra,
        });
        let lastmod = page.updated.map(|date| date.iso());
        pages.push(
            Page::new(address.file.clone(), Body::template(kind))
                .at(&page.slug_place)
                .in_sitemap(&address, lastmod),
        );
    }
}
