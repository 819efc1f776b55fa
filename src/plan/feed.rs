//! Atom feeds of the site and of each term.
//!
//! RFC 4287 asks for a date of every entry, and an undated article has none to give: feeds bring the dated ones only.

use serde::Serialize;

use crate::load::date::Date;
use crate::plan::Sources;
use crate::plan::card::CardRef;
use crate::plan::page::{Body, BodyRef, FeedLink, Kind, Page};
use crate::site::{Address, ArticleId, BodyId};

/// An Atom feed.
#[derive(Debug, Serialize)]
pub struct FeedPage<'s> {
    /// Unique.
    pub title: String,
    /// One sentence.
    pub subtitle: String,
    /// The page whose articles it brings.
    pub page_url: String,
    /// Its own URL.
    pub feed_url: String,
    /// The latest change of its articles, RFC 3339.
    pub updated: String,
    /// Newest first.
    pub entries: Vec<FeedEntry<'s>>,
}

/// An article in a feed.
#[derive(Debug, Serialize)]
pub struct FeedEntry<'s> {
    /// The article.
    pub card: CardRef,
    /// Its body, in feeds that bring the whole text.
    pub content: Option<BodyRef<'s>>,
}

fn site_address(sources: Sources<'_>) -> Address {
    Address::file(&[], "feed.xml", sources.config)
}

pub(super) fn site_link(sources: Sources<'_>) -> FeedLink {
    FeedLink { title: sources.config.title.clone(), path: site_address(sources).path }
}

/// The feed of all articles, with their whole text.
pub(super) fn site<'s>(sources: Sources<'s>, pages: &mut Vec<Page<'s>>) {
    let articles: Vec<ArticleId> =
        (0..sources.site.articles.len()).take(sources.config.feeds.limit).collect();
    let home = Address::new(&[], sources.config);
    let head = Head {
        title: sources.config.title.clone(),
        subtitle: sources.config.description.clone(),
        of: &home,
        at: site_address(sources),
        whole_text: true,
    };
    pages.push(page(sources, &head, &articles));
}

/// Is there anything to bring?
pub(super) fn has_entries(sources: Sources<'_>, articles: &[ArticleId]) -> bool {
    // Newest first, the undated last: the first tells.
    articles.first().is_some_and(|&id| sources.site.articles[id].date.is_some())
}

/// When a feed changed. One without entries still has to say so, and no clock may decide the bytes.
pub(super) fn moment(changed: Option<Date>) -> String {
    changed.map_or_else(|| "1970-01-01T00:00:00Z".to_owned(), |date| date.rfc3339())
}

/// What a feed says of itself.
pub(super) struct Head<'a> {
    pub(super) title: String,
    pub(super) subtitle: String,
    /// The page whose articles it brings.
    pub(super) of: &'a Address,
    /// Where it stands.
    pub(super) at: Address,
    pub(super) whole_text: bool,
}

/// A feed of the newest of `articles`.
pub(super) fn page<'s>(sources: Sources<'s>, head: &Head<'_>, articles: &[ArticleId]) -> Page<'s> {
    let site = sources.site;
    let dated = articles.iter().copied().filter(|&id| site.articles[id].date.is_some());
    let ids: Vec<ArticleId> = dated.take(sources.config.feeds.limit).collect();
    let changed = ids.iter().filter_map(|&id| site.articles[id].updated.or(site.articles[id].date)).max();
    let entries = ids
        .iter()
        .map(|&id| FeedEntry {
            card: sources.cards.get(id),
            content: head
                .whole_text
                .then(|| BodyRef { id: BodyId::Article(id), file: &site.articles[id].file }),
        })
        .collect();
    let feed = FeedPage {
        title: head.title.clone(),
        subtitle: head.subtitle.clone(),
        page_url: head.of.permalink.clone(),
        feed_url: head.at.permalink.clone(),
        updated: moment(changed),
        entries,
    };
    Page::new(head.at.file.clone(), Body::template(Kind::Feed(feed)))
}
