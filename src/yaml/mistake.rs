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
    full_width_colon(text, at)
        .or_else(|| full_width_separator(text, at))
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
            message: "this field is written with a full-width colon".to_owned(),
            help: "write `: `, a half-width colon and a space".to_owned(),
        })
    })
}

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
        '：' => ("a full-width colon", "`: `"),
        '；' => ("a full-width semicolon", "`, `"),
        '、' => ("a Chinese enumeration comma", "`, `"),
        _ => ("a Chinese comma", "`, `"),
    };
    let help = match open {
        '[' => format!("write {right}, or write the list without brackets and quotes: `a、b`"),
        _ => format!("write {right}"),
    };
    Some(Mistake {
        span: found..found + sign.len_utf8(),
        message: format!("`{sign}` is {name}, which YAML does not know within brackets"),
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
    let spaces = |count: usize| match count {
        1 => "1 space".to_owned(),
        count => format!("{count} spaces"),
    };
    Some(Mistake {
        span: start..start + line.len(),
        message: format!(
            "lines of one mapping or list begin in the same column: line {near} after {}, line {number} after {}",
            spaces(wanted),
            spaces(column)
        ),
        help: "give both lines the same indentation; a value that goes on in the next line needs quotes if \
               it contains `: `"
            .to_owned(),
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
mod tests {
    use super::*;
    use crate::yaml;

    /// The mistake behind the error of a text, with the marked words.
    fn mistake(text: &str) -> Option<(String, String)> {
        let at = yaml::parse(text).unwrap_err().at.unwrap_or(0).min(text.len());
        let found = find_mistake(text, at)?;
        Some((text[found.span].to_owned(), found.message))
    }

    #[test]
    fn a_full_width_colon_is_named() {
        for text in
            ["title: x\n来源：y\n", "title：x\nsource: y\n", "a：b\nc: d\n", "a: b\nextra：\n  c: d\n"]
        {
            let (marked, message) = mistake(text).unwrap();
            assert_eq!(
                (marked.as_str(), message.as_str()),
                ("：", "this field is written with a full-width colon"),
                "{text}"
            );
        }
        assert_eq!(full_width_colon("a: 他说：好", 3), None);
    }

    #[test]
    fn a_chinese_separator_within_brackets_is_named() {
        for (text, sign) in [
            ("a: [\"x\"，\"y\"]\n", "，"),
            ("a: [\"x\" 、\"y\"]\n", "、"),
            ("a: ['x'；'y']\n", "；"),
            ("a: [[x], \"y\"，\"z\"]\n", "，"),
            ("a: {\"x\"：1}\n", "："),
            ("a:\n  - {b: \"x\"，c: \"y\"}\n", "，"),
        ] {
            let (marked, message) = mistake(text).unwrap();
            assert_eq!(marked, sign, "{text}");
            assert!(message.starts_with(&format!("`{sign}` is a")), "{text}: {message}");
        }
        let list = find_mistake("a: [\"x\"，\"y\"]", 7).unwrap();
        assert_eq!(list.help, "write `, `, or write the list without brackets and quotes: `a、b`");
        assert_eq!(find_mistake("a: {\"x\"，\"y\"}", 7).unwrap().help, "write `, `");
        // Outside of brackets it is not the separator that is wrong.
        assert_eq!(full_width_separator("a: \"x\"，\"y\"", 6), None);
    }

    #[test]
    fn lines_in_different_columns_are_named_with_both_numbers() {
        for (text, near, wrong) in [
            (
                "feeds:\n limit: 3\n  terms: on\n",
                "line 2 after 1 space, line 3 after 2 spaces",
                "  terms: on",
            ),
            (
                "keywords:\n  - name: a\n     slug: b\n",
                "line 2 after 4 spaces, line 3 after 5 spaces",
                "     slug: b",
            ),
            (
                "keywords:\n  - name: a\n   slug: b\n",
                "line 2 after 4 spaces, line 3 after 3 spaces",
                "   slug: b",
            ),
            (
                "menu:\n - name: a\n   path: /\n  x: b\n",
                "line 3 after 3 spaces, line 4 after 2 spaces",
                "  x: b",
            ),
            ("title: x\n  source: y\n", "line 1 after 0 spaces, line 2 after 2 spaces", "  source: y"),
            (
                "a:\n  b: 1\n  c:\n    d: 1\n      e: 2\n   f: 3\n",
                "line 4 after 4 spaces, line 5 after 6 spaces",
                "      e: 2",
            ),
            (" title: x\nsource: y\n", "line 1 after 1 space, line 2 after 0 spaces", "source: y"),
        ] {
            let (marked, message) = mistake(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(marked, wrong, "{text}");
            assert!(message.ends_with(near), "{text}: {message}");
        }
    }

    #[test]
    fn other_errors_are_not_taken_for_these_mistakes() {
        for text in ["a: b: c\n", "a: 'x\n", "a: [x\nb: y\n", "a: @x\n", "a: b\n*x\n", "a: \"x\" y\n"] {
            assert_eq!(mistake(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
        #[test]
        fn no_text_makes_it_panic(text in "[ \\n:\\-#a中：，、\\[\\]{}\"']{0,60}", at in 0_usize..60) {
            let mut at = at.min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            let _ = find_mistake(&text, at);
        }
    }

    #[test]
    fn a_full_width_separator_has_its_name_and_its_fix() {
        let list = "`, or write the list without brackets and quotes: `a、b`";
        for (text, at, sign, name, help) in [
            ("a: [\"x\"，1]", 7, "，", "a Chinese comma", format!("write `, {list}")),
            ("a: [\"x\"、1]", 7, "、", "a Chinese enumeration comma", format!("write `, {list}")),
            ("a: [\"x\"；1]", 7, "；", "a full-width semicolon", format!("write `, {list}")),
            ("a: {\"x\"：1}", 7, "：", "a full-width colon", "write `: `".to_owned()),
            ("a: {\"x\"、1}", 7, "、", "a Chinese enumeration comma", "write `, `".to_owned()),
            ("[{\"x\": [1]}， 2]", 11, "，", "a Chinese comma", format!("write `, {list}")),
            ("{a: [1], \"b\"：2}", 12, "：", "a full-width colon", "write `: `".to_owned()),
        ] {
            let found = full_width_separator(text, at).unwrap();
            assert_eq!(found.span, at..at + 3, "{text}");
            let message = format!("`{sign}` is {name}, which YAML does not know within brackets");
            assert_eq!((found.message, found.help), (message, help), "{text}");
        }
        assert_eq!(full_width_separator("a: [\"x\"  ，1]", 7).unwrap().span, 9..12);
        for (text, at) in [("a ，b", 1), ("[a]，b", 3), ("[a, b]", 2)] {
            assert!(full_width_separator(text, at).is_none(), "{text}");
        }
    }

    #[test]
    fn columns_are_those_of_content_and_of_items() {
        for (line, wanted) in [("  a", Some(2)), ("a", Some(0)), ("", None), ("   ", None), ("  # x", None)] {
            assert_eq!(content_column(line), wanted, "{line}");
        }
        for (line, column, wanted) in
            [("  - a", 2, vec![4_usize, 2]), ("a", 0, vec![0]), ("-   a", 0, vec![4, 0]), ("-a", 0, vec![0])]
        {
            assert_eq!(item_columns(line, column), wanted, "{line}");
        }
        for (line, wanted) in [
            ("a:", true),
            ("a: |", true),
            ("a: >", true),
            ("a: >-", true),
            ("a: |+", true),
            ("a: # x", true),
            ("a: b", false),
            ("", false),
        ] {
            assert_eq!(opens_level(line), wanted, "{line}");
        }
        for (text, wanted) in
            [("  a\n b\n", Some(4)), ("  a\n# x\nb", Some(8)), ("a\nb", None), ("  a\n  b", None), ("", None)]
        {
            assert_eq!(first_shallower(text), wanted, "{text}");
        }
        assert_eq!([line_start("ab\ncd", 4), line_start("ab\ncd", 3), line_start("ab", 1)], [3, 3, 0]);
    }
}
