//! Finds the addresses (URLs) in the text of a link field.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::import::record::{Field, Value};
use crate::import::repair::{Change, Kind, Repair};
use crate::link::{self, Link};

/// Addresses that are read from one field.
const MAX_ADDRESSES: usize = 50;

/// Returns the first address in a field and the URLs of the further ones. The text around them is
/// recorded in `changes`.
///
/// # Errors
/// The message of a diagnostic: the field holds no address, or none that is a valid link.
pub fn find_links(written: &str, changes: &mut Vec<Change>) -> Result<(Link, Vec<String>), String> {
    let mut links: Vec<Link> = Vec::new();
    let mut around = String::new();
    let mut problem = None;
    let mut rest = written.trim();
    // Each search can read all of the remaining text, so the number of searches is limited.
    for _ in 0..MAX_ADDRESSES {
        let Some((before, address, after)) = next_address(rest) else { break };
        around.push_str(before);
        match link::parse(&with_scheme(address)) {
            Ok(link) => {
                if link.url != address {
                    changes.push((Kind::Form, address.to_owned(), link.url.clone()));
                }
                // `[address](address)` is one address.
                if links.iter().any(|known| known.canonical == link.canonical) {
                    changes.push((Kind::Form, link.url, String::new()));
                } else {
                    links.push(link);
                }
            }
            Err(message) => {
                problem.get_or_insert(message);
                around.push_str(address);
            }
        }
        rest = after;
    }
    around.push_str(rest);
    if links.is_empty() {
        return Err(problem.unwrap_or_else(|| tr!("there is no address in this field")));
    }
    if around.chars().any(|c| !c.is_whitespace()) {
        // Without letters or digits, the text around is brackets: only another form of the address.
        let kind = if around.chars().any(char::is_alphanumeric) { Kind::Address } else { Kind::Form };
        changes.push((kind, around.trim().to_owned(), String::new()));
    }
    let first = links.remove(0);
    Ok((first, links.into_iter().map(|link| link.url).collect()))
}

/// The value of a field whose format separates it from all other text (JSON, tables, feeds). A link
/// there is one address ([`as_one`]).
#[must_use]
pub fn of_field(field: &Field, value: Value, line: usize, repairs: &mut Vec<Repair>) -> Value {
    match value {
        Value::Text(text) if *field == Field::Link => Value::Text(as_one(&text, line, repairs)),
        value => value,
    }
}

/// Encodes the characters at which an address in running text would end: blanks and full-width
/// punctuation in a value that is an address and nothing else (URL Standard, path and query state).
/// A value with several addresses, lines or signs of markup stays, as do marks behind an address.
#[must_use]
pub fn as_one(written: &str, line: usize, repairs: &mut Vec<Repair>) -> String {
    let text = written.trim();
    let rest = ["https://", "http://"].iter().find_map(|scheme| {
        text.get(..scheme.len())
            .filter(|start| start.eq_ignore_ascii_case(scheme))
            .map(|_| &text[scheme.len()..])
    });
    let is_marked = |c: char| c.is_control() || matches!(c, '<' | '>' | '"' | '`' | '|' | '｜');
    let is_one = |rest: &str| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        // Words behind a host alone are words: `https://e.org 原文`.
        let further = rest.match_indices("://").any(|(at, _)| {
            let scheme = rest[..at].trim_end_matches(|c: char| c.is_ascii_alphabetic());
            scheme.ends_with(ends_address) || scheme.ends_with('(')
        });
        !host.contains(ends_address) && !further && !rest.contains("](") && !rest.contains(is_marked)
    };
    let address = text.trim_end_matches(['。', '，', '、', '；', '：', '！', '？', '”', '’', '」', '』']);
    if !rest.is_some_and(is_one) || !address.contains(ends_address) {
        return written.to_owned();
    }
    let mut encoded = String::with_capacity(text.len());
    for c in address.chars() {
        if ends_address(c) {
            encoded.extend(utf8_percent_encode(c.encode_utf8(&mut [0; 4]), NON_ALPHANUMERIC));
        } else {
            encoded.push(c);
        }
    }
    repairs.push(Repair { kind: Kind::Form, from: address.to_owned(), to: encoded.clone(), line });
    encoded.push_str(&text[address.len()..]);
    encoded
}

/// True if a text says that there is no link, such as 无 or 暂无链接.
#[must_use]
pub fn is_nothing(text: &str) -> bool {
    let bare: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    let short = bare.chars().count() <= 12 && !text.contains(['.', '/']);
    short
        && (["无", "未", "暂", "没有", "缺"].iter().any(|word| bare.contains(word))
            || matches!(bare.to_lowercase().as_str(), "链接" | "原文链接" | "link" | "url" | "原文"))
}

/// True for a character that ends an address: white space, quotation marks, angle brackets and
/// full-width punctuation, which addresses contain only percent-encoded.
fn ends_address(c: char) -> bool {
    c.is_whitespace() || "，。、；：！？（）【】《》〈〉「」『』“”‘’<>\"`|｜".contains(c)
}

/// Finds the next address: the text before it, the address, and the text after it.
fn next_address(text: &str) -> Option<(&str, &str, &str)> {
    let scheme = ["://", "：//"].iter().filter_map(|mark| text.find(mark)).min();
    let start = match scheme {
        Some(colon) => {
            let letters = text[..colon].bytes().rev().take_while(u8::is_ascii_alphabetic).count();
            colon - letters
        }
        None => find_bare(text)?,
    };
    // The colon of the scheme can be full width.
    let colon = text[start..].find(['：']).filter(|at| text[start + at..].starts_with("：//"));
    let from = colon.map_or(start, |at| start + at + "：//".len());
    let end = text[from..].find(ends_address).map_or(text.len(), |at| from + at);
    let mut address = &text[start..end];
    // `[words](address)`: a closing bracket belongs to the address only if it was opened in it.
    let (open, mut closed) = (address.matches('(').count(), address.matches(')').count());
    while let Some(shorter) = address.strip_suffix([')', ']', ',', ';', '.', '\'', '*']) {
        let bracket = usize::from(address.ends_with(')'));
        let closes = bracket == 1 && open >= closed;
        closed -= bracket;
        if closes {
            break;
        }
        address = shorter;
    }
    // `[https://a](https://a)`.
    if let Some(at) = address.find("](") {
        address = &address[..at];
    }
    (!address.is_empty()).then(|| (&text[..start], address, &text[start + address.len()..]))
}

/// Finds the byte offset of an address without a scheme: `www.example.com/a`, `//example.com/a`,
/// `example.com/s?id=1`. Such an address is only recognised as the first word of the field.
fn find_bare(text: &str) -> Option<usize> {
    let start = text.len() - text.trim_start().trim_start_matches(['<', '(', '"', '\'', '`']).len();
    let word = text[start..].split(ends_address).next()?.trim_start_matches('/');
    let host = word.split(['/', '?', '#', ':']).next()?;
    let (name, ending) = host.rsplit_once('.')?;
    let is_host = !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
        && ending.len() >= 2
        && ending.bytes().all(|b| b.is_ascii_alphabetic());
    is_host.then_some(start)
}

/// Adds `https://` to an address without a scheme, and makes the colon of a scheme half width.
fn with_scheme(address: &str) -> String {
    let address = address.replacen("：//", "://", 1);
    if address.contains("://") { address } else { format!("https://{}", address.trim_start_matches('/')) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(text: &str) -> Result<String, String> {
        find_links(text, &mut Vec::new()).map(|(link, _)| link.url)
    }

    #[test]
    fn an_address_is_found_in_any_surrounding_text() {
        for text in [
            "https://e.org/a?id=1",
            "<https://e.org/a?id=1>",
            "[原文](https://e.org/a?id=1)",
            "[https://e.org/a?id=1](https://e.org/a?id=1)",
            "“https://e.org/a?id=1”",
            "`https://e.org/a?id=1`",
            "https://e.org/a?id=1。",
            "https://e.org/a?id=1（原文）",
            "原文：https://e.org/a?id=1，转载",
            "https：//e.org/a?id=1",
            "e.org/a?id=1",
            "//e.org/a?id=1",
            "**https://e.org/a?id=1**",
        ] {
            assert_eq!(found(text).as_deref(), Ok("https://e.org/a?id=1"), "{text}");
        }
        assert_eq!(
            found("https://zh.wikipedia.org/wiki/A_(B)").as_deref(),
            Ok("https://zh.wikipedia.org/wiki/A_(B)")
        );
        assert_eq!(found("http://e.org/开源").as_deref(), Ok("http://e.org/%E5%BC%80%E6%BA%90"));
    }

    #[test]
    fn further_addresses_are_returned_and_surrounding_text_is_recorded() {
        let mut changes = Vec::new();
        let (link, further) = find_links("[原文](https://e.org/a) 和 https://e.org/b", &mut changes).unwrap();
        assert_eq!((link.url.as_str(), further), ("https://e.org/a", vec!["https://e.org/b".to_owned()]));
        assert_eq!(changes, [(Kind::Address, "[原文]() 和".to_owned(), String::new())]);
    }

    #[test]
    fn a_markdown_link_to_its_own_text_is_one_address() {
        let mut changes = Vec::new();
        let (_, further) = find_links("[https://e.org/a](https://e.org/a)", &mut changes).unwrap();
        assert!(further.is_empty());
        assert!(
            is_nothing("（原文未提供）")
                && is_nothing("暂无链接")
                && is_nothing("[链接]")
                && !is_nothing("见正文")
        );
    }

    #[test]
    fn a_field_that_is_an_address_is_one_address() {
        for (written, wanted) in [
            ("https://e.org/a b/中文?q=你 好", "https://e.org/a%20b/中文?q=你%20好"),
            (" HTTP://e.org/a b ", "HTTP://e.org/a%20b"),
            ("https://e.org/a\u{3000}b", "https://e.org/a%E3%80%80b"),
            ("https://zh.e.org/wiki/你好，李焕英", "https://zh.e.org/wiki/你好%EF%BC%8C李焕英"),
            ("https://e.org/《三体》（小说）", "https://e.org/%E3%80%8A三体%E3%80%8B%EF%BC%88小说%EF%BC%89"),
            ("https://e.org/a?u=https://f.org/b c", "https://e.org/a?u=https://f.org/b%20c"),
            ("https://e.org/a#b c", "https://e.org/a#b%20c"),
            ("https://e.org/a b。", "https://e.org/a%20b。"),
        ] {
            let mut repairs = Vec::new();
            assert_eq!(as_one(written, 3, &mut repairs), wanted, "{written}");
            assert_eq!((repairs.len(), repairs[0].kind, repairs[0].line), (1, Kind::Form, 3), "{written}");
        }
        for stays in [
            "https://e.org/a",
            "https://e.org/a。",
            "https://e.org/a https://e.org/b",
            "https://e.org/a，http://e.org/b",
            "https://e.org/a\nhttps://e.org/b",
            "https://e.org/a\n说明",
            "https://e.org 原文",
            "https://e.org/a \"原文\"",
            "https://e.org/a <b>",
            "原文 https://e.org/a b",
            "[a b](https://e.org/a)",
            "https://e.org/a b](https://e.org/a b)",
            "e.org/a b",
            "无",
            "",
        ] {
            let mut repairs = Vec::new();
            assert_eq!(as_one(stays, 1, &mut repairs), stays);
            assert_eq!(repairs, []);
        }
        let value =
            |field: &Field| of_field(field, Value::Text("https://e.org/a b".into()), 1, &mut Vec::new());
        assert_eq!(value(&Field::Link), Value::Text("https://e.org/a%20b".into()));
        assert_eq!(value(&Field::Title), Value::Text("https://e.org/a b".into()));
    }

    #[test]
    fn text_without_a_valid_address_is_refused() {
        for text in
            ["javascript:alert(1)", "见正文", "ftp://e.org/a", "data:text/html,x", "3.5", "https://", "a b c"]
        {
            assert!(found(text).is_err(), "{text}: {:?}", found(text));
        }
    }

    proptest! {
        #[test]
        fn arbitrary_text_does_not_panic(text in "[a.:/：()\\[\\]<> 中?]{0,40}|.{0,40}") {
            let _ = found(&text);
        }
    }
}
