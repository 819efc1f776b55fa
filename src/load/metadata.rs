//! Removes metadata from pictures before they are published: a photograph may name the place where
//! it was taken. The pixels are not touched, and a picture without metadata keeps its bytes.
//!
//! - JPEG (ITU T.81, annex B): JFIF, ICC profiles and Adobe's transform stay, all other application
//!   segments and comments go. An orientation other than the normal one stays, alone in a segment.
//! - PNG (third edition, chapter 11): chunks that decide what is shown stay. Texts, times, Exif and
//!   private chunks go.
//! - WebP (RFC 9649, section 2.7): `EXIF`, `XMP ` and unknown chunks go.
//! - GIF (89a): comments and application data go, except for the loop and colour profiles.
//!
//! Bytes behind the end of a picture go as well: some phones put a film there. Written by hand,
//! since `img-parts` knows no GIF, keeps what is behind the end, and copies each part.

use std::ops::Range;

/// Version of [`remove`]: increase it when the same file gets other bytes.
pub(super) const VERSION: u32 = 1;

/// A part of a published picture.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    /// Bytes of the file.
    Keep(Range<usize>),
    /// A segment of a JPEG with nothing but an orientation. It replaces a longer one.
    Orientation(u8),
}

/// Length of a segment with nothing but an orientation, in bytes.
const ORIENTATION_BYTES: usize = 36;

/// Maximum number of fields of Exif data that are searched for the orientation.
const MAX_FIELDS: usize = 1000;

/// Removes metadata from the bytes of a picture. What is no JPEG, PNG, WebP or GIF stays as it is.
/// The result is never longer.
pub(super) fn remove(mut bytes: Vec<u8>) -> Vec<u8> {
    let is_webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    let pieces = match &*bytes {
        [0xFF, 0xD8, ..] => jpeg(&bytes),
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => png(&bytes),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => gif(&bytes),
        _ if is_webp => webp(&bytes),
        _ => return bytes,
    };
    if pieces == [Piece::Keep(0..bytes.len())] {
        return bytes;
    }
    let webp_end = webp_end(&bytes);
    // In place, since pictures are large: a piece is never longer than what it replaces.
    let mut end = 0;
    for piece in pieces {
        match piece {
            Piece::Keep(range) => {
                bytes.copy_within(range.clone(), end);
                end += range.len();
            }
            Piece::Orientation(orientation) => {
                bytes[end..end + ORIENTATION_BYTES].copy_from_slice(&orientation_segment(orientation));
                end += ORIENTATION_BYTES;
            }
        }
    }
    if is_webp {
        describe_webp(&mut bytes, webp_end.saturating_sub(end));
    }
    bytes.truncate(end);
    bytes.shrink_to_fit();
    bytes
}

/// A list of pieces. Neighbours are joined.
#[derive(Default)]
struct Pieces(Vec<Piece>);

impl Pieces {
    fn keep(&mut self, range: Range<usize>) {
        match self.0.last_mut() {
            Some(Piece::Keep(last)) if last.end == range.start => last.end = range.end,
            _ => self.0.push(Piece::Keep(range)),
        }
    }
}

/// An APP1 segment with an orientation (Exif 2.3, sections 4.5.4 and 4.6.4).
fn orientation_segment(orientation: u8) -> [u8; ORIENTATION_BYTES] {
    let mut segment = *b"\xFF\xE1\0\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    segment[29] = orientation;
    segment
}

/// The segments of a JPEG that are published.
fn jpeg(bytes: &[u8]) -> Vec<Piece> {
    let mut pieces = Pieces::default();
    pieces.keep(0..2);
    let (mut at, mut has_exif) = (2, false);
    loop {
        // Decoders skip what is no marker, and more than one byte 0xFF before one.
        let Some(start) = bytes[at..].iter().position(|&byte| byte == 0xFF).map(|skipped| at + skipped)
        else {
            return pieces.0;
        };
        let Some(code) = bytes[start..].iter().position(|&byte| byte != 0xFF).map(|skipped| start + skipped)
        else {
            return pieces.0;
        };
        let (start, marker) = (code - 1, bytes[code]);
        at = code + 1;
        match marker {
            0x00 => continue,
            0x01 | 0xD0..=0xD8 => {
                pieces.keep(start..at);
                continue;
            }
            0xD9 => {
                pieces.keep(start..at);
                return pieces.0;
            }
            _ => {}
        }
        let length =
            bytes.get(at..at + 2).map_or(0, |length| usize::from(length[0]) << 8 | usize::from(length[1]));
        let Some(data) = bytes.get(at + 2..at + length).filter(|_| length >= 2) else { return pieces.0 };
        at += length;
        let is_kept = match marker {
            0xE0 => data.starts_with(b"JFIF\0"),
            0xE2 => data.starts_with(b"ICC_PROFILE\0"),
            0xEE => data.starts_with(b"Adobe"),
            0xE1 if !has_exif && data.starts_with(b"Exif\0\0") => {
                has_exif = true;
                match orientation(&data[6..]) {
                    None | Some(1) => false,
                    // Nothing else fits into so short a segment.
                    Some(_) if at - start < ORIENTATION_BYTES => true,
                    Some(own) if bytes[start..at] == orientation_segment(own) => true,
                    Some(own) => {
                        pieces.0.push(Piece::Orientation(own));
                        false
                    }
                }
            }
            0xE1 | 0xE3..=0xED | 0xEF | 0xFE => false,
            _ => true,
        };
        if is_kept {
            pieces.keep(start..at);
        }
        if marker == 0xDA {
            let scan = &bytes[at..];
            let is_end = |pair: &[u8]| pair[0] == 0xFF && !matches!(pair[1], 0x00 | 0xD0..=0xD7 | 0xFF);
            let length = scan.windows(2).position(is_end).unwrap_or(scan.len());
            pieces.keep(at..at + length);
            at += length;
        }
    }
}

/// The orientation of Exif data, from 1 to 8: a field of the first directory (TIFF 6.0, section 2).
/// Read as leniently as browsers do, which ignore errors in other fields.
fn orientation(tiff: &[u8]) -> Option<u8> {
    let is_little = match tiff.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let number = |at: usize, length: usize| {
        let bytes = tiff.get(at..at.checked_add(length)?)?;
        let join = |number: usize, byte: &u8| number << 8 | usize::from(*byte);
        Some(if is_little { bytes.iter().rev().fold(0, join) } else { bytes.iter().fold(0, join) })
    };
    let directory = number(4, 4)?;
    let fields = (0..number(directory, 2)?).map(|field| directory + 2 + 12 * field);
    let is_orientation = |&at: &usize| number(at, 2) == Some(0x0112) && number(at + 2, 2) == Some(3);
    let value = fields.take(MAX_FIELDS).find(is_orientation).and_then(|at| number(at + 8, 2))?;
    u8::try_from(value).ok().filter(|value| (1..=8).contains(value))
}

/// True if browsers show a JPEG turned by a quarter: its orientation is 5 to 8.
pub(super) fn is_turned(jpeg: &[u8]) -> bool {
    let mut at = 2;
    while let Some(&[0xFF, marker, high, low]) = jpeg.get(at..at + 4) {
        let length = usize::from(high) << 8 | usize::from(low);
        let data = jpeg.get(at + 4..at + 2 + length).unwrap_or_default();
        match marker {
            0xE1 if data.starts_with(b"Exif\0\0") => {
                return orientation(&data[6..]).is_some_and(|orientation| orientation >= 5);
            }
            0xDA => return false,
            0xFF => at += 1,
            _ => at += 2 + length,
        }
    }
    false
}

/// Chunks of a PNG that decide what is shown. Those of an animation are among them.
const PNG_SHOWN: [&[u8; 4]; 19] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP",
    b"mDCV", b"cLLI", b"bKGD", b"hIST", b"pHYs", b"acTL", b"fcTL", b"fdAT",
];

/// The chunks of a PNG that are published.
fn png(bytes: &[u8]) -> Vec<Piece> {
    let mut pieces = Pieces::default();
    pieces.keep(0..8);
    let mut at = 8;
    while let Some(&[a, b, c, d, ref name @ ..]) = bytes.get(at..at + 8) {
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        let end = at.saturating_add(length).saturating_add(12).min(bytes.len());
        // Decoders refuse an unknown chunk that is critical: its name begins with a capital letter.
        if name[0].is_ascii_uppercase() || PNG_SHOWN.iter().any(|shown| shown[..] == *name) {
            pieces.keep(at..end);
        }
        if name == b"IEND" {
            break;
        }
        at = end;
    }
    pieces.0
}

/// Chunks of a WebP that are shown.
const WEBP_SHOWN: [&[u8; 4]; 7] = [b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ICCP", b"ANIM", b"ANMF"];

/// The chunks of a WebP that are published.
fn webp(bytes: &[u8]) -> Vec<Piece> {
    let mut pieces = Pieces::default();
    pieces.keep(0..12);
    let limit = webp_end(bytes);
    let mut at = 12;
    while let Some(name) = bytes.get(at..at + 8).filter(|_| at + 8 <= limit) {
        let length = little_endian(bytes, at + 4);
        let end = at.saturating_add(8 + length + length % 2).min(limit);
        if WEBP_SHOWN.iter().any(|shown| name.starts_with(&shown[..])) {
            pieces.keep(at..end);
        }
        at = end;
    }
    pieces.0
}

/// The end of a WebP, as far as the file goes.
fn webp_end(bytes: &[u8]) -> usize {
    bytes.len().min(little_endian(bytes, 4).saturating_add(8))
}

/// Writes the size of a WebP that is `removed` bytes shorter, and that it has no metadata.
fn describe_webp(bytes: &mut [u8], removed: usize) {
    let size = little_endian(bytes, 4).saturating_sub(removed);
    if let (Ok(size), Some(place)) = (u32::try_from(size), bytes.get_mut(4..8)) {
        place.copy_from_slice(&size.to_le_bytes());
    }
    if bytes.get(12..16) == Some(b"VP8X")
        && let Some(flags) = bytes.get_mut(20)
    {
        *flags &= !0b1100;
    }
}

fn little_endian(bytes: &[u8], at: usize) -> usize {
    let four = bytes.get(at..at + 4).and_then(|four| <[u8; 4]>::try_from(four).ok());
    four.map_or(0, |four| u32::from_le_bytes(four) as usize)
}

/// The blocks of a GIF that are published.
fn gif(bytes: &[u8]) -> Vec<Piece> {
    let mut pieces = Pieces::default();
    let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let mut at = 13 + bytes.get(10).map_or(0, |&flags| table(flags));
    pieces.keep(0..at.min(bytes.len()));
    while let Some(&kind) = bytes.get(at) {
        let start = at;
        let is_kept = match (kind, bytes.get(at + 1)) {
            (0x21, Some(label)) => {
                at += 2;
                let is_application = *label == 0xFF;
                let names: [&[u8]; 3] = [b"\x0BNETSCAPE2.0", b"\x0BANIMEXTS1.0", b"\x0BICCRGBG1012"];
                let is_known = names.iter().any(|name| bytes[at..].starts_with(name));
                *label != 0xFE && (!is_application || is_known)
            }
            (0x2C, _) => {
                at += 10 + bytes.get(at + 9).map_or(0, |&flags| table(flags)) + 1;
                true
            }
            (0x3B, _) => {
                pieces.keep(start..start + 1);
                break;
            }
            _ => break,
        };
        // Blocks of up to 255 bytes, and an empty one at the end.
        while let Some(&length) = bytes.get(at) {
            at += 1 + usize::from(length);
            if length == 0 {
                break;
            }
        }
        if is_kept && start < bytes.len() {
            pieces.keep(start..at.min(bytes.len()));
        }
    }
    pieces.0
}

/// True if an AVIF has Exif data or XMP: an item of the type `Exif` or `mime` (HEIF, ISO/IEC
/// 23008-12, annex A). Such a file is published as it is, since removing an item moves all others.
pub(super) fn is_in_avif(bytes: &[u8]) -> bool {
    let Some(items) = find_box(bytes, b"meta").and_then(|meta| find_box(meta.get(4..)?, b"iinf")) else {
        return false;
    };
    let header = if items.first() == Some(&0) { 6 } else { 8 };
    let entries = items.get(header..).unwrap_or_default();
    boxes(entries).any(|(name, entry)| {
        let kind = if entry.first() == Some(&3) { 10..14 } else { 8..12 };
        name == b"infe" && matches!(entry.get(kind), Some(b"Exif" | b"mime"))
    })
}

fn find_box<'b>(bytes: &'b [u8], wanted: &[u8; 4]) -> Option<&'b [u8]> {
    boxes(bytes).find(|(name, _)| name == wanted).map(|(_, content)| content)
}

/// Iterates over the boxes of an ISO base media file: name and content.
fn boxes(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (size, name) = (rest.get(..4)?, rest.get(4..8)?);
        let size = u32::from_be_bytes(size.try_into().ok()?) as usize;
        // 0: up to the end of the file. 1: a size of 64 bits, which a picture does not need.
        let end = if size == 0 { rest.len() } else { size.min(rest.len()) };
        let content = rest.get(8..end)?;
        rest = &rest[end..];
        Some((name, content))
    })
}

#[cfg(test)]
mod tests;
