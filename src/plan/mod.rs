//! Plans the pages of a site: their paths and the data that each shows (site → pages). Pure.
//!
//! A page's context holds the data that the page shows and nothing else, so that its fingerprint
//! changes exactly when its bytes do.

pub(crate) mod archive;
pub(crate) mod article;
mod breadcrumbs;
mod calendar;
pub(crate) mod card;
pub(crate) mod chart;
pub(crate) mod collision;
pub(crate) mod crossing;
pub(crate) mod data;
pub(crate) mod deferred;
pub(crate) mod deployed;
pub(crate) mod edition;
pub(crate) mod ended;
mod expired;
pub(crate) mod feed;
pub(crate) mod form;
pub(crate) mod home;
mod icon;
pub(crate) mod index;
mod input;
pub(crate) mod keep;
mod label;
mod languages;
pub(crate) mod list;
mod old_address;
mod outline;
pub(crate) mod page;
pub(crate) mod paginate;
pub(crate) mod reader;
pub(crate) mod redirect;
pub(crate) mod search;
mod sitemap;
pub(crate) mod social;
pub(crate) mod style;
mod subject;
pub(crate) mod term;
mod term_link;
pub(crate) mod trend;
pub(crate) mod view;

use std::collections::HashSet;

use crate::config::FeedSet;
use crate::diagnostic::Diagnostic;
use crate::load::redirects;
use crate::load::theme::Theme;
use crate::plan::keep::Keep;
use crate::search::head::Head;
use crate::site::{Address, ArticleId, BodyId};
pub(crate) use input::Input;
pub(crate) use outline::address as outline_address;
pub(crate) use page::{Body, Kind, Page};
pub(crate) use view::page::Meta;

/// Plans every file of a site of one language, sorted by path. Files whose paths collide are errors.
#[must_use]
pub(crate) fn plan<'s>(input: Input<'s>, theme: &'s Theme) -> (Vec<Page<'s>>, Vec<Diagnostic>) {
    plan_all(&[input], theme)
}

/// Plans every file of the sites in all languages, sorted by path. Files whose paths collide are
/// errors.
#[must_use]
pub(crate) fn plan_all<'s>(inputs: &[Input<'s>], theme: &'s Theme) -> (Vec<Page<'s>>, Vec<Diagnostic>) {
    let (mut pages, mut diagnostics) = (Vec::new(), Vec::new());
    for &input in inputs {
        let (planned, found) = plan_language(input, theme);
        languages::add(input, planned, &mut pages);
        // A converted language has the mistakes of the first one, but lines that lead to it.
        let is_own = |found: &Diagnostic| {
            let place = found.place.as_ref();
            input.config.converted().is_none() || place.is_some_and(|it| it.path == redirects::FILE)
        };
        diagnostics.extend(found.into_iter().filter(is_own));
    }
    languages::link(inputs, &mut pages);
    pages.shrink_to_fit();
    for input in inputs.iter().take(1) {
        let added = deployed::files(input.config.root_url());
        diagnostics.extend(collision::check(&mut pages, &added));
    }
    (pages, diagnostics)
}

/// Plans the files of the site in one language.
fn plan_language<'s>(input: Input<'s>, theme: &'s Theme) -> (Vec<Page<'s>>, Vec<Diagnostic>) {
    let Input { site, config, .. } = input;
    // Computed here, outside of the parallel work of the planners (see `Connections::browsed`).
    input.connections.browsed();
    // Where most pages are kept, few cards are needed.
    if input.keep.is_none_or(Keep::is_empty) {
        input.cards.make_all();
    }
    let mut pages = Vec::with_capacity(site.articles.len() * 3);
    home::pages(input, &mut pages);
    article::pages(input, &mut pages);
    article::pictures(input, &mut pages);
    term::pages(input, &mut pages);
    crossing::pages(input, &mut pages);
    archive::pages(input, &mut pages);
    edition::pages(input, &mut pages);
    form::pages(input, &mut pages);
    trend::pages(input, &mut pages);
    article::content_pages(input, &mut pages);
    feed::site(input, &mut pages);
    outline::pages(input, &mut pages);
    data::pages(input, &mut pages);
    search::pages(input, &mut pages);
    pages.push(not_found(input));
    redirect::articles(input, &mut pages);
    expired::pages(input, &mut pages);
    social::pages(input, &mut pages);
    reader::pages(input, theme, &mut pages);
    sitemap::pages(input, theme.statics.contains_key("robots.txt"), &mut pages);
    let unwanted = |name: &str| {
        (config.search.is_none() && search::SCRIPTS.contains(&name))
            || (!config.browse.mine && reader::SCRIPTS.contains(&name))
            || (!config.outputs.with_schemas() && name.starts_with(data::SCHEMAS))
    };
    let statics = theme.statics.iter().filter(|_| config.is_first_language());
    for (name, file) in statics.filter(|(name, file)| !(unwanted(name) && file.is_embedded())) {
        let address = Address::file(&[], name, config);
        pages.push(Page::new(address.file, Body::Static(file)));
    }
    let mut diagnostics = old_address::pages(input, &mut pages);
    diagnostics.extend(crossing::excess(input));
    diagnostics.extend(social::missing(input, &pages));
    (pages, diagnostics)
}

/// Plans only the files that can change when nothing but the bodies of the `edited` articles
/// changes: the pages that show one of these bodies, and the binary files of the search index.
/// `head` is the head of the index, taken from the plan of the whole site; `None` without a search.
///
/// Returns `None` if all feeds contain full texts, because few pages could be left out then.
///
/// A test in `pipeline/body_only.rs` compares the result with the plan of the whole site.
#[must_use]
pub(crate) fn plan_pages_of_bodies<'s>(
    input: Input<'s>,
    edited: &HashSet<ArticleId>,
    head: Option<Head>,
) -> Option<Vec<Page<'s>>> {
    if input.config.feeds.full_text == FeedSet::All {
        return None;
    }
    let mut pages: Vec<Page<'s>> = edited.iter().map(|&id| article::page(input, id)).collect();
    feed::site(input, &mut pages);
    old_address::copies(input, &mut pages);
    data::pages_of_bodies(input, edited, &mut pages);
    form::pages_of_bodies(input, edited, &mut pages);
    let is_edited = |body| matches!(body, BodyId::Article(id) if edited.contains(&id));
    pages.retain(|page| page.bodies().any(is_edited));
    // A card shows no body, but the head of its page names it.
    pages.iter_mut().for_each(|page| drop(social::attach(input, page)));
    pages.extend(head.into_iter().flat_map(|head| search::index_files(input, head)));
    Some(pages)
}

/// Plans `404.html`.
fn not_found(input: Input<'_>) -> Page<'_> {
    let words = input.locale.word("not_found");
    let address = Address::file(&[], "404.html", input.config);
    let meta = Meta::new(
        "not-found",
        input.title(&[words]),
        input.locale.word("not_found_hint").to_owned(),
        &address,
    );
    Page::new(address.file, Body::template(Kind::NotFound(Meta { noindex: true, ..meta })))
}
