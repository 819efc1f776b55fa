//! What templates and feeds see of the home page.

use serde::Serialize;

use crate::plan::view::card::CardRef;
use crate::plan::view::edition::EditionView;
use crate::plan::view::list::{Day, List};

/// The home page or one of its older pages.
#[derive(Debug, Serialize)]
pub(crate) struct HomePage<'s> {
    /// On the index: what the page opens with.
    pub lead: Option<Lead<'s>>,
    /// The articles, without the lead story.
    pub list: List<'s>,
    /// On the index: the latest edition.
    pub edition: Option<EditionView<'s>>,
}

/// The lead story.
#[derive(Debug, Serialize)]
pub(crate) struct Lead<'s> {
    /// Its day, which holds it alone.
    pub day: Day<'s>,
    /// The article.
    pub article: CardRef,
}
