//! Renders the Markdown version of an article, with its fields in front matter.

use std::fmt::Write as _;

use htmd::element_handler::Handlers;

use crate::plan::view::data::AlternateData;
use crate::render::absolute::absolute;
use crate::render::parts::{Parts, Problem};
use crate::site::Bodies;
use crate::yaml;

/// Renders the front matter and the body.
///
/// # Errors
/// The body cannot be rendered again from its source file.
pub(super) fn article(
    alternate: &AlternateData<'_>,
    parts: &Parts<'_>,
    bodies: &Bodies,
) -> Result<String, Problem> {
    let card = parts.card(alternate.listed.card.id);
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
    field("ai", card.ai);
    field("label", card.label);
    if card.reviewed {
        written.push_str("reviewed: true\n");
    }
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

/// Renders the body alone. It is converted from the HTML, not taken from the source: there,
/// addresses are resolved and elements are sanitised.
///
/// # Errors
/// The body cannot be rendered again from its source file.
pub(super) fn text(
    alternate: &AlternateData<'_>,
    parts: &Parts<'_>,
    bodies: &Bodies,
) -> Result<String, Problem> {
    let card = parts.card(alternate.listed.card.id);
    let html = parts.body(alternate.content, bodies)?;
    let html = absolute(&html, card.permalink);
    let strikethrough = |handlers: &dyn Handlers, element: htmd::Element<'_>| {
        let content = handlers.walk_children(element.node).content;
        Some(format!("~~{}~~", content.trim()).into())
    };
    let converter = htmd::HtmlToMarkdown::builder()
        .skip_tags(vec!["script", "style"])
        .add_handler(vec!["del", "s"], strikethrough)
        .build();
    let converted = converter.convert(&html);
    Ok(converted.unwrap_or_else(|_| html.into_owned()).trim().to_owned())
}
