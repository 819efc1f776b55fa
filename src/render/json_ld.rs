//! Renders schema.org data for the `<head>` of pages: articles, lists, the site, and breadcrumbs.
//!
//! It leaves out what the page says elsewhere and no search engine asks for here: the description
//! (`<meta>`) and the keywords. In a digest of 10,000 articles they were 12 MB.

use serde::Serialize;
use serde_json::{Value, json};

use crate::config::Config;
use crate::plan::view::article::NewsArticle;
use crate::plan::view::page::Meta;
use crate::site::Address;

/// The JSON-LD of an article's page: the article and its breadcrumbs.
pub(super) fn article(meta: &Meta, article: &NewsArticle<'_>, config: &Config) -> String {
    escaped(&Document::new((news_article(article), breadcrumbs(meta, config))))
}

/// The JSON-LD of any other page: the site, or a list or content page with its breadcrumbs. `None`
/// for a page that search engines must not index, for the numbered pages of lists, whose first page
/// has the same, and for one without breadcrumbs other than the home page.
pub(super) fn page(meta: &Meta, config: &Config) -> Option<String> {
    if meta.noindex || meta.number.is_some() {
        return None;
    }
    let data = match (meta.kind, meta.crumbs.last()) {
        ("home", _) => escaped(&Document::new([website(config)])),
        (_, None) => return None,
        ("page", Some(own)) => {
            let page = WebPage {
                kind: "WebPage",
                in_language: config.language.tag(),
                is_part_of: WebSite { kind: "WebSite", name: &config.title, url: config.base_url.url() },
                name: &own.name,
                url: &meta.permalink,
            };
            escaped(&Document::new((page, breadcrumbs(meta, config))))
        }
        (_, Some(_)) => escaped(&Document::new([breadcrumbs(meta, config)])),
    };
    Some(data)
}

/// A JSON-LD document.
///
/// Every page has one, so structs are serialised directly, without a `Value` in between. Their
/// fields are in alphabetical order, as in a `Value`.
#[derive(Serialize)]
struct Document<T> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@graph")]
    graph: T,
}

impl<T> Document<T> {
    fn new(graph: T) -> Self {
        Self { context: "https://schema.org", graph }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WebPage<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    in_language: &'a str,
    is_part_of: WebSite<'a>,
    name: &'a str,
    url: &'a str,
}

#[derive(Serialize)]
struct WebSite<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'a str,
    url: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Breadcrumbs<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    item_list_element: Vec<ListItem<'a>>,
}

#[derive(Serialize)]
struct ListItem<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    /// The last breadcrumb, the page itself, needs none (Google Search Central, Breadcrumb).
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<String>,
    name: &'a str,
    position: usize,
}

#[derive(Serialize)]
struct Organization<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Article<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<Organization<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_modified: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_published: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    digital_source_type: Option<&'static str>,
    headline: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    in_language: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_based_on: Option<&'a str>,
    main_entity_of_page: &'a str,
    publisher: Organization<'a>,
}

fn website(config: &Config) -> Value {
    let publisher = if config.author.is_empty() { &config.title } else { &config.author };
    let mut data = json!({
        "@type": "WebSite",
        "name": config.title,
        "url": config.base_url.url(),
        "inLanguage": config.language.tag(),
        "publisher": organization(publisher),
    });
    if !config.description.is_empty() {
        data["description"] = json!(config.description);
    }
    if config.search.is_some() {
        let search = Address::new(&[crate::search::FOLDER], config).permalink;
        data["potentialAction"] = json!({
            "@type": "SearchAction",
            "target": format!("{search}?q={{search_term_string}}"),
            "query-input": "required name=search_term_string",
        });
    }
    data
}

fn breadcrumbs<'a>(meta: &'a Meta, config: &'a Config) -> Breadcrumbs<'a> {
    let origin = &config.base_url.origin;
    let home = (config.title.as_str(), config.base_url.path.as_str());
    let below = meta.crumbs.iter().map(|crumb| (crumb.name.as_str(), crumb.path.as_str()));
    let items = std::iter::once(home).chain(below).enumerate().map(|(at, (name, path))| ListItem {
        kind: "ListItem",
        item: (at < meta.crumbs.len()).then(|| format!("{origin}{path}")),
        name,
        position: at + 1,
    });
    Breadcrumbs { kind: "BreadcrumbList", item_list_element: items.collect() }
}

fn organization(name: &str) -> Organization<'_> {
    Organization { kind: "Organization", name }
}

fn news_article<'a>(article: &'a NewsArticle<'_>) -> Article<'a> {
    Article {
        kind: "NewsArticle",
        author: (!article.source.is_empty()).then(|| organization(article.source)),
        date_modified: article.modified.filter(|_| article.modified != article.published),
        date_published: article.published,
        digital_source_type: article.ai.map(digital_source_type),
        headline: article.headline,
        image: article.image.as_deref(),
        in_language: article.language,
        is_based_on: article.based_on,
        main_entity_of_page: article.permalink,
        publisher: organization(article.publisher),
    }
}

/// The member of schema.org's `IPTCDigitalSourceEnumeration` for text in which a model had a part
/// (schema.org, `digitalSourceType`, as of 2026-05). Its names are those of the IPTC's
/// `digitalsourcetype` vocabulary.
fn digital_source_type(ai: &str) -> &'static str {
    match ai {
        "generated" => "https://schema.org/TrainedAlgorithmicMediaDigitalSource",
        _ => "https://schema.org/CompositeWithTrainedAlgorithmicMediaDigitalSource",
    }
}

/// Serialises to JSON that is safe in a `<script>` element: `<`, `>`, `&` and the line separators
/// U+2028 and U+2029 are escaped, so that no text can end the element (HTML, section 4.12.1.3).
fn escaped(data: &impl Serialize) -> String {
    // Strings, numbers and lists always serialise.
    let json = serde_json::to_string(data).unwrap_or_default();
    // Fast path: few articles contain one of these. U+2028 and U+2029 begin with the byte E2.
    if !json.bytes().fold(false, |found, b| found | matches!(b, b'<' | b'>' | b'&' | 0xE2)) {
        return json;
    }
    let mut escaped = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        match c {
            '<' => escaped.push_str("\\u003c"),
            '>' => escaped.push_str("\\u003e"),
            '&' => escaped.push_str("\\u0026"),
            '\u{2028}' => escaped.push_str("\\u2028"),
            '\u{2029}' => escaped.push_str("\\u2029"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_of_a_model_has_a_member_of_the_vocabulary() {
        for (ai, member) in [
            ("generated", "https://schema.org/TrainedAlgorithmicMediaDigitalSource"),
            ("assisted", "https://schema.org/CompositeWithTrainedAlgorithmicMediaDigitalSource"),
        ] {
            assert_eq!(digital_source_type(ai), member);
        }
    }
}
