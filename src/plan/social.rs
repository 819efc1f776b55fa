//! Plans social cards: a picture beside a page, which the page's head names.

use std::borrow::Cow;

use crate::diagnostic::{Diagnostic, Place};
use crate::plan::input::Input;
use crate::plan::page::{Body, Kind, Page};
use crate::plan::style::Style;
use crate::plan::view::card::CardRef;
use crate::plan::view::edition::Group;
use crate::plan::view::page::Meta;
use crate::plan::view::social::{FILE, Headline, SocialCard, SocialPicture};
use crate::text::printed::printable_line;

/// Size in pixels: 1.91 : 1, as Facebook and X show large pictures.
pub(crate) const SIZE: (u32, u32) = (1200, 630);
/// Headlines on the card of an edition.
const HEADLINES: usize = 3;
/// Most characters that a warning names.
const NAMED: usize = 20;

/// Plans the cards of pages, and names each in the head of its page.
pub(super) fn pages<'s>(input: Input<'s>, pages: &mut Vec<Page<'s>>) {
    if !input.has_social_cards() {
        return;
    }
    let cards: Vec<Page<'s>> = pages.iter_mut().filter_map(|page| attach(input, page)).collect();
    pages.extend(cards);
}

/// Names a page's card in its head and returns the card; `None` if the page has none.
pub(super) fn attach<'s>(input: Input<'s>, page: &mut Page<'s>) -> Option<Page<'s>> {
    let style = input.style?;
    let card_of = |page: &Page<'s>| Some(format!("{}{FILE}", page.path.strip_suffix("index.html")?));
    if let Body::Kept(_) = page.body {
        let card = input.kept(&card_of(page)?, page.key)?;
        return Some(Page { origin: page.origin, ..card });
    }
    let path = card_of(page);
    let Body::Template(kind) = &mut page.body else { return None };
    let card = card(input, style, kind)?;
    let path = path?;
    let meta = kind.meta_mut()?;
    let label = card.label.map(|label| format!("[{label}]")).unwrap_or_default();
    let parts = [&*card.title, &card.note, card.day, &label].into_iter().filter(|part| !part.is_empty());
    let alt = parts.collect::<Vec<&str>>().join(" · ");
    let url = format!("{}{FILE}", meta.permalink);
    let (width, height) = SIZE;
    meta.social = Some(SocialPicture { url, width, height, alt });
    let planned = Page::new(path, Body::Social(Box::new(card))).with_key(page.key);
    Some(Page { origin: page.origin, ..planned })
}

/// The card of a page; `None` for pages without one.
fn card<'s>(input: Input<'s>, style: Style<'s>, kind: &Kind<'s>) -> Option<SocialCard<'s>> {
    let wanted = &input.config.cards;
    let title = input.config.title.as_str();
    Some(match kind {
        // An article with a picture of its own is shown with that.
        Kind::Article(page) if wanted.articles && page.image.is_none() => {
            let card = input.cards.card(page.card.id);
            let day = card.date_text.as_deref().unwrap_or_default();
            let own = new(input, style, "article", card.title.into(), card.source.to_owned());
            SocialCard { label: card.label, day, ..own }
        }
        Kind::Edition(page) if wanted.editions => {
            let (title, note) = (page.edition.title.clone(), page.edition.dates.clone());
            let card = new(input, style, page.edition.kind, title.into(), note.unwrap_or_default());
            SocialCard { headlines: headlines(input, &page.groups), ..card }
        }
        Kind::Month(page) if wanted.editions && is_first(&page.list.meta) => {
            let edition = page.edition.as_ref()?;
            let card = new(input, style, edition.kind, edition.title.clone().into(), String::new());
            SocialCard { headlines: headlines(input, &page.groups), ..card }
        }
        Kind::Term(page) if wanted.terms && is_first(&page.list.meta) => {
            new(input, style, "term", page.name.into(), page.taxonomy.title.to_owned())
        }
        Kind::Home(page)
            if wanted.home && is_first(&page.list.meta) && input.config.sharing.image.is_none() =>
        {
            new(input, style, "home", title.into(), input.config.description.clone())
        }
        _ => return None,
    })
}

fn new<'s>(
    input: Input<'s>,
    style: Style<'s>,
    kind: &'static str,
    title: Cow<'s, str>,
    note: String,
) -> SocialCard<'s> {
    let base = input.config.base_url.url();
    let address = base.split_once("://").map_or(&*base, |(_, rest)| rest).trim_end_matches('/').to_owned();
    SocialCard {
        style: style.fingerprint,
        kind,
        title,
        note,
        day: "",
        label: None,
        headlines: Vec::new(),
        digest: &input.config.title,
        address,
        language: input.config.language.tag(),
    }
}

/// True for the unnumbered page of a list.
fn is_first(meta: &Meta) -> bool {
    meta.number.is_none()
}

/// The first headlines of an edition, in the order of its page.
fn headlines<'s>(input: Input<'s>, groups: &[Group<'s>]) -> Vec<Headline<'s>> {
    let shown = groups.iter().flat_map(|group| group.cards.iter().chain(&group.titles));
    let headline = |card: &CardRef| {
        let card = input.cards.card(card.id);
        Headline { title: card.title, label: card.label }
    };
    shown.map(headline).take(HEADLINES).collect()
}

/// The texts of a card.
fn texts<'c>(card: &'c SocialCard<'_>) -> impl Iterator<Item = &'c str> {
    let own = [&*card.title, &card.note, card.digest, card.label.unwrap_or_default()];
    own.into_iter().chain(card.headlines.iter().map(|headline| headline.title))
}

/// A warning if no font has a character of the cards, at the first article with one.
pub(super) fn missing(input: Input<'_>, pages: &[Page<'_>]) -> Option<Diagnostic> {
    let style = input.style?;
    let cards = || {
        pages.iter().filter_map(|page| match &page.body {
            Body::Social(card) => Some((page.origin, card)),
            _ => None,
        })
    };
    let missing = style.fonts.missing(cards().flat_map(|(_, card)| texts(card)));
    if missing.is_empty() {
        return None;
    }
    let has_one = |card: &SocialCard<'_>| texts(card).any(|text| text.contains(&*missing));
    let first = cards().find_map(|(origin, card)| origin.filter(|_| has_one(card))).cloned();
    let named: Vec<String> = missing.iter().take(NAMED).map(|c| printable_line(&c.to_string())).collect();
    let more = missing.len().saturating_sub(NAMED);
    let more = if more > 0 { tr!(" and {more} more", more) } else { String::new() };
    let message = tr!(
        "social cards leave out characters that no font has: {}{more} (fonts: {})",
        named.join(" "),
        style.fonts.names(),
        more
    );
    let help = tr!(
        "install a font with them (Debian: `fonts-noto-cjk`, `fonts-noto-core`), or name one in `cards: {font: […]}`"
    );
    let place = first.unwrap_or_else(|| Place::file(crate::config::FILE));
    Some(Diagnostic::warning(message).at(place).help(help))
}
