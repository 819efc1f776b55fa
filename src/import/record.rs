//! The record layout: lines that begin with a label, in the order in which a pipeline writes them.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, Place};
use crate::fields::clean;

/// A field of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// 标题
    Title,
    /// 链接
    Link,
    /// 总结: the article's text
    Text,
    /// 关键词
    Keywords,
    /// AI技术
    Technologies,
    /// 行业
    Industries,
    /// 重大事件摘要
    Event,
    /// 日期
    Date,
    /// 来源
    Source,
}

impl Field {
    /// Only the text and the event may go on over several lines.
    fn continues(self) -> bool {
        matches!(self, Self::Text | Self::Event)
    }
}

const LABELS: [(&str, Field); 9] = [
    ("标题", Field::Title),
    ("链接", Field::Link),
    ("总结", Field::Text),
    ("关键词", Field::Keywords),
    ("AI技术", Field::Technologies),
    ("行业", Field::Industries),
    ("重大事件摘要", Field::Event),
    ("日期", Field::Date),
    ("来源", Field::Source),
];

/// One record, with the places of its fields for diagnostics.
#[derive(Debug, Clone)]
pub struct Record {
    /// Where it begins.
    pub place: Place,
    fields: Vec<(Field, String, Place)>,
}

impl Record {
    /// A field's text, trimmed; `None` if it is absent or empty.
    #[must_use]
    pub fn get(&self, field: Field) -> Option<&str> {
        self.fields
            .iter()
            .find(|(known, ..)| *known == field)
            .map(|(_, text, _)| text.as_str())
            .filter(|text| !text.is_empty())
    }

    /// Where a field stands; the record's beginning if it is absent.
    #[must_use]
    pub fn place(&self, field: Field) -> &Place {
        self.fields.iter().find(|(known, ..)| *known == field).map_or(&self.place, |(.., place)| place)
    }
}

/// Reads all records of a text. A `标题` begins a record; what stands outside of any field is reported.
#[must_use]
pub fn parse(path: &str, text: &str) -> (Vec<Record>, Vec<Diagnostic>) {
    let mut records: Vec<Record> = Vec::new();
    let mut diagnostics = Vec::new();
    for (number, line) in text.lines().enumerate() {
        // Counted here: to find each line's number from the text's beginning would be quadratic.
        let span = 0..line.trim_end().len();
        let here = |span: Range<usize>| Place { line: number + 1, ..Place::at(path, line, span) };
        match label(line) {
            Some((field, value)) => {
                if field == Field::Title || records.is_empty() {
                    records.push(Record { place: here(span.clone()), fields: Vec::new() });
                }
                let Some(record) = records.last_mut() else {
                    continue;
                };
                let value = clean(value);
                match record.fields.iter_mut().find(|(known, ..)| *known == field) {
                    Some((_, text, _)) => {
                        // Two texts under one label are both kept; a second list simply goes on.
                        let separator = if field.continues() { "\n" } else { "，" };
                        text.push_str(separator);
                        text.push_str(&value);
                        diagnostics.push(
                            Diagnostic::warning("this label stands twice in its record; both texts are kept")
                                .at(here(span))
                                .help("begin each record with its `标题:`"),
                        );
                    }
                    None => record.fields.push((field, value, here(span))),
                }
            }
            None if line.trim().is_empty() => {}
            None => match records.last_mut().and_then(|record| record.fields.last_mut()) {
                Some((field, text, _)) if field.continues() => {
                    if let Some((written, known)) = misspelt_label(line) {
                        diagnostics.push(
                            Diagnostic::warning(format!(
                                "`{written}` is not a label; the line was kept as text"
                            ))
                            .at(here(span))
                            .help(format!("did you mean `{known}`?")),
                        );
                    }
                    text.push('\n');
                    text.push_str(&clean(line));
                }
                _ => diagnostics.push(
                    Diagnostic::error("this line belongs to no field of a record")
                        .at(here(span))
                        .help("begin it with a label such as `标题:` or `总结:`, or remove it"),
                ),
            },
        }
    }
    if records.is_empty() {
        diagnostics.push(
            Diagnostic::error("there is no record in this file")
                .at(Place::file(path))
                .help("a record begins with a line `标题: …`"),
        );
    }
    (records, diagnostics)
}

/// A known label at the beginning of a line, and what follows its colon.
fn label(line: &str) -> Option<(Field, &str)> {
    let line = line.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    LABELS.iter().find_map(|(name, field)| {
        let rest = line.strip_prefix(name)?.trim_start();
        rest.strip_prefix([':', '：']).map(|value| (*field, value))
    })
}

/// A short word before a colon that is one slip away from a label.
fn misspelt_label(line: &str) -> Option<(&str, &'static str)> {
    let (word, _) = line.trim_start().split_once([':', '：'])?;
    let word = word.trim();
    let close = |(name, _): &&(&'static str, Field)| {
        // Two characters of which one differs are another word (标题 and 标签).
        name.chars().count() > 2 && strsim::damerau_levenshtein(word, name) == 1
    };
    LABELS.iter().find(close).map(|(name, _)| (word, *name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_read_with_its_places() {
        let (records, problems) =
            parse("a.txt", "标题: 一\n链接：https://e.org/\n总结: 第一段\n第二段\n行业 : 人工智能\n");
        assert!(problems.is_empty(), "{problems:?}");
        let record = &records[0];
        assert_eq!(record.get(Field::Title), Some("一"));
        assert_eq!(record.get(Field::Link), Some("https://e.org/"));
        assert_eq!(record.get(Field::Text), Some("第一段\n第二段"));
        assert_eq!(record.get(Field::Industries), Some("人工智能"));
        assert_eq!(record.get(Field::Event), None);
        assert_eq!(record.place(Field::Industries).line, 5);
    }

    #[test]
    fn each_title_begins_a_record() {
        let (records, _) = parse("a.txt", "标题: 一\n总结: a\n\n标题: 二\n总结: b\n");
        assert_eq!(
            records.iter().map(|record| record.get(Field::Text).unwrap()).collect::<Vec<_>>(),
            ["a", "b"]
        );
    }

    #[test]
    fn a_label_word_without_a_colon_is_text() {
        let (records, problems) = parse("a.txt", "标题: 一\n总结: 甲\n标题党：不是标签\n行业分析师说\n");
        assert!(problems.is_empty());
        assert_eq!(records[0].get(Field::Text), Some("甲\n标题党：不是标签\n行业分析师说"));
    }

    #[test]
    fn what_belongs_to_no_field_is_reported_with_its_line() {
        let (_, problems) = parse("a.txt", "以下是结果：\n标题: 一\n关键词: a\n多余的一行\n");
        let lines: Vec<_> = problems.iter().map(|problem| problem.place.as_ref().unwrap().line).collect();
        assert_eq!(lines, [1, 4]);
        assert_eq!(parse("a.txt", "").1.len(), 1);
    }

    #[test]
    fn a_slip_in_a_label_is_pointed_out() {
        let (_, problems) = parse("a.txt", "标题: 一\n总结: 甲\n关健词: a\n说: b\n");
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].help.as_deref(), Some("did you mean `关键词`?"));
    }

    #[test]
    fn a_label_that_stands_twice_keeps_both_texts() {
        let (records, problems) = parse("a.txt", "标题: 一\n关键词: a\n关键词: b\n");
        assert_eq!(records[0].get(Field::Keywords), Some("a，b"));
        assert_eq!(problems.len(), 1);
    }
}
