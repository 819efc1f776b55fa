//! Defines the contents of a social card, and the picture that a page's head names.

use std::borrow::Cow;

use serde::Serialize;

use crate::fingerprint::Fingerprint;
use crate::load::bundle;

/// The file of a page's card, beside the page.
pub(crate) const FILE: &str = bundle::SOCIAL_CARD;

/// The picture that social networks show for a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct SocialPicture {
    /// URL of the picture.
    pub url: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// What the picture shows, in words.
    pub alt: String,
}

/// A headline of an edition, with the label of machine-written text.
#[derive(Debug, Serialize)]
pub(crate) struct Headline<'s> {
    /// Title of the article.
    pub title: &'s str,
    /// The label; `None` if the article has none.
    pub label: Option<&'s str>,
}

/// A social card: the text on the picture of a page.
#[derive(Debug, Serialize)]
pub(crate) struct SocialCard<'s> {
    /// Fingerprint of the templates of pictures, and of the fonts.
    pub style: Fingerprint,
    /// Kind of the page: `article`, `day`, `week`, `month`, `term` or `home`.
    pub kind: &'static str,
    /// The headline.
    pub title: Cow<'s, str>,
    /// The publisher, the days of a week, a taxonomy, or the description of the digest. May be empty.
    pub note: String,
    /// The day of an article, which is never cut. May be empty.
    pub day: &'s str,
    /// The label of machine-written text; `None` if the article has none.
    pub label: Option<&'s str>,
    /// The first headlines of an edition.
    pub headlines: Vec<Headline<'s>>,
    /// Title of the digest.
    pub digest: &'s str,
    /// The digest's address without its scheme, for people.
    pub address: String,
    /// BCP 47 tag of the digest.
    pub language: &'static str,
}
