//! Decodes bytes to text: UTF-8, UTF-16 with a byte order mark, GB18030 (with GBK) and Big5.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, DecoderResult, Encoding, GB18030, GBK, UTF_8};

use crate::diagnostic::{Diagnostic, Place};

/// Bytes that the detector reads. It needs far fewer.
const MAX_SAMPLE_BYTES: usize = 1 << 20;

/// Bytes in which the declaration of an XML text is searched.
const MAX_DECLARATION_BYTES: usize = 256;
/// Characters that are common in Chinese texts.
const COMMON: &str = "，。、：；（）「」“”的一是在不了有和人中大上为為这這个個来來标题標題链接鏈結連结总结總关键词關鍵詞技术術行业業重大事件摘要日期源发發表新闻聞公司今天你好我他们們";

/// A text and the name of the encoding that it was decoded from.
pub type Decoded = (String, &'static str);

/// Decodes the bytes of an input called `name`, from `encoding` if one is given, else from the
/// detected encoding. Line breaks become `\n`, and a byte order mark is removed. No character is
/// ever replaced.
///
/// # Errors
/// The bytes are not valid in the encoding, because they are truncated or in another one. The
/// message has the offset of the first such byte. Without `encoding`, it is also an error if the
/// text seems to be in an encoding that is not used for Chinese.
pub fn decode(
    name: &str,
    bytes: Vec<u8>,
    encoding: Option<&'static Encoding>,
) -> Result<Decoded, Box<Diagnostic>> {
    // Most files are UTF-8 without a byte order mark and need no conversion.
    let unmarked = encoding.is_none() && Encoding::for_bom(&bytes).is_none();
    let bytes = if unmarked {
        match String::from_utf8(bytes) {
            Ok(text) => return Ok((unix_lines(text), UTF_8.name())),
            Err(error) => error.into_bytes(),
        }
    } else {
        bytes
    };
    let bytes = bytes.as_slice();
    if bytes.starts_with(&[0xFF, 0xFE, 0, 0]) {
        let message = tr!("this file is UTF-32, which is not supported");
        return Err(Box::new(Diagnostic::error(message).at(Place::file(name)).help(tr!("save it as UTF-8"))));
    }
    let (encoding, mark) = match (encoding, Encoding::for_bom(bytes)) {
        // A named encoding wins. A byte order mark of the same encoding is removed.
        (Some(named), Some((marked, length))) if named == marked => (named, length),
        (Some(named), _) => (named, 0),
        (None, Some((marked, length))) => (marked, length),
        (None, None) => (detect_or_declared(name, bytes)?, 0),
    };
    if encoding == GB18030
        && let Some((offset, line)) = find_utf8_line(bytes)
    {
        return Err(Box::new(
            Diagnostic::error(tr!(
                "this file is in two encodings: GB18030, and UTF-8 on line {line}, from byte {offset}",
                line,
                offset
            ))
            .at(Place::file(name))
            .help(tr!("save both parts in the same encoding, or name the right one with `--encoding`")),
        ));
    }
    let text = decode_strictly(name, &bytes[mark..], mark, encoding)?;
    Ok((unix_lines(text), if encoding == GBK { GB18030.name() } else { encoding.name() }))
}

/// Replaces CRLF and CR by LF.
fn unix_lines(text: String) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text }
}

/// Detects the encoding of bytes without a byte order mark. XML that is in no encoding of Chinese
/// is in the one that it declares; the declaration of Chinese XML is often wrong, and the bytes
/// count.
fn detect_or_declared(name: &str, bytes: &[u8]) -> Result<&'static Encoding, Box<Diagnostic>> {
    let declared = declared(bytes).filter(|known| ![UTF_8, GBK, GB18030, BIG5].contains(known));
    let detected = detect(name, bytes);
    let Some(declared) = declared else { return detected };
    match detected {
        Ok(found) if found == UTF_8 || is_plainly_chinese(bytes, found) => Ok(found),
        _ if decode_strictly(name, bytes, 0, declared).is_ok() => Ok(declared),
        detected => detected,
    }
}

/// The encoding that the declaration of an XML text names.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(MAX_DECLARATION_BYTES)];
    let head = String::from_utf8_lossy(head);
    let declaration = head.trim_start().strip_prefix("<?xml")?.split("?>").next()?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    // The declaration itself is in ASCII, so that the text is not UTF-16.
    Encoding::for_label(value[1..].split(quote).next()?.as_bytes())
        .filter(|known| known.is_ascii_compatible())
}

/// True if bytes in an encoding of Chinese hold the most common characters: letters of Europe that
/// happen to be valid there do not.
fn is_plainly_chinese(bytes: &[u8], encoding: &'static Encoding) -> bool {
    let sample = &bytes[..bytes.len().min(MAX_SAMPLE_BYTES)];
    let (text, _) = encoding.decode_without_bom_handling(sample);
    text.chars().filter(|c| COMMON.contains(*c)).take(3).count() == 3
}

/// Detects the encoding of bytes without a byte order mark from the bytes alone.
fn detect(name: &str, bytes: &[u8]) -> Result<&'static Encoding, Box<Diagnostic>> {
    let Err(error) = std::str::from_utf8(bytes) else { return Ok(UTF_8) };
    if bytes.contains(&0) && !bytes.iter().all(|byte| *byte == 0) {
        return Err(Box::new(
            Diagnostic::error(tr!(
                "this file contains NUL bytes: it is not text, or it is UTF-16 without a byte order mark"
            ))
            .at(Place::file(name))
            .help(tr!("save it as UTF-8, or name its encoding: `--encoding utf-16le`")),
        ));
    }
    // A damaged UTF-8 file is valid UTF-8 up to the damaged byte. Text in another encoding is
    // hardly ever valid UTF-8 for more than one character outside of ASCII.
    let valid = &bytes[..error.valid_up_to()];
    if valid.iter().filter(|byte| **byte >= 0xE0).count() >= 2 && std::str::from_utf8(valid).is_ok() {
        return Ok(UTF_8);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(MAX_SAMPLE_BYTES)], bytes.len() <= MAX_SAMPLE_BYTES);
    let guess = detector.guess(Some(b"cn"), Utf8Detection::Deny);
    if [GBK, GB18030, BIG5].contains(&guess) {
        let neutral = detector.guess(None, Utf8Detection::Deny);
        if let Some(encoding) = gb_or_big5(bytes, neutral) {
            return Ok(encoding);
        }
        // Damaged in any case: the error with the offset helps more than one about the encoding.
        if decode_strictly(name, bytes, 0, GB18030).is_err() {
            return Ok(if guess == BIG5 { BIG5 } else { GB18030 });
        }
    }
    let at = error.valid_up_to();
    let byte = bytes.get(at).copied().unwrap_or_default();
    Err(Box::new(
        Diagnostic::error(tr!(
            "this file is not UTF-8: byte {at} is 0x{byte}; it looks like {}",
            guess.name(),
            at,
            byte = format!("{byte:02X}")
        ))
        .at(Place::file(name))
        .help(tr!("if it is, name the encoding: `--encoding {}`", guess.name().to_ascii_lowercase())),
    ))
}

/// Chooses GB18030 or Big5: the encoding in which the text has more common characters. The
/// detector's guess alone depends on the country that it is given, and is unreliable for short
/// texts. With equal counts, the `neutral` guess (made without a country) decides; `None` if it is
/// neither.
fn gb_or_big5(bytes: &[u8], neutral: &'static Encoding) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(MAX_SAMPLE_BYTES)];
    let common = |encoding: &'static Encoding| {
        let (text, malformed) = encoding.decode_without_bom_handling(sample);
        let count = text.chars().filter(|c| COMMON.contains(*c)).count();
        // A sample can be cut off in the middle of a character.
        if malformed && sample.len() == bytes.len() { 0 } else { count }
    };
    match (common(GB18030), common(BIG5)) {
        (gb, big5) if gb > big5 => Some(GB18030),
        (gb, big5) if big5 > gb => Some(BIG5),
        _ => [GB18030, BIG5]
            .into_iter()
            .find(|known| *known == neutral || (*known == GB18030 && neutral == GBK)),
    }
}

/// Decodes all bytes, or returns an error with the offset of the first that is not valid. `before`
/// is the length of the byte order mark, which is part of the offset.
fn decode_strictly(
    name: &str,
    bytes: &[u8],
    before: usize,
    encoding: &'static Encoding,
) -> Result<String, Box<Diagnostic>> {
    if encoding == UTF_8 {
        return match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(error) => {
                let cut = error.error_len().is_none();
                Err(malformed(name, bytes, before, error.valid_up_to(), encoding, cut))
            }
        };
    }
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let capacity =
        decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(bytes.len() * 3 + 16);
    let mut text = String::with_capacity(capacity);
    let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    match result {
        DecoderResult::InputEmpty => Ok(text),
        DecoderResult::OutputFull => Err(malformed(name, bytes, before, read, encoding, false)),
        DecoderResult::Malformed(length, after) => {
            let at = read.saturating_sub(usize::from(length) + usize::from(after));
            Err(malformed(name, bytes, before, at, encoding, read >= bytes.len() && after == 0))
        }
    }
}

/// Makes the error about the invalid byte at `before + at`. `cut`: the file ends within a
/// character.
fn malformed(
    name: &str,
    bytes: &[u8],
    before: usize,
    at: usize,
    encoding: &'static Encoding,
    cut: bool,
) -> Box<Diagnostic> {
    let line = bytes[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
    let byte = bytes.get(at).copied().unwrap_or_default();
    let offset = before + at;
    let encoding = encoding.name();
    let message = if cut {
        tr!(
            "this file is cut off in the middle of a character: byte {offset} is 0x{byte} ({encoding})",
            offset,
            byte = format!("{byte:02X}"),
            encoding
        )
    } else {
        tr!(
            "byte {offset} is 0x{byte}, on line {line}, which is not valid {encoding}",
            offset,
            byte = format!("{byte:02X}"),
            line,
            encoding
        )
    };
    let help = tr!(
        "get the file again, or remove the damaged part; if it is in another encoding, name it with `--encoding`"
    );
    Box::new(Diagnostic::error(message).at(Place::file(name)).help(help))
}

/// Finds the first line of a GB18030 file that is UTF-8: its byte offset and its number. The three
/// bytes of a Han character in UTF-8 are hardly ever valid GB18030 by chance three times on a line.
fn find_utf8_line(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut offset = 0;
    for (number, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        if !line.is_ascii()
            && let Ok(text) = std::str::from_utf8(line)
            && text.chars().filter(|c| crate::text::han::is_full_width(*c)).count() >= 3
            && text
                .chars()
                .all(|c| c.is_ascii() || crate::text::han::is_full_width(c) || "“”‘’…—·".contains(c))
        {
            return Some((offset, number + 1));
        }
        offset += line.len() + 1;
    }
    None
}

/// Returns the encoding with a label of the WHATWG Encoding Standard, such as `gbk` or `utf-16le`.
#[must_use]
pub fn named(label: &str) -> Option<&'static Encoding> {
    match Encoding::for_label(label.trim().as_bytes())? {
        // Files labelled GBK can contain characters of GB18030, which contains all of GBK.
        encoding if encoding == GBK => Some(GB18030),
        encoding => Some(encoding),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str = "标题: 马斯克炮轰ChatGPT“违背初心”\n链接: https://e.org/\n总结: ChatGPT自问世以来，用户数量已经达到上亿级别。\n";

    fn read(bytes: &[u8]) -> Result<Decoded, String> {
        decode("a.txt", bytes.to_vec(), None).map_err(|found| found.message)
    }

    fn utf16(little: bool, text: &str) -> Vec<u8> {
        let mark = "\u{FEFF}".encode_utf16().chain(text.encode_utf16());
        mark.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
    }

    #[test]
    fn the_encodings_of_chinese_texts_are_detected() {
        let (gb, ..) = GB18030.encode(TEXT);
        let (big5, ..) = BIG5.encode("標題: 馬斯克砲轟開源\n總結: 這件事引來了很多討論，沒有人知道結果。\n");
        assert_eq!(read(TEXT.as_bytes()).unwrap(), (TEXT.to_owned(), "UTF-8"));
        assert_eq!(read(format!("\u{FEFF}{TEXT}").as_bytes()).unwrap(), (TEXT.to_owned(), "UTF-8"));
        assert_eq!(read(&gb).unwrap(), (TEXT.to_owned(), "gb18030"));
        assert_eq!(read(&utf16(true, TEXT)).unwrap(), (TEXT.to_owned(), "UTF-16LE"));
        assert_eq!(read(&utf16(false, TEXT)).unwrap(), (TEXT.to_owned(), "UTF-16BE"));
        assert_eq!(read(&big5).unwrap().1, "Big5");
        assert_eq!(read(b"\xB1\xEA\xCC\xE2: x\n").unwrap().0, "标题: x\n");
        for text in ["標題: 你好\n總結: 今天\n", "title: Apple iPhone 發表\ncontent: 新機來了。\n"]
        {
            assert_eq!(read(&BIG5.encode(text).0).unwrap(), (text.to_owned(), "Big5"));
        }
        // A few characters are too little evidence for a guess.
        assert!(read(&encoding_rs::SHIFT_JIS.encode("title: ニュース\n").0).is_err());
        assert!(read(b"\xFF\xFE\0\0a\0\0\0").is_err());
    }

    #[test]
    fn line_breaks_of_every_system_become_line_feeds() {
        assert_eq!(read(b"a\r\nb\rc\n").unwrap().0, "a\nb\nc\n");
    }

    #[test]
    fn cut_and_mixed_files_are_refused_with_the_offset() {
        let utf8 = TEXT.as_bytes();
        let error = read(&utf8[..utf8.len() - 3]).unwrap_err();
        assert!(error.contains("cut off") && error.contains(&format!("byte {}", utf8.len() - 4)), "{error}");
        let (gb, ..) = GB18030.encode(TEXT);
        let error = read(&gb[..gb.len() - 2]).unwrap_err();
        assert!(error.contains("cut off"), "{error}");
        let mut both = gb.to_vec();
        both.extend_from_slice("关键词: 开源，人工智能\n".as_bytes());
        let error = read(&both).unwrap_err();
        assert!(error.contains("two encodings") && error.contains("line 4"), "{error}");
        let mut both = utf8.to_vec();
        both.extend_from_slice(&gb);
        let error = read(&both).unwrap_err();
        assert!(error.contains(&format!("byte {}", utf8.len())), "{error}");
        let odd = utf16(true, TEXT);
        assert!(read(&odd[..odd.len() - 1]).unwrap_err().contains("cut off"));
        assert!(read(b"a\0b\0\xff").unwrap_err().contains("UTF-16"));
    }

    #[test]
    fn xml_in_another_encoding_declares_it() {
        let xml =
            |label: &str, words: &str| format!("<?xml version=\"1.0\" encoding=\"{label}\"?><a>{words}</a>");
        for (label, encoding, words) in [
            ("iso-8859-1", encoding_rs::WINDOWS_1252, "Le café fermé, où êtes-vous à Noël ?"),
            ("windows-1252", encoding_rs::WINDOWS_1252, "It’s “ok”… — naïve"),
            ("Shift_JIS", encoding_rs::SHIFT_JIS, "人工知能のニュースです。"),
            ("EUC-KR", encoding_rs::EUC_KR, "오늘의 뉴스입니다."),
            ("koi8-r", encoding_rs::KOI8_R, "Новости сегодня"),
            // Wrong declarations: the bytes count.
            ("utf-8", GB18030, "今天的新闻，是大模型的发布。"),
            ("iso-8859-1", GB18030, "今天的新闻，是大模型的发布。"),
            ("gb2312", BIG5, "今天的新聞，這是大模型的發表。"),
            ("gbk", UTF_8, "今天的新闻，是大模型的发布。"),
            ("iso-8859-1", UTF_8, "今天的新闻，是大模型的发布。"),
        ] {
            let text = xml(label, words);
            assert_eq!(read(&encoding.encode(&text).0).map(|found| found.0), Ok(text), "{label}");
        }
        for head in
            ["<?xml version='1.0'?>", "<?xml encoding=?>", "<?xml encoding='", "<a encoding='koi8-r'/>", ""]
        {
            assert_eq!(declared(head.as_bytes()), None, "{head}");
        }
        assert_eq!(declared(b" <?xml encoding = 'koi8-r' ?>"), Some(encoding_rs::KOI8_R));
    }

    #[test]
    fn a_named_encoding_is_used() {
        let (bytes, ..) = encoding_rs::SHIFT_JIS.encode("人工知能のニュース");
        let text = decode("a.txt", bytes.to_vec(), named("shift_jis")).unwrap().0;
        assert_eq!(text, "人工知能のニュース");
        assert_eq!(named("gbk"), Some(GB18030));
        assert_eq!(named("klingon"), None);
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_are_read_or_refused_and_never_replaced(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok((text, _)) = read(&bytes) {
                // U+FFFD comes only from bytes that encode it, in UTF-8, UTF-16 or GB18030.
                let written = [&[0xEF, 0xBF, 0xBD][..], &[0xFD, 0xFF], &[0xFF, 0xFD], &[0x84, 0x31, 0xA4, 0x37]];
                let is_there = written.iter().any(|form| bytes.windows(form.len()).any(|found| found == *form));
                prop_assert!(!text.contains(char::REPLACEMENT_CHARACTER) || is_there);
            }
        }

        #[test]
        fn encoded_text_is_decoded_to_the_same_text(text in "[a-z中文，。“”\n]{0,60}") {
            let (gb, ..) = GB18030.encode(&text);
            prop_assert_eq!(&decode("a", gb.to_vec(), Some(GB18030)).unwrap().0, &text);
            prop_assert_eq!(&read(&utf16(true, &text)).unwrap().0, &text);
        }
    }
}
