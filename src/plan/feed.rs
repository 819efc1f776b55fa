//! Feeds of the site, of each term and of each crossing, as Atom and as JSON Feed, and the outline that names them all.
//!
//! RFC 4287 asks for a date of every entry, and an undated article has none to give: feeds bring the dated ones only.

use serde::Serialize;

use crate::config::FullText;
use crate::load::date::Date;
use crate::plan::Sources;
use crate::plan::card::CardRef;
use crate::plan::data::Data;
use crate::plan::page::{Body, BodyRef, FeedLink, Kind, Page};
use crate::site::{Address, ArticleId, BodyId, Term};

/// A feed, whatever it is written in.
#[derive(Debug, Serialize)]
pub struct FeedPage<'s> {
    /// Unique.
    pub title: String,
    /// One sentence.
    pub subtitle: String,
    /// The page whose articles it brings.
    pub page_url: String,
    /// Its own URL.
    pub feed_url: String,
    /// The latest change of its articles, RFC 3339.
    pub updated: String,
    /// Newest first.
    pub entries: Vec<FeedEntry<'s>>,
}

/// An article in a feed.
#[derive(Debug, Serialize)]
pub struct FeedEntry<'s> {
    /// The article.
    pub card: CardRef,
    /// Its body, in feeds that bring the whole text.
    pub content: Option<Box<BodyRef<'s>>>,
}

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
fn addresses(sources: Sources<'_>, parts: &[&str]) -> (Address, Option<Address>) {
    named(sources, parts, "feed")
}

/// The same for a feed of another name than `feed`.
pub(super) fn named(sources: Sources<'_>, parts: &[&str], name: &str) -> (Address, Option<Address>) {
    let file = |ending: &str| Address::file(parts, &format!("{name}.{ending}"), sources.config);
    (file("xml"), sources.config.feeds.json.then(|| file("json")))
}

/// What heads of pages say of a feed.
pub(super) fn link(title: String, (atom, json): (Address, Option<Address>)) -> FeedLink {
    FeedLink { title, path: atom.path, json: json.map(|json| json.path) }
}

/// The URL of the Atom feed in a folder.
pub(super) fn link_url(sources: Sources<'_>, parts: &[&str]) -> String {
    addresses(sources, parts).0.permalink
}

/// The same of the feed in a folder.
pub(super) fn link_in(sources: Sources<'_>, parts: &[&str], title: String) -> FeedLink {
    link(title, addresses(sources, parts))
}

pub(super) fn site_link(sources: Sources<'_>) -> FeedLink {
    link_in(sources, &[], sources.config.title.clone())
}

/// The feed of all articles.
pub(super) fn site<'s>(sources: Sources<'s>, pages: &mut Vec<Page<'s>>) {
    let articles: Vec<ArticleId> =
        (0..sources.site.articles.len()).take(sources.config.feeds.limit).collect();
    let home = Address::new(&[], sources.config);
    let head = Head {
        title: sources.config.title.clone(),
        subtitle: sources.config.description.clone(),
        of: &home,
        parts: &[],
        whole_text: sources.config.feeds.full_text != FullText::None,
    };
    pages.extend(self::pages(sources, &head, &articles));
}

/// Is there anything to bring?
pub(super) fn has_entries(sources: Sources<'_>, articles: &[ArticleId]) -> bool {
    // Newest first, the undated last: the first tells.
    articles.first().is_some_and(|&id| sources.site.articles[id].date.is_some())
}

/// Has a term a feed of its own?
pub(super) fn is_of_term(sources: Sources<'_>, term: &Term) -> bool {
    sources.config.feeds.terms && term.has_page && has_entries(sources, &term.articles)
}

/// When a feed changed. One without entries still has to say so, and no clock may decide the bytes.
pub(super) fn moment(changed: Option<Date>) -> String {
    changed.map_or_else(|| "1970-01-01T00:00:00Z".to_owned(), |date| date.rfc3339())
}

/// The feeds of the newest of `articles`.
pub(super) fn pages<'s>(sources: Sources<'s>, head: &Head<'_>, articles: &[ArticleId]) -> Vec<Page<'s>> {
    let (atom, json) = addresses(sources, head.parts);
    let mut pages =
        vec![Page::new(atom.file.clone(), Body::template(Kind::Feed(feed(sources, head, articles, &atom))))];
    if let Some(json) = json {
        let feed = feed(sources, head, articles, &json);
        pages.push(Page::new(json.file, Body::data(Data::Feed(feed))));
    }
    pages
}

fn feed<'s>(sources: Sources<'s>, head: &Head<'_>, articles: &[ArticleId], at: &Address) -> FeedPage<'s> {
    let site = sources.site;
    let dated = articles.iter().copied().filter(|&id| site.articles[id].date.is_some());
    let ids: Vec<ArticleId> = dated.take(sources.config.feeds.limit).collect();
    let changed = ids.iter().filter_map(|&id| site.articles[id].updated.or(site.articles[id].date)).max();
    let entries = ids
        .iter()
        .map(|&id| FeedEntry {
            card: sources.cards.get(id),
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

/// All feeds in one file, for programs that subscribe to many at once (OPML 2.0).
#[derive(Debug, Serialize)]
pub struct Outline {
    /// The digest's.
    pub title: String,
    /// The site's feeds, those of each taxonomy's terms, those of crossings.
    pub groups: Vec<OutlineGroup>,
}

/// Feeds that belong together.
#[derive(Debug, Serialize)]
pub struct OutlineGroup {
    /// What readers see.
    pub title: String,
    /// The feeds.
    pub feeds: Vec<OutlineFeed>,
}

/// A feed in an outline.
#[derive(Debug, Serialize)]
pub struct OutlineFeed {
    /// What readers see.
    pub title: String,
    /// The Atom feed.
    pub feed_url: String,
    /// The page with the same articles.
    pub page_url: String,
}

/// Where the outline stands.
pub(crate) fn outline_address(config: &crate::config::Config) -> Address {
    Address::file(&[], "feeds.opml", config)
}

pub(super) fn outline<'s>(sources: Sources<'s>, pages: &mut Vec<Page<'s>>) {
    let (site, config) = (sources.site, sources.config);
    let of = |title: &str, parts: &[&str], page: &Address| OutlineFeed {
        title: title.to_owned(),
        feed_url: link_url(sources, parts),
        page_url: page.permalink.clone(),
    };
    let mut own = vec![of(&config.title, &[], &Address::new(&[], config))];
    own.extend(super::edition::outlined(sources));
    let mut groups = vec![OutlineGroup { title: config.title.clone(), feeds: own }];
    let views = super::card::shared_taxonomies(sources);
    for ((taxonomy, view), all) in config.taxonomies.iter().zip(&views).zip(&site.taxonomies) {
        let terms = all.terms.iter().filter(|term| is_of_term(sources, term));
        let feeds = terms.map(|term| of(&term.name, &[&taxonomy.path, &term.slug], &term.address));
        groups.push(OutlineGroup { title: view.title.to_owned(), feeds: feeds.collect() });
    }
    let crossed = super::crossing::outlined(sources);
    groups.push(OutlineGroup { title: sources.locale.word("crossings").to_owned(), feeds: crossed });
    groups.retain(|group| !group.feeds.is_empty());
    let outline = Outline { title: config.title.clone(), groups };
    pages.push(Page::new(outline_address(config).file, Body::Outline(outline)));
}
