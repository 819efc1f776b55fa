//! Reads lists and lists of definitions.

use crate::import::html::blocks::{Builder, Wrap};
use crate::import::html::model::{Block, Inline, Item, Mark};
use crate::import::html::tree::{Data, Id};

/// The largest number of a list in Markdown (CommonMark 0.31, section 5.2: nine digits).
const MAX_NUMBER: i64 = 999_999_999;

impl Builder<'_> {
    /// Reads a list. A list that Markdown cannot count (`reversed`, letters, a jump in the numbers)
    /// has its numbers as words.
    pub(super) fn list(&mut self, id: Id, wraps: &[Wrap]) -> Vec<Block> {
        let mut items: Vec<(Option<i64>, Vec<Block>)> = Vec::new();
        self.items(id, wraps, &mut items);
        let is_definitions = self.tree.name(id) == "dl";
        let is_numbered = self.tree.name(id) == "ol";
        items.retain(|(_, blocks)| is_numbered || !blocks.is_empty());
        if items.iter().all(|(_, blocks)| blocks.is_empty()) {
            return Vec::new();
        }
        let item = |blocks| Item { label: None, blocks };
        if is_definitions || !is_numbered {
            return vec![Block::List(None, items.into_iter().map(|(_, blocks)| item(blocks)).collect())];
        }
        let is_reversed = self.tree.attribute(id, "reversed").is_some();
        let first = self.tree.value(id, "start").parse().ok().or(is_reversed.then_some(items.len() as i64));
        let first = first.unwrap_or(1_i64);
        let kind = self.tree.value(id, "type");
        let mut next = first;
        let mut numbers = Vec::new();
        for (value, _) in &items {
            let number = value.unwrap_or(next);
            numbers.push(number);
            next = if is_reversed { number.saturating_sub(1) } else { number.saturating_add(1) };
        }
        let first = numbers.first().copied().unwrap_or(first);
        let counts = numbers.iter().enumerate().all(|(n, number)| first.saturating_add(n as i64) == *number);
        let start = u32::try_from(first).ok().filter(|_| next <= MAX_NUMBER);
        let is_plain = counts && matches!(kind, "" | "1") && start.is_some();
        let items = items.into_iter().zip(numbers).map(|((_, blocks), number)| Item {
            label: (!is_plain).then(|| format!("{}.", numeral(number, kind))),
            blocks,
        });
        vec![Block::List(start.filter(|_| is_plain), items.collect())]
    }

    /// Collects the items of a list: its number, if the item has its own, and its blocks. A list
    /// directly in a list belongs to the item before.
    fn items(&mut self, list: Id, wraps: &[Wrap], items: &mut Vec<(Option<i64>, Vec<Block>)>) {
        let mut has_term = false;
        for child in self.tree.children(list) {
            let name = self.tree.name(*child);
            let children = self.tree.children(*child);
            match name {
                "li" => {
                    let value = self.tree.value(*child, "value").parse().ok();
                    items.push((value, self.blocks(children, wraps)));
                }
                "dt" => {
                    let term = self.blocks(children, &[wraps, &[Wrap::Mark(Mark::Strong)]].concat());
                    match items.last_mut().filter(|_| has_term) {
                        Some((_, blocks)) => blocks.extend(term),
                        None => items.push((None, term)),
                    }
                    has_term = true;
                }
                "dd" => {
                    let meaning = self.blocks(children, wraps);
                    match items.last_mut() {
                        Some((_, blocks)) => blocks.extend(meaning),
                        None => items.push((None, meaning)),
                    }
                    has_term = false;
                }
                "ul" | "ol" | "menu" | "dir" => {
                    let inner = self.list(*child, wraps);
                    match items.last_mut() {
                        Some((_, blocks)) => blocks.extend(inner),
                        None => items.push((None, inner)),
                    }
                }
                _ if children.iter().any(|id| matches!(self.tree.name(*id), "li" | "dt" | "dd")) => {
                    self.items(*child, wraps, items);
                }
                _ => {
                    let is_text =
                        matches!(&self.tree.node(*child).data, Data::Text(text) if !text.trim().is_empty());
                    let blocks = self.blocks(&[*child], wraps);
                    match items.last_mut() {
                        Some((_, known)) if !is_text && matches!(known.last(), Some(Block::Paragraph(_))) => {
                            known.extend(blocks);
                        }
                        _ if blocks.is_empty() => {}
                        _ => items.push((None, blocks)),
                    }
                }
            }
        }
    }
}

/// A number in the form of a list (HTML, section 4.4.5, `type`).
fn numeral(number: i64, kind: &str) -> String {
    let upper = kind.chars().all(char::is_uppercase);
    let written = match (kind, number) {
        ("a" | "A", 1..) => letters(number),
        ("i" | "I", 1..=3999) => roman(number),
        _ => return number.to_string(),
    };
    if upper { written.to_uppercase() } else { written }
}

/// `1` is `a`, `27` is `aa`.
fn letters(mut number: i64) -> String {
    let mut written = Vec::new();
    while number > 0 {
        written.push(char::from(b'a' + u8::try_from((number - 1) % 26).unwrap_or_default()));
        number = (number - 1) / 26;
    }
    written.iter().rev().collect()
}

fn roman(mut number: i64) -> String {
    let signs = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    let mut written = String::new();
    for (value, sign) in signs {
        while number >= value {
            written.push_str(sign);
            number -= value;
        }
    }
    written
}

/// True if an item begins with the box of a task list.
pub(super) fn begins_with_box(parts: &[Inline]) -> bool {
    matches!(parts, [Inline::Box(_), Inline::Text(text), ..] if text.trim_start().len() < text.len())
        || matches!(parts, [Inline::Box(_), second, ..] if !matches!(second, Inline::Text(_) | Inline::Break))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_the_form_of_the_list() {
        for (number, kind, wanted) in [
            (1, "a", "a"),
            (27, "a", "aa"),
            (52, "A", "AZ"),
            (4, "i", "iv"),
            (1994, "I", "MCMXCIV"),
            (4000, "i", "4000"),
            (0, "a", "0"),
            (-3, "", "-3"),
            (7, "1", "7"),
        ] {
            assert_eq!(numeral(number, kind), wanted);
        }
    }
}
