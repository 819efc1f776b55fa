//! Resolves the relative addresses of a feed.

use url::Url;

/// What relative addresses are resolved against.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bases<'a> {
    /// The base that `xml:base` sets.
    pub(super) declared: Option<&'a Url>,
    /// The link of the feed or of its channel, used where nothing is declared.
    pub(super) fallback: Option<&'a Url>,
}

impl Bases<'_> {
    /// The base inside an element whose `xml:base` is `written`, if any is declared there or
    /// outside. A relative one is resolved against the outer base (XML Base, section 3.1).
    pub(super) fn inner(self, written: Option<&String>) -> Option<Url> {
        let inner = written.and_then(|written| self.resolve(written));
        inner.or_else(|| self.declared.cloned())
    }

    /// Resolves an address against the base.
    pub(super) fn resolve(self, written: &str) -> Option<Url> {
        let written = written.trim();
        let url = match self.declared.or(self.fallback) {
            Some(base) => base.join(written).ok(),
            None => Url::parse(written).ok(),
        };
        url.filter(is_http)
    }

    /// Completes the address of an item. An absolute address, and one that only lacks its scheme
    /// (`www.e.org/a`, `e.org/a`), stay as they are written.
    pub(super) fn complete(self, written: &str) -> String {
        let written = written.trim();
        let first = written.split(['/', '?', '#']).next().unwrap_or_default();
        let begins_with_host = first.starts_with("www.")
            || (first.contains('.') && first.trim_matches('.') == first && written.contains('/'));
        let is_absolute = first.ends_with(':') || Url::parse(written).is_ok();
        if written.is_empty() || begins_with_host || is_absolute {
            return written.to_owned();
        }
        self.resolve(written).map_or_else(|| written.to_owned(), String::from)
    }
}

/// Parses an absolute http(s) address.
pub(super) fn parse(written: &str) -> Option<Url> {
    Url::parse(written.trim()).ok().filter(is_http)
}

fn is_http(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_is_declared_inherited_or_that_of_the_feed() {
        let [outer, feed] = ["https://e.org/a/b", "https://f.org/"].map(|url| parse(url).unwrap());
        let both = Bases { declared: Some(&outer), fallback: Some(&feed) };
        let feed = Bases { declared: None, fallback: Some(&feed) };
        for (bases, written, wanted) in [
            (both, None, Some("https://e.org/a/b")),
            (both, Some("c/"), Some("https://e.org/a/c/")),
            (both, Some("https://g.org"), Some("https://g.org/")),
            (both, Some("mailto:a@b.cn"), Some("https://e.org/a/b")),
            (feed, None, None),
            (feed, Some("c/"), Some("https://f.org/c/")),
            (feed, Some("javascript:a"), None),
            (Bases::default(), Some("c/"), None),
            (Bases::default(), Some(" https://g.org/ "), Some("https://g.org/")),
        ] {
            let written = written.map(str::to_owned);
            assert_eq!(bases.inner(written.as_ref()).as_ref().map(Url::as_str), wanted, "{written:?}");
        }
    }

    #[test]
    fn relative_addresses_of_items_are_completed() {
        let base = parse("https://e.org/a/").unwrap();
        let bases = Bases { declared: None, fallback: Some(&base) };
        for (written, wanted) in [
            ("/news/1", "https://e.org/news/1"),
            ("news/1.html", "https://e.org/a/news/1.html"),
            ("1.html", "https://e.org/a/1.html"),
            ("?id=1", "https://e.org/a/?id=1"),
            ("#1", "https://e.org/a/#1"),
            ("../b", "https://e.org/b"),
            ("./b", "https://e.org/a/b"),
            ("//f.org/b", "https://f.org/b"),
            ("https://f.org/b c", "https://f.org/b c"),
            ("www.f.org", "www.f.org"),
            ("f.org/b", "f.org/b"),
            ("mailto:a@b.cn", "mailto:a@b.cn"),
            ("javascript:alert(1)", "javascript:alert(1)"),
            ("http://[", "http://["),
            ("", ""),
        ] {
            assert_eq!(bases.complete(written), wanted, "{written}");
        }
        assert_eq!(Bases::default().complete("/news/1"), "/news/1");
        assert_eq!(parse("ftp://e.org/"), None);
    }
}
