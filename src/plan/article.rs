//! The page of each article and of each file in `content/pages`.

use rayon::prelude::*;

use crate::load::markdown::Rendered;
use crate::plan::Sources;
use crate::plan::page::{ArticlePage, Body, ContentPageView, Html, Kind, Meta, Neighbour, NewsArticle, Page};
use crate::site::{Address, ArticleId, slug};

pub(super) fn pages<'s>(sources: Sources<'s>, pages: &mut Vec<Page<'s>>) {
    let made: Vec<Page<'s>> =
        (0..sources.site.articles.len()).into_par_iter().map(|id| page(sources, id)).collect();
    pages.extend(made);
}

pub(super) fn html<'s>(file: &'s str, body: &'s Rendered) -> Html<'s> {
    Html { html: body.html.as_deref(), file, digest: body.digest }
}

fn page(sources: Sources<'_>, id: ArticleId) -> Page<'_> {
    let site = sources.site;
    let article = &site.articles[id];
    let address = &site.addresses[id];
    let dated = |id: ArticleId| site.articles.get(id).is_some_and(|article| article.date.is_some());
    let neighbour =
        |id: ArticleId| Neighbour { title: &site.articles[id].title, path: &site.addresses[id].path };
    let description = article.event.as_deref().unwrap_or(&article.excerpt);
    // Two articles may share a title; source and day tell them apart.
    let told_apart = match (&article.date, article.source.as_str()) {
        (Some(date), "") => date.at.format("%Y-%m-%d").to_string(),
        (Some(date), source) => format!("{source} {}", date.at.format("%Y-%m-%d")),
        (None, source) => source.to_owned(),
    };
    let titles: Vec<&str> =
        [article.title.as_str(), &told_apart].into_iter().filter(|part| !part.is_empty()).collect();
    let image = article.image.as_ref().map(|image| match image.strip_prefix('/') {
        Some(path) => format!("{}{}{path}", sources.config.base_url.origin, sources.config.base_url.path),
        None => image.clone(),
    });
    let kind = ArticlePage {
        meta: Meta::new("article", sources.title(&titles), crate::han::excerpt(description, 160), address),
        card: sources.cards.get(id),
        summary: article.summary.as_deref(),
        content: html(&article.file, &article.body),
        characters: article.body.length.characters + article.body.length.words,
        reading_time: article.body.length.minutes(),
        updated_text: article.updated.map(|date| sources.locale.day(&date)),
        newer: id.checked_sub(1).filter(|_| dated(id)).map(neighbour),
        older: Some(id + 1).filter(|&older| dated(id) && dated(older)).map(neighbour),
        json_ld: NewsArticle {
            headline: &article.title,
            description,
            language: sources.config.language.tag(),
            permalink: &address.permalink,
            publisher: &sources.config.title,
            source: &article.source,
            based_on: article.link.as_ref().map(|link| link.url.as_str()),
            published: sources.cards.cards[id].date.as_deref(),
            modified: sources.cards.cards[id].updated.as_deref(),
            image: image.clone(),
            keywords: &article.terms,
        },
        image,
        extra: &article.extra,
    };
    let lastmod = article.updated.or(article.date).map(|date| date.iso());
    Page::new(address.file.clone(), Body::template(Kind::Article(kind)))
        .at(&article.slug_place)
        .in_sitemap(address, lastmod)
}

/// `guide/Intro` is `guide/intro`: every part of a page's path is a plain slug.
pub(super) fn content_path(path: &str) -> String {
    path.split('/').map(slug::article).collect::<Vec<_>>().join("/")
}

pub(super) fn content_pages<'s>(sources: Sources<'s>, pages: &mut Vec<Page<'s>>) {
    for page in &sources.site.pages {
        let address = Address::new(&[&content_path(&page.path)], sources.config);
        let description = page.description.clone().unwrap_or_else(|| page.body.excerpt.clone());
        let kind = Kind::ContentPage(ContentPageView {
            meta: Meta::new("page", sources.title(&[&page.title]), description, &address),
            title: &page.title,
            content: html(&page.file, &page.body),
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
