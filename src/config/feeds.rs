//! Settings of the feeds: `feeds:` in `newsprint.yaml`.

use crate::fields::Fields;

/// The feeds to write, and what they contain. The site and the weekly editions always have a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
        Self { limit: 20, terms: true, crossings: true, json: true, full_text: FullText::Site }
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
        fields.absorb(inner.finish());
        feeds
    }
}
