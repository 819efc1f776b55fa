//! What templates and feeds see of data for programs: JSON, Markdown, llms.txt.

use serde::Serialize;

use crate::plan::view::card::{CardRef, TaxonomyView};
use crate::plan::view::edition::WeeklyFeed;
use crate::plan::view::feed::FeedPage;
use crate::plan::view::page::BodyRef;
use crate::site::BodyId;
use crate::yaml::Node;

/// A file of data, one variant for each form.
#[derive(Debug, Serialize)]
pub(crate) enum Data<'s> {
    /// A JSON Feed of articles.
    Feed(FeedPage<'s>),
    /// The JSON Feed of the weekly editions.
    Weekly(WeeklyFeed<'s>),
    /// A list of articles: `api/articles.json`.
    Articles(Articles<'s>),
    /// A taxonomy's terms: `api/terms/keywords.json`.
    Terms(Terms<'s>),
    /// An article as JSON.
    ArticleJson(AlternateData<'s>),
    /// An article as Markdown.
    ArticleMarkdown(AlternateData<'s>),
    /// What there is on the site, for language models: `llms.txt` (llmstxt.org).
    Llms(Llms),
    /// The newest articles with their texts in one file.
    LlmsFull(LlmsFull<'s>),
}

/// A part of the list of all articles.
#[derive(Debug, Serialize)]
pub(crate) struct Articles<'s> {
    /// Newest first.
    pub articles: Vec<Listed<'s>>,
    /// The file with the next older ones.
    pub older: Option<String>,
    /// The file with the next newer ones.
    pub newer: Option<String>,
}

/// An article in the list.
#[derive(Debug, Serialize)]
pub(crate) struct Listed<'s> {
    /// The article.
    pub card: CardRef,
    /// What its address is made from.
    pub slug: &'s str,
    /// Is there a JSON alternate?
    pub json: bool,
    /// Is there a Markdown alternate?
    pub markdown: bool,
}

/// The terms of a taxonomy.
#[derive(Debug, Serialize)]
pub(crate) struct Terms<'s> {
    /// Its names and its index.
    pub taxonomy: TaxonomyView<'s>,
    /// The most used first.
    pub terms: Vec<TermData<'s>>,
}

/// A term.
#[derive(Debug, Serialize)]
pub(crate) struct TermData<'s> {
    /// What readers see.
    pub name: &'s str,
    /// What its address is made from.
    pub slug: &'s str,
    /// Of its page, if it has one.
    pub url: Option<&'s str>,
    /// Its Atom feed, if it has one.
    pub feed: Option<String>,
    /// How many carry it.
    pub articles: usize,
    /// What an editor says of it.
    pub description: Option<&'s str>,
    /// Other names that an editor gave it.
    pub aliases: &'s [String],
}

/// An article with its text.
#[derive(Debug, Serialize)]
pub(crate) struct AlternateData<'s> {
    /// The article.
    pub listed: Listed<'s>,
    /// Its text.
    pub content: BodyRef<'s>,
    /// The front matter's `extra`.
    pub extra: &'s Node,
}

/// As many of the newest articles as have room.
#[derive(Debug, Serialize)]
pub(crate) struct LlmsFull<'s> {
    /// Newest first.
    pub articles: Vec<AlternateData<'s>>,
    /// Bytes that the file may have.
    pub size: usize,
}

/// What there is on the site.
#[derive(Debug, Serialize)]
pub(crate) struct Llms {
    /// The digest's name.
    pub title: String,
    /// One sentence about it.
    pub description: String,
    /// Its parts, each with a heading.
    pub sections: Vec<Section>,
}

/// A part of the site.
#[derive(Debug, Serialize)]
pub(crate) struct Section {
    /// In the digest's language; `Optional` for what may be left out (llmstxt.org).
    pub heading: String,
    /// What is there.
    pub links: Vec<Link>,
}

/// A link with what it leads to.
#[derive(Debug, Serialize)]
pub(crate) struct Link {
    /// A title.
    pub name: String,
    /// A whole URL.
    pub url: String,
    /// One sentence; may be empty.
    pub about: String,
}

impl Data<'_> {
    /// The bodies that it shows.
    pub(crate) fn bodies(&self) -> impl Iterator<Item = BodyId> {
        let (entries, alternates) = match self {
            Self::Feed(feed) => (feed.entries.as_slice(), [].as_slice()),
            Self::ArticleJson(alternate) | Self::ArticleMarkdown(alternate) => {
                ([].as_slice(), std::slice::from_ref(alternate))
            }
            Self::LlmsFull(full) => ([].as_slice(), full.articles.as_slice()),
            Self::Weekly(_) | Self::Articles(_) | Self::Terms(_) | Self::Llms(_) => {
                ([].as_slice(), [].as_slice())
            }
        };
        let of_entries = entries.iter().filter_map(|entry| entry.content.as_deref()).map(|body| body.id);
        of_entries.chain(alternates.iter().map(|alternate| alternate.content.id))
    }
}
