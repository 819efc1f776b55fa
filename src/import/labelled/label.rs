//! A label at the beginning of a line, in any markup: `**标题**: …`, `- 【标题】…`, `| 标题 | … |`.

use crate::import::labelled::kind::{BRACKETS, CELL, EMPHASIS, HEADING, ITEM, Line, NUMBER};
use crate::import::labels::{Labels, Strength};
use crate::text::invisible::is_invisible;

/// Characters that may stand between a line's beginning and its label's colon.
const MAX_LABEL_CHARACTERS: usize = 40;

#[derive(Clone)]
pub(super) struct Cursor<'a> {
    pub(super) line: &'a str,
    pub(super) at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn rest(&self) -> &'a str {
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
    pub(super) fn space(&mut self) -> bool {
        let start = self.at;
        while let Some(c) = self.rest().chars().next().filter(|c| c.is_whitespace() || is_invisible(*c)) {
            self.at += c.len_utf8();
        }
        self.at > start
    }

    /// `1.`, `(2)`, `③`, `四、`.
    pub(super) fn number(&mut self) -> bool {
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

pub(super) fn label(mut cursor: Cursor<'_>, labels: &Labels) -> Option<Line> {
    let (mut heading, mut cell, mut style) = (false, false, 0);
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
            style |= HEADING;
        } else if cursor.eat("|") || cursor.eat("│") {
            cell = true;
            style |= CELL;
        } else if cursor
            .eat_any(&['>', '•', '·', '●', '○', '▪', '◆', '■', '►', '▶', '★', '－', '–', '—'])
            .is_some()
        {
            style |= ITEM;
        } else {
            let mut bullet = cursor.clone();
            let bulleted = bullet.eat_any(&['-', '*', '+']).is_some() && bullet.space();
            if bulleted {
                cursor = bullet;
                style |= ITEM;
            } else if cursor.number() {
                style |= NUMBER;
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
    style |= if bracketed { BRACKETS } else { 0 } | if emphasised { EMPHASIS } else { 0 };
    cursor.space();
    let word_start = cursor.at;
    let inner = around.last().copied();
    let stop = cursor.rest().char_indices().take(MAX_LABEL_CHARACTERS).find_map(|(at, c)| {
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
        None if heading
            && cursor.rest().chars().take(MAX_LABEL_CHARACTERS + 1).count() <= MAX_LABEL_CHARACTERS =>
        {
            cursor.rest().len()
        }
        None => return None,
    };
    let word = without_gloss(cursor.rest()[..stop].trim());
    // `**📅 日期**` as well as `📅 **日期**`.
    let word = word.trim_start_matches(|c: char| is_symbol(c) || c.is_whitespace());
    let known = labels.get(word);
    let is_name = (2..=8).contains(&word.chars().count()) && word.chars().all(char::is_alphanumeric);
    // `## 新闻一：大模型` is a heading.
    if known.is_none() && (!is_name || style & HEADING > 0) {
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
            Line::Label { field: field.clone(), strength, value: cursor.at..end, style }
        }
        None => Line::UnknownLabel(name, cursor.at..end, style),
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
