//! Defines the template variables of the page that explains how to subscribe.

use serde::Serialize;

use crate::plan::view::page::Meta;

/// The page that explains feeds and lists the feeds of the whole digest.
#[derive(Debug, Serialize)]
pub(crate) struct SubscribePage {
    /// Data of the page's `<head>`.
    pub meta: Meta,
    /// The feeds of the whole digest and the outline of all feeds.
    pub feeds: Vec<SiteFeed>,
    /// True if terms have feeds.
    pub has_term_feeds: bool,
}

/// A feed of the whole digest, or the outline of all feeds.
#[derive(Debug, Serialize)]
pub(crate) struct SiteFeed {
    /// `atom`, `json`, `weekly` or `opml`.
    pub kind: &'static str,
    /// Its path, for links.
    pub path: String,
    /// Its URL, to be copied into a feed reader.
    pub url: String,
}
