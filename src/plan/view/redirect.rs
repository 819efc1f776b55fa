//! What templates and feeds see of a redirect.

use serde::Serialize;

/// A page at an old address.
#[derive(Debug, Serialize)]
pub(crate) struct Redirect<'s> {
    /// Of the page that it leads to.
    pub title: &'s str,
    /// Of that page, for links: the way stays on the server that it began on, also in a preview.
    pub path: String,
    /// Of that page, a whole URL.
    pub target: String,
}
