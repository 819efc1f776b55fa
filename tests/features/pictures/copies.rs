//! Smaller copies of pictures: `images:` in `newsprint.yaml`.

use std::collections::BTreeMap;
use std::io::Cursor;

use image::{DynamicImage, GenericImageView, ImageEncoder, ImageFormat, Rgb};

use super::photo;
use crate::driver::{Digest, attributes, tree};
use crate::preview::Preview;

fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    image.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

fn png(width: u32, height: u32) -> Vec<u8> {
    encoded(&photo(width, height).into(), ImageFormat::Png)
}

/// A JPEG whose left half is red, turned by Exif data.
fn turned_jpeg(width: u32, height: u32, orientation: u8) -> Vec<u8> {
    let mut picture = photo(width, height);
    for (x, _, pixel) in picture.enumerate_pixels_mut() {
        if x < width / 2 {
            *pixel = Rgb([250, pixel[1] / 8, pixel[2] / 8]);
        }
    }
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 95);
    let tiff = [&b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0"[..], &[orientation, 0, 0, 0, 0, 0, 0, 0]];
    encoder.set_exif_metadata(tiff.concat()).unwrap();
    encoder.write_image(&picture, width, height, image::ExtendedColorType::Rgb8).unwrap();
    bytes
}

fn digest() -> Digest {
    Digest::new()
        .configured("images: {widths: [100, 200]}\nfeeds: {full_text: site}\noutputs: {api: on}")
        .article(
            "甲",
            "title: 甲\ndate: 2026-01-02\nimage: turned.jpg\n",
            "![一](甲/turned.jpg)\n\n![二](甲/small.png)\n\n[未](甲/unshown.png)",
        )
        .file("content/articles/甲/turned.jpg", turned_jpeg(360, 240, 6))
        .file("content/articles/甲/small.png", png(150, 90))
        .file("content/articles/甲/unshown.png", png(300, 200))
        .article("b", "title: B\ndate: 2026-01-03\n", "![三](b/p.png)")
        .file("content/articles/b/p.png", png(200, 100))
}

/// The copies of a site by path, each decoded.
fn copies(digest: &Digest) -> BTreeMap<String, DynamicImage> {
    let files = digest.site().into_iter().filter(|(path, _)| path.ends_with(".webp"));
    files.map(|(path, bytes)| (path, image::load_from_memory(&bytes).unwrap())).collect()
}

/// The files that differ between two builds.
fn changed(digest: &Digest) -> Vec<String> {
    let before = digest.site();
    digest.build();
    let after = digest.site();
    let is_new = |path: &&String| before.get(*path) != after.get(*path);
    let all: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    all.into_iter().filter(is_new).cloned().collect()
}

#[test]
fn pictures_that_a_text_shows_have_copies() {
    let digest = digest();
    digest.build();
    let page = digest.main("articles/甲/index.html");
    let srcsets = attributes(&page, "srcset");
    assert_eq!(srcsets.len(), 2, "{page}");
    let candidates: Vec<(&str, &str)> =
        srcsets.iter().flat_map(|set| set.split(", ")).map(|one| one.split_once(' ').unwrap()).collect();
    let widths: Vec<&str> = candidates.iter().map(|(_, width)| *width).collect();
    assert_eq!(widths, ["100w", "200w", "100w", "150w"], "{srcsets:?}");
    let copies = copies(&digest);
    assert_eq!(copies.len(), 6, "{:?}", copies.keys());
    for (name, width) in candidates {
        let (stem, rest) = name.split_once('.').unwrap();
        let (digits, end) = rest.split_once('-').unwrap();
        assert!(matches!(stem, "turned" | "small") && digits.len() == 8, "{name}");
        assert_eq!(end, format!("{}.webp", &width[..width.len() - 1]), "{name}");
        let image = &copies[&format!("articles/甲/{name}")];
        assert_eq!(format!("{}w", image.width()), width);
        if stem == "turned" {
            // Turned by a quarter to the right, red is above.
            assert_eq!(image.height(), (image.width() * 3).div_ceil(2));
            let (top, bottom) = (image.get_pixel(50, 20), image.get_pixel(50, image.height() - 20));
            assert!(top[0] > 200 && top[1] < 90 && bottom[0] < 220, "{top:?} {bottom:?}");
        }
    }
    assert!(
        page.contains("sizes=\"(min-width: 38rem) 36rem, calc(100vw - 2rem)\" width=\"240\" height=\"360\"")
    );
    assert_eq!(attributes(&page, "src"), ["turned.jpg", "small.png"]);
    let outcome = digest.run(&["build", "--verify"]);
    assert!(outcome.success, "{}", outcome.stderr);
    let check = digest.run(&["check", "--allow", "nothing-new"]);
    assert!(check.success && !check.stdout.contains("broken"), "{}{}", check.stdout, check.stderr);
}

#[test]
fn feeds_and_data_have_the_original_alone() {
    let digest = digest();
    digest.build();
    let url = "https://example.org/articles/%E7%94%B2/turned.jpg";
    assert!(digest.page("feed.xml").contains(&format!("src=&quot;{url}&quot;")));
    for (path, bytes) in digest.site() {
        let is_page = path.ends_with("index.html") && path.starts_with("articles/");
        let text = String::from_utf8_lossy(&bytes);
        assert!(is_page || path.ends_with(".css") || !text.contains("srcset"), "{path}");
        assert!(is_page || !text.contains(".webp"), "{path}");
    }
}

#[test]
fn no_copy_is_made_twice() {
    let digest = digest();
    assert_eq!(digest.report()["copies"], 6);
    let (site, times) = (digest.site(), digest.times());
    digest.write("content/articles/c.md", "---\ntitle: C\n---\n文\n");
    let report = digest.report();
    assert_eq!(report["copies"], 0, "{report}");
    let (site_after, times_after) = (digest.site(), digest.times());
    for path in site.keys().filter(|path| path.ends_with(".webp")) {
        assert_eq!((&site[path], times[path]), (&site_after[path], times_after[path]), "{path}");
    }
    let elsewhere = digest.run(&["build", "--json", "--quiet", "--output-dir", "other"]);
    let report: serde_json::Value = serde_json::from_str(&elsewhere.stdout).unwrap();
    assert_eq!((&report["copies"], &report["success"]), (&0.into(), &true.into()));
    assert_eq!(tree(&digest.path("other")), site_after);
}

#[test]
fn a_preview_shows_copies_and_leaves_them_to_the_next_build() {
    let digest = digest();
    let preview = Preview::start(&digest, &[]);
    preview.wait_for_text("/articles/b/", "srcset");
    let srcset = attributes(&preview.page("/articles/b/"), "srcset").remove(0);
    let copy = srcset.split(' ').next().unwrap();
    assert!(preview.get(&format!("/articles/b/{copy}")).body.starts_with(b"RIFF"), "{srcset}");
    drop(preview);
    assert_eq!(digest.report()["copies"], 0);
}

#[test]
fn a_damaged_or_missing_copy_is_made_again() {
    let digest = digest();
    digest.build();
    let site = digest.site();
    for (at, (name, mut bytes)) in tree(&digest.path(".newsprint/pictures")).into_iter().enumerate() {
        bytes[9] ^= 1;
        let path = format!(".newsprint/pictures/{name}");
        if at % 2 == 0 { digest.write(&path, bytes) } else { digest.remove(&path) }
    }
    let outcome = digest.run(&["build", "--output-dir", "other"]);
    assert!(outcome.success, "{}", outcome.stderr);
    assert_eq!(tree(&digest.path("other")), site);
}

#[test]
fn a_changed_picture_changes_its_copies_and_its_page() {
    let digest = digest();
    digest.build();
    let kept = tree(&digest.path(".newsprint/pictures")).len();
    digest.write(
        "content/articles/b/p.png",
        encoded(&DynamicImage::from(photo(200, 100)).fliph(), ImageFormat::Png),
    );
    let files = changed(&digest);
    let copies: Vec<&String> = files.iter().filter(|path| path.ends_with(".webp")).collect();
    assert_eq!((files.len(), copies.len()), (6, 4), "{files:?}");
    for path in &files {
        assert!(path.starts_with("articles/b/"), "{files:?}");
    }
    assert_eq!(tree(&digest.path(".newsprint/pictures")).len(), kept);
    // A text that shows another picture.
    let text = digest.read("content/articles/甲.md").replace("[未]", "![未]");
    digest.write("content/articles/甲.md", text);
    let files = changed(&digest);
    assert_eq!(files.iter().filter(|path| path.ends_with(".webp")).count(), 2, "{files:?}");
    let settings = digest.read("newsprint.yaml").replace("[100, 200]", "[100]");
    digest.write("newsprint.yaml", settings);
    digest.build();
    assert!(copies_are_named(&digest));
    assert!(digest.run(&["build", "--verify"]).success);
    digest.write("newsprint.yaml", "title: 测试日报\nbase_url: https://example.org/\n");
    digest.build();
    assert!(digest.site().keys().all(|path| !path.ends_with(".webp")));
}

/// True if the pages name all copies of the site.
fn copies_are_named(digest: &Digest) -> bool {
    let pages: String =
        ["articles/甲/index.html", "articles/b/index.html"].map(|path| digest.page(path)).concat();
    copies(digest).keys().all(|path| pages.contains(path.rsplit('/').next().unwrap()))
}

/// A GIF with two frames.
fn animated() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
    let frame =
        |shade| image::Frame::new(image::RgbaImage::from_pixel(300, 200, image::Rgba([shade, 0, 0, 255])));
    encoder.encode_frames([frame(9), frame(200)]).unwrap();
    drop(encoder);
    bytes
}

/// A PNG of one pixel whose header claims another size.
fn bomb(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = png(1, 1);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = bytes[12..29].iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 * (crc & 1)))
    });
    bytes[29..33].copy_from_slice(&(!crc).to_be_bytes());
    bytes
}

/// A JPEG of 160 × 80 pixels in cyan, magenta, yellow and black, all of one grey (ITU T.81, annex B).
fn cmyk() -> Vec<u8> {
    // One code of one bit, which is the symbol 0: no difference, and the end of a block.
    let codes = |class: u8| [&[0xFF, 0xC4, 0, 20, class, 1][..], &[0; 16]].concat();
    let frame =
        [&[0xFF, 0xC0, 0, 20, 8, 0, 80, 0, 160, 4][..], &[1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0]];
    [
        &b"\xFF\xD8\xFF\xEE\0\x0EAdobe\0\x64\0\0\0\0\0"[..],
        &[&[0xFF, 0xDB, 0, 67, 0][..], &[1; 64]].concat(),
        &frame.concat(),
        &codes(0),
        &codes(0x10),
        &[0xFF, 0xDA, 0, 14, 4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0],
        // Two bits for each of four blocks, 20 × 10 times.
        &[0; 200],
        &[0xFF, 0xD9],
    ]
    .concat()
}

#[test]
fn hostile_pictures_are_named_at_the_line_that_shows_them() {
    let deep = DynamicImage::from(photo(300, 200)).into_rgb16();
    let whole = png(300, 200);
    let wide = png(3000, 1);
    // Name, bytes, the message (empty: none), the number of copies.
    let cases: [(&str, Vec<u8>, &str, usize); 12] = [
        ("truncated.png", whole[..whole.len() / 2].to_vec(), "cannot be decoded", 0),
        ("damaged.png", [&whole[..60], &[0; 40], &whole[100..]].concat(), "cannot be decoded", 0),
        ("pixel.png", png(1, 1), "", 1),
        ("bomb.png", bomb(30_000, 30_000), "has 30000 × 30000 pixels", 0),
        ("none.png", bomb(0, 9), "cannot be decoded", 0),
        ("animated.gif", animated(), "", 0),
        ("deep.png", encoded(&deep.into(), ImageFormat::Png), "", 2),
        ("cmyk.jpg", cmyk(), "", 2),
        ("ending.gif", whole.clone(), "", 2),
        ("wide.png", wide, "", 2),
        ("图 1.png", whole.clone(), "", 2),
        ("lossy.webp", encoded(&photo(300, 200).into(), ImageFormat::WebP), "", 2),
    ];
    for (name, bytes, message, copies_wanted) in cases {
        let digest = Digest::new()
            .configured("images: {widths: [100, 200]}")
            .article("a", &format!("title: A\nimage: '{name}'\n"), &format!("文\n\n![一](<a/{name}>)"))
            .file(&format!("content/articles/a/{name}"), bytes);
        let outcome = digest.build();
        assert!(digest.exists(&format!("public/articles/a/{name}")), "{name}");
        let page = digest.main("articles/a/index.html");
        let found = attributes(&page, "srcset").iter().map(|set| set.split(", ").count()).sum::<usize>();
        assert_eq!(found, copies_wanted, "{name}: {page}");
        let place = "content/articles/a.md:8:9";
        match message {
            "" => assert!(!outcome.stderr.contains("warning"), "{name}: {}", outcome.stderr),
            _ => assert!(
                outcome.stderr.contains(message) && outcome.stderr.contains(place),
                "{name}: {}",
                outcome.stderr
            ),
        }
        // The next build knows it without decoding, and says it again.
        assert_eq!(digest.build().stderr.contains("warning"), !message.is_empty(), "{name}");
    }
}

#[test]
fn an_empty_file_and_a_text_are_no_pictures() {
    for bytes in [&b""[..], b"<script>"] {
        let errors = Digest::new()
            .configured("images: on")
            .article("a", "title: A\n", "![一](a/p.png)")
            .file("content/articles/a/p.png", bytes)
            .build_fails();
        assert!(errors.contains("not a picture"), "{errors}");
    }
}

/// Runs a build and returns the most memory that it had, in kilobytes.
#[cfg(target_os = "linux")]
fn peak_of_build(digest: &Digest) -> u64 {
    let mut child = std::process::Command::new(crate::driver::newsprint())
        .args(["build", "--quiet"])
        .current_dir(digest.path(""))
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        peak = kilobytes.unwrap_or(0).max(peak);
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    assert!(child.wait().unwrap().success());
    peak
}

#[cfg(target_os = "linux")]
#[test]
fn many_and_large_pictures_take_less_than_200_mb() {
    // A program without optimisation takes a minute for one of 40 megapixels.
    let asked = std::env::var("NEWSPRINT_PICTURES").ok().and_then(|number| number.parse().ok());
    let (count, width, height) = asked.map_or((30, 3000, 1500), |count: usize| (count, 7000, 5700));
    let base = encoded(&photo(640, 480).into(), ImageFormat::Jpeg);
    // Of few bytes.
    let largest = encoded(&DynamicImage::new_rgb8(width, height), ImageFormat::Png);
    let photograph = encoded(&photo(width / 2, height / 2).into(), ImageFormat::Jpeg);
    let mut digest = Digest::new()
        .configured("images: {widths: [480, 640]}\nlimits: {seconds: 900}")
        .article("a", "title: A\n", "![](a/1.png)\n\n![](a/2.jpg)\n\n![](a/3.jpg)\n\n![](a/4.png)")
        .file("content/articles/a/1.png", &largest)
        .file("content/articles/a/2.jpg", &photograph)
        .file("content/articles/a/3.jpg", [&photograph[..], b"x"].concat())
        .file("content/articles/a/4.png", [&largest[..], b"x"].concat());
    for at in 0..count {
        let name = format!("p{at}");
        // A comment makes each its own picture.
        let comment = [&[0xFF, 0xFE, 0, 10][..], format!("{at:08}").as_bytes()].concat();
        digest = digest
            .article(&name, &format!("title: {name}\n"), &format!("![图]({name}/p.jpg)"))
            .file(&format!("content/articles/{name}/p.jpg"), [&base[..2], &comment, &base[2..]].concat());
    }
    let peak = peak_of_build(&digest);
    println!("{} pictures: {} MB", count + 4, peak >> 10);
    assert!((1 << 10..200 << 10).contains(&peak), "{peak} kB");
    let page = digest.path("public/articles/p0/index.html");
    let copy = digest
        .site()
        .into_iter()
        .find(|(path, _)| path.starts_with("articles/p0/") && path.ends_with("-640.webp"));
    let (page, copy) =
        (std::fs::metadata(page).unwrap().len(), copy.map_or(0, |(_, bytes)| bytes.len() as u64));
    println!("a page: {page} bytes, its picture on a phone: {copy} bytes");
    assert!(page + copy < 60 << 10, "{page} {copy}");
}
