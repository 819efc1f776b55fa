//! What templates and feeds see of an article, its neighbours and a content page.

use serde::Serialize;

use crate::plan::view::card::CardRef;
use crate::plan::view::page::{BodyRef, Meta};
use crate::yaml::Node;

/// An article's own page.
#[derive(Debug, Serialize)]
pub(crate) struct ArticlePage<'s> {
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
pub(crate) struct Alternate {
    /// Its media type.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// For links.
    pub path: String,
}

/// schema.org's NewsArticle.
#[derive(Debug, Serialize)]
pub(crate) struct NewsArticle<'s> {
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
pub(crate) struct Neighbour<'s> {
    /// Its title.
    pub title: &'s str,
    /// For links.
    pub path: &'s str,
}

/// An article in a short list.
#[derive(Debug, Serialize)]
pub(crate) struct ArticleLink<'s> {
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
pub(crate) struct ContentPageView<'s> {
    /// The head.
    pub meta: Meta,
    /// The page's `h1`.
    pub title: &'s str,
    /// The body.
    pub content: BodyRef<'s>,
    /// The front matter's `extra`.
    pub extra: &'s Node,
}
