//! Settings of social cards, the pictures that social networks show for a shared page: `cards:` in
//! `newsprint.yaml`.

use crate::config::browse::{is_off, settings};
use crate::config::images::needs_feature;
use crate::fields::Fields;

/// The pages that have a social card, and the fonts of cards and posters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SocialCards {
    /// Whether articles have one.
    pub articles: bool,
    /// Whether days, weeks and months have one.
    pub editions: bool,
    /// Whether the pages of terms have one.
    pub terms: bool,
    /// Whether the home page has one.
    pub home: bool,
    /// Families (`Noto Sans CJK SC`) and font files of the digest (`fonts/a.otf`), the preferred one
    /// first. Empty: the fonts of the digest's language that are installed.
    pub fonts: Vec<String>,
}

impl SocialCards {
    /// True if some pages have a card.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.articles || self.editions || self.terms || self.home
    }

    pub(super) fn read(fields: &mut Fields<'_>) -> Self {
        let mut cards = Self::default();
        if fields.get("cards").is_none() || is_off(fields, "cards") {
            return cards;
        }
        (cards.articles, cards.editions, cards.home) = (true, true, true);
        if let Some(mut inner) = settings(fields, "cards") {
            let pages = inner.texts("for");
            if inner.get("for").is_some() {
                (cards.articles, cards.editions, cards.home) = (false, false, false);
            }
            for name in pages {
                match name.as_str() {
                    "articles" => cards.articles = true,
                    "editions" => cards.editions = true,
                    "terms" => cards.terms = true,
                    "home" => cards.home = true,
                    _ => inner.error(
                        "for",
                        format!("there are no social cards for `{name}`"),
                        "choose from articles, editions, terms and home",
                    ),
                }
            }
            cards.fonts = inner.texts("font");
            fields.absorb(inner.finish());
        }
        if cards.is_on() && needs_feature(fields, "cards") {
            return Self::default();
        }
        cards
    }
}

#[cfg(all(test, feature = "images"))]
mod tests {
    use super::*;
    use crate::config::{Config, FILE};

    fn cards(setting: &str) -> (SocialCards, Vec<String>) {
        let (config, found) = Config::parse(FILE, &format!("base_url: https://e.org/\n{setting}\n"));
        (config.cards, found.into_iter().map(|found| found.message).collect())
    }

    #[test]
    fn cards_are_off_on_or_for_kinds_of_pages() {
        let on = SocialCards { articles: true, editions: true, home: true, ..SocialCards::default() };
        for (setting, wanted) in [
            ("", SocialCards::default()),
            ("cards: off", SocialCards::default()),
            ("cards: on", on.clone()),
            (
                "cards: {font: [Noto Sans CJK SC]}",
                SocialCards { fonts: vec!["Noto Sans CJK SC".into()], ..on },
            ),
            ("cards: {for: [terms]}", SocialCards { terms: true, ..SocialCards::default() }),
            ("cards: {for: []}", SocialCards::default()),
        ] {
            assert_eq!(cards(setting), (wanted, vec![]), "{setting}");
        }
        assert_eq!(cards("cards: {for: [pages]}").1, ["there are no social cards for `pages`"]);
    }
}
