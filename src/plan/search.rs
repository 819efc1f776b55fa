//! Plans the search page and the files of its index: the data of results, the facets, the head and
//! the shards.

use std::borrow::Cow;
use std::cmp::Reverse;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::config::{Config, Search};
use crate::fingerprint::Fingerprint;
use crate::plan::edition;
use crate::plan::input::{Input, shared_taxonomies};
use crate::plan::page::{Body, Kind, Page};
use crate::plan::subject::Subject;
use crate::plan::term_link::term_link;
use crate::plan::view::edition::{EditionLink, TopTerms};
use crate::plan::view::page::Meta;
use crate::plan::view::search::{Example, IndexFile, OpenSearch, SearchPage};
use crate::search::head::{self, Facet, Head, TOGETHER};
use crate::search::index::{number, stamp};
use crate::search::{FOLDER, Scale, fold};
use crate::site::{Address, ArticleId, Site, TermRef, calendar};

/// Scripts of the default theme that are left out of a site without a search.
pub(super) const SCRIPTS: [&str; 2] = ["search.js", "search-page.js"];

/// Maximum number of terms, the most used ones, that the page can suggest when a query has no
/// results.
const MAX_SUGGESTED_TERMS: usize = 5_000;

/// Maximum number of terms of each taxonomy on the search page.
const MAX_TOP_TERMS: usize = 8;

/// An article as the search results show it.
#[derive(Serialize)]
struct ResultArticle<'s> {
    title: &'s str,
    #[serde(skip_serializing_if = "Option::is_none")]
    lang: Option<&'static str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    event: &'s str,
    /// Path relative to the site's home page, not percent-encoded.
    path: Cow<'s, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<&'s str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    source: &'s str,
    /// The label of machine-written text.
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'s str>,
    /// Names of the terms of all taxonomies, with their aliases.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    terms: Vec<&'s str>,
}

/// Plans the search page and all files of the index; nothing without a search.
pub(super) fn pages<'s>(input: Input<'s>, pages: &mut Vec<Page<'s>>) {
    let Input { site, config, locale, .. } = input;
    let Some(search) = &config.search else { return };
    let address = Address::new(&[FOLDER], config);
    let file = |name: &str| Address::file(&[FOLDER], name, config);
    let title = locale.word("search");
    let description = locale.fill("search_description", &[("site", &config.title)]);
    let meta = Meta { noindex: true, ..Meta::new("search", input.title(&[title]), description, &address) };
    let bodies = search.fields.contains(&crate::config::Field::Body);
    let page = SearchPage {
        meta,
        folder: address.path.clone(),
        bodies,
        examples: examples(input, &address),
        top: top(input),
        newest: edition::latest(input).map(|view| EditionLink {
            title: view.title,
            path: view.path,
            count: 0,
        }),
    };
    pages.push(Page::new(address.file.clone(), Body::template(Kind::Search(page))));
    let own = file("opensearch.xml");
    let description = OpenSearch { page_url: address.permalink, url: own.permalink };
    pages.push(Page::new(own.file, Body::template(Kind::OpenSearch(description))));
    pages.push(Page::new(file("fold.txt").file, Body::Text(fold::table().to_owned())));

    let articles = site.articles.len();
    let files: Vec<(Page<'s>, u32)> = (0..articles.div_ceil(TOGETHER))
        .into_par_iter()
        .map(|at| {
            let path = file(&format!("a{at}.json")).file;
            let key = input.key(|keep| ("results", keep.cards(&articles_of_results(articles, at))));
            let last = input.keep.and_then(|keep| keep.last_head()?.files.get(at));
            if let Some((kept, &stamp)) = input.kept(&path, key).zip(last) {
                return (kept, stamp);
            }
            let (text, stamp) = results(input, at);
            (input.page(path, Body::Text(text), key, Some(Subject::Results(at))), stamp)
        })
        .collect();
    let mut head = Head { articles, undated: site.undated.len(), ..Head::default() };
    for (page, stamp) in files {
        head.files.push(stamp);
        pages.push(page);
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

/// The ids of the articles in a file of results, by the number of the file.
fn articles_of_results(articles: usize, at: usize) -> Vec<ArticleId> {
    let numbers = at * TOGETHER..((at + 1) * TOGETHER).min(articles);
    numbers.map(|at| number(articles, at)).collect()
}

/// The text and the stamp of a file of results, by its number.
pub(super) fn results(input: Input<'_>, at: usize) -> (String, u32) {
    let Input { site, config, cards, .. } = input;
    let result = |id: ArticleId| {
        let card = cards.card(id);
        ResultArticle {
            title: card.title,
            lang: card.title_language,
            event: card.summary,
            path: result_path(site, config, id),
            date: card.date.as_deref(),
            source: card.source,
            label: card.label,
            terms: site.names_of(id).collect(),
        }
    };
    let found: Vec<ResultArticle<'_>> =
        articles_of_results(site.articles.len(), at).into_iter().map(result).collect();
    let json = json(&found);
    let stamp = stamp(Fingerprint::of_bytes(json.as_bytes()));
    (format!("{{\"stamp\":{stamp},\"articles\":{json}}}\n"), stamp)
}

/// The most used terms of each taxonomy, without counts, which would change the page with every
/// article.
fn top(input: Input<'_>) -> Vec<TopTerms<'_>> {
    let views = shared_taxonomies(input);
    let terms_of = |taxonomy: usize| {
        let terms = input.site.taxonomies[taxonomy].terms.iter().enumerate();
        let shown = terms.filter(|(_, term)| term.has_page).take(MAX_TOP_TERMS);
        shown.map(|(term, _)| term_link(input, TermRef { taxonomy, term }, 0)).collect()
    };
    let all = views.into_iter().enumerate();
    all.map(|(at, taxonomy)| TopTerms { taxonomy, terms: terms_of(at) })
        .filter(|top| !top.terms.is_empty())
        .collect()
}

/// Queries that show the syntax: the most used term with the term that most of its articles share,
/// the term in quotation marks, and the term without the one that fewest of its articles share.
fn examples(input: Input<'_>, page: &Address) -> Vec<Example> {
    let site = input.site;
    let is_usable = |term: &TermRef| site.term(*term).has_page && can_be_typed(&site.term(*term).name);
    let used = |term: &TermRef| site.term(*term).articles.len();
    // The first of several with the same number: `max_by_key` returns the last.
    let Some(most_used) = site.all_terms().filter(is_usable).min_by_key(|term| Reverse(used(term))) else {
        return Vec::new();
    };
    let mut shared: FxHashMap<TermRef, usize> = FxHashMap::default();
    for &id in &site.term(most_used).articles {
        for term in site.terms_of(id).filter(is_usable).filter(|term| *term != most_used) {
            *shared.entry(term).or_default() += 1;
        }
    }
    let mut shared: Vec<(TermRef, usize)> = shared.into_iter().collect();
    shared.sort_by_key(|&(term, count)| (Reverse(count), term.taxonomy, term.term));
    let name = |term: TermRef| typed(&site.term(term).name);
    let example = |query: String, note: &str| {
        let path = format!("{}?q={}", page.path, utf8_percent_encode(&query, NON_ALPHANUMERIC));
        Example { query, path, note: input.locale.word(note).to_owned() }
    };
    let first = name(most_used);
    let mut examples = Vec::new();
    if let Some(&(other, _)) = shared.first() {
        examples.push(example(format!("{first} {}", name(other)), "example_all"));
    }
    examples.push(example(format!("“{}”", site.term(most_used).name), "example_exact"));
    if let Some(&(other, _)) = shared.last().filter(|(_, count)| *count < used(&most_used)) {
        examples.push(example(format!("{first} -{}", name(other)), "example_without"));
    }
    examples
}

/// True if a name has no sign with a meaning in queries.
fn can_be_typed(name: &str) -> bool {
    !name.starts_with(['-', '－', '−']) && !name.contains(['"', '“', '”', '「', '」', '„', '«', '»', '＂'])
}

/// A name in a query: in quotation marks if it has several words.
fn typed(name: &str) -> String {
    if name.contains(char::is_whitespace) { format!("“{name}”") } else { name.to_owned() }
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

/// The path of an article's page from the home page of its language.
fn result_path<'s>(site: &'s Site, config: &Config, id: ArticleId) -> Cow<'s, str> {
    let path = folder(&site.addresses[id]);
    match site.is_untranslated(id) {
        true => format!("{}{path}", "../".repeat(config.prefix().matches('/').count())).into(),
        false => path.into(),
    }
}

/// The folder of an address, relative to the site's home page, not percent-encoded.
fn folder(address: &Address) -> &str {
    address.file.trim_end_matches("index.html")
}

/// The query parameter of a taxonomy: a short name for the taxonomies that every digest has, else
/// the taxonomy's own name. Names that the search page has for something else get a prefix.
fn parameter(name: &str) -> &str {
    match name {
        "ai_technologies" => "tech",
        "industries" => "industry",
        "keywords" => "keyword",
        "tech" => "taxonomy-tech",
        "industry" => "taxonomy-industry",
        "keyword" => "taxonomy-keyword",
        "q" => "taxonomy-q",
        "from" => "taxonomy-from",
        "to" => "taxonomy-to",
        "sort" => "taxonomy-sort",
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parameters_of_taxonomies_are_distinct_and_none_of_the_search_page() {
        let names = ["ai_technologies", "industries", "keywords", "tech", "industry", "keyword", "series"];
        let of_the_page = ["q", "from", "to", "sort"];
        let mut parameters: Vec<&str> = names.into_iter().chain(of_the_page).map(parameter).collect();
        assert!(of_the_page.iter().all(|name| !parameters.contains(name)), "{parameters:?}");
        parameters.sort_unstable();
        parameters.dedup();
        assert_eq!(parameters.len(), names.len() + of_the_page.len());
        assert_eq!(parameter("series"), "series");
    }

    #[test]
    fn names_with_several_words_are_quoted_and_names_with_signs_are_no_examples() {
        for (name, wanted) in [
            ("大模型", Some("大模型")),
            ("GPT-4", Some("GPT-4")),
            ("C++", Some("C++")),
            ("Claude 3", Some("“Claude 3”")),
            ("全角　空格", Some("“全角　空格”")),
            ("-x", None),
            ("－x", None),
            ("“引”", None),
            ("12\" 屏", None),
        ] {
            let found = can_be_typed(name).then(|| typed(name));
            assert_eq!(found.as_deref(), wanted, "{name}");
        }
    }
}
