//! Addresses: where a page stands on disk, and how links name it under the base URL.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use unicode_normalization::UnicodeNormalization;

use crate::config::Config;

/// Everything but RFC 3986's unreserved characters is encoded, so that no consumer can read a path in two ways.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A page's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// In the output folder, NFC, with `/`: `keywords/开源/index.html`.
    pub file: String,
    /// For `href`: from the host's root, percent-encoded: `/my-digest/keywords/%E5%BC%80%E6%BA%90/`.
    pub path: String,
    /// With scheme and host.
    pub permalink: String,
}

impl Address {
    /// The page that is the `index.html` of a folder; no parts are the digest's home.
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

    /// A file with a name of its own: `feed.xml`, `404.html`.
    #[must_use]
    pub fn file(parts: &[&str], name: &str, config: &Config) -> Self {
        Self::new(parts, config).beside(name)
    }

    /// A file in the folder of a page.
    #[must_use]
    pub fn beside(&self, name: &str) -> Self {
        let encoded = utf8_percent_encode(name, SEGMENT).to_string().replace("%2F", "/");
        Self {
            file: format!("{}{name}", self.file.trim_end_matches("index.html")),
            path: format!("{}{encoded}", self.path),
            permalink: format!("{}{encoded}", self.permalink),
        }
    }
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
