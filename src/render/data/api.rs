//! Renders articles and terms as JSON, in the format of `static/api/schema/`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::config::Config;
use crate::plan::view::card::CardTerm;
use crate::plan::view::data::{AlternateData, Articles, Listed, TermData, Terms};
use crate::render::absolute::absolute;
use crate::render::parts::{Parts, Problem};
use crate::site::{Address, Bodies};
use crate::yaml::Node;

/// The first fields of every file.
#[derive(Serialize)]
struct Head {
    #[serde(rename = "$schema")]
    schema: String,
    version: u32,
}

/// The head of a file whose schema is `<form>-<version>.json`.
fn head(config: &Config, form: &str) -> Head {
    let version = 1;
    let name = format!("{form}-{version}.json");
    Head { schema: Address::file(&["api", "schema"], &name, config).permalink, version }
}

#[derive(Serialize)]
pub(super) struct ArticlesFile<'a> {
    #[serde(flatten)]
    head: Head,
    title: &'a str,
    home: String,
    language: &'a str,
    newer: Option<&'a str>,
    older: Option<&'a str>,
    articles: Vec<Article<'a>>,
}

#[derive(Serialize)]
struct Article<'a> {
    slug: &'a str,
    url: &'a str,
    title: &'a str,
    link: Option<&'a str>,
    source: Option<&'a str>,
    date: Option<&'a str>,
    published: Option<&'a str>,
    updated: Option<&'a str>,
    event: Option<&'a str>,
    excerpt: &'a str,
    terms: BTreeMap<&'a str, Vec<NamedTerm<'a>>>,
    json: Option<String>,
    markdown: Option<String>,
}

#[derive(Serialize)]
struct NamedTerm<'a> {
    name: &'a str,
    url: Option<String>,
}

/// An article as files list it.
fn listed<'a>(listed: &'a Listed<'_>, config: &'a Config, parts: &'a Parts<'_>) -> Article<'a> {
    let card = parts.card(listed.card.id);
    let named = |term: &CardTerm<'a>| NamedTerm {
        name: term.name,
        url: term.path.map(|path| format!("{}{path}", config.base_url.origin)),
    };
    // A taxonomy without terms is an empty list, so that programs need not check for the key.
    let mut terms: BTreeMap<&str, Vec<NamedTerm<'_>>> =
        config.taxonomies.iter().map(|taxonomy| (taxonomy.name.as_str(), Vec::new())).collect();
    for taxonomy in &card.taxonomies {
        terms.insert(taxonomy.name, taxonomy.terms.iter().map(named).collect());
    }
    let alternate = |is_on: bool, name: &str| is_on.then(|| format!("{}{name}", card.permalink));
    Article {
        slug: listed.slug,
        url: card.permalink,
        title: card.title,
        link: card.link,
        source: Some(card.source).filter(|source| !source.is_empty()),
        date: card.date.as_deref(),
        published: card.published.as_deref(),
        updated: card.updated.as_deref().filter(|_| card.updated != card.published),
        event: card.event,
        excerpt: card.excerpt,
        terms,
        json: alternate(listed.json, "index.json"),
        markdown: alternate(listed.markdown, "index.md"),
    }
}

/// A file of the list of all articles.
pub(super) fn articles<'a>(
    page: &'a Articles<'_>,
    config: &'a Config,
    parts: &'a Parts<'_>,
) -> ArticlesFile<'a> {
    ArticlesFile {
        head: head(config, "articles"),
        title: &config.title,
        home: config.base_url.url(),
        language: config.language.tag(),
        newer: page.newer.as_deref(),
        older: page.older.as_deref(),
        articles: page.articles.iter().map(|article| listed(article, config, parts)).collect(),
    }
}

#[derive(Serialize)]
pub(super) struct TermsFile<'a> {
    #[serde(flatten)]
    head: Head,
    taxonomy: &'a str,
    title: &'a str,
    url: String,
    terms: &'a [TermData<'a>],
}

/// The file of a taxonomy's terms.
pub(super) fn terms<'a>(page: &'a Terms<'a>, config: &Config) -> TermsFile<'a> {
    TermsFile {
        head: head(config, "terms"),
        taxonomy: page.taxonomy.name,
        title: page.taxonomy.title,
        url: format!("{}{}", config.base_url.origin, page.taxonomy.path),
        terms: &page.terms,
    }
}

#[derive(Serialize)]
pub(super) struct ArticleFile<'a> {
    #[serde(flatten)]
    head: Head,
    #[serde(flatten)]
    article: Article<'a>,
    content_html: Cow<'a, str>,
    extra: Value,
}

/// The JSON version of an article.
///
/// # Errors
/// The body cannot be rendered again from its source file.
pub(super) fn article<'a>(
    alternate: &'a AlternateData<'_>,
    config: &'a Config,
    parts: &'a Parts<'_>,
    bodies: &'a Bodies,
) -> Result<ArticleFile<'a>, Problem> {
    let article = listed(&alternate.listed, config, parts);
    let html = parts.body(alternate.content, bodies)?;
    let content_html = absolute(&html, article.url).into_owned().into();
    Ok(ArticleFile { head: head(config, "article"), article, content_html, extra: value(alternate.extra) })
}

/// Converts YAML to JSON. Of duplicate keys, the last one stays, as in most JSON parsers.
fn value(node: &Node) -> Value {
    match node {
        Node::Null => Value::Null,
        Node::Bool(flag, _) => Value::Bool(*flag),
        Node::Number(written) => written
            .parse::<serde_json::Number>()
            .map_or_else(|_| Value::String(written.clone()), Value::Number),
        Node::Text(text) => Value::String(text.clone()),
        Node::List(items) => Value::Array(items.iter().map(value).collect()),
        Node::Map(entries) => {
            Value::Object(entries.iter().map(|(key, node)| (key.clone(), value(node))).collect())
        }
    }
}
