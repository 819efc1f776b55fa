//! Defines the template variables of the search page, and the binary files of the index.

use serde::Serialize;

use crate::fingerprint::Fingerprint;
use crate::plan::view::edition::{EditionLink, TopTerms};
use crate::plan::view::page::Meta;
use crate::search::Index;
use crate::search::head::Head;

/// The page with the search field and the results.
#[derive(Debug, Serialize)]
pub(crate) struct SearchPage<'s> {
    /// Data of the page's `<head>`.
    pub meta: Meta,
    /// Path of the index's folder.
    pub folder: String,
    /// True if bodies are searched.
    pub bodies: bool,
    /// Queries that show the syntax, made from terms of the digest.
    pub examples: Vec<Example>,
    /// The most used terms of each taxonomy; `count` is 0.
    pub top: Vec<TopTerms<'s>>,
    /// The latest edition, as on the home page; `None` without editions. `count` is 0.
    pub newest: Option<EditionLink>,
}

/// A query that shows the syntax.
#[derive(Debug, Serialize)]
pub(crate) struct Example {
    /// The query as a reader types it.
    pub query: String,
    /// Path of the search page with this query, for links.
    pub path: String,
    /// What the query finds, in the digest's language.
    pub note: String,
}

/// The OpenSearch description, which adds the site's search to a browser's address bar.
#[derive(Debug, Serialize)]
pub(crate) struct OpenSearch {
    /// Absolute URL of the search page.
    pub page_url: String,
    /// Absolute URL of this file.
    pub url: String,
}

/// A file of the index whose bytes come from [`Index`], not from the plan.
#[derive(Debug)]
pub(crate) enum IndexFile {
    /// The head, which a browser reads first: counts, days and the stamps of the other files.
    Head(Head),
    /// The table of a part, by the part's position in the layout, with the stamps of the part's
    /// article files. The index adds those of its shards.
    Table(usize, Vec<u32>),
    /// A shard, by the position of its part and its number in it.
    Shard(usize, usize),
}

impl IndexFile {
    /// The fingerprint of everything that decides the file's bytes.
    pub(crate) fn fingerprint(&self, index: Option<&Index>) -> Fingerprint {
        match self {
            Self::Head(head) => {
                let index = index.map(|index| (index.layout(), index.shards().collect::<Vec<_>>()));
                Fingerprint::of(&("index", head, index))
            }
            Self::Table(part, files) => {
                Fingerprint::of(&("table", files, index.and_then(|index| index.shards().nth(*part))))
            }
            Self::Shard(part, shard) => {
                Fingerprint::of(&("shard", index.map(|index| index.shard_fingerprint(*part, *shard))))
            }
        }
    }
}
