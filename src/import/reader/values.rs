//! Reads the fields whose value has a syntax: links, dates, images and the draft flag.

use crate::config::{self, Ai};
use crate::diagnostic::Diagnostic;
use crate::import::address;
use crate::import::date_field;
use crate::import::pictures::convert;
use crate::import::reader::state::Reader;
use crate::import::reader::words::one_line;
use crate::import::record::{Field, Spot, Value};
use crate::import::repair::{Change, Kind};
use crate::text::han::excerpt;
use crate::yaml::Node;

impl Reader<'_> {
    /// Sets the link. Further links are kept under `extra.links`, with a warning.
    pub(super) fn set_link(&mut self, text: &str, spot: Spot, changes: &mut Vec<Change>) {
        if text.trim().is_empty() {
            return;
        }
        match address::find_links(text, changes) {
            Ok((link, further)) => {
                self.draft.link = Some(link);
                if !further.is_empty() {
                    self.warn(
                        tr!("this field has several links; the first is used"),
                        spot,
                        tr!("the others are kept under `extra.links`"),
                    );
                    self.add_extra("links", Node::List(further.into_iter().map(Node::Text).collect()));
                }
            }
            Err(_) if address::is_nothing(text) => {
                changes.push((Kind::Placeholder, text.trim().to_owned(), String::new()));
            }
            Err(message) => self.problems.push(
                Diagnostic::error(message)
                    .at(self.input.place(spot))
                    .help(tr!("write the whole address, `链接: https://…`, or leave the line out")),
            ),
        }
    }

    /// Sets one of the dates from the first line. Further lines are kept under
    /// `extra.dates`.
    pub(super) fn set_date(&mut self, field: &Field, text: &str, spot: Spot, changes: &mut Vec<Change>) {
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let Some(first) = lines.next() else { return };
        let shown: String = first.chars().take(60).collect();
        let written = if first.len() > 200 { &shown } else { first };
        // A day without a time is that day in the digest.
        let zone = self.options.config.timezone;
        let read = match date_field::read(written, self.zone) {
            Ok(reading) if reading.date.has_time => {
                Ok(date_field::Reading { date: reading.date.in_zone(zone), ..reading })
            }
            _ => date_field::read(written, zone),
        };
        match read {
            _ if date_field::is_nothing(&shown) => {
                changes.push((Kind::Placeholder, first.to_owned(), String::new()));
            }
            Ok(date_field::Reading { date, wrong_weekday }) => {
                if date.iso() != first {
                    let kind = if wrong_weekday.is_some() { Kind::Weekday } else { Kind::Form };
                    changes.push((kind, first.to_owned(), date.iso()));
                }
                let slot = match field {
                    Field::Publish => &mut self.draft.publish,
                    Field::Expires => &mut self.draft.expires,
                    Field::Updated => &mut self.draft.updated,
                    _ => &mut self.draft.date,
                };
                *slot = Some(date);
            }
            Err(message) => {
                let help = tr!("write it as `日期: 2026-11-23`, or leave the line out");
                self.problems.push(Diagnostic::error(message).at(self.input.place(spot)).help(help));
            }
        }
        let further: Vec<Node> = lines.map(|line| Node::Text(line.to_owned())).collect();
        if !further.is_empty() {
            self.add_extra("dates", Node::List(further));
        }
    }

    /// Sets the image. A value that is not the address of an image is kept under `extra`.
    pub(super) fn set_image(&mut self, text: &str, spot: Spot) {
        let text = one_line(text);
        let is_own = self.draft.pictures.iter().any(|picture| convert::address(&picture.name) == text);
        if is_own || crate::config::is_image(&text) {
            self.draft.image = Some(text);
        } else if !text.is_empty() {
            self.keep_extra("image", Value::Text(text), spot);
        }
    }

    /// Sets the draft flag. A value that is not a truth value is kept under `extra`.
    pub(super) fn set_draft(&mut self, text: &str, spot: Spot, changes: &mut Vec<Change>) {
        match text.trim().to_lowercase().as_str() {
            word @ ("true" | "yes" | "1" | "是" | "false" | "no" | "0" | "否") => {
                self.draft.draft = matches!(word, "true" | "yes" | "1" | "是");
                changes.push((Kind::Form, text.trim().to_owned(), String::new()));
            }
            _ => self.keep_extra("draft", Value::Text(text.to_owned()), spot),
        }
    }

    /// Sets the part of a model in the text, also from a label of newsprint (`AI 生成，人工审核`).
    /// Another value is kept under `extra` with a warning, and no default takes its place.
    pub(super) fn set_ai(&mut self, text: &str, spot: Spot, changes: &mut Vec<Change>) {
        match statement(text) {
            Some((ai, reviewed)) => {
                self.draft.authorship.ai = Some(ai);
                self.draft.authorship.reviewed = self.draft.authorship.reviewed.or(reviewed);
                changes.push((Kind::Form, text.trim().to_owned(), ai.name().to_owned()));
            }
            None => {
                self.draft.has_unknown_authorship = true;
                let shown = excerpt(text.trim(), MAX_SHOWN);
                self.warn(
                    tr!("`{shown}` is no value of `ai`: it is kept under `extra`, and the article gets no label", shown),
                    spot,
                    tr!("write generated (生成), assisted (辅助) or none (无) in the record, or `ai:` in the article"),
                );
                self.keep_extra("ai", Value::Text(text.to_owned()), spot);
            }
        }
    }

    /// Sets whether a person reviewed the text. A value that is not a truth value is kept under
    /// `extra`.
    pub(super) fn set_reviewed(&mut self, text: &str, spot: Spot, changes: &mut Vec<Change>) {
        match config::reviewed(&Node::Text(text.trim().to_owned())) {
            Some(reviewed) => {
                self.draft.authorship.reviewed = Some(reviewed);
                changes.push((Kind::Form, text.trim().to_owned(), reviewed.to_string()));
            }
            None => {
                let shown = excerpt(text.trim(), MAX_SHOWN);
                let message = tr!("`{shown}` is no value of `reviewed`: it is kept under `extra`", shown);
                self.warn(message, spot, tr!("write true (是) or false (否)"));
                self.keep_extra("reviewed", Value::Text(text.to_owned()), spot);
            }
        }
    }
}

/// Maximum number of characters of a value in a warning.
const MAX_SHOWN: usize = 30;

/// What a record says about the part of a model in its text, and about a review.
fn statement(text: &str) -> Option<(Ai, Option<bool>)> {
    if let Some(ai) = Ai::parse(text) {
        return Some((ai, None));
    }
    let (first, second) = text.split_once(['，', ',', '、', ';', '；'])?;
    let is_reviewed = ["人工审核", "人工審核", "reviewed", "reviewed by a person"];
    let second = second.trim().to_lowercase();
    let ai = Ai::parse(first)?;
    is_reviewed.contains(&second.as_str()).then_some((ai, Some(true)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_of_newsprint_is_a_statement() {
        for (text, wanted) in [
            ("AI 生成，人工审核", Some((Ai::Generated, Some(true)))),
            ("AI-assisted, reviewed by a person", Some((Ai::Assisted, Some(true)))),
            ("生成", Some((Ai::Generated, None))),
            ("人工撰写", None),
            ("AI 生成，未审核", None),
        ] {
            assert_eq!(statement(text), wanted, "{text}");
        }
    }
    use crate::import::draft::Draft;
    use crate::import::reader::state::tests::with_reader;
    use crate::load::authorship::Authorship;

    #[test]
    fn the_first_link_is_used_and_the_others_are_kept() {
        with_reader(|reader| {
            reader.set_link("https://e.org/a https://e.org/b", Spot::default(), &mut Vec::new());
            assert_eq!(reader.draft.link.as_ref().map(|link| link.url.as_str()), Some("https://e.org/a"));
            let others = Node::List(vec![Node::Text("https://e.org/b".to_owned())]);
            assert_eq!(reader.draft.extra, [("links".to_owned(), others)]);
            assert!(!reader.problems.iter().any(Diagnostic::is_error));
        });
    }

    #[test]
    fn a_missing_link_is_a_placeholder_and_a_wrong_one_an_error() {
        with_reader(|reader| {
            let mut changes = Vec::new();
            reader.set_link("暂无链接", Spot::default(), &mut changes);
            assert_eq!((changes[0].0, reader.problems.len()), (Kind::Placeholder, 0));
            reader.set_link("javascript:alert(1)", Spot::default(), &mut changes);
            assert!(reader.problems.iter().any(Diagnostic::is_error));
        });
    }

    #[test]
    fn the_first_line_is_the_date_and_the_others_are_kept() {
        with_reader(|reader| {
            reader.set_date(&Field::Updated, "2026-11-23\n2026-11-24", Spot::default(), &mut Vec::new());
            assert_eq!(reader.draft.date, None);
            assert_eq!(reader.draft.updated.map(|date| date.iso()).as_deref(), Some("2026-11-23"));
            assert_eq!(reader.draft.extra[0].0, "dates");
        });
    }

    #[test]
    fn images_and_flags_that_cannot_be_read_are_kept() {
        with_reader(|reader| {
            reader.set_image("https://e.org/a.png", Spot::default());
            reader.set_draft("是", Spot::default(), &mut Vec::new());
            assert!(reader.draft.draft && reader.draft.image.is_some() && reader.draft.extra.is_empty());
            reader.set_image("一张图", Spot::default());
            reader.set_draft("也许", Spot::default(), &mut Vec::new());
            let names: Vec<&str> = reader.draft.extra.iter().map(|(name, _)| name.as_str()).collect();
            assert_eq!(names, ["image", "draft"]);
        });
    }

    #[test]
    fn values_of_authorship_are_read_and_others_kept() {
        with_reader(|reader| {
            let mut changes = Vec::new();
            reader.set_ai("AI 生成", Spot::default(), &mut changes);
            reader.set_reviewed(" 否 ", Spot::default(), &mut changes);
            assert_eq!(
                reader.draft.authorship,
                Authorship { ai: Some(Ai::Generated), reviewed: Some(false) }
            );
            assert_eq!(changes[0], (Kind::Form, "AI 生成".to_owned(), "generated".to_owned()));
            assert_eq!(changes[1], (Kind::Form, "否".to_owned(), "false".to_owned()));
            reader.set_ai("大模型", Spot::default(), &mut changes);
            reader.set_reviewed("王五", Spot::default(), &mut changes);
            assert_eq!(
                reader.draft.authorship,
                Authorship { ai: Some(Ai::Generated), reviewed: Some(false) }
            );
            let names: Vec<&str> = reader.draft.extra.iter().map(|(name, _)| name.as_str()).collect();
            assert_eq!((names, changes.len()), (vec!["ai", "reviewed"], 2));
        });
    }

    #[test]
    fn a_default_of_authorship_is_for_records_that_say_nothing() {
        let mut config = config::Config::default();
        config.import.ai = Some(Ai::Assisted);
        config.import.reviewed = true;
        let asked = Some(Ai::Generated);
        for (own, asked, wanted) in [
            ((None, None), None, (Some(Ai::Assisted), Some(true))),
            ((None, None), asked, (Some(Ai::Generated), None)),
            ((None, Some(false)), None, (Some(Ai::Assisted), Some(false))),
            ((Some(Ai::None), None), asked, (Some(Ai::None), None)),
        ] {
            let said = |(ai, reviewed)| Authorship { ai, reviewed };
            let mut draft = Draft { authorship: said(own), ..Draft::default() };
            draft.set_default_authorship(asked, false, &config);
            assert_eq!(draft.authorship, said(wanted), "{own:?}");
        }
        let mut draft = Draft::default();
        draft.set_default_authorship(None, true, &config::Config::default());
        assert_eq!(draft.authorship, Authorship::default());
        let mut draft = Draft { has_unknown_authorship: true, ..Draft::default() };
        draft.set_default_authorship(asked, true, &config);
        assert_eq!(draft.authorship, Authorship::default());
    }
}
