//! Draws the touch icon, a PNG: phones show no SVG on their home screens.

/// Path of the icon, where browsers look for it.
pub(super) const NAME: &str = "apple-touch-icon.png";

/// Width and height in pixels.
pub(super) const SIZE: u32 = 180;

/// Width and height of the drawing, in its own units.
const UNITS: u32 = 32;

/// The light rectangles of `static/favicon.svg`: left, top, right and bottom in units.
const RECTANGLES: [[u32; 4]; 5] =
    [[8, 9, 24, 12], [8, 15, 15, 23], [17, 15, 24, 17], [17, 18, 24, 20], [17, 21, 24, 23]];

/// The colours of the ground and of the rectangles.
const PALETTE: [u8; 6] = [0x8c, 0x1c, 0x13, 0xff, 0xff, 0xff];

/// The icon as a PNG with two colours and one bit a pixel.
///
/// # Errors
/// The encoder refuses the image, which depends on the constants of this file only.
pub(super) fn touch_icon() -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, SIZE, SIZE);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::One);
    encoder.set_palette(PALETTE.as_slice());
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&rows())?;
    writer.finish()?;
    Ok(bytes)
}

/// The rows of the image, each padded to whole bytes; the first pixel is the highest bit.
fn rows() -> Vec<u8> {
    let mut rows = Vec::with_capacity((SIZE * SIZE.div_ceil(8)) as usize);
    for y in 0..SIZE {
        for x in (0..SIZE).step_by(8) {
            let bit = |at: u32| u8::from(x + at < SIZE && is_light(x + at, y)) << (7 - at);
            rows.push((0..8).map(bit).sum());
        }
    }
    rows
}

/// Whether the centre of a pixel lies in a rectangle.
fn is_light(x: u32, y: u32) -> bool {
    // In half pixels, so that the centre is a whole number.
    let [x, y] = [x, y].map(|at| (2 * at + 1) * UNITS);
    let scaled = |units: u32| units * 2 * SIZE;
    RECTANGLES.iter().any(|&[left, top, right, bottom]| {
        (scaled(left)..scaled(right)).contains(&x) && (scaled(top)..scaled(bottom)).contains(&y)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_icon_shows_the_rectangles_of_the_favicon() {
        let svg = include_str!("../../static/favicon.svg");
        let mut at = [0, 0];
        let mut path = String::new();
        for corners in RECTANGLES {
            let [left, top, right, bottom] = corners.map(i64::from);
            let start = match at {
                [0, 0] => format!("M{left} {top}"),
                [x, y] => format!("m{} {}", left - x, top - y),
            };
            let (width, height) = (right - left, bottom - top);
            // Some lines back to the left edge are absolute.
            let back = if left == 8 { "H8".to_owned() } else { format!("h-{width}") };
            path.push_str(&format!("{start}h{width}v{height}{back}z"));
            at = [left, top];
        }
        let drawn = svg.split_once("d=\"").unwrap().1.split_once('"').unwrap().0;
        assert_eq!(drawn, path);
        // The pixels inside of each rectangle's corners are light, those outside are not.
        let pixel = |units: u32| units * SIZE / UNITS;
        assert!(!is_light(0, 0) && !is_light(SIZE - 1, SIZE - 1));
        for [left, top, right, bottom] in RECTANGLES {
            assert!(
                is_light(pixel(left) + 1, pixel(top) + 1) && is_light(pixel(right) - 1, pixel(bottom) - 1)
            );
            assert!(
                !is_light(pixel(left) - 1, pixel(top) + 1) && !is_light(pixel(left) + 1, pixel(bottom) + 1)
            );
        }
    }

    #[test]
    fn the_rows_are_padded_to_bytes() {
        let rows = rows();
        assert_eq!(rows.len(), 23 * SIZE as usize);
        // Pixels 176 to 179, then four bits of padding.
        assert!(rows.chunks(23).all(|row| row[22] == 0));
        // In the row through the first rectangle, pixels 45 to 134 are light.
        let row = &rows[23 * 55..23 * 56];
        let light: u32 = row.iter().map(|byte| byte.count_ones()).sum();
        assert_eq!((light, row[5], row[16]), (90, 0b0000_0111, 0b1111_1110));
    }
}
