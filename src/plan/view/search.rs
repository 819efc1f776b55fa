//! Defines the template variables of the search page, and the binary files of the index.

use serde::Serialize;

use crate::plan::view::page::Meta;
use crate::search::head::Head;

/// The page with the search field and the results.
#[derive(Debug, Serialize)]
pub(crate) struct SearchPage {
    /// Data of the page's `<head>`.
    pub meta: Meta,
    /// Path of the index's folder.
    pub folder: String,
    /// True if bodies are searched.
    pub bodies: bool,
}

/// The OpenSearch description, which adds the site's search to a browser's address bar.
#[derive(Debug, Serialize)]
pub(crate) struct OpenSearch {
    /// Absolute URL of the search page.
    pub page_url: String,
    /// Absolute URL of this file.
    pub url: String,
}

/// A file of the index whose bytes come from [`Index`](crate::search::Index), not from the plan.
#[derive(Debug)]
pub(crate) enum IndexFile {
    /// The head, which a browser reads first: counts, days and the stamps of the other files.
    Head(Head),
    /// A shard, by its number.
    Shard(usize),
}
