//! Settings of the feeds: `feeds:` in `newsprint.yaml`.

use std::borrow::Cow;

use crate::config::BaseUrl;
use crate::config::announce::read_address;
use crate::fields::Fields;

/// The feeds to write, and what they contain. The site and the weekly editions always have a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feeds {
    /// Maximum number of articles in the feed of all articles.
    pub limit: usize,
    /// Maximum number of articles in the feed of a term or crossing, which get fewer in a day.
    pub list_limit: usize,
    /// The number of articles from which on a term has a feed; `None` if no term has one.
    pub terms: Option<usize>,
    /// The same for crossings.
    pub crossings: Option<usize>,
    /// The Atom feeds that have a JSON Feed beside them.
    pub json: FeedSet,
    /// The feeds with full texts.
    pub full_text: FeedSet,
    /// The base URL of the ids of feeds and entries; `None` is the `base_url`.
    pub id_base: Option<BaseUrl>,
    /// The hub of WebSub that the feeds name.
    pub hub: Option<String>,
}

/// Some of a digest's feeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedSet {
    /// No feed.
    None,
    /// The feeds of the whole digest: all articles and, as JSON, the weekly editions.
    Site,
    /// All feeds, also those of terms and crossings: an article is in about ten of them.
    All,
}

/// The number of articles from which on a term has a feed by default. In a digest of 10,000
/// articles, nine of ten terms have fewer in three years: their feeds would get an entry in four
/// months, and are a sixth of the site's files.
const MIN_ARTICLES_OF_TERM_FEED: usize = 10;

impl Default for Feeds {
    fn default() -> Self {
        Self {
            limit: 20,
            list_limit: 10,
            terms: Some(MIN_ARTICLES_OF_TERM_FEED),
            crossings: None,
            json: FeedSet::Site,
            full_text: FeedSet::Site,
            id_base: None,
            hub: None,
        }
    }
}

impl Feeds {
    pub(super) fn read(fields: &mut Fields<'_>) -> Self {
        let mut feeds = Self::default();
        let Some(mut inner) = fields.inner("feeds") else { return feeds };
        for (name, limit) in [("limit", &mut feeds.limit), ("list_limit", &mut feeds.list_limit)] {
            *limit = inner.number(name, 1..=1000).unwrap_or(*limit);
        }
        for (name, minimum) in [("terms", &mut feeds.terms), ("crossings", &mut feeds.crossings)] {
            *minimum = read_minimum(&mut inner, name).unwrap_or(*minimum);
        }
        feeds.json = read_json(&mut inner).unwrap_or(feeds.json);
        if let Some((_, written)) = inner.text(&["full_text"]) {
            match written.as_str() {
                "none" => feeds.full_text = FeedSet::None,
                "site" => feeds.full_text = FeedSet::Site,
                "all" => feeds.full_text = FeedSet::All,
                _ => inner.error(
                    "full_text",
                    tr!("`full_text` cannot be `{written}`", written),
                    tr!(
                        "write `none`, `site` (the feed of all articles) or `all` (also the feeds of terms and crossings)"
                    ),
                ),
            }
        }
        if let Some((_, url)) = inner.text(&["id_base"]) {
            match BaseUrl::parse(&url) {
                Ok(url) => feeds.id_base = Some(url),
                Err(message) => {
                    let help = tr!(
                        "write the `base_url` that the digest had before it moved, such as `https://user.github.io/my-digest/`"
                    );
                    inner.error("id_base", message, help);
                }
            }
        }
        feeds.hub = read_address(&mut inner, "hub");
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

/// The minimum of articles under `name`: `on` is 1, `off` is `None`.
fn read_minimum(fields: &mut Fields<'_>, name: &'static str) -> Option<Option<usize>> {
    let node = fields.get(name)?;
    let number = || node.text()?.parse().ok().filter(|number| (1..=1_000_000).contains(number));
    let minimum = match node.switch() {
        Some(true) => Some(Some(1)),
        Some(false) => Some(None),
        None => number().map(Some),
    };
    if minimum.is_none() {
        let wanted = tr!("`on`, `off` or the number of articles from which on there is a feed");
        fields.wrong_kind(name, &wanted, node);
    }
    minimum
}

/// The feeds with a JSON Feed beside them.
fn read_json(fields: &mut Fields<'_>) -> Option<FeedSet> {
    let node = fields.get("json")?;
    let set = match node.switch() {
        Some(true) => Some(FeedSet::All),
        Some(false) => Some(FeedSet::None),
        None => match node.text().map(str::to_lowercase).as_deref() {
            Some("all") => Some(FeedSet::All),
            Some("none") => Some(FeedSet::None),
            Some("site") => Some(FeedSet::Site),
            _ => None,
        },
    };
    if set.is_none() {
        fields.wrong_kind("json", &tr!("`on`, `off` or `site`"), node);
    }
    set
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
    fn feeds_of_lists_are_switched_by_word_or_by_number_of_articles() {
        let read = |setting: &str| {
            let (config, problems) = Config::parse(FILE, &format!("feeds: {{{setting}}}\n"));
            let Feeds { terms, crossings, json, .. } = config.feeds;
            (terms, crossings, json, problems.len())
        };
        let default = (Some(10), None, FeedSet::Site);
        for (setting, terms, crossings, json) in [
            ("limit: 3", default.0, default.1, default.2),
            ("terms: on", Some(1), None, FeedSet::Site),
            ("terms: Off", None, None, FeedSet::Site),
            ("terms: 3, crossings: 7", Some(3), Some(7), FeedSet::Site),
            ("crossings: yes, json: on", Some(10), Some(1), FeedSet::All),
            ("json: all", Some(10), None, FeedSet::All),
            ("json: site", Some(10), None, FeedSet::Site),
            ("json: none", Some(10), None, FeedSet::None),
            ("json: off", Some(10), None, FeedSet::None),
        ] {
            assert_eq!(read(setting), (terms, crossings, json, 0), "{setting}");
        }
        for setting in ["terms: 0", "terms: some", "crossings: 1000001", "json: 2", "json: [site]"] {
            assert_eq!(read(setting), (default.0, default.1, default.2, 1), "{setting}");
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
