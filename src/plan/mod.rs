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

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::load::theme::Theme;
use crate::locale::Locale;
use crate::site::{Address, Connections, Site};
use card::Cards;
pub use page::{Body, BodyRef, Kind, Meta, Page};

/// What every part of the plan is made from.
#[derive(Clone, Copy)]
pub(crate) struct Sources<'s> {
    pub(crate) site: &'s Site,
    pub(crate) connections: &'s Connections,
    pub(crate) config: &'s Config,
    pub(crate) locale: &'s Locale,
    pub(crate) cards: &'s Cards<'s>,
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

/// Plans every file of the site, in the order of their paths. Two pages that want the same path are errors. The index of the search has
/// `shards` shards.
#[must_use]
pub fn plan<'s>(
    site: &'s Site,
    connections: &'s Connections,
    config: &'s Config,
    locale: &'s Locale,
    theme: &'s Theme,
    cards: &'s Cards<'s>,
    shards: usize,
) -> (Vec<Page<'s>>, Vec<Diagnostic>) {
    let sources = Sources { site, connections, config, locale, cards };
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
    search::pages(sources, shards, &mut pages);
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
    let diagnostics = collision::check(&mut pages);
    (pages, diagnostics)
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
