//! Readings of characters (`ruby`). A book allows nothing in a `ruby` but pairs of a base and its
//! reading (EPUB 3.3, section 6.1; HTML, section 4.5.10). Every other one becomes text with the
//! readings in brackets: 漢（han）.

use std::mem;

use crate::render::form::epub::model::{self, Place};
use crate::render::form::epub::piece::Piece;

/// A `ruby` that is open.
#[derive(Default)]
struct Ruby {
    start: usize,
    parts: Vec<Part>,
    /// True if the last part is open.
    is_in_part: bool,
    /// The open inline elements of the base or the part.
    inner: Vec<String>,
    /// `b` for a base, `t` for a reading, `p` for brackets.
    shape: String,
    /// True if it has something that a book does not allow.
    is_plain: bool,
}

/// A reading (`rt`) or the brackets for programs that do not know it (`rp`).
struct Part {
    is_reading: bool,
    start: usize,
    end: usize,
    has_text: bool,
    has_words: bool,
}

/// Changes each `ruby` into one that a book allows, or into text. Nothing but brackets is left out.
pub(super) fn settle(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut settled = Vec::with_capacity(pieces.len());
    let mut open: Vec<Ruby> = Vec::new();
    for piece in pieces {
        let (name, is_start) = match &piece {
            Piece::Start(name, _) => (name.as_str(), true),
            Piece::End(name) => (name.as_str(), false),
            Piece::Text(text) => {
                if let Some(ruby) = open.last_mut() {
                    ruby.see_text(text);
                }
                settled.push(piece);
                continue;
            }
        };
        match (name, is_start, open.last_mut()) {
            ("ruby", true, outer) => {
                if let Some(outer) = outer {
                    outer.see_other();
                }
                open.push(Ruby { start: settled.len(), ..Ruby::default() });
                settled.push(piece);
            }
            ("ruby", false, _) => {
                if let Some(mut ruby) = open.pop() {
                    ruby.close_part(&mut settled);
                    ruby.is_plain |= !ruby.inner.is_empty();
                    settled.push(piece);
                    ruby.finish(&mut settled, true);
                }
            }
            ("rt" | "rp", true, Some(ruby)) => ruby.open_part(piece, &mut settled),
            ("rt" | "rp", false, Some(ruby)) => ruby.close_part(&mut settled),
            // Without a `ruby`, the text alone remains.
            ("rt" | "rp", _, None) => {}
            (name, is_start, ruby) => {
                if let Some(ruby) = ruby {
                    ruby.see_tag(name, is_start, &mut settled);
                }
                settled.push(piece);
            }
        }
    }
    for mut ruby in open.into_iter().rev() {
        ruby.close_part(&mut settled);
        ruby.finish(&mut settled, false);
    }
    settled
}

impl Ruby {
    fn part(&mut self) -> Option<&mut Part> {
        self.parts.last_mut().filter(|_| self.is_in_part)
    }

    fn see_text(&mut self, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        if let Some(part) = self.part() {
            part.has_text = true;
            part.has_words |= text.chars().any(char::is_alphanumeric);
        } else if !self.shape.ends_with('b') {
            self.shape.push('b');
        }
    }

    /// Notes content that a `ruby` of a book may not have.
    fn see_other(&mut self) {
        self.is_plain = true;
        if let Some(part) = self.part() {
            (part.has_text, part.has_words) = (true, true);
        }
    }

    fn see_tag(&mut self, name: &str, is_start: bool, pieces: &mut Vec<Piece>) {
        let Some(element) = model::element(name) else {
            if model::is_replaced(name) {
                self.see_other();
            }
            return;
        };
        self.is_plain |= element.name == "a";
        match (element.place, is_start) {
            (Place::Inline, true) => {
                if element.content.is_some() {
                    self.inner.push(name.to_owned());
                }
            }
            (Place::Inline, false) if self.inner.last().is_some_and(|last| last == name) => {
                self.inner.pop();
            }
            // A block, or the end of an element around the `ruby`, ends the reading.
            _ => {
                self.close_part(pieces);
                self.inner.clear();
                self.is_plain = true;
            }
        }
    }

    fn open_part(&mut self, piece: Piece, pieces: &mut Vec<Piece>) {
        self.close_part(pieces);
        self.is_plain |= !self.inner.is_empty();
        let is_reading = matches!(&piece, Piece::Start(name, _) if name == "rt");
        self.shape.push(if is_reading { 't' } else { 'p' });
        let start = pieces.len();
        self.parts.push(Part { is_reading, start, end: start, has_text: false, has_words: false });
        self.is_in_part = true;
        // The text has room for a bracket.
        pieces.extend([piece, Piece::Text(String::new())]);
    }

    fn close_part(&mut self, pieces: &mut Vec<Piece>) {
        self.is_plain |= self.is_in_part && !self.inner.is_empty();
        let Some(part) = self.part() else { return };
        let name = if part.is_reading { "rt" } else { "rp" };
        part.end = pieces.len() + 1;
        self.is_in_part = false;
        self.inner.clear();
        pieces.extend([Piece::Text(String::new()), Piece::End(name.to_owned())]);
    }

    /// True if there is nothing but pairs.
    fn is_pairs(&self) -> bool {
        let mut rest = self.shape.as_str();
        while let Some(after) = rest.strip_prefix("bt").or_else(|| rest.strip_prefix("bptp")) {
            rest = after;
        }
        let is_shown = |part: &Part| part.is_reading || !part.has_words;
        rest.is_empty() && !self.shape.is_empty() && !self.is_plain && self.parts.iter().all(is_shown)
    }

    /// Decides what becomes of it; `is_closed` if its end is the last piece.
    fn finish(self, pieces: &mut [Piece], is_closed: bool) {
        if is_closed && self.is_pairs() {
            return;
        }
        rename(&mut pieces[self.start], model::PLAIN_RUBY);
        if is_closed && let Some(last) = pieces.last_mut() {
            rename(last, model::PLAIN_RUBY);
        }
        for part in self.parts {
            if !part.is_reading && !part.has_words {
                pieces[part.start..=part.end].fill_with(|| Piece::Text(String::new()));
                continue;
            }
            rename(&mut pieces[part.start], model::PLAIN_RT);
            rename(&mut pieces[part.end], model::PLAIN_RT);
            if part.is_reading && part.has_text {
                pieces[part.start + 1] = Piece::Text("（".to_owned());
                pieces[part.end - 1] = Piece::Text("）".to_owned());
            }
        }
    }
}

fn rename(piece: &mut Piece, to: &str) {
    match piece {
        Piece::Start(name, _) | Piece::End(name) => drop(mem::replace(name, to.to_owned())),
        Piece::Text(_) => {}
    }
}
