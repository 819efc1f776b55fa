//! Reads a line from its beginning, piece by piece.

use crate::text::invisible::is_invisible;

/// A line and the byte offset up to which it has been read.
#[derive(Clone)]
pub(super) struct Cursor<'a> {
    pub(super) line: &'a str,
    pub(super) at: usize,
}

impl<'a> Cursor<'a> {
    /// The part of the line that has not been read.
    pub(super) fn rest(&self) -> &'a str {
        &self.line[self.at..]
    }

    /// Reads `what`, if the rest begins with it.
    pub(super) fn eat(&mut self, what: &str) -> bool {
        let found = self.rest().starts_with(what);
        self.at += if found { what.len() } else { 0 };
        found
    }

    /// Reads one of the characters, if the rest begins with one.
    pub(super) fn eat_any(&mut self, what: &[char]) -> Option<char> {
        let c = self.rest().chars().next().filter(|c| what.contains(c))?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Reads white space of any width and invisible characters. Returns whether there were any.
    pub(super) fn space(&mut self) -> bool {
        let start = self.at;
        while let Some(c) = self.rest().chars().next().filter(|c| c.is_whitespace() || is_invisible(*c)) {
            self.at += c.len_utf8();
        }
        self.at > start
    }

    /// Reads a number with its mark: `1.`, `(2)`, `③`, `四、`. Returns whether there was one.
    pub(super) fn number(&mut self) -> bool {
        let start = self.at;
        let open = self.eat_any(&['(', '（', '[']).is_some();
        let digits = self
            .rest()
            .chars()
            .take(3)
            .take_while(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(*c));
        let length: usize = digits.map(char::len_utf8).sum();
        if length > 0 {
            self.at += length;
            let closes: &[char] = if open { &[')', '）', ']'] } else { &['.', '、', '．', ')', '）'] };
            if self.eat_any(closes).is_some() {
                return true;
            }
        } else if !open && self.rest().starts_with(|c| ('①'..='⑳').contains(&c)) {
            self.at += '①'.len_utf8();
            return true;
        }
        self.at = start;
        false
    }
}
