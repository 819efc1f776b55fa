//! The bodies of articles and pages: a table beside the site, since a plan only says whose body a page shows.
//!
//! A site and the plan of its pages hold for as long as nothing but bodies changes, which is what an editor's saves mostly are.

use std::borrow::Cow;
use std::ops::Index;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::load::markdown::Rendered;
use crate::site::ArticleId;

/// Whose body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BodyId {
    /// Of an article.
    Article(ArticleId),
    /// Of a page of `content/pages`, by its place in [`Site::pages`](crate::site::Site::pages).
    Page(usize),
}

/// Renders the body of a source file again: its path below the digest's root and the fingerprint of the body that
/// it must give. Fails if the file is gone or holds something else.
pub type RenderBody = dyn Fn(&str, Fingerprint) -> Result<String, Diagnostic> + Send + Sync;

/// All bodies of a site. HTML that came from the build cache is absent and rendered again on demand.
pub struct Bodies {
    articles: Vec<Rendered>,
    pages: Vec<Rendered>,
    render_body: Arc<RenderBody>,
}

impl Bodies {
    /// In the site's order of articles and pages.
    #[must_use]
    pub fn new(articles: Vec<Rendered>, pages: Vec<Rendered>, render_body: Arc<RenderBody>) -> Self {
        Self { articles, pages, render_body }
    }

    /// The HTML of a body; `file` is its source.
    ///
    /// # Errors
    /// The HTML is absent, and the file is gone or has changed since it was read.
    pub fn html(&self, id: BodyId, file: &str) -> Result<Cow<'_, str>, Diagnostic> {
        let body = &self[id];
        match &body.html {
            Some(html) => Ok(html.as_str().into()),
            None => (self.render_body)(file, body.digest).map(Cow::Owned),
        }
    }

    /// Of all articles, in the site's order.
    #[must_use]
    pub fn fingerprints(&self) -> Vec<Fingerprint> {
        self.articles.iter().map(|body| body.digest).collect()
    }

    /// Puts an article's new body in the place of the old one.
    pub fn replace(&mut self, article: ArticleId, body: Rendered) {
        self.articles[article] = body;
    }

    /// Keeps the digests and lets the HTML go: whoever needs it makes it again from the file.
    pub fn forget_html(&mut self) {
        for body in self.articles.iter_mut().chain(&mut self.pages) {
            body.html = None;
        }
    }
}

impl Index<BodyId> for Bodies {
    type Output = Rendered;

    fn index(&self, id: BodyId) -> &Rendered {
        match id {
            BodyId::Article(id) => &self.articles[id],
            BodyId::Page(id) => &self.pages[id],
        }
    }
}
