//! Plans the home page (the lead story, the latest edition and the recent articles) and its
//! numbered pages.

use crate::plan::edition;
use crate::plan::feed;
use crate::plan::input::Input;
use crate::plan::list::{self, ListHead, ListKey};
use crate::plan::page::{Kind, Page};
use crate::plan::view::home::{HomePage, Lead};
use crate::plan::view::list::{Day, List};
use crate::site::ArticleId;

/// Removes the lead story from a list and returns it: the newest day's article with the most other
/// reports of its event, and the newest of these.
fn take_lead<'s>(input: Input<'s>, list: &mut List<'s>) -> Option<Lead<'s>> {
    let newest = list.days.first_mut()?;
    let cards = list.articles.iter().take(newest.count as usize).enumerate();
    let (at, _) = cards.rev().max_by_key(|(_, card)| input.cards.card(card.id).reports)?;
    let day = Day { count: 1, ..*newest };
    newest.count -= 1;
    if newest.count == 0 {
        list.days.remove(0);
    }
    let article = list.articles.remove(at);
    let card = input.cards.card(article.id);
    let mut sources: Vec<&str> = Vec::new();
    for source in std::iter::once(card.source).chain(card.same_event.iter().map(|report| report.source)) {
        if !source.is_empty() && !sources.contains(&source) {
            sources.push(source);
        }
    }
    if sources.len() < 2 {
        sources.clear();
    }
    Some(Lead { day, article, sources })
}

/// Plans the home page and its numbered pages.
pub(super) fn pages<'s>(input: Input<'s>, pages: &mut Vec<Page<'s>>) {
    let articles: Vec<ArticleId> = (0..input.site.articles.len()).collect();
    let list_key = ListKey { parts: &[], key: input.key(|_| "home"), key_of_index: None, subject: None };
    let head = || ListHead {
        kind: "home",
        heading: &input.config.title,
        titles: Vec::new(),
        description: &input.config.description,
        feed: Some(feed::site_link(input)),
        above: None,
    };
    let planned = list::pages(input, &list_key, &articles, head, |mut list| {
        let is_index = list.paginator.number.is_none();
        let lead = if is_index { take_lead(input, &mut list) } else { None };
        let edition = if is_index { edition::latest(input) } else { None };
        Kind::Home(Box::new(HomePage { lead, list, edition }))
    });
    // The index is the first page.
    pages.extend(planned.into_iter().enumerate().map(|(at, (address, page))| match at {
        0 => page.in_sitemap(&address, list::lastmod(input, &articles)),
        _ => page,
    }));
}
