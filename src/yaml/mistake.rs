//! Recognises the commonest typing mistakes behind a syntax error of YAML: signs of a Chinese
//! keyboard, and lines that do not begin in the same column.

use std::ops::Range;

/// A typing mistake, as a diagnostic shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The bytes of the text to mark.
    pub span: Range<usize>,
    /// The mistake, in one sentence.
    pub message: String,
    /// How to fix it.
    pub help: String,
}

/// Finds the mistake that explains an error at byte `at`. `None` if it is none of those known here.
#[must_use]
pub fn find_mistake(text: &str, at: usize) -> Option<Mistake> {
    full_width_indentation(text, at)
        .or_else(|| full_width_colon(text, at))
        .or_else(|| full_width_separator(text, at))
        .or_else(|| unspaced_colon(text, at))
        .or_else(|| unspaced_dash(text, at))
        .or_else(|| different_columns(text, at))
}

/// A line such as `title：x`, at the error or just before it. In a line with `: `, the full-width
/// colon is part of a value.
pub fn full_width_colon(text: &str, at: usize) -> Option<Mistake> {
    let start = line_start(text, at);
    let previous = text[..start].trim_end();
    let starts = [line_start(text, previous.len()), start];
    starts.into_iter().find_map(|start| {
        let line = text[start..].lines().next()?;
        let colon = start + line.find('：').filter(|_| !line.contains(": ") && !line.ends_with(':'))?;
        Some(Mistake {
            span: colon..colon + '：'.len_utf8(),
            message: tr!("this field is written with a full-width colon"),
            help: tr!("write `: `, a half-width colon and a space"),
        })
    })
}

/// The lines at an error and before it, each with the byte at which it begins.
fn near_lines(text: &str, at: usize) -> impl Iterator<Item = (usize, &str)> {
    let start = line_start(text, at);
    let previous = text[..start].trim_end();
    let starts = [line_start(text, previous.len()), start];
    starts.into_iter().filter_map(|start| Some((start, text[start..].lines().next()?)))
}

/// A line that is indented with full-width spaces, at the error or just before it.
fn full_width_indentation(text: &str, at: usize) -> Option<Mistake> {
    near_lines(text, at).find_map(|(start, line)| {
        let indentation = line.len() - line.trim_start().len();
        let is_full_width = line[..indentation].contains('\u{3000}');
        is_full_width.then(|| Mistake {
            span: start..start + indentation,
            message: tr!("this line is indented with a full-width space (U+3000)"),
            help: tr!("indent with half-width spaces"),
        })
    })
}

/// A line such as `title:x`, at the error or just before it. Other colons without a space after
/// them are of addresses and times.
pub fn unspaced_colon(text: &str, at: usize) -> Option<Mistake> {
    near_lines(text, at).find_map(|(start, line)| {
        let colon = line.find(':').filter(|_| !line.contains(": "))?;
        let (key, value) = (line[..colon].trim_start(), &line[colon + 1..]);
        let is_key = !key.is_empty()
            && key.chars().count() <= MAX_KEY_CHARACTERS
            && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ' ' | '-'))
            && !key.starts_with("- ")
            && !key.chars().all(|c| c.is_ascii_digit());
        let is_value = value.chars().next().is_some_and(|c| !c.is_whitespace() && c != '/');
        (is_key && is_value).then(|| Mistake {
            span: start + colon..start + colon + 1,
            message: tr!("there is no space after this colon"),
            help: tr!("write `{key}: …`, with a space after the colon", key),
        })
    })
}

/// An item such as `-甲`, at the error or just before it.
fn unspaced_dash(text: &str, at: usize) -> Option<Mistake> {
    near_lines(text, at).find_map(|(start, line)| {
        let item = line.trim_start_matches(' ');
        let word = item.strip_prefix('-').filter(|word| word.starts_with(char::is_alphabetic))?;
        let dash = start + line.len() - item.len();
        Some(Mistake {
            span: dash..dash + 1,
            message: tr!("there is no space after this `-`"),
            help: tr!("write `- {item}`", item = word.trim_end()),
        })
    })
}

/// Maximum length of a word before a colon that counts as the name of a field.
const MAX_KEY_CHARACTERS: usize = 24;

/// A full-width separator after an item in brackets: `["a"，"b"]`.
fn full_width_separator(text: &str, at: usize) -> Option<Mistake> {
    let found = at + text[at..].len() - text[at..].trim_start_matches(' ').len();
    let sign = text[found..].chars().next().filter(|c| matches!(c, '，' | '、' | '；' | '：'))?;
    let before = &text[..at];
    // The bracket that is open at the error.
    let mut closed = 0_usize;
    let open = before.chars().rev().find(|c| match c {
        ']' | '}' => {
            closed += 1;
            false
        }
        '[' | '{' if closed > 0 => {
            closed -= 1;
            false
        }
        c => matches!(c, '[' | '{'),
    })?;
    let (name, right) = match sign {
        '：' => (tr!("a full-width colon"), "`: `"),
        '；' => (tr!("a full-width semicolon"), "`, `"),
        '、' => (tr!("a Chinese enumeration comma"), "`, `"),
        _ => (tr!("a Chinese comma"), "`, `"),
    };
    let help = match open {
        '[' => tr!("write {right}, or write the list without brackets and quotes: `a、b`", right),
        _ => tr!("write {right}", right),
    };
    Some(Mistake {
        span: found..found + sign.len_utf8(),
        message: tr!("`{sign}` is {name}, which YAML does not know within brackets", sign, name),
        help,
    })
}

/// A line whose first column is that of no mapping or list above it.
fn different_columns(text: &str, at: usize) -> Option<Mistake> {
    let start = first_shallower(text).unwrap_or_else(|| line_start(text, at));
    let line = text[start..].lines().next()?;
    let column = content_column(line)?;
    let number = text[..start].matches('\n').count() + 1;
    // The columns that this line may continue, each with the number of the last line in it.
    let mut open: Vec<(usize, usize)> = Vec::new();
    let above: Vec<(usize, &str)> = (1..).zip(text[..start].lines()).collect();
    let mut previous = None;
    for (number, line) in above.into_iter().rev() {
        let Some(first) = content_column(line) else { continue };
        previous.get_or_insert(line);
        for column in item_columns(line, first) {
            if open.last().is_none_or(|(_, last)| column < *last) {
                open.push((number, column));
            }
        }
        if first == 0 {
            break;
        }
    }
    // A line may be deeper if the line above opens a level.
    let deepest = open.first().map(|(_, deepest)| *deepest)?;
    let is_deeper = column > deepest && previous.is_some_and(opens_level);
    if is_deeper || open.iter().any(|(_, known)| *known == column) {
        return None;
    }
    let (near, wanted) = *open.iter().min_by_key(|(_, known)| known.abs_diff(column))?;
    let spaces = |count: usize| tr!("{n} space" | "{n} spaces" % count);
    let (wanted, column) = (spaces(wanted), spaces(column));
    Some(Mistake {
        span: start..start + line.len(),
        message: tr!(
            "lines of one mapping or list begin in the same column: line {near} after {wanted}, line {number} after {column}",
            near,
            wanted,
            number,
            column
        ),
        help: tr!(
            "give both lines the same indentation; a value that goes on in the next line needs quotes if it contains `: `"
        ),
    })
}

/// The start of the first line that begins before the first line of the text does. The parser takes
/// it for the beginning of another document.
fn first_shallower(text: &str) -> Option<usize> {
    let first = text.lines().find_map(content_column).filter(|first| *first > 0)?;
    let mut start = 0;
    text.split_inclusive('\n').find_map(|line| {
        start += line.len();
        let is_shallower = content_column(line).is_some_and(|column| column < first);
        is_shallower.then_some(start - line.len())
    })
}

/// The column of the first character of a line; `None` for blank lines and comments.
fn content_column(line: &str) -> Option<usize> {
    let line = line.lines().next().unwrap_or_default();
    let rest = line.trim_start_matches(' ');
    let is_content = !rest.trim().is_empty() && !rest.starts_with('#');
    is_content.then(|| line.len() - rest.len())
}

/// The columns that later lines may continue: that of the text after `- `, and that of the line.
fn item_columns(line: &str, column: usize) -> Vec<usize> {
    let rest = line[column..].strip_prefix("- ");
    let inner = rest.map(|rest| line.len() - rest.trim_start_matches(' ').len());
    inner.into_iter().chain([column]).collect()
}

/// True if the next line may be deeper: this line ends in a colon, or with the sign of a block.
fn opens_level(line: &str) -> bool {
    let line = line.split(" #").next().unwrap_or_default().trim_end();
    line.ends_with([':', '|', '>', '-', '+'])
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |at| at + 1)
}

#[cfg(test)]
mod tests;
