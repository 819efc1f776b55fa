//! Writes pixels as PNG, with a small palette if they are text on flat colours.

use std::collections::HashMap;

use png::{BitDepth, ColorType, Compression, Encoder, EncodingError};
use resvg::tiny_skia::Pixmap;

/// Largest palette of a PNG.
const MAX_COLORS: usize = 256;
/// Colours of a palette with four bits a pixel.
const SMALL_PALETTE: usize = 16;
/// Least distance between two kept colours, of 441 between black and white.
const STEP: u32 = 28;

/// Encodes an opaque picture: with a palette of 16 colours if it has at most 256, which are flat
/// colours and the edges of text, else in RGB.
pub(super) fn png(pixels: &Pixmap) -> Result<Vec<u8>, EncodingError> {
    let (width, height) = (pixels.width(), pixels.height());
    let colors: Vec<[u8; 3]> = pixels
        .pixels()
        .iter()
        .map(|pixel| {
            let color = pixel.demultiply();
            [color.red(), color.green(), color.blue()]
        })
        .collect();
    let mut bytes = Vec::with_capacity(32 << 10);
    let mut encoder = Encoder::new(&mut bytes, width, height);
    encoder.set_compression(Compression::Balanced);
    match indexed(&colors) {
        Some((palette, indices)) => {
            let (palette, indices) = reduced(&palette, indices);
            encoder.set_color(ColorType::Indexed);
            encoder.set_depth(BitDepth::Four);
            encoder.set_palette(palette.concat());
            encoder.set_filter(png::Filter::NoFilter);
            encoder.write_header()?.write_image_data(&packed(&indices, width as usize))?;
        }
        None => {
            encoder.set_color(ColorType::Rgb);
            encoder.set_depth(BitDepth::Eight);
            encoder.write_header()?.write_image_data(&colors.concat())?;
        }
    }
    Ok(bytes)
}

/// A palette in the order of first use, and the index of each pixel's colour in it.
fn indexed(colors: &[[u8; 3]]) -> Option<(Vec<[u8; 3]>, Vec<u8>)> {
    let mut palette: Vec<[u8; 3]> = Vec::new();
    let mut known: HashMap<[u8; 3], u8> = HashMap::new();
    let mut indices = Vec::with_capacity(colors.len());
    let mut last: Option<([u8; 3], u8)> = None;
    for &color in colors {
        let index = match last {
            Some((same, index)) if same == color => index,
            _ => match known.get(&color) {
                Some(&index) => index,
                None if palette.len() < MAX_COLORS => {
                    let index = u8::try_from(palette.len()).ok()?;
                    palette.push(color);
                    known.insert(color, index);
                    index
                }
                None => return None,
            },
        };
        last = Some((color, index));
        indices.push(index);
    }
    Some((palette, indices))
}

/// Reduces a palette to 16 colours, so that a pixel takes four bits: the most frequent ones that
/// differ visibly, which are the flat colours and some steps between each text and its background.
fn reduced(palette: &[[u8; 3]], mut indices: Vec<u8>) -> (Vec<[u8; 3]>, Vec<u8>) {
    let mut counts = vec![0_usize; palette.len()];
    for &index in &indices {
        counts[usize::from(index)] += 1;
    }
    let mut order: Vec<usize> = (0..palette.len()).collect();
    order.sort_by_key(|&at| std::cmp::Reverse(counts[at]));
    let mut kept: Vec<[u8; 3]> = Vec::with_capacity(SMALL_PALETTE);
    for at in order {
        let color = palette[at];
        let is_new = kept.iter().all(|&other| distance(color, other) >= STEP * STEP);
        if is_new && kept.len() < SMALL_PALETTE {
            kept.push(color);
        }
    }
    let nearest = |&color: &[u8; 3]| {
        let near = (0_u8..).zip(&kept).min_by_key(|&(_, &other)| distance(color, other));
        near.map_or(0, |(at, _)| at)
    };
    let mapping: Vec<u8> = palette.iter().map(nearest).collect();
    for index in &mut indices {
        *index = mapping[usize::from(*index)];
    }
    (kept, indices)
}

/// Square of the distance between two colours.
fn distance(a: [u8; 3], b: [u8; 3]) -> u32 {
    let squares = a.into_iter().zip(b).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2));
    squares.sum()
}

/// Two pixels a byte, each row from a new byte.
fn packed(indices: &[u8], width: usize) -> Vec<u8> {
    let rows = indices.chunks(width.max(1));
    rows.flat_map(|row| row.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0))).collect()
}
