//! Renders the data files for programs: JSON, Markdown and plain text.

mod api;
mod feed;
mod llms;
mod markdown;

use serde::Serialize;

use crate::config::Config;
use crate::plan::view::data::Data;
use crate::render::parts::{Parts, Problem};
use crate::site::Bodies;

/// Renders a data file and appends it to `bytes`.
///
/// # Errors
/// A body or a part cannot be rendered.
pub(super) fn write(
    data: &Data<'_>,
    config: &Config,
    parts: &Parts<'_>,
    bodies: &Bodies,
    bytes: &mut Vec<u8>,
) -> Result<(), Problem> {
    match data {
        Data::Feed(page) => json(&feed::articles(page, config, parts, bodies)?, bytes),
        Data::Weekly(page) => json(&feed::weeks(page, config, parts)?, bytes),
        Data::Articles(page) => json(&api::articles(page, config, parts), bytes),
        Data::Terms(page) => json(&api::terms(page, config), bytes),
        Data::ArticleJson(alternate) => json(&api::article(alternate, config, parts, bodies)?, bytes),
        Data::ArticleMarkdown(alternate) => {
            bytes.extend(markdown::article(alternate, parts, bodies)?.as_bytes());
        }
        Data::Llms(page) => bytes.extend(llms::overview(page).as_bytes()),
        Data::LlmsFull(page) => {
            let full = llms::full(page, config, parts, bodies)?;
            bytes.extend(full.as_bytes());
        }
    }
    Ok(())
}

/// Appends a value as one line of JSON.
fn json(value: &impl Serialize, bytes: &mut Vec<u8>) {
    // Strings, numbers, lists and maps with string keys always serialise.
    let written = serde_json::to_writer(&mut *bytes, value);
    debug_assert!(written.is_ok(), "{written:?}");
    bytes.push(b'\n');
}
