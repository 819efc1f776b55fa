//! Holds the rendered bodies of articles and pages, by id.
//!
//! Bodies are not part of the site, and a plan only says whose body a page shows. Site and plan
//! therefore stay valid while only bodies change, as they do with most of an editor's saves.

use std::borrow::Cow;
use std::ops::Index;
use std::sync::Arc;

use rayon::prelude::*;

use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::load::markdown::Rendered;
use crate::site::ArticleId;

/// Identifies the body of an article or a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BodyId {
    /// The body of an article.
    Article(ArticleId),
    /// The body of a page of `content/pages`, by index in
    /// [`Site::pages`](crate::site::Site::pages).
    Page(usize),
}

/// Renders the body of a source file again. Arguments: the path relative to the digest's root, and
/// the fingerprint that the body must have. Fails if the file is gone or its body has another
/// fingerprint.
pub type RenderBody = dyn Fn(&str, Fingerprint) -> Result<String, Diagnostic> + Send + Sync;

/// All bodies of a site. HTML that came from the build cache is absent and rendered again on
/// demand.
pub struct Bodies {
    articles: Vec<Rendered>,
    pages: Vec<Rendered>,
    render_body: Arc<RenderBody>,
}

impl Bodies {
    /// Creates the table from bodies in the site's order of articles and pages.
    #[must_use]
    pub fn new(articles: Vec<Rendered>, pages: Vec<Rendered>, render_body: Arc<RenderBody>) -> Self {
        Self { articles, pages, render_body }
    }

    /// Returns the HTML of a body; `file` is its source.
    ///
    /// # Errors
    /// The HTML is absent, and the file is gone or has changed since it was read.
    pub fn html(&self, id: BodyId, file: &str) -> Result<Cow<'_, str>, Diagnostic> {
        let body = &self[id];
        match &body.html {
            Some(html) => Ok(html.as_str().into()),
            None => (self.render_body)(file, body.fingerprint).map(Cow::Owned),
        }
    }

    /// Returns the fingerprints of all articles' bodies, in the site's order.
    #[must_use]
    pub fn fingerprints(&self) -> Vec<Fingerprint> {
        self.articles.iter().map(|body| body.fingerprint).collect()
    }

    /// The ids of all bodies.
    pub(super) fn ids(&self) -> impl Iterator<Item = BodyId> {
        let pages = (0..self.pages.len()).map(BodyId::Page);
        (0..self.articles.len()).map(BodyId::Article).chain(pages)
    }

    /// Changes each body, and renders absent HTML with `render_body` from now on.
    #[must_use]
    pub(super) fn changed(
        mut self,
        change: impl Fn(BodyId, &mut Rendered) + Sync + Send,
        render_body: Arc<RenderBody>,
    ) -> Self {
        let articles = self.articles.par_iter_mut().enumerate();
        let articles = articles.map(|(id, body)| (BodyId::Article(id), body));
        let pages = self.pages.par_iter_mut().enumerate().map(|(id, body)| (BodyId::Page(id), body));
        articles.chain(pages).for_each(|(id, body)| change(id, body));
        Self { render_body, ..self }
    }

    /// Replaces the body of an article.
    pub fn replace(&mut self, article: ArticleId, body: Rendered) {
        self.articles[article] = body;
    }

    /// Drops the HTML of all bodies and keeps the fingerprints: HTML is rendered again from the
    /// file on demand.
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
