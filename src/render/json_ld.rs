//! schema.org data for the heads of pages: articles, lists, the site, and the ways to them.

use serde_json::{Value, json};

use crate::config::Config;
use crate::plan::article::NewsArticle;
use crate::plan::page::{Crumb, Meta};
use crate::site::Address;

/// An article, and the way to it.
pub(super) fn article(meta: &Meta, article: &NewsArticle<'_>, config: &Config) -> String {
    escaped(&json!({
        "@context": "https://schema.org",
        "@graph": [news_article(article), breadcrumbs(meta, config)],
    }))
}

/// Any other page: the site itself, a list, or a page of text, and the way to it. What search engines shall not show needs none.
pub(super) fn page(meta: &Meta, config: &Config) -> Option<String> {
    if meta.noindex {
        return None;
    }
    let data = match (meta.kind, meta.crumbs.last()) {
        ("home", _) => json!({ "@context": "https://schema.org", "@graph": [website(config)] }),
        (_, None) => return None,
        (kind, Some(own)) => {
            let page = json!({
                "@type": if kind == "page" { "WebPage" } else { "CollectionPage" },
                "name": own.name,
                "description": meta.description,
                "url": meta.permalink,
                "inLanguage": config.language.tag(),
                "isPartOf": { "@type": "WebSite", "name": config.title, "url": config.base_url.url() },
            });
            json!({ "@context": "https://schema.org", "@graph": [page, breadcrumbs(meta, config)] })
        }
    };
    Some(escaped(&data))
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

fn breadcrumbs(meta: &Meta, config: &Config) -> Value {
    let origin = &config.base_url.origin;
    let home = Crumb { name: config.title.clone(), path: config.base_url.path.clone() };
    let items = std::iter::once(&home).chain(&meta.crumbs).enumerate().map(|(at, crumb)| {
        let url = format!("{origin}{}", crumb.path);
        json!({ "@type": "ListItem", "position": at + 1, "name": crumb.name, "item": url })
    });
    json!({ "@type": "BreadcrumbList", "itemListElement": items.collect::<Vec<_>>() })
}

fn organization(name: &str) -> Value {
    json!({ "@type": "Organization", "name": name })
}

fn news_article(article: &NewsArticle<'_>) -> Value {
    let mut data = json!({
        "@type": "NewsArticle",
        "headline": article.headline,
        "description": article.description,
        "inLanguage": article.language,
        "mainEntityOfPage": article.permalink,
        "publisher": organization(article.publisher),
        "keywords": article.keywords,
    });
    let author = (!article.source.is_empty()).then(|| organization(article.source));
    let optional = [
        ("datePublished", article.published.map(|text| json!(text))),
        ("dateModified", article.modified.map(|text| json!(text))),
        ("author", author),
        ("isBasedOn", article.based_on.map(|text| json!(text))),
        ("image", article.image.as_ref().map(|text| json!(text))),
    ];
    if let Some(fields) = data.as_object_mut() {
        fields.extend(optional.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    }
    data
}

/// JSON that no text can break out of: `<`, `>`, `&` and the line separators are escaped, so that nothing ends the
/// `<script>` that holds it (HTML, section 4.12.1.3).
fn escaped(data: &Value) -> String {
    let json = data.to_string();
    // Nearly no article holds one of these; U+2028 and U+2029 begin with the byte E2.
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
