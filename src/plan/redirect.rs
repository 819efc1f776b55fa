//! Plans redirects at old addresses: of articles and pages that moved, and of terms that were
//! merged or renamed.

use std::borrow::Cow;

use crate::load::redirects;
use crate::plan::input::Input;
use crate::plan::page::{Body, Kind, Page};
use crate::plan::view::redirect::Redirect;
use crate::plan::{feed, paginate};
use crate::site::{Address, ArticleId, Term};
use crate::slug;

/// Plans a redirect at each alias of an article or content page.
pub(super) fn articles<'s>(input: Input<'s>, pages: &mut Vec<Page<'s>>) {
    let Input { site, config, .. } = input;
    let articles = site.articles.iter().zip(&site.addresses).enumerate();
    let articles = articles.filter(|(id, _)| !site.is_untranslated(*id));
    let articles = articles.map(|(id, (article, address))| {
        let label = input.cards.label_text(id);
        (&article.aliases, address.clone(), &article.title, &article.slug_place, label)
    });
    let content = site.pages.iter().map(|page| {
        let address = Address::new(&[&slug::page(&page.path)], config);
        (&page.aliases, address, &page.title, &page.slug_place, None)
    });
    for (aliases, target, title, place, label) in articles.chain(content) {
        for alias in aliases {
            let kind = Kind::Redirect(Redirect {
                title: title.into(),
                path: target.path.clone(),
                target: target.permalink.clone(),
                label,
                feed: None,
            });
            pages.push(Page::new(redirects::file(alias, false, false), Body::template(kind)).at(place));
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
        let target = (term.name.as_str().into(), &[path, term.slug.as_str()][..]);
        pages.extend(moved_list(input, &[path, slug], target, term_feed, &term.articles));
    }
    pages.into_iter().map(|page| page.at(place)).collect()
}

/// Plans redirects from the address with these parts to a list, also from those of its numbered
/// pages, and a copy of the list's feeds there. `target` has the parts of the list's address.
pub(super) fn moved_list<'s>(
    input: Input<'s>,
    old: &[&str],
    (title, target): (Cow<'s, str>, &[&str]),
    head: Option<&feed::Head<'_>>,
    articles: &[ArticleId],
) -> Vec<Page<'s>> {
    let listed = input.connections.stories.fold(articles).len();
    let redirect = |slice: paginate::Slice| {
        let new = input.list_address(target, slice.number);
        let (title, path, target) = (title.clone(), new.path, new.permalink);
        let kind = Kind::Redirect(Redirect { title, path, target, label: None, feed: None });
        Page::new(input.list_address(old, slice.number).file, Body::template(kind))
    };
    let slices = paginate::slices(listed, input.config.paginate_by);
    let mut pages: Vec<Page<'s>> = slices.into_iter().map(redirect).collect();
    // Copies: the last build may not have had them.
    let input = input.without_keys();
    for page in head.into_iter().flat_map(|head| feed::pages(input, head, articles)) {
        let name = page.path.rsplit('/').next().unwrap_or(&page.path);
        let file = Address::file(old, name, input.config).file;
        pages.push(Page { path: file, ..page });
    }
    pages
}
