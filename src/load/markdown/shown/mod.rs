//! Reads the text of a body that readers see, outside of code, with the places in the source.
//!
//! `newsprint check` searches it for markup that is shown instead of applied. The text comes from
//! the same parser as the page, so that what the parser took as markup is not in it, and what the
//! author escaped is not mistaken for markup.

mod origin;

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Parser, Tag, TagEnd};

use crate::config::RawHtml;
use crate::load::markdown::options::OPTIONS;
use origin::{Origin, parsed_text, pieces, without_marks};

/// Stands for what is no markup whatever it looks like: code, images, escaped characters and
/// character references (CommonMark 0.31, sections 2.4, 2.5 and 6.1).
pub(crate) const OPAQUE: char = '\u{FFFC}';

/// The text of one paragraph, heading, list item or table cell.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Block {
    /// The text that readers see; lines of the source end in `\n`.
    pub(crate) text: String,
    /// True for the first block of a quotation.
    pub(crate) begins_quote: bool,
    /// The byte ranges in `text` of raw HTML that is shown as text.
    pub(crate) html: Vec<Range<usize>>,
    /// Pieces of `text` that are contiguous in the source: first byte in `text`, first byte in the
    /// source.
    runs: Vec<(usize, usize)>,
}

impl Block {
    /// A text that is shown as it is written, with its HTML.
    pub(crate) fn plain(text: &str) -> Self {
        let html = std::iter::once(0..text.len()).collect();
        Self { text: text.to_owned(), begins_quote: false, html, runs: vec![(0, 0)] }
    }

    /// The bytes in the body of a range of `text`.
    pub(crate) fn source(&self, range: &Range<usize>) -> Range<usize> {
        let last = self.text[range.clone()].char_indices().next_back();
        let (last, width) = last.map_or((range.start, 0), |(at, c)| (range.start + at, c.len_utf8()));
        let start = self.offset(range.start);
        start..(self.offset(last) + width).max(start)
    }

    fn offset(&self, at: usize) -> usize {
        let run = self.runs.partition_point(|(start, _)| *start <= at).saturating_sub(1);
        self.runs.get(run).map_or(0, |(start, source)| source + (at - start))
    }
}

/// What readers see of a body.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Shown {
    /// The text outside of code, in the order of the source.
    pub(crate) blocks: Vec<Block>,
    /// The first line of the code block that has no closing fence and runs to the end of the body.
    pub(crate) unclosed_fence: Option<Range<usize>>,
    /// The labels of footnotes that have a text, each with the place of its definition.
    pub(crate) footnotes: Vec<(String, Range<usize>)>,
    /// The labels of footnotes that the text refers to.
    pub(crate) references: Vec<String>,
}

/// Reads a body. `html` says how the page treats raw HTML.
pub(crate) fn read(written: &str, html: RawHtml) -> Shown {
    let marked = parsed_text(written);
    let origin = Origin::new(written, &marked);
    let mut reader = Reader {
        marked: &marked,
        origin,
        html,
        shown: Shown::default(),
        block: Block::default(),
        begins_quote: false,
        hidden: 0,
        is_autolink: false,
        code: 0,
        end: 0,
    };
    for (event, range) in Parser::new_ext(&marked, OPTIONS).into_offset_iter() {
        reader.take(event, range);
    }
    reader.end_block();
    reader.shown
}

struct Reader<'m> {
    marked: &'m str,
    origin: Origin,
    html: RawHtml,
    shown: Shown,
    block: Block,
    begins_quote: bool,
    /// The number of open images and code blocks.
    hidden: usize,
    /// True within `<https://…>`, whose text is its address.
    is_autolink: bool,
    /// The number of open elements for code in raw HTML that the page keeps.
    code: usize,
    /// Where the text of the next event begins if nothing is left out.
    end: usize,
}

impl Reader<'_> {
    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        let end = if matches!(event, Event::Start(_)) { range.start } else { range.end };
        match event {
            Event::Start(tag) => self.start(tag, &range),
            Event::End(tag) => self.finish(tag),
            Event::Text(text) if self.hidden == 0 && self.code == 0 => self.text(&text, &range),
            Event::Html(_) | Event::InlineHtml(_) if self.hidden == 0 => self.raw_html(&range),
            Event::SoftBreak | Event::HardBreak => self.push("\n", range.start),
            Event::FootnoteReference(label) => {
                self.shown.references.push(without_marks(&label).into_owned());
                self.opaque(range.start);
            }
            Event::Code(_) if self.hidden == 0 => self.opaque(range.start),
            Event::Rule => self.end_block(),
            _ => {}
        }
        self.end = end;
    }

    fn start(&mut self, tag: Tag<'_>, range: &Range<usize>) {
        match tag {
            Tag::Link { link_type, .. } => {
                self.is_autolink = matches!(link_type, LinkType::Autolink | LinkType::Email);
                return;
            }
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough => return,
            Tag::Image { .. } => {
                self.opaque(range.start);
                self.hidden += 1;
                return;
            }
            _ => self.end_block(),
        }
        match tag {
            Tag::BlockQuote(_) => self.begins_quote = true,
            Tag::CodeBlock(kind) => {
                self.hidden += 1;
                let is_fenced = matches!(kind, CodeBlockKind::Fenced(_));
                let runs_to_the_end = self.marked[range.end..].trim().is_empty();
                let code = &self.marked[range.clone()];
                if is_fenced && runs_to_the_end && !is_closed(code) {
                    let line = code.lines().next().unwrap_or_default().trim_end();
                    self.shown.unclosed_fence =
                        Some(self.origin.of(range.start)..self.origin.of(range.start + line.len()));
                }
            }
            Tag::FootnoteDefinition(label) => {
                let place = self.origin.of(range.start);
                let line = self.marked[range.clone()].split(':').next().unwrap_or_default();
                let label = without_marks(&label).into_owned();
                self.shown.footnotes.push((label, place..place + line.len()));
            }
            _ => {}
        }
    }

    fn finish(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Link => self.is_autolink = false,
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {}
            TagEnd::Image => self.hidden = self.hidden.saturating_sub(1),
            TagEnd::CodeBlock => {
                self.hidden = self.hidden.saturating_sub(1);
                self.end_block();
            }
            _ => self.end_block(),
        }
    }

    fn text(&mut self, text: &str, range: &Range<usize>) {
        let marked = self.marked;
        if self.is_autolink {
            self.opaque(range.start);
            return;
        }
        if marked.get(range.clone()) != Some(text) {
            // A character reference, or text that the parser changed.
            let shown: String =
                text.chars().map(|c| if c.is_ascii_punctuation() { OPAQUE } else { c }).collect();
            self.push(&without_marks(&shown), range.start);
            return;
        }
        let mut at = range.start;
        // The parser leaves a backslash that escapes out of the text.
        let is_escaped = at > self.end && marked.as_bytes()[at - 1] == b'\\';
        if is_escaped && let Some(first) = text.chars().next() {
            self.opaque(at);
            at += first.len_utf8();
        }
        for (within, piece) in pieces(&marked[at..range.end]) {
            self.push(piece, at + within);
        }
    }

    fn raw_html(&mut self, range: &Range<usize>) {
        let raw = &self.marked[range.clone()];
        let start = self.block.text.len();
        // `{{<figure src="a">}}` holds what the parser takes for a tag.
        if self.html == RawHtml::Text || self.block.text.ends_with('{') {
            for (within, piece) in pieces(raw) {
                self.push(piece, range.start + within);
            }
            let end = self.block.text.len();
            match self.block.html.last_mut().filter(|last| last.end == start) {
                Some(last) => last.end = end,
                None => self.block.html.push(start..end),
            }
            return;
        }
        // The page keeps the tags; the text between them is shown.
        let mut at = 0;
        while let Some(open) = raw[at..].find('<') {
            self.kept_text(&raw[at..at + open], range.start + at);
            let tag = &raw[at + open..];
            let length = tag.find('>').map_or(tag.len(), |end| end + 1);
            let name = tag[1..length].trim_start_matches('/');
            let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
            if ["code", "pre", "kbd", "samp", "script", "style"]
                .iter()
                .any(|code| code.eq_ignore_ascii_case(name))
            {
                self.code = if tag.starts_with("</") { self.code.saturating_sub(1) } else { self.code + 1 };
            }
            self.opaque(range.start + at + open);
            at += open + length;
        }
        self.kept_text(&raw[at..], range.start + at);
    }

    fn kept_text(&mut self, text: &str, at: usize) {
        if self.code == 0 {
            self.push(&without_marks(text), at);
        }
    }

    fn push(&mut self, text: &str, at: usize) {
        if !text.is_empty() {
            self.block.runs.push((self.block.text.len(), self.origin.of(at)));
            self.block.text.push_str(text);
        }
    }

    fn opaque(&mut self, at: usize) {
        self.push(OPAQUE.encode_utf8(&mut [0; 4]), at);
    }

    fn end_block(&mut self) {
        let block = std::mem::take(&mut self.block);
        if !block.text.trim().is_empty() {
            let begins_quote = std::mem::take(&mut self.begins_quote);
            self.shown.blocks.push(Block { begins_quote, ..block });
        }
    }
}

/// True if the last line of a fenced code block is a closing fence: the same sign at least as often
/// as in the first line, and nothing else (CommonMark 0.31, section 4.5).
fn is_closed(code: &str) -> bool {
    let mut lines = code.trim_end().lines();
    let Some(first) = lines.next() else { return true };
    let sign = first.chars().next().unwrap_or('`');
    let length = first.chars().take_while(|c| *c == sign).count();
    let is_fence = |line: &str| {
        let line = line.trim_start_matches(|c: char| c == '>' || c.is_whitespace()).trim_end();
        line.chars().count() >= length && line.chars().all(|c| c == sign)
    };
    lines.next_back().is_some_and(is_fence)
}

#[cfg(test)]
mod tests;
