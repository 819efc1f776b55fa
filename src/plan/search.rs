//! Plans the search page and the files of its index: the data of results, the facets, the head and
//! the shards.

use rayon::prelude::*;
use serde::Serialize;

use crate::config::Search;
use crate::fingerprint::Fingerprint;
use crate::plan::input::{Input, shared_taxonomies};
use crate::plan::page::{Body, Kind, Page};
use crate::plan::view::page::Meta;
use crate::plan::view::search::{IndexFile, OpenSearch, SearchPage};
use crate::search::head::{self, Facet, Head, TOGETHER};
use crate::search::index::{number, stamp};
use crate::search::{FOLDER, Scale, fold};
use crate::site::{Address, calendar};

/// Scripts of the default theme that are left out of a site without a search.
pub(super) const SCRIPTS: [&str; 2] = ["search.js", "search-page.js"];

/// Maximum number of terms, the most used ones, that the page can suggest when a query has no
/// results.
const MAX_SUGGESTED_TERMS: usize = 5_000;

/// An article as the search results show it.
#[derive(Serialize)]
struct ResultArticle<'s> {
    title: &'s str,
    #[serde(skip_serializing_if = "Option::is_none")]
    lang: Option<&'static str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    event: &'s str,
    /// Path relative to the site's home page, not percent-encoded.
    path: &'s str,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<&'s str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    source: &'s str,
    /// Names of the terms of all taxonomies, with their aliases.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    terms: Vec<&'s str>,
}

/// Plans the search page and all files of the index; nothing without a search.
pub(super) fn pages<'s>(input: Input<'s>, pages: &mut Vec<Page<'s>>) {
    let Input { site, config, locale, cards, .. } = input;
    let Some(search) = &config.search else { return };
    let address = Address::new(&[FOLDER], config);
    let file = |name: &str| Address::file(&[FOLDER], name, config);
    let title = locale.word("search");
    let description = locale.fill("search_description", &[("site", &config.title)]);
    let meta = Meta { noindex: true, ..Meta::new("search", input.title(&[title]), description, &address) };
    let bodies = search.fields.contains(&crate::config::Field::Body);
    let page = SearchPage { meta, folder: address.path.clone(), bodies };
    pages.push(Page::new(address.file.clone(), Body::template(Kind::Search(page))));
    let own = file("opensearch.xml");
    let description = OpenSearch { page_url: address.permalink, url: own.permalink };
    pages.push(Page::new(own.file, Body::template(Kind::OpenSearch(description))));
    pages.push(Page::new(file("fold.txt").file, Body::Text(fold::table().to_owned())));

    let articles = site.articles.len();
    let files: Vec<(String, u32)> = (0..articles.div_ceil(TOGETHER))
        .into_par_iter()
        .map(|at| {
            let numbers = at * TOGETHER..((at + 1) * TOGETHER).min(articles);
            let found: Vec<ResultArticle<'_>> = numbers
                .map(|at| {
                    let id = number(articles, at);
                    let card = cards.card(id);
                    ResultArticle {
                        title: card.title,
                        lang: card.title_language,
                        event: card.summary,
                        path: folder(&site.addresses[id]),
                        date: card.date.as_deref(),
                        source: card.source,
                        terms: site.names_of(id).collect(),
                    }
                })
                .collect();
            let json = json(&found);
            let stamp = stamp(Fingerprint::of_bytes(json.as_bytes()));
            (format!("{{\"stamp\":{stamp},\"articles\":{json}}}\n"), stamp)
        })
        .collect();
    let mut head = Head { articles, undated: site.undated.len(), ..Head::default() };
    for (at, (json, stamp)) in files.into_iter().enumerate() {
        head.files.push(stamp);
        pages.push(Page::new(file(&format!("a{at}.json")).file, Body::Text(json)));
    }
    // The index numbers articles from the oldest.
    for date in site.articles.iter().rev().filter_map(|article| article.date) {
        let day = calendar::day(&date).to_epoch_days();
        match head.days.last_mut() {
            Some((last, count)) if *last == day => *count += 1,
            _ => head.days.push((day, 1)),
        }
    }
    let facets = facets(input, search);
    let facets = head::encode_facets(&facets, Scale::of(articles));
    head.facets = stamp(Fingerprint::of_bytes(&facets));
    let bytes = [&head.facets.to_be_bytes()[..], &facets].concat();
    pages.push(Page::new(file("facets.bin").file, Body::Bytes(bytes)));
    pages.push(Page::new(file("terms.json").file, Body::Text(suggested_terms(input))));
    pages.extend(index_files(input, head));
}

/// Plans the files whose bytes come from the index: its head, the tables of its parts, and the
/// shards.
pub(super) fn index_files(input: Input<'_>, head: Head) -> Vec<Page<'_>> {
    let page =
        |name: &str, file| Page::new(Address::file(&[FOLDER], name, input.config).file, Body::Index(file));
    let mut pages = Vec::new();
    for (at, part) in input.layout.parts.iter().enumerate() {
        let files = head.files_of(*part).to_vec();
        pages.push(page(&format!("t{}.bin", part.first), IndexFile::Table(at, files)));
        let shard = |shard| page(&format!("s{}-{shard}.bin", part.first), IndexFile::Shard(at, shard));
        pages.extend((0..part.shards as usize).map(shard));
    }
    pages.push(page("index.bin", IndexFile::Head(head)));
    pages
}

/// The folder of an address, relative to the site's home page, not percent-encoded.
fn folder(address: &Address) -> &str {
    address.file.trim_end_matches("index.html")
}

/// The query parameter of a taxonomy: a short name for the taxonomies that every digest has, else
/// the taxonomy's own name.
fn parameter(name: &str) -> &str {
    match name {
        "ai_technologies" => "tech",
        "industries" => "industry",
        "keywords" => "keyword",
        other => other,
    }
}

/// The facets: the configured taxonomies, each with its terms and the numbers of their articles.
fn facets<'s>(input: Input<'s>, search: &Search) -> Vec<Facet<'s>> {
    let articles = input.site.articles.len();
    let views = shared_taxonomies(input);
    let facet = |&at: &usize| Facet {
        parameter: parameter(&input.config.taxonomies[at].name),
        title: views[at].title,
        terms: input.site.taxonomies[at]
            .terms
            .iter()
            .map(|term| {
                let numbers = term.articles.iter().rev().map(|&id| number(articles, id));
                let numbers = numbers.filter_map(|number| u32::try_from(number).ok()).collect();
                (term.name.as_str(), term.slug.as_str(), numbers)
            })
            .collect(),
    };
    search.facets.iter().map(facet).collect()
}

/// The contents of `terms.json`: the names of the most used terms that have a page, of all
/// taxonomies.
fn suggested_terms(input: Input<'_>) -> String {
    let site = input.site;
    let mut terms: Vec<_> = site.all_terms().map(|at| site.term(at)).filter(|term| term.has_page).collect();
    terms.sort_by(|a, b| {
        b.articles.len().cmp(&a.articles.len()).then_with(|| a.address.file.cmp(&b.address.file))
    });
    terms.truncate(MAX_SUGGESTED_TERMS);
    terms.sort_by(|a, b| a.address.file.cmp(&b.address.file));
    let terms: Vec<&str> = terms.into_iter().map(|term| term.name.as_str()).collect();
    json(&terms) + "\n"
}

/// Serialises to JSON without `<`, so that a browser that guesses the file's type cannot take it
/// for HTML.
fn json<T: Serialize>(data: &T) -> String {
    serde_json::to_string(data).unwrap_or_default().replace('<', "\\u003c")
}
