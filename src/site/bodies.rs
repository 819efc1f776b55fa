//! The bodies of articles and pages: a table beside the site, since a plan only says whose body a page shows.
//!
//! A site and the plan of its pages hold for as long as nothing but bodies changes, which is what an editor's saves mostly are.

use std::ops::Index;

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

/// All bodies of a site.
#[derive(Debug)]
pub struct Bodies {
    articles: Vec<Rendered>,
    pages: Vec<Rendered>,
}

impl Bodies {
    /// In the site's order of articles and pages.
    #[must_use]
    pub fn new(articles: Vec<Rendered>, pages: Vec<Rendered>) -> Self {
        Self { articles, pages }
    }

    /// Of all articles, in the site's order.
    #[must_use]
    pub fn digests(&self) -> Vec<Fingerprint> {
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
