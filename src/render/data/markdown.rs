//! An article as Markdown, its facts in front matter: for programs that read text.

use std::fmt::Write as _;

use htmd::element_handler::Handlers;

use crate::plan::view::data::AlternateData;
use crate::render::absolute::absolute;
use crate::render::parts::{Parts, Problem};
use crate::site::Bodies;
use crate::yaml;

pub(super) fn article(
    alternate: &AlternateData<'_>,
    parts: &Parts<'_>,
    bodies: &Bodies,
) -> Result<String, Problem> {
    let card = parts.known(alternate.listed.card.id);
    let mut written = String::from("---\n");
    let mut field = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            let _ = writeln!(written, "{name}: {}", yaml::scalar(value));
        }
    };
    field("title", Some(card.title));
    field("url", Some(card.permalink));
    field("link", card.link);
    field("source", Some(card.source).filter(|source| !source.is_empty()));
    field("date", card.date.as_deref());
    field("updated", card.updated.as_deref().filter(|_| card.updated != card.published));
    field("event", card.event);
    for taxonomy in &card.taxonomies {
        let _ = writeln!(written, "{}:", yaml::scalar(taxonomy.name));
        for term in &taxonomy.terms {
            let _ = writeln!(written, "  - {}", yaml::scalar(term.name));
        }
    }
    written.push_str("generator: newsprint\n---\n\n");
    written.push_str(&text(alternate, parts, bodies)?);
    written.push('\n');
    Ok(written)
}

/// The text alone. It is made from the HTML, whose addresses are settled and whose elements are harmless, and not from the source.
pub(super) fn text(
    alternate: &AlternateData<'_>,
    parts: &Parts<'_>,
    bodies: &Bodies,
) -> Result<String, Problem> {
    let card = parts.known(alternate.listed.card.id);
    let html = parts.body(alternate.content, bodies)?;
    let html = absolute(&html, card.permalink);
    let struck = |handlers: &dyn Handlers, element: htmd::Element<'_>| {
        let content = handlers.walk_children(element.node).content;
        Some(format!("~~{}~~", content.trim()).into())
    };
    let converter = htmd::HtmlToMarkdown::builder()
        .skip_tags(vec!["script", "style"])
        .add_handler(vec!["del", "s"], struck)
        .build();
    let converted = converter.convert(&html);
    Ok(converted.unwrap_or_else(|_| html.into_owned()).trim().to_owned())
}
