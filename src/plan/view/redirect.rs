//! Defines the template variables of a redirect.

use std::borrow::Cow;

use serde::Serialize;

/// A page at an old address that redirects to the new one.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Redirect<'s> {
    /// Title of the target: of an article, term or content page its own, else that of `<title>`.
    pub title: Cow<'s, str>,
    /// Path of the target page. A redirect to a path stays on the same server, also in a preview.
    pub path: String,
    /// Absolute URL of the target page.
    pub target: String,
    /// The label of machine-written text of a target that is an article.
    pub label: Option<&'s str>,
    /// The media type of a target that is a feed.
    pub feed: Option<&'static str>,
}
