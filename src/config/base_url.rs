//! Parses `base_url:`, the address of the published site.

use url::Url;

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

    /// The URL of an image that is written as a URL, or as a path from the home page (`/card.png`).
    #[must_use]
    pub fn image(&self, written: &str) -> String {
        match written.strip_prefix('/') {
            Some(path) => self.url() + path,
            None => written.to_owned(),
        }
    }

    /// Parses an http(s) URL; adds a missing trailing slash.
    ///
    /// # Errors
    /// A message for a diagnostic.
    pub fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|_| format!("`{text}` is not an absolute URL"))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(format!("`{text}` is not an http(s) URL"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(format!("`{text}` contains a `?` or `#`, which a base URL may not have"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(format!("`{text}` contains a user name or password, which would be published"));
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
}
