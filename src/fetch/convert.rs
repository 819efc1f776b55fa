//! Makes entries of the records that the readers of `newsprint import` find in an answer.

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::fetch::entry::Entry;
use crate::fetch::own_links;
use crate::fetch::sources::Source;
use crate::import::article_file;
use crate::import::draft::{Body, Draft};
use crate::import::files::Format;
use crate::import::html;
use crate::import::input::Input;
use crate::import::paragraphs::Block;
use crate::import::reader::{self, CleanOptions};
use crate::import::record::{Field, Record, Value};
use crate::text::han;
use crate::yaml::Node;

/// The maximum number of characters of a summary.
const MAX_SUMMARY: usize = 300;

/// Bytes of a text that are read if the record has its summary only.
const MAX_TEXT_BYTES: usize = 64 << 10;

/// Makes an entry of a record.
///
/// # Errors
/// The reason why it cannot be an article.
pub(super) fn entry(
    input: &Input,
    format: Format,
    mut record: Record,
    (source, config): (&Source, &Config),
) -> Result<Entry, String> {
    let own = |record: &Record, name: &str| {
        let entry = record.get(&Field::Extra(name.to_owned()))?;
        match &entry.value {
            Value::Text(text) => Some(text.clone()),
            Value::Data(node) => node.text().map(str::to_owned),
            _ => None,
        }
    };
    correct_midnight(&mut record);
    let id = record.id.take().or_else(|| own(&record, "id"));
    let language = own(&record, "language");
    let mut categories = Vec::new();
    if format == Format::Feed {
        record.entries.retain(|entry| match (&entry.field, &entry.value) {
            (Field::Terms(_), Value::Items(items)) => {
                categories.extend(items.iter().map(|item| crate::fields::clean(item)));
                false
            }
            _ => true,
        });
        categories.retain(|category| !category.is_empty());
    }
    if !source.full_text {
        record.entries.iter_mut().for_each(|entry| shorten_text(&mut entry.value));
    }
    let body = record.get(&Field::Body).map(|entry| entry.value.clone());
    let options = CleanOptions { config, raw: false };
    let (draft, _) = reader::draft(input, record, options).map_err(|problems| {
        let problem = problems.into_iter().find(Diagnostic::is_error);
        problem.map_or_else(|| tr!("it cannot be read"), |problem| problem.message)
    })?;
    if draft.draft {
        return Err(tr!("it is not public at its source"));
    }
    if draft.link.as_ref().is_some_and(|link| own_links::is_of_digest(&link.url, config)) {
        return Err(tr!("its link leads to this digest"));
    }
    let words = plain_text(&draft, body.as_ref());
    let about = draft.summary.as_deref().filter(|summary| !summary.is_empty());
    let refused = source.words.refuse(&draft.title, &format!("{} {words}", about.unwrap_or_default()));
    let summary = han::excerpt(about.unwrap_or(&words), MAX_SUMMARY);
    let text = source.full_text.then(|| own_links::without_own(&article_file::body(&draft), config));
    let text = text.filter(|text| !text.trim().is_empty());
    let authors = draft.extra.iter().filter(|(name, _)| matches!(name.as_str(), "author" | "authors"));
    let authors = authors.flat_map(|(_, node)| names(node)).collect();
    Ok(Entry {
        id: id.map(|id| id.trim().to_owned()).unwrap_or_default(),
        link: draft.link,
        title: draft.title,
        date: draft.date,
        updated: draft.updated,
        authors,
        categories,
        terms: draft.terms,
        event: draft.event,
        summary: Some(summary).filter(|summary| !summary.is_empty()),
        text,
        language,
        refused,
        ..Entry::default()
    })
}

/// Cuts a text of which only the summary is taken.
fn shorten_text(value: &mut Value) {
    let (Value::Text(text) | Value::Markdown(text) | Value::Html(text)) = value else { return };
    if text.len() > MAX_TEXT_BYTES {
        let end = (0..=MAX_TEXT_BYTES).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
        text.truncate(end);
        // A tag that is cut would be text.
        if let Some(tag) = text.rfind('<').filter(|tag| !text[*tag..].contains('>')) {
            text.truncate(tag);
        }
    }
}

/// Writes the hour 24 of a date in the form of e-mail as 00: @11ty/eleventy-plugin-rss 2.0.4 takes
/// the hour from `Intl.DateTimeFormat` with `hour12: false`, which counts from 1 to 24, as in
/// `Wed, 13 Mar 2024 24:30:00 GMT` for half past midnight on the 13th.
fn correct_midnight(record: &mut Record) {
    for entry in &mut record.entries {
        if let (Field::Date | Field::Updated, Value::Text(date)) = (&entry.field, &mut entry.value)
            && date.contains(',')
        {
            *date = date.replace(" 24:", " 00:");
        }
    }
}

/// The words of a text, without markup.
fn plain_text(draft: &Draft, body: Option<&Value>) -> String {
    match (&draft.body, body) {
        (Body::Words(blocks), _) => {
            let words = blocks.iter().map(|block| match block {
                Block::Paragraph(words) | Block::Heading(words) => words.as_str(),
            });
            words.collect::<Vec<_>>().join(" ")
        }
        (Body::Markdown(_), Some(Value::Html(html))) => html::one_line(html, &mut Vec::new()),
        (Body::Markdown(markdown), _) => markdown.clone(),
    }
}

fn names(node: &Node) -> Vec<String> {
    match node {
        Node::List(items) => items.iter().flat_map(names).collect(),
        Node::Map(_) => node.get("name").map(names).unwrap_or_default(),
        node => node.text().map(str::to_owned).into_iter().collect(),
    }
}
