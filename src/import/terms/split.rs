//! Splits a field of terms into its items.

use crate::import::repair::{Change, Kind};
use crate::import::terms::numbers::{split_at_numbers, without_numbers};
use crate::import::terms::quoted::{adjacent_quotations, quoted_list};
use crate::load::list;

/// Splits a text at `,` `，` `、` `;` `；` `|` and line breaks, but not inside brackets and not at
/// `/`. Lists of JSON and Python, hashtags and numbered items are recognised. Only the syntax of
/// the list is removed; see [`super::terms`] for placeholders, duplicates and endings. Quotation
/// marks, brackets, emphasis and hashes around items are recorded in `changes`; the syntax of JSON
/// and Python, bullets and numbers are not.
#[must_use]
pub fn split(text: &str, changes: &mut Vec<Change>) -> Vec<String> {
    // Line breaks in the cells of Markdown tables.
    let text = text.replace("<br>", "\n").replace("<br/>", "\n").replace("<br />", "\n");
    let text = text.trim();
    if let Some(items) = quoted_list(text) {
        return items;
    }
    let mut marked = false;
    // Brackets around a list without quotation marks: [人工智能, 软件开发].
    let text = match text.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
        Some(inner) if !inner.contains(['[', ']']) => inner,
        _ => text,
    };
    let mut items: Vec<String> = Vec::new();
    for line in text.lines() {
        let line = without_bullet(line.trim());
        for part in split_at_numbers(line) {
            match hashtags(part) {
                Some(tags) => {
                    marked = true;
                    items.extend(tags);
                }
                None => items.extend(list::split_at(part, |c| {
                    matches!(
                        c,
                        ',' | '，' | '、' | ';' | '；' | '|' | '｜' | '﹑' | '､' | '•' | '\t' | '\u{3000}'
                    )
                })),
            }
        }
    }
    let mut bare: Vec<String> = Vec::new();
    for item in without_numbers(items, text) {
        // `【图像生成】【设计】`, also as one item of a longer list.
        let parts = adjacent_quotations(&item);
        let parts = parts.unwrap_or_else(|| vec![without_quotes(&item).to_owned()]);
        marked |= parts.len() == 1 && parts[0] != item.trim() || parts.len() > 1 && !item.starts_with('《');
        bare.extend(parts.into_iter().filter(|part| !part.is_empty()));
    }
    if marked {
        changes.push((Kind::Marks, text.to_owned(), bare.join("、")));
    }
    bare
}

/// Removes a bullet at the beginning of a line.
fn without_bullet(line: &str) -> &str {
    for mark in ['•', '·', '・', '●', '○', '▪', '◆', '■', '►', '▶', '✅', '‣'] {
        if let Some(rest) = line.strip_prefix(mark) {
            return rest.trim_start();
        }
    }
    for mark in ['-', '*', '+', '–', '—'] {
        if let Some(rest) = line.strip_prefix(mark).filter(|rest| rest.starts_with([' ', '\t', '\u{3000}'])) {
            return rest.trim_start();
        }
    }
    line
}

/// Splits `#马斯克 #ChatGPT`, and the tags of Weibo, which have a hash at both ends:
/// `#马斯克##ChatGPT#`, `#马斯克#、#ChatGPT#`. `None` if the text contains anything else than
/// hashtags.
fn hashtags(text: &str) -> Option<Vec<String>> {
    let is_hash = |c: char| matches!(c, '#' | '＃');
    let is_between = |c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、' | ';' | '；');
    if text.starts_with(is_hash) && text.ends_with(is_hash) {
        // Between the hashes of two tags stands nothing, white space or a separator.
        let pieces: Vec<&str> = text.split(is_hash).collect();
        let (tags, gaps): (Vec<_>, Vec<_>) = pieces.iter().enumerate().partition(|(n, _)| n % 2 == 1);
        let is_tag = |(_, tag): &(usize, &&str)| !tag.trim().is_empty() && !tag.contains(is_between);
        if pieces.len() % 2 == 1
            && tags.iter().all(is_tag)
            && gaps.iter().all(|(_, gap)| gap.chars().all(is_between))
        {
            return Some(tags.into_iter().map(|(_, tag)| tag.trim().to_owned()).collect());
        }
    }
    let tags: Vec<&str> = text.split_whitespace().collect();
    let tag = |word: &&str| {
        let rest = word.strip_prefix(['#', '＃']).unwrap_or_default();
        !rest.is_empty() && !rest.starts_with(['#', '＃']) && !word.contains(['，', ',', '、'])
    };
    (!tags.is_empty() && tags.iter().all(tag))
        .then(|| tags.iter().map(|word| word.trim_matches(['#', '＃']).to_owned()).collect())
}

/// Removes quotation marks and emphasis around a whole item.
fn without_quotes(item: &str) -> &str {
    let mut item = item.trim();
    for (open, close) in [
        ("**", "**"),
        ("__", "__"),
        ("*", "*"),
        ("_", "_"),
        ("~~", "~~"),
        ("`", "`"),
        ("\"", "\""),
        ("'", "'"),
        ("“", "”"),
        ("‘", "’"),
        ("「", "」"),
        ("『", "』"),
        ("【", "】"),
        ("〖", "〗"),
        ("［", "］"),
        ("〔", "〕"),
    ] {
        if let Some(inner) = item.strip_prefix(open).and_then(|rest| rest.strip_suffix(close))
            && !inner.contains(open)
            && !inner.contains(close)
        {
            item = inner.trim();
        }
    }
    item
}
