//! Defines the data that every page has: its `<head>`, its breadcrumbs and its body.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

use crate::plan::view::social::SocialPicture;
use crate::site::Address;
use crate::site::BodyId;

/// A page's entry in the sitemap.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct SitemapEntry {
    /// URL of the page.
    pub permalink: String,
    /// Time of the last change of its articles, RFC 3339 or a day.
    pub lastmod: Option<String>,
    /// The page in all languages that have it; empty for a page in one language.
    pub languages: Vec<Hreflang>,
    /// True for the page of an article. Its entry is in another file than those of lists.
    #[serde(skip)]
    pub is_article: bool,
}

/// The URL of a page in one language, for search engines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Hreflang {
    /// BCP 47 tag, or `x-default`.
    pub tag: Cow<'static, str>,
    /// URL of the page.
    pub url: String,
}

/// The page in one language of the digest, for the language switch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct PageLanguage {
    /// BCP 47 tag.
    pub tag: &'static str,
    /// Name of the language in itself.
    pub name: &'static str,
    /// Path of the page in that language, else of the nearest page that the language has.
    pub path: String,
    /// URL of that page.
    pub permalink: String,
    /// True if it is this page in that language, and not another one.
    pub is_translation: bool,
    /// True for the language of this page.
    pub is_current: bool,
}

/// Data of the `<head>` of an HTML page.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Meta {
    /// Kind of the page: `home`, `article`, `page`, `taxonomy`, `term`, `crossing`, `crossings`,
    /// `archive`, `year`, `month`, `day`, `week`, `trends`, `undated`, `mine`, `subscribe`,
    /// `search`, `expired` or `not-found`.
    pub kind: &'static str,
    /// Text of `<title>`, unique on the site.
    pub title: String,
    /// Description for search engines and social networks, unique if the page's content is.
    pub description: String,
    /// Path of the page, for links: percent-encoded, with the base path.
    pub path: String,
    /// Canonical URL.
    pub permalink: String,
    /// Number of the page in a list, from 1, the oldest; `None` on all pages that are not numbered.
    pub number: Option<usize>,
    /// True if search engines must not index the page.
    pub noindex: bool,
    /// Feed of the page's articles.
    pub feed: Option<FeedLink>,
    /// The picture that social networks show for the page, if newsprint draws one.
    pub social: Option<SocialPicture>,
    /// Breadcrumbs, without the home page. The last one is the page itself, or the list that it
    /// is a page of.
    pub crumbs: Vec<Crumb>,
    /// The page in all languages of the digest, in their order; empty for a digest of one.
    pub languages: Vec<PageLanguage>,
    /// The page for `hreflang`: the languages that have this page, and `x-default`; empty if
    /// only one has it.
    pub hreflang: Vec<Hreflang>,
}

/// One breadcrumb: a link to a page on the path from the home page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Crumb {
    /// Name shown to readers.
    pub name: String,
    /// Path of the page, for links.
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
            number: None,
            noindex: false,
            feed: None,
            social: None,
            crumbs: Vec::new(),
            languages: Vec::new(),
            hreflang: Vec::new(),
        }
    }

    /// Sets the breadcrumbs: `parents`, then this page with the name `name`.
    pub(crate) fn below(mut self, parents: Vec<Crumb>, name: &str) -> Self {
        self.crumbs = parents;
        self.crumbs.push(Crumb::new(name, self.path.as_str()));
        self
    }
}

/// A feed, for the discovery links in `<head>`.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct FeedLink {
    /// Title of the feed.
    pub title: String,
    /// Path of the Atom feed, for links.
    pub path: String,
    /// Path of the JSON Feed with the same articles; `None` if the digest has no JSON feeds.
    pub json: Option<String>,
}

/// A reference to a body. It serialises as nothing: the page's fingerprint takes the fingerprint of
/// the body from [`Bodies`](crate::site::Bodies).
#[derive(Debug, Clone, Copy)]
pub(crate) struct BodyRef<'s> {
    /// The article or content page whose body it is.
    pub id: BodyId,
    /// Path of the source file, relative to the digest's root.
    pub file: &'s str,
}

impl Serialize for BodyRef<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}
