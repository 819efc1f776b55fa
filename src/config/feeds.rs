//! Which feeds there are, and what they bring: `feeds:` in `newsprint.yaml`.

use crate::fields::Fields;

/// Which feeds are written. The site and the weekly editions always have one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feeds {
    /// Articles in a feed.
    pub limit: usize,
    /// Does every term have a feed of its own?
    pub terms: bool,
    /// Does every crossing?
    pub crossings: bool,
    /// Does a JSON Feed stand beside every Atom feed?
    pub json: bool,
    /// Which of them bring whole texts.
    pub full_text: FullText,
}

/// Which feeds bring whole texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FullText {
    /// None: readers come to the site.
    None,
    /// The site's own.
    Site,
    /// Those of terms and crossings, too: every article stands in some ten of them.
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
            *flag = inner.flag(name).unwrap_or(*flag);
        }
        if let Some((_, written)) = inner.text(&["full_text"]) {
            match written.as_str() {
                "none" => feeds.full_text = FullText::None,
                "site" => feeds.full_text = FullText::Site,
                "all" => feeds.full_text = FullText::All,
                _ => inner.error(
                    "full_text",
                    format!("whole texts cannot be in `{written}`"),
                    "write `none`, `site` (the feed of all articles) or `all` (those of terms and crossings, too)",
                ),
            }
        }
        fields.absorb(inner.finish());
        feeds
    }
}
