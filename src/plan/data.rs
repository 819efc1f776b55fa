//! What programs read: pages that are data, written as JSON without a template.

use serde::Serialize;

use crate::plan::edition::WeeklyFeed;
use crate::plan::feed::FeedPage;
use crate::site::BodyId;

/// A file of data, one variant for each form.
#[derive(Debug, Serialize)]
pub enum Data<'s> {
    /// A JSON Feed of articles.
    Feed(FeedPage<'s>),
    /// The JSON Feed of the weekly editions.
    Weekly(WeeklyFeed<'s>),
}

impl Data<'_> {
    /// The bodies that it shows.
    pub fn bodies(&self) -> impl Iterator<Item = BodyId> {
        let entries = match self {
            Self::Feed(feed) => feed.entries.as_slice(),
            Self::Weekly(_) => [].as_slice(),
        };
        entries.iter().filter_map(|entry| entry.content).map(|body| body.id)
    }
}
