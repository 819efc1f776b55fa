//! Escapes plain text as Markdown.

/// The place that a text is escaped for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A line of a paragraph.
    Line,
    /// A heading: `#` at its end is syntax, and so are the braces of an id.
    Heading,
    /// The cell of a table, or the description of an image.
    Cell,
}

/// Escapes one paragraph (one line) so that CommonMark and its extensions show it unchanged.
#[must_use]
pub fn markdown(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut escaped = String::with_capacity(text.len() + 8);
    append(&mut escaped, &text, Place::Line, false);
    escaped
}

/// Adds text to Markdown so that it is shown unchanged. The text has no line breaks. At the end of
/// a text before a link, `!` would make an image of it.
pub fn append(markdown: &mut String, text: &str, place: Place, before_link: bool) {
    let line = &markdown[markdown.rfind('\n').map_or(0, |at| at + 1)..];
    let mut at_start = place == Place::Line && line.is_empty();
    // `1.` or `1)` at the beginning is a list item.
    let mut number_so_far = place == Place::Line
        && !line.is_empty()
        && line.len() < 16
        && line.bytes().all(|byte| byte.is_ascii_digit());
    let mut previous = line.chars().next_back().unwrap_or(' ');
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let following = characters.peek().map(|(_, next)| *next);
        let next = following.unwrap_or(' ');
        let escape = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '~' | '|' => true,
            // Inside a word, an underscore is not emphasis (CommonMark 0.31, 6.2).
            '_' => !(previous.is_alphanumeric() && next.is_alphanumeric()),
            '&' => following.is_none() || begins_reference(&text[at..]),
            '#' if place == Place::Heading => !previous.is_alphanumeric(),
            '{' | '}' => place == Place::Heading,
            '#' | '+' | '-' | '=' | '>' | ':' => at_start,
            '.' | ')' => number_so_far,
            '!' => before_link && following.is_none(),
            _ => false,
        };
        if escape {
            markdown.push('\\');
        }
        markdown.push(c);
        number_so_far = c.is_ascii_digit() && (at_start || number_so_far);
        at_start = false;
        previous = c;
    }
}

/// True if a text begins with what can be read as a character reference (CommonMark 0.31, 2.5): a
/// name has a semicolon.
#[must_use]
pub fn begins_reference(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('&') else { return false };
    let name = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
    rest.starts_with('#') || (name > 0 && rest[name..].starts_with(';'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::markdown::tests::html;
    use proptest::prelude::*;

    fn shown(text: &str) -> String {
        let html = html(&markdown(text));
        let inner = html.trim().trim_start_matches("<p>").trim_end_matches("</p>");
        // An address is shown as written, and also linked. The link is removed here.
        let mut words = String::new();
        for (n, part) in inner.split("<a href=\"").enumerate() {
            let part = if n > 0 { part.split_once("\">").unwrap().1 } else { part };
            words.push_str(&part.replacen("</a>", "", usize::from(n > 0)));
        }
        words.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
    }

    #[test]
    fn ordinary_prose_is_not_escaped() {
        for text in ["马斯克炮轰ChatGPT，是否“开源”？", "snake_case 3.5 - 4 & 5", "价格为 $5（约 36 元）。"]
        {
            assert_eq!(markdown(text), text);
        }
    }

    #[test]
    fn markdown_syntax_is_shown_as_written() {
        for text in [
            "# 一",
            "1. 一",
            "12) 二",
            "- 三",
            "+ 四",
            "> 五",
            "=== 六",
            "---",
            "*七*",
            "**八**",
            "__九__",
            "`十`",
            "[a](b)",
            "![a](b)",
            "<b>c</b>",
            "<https://e.org>",
            "&lt;",
            "&#60;",
            "~~d~~",
            "|a|b|",
            "a\\b",
            "[^1]: x",
            ": e",
            "```x",
            "~~~",
            "a_b_ _c_",
        ] {
            assert_eq!(shown(text), text, "{}", markdown(text));
        }
    }

    #[test]
    fn text_is_escaped_for_its_place() {
        for (before, text, place, before_link, wanted) in [
            ("", "# a", Place::Line, false, "\\# a"),
            ("x", "# a", Place::Line, false, "x# a"),
            ("x\n", "- a", Place::Line, false, "x\n\\- a"),
            ("12", ". a", Place::Line, false, "12\\. a"),
            ("x\n1", ") a", Place::Line, false, "x\n1\\) a"),
            ("a1", ". a", Place::Line, false, "a1. a"),
            ("## ", "1. C# {#x} #", Place::Heading, false, "## 1. C# \\{\\#x\\} \\#"),
            ("| ", "- {a} | 1.", Place::Cell, false, "| - {a} \\| 1."),
            ("", "a!", Place::Line, true, "a\\!"),
            ("", "a!b", Place::Line, true, "a!b"),
            ("", "a!", Place::Line, false, "a!"),
            ("a", "_b", Place::Line, false, "a_b"),
            ("*", "_b", Place::Line, false, "*\\_b"),
            ("", "A&B &a; &#1 &", Place::Line, false, "A&B \\&a; \\&#1 \\&"),
        ] {
            let mut markdown = before.to_owned();
            append(&mut markdown, text, place, before_link);
            assert_eq!(markdown, wanted, "{text}");
        }
        for (text, begins) in
            [("&copy;", true), ("&copy", false), ("&;", false), ("&#", true), ("a", false), ("& a;", false)]
        {
            assert_eq!(begins_reference(text), begins, "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1024, ..ProptestConfig::default() })]

        #[test]
        fn any_text_is_shown_as_written(text in "[#*_`~\\[\\]()<>|\\\\!&;:=+.\\-\"'a1中，。 \t]{0,24}|\\PC{0,16}") {
            let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
            prop_assert_eq!(shown(&text), text);
        }
    }
}
