//! Decides whether signs in a text are markup of another program: links of wikis, alerts,
//! containers, headings, highlights, formulas, links.

use std::ops::Range;

use crate::check::shortcodes::beginning;
use crate::load::markdown::shown::OPAQUE;
use crate::text::han::is_han;

/// True for a page's name; not for a list of numbers, an attribute of C++ (`[[nodiscard]]`), a test
/// of a shell (`[[ -f a ]]`) or an index (`a[[0]]`).
pub(super) fn is_wiki_link(before: Option<char>, inside: &str, _after: Option<char>) -> bool {
    const ATTRIBUTES: [&str; 10] = [
        "nodiscard",
        "noreturn",
        "deprecated",
        "likely",
        "unlikely",
        "maybe_unused",
        "fallthrough",
        "carries_dependency",
        "no_unique_address",
        "assume",
    ];
    let attribute = inside.split('(').next().unwrap_or_default();
    let is_index = before.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ')' | ']' | '['));
    !is_index
        && inside.chars().any(char::is_alphabetic)
        && !inside.contains(['[', '"', '\'', OPAQUE])
        && !inside.contains("::")
        // `[[:alpha:]]`, `[[.a.]]`, `[[=a=]]` are classes of characters (POSIX, XBD 9.3.5).
        && !inside.starts_with([':', '.', '='])
        && inside.trim() == inside
        && !inside.starts_with('-')
        && !ATTRIBUTES.contains(&attribute)
}

/// The label of an alert (GitHub) or a callout (Obsidian): `[!NOTE]`, `[!tip]-`.
pub(super) fn alert(text: &str) -> Vec<Range<usize>> {
    let end = text.find(']').filter(|&end| {
        let label = &text[2..end];
        !label.is_empty() && label.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, '-' | '_' | '|'))
    });
    end.map(|end| 0..end + 1).into_iter().collect()
}

/// `:::` of Pandoc, VuePress and Docusaurus with a name; `!!!` and `???` of Python-Markdown.
pub(super) fn is_container(line: &str) -> Option<usize> {
    const ADMONITIONS: [&str; 16] = [
        "note",
        "abstract",
        "summary",
        "info",
        "tip",
        "hint",
        "success",
        "question",
        "warning",
        "caution",
        "attention",
        "failure",
        "danger",
        "error",
        "bug",
        "example",
    ];
    let word = |rest: &str| {
        rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(rest.len())
    };
    let colons = line.bytes().take_while(|byte| *byte == b':').count();
    if colons >= 3 {
        let rest = &line[colons..];
        let name = rest.trim_start_matches([' ', '{', '.']);
        let length = word(name);
        return (length > 0).then_some(line.len() - name.len() + length);
    }
    let rest = line.strip_prefix("!!!").or_else(|| line.strip_prefix("???"))?;
    let name = rest.trim_start_matches(['+', ' ']);
    let length = word(name);
    let is_known = ADMONITIONS.contains(&&name[..length]) && name.len() < rest.len();
    is_known.then_some(line.len() - name.len() + length)
}

/// `##a`: two to six `#` without a space, and none behind as in a topic (`##a##`).
pub(super) fn is_heading(line: &str) -> Option<usize> {
    let signs = line.bytes().take_while(|byte| *byte == b'#').count();
    let rest = &line[signs..];
    let is_text = rest.chars().next().is_some_and(|c| c.is_alphabetic() || is_han(c));
    let end = line.char_indices().nth(signs + 12).map_or(line.len(), |(at, _)| at);
    ((2..=6).contains(&signs) && is_text && !rest.contains('#')).then_some(end)
}

/// `==a==` beside no word: `a==b` is a comparison.
pub(super) fn is_highlight(before: Option<char>, inside: &str, after: Option<char>) -> bool {
    let is_code = |c: Option<char>| {
        c.is_some_and(|c| {
            c.is_ascii_alphanumeric() || matches!(c, '=' | '_' | ')' | ']' | '!' | '<' | '>' | '"' | '\'')
        })
    };
    let first = inside.chars().next();
    first.is_some_and(|c| !c.is_whitespace() && c != '=' && c != '>')
        && inside.trim() == inside
        && inside.chars().any(char::is_alphanumeric)
        && !is_code(before)
        && !is_code(after)
}

/// True for a formula of TeX between `$$`: it has a command, a power, an index or an equation.
pub(super) fn is_formula(before: Option<char>, inside: &str, after: Option<char>) -> bool {
    let has_equation = inside.contains('=') && inside.chars().any(|c| c.is_ascii_alphabetic());
    before != Some('$') && after != Some('$') && !inside.contains('$') && (has_tex(inside) || has_equation)
}

/// True for a formula between `$`: without spaces at its ends and with a command or a power, so
/// that prices (`$5 到 $6`) and variables (`$HOME/$USER`) are none.
pub(super) fn is_short_formula(before: Option<char>, inside: &str, after: Option<char>) -> bool {
    let is_sign = |c: Option<char>| c.is_some_and(|c| c == '$' || c == '\\' || c == OPAQUE);
    !is_sign(before)
        && !before.is_some_and(|c| c.is_ascii_alphanumeric())
        && !is_sign(after)
        && !after.is_some_and(|c| c.is_ascii_alphanumeric())
        && inside.trim() == inside
        && has_tex(inside)
}

/// A command (`\alpha`), or a power or an index of a letter or a bracket (`x^2`, `a_{1}`).
fn has_tex(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.windows(2).enumerate().any(|(at, pair)| match pair {
        [b'\\', next] => next.is_ascii_lowercase() && bytes.get(at + 2).is_none_or(u8::is_ascii_alphabetic),
        [b'^', next] => at > 0 && (next.is_ascii_alphanumeric() || *next == b'{'),
        [b'_', b'{'] => at > 0,
        _ => false,
    })
}

/// A mark that other programs replace by a table of contents.
pub(super) fn is_contents(text: &str) -> bool {
    ["[toc]", "[[toc]]", "[[_toc_]]", "@[toc]", "${toc}"].iter().any(|mark| text.eq_ignore_ascii_case(mark))
}

/// Links and images whose address has a space, so that they are text (CommonMark 0.31, 6.3):
/// `[a](/b c.md)`. The address has a path or an ending: `f[K](a, b)` is code.
pub(super) fn broken_links(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    for (middle, _) in text.match_indices("](") {
        let opened = text[from..middle].rfind('[').map(|start| from + start);
        from = middle + 2;
        let Some(start) = opened else { continue };
        let inside = &text[start + 1..middle];
        let behind = beginning(&text[from..]);
        let Some(length) = behind.find([')', '\n']).filter(|&end| behind[end..].starts_with(')')) else {
            continue;
        };
        let address = text[middle + 2..middle + 2 + length].trim();
        let before = text[..start].chars().next_back();
        let ending = address.rsplit_once('.').is_some_and(|(_, ending)| {
            (2..5).contains(&ending.len()) && ending.chars().all(|c| c.is_ascii_alphanumeric())
        });
        let is_address =
            address.contains(' ') && (address.contains('/') || ending) && !address.contains(OPAQUE);
        let is_code =
            before.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ')' | ']' | OPAQUE));
        if is_address && !is_code && !inside.contains([']', '\n', OPAQUE]) {
            let start = if before == Some('!') { start - 1 } else { start };
            found.push(start..middle + 2 + length + 1);
        }
    }
    found
}

/// Links and images whose bracket is a full-width one or does not follow at once, so that they are
/// text (CommonMark 0.31, 6.3): `[a]（https://e.org）`, `[a] (https://e.org)`. A number in brackets
/// counts references: `[1] (https://e.org)`.
pub(super) fn detached_links(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (middle, _) in text.match_indices(']') {
        let behind = beginning(&text[middle + 1..]);
        let spaced = behind.trim_start_matches([' ', '\u{3000}']);
        let is_wide = spaced.starts_with('（');
        let inside = spaced.strip_prefix('（').or_else(|| spaced.strip_prefix('('));
        let Some(inside) = inside.filter(|_| !behind.starts_with('(')) else { continue };
        let is_address = inside.starts_with("https://")
            || inside.starts_with("http://")
            || (is_wide && inside.starts_with(['/', '.']) && inside.contains('.'));
        let close = inside.find([')', '）', ' ', '\n', '，', '。']);
        let Some(close) = close.filter(|&end| is_address && inside[end..].starts_with([')', '）'])) else {
            continue;
        };
        let Some(start) = text[..middle].rfind(['[', ']', '\n']).filter(|&at| text[at..].starts_with('['))
        else {
            continue;
        };
        let label = &text[start + 1..middle];
        let is_count = label.chars().all(|c| !c.is_alphabetic());
        let is_image = text[..start].ends_with('!');
        let is_code =
            text[..start].ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ')' | OPAQUE));
        if (!is_count || is_image) && !label.contains(OPAQUE) && !is_code {
            let closing = inside[close..].chars().next().map_or(0, char::len_utf8);
            let end = text.len() - text[middle + 1..].len() + (behind.len() - inside.len()) + close + closing;
            found.push(start - usize::from(is_image)..end);
        }
    }
    found
}

/// Links and images of Markdown with an address, for fields that are plain text.
pub(super) fn links(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (middle, _) in text.match_indices("](") {
        let Some(start) = text[..middle].rfind(['[', ']', '\n']).filter(|&at| text[at..].starts_with('['))
        else {
            continue;
        };
        let inside = beginning(&text[middle + 2..]);
        let Some(close) = inside.find([')', ' ', '\n']).filter(|&end| inside[end..].starts_with(')')) else {
            continue;
        };
        let address = &inside[..close];
        if address.contains("://") || address.starts_with('/') || address.ends_with(".md") {
            let is_image = text[..start].ends_with('!');
            found.push(start - usize::from(is_image)..middle + 2 + close + 1);
        }
    }
    found
}

#[cfg(test)]
mod tests;
