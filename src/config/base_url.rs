//! Parses `base_url:`, the address of the published site.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use url::{Position, Url};

/// The characters that the URL Standard leaves in a path or query, and RFC 3986 does not allow
/// there.
const NOT_IN_PATH: &AsciiSet =
    &CONTROLS.add(b'[').add(b']').add(b'\\').add(b'^').add(b'`').add(b'{').add(b'|').add(b'}');

/// A base URL, split into origin and path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    /// Scheme, host and port, without a trailing slash: `https://user.github.io`.
    pub origin: String,
    /// Percent-encoded path with a slash at both ends: `/my-digest/`.
    pub path: String,
}

impl BaseUrl {
    /// The home page's URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}{}", self.origin, self.path)
    }

    /// The absolute URL of an address that is written as a URL, or as a path from the home page
    /// (`/card.png`), for programs that do not parse addresses as browsers do: link previews,
    /// search engines, feeds.
    ///
    /// It is encoded as the URL Standard serialises it (WHATWG URL, section 4.5), and the
    /// characters that a path or query may not have by RFC 3986 (section 3.3) are encoded as well,
    /// as Markdown does in `href`. What is encoded already stays as it is.
    #[must_use]
    pub fn absolute(&self, written: &str) -> String {
        let whole = match written.strip_prefix('/') {
            Some(path) => self.url() + path,
            None => written.to_owned(),
        };
        match Url::parse(&whole) {
            Ok(url) => {
                let (head, path) = (&url[..Position::BeforePath], &url[Position::BeforePath..]);
                format!("{head}{}", utf8_percent_encode(path, NOT_IN_PATH))
            }
            Err(_) => whole,
        }
    }

    /// The address for `href` of a path from the home page (`/about/`), encoded as
    /// [`absolute`](Self::absolute) does.
    #[must_use]
    pub fn path_of(&self, written: &str) -> String {
        let url = self.absolute(written);
        // A path that begins with two slashes would be read as the name of a host.
        let path = url.strip_prefix(&self.origin).filter(|path| !path.starts_with("//"));
        path.map(str::to_owned).unwrap_or(url)
    }

    /// Parses an http(s) URL; adds a missing trailing slash.
    ///
    /// # Errors
    /// A message for a diagnostic.
    pub fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|_| tr!("`{text}` is not an absolute URL", text))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(tr!("`{text}` is not an http(s) URL", text));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(tr!("`{text}` contains a `?` or `#`, which a base URL may not have", text));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(tr!("`{text}` contains a user name or password, which would be published", text));
        }
        let path = url.path().trim_matches('/');
        let path = if path.is_empty() { "/".to_owned() } else { format!("/{path}/") };
        Ok(Self { origin: url.origin().ascii_serialization(), path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_always_ends_with_a_slash() {
        for written in ["https://user.github.io/my-digest", "https://user.github.io/my-digest/"] {
            let url = BaseUrl::parse(written).unwrap();
            assert_eq!((url.origin.as_str(), url.path.as_str()), ("https://user.github.io", "/my-digest/"));
        }
        assert_eq!(BaseUrl::parse("https://example.org").unwrap().path, "/");
    }

    #[test]
    fn an_address_is_absolute_and_encoded_once() {
        let base = BaseUrl::parse("https://example.org/d").unwrap();
        for (written, url) in [
            ("/card.png", "/d/card.png"),
            ("/图 片(1).png", "/d/%E5%9B%BE%20%E7%89%87(1).png"),
            ("/%E5%9B%BE%20%E7%89%87(1).png", "/d/%E5%9B%BE%20%E7%89%87(1).png"),
            ("/a\"b<c>.png", "/d/a%22b%3Cc%3E.png"),
            ("/a[1]{2}|^`.png", "/d/a%5B1%5D%7B2%7D%7C%5E%60.png"),
            ("/a'b&c;d=e,f!$*+@~.png", "/d/a'b&c;d=e,f!$*+@~.png"),
            ("/100%.png", "/d/100%.png"),
            ("/100%25.png", "/d/100%25.png"),
            ("/a.png?v=1 2&t=图", "/d/a.png?v=1%202&t=%E5%9B%BE"),
            ("/a.svg#图 1", "/d/a.svg#%E5%9B%BE%201"),
            ("/Ａ／Ｂ（１）.png", "/d/%EF%BC%A1%EF%BC%8F%EF%BC%A2%EF%BC%88%EF%BC%91%EF%BC%89.png"),
            ("/a\\b.png", "/d/a/b.png"),
            ("/👩‍🚀.png", "/d/%F0%9F%91%A9%E2%80%8D%F0%9F%9A%80.png"),
            ("/a/../b.png", "/d/b.png"),
            ("/e\u{301}.png", "/d/e%CC%81.png"),
        ] {
            assert_eq!(base.absolute(written), format!("https://example.org{url}"), "{written}");
            assert_eq!(base.path_of(written), url, "{written}");
            assert_eq!(
                base.absolute(&base.absolute(written)),
                format!("https://example.org{url}"),
                "{written}"
            );
        }
        for (written, url) in [
            ("https://e.org/图 .png", "https://e.org/%E5%9B%BE%20.png"),
            ("HTTPS://E.org/a b?c d", "https://e.org/a%20b?c%20d"),
            ("https://例子.cn/图", "https://xn--fsqu00a.cn/%E5%9B%BE"),
            ("http://[::1]/a[1]", "http://[::1]/a%5B1%5D"),
            ("data:image/png,a", "data:image/png,a"),
            ("a b.png", "a b.png"),
        ] {
            assert_eq!(base.absolute(written), url, "{written}");
            assert_eq!(base.path_of(written), url, "{written}");
        }
    }
}
