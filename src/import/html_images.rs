//! Converts the HTML of images in the text of a post to Markdown: `<img src="a.png" width="300">`,
//! which people write for a size, would be shown as text.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag};

use crate::import::html::{self, Base};
use crate::import::repair::{Kind, Repair};
use crate::load::markdown::options::OPTIONS;

/// True for a piece of HTML with an image.
fn has_image(piece: &str) -> bool {
    piece.to_ascii_lowercase().contains("<img")
}

/// The pieces of HTML with images in a text: whole blocks, and tags within a line with those that
/// touch them, such as a link around an image.
fn pieces(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut inline: Vec<Range<usize>> = Vec::new();
    for (event, range) in Parser::new_ext(text, OPTIONS).into_offset_iter() {
        match event {
            Event::Start(Tag::HtmlBlock) => found.push(range),
            Event::InlineHtml(_) => match inline.last_mut() {
                Some(last) if text[last.end..range.start].trim().is_empty() => last.end = range.end,
                _ => inline.push(range),
            },
            _ => {}
        }
    }
    found.extend(inline);
    found.retain(|range| has_image(&text[range.clone()]));
    found.sort_by_key(|range| range.start);
    found
}

/// Converts the images in the text of a post, which begins on `line` of its input.
pub(super) fn convert(text: &mut String, line: usize) -> Vec<Repair> {
    if !has_image(text) {
        return Vec::new();
    }
    let mut repairs = Vec::new();
    for range in pieces(text).into_iter().rev() {
        let from = text[range.clone()].to_owned();
        let markdown = html::markdown(&from, &Base::default(), &mut Vec::new());
        let written = from.trim_end();
        let to = format!("{}{}", markdown.trim(), &from[written.len()..]);
        let line = line + text[..range.start].matches('\n').count();
        text.replace_range(range, &to);
        repairs.push(Repair { kind: Kind::Image, from: written.to_owned(), to: markdown, line });
    }
    repairs.reverse();
    repairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_in_html_become_markdown_and_other_html_stays() {
        for (written, wanted) in [
            ("甲 <img src=\"/a.png\" width=\"50%\"> 乙", "甲 ![](/a.png) 乙"),
            ("<img src='a.png' alt='图'>\n\n乙", "![图](a.png)\n\n乙"),
            ("<p align=\"center\">\n<img src=\"a.png\" alt=\"图\" />\n</p>\n\n乙", "![图](a.png)\n\n乙"),
            ("见 <a href=\"b.png\"><img src=\"a.png\" alt=\"图\"></a>。", "见 [![图](a.png)](b.png)。"),
            ("<div class=\"x\">甲</div>\n\n<b>乙</b>", "<div class=\"x\">甲</div>\n\n<b>乙</b>"),
            (
                "`<img src=\"a.png\">`\n\n```\n<img src=\"a.png\">\n```",
                "`<img src=\"a.png\">`\n\n```\n<img src=\"a.png\">\n```",
            ),
        ] {
            let mut text = written.to_owned();
            let repairs = convert(&mut text, 3);
            assert_eq!(text, wanted);
            assert_eq!(repairs.len(), usize::from(written != wanted), "{written}");
        }
        let mut text = "一\n\n<figure><img src=\"a.png\"><figcaption>说明</figcaption></figure>\n".to_owned();
        assert_eq!(convert(&mut text, 3)[0].line, 5);
        assert!(text.contains("![](a.png)") && text.contains("说明") && !text.contains('<'), "{text}");
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "([<>/=\"'` \n甲]|img|src|a\\.png|<img src=x>|<p>|</p>|```){0,30}") {
            let mut converted = text.clone();
            let repairs = convert(&mut converted, 1);
            proptest::prop_assert!(!repairs.is_empty() || converted == text);
        }
    }
}
