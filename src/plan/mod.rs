//! Stage 3, site to pages: which pages exist, where they stand and what each shows. Pure.
//!
//! A page's context holds what the page shows and no more, so that its fingerprint changes exactly when its bytes do.

pub mod archive;
pub mod article;
pub mod card;
pub mod chart;
pub(crate) mod collision;
pub mod crossing;
pub mod data;
pub mod edition;
pub mod feed;
pub mod home;
pub mod index;
pub mod list;
pub mod page;
pub mod paginate;
pub mod redirect;
pub mod search;
mod sitemap;
pub mod term;
pub mod trend;

use std::collections::HashSet;

use crate::config::{Config, FullText};
use crate::diagnostic::Diagnostic;
use crate::load::theme::Theme;
use crate::locale::Locale;
use crate::search::head::Head;
use crate::site::{Address, ArticleId, BodyId, Connections, Site};
use card::Cards;
pub use page::{Body, BodyRef, Kind, Meta, Page};

/// What every part of the plan is made from.
#[derive(Clone, Copy)]
pub struct Sources<'s> {
    /// What there is.
    pub site: &'s Site,
    /// What connects it.
    pub connections: &'s Connections<'s>,
    /// The configuration.
    pub config: &'s Config,
    /// Words of the interface.
    pub locale: &'s Locale,
    /// What lists show of articles.
    pub cards: &'s Cards<'s>,
    /// Shards of the index of the search.
    pub shards: usize,
}

impl Sources<'_> {
    /// `part · part · digest`, so that no two pages share a title.
    fn title(&self, parts: &[&str]) -> String {
        let mut title = parts.join(" · ");
        if !title.is_empty() {
            title.push_str(" · ");
        }
        title + &self.config.title
    }

    /// The address of a list's page: its index, or `page/<number>/` below it.
    fn list_address(&self, parts: &[&str], number: Option<usize>) -> Address {
        match number {
            None => Address::new(parts, self.config),
            Some(number) => {
                let number = number.to_string();
                Address::new(&[parts, &["page", &number]].concat(), self.config)
            }
        }
    }
}

/// Plans every file of the site, in the order of their paths. Two pages that want the same path are errors.
#[must_use]
pub fn plan<'s>(sources: Sources<'s>, theme: &'s Theme) -> (Vec<Page<'s>>, Vec<Diagnostic>) {
    let Sources { site, config, .. } = sources;
    sources.connections.browsed();
    sources.cards.make();
    let mut pages = Vec::with_capacity(site.articles.len() * 3);
    home::pages(sources, &mut pages);
    article::pages(sources, &mut pages);
    term::pages(sources, &mut pages);
    crossing::pages(sources, &mut pages);
    archive::pages(sources, &mut pages);
    edition::pages(sources, &mut pages);
    trend::pages(sources, &mut pages);
    article::content_pages(sources, &mut pages);
    feed::site(sources, &mut pages);
    feed::outline(sources, &mut pages);
    data::pages(sources, &mut pages);
    search::pages(sources, &mut pages);
    pages.push(not_found(sources));
    redirect::articles(sources, &mut pages);
    sitemap::pages(sources, theme.statics.contains_key("robots.txt"), &mut pages);
    let unwanted = |name: &str| {
        (config.search.is_none() && search::SCRIPTS.contains(&name))
            || (!config.outputs.with_schemas() && name.starts_with(data::SCHEMAS))
    };
    for (name, file) in theme.statics.iter().filter(|(name, file)| !(unwanted(name) && file.is_embedded())) {
        let address = Address::file(&[], name, config);
        pages.push(Page::new(address.file, Body::Static(file)));
    }
    pages.shrink_to_fit();
    let diagnostics = collision::check(&mut pages);
    (pages, diagnostics)
}

/// Plans only what can change when nothing does but the bodies of these articles: the pages that show one of them, and what is made from
/// the index of the search, whose head is known from the whole plan. Held equal to the whole plan by a test in `build/amend.rs`.
///
/// `None` for a digest whose every feed brings whole texts: there is little that could be left out.
#[must_use]
pub fn showing<'s>(
    sources: Sources<'s>,
    edited: &HashSet<ArticleId>,
    head: Option<Head>,
) -> Option<Vec<Page<'s>>> {
    if sources.config.feeds.full_text == FullText::All {
        return None;
    }
    let mut pages: Vec<Page<'s>> = edited.iter().map(|&id| article::page(sources, id)).collect();
    feed::site(sources, &mut pages);
    data::showing(sources, edited, &mut pages);
    let shows = |body| matches!(body, BodyId::Article(id) if edited.contains(&id));
    pages.retain(|page| page.bodies().any(shows));
    pages.extend(head.map(|head| search::head_file(sources, head)));
    pages.extend(search::shard_files(sources));
    Some(pages)
}

fn not_found(sources: Sources<'_>) -> Page<'_> {
    let words = sources.locale.word("not_found");
    let address = Address::file(&[], "404.html", sources.config);
    let meta = Meta::new(
        "not-found",
        sources.title(&[words]),
        sources.locale.word("not_found_hint").to_owned(),
        &address,
    );
    Page::new(address.file, Body::template(Kind::NotFound(Meta { noindex: true, ..meta })))
}
