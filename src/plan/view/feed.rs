//! Defines the contents of feeds and of the outline of feeds (OPML).

use serde::Serialize;

use crate::plan::view::card::CardRef;
use crate::plan::view::page::BodyRef;

/// A feed of articles, independent of its format.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct FeedPage<'s> {
    /// Title of the feed, unique on the site.
    pub title: String,
    /// One sentence about the feed.
    pub subtitle: String,
    /// URL of the page that lists the same articles.
    pub page_url: String,
    /// URL of the feed itself.
    pub feed_url: String,
    /// Time of the latest change of its articles, RFC 3339.
    pub updated: String,
    /// Entries, newest first.
    pub entries: Vec<FeedEntry<'s>>,
}

/// An article in a feed.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct FeedEntry<'s> {
    /// The article's card.
    pub card: CardRef,
    /// The article's body, in feeds with full text.
    pub content: Option<Box<BodyRef<'s>>>,
}

/// A notice in place of a feed that ended.
#[derive(Debug)]
pub(crate) struct EndedFeed {
    /// True for a JSON Feed, false for Atom.
    pub is_json: bool,
    /// Title of the notice.
    pub title: String,
    /// Where to subscribe instead, in words.
    pub hint: String,
    /// Time of the newest article when the feed ended, RFC 3339.
    pub updated: String,
    /// URL of the feed.
    pub feed_url: String,
    /// URL of the page that listed the same articles.
    pub page_url: String,
    /// URL of the Atom feed to subscribe to instead.
    pub instead: String,
}

/// All feeds in one file, for feed readers that subscribe to many at once (OPML 2.0).
#[derive(Debug, Serialize)]
pub(crate) struct Outline {
    /// Title of the digest.
    pub title: String,
    /// The site's own feeds, then one group for each taxonomy, then the crossings.
    pub groups: Vec<OutlineGroup>,
}

/// A group of feeds in the outline.
#[derive(Debug, Serialize)]
pub(crate) struct OutlineGroup {
    /// Title shown to readers.
    pub title: String,
    /// Feeds of the group.
    pub feeds: Vec<OutlineFeed>,
}

/// A feed in the outline.
#[derive(Debug, Serialize)]
pub(crate) struct OutlineFeed {
    /// Title shown to readers.
    pub title: String,
    /// URL of the Atom feed.
    pub feed_url: String,
    /// URL of the page with the same articles.
    pub page_url: String,
}
