//! What templates and feeds see of every page: its head and its body.

use serde::{Serialize, Serializer};

use crate::site::Address;
use crate::site::BodyId;

/// A line of the sitemap.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct SitemapEntry {
    /// The page's URL.
    pub permalink: String,
    /// When its articles last changed, RFC 3339 or a day.
    pub lastmod: Option<String>,
}

/// What the head of every HTML page needs.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Meta {
    /// `home`, `article`, `page`, `taxonomy`, `term`, `crossing`, `crossings`, `archive`, `year`, `month`, `day`, `week`,
    /// `trends`, `undated`, `search` or `not-found`.
    pub kind: &'static str,
    /// For `<title>`: unique on the site.
    pub title: String,
    /// For search engines and cards: unique where the page's content is.
    pub description: String,
    /// For links: percent-encoded, below the base path.
    pub path: String,
    /// Canonical URL.
    pub permalink: String,
    /// Keep it out of search engines.
    pub noindex: bool,
    /// The feed of this page's articles.
    pub feed: Option<FeedLink>,
    /// The ways up: from below the home page to this one, or to the list that it is a page of.
    pub crumbs: Vec<Crumb>,
}

/// A page on the way from the home page to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Crumb {
    /// What readers see.
    pub name: String,
    /// For links.
    pub path: String,
}

impl Crumb {
    pub(crate) fn new(name: impl Into<String>, path: impl Into<String>) -> Self {
        Self { name: name.into(), path: path.into() }
    }
}

impl Meta {
    pub(crate) fn new(kind: &'static str, title: String, description: String, address: &Address) -> Self {
        Self {
            kind,
            title,
            description,
            path: address.path.clone(),
            permalink: address.permalink.clone(),
            noindex: false,
            feed: None,
            crumbs: Vec::new(),
        }
    }

    /// The same below other pages, under a name.
    pub(crate) fn below(mut self, parents: Vec<Crumb>, name: &str) -> Self {
        self.crumbs = parents;
        self.crumbs.push(Crumb::new(name, self.path.as_str()));
        self
    }
}

/// A feed, for discovery links.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct FeedLink {
    /// What it is a feed of.
    pub title: String,
    /// For links.
    pub path: String,
    /// The same as JSON Feed.
    pub json: Option<String>,
}

/// Stands for a body in a page. What is in the body, the page's fingerprint learns from [`Bodies`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct BodyRef<'s> {
    /// Whose body.
    pub id: BodyId,
    /// The file that it is made from.
    pub file: &'s str,
}

impl Serialize for BodyRef<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}
