//! Plans the page of each article and of each file in `content/pages`.

use rayon::prelude::*;

use crate::load::pictures::Picture;
use crate::plan::breadcrumbs;
use crate::plan::input::Input;
use crate::plan::keep::Key;
use crate::plan::label;
use crate::plan::page::{Body, Kind, Page};
use crate::plan::subject::Subject;
use crate::plan::view::article::{
    Alternate, ArticleLink, ArticlePage, ContentPageView, Neighbour, NewsArticle, PictureSize, PictureWidth,
};
use crate::plan::view::card::Card;
use crate::plan::view::page::{BodyRef, Meta};
use crate::site::{Address, ArticleId, BodyId};
use crate::slug;

/// Plans the pages of all articles, in parallel.
pub(super) fn pages<'s>(input: Input<'s>, pages: &mut Vec<Page<'s>>) {
    let planned: Vec<Page<'s>> =
        input.site.own_articles().collect::<Vec<_>>().into_par_iter().map(|id| page(input, id)).collect();
    pages.extend(planned);
}

/// Plans the page of one article.
pub(super) fn page<'s>(input: Input<'s>, id: ArticleId) -> Page<'s> {
    let site = input.site;
    let article = &site.articles[id];
    let address = &site.addresses[id];
    let key = key(input, id);
    let lastmod = article.updated.or(article.date).map(|date| date.iso());
    let finished = |page: Page<'s>| {
        let mut page = page.at(&article.slug_place).in_sitemap(address, lastmod);
        page.sitemap.iter_mut().for_each(|entry| entry.is_article = true);
        page
    };
    if let Some(kept) = input.kept(&address.file, key) {
        return finished(kept);
    }
    let subject = Subject::Article(id);
    finished(input.page(address.file.clone(), Body::template(kind(input, id)), key, Some(subject)))
}

/// The data of the page of one article.
pub(super) fn kind<'s>(input: Input<'s>, id: ArticleId) -> Kind<'s> {
    let Input { site, cards, connections, .. } = input;
    let article = &site.articles[id];
    let address = &site.addresses[id];
    let [newer, older] = neighbours(input, id);
    let neighbour = |id: ArticleId| Neighbour {
        title: &site.articles[id].title,
        path: &site.addresses[id].path,
        label: cards.label_text(id),
        language_name: cards.language_name(id),
    };
    let link = |&id: &ArticleId| {
        let card = cards.card(id);
        ArticleLink {
            title: card.title,
            path: card.path,
            source: card.source,
            date: card.day.date.as_deref(),
            short_date: card.short_date.as_ref(),
            label: card.label,
            language_name: card.language_name,
        }
    };
    // Two articles may share a title: their source and day make the pages' titles unique.
    let qualifier = match (&article.date, article.source.as_str()) {
        (Some(date), "") => date.at.format("%Y-%m-%d").to_string(),
        (Some(date), source) => format!("{source} {}", date.at.format("%Y-%m-%d")),
        (None, source) => source.to_owned(),
    };
    let titles: Vec<&str> =
        [article.title.as_str(), &qualifier].into_iter().filter(|part| !part.is_empty()).collect();
    let image = article.image.as_ref().map(|image| input.config.root_url().absolute(image));
    Kind::Article(ArticlePage {
        meta: Meta::new("article", input.title(&titles), description(cards.card(id)), address)
            .below(breadcrumbs::above_article(input, id), &article.title),
        card: input.cards.reference(id),
        summary: article.summary.as_deref(),
        content: BodyRef { id: BodyId::Article(id), file: &article.file },
        pictures: picture_sizes(input, id),
        updated_text: article.updated.map(|date| input.locale.day(&date)),
        newer: newer.map(neighbour),
        older: older.map(neighbour),
        reports: connections.stories.reports(id).iter().filter(|&&other| other != id).map(link).collect(),
        related: connections.related[id].iter().map(link).collect(),
        aigc: cards.card(id).ai.and_then(|_| label::metadata_block(address, input.config)),
        json_ld: NewsArticle {
            headline: &article.title,
            language: input.config.language.tag(),
            permalink: &address.permalink,
            publisher: &input.config.title,
            source: &article.source,
            based_on: article.link.as_ref().map(|link| link.url.as_str()),
            published: input.cards.card(id).date.as_deref(),
            modified: input.cards.card(id).updated.as_deref(),
            image: cards.card(id).image.clone(),
            ai: cards.card(id).ai,
        },
        image,
        alternates: alternates(input, id),
        extra: &article.extra,
    })
}

/// The articles before and after a dated one.
fn neighbours(input: Input<'_>, id: ArticleId) -> [Option<ArticleId>; 2] {
    let articles = &input.site.articles;
    let is_dated = |id: ArticleId| articles.get(id).is_some_and(|article| article.date.is_some());
    let newer = id.checked_sub(1).filter(|_| is_dated(id));
    [newer, Some(id + 1).filter(|&older| is_dated(id) && is_dated(older))]
}

/// The key of an article's page and of its other versions.
pub(super) fn key(input: Input<'_>, id: ArticleId) -> Key {
    input.key(|keep| {
        let linked = [input.connections.stories.reports(id), &input.connections.related[id]];
        let neighbours = neighbours(input, id).map(|other| other.map(|other| keep.articles(&[other])));
        let own = ("article", &input.site.addresses[id].path, keep.card(id), keep.body(id));
        (own, neighbours, linked.map(|ids| keep.articles(ids)), picture_sizes(input, id))
    })
}

/// Plans the files of the pictures of articles and of their copies, each below its article's page.
pub(super) fn pictures<'s>(input: Input<'s>, pages: &mut Vec<Page<'s>>) {
    for (&id, pictures) in &input.site.pictures {
        let address = &input.site.addresses[id];
        for picture in pictures {
            let copies = picture.copies.iter().map(|copy| (&copy.name, &copy.file));
            let files = std::iter::once((&picture.name, &picture.file)).chain(copies);
            pages.extend(files.map(|(name, file)| {
                Page::new(address.beside(name).file, Body::Static(file)).at(&picture.place)
            }));
        }
    }
}

/// The sizes of an article's pictures, and their copies.
fn picture_sizes(input: Input<'_>, id: ArticleId) -> Vec<PictureSize> {
    let Some(pictures) = input.site.pictures.get(&id) else { return Vec::new() };
    let own = &input.site.addresses[id];
    let path = |name: &str| own.beside(name).path.split_off(own.path.len());
    let size = |picture: &Picture| {
        let (width, height) = picture.size?;
        let itself = picture.is_own_copy.then_some((&picture.name, width));
        let copies = picture.copies.iter().map(|copy| (&copy.name, copy.width)).chain(itself);
        let copies = copies.map(|(name, width)| PictureWidth { path: path(name), width }).collect();
        Some(PictureSize { path: path(&picture.name), width, height, copies })
    };
    pictures.iter().filter_map(size).collect()
}

/// The description for search engines and social networks. They show it without the page, so it has
/// the article's label.
fn description(card: &Card<'_>) -> String {
    match card.label {
        Some(label) => format!("[{label}] {}", card.brief),
        None => card.brief.clone(),
    }
}

/// Links to the JSON and Markdown versions of an article that the digest has.
fn alternates(input: Input<'_>, id: ArticleId) -> Vec<Alternate> {
    let outputs = input.config.outputs;
    let formats =
        [(outputs.json, "application/json", "index.json"), (outputs.markdown, "text/markdown", "index.md")];
    let enabled = formats.into_iter().filter(|(is_on, ..)| *is_on);
    enabled
        .map(|(_, kind, name)| Alternate { kind, path: input.site.addresses[id].beside(name).path })
        .collect()
}

/// Plans the pages of the files in `content/pages`.
pub(super) fn content_pages<'s>(input: Input<'s>, pages: &mut Vec<Page<'s>>) {
    for (id, page) in input.site.pages.iter().enumerate() {
        let address = Address::new(&[&slug::page(&page.path)], input.config);
        let kind = Kind::ContentPage(ContentPageView {
            meta: Meta::new("page", input.title(&[&page.title]), page.description.clone(), &address)
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
