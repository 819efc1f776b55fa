//! Atom feeds of the site and of each term.
//!
//! RFC 4287 asks for a date of every entry, and an undated article has none to give: feeds bring the dated ones only.

use crate::plan::Sources;
use crate::plan::article::html;
use crate::plan::page::{Body, FeedEntry, FeedLink, FeedPage, Kind, Page};
use crate::site::{Address, ArticleId};

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
    let title = sources.config.title.clone();
    let subtitle = sources.config.description.clone();
    pages.push(page(sources, title, subtitle, &home, site_address(sources), &articles, true));
}

/// Is there anything to bring?
pub(super) fn has_entries(sources: Sources<'_>, articles: &[ArticleId]) -> bool {
    // Newest first, the undated last: the first tells.
    articles.first().is_some_and(|&id| sources.site.articles[id].date.is_some())
}

/// A feed of the newest of `articles`.
pub(super) fn page<'s>(
    sources: Sources<'s>,
    title: String,
    subtitle: String,
    of: &Address,
    at: Address,
    articles: &[ArticleId],
    whole_text: bool,
) -> Page<'s> {
    let site = sources.site;
    let dated = articles.iter().copied().filter(|&id| site.articles[id].date.is_some());
    let ids: Vec<ArticleId> = dated.take(sources.config.feeds.limit).collect();
    let changed = ids.iter().filter_map(|&id| site.articles[id].updated.or(site.articles[id].date)).max();
    let entries = ids
        .iter()
        .map(|&id| FeedEntry {
            card: sources.cards.get(id),
            content: whole_text.then(|| html(&site.articles[id].file, &site.articles[id].body)),
        })
        .collect();
    let feed = FeedPage {
        title,
        subtitle,
        page_url: of.permalink.clone(),
        feed_url: at.permalink,
        // A feed without entries still has to say when it changed; no clock may decide the bytes.
        updated: changed.map_or_else(|| "1970-01-01T00:00:00Z".to_owned(), |date| date.rfc3339()),
        entries,
    };
    Page::new(at.file, Body::template(Kind::Feed(feed)))
}
