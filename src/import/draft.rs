//! An article that has no file yet.

use crate::fingerprint::Fingerprint;
use crate::hygiene::near_duplicates::excerpt::Signature;
use crate::import::paragraphs::Block;
use crate::import::record::Spot;
use crate::import::repair::Repair;
use crate::link::Link;
use crate::load::date::Date;
use crate::yaml::Node;

/// An article that has no file yet.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// One line.
    pub title: String,
    /// The original.
    pub link: Option<Link>,
    /// The publisher.
    pub source: Option<String>,
    /// The key event.
    pub event: Option<String>,
    /// As the record says; whoever writes the file may know another.
    pub date: Option<Date>,
    /// When it was changed since.
    pub updated: Option<Date>,
    /// The field of each taxonomy, and its terms.
    pub terms: Vec<(String, Vec<String>)>,
    /// Shown in lists in place of the text's beginning.
    pub summary: Option<String>,
    /// What its URL is made from, if the record says so.
    pub slug: Option<String>,
    /// Old addresses.
    pub aliases: Vec<String>,
    /// A path from the digest's home, or a URL.
    pub image: Option<String>,
    /// Not to be published yet?
    pub draft: bool,
    /// What else the record holds.
    pub extra: Vec<(String, Node)>,
    /// The text.
    pub body: Body,
    /// Of title and text as they came: two records without a link that have the same are the same article.
    pub hash: Fingerprint,
    /// What was set right, with the fields' lines.
    pub repairs: Vec<Repair>,
    /// Where its record stands.
    pub spot: Spot,
    /// The name of the file that it came in, where that is the article's own.
    pub name: Option<String>,
}

/// An article's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// Words, which are escaped when they are written.
    Words(Vec<Block>),
    /// Markdown.
    Markdown(String),
}

impl Body {
    /// Is there nothing to read?
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

/// A draft, what decides its identity, and what its text is compared by.
pub(super) struct Drafted {
    /// The place of its input in the batch.
    pub(super) input: usize,
    pub(super) draft: Draft,
    /// Its text, escaped once.
    pub(super) body: String,
    /// Of the file that it makes by itself, whatever date it is given.
    pub(super) content: Fingerprint,
    pub(super) signature: Option<Signature>,
}
