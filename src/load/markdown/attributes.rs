//! Sets ids and classes in a body so that they collide with no other part of the page and need no
//! `style`.

use std::collections::HashMap;

use pulldown_cmark::{Alignment, CodeBlockKind, CowStr, Event, Tag, TagEnd};

/// Replaces the labels of footnotes by numbers: an article's label (`[^content]`) could equal an id
/// of the page. The number is preceded by `mark` until the HTML is sanitized.
pub(super) fn number_footnotes(events: &mut [Event<'_>], mark: &str) {
    let mut numbers: HashMap<String, usize> = HashMap::new();
    for event in events {
        let (Event::FootnoteReference(label) | Event::Start(Tag::FootnoteDefinition(label))) = event else {
            continue;
        };
        let next = numbers.len() + 1;
        let number = *numbers.entry(label.to_string()).or_insert(next);
        *label = CowStr::from(format!("fn-{mark}{number}"));
    }
}

/// Shortens the language of code blocks to its first word: `x&Tab;masthead` would become two
/// classes, the second of them one of the page.
pub(super) fn limit_code_languages(events: &mut [Event<'_>]) {
    for event in events {
        if let Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) = event {
            let is_part = |c: char| c.is_alphanumeric() || matches!(c, '+' | '#' | '-' | '_' | '.');
            let end = info.find(|c: char| !is_part(c)).unwrap_or(info.len());
            *info = CowStr::from(info[..end].to_owned());
        }
    }
}

/// Aligns table cells by classes, because the page's content security policy forbids `style`.
pub(super) fn align_cells(events: &mut [Event<'_>]) {
    let mut alignments: Vec<Alignment> = Vec::new();
    let (mut in_head, mut column) = (false, 0);
    for event in events {
        match event {
            Event::Start(Tag::Table(of_columns)) => alignments = std::mem::take(of_columns),
            Event::Start(Tag::TableHead) => (in_head, column) = (true, 0),
            Event::Start(Tag::TableRow) => (in_head, column) = (false, 0),
            Event::Start(Tag::TableCell) => {
                let class = match alignments.get(column) {
                    Some(Alignment::Left) => "left",
                    Some(Alignment::Center) => "center",
                    Some(Alignment::Right) => "right",
                    Some(Alignment::None) | None => continue,
                };
                let cell = if in_head { "th" } else { "td" };
                // `Html` and not `InlineHtml`: a `lang` that marks the cell's text must not enclose
                // the tag.
                *event = Event::Html(format!("<{cell} class=\"{class}\">").into());
            }
            Event::End(TagEnd::TableCell) => column += 1,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::load::markdown::tests::html;

    #[test]
    fn footnotes_are_named_by_their_number() {
        let html = html("一[^content]二[^b]三[^content]\n\n[^b]: 乙\n[^content]: 甲\n");
        assert!(!html.contains("content\""), "{html}");
        assert_eq!(html.matches("href=\"#fn-1\">1<").count(), 2, "{html}");
        assert_eq!(html.matches("id=\"fn-1\"").count(), 1, "{html}");
        assert_eq!(html.matches("id=\"fn-2\"").count(), 1, "{html}");
    }

    #[test]
    fn code_has_one_class_which_names_its_language() {
        for info in [
            "rust",
            "rust,ignore",
            "rust {.masthead}",
            "rust&Tab;masthead",
            "rust&NewLine;masthead",
            "rust\tmasthead",
            "rust&#13;x",
        ] {
            assert!(
                html(&format!("```{info}\nx\n```\n")).contains("<code class=\"language-rust\">"),
                "{info}"
            );
        }
        assert!(html("```c++\nx\n```\n").contains("<code class=\"language-c++\">"));
        assert!(html("```\"><b>\nx\n```\n").contains("<pre><code>x"));
    }

    #[test]
    fn cells_are_aligned_by_classes() {
        let html = html("| a | b | c | d |\n|---|:--|:-:|--:|\n| 1 | 2 | 3 | 4 |\n| 5 |\n");
        for part in [
            "<th>a</th>",
            "<th class=\"left\">b</th>",
            "<td>1</td>",
            "<td class=\"center\">3</td>",
            "<td class=\"right\">4</td>",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!html.contains("style"), "{html}");
    }
}
