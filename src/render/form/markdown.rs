//! Escapes texts for the Markdown form, so that each stays its words in CommonMark.

/// Returns the text on one line: every run of white space that contains a line break becomes one
/// space.
pub(super) fn one_line(text: &str) -> String {
    if !text.contains(is_line_break) {
        return text.trim().to_owned();
    }
    let lines = text.split(is_line_break).map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<&str>>().join(" ")
}

fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

/// Escapes a text for a place in a line of Markdown, also at its beginning: every character that
/// CommonMark, its tables and its strikethrough give a meaning to has a backslash before it
/// (CommonMark 0.31.2, section 2.4). Line breaks become spaces.
pub(super) fn escape(text: &str) -> String {
    let text = one_line(text);
    let mut written = String::with_capacity(text.len() + 8);
    let is_list_number = {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        (digits > 0 && matches!(text.as_bytes().get(digits), Some(b'.' | b')'))).then_some(digits)
    };
    for (at, c) in text.char_indices() {
        let has_meaning = match c {
            // A bare address is a link in GitHub's Markdown (GFM 0.29, section 6.9).
            ':' if text[at..].starts_with("://") => true,
            '.' if at >= 3 && text.as_bytes()[at - 3..at].eq_ignore_ascii_case(b"www") => true,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' | '|' | '$' | '^' => true,
            // A heading, a list or a line below a heading, at the beginning alone.
            '+' | '-' | '=' | ':' => at == 0,
            // Also after a space: the end of a heading.
            '#' => at == 0 || text[..at].ends_with(char::is_whitespace),
            '.' | ')' => is_list_number == Some(at),
            _ => false,
        };
        if has_meaning {
            written.push('\\');
        }
        written.push(c);
    }
    written
}

/// Encodes the parentheses of a valid address, for the target of a link.
pub(super) fn target(address: &str) -> String {
    // Entities of HTML are read in addresses, too (CommonMark 0.31.2, section 2.5).
    address
        .replace('&', "&amp;")
        .replace('(', "%28")
        .replace(')', "%29")
        .replace('*', "%2A")
        .replace('_', "%5F")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser};

    /// The text that a reader of the Markdown sees, if it is text alone inside links and emphasis.
    fn read_back(markdown: &str) -> Option<String> {
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
        let mut text = String::new();
        for event in Parser::new_ext(markdown, options) {
            match event {
                Event::Text(part) => text.push_str(&part),
                Event::Start(_) | Event::End(_) => {}
                _ => return None,
            }
        }
        Some(text)
    }

    /// A text as a heading, in a link in a list, and alone on a line of a list.
    fn places(text: &str) -> [(String, String); 3] {
        let escaped = escape(text);
        let shown = one_line(text);
        [
            (format!("# {escaped}\n"), shown.clone()),
            (format!("1. **[{escaped}](https://e.org/a)**\n"), shown.clone()),
            (format!("1. x\n\n   {escaped}\n"), format!("x{shown}")),
        ]
    }

    #[test]
    fn titles_stay_their_words() {
        for title in [
            "C# 与 F#",
            "#标题",
            "# 标题",
            "1. 第一",
            "12) 十二",
            "- 破折",
            "+ 加",
            "* 星",
            "> 引",
            "=== 线",
            "**粗** _斜_ `码`",
            "[链接](https://e.org)",
            "![图](x)",
            "<b>粗</b>",
            "&amp; &#35; &copy;",
            "a\\b\\",
            "~~删~~",
            "|a|b|",
            "$x^2$",
            "[ ] 任务",
            "[^1] 注",
            "<https://e.org>",
            "第一行\n第二行",
            "  前后  ",
            "`",
            "]",
            "](x)",
            "《书》——“引”",
            "2026.11 数",
            "3.14",
            "😀 emoji",
            "\\# a",
            "    四格",
            "[x]: y",
            ": 定义",
        ] {
            for (markdown, shown) in places(title) {
                assert_eq!(read_back(&markdown).as_deref(), Some(shown.as_str()), "{markdown}");
            }
        }
        assert_eq!(one_line(" a \n\n b\u{2028}c "), "a b c");
        assert_eq!(target("https://e.org/a_(b)"), "https://e.org/a%5F%28b%29");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_title_stays_its_words(text in "[!-~文。 \\n]{1,24}") {
            let shown = one_line(&text);
            // CommonMark folds no blanks inside a line.
            for (markdown, shown_there) in places(&text) {
                if !shown.is_empty() {
                    prop_assert_eq!(read_back(&markdown), Some(shown_there), "{}", markdown);
                }
            }
        }
    }
}
