//! Defines the draft of an article: its cleaned fields, before its file is written.

use crate::config::{Ai, Config};
use crate::diagnostic::Place;
use crate::fingerprint::Fingerprint;
use crate::hygiene::near_duplicates::excerpt::Signature;
use crate::import::input::Input;
use crate::import::paragraphs::Block;
use crate::import::picture::Picture;
use crate::import::record::Spot;
use crate::import::repair::Repair;
use crate::link::Link;
use crate::load::authorship::Authorship;
use crate::load::date::Date;
use crate::yaml::Node;

/// The fields of an article that has no file yet.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// The title, on one line.
    pub title: String,
    /// The link to the original article.
    pub link: Option<Link>,
    /// The name of the publisher.
    pub source: Option<String>,
    /// The key event.
    pub event: Option<String>,
    /// The date of the record. The file can get another date, from `--date` or from the input's
    /// path.
    pub date: Option<Date>,
    /// The date of the last update.
    pub updated: Option<Date>,
    /// The time from which it is published.
    pub publish: Option<Date>,
    /// The time from which it is not published any more.
    pub expires: Option<Date>,
    /// The terms by taxonomy, each with the taxonomy's field name.
    pub terms: Vec<(String, Vec<String>)>,
    /// The summary, which lists show instead of the beginning of the text.
    pub summary: Option<String>,
    /// The slug that the record names, from which the URL is made.
    pub slug: Option<String>,
    /// Old addresses.
    pub aliases: Vec<String>,
    /// The id in feeds, if it is not made from the address.
    pub feed_id: Option<String>,
    /// The image: a path from the digest's home, a URL, or the address of one of its pictures.
    pub image: Option<String>,
    /// The pictures that are copied to its folder.
    pub pictures: Vec<Picture>,
    /// Whether the article is not to be published yet.
    pub draft: bool,
    /// Whether a model wrote the text, and whether a person reviewed it.
    pub authorship: Authorship,
    /// Whether the record says something else about it, which newsprint does not understand.
    pub has_unknown_authorship: bool,
    /// Further data of the record, by name.
    pub extra: Vec<(String, Node)>,
    /// The text.
    pub body: Body,
    /// The hash of the title and the text as written (without a text: of key event, summary and
    /// date). It identifies an article without a link.
    pub hash: Fingerprint,
    /// The repairs, each with the line of its field.
    pub repairs: Vec<Repair>,
    /// The place of the record.
    pub spot: Spot,
    /// The name of the input file, if the file holds only this article.
    pub name: Option<String>,
    /// The place of a post in its old site, which identifies it.
    pub post: Option<String>,
    /// The name of its old site, if it is known: posts of two sites can have the same place.
    pub site: Option<String>,
    /// The number of its language among those of the digest, if something says it.
    pub language: Option<usize>,
    /// The keys that a post shares with its translations, the strongest first.
    pub translations: Vec<String>,
    /// The slug that its file has to name, since the name of the file is that of its translation.
    pub own_slug: Option<String>,
}

/// Bytes of a record that a diagnostic about the whole record points at.
const SHOWN_BYTES: usize = 60;

impl Draft {
    /// Sets the two fields of authorship of a record that says nothing about a model: as the
    /// command line says, else as the digest's settings say. A `reviewed` of the record stays.
    pub(super) fn set_default_authorship(&mut self, asked: Option<Ai>, is_reviewed: bool, config: &Config) {
        if self.has_unknown_authorship || self.authorship.ai.is_some() {
            return;
        }
        // The review of the settings belongs to their part of a model.
        let is_reviewed = is_reviewed || (asked.is_none() && config.import.reviewed);
        self.authorship.ai = asked.or(config.import.ai);
        if self.authorship.ai.is_some() {
            self.authorship.reviewed = self.authorship.reviewed.or(is_reviewed.then_some(true));
        }
    }

    /// The place of the beginning of the record in its input.
    pub(super) fn start(&self, input: &Input) -> Place {
        let end = self.spot.start.saturating_add(SHOWN_BYTES).min(self.spot.end);
        input.place(Spot { end, ..self.spot })
    }
}

/// An article's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// Plain text, which is escaped when the file is written.
    Words(Vec<Block>),
    /// Markdown, which is written as it is.
    Markdown(String),
}

impl Body {
    /// True if there is no text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Words(blocks) => blocks.is_empty(),
            Self::Markdown(markdown) => markdown.trim().is_empty(),
        }
    }
}

impl Default for Body {
    fn default() -> Self {
        Self::Words(Vec::new())
    }
}

/// A draft with its rendered body and the values by which articles are compared.
pub(super) struct Drafted {
    /// The index of its input in the batch.
    pub(super) input: usize,
    pub(super) draft: Draft,
    /// The body as Markdown, rendered and escaped once.
    pub(super) body: String,
    /// The fingerprint of the file with the record's own date and its canonical link.
    pub(super) content: Fingerprint,
    /// The signature by which near-duplicates are found.
    pub(super) signature: Option<Signature>,
}
