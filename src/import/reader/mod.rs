//! Makes the draft of an article from a record: cleans every field and records each change to it.
//!
//! `state` holds the draft while it is made. `roles` decides which field of the article a text
//! becomes; `fields`, `texts`, `lists` and `values` read the fields; `extra` holds what no field
//! can.

mod extra;
mod fields;
mod lists;
mod roles;
mod state;
mod texts;
mod values;
mod words;

pub use state::CleanOptions;

use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::import::address;
use crate::import::draft::Draft;
use crate::import::html::Base;
use crate::import::input::Input;
use crate::import::record::{Field, Record, Spot, Value};
use crate::text::invisible;
use roles::Roles;
use state::Reader;

/// Makes the draft of an article from a record. Warnings come with the draft.
///
/// # Errors
/// The title is missing, or a link or a date cannot be read. Returns all errors and warnings.
pub fn draft(
    input: &Input,
    record: Record,
    options: CleanOptions<'_>,
) -> Result<(Draft, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut reader = Reader::new(input, options);
    reader.base = base_of(&record);
    reader.draft.spot = record.spot;
    reader.draft.repairs = record.repairs;
    reader.draft.name = record.name;
    reader.draft.post = record.post;
    reader.draft.site = record.site;
    reader.draft.language = record.language;
    reader.draft.translations = record.translations;
    reader.draft.feed_id = record.feed_id;
    reader.draft.pictures = record.pictures;
    reader.zone = record.zone.unwrap_or(reader.zone);
    let roles = Roles::of(&record.entries, options.config);
    let mut written = String::new();
    for entry in record.entries {
        reader.read_entry(entry, &roles, &mut written);
    }
    let Reader { mut draft, mut problems, refused_title, .. } = reader;
    if draft.title.is_empty() {
        let start = Spot { end: record.spot.start.saturating_add(60).min(record.spot.end), ..record.spot };
        problems.push(match refused_title {
            Some((written, spot)) => refuse_title(&written).at(input.place(spot)),
            None => Diagnostic::error(tr!("this record has no title"))
                .at(input.place(start))
                .help(tr!("give it one: `标题: …`, `\"title\"` in JSON, a `title` column in a table")),
        });
    }
    if let (Some(publish), Some(expires)) = (draft.publish, draft.expires)
        && expires.at <= publish.at
    {
        let start = Spot { end: record.spot.start.saturating_add(60).min(record.spot.end), ..record.spot };
        problems.push(
            Diagnostic::error(tr!("this record expires before it is published"))
                .at(input.place(start))
                .help(tr!("give it an `expires` after its `publish`, or leave one of the two out")),
        );
    }
    if problems.iter().any(Diagnostic::is_error) {
        return Err(problems);
    }
    // Without a text, the key event, the summary and the date distinguish records with the same
    // title, such as those of a daily report.
    if written.trim().is_empty() {
        let date = draft.date.map(|date| date.iso()).unwrap_or_default();
        written = [draft.event.as_deref(), draft.summary.as_deref(), Some(&date)]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join("\n");
    }
    // The hash is kept in article files for years. It is computed from plain bytes, so that it does
    // not depend on a serialisation format.
    draft.hash = Fingerprint::of_bytes(format!("{}\n{written}", draft.title).as_bytes());
    Ok((draft, problems))
}

/// The error for a title that says nothing.
fn refuse_title(written: &str) -> Diagnostic {
    let is_visible = written.chars().any(|c| !c.is_whitespace() && !invisible::is_invisible(c));
    if !is_visible {
        return Diagnostic::error(tr!("the title of this record has no visible character"))
            .help(tr!("give it a title that readers can see"));
    }
    let shown: String = written.chars().take(60).collect();
    Diagnostic::error(tr!("the title of this record is `{shown}`, which stands for a missing value", shown))
        .help(tr!("give it a title of its own; in a post (`--from`), every title counts"))
}

/// The URL that relative addresses in the HTML of a record are resolved against: its base, else its
/// link, wherever it is in the record (RFC 4287, section 2; for RSS and JSON, as feed readers do).
fn base_of(record: &Record) -> Base {
    let link = record.get(&Field::Link).and_then(|entry| match &entry.value {
        Value::Text(text) | Value::Markdown(text) => address::find_links(text, &mut Vec::new()).ok(),
        Value::Data(node) => address::find_links(node.text()?, &mut Vec::new()).ok(),
        Value::Items(_) | Value::Html(_) => None,
    });
    let link = link.map(|(link, _)| link.url);
    Base::of(record.base.iter().chain(&link).map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::import::record::Entry;

    fn drafted(fields: &[(Field, &str)]) -> Result<(Draft, Vec<Diagnostic>), Vec<Diagnostic>> {
        let input = Input { name: "in.txt".into(), text: String::new().into() };
        let entries = fields.iter().map(|(field, text)| Entry {
            field: field.clone(),
            value: Value::Text((*text).to_owned()),
            spot: Spot::default(),
        });
        let record = Record { entries: entries.collect(), ..Record::default() };
        draft(&input, record, CleanOptions { config: &Config::default(), raw: false })
    }

    #[test]
    fn a_record_without_a_title_is_refused_with_all_problems() {
        let problems = drafted(&[(Field::Body, "正文。"), (Field::Date, "昨天")]).unwrap_err();
        assert_eq!(problems.len(), 2, "{problems:?}");
    }

    #[test]
    fn a_title_that_is_refused_is_named() {
        for (title, words) in [
            ("未知", "`未知`"),
            ("N/A", "`N/A`"),
            ("—", "`—`"),
            ("\u{200B}", "no visible character"),
            ("", "has no title"),
        ] {
            let problems = drafted(&[(Field::Title, title), (Field::Body, "正文。")]).unwrap_err();
            assert!(problems[0].message.contains(words), "{title}: {problems:?}");
        }
        // A second title is used.
        assert_eq!(drafted(&[(Field::Title, "无"), (Field::Title, "早报")]).unwrap().0.title, "早报");
        assert_eq!(drafted(&[(Field::Title, "🚀")]).unwrap().0.title, "🚀");
    }

    #[test]
    fn a_placeholder_is_the_title_of_a_post() {
        for title in ["其他", "未知", "无", "None", "TBD", "-", "🚀", "？！"] {
            let input = Input { name: "a.md".into(), text: String::new().into() };
            let entry =
                Entry { field: Field::Title, value: Value::Text(title.to_owned()), spot: Spot::default() };
            let record = Record { entries: vec![entry], name: Some("a".to_owned()), ..Record::default() };
            let options = CleanOptions { config: &Config::default(), raw: false };
            assert_eq!(draft(&input, record, options).unwrap().0.title, title);
        }
    }

    #[test]
    fn the_hash_is_made_of_title_and_text_and_without_a_text_of_event_and_date() {
        let hash = |fields: &[(Field, &str)]| drafted(fields).unwrap().0.hash;
        let title = (Field::Title, "早报");
        let date = |day| (Field::Date, day);
        assert_eq!(
            hash(&[title.clone(), (Field::Body, "正文。"), date("2026-11-23")]),
            hash(&[title.clone(), (Field::Body, "正文。"), date("2026-11-24")])
        );
        assert_ne!(hash(&[title.clone(), date("2026-11-23")]), hash(&[title.clone(), date("2026-11-24")]));
        assert_ne!(
            hash(&[title.clone(), (Field::Event, "甲公司发布模型")]),
            hash(&[title, (Field::Event, "乙公司发布模型")])
        );
    }
}
