//! Where the site will stand.

use url::Url;

/// A base URL, split where pages need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    /// Scheme, host and port, without a trailing slash: `https://user.github.io`.
    pub origin: String,
    /// Percent-encoded, with a slash at both ends: `/my-digest/`.
    pub path: String,
}

impl BaseUrl {
    /// The home page's URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}{}", self.origin, self.path)
    }

    /// The URL of an image that is written as one, or as a path from the digest's home.
    #[must_use]
    pub fn image(&self, written: &str) -> String {
        match written.strip_prefix('/') {
            Some(path) => self.url() + path,
            None => written.to_owned(),
        }
    }

    /// Reads an http(s) URL; a missing trailing slash is added.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|_| format!("`{text}` is not a whole URL"))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(format!("`{text}` is not an http(s) URL"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(format!("`{text}` holds a `?` or `#`, which a base URL may not"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(format!("`{text}` holds a user name or password, which would be published"));
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
