//! Defines the template variables of an article's page and of a content page.

use serde::Serialize;

use crate::locale::DateText;
use crate::plan::view::card::CardRef;
use crate::plan::view::page::{BodyRef, Meta};
use crate::yaml::Node;

/// An article's own page.
#[derive(Debug, Serialize)]
pub(crate) struct ArticlePage<'s> {
    /// Data of the page's `<head>`.
    pub meta: Meta,
    /// The article's card, as in lists.
    pub card: CardRef,
    /// The front matter's `summary`, if the article has a body as well.
    pub summary: Option<&'s str>,
    /// The body; templates get its HTML, its length and its reading time.
    pub content: BodyRef<'s>,
    /// The article's own pictures whose size is known. The HTML of the body gets the sizes.
    pub pictures: Vec<PictureSize>,
    /// Calendar day of the last change, in the digest's language.
    pub updated_text: Option<String>,
    /// URL of the article's image, for the cards of social networks.
    pub image: Option<String>,
    /// The next newer article that has a date.
    pub newer: Option<Neighbour<'s>>,
    /// The next older article that has a date.
    pub older: Option<Neighbour<'s>>,
    /// Other reports of the same event, newest first.
    pub reports: Vec<ArticleLink<'s>>,
    /// Articles on related subjects.
    pub related: Vec<ArticleLink<'s>>,
    /// The metadata block of a labelled article (GB 45438-2025), as JSON.
    pub aigc: Option<String>,
    /// Structured data for search engines.
    pub json_ld: NewsArticle<'s>,
    /// The JSON and Markdown versions of the article, if the digest has them.
    pub alternates: Vec<Alternate>,
    /// The front matter's `extra`.
    pub extra: &'s Node,
}

/// A picture of an article.
#[derive(Debug, Serialize)]
pub(crate) struct PictureSize {
    /// Path relative to the article's page, percent-encoded.
    pub path: String,
    /// Width in CSS pixels.
    pub width: u32,
    /// Height in CSS pixels.
    pub height: u32,
    /// Its smaller copies, ascending by width; the last one may be the picture itself.
    pub copies: Vec<PictureWidth>,
}

/// A copy of a picture, or the picture itself.
#[derive(Debug, Serialize)]
pub(crate) struct PictureWidth {
    /// Path relative to the article's page, percent-encoded.
    pub path: String,
    /// Width in pixels.
    pub width: u32,
}

/// Another version of a page: JSON or Markdown.
#[derive(Debug, Serialize)]
pub(crate) struct Alternate {
    /// Media type.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Path of the file, for links.
    pub path: String,
}

/// Data of a schema.org `NewsArticle`.
#[derive(Debug, Serialize)]
pub(crate) struct NewsArticle<'s> {
    /// Title.
    pub headline: &'s str,
    /// Language of the digest as a BCP 47 tag.
    pub language: &'s str,
    /// URL of the article's page on this site.
    pub permalink: &'s str,
    /// Title of the digest.
    pub publisher: &'s str,
    /// Publisher of the original; may be empty.
    pub source: &'s str,
    /// URL of the original.
    pub based_on: Option<&'s str>,
    /// Date of publication: a day or RFC 3339.
    pub published: Option<&'s str>,
    /// Time of the last change, RFC 3339.
    pub modified: Option<&'s str>,
    /// URL of the article's image.
    pub image: Option<String>,
    /// The part of a model in the text: `generated` or `assisted`.
    pub ai: Option<&'static str>,
}

/// A link to the next newer or older article.
#[derive(Debug, Serialize)]
pub(crate) struct Neighbour<'s> {
    /// Title of the article.
    pub title: &'s str,
    /// Path of its page, for links.
    pub path: &'s str,
    /// The label of machine-written text; `None` if the article has none.
    pub label: Option<&'s str>,
    /// Name of the language of an article of another language; `None` for all others.
    pub language_name: Option<&'static str>,
}

/// An article in a short list of links.
#[derive(Debug, Serialize)]
pub(crate) struct ArticleLink<'s> {
    /// Title of the article.
    pub title: &'s str,
    /// Path of its page, for links.
    pub path: &'s str,
    /// The publisher; may be empty.
    pub source: &'s str,
    /// A day or RFC 3339.
    pub date: Option<&'s str>,
    /// The same day in the digest's language, in short.
    pub short_date: Option<&'s DateText>,
    /// The label of machine-written text; `None` if the article has none.
    pub label: Option<&'s str>,
    /// Name of the language of an article of another language; `None` for all others.
    pub language_name: Option<&'static str>,
}

/// The page of a file in `content/pages`.
#[derive(Debug, Serialize)]
pub(crate) struct ContentPageView<'s> {
    /// Data of the page's `<head>`.
    pub meta: Meta,
    /// The page's `h1`.
    pub title: &'s str,
    /// The body.
    pub content: BodyRef<'s>,
    /// The front matter's `extra`.
    pub extra: &'s Node,
}
