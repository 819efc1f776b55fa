//! One line of labelled records: is it a label with its value, something between records, or words?

use std::ops::Range;

use crate::import::labels::{Labels, Strength};
use crate::import::record::Field;

/// Characters that may stand between a line's beginning and its label's colon.
const REACH: usize = 40;

/// What a line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    /// `标题: …` in any of its forms. The range is the value's, within the line.
    Label {
        /// Which field.
        field: Field,
        /// How sure that is.
        strength: Strength,
        /// The value's bytes.
        value: Range<usize>,
        /// What it stands in.
        dress: Dress,
    },
    /// `情感: …`: like a label, but with a name that no field has. The ranges are the name's and the value's.
    Stranger(Range<usize>, Range<usize>, Dress),
    /// `---`, `===`, `***`: at least three of the same.
    Rule,
    /// Opens or closes a block of code. Does it name a language?
    Fence {
        /// Then it can only open one.
        named: bool,
        /// And what it opens is code, not records.
        code: bool,
    },
    /// `2.`, `记录 2`, `第2条`: only counts records.
    Counter,
    /// `### 2. …`: the range is its words'.
    Heading(Range<usize>),
    /// `**2. …**` or `2. …`: a heading if a record follows.
    SoftHeading(Range<usize>),
    /// Nothing to see.
    Blank,
    /// Anything else.
    Words,
}

/// What a label stands in, a bit each: the labels of a record are dressed alike, and what looks like one in its text is
/// often dressed otherwise.
pub(super) type Dress = u8;

const ITEM: Dress = 1;
const HEADING: Dress = 2;
const CELL: Dress = 4;
const NUMBER: Dress = 8;
pub(super) const EMPHASIS: Dress = 16;
const BRACKETS: Dress = 32;

/// A heading of less emphasis is no longer.
const SHORT: usize = 60;

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
    let short =
        rest.chars().take(SHORT + 1).count() <= SHORT && !rest.ends_with(['。', '；', '：', ':', '，']);
    let bold = rest.strip_prefix("**").and_then(|inner| inner.strip_suffix("**"));
    let mut numbered = cursor.clone();
    if short && (bold.is_some_and(|inner| !inner.contains("**")) || numbered.number()) {
        return Line::SoftHeading(end - rest.len()..end);
    }
    Line::Words
}

#[derive(Clone)]
struct Cursor<'a> {
    line: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        &self.line[self.at..]
    }

    fn eat(&mut self, what: &str) -> bool {
        let found = self.rest().starts_with(what);
        self.at += if found { what.len() } else { 0 };
        found
    }

    fn eat_any(&mut self, what: &[char]) -> Option<char> {
        let c = self.rest().chars().next().filter(|c| what.contains(c))?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// White space of any width, and marks that nobody sees.
    fn space(&mut self) -> bool {
        let start = self.at;
        while let Some(c) =
            self.rest().chars().next().filter(|c| c.is_whitespace() || crate::site::key::is_invisible(*c))
        {
            self.at += c.len_utf8();
        }
        self.at > start
    }

    /// `1.`, `(2)`, `③`, `四、`.
    fn number(&mut self) -> bool {
        let start = self.at;
        let open = self.eat_any(&['(', '（', '[']).is_some();
        let digits = self
            .rest()
            .chars()
            .take(3)
            .take_while(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(*c));
        let length: usize = digits.map(char::len_utf8).sum();
        if length > 0 {
            self.at += length;
            let closes: &[char] = if open { &[')', '）', ']'] } else { &['.', '、', '．', ')', '）'] };
            if self.eat_any(closes).is_some() {
                return true;
            }
        } else if !open && self.rest().starts_with(|c| ('①'..='⑳').contains(&c)) {
            self.at += '①'.len_utf8();
            return true;
        }
        self.at = start;
        false
    }
}

/// What a label may stand in, and how that closes.
const AROUND: [(&str, &str); 10] = [
    ("**", "**"),
    ("__", "__"),
    ("*", "*"),
    ("_", "_"),
    ("`", "`"),
    ("【", "】"),
    ("〖", "〗"),
    ("「", "」"),
    ("[", "]"),
    ("<", ">"),
];

fn label(mut cursor: Cursor<'_>, labels: &Labels) -> Option<Line> {
    let (mut heading, mut cell, mut dress) = (false, false, 0);
    // Models decorate: 📰 标题.
    let mut symbols = 0;
    while symbols < 3 && cursor.rest().starts_with(is_symbol) {
        cursor.at += cursor.rest().chars().next().map_or(0, char::len_utf8);
        cursor.space();
        symbols += 1;
    }
    // A list in a quotation in a table has no more.
    for _ in 0..5 {
        let level = cursor.rest().bytes().take_while(|byte| *byte == b'#').count();
        if (1..=6).contains(&level) {
            cursor.at += level;
            // `#标签` is a tag; a label without the space has its colon.
            heading = cursor.rest().starts_with(char::is_whitespace);
            dress |= HEADING;
        } else if cursor.eat("|") || cursor.eat("│") {
            cell = true;
            dress |= CELL;
        } else if cursor
            .eat_any(&['>', '•', '·', '●', '○', '▪', '◆', '■', '►', '▶', '★', '－', '–', '—'])
            .is_some()
        {
            dress |= ITEM;
        } else {
            let mut bullet = cursor.clone();
            let bulleted = bullet.eat_any(&['-', '*', '+']).is_some() && bullet.space();
            if bulleted {
                cursor = bullet;
                dress |= ITEM;
            } else if cursor.number() {
                dress |= NUMBER;
            } else {
                break;
            }
        }
        cursor.space();
    }
    let mut around: Vec<&str> = Vec::new();
    while let Some((_, close)) = AROUND.iter().find(|(open, _)| around.len() < 3 && cursor.eat(open)) {
        around.push(close);
    }
    let bracketed = around.iter().any(|close| matches!(*close, "】" | "〗" | "」" | "]" | ">"));
    let emphasised = !around.is_empty() && !bracketed;
    dress |= if bracketed { BRACKETS } else { 0 } | if emphasised { EMPHASIS } else { 0 };
    cursor.space();
    let word_start = cursor.at;
    let inner = around.last().copied();
    let stop = cursor.rest().char_indices().take(REACH).find_map(|(at, c)| {
        let rest = &cursor.rest()[at..];
        let ends = is_colon(c)
            || c == '\t' && at > 0
            || (cell && c == '|')
            || inner.is_some_and(|close| rest.starts_with(close));
        ends.then_some(at)
    });
    // A heading or emphasis may be all that makes the label one.
    let stop = match stop {
        Some(stop) => stop,
        None if heading && cursor.rest().chars().take(REACH + 1).count() <= REACH => cursor.rest().len(),
        None => return None,
    };
    let word = without_gloss(cursor.rest()[..stop].trim());
    // `**📅 日期**` as well as `📅 **日期**`.
    let word = word.trim_start_matches(|c: char| is_symbol(c) || c.is_whitespace());
    let known = labels.get(word);
    let is_name = (2..=8).contains(&word.chars().count()) && word.chars().all(char::is_alphanumeric);
    // `## 新闻一：大模型` is a heading.
    if known.is_none() && (!is_name || dress & HEADING > 0) {
        return None;
    }
    let strength = known.map_or(Strength::Weak, |(_, strength)| strength);
    let name = word_start + (word.as_ptr() as usize - cursor.rest().as_ptr() as usize);
    let name = name..name + word.len();
    cursor.at = word_start + stop;
    let mut colon = colon(&mut cursor);
    while let Some(close) = around.pop() {
        if !cursor.eat(close) {
            around.push(close);
            break;
        }
        colon |= self::colon(&mut cursor);
    }
    // The colon of an address makes no label of `https`.
    if known.is_none() && (!colon || cursor.rest().starts_with("//")) {
        return None;
    }
    if !colon {
        let only = cursor.rest().trim().is_empty();
        // Plain words with a tab behind them are cells of a sheet.
        let tab = cursor.rest().starts_with('\t') && strength == Strength::Strong;
        let row = cell && {
            cursor.space();
            cursor.eat("|")
        };
        if !(bracketed && around.is_empty()
            || only && (heading || emphasised && around.is_empty())
            || tab
            || row)
        {
            return None;
        }
    } else if cell {
        cursor.space();
        cursor.eat("|");
    }
    cursor.space();
    let mut end = cursor.line.len();
    if cell {
        end = cursor.line[..end].trim_end_matches(['|', '│', ' ', '\t']).len().max(cursor.at);
    }
    // `**标题: …**`: what was opened before the label closes behind the value.
    while let Some(close) = around.pop() {
        match cursor.line[cursor.at..end].strip_suffix(close) {
            Some(value) => end = cursor.at + value.trim_end().len(),
            None if bracketed => return None,
            None => {}
        }
    }
    Some(match known {
        Some((field, strength)) => {
            Line::Label { field: field.clone(), strength, value: cursor.at..end, dress }
        }
        None => Line::Stranger(name, cursor.at..end, dress),
    })
}

/// Emoji and their like.
fn is_symbol(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{21FF}' | '\u{2300}'..='\u{23FF}' | '\u{25A0}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}' | '\u{FE0F}' | '\u{1F000}'..='\u{1FAFF}')
}

fn colon(cursor: &mut Cursor<'_>) -> bool {
    let start = cursor.at;
    cursor.space();
    if cursor.rest().starts_with(is_colon) {
        cursor.at += cursor.rest().chars().next().map_or(0, char::len_utf8);
        return true;
    }
    cursor.at = start;
    false
}

fn is_colon(c: char) -> bool {
    matches!(c, ':' | '：' | '﹕' | '∶' | '︰')
}

/// `关键词（3-5个）` and `标题(Title)` without what is in brackets behind the name.
fn without_gloss(word: &str) -> &str {
    let open = word.find(['(', '（']).filter(|_| word.ends_with([')', '）']));
    open.map_or(word, |open| word[..open].trim_end())
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
