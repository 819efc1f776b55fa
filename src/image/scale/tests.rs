use image::{GenericImageView, ImageEncoder, Rgb, RgbImage, Rgba, RgbaImage};

use super::*;

fn png(image: &DynamicImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    image.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
    bytes
}

/// A JPEG with Exif data that turns it.
fn turned_jpeg(image: &RgbImage, orientation: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 95);
    let exif =
        [&b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0"[..], &[orientation, 0, 0, 0, 0, 0, 0, 0]].concat();
    encoder.set_exif_metadata(exif).unwrap();
    encoder.write_image(image, image.width(), image.height(), ColorType::Rgb8.into()).unwrap();
    bytes
}

fn copies(bytes: Vec<u8>, widths: &[u32]) -> Vec<SmallCopy> {
    let mut copies = Vec::new();
    scale(bytes, widths, 78, |copy| copies.push(copy)).unwrap();
    copies
}

fn sizes(bytes: Vec<u8>, widths: &[u32]) -> Vec<(u32, u32)> {
    let decoded = |copy: SmallCopy| {
        let image = image::load_from_memory_with_format(&copy.bytes, ImageFormat::WebP).unwrap();
        assert_eq!(image.dimensions(), (copy.width, copy.height));
        image.dimensions()
    };
    copies(bytes, widths).into_iter().map(decoded).collect()
}

/// Left half red, right half blue.
fn halves(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| Rgb(if x < width / 2 { [250, 0, 0] } else { [0, 0, 250] }))
}

#[test]
fn a_picture_has_a_copy_for_each_smaller_width_and_one_at_its_own() {
    for (own, widths, wanted) in [
        (1000, &[480, 960][..], &[480, 960][..]),
        (960, &[480, 960], &[480, 960]),
        (700, &[480, 960], &[480, 700]),
        (480, &[480, 960], &[480]),
        (16, &[480, 960], &[16]),
        (1, &[16], &[1]),
        (5000, &[16], &[16]),
    ] {
        assert_eq!(widths_below(own, widths), wanted, "{own}");
    }
    assert_eq!(sizes(png(&halves(300, 200).into()), &[40, 100]), [(40, 27), (100, 67)]);
    assert_eq!(sizes(png(&DynamicImage::new_rgb8(1, 1)), &[480]), [(1, 1)]);
    assert_eq!(sizes(png(&DynamicImage::new_rgb8(300, 1)), &[30]), [(30, 1)]);
    // Higher than a WebP can be.
    assert_eq!(sizes(png(&DynamicImage::new_luma8(2, 17_000)), &[1, 9]), [(1, 8500)]);
}

#[test]
fn a_copy_is_turned_as_browsers_turn_its_picture() {
    for (orientation, size, red_at, blue_at) in [
        (1, (30, 20), (2, 10), (27, 10)),
        (3, (30, 20), (27, 10), (2, 10)),
        (6, (20, 30), (10, 2), (10, 27)),
        (8, (20, 30), (10, 27), (10, 2)),
    ] {
        let jpeg = turned_jpeg(&halves(60, 40), orientation);
        let copy = copies(jpeg, &[size.0]).remove(0);
        let image = image::load_from_memory(&copy.bytes).unwrap().to_rgb8();
        assert_eq!(image.dimensions(), size, "{orientation}");
        let (red, blue) = (image[red_at], image[blue_at]);
        assert!(
            red[0] > 180 && red[2] < 80 && blue[2] > 180 && blue[0] < 80,
            "{orientation}: {red:?} {blue:?}"
        );
    }
}

#[test]
fn pictures_with_few_colours_alpha_and_16_bits_keep_their_colours() {
    let mut chart = RgbaImage::from_pixel(64, 64, Rgba([200, 100, 50, 255]));
    for y in 0..32 {
        (0..64).for_each(|x| chart.put_pixel(x, y, Rgba([9, 9, 9, 0])));
    }
    let deep = DynamicImage::ImageRgba8(chart.clone()).to_rgba16();
    for image in [DynamicImage::from(chart), deep.into()] {
        let copy = copies(png(&image), &[32]).remove(0);
        let image = image::load_from_memory(&copy.bytes).unwrap().to_rgba8();
        // Exact, since the picture has few colours. The colour of a transparent pixel is in no mean.
        assert_eq!(image[(5, 20)], Rgba([200, 100, 50, 255]));
        assert_eq!(image[(5, 5)][3], 0);
    }
    let grey = DynamicImage::ImageLuma16(image::ImageBuffer::from_pixel(40, 40, image::Luma([0x8080])));
    let copy = copies(png(&grey), &[20]).remove(0);
    assert_eq!(image::load_from_memory(&copy.bytes).unwrap().to_rgb8()[(9, 9)], Rgb([128; 3]));
}

#[test]
fn a_copy_has_the_colour_profile_of_its_picture() {
    let profile = |space: &[u8; 4], name: &[u8]| [&[7; 16][..], space, name, b"odd"].concat();
    let (p3, srgb) = (profile(b"RGB ", b"Display P3"), profile(b"RGB ", b"s\0R\0G\0B\0"));
    let mut clear = DynamicImage::from(halves(60, 40)).into_rgba8();
    clear.put_pixel(3, 3, Rgba([1, 2, 3, 90]));
    let noisy =
        RgbaImage::from_fn(60, 40, |x, y| Rgba([x as u8 * 4, y as u8 * 6, (x * y) as u8, 99 + x as u8]));
    for image in [DynamicImage::from(halves(60, 40)), clear.into(), noisy.into()] {
        for (profile, wanted) in [
            (p3.clone(), Some(p3.clone())),
            (srgb.clone(), None),
            (profile(b"GRAY", b"grey"), None),
            (vec![1; 9000], None),
        ] {
            let mut bytes = Vec::new();
            let mut encoder = image::codecs::png::PngEncoder::new(&mut bytes);
            encoder.set_icc_profile(profile).unwrap();
            image.write_with_encoder(encoder).unwrap();
            let copy = copies(bytes, &[30]).remove(0);
            let mut decoder = WebPDecoder::new(Cursor::new(&copy.bytes)).unwrap();
            assert_eq!(decoder.icc_profile().unwrap(), wanted);
            assert_eq!(decoder.dimensions(), (30, 20));
            let decoded = DynamicImage::from_decoder(decoder).unwrap();
            assert_eq!(decoded.color().has_alpha(), image.color().has_alpha());
        }
    }
}

#[test]
fn the_mean_is_that_of_the_covered_area() {
    // 3 pixels to 2: each new one covers one and a half.
    let row = [0u8, 30, 90];
    assert_eq!(means(&row, 255, 1, (3, 1), (2, 1)), [10, 10, 10, 70, 70, 70]);
    let samples: Vec<u8> = (0..24).collect();
    assert_eq!(means(&samples, 255, 3, (4, 2), (4, 2)), samples);
    assert_eq!(means(&[10u8, 0, 200, 255], 255, 2, (2, 1), (1, 1)), [200, 200, 200, 128]);
}

#[test]
fn an_animated_picture_has_no_copies() {
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
    let frame = || image::Frame::new(RgbaImage::new(40, 40));
    encoder.encode_frames([frame(), frame()]).unwrap();
    drop(encoder);
    assert!(copies(bytes, &[20]).is_empty());
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
    encoder.encode_frames([frame()]).unwrap();
    drop(encoder);
    assert_eq!(sizes(bytes, &[20]), [(20, 20)]);
    assert!(copies(b"no picture".to_vec(), &[20]).is_empty() && copies(Vec::new(), &[20]).is_empty());
}

#[test]
fn a_bomb_is_refused_by_its_header() {
    let head = |width: u32, height: u32| {
        let mut bytes = png(&DynamicImage::new_rgb8(1, 1));
        bytes[16..20].copy_from_slice(&width.to_be_bytes());
        bytes[20..24].copy_from_slice(&height.to_be_bytes());
        let crc = bytes[12..29].iter().fold(u32::MAX, |crc, &byte| {
            (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 * (crc & 1)))
        });
        bytes[29..33].copy_from_slice(&(!crc).to_be_bytes());
        scale(bytes, &[480], 78, |_| {}).unwrap_err()
    };
    assert_eq!(head(30_000, 30_000), Problem::TooLarge(30_000, 30_000));
    assert_eq!(head(8000, 5001), Problem::TooLarge(8000, 5001));
    assert!(matches!(head(200, 100), Problem::Undecodable(_)));
    assert!(matches!(head(0, 100), Problem::Undecodable(_)));
}

#[test]
fn the_memory_of_a_progressive_jpeg_counts() {
    assert!(is_progressive(&[0xFF, 0xD8, 0xFF, 0xE0, 0, 3, 9, 0xFF, 0xC2, 0, 9]));
    assert!(!is_progressive(&[0xFF, 0xD8, 0xFF, 0xE0, 0, 3, 9, 0xFF, 0xC0, 0, 9]));
    assert!(!is_progressive(&turned_jpeg(&halves(8, 8), 1)));
}

proptest::proptest! {
    #[test]
    fn no_bytes_panic(
        kind in 0usize..4,
        edits in proptest::collection::vec((0usize..2000, proptest::prelude::any::<u8>()), 0..6),
        cut in 0usize..2000,
    ) {
        let image = DynamicImage::from(halves(24, 24));
        let mut bytes = Vec::new();
        let format = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Gif][kind];
        image.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
        for (at, byte) in edits {
            let length = bytes.len();
            bytes[at % length] = byte;
        }
        bytes.truncate(bytes.len() - cut % bytes.len() / 4);
        let _ = scale(bytes, &[16], 50, |_| {});
    }
}

#[test]
fn a_long_colour_profile_of_a_png_is_not_read() {
    let chunk = |kind: &[u8; 4], data: &[u8]| {
        let length = u32::try_from(data.len()).unwrap().to_be_bytes();
        [&length[..], kind, data, &[0; 4]].concat()
    };
    let parts = |profile: usize| {
        [chunk(b"IHDR", &[1; 13]), chunk(b"iCCP", &vec![2; profile]), chunk(b"IDAT", &[3; 20])]
    };
    let whole = |parts: &[Vec<u8>], tail: &[u8]| [&[0; 8][..], &parts.concat(), tail].concat();
    for tail in [&b""[..], b"\0\0", b"\0\0\0\x09IDAT"] {
        let short = whole(&parts(MAX_PROFILE), tail);
        assert_eq!(without_long_profiles(short.clone()), short);
        let [head, _, data] = parts(MAX_PROFILE + 1);
        let long = whole(&parts(MAX_PROFILE + 1), tail);
        assert_eq!(without_long_profiles(long), whole(&[head, data], tail));
    }
    for bytes in [&b""[..], b"\x89PNG", &[0xFF; 40]] {
        assert_eq!(without_long_profiles(bytes.to_vec()), bytes);
    }
}
