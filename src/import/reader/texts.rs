//! Reads the text of an article: plain text, Markdown or HTML.

use crate::hygiene::residue;
use crate::import::clean;
use crate::import::draft::Body;
use crate::import::html;
use crate::import::paragraphs;
use crate::import::reader::state::Reader;
use crate::import::reader::words::is_placeholder;
use crate::import::record::{Spot, Value};
use crate::import::repair::Kind;

impl Reader<'_> {
    /// Adds a value to the text of the draft, and its text as written to `written`. A record can
    /// have its text in two forms, such as the HTML and the words of a page: the first is used, and
    /// the other is kept under `extra`.
    pub(super) fn add_body(&mut self, value: Value, spot: Spot, written: &mut String) {
        let has_text = !self.draft.body.is_empty();
        let text = match value {
            Value::Html(html) => {
                let mut changes = Vec::new();
                let markdown = html::markdown(&html, &self.base, &mut changes);
                self.add_repairs(changes, spot);
                return self.add_body(Value::Markdown(markdown), spot, written);
            }
            Value::Markdown(text) if has_text => {
                return self.keep_extra("body", Value::Text(text), spot);
            }
            Value::Markdown(text) => {
                written.push_str(&text);
                return self.set_markdown(&text, spot);
            }
            Value::Text(text) if has_text && matches!(self.draft.body, Body::Markdown(_)) => {
                return self.keep_extra("body", Value::Text(text), spot);
            }
            Value::Text(text) => text,
            Value::Items(items) => items.join("\n"),
            Value::Data(node) => match node.text() {
                Some(text) => text.to_owned(),
                None => return self.keep_extra("body", Value::Data(node), spot),
            },
        };
        self.warn_if_damaged(&text, spot);
        written.push_str(text.trim());
        self.add_words(&text, spot);
    }

    /// Adds plain text: cleaned and split into paragraphs and headings, or line by line with
    /// `--raw`.
    fn add_words(&mut self, text: &str, spot: Spot) {
        let mut changes = Vec::new();
        let blocks = if self.options.raw {
            paragraphs::lines(&clean::visible(text, &mut changes))
        } else if is_placeholder(text, self.options.config) {
            changes.push((Kind::Placeholder, text.trim().to_owned(), String::new()));
            Vec::new()
        } else {
            let text = clean::clean(text, &mut changes);
            let (text, removed) = residue::remove(&text, &self.options.config.import.residue);
            changes.extend(removed.into_iter().map(|from| (Kind::Residue, from, String::new())));
            paragraphs::blocks(&text, &mut changes)
        };
        match &mut self.draft.body {
            Body::Words(known) => known.extend(blocks),
            Body::Markdown(_) => {}
        }
        self.add_repairs(changes, spot);
    }

    /// Sets the text to Markdown, without the `more` marks that other generators use.
    fn set_markdown(&mut self, text: &str, spot: Spot) {
        let mut changes = Vec::new();
        let mut kept = clean::visible(text, &mut changes);
        if !self.options.raw {
            for mark in ["<!-- more -->", "<!--more-->"] {
                for _ in 0..kept.matches(mark).count() {
                    changes.push((Kind::Markup, mark.to_owned(), String::new()));
                }
                kept = kept.replace(mark, "");
            }
        }
        self.draft.body = Body::Markdown(kept.trim().to_owned());
        self.add_repairs(changes, spot);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::import::draft::Draft;
    use crate::import::input::Input;
    use crate::import::paragraphs::Block;
    use crate::import::reader::state::CleanOptions;

    fn read(raw: bool, values: &[Value]) -> (Draft, String) {
        let input = Input { name: "in.txt".into(), text: String::new().into() };
        let config = Config::default();
        let mut reader = Reader::new(&input, CleanOptions { config: &config, raw });
        let mut written = String::new();
        for value in values {
            reader.add_body(value.clone(), Spot::default(), &mut written);
        }
        (reader.draft, written)
    }

    fn paragraphs(texts: &[&str]) -> Body {
        Body::Words(texts.iter().map(|text| Block::Paragraph((*text).to_owned())).collect())
    }

    #[test]
    fn plain_texts_are_cleaned_and_joined() {
        let texts = [Value::Text("一&amp;二。\n三。".into()), Value::Text("四。".into())];
        let (draft, written) = read(false, &texts);
        assert_eq!(draft.body, paragraphs(&["一&二。", "三。", "四。"]));
        assert_eq!(written, "一&amp;二。\n三。四。");
        assert_eq!(read(true, &texts[..1]).0.body, paragraphs(&["一&amp;二。", "三。"]));
    }

    #[test]
    fn a_placeholder_is_no_text() {
        assert_eq!(read(false, &[Value::Text("暂无".into())]).0.body, paragraphs(&[]));
        assert_eq!(read(true, &[Value::Text("暂无".into())]).0.body, paragraphs(&["暂无"]));
    }

    #[test]
    fn html_becomes_markdown_and_a_second_form_is_kept_under_extra() {
        let values = [Value::Html("<p>一<b>二</b></p>".into()), Value::Text("一二".into())];
        let (draft, _) = read(false, &values);
        assert_eq!(draft.body, Body::Markdown("一**二**".to_owned()));
        assert_eq!(draft.extra.len(), 1);
        let (draft, _) = read(false, &[values[1].clone(), values[0].clone()]);
        assert_eq!(draft.body, paragraphs(&["一二"]));
        assert_eq!(draft.extra.len(), 1);
    }

    #[test]
    fn more_marks_are_removed_from_markdown() {
        let (draft, _) = read(false, &[Value::Markdown("一\n\n<!-- more -->\n\n二\n".into())]);
        assert_eq!(draft.body, Body::Markdown("一\n\n\n\n二".to_owned()));
        assert_eq!(draft.repairs.len(), 1);
    }
}
