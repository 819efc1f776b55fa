//! Reads a source file and splits it into front matter and body, independent of byte order mark and
//! line breaks.

use std::io;
use std::ops::Range;

use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::Fingerprint;
use crate::fs::Root;
use crate::text::lines::LinedText;

/// A Markdown file, split into front matter and body.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Path relative to the digest's root, with `/`.
    pub path: String,
    /// Fingerprint of the file's bytes.
    pub hash: Fingerprint,
    /// The file's text without byte order mark; lines end with `\n`.
    pub text: LinedText<'static>,
    /// Byte range in `text` of the YAML between the `---` lines.
    pub front_matter: Range<usize>,
    /// Byte offset in `text` at which the body begins.
    pub body: usize,
}

/// Maximum size of a file of settings, terms or templates, in bytes. Tens of thousands of terms
/// take a few million bytes.
pub const MAX_FILE_BYTES: u64 = 32 << 20;

/// Reads and splits the file at `path` in a digest, of at most `limit` bytes.
///
/// # Errors
/// The file cannot be read, is too large, is not UTF-8, or has no closed front matter.
pub fn read(root: &Root, path: &str, limit: usize) -> Result<SourceFile, Box<Diagnostic>> {
    let bytes = root.read(path, limit as u64).map_err(|error| {
        let help = match error.kind() {
            io::ErrorKind::FileTooLarge => {
                tr!("split it, or raise `limits: {file_kb: …}` in newsprint.yaml")
            }
            _ => tr!("check its permissions"),
        };
        let diagnostic = Diagnostic::error(tr!("this file cannot be read: {error}", error));
        Box::new(diagnostic.at(Place::file(path)).help(help))
    })?;
    let hash = Fingerprint::of_bytes(&bytes);
    split(path, hash, decode(path, bytes)?)
}

/// Decodes UTF-8 with or without a byte order mark, and converts CRLF and bare CR to LF.
///
/// # Errors
/// The bytes are not UTF-8; the diagnostic points to the first invalid byte.
pub fn decode(path: &str, bytes: Vec<u8>) -> Result<String, Diagnostic> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let bytes = error.into_bytes();
        let byte = bytes.get(at).copied().unwrap_or_default();
        let readable = String::from_utf8_lossy(&bytes).into_owned();
        let utf16 = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
        let help = match utf16 {
            true => tr!("it looks like UTF-16: save it as UTF-8 (for GBK: `iconv -f GB18030 -t UTF-8`)"),
            false => tr!("save it as UTF-8 (for GBK: `iconv -f GB18030 -t UTF-8`)"),
        };
        Diagnostic::error(tr!(
            "this file is not UTF-8: byte {at} is 0x{byte}",
            at,
            byte = format!("{byte:02X}")
        ))
        .at(Place::at(path, &readable.into(), at..at + 3))
        .help(help)
    })?;
    let text = text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text);
    if text.contains('\r') { Ok(text.replace("\r\n", "\n").replace('\r', "\n")) } else { Ok(text) }
}

fn front_matter_help() -> String {
    tr!("begin the file with a line `---`, then `title: …` and the other fields, then a line `---`")
}

/// True for a line that looks like `---` and has other signs, as Chinese keyboards type them.
fn looks_like_fence(line: &str) -> bool {
    let is_sign = |c: char| "-—－–−―─…＿‐‑⸺".contains(c);
    let line = line.trim_end();
    (1..=6).contains(&line.chars().count()) && line.chars().all(is_sign) && line.chars().any(|c| c != '-')
}

/// The error for a line that looks like `---`, which is at `range`.
fn fence_error(path: &str, text: &str, range: std::ops::Range<usize>) -> Box<Diagnostic> {
    let line = &text[range.clone()];
    Box::new(
        Diagnostic::error(tr!("this line is `{line}`, not `---`", line))
            .at(Place::at(path, &text.into(), range))
            .help(tr!("type the hyphen-minus of an English keyboard three times: `---`")),
    )
}

/// Splits a text at its `---` lines.
///
/// # Errors
/// The front matter is missing or not closed.
pub fn split(path: &str, hash: Fingerprint, text: String) -> Result<SourceFile, Box<Diagnostic>> {
    // Blank lines above the first `---` are accepted: they are a slip, not another format.
    let begin = text.len() - text.trim_start_matches(['\n', ' ', '\t']).len();
    let begin = text[..begin].rfind('\n').map_or(0, |at| at + 1);
    let first_end = text[begin..].find('\n').map_or(text.len(), |at| begin + at);
    let first = text[begin..first_end].trim_end();
    if looks_like_fence(first) {
        return Err(fence_error(path, &text, begin..begin + first.len()));
    }
    if first != "---" {
        let (message, help) = match first {
            "+++" => (
                tr!("this front matter is TOML, which newsprint does not read here"),
                tr!("write the fields as YAML between two `---` lines"),
            ),
            _ if text.trim().is_empty() => (tr!("this file is empty"), front_matter_help()),
            _ => (tr!("this file has no front matter"), front_matter_help()),
        };
        return Err(Box::new(
            Diagnostic::error(message)
                .at(Place::at(path, &text.as_str().into(), begin..begin + first.len()))
                .help(help),
        ));
    }
    let start = (first_end + 1).min(text.len());
    let mut at = start;
    let mut similar = None;
    for line in text[start..].split_inclusive('\n') {
        if similar.is_none() && looks_like_fence(line) {
            similar = Some(at..at + line.trim_end().len());
        }
        if matches!(line.trim_end(), "---" | "...") {
            let body = at + line.len();
            return Ok(SourceFile {
                path: path.to_owned(),
                hash,
                front_matter: start..at,
                body,
                text: text.into(),
            });
        }
        at += line.len();
    }
    if let Some(range) = similar {
        return Err(fence_error(path, &text, range));
    }
    Err(Box::new(
        Diagnostic::error(tr!("this front matter is never closed"))
            .at(Place::at(path, &text.as_str().into(), begin..begin + 3))
            .label(tr!("opened here"))
            .help(tr!("write a line `---` below the last field")),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (String, String) {
        let text = decode("a.md", text.as_bytes().to_vec()).unwrap();
        let source = split("a.md", Fingerprint::default(), text).unwrap();
        (source.text[source.front_matter.clone()].to_owned(), source.text[source.body..].to_owned())
    }

    #[test]
    fn byte_order_mark_and_line_breaks_make_no_difference() {
        let wanted = ("title: 一\n".to_owned(), "正文\n".to_owned());
        assert_eq!(parts("---\ntitle: 一\n---\n正文\n"), wanted);
        assert_eq!(parts("\u{FEFF}---\r\ntitle: 一\r\n---\r\n正文\r\n"), wanted);
        assert_eq!(parts("---\rtitle: 一\r---\r正文\r"), wanted);
    }

    #[test]
    fn rules_in_the_body_belong_to_the_body() {
        assert_eq!(parts("---\na: 1\n---\nx\n\n---\n\ny").1, "x\n\n---\n\ny");
    }

    #[test]
    fn an_empty_front_matter_and_body_are_fine() {
        assert_eq!(parts("---\n---"), (String::new(), String::new()));
        assert_eq!(parts("\n \n---\na: 1\n---\nx").0, "a: 1\n");
    }

    #[test]
    fn a_front_matter_that_is_missing_or_open_is_an_error() {
        for text in ["", "正文", "---", "---\ntitle: x\n", "+++\na = 1\n+++\n", " ---\na: 1\n---\n"] {
            assert!(split("a.md", Fingerprint::default(), text.to_owned()).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_line_that_looks_like_the_fence_is_named() {
        for (text, line) in [
            ("———\ntitle: x\n———\n", 1),
            ("－－－\ntitle: x\n－－－\n", 1),
            ("…—\ntitle: x\n", 1),
            ("---\ntitle: x\n——\n正文\n", 3),
            ("---\ntitle: x\n--—\n正文\n\n———\n", 3),
        ] {
            let error = split("a.md", Fingerprint::default(), text.to_owned()).unwrap_err();
            assert!(error.message.ends_with(", not `---`"), "{text:?}: {}", error.message);
            assert_eq!(error.place.unwrap().line, line, "{text:?}");
        }
        // A rule of the body is not looked at.
        assert_eq!(parts("---\na: 1\n---\nx\n\n———\n").1, "x\n\n———\n");
    }

    #[test]
    fn bytes_that_are_not_utf8_are_shown_with_their_offset() {
        let error = decode("a.md", b"---\ntitle: \xD6\xD0\n---\n".to_vec()).unwrap_err();
        assert!(error.message.contains("byte 11 is 0xD6"), "{}", error.message);
        assert_eq!(error.place.unwrap().line, 2);
    }
}
