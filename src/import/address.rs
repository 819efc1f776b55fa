//! The words of a link field to the address in it.

use crate::import::repair::Change;
use crate::import::repair::Kind;
use crate::link::{self, Link};

/// Addresses in one field, at most.
const MAX_SURROUNDING_CHARACTERS: usize = 50;

/// The first address in a field and further ones. What stood around them is named in `changes`.
///
/// # Errors
/// A sentence that says what is wrong: there is no address, or it is none that can be followed.
pub fn read(written: &str, changes: &mut Vec<Change>) -> Result<(Link, Vec<String>), String> {
    let mut links: Vec<Link> = Vec::new();
    let mut around = String::new();
    let mut problem = None;
    let mut rest = written.trim();
    // Each is looked for in all that is left: a field of a hundred links is no field of links.
    for _ in 0..MAX_SURROUNDING_CHARACTERS {
        let Some((before, address, after)) = next(rest) else { break };
        around.push_str(before);
        match link::parse(&completed(address)) {
            Ok(link) => {
                if link.url != address {
                    changes.push((Kind::Form, address.to_owned(), link.url.clone()));
                }
                // `[address](address)` is one.
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
        return Err(problem.unwrap_or_else(|| "there is no address in this field".to_owned()));
    }
    if around.chars().any(|c| !c.is_whitespace()) {
        // Brackets alone are the address in another form.
        let kind = if around.chars().any(char::is_alphanumeric) { Kind::Address } else { Kind::Form };
        changes.push((kind, around.trim().to_owned(), String::new()));
    }
    let first = links.remove(0);
    Ok((first, links.into_iter().map(|link| link.url).collect()))
}

/// Does a model say that there is no link?
#[must_use]
pub fn is_nothing(text: &str) -> bool {
    let bare: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    let short = bare.chars().count() <= 12 && !text.contains(['.', '/']);
    short
        && (["无", "未", "暂", "没有", "缺"].iter().any(|word| bare.contains(word))
            || matches!(bare.to_lowercase().as_str(), "链接" | "原文链接" | "link" | "url" | "原文"))
}

/// Ends an address in Chinese text: full-width marks, which stand in addresses only when they are encoded.
fn ends(c: char) -> bool {
    c.is_whitespace() || "，。、；：！？（）【】《》〈〉「」『』“”‘’<>\"`|｜".contains(c)
}

/// The next address with what is before and behind it.
fn next(text: &str) -> Option<(&str, &str, &str)> {
    let scheme = ["://", "：//"].iter().filter_map(|mark| text.find(mark)).min();
    let start = match scheme {
        Some(colon) => {
            let letters = text[..colon].bytes().rev().take_while(u8::is_ascii_alphabetic).count();
            colon - letters
        }
        None => bare(text)?,
    };
    // The scheme's own colon may be full width.
    let colon = text[start..].find(['：']).filter(|at| text[start + at..].starts_with("：//"));
    let from = colon.map_or(start, |at| start + at + "：//".len());
    let end = text[from..].find(ends).map_or(text.len(), |at| from + at);
    let mut address = &text[start..end];
    // `[words](address)`: the bracket is not its own, unless it was opened in it.
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

/// Where an address without its scheme begins: `www.example.com/a`, `//example.com/a`, `example.com/s?id=1`. Only as the
/// field's first word.
fn bare(text: &str) -> Option<usize> {
    let start = text.len() - text.trim_start().trim_start_matches(['<', '(', '"', '\'', '`']).len();
    let word = text[start..].split(ends).next()?.trim_start_matches('/');
    let host = word.split(['/', '?', '#', ':']).next()?;
    let (name, ending) = host.rsplit_once('.')?;
    let sound = !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
        && ending.len() >= 2
        && ending.bytes().all(|b| b.is_ascii_alphabetic());
    sound.then_some(start)
}

/// With its scheme, in half-width characters.
fn completed(address: &str) -> String {
    let address = address.replacen("：//", "://", 1);
    if address.contains("://") { address } else { format!("https://{}", address.trim_start_matches('/')) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(text: &str) -> Result<String, String> {
        read(text, &mut Vec::new()).map(|(link, _)| link.url)
    }

    #[test]
    fn an_address_is_found_in_whatever_is_around_it() {
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
    fn further_addresses_are_kept_and_words_are_named() {
        let mut changes = Vec::new();
        let (link, further) = read("[原文](https://e.org/a) 和 https://e.org/b", &mut changes).unwrap();
        assert_eq!((link.url.as_str(), further), ("https://e.org/a", vec!["https://e.org/b".to_owned()]));
        assert_eq!(changes, [(Kind::Address, "[原文]() 和".to_owned(), String::new())]);
    }

    #[test]
    fn the_same_address_in_words_and_behind_them_is_one() {
        let mut changes = Vec::new();
        let (_, further) = read("[https://e.org/a](https://e.org/a)", &mut changes).unwrap();
        assert!(further.is_empty());
        assert!(
            is_nothing("（原文未提供）")
                && is_nothing("暂无链接")
                && is_nothing("[链接]")
                && !is_nothing("见正文")
        );
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in
            ["javascript:alert(1)", "见正文", "ftp://e.org/a", "data:text/html,x", "3.5", "https://", "a b c"]
        {
            assert!(found(text).is_err(), "{text}: {:?}", found(text));
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[a.:/：()\\[\\]<> 中?]{0,40}|.{0,40}") {
            let _ = found(&text);
        }
    }
}
