//! Finds the title of a post whose front matter has none: its first heading, else the name of its
//! file.

use std::ops::Range;

/// The heading of level 1 that a text begins with: its words, and the bytes that it occupies in
/// the text.
pub(super) fn first_heading(text: &str) -> Option<(String, Range<usize>)> {
    let start = text.len() - text.trim_start_matches(['\n', '\r', ' ', '\t']).len();
    // Four blanks begin a block of code.
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    if start - line_start > 3 || text[line_start..start].contains('\t') {
        return None;
    }
    let mut lines = text[start..].split_inclusive('\n');
    let first = lines.next()?;
    let words = match first.strip_prefix('#') {
        Some(rest) if rest.starts_with([' ', '\t']) => {
            let rest = rest.trim();
            let without = rest.trim_end_matches('#');
            // Closing signs are behind a blank.
            if without.is_empty() || without.ends_with([' ', '\t']) { without.trim() } else { rest }
        }
        Some(_) => return None,
        None => {
            let rule = lines.next()?.trim_end();
            let is_rule = !rule.is_empty() && rule.bytes().all(|b| b == b'=');
            if !is_rule {
                return None;
            }
            let end = start + first.len() + rule.len();
            return heading(first.trim(), line_start..end_of_line(text, end));
        }
    };
    heading(words, line_start..start + first.len())
}

/// The heading without its attributes (`# 标题 {#id}`).
fn heading(words: &str, range: Range<usize>) -> Option<(String, Range<usize>)> {
    let words = match words.rsplit_once('{') {
        Some((before, attributes)) if attributes.ends_with('}') && attributes.starts_with(['#', '.']) => {
            before.trim_end()
        }
        _ => words,
    };
    (!words.is_empty()).then(|| (words.to_owned(), range))
}

fn end_of_line(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |end| at + end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heading_that_a_text_begins_with_is_found() {
        for (text, title, rest) in [
            ("# 标题\n\n正文", "标题", "\n正文"),
            ("\n\n# 标题\n正文", "标题", "\n\n正文"),
            ("  # 标题 ##\n正文", "标题", "正文"),
            ("# C#\n正文", "C#", "正文"),
            ("标题\n===\n\n正文", "标题", "\n正文"),
            ("标题\n=", "标题", ""),
            ("# 标题 {#id}\n", "标题", ""),
            ("# a {b}\n", "a {b}", ""),
            ("# 标题", "标题", ""),
        ] {
            let (found, range) = first_heading(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(
                (found.as_str(), format!("{}{}", &text[..range.start], &text[range.end..]).as_str()),
                (title, rest),
                "{text}"
            );
        }
        for text in [
            "",
            "\n",
            "正文\n\n# 标题",
            "## 标题\n",
            "#标题\n",
            "    # 代码\n",
            "\t# 代码",
            "# \n",
            "#\n",
            "正文\n---\n",
            "正文\n\n===",
        ] {
            assert_eq!(first_heading(text), None, "{text}");
        }
    }
}
