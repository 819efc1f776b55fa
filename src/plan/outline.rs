//! Plans the outline of all feeds (OPML 2.0), for feed readers.

use crate::plan::input::{Input, shared_taxonomies};
use crate::plan::page::{Body, Page};
use crate::plan::view::feed::{Outline, OutlineFeed, OutlineGroup};
use crate::plan::{crossing, edition, feed};
use crate::site::Address;

/// The address of the outline.
pub(crate) fn address(config: &crate::config::Config) -> Address {
    Address::file(&[], "feeds.opml", config)
}

/// Plans the outline.
pub(super) fn pages<'s>(input: Input<'s>, pages: &mut Vec<Page<'s>>) {
    let (site, config) = (input.site, input.config);
    let of = |title: &str, parts: &[&str], page: &Address| OutlineFeed {
        title: title.to_owned(),
        feed_url: feed::link_url(input, parts),
        page_url: page.permalink.clone(),
    };
    let mut own = vec![of(&config.title, &[], &Address::new(&[], config))];
    own.extend(edition::outline_feed(input));
    let mut groups = vec![OutlineGroup { title: config.title.clone(), feeds: own }];
    let views = shared_taxonomies(input);
    for ((taxonomy, view), all) in config.taxonomies.iter().zip(&views).zip(&site.taxonomies) {
        let terms = all.terms.iter().filter(|term| feed::term_has_feed(input, term));
        let feeds = terms.map(|term| of(&term.name, &[&taxonomy.path, &term.slug], &term.address));
        groups.push(OutlineGroup { title: view.title.to_owned(), feeds: feeds.collect() });
    }
    let crossed = crossing::outline_feeds(input);
    groups.push(OutlineGroup { title: input.locale.word("crossings").to_owned(), feeds: crossed });
    groups.retain(|group| !group.feeds.is_empty());
    let outline = Outline { title: config.title.clone(), groups };
    pages.push(Page::new(address(config).file, Body::Outline(outline)));
}
