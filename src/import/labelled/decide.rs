//! Decides from its context what a marked line is: a label or a sentence, and whether a label
//! begins another record.

use std::ops::Range;

use crate::config::{self, Ai};
use crate::import::labelled::chat;
use crate::import::labelled::kind::{EMPHASIS, Line, Style};
use crate::import::labelled::state::{Boundary, Fence, Records};
use crate::import::labels::Strength;
use crate::import::record::{Field, Value};
use crate::import::{date_field, terms};
use crate::yaml::Node;

impl Records<'_> {
    /// True if the unknown label in the mark with the index `at` is a field of its own: it has a
    /// style of the labels so far, and it is not in prose, is emphasised or in brackets, or follows
    /// a key event of one line and is unlike prose.
    pub(super) fn is_field_of_its_own(
        &self,
        at: usize,
        name: &Range<usize>,
        value: &Range<usize>,
        style: Style,
    ) -> bool {
        let mark = &self.marks[at];
        let text = |range: &Range<usize>| &self.input.text[mark.start + range.start..mark.start + range.end];
        let has_known_style =
            self.current.is_some() && self.fence != Fence::Closed && self.styles.contains(&style);
        has_known_style
            && (!self.is_in_prose()
                || style >= EMPHASIS
                || self.follows_event_of_one_line() && is_unlike_prose(text(name), text(value)))
    }

    /// True if the last field is a key event that is written on one line.
    fn follows_event_of_one_line(&self) -> bool {
        let entry = self.current.as_ref().and_then(|record| record.entries.last());
        entry.is_some_and(|entry| {
            let text = match &entry.value {
                Value::Text(text) => text.trim(),
                _ => "",
            };
            matches!(entry.field, Field::Event | Field::Abstract) && !text.is_empty() && !text.contains('\n')
        })
    }

    /// True if a soft heading is separate from the text before it: it follows a blank line, and the
    /// current field has a value. In an empty field, the line can be the first item of a list.
    pub(super) fn is_apart(&self, at: usize) -> bool {
        let Some(entry) = self.current.as_ref().and_then(|record| record.entries.last()) else { return true };
        let is_empty = matches!(&entry.value, Value::Text(text) if text.trim().is_empty());
        self.marks[at].blank_before && !is_empty
    }

    /// True if a rule ends the last text of a record: the text is a key event or an abstract, or
    /// only notes of a model follow.
    pub(super) fn ends_text(&self, at: usize) -> bool {
        let mark = &self.marks[at];
        let field = self.current.as_ref().and_then(|record| record.entries.last()).map(|entry| &entry.field);
        let next = self.marks.get(at + 1).map_or(self.end, |next| next.start);
        let notes = || {
            self.input.text[mark.end..next].lines().all(|line| line.trim().is_empty() || chat::is_note(line))
        };
        mark.ahead.last && (matches!(field, Some(Field::Event | Field::Abstract)) || notes())
    }

    /// True if a line that looks like a label is a label in its context. Outside of prose it always
    /// is.
    pub(super) fn is_label(
        &self,
        at: usize,
        field: &Field,
        strength: Strength,
        value: &Range<usize>,
        style: Style,
    ) -> bool {
        let Some(record) =
            self.current.as_ref().filter(|_| self.is_in_prose() && self.boundary == Boundary::None)
        else {
            return true;
        };
        let mark = &self.marks[at];
        let value = &self.input.text[mark.start + value.start..mark.start + value.end];
        let (is_new, is_empty) = (!record.has(field), value.trim().is_empty());
        let in_body =
            record.entries.last().is_some_and(|entry| matches!(entry.field, Field::Body | Field::Summary));
        match (self.styles.contains(&style), strength) {
            // A sentence can begin with 链接 or 日期.
            (true, Strength::Strong) => {
                is_empty || !matches!(field, Field::Link | Field::Date) || fits(field, value)
            }
            (true, Strength::Weak) if field.is_prose() => {
                is_new && (mark.blank_before || !in_body || style > 0)
            }
            (true, Strength::Weak) => {
                (is_new || mark.blank_before) && (!is_empty || style > 0) && fits(field, value)
            }
            // In another style than the labels so far: in a list, a quotation or a heading of the
            // text.
            (false, Strength::Strong) => {
                let is_plain = style == 0 || self.styles.iter().all(|known| *known == 0);
                is_new && is_plain && !is_empty && !field.is_prose() && fits(field, value)
                    || *field == Field::Title && mark.blank_before && !is_empty && fits(field, value)
            }
            (false, Strength::Weak) => false,
        }
    }

    /// True if a label begins another record.
    pub(super) fn begins_record(&self, at: usize, field: &Field) -> bool {
        let Some(record) = self.current.as_ref() else { return true };
        let Some(first) = record.entries.first() else { return false };
        let known = record.has(field);
        match self.boundary {
            Boundary::Hard => return true,
            Boundary::Soft if known || self.title_ahead(at) => return true,
            _ => {}
        }
        // A record begins with its title, or with the label that the current record began with.
        if known && (*field == first.field || *field == Field::Title) {
            return true;
        }
        self.marks[at].blank_before && record.has(&Field::Title) && self.title_follows(at)
    }

    /// True if there is a title among the labels up to the next rule or the next repeated label.
    fn title_ahead(&self, at: usize) -> bool {
        let mut seen: Vec<&Field> = Vec::new();
        for mark in &self.marks[at..] {
            match &mark.kind {
                Line::Label { field: Field::Title, .. } => return true,
                Line::Label { field, .. } if seen.contains(&field) => return false,
                Line::Label { field, .. } => seen.push(field),
                _ if seen.is_empty() => {}
                _ => return false,
            }
        }
        false
    }

    /// True if a title follows within the next 20 labels, without a blank line between.
    fn title_follows(&self, at: usize) -> bool {
        let following = self.marks[at + 1..]
            .iter()
            .take_while(|mark| !mark.blank_before && matches!(mark.kind, Line::Label { .. }));
        following.take(20).any(|mark| matches!(mark.kind, Line::Label { field: Field::Title, .. }))
    }
}

/// Names of labels that a sentence does not begin with: people and data of an article that have no
/// field of their own.
const LABEL_NAMES: [&str; 44] = [
    "作者",
    "文章作者",
    "原作者",
    "责编",
    "责任编辑",
    "编辑",
    "校对",
    "审校",
    "审核",
    "记者",
    "本报记者",
    "通讯员",
    "撰文",
    "撰稿",
    "译者",
    "翻译",
    "编译",
    "摄影",
    "图片",
    "策划",
    "监制",
    "出品",
    "备注",
    "附注",
    "情感",
    "情感倾向",
    "情绪",
    "语言",
    "地区",
    "国家",
    "类型",
    "分类",
    "栏目",
    "频道",
    "版权",
    "author",
    "authors",
    "editor",
    "reporter",
    "translator",
    "language",
    "region",
    "category",
    "sentiment",
];

/// Ends of words before a colon that introduce speech: 他说：, 张三表示：.
const SPEECH: [&str; 24] = [
    "说", "道", "称", "表示", "指出", "认为", "强调", "补充", "透露", "写道", "问", "答", "回应", "宣布",
    "解释", "坦言", "直言", "提到", "显示", "发现", "介绍", "总结", "预测", "呼吁",
];

/// Words that begin a sentence before a colon.
const OPENINGS: [&str; 22] = [
    "其中", "例如", "比如", "譬如", "另外", "此外", "目前", "结果", "原因", "注意", "总之", "其一", "其二",
    "首先", "其次", "最后", "即", "如下", "第一", "第二", "第三", "但是",
];

/// Characters of the longest value that is no sentence under an unknown name.
const MAX_VALUE_CHARACTERS: usize = 20;

/// True if a line behind a key event is unlike prose: its name is that of a label, or its value is
/// short and no sentence, and its name does not introduce speech, a sentence or a time (`10:30`).
fn is_unlike_prose(name: &str, value: &str) -> bool {
    let folded = name.to_lowercase();
    if LABEL_NAMES.contains(&folded.as_str()) {
        return true;
    }
    let introduces = SPEECH.iter().any(|end| folded.ends_with(end))
        || OPENINGS.contains(&folded.as_str())
        || folded.chars().all(char::is_numeric)
        || folded == "时间";
    let is_short = value.chars().take(MAX_VALUE_CHARACTERS + 1).count() <= MAX_VALUE_CHARACTERS;
    !introduces && is_short && !value.contains(['。', '！', '？', '，', '；', '“', '「', '!', '?'])
}

/// Whether a value says something about who wrote a text: short, no sentence, with a word for it.
fn is_statement(value: &str) -> bool {
    let value = value.trim().to_lowercase();
    let words =
        ["生成", "辅助", "輔助", "人工", "人类", "原创", "撰写", "gpt", "generated", "assisted", "human"];
    let is_switch = matches!(value.as_str(), "是" | "否" | "true" | "false" | "yes" | "no");
    let is_short = value.chars().count() <= 12 && !value.contains(['。', '！', '？', '!', '?']);
    is_switch || (is_short && words.iter().any(|word| value.contains(word)))
}

/// True if a field can hold this value.
fn fits(field: &Field, value: &str) -> bool {
    let short = |text: &str, limit: usize| {
        text.chars().take(limit + 1).count() <= limit && !text.contains(['。', '！', '？'])
    };
    match field {
        Field::Terms(_) => {
            value.len() < 600 && terms::split(value, &mut Vec::new()).iter().all(|term| short(term, 16))
        }
        Field::Date | Field::Updated | Field::Publish | Field::Expires => {
            date_field::parse(value, chrono_tz::Tz::UTC).is_ok() || short(value, 6)
        }
        Field::Link => value.contains("://") || value.contains('.') || short(value, 8),
        Field::Source => short(value, 20),
        Field::Title => short(value, 100),
        Field::Ai => Ai::parse(value).is_some() || is_statement(value),
        Field::Reviewed => {
            config::reviewed(&Node::Text(value.trim().to_owned())).is_some()
                || value.trim().chars().count() <= 6
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::import::input::Input;
    use crate::import::labelled;
    use crate::import::labels::Labels;
    use crate::import::record::{Found, Record};

    #[test]
    fn labels_are_unlike_prose() {
        for (name, value) in [
            ("作者", "张三"),
            ("责编", "李四"),
            ("编辑", "王五"),
            ("校对", "赵六"),
            ("备注", "数据来自公司公告，未经审计。"),
            ("Author", "Zhang San"),
            ("影响力", "8"),
            ("情感", "正面"),
            ("热度", "高"),
            ("SENTIMENT", "positive"),
            ("编号", "A-17"),
        ] {
            assert!(is_unlike_prose(name, value), "{name}");
        }
        for (name, value) in [
            ("他说", "好"),
            ("张三表示", "很好"),
            ("负责人称", "会开源"),
            ("10", "30 开始"),
            ("时间", "明天"),
            ("其中", "甲占一半"),
            ("报告显示", "增长"),
            ("结论", "这说明模型已经足够好。"),
            ("目标", "到年底完成十家医院的试点，再推广到全国"),
            ("标语", "加油！"),
            ("问题", "为什么?"),
            ("要点", "一二三四五六七八九十一二三四五六七八九十一"),
        ] {
            assert!(!is_unlike_prose(name, value), "{name}");
        }
    }

    /// The records of a text, and the number of problems.
    fn read(text: &str) -> (Vec<Record>, usize) {
        let input = Input { name: "in.txt".into(), text: text.to_owned().into() };
        let labels = Labels::of(&Config::default());
        let (mut records, mut problems) = (Vec::new(), 0);
        for found in labelled::records(&input, 0..text.len(), &labels) {
            match found {
                Found::Record(record) => records.push(record),
                Found::Problem(_) => problems += 1,
                Found::Outside(_) => {}
            }
        }
        (records, problems)
    }

    fn event(record: &Record) -> Option<&Value> {
        record.get(&Field::Event).or(record.get(&Field::Abstract)).map(|entry| &entry.value)
    }

    #[test]
    fn an_unknown_label_behind_a_key_event_is_a_field() {
        for label in ["重大事件摘要", "事件", "摘要"] {
            for (line, name, value) in [
                ("作者: 张三", "作者", "张三"),
                ("责编：李四", "责编", "李四"),
                ("影响力: 8", "影响力", "8"),
                ("Sentiment: positive", "Sentiment", "positive"),
                ("Companies: OpenAI, Google", "Companies", "OpenAI, Google"),
            ] {
                for gap in ["\n", "\n\n"] {
                    let (records, problems) = read(&format!("标题: 甲\n{label}: 事件一句。{gap}{line}\n"));
                    let wanted = Value::Text("事件一句。".to_owned());
                    assert_eq!(event(&records[0]), Some(&wanted), "{label} {line}");
                    let extra = records[0].get(&Field::Extra(name.to_owned())).map(|entry| &entry.value);
                    assert_eq!(
                        (extra, problems),
                        (Some(&Value::Text(value.to_owned())), 1),
                        "{label} {line}"
                    );
                }
            }
        }
    }

    #[test]
    fn prose_of_a_key_event_stays_in_it() {
        for line in [
            "他说：很好",
            "负责人表示：会开源",
            "10:30 开始",
            "https://e.org/a",
            "其中：甲占一半",
            "结论：这说明模型足够好，可以上线。",
            "- 作者: 张三",
        ] {
            let (records, _) = read(&format!("标题: 甲\n事件: 事件一句。\n{line}\n"));
            let Some(Value::Text(text)) = event(&records[0]) else { panic!("{line}") };
            assert!(text.ends_with(line), "{text}");
        }
        // Behind several lines, and in a text.
        for text in ["标题: 甲\n事件: 一。\n二。\n作者: 张三\n", "标题: 甲\n总结: 一。\n作者: 张三\n"]
        {
            let (records, _) = read(text);
            assert!(!records[0].has(&Field::Extra("作者".to_owned())), "{text}");
        }
    }

    #[test]
    fn a_value_fits_its_field() {
        for (field, value, wanted) in [
            (Field::Terms(0), "开源、芯片", true),
            (Field::Terms(0), "这项技术会改变一切。", false),
            (Field::Date, "2026-11-23", true),
            (Field::Date, "昨天", true),
            (Field::Date, "一个没有人知道的日子", false),
            (Field::Link, "https://e.org/", true),
            (Field::Link, "e.org", true),
            (Field::Link, "这个链接已经打不开了对吧", false),
            (Field::Source, "某报", true),
            (Field::Source, "来源很多。", false),
            (Field::Title, "甲", true),
            (Field::Title, "甲。", false),
            (Field::Body, "甲。", true),
        ] {
            assert_eq!(fits(&field, value), wanted, "{value}");
        }
    }
}
