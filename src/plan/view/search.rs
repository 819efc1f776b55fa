//! What templates and feeds see of the search page and its description.

use serde::Serialize;

use crate::plan::view::page::Meta;
use crate::search::head::Head;

/// The page with the search field and the results.
#[derive(Debug, Serialize)]
pub(crate) struct SearchPage {
    /// The head.
    pub meta: Meta,
    /// The folder of the index.
    pub folder: String,
    /// Are bodies searched?
    pub bodies: bool,
}

/// What programs that bring searches to a browser's address bar read.
#[derive(Debug, Serialize)]
pub(crate) struct OpenSearch {
    /// Of the search page, a whole URL.
    pub page_url: String,
    /// Of this file, a whole URL.
    pub url: String,
}

/// A file of the index that is not planned but made.
#[derive(Debug)]
pub(crate) enum IndexFile {
    /// Which shards there are.
    Head(Head),
    /// A shard's lists.
    Shard(usize),
}
