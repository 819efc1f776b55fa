//! The home page: the lead story, the latest edition and the recent articles; and its older pages.

use serde::Serialize;

use crate::plan::Sources;
use crate::plan::card::CardRef;
use crate::plan::edition::{self, EditionView};
use crate::plan::list::{self, Day, List, ListHead};
use crate::plan::page::{Body, Kind, Page};
use crate::site::ArticleId;

/// The home page or one of its older pages.
#[derive(Debug, Serialize)]
pub struct HomePage<'s> {
    /// On the index: what the page opens with.
    pub lead: Option<Lead<'s>>,
    /// The articles, without the lead story.
    pub list: List<'s>,
    /// On the index: the latest edition.
    pub edition: Option<EditionView<'s>>,
}

/// The lead story.
#[derive(Debug, Serialize)]
pub struct Lead<'s> {
    /// Its day, which holds it alone.
    pub day: Day<'s>,
    /// The article.
    pub article: CardRef,
}

/// Takes the lead story out of a list: of the newest day, the event that most sources report, and the newest of these.
fn take_lead<'s>(sources: Sources<'s>, list: &mut List<'s>) -> Option<Lead<'s>> {
    let newest = list.days.first_mut()?;
    let cards = list.articles.iter().take(newest.count as usize).enumerate();
    let (at, _) = cards.rev().max_by_key(|(_, card)| sources.cards.card(card.id).reports)?;
    let day = Day { count: 1, ..*newest };
    newest.count -= 1;
    if newest.count == 0 {
        list.days.remove(0);
    }
    Some(Lead { day, article: list.articles.remove(at) })
}

pub(super) fn pages<'s>(sources: Sources<'s>, pages: &mut Vec<Page<'s>>) {
    let articles: Vec<ArticleId> = (0..sources.site.articles.len()).collect();
    let head = ListHead {
        kind: "home",
        parts: &[],
        heading: &sources.config.title,
        titles: &[],
        description: &sources.config.description,
        feed: Some(super::feed::site_link(sources)),
        above: None,
    };
    for (address, mut list) in list::lists(sources, &head, &articles) {
        let is_index = list.paginator.number.is_none();
        let lead = if is_index { take_lead(sources, &mut list) } else { None };
        let edition = if is_index { edition::latest(sources) } else { None };
        let page = Page::new(
            address.file.clone(),
            Body::template(Kind::Home(Box::new(HomePage { lead, list, edition }))),
        );
        pages.push(if is_index {
            page.in_sitemap(&address, list::lastmod(sources, &articles))
        } else {
            page
        });
    }
}
