//! Edits the text of one list item of the registry, in the style that the item has.

use crate::terms::comments::comment_of_line;
use crate::yaml;

/// True if a line is empty or holds only a comment.
pub(super) fn is_blank_or_comment(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#')
}

/// The comments and empty lines of an item, which stay when the item is removed.
pub(super) fn kept_comments(item: &str) -> String {
    let indent = " ".repeat(item.len() - item.trim_start_matches(' ').len());
    item.lines()
        .filter_map(|line| {
            if line.trim().is_empty() {
                return Some("\n".to_owned());
            }
            comment_of_line(line).map(|comment| format!("{indent}{comment}\n"))
        })
        .collect()
}

/// Adds aliases to an item in the style of its alias list: block style, flow style on one line, or
/// a new list. Returns `None` if the item is written in another way.
pub(super) fn with_aliases(item: &str, added: &[String]) -> Option<String> {
    let dash = item.find('-')?;
    let after = &item[dash + 1..];
    let inner = dash + 1 + (after.len() - after.trim_start_matches(' ').len());
    let lines = |indent: usize| {
        let indent = " ".repeat(indent);
        added.iter().map(|alias| format!("{indent}- {}\n", yaml::scalar(alias))).collect::<String>()
    };
    let mut text = item.to_owned();
    if !text.ends_with('\n') {
        text.push('\n');
    }
    let Some(key) = yaml::key_span(&text, &["aliases"], 0) else {
        let line_end = text.find('\n')?;
        let line = &text[inner..line_end];
        let new = format!("{}aliases:\n{}", " ".repeat(inner), lines(inner + 2));
        if yaml::key_span(&text, &["name"], 0).is_none() {
            // The item is a name alone: `- OpenAI`.
            text.insert_str(inner, "name: ");
        } else if line.starts_with('{') {
            return None;
        }
        // The list goes below the first line of the item.
        let at = text.find('\n')? + 1;
        text.insert_str(at, &new);
        return Some(text);
    };
    let line_end = key.end + text[key.end..].find('\n')?;
    let value = text[key.end..line_end].trim_start_matches(' ').strip_prefix(':')?.trim();
    if value.starts_with('[') {
        let open = key.end + text[key.end..].find('[')?;
        let close = open + text[open..line_end].rfind(']')?;
        let inside = text[open + 1..close].trim();
        let comma = if inside.is_empty() || inside.ends_with(',') { "" } else { ", " };
        let flow: Vec<String> = added.iter().map(|alias| yaml::flow_scalar(alias)).collect();
        text.insert_str(close, &format!("{comma}{}", flow.join(", ")));
        return Some(text);
    }
    if !value.is_empty() && !value.starts_with('#') {
        return None;
    }
    // The new aliases go below the last one.
    let mut at = line_end + 1;
    let mut last = at;
    let mut indent = None;
    for line in text[at..].split_inclusive('\n') {
        let body = line.trim_start_matches(' ');
        at += line.len();
        if is_blank_or_comment(line) {
            continue;
        }
        let depth = line.len() - body.len();
        if !body.starts_with("- ") || depth < inner {
            break;
        }
        indent.get_or_insert(depth);
        last = at;
    }
    text.insert_str(last, &lines(indent.unwrap_or(inner + 2)));
    Some(text)
}
