//! Defines the input of all planners, and the titles, addresses and taxonomies derived from it.

use serde::Serialize;

use crate::config::Config;
use crate::fingerprint::Fingerprint;
use crate::locale::Locale;
use crate::plan::card::{Cards, taxonomy_views};
use crate::plan::keep::{Keep, Key};
use crate::plan::page::{Body, Page};
use crate::plan::style::Style;
use crate::plan::subject::Subject;
use crate::plan::view::card::TaxonomyView;
use crate::search::parts::Layout;
use crate::site::{Address, Connections, Site};

/// The input of every planner.
#[derive(Clone, Copy)]
pub(crate) struct Input<'s> {
    /// Articles, pages and terms of the site.
    pub site: &'s Site,
    /// Stories, related articles and terms, crossings, editions and trends.
    pub connections: &'s Connections<'s>,
    /// The configuration.
    pub config: &'s Config,
    /// The words of the interface.
    pub locale: &'s Locale,
    /// The cards of all articles.
    pub cards: &'s Cards<'s>,
    /// The fonts and templates of pictures; `None` if nothing is drawn.
    pub style: Option<Style<'s>>,
    /// The keys of pages and the files of the last build; `None` if every page is planned anew.
    pub keep: Option<&'s Keep>,
    /// The layout of the search index; without parts if there is no search.
    pub layout: &'s Layout,
}

impl<'s> Input<'s> {
    /// Joins the parts of a page's title and the digest's title with ` · `, so that no two pages
    /// share a title.
    pub(super) fn title(&self, parts: &[&str]) -> String {
        let mut title = parts.join(" · ");
        if !title.is_empty() {
            title.push_str(" · ");
        }
        title + &self.config.title
    }

    /// The address of a page of a list: its index, or `page/<number>/` below it.
    pub(super) fn list_address(&self, parts: &[&str], number: Option<usize>) -> Address {
        match number {
            None => Address::new(parts, self.config),
            Some(number) => {
                let number = number.to_string();
                Address::new(&[parts, &["page", &number]].concat(), self.config)
            }
        }
    }

    /// The key that covers `parts`; the default if this plan has no keys.
    pub(super) fn key<T: Serialize>(&self, parts: impl FnOnce(&'s Keep) -> T) -> Key {
        self.keep.map(|keep| Fingerprint::of(&parts(keep)).into()).unwrap_or_default()
    }

    /// The file of the last build with this path, if it has this key.
    pub(super) fn kept(&self, path: &str, key: Key) -> Option<Page<'s>> {
        let (last, fingerprint) = self.keep.filter(|_| key != Key::default())?.last_file(path)?;
        (last == key).then(|| Page { key, ..Page::new(path.to_owned(), Body::Kept(fingerprint)) })
    }

    /// The page with this data. A plan with keys defers the data of a page with a subject, unless
    /// social cards show parts of it.
    pub(super) fn page(&self, path: String, body: Body<'s>, key: Key, subject: Option<Subject>) -> Page<'s> {
        let keep = self.keep.filter(|_| !self.has_social_cards());
        let deferred = keep.zip(subject).and_then(|(keep, subject)| {
            keep.fingerprint(&body).map(|fingerprint| Body::Deferred(fingerprint.into(), subject))
        });
        Page::new(path, deferred.unwrap_or(body)).with_key(key)
    }

    /// True if pages have social cards.
    pub(super) fn has_social_cards(&self) -> bool {
        self.style.is_some() && self.config.cards.is_on()
    }

    /// The input for pages that are always planned.
    pub(super) fn without_keys(self) -> Self {
        Self { keep: None, ..self }
    }
}

/// The taxonomies, with paths borrowed from the site: thousands of pages share them.
pub(super) fn shared_taxonomies<'s>(input: Input<'s>) -> Vec<TaxonomyView<'s>> {
    taxonomy_views(input.config, input.locale, |at| input.site.taxonomies[at].path.as_str().into())
}
