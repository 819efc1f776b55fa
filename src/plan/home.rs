//! The home page: the latest edition, then the recent articles; and its older pages.

use serde::Serialize;

use crate::plan::Sources;
use crate::plan::edition::{self, EditionView};
use crate::plan::list::{self, List, ListHead};
use crate::plan::page::{Body, Kind, Page};
use crate::site::ArticleId;

/// The home page or one of its older pages.
#[derive(Debug, Serialize)]
pub struct HomePage<'s> {
    /// The articles.
    pub list: List<'s>,
    /// On the index: the latest edition.
    pub edition: Option<EditionView<'s>>,
}

pub(super) fn pages<'s>(sources: Sources<'s>, pages: &mut Vec<Page<'s>>) {
    let articles: Vec<ArticleId> = (0..sources.site.articles.len()).collect();
    let head = ListHead {
        kind: "home",
        parts: &[],
        heading: &sources.config.title,
        titles: &[],
        description: &sources.config.description,
        feed: Some(super::feed::site_link(sources)),
    };
    for (address, list) in list::lists(sources, &head, &articles) {
        let is_index = list.paginator.number.is_none();
        let edition = if is_index { edition::latest(sources) } else { None };
        let page = Page::new(address.file.clone(), Body::template(Kind::Home(HomePage { list, edition })));
        pages.push(if is_index {
            page.in_sitemap(&address, list::lastmod(sources, &articles))
        } else {
            page
        });
    }
}
