//! Defines the template variables of an article in lists and of its terms.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

use crate::fingerprint::Packed;
use crate::locale::DateText;
use crate::site::ArticleId;

/// An article as lists show it.
#[derive(Debug, Serialize)]
pub(crate) struct Card<'s> {
    /// Title of the article.
    pub title: &'s str,
    /// Language of the title, such as `en`; `None` if it is the site's language.
    pub title_language: Option<&'static str>,
    /// Path of the article's page, for links.
    pub path: &'s str,
    /// URL of the article's page.
    pub permalink: &'s str,
    /// The id in feeds from the front matter; without one, it is made from the permalink.
    pub feed_id: Option<&'s str>,
    /// URL of the original.
    pub link: Option<&'s str>,
    /// The publisher; may be empty.
    pub source: &'s str,
    /// The key event.
    pub event: Option<&'s str>,
    /// The front matter's `summary`, or else the beginning of the body.
    pub excerpt: &'s str,
    /// URL of its picture: the front matter's `image`, or else its social card.
    pub image: Option<String>,
    /// One or two sentences about the article: the key event, or else the excerpt.
    pub summary: &'s str,
    /// The beginning of the summary, for lists: at most 120 characters.
    pub brief: String,
    /// Language of the summary; `None` if it is the site's language.
    pub summary_language: Option<&'static str>,
    /// A day or RFC 3339, for `datetime` attributes.
    pub date: Option<String>,
    /// Calendar day of the date, in the digest's language.
    pub date_text: Option<String>,
    /// The same day in short, without its weekday; `None` without a date.
    pub short_date: Option<DateText>,
    /// Time of day, such as `09:30`; `None` if the date has none.
    pub clock: Option<String>,
    /// Time of publication, RFC 3339.
    pub published: Option<String>,
    /// Time of the last change, or else of publication, RFC 3339.
    pub updated: Option<String>,
    /// Number of other reports of the same event.
    pub reports: usize,
    /// The other reports of the same event, newest first. A list shows a story by one of its
    /// reports; the titles of the others stand below, so that no list hides an article.
    pub same_event: Vec<Report<'s>>,
    /// The article's day. Lists show it as a heading; it is not part of the card.
    #[serde(skip)]
    pub day: Day,
    /// The article's terms by taxonomy; taxonomies without terms are left out.
    pub taxonomies: Vec<CardTerms<'s>>,
    /// The label of machine-written text, in words; `None` if the article has none.
    pub label: Option<&'s str>,
    /// Name of the language of an article of another language that lists show; `None` for all others.
    pub language_name: Option<&'static str>,
    /// Tag of that language.
    pub language: Option<&'static str>,
    /// The part of a model in the text: `generated` or `assisted`; `None` without a label.
    pub ai: Option<&'static str>,
    /// True if the article has a label and a person reviewed its text.
    pub reviewed: bool,
}

/// Another report of a card's event.
#[derive(Debug, Serialize)]
pub(crate) struct Report<'s> {
    /// Title of the article.
    pub title: &'s str,
    /// Language of the title; `None` if it is the site's language.
    pub title_language: Option<&'static str>,
    /// Path of the article's page, for links.
    pub path: &'s str,
    /// URL of the article's page.
    pub permalink: &'s str,
    /// The publisher; may be empty.
    pub source: &'s str,
    /// The label of machine-written text; `None` if the article has none.
    pub label: Option<&'s str>,
    /// Name of the language of an article of another language; `None` for all others.
    pub language_name: Option<&'static str>,
}

/// The day of an article, a heading in lists.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Day {
    /// Day as `2026-11-23`; `None` for undated articles.
    pub date: Option<String>,
    /// The day in the digest's language, or the heading of undated articles.
    pub title: String,
    /// The same with its year apart; `None` for undated articles.
    pub when: Option<DateText>,
    /// Path of the day's edition; `None` if the digest has no editions.
    pub path: Option<String>,
}

/// The names and the index page of a taxonomy.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct TaxonomyView<'s> {
    /// Name in the configuration, such as `ai_technologies`.
    pub name: &'s str,
    /// Title shown to readers.
    pub title: &'s str,
    /// Path of the taxonomy's index, for links.
    pub path: Cow<'s, str>,
}

/// An article's terms of one taxonomy.
#[derive(Debug, Serialize)]
pub(crate) struct CardTerms<'s> {
    /// Name of the taxonomy in the configuration, such as `ai_technologies`.
    pub name: &'s str,
    /// Title of the taxonomy shown to readers.
    pub title: &'s str,
    /// Path of the taxonomy's index, for links.
    pub path: &'s str,
    /// The terms, in the article's order.
    pub terms: Vec<CardTerm<'s>>,
}

/// A term on a card.
#[derive(Debug, Serialize)]
pub(crate) struct CardTerm<'s> {
    /// Name shown to readers.
    pub name: &'s str,
    /// Path of the term's page, for links; `None` for a term without a page.
    pub path: Option<&'s str>,
}

/// A reference to an article's card; serialises as the card's fingerprint.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CardRef {
    /// The article.
    pub id: ArticleId,
    /// Fingerprint of the card.
    pub(in crate::plan) fingerprint: Packed,
}

impl Serialize for CardRef {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.fingerprint.serialize(serializer)
    }
}
