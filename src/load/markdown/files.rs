//! Links from one source file to another (`[…](../2026/x.md)`), which hold in an editor and on GitHub, too, as addresses of the site.

use std::ops::Range;

use chrono_tz::Tz;
use percent_encoding::percent_decode_str;

use super::headings;
use crate::load::date;
use crate::site::slug;

/// Where a link leads on the site that is written as the path of another Markdown file below `content/`; `None` for all others.
///
/// The other file is not read: the address is the one that its name gives it, and a file with a `slug:` of its own has another
/// (`newsprint check` finds what leads nowhere).
pub(super) fn address(written: &str, file: &str, base_path: &str) -> Option<String> {
    let (path, fragment) = match written.split_once('#') {
        Some((path, fragment)) => (path, Some(fragment)),
        None => (written, None),
    };
    if path.contains(['?', '\\', ':']) || path.starts_with('/') {
        return None;
    }
    let path = percent_decode_str(path).decode_utf8().ok()?;
    let path = path.strip_suffix(".md")?;
    let mut segments: Vec<&str> = file.split('/').collect();
    segments.pop();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()?),
            segment => segments.push(segment),
        }
    }
    let whole = segments.join("/");
    let site = if whole.starts_with("content/articles/") {
        format!("articles/{}", slug::article(named(segments.last()?)))
    } else {
        slug::page(whole.strip_prefix("content/pages/")?)
    };
    let fragment = fragment.map(headings::in_page).unwrap_or_default();
    Some(format!("{base_path}{site}/{fragment}"))
}

/// Where a source writes the path of another file that became `address` on the site.
pub(crate) fn written(text: &str, file: &str, base_path: &str, address: &str) -> Option<Range<usize>> {
    let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '<' | '>' | '"' | '[' | ']');
    let is_it = |at: usize| {
        let start = text[..at].rfind(ends).map_or(0, |at| at + 1);
        let end = text[at..].find(ends).map_or(text.len(), |length| at + length);
        let found = self::address(&text[start..end], file, base_path)?;
        let same = percent_decode_str(&found).eq(percent_decode_str(address));
        same.then_some(start..end)
    };
    text.match_indices(".md").find_map(|(at, _)| is_it(at))
}

/// What an article's address is made from when it has no `slug:`: its file's name without the date; the date where there is nothing else.
pub(crate) fn named(stem: &str) -> &str {
    match date::file_prefix(stem, Tz::UTC) {
        Some((_, rest)) if !rest.is_empty() => rest,
        _ => stem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_other_sources_become_their_addresses() {
        let from = |written: &str| address(written, "content/articles/2026/2026-11-23-a.md", "/base/");
        for (written, expected) in [
            ("2026-11-22-b.md", "/base/articles/b/"),
            ("../2025/GPT-4o 发布.md#价格", "/base/articles/gpt-4o-发布/#h-价格"),
            ("./%E7%94%B2.md", "/base/articles/甲/"),
            ("2026-11-22.md", "/base/articles/2026-11-22/"),
            ("../../pages/guide/About Us.md", "/base/guide/about-us/"),
        ] {
            assert_eq!(from(written).as_deref(), Some(expected), "{written}");
        }
        let text = "[a](c.md) [乙](<../2025/2025-01-02-b.md#c> \"x\")";
        let place = written(text, "content/articles/2026/a.md", "/base/", "/base/articles/b/#h-c");
        assert_eq!(&text[place.unwrap()], "../2025/2025-01-02-b.md#c");
        for other in [
            "b",
            "b.html",
            "/b.md",
            "https://example.org/b.md",
            "../../../README.md",
            "../../../../../../b.md",
            "#b.md",
            "b.md?x",
            "..\\b.md",
            "%ff.md",
        ] {
            assert_eq!(from(other), None, "{other}");
        }
    }
}
