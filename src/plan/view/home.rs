//! Defines the template variables of the home page.

use serde::Serialize;

use crate::plan::view::card::CardRef;
use crate::plan::view::edition::EditionView;
use crate::plan::view::list::{Day, List};

/// The home page or one of its numbered pages.
#[derive(Debug, Serialize)]
pub(crate) struct HomePage<'s> {
    /// On the index: the lead story; `None` if there are no articles.
    pub lead: Option<Lead<'s>>,
    /// The articles, without the lead story.
    pub list: List<'s>,
    /// On the index: the latest edition.
    pub edition: Option<EditionView<'s>>,
}

/// The lead story.
#[derive(Debug, Serialize)]
pub(crate) struct Lead<'s> {
    /// The article's day, with a count of 1.
    pub day: Day<'s>,
    /// The article's card.
    pub article: CardRef,
    /// The publishers of the event, if there are several, in the order of their reports; else
    /// empty.
    pub sources: Vec<&'s str>,
}
