//! Makes smaller copies of pictures: PNG, JPEG, WebP or GIF → WebP.
//!
//! The same picture gives the same bytes: it is scaled with whole numbers, and libwebp 1.x codes on
//! one thread, without randomness. libwebp has machine code of its own for each processor that is
//! meant to give equal results, but computes the strength of its quantiser with the C library's
//! `pow`: another version of libwebp or another kind of processor may change some bytes.

use std::fmt;
use std::io::Cursor;

use image::codecs::gif::GifDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::metadata::Orientation;
use image::{AnimationDecoder, ColorType, DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

/// Version of the copies: increase it when the same picture gets other copies, as with a new
/// version of libwebp.
pub(crate) const VERSION: u32 = 1;

/// Maximum number of pixels of a picture.
const MAX_PIXELS: u64 = 40_000_000;

/// Maximum memory of a decoded picture in bytes, with its file and what its decoder needs.
const MAX_MEMORY: u64 = 144 << 20;

/// Maximum width and height of a WebP in pixels (RFC 9649, section 1).
const MAX_SIDE: u32 = 16383;

/// Number of colours up to which a PNG is coded without loss: charts and screenshots.
const MAX_PALETTE: usize = 256;

/// Maximum size of a colour profile that copies have, in bytes: cameras and phones write 0.5 to 4 KB.
const MAX_PROFILE: usize = 8 << 10;

/// A smaller copy of a picture.
#[derive(Debug)]
pub(crate) struct SmallCopy {
    /// Width in pixels, as it is shown.
    pub(crate) width: u32,
    /// Height in pixels, as it is shown.
    pub(crate) height: u32,
    /// The bytes of a WebP.
    pub(crate) bytes: Vec<u8>,
}

/// The reason why a picture has no copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Problem {
    /// It has more than [`MAX_PIXELS`], or needs too much memory: width and height.
    TooLarge(u32, u32),
    /// The decoder's message.
    Undecodable(String),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge(width, height) => {
                f.write_str(&tr!("it has {width} × {height} pixels", width, height))
            }
            Self::Undecodable(reason) => f.write_str(reason),
        }
    }
}

impl From<image::ImageError> for Problem {
    fn from(error: image::ImageError) -> Self {
        Self::Undecodable(error.to_string())
    }
}

/// A decoded picture.
struct Decoded {
    image: DynamicImage,
    /// How it is turned when it is shown.
    orientation: Orientation,
    /// Its colour profile, if copies need it.
    profile: Option<Vec<u8>>,
}

/// Makes the copies of a picture: one for each of the widths below its own, and one at its own
/// width unless that is larger than all. Calls `done` with each. An animated picture and one of
/// another type have none.
///
/// # Errors
/// The picture is too large or cannot be decoded.
pub(crate) fn scale(
    bytes: Vec<u8>,
    widths: &[u32],
    quality: u8,
    mut done: impl FnMut(SmallCopy),
) -> Result<(), Problem> {
    let format = ImageReader::new(Cursor::new(&bytes)).with_guessed_format().ok().and_then(|it| it.format());
    let Some(format) = format else { return Ok(()) };
    let Some(Decoded { image, orientation, profile }) = decode(bytes, format)? else { return Ok(()) };
    let is_turned = matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    );
    let (width, height) = match is_turned {
        true => (image.height(), image.width()),
        false => (image.width(), image.height()),
    };
    let is_lossless = format == ImageFormat::Png && has_few_colours(&image);
    for new_width in widths_below(width, widths) {
        let exact = u64::from(height) * u64::from(new_width);
        let rounded = (exact + u64::from(width) / 2) / u64::from(width);
        let new_height = u32::try_from(rounded).unwrap_or(u32::MAX).clamp(1, height);
        if new_width.max(new_height) > MAX_SIDE {
            continue;
        }
        let (x, y) = if is_turned { (new_height, new_width) } else { (new_width, new_height) };
        let mut scaled = shrink(&image, x, y);
        scaled.apply_orientation(orientation);
        let mut bytes = encode(&scaled, is_lossless, quality)?;
        if let Some(profile) = &profile {
            bytes = with_profile(&bytes, profile, &scaled);
        }
        done(SmallCopy { width: new_width, height: new_height, bytes });
    }
    Ok(())
}

/// The widths of the copies of a picture, ascending.
fn widths_below(own: u32, widths: &[u32]) -> Vec<u32> {
    let mut wanted: Vec<u32> = widths.iter().copied().filter(|&width| width < own).collect();
    if widths.last().is_some_and(|&last| own <= last) {
        wanted.push(own);
    }
    wanted
}

/// Removes the colour profiles of a PNG that are longer than a copy may have, compressed: the decoder
/// would expand them to any size (png 0.18). Other metadata is not in a published picture.
fn without_long_profiles(mut png: Vec<u8>) -> Vec<u8> {
    // A chunk has its length, its type, its data and a check sum (PNG, section 5.3).
    let (mut at, mut kept) = (8, 8);
    while let Some(&[a, b, c, d]) = png.get(at..at + 4) {
        let data = u32::from_be_bytes([a, b, c, d]) as usize;
        let end = at.saturating_add(data).saturating_add(12).min(png.len());
        if data <= MAX_PROFILE || png.get(at + 4..at + 8) != Some(b"iCCP") {
            png.copy_within(at..end, kept);
            kept += end - at;
        }
        at = end;
    }
    if kept < at {
        png.copy_within(at.., kept);
        png.truncate(kept + png.len() - at);
    }
    png
}

/// Decodes a picture; `None` if it is animated or of another type.
fn decode(mut bytes: Vec<u8>, format: ImageFormat) -> Result<Option<Decoded>, Problem> {
    if format == ImageFormat::Png {
        bytes = without_long_profiles(bytes);
    }
    let (is_progressive, held) = (is_progressive(&bytes), bytes.len() as u64);
    let source = Cursor::new(bytes);
    Ok(match format {
        ImageFormat::Png => {
            let mut limits = Limits::no_limits();
            limits.max_alloc = Some(MAX_MEMORY);
            let decoder = PngDecoder::with_limits(source, limits)?;
            if decoder.is_apng()? {
                return Ok(None);
            }
            let memory = u64::from(decoder.color_type().bytes_per_pixel());
            Some(read(decoder, (held, memory), Orientation::NoTransforms)?)
        }
        ImageFormat::Jpeg => {
            let mut decoder = image::codecs::jpeg::JpegDecoder::new(source)?;
            let orientation = decoder.orientation()?;
            // A progressive one is decoded as a whole: two bytes for each of up to four components.
            let memory = if is_progressive { 11 } else { 3 };
            Some(read(decoder, (held, memory), orientation)?)
        }
        ImageFormat::WebP => {
            let decoder = WebPDecoder::new(source)?;
            if decoder.has_animation() {
                return Ok(None);
            }
            // Pixels, and the planes or the colours that they are made from.
            Some(read(decoder, (held, 8), Orientation::NoTransforms)?)
        }
        ImageFormat::Gif => {
            let decoder = GifDecoder::new(source)?;
            // The canvas, two frames and the picture that is made from them.
            check_size(&decoder, (held, 17))?;
            let mut frames = decoder.into_frames();
            let Some(first) = frames.next().transpose()? else { return Ok(None) };
            if frames.next().is_some() {
                return Ok(None);
            }
            let image = DynamicImage::ImageRgba8(first.into_buffer());
            Some(Decoded { image, orientation: Orientation::NoTransforms, profile: None })
        }
        _ => None,
    })
}

/// Decodes a picture. `memory` is the size of its file in bytes, and the bytes for each pixel.
fn read(
    mut decoder: impl ImageDecoder,
    memory: (u64, u64),
    orientation: Orientation,
) -> Result<Decoded, Problem> {
    check_size(&decoder, memory)?;
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_MEMORY);
    decoder.set_limits(limits)?;
    let profile = decoder.icc_profile().ok().flatten().filter(|profile| is_needed(profile));
    Ok(Decoded { image: DynamicImage::from_decoder(decoder)?, orientation, profile })
}

/// True for a colour profile (ICC.1:2022, section 7.2) of red, green and blue other than sRGB, which
/// browsers take for granted. Grey and CMYK are converted to RGB, so that their profiles are wrong.
fn is_needed(profile: &[u8]) -> bool {
    let holds = |text: &[u8]| profile.windows(text.len()).any(|window| window == text);
    let is_srgb = holds(b"sRGB") || holds(b"s\0R\0G\0B");
    profile.len() <= MAX_PROFILE && profile.get(16..20) == Some(b"RGB ") && !is_srgb
}

fn check_size(decoder: &impl ImageDecoder, (held, memory): (u64, u64)) -> Result<(), Problem> {
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    match pixels > MAX_PIXELS || pixels.saturating_mul(memory).saturating_add(held) > MAX_MEMORY {
        true => Err(Problem::TooLarge(width, height)),
        false => Ok(()),
    }
}

/// True for a progressive JPEG: its frame begins with the marker SOF2 (ITU T.81, table B.1).
fn is_progressive(bytes: &[u8]) -> bool {
    let mut at = 2;
    while let Some(&[0xFF, marker, high, low]) = bytes.get(at..at + 4) {
        match marker {
            0xC2 => return true,
            0xC0 | 0xC1 | 0xDA => return false,
            0xFF => at += 1,
            _ => at += 2 + (usize::from(high) << 8 | usize::from(low)),
        }
    }
    // Where the frame is cannot be told: count with the larger memory.
    bytes.starts_with(&[0xFF, 0xD8])
}

/// True if a picture has at most [`MAX_PALETTE`] colours.
fn has_few_colours(image: &DynamicImage) -> bool {
    let samples = usize::from(image.color().bytes_per_pixel());
    let mut seen = std::collections::HashSet::new();
    let mut last: &[u8] = &[];
    for pixel in image.as_bytes().chunks_exact(samples) {
        if pixel != last && seen.insert(pixel) && seen.len() > MAX_PALETTE {
            return false;
        }
        last = pixel;
    }
    true
}

/// Makes a picture smaller: each new pixel is the mean of the area that it covers, colours weighted
/// by their opacity. The result has three channels of 8 bits, or four with alpha.
fn shrink(image: &DynamicImage, width: u32, height: u32) -> DynamicImage {
    let channels = usize::from(image.color().channel_count());
    let own = (image.width(), image.height());
    let new = (width, height);
    let pixels = match (image.as_flat_samples_u8(), image.as_flat_samples_u16()) {
        (Some(it), _) => means(it.samples, 0xFF, channels, own, new),
        (_, Some(it)) => means(it.samples, 0xFFFF, channels, own, new),
        // Of no format that is decoded here.
        _ => return shrink(&image.to_rgba8().into(), width, height),
    };
    let has_alpha = channels.is_multiple_of(2);
    let made = match has_alpha {
        true => image::RgbaImage::from_raw(width, height, pixels).map(DynamicImage::ImageRgba8),
        false => image::RgbImage::from_raw(width, height, pixels).map(DynamicImage::ImageRgb8),
    };
    made.unwrap_or_else(|| DynamicImage::new_rgb8(width, height))
}

/// The means of areas. `samples` has `channels` numbers of up to `max` for each pixel: grey or three
/// colours, then alpha if the number of channels is even. `own` is the size of the picture, `new`
/// that of the result: 3 or 4 bytes for each pixel.
fn means<T: Into<u64> + Copy>(
    samples: &[T],
    max: u64,
    channels: usize,
    own: (u32, u32),
    new: (u32, u32),
) -> Vec<u8> {
    let (width, height) = (u64::from(own.0), u64::from(own.1));
    let has_alpha = channels.is_multiple_of(2);
    let colours = channels - usize::from(has_alpha);
    let stride = own.0 as usize * channels;
    let mut bytes = Vec::with_capacity(new.0 as usize * new.1 as usize * (3 + usize::from(has_alpha)));
    let mut sums = vec![0u64; new.0 as usize * channels];
    for y in 0..u64::from(new.1) {
        sums.fill(0);
        for (row, weight) in covered(y, height, u64::from(new.1)) {
            let row = &samples[row * stride..(row + 1) * stride];
            for (x, sums) in sums.chunks_exact_mut(channels).enumerate() {
                for (column, part) in covered(x as u64, width, u64::from(new.0)) {
                    let pixel = &row[column * channels..(column + 1) * channels];
                    let alpha = if has_alpha { pixel[colours].into() } else { 1 };
                    let weight = weight * part;
                    for (sum, &colour) in sums[..colours].iter_mut().zip(pixel) {
                        *sum += weight * alpha * colour.into();
                    }
                    if has_alpha {
                        sums[colours] += weight * alpha;
                    }
                }
            }
        }
        for sums in sums.chunks_exact(channels) {
            let opacity = if has_alpha { sums[colours] } else { width * height };
            let mean = |sum: u64, whole: u64| {
                let mean = (sum + whole / 2).checked_div(whole).unwrap_or_default();
                u8::try_from((mean * 255 + max / 2) / max).unwrap_or(u8::MAX)
            };
            let colour = |at: usize| mean(sums[at.min(colours - 1)], opacity);
            bytes.extend([colour(0), colour(1), colour(2)]);
            if has_alpha {
                bytes.push(mean(sums[colours], width * height));
            }
        }
    }
    bytes
}

/// The pixels of a line of `own` that pixel `at` of a line of `new` covers, each with its weight.
/// The weights add up to `own`.
fn covered(at: u64, own: u64, new: u64) -> impl Iterator<Item = (usize, u64)> {
    let (start, end) = (at * own, (at + 1) * own);
    (start / new..end.div_ceil(new)).map(move |pixel| {
        let weight = end.min((pixel + 1) * new) - start.max(pixel * new);
        (usize::try_from(pixel).unwrap_or_default(), weight)
    })
}

/// Codes a picture as WebP.
fn encode(image: &DynamicImage, is_lossless: bool, quality: u8) -> Result<Vec<u8>, Problem> {
    let encoder = match image.color() {
        ColorType::Rgba8 => webp::Encoder::from_rgba(image.as_bytes(), image.width(), image.height()),
        _ => webp::Encoder::from_rgb(image.as_bytes(), image.width(), image.height()),
    };
    let coded = encoder.encode_simple(is_lossless, f32::from(quality));
    coded.map(|coded| coded.to_vec()).map_err(|error| Problem::Undecodable(format!("{error:?}")))
}

/// Adds a colour profile to a WebP: the chunk `ICCP` behind `VP8X`, which libwebp writes only for a
/// lossy picture with alpha (RFC 9649, section 2.7).
fn with_profile(webp: &[u8], profile: &[u8], image: &DynamicImage) -> Vec<u8> {
    let chunks = webp.get(12..).unwrap_or_default();
    let (mut extended, rest) = match chunks.split_at_checked(18) {
        Some((extended, rest)) if extended.starts_with(b"VP8X") => (extended.to_vec(), rest),
        _ => {
            let side = |length: u32| (length - 1).to_le_bytes();
            let ([w0, w1, w2, _], [h0, h1, h2, _]) = (side(image.width()), side(image.height()));
            let alpha = if image.color().has_alpha() { 0x10 } else { 0 };
            let size = [alpha, 0, 0, 0, w0, w1, w2, h0, h1, h2];
            ([&b"VP8X\x0A\0\0\0"[..], &size].concat(), chunks)
        }
    };
    extended[8] |= 0x20;
    let length = |bytes: usize| u32::try_from(bytes).unwrap_or_default().to_le_bytes();
    let padding = &[0][..profile.len() % 2];
    let chunks = [&extended[..], b"ICCP", &length(profile.len()), profile, padding, rest].concat();
    [b"RIFF", &length(chunks.len() + 4)[..], b"WEBP", &chunks].concat()
}

#[cfg(test)]
mod tests;
