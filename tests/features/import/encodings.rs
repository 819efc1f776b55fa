//! Encodings of imported files: they are detected, and a damaged file is refused as a whole.

use super::{field, files, report};
use crate::driver::Digest;

const TEXT: &str = "标题: 小星开放权重，引来讨论\n总结: 某公司今天发布了名为小星的模型。\n关键词: 开源\n";

fn utf16(text: &str) -> Vec<u8> {
    "\u{FEFF}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

#[test]
fn chinese_encodings_are_detected_and_reported() {
    let gb: Vec<u8> = encoding_rs::GB18030.encode(TEXT).0.into_owned();
    let files = [
        (TEXT.as_bytes().to_vec(), "UTF-8"),
        (format!("\u{FEFF}{TEXT}").into_bytes(), "UTF-8"),
        (utf16(TEXT), "UTF-16LE"),
        (gb, "gb18030"),
    ];
    for (bytes, name) in files {
        let digest = Digest::new().file("in.txt", bytes);
        let found = report(&digest, &["in.txt"]);
        assert_eq!(found["inputs"][0]["encoding"], name, "{found:#}");
        assert_eq!(field(&digest, "title"), "小星开放权重，引来讨论");
    }
}

#[test]
fn damaged_files_are_refused_with_the_offset_and_others_are_imported() {
    let gb: Vec<u8> = encoding_rs::GB18030.encode(TEXT).0.into_owned();
    let mixed = [TEXT.as_bytes(), &gb].concat();
    let digest = Digest::new()
        .file("cut.txt", &TEXT.as_bytes()[..TEXT.len() - 2])
        .file("mixed.txt", &mixed)
        .file("good.txt", TEXT)
        .file("binary.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    let outcome = digest.run(&["import", "cut.txt", "mixed.txt", "binary.txt", "good.txt", "none.txt"]);
    assert_eq!((outcome.code, files(&digest).len()), (1, 1), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("cut off in the middle of a character"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains(&format!("byte {} is", TEXT.len())), "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("4 files not read") && outcome.stderr.contains("none.txt"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn the_encoding_can_be_set_with_a_flag() {
    let bytes = encoding_rs::SHIFT_JIS
        .encode("title: 人工知能のニュース\ncontent: これは本文です。\n")
        .0
        .into_owned();
    let digest = Digest::new().file("in.txt", bytes);
    assert_eq!(report(&digest, &["in.txt", "--encoding", "shift_jis"])["success"], true);
    assert_eq!(field(&digest, "title"), "人工知能のニュース");
    assert_eq!(digest.run(&["import", "in.txt", "--encoding", "klingon"]).code, 2);
}

#[test]
fn a_replacement_character_in_the_input_is_reported() {
    let digest = Digest::new().file("in.txt", "标题: 甲\n总结: 坏\u{FFFD}字。\n");
    let found = report(&digest, &["in.txt"]);
    assert!(found["diagnostics"][0]["message"].as_str().unwrap().contains("U+FFFD"), "{found:#}");
}
