//! What there is to tell: the articles of the site, its pages and its feeds, as owned data.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rayon::prelude::*;

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::load::Article;
use crate::locale::Words;
use crate::pipeline::BuiltSite;
use crate::plan::view::data::Data;
use crate::plan::{Body, Kind};
use crate::render::announce;
use crate::render::{TemplateProblem, summarise};
use crate::site::calendar::{self, Span};
use crate::site::{Address, ArticleId};

/// An article of the site.
pub(super) struct Item {
    /// What it is known by: its link, its addresses, and without a link its title and date.
    pub(super) keys: Vec<Fingerprint>,
    /// The path of its page, as pages link to it.
    pub(super) path: String,
    /// Its day; `None` without a date.
    pub(super) day: Option<NaiveDate>,
    /// What messages show of it.
    pub(super) shown: announce::Article,
}

/// The page of a day.
pub(super) struct Day {
    /// What messages show of it.
    pub(super) shown: announce::Edition,
}

/// Everything that can be announced.
pub(super) struct News {
    pub(super) digest: announce::Digest,
    pub(super) words: Words,
    /// The articles in the order of the site, newest first.
    pub(super) items: Vec<Item>,
    /// The days with articles; empty if the digest has no editions.
    pub(super) days: BTreeMap<NaiveDate, Day>,
    /// Fingerprints of the bytes of pages in HTML, by URL; empty if no target needs them.
    pub(super) pages: BTreeMap<String, Fingerprint>,
    /// The same of feeds.
    pub(super) feeds: BTreeMap<String, Fingerprint>,
}

/// The files that targets need.
#[derive(Debug, Clone, Copy)]
pub(super) struct Needs {
    /// Pages in HTML, for IndexNow.
    pub(super) pages: bool,
    /// Feeds, for WebSub.
    pub(super) feeds: bool,
}

impl News {
    /// Collects what a site has.
    ///
    /// # Errors
    /// A page cannot be rendered.
    pub(super) fn collect(built: &BuiltSite<'_>, needs: Needs) -> Result<Self, Vec<Diagnostic>> {
        let config = built.config;
        let items = (0..built.site.articles.len()).map(|id| item(built, id)).collect();
        let mut days = BTreeMap::new();
        for edition in built.editions.editions().into_iter().flat_map(|editions| &editions.days) {
            let parts = edition.span.parts();
            let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
            let Span::Day(day) = edition.span else { continue };
            let shown = announce::Edition {
                title: built.locale.date(day),
                url: Address::new(&parts, config).permalink,
                date: parts.join("-"),
            };
            days.insert(day, Day { shown });
        }
        let digest = announce::Digest { title: config.title.clone(), url: config.base_url.url() };
        let pages = if needs.pages { fingerprints(built, is_page)? } else { BTreeMap::new() };
        let feeds = if needs.feeds { fingerprints(built, is_feed)? } else { BTreeMap::new() };
        Ok(Self { digest, words: built.locale.words.clone(), items, days, pages, feeds })
    }
}

/// True for pages of HTML that people read: all but `404.html` and letters.
fn is_page(path: &str, body: &Body<'_>) -> bool {
    path.ends_with(".html") && path.rsplit('/').next() != Some("404.html") && !matches!(body, Body::Form(_))
}

/// True for feeds, in Atom and JSON.
fn is_feed(_: &str, body: &Body<'_>) -> bool {
    match body {
        Body::Template(kind) => matches!(**kind, Kind::Feed(_) | Kind::Weekly(_)),
        Body::Data(data) => matches!(**data, Data::Feed(_) | Data::Weekly(_)),
        _ => false,
    }
}

/// The URL of a file of the site.
fn url(path: &str, config: &Config) -> String {
    let folder = path.strip_suffix("index.html").filter(|folder| folder.is_empty() || folder.ends_with('/'));
    Address::file(&[], folder.unwrap_or(path), config).permalink
}

/// The fingerprints of the bytes of the files that are `wanted`, by URL.
fn fingerprints(
    built: &BuiltSite<'_>,
    wanted: fn(&str, &Body<'_>) -> bool,
) -> Result<BTreeMap<String, Fingerprint>, Vec<Diagnostic>> {
    let places: Vec<usize> = (0..built.pages.len())
        .filter(|&place| wanted(&built.pages[place].path, &built.pages[place].body))
        .collect();
    let rendered: Vec<Result<(String, Fingerprint), TemplateProblem>> = places
        .par_iter()
        .map(|&place| {
            let mut bytes = Vec::new();
            (built.render)(place, &mut bytes)?;
            Ok((url(&built.pages[place].path, built.config), Fingerprint::of_bytes(&bytes)))
        })
        .collect();
    let mut found = BTreeMap::new();
    let mut problems = Vec::new();
    for result in rendered {
        match result {
            Ok((url, fingerprint)) => drop(found.insert(url, fingerprint)),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(found) } else { Err(summarise(problems)) }
}

fn item(built: &BuiltSite<'_>, id: ArticleId) -> Item {
    let (site, config) = (built.site, built.config);
    let article = &site.articles[id];
    let address = &site.addresses[id];
    let terms = site.terms_of(id).map(|term| site.term(term).name.clone()).collect();
    let summary = article.event.as_ref().unwrap_or(&article.excerpt);
    Item {
        keys: keys(article, address, config),
        path: address.path.clone(),
        day: article.date.as_ref().map(calendar::day),
        shown: announce::Article {
            title: article.title.clone(),
            url: address.permalink.clone(),
            source: article.source.clone(),
            link: article.link.as_ref().map(|link| link.url.clone()),
            summary: summary.clone(),
            terms,
            date: article.date.as_ref().map(crate::load::date::Date::iso),
        },
    }
}

/// What an article is known by. An edit may change some of it: an article with one known key was
/// announced. A fragment can name one of several articles on a page (`Link::key`).
///
/// The host of the site is no part of the keys, so that a site that moves announces nothing again.
fn keys(article: &Article, address: &Address, config: &Config) -> Vec<Fingerprint> {
    let base = config.base_url.path.as_str();
    let path = address.path.strip_prefix(base).unwrap_or(&address.path);
    let plain = |path: &str| Fingerprint::of(&("address", path.trim_matches('/')));
    let mut keys = vec![plain(path)];
    keys.extend(article.aliases.iter().map(|alias| {
        let alias = Address::new(&[alias.trim_matches('/')], config).path;
        plain(alias.strip_prefix(base).unwrap_or(&alias))
    }));
    keys.push(match &article.link {
        Some(link) => Fingerprint::of(&("link", &link.canonical, link.key())),
        None => Fingerprint::of(&("title", &article.title, article.date.as_ref().map(|date| date.iso()))),
    });
    keys
}
