//! One decoded text to import (a file or standard input), and the places of spots in it.

use crate::diagnostic::Place;
use crate::import::record::Spot;

/// Characters of a line that a diagnostic shows from a spot on. Scraped lines can be as long as
/// articles.
const MAX_SHOWN: usize = 100;

/// A text and where it came from.
#[derive(Debug, Clone)]
pub struct Input {
    /// The name shown in diagnostics: a path, or `<stdin>`.
    pub name: String,
    /// The text. Lines end in `\n`; there is no byte order mark.
    pub text: String,
}

impl Input {
    /// Returns the place of a spot, with the part of the line around it.
    #[must_use]
    pub fn place(&self, spot: Spot) -> Place {
        let start = floor_boundary(&self.text, spot.start);
        let line_start = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        let rest = &self.text[start..];
        let line_end = start + rest.find('\n').unwrap_or(rest.len());
        let before = &self.text[line_start..start];
        let cut = before.char_indices().rev().take(MAX_SHOWN / 4).last().map_or(before.len(), |(at, _)| at);
        let after = &self.text[start..line_end];
        let end = after.char_indices().nth(MAX_SHOWN).map_or(after.len(), |(at, _)| at);
        let marked = floor_boundary(&self.text, spot.end.max(start)).min(start + end) - start;
        let mut text = String::new();
        if cut > 0 {
            text.push('…');
        }
        text.push_str(&before[cut..]);
        let from = text.len();
        text.push_str(&after[..end]);
        if end < after.len() {
            text.push('…');
        }
        Place {
            path: self.name.clone(),
            line: spot.line,
            column: before.chars().count() + 1,
            text,
            range: from..from + marked,
        }
    }

    /// Returns the whole input as a place.
    #[must_use]
    pub fn whole(&self) -> Place {
        Place::file(&self.name)
    }
}

/// The last character boundary at or before `at`.
fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_cut_around_the_spot() {
        let text = format!("一\n{}这里{}\n", "前".repeat(1000), "后".repeat(1000));
        let start = text.find("这里").unwrap();
        let place = Input { name: "a".into(), text }.place(Spot { line: 2, start, end: start + 6 });
        assert_eq!((place.line, place.column), (2, 1001));
        assert_eq!(&place.text[place.range.clone()], "这里");
        assert!(
            place.text.chars().count() < 140 && place.text.starts_with("…前") && place.text.ends_with("后…")
        );
    }
}
