//! Draws a URL as a QR code, as a path for SVG.

use qrcode::{EcLevel, QrCode};

use crate::image::Code;

/// Empty squares around a code (ISO/IEC 18004, section 6.3.8: four).
const MARGIN: usize = 4;

/// The code of a text; `None` if it is too long for one.
pub(crate) fn code(text: &str) -> Option<Code> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let squares = code.to_colors();
    let mut path = String::new();
    for (row, line) in squares.chunks(width).enumerate() {
        let mut column = 0;
        while column < width {
            let dark = line[column..].iter().take_while(|color| **color == qrcode::Color::Dark).count();
            if dark > 0 {
                let (x, y) = (column + MARGIN, row + MARGIN);
                path.push_str(&format!("M{x} {y}h{dark}v1h-{dark}z"));
            }
            column += dark.max(1);
        }
    }
    Some(Code { side: width + 2 * MARGIN, path })
}
