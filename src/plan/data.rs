//! Plans the data files for programs, which are written without a template.
//!
//! Each of newsprint's own formats has a version and a JSON Schema in `static/api/schema/`. A
//! version may gain fields; it may not lose or change any.

use std::cell::LazyCell;
use std::collections::HashSet;

use crate::plan::article;
use crate::plan::feed;
use crate::plan::input::{Input, shared_taxonomies};
use crate::plan::page::{Body, Page};
use crate::plan::view::data::{
    AlternateData, Articles, Data, Link, Listed, Llms, LlmsFull, Section, TermData, Terms,
};
use crate::plan::view::page::BodyRef;
use crate::site::{Address, ArticleId, BodyId, Term};
use crate::slug;

/// Folder of the JSON Schemas among the static files.
pub(super) const SCHEMAS: &str = "api/schema/";

/// Number of articles in a file of the list of all articles.
const ARTICLES_PER_FILE: usize = 250;
/// Maximum number of articles that `llms.txt` lists.
const MAX_LLMS_ARTICLES: usize = 100;
/// Maximum number of articles whose texts `llms-full.txt` may contain; its size limit may allow
/// fewer.
const MAX_LLMS_FULL_ARTICLES: usize = 500;

/// Plans all data files except feeds.
pub(super) fn pages<'s>(input: Input<'s>, pages: &mut Vec<Page<'s>>) {
    let (site, outputs) = (input.site, input.config.outputs);
    if outputs.api {
        pages.extend(articles(input));
        pages.extend(terms(input));
    }
    for id in site.own_articles() {
        alternates(input, id, pages);
    }
    if outputs.llms {
        let file = Address::file(&[], "llms.txt", input.config).file;
        pages.push(Page::new(file, Body::data(Data::Llms(llms(input)))));
        pages.push(llms_full(input));
    }
}

/// Plans the data files that can show the bodies of the `edited` articles.
pub(super) fn pages_of_bodies<'s>(input: Input<'s>, edited: &HashSet<ArticleId>, pages: &mut Vec<Page<'s>>) {
    for &id in edited {
        alternates(input, id, pages);
    }
    if input.config.outputs.llms {
        pages.push(llms_full(input));
    }
}

/// Plans the JSON and Markdown versions of an article.
fn alternates<'s>(input: Input<'s>, id: ArticleId, pages: &mut Vec<Page<'s>>) {
    let (outputs, address) = (input.config.outputs, &input.site.addresses[id]);
    let key = LazyCell::new(|| article::key(input, id));
    let wanted = [(outputs.json, "index.json"), (outputs.markdown, "index.md")];
    for (_, name) in wanted.into_iter().filter(|(is_on, _)| *is_on) {
        let (file, key) = (address.beside(name).file, *key);
        pages.push(input.kept(&file, key).unwrap_or_else(|| {
            let data = alternate(input, id);
            let is_json = name.ends_with(".json");
            let data = if is_json { Data::ArticleJson(data) } else { Data::ArticleMarkdown(data) };
            Page::new(file, Body::data(data)).with_key(key)
        }));
    }
}

/// Plans `llms-full.txt`.
fn llms_full(input: Input<'_>) -> Page<'_> {
    let articles =
        (0..input.site.articles.len().min(MAX_LLMS_FULL_ARTICLES)).map(|id| alternate(input, id)).collect();
    let full = LlmsFull { articles, size: input.config.outputs.llms_full };
    Page::new(Address::file(&[], "llms-full.txt", input.config).file, Body::data(Data::LlmsFull(full)))
}

fn listed(input: Input<'_>, id: ArticleId) -> Listed<'_> {
    let outputs = input.config.outputs;
    let slug = &input.site.articles[id].slug;
    Listed { card: input.cards.reference(id), slug, json: outputs.json, markdown: outputs.markdown }
}

fn alternate(input: Input<'_>, id: ArticleId) -> AlternateData<'_> {
    let article = &input.site.articles[id];
    AlternateData {
        listed: listed(input, id),
        content: BodyRef { id: BodyId::Article(id), file: &article.file },
        extra: &article.extra,
    }
}

/// The address of a file of the list of all articles: `articles.json` holds the newest,
/// `articles-1.json` the oldest ones.
fn list_address(input: Input<'_>, number: Option<usize>) -> Address {
    let name = number.map_or_else(|| "articles.json".to_owned(), |number| format!("articles-{number}.json"));
    Address::file(&["api"], &name, input.config)
}

/// Plans the list of all articles. It is cut from the oldest article on, so that new articles leave
/// full files unchanged.
fn articles(input: Input<'_>) -> Vec<Page<'_>> {
    let total = input.site.articles.len();
    let full = total.saturating_sub(1) / ARTICLES_PER_FILE;
    let file = |number: Option<usize>| {
        let range = match number {
            None => 0..total - full * ARTICLES_PER_FILE,
            Some(number) => total - number * ARTICLES_PER_FILE..total - (number - 1) * ARTICLES_PER_FILE,
        };
        let older = number.unwrap_or(full + 1) - 1;
        let newer = number.map(|number| Some(number + 1).filter(|&number| number <= full));
        let file = list_address(input, number).file;
        let ids: Vec<ArticleId> = range.collect();
        let key = input.key(|keep| ("articles", older > 0, newer, keep.cards(&ids)));
        if let Some(kept) = input.kept(&file, key) {
            return kept;
        }
        let data = Articles {
            articles: ids.into_iter().map(|id| listed(input, id)).collect(),
            older: (older > 0).then(|| list_address(input, Some(older)).permalink),
            newer: newer.map(|newer| list_address(input, newer).permalink),
        };
        Page::new(file, Body::data(Data::Articles(data))).with_key(key)
    };
    std::iter::once(None).chain((1..=full).map(Some)).map(file).collect()
}

fn terms_address(input: Input<'_>, taxonomy: &str) -> Address {
    Address::file(&["api", "terms"], &format!("{taxonomy}.json"), input.config)
}

/// Plans the file of terms of each taxonomy.
fn terms(input: Input<'_>) -> Vec<Page<'_>> {
    let views = shared_taxonomies(input);
    let taxonomies = input.config.taxonomies.iter().zip(views).zip(&input.site.taxonomies);
    taxonomies
        .map(|((taxonomy, view), all)| {
            let feed_of = |term: &Term| {
                feed::term_has_feed(input, term).then(|| feed::link_url(input, &[&taxonomy.path, &term.slug]))
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
            Page::new(terms_address(input, &taxonomy.name).file, Body::data(Data::Terms(data)))
        })
        .collect()
}

/// The contents of `llms.txt`.
fn llms(input: Input<'_>) -> Llms {
    let Input { site, config, locale, cards, .. } = input;
    let link = |name: &str, address: &Address| Link {
        name: name.to_owned(),
        url: address.permalink.clone(),
        about: String::new(),
    };
    let folder = |name: &str| Address::new(&[name], config);
    let newest = (0..site.articles.len().min(MAX_LLMS_ARTICLES)).map(|id| {
        let at = if config.outputs.markdown {
            site.addresses[id].beside("index.md").permalink
        } else {
            site.addresses[id].permalink.clone()
        };
        let card = cards.card(id);
        let day = card.date.as_deref().map(|date| date.get(..10).unwrap_or(date));
        let about =
            [day, card.label, Some(card.summary)].into_iter().flatten().filter(|part| !part.is_empty());
        Link { name: card.title.to_owned(), url: at, about: about.collect::<Vec<_>>().join(" · ") }
    });
    let mut parts: Vec<Link> = Vec::new();
    for (taxonomy, view) in config.taxonomies.iter().zip(shared_taxonomies(input)) {
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
        optional.push(link(locale.word("all_articles"), &list_address(input, None)));
        for (taxonomy, view) in config.taxonomies.iter().zip(shared_taxonomies(input)) {
            optional.push(link(view.title, &terms_address(input, &taxonomy.name)));
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
