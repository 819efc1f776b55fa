//! Converts the addresses of pictures in a text to those of their copies.

use percent_encoding::percent_encode_byte;

use crate::import::generator::characters::decode;
use crate::import::pictures::choose::Chosen;
use crate::import::repair::{Kind, Repair};
use crate::load::bundle::is_relative_picture;
use crate::load::markdown::written::addresses;
use crate::paths::composed;

/// What the address of a picture has percent-encoded beside controls: what ends it in Markdown or
/// HTML, and what is no part of a path in a URL. Han stays readable.
const ENCODED: &str = " \"#%&'()<>?[\\]`{|}";

/// How the endings of pictures begin.
const BEGINNINGS: [&str; 6] = [".png", ".jp", ".gif", ".webp", ".avif", ".svg"];

/// The address of a picture with this name on the page of its article.
#[must_use]
pub fn address(name: &str) -> String {
    let mut address = String::with_capacity(name.len());
    for c in name.chars() {
        match u8::try_from(c).ok().filter(|byte| byte.is_ascii_control() || ENCODED.contains(c)) {
            Some(byte) => address.push_str(percent_encode_byte(byte)),
            None => address.push(c),
        }
    }
    address
}

/// True if an address leads to the picture with this name as it is written: `p.png`, `./p.png`.
fn is_same(written: &str, name: &str) -> bool {
    let path = written.strip_prefix("./").unwrap_or(written);
    is_relative_picture(path) && decode(path).is_some_and(|path| composed(&path) == name)
}

/// Converts the addresses in the text of a post, which begins on `line` of its input. Those of raw
/// HTML are converted if `html` says that it is shown.
pub fn convert(text: &mut String, line: usize, html: bool, chosen: &mut Chosen<'_>) -> Vec<Repair> {
    let mut changes = Vec::new();
    // Most posts name no picture, and are not parsed.
    let lower = text.to_ascii_lowercase();
    if !BEGINNINGS.iter().any(|beginning| lower.contains(beginning)) {
        return Vec::new();
    }
    let (mut at, mut line) = (0, line);
    for written in addresses(text, html) {
        line += text[at..written.range.start].matches('\n').count();
        at = written.range.start;
        let Some(name) = chosen.name(&written.address, line) else { continue };
        if !is_same(&written.address, &name) {
            changes.push((written.range, line, address(&name)));
        }
    }
    let mut repairs = Vec::with_capacity(changes.len());
    for (range, line, to) in changes.into_iter().rev() {
        let from = text[range.clone()].to_owned();
        text.replace_range(range, &to);
        repairs.push(Repair { kind: Kind::Picture, from, to, line });
    }
    repairs.reverse();
    repairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_in_markdown_and_readable() {
        assert_eq!(address("图 1/a(b)#c%.png"), "图%201/a%28b%29%23c%25.png");
        for (written, name, wanted) in [
            ("p.png", "p.png", true),
            ("./a/p.png", "a/p.png", true),
            ("%E5%9B%BE.png", "图.png", true),
            ("cafe\u{301}.png", "caf\u{e9}.png", true),
            ("p.png?v=1", "p.png", false),
            ("/p.png", "p.png", false),
            ("x/../p.png", "p.png", false),
        ] {
            assert_eq!(is_same(written, name), wanted, "{written}");
        }
    }
}
