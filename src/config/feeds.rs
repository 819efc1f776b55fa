//! Settings of the feeds: `feeds:` in `newsprint.yaml`.

use std::borrow::Cow;

use crate::config::BaseUrl;
use crate::fields::Fields;

/// The feeds to write, and what they contain. The site and the weekly editions always have a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feeds {
    /// Maximum number of articles in a feed.
    pub limit: usize,
    /// Whether every term has a feed.
    pub terms: bool,
    /// Whether every crossing has a feed.
    pub crossings: bool,
    /// Whether there is a JSON Feed beside every Atom feed.
    pub json: bool,
    /// The feeds with full texts.
    pub full_text: FullText,
    /// The base URL of the ids of feeds and entries; `None` is the `base_url`.
    pub id_base: Option<BaseUrl>,
}

/// The feeds with full texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FullText {
    /// No feed.
    None,
    /// The feed of all articles.
    Site,
    /// All feeds, also those of terms and crossings: an article is in about ten of them.
    All,
}

impl Default for Feeds {
    fn default() -> Self {
        Self { limit: 20, terms: true, crossings: true, json: true, full_text: FullText::Site, id_base: None }
    }
}

impl Feeds {
    pub(super) fn read(fields: &mut Fields<'_>) -> Self {
        let mut feeds = Self::default();
        let Some(mut inner) = fields.inner("feeds") else { return feeds };
        if let Some(limit) = inner.number("limit", 1..=1000) {
            feeds.limit = limit;
        }
        for (name, flag) in
            [("terms", &mut feeds.terms), ("crossings", &mut feeds.crossings), ("json", &mut feeds.json)]
        {
            *flag = inner.switch(name).unwrap_or(*flag);
        }
        if let Some((_, written)) = inner.text(&["full_text"]) {
            match written.as_str() {
                "none" => feeds.full_text = FullText::None,
                "site" => feeds.full_text = FullText::Site,
                "all" => feeds.full_text = FullText::All,
                _ => inner.error(
                    "full_text",
                    format!("`full_text` cannot be `{written}`"),
                    "write `none`, `site` (the feed of all articles) or `all` (also the feeds of terms and crossings)",
                ),
            }
        }
        if let Some((_, url)) = inner.text(&["id_base"]) {
            match BaseUrl::parse(&url) {
                Ok(url) => feeds.id_base = Some(url),
                Err(message) => {
                    let help = "write the `base_url` that the digest had before it moved, such as \
                                `https://user.github.io/my-digest/`";
                    inner.error("id_base", message, help);
                }
            }
        }
        fields.absorb(inner.finish());
        feeds
    }

    /// The id in feeds of the page or feed at `url`, a URL below `base`. It stays the same when the
    /// site moves to another base URL (RFC 4287, section 4.2.6), if `id_base` is the first one.
    #[must_use]
    pub fn id<'u>(&self, url: &'u str, base: &BaseUrl) -> Cow<'u, str> {
        match (&self.id_base, url.strip_prefix(&base.url())) {
            (Some(id_base), Some(rest)) => Cow::Owned(id_base.url() + rest),
            _ => Cow::Borrowed(url),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, FILE};

    #[test]
    fn ids_keep_the_base_that_the_setting_names() {
        let base = BaseUrl::parse("https://news.example/d").unwrap();
        let ids = |id_base: Option<&str>, url: &str| {
            let id_base = id_base.map(|url| BaseUrl::parse(url).unwrap());
            Feeds { id_base, ..Feeds::default() }.id(url, &base).into_owned()
        };
        let url = "https://news.example/d/articles/%E7%94%B2/";
        assert_eq!(ids(None, url), url);
        assert_eq!(ids(Some("https://old.example/x/y"), url), "https://old.example/x/y/articles/%E7%94%B2/");
        assert_eq!(ids(Some("http://old.example:81/"), url), "http://old.example:81/articles/%E7%94%B2/");
        assert_eq!(ids(Some("https://old.example"), "https://news.example/d/"), "https://old.example/");
        for other in ["https://other.example/d/a/", "https://news.example/a/", ""] {
            assert_eq!(ids(Some("https://old.example"), other), other);
        }
    }

    #[test]
    fn the_base_of_ids_is_a_base_url() {
        let read = |url: &str| {
            Config::parse(FILE, &format!("base_url: https://a.cn/\nfeeds: {{id_base: '{url}'}}\n"))
        };
        let (config, problems) = read("https://old.example/x");
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(config.feeds.id_base, BaseUrl::parse("https://old.example/x/").ok());
        for bad in [
            "x",
            "/x/",
            "ftp://old.example/",
            "https://old.example/?a",
            "https://u:p@old.example/",
            "https://old.example/#a",
        ] {
            let (config, problems) = read(bad);
            assert_eq!(config.feeds.id_base, None, "{bad}");
            assert_eq!(problems.len(), 1, "{bad}");
            assert_eq!(problems[0].place.as_ref().map(|place| place.line), Some(2), "{bad}");
        }
    }
}
