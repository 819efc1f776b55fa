//! Renders feeds as JSON Feed 1.1 (jsonfeed.org/version/1.1).

use std::borrow::Cow;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::config::Config;
use crate::plan::view::card::Card;
use crate::plan::view::edition::WeeklyFeed;
use crate::plan::view::feed::FeedPage;
use crate::render::absolute::absolute;
use crate::render::parts::{MAX_FEED_TEXT_BYTES, Parts, Problem, labelled_html};
use crate::site::Bodies;

/// Maximum number of terms of each taxonomy in an item, as in Atom.
const MAX_TAGS: usize = 50;

#[derive(Serialize)]
pub(super) struct Feed<'a> {
    version: &'static str,
    title: &'a str,
    home_page_url: &'a str,
    feed_url: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
    language: &'a str,
    authors: [Author<'a>; 1],
    /// Where to subscribe for notifications (JSON Feed 1.1, "Top-level"; W3C WebSub).
    #[serde(skip_serializing_if = "Option::is_none")]
    hubs: Option<[Hub<'a>; 1]>,
    items: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Hub<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    url: &'a str,
}

/// An item of a feed.
#[derive(Serialize)]
#[serde(untagged)]
enum Entry<'a> {
    /// Serialised once for all feeds that contain it.
    Shared(&'a RawValue),
    /// An item of this feed alone.
    Own(Box<Item<'a>>),
}

#[derive(Serialize)]
struct Author<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct Item<'a> {
    id: Cow<'a, str>,
    url: &'a str,
    /// URL of the original.
    #[serde(skip_serializing_if = "Option::is_none")]
    external_url: Option<&'a str>,
    title: Cow<'a, str>,
    #[serde(flatten)]
    content: Content<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_published: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_modified: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Author<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'static str>,
    #[serde(rename = "_newsprint", skip_serializing_if = "Option::is_none")]
    label: Option<Label<'a>>,
}

/// The label of machine-written text, as an extension (JSON Feed 1.1, "Extensions"). Readers show
/// no extension, so the label is in the text, too.
#[derive(Serialize)]
struct Label<'a> {
    label: &'a str,
    ai: &'a str,
    reviewed: bool,
}

/// The content of an item. JSON Feed requires one of them.
#[derive(Serialize)]
enum Content<'a> {
    #[serde(rename = "content_html")]
    Html(Cow<'a, str>),
    #[serde(rename = "content_text")]
    Text(Cow<'a, str>),
}

/// A feed without items. `page` and `feed` are URLs.
fn head<'a>(config: &'a Config, title: &'a str, page: &'a str, feed: &'a str) -> Feed<'a> {
    Feed {
        version: "https://jsonfeed.org/version/1.1",
        title,
        home_page_url: page,
        feed_url: feed,
        description: "",
        language: config.language.tag(),
        authors: [Author { name: if config.author.is_empty() { &config.title } else { &config.author } }],
        hubs: config.feeds.hub.as_deref().map(|url| [Hub { kind: "WebSub", url }]),
        items: Vec::new(),
    }
}

/// A feed of articles.
///
/// # Errors
/// A body cannot be rendered again from its source file.
pub(super) fn articles<'a>(
    page: &'a FeedPage<'_>,
    config: &'a Config,
    parts: &'a Parts<'_>,
    bodies: &'a Bodies,
) -> Result<Feed<'a>, Problem> {
    let mut feed = head(config, &page.title, &page.page_url, &page.feed_url);
    feed.description = &page.subtitle;
    for entry in &page.entries {
        let card = parts.card(entry.card.id);
        let html = entry.content.as_deref().map(|&body| parts.body(body, bodies)).transpose()?;
        let shared = match html {
            Some(_) => None,
            None => parts.json_item(entry.card.id, || {
                serde_json::value::to_raw_value(&article(card, None, config)).ok()
            }),
        };
        feed.items
            .push(shared.map_or_else(|| Entry::Own(Box::new(article(card, html, config))), Entry::Shared));
    }
    Ok(feed)
}

/// The item of an article; `html` is its body in a feed with full text.
fn article<'a>(card: &'a Card<'_>, html: Option<Cow<'a, str>>, config: &Config) -> Item<'a> {
    let html =
        html.filter(|html| html.len() <= MAX_FEED_TEXT_BYTES && !html.trim().is_empty()).map(
            |html| match html {
                Cow::Borrowed(html) => labelled_html(card, absolute(html, card.permalink)),
                Cow::Owned(html) => labelled_html(card, absolute(&html, card.permalink)).into_owned().into(),
            },
        );
    // As in the Atom entry: if the article has a key event, an edit of its excerpt changes no feed.
    let text = if card.summary.is_empty() { card.title } else { card.summary };
    let labelled = |text: &'a str| match card.label {
        Some(label) => Cow::Owned(format!("[{label}] {text}")),
        None => Cow::Borrowed(text),
    };
    let summary = html.is_some().then_some(card.summary).filter(|summary| !summary.is_empty()).map(labelled);
    let named = |name: &'a str| (!name.is_empty()).then_some(Author { name });
    let terms = card.taxonomies.iter().flat_map(|taxonomy| taxonomy.terms.iter().take(MAX_TAGS));
    Item {
        id: match card.feed_id {
            Some(id) => id.into(),
            None => config.feeds.id(card.permalink, &config.base_url),
        },
        url: card.permalink,
        external_url: card.link,
        title: card.title.into(),
        content: html.map_or_else(|| Content::Text(labelled(text)), Content::Html),
        summary,
        image: card.image.as_deref(),
        date_published: card.published.as_deref(),
        date_modified: card.updated.as_deref().filter(|_| card.updated != card.published),
        authors: named(card.source).into_iter().collect(),
        tags: terms.map(|term| term.name).collect(),
        language: card.language,
        label: card.label.zip(card.ai).map(|(label, ai)| Label { label, ai, reviewed: card.reviewed }),
    }
}

/// The weekly feed.
///
/// # Errors
/// `parts/week.html` fails.
pub(super) fn weeks<'a>(
    page: &'a WeeklyFeed<'_>,
    config: &'a Config,
    parts: &'a Parts<'_>,
) -> Result<Feed<'a>, Problem> {
    let mut feed = head(config, &page.title, &page.page_url, &page.feed_url);
    for week in &page.weeks {
        let title = match &week.edition.dates {
            Some(dates) => format!("{}（{dates}）", week.edition.title),
            None => week.edition.title.clone(),
        };
        feed.items.push(Entry::Own(Box::new(Item {
            id: config.feeds.id(&week.permalink, &config.base_url),
            url: &week.permalink,
            external_url: None,
            title: title.into(),
            content: Content::Html(parts.week(&week.groups)?.into()),
            summary: None,
            image: None,
            date_published: Some(&week.updated),
            date_modified: None,
            authors: Vec::new(),
            tags: Vec::new(),
            language: None,
            label: None,
        })));
    }
    Ok(feed)
}
