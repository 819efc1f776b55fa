//! What programs read: pages that are data, written without a template. Each form of ours has a version and a JSON Schema in
//! `static/api/schema/`; a field may come to a version, and none may go or change.

use std::collections::HashSet;

use serde::Serialize;

use crate::plan::Sources;
use crate::plan::card::{self, CardRef, TaxonomyView};
use crate::plan::edition::WeeklyFeed;
use crate::plan::feed::{self, FeedPage};
use crate::plan::page::{Body, BodyRef, Page};
use crate::site::{Address, ArticleId, BodyId, Term, slug};
use crate::yaml::Node;

/// Where the schemas of these forms stand among the static files.
pub(super) const SCHEMAS: &str = "api/schema/";

/// Articles in a file of the list.
const PAGED: usize = 1000;
/// Articles that `llms.txt` names.
const NAMED: usize = 100;
/// Articles of which `llms-full.txt` may bring the text, if they have room.
const FULL: usize = 500;

/// A file of data, one variant for each form.
#[derive(Debug, Serialize)]
pub enum Data<'s> {
    /// A JSON Feed of articles.
    Feed(FeedPage<'s>),
    /// The JSON Feed of the weekly editions.
    Weekly(WeeklyFeed<'s>),
    /// A list of articles: `api/articles.json`.
    Articles(Articles<'s>),
    /// A taxonomy's terms: `api/terms/keywords.json`.
    Terms(Terms<'s>),
    /// An article as JSON.
    ArticleJson(Twin<'s>),
    /// An article as Markdown.
    ArticleMarkdown(Twin<'s>),
    /// What there is on the site, for language models: `llms.txt` (llmstxt.org).
    Llms(Llms),
    /// The newest articles with their texts in one file.
    LlmsFull(LlmsFull<'s>),
}

/// A part of the list of all articles.
#[derive(Debug, Serialize)]
pub struct Articles<'s> {
    /// Newest first.
    pub articles: Vec<Listed<'s>>,
    /// The file with the next older ones.
    pub older: Option<String>,
    /// The file with the next newer ones.
    pub newer: Option<String>,
}

/// An article in the list.
#[derive(Debug, Serialize)]
pub struct Listed<'s> {
    /// The article.
    pub card: CardRef,
    /// What its address is made from.
    pub slug: &'s str,
    /// Is there a JSON twin?
    pub json: bool,
    /// Is there a Markdown twin?
    pub markdown: bool,
}

/// The terms of a taxonomy.
#[derive(Debug, Serialize)]
pub struct Terms<'s> {
    /// Its names and its index.
    pub taxonomy: TaxonomyView<'s>,
    /// The most used first.
    pub terms: Vec<TermData<'s>>,
}

/// A term.
#[derive(Debug, Serialize)]
pub struct TermData<'s> {
    /// What readers see.
    pub name: &'s str,
    /// What its address is made from.
    pub slug: &'s str,
    /// Of its page, if it has one.
    pub url: Option<&'s str>,
    /// Its Atom feed, if it has one.
    pub feed: Option<String>,
    /// How many carry it.
    pub articles: usize,
    /// What an editor says of it.
    pub description: Option<&'s str>,
    /// Other names that an editor gave it.
    pub aliases: &'s [String],
}

/// An article with its text.
#[derive(Debug, Serialize)]
pub struct Twin<'s> {
    /// The article.
    pub listed: Listed<'s>,
    /// Its text.
    pub content: BodyRef<'s>,
    /// The front matter's `extra`.
    pub extra: &'s Node,
}

/// As many of the newest articles as have room.
#[derive(Debug, Serialize)]
pub struct LlmsFull<'s> {
    /// Newest first.
    pub articles: Vec<Twin<'s>>,
    /// Bytes that the file may have.
    pub size: usize,
}

/// What there is on the site.
#[derive(Debug, Serialize)]
pub struct Llms {
    /// The digest's name.
    pub title: String,
    /// One sentence about it.
    pub description: String,
    /// Its parts, each with a heading.
    pub sections: Vec<Section>,
}

/// A part of the site.
#[derive(Debug, Serialize)]
pub struct Section {
    /// In the digest's language; `Optional` for what may be left out (llmstxt.org).
    pub heading: String,
    /// What is there.
    pub links: Vec<Link>,
}

/// A link with what it leads to.
#[derive(Debug, Serialize)]
pub struct Link {
    /// A title.
    pub name: String,
    /// A whole URL.
    pub url: String,
    /// One sentence; may be empty.
    pub about: String,
}

impl Data<'_> {
    /// The bodies that it shows.
    pub fn bodies(&self) -> impl Iterator<Item = BodyId> {
        let (entries, twins) = match self {
            Self::Feed(feed) => (feed.entries.as_slice(), [].as_slice()),
            Self::ArticleJson(twin) | Self::ArticleMarkdown(twin) => {
                ([].as_slice(), std::slice::from_ref(twin))
            }
            Self::LlmsFull(full) => ([].as_slice(), full.articles.as_slice()),
            Self::Weekly(_) | Self::Articles(_) | Self::Terms(_) | Self::Llms(_) => {
                ([].as_slice(), [].as_slice())
            }
        };
        let of_entries = entries.iter().filter_map(|entry| entry.content.as_deref()).map(|body| body.id);
        of_entries.chain(twins.iter().map(|twin| twin.content.id))
    }
}

pub(super) fn pages<'s>(sources: Sources<'s>, pages: &mut Vec<Page<'s>>) {
    let (site, outputs) = (sources.site, sources.config.outputs);
    if outputs.api {
        pages.extend(articles(sources));
        pages.extend(terms(sources));
    }
    for id in 0..site.articles.len() {
        twins(sources, id, pages);
    }
    if outputs.llms {
        let file = Address::file(&[], "llms.txt", sources.config).file;
        pages.push(Page::new(file, Body::data(Data::Llms(llms(sources)))));
        pages.push(llms_full(sources));
    }
}

/// What shows the bodies of these articles, and perhaps more.
pub(super) fn showing<'s>(sources: Sources<'s>, edited: &HashSet<ArticleId>, pages: &mut Vec<Page<'s>>) {
    for &id in edited {
        twins(sources, id, pages);
    }
    if sources.config.outputs.llms {
        pages.push(llms_full(sources));
    }
}

fn twins<'s>(sources: Sources<'s>, id: ArticleId, pages: &mut Vec<Page<'s>>) {
    let (outputs, address) = (sources.config.outputs, &sources.site.addresses[id]);
    if outputs.json {
        let file = address.beside("index.json").file;
        pages.push(Page::new(file, Body::data(Data::ArticleJson(twin(sources, id)))));
    }
    if outputs.markdown {
        let file = address.beside("index.md").file;
        pages.push(Page::new(file, Body::data(Data::ArticleMarkdown(twin(sources, id)))));
    }
}

fn llms_full(sources: Sources<'_>) -> Page<'_> {
    let articles = (0..sources.site.articles.len().min(FULL)).map(|id| twin(sources, id)).collect();
    let full = LlmsFull { articles, size: sources.config.outputs.llms_full };
    Page::new(Address::file(&[], "llms-full.txt", sources.config).file, Body::data(Data::LlmsFull(full)))
}

fn listed(sources: Sources<'_>, id: ArticleId) -> Listed<'_> {
    let outputs = sources.config.outputs;
    let slug = &sources.site.articles[id].slug;
    Listed { card: sources.cards.get(id), slug, json: outputs.json, markdown: outputs.markdown }
}

fn twin(sources: Sources<'_>, id: ArticleId) -> Twin<'_> {
    let article = &sources.site.articles[id];
    Twin {
        listed: listed(sources, id),
        content: BodyRef { id: BodyId::Article(id), file: &article.file },
        extra: &article.extra,
    }
}

/// Where the list stands: `articles.json` with the newest, `articles-1.json` with the oldest thousand.
fn list_address(sources: Sources<'_>, number: Option<usize>) -> Address {
    let name = number.map_or_else(|| "articles.json".to_owned(), |number| format!("articles-{number}.json"));
    Address::file(&["api"], &name, sources.config)
}

/// Cut from the oldest, so that a full file stays as it is when articles come.
fn articles(sources: Sources<'_>) -> Vec<Page<'_>> {
    let total = sources.site.articles.len();
    let full = total.saturating_sub(1) / PAGED;
    let file = |number: Option<usize>| {
        let range = match number {
            None => 0..total - full * PAGED,
            Some(number) => total - number * PAGED..total - (number - 1) * PAGED,
        };
        let older = number.unwrap_or(full + 1) - 1;
        let newer = number.map(|number| Some(number + 1).filter(|&number| number <= full));
        let data = Articles {
            articles: range.map(|id| listed(sources, id)).collect(),
            older: (older > 0).then(|| list_address(sources, Some(older)).permalink),
            newer: newer.map(|newer| list_address(sources, newer).permalink),
        };
        Page::new(list_address(sources, number).file, Body::data(Data::Articles(data)))
    };
    std::iter::once(None).chain((1..=full).map(Some)).map(file).collect()
}

fn terms_address(sources: Sources<'_>, taxonomy: &str) -> Address {
    Address::file(&["api", "terms"], &format!("{taxonomy}.json"), sources.config)
}

fn terms(sources: Sources<'_>) -> Vec<Page<'_>> {
    let views = card::shared_taxonomies(sources);
    let taxonomies = sources.config.taxonomies.iter().zip(views).zip(&sources.site.taxonomies);
    taxonomies
        .map(|((taxonomy, view), all)| {
            let feed_of = |term: &Term| {
                feed::is_of_term(sources, term)
                    .then(|| feed::link_url(sources, &[&taxonomy.path, &term.slug]))
            };
            let terms = all.terms.iter().map(|term| TermData {
                name: &term.name,
                slug: &term.slug,
                url: term.has_page.then_some(term.address.permalink.as_str()),
                feed: feed_of(term),
                articles: term.articles.len(),
                description: term.description.as_deref(),
                aliases: &term.aliases,
            });
            let mut terms: Vec<TermData<'_>> = terms.collect();
            terms.sort_by(|a, b| b.articles.cmp(&a.articles).then_with(|| a.slug.cmp(b.slug)));
            let data = Terms { taxonomy: view, terms };
            Page::new(terms_address(sources, &taxonomy.name).file, Body::data(Data::Terms(data)))
        })
        .collect()
}

fn llms(sources: Sources<'_>) -> Llms {
    let Sources { site, config, locale, cards, .. } = sources;
    let link = |name: &str, address: &Address| Link {
        name: name.to_owned(),
        url: address.permalink.clone(),
        about: String::new(),
    };
    let folder = |name: &str| Address::new(&[name], config);
    let newest = (0..site.articles.len().min(NAMED)).map(|id| {
        let at = if config.outputs.markdown {
            site.addresses[id].beside("index.md").permalink
        } else {
            site.addresses[id].permalink.clone()
        };
        let card = cards.card(id);
        let day = card.date.as_deref().map(|date| date.get(..10).unwrap_or(date));
        let about = [day, Some(card.summary)].into_iter().flatten().filter(|part| !part.is_empty());
        Link { name: card.title.to_owned(), url: at, about: about.collect::<Vec<_>>().join(" · ") }
    });
    let mut parts: Vec<Link> = Vec::new();
    for (taxonomy, view) in config.taxonomies.iter().zip(card::shared_taxonomies(sources)) {
        parts.push(link(view.title, &folder(&taxonomy.path)));
    }
    parts.push(link(locale.word("archive"), &folder("archive")));
    parts.extend(site.pages.iter().map(|page| Link {
        name: page.title.clone(),
        url: Address::new(&[&slug::page(&page.path)], config).permalink,
        about: page.description.clone(),
    }));
    let mut optional = vec![
        link(locale.word("llms_full"), &Address::file(&[], "llms-full.txt", config)),
        link(locale.word("feed"), &Address::file(&[], "feed.xml", config)),
    ];
    if config.outputs.api {
        optional.push(link(locale.word("all_articles"), &list_address(sources, None)));
        for (taxonomy, view) in config.taxonomies.iter().zip(card::shared_taxonomies(sources)) {
            optional.push(link(view.title, &terms_address(sources, &taxonomy.name)));
        }
    }
    let section = |heading: &str, links| Section { heading: heading.to_owned(), links };
    Llms {
        title: config.title.clone(),
        description: config.description.clone(),
        sections: vec![
            section(locale.word("latest"), newest.collect()),
            section(locale.word("sections"), parts),
            section("Optional", optional),
        ],
    }
}
