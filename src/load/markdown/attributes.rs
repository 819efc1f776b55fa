//! Attributes that a page can live with: names that no other part of the page has, and alignment without a style of its own.

use std::collections::HashMap;

use pulldown_cmark::{Alignment, CowStr, Event, Tag, TagEnd};

/// Names footnotes by their number: an article's own labels (`[^content]`) could be what a page calls its parts.
pub(super) fn number_footnotes(events: &mut [Event<'_>]) {
    let mut numbers: HashMap<String, usize> = HashMap::new();
    for event in events {
        let (Event::FootnoteReference(label) | Event::Start(Tag::FootnoteDefinition(label))) = event else {
            continue;
        };
        let next = numbers.len() + 1;
        let number = *numbers.entry(label.to_string()).or_insert(next);
        *label = CowStr::from(format!("fn-{number}"));
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
                *event = Event::InlineHtml(format!("<{cell} class=\"{class}\">").into());
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
