//! One decoded text to import (a file or standard input), and the places of spots in it.

use crate::diagnostic::Place;
use crate::import::record::Spot;
use crate::text::lines::LinedText;

/// A text and where it came from.
#[derive(Debug, Clone)]
pub struct Input {
    /// The name shown in diagnostics: a path, or `<stdin>`.
    pub name: String,
    /// The text. Lines end in `\n`; there is no byte order mark.
    pub text: LinedText<'static>,
}

impl Input {
    /// Returns the place of a spot, with the part of the line around it.
    #[must_use]
    pub fn place(&self, spot: Spot) -> Place {
        Place::at(&self.name, &self.text, spot.start..spot.end)
    }

    /// Returns the beginning of a line, 1-based, as a place.
    #[must_use]
    pub fn line(&self, line: usize) -> Place {
        let start = self.text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        self.place(Spot { line, start, end: start })
    }

    /// Returns the whole input as a place.
    #[must_use]
    pub fn whole(&self) -> Place {
        Place::file(&self.name)
    }
}
