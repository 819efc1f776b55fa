//! What templates and feeds see of feeds and the outline of feeds.

use serde::Serialize;

use crate::plan::view::card::CardRef;
use crate::plan::view::page::BodyRef;

/// A feed, whatever it is written in.
#[derive(Debug, Serialize)]
pub(crate) struct FeedPage<'s> {
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
pub(crate) struct FeedEntry<'s> {
    /// The article.
    pub card: CardRef,
    /// Its body, in feeds that bring the whole text.
    pub content: Option<Box<BodyRef<'s>>>,
}

/// All feeds in one file, for programs that subscribe to many at once (OPML 2.0).
#[derive(Debug, Serialize)]
pub(crate) struct Outline {
    /// The digest's.
    pub title: String,
    /// The site's feeds, those of each taxonomy's terms, those of crossings.
    pub groups: Vec<OutlineGroup>,
}

/// Feeds that belong together.
#[derive(Debug, Serialize)]
pub(crate) struct OutlineGroup {
    /// What readers see.
    pub title: String,
    /// The feeds.
    pub feeds: Vec<OutlineFeed>,
}

/// A feed in an outline.
#[derive(Debug, Serialize)]
pub(crate) struct OutlineFeed {
    /// What readers see.
    pub title: String,
    /// The Atom feed.
    pub feed_url: String,
    /// The page with the same articles.
    pub page_url: String,
}
