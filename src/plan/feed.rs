//! Feeds of the site, of each term and of each crossing, as Atom and as JSON Feed, and the outline that names them all.
//!
//! RFC 4287 asks for a date of every entry, and an undated article has none to give: feeds bring the dated ones only.

use crate::config::FullText;
use crate::load::date::Date;
use crate::plan::input::Input;
use crate::plan::page::{Body, Kind, Page};
use crate::plan::view::data::Data;
use crate::plan::view::feed::{FeedEntry, FeedPage};
use crate::plan::view::page::{BodyRef, FeedLink};
use crate::site::{Address, ArticleId, BodyId, Term};

/// What a feed says of itself.
pub(super) struct Head<'a> {
    pub(super) title: String,
    pub(super) subtitle: String,
    /// The page whose articles it brings.
    pub(super) of: &'a Address,
    /// The folder that it stands in.
    pub(super) parts: &'a [&'a str],
    pub(super) whole_text: bool,
}

/// The addresses of a feed in a folder: Atom, and JSON Feed if the digest has them.
fn addresses(input: Input<'_>, parts: &[&str]) -> (Address, Option<Address>) {
    named(input, parts, "feed")
}

/// The same for a feed of another name than `feed`.
pub(super) fn named(input: Input<'_>, parts: &[&str], name: &str) -> (Address, Option<Address>) {
    let file = |ending: &str| Address::file(parts, &format!("{name}.{ending}"), input.config);
    (file("xml"), input.config.feeds.json.then(|| file("json")))
}

/// What heads of pages say of a feed.
pub(super) fn link(title: String, (atom, json): (Address, Option<Address>)) -> FeedLink {
    FeedLink { title, path: atom.path, json: json.map(|json| json.path) }
}

/// The URL of the Atom feed in a folder.
pub(super) fn link_url(input: Input<'_>, parts: &[&str]) -> String {
    addresses(input, parts).0.permalink
}

/// The same of the feed in a folder.
pub(super) fn link_in(input: Input<'_>, parts: &[&str], title: String) -> FeedLink {
    link(title, addresses(input, parts))
}

pub(super) fn site_link(input: Input<'_>) -> FeedLink {
    link_in(input, &[], input.config.title.clone())
}

/// The feed of all articles.
pub(super) fn site<'s>(input: Input<'s>, pages: &mut Vec<Page<'s>>) {
    let articles: Vec<ArticleId> = (0..input.site.articles.len()).take(input.config.feeds.limit).collect();
    let home = Address::new(&[], input.config);
    let head = Head {
        title: input.config.title.clone(),
        subtitle: input.config.description.clone(),
        of: &home,
        parts: &[],
        whole_text: input.config.feeds.full_text != FullText::None,
    };
    pages.extend(self::pages(input, &head, &articles));
}

/// Is there anything to bring?
pub(super) fn has_entries(input: Input<'_>, articles: &[ArticleId]) -> bool {
    // Newest first, the undated last: the first tells.
    articles.first().is_some_and(|&id| input.site.articles[id].date.is_some())
}

/// Has a term a feed of its own?
pub(super) fn is_of_term(input: Input<'_>, term: &Term) -> bool {
    input.config.feeds.terms && term.has_page && has_entries(input, &term.articles)
}

/// When a feed changed. One without entries still has to say so, and no clock may decide the bytes.
pub(super) fn moment(changed: Option<Date>) -> String {
    changed.map_or_else(|| "1970-01-01T00:00:00Z".to_owned(), |date| date.rfc3339())
}

/// The feeds of the newest of `articles`.
pub(super) fn pages<'s>(input: Input<'s>, head: &Head<'_>, articles: &[ArticleId]) -> Vec<Page<'s>> {
    let (atom, json) = addresses(input, head.parts);
    let mut pages =
        vec![Page::new(atom.file.clone(), Body::template(Kind::Feed(feed(input, head, articles, &atom))))];
    if let Some(json) = json {
        let feed = feed(input, head, articles, &json);
        pages.push(Page::new(json.file, Body::data(Data::Feed(feed))));
    }
    pages
}

fn feed<'s>(input: Input<'s>, head: &Head<'_>, articles: &[ArticleId], at: &Address) -> FeedPage<'s> {
    let site = input.site;
    let dated = articles.iter().copied().filter(|&id| site.articles[id].date.is_some());
    let ids: Vec<ArticleId> = dated.take(input.config.feeds.limit).collect();
    let changed = ids.iter().filter_map(|&id| site.articles[id].updated.or(site.articles[id].date)).max();
    let entries = ids
        .iter()
        .map(|&id| FeedEntry {
            card: input.cards.get(id),
            content: head
                .whole_text
                .then(|| Box::new(BodyRef { id: BodyId::Article(id), file: &site.articles[id].file })),
        })
        .collect();
    FeedPage {
        title: head.title.clone(),
        subtitle: head.subtitle.clone(),
        page_url: head.of.permalink.clone(),
        feed_url: at.permalink.clone(),
        updated: moment(changed),
        entries,
    }
}
