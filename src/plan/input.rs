//! What every planner reads, and what it borrows from all of it: titles, addresses, taxonomies.

use crate::config::Config;
use crate::locale::Locale;
use crate::plan::card::{Cards, views};
use crate::plan::view::card::TaxonomyView;
use crate::site::{Address, Connections, Site};

/// What every part of the plan is made from.
#[derive(Clone, Copy)]
pub(crate) struct Input<'s> {
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

impl Input<'_> {
    /// `part · part · digest`, so that no two pages share a title.
    pub(super) fn title(&self, parts: &[&str]) -> String {
        let mut title = parts.join(" · ");
        if !title.is_empty() {
            title.push_str(" · ");
        }
        title + &self.config.title
    }

    /// The address of a list's page: its index, or `page/<number>/` below it.
    pub(super) fn list_address(&self, parts: &[&str], number: Option<usize>) -> Address {
        match number {
            None => Address::new(parts, self.config),
            Some(number) => {
                let number = number.to_string();
                Address::new(&[parts, &["page", &number]].concat(), self.config)
            }
        }
    }
}

/// The same for pages, whose thousands share the paths.
pub(super) fn shared_taxonomies<'s>(input: Input<'s>) -> Vec<TaxonomyView<'s>> {
    views(input.config, input.locale, |at| input.site.taxonomies[at].path.as_str().into())
}
