//! Computes addresses: the file of a page in the output folder, and its URL.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use unicode_normalization::UnicodeNormalization;

use crate::config::Config;

/// Every character except the unreserved ones of RFC 3986 is encoded, so that all programs parse a
/// path alike.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The address of a page or a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Path in the output folder, NFC, with `/`: `keywords/开源/index.html`.
    pub file: String,
    /// URL path from the host's root, percent-encoded, for `href`:
    /// `/my-digest/keywords/%E5%BC%80%E6%BA%90/`.
    pub path: String,
    /// The absolute URL, with scheme and host.
    pub permalink: String,
}

impl Address {
    /// Returns the address of the `index.html` in a folder. Without parts, it is the home page.
    #[must_use]
    pub fn new(parts: &[&str], config: &Config) -> Self {
        let mut file = String::new();
        let mut path = config.base_url.path.clone();
        for part in parts.iter().flat_map(|part| part.split('/')) {
            let composed: Cow<'_, str> = if unicode_normalization::is_nfc(part) {
                part.into()
            } else {
                part.nfc().collect::<String>().into()
            };
            path.extend(utf8_percent_encode(&composed, SEGMENT));
            path.push('/');
            file.push_str(&composed);
            file.push('/');
        }
        file.push_str("index.html");
        Self { permalink: format!("{}{path}", config.base_url.origin), file, path }
    }

    /// Returns the address of a file with its own name: `feed.xml`, `404.html`.
    #[must_use]
    pub fn file(parts: &[&str], name: &str, config: &Config) -> Self {
        Self::new(parts, config).beside(name)
    }

    /// Returns the address of a file in the folder of this page.
    #[must_use]
    pub fn beside(&self, name: &str) -> Self {
        let encoded = encoded(name);
        Self {
            file: format!("{}{name}", self.file.trim_end_matches("index.html")),
            path: format!("{}{encoded}", self.path),
            permalink: format!("{}{encoded}", self.permalink),
        }
    }
}

/// The path of a file of the site as pages link to it.
#[must_use]
pub fn encoded(path: &str) -> String {
    utf8_percent_encode(path, SEGMENT).to_string().replace("%2F", "/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::BaseUrl;

    fn config() -> Config {
        let base_url = BaseUrl::parse("https://user.github.io/my-digest").unwrap();
        Config { base_url, ..Config::default() }
    }

    #[test]
    fn han_is_encoded_in_links_and_plain_on_disk() {
        let address = Address::new(&["keywords", "开源"], &config());
        assert_eq!(address.file, "keywords/开源/index.html");
        assert_eq!(address.path, "/my-digest/keywords/%E5%BC%80%E6%BA%90/");
        assert_eq!(address.permalink, "https://user.github.io/my-digest/keywords/%E5%BC%80%E6%BA%90/");
    }

    #[test]
    fn decomposed_letters_are_composed_on_disk() {
        assert_eq!(Address::new(&["cafe\u{301}"], &config()).file, "caf\u{e9}/index.html");
    }

    #[test]
    fn files_keep_their_names() {
        let address = Address::file(&["keywords", "c++"], "feed.xml", &config());
        assert_eq!(
            (address.file.as_str(), address.path.as_str()),
            ("keywords/c++/feed.xml", "/my-digest/keywords/c%2B%2B/feed.xml")
        );
        assert_eq!(Address::file(&[], "404.html", &config()).file, "404.html");
    }
}
