//! Published pictures hold no metadata, and look as before.

use std::io::Cursor;

use image::{DynamicImage, ImageEncoder, ImageFormat};

use super::photo;
use crate::driver::Digest;

/// Exif data with an orientation, and a place in an IFD of its own.
fn exif(orientation: u8) -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &count.to_le_bytes(), &value.to_le_bytes()].concat()
    };
    // Orientation, the maker (a text behind the fields), the offset of the IFD with the place.
    let first = [entry(0x0112, 3, 1, orientation.into()), entry(0x010F, 2, 10, 80), entry(0x8825, 4, 1, 50)];
    // The reference of the latitude, and the latitude as three fractions.
    let place = [entry(1, 2, 2, u32::from(b'N')), entry(2, 5, 3, 90)];
    let latitude: Vec<u8> = [31u32, 1, 13, 1, 49, 1].iter().flat_map(|number| number.to_le_bytes()).collect();
    [
        &b"II*\0\x08\0\0\0\x03\0"[..],
        &first.concat(),
        &[0; 4],
        &2u16.to_le_bytes(),
        &place.concat(),
        &[0; 4],
        b"GPSCamera\0",
        &latitude,
    ]
    .concat()
}

fn jpeg(orientation: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 90);
    encoder.set_exif_metadata(exif(orientation)).unwrap();
    let picture = photo(60, 40);
    encoder.write_image(&picture, 60, 40, image::ExtendedColorType::Rgb8).unwrap();
    [&bytes[..], b"a film behind the picture, made at GPS 31.23"].concat()
}

fn digest(name: &str, bytes: &[u8]) -> Digest {
    Digest::new()
        .article("a", "title: A\ndate: 2026-01-02\n", &format!("![一](a/{name})"))
        .file(&format!("content/articles/a/{name}"), bytes)
}

fn holds(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

#[test]
fn a_published_photograph_names_no_place_and_is_turned_as_before() {
    let original = jpeg(6);
    let place = [31u32, 1, 13, 1].map(u32::to_le_bytes).concat();
    assert!(holds(&original, b"GPS") && holds(&original, &place));
    let digest = digest("p.jpg", &original);
    digest.build();
    let published = digest.site()["articles/a/p.jpg"].clone();
    assert!(!holds(&published, b"GPS") && !holds(&published, &place) && !holds(&published, b"film"));
    let read = exif::Reader::new().read_from_container(&mut Cursor::new(&published)).unwrap();
    let fields: Vec<_> = read.fields().map(|field| (field.tag, field.value.get_uint(0))).collect();
    assert_eq!(fields, [(exif::Tag::Orientation, Some(6))]);
    let pixels = |bytes: &[u8]| image::load_from_memory(bytes).unwrap().into_rgb8();
    assert_eq!(pixels(&published), pixels(&original));
    assert!(digest.main("articles/a/index.html").contains("width=\"40\" height=\"60\""));
    assert!(digest.run(&["build", "--verify"]).success);
}

#[test]
fn a_picture_without_metadata_is_published_byte_for_byte() {
    let mut png = Vec::new();
    DynamicImage::from(photo(30, 20)).write_to(&mut Cursor::new(&mut png), ImageFormat::Png).unwrap();
    let text = [&[0, 0, 0, 9][..], b"tEXtPlace\0GPS", b"CRC."].concat();
    let with_text = [&png[..33], &text, &png[33..], b"PK\x03\x04"].concat();
    for bytes in [&png, &with_text] {
        let digest = digest("p.png", bytes);
        digest.build();
        assert_eq!(digest.site()["articles/a/p.png"], png);
    }
}

#[test]
fn a_picture_above_50_mb_is_an_error_at_its_article() {
    let mut large = vec![0; (50 << 20) + 1];
    large[..8].copy_from_slice(b"\x89PNG\r\n\x1a\n");
    let errors = digest("p.png", &large).build_fails();
    assert!(errors.contains("content/articles/a.md:6:8"), "{errors}");
    assert!(errors.contains("the picture `content/articles/a/p.png` has 51 MB"), "{errors}");
}
