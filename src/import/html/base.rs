//! Resolves relative addresses of imported HTML.

use url::Url;

/// The URL that relative addresses are resolved against.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Base(Option<Url>);

impl Base {
    /// Makes a base of the first text that is an http(s) URL.
    pub fn of<'a>(urls: impl IntoIterator<Item = &'a str>) -> Self {
        let parsed = urls.into_iter().filter_map(|url| Url::parse(url.trim()).ok());
        Self(parsed.into_iter().find(|url| matches!(url.scheme(), "http" | "https")))
    }

    /// The base of a document whose `base` element has this address (HTML, section 4.2.3).
    pub(super) fn join(&self, address: &str) -> Self {
        match (&self.0, Url::parse(address)) {
            (_, Ok(url)) if matches!(url.scheme(), "http" | "https") => Self(Some(url)),
            (Some(base), Err(_)) => Self(base.join(address).ok()),
            _ => self.clone(),
        }
    }

    /// Resolves an address (RFC 3986, section 5, as browsers do). Whole addresses stay as written, and
    /// so do all without a base. A fragment leads to its place on the page that the text is from,
    /// because an article has other anchors.
    pub(super) fn resolve(&self, address: &str) -> String {
        let address = address.trim();
        let is_relative = matches!(Url::parse(address), Err(url::ParseError::RelativeUrlWithoutBase));
        match &self.0 {
            Some(base) if is_relative && !address.is_empty() => {
                base.join(address).map_or_else(|_| address.to_owned(), |url| url.to_string())
            }
            _ => address.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_addresses_are_resolved_and_others_stay() {
        let base = Base::of(["x", "https://old.example/2024/05/jia.html"]);
        for (address, resolved) in [
            ("/about/", "https://old.example/about/"),
            ("../04/yi.html", "https://old.example/2024/04/yi.html"),
            (" pic.png ", "https://old.example/2024/05/pic.png"),
            ("?p=2", "https://old.example/2024/05/jia.html?p=2"),
            ("//other.example/a", "https://other.example/a"),
            ("#fn:1", "https://old.example/2024/05/jia.html#fn:1"),
            ("", ""),
            ("https://e.org/图", "https://e.org/图"),
            ("mailto:a@b.c", "mailto:a@b.c"),
            ("http://[", "http://["),
        ] {
            assert_eq!(base.resolve(address), resolved, "{address}");
            assert_eq!(Base::default().resolve(address), address.trim(), "{address}");
        }
    }

    #[test]
    fn a_base_is_a_url_of_the_web() {
        assert_eq!(Base::of(["ftp://a.b/", "mailto:x", "/a"]), Base::default());
        let base = Base::of(["https://e.org/a/"]);
        assert_eq!(base.join("b/").resolve("c"), "https://e.org/a/b/c");
        assert_eq!(base.join("https://f.org/").resolve("c"), "https://f.org/c");
        assert_eq!(base.join("data:x"), base);
        assert_eq!(Base::default().join("/x"), Base::default());
    }
}
