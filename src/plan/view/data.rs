//! Defines the contents of data files for programs: JSON, Markdown, `llms.txt`.

use serde::Serialize;

use crate::plan::view::card::{CardRef, TaxonomyView};
use crate::plan::view::edition::WeeklyFeed;
use crate::plan::view::feed::FeedPage;
use crate::plan::view::page::BodyRef;
use crate::site::BodyId;
use crate::yaml::Node;

/// A data file, one variant for each format.
#[derive(Debug, Serialize)]
pub(crate) enum Data<'s> {
    /// A JSON Feed of articles.
    Feed(FeedPage<'s>),
    /// The JSON Feed of the weekly editions.
    Weekly(WeeklyFeed<'s>),
    /// A file of the list of all articles, such as `api/articles.json`.
    Articles(Articles<'s>),
    /// The terms of a taxonomy, such as `api/terms/keywords.json`.
    Terms(Terms<'s>),
    /// An article as JSON.
    ArticleJson(AlternateData<'s>),
    /// An article as Markdown.
    ArticleMarkdown(AlternateData<'s>),
    /// An overview of the site for language models: `llms.txt` (llmstxt.org).
    Llms(Llms),
    /// The newest articles with their texts in one file: `llms-full.txt`.
    LlmsFull(LlmsFull<'s>),
}

/// One file of the list of all articles.
#[derive(Debug, Serialize)]
pub(crate) struct Articles<'s> {
    /// Articles of this file, newest first.
    pub articles: Vec<Listed<'s>>,
    /// URL of the file with the next older articles.
    pub older: Option<String>,
    /// URL of the file with the next newer articles.
    pub newer: Option<String>,
}

/// An article in the list of all articles.
#[derive(Debug, Serialize)]
pub(crate) struct Listed<'s> {
    /// The article's card.
    pub card: CardRef,
    /// Slug in the article's address.
    pub slug: &'s str,
    /// True if the article has a JSON version.
    pub json: bool,
    /// True if the article has a Markdown version.
    pub markdown: bool,
}

/// The terms of a taxonomy.
#[derive(Debug, Serialize)]
pub(crate) struct Terms<'s> {
    /// The taxonomy's names and its index page.
    pub taxonomy: TaxonomyView<'s>,
    /// All terms, the most used first.
    pub terms: Vec<TermData<'s>>,
}

/// A term in a data file.
#[derive(Debug, Serialize)]
pub(crate) struct TermData<'s> {
    /// Name shown to readers.
    pub name: &'s str,
    /// Slug in the term's address.
    pub slug: &'s str,
    /// URL of the term's page; `None` if it has no page.
    pub url: Option<&'s str>,
    /// URL of the term's Atom feed; `None` if it has no feed.
    pub feed: Option<String>,
    /// Number of articles that carry the term.
    pub articles: usize,
    /// Description in the registry (`content/terms.yaml`).
    pub description: Option<&'s str>,
    /// Other names in the registry.
    pub aliases: &'s [String],
}

/// An article with its text.
#[derive(Debug, Serialize)]
pub(crate) struct AlternateData<'s> {
    /// The article, as in the list of all articles.
    pub listed: Listed<'s>,
    /// The article's body.
    pub content: BodyRef<'s>,
    /// The front matter's `extra`.
    pub extra: &'s Node,
}

/// The newest articles, as candidates for `llms-full.txt`; rendering takes as many as fit.
#[derive(Debug, Serialize)]
pub(crate) struct LlmsFull<'s> {
    /// Articles, newest first.
    pub articles: Vec<AlternateData<'s>>,
    /// Maximum size of the file, in bytes.
    pub size: usize,
}

/// An overview of the site (`llms.txt`).
#[derive(Debug, Serialize)]
pub(crate) struct Llms {
    /// Title of the digest.
    pub title: String,
    /// One sentence about the digest.
    pub description: String,
    /// Sections of the file, each with a heading.
    pub sections: Vec<Section>,
}

/// A section of `llms.txt`.
#[derive(Debug, Serialize)]
pub(crate) struct Section {
    /// Heading in the digest's language; `Optional` for the links that a reader may skip
    /// (llmstxt.org).
    pub heading: String,
    /// Links of the section.
    pub links: Vec<Link>,
}

/// A link with a description of its target.
#[derive(Debug, Serialize)]
pub(crate) struct Link {
    /// Title of the target.
    pub name: String,
    /// Absolute URL.
    pub url: String,
    /// One sentence about the target; may be empty.
    pub about: String,
}

impl Data<'_> {
    /// Iterates over the bodies that the file shows.
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
