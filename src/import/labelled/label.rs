//! Recognises a label at the beginning of a line, in any markup: `**标题**: …`, `- 【标题】…`,
//! `| 标题 | … |`.

use std::ops::Range;

use crate::import::labelled::cursor::Cursor;
use crate::import::labelled::kind::{BRACKETS, CELL, EMPHASIS, HEADING, ITEM, Line, NUMBER, Style};
use crate::import::labels::{Labels, Strength};
use crate::text::han::is_full_width;

/// Characters from the beginning of a label's name in which its colon or other end must be.
const MAX_LABEL_CHARACTERS: usize = 40;

/// Delimiters that a label can be in: the opening one and the closing one.
const DELIMITERS: [(&str, &str); 10] = [
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

/// The markup of a line before its label.
#[derive(Default)]
struct LineMarkup {
    /// Whether the line is a heading whose `#` is followed by white space.
    heading: bool,
    /// Whether the line is a row of a Markdown table.
    cell: bool,
    style: Style,
}

/// The delimiters around a label.
struct Delimiters {
    /// The closing delimiters that have not been read, the innermost last.
    closes: Vec<&'static str>,
    /// Whether one of the delimiters is a bracket.
    bracketed: bool,
    /// Whether there are delimiters, but no bracket.
    emphasised: bool,
}

/// The name of a label.
struct Name<'a> {
    word: &'a str,
    /// The byte range of the word in the line.
    range: Range<usize>,
    /// The byte offset in the line at which the name ends, with gloss and white space.
    end: usize,
}

/// Recognises a label with its value at the position of the cursor.
pub(super) fn label(mut cursor: Cursor<'_>, labels: &Labels) -> Option<Line> {
    let markup = eat_line_markup(&mut cursor);
    let mut around = eat_opening_delimiters(&mut cursor);
    let style = markup.style
        | if around.bracketed { BRACKETS } else { 0 }
        | if around.emphasised { EMPHASIS } else { 0 };
    cursor.space();
    let name = find_name(&cursor, &markup, around.closes.last().copied())?;
    let known = labels.get(name.word);
    let can_be_unknown = can_be_name(name.word);
    // `## 新闻一：大模型` is a heading.
    if known.is_none() && (!can_be_unknown || style & HEADING > 0) {
        return None;
    }
    cursor.at = name.end;
    let has_colon = eat_colon_and_closing_delimiters(&mut cursor, &mut around);
    // `https://`: the colon of an address does not make `https` a label.
    if known.is_none() && (!has_colon || cursor.rest().starts_with("//")) {
        return None;
    }
    if has_colon {
        if markup.cell {
            cursor.space();
            cursor.eat("|");
        }
    } else {
        let strength = known.map_or(Strength::Weak, |(_, strength)| strength);
        if !is_label_without_colon(&mut cursor, &markup, &around, strength) {
            return None;
        }
    }
    let value = find_value(&mut cursor, &markup, around)?;
    Some(match known {
        Some((field, strength)) => Line::Label { field: field.clone(), strength, value, style },
        None => Line::UnknownLabel(name.range, value, style),
    })
}

/// True if a word can be the name of an unknown label: one word of at most 8 full-width characters or
/// 16 others, which are half as wide (`情感倾向`, `Sentiment`).
fn can_be_name(word: &str) -> bool {
    let width = |c: char| if is_full_width(c) { 2 } else { 1 };
    let is_short = word.chars().map(width).sum::<usize>() <= 16;
    is_short && word.chars().nth(1).is_some() && word.chars().all(char::is_alphanumeric)
}

/// Reads emoji, and the marks of headings, table cells, quotations, list items and numbers.
fn eat_line_markup(cursor: &mut Cursor<'_>) -> LineMarkup {
    let mut markup = LineMarkup::default();
    // Models decorate labels: `📰 标题`.
    let mut symbols = 0;
    while symbols < 3 && cursor.rest().starts_with(is_symbol) {
        cursor.at += cursor.rest().chars().next().map_or(0, char::len_utf8);
        cursor.space();
        symbols += 1;
    }
    // A numbered list in a quotation in a table has fewer marks.
    for _ in 0..5 {
        let level = cursor.rest().bytes().take_while(|byte| *byte == b'#').count();
        if (1..=6).contains(&level) {
            cursor.at += level;
            // Without white space, `#标签` is a hashtag, and only a colon can make it a label.
            markup.heading = cursor.rest().starts_with(char::is_whitespace);
            markup.style |= HEADING;
        } else if cursor.eat("|") || cursor.eat("│") {
            markup.cell = true;
            markup.style |= CELL;
        } else if cursor
            .eat_any(&['>', '•', '·', '●', '○', '▪', '◆', '■', '►', '▶', '★', '－', '–', '—'])
            .is_some()
        {
            markup.style |= ITEM;
        } else {
            let mut bullet = cursor.clone();
            let bulleted = bullet.eat_any(&['-', '*', '+']).is_some() && bullet.space();
            if bulleted {
                *cursor = bullet;
                markup.style |= ITEM;
            } else if cursor.number() {
                markup.style |= NUMBER;
            } else {
                break;
            }
        }
        cursor.space();
    }
    markup
}

/// Reads up to three opening delimiters.
fn eat_opening_delimiters(cursor: &mut Cursor<'_>) -> Delimiters {
    let mut closes: Vec<&'static str> = Vec::new();
    while let Some((_, close)) = DELIMITERS.iter().find(|(open, _)| closes.len() < 3 && cursor.eat(open)) {
        closes.push(close);
    }
    let bracketed = closes.iter().any(|close| matches!(*close, "】" | "〗" | "」" | "]" | ">"));
    let emphasised = !closes.is_empty() && !bracketed;
    Delimiters { closes, bracketed, emphasised }
}

/// Finds the name at the position of the cursor. It ends at a colon, a tab, the end of its table
/// cell or the innermost closing delimiter `close`. The text of a heading can be a name as a whole.
fn find_name<'a>(cursor: &Cursor<'a>, markup: &LineMarkup, close: Option<&str>) -> Option<Name<'a>> {
    let rest = cursor.rest();
    let stop = rest.char_indices().take(MAX_LABEL_CHARACTERS).find_map(|(at, c)| {
        let ends = is_colon(c)
            || c == '\t' && at > 0
            || (markup.cell && c == '|')
            || close.is_some_and(|close| rest[at..].starts_with(close));
        ends.then_some(at)
    });
    let is_short = || rest.chars().take(MAX_LABEL_CHARACTERS + 1).count() <= MAX_LABEL_CHARACTERS;
    let stop = match stop {
        Some(stop) => stop,
        None if markup.heading && is_short() => rest.len(),
        None => return None,
    };
    let word = without_gloss(rest[..stop].trim());
    // `**📅 日期**` as well as `📅 **日期**`.
    let word = word.trim_start_matches(|c: char| is_symbol(c) || c.is_whitespace());
    let start = cursor.at + (word.as_ptr() as usize - rest.as_ptr() as usize);
    Some(Name { word, range: start..start + word.len(), end: cursor.at + stop })
}

/// Reads the closing delimiters behind a name, and a colon before, between or behind them. Returns
/// whether there was a colon. Delimiters that close behind the value stay in `around`.
fn eat_colon_and_closing_delimiters(cursor: &mut Cursor<'_>, around: &mut Delimiters) -> bool {
    let mut has_colon = eat_colon(cursor);
    while let Some(close) = around.closes.pop() {
        if !cursor.eat(close) {
            around.closes.push(close);
            break;
        }
        has_colon |= eat_colon(cursor);
    }
    has_colon
}

/// True if a name without a colon is a label: in brackets, alone on the line in a heading or in
/// emphasis, before a tab, or in a table cell.
fn is_label_without_colon(
    cursor: &mut Cursor<'_>,
    markup: &LineMarkup,
    around: &Delimiters,
    strength: Strength,
) -> bool {
    let is_closed = around.closes.is_empty();
    let is_alone = cursor.rest().trim().is_empty();
    // A plain word before a tab is a cell of a spreadsheet.
    let is_before_tab = cursor.rest().starts_with('\t') && strength == Strength::Strong;
    let is_in_row = markup.cell && {
        cursor.space();
        cursor.eat("|")
    };
    around.bracketed && is_closed
        || is_alone && (markup.heading || around.emphasised && is_closed)
        || is_before_tab
        || is_in_row
}

/// Finds the byte range of the value, behind the label. `None` if a bracket before the label is
/// never closed.
fn find_value(cursor: &mut Cursor<'_>, markup: &LineMarkup, mut around: Delimiters) -> Option<Range<usize>> {
    cursor.space();
    let mut end = cursor.line.len();
    if markup.cell {
        end = cursor.line[..end].trim_end_matches(['|', '│', ' ', '\t']).len().max(cursor.at);
    }
    // `**标题: …**`: delimiters that open before the label can close behind the value.
    while let Some(close) = around.closes.pop() {
        match cursor.line[cursor.at..end].strip_suffix(close) {
            Some(value) => end = cursor.at + value.trim_end().len(),
            None if around.bracketed => return None,
            None => {}
        }
    }
    Some(cursor.at..end)
}

/// True for emoji and other symbols.
fn is_symbol(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{21FF}' | '\u{2300}'..='\u{23FF}' | '\u{25A0}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}' | '\u{FE0F}' | '\u{1F000}'..='\u{1FAFF}')
}

/// Reads a colon, also after white space. Returns whether there was one.
fn eat_colon(cursor: &mut Cursor<'_>) -> bool {
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

/// Removes a gloss in brackets behind a name: `关键词（3-5个）`, `标题(Title)`.
fn without_gloss(word: &str) -> &str {
    let open = word.find(['(', '（']).filter(|_| word.ends_with([')', '）']));
    open.map_or(word, |open| word[..open].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_an_unknown_label_is_one_short_word() {
        for name in ["情感", "一二三四五六七八", "Sentiment", "ImpactAssessment", "ab", "AI技术影响"]
        {
            assert!(can_be_name(name), "{name}");
        }
        for name in ["", "a", "甲", "一二三四五六七八九", "ImpactAssessments", "to be", "甲、乙", "a-b"]
        {
            assert!(!can_be_name(name), "{name}");
        }
    }
}
