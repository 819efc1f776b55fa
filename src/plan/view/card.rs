//! What templates and feeds see of an article in lists, and its terms.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

use crate::site::ArticleId;

/// An article as lists show it.
#[derive(Debug, Serialize)]
pub(crate) struct Card<'s> {
    /// Its title.
    pub title: &'s str,
    /// Of the title, if it is another than the site's: `en`.
    pub title_language: Option<&'static str>,
    /// For links.
    pub path: &'s str,
    /// Its URL.
    pub permalink: &'s str,
    /// The original's URL.
    pub link: Option<&'s str>,
    /// The publisher; may be empty.
    pub source: &'s str,
    /// The key event.
    pub event: Option<&'s str>,
    /// The summary or the body's beginning.
    pub excerpt: &'s str,
    /// What says most in one or two sentences: the event, else the excerpt.
    pub summary: &'s str,
    /// Of the summary, if it is another than the site's.
    pub summary_language: Option<&'static str>,
    /// A day or RFC 3339, for `datetime` attributes.
    pub date: Option<String>,
    /// As people write it.
    pub date_text: Option<String>,
    /// RFC 3339.
    pub published: Option<String>,
    /// RFC 3339: when it was last changed, else when it was published.
    pub updated: Option<String>,
    /// Other reports of the same event.
    pub reports: usize,
    /// Its day; lists show it, cards do not.
    #[serde(skip)]
    pub day: Day,
    /// Its terms by taxonomy; taxonomies without any are left out.
    pub taxonomies: Vec<CardTerms<'s>>,
}

/// The day of an article, for the lists that it heads.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Day {
    /// `2026-11-23`; `None` for the undated.
    pub date: Option<String>,
    /// As people write it.
    pub title: String,
    /// Of the day's own page, if there is one.
    pub path: Option<String>,
}

/// A taxonomy, where it is named.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct TaxonomyView<'s> {
    /// `ai_technologies`
    pub name: &'s str,
    /// What readers see.
    pub title: &'s str,
    /// For links.
    pub path: Cow<'s, str>,
}

/// An article's terms of one taxonomy.
#[derive(Debug, Serialize)]
pub(crate) struct CardTerms<'s> {
    /// `ai_technologies`
    pub name: &'s str,
    /// What readers see.
    pub title: &'s str,
    /// For links.
    pub path: &'s str,
    /// In the order in which the article names them.
    pub terms: Vec<CardTerm<'s>>,
}

/// A term on a card.
#[derive(Debug, Serialize)]
pub(crate) struct CardTerm<'s> {
    /// What readers see.
    pub name: &'s str,
    /// For links; `None` for a term without a page.
    pub path: Option<&'s str>,
}

/// Stands for a card in a page: serialises as the card's digest.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CardRef {
    /// Which card.
    pub id: ArticleId,
    /// Of the card, in halves: a fingerprint would stand at every sixteenth byte, and a site has half a million of these.
    pub(in crate::plan) digest: [u64; 2],
}

impl Serialize for CardRef {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.digest.serialize(serializer)
    }
}
