//! Defines the template variables of the notice in place of an article that has expired.

use serde::Serialize;

use crate::plan::view::page::Meta;

/// A notice at the address of an expired article. It has nothing of the article but its address.
#[derive(Debug, Serialize)]
pub(crate) struct ExpiredPage {
    /// Data of the page's `<head>`.
    pub meta: Meta,
    /// One sentence with the day from which the article is not shown.
    pub notice: String,
}
