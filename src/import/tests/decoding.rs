//! Tests the encodings of inputs.

use encoding_rs::{BIG5, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::import::decode::decode;

/// The text and its encoding, or the error.
fn read(bytes: &[u8], named: Option<&'static Encoding>) -> String {
    match decode("a.txt", bytes.to_vec(), named) {
        Ok((text, encoding)) => format!("{encoding} {text}"),
        Err(error) => format!("{} | {}", error.message, error.help.unwrap_or_default()),
    }
}

/// A text in an encoding.
fn bytes(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    if encoding == UTF_16LE {
        return text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    }
    if encoding == UTF_16BE {
        return text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    }
    encoding.encode(text).0.into_owned()
}

const DAMAGED: &str = " | get the file again, or remove the damaged part; if it is in another encoding, name it with `--encoding`";

#[test]
fn a_byte_order_mark_is_removed_if_no_other_encoding_is_named() {
    let marked = |mark: &[u8], encoding| [mark, &bytes("甲", encoding)].concat();
    for (bytes, named, found) in [
        (marked(b"\xEF\xBB\xBF", UTF_8), None, "UTF-8 甲"),
        (marked(b"\xFF\xFE", UTF_16LE), None, "UTF-16LE 甲"),
        (marked(b"\xFE\xFF", UTF_16BE), None, "UTF-16BE 甲"),
        (marked(b"\xFF\xFE", UTF_16LE), Some(UTF_16LE), "UTF-16LE 甲"),
        (marked(b"\xEF\xBB\xBF", UTF_8), Some(UTF_8), "UTF-8 甲"),
        (marked(b"\xEF\xBB\xBF", UTF_8), Some(WINDOWS_1252), "windows-1252 ï»¿ç”²"),
        (marked(b"", UTF_16LE), Some(UTF_16LE), "UTF-16LE 甲"),
        (
            b"\xFF\xFE\0\0\x32\x75\0\0".to_vec(),
            None,
            "this file is UTF-32, which is not supported | save it as UTF-8",
        ),
        (b"a\r\nb\rc\n".to_vec(), None, "UTF-8 a\nb\nc\n"),
    ] {
        assert_eq!(read(&bytes, named), found);
    }
}

#[test]
fn an_error_names_the_byte_and_the_line() {
    for (bytes, named, message) in [
        ("甲乙\n丙".as_bytes().to_vec(), None, "UTF-8 甲乙\n丙".to_owned()),
        (
            [b"\xEF\xBB\xBF", "甲\n乙".as_bytes(), b"\xFFx"].concat(),
            None,
            format!("byte 10 is 0xFF, on line 2, which is not valid UTF-8{DAMAGED}"),
        ),
        (
            "甲乙".as_bytes()[..5].to_vec(),
            Some(UTF_8),
            format!("this file is cut off in the middle of a character: byte 3 is 0xE4 (UTF-8){DAMAGED}"),
        ),
        (
            [&bytes("甲\n", GB18030)[..], b"\xFF\xFFx"].concat(),
            Some(GB18030),
            format!("byte 3 is 0xFF, on line 2, which is not valid gb18030{DAMAGED}"),
        ),
        (
            bytes("甲乙", GB18030)[..3].to_vec(),
            Some(GB18030),
            format!("this file is cut off in the middle of a character: byte 2 is 0xD2 (gb18030){DAMAGED}"),
        ),
        (
            b"a\0b\xFF".to_vec(),
            None,
            "this file contains NUL bytes: it is not text, or it is UTF-16 without a byte order mark | save it as UTF-8, or name its encoding: `--encoding utf-16le`".to_owned(),
        ),
        (
            [&bytes("我们的消息\n", GB18030)[..], "新的消息".as_bytes()].concat(),
            None,
            "this file is in two encodings: GB18030, and UTF-8 on line 2, from byte 11 | save both parts in the same encoding, or name the right one with `--encoding`".to_owned(),
        ),
        (
            [&bytes("我们的消息\n他们\n", GB18030)[..], "新的消息".as_bytes()].concat(),
            None,
            "this file is in two encodings: GB18030, and UTF-8 on line 3, from byte 16 | save both parts in the same encoding, or name the right one with `--encoding`".to_owned(),
        ),
    ] {
        assert_eq!(read(&bytes, named), message);
    }
}

#[test]
fn an_encoding_is_detected_from_common_characters() {
    for (text, encoding, found) in
        [("我们的消息是新的", GB18030, "gb18030"), ("我們的消息是新的", BIG5, "Big5")]
    {
        assert_eq!(read(&bytes(text, encoding), None), format!("{found} {text}"));
    }
}

#[test]
fn xml_is_in_its_declared_encoding_if_it_is_not_plainly_chinese() {
    let xml = |declared: &str, text: &str, encoding| {
        [format!("<?xml version=\"1.0\" encoding='{declared}'?>").into_bytes(), bytes(text, encoding)]
            .concat()
    };
    let head = |declared: &str| format!("<?xml version=\"1.0\" encoding='{declared}'?>");
    for (declared, text, encoding, found) in [
        ("windows-1252", "Café für zwei", WINDOWS_1252, "windows-1252"),
        ("windows-1252", "我们的消息是新的", GB18030, "gb18030"),
        ("windows-1252", "我们", UTF_8, "UTF-8"),
        ("utf-8", "我们的消息是新的", GB18030, "gb18030"),
        ("big5", "我们的消息是新的", GB18030, "gb18030"),
        ("gbk", "我們的消息是新的", BIG5, "Big5"),
    ] {
        assert_eq!(read(&xml(declared, text, encoding), None), format!("{found} {}{text}", head(declared)));
    }
}
