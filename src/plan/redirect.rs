//! Plans redirects at old addresses: of articles and pages that moved, and of terms that were
//! merged or renamed.

use crate::plan::feed;
use crate::plan::input::Input;
use crate::plan::page::{Body, Kind, Page};
use crate::plan::view::redirect::Redirect;
use crate::site::{Address, Term};
use crate::slug;

/// Plans a redirect at each alias of an article or content page.
pub(super) fn articles<'s>(input: Input<'s>, pages: &mut Vec<Page<'s>>) {
    let Input { site, config, .. } = input;
    let articles = site.articles.iter().zip(&site.addresses);
    let articles = articles
        .map(|(article, address)| (&article.aliases, address.clone(), &article.title, &article.slug_place));
    let content = site.pages.iter().map(|page| {
        let address = Address::new(&[&slug::page(&page.path)], config);
        (&page.aliases, address, &page.title, &page.slug_place)
    });
    for (aliases, target, title, place) in articles.chain(content) {
        for alias in aliases {
            let address =
                match alias.rsplit_once('/').map_or(("", alias.as_str()), |(folder, name)| (folder, name)) {
                    // Addresses of other generators may be files: `2024/old.html`.
                    ("", name) if name.ends_with(".html") => Address::file(&[], name, config),
                    (folder, name) if name.ends_with(".html") => Address::file(&[folder], name, config),
                    _ => Address::new(&[alias], config),
                };
            let kind = Kind::Redirect(Redirect {
                title,
                path: target.path.clone(),
                target: target.permalink.clone(),
            });
            pages.push(Page::new(address.file, Body::template(kind)).at(place));
        }
    }
}

/// Plans a redirect at each old address of a term, and a copy of the term's feeds there. Feed
/// readers do not follow a redirect page, so existing subscriptions need the feed at its old
/// address.
pub(super) fn term<'s>(
    input: Input<'s>,
    path: &str,
    term: &'s Term,
    term_feed: Option<&feed::Head<'_>>,
) -> Vec<Page<'s>> {
    let mut pages = Vec::new();
    let place = &input.site.registry_place;
    for slug in &term.old_slugs {
        let address = Address::new(&[path, slug], input.config);
        let kind = Kind::Redirect(Redirect {
            title: &term.name,
            path: term.address.path.clone(),
            target: term.address.permalink.clone(),
        });
        pages.push(Page::new(address.file, Body::template(kind)).at(place));
        if let Some(head) = term_feed {
            for page in feed::pages(input, head, &term.articles) {
                let name = page.path.rsplit('/').next().unwrap_or(&page.path);
                let old = Address::file(&[path, slug], name, input.config);
                pages.push(Page { path: old.file, ..page }.at(place));
            }
        }
    }
    pages
}
