//! Holds what is known of the lists of old sites during an import.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::import::date_field;
use crate::import::generator::kind::Generator;
use crate::import::generator::lists::{self, ListedPost, Lists, wordpress};
use crate::import::generator::site::Site;
use crate::import::record::{Field, Record, Value};
use crate::load::Article;

/// What is known of the lists of the old sites of a run.
#[derive(Default)]
pub(super) struct OldLists {
    /// The public posts of each site.
    pub(super) sites: Vec<(Generator, Arc<Site>, Vec<ListedPost>)>,
    /// The lists of exports.
    pub(super) exports: Vec<Lists>,
    /// The articles of a dry run, which the digest does not have.
    pub(super) articles: Vec<Arc<Article>>,
}

impl OldLists {
    /// Adds a post, unless it is not public at the time `now`.
    pub(super) fn add(
        &mut self,
        generator: Generator,
        site: &Arc<Site>,
        post: ListedPost,
        (record, now): (&Record, DateTime<Utc>),
    ) {
        let draft = record.get(&Field::Draft).map(|entry| &entry.value);
        let is_public = draft.is_none_or(|value| matches!(value, Value::Text(text) if text == "false"));
        let is_past = |field| {
            let value = record.get(&field).map(|entry| &entry.value);
            let Some(Value::Text(text)) = value else { return None };
            Some(date_field::parse(text, record.zone.unwrap_or(site.zone)).ok()?.at <= now)
        };
        let is_timely = is_past(Field::Publish) != Some(false) && is_past(Field::Expires) != Some(true);
        if !is_public || !is_timely || !lists::has_lists(generator) {
            return;
        }
        let is_same =
            |known: &Arc<Site>| Arc::ptr_eq(known, site) || known.root.is_some() && known.root == site.root;
        match self.sites.iter_mut().find(|(_, known, _)| is_same(known)) {
            Some((_, _, posts)) => posts.push(post),
            None => self.sites.push((generator, Arc::clone(site), vec![post])),
        }
    }

    /// Adds the lists of an export of WordPress.
    pub(super) fn add_export(&mut self, text: &str) {
        self.exports.extend(wordpress::lists(text));
    }

    /// Adds an article of a dry run.
    pub(super) fn add_article(&mut self, article: Article) {
        if !article.draft {
            self.articles.push(Arc::new(article));
        }
    }
}
