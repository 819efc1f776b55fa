//! Defines the parts of a text between HTML and Markdown.

/// A sign around words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// `**`
    Strong,
    /// `*`
    Emphasis,
    /// `~~`
    Deleted,
}

impl Mark {
    /// The sign in Markdown.
    pub(super) fn sign(self) -> &'static str {
        match self {
            Self::Strong => "**",
            Self::Emphasis => "*",
            Self::Deleted => "~~",
        }
    }
}

/// A part of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Inline {
    /// Text. White space in it is as written until [`super::space::normalize`].
    Text(String),
    /// Code.
    Code(String),
    /// A line break.
    Break,
    /// A box of a task list, and whether it is checked.
    Box(bool),
    /// Words with a sign around them.
    Marked(Mark, Vec<Inline>),
    /// A link: its address, title and words.
    Link(String, String, Vec<Inline>),
    /// An image: its address, title and description.
    Image(String, String, String),
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    /// The number that is written before the words, if the list cannot count so itself.
    pub(super) label: Option<String>,
    /// The content.
    pub(super) blocks: Vec<Block>,
}

/// A block of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Block {
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A heading and its level, 1 to 6.
    Heading(usize, Vec<Inline>),
    /// A block of code and its language, which may be empty.
    Code(String, String),
    /// A quotation.
    Quote(Vec<Block>),
    /// A list. If it is numbered, its first number.
    List(Option<u32>, Vec<Item>),
    /// A table: its rows of cells. The first row is the head; it may be empty.
    Table(Vec<Vec<Vec<Inline>>>),
    /// A thematic break.
    Rule,
}

/// The text of some parts without signs.
pub(super) fn plain(parts: &[Inline]) -> String {
    let mut text = String::new();
    add_plain(parts, &mut text);
    text
}

fn add_plain(parts: &[Inline], text: &mut String) {
    for part in parts {
        match part {
            Inline::Text(words) | Inline::Code(words) => text.push_str(words),
            Inline::Break => text.push('\n'),
            Inline::Box(checked) => text.push(box_sign(*checked)),
            Inline::Marked(_, parts) | Inline::Link(_, _, parts) => add_plain(parts, text),
            Inline::Image(..) => {}
        }
    }
}

/// The character for a box.
pub(super) fn box_sign(checked: bool) -> char {
    if checked { '☑' } else { '☐' }
}

/// The parts of all blocks in one line, for the cells of tables and for headings.
pub(super) fn flatten(blocks: Vec<Block>) -> Vec<Inline> {
    let mut parts: Vec<Inline> = Vec::new();
    for block in blocks {
        let inner = match block {
            Block::Paragraph(inner) | Block::Heading(_, inner) => inner,
            Block::Code(_, code) => {
                let lines = code.lines().filter(|line| !line.trim().is_empty());
                let lines = lines.flat_map(|line| [Inline::Break, Inline::Code(line.trim().to_owned())]);
                lines.skip(1).collect()
            }
            Block::Quote(blocks) => flatten(blocks),
            Block::List(start, items) => {
                let mut number = start.unwrap_or_default();
                let mut inner = Vec::new();
                for item in items {
                    inner.push(Inline::Break);
                    match (start, item.label) {
                        (_, Some(label)) => inner.push(Inline::Text(format!("{label} "))),
                        (Some(_), None) => inner.push(Inline::Text(format!("{number}. "))),
                        (None, None) => {}
                    }
                    number = number.saturating_add(1);
                    inner.extend(flatten(item.blocks));
                }
                inner
            }
            Block::Table(rows) => {
                let cells = rows.into_iter().flatten().filter(|cell| !cell.is_empty());
                cells.flat_map(|cell| [vec![Inline::Break], cell].concat()).collect()
            }
            Block::Rule => continue,
        };
        if !parts.is_empty() {
            parts.push(Inline::Break);
        }
        parts.extend(inner);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: &str) -> Vec<Inline> {
        vec![Inline::Text(words.to_owned())]
    }

    #[test]
    fn blocks_become_one_line_in_order() {
        let item = |label: Option<&str>, words: &str| Item {
            label: label.map(str::to_owned),
            blocks: vec![Block::Paragraph(text(words))],
        };
        let blocks = vec![
            Block::Heading(2, text("一")),
            Block::Rule,
            Block::List(Some(3), vec![item(None, "二"), item(None, "三")]),
            Block::List(None, vec![item(Some("b."), "四"), item(None, "五")]),
            Block::Quote(vec![Block::Code("js".into(), "x\n\n  y".into())]),
            Block::Table(vec![vec![vec![], text("六")], vec![text("七")]]),
        ];
        let flat = plain(&flatten(blocks));
        assert_eq!(
            flat.split_whitespace().collect::<Vec<_>>(),
            ["一", "3.", "二", "4.", "三", "b.", "四", "五", "x", "y", "六", "七"]
        );
        let marked = [Inline::Marked(Mark::Deleted, text("一")), Inline::Box(true), Inline::Box(false)];
        assert_eq!(plain(&marked), "一☑☐");
    }
}
