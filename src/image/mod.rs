//! Text and pictures → PNG and WebP (resvg, image): fonts, line breaks and drawing of social cards
//! and posters; smaller copies of pictures. Plain data in, plain data out.
//!
//! Only with the feature `images`. Without it, [`Fonts`] has no values, so that nothing can be drawn.

// Without the feature, what is drawn is described and not read.
#![cfg_attr(not(feature = "images"), allow(dead_code))]

#[cfg(not(feature = "images"))]
mod absent;
#[cfg(feature = "images")]
mod breaks;
#[cfg(feature = "images")]
mod code;
#[cfg(feature = "images")]
mod draw;
#[cfg(feature = "images")]
mod encode;
#[cfg(feature = "images")]
mod fonts;
#[cfg(feature = "images")]
mod lines;
#[cfg(feature = "images")]
pub(crate) mod scale;

use serde::Serialize;

#[cfg(not(feature = "images"))]
pub(crate) use absent::{Fonts, code};
#[cfg(feature = "images")]
pub(crate) use code::code;
#[cfg(feature = "images")]
pub(crate) use fonts::Fonts;

/// Version of the drawing. Increase it when the same data is drawn as different pixels.
pub(crate) const VERSION: u32 = 1;

/// A font to find.
#[derive(Debug)]
pub(crate) enum Wanted {
    /// A family that is installed, such as `Noto Sans CJK SC`.
    Family(String),
    /// The bytes of a font file.
    File(Vec<u8>),
}

/// The place of a text on a picture.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Space {
    /// Width of a line in pixels.
    pub width: f32,
    /// Maximum number of lines.
    pub lines: usize,
    /// Font sizes in pixels, the preferred one first.
    pub sizes: &'static [f32],
    /// Whether the text is bold.
    pub is_bold: bool,
}

/// The place of a line on a picture.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    /// Width in pixels.
    pub width: f32,
    /// Font size in pixels.
    pub size: f32,
    /// Whether the text is bold.
    pub is_bold: bool,
}

/// A text in lines.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Fitted {
    /// The lines. The last one ends with an ellipsis if the text was cut.
    pub lines: Vec<String>,
    /// The font size in pixels.
    pub size: f32,
}

/// A code of squares (QR).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Code {
    /// Squares on each side, with a margin of four.
    pub side: usize,
    /// The path of the dark squares, each of 1 × 1, for the attribute `d` in SVG.
    pub path: String,
}
