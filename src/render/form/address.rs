//! Makes addresses valid for programs that are stricter than browsers: readers of books, mail
//! programs and chats.

use url::{Host, Url};

/// Returns an absolute address in which every character is one of RFC 3986 in its place: blanks,
/// `|`, `[`, `]`, Han and a `%` that begins no escape are percent-encoded, and the host is in
/// ASCII. An address that browsers can open leads to the same place.
pub(super) fn valid(address: &str) -> String {
    let Ok(url) = Url::parse(address) else { return encode(address) };
    let host_end = url[..url::Position::BeforePath].len();
    let (before, after) = url.as_str().split_at(host_end);
    before.to_owned() + &encode(after)
}

/// The valid form of a link's address; `None` if it is not a web, mail or telephone address that
/// such programs accept.
pub(super) fn valid_link(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let is_link = match url.scheme() {
        "http" | "https" => match url.host()? {
            Host::Domain(name) => is_host_name(name),
            Host::Ipv4(_) | Host::Ipv6(_) => true,
        },
        // RFC 3986, section 4.3: no part but the fragment may be missing after such a scheme.
        "mailto" | "tel" => !url.path().is_empty() || url.query().is_some_and(|query| !query.is_empty()),
        _ => false,
    };
    is_link.then(|| valid(address))
}

/// True for the names of hosts that RFC 1123, section 2.1, allows, with or without a final dot.
/// `_` is allowed too, because hosts on the web have it. Browsers accept more characters.
fn is_host_name(name: &str) -> bool {
    let labels = || name.strip_suffix('.').unwrap_or(name).split('.');
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let last = labels().next_back().unwrap_or_default();
    labels().all(is_label) && !last.starts_with(|c: char| c.is_ascii_digit())
}

/// Encodes the characters that no path, query or fragment may have.
fn encode(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let mut fragment = false;
    for (at, c) in text.char_indices() {
        let is_escape = || {
            let digits = text.as_bytes().get(at + 1..at + 3);
            digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
        };
        let is_kept = match c {
            '%' => is_escape(),
            // A second one would be a part of the fragment.
            '#' => !std::mem::replace(&mut fragment, true),
            _ => c.is_ascii_alphanumeric() || "-._~:/?@!$&'()*+,;=".contains(c),
        };
        if is_kept {
            written.push(c);
        } else {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                written.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_scraped_links_become_valid() {
        for (address, wanted) in [
            ("https://e.org/a b", "https://e.org/a%20b"),
            ("https://e.org/100%", "https://e.org/100%25"),
            ("https://e.org/100%?x=5%&y=%zz", "https://e.org/100%25?x=5%25&y=%25zz"),
            ("https://e.org/a|b[1]?c=[2]|{3}", "https://e.org/a%7Cb%5B1%5D?c=%5B2%5D%7C%7B3%7D"),
            ("https://e.org/%E6%96%87", "https://e.org/%E6%96%87"),
            ("https://e.org/文?标=题#节", "https://e.org/%E6%96%87?%E6%A0%87=%E9%A2%98#%E8%8A%82"),
            ("https://e.org/a#b#c", "https://e.org/a#b%23c"),
            ("https://e.org/\"<>^`\\", "https://e.org/%22%3C%3E%5E%60/"),
            ("https://例子.中国/", "https://xn--fsqu00a.xn--fiqs8s/"),
            ("https://[::1]:80/x", "https://[::1]:80/x"),
            ("https://e.org/a?x=1&amp;y", "https://e.org/a?x=1&amp;y"),
            ("mailto:a@e.org", "mailto:a@e.org"),
            ("not a url 文", "not%20a%20url%20%E6%96%87"),
        ] {
            assert_eq!(valid(address), wanted);
        }
    }

    #[test]
    fn links_of_books_are_valid_addresses() {
        for address in [
            "mailto:a@e.org",
            "mailto:?subject=x",
            "tel:+1-2",
            "https://e.org",
            "https://a_b.e.org:80/",
            "https://a--b.org./",
            "http://1.2.3.4/",
            "https://[::1]/",
            "https://u:p@localhost/",
        ] {
            assert_eq!(valid_link(address), Some(valid(address)), "{address}");
        }
        for address in [
            "mailto:",
            "mailto: ",
            "mailto:#x",
            "mailto:?",
            "tel:",
            "TEL:",
            "https://*.example.org/",
            "https://exa&mple.org/",
            "https://a;b.org/",
            "https://a'b.org/",
            "https://a~b.org/",
            "https://a`b.org/",
            "https://{a}.org/",
            "https://-a.org/",
            "https://a-.org/",
            "https://a..b/",
            "https://.a.b/",
            "https://a.1b/",
            "https://",
            "ftp://e.org/",
            "javascript:x",
            "a/b",
        ] {
            assert_eq!(valid_link(address), None, "{address}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_valid_address_stays_and_leads_to_the_same_place(path in "[ -~文]{0,20}") {
            let address = format!("https://e.org/{path}");
            let once = valid(&address);
            proptest::prop_assert_eq!(&valid(&once), &once);
            proptest::prop_assert!(once.is_ascii() && !once.contains([' ', '|', '[', ']', '<', '>', '"', '\\']));
            let decoded = |text: &str| percent_encoding::percent_decode_str(text).collect::<Vec<u8>>();
            let parsed = Url::parse(&address).unwrap();
            proptest::prop_assert_eq!(decoded(&once), decoded(parsed.as_str()));
        }
    }
}
