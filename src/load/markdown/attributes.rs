//! Sets ids and classes in a body so that they collide with no other part of the page and need no
//! `style`.

use std::collections::{HashMap, HashSet};

use pulldown_cmark::{Alignment, CodeBlockKind, CowStr, Event, Tag, TagEnd};
use unicase::UniCase;

/// Replaces the labels of footnotes by numbers: an article's label (`[^content]`) could equal an id
/// of the page. The number is preceded by `mark` until the HTML is sanitized.
///
/// Labels that are equal after Unicode's full case folding are one label to the parser. Of several
/// definitions of a label, the first is the one that references lead to.
pub(super) fn number_footnotes(events: &mut [Event<'_>], mark: &str) {
    let mut numbers: HashMap<UniCase<String>, usize> = HashMap::new();
    let mut defined: HashSet<usize> = HashSet::new();
    let mut last = 0;
    for event in events {
        let is_definition = matches!(event, Event::Start(_));
        let (Event::FootnoteReference(label) | Event::Start(Tag::FootnoteDefinition(label))) = event else {
            continue;
        };
        // The parser compares labels by this type, and has already reduced their white space.
        let mut number = *numbers.entry(UniCase::new(label.to_string())).or_insert(last + 1);
        last = last.max(number);
        if is_definition && !defined.insert(number) {
            last += 1;
            number = last;
        }
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

    /// Ids of definitions, and the targets of references, in order.
    fn footnotes(html: &str) -> (Vec<&str>, Vec<&str>) {
        let values = |name: &str| {
            html.split(name).skip(1).map(|rest| rest.split('"').next().unwrap()).collect::<Vec<_>>()
        };
        (values("footnote-definition\" id=\""), values("href=\"#"))
    }

    #[test]
    fn spellings_of_one_label_have_one_number() {
        let page = html("甲[^a]乙[^A]丙[^注]。\n\n[^a]: 小\n\n[^注]: 说明\n");
        assert_eq!(footnotes(&page), (vec!["fn-1", "fn-2"], vec!["fn-1", "fn-1", "fn-2"]), "{page}");
        for (written, other) in [
            ("A", "a"),
            ("NOTE", "note"),
            ("Éa", "éA"),
            ("ΑΣ", "ας"),
            ("ß", "SS"),
            ("Ж", "ж"),
            ("Ａ", "ａ"),
            ("\u{212A}", "k"),
            ("a  b", "A b"),
            (" a\tb ", "a b"),
            ("ŉ", "ʼn"),
        ] {
            let page = html(&format!("甲[^{written}]乙[^{other}]\n\n[^{other}]: 注\n"));
            assert_eq!(footnotes(&page), (vec!["fn-1"], vec!["fn-1", "fn-1"]), "{written} {other}: {page}");
        }
        let page = html("甲[^a]乙[^b]\n\n[^a]: 一\n\n[^A]: 二\n\n[^b]: 三\n");
        assert_eq!(footnotes(&page), (vec!["fn-1", "fn-3", "fn-2"], vec!["fn-1", "fn-2"]), "{page}");
    }

    /// A label in another case refers to the same definition exactly if the parser finds it.
    #[test]
    fn labels_fold_as_the_parser_folds_them() {
        let mut text = String::new();
        let mut pairs = 0;
        // Some of each part of the planes that have letter case, and letters of recent versions.
        let letters =
            ('!'..='\u{1FFFF}').step_by(61).chain("ǅßẞŉϐſꟐ\u{A7CB}\u{A7DA}\u{10D50}\u{1C89}".chars());
        for c in letters.filter(|c| c.is_alphabetic()) {
            let (lower, upper) = (c.to_lowercase().to_string(), c.to_uppercase().to_string());
            for other in [lower, upper] {
                if other != c.to_string() {
                    pairs += 1;
                    text.push_str(&format!("[^{pairs}x{c}][^{pairs}x{other}]\n\n[^{pairs}x{c}]: 注\n\n"));
                }
            }
        }
        let page = html(&text);
        let (ids, targets) = footnotes(&page);
        assert_eq!(ids.len(), pairs);
        let ids: std::collections::HashSet<_> = ids.into_iter().collect();
        let missing: Vec<_> = targets.iter().filter(|target| !ids.contains(*target)).collect();
        assert!(missing.is_empty(), "{} of {pairs}: {missing:?}", missing.len());
        assert!(targets.len() > pairs + pairs / 2, "{} of {pairs}", targets.len());
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
