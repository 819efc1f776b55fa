//! Attributes that a page can live with: names that no other part of the page has, and alignment without a style of its own.

use std::collections::HashMap;

use pulldown_cmark::{Alignment, CodeBlockKind, CowStr, Event, Tag, TagEnd};

/// Names footnotes by their number: an article's own labels (`[^content]`) could be what a page calls its parts. `mark` stands before the
/// number until the text's HTML is cleaned.
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

/// Names the language of code by a word and nothing else: `x&Tab;masthead` would be two classes, one of them the page's.
pub(super) fn name_code(events: &mut [Event<'_>]) {
    for event in events {
        if let Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) = event {
            let is_part = |c: char| c.is_alphanumeric() || matches!(c, '+' | '#' | '-' | '_' | '.');
            let end = info.find(|c: char| !is_part(c)).unwrap_or(info.len());
            *info = CowStr::from(info[..end].to_owned());
        }
    }
}

/// Aligns the cells of tables by classes: a page's policy allows no `style`.
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
                // No inline element: what is marked within the cell does not take it in.
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
