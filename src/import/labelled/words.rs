//! Reads the text of lines and records: titles in headings, list items, farewells of models,
//! misspelt labels.

use crate::import::labelled::{chat, line};
use crate::import::labels::Labels;
use crate::import::record::{Record, Value};
use crate::import::repair::{Kind, Repair};

/// Removes markup and number from a heading: `### 2. **大模型**` is 大模型.
pub(super) fn title_of_heading(words: &str) -> &str {
    let words = words.trim().trim_end_matches('#').trim();
    let words = words.strip_prefix("**").and_then(|inner| inner.strip_suffix("**")).unwrap_or(words).trim();
    let digits = words.bytes().take_while(u8::is_ascii_digit).count();
    let rest = words[digits..]
        .strip_prefix(['.', '、', '．', ')', '）', ':', '：'])
        .filter(|_| (1..=3).contains(&digits));
    // `新闻一：大模型`: the number is in a counter.
    let rest = rest.or_else(|| {
        words.split_once(['：', ':']).filter(|(count, _)| line::is_counter(count)).map(|(_, rest)| rest)
    });
    let words = rest.filter(|rest| !rest.starts_with(|c: char| c.is_ascii_digit())).unwrap_or(words).trim();
    words.strip_prefix("**").and_then(|inner| inner.strip_suffix("**")).unwrap_or(words).trim()
}

/// True if a line is an item of a list.
pub(super) fn is_item(words: &str) -> bool {
    let words = words.trim_start();
    let digits = words.bytes().take_while(u8::is_ascii_digit).count();
    let bullet =
        words.strip_prefix(['-', '*', '+']).is_some_and(|rest| rest.starts_with(char::is_whitespace));
    bullet
        || words.starts_with(['•', '·', '●', '・', '▪'])
        || (1..=3).contains(&digits) && words[digits..].starts_with(['.', '、', ')', '）', '．'])
}

/// Removes the farewell of a model from the end of a record's last text.
pub(super) fn remove_farewell(record: &mut Record) {
    let Some(entry) = record.entries.last_mut().filter(|entry| entry.field.is_prose()) else { return };
    let line = entry.spot.line;
    let Value::Text(text) = &mut entry.value else { return };
    let mut paragraphs = text.rmatch_indices("\n\n").take(3);
    let end = paragraphs.find(|(at, _)| chat::is_farewell(text[*at..].trim_start())).map(|(at, _)| at);
    let end = end.or_else(|| text.rfind('\n').filter(|at| chat::is_end(&text[*at..])));
    if let Some(end) = end {
        let from = text.split_off(end).trim().to_owned();
        let lines = text.matches('\n').count();
        record.repairs.push(Repair { kind: Kind::Chat, from, to: String::new(), line: line + lines });
    }
}

/// Returns the label that the word before a line's colon is a misspelling of.
pub(super) fn misspelt_label<'l>(line: &str, labels: &'l Labels) -> Option<&'l str> {
    let start = line.trim_start();
    let colon = start.char_indices().take(9).find(|(_, c)| matches!(c, ':' | '：'))?.0;
    let word = start[..colon].trim_matches(|c: char| !c.is_alphanumeric());
    if labels.get(word).is_some() { None } else { labels.nearest(word) }
}
