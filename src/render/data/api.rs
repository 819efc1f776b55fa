//! Renders articles and terms as JSON, in the format of `static/api/schema/`.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::config::Config;
use crate::plan::view::card::CardTerm;
use crate::plan::view::data::{AlternateData, Articles, Listed, TermData, Terms};
use crate::render::absolute::absolute;
use crate::render::parts::{Parts, Problem};
use crate::site::Bodies;
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
    Head { schema: format!("{}api/schema/{name}", config.root_url().url()), version }
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
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    json: Option<String>,
    markdown: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ai: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reviewed: Option<bool>,
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
        image: card.image.as_deref(),
        json: alternate(listed.json, "index.json"),
        markdown: alternate(listed.markdown, "index.md"),
        label: card.label,
        ai: card.ai,
        reviewed: card.label.map(|_| card.reviewed),
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
    extra: Json<'a>,
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
    Ok(ArticleFile { head: head(config, "article"), article, content_html, extra: Json(alternate.extra) })
}

/// YAML as JSON, with the keys in the order in which they were written. Of duplicate keys, the last
/// one stays, as in most JSON parsers.
struct Json<'a>(&'a Node);

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Node::Null => serializer.serialize_unit(),
            Node::Bool(flag, _) => serializer.serialize_bool(*flag),
            Node::Number(written) => match written.parse::<serde_json::Number>() {
                Ok(number) => number.serialize(serializer),
                Err(_) => serializer.serialize_str(written),
            },
            Node::Text(text) => serializer.serialize_str(text),
            Node::List(items) => serializer.collect_seq(items.iter().map(Json)),
            Node::Map(entries) => {
                let mut values: HashMap<&str, &Node> =
                    entries.iter().map(|(key, node)| (key.as_str(), node)).collect();
                let mut map = serializer.serialize_map(None)?;
                for (key, _) in entries {
                    if let Some(node) = values.remove(key.as_str()) {
                        map.serialize_entry(key, &Json(node))?;
                    }
                }
                map.end()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_keeps_the_written_order_and_the_last_of_equal_keys() {
        for (yaml, json) in [
            ("{丙: 1, 甲: 2, 乙: {z: 1, a: 2}}", r#"{"丙":1,"甲":2,"乙":{"z":1,"a":2}}"#),
            ("{b: 1, a: 2, b: 3}", r#"{"b":3,"a":2}"#),
            (
                "{n: 1.50, h: 0x1F, t: True, e: ~, l: [b, a]}",
                r#"{"n":1.5,"h":"0x1F","t":true,"e":null,"l":["b","a"]}"#,
            ),
            ("{}", "{}"),
        ] {
            let node = crate::yaml::parse(yaml).unwrap();
            assert_eq!(serde_json::to_string(&Json(&node)).unwrap(), json);
        }
    }
}
