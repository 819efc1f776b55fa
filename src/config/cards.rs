//! Settings of social cards, the pictures that social networks show for a shared page: `cards:` in
//! `newsprint.yaml`.

use crate::config::browse::{is_off, settings};
use crate::config::images::needs_feature;
use crate::diagnostic::Place;
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
    /// The preferred font first. Empty: the fonts of the digest's language that are installed.
    pub fonts: Vec<Font>,
}

/// A font of the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Font {
    /// A family (`Noto Sans CJK SC`), or a file of the digest (`fonts/a.otf`).
    pub name: String,
    /// Where the settings name it.
    pub place: Place,
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
            let (pages, fonts) = (inner.texts("for"), inner.texts("font"));
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
                        tr!("there are no social cards for `{name}`", name),
                        tr!("choose from articles, editions, terms and home"),
                    ),
                }
            }
            let place = |name: String| Font { place: inner.place_within("font", &name), name };
            cards.fonts = fonts.into_iter().map(place).collect();
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
            ("cards: on", on),
            ("cards: {for: [terms]}", SocialCards { terms: true, ..SocialCards::default() }),
            ("cards: {for: []}", SocialCards::default()),
        ] {
            assert_eq!(cards(setting), (wanted, vec![]), "{setting}");
        }
        let fonts = cards("cards: {font: [Noto Sans CJK SC, fonts/a.otf]}").0.fonts;
        let found: Vec<_> =
            fonts.iter().map(|font| (font.name.as_str(), font.place.line, font.place.column)).collect();
        assert_eq!(found, [("Noto Sans CJK SC", 2, 16), ("fonts/a.otf", 2, 34)]);
        assert_eq!(cards("cards: {for: [pages]}").1, ["there are no social cards for `pages`"]);
    }
}
