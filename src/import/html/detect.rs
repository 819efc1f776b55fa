//! Decides whether a text is HTML.

use std::borrow::Cow;

use crate::import::html::tag;

/// Tags that are read to find one with its end.
const MAX_TAGS: usize = 2000;

/// Tags without an end that are read.
const MAX_CUT: usize = 32;

/// True if a text is HTML: it begins with the tag of a block, or has an element of HTML with its
/// end tag, or an element without content. Other text in angle brackets (`a < b`, `Vec<T>`,
/// `<https://…>`) is text, and so are tags that a sentence speaks of (`用 <div> 和 </div> 收尾`):
/// in a line of text, with blanks inside of both.
#[must_use]
pub fn is_html(text: &str) -> bool {
    let text = without_code(text);
    let text = text.trim_start();
    if text.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype")) {
        return true;
    }
    if tag::read(text)
        .is_some_and(|tag| !tag.closes && tag::is_block(tag.name) && !spoken_of(text, 0, tag.length))
    {
        return true;
    }
    let mut open: Vec<(&str, bool)> = Vec::new();
    let mut cut = 0;
    for (at, _) in text.match_indices('<').take(MAX_TAGS) {
        if cut > MAX_CUT {
            break;
        }
        let read = tag::read(&text[at..]);
        cut += usize::from(read.is_none() && tag::name_at(&text[at..]).is_some());
        let Some(tag) = read.filter(|tag| tag::is_known(tag.name)) else { continue };
        let end = at + tag.length;
        if tag::is_void(tag.name) {
            let is_break = tag.name.eq_ignore_ascii_case("br") || tag.name.eq_ignore_ascii_case("hr");
            if tag.attributes.contains('=') || (is_break && !spoken_of(text, at, end)) {
                return true;
            }
        } else if !tag.closes {
            open.push((tag.name, spoken_of(text, at, end) && tag.attributes.is_empty()));
        } else if let Some((_, spoken)) =
            open.iter().rev().find(|(name, _)| name.eq_ignore_ascii_case(tag.name))
        {
            let blank_before = text[..at].ends_with([' ', '\u{3000}']);
            if !(*spoken && blank_before) {
                return true;
            }
        } else if tag.name.eq_ignore_ascii_case("p") && !spoken_of(text, at, end) {
            return true;
        }
    }
    false
}

/// A text without its code in Markdown: fenced blocks, and spans between backticks in one line
/// (CommonMark 0.31, sections 4.5 and 6.1). Tags in code are what the text speaks of.
fn without_code(text: &str) -> Cow<'_, str> {
    if !text.contains(['`', '~']) {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    let mut fence: Option<(char, usize)> = None;
    let mut since = 0;
    for line in text.split_inclusive('\n') {
        let start = line.trim_start();
        let sign = start.chars().next().filter(|c| matches!(c, '`' | '~'));
        let length = sign.map_or(0, |sign| start.chars().take_while(|c| *c == sign).count());
        match (fence, sign) {
            (None, Some(sign)) if length >= 3 && !start[length..].contains('`') => {
                (fence, since) = (Some((sign, length)), kept.len());
                kept.push_str(line);
            }
            (Some((open, least)), Some(sign)) if sign == open && length >= least => {
                fence = None;
                kept.truncate(since);
                kept.push('\n');
            }
            (Some(_), _) => kept.push_str(line),
            (None, _) => add_without_spans(line, &mut kept),
        }
    }
    Cow::Owned(kept)
}

/// Adds a line without its spans of code.
fn add_without_spans(line: &str, kept: &mut String) {
    let mut rest = line;
    while let Some(at) = rest.find('`') {
        let length = rest[at..].bytes().take_while(|byte| *byte == b'`').count();
        let behind = &rest[at + length..];
        let ends = |found: &usize| {
            behind[*found..].bytes().take_while(|byte| *byte == b'`').count() == length
                && !behind[..*found].ends_with('`')
        };
        kept.push_str(&rest[..at]);
        let sign = "`".repeat(length);
        match behind.match_indices(&sign).map(|(found, _)| found).find(ends) {
            Some(end) => {
                kept.push('`');
                rest = &behind[end + length..];
            }
            None => {
                kept.push_str(&sign);
                rest = behind;
            }
        }
    }
    kept.push_str(rest);
}

/// True if a tag is within a line of text and has a blank behind it, as a word has.
fn spoken_of(text: &str, start: usize, end: usize) -> bool {
    let line = text[..start].rsplit('\n').next().unwrap_or_default();
    let behind = &text[end..];
    !line.trim().is_empty()
        && !line.trim_end().ends_with('>')
        && behind.starts_with([' ', '\u{3000}', '、', '，', ','])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_with_their_end_are_html() {
        for text in [
            "<ul><li>甲</li></ul>",
            "<ol>\n<li>甲</li></ol>",
            "<pre>x  = 1</pre>",
            "<blockquote>甲",
            "<h4>甲</h4>",
            "<table><tr><td>",
            "<figure><img src=a>",
            "<span>甲</span>",
            "<strong>甲</strong>乙",
            "<center>甲</center>",
            "<P>甲",
            "<!doctype html>甲",
            "甲<b>乙</b>",
            "甲 <b>乙</b> 丙",
            "甲<br>乙",
            "甲<br />乙",
            "甲</p>\n乙",
            "甲<img src=\"a.png\">",
            "甲<a href=\"https://e.org\"> 乙 </a>",
            "<p>甲",
            "<p>```\n甲",
            "`甲<b>乙</b>",
            "```\n<b>甲</b>",
            "`x` 和<b>乙</b>",
            "``甲`<b>乙</b>",
            "```\na\n```\n<p>甲</p>",
        ] {
            assert!(is_html(text), "{text}");
        }
    }

    #[test]
    fn other_text_in_angle_brackets_is_text() {
        for text in [
            "a < b",
            "if a<b and c>d",
            "Vec<T>",
            "List<String>",
            "<https://e.org/a>",
            "<张三>",
            "用 <div> 标签和 </div> 收尾",
            "用 <b> 与 </b> 加粗",
            "写 <br> 换行",
            "<think>甲</think>",
            "甲 <p 乙",
            "",
            "<",
            "</",
            "甲<b>乙",
            "甲</b>乙",
            "```html\n<div>x</div>\n```\n说明",
            "说明：\n\n~~~~\n<p>甲</p>\n~~~\n~~~~\n",
            "用 `<b>粗</b>` 加粗",
            "用 ``<b>`粗`</b>`` 加粗",
            "`<br>` 换行，`<hr>` 画线",
        ] {
            assert!(!is_html(text), "{text}");
        }
    }
}
