//! Reads the tree of an HTML text as blocks: paragraphs, lists, tables and so on.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashSet};

use crate::import::html::base::Base;
use crate::import::html::model::{Block, Inline, Item, Mark, flatten};
use crate::import::html::style::{self, Meaning};
use crate::import::html::tree::{Data, Id, Tree};
use crate::import::html::{code, grid, image, space, tag};
use crate::import::repair::{Change, Kind};

/// Characters up to which the words of a header are repeated in the columns that it spans.
const MAX_REPEATED: usize = 100;

/// A sign around everything in an element that has blocks in it.
#[derive(Debug, Clone)]
pub(super) enum Wrap {
    /// A sign.
    Mark(Mark),
    /// A link: its address and title.
    Link(String, String),
}

/// Reads a tree.
pub(super) struct Builder<'a> {
    pub(super) tree: &'a Tree,
    pub(super) base: Base,
    /// Whether an element has a block in it, by node.
    has_block: Vec<bool>,
    /// Addresses of images outside of `noscript`: the copy in it is left out.
    pub(super) images: HashSet<String>,
    /// Elements whose meaning is lost, and how often.
    lost: BTreeMap<&'static str, usize>,
    pub(super) changes: &'a mut Vec<Change>,
    /// The number of places that the spans of tables have filled.
    spanned: usize,
}

impl<'a> Builder<'a> {
    pub(super) fn new(tree: &'a Tree, base: &Base, changes: &'a mut Vec<Change>) -> Self {
        let mut has_block = vec![false; tree.len()];
        let all = tree.descendants(0);
        for id in all.iter().rev() {
            let is_block = tag::is_block(tree.name(*id)) || has_block[*id];
            if let Some(parent) = tree.node(*id).parent.filter(|_| is_block) {
                has_block[parent] = true;
            }
        }
        let written = tree.find(0, "base").map(|id| tree.value(id, "href")).filter(|href| !href.is_empty());
        let base = written.map_or_else(|| base.clone(), |href| base.join(href));
        let is_shown = |id: &&Id| {
            tree.name(**id) == "img" && !tree.ancestors(**id).any(|id| tree.name(id) == "noscript")
        };
        let images = all.iter().filter(is_shown).map(|id| base.resolve(&image::address(tree, *id))).collect();
        Self { spanned: 0, tree, base, has_block, images, lost: BTreeMap::new(), changes }
    }

    /// Reads the whole tree.
    pub(super) fn read(mut self) -> Vec<Block> {
        let blocks = self.blocks(&[0], &[]);
        for (name, count) in self.lost {
            self.changes.push((Kind::Markup, format!("<{name}>").repeat(count), String::new()));
        }
        blocks
    }

    /// Records an element that leaves nothing in the text.
    pub(super) fn remove(&mut self, id: Id) {
        let html = self.tree.outer_html(id);
        self.changes.push((Kind::Markup, html, String::new()));
    }

    /// Records that the meaning of an element is lost. Its words stay.
    pub(super) fn lose(&mut self, name: &'static str) {
        *self.lost.entry(name).or_default() += 1;
    }

    /// Reads nodes as blocks. `wraps` are the signs around them, from the outside in.
    pub(super) fn blocks(&mut self, ids: &[Id], wraps: &[Wrap]) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut run: Vec<Inline> = Vec::new();
        let mut after_item = false;
        for id in ids {
            let name = self.tree.name(*id);
            if tag::is_removed(name) && !self.is_formula(*id) {
                self.remove(*id);
                continue;
            }
            let is_block = tag::is_block(name) || (name.is_empty() && self.has_block[*id]);
            if (!is_block && !self.has_block[*id]) || name == "noscript" {
                run.extend(self.inline(*id));
                continue;
            }
            if is_block && self.is_spoken_of(*id, &run) {
                self.changes.push((Kind::Markup, self.tree.start_tag(*id), String::new()));
            }
            flush(&mut run, wraps, &mut blocks);
            if is_block {
                let is_item = name == "li";
                let mut read = self.block(*id, wraps);
                // Items without a list are one list.
                if let (true, true, Some(Block::List(_, items)), Some(Block::List(_, more))) =
                    (is_item, after_item, blocks.last_mut(), read.last_mut())
                {
                    items.append(more);
                } else {
                    blocks.append(&mut read);
                }
                after_item = is_item;
            } else if name == "code" {
                blocks.extend(self.code(&[*id], *id));
            } else {
                let wraps = [wraps, &self.wrap(*id)].concat();
                let children = self.tree.children(*id);
                blocks.extend(self.blocks(children, &wraps));
            }
        }
        flush(&mut run, wraps, &mut blocks);
        blocks
    }

    /// True if a block begins within a line of text: the text may speak of the tag.
    fn is_spoken_of(&self, id: Id, run: &[Inline]) -> bool {
        let has_attributes = matches!(&self.tree.node(id).data, Data::Element(_, list) if !list.is_empty());
        let begins_line = match run.last() {
            Some(Inline::Text(text)) => text.trim().is_empty() || text.trim_end_matches(' ').ends_with('\n'),
            _ => true,
        };
        !has_attributes
            && !begins_line
            && matches!(self.tree.name(id), "div" | "section" | "p" | "article" | "main")
    }

    /// The sign of an inline element that has blocks in it.
    fn wrap(&mut self, id: Id) -> Vec<Wrap> {
        match self.tree.name(id) {
            "a" => match self.link(id) {
                Some((address, title)) => vec![Wrap::Link(address, title)],
                None => Vec::new(),
            },
            name => {
                if let Some(name) = ["ins", "u", "mark"].into_iter().find(|known| *known == name) {
                    self.lose(name);
                }
                let is_deleted = style::meaning(self.tree.value(id, "style")) == Some(Meaning::Deleted);
                let mark = self.mark(name).or(is_deleted.then_some(Mark::Deleted));
                mark.map(Wrap::Mark).into_iter().collect()
            }
        }
    }

    /// Reads one block.
    fn block(&mut self, id: Id, wraps: &[Wrap]) -> Vec<Block> {
        let children = self.tree.children(id);
        let is_deleted = style::meaning(self.tree.value(id, "style")) == Some(Meaning::Deleted);
        let struck = if is_deleted { [wraps, &[Wrap::Mark(Mark::Deleted)]].concat() } else { Vec::new() };
        let wraps = if is_deleted { &struck } else { wraps };
        match self.tree.name(id) {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(id, wraps),
            "blockquote" => {
                if let Some(cite) = self.tree.attribute(id, "cite").filter(|cite| !cite.is_empty()) {
                    self.changes.push((Kind::Markup, format!("cite=\"{cite}\""), String::new()));
                }
                let blocks = self.blocks(children, wraps);
                if blocks.is_empty() { blocks } else { vec![Block::Quote(blocks)] }
            }
            "ul" | "menu" | "dir" | "ol" | "dl" => self.list(id, wraps),
            "li" => {
                let blocks = self.blocks(children, wraps);
                if blocks.is_empty() {
                    blocks
                } else {
                    vec![Block::List(None, vec![Item { label: None, blocks }])]
                }
            }
            "table" => self.table(id, wraps),
            "pre" | "listing" | "xmp" | "plaintext" => self.code(&[id], id),
            "hr" => vec![Block::Rule],
            "dt" | "summary" => self.blocks(children, &[wraps, &[Wrap::Mark(Mark::Strong)]].concat()),
            _ => self.blocks(children, wraps),
        }
    }

    /// Reads a heading. Blocks in it that are not words follow it.
    fn heading(&mut self, id: Id, wraps: &[Wrap]) -> Vec<Block> {
        let level = self.tree.name(id)[1..].parse().unwrap_or(1);
        let blocks = self.blocks(self.tree.children(id), wraps);
        let is_words = |block: &Block| matches!(block, Block::Paragraph(_) | Block::Heading(..));
        let (words, others): (Vec<Block>, Vec<Block>) = blocks.into_iter().partition(is_words);
        let words = space::normalize(flatten(words));
        let heading = (!words.is_empty()).then_some(Block::Heading(level, words));
        heading.into_iter().chain(others).collect()
    }

    /// Reads a block of code. Images and links to other places in it cannot stay.
    fn code(&mut self, ids: &[Id], block: Id) -> Vec<Block> {
        let text = code::text(self.tree, ids);
        let mut images = Vec::new();
        for id in ids.iter().flat_map(|id| self.tree.descendants(*id)) {
            match self.tree.name(id) {
                "img" => images.extend(self.inline(id)),
                "a" if self.leads_out(id) => {
                    self.changes.push((Kind::Markup, self.tree.start_tag(id), String::new()));
                }
                name if tag::is_removed(name) => self.remove(id),
                _ if matches!(&self.tree.node(id).data, Data::Comment(text) if !text.trim().is_empty()) => {
                    self.remove(id);
                }
                _ => {}
            }
        }
        let mut blocks = Vec::new();
        if !text.trim().is_empty() {
            blocks.push(Block::Code(code::language(self.tree, block), text));
        }
        flush(&mut images, &[], &mut blocks);
        blocks
    }

    /// Reads a table: a listing with line numbers, a table for layout, or a table.
    fn table(&mut self, id: Id, wraps: &[Wrap]) -> Vec<Block> {
        if let Some(cells) = code::listing(self.tree, id) {
            return self.code(&cells, id);
        }
        let grid = grid::place(self.tree, id, &mut self.spanned);
        let captions = self.tree.children(id).iter().copied().filter(|id| self.tree.name(*id) == "caption");
        let mut blocks =
            self.blocks(&captions.flat_map(|id| self.tree.children(id)).copied().collect::<Vec<_>>(), wraps);
        // What is between the cells: comments and scripts.
        let mut between = vec![id];
        while let Some(part) = between.pop() {
            for child in self.tree.children(part) {
                match self.tree.name(*child) {
                    "thead" | "tbody" | "tfoot" | "tr" => between.push(*child),
                    "td" | "th" | "caption" => {}
                    _ => blocks.extend(self.blocks(&[*child], wraps)),
                }
            }
        }
        if self.is_layout(id, &grid) {
            let cells =
                grid.rows.iter().flatten().filter(|placed| !placed.repeated).filter_map(|placed| placed.cell);
            for cell in cells {
                blocks.extend(self.blocks(self.tree.children(cell), wraps));
            }
            return blocks;
        }
        let mut known: BTreeMap<Id, Vec<Inline>> = BTreeMap::new();
        let mut rows: Vec<Vec<Vec<Inline>>> = Vec::new();
        for row in &grid.rows {
            let mut cells = Vec::new();
            for placed in row {
                let Some(cell) = placed.cell else {
                    cells.push(Vec::new());
                    continue;
                };
                if let Entry::Vacant(vacant) = known.entry(cell) {
                    let blocks = self.blocks(self.tree.children(cell), wraps);
                    vacant.insert(space::normalize(flatten(blocks)));
                }
                let words = known.get(&cell).cloned().unwrap_or_default();
                let is_long = placed.repeated
                    && crate::import::html::model::plain(&words).chars().count() > MAX_REPEATED;
                cells.push(if is_long { Vec::new() } else { words });
            }
            rows.push(cells);
        }
        if rows.iter().flatten().all(Vec::is_empty) {
            return blocks;
        }
        if !grid.has_head {
            rows.insert(0, Vec::new());
        }
        blocks.push(Block::Table(rows));
        blocks
    }

    /// True if a table only arranges blocks: so it says itself, or it has no header and one column,
    /// or tables in it.
    fn is_layout(&self, id: Id, grid: &grid::Grid) -> bool {
        let below = self.tree.descendants(id);
        let own =
            |cell: &Id| self.tree.ancestors(*cell).find(|id| self.tree.name(*id) == "table") == Some(id);
        let has_header = below.iter().any(|cell| self.tree.name(*cell) == "th" && own(cell));
        let has_table = below.iter().any(|id| self.tree.name(*id) == "table");
        let is_wide = grid.rows.iter().any(|row| row.len() > 1);
        matches!(self.tree.value(id, "role"), "presentation" | "none")
            || (!has_header && (!is_wide || has_table))
    }
}

/// Ends a paragraph: its parts get the signs around them. Two line breaks in a row end a paragraph.
fn flush(run: &mut Vec<Inline>, wraps: &[Wrap], blocks: &mut Vec<Block>) {
    let mut paragraph: Vec<Inline> = Vec::new();
    let mut parts = space::normalize(std::mem::take(run)).into_iter().peekable();
    while let Some(part) = parts.next() {
        if part == Inline::Break && parts.peek() == Some(&Inline::Break) {
            while parts.next_if_eq(&Inline::Break).is_some() {}
            blocks.extend(wrapped(std::mem::take(&mut paragraph), wraps));
        } else {
            paragraph.push(part);
        }
    }
    blocks.extend(wrapped(paragraph, wraps));
}

fn wrapped(mut parts: Vec<Inline>, wraps: &[Wrap]) -> Option<Block> {
    if parts.is_empty() {
        return None;
    }
    for wrap in wraps.iter().rev() {
        parts = match wrap {
            Wrap::Mark(mark) => vec![Inline::Marked(*mark, parts)],
            Wrap::Link(address, title) => vec![Inline::Link(address.clone(), title.clone(), parts)],
        };
    }
    let parts = space::normalize(parts);
    (!parts.is_empty()).then_some(Block::Paragraph(parts))
}
