//! Selects the terms among the items of a list.

use std::collections::HashSet;

use crate::hygiene::placeholder;
use crate::import::repair::{Change, Kind};
use crate::slug::key;

/// Characters before a 等 that belongs to the term (平等, 高等).
const BEFORE_OWN_ENDING: &str = "平高中初对同均优劣上下头特何相不一二三四五六甲乙丙丁躺差次超";

/// Endings of lists that name only examples.
const ENDINGS: [&str; 12] = [
    "等等",
    "等领域",
    "等行业",
    "等技术",
    "等方面",
    "等公司",
    "等产品",
    "等企业",
    "等多个领域",
    "等",
    "etc.",
    "etc",
];

/// Selects the terms: without placeholders and duplicates, the last one without 等 or a full stop.
/// Every removal is recorded in `changes`.
#[must_use]
pub fn terms(mut items: Vec<String>, placeholders: &[String], changes: &mut Vec<Change>) -> Vec<String> {
    for item in &mut items {
        *item = item.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    remove_ending(&mut items, changes);
    let mut seen = HashSet::new();
    let mut terms = Vec::with_capacity(items.len());
    for item in items.into_iter().filter(|item| !item.is_empty()) {
        let key = key::term_key(&item);
        let gloss = key.find('(').filter(|at| *at > 0).map_or(key.as_str(), |at| key[..at].trim_end());
        if placeholder::is_placeholder(&key)
            || placeholder::is_word_for_nothing(gloss)
            || placeholders.iter().any(|word| key::term_key(word) == key)
        {
            changes.push((Kind::Placeholder, item, String::new()));
        } else if seen.insert(key) {
            terms.push(item);
        } else {
            changes.push((Kind::Duplicate, item, String::new()));
        }
    }
    terms
}

/// Removes the ending of the list from the last item, which says that there are more terms.
fn remove_ending(items: &mut Vec<String>, changes: &mut Vec<Change>) {
    let several = items.len() > 1;
    let Some(last) = items.last_mut() else { return };
    let trimmed = last.trim_end_matches(['。', '…', '.']);
    // The full stop of `Inc.` and `U.S.` belongs to the term.
    let stop = last.ends_with(['。', '…']) || (several && trimmed.chars().any(crate::text::han::is_han));
    let text = if stop { trimmed } else { last.as_str() };
    let ending = ENDINGS.iter().find(|ending| {
        text.strip_suffix(**ending).is_some_and(|before| match (**ending, before.chars().next_back()) {
            (_, None) => several,
            ("等", Some(last)) => !BEFORE_OWN_ENDING.contains(last),
            _ => several,
        })
    });
    let counted = text.rfind('等').filter(|at| several && is_count(&text[at + '等'.len_utf8()..]));
    let kept = ending.and_then(|ending| text.strip_suffix(ending)).or(counted.map(|at| &text[..at]));
    let kept = kept.unwrap_or(text).trim_end();
    if kept.len() < last.len() {
        changes.push((Kind::Ending, last[kept.len()..].to_owned(), String::new()));
        *last = kept.to_owned();
    }
    if items.last().is_some_and(String::is_empty) {
        items.pop();
    }
}

/// True if a text after 等 counts the terms: `3个行业`, `多家公司`.
fn is_count(text: &str) -> bool {
    let rest =
        text.trim_start_matches(|c: char| c.is_ascii_digit() || "多几数十余一二三四五六七八九两".contains(c));
    rest.len() < text.len()
        && rest.starts_with(['个', '家', '项', '种', '类', '款', '大'])
        && rest.chars().count() <= 6
}
