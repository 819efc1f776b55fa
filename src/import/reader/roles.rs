//! Decides which field of the article a text of a record becomes. The role of 总结 and 摘要 depends
//! on the other texts of the record.

use crate::config::Config;
use crate::import::reader::words::is_placeholder;
use crate::import::record::{Entry, Field, Value};
use crate::yaml::Node;

/// The roles of the texts of one record.
pub(super) struct Roles {
    /// Whether the summary is the text, because the record has no other.
    summary_is_body: bool,
    /// The field that an abstract (摘要) becomes.
    abstract_field: Field,
}

impl Roles {
    /// Finds the roles from the fields that have a value.
    pub(super) fn of(entries: &[Entry], config: &Config) -> Self {
        let has = |field: Field| {
            entries.iter().any(|entry| entry.field == field && !is_empty(&entry.value, config))
        };
        let (body, summary, event) = (has(Field::Body), has(Field::Summary), has(Field::Event));
        let abstract_field = match (event, body || summary, body && summary) {
            (false, ..) => Field::Event,
            (true, false, _) => Field::Body,
            (true, true, false) if body => Field::Summary,
            _ => Field::Extra("abstract".to_owned()),
        };
        Self { summary_is_body: !body, abstract_field }
    }

    /// Returns the field of the article that a field of the record becomes.
    pub(super) fn resolve(&self, field: Field) -> Field {
        match field {
            Field::Summary if self.summary_is_body => Field::Body,
            Field::Abstract => self.abstract_field.clone(),
            field => field,
        }
    }
}

/// True if a value is empty or a placeholder.
fn is_empty(value: &Value, config: &Config) -> bool {
    match value {
        Value::Text(text) | Value::Markdown(text) | Value::Html(text) => {
            text.trim().is_empty() || is_placeholder(text, config)
        }
        Value::Items(items) => items.is_empty(),
        Value::Data(node) => *node == Node::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::record::Spot;

    fn resolved(fields: &[(Field, &str)], field: Field) -> Field {
        let entries: Vec<Entry> = fields
            .iter()
            .map(|(field, text)| Entry {
                field: field.clone(),
                value: Value::Text((*text).to_owned()),
                spot: Spot::default(),
            })
            .collect();
        Roles::of(&entries, &Config::default()).resolve(field)
    }

    #[test]
    fn a_summary_is_the_text_if_there_is_no_other() {
        assert_eq!(resolved(&[(Field::Summary, "一。")], Field::Summary), Field::Body);
        assert_eq!(resolved(&[(Field::Summary, "一。"), (Field::Body, "无")], Field::Summary), Field::Body);
        assert_eq!(
            resolved(&[(Field::Summary, "一。"), (Field::Body, "二。")], Field::Summary),
            Field::Summary
        );
    }

    #[test]
    fn an_abstract_fills_the_first_gap() {
        let (event, body, summary) =
            ((Field::Event, "甲。"), (Field::Body, "乙。"), (Field::Summary, "丙。"));
        for (fields, wanted) in [
            (vec![], Field::Event),
            (vec![body.clone()], Field::Event),
            (vec![event.clone()], Field::Body),
            (vec![event.clone(), body.clone()], Field::Summary),
            (vec![event.clone(), summary.clone()], Field::Extra("abstract".to_owned())),
            (vec![event, body, summary], Field::Extra("abstract".to_owned())),
        ] {
            assert_eq!(resolved(&fields, Field::Abstract), wanted, "{fields:?}");
        }
    }

    #[test]
    fn other_fields_keep_their_role() {
        assert_eq!(resolved(&[], Field::Title), Field::Title);
        assert_eq!(resolved(&[], Field::Terms(1)), Field::Terms(1));
    }
}
