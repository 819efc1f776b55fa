use proptest::prelude::*;

use super::*;

/// A segment of a JPEG.
fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len() + 2).unwrap().to_be_bytes();
    [&[0xFF, marker][..], &length, data].concat()
}

/// Exif data with an orientation and a place.
fn exif(orientation: u8) -> Vec<u8> {
    let fields: [&[u8]; 3] = [
        &[0x12, 0x01, 0x03, 0, 1, 0, 0, 0, orientation, 0, 0, 0],
        // GPSInfo, and the maker as a text behind the fields.
        &[0x25, 0x88, 0x04, 0, 1, 0, 0, 0, 38, 0, 0, 0],
        b"\0\0\0\0GPS 31.2304 N 121.4737 E",
    ];
    [&b"Exif\0\0II*\0\x08\0\0\0\x02\0"[..], &fields.concat()].concat()
}

const SCAN: [u8; 11] = [0xFF, 0xDA, 0, 4, 1, 2, 0x31, 0xFF, 0x00, 0xFF, 0xD0];
const END: [u8; 2] = [0xFF, 0xD9];

fn jpeg_of(segments: &[Vec<u8>]) -> Vec<u8> {
    [&[0xFF, 0xD8][..], &segments.concat(), &SCAN, &END].concat()
}

fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    [&u32::try_from(data.len()).unwrap().to_be_bytes()[..], name, data, b"CRC."].concat()
}

fn png_of(chunks: &[Vec<u8>]) -> Vec<u8> {
    [b"\x89PNG\r\n\x1a\n", &*chunks.concat()].concat()
}

fn webp_of(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let chunk = |&(name, data): &(&[u8; 4], &[u8])| {
        let length = u32::try_from(data.len()).unwrap().to_le_bytes();
        [&name[..], &length, data, &[0][..data.len() % 2]].concat()
    };
    let chunks: Vec<u8> = chunks.iter().flat_map(chunk).collect();
    [b"RIFF", &u32::try_from(chunks.len() + 4).unwrap().to_le_bytes()[..], b"WEBP", &chunks].concat()
}

#[test]
fn a_jpeg_keeps_profiles_and_its_orientation_and_no_place() {
    let jfif = segment(0xE0, b"JFIF\0\x01\x02");
    let icc = segment(0xE2, b"ICC_PROFILE\0\x01\x01profile");
    let adobe = segment(0xEE, b"Adobe\0\x64");
    let tables = segment(0xDB, b"tables");
    let kept = [jfif, icc, adobe, tables];
    let metadata = [
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>"),
        segment(0xED, b"Photoshop 3.0\0place"),
        segment(0xFE, b"a comment"),
        segment(0xE0, b"JFXX\0thumbnail"),
        segment(0xE2, b"MPF\0II*\0"),
        segment(0xEB, b"JP\0\0jumb"),
    ];
    let mixed = |first: u8| {
        let mut all = vec![kept[0].clone(), segment(0xE1, &exif(first))];
        all.extend(metadata.clone());
        all.extend(kept[1..].to_vec());
        // Exif data a second time does not count.
        all.push(segment(0xE1, &exif(8)));
        [&jpeg_of(&all)[..], b"a film behind the picture"].concat()
    };
    assert_eq!(remove(mixed(1)), jpeg_of(&kept));
    let turned = remove(mixed(6));
    let mut wanted = kept.to_vec();
    wanted.insert(1, orientation_segment(6).to_vec());
    assert_eq!(turned, jpeg_of(&wanted));
    assert_eq!(orientation(&orientation_segment(6)[10..]), Some(6));
    assert_eq!(remove(jpeg_of(&kept)), jpeg_of(&kept));
}

#[test]
fn a_jpeg_that_is_cut_off_keeps_what_is_shown() {
    let tables = segment(0xDB, b"tables");
    let whole = jpeg_of(&[segment(0xFE, b"comment"), tables.clone()]);
    assert_eq!(remove(whole[..whole.len() - 2].to_vec()), [&[0xFF, 0xD8][..], &tables, &SCAN].concat());
    assert_eq!(remove(whole[..9].to_vec()), [0xFF, 0xD8]);
    // Bytes between two segments are skipped, as decoders do.
    let between = [&[0xFF, 0xD8][..], b"GPS", &tables, &SCAN, &END].concat();
    assert_eq!(remove(between), jpeg_of(&[tables]));
}

#[test]
fn a_png_loses_texts_times_and_private_chunks() {
    let head = chunk(b"IHDR", &[0; 13]);
    let rest =
        [chunk(b"gAMA", &[0; 4]), chunk(b"acTL", &[0; 8]), chunk(b"IDAT", b"data"), chunk(b"IEND", b"")];
    let mut shown = vec![head.clone()];
    shown.extend(rest.clone());
    let mut all = vec![head];
    all.extend([b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME", b"caBX"].map(|name| chunk(name, b"place")));
    all.extend(rest);
    assert_eq!(remove([&png_of(&all)[..], b"PK\x03\x04"].concat()), png_of(&shown));
    assert_eq!(remove(png_of(&shown)), png_of(&shown));
    // Half of the pixels are shown, half of a text is not.
    let cut = |chunks: &[Vec<u8>], bytes| png_of(chunks)[..png_of(chunks).len() - bytes].to_vec();
    assert_eq!(remove(cut(&shown[..4], 5)), cut(&shown[..4], 5));
    assert_eq!(remove(cut(&[shown[0].clone(), chunk(b"tEXt", b"place")], 5)), png_of(&shown[..1]));
}

#[test]
fn a_webp_says_that_it_has_no_metadata() {
    let head = |flags| [&[flags, 0, 0, 0][..], &[0; 6]].concat();
    let (with, without) = (head(0b11_1100), head(0b11_0000));
    let all = webp_of(&[
        (b"VP8X", &with),
        (b"ICCP", b"profile"),
        (b"VP8L", b"pixel"),
        (b"EXIF", b"place"),
        (b"XMP ", b"<place/>"),
        (b"none", b"1"),
    ]);
    let wanted = webp_of(&[(b"VP8X", &without), (b"ICCP", b"profile"), (b"VP8L", b"pixel")]);
    assert_eq!(remove([&all[..], b"behind"].concat()), wanted);
    assert_eq!(remove([&wanted[..], b"behind"].concat()), wanted);
    assert_eq!(remove(wanted.clone()), wanted);
}

#[test]
fn a_gif_keeps_its_loop_and_loses_comments() {
    let head = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF";
    let looped = b"\x21\xFF\x0BNETSCAPE2.0\x03\x01\0\0\0";
    let image = b"\x21\xF9\x04\0\0\0\0\0\x2C\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0";
    let shown = [&head[..], looped, image, b"\x3B"].concat();
    let comment = b"\x21\xFE\x05place\0";
    let xmp = b"\x21\xFF\x0BXMP DataXMP\x05place\x01x\0";
    let all = [&head[..], comment, looped, xmp, image, comment, b"\x3Bbehind"].concat();
    assert_eq!(remove(all), shown);
    assert_eq!(remove(shown.clone()), shown);
}

#[test]
fn an_avif_with_metadata_is_recognised() {
    let boxed = |name: &[u8; 4], content: &[u8]| {
        [&u32::try_from(content.len() + 8).unwrap().to_be_bytes()[..], name, content].concat()
    };
    let avif = |kind: &[u8; 4]| {
        let item = |kind: &[u8; 4]| boxed(b"infe", &[&[2, 0, 0, 0, 0, 1, 0, 0][..], kind, b"\0"].concat());
        let items = [&[0, 0, 0, 0, 0, 2][..], &item(b"av01"), &item(kind)].concat();
        let meta = [&[0; 4][..], &boxed(b"hdlr", b"pict"), &boxed(b"iinf", &items)].concat();
        [boxed(b"ftyp", b"avif\0\0\0\0"), boxed(b"meta", &meta)].concat()
    };
    assert!(is_in_avif(&avif(b"Exif")) && is_in_avif(&avif(b"mime")));
    assert!(!is_in_avif(&avif(b"grid")) && !is_in_avif(b"") && !is_in_avif(&[0; 40]));
}

proptest! {
    #[test]
    fn any_bytes_get_no_longer_and_no_shorter_by_a_second_pass(
        start in 0usize..8,
        parts in prop::collection::vec((0usize..12, prop::collection::vec(any::<u8>(), 0..40)), 0..8),
    ) {
        let starts: [&[u8]; 8] = [
            b"", b"\x89PNG\r\n\x1a\n", b"\xFF\xD8", b"GIF89a\x01\0\x01\0\0\0\0", b"GIF89a",
            b"RIFF\x40\0\0\0WEBP", b"RIFF\0\0\0\0WEBP", b"RIFF\xFF\xFF\xFF\xFFWEBP",
        ];
        let part = |(kind, data): &(usize, Vec<u8>)| match kind {
            0 => data.clone(),
            1 => chunk(b"tEXt", data),
            2 => chunk(b"IDAT", data),
            3 => segment(0xE1, &[b"Exif\0\0", &data[..]].concat()),
            4 => segment(0xE1, &exif(data.first().copied().unwrap_or(6))),
            5 => segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0"),
            6 => SCAN.to_vec(),
            7 => webp_of(&[(b"EXIF", data)])[12..].to_vec(),
            8 => webp_of(&[(b"VP8X", data)])[12..].to_vec(),
            9 => [b"\x21\xFE\x03abc\0", &data[..]].concat(),
            10 => [b"\x2C\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0", &data[..]].concat(),
            _ => END.to_vec(),
        };
        let bytes = [starts[start].to_vec(), parts.iter().flat_map(part).collect()].concat();
        let once = remove(bytes.clone());
        prop_assert!(once.len() <= bytes.len());
        prop_assert_eq!(remove(once.clone()), once);
        let _ = is_in_avif(&bytes);
    }
}
