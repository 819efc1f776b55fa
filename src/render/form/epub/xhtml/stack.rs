//! The open elements of a document. Each question takes the same time at any depth.

use std::collections::HashMap;

use crate::render::form::epub::model::{Content, Element, Place};

/// An open element.
pub(super) struct Open {
    /// Name in HTML; empty if it was opened because the content needs it.
    html: String,
    pub(super) element: Element,
    /// For a table: true if it has a caption.
    pub(super) has_caption: bool,
    /// For a table: true if it has a row group.
    pub(super) has_groups: bool,
}

/// The open elements, the outermost first.
#[derive(Default)]
pub(super) struct Stack {
    open: Vec<Open>,
    /// The positions of the elements, by their names in HTML.
    by_html: HashMap<String, Vec<usize>>,
    /// The same by their names in the book.
    by_name: HashMap<&'static str, Vec<usize>>,
    /// The positions of the elements that are not inline.
    blocks: Vec<usize>,
}

impl Stack {
    pub(super) fn len(&self) -> usize {
        self.open.len()
    }

    pub(super) fn last(&self) -> Option<&Open> {
        self.open.last()
    }

    pub(super) fn push(&mut self, html: &str, element: Element) {
        if let Some(parent) = self.open.last_mut() {
            parent.has_caption |= element.place == Place::Caption;
            parent.has_groups |= element.place == Place::Group;
        }
        let at = self.open.len();
        self.by_html.entry(html.to_owned()).or_default().push(at);
        self.by_name.entry(element.name).or_default().push(at);
        if element.place != Place::Inline {
            self.blocks.push(at);
        }
        self.open.push(Open { html: html.to_owned(), element, has_caption: false, has_groups: false });
    }

    pub(super) fn pop(&mut self) -> Option<Element> {
        let Open { html, element, .. } = self.open.pop()?;
        self.by_html.get_mut(&html).and_then(Vec::pop);
        self.by_name.get_mut(element.name).and_then(Vec::pop);
        if element.place != Place::Inline {
            self.blocks.pop();
        }
        Some(element)
    }

    /// The position of the innermost element with this name in the book.
    pub(super) fn named(&self, name: &str) -> Option<usize> {
        self.by_name.get(name)?.last().copied()
    }

    /// The position of the element that an end tag closes.
    pub(super) fn closed_by(&self, html: &str, is_inline: bool) -> Option<usize> {
        let at = self.by_html.get(html)?.last().copied()?;
        // The end of an inline element does not end a block around it.
        let is_inside = self.blocks.last().is_none_or(|&block| block <= at);
        (is_inside || !is_inline).then_some(at)
    }

    /// The lowest height above a position at which only elements are open that are, or are around,
    /// the innermost element with such content.
    pub(super) fn height_of(&self, at: usize, content: Option<Content>) -> usize {
        let above =
            self.open[at..].iter().rposition(|open| content.is_some() && open.element.content == content);
        at + above.unwrap_or_default() + 1
    }
}
