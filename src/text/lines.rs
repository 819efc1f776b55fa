//! Finds the line and column of byte offsets, in a time that does not depend on the text's length.

use std::borrow::Cow;
use std::ops::{Deref, Range};
use std::sync::OnceLock;

/// Bytes of a block, the unit in which characters are counted in advance.
const BLOCK: usize = 256;

/// A text that is indexed at the first question for a line, once.
#[derive(Debug, Clone, Default)]
pub struct LinedText<'t> {
    text: Cow<'t, str>,
    index: OnceLock<Index>,
}

/// The counts from which lines and columns follow.
#[derive(Debug, Clone)]
struct Index {
    /// The byte at which each line begins.
    line_starts: Vec<usize>,
    /// The number of characters that begin before each block.
    characters: Vec<usize>,
}

impl<'t> LinedText<'t> {
    /// Takes a text. Its lines end in `\n`.
    pub fn new(text: impl Into<Cow<'t, str>>) -> Self {
        Self { text: text.into(), index: OnceLock::new() }
    }

    /// Shortens the text to its first `end` bytes.
    pub fn truncate(&mut self, end: usize) {
        self.text.to_mut().truncate(end);
        self.index = OnceLock::new();
    }

    /// The number of the line with byte `at`, from 1. A line break belongs to the line that it
    /// ends.
    #[must_use]
    pub fn line(&self, at: usize) -> usize {
        self.index().line_starts.partition_point(|start| *start <= at)
    }

    /// The bytes of the line with byte `at`, without its line break.
    #[must_use]
    pub fn line_range(&self, at: usize) -> Range<usize> {
        let starts = &self.index().line_starts;
        let line = self.line(at);
        let end = starts.get(line).map_or(self.text.len(), |next| next - 1);
        starts[line - 1]..end
    }

    /// The column of byte `at` in characters, from 1.
    #[must_use]
    pub fn column(&self, at: usize) -> usize {
        let start = self.index().line_starts[self.line(at) - 1];
        self.characters_before(at) - self.characters_before(start) + 1
    }

    fn characters_before(&self, at: usize) -> usize {
        let at = at.min(self.text.len());
        let block = at / BLOCK;
        self.index().characters[block] + count_characters(&self.text.as_bytes()[block * BLOCK..at])
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| {
            let bytes = self.text.as_bytes();
            let breaks = self.text.match_indices('\n').map(|(at, _)| at + 1);
            let mut characters = vec![0];
            for block in bytes.chunks(BLOCK) {
                let before = characters.last().copied().unwrap_or_default();
                characters.push(before + count_characters(block));
            }
            Index { line_starts: std::iter::once(0).chain(breaks).collect(), characters }
        })
    }
}

/// The number of characters that begin in these bytes of UTF-8.
fn count_characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

impl<'t> From<&'t str> for LinedText<'t> {
    fn from(text: &'t str) -> Self {
        Self::new(text)
    }
}

impl From<String> for LinedText<'_> {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl Deref for LinedText<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_place_on_a_long_line_is_found_at_its_beginning_middle_and_end() {
        let text = LinedText::new(format!("一\n{}", "中a".repeat(100_000)));
        for (at, column) in [(4, 1), (7, 2), (200_004, 100_001), (400_004, 200_001)] {
            assert_eq!((text.line(at), text.column(at)), (2, column));
            assert_eq!(text.line_range(at), 4..400_004);
        }
    }

    proptest! {
        #[test]
        fn lines_and_columns_equal_those_counted_from_the_beginning(
            parts in prop::collection::vec("[a中\u{1F600}\u{301}\n]{0,9}|[a中]{200,300}|\n{0,300}", 0..9),
            picks in prop::collection::vec(any::<prop::sample::Index>(), 1..20),
        ) {
            let text = parts.concat();
            let lined = LinedText::new(text.as_str());
            let mut places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            places.push(text.len());
            for pick in picks {
                let at = places[pick.index(places.len())];
                let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
                let end = text[at..].find('\n').map_or(text.len(), |found| at + found);
                prop_assert_eq!(lined.line(at), text[..at].matches('\n').count() + 1);
                prop_assert_eq!(lined.column(at), text[start..at].chars().count() + 1);
                prop_assert_eq!(lined.line_range(at), start..end);
            }
        }
    }
}
