//! Plans the feeds of the site, of each term and of each crossing, as Atom and as JSON Feed.
//!
//! RFC 4287 requires a date for every entry: feeds contain dated articles only.

use crate::config::FeedSet;
use crate::load::date::Date;
use crate::plan::input::Input;
use crate::plan::keep::Key;
use crate::plan::page::{Body, Kind, Page};
use crate::plan::view::data::Data;
use crate::plan::view::feed::{FeedEntry, FeedPage};
use crate::plan::view::page::{BodyRef, FeedLink};
use crate::site::{Address, ArticleId, BodyId, Term};

/// The metadata of a feed.
pub(super) struct Head<'a> {
    /// Title, unique on the site.
    pub(super) title: String,
    /// One sentence about the feed.
    pub(super) subtitle: String,
    /// Address of the page that lists the same articles.
    pub(super) of: &'a Address,
    /// Parts of the path of the feed's folder.
    pub(super) parts: &'a [&'a str],
    /// True if entries contain the articles' bodies.
    pub(super) full_text: bool,
}

/// The addresses of the feed in a folder: Atom, and JSON Feed if the feed has one.
fn addresses(input: Input<'_>, parts: &[&str]) -> (Address, Option<Address>) {
    named_addresses(input, parts, "feed")
}

/// The addresses of a feed whose file name, without its extension, is `name`. The feeds of the
/// whole digest are in its top folder.
pub(super) fn named_addresses(input: Input<'_>, parts: &[&str], name: &str) -> (Address, Option<Address>) {
    let file = |ending: &str| Address::file(parts, &format!("{name}.{ending}"), input.config);
    let has_json = match input.config.feeds.json {
        FeedSet::None => false,
        FeedSet::Site => parts.is_empty(),
        FeedSet::All => true,
    };
    (file("xml"), has_json.then(|| file("json")))
}

/// The discovery link of a feed, from its Atom and JSON Feed addresses.
pub(super) fn link(title: String, (atom, json): (Address, Option<Address>)) -> FeedLink {
    FeedLink { title, path: atom.path, json: json.map(|json| json.path) }
}

/// The URL of the Atom feed in a folder.
pub(super) fn link_url(input: Input<'_>, parts: &[&str]) -> String {
    addresses(input, parts).0.permalink
}

/// The discovery link of the feed in a folder.
pub(super) fn link_in(input: Input<'_>, parts: &[&str], title: String) -> FeedLink {
    link(title, addresses(input, parts))
}

/// The discovery link of the feed of all articles.
pub(super) fn site_link(input: Input<'_>) -> FeedLink {
    link_in(input, &[], input.config.title.clone())
}

/// Plans the feed of all articles.
pub(super) fn site<'s>(input: Input<'s>, pages: &mut Vec<Page<'s>>) {
    let articles: Vec<ArticleId> = (0..input.site.articles.len()).take(input.config.feeds.limit).collect();
    let home = Address::new(&[], input.config);
    let head = Head {
        title: input.config.title.clone(),
        subtitle: input.config.description.clone(),
        of: &home,
        parts: &[],
        full_text: input.config.feeds.full_text != FeedSet::None,
    };
    pages.extend(self::pages(input, &head, &articles));
}

/// True if a list of these articles has a feed: they are at least `minimum`, and one of them has a
/// date.
pub(super) fn list_has_feed(input: Input<'_>, minimum: Option<usize>, articles: &[ArticleId]) -> bool {
    // Undated articles come last: the first article decides.
    let has_entries = articles.first().is_some_and(|&id| input.site.articles[id].date.is_some());
    has_entries && minimum.is_some_and(|minimum| articles.len() >= minimum)
}

/// True if the term has a feed.
pub(super) fn term_has_feed(input: Input<'_>, term: &Term) -> bool {
    term.has_page && list_has_feed(input, input.config.feeds.terms, &term.articles)
}

/// The timestamp of a feed's last change, RFC 3339. A feed without entries needs one, too, and no
/// clock may decide the bytes: it gets the start of 1970.
pub(super) fn timestamp(changed: Option<Date>) -> String {
    changed.map_or_else(|| "1970-01-01T00:00:00Z".to_owned(), |date| date.rfc3339())
}

/// Plans the Atom feed and the JSON Feed of the newest of `articles`, up to the configured limits.
pub(super) fn pages<'s>(input: Input<'s>, head: &Head<'_>, articles: &[ArticleId]) -> Vec<Page<'s>> {
    let (atom, json) = addresses(input, head.parts);
    let atom = page(input, head, articles, &atom, false);
    let json = json.map(|json| page(input, head, articles, &json, true));
    std::iter::once(atom).chain(json).collect()
}

/// Plans one feed at the address `at`: an Atom feed, or a JSON Feed.
pub(super) fn page<'s>(
    input: Input<'s>,
    head: &Head<'_>,
    articles: &[ArticleId],
    at: &Address,
    is_json: bool,
) -> Page<'s> {
    let key = match head.parts.is_empty() {
        // Each new article changes the feed of the site.
        true => Key::default(),
        false => key(input, head, articles, at),
    };
    if let Some(kept) = input.kept(&at.file, key) {
        return kept;
    }
    let feed = feed(input, head, articles, at);
    let body = if is_json { Body::data(Data::Feed(feed)) } else { Body::template(Kind::Feed(feed)) };
    Page::new(at.file.clone(), body).with_key(key)
}

/// The key of the feed of a list.
fn key(input: Input<'_>, head: &Head<'_>, articles: &[ArticleId], at: &Address) -> Key {
    input.key(|keep| {
        let shown = &articles[..articles.len().min(input.config.feeds.list_limit)];
        let bodies: Vec<_> = shown.iter().filter(|_| head.full_text).map(|&id| keep.body(id)).collect();
        let addresses = (&head.of.permalink, &at.permalink);
        ("feed", &head.title, &head.subtitle, addresses, keep.cards(shown), bodies)
    })
}

/// The contents of a feed; `at` is the feed's own address.
fn feed<'s>(input: Input<'s>, head: &Head<'_>, articles: &[ArticleId], at: &Address) -> FeedPage<'s> {
    let site = input.site;
    let dated = articles.iter().copied().filter(|&id| site.articles[id].date.is_some());
    let feeds = &input.config.feeds;
    let limit = if head.parts.is_empty() { feeds.limit } else { feeds.list_limit };
    let ids: Vec<ArticleId> = dated.take(limit).collect();
    let changed = ids.iter().filter_map(|&id| site.articles[id].updated.or(site.articles[id].date)).max();
    let entries = ids
        .iter()
        .map(|&id| FeedEntry {
            card: input.cards.reference(id),
            content: head
                .full_text
                .then(|| Box::new(BodyRef { id: BodyId::Article(id), file: &site.articles[id].file })),
        })
        .collect();
    FeedPage {
        title: head.title.clone(),
        subtitle: head.subtitle.clone(),
        page_url: head.of.permalink.clone(),
        feed_url: at.permalink.clone(),
        updated: timestamp(changed),
        entries,
    }
}
