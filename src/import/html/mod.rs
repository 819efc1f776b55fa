//! Converts HTML of feeds and scrapers to Markdown or to plain text.
//!
//! `source` prepares the text, `tree` parses it as browsers do, `blocks`, `list` and `inline` read
//! the tree with the help of `grid`, `code`, `image`, `math`, `script`, `style` and `space`, and
//! `write` and `write_inline` write the result. All text that is not markup is escaped, so that it stays text.

mod base;
mod blocks;
mod code;
mod detect;
mod grid;
mod image;
mod inline;
mod list;
mod math;
mod model;
mod script;
mod source;
mod space;
mod style;
mod tag;
mod tree;
mod write;
mod write_inline;

pub use base::Base;
pub use detect::is_html;

use crate::import::escape;
use crate::import::repair::{Change, Kind};
use blocks::Builder;
use model::{Block, Mark};
use tree::Tree;

/// Nesting depth up to which HTML is converted. Deeper HTML becomes plain text without structure:
/// reading it takes as many calls within each other.
const MAX_DEPTH: usize = 200;

/// Elements that need no end tag.
const UNCLOSED: [&str; 10] = ["p", "li", "td", "tr", "th", "dt", "dd", "option", "thead", "tbody"];

/// Converts HTML to Markdown. Relative addresses are resolved against `base`. Elements that contain
/// no text of an article are removed and recorded in `changes`, and so is what Markdown has no sign
/// for. The words of all other elements are kept.
#[must_use]
pub fn markdown(html: &str, base: &Base, changes: &mut Vec<Change>) -> String {
    let Some(blocks) = read(html, base, changes) else {
        changes.push((Kind::Markup, tr!("elements nested more than 200 deep"), String::new()));
        return escape::markdown(&html_escape::decode_html_entities(&without_brackets(html)));
    };
    let mut lost: Vec<Mark> = Vec::new();
    let markdown = write::markdown(&blocks, &mut lost);
    changes.extend(lost.into_iter().map(|mark| (Kind::Markup, mark.sign().to_owned(), String::new())));
    markdown
}

/// Returns the text of HTML in one line, for fields without markup. An `&` that would begin a
/// character reference is written as one, because those of all fields are decoded.
#[must_use]
pub fn one_line(html: &str, changes: &mut Vec<Change>) -> String {
    let Some(blocks) = read(html, &Base::default(), changes) else { return without_brackets(html) };
    let (line, lost) = write::line(blocks);
    changes.extend(lost.into_iter().map(|markup| (Kind::Markup, markup, String::new())));
    if !line.contains('&') {
        return line;
    }
    let mut guarded = String::with_capacity(line.len() + 8);
    for (at, c) in line.char_indices() {
        guarded.push(c);
        if c == '&' && escape::begins_reference(&line[at..]) {
            guarded.push_str("amp;");
        }
    }
    guarded
}

/// Returns the text of HTML in one line, as [`one_line`] does, without a record of the changes.
#[must_use]
pub fn without_tags(html: &str) -> String {
    one_line(html, &mut Vec::new())
}

/// Reads HTML as blocks. `None` if it is nested too deep.
fn read(html: &str, base: &Base, changes: &mut Vec<Change>) -> Option<Vec<Block>> {
    if depth(html) > MAX_DEPTH {
        return None;
    }
    let known = changes.len();
    let tree = Tree::parse(&source::prepare(html, changes));
    // Formatting that is never closed is opened again in each paragraph.
    if tree.depth() > 2 * MAX_DEPTH {
        changes.truncate(known);
        return None;
    }
    Some(Builder::new(&tree, base, changes).read())
}

/// Removes all tags, for HTML that is nested too deep. A tag that the text ends in goes.
fn without_brackets(html: &str) -> String {
    let mut words = String::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        words.push_str(&rest[..at]);
        let is_tag = rest[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'));
        let end = if is_tag { rest[at..].find('>').unwrap_or(rest.len() - at - 1) } else { 0 };
        if !is_tag {
            words.push('<');
        }
        rest = &rest[at + end + 1..];
    }
    words.push_str(rest);
    words.trim().to_owned()
}

/// The nesting depth of elements, estimated from the tags.
fn depth(html: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for (at, _) in html.match_indices('<') {
        let rest = &html[at + 1..];
        let closes = rest.starts_with('/');
        let name = rest.trim_start_matches('/');
        let letters = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let is_unclosed = || UNCLOSED.iter().any(|known| name[..letters].eq_ignore_ascii_case(known));
        if letters == 0 || tag::is_void(&name[..letters]) || is_unclosed() {
            continue;
        }
        depth = if closes { depth.saturating_sub(1) } else { depth + 1 };
        deepest = deepest.max(depth);
    }
    deepest
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
