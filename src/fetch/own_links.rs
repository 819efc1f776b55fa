//! Removes links to the digest's own host from fetched texts: a source cannot know its pages, and a
//! link to none of them is an error of `newsprint check`.

use url::Url;

use crate::config::Config;

/// Bytes of the longest text of a link that is searched for its beginning.
const MAX_LABEL: usize = 2000;

/// True if an address is below the home page of the digest.
#[must_use]
pub(super) fn is_of_digest(address: &str, config: &Config) -> bool {
    let home = Url::parse(&config.base_url.url());
    let (Ok(address), Ok(home)) = (Url::parse(address), home) else { return false };
    !config.base_url_is_missing && address.host() == home.host() && address.path().starts_with(home.path())
}

/// A text in Markdown whose links and images of the digest's host are replaced by their texts.
/// Links by reference stay: the readers of import write none.
#[must_use]
pub(super) fn without_own(text: &str, config: &Config) -> String {
    let home = Url::parse(&config.base_url.url());
    let Some(home) = home.ok().filter(|_| !config.base_url_is_missing) else { return text.to_owned() };
    let is_own = |address: &str| Url::parse(address).is_ok_and(|address| address.host() == home.host());
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['<', ']']) {
        let (before, sign) = rest.split_at(at);
        out.push_str(before);
        if let Some(inner) = sign.strip_prefix('<') {
            let end = inner.find(['>', ' ', '\n']).filter(|end| inner[*end..].starts_with('>'));
            if let Some(end) = end.filter(|end| is_own(&inner[..*end])) {
                out.push_str(&inner[..end]);
                rest = &inner[end + 1..];
                continue;
            }
        } else if let Some(target) = sign.strip_prefix("](") {
            let address = target.trim_start_matches('<');
            let end = address.find(['>', ')', ' ', '\n']).unwrap_or(address.len());
            let close = target.find(')').map(|close| close + 1);
            if let (true, Some(close), Some(open)) = (is_own(&address[..end]), close, opening(&out)) {
                let label = out.split_off(open + 1);
                out.truncate(open - usize::from(out[..open].ends_with('!')));
                out.push_str(&label);
                rest = &target[close..];
                continue;
            }
        }
        out.push_str(&sign[..1]);
        rest = &sign[1..];
    }
    out + rest
}

/// The place of the bracket that the text of a link, which a text ends with, begins behind.
fn opening(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    for at in (bytes.len().saturating_sub(MAX_LABEL)..bytes.len()).rev() {
        let is_escaped = at > 0 && bytes[at - 1] == b'\\';
        match bytes[at] {
            b']' if !is_escaped => depth += 1,
            b'[' if !is_escaped && depth == 0 => return Some(at),
            b'[' if !is_escaped => depth -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_the_own_host_become_text() {
        let (config, _) = Config::parse("newsprint.yaml", "base_url: https://d.example/日报/\n");
        for (text, wanted) in [
            ("见 [甲](https://d.example/x/)、[乙](https://e.org/)。", "见 甲、[乙](https://e.org/)。"),
            ("[a \\] b](<https://d.example/x y> \"t\") c", "a \\] b c"),
            ("[a \\] [b] c](https://D.example \"t\") c", "a \\] [b] c c"),
            ("![图](http://d.example/a.png)[![图](https://d.example/b)](https://d.example/c)", "图图"),
            (
                "<https://d.example/x>，<https://e.org/x>，1 < 2，a](b",
                "https://d.example/x，<https://e.org/x>，1 < 2，a](b",
            ),
            ("](https://d.example/)", "](https://d.example/)"),
        ] {
            assert_eq!(without_own(text, &config), wanted, "{text}");
        }
        assert!(is_of_digest("http://d.example/%E6%97%A5%E6%8A%A5/a", &config));
        assert!(!is_of_digest("https://d.example/b", &config));
        let (config, _) = Config::parse("newsprint.yaml", "title: 日报\n");
        assert!(!is_of_digest(&config.base_url.url(), &config));
    }

    proptest::proptest! {
        #[test]
        fn other_texts_stay(text in "[a字\\[\\]()<>! \\\\]{0,40}") {
            let (config, _) = Config::parse("newsprint.yaml", "base_url: https://d.example/\n");
            proptest::prop_assert_eq!(without_own(&text, &config), text);
        }
    }
}
