//! Plans the pages and files for returning readers: the reader's own view, the page about
//! subscribing, the web manifest and the touch icon.

use std::collections::HashSet;

use serde::Serialize;

use crate::load::theme::Theme;
use crate::paths::fold;
use crate::plan::input::Input;
use crate::plan::page::{Body, Kind, Page};
use crate::plan::view::page::Meta;
use crate::plan::view::reader::{SiteFeed, SubscribePage};
use crate::plan::{feed, icon, outline};
use crate::site::Address;

/// Folder of the reader's own view.
const MINE: &str = "mine";

/// Scripts of the default theme that are left out of a site without the reader's own view.
pub(super) const SCRIPTS: [&str; 2] = ["mine.js", "mine-file.js"];

/// Folder of the page about subscribing.
const SUBSCRIBE: &str = "subscribe";

/// File name of the web manifest.
const MANIFEST: &str = "site.webmanifest";

/// Light background and accent of the default theme (`--paper`, `--accent` in newsprint.css).
const COLOURS: [&str; 2] = ["#fbf9f4", "#8c1c13"];

/// A web manifest (<https://www.w3.org/TR/appmanifest/>).
#[derive(Serialize)]
struct Manifest<'a> {
    name: &'a str,
    short_name: &'a str,
    lang: &'a str,
    start_url: &'a str,
    scope: &'a str,
    display: &'static str,
    background_color: &'static str,
    theme_color: &'static str,
    icons: [Icon; 2],
}

/// An icon of the manifest.
#[derive(Serialize)]
struct Icon {
    src: String,
    r#type: &'static str,
    sizes: String,
}

/// The address of the reader's own view; `None` if it is off.
pub(crate) fn mine_address(config: &crate::config::Config) -> Option<Address> {
    config.browse.mine.then(|| Address::new(&[MINE], config))
}

/// The address of the page about subscribing.
pub(crate) fn subscribe_address(config: &crate::config::Config) -> Address {
    Address::new(&[SUBSCRIBE], config)
}

/// Plans the pages and files whose paths are free among `pages` and the theme's static files: a
/// page or file of the editor replaces them. All other pages have to be planned before.
pub(super) fn pages<'s>(input: Input<'s>, theme: &Theme, pages: &mut Vec<Page<'s>>) {
    let mut own: Vec<Page<'s>> = Vec::new();
    own.extend(mine_address(input.config).map(|address| mine(input, &address)));
    own.push(subscribe(input));
    own.push(manifest(input));
    // The icon depends on constants only, which a unit test encodes.
    if input.config.is_first_language() {
        let icon = icon::touch_icon().ok();
        own.extend(icon.map(|bytes| Page::new(icon::NAME.to_owned(), Body::Bytes(bytes))));
    }
    // None of these paths is below more than one folder, as nearly all others are.
    let all = pages.iter().map(|page| page.path.as_str()).chain(theme.statics.keys().map(|name| &**name));
    let taken: HashSet<String> = all.filter(|path| path.matches('/').count() < 2).map(fold).collect();
    let is_free = |page: &Page<'_>| {
        let path = fold(&page.path);
        let folder = path.strip_suffix("/index.html").unwrap_or(&path);
        !taken.contains(&path) && !taken.contains(folder)
    };
    own.retain(is_free);
    pages.extend(own);
}

/// Plans the reader's own view, which a script fills.
fn mine<'s>(input: Input<'s>, address: &Address) -> Page<'s> {
    let heading = input.locale.word("mine");
    let meta = Meta::new("mine", input.title(&[heading]), input.locale.word("mine_hint").to_owned(), address);
    let meta = Meta { noindex: true, ..meta };
    Page::new(address.file.clone(), Body::template(Kind::Mine(meta)))
}

/// Plans the page about subscribing.
fn subscribe(input: Input<'_>) -> Page<'_> {
    let config = input.config;
    let address = subscribe_address(config);
    let heading = input.locale.word("subscribe");
    let description = input.locale.fill("subscribe_description", &[("site", &config.title)]);
    let (atom, json) = feed::named_addresses(input, &[], "feed");
    let weekly = config.browse.editions.is_some().then(|| feed::named_addresses(input, &[], "weekly").0);
    let all = [("atom", Some(atom)), ("json", json), ("weekly", weekly)];
    let row = |(kind, address): (&'static str, Option<Address>)| {
        address.map(|address| SiteFeed { kind, path: address.path, url: address.permalink })
    };
    let feeds = all.into_iter().chain([("opml", Some(outline::address(config)))]).filter_map(row).collect();
    let meta = Meta::new("subscribe", input.title(&[heading]), description, &address);
    let meta = Meta { feed: Some(feed::site_link(input)), ..meta }.below(Vec::new(), heading);
    let page = SubscribePage { meta, feeds, has_term_feeds: config.feeds.terms.is_some() };
    Page::new(address.file.clone(), Body::template(Kind::Subscribe(page))).in_sitemap(&address, None)
}

/// Plans the web manifest.
fn manifest(input: Input<'_>) -> Page<'_> {
    let config = input.config;
    let file = |name: &str| format!("{}{name}", config.root_url().path);
    let size = icon::SIZE;
    let [background_color, theme_color] = COLOURS;
    let manifest = Manifest {
        name: &config.title,
        short_name: &config.title,
        lang: config.language.tag(),
        start_url: &config.base_url.path,
        scope: &config.base_url.path,
        display: "minimal-ui",
        background_color,
        theme_color,
        icons: [
            Icon { src: file("favicon.svg"), r#type: "image/svg+xml", sizes: "any".to_owned() },
            Icon { src: file(icon::NAME), r#type: "image/png", sizes: format!("{size}x{size}") },
        ],
    };
    // Texts and an array cannot fail to serialise.
    let text = serde_json::to_string_pretty(&manifest).unwrap_or_default();
    Page::new(MANIFEST.to_owned(), Body::Text(text + "\n"))
}
