//! Finds the places of keys and values in a YAML text.
//!
//! `serde_yaml` gives no places for nodes, so these functions search the block style that people
//! write, line by line. They do not find keys in flow style (`{a: b}`).

use std::ops::Range;

use crate::yaml::scalar;

/// Finds the key at the end of `path`, in bytes of `text`. `occurrence` counts the same key in the
/// same mapping, from 0.
#[must_use]
pub fn key_span(text: &str, path: &[&str], occurrence: usize) -> Option<Range<usize>> {
    let (last, parents) = path.split_last()?;
    let mut from = 0;
    for parent in parents {
        from = find_key(text, from, parent, 0)?.end;
    }
    find_key(text, from, last, occurrence)
}

fn find_key(text: &str, from: usize, key: &str, occurrence: usize) -> Option<Range<usize>> {
    let mut start = text[..from].rfind('\n').map_or(0, |at| at + 1);
    let mut level = None;
    let mut seen = 0;
    if from > 0 {
        start = text[from..].find('\n').map(|at| from + at + 1)?;
    }
    let quoted = [format!("\"{key}\""), format!("'{key}'"), key.to_owned()];
    for line in text[start..].split_inclusive('\n') {
        let body = line.trim_start_matches([' ', '-']);
        let indent = line.len() - body.len();
        if !body.trim().is_empty() && !body.starts_with('#') {
            // The first line after the parent has the children's indent; deeper lines are theirs.
            let level = *level.get_or_insert(indent);
            if indent < level {
                return None;
            }
            let written = quoted.iter().find(|name| {
                body.strip_prefix(name.as_str()).is_some_and(|rest| rest.trim_start().starts_with(':'))
            });
            if let Some(name) = written.filter(|_| indent == level) {
                if seen == occurrence {
                    return Some(start + indent..start + indent + name.len());
                }
                seen += 1;
            }
        }
        start += line.len();
    }
    None
}

/// Bytes of a value that a diagnostic marks at most; it shows far less.
const MAX_VALUE_BYTES: usize = 4096;

/// The span of the value that follows a key on its line, at most 4 KB of it; `key` itself if the
/// line has no value.
#[must_use]
pub fn value_span(text: &str, key: Range<usize>) -> Range<usize> {
    let mut near = text.len().min(key.end + MAX_VALUE_BYTES);
    while !text.is_char_boundary(near) {
        near -= 1;
    }
    let end = text[key.end..near].find('\n').map_or(near, |at| key.end + at);
    let rest = &text[key.end..end];
    let value = rest.trim_start_matches([' ', '\t']).trim_start_matches(':').trim_start();
    // Not by a search for the value: the search prepares its needle, which may be the whole text.
    let at = end - value.len();
    let value = value.trim_end();
    // In a quoted value ` #` does not begin a comment.
    let value = match value.find(" #") {
        Some(at) if !value.starts_with(['"', '\'']) => value[..at].trim_end(),
        _ => value,
    };
    if value.is_empty() || value.starts_with(['|', '>', '#']) {
        return key;
    }
    at..at + value.len()
}

/// Finds the items of the block list under the top-level `key`: the lines of each, in bytes of
/// `text`. Comments and blank lines between two items belong to the first. `None` if the key is
/// missing or the indented lines after it are not items, as in a list in flow style.
#[must_use]
pub fn item_spans(text: &str, key: &str) -> Option<Vec<Range<usize>>> {
    let key = key_span(text, &[key], 0)?;
    let mut at = text[key.end..].find('\n').map_or(text.len(), |found| key.end + found + 1);
    let mut starts = Vec::new();
    let mut level = None;
    for line in text[at..].split_inclusive('\n') {
        let body = line.trim_start_matches(' ');
        let indent = line.len() - body.len();
        let is_item = body.starts_with("- ") || body.trim_end() == "-";
        if !body.trim().is_empty() && !body.starts_with('#') {
            // YAML allows a list at the indent of its key.
            if indent == 0 && !is_item {
                break;
            }
            let level = *level.get_or_insert(indent);
            if is_item && indent == level {
                starts.push(at);
            } else if starts.is_empty() {
                return None;
            }
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([at]);
    Some(starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect())
}

/// Misses after which no key is searched any more: each miss reads the rest of the text.
const MAX_MISSES: usize = 20;

/// Finds the keys of the top-level mapping, in bytes of `text`. `keys` are all of them, in the
/// order of the text. A key that is not found, as one with an escape, has the place of the key
/// before it.
#[must_use]
pub fn top_level_spans(text: &str, keys: &[&str]) -> Vec<Range<usize>> {
    let (mut from, mut misses, mut last) = (0, 0, 0..0);
    let find = |from: usize, key: &str| {
        let quoted = [scalar::scalar(key), format!("\"{key}\""), format!("'{key}'"), key.to_owned()];
        let mut start = from;
        for line in text[from..].split_inclusive('\n') {
            let is_key = |name: &&String| {
                line.strip_prefix(name.as_str()).is_some_and(|rest| rest.trim_start().starts_with(':'))
            };
            if let Some(name) = quoted.iter().find(is_key) {
                return Some((start..start + name.len(), start + line.len()));
            }
            start += line.len();
        }
        None
    };
    let span = |key: &&str| {
        match (misses < MAX_MISSES).then(|| find(from, key)).flatten() {
            Some((span, end)) => (last, from) = (span, end),
            None => misses += 1,
        }
        last.clone()
    };
    keys.iter().map(span).collect()
}
