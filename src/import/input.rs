//! One text to import, with its places: a file, or what came on standard input.

use crate::diagnostic::Place;
use crate::import::record::Spot;

/// Characters of a line that a diagnostic shows: scraped lines are as long as articles.
const MAX_SHOWN: usize = 100;

/// A text and where it came from.
#[derive(Debug, Clone)]
pub struct Input {
    /// What diagnostics call it.
    pub name: String,
    /// Its lines end in `\n`; no byte order mark.
    pub text: String,
}

impl Input {
    /// Where something stands, with the part of its line that is around it.
    #[must_use]
    pub fn place(&self, spot: Spot) -> Place {
        let start = floor(&self.text, spot.start);
        let line_start = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        let rest = &self.text[start..];
        let line_end = start + rest.find('\n').unwrap_or(rest.len());
        let before = &self.text[line_start..start];
        let cut = before.char_indices().rev().take(MAX_SHOWN / 4).last().map_or(before.len(), |(at, _)| at);
        let after = &self.text[start..line_end];
        let end = after.char_indices().nth(MAX_SHOWN).map_or(after.len(), |(at, _)| at);
        let marked = floor(&self.text, spot.end.max(start)).min(start + end) - start;
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

    /// The whole input.
    #[must_use]
    pub fn whole(&self) -> Place {
        Place::file(&self.name)
    }
}

fn floor(text: &str, at: usize) -> usize {
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
    fn a_long_line_is_shown_around_its_place() {
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
