//! Writes blocks as Markdown, and as plain text of one line.

use crate::import::escape::Place;
use crate::import::html::list::begins_with_box;
use crate::import::html::model::{Block, Inline, Item, Mark, flatten, plain};
use crate::import::html::write_inline::{longest_run, write};
use crate::text::han::{is_full_width, is_read};

/// Writes blocks as Markdown. Signs that Markdown cannot have in their place are added to `lost`.
pub(super) fn markdown(blocks: &[Block], lost: &mut Vec<Mark>) -> String {
    let mut out = String::new();
    // Two lists in a row are one in Markdown, unless their markers differ.
    let mut other_marker = false;
    for (n, block) in blocks.iter().enumerate() {
        let previous = n.checked_sub(1).map(|n| &blocks[n]);
        if let Some(previous) = previous {
            out.push_str(if is_tight(previous, block) { "\n" } else { "\n\n" });
        }
        let continues = matches!((previous, block), (Some(Block::List(a, _)), Block::List(b, _)) if a.is_some() == b.is_some());
        other_marker = continues && !other_marker;
        match block {
            Block::Paragraph(parts) => out.push_str(&write(parts, Place::Line, lost)),
            Block::Heading(level, parts) => {
                out.push_str(&"#".repeat(*level));
                out.push(' ');
                out.push_str(&write(parts, Place::Heading, lost));
            }
            Block::Code(language, code) => {
                let fence = "`".repeat((longest_run(code) + 1).max(3));
                out.extend([&fence, language, "\n", code, "\n", &fence]);
            }
            Block::Quote(blocks) => {
                let inner = markdown(blocks, lost);
                let lines = inner
                    .lines()
                    .map(|line| if line.is_empty() { ">".to_owned() } else { format!("> {line}") });
                out.push_str(&lines.collect::<Vec<_>>().join("\n"));
            }
            Block::List(start, items) => out.push_str(&list(*start, items, other_marker, lost)),
            Block::Table(rows) => out.push_str(&table(rows, lost)),
            Block::Rule => out.push_str("---"),
        }
    }
    out
}

/// True if a list directly follows the words of its item. A list that CommonMark does not accept
/// there (0.31, section 5.2) follows a blank line.
fn is_tight(previous: &Block, block: &Block) -> bool {
    let (Block::Paragraph(_), Block::List(start, items)) = (previous, block) else { return false };
    let begins = items.first().is_some_and(|item| !item.blocks.is_empty());
    begins && start.is_none_or(|start| start == 1) && items.iter().all(is_short)
}

/// True if an item has one paragraph and lists below it.
fn is_short(item: &Item) -> bool {
    let mut blocks = item.blocks.iter();
    blocks.next().is_none_or(|block| matches!(block, Block::Paragraph(_)))
        && item.blocks.windows(2).all(|pair| is_tight(&pair[0], &pair[1]))
}

fn list(start: Option<u32>, items: &[Item], other_marker: bool, lost: &mut Vec<Mark>) -> String {
    let separator = if items.iter().all(is_short) { "\n" } else { "\n\n" };
    let mut written = Vec::new();
    for (n, item) in items.iter().enumerate() {
        let marker = match (start, other_marker) {
            (None, false) => "-".to_owned(),
            (None, true) => "*".to_owned(),
            (Some(start), false) => format!("{}.", start as usize + n),
            (Some(start), true) => format!("{})", start as usize + n),
        };
        let indent = " ".repeat(marker.len() + 1);
        let inner = item_content(item, lost);
        let mut lines = String::new();
        for (n, line) in inner.lines().enumerate() {
            match (n, line.is_empty()) {
                (0, _) => lines.extend([" ", line]),
                (_, true) => lines.push('\n'),
                (_, false) => lines.extend(["\n", &indent, line]),
            }
        }
        written.push(format!("{marker}{}", lines.trim_end()));
    }
    written.join(separator)
}

/// The content of an item, with its label, and with its box as a task list has it.
fn item_content(item: &Item, lost: &mut Vec<Mark>) -> String {
    let mut blocks = item.blocks.clone();
    if let Some(label) = &item.label {
        let words = Inline::Text(format!("{label} "));
        match blocks.first_mut() {
            Some(Block::Paragraph(parts)) => parts.insert(0, words),
            _ => blocks.insert(0, Block::Paragraph(vec![Inline::Text(label.clone())])),
        }
    }
    let mut content = String::new();
    match blocks.first_mut() {
        Some(Block::Paragraph(parts)) if begins_with_box(parts) => {
            content.push_str(if parts.remove(0) == Inline::Box(true) { "[x] " } else { "[ ] " });
            if let Some(Inline::Text(text)) = parts.first_mut() {
                *text = text.trim_start().to_owned();
            }
        }
        // Three hyphens behind the marker of a list are one thematic break with it.
        Some(Block::Rule) => {
            content.push_str("___\n\n");
            blocks.remove(0);
        }
        _ => {}
    }
    content.push_str(&markdown(&blocks, lost));
    content
}

fn table(rows: &[Vec<Vec<Inline>>], lost: &mut Vec<Mark>) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let mut lines = Vec::new();
    for (n, row) in rows.iter().enumerate() {
        // GFM drops cells beyond those of the head, and fills short rows with empty ones.
        let filled = row.iter().rposition(|cell| !cell.is_empty()).map_or(1, |last| last + 1);
        let width = if n == 0 { columns } else { filled };
        let mut line = String::from("|");
        for column in 0..width {
            let cell = row.get(column).map(|cell| write(cell, Place::Cell, lost)).unwrap_or_default();
            line.extend([" ", &cell, if cell.is_empty() { "|" } else { " |" }]);
        }
        lines.push(line);
        if n == 0 {
            lines.push(format!("|{}", " --- |".repeat(columns)));
        }
    }
    lines.join("\n")
}

/// The text of blocks in one line, for fields without markup, and the images that are lost in it.
/// Deleted words keep their sign: `原价~~999~~799元` without it is another price.
pub(super) fn line(blocks: Vec<Block>) -> (String, Vec<String>) {
    let parts = flatten(blocks);
    let mut lost = Vec::new();
    find_lost(&parts, &mut lost);
    let text = plain(&with_deletions(parts));
    let mut line = String::new();
    for word in text.split_whitespace() {
        let is_wide = line.ends_with(|c: char| is_full_width(c) && !is_read(c));
        if !line.is_empty() && !is_wide {
            line.push(' ');
        }
        line.push_str(word);
    }
    (line, lost)
}

/// Writes the sign of deleted words as text.
fn with_deletions(parts: Vec<Inline>) -> Vec<Inline> {
    let mut written = Vec::new();
    for part in parts {
        match part {
            Inline::Marked(Mark::Deleted, inner) if !plain(&inner).trim().is_empty() => {
                let sign = || Inline::Text(Mark::Deleted.sign().to_owned());
                written.push(sign());
                written.extend(with_deletions(inner));
                written.push(sign());
            }
            Inline::Marked(mark, inner) => written.push(Inline::Marked(mark, with_deletions(inner))),
            Inline::Link(address, title, inner) => {
                written.push(Inline::Link(address, title, with_deletions(inner)));
            }
            part => written.push(part),
        }
    }
    written
}

fn find_lost(parts: &[Inline], lost: &mut Vec<String>) {
    for part in parts {
        match part {
            Inline::Image(..) => lost.push(write(std::slice::from_ref(part), Place::Line, &mut Vec::new())),
            Inline::Marked(_, inner) | Inline::Link(_, _, inner) => find_lost(inner, lost),
            Inline::Text(_) | Inline::Code(_) | Inline::Break | Inline::Box(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::markdown::tests::html;

    fn paragraph(words: &str) -> Block {
        Block::Paragraph(vec![Inline::Text(words.to_owned())])
    }

    fn item(blocks: Vec<Block>) -> Item {
        Item { label: None, blocks }
    }

    fn written(blocks: &[Block]) -> String {
        markdown(blocks, &mut Vec::new())
    }

    #[test]
    fn lists_keep_their_items_and_levels() {
        let inner = Block::List(None, vec![item(vec![paragraph("子")])]);
        let numbers = Block::List(Some(3), vec![item(vec![paragraph("三")]), item(vec![])]);
        for (blocks, wanted) in [
            (
                vec![Block::List(
                    None,
                    vec![item(vec![paragraph("甲"), inner.clone()]), item(vec![paragraph("乙")])],
                )],
                "- 甲\n  - 子\n- 乙",
            ),
            (vec![inner.clone(), inner.clone(), inner], "- 子\n\n* 子\n\n- 子"),
            (vec![numbers.clone(), numbers.clone()], "3. 三\n4.\n\n3) 三\n4)"),
            (vec![Block::List(None, vec![item(vec![paragraph("甲"), numbers])])], "- 甲\n\n  3. 三\n  4."),
            (
                vec![Block::List(
                    None,
                    vec![item(vec![paragraph("甲"), paragraph("乙")]), item(vec![paragraph("丙")])],
                )],
                "- 甲\n\n  乙\n\n- 丙",
            ),
            (vec![Block::List(None, vec![item(vec![Block::Rule, paragraph("乙")])])], "- ___\n\n  乙"),
            (
                vec![Block::List(None, vec![item(vec![Block::Code("js".into(), "a\n\n```".into())])])],
                "- ````js\n  a\n\n  ```\n  ````",
            ),
            (
                vec![Block::List(
                    None,
                    vec![Item { label: Some("5.".into()), blocks: vec![paragraph("五")] }],
                )],
                "- 5\\. 五",
            ),
            (
                vec![Block::List(None, vec![Item { label: Some("5.".into()), blocks: vec![Block::Rule] }])],
                "- 5\\.\n\n  ---",
            ),
        ] {
            assert_eq!(written(&blocks), wanted);
        }
        assert!(html(&written(&[Block::List(None, vec![item(vec![Block::Rule])])])).contains("<hr"));
    }

    #[test]
    fn boxes_of_task_lists_are_written_as_such() {
        let task = |checked, words: &str| {
            item(vec![Block::Paragraph(vec![Inline::Box(checked), Inline::Text(words.into())])])
        };
        let list = Block::List(None, vec![task(true, " 甲"), task(false, " 乙"), task(true, "丙")]);
        assert_eq!(written(&[list]), "- [x] 甲\n- [ ] 乙\n- ☑丙");
    }

    #[test]
    fn tables_have_a_head_of_all_columns() {
        let cell = |words: &str| if words.is_empty() { vec![] } else { vec![Inline::Text(words.to_owned())] };
        for (rows, wanted) in [
            (vec![vec![cell("a"), cell("b|c")], vec![cell("1")]], "| a | b\\|c |\n| --- | --- |\n| 1 |"),
            (vec![vec![], vec![cell("1"), cell(""), cell("3")]], "| | | |\n| --- | --- | --- |\n| 1 | | 3 |"),
            (vec![vec![], vec![cell("1")], vec![cell("")]], "| |\n| --- |\n| 1 |\n| |"),
        ] {
            let text = written(&[Block::Table(rows)]);
            assert_eq!(text, wanted);
            assert!(html(&text).contains("<table"), "{text}");
        }
    }

    #[test]
    fn other_blocks_are_written() {
        let blocks = [
            Block::Heading(2, vec![Inline::Text("1. 甲 #".into())]),
            Block::Quote(vec![paragraph("一"), paragraph("二")]),
            Block::Rule,
            Block::Code(String::new(), "# x".into()),
        ];
        assert_eq!(written(&blocks), "## 1. 甲 \\#\n\n> 一\n>\n> 二\n\n---\n\n```\n# x\n```");
        assert_eq!(line(vec![paragraph("一。"), paragraph("二"), paragraph("a b")]).0, "一。二 a b");
        let image = Inline::Image("i.png".into(), String::new(), "图".into());
        let linked = Inline::Link("u".into(), String::new(), vec![image]);
        let deleted = Inline::Marked(Mark::Deleted, vec![Inline::Text("旧".into()), linked]);
        let found = line(vec![Block::Paragraph(vec![deleted])]);
        assert_eq!(found, ("~~旧~~".to_owned(), vec!["![图](i.png)".to_owned()]));
        let strong = |inner| Inline::Marked(Mark::Strong, inner);
        let price = Inline::Marked(Mark::Deleted, vec![strong(vec![Inline::Text("999".into())])]);
        let parts = vec![Inline::Text("原价".into()), strong(vec![price]), Inline::Text("799元".into())];
        assert_eq!(line(vec![Block::Paragraph(parts)]).0, "原价~~999~~799元");
        let empty = Inline::Marked(Mark::Deleted, vec![Inline::Text(" ".into())]);
        assert_eq!(line(vec![Block::Paragraph(vec![Inline::Text("一".into()), empty])]).0, "一");
    }
}
