//! One line of labelled records: is it a label with its value, something between records, or words?

use std::ops::Range;

use crate::import::labelled::kind::Line;
use crate::import::labelled::label::{Cursor, label};
use crate::import::labels::{Labels, Strength};
use crate::import::record::Field;

/// A heading of less emphasis is no longer.
const MAX_SOFT_HEADING_CHARACTERS: usize = 60;

/// Reads a line. Only its beginning is looked at, however long it is.
#[must_use]
pub(super) fn read(line: &str, labels: &Labels) -> Line {
    let end = line.trim_end().len();
    let line = &line[..end];
    let mut cursor = Cursor { line, at: 0 };
    cursor.space();
    if cursor.rest().is_empty() {
        return Line::Blank;
    }
    let rest = cursor.rest();
    if rest.len() < 80 && is_counter(rest) {
        return Line::Counter;
    }
    if let Some(label) = label(cursor.clone(), labels) {
        return label;
    }
    let first = rest.chars().next().unwrap_or(' ');
    let fence = rest.bytes().take_while(|byte| matches!(byte, b'`' | b'~')).count();
    if fence >= 3 && !rest[fence..].contains('`') {
        let name = rest[fence..].trim().to_lowercase();
        let plain = ["", "text", "txt", "markdown", "md", "plain", "plaintext"];
        return Line::Fence { named: !name.is_empty(), code: !plain.contains(&name.as_str()) };
    }
    if "-=*_—─━~＝－＿".contains(first) {
        let same = rest.chars().filter(|c| !c.is_whitespace()).all(|c| c == first);
        if same && rest.chars().take(60).filter(|c| *c == first).count() >= 3 {
            return Line::Rule;
        }
    }
    let level = rest.bytes().take_while(|byte| *byte == b'#').count();
    if (1..=6).contains(&level) && rest[level..].starts_with([' ', '\t', '\u{3000}']) {
        let words = rest[level..].trim();
        let start = end - rest.len() + level + (rest[level..].len() - rest[level..].trim_start().len());
        return Line::Heading(start..start + words.len());
    }
    let short = rest.chars().take(MAX_SOFT_HEADING_CHARACTERS + 1).count() <= MAX_SOFT_HEADING_CHARACTERS
        && !rest.ends_with(['。', '；', '：', ':', '，']);
    let bold = rest.strip_prefix("**").and_then(|inner| inner.strip_suffix("**"));
    let mut numbered = cursor.clone();
    if short && (bold.is_some_and(|inner| !inner.contains("**")) || numbered.number()) {
        return Line::SoftHeading(end - rest.len()..end);
    }
    Line::Words
}

/// Does a line only count records?
pub(super) fn is_counter(line: &str) -> bool {
    let bare = line.trim_matches(|c: char| c.is_whitespace() || "#*_【】[]<>=-—:：.、()（）".contains(c));
    let (mut digits, mut words) = (false, String::new());
    for c in bare.chars() {
        if c.is_ascii_digit() || "一二三四五六七八九十百①②③④⑤⑥⑦⑧⑨⑩".contains(c)
        {
            digits = true;
        } else if !c.is_whitespace() && !"#/:：.、№".contains(c) {
            words.extend(c.to_lowercase());
        }
    }
    const WORDS: [&str; 22] = [
        "",
        "第条",
        "第篇",
        "第则",
        "第个",
        "条",
        "篇",
        "则",
        "记录",
        "新闻",
        "文章",
        "资讯",
        "条目",
        "报道",
        "第条记录",
        "第条新闻",
        "第篇文章",
        "第篇报道",
        "record",
        "article",
        "news",
        "item",
    ];
    digits && WORDS.contains(&words.as_str())
}

/// Another label on the same line, behind white space: where it begins, its field, and its value from there.
pub(super) fn inline_label(value: &str, labels: &Labels) -> Option<(usize, Field, Range<usize>)> {
    let spaces = value.char_indices().take(400).filter(|(_, c)| c.is_whitespace()).map(|(at, _)| at);
    spaces.take(20).find_map(|at| match read(&value[at..], labels) {
        Line::Label { field, strength: Strength::Strong, value: inner, .. } if !inner.is_empty() => {
            Some((at, field, inner))
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn found(line: &str) -> Option<(Field, String)> {
        match read(line, &Labels::of(&Config::default())) {
            Line::Label { field, value, .. } => Some((field, line[value].to_owned())),
            _ => None,
        }
    }

    #[test]
    fn a_label_is_known_in_every_dress() {
        for line in [
            "标题: 一",
            "标题：一",
            "标题 ：  一",
            "标题:一",
            "  标题: 一",
            "\u{3000}\u{3000}标题：一",
            "\u{FEFF}标题：一",
            "**标题**: 一",
            "**标题：** 一",
            "**标题：一**",
            "- **标题**：一",
            "* 标题: 一",
            "• 标题：一",
            "1. 标题：一",
            "1、标题：一",
            "（1）标题：一",
            "①标题：一",
            "一、标题：一",
            "# 标题：一",
            "### **标题**：一",
            "## 1. 标题: 一",
            "【标题】一",
            "【标题】：一",
            "【标题：】一",
            "[标题] 一",
            "「标题」：一",
            "> 标题: 一",
            "| 标题 | 一 |",
            "| **标题** | 一 |",
            "标题\t一",
            "標題：一",
            "标 题：一",
            "标题（Title）：一",
            "Title: 一",
            "TITLE：一",
            "`标题`: 一",
            "__标题__: 一",
            "标题︰一",
        ] {
            assert_eq!(found(line), Some((Field::Title, "一".to_owned())), "{line}");
        }
        for line in ["## 标题", "**标题**", "【标题】", "标题：", "## 标题："] {
            assert_eq!(found(line), Some((Field::Title, String::new())), "{line}");
        }
    }

    #[test]
    fn words_of_prose_are_no_labels() {
        for line in [
            "标题党：不是标签",
            "行业分析师说：不会",
            "文章的标题: 一",
            "这个行业",
            "标题",
            "标题 一",
            "**标题** 是这样写的",
            "关键词是：开源",
            "https://e.org/: 一",
            "“标题：一”",
            "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十标题：一",
        ] {
            assert_eq!(found(line), None, "{line}");
        }
    }

    #[test]
    fn what_stands_between_records_is_told_from_words() {
        let labels = Labels::of(&Config::default());
        for line in ["---", "=====", "* * *", "————————", "- - -"] {
            assert_eq!(read(line, &labels), Line::Rule, "{line}");
        }
        for line in ["1.", "【2】", "第3条", "## 记录 4", "新闻5：", "--- 6 ---", "**Article 7**", "第二篇"]
        {
            assert_eq!(read(line, &labels), Line::Counter, "{line}");
        }
        assert_eq!(read("```text", &labels), Line::Fence { named: true, code: false });
        assert_eq!(read("```", &labels), Line::Fence { named: false, code: false });
        assert_eq!(read("```yaml", &labels), Line::Fence { named: true, code: true });
        assert_eq!(read("## 大模型", &labels), Line::Heading(3..12));
        assert_eq!(read(" \u{3000}", &labels), Line::Blank);
        for line in ["--", "第三方数据", "2026年", "-- a", "#标签", "新闻里说1件事"] {
            assert_eq!(read(line, &labels), Line::Words, "{line}");
        }
    }

    #[test]
    fn a_line_of_ten_megabytes_is_read_at_once() {
        let labels = Labels::of(&Config::default());
        for unit in ["字", "**", "- ", "# ", "|", "[", "1. ", " "] {
            let _ = read(&unit.repeat(10_000_000 / unit.len()), &labels);
        }
    }
}
