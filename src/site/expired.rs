//! Keeps what a site has of its articles that are not shown: the addresses of those that expired,
//! where they lead, and the addresses of those that are published later.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Place};
use crate::load::Article;
use crate::load::redirects::Entry;
use crate::load::schedule::Successor;
use crate::site::permalink::Address;
use crate::slug;

/// An article that has expired: its addresses, and nothing of its text.
#[derive(Debug)]
pub struct ExpiredArticle {
    /// The address of its page.
    pub address: Address,
    /// Old addresses, as paths from the site's root.
    pub aliases: Vec<String>,
    /// The first day, in the digest's zone, on which it is not shown for the whole day or a part.
    pub day: NaiveDate,
    /// The place that errors about its URL point to.
    pub place: Place,
    /// What is at its address.
    pub left: Left,
}

/// What is at the address of an expired article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Left {
    /// A notice.
    Notice,
    /// A redirect to a page of the site, which a [`Succession`] names.
    Succession,
    /// A redirect to another site.
    Url {
        /// The URL.
        url: String,
        /// Its host.
        host: String,
    },
}

/// A page of the site that an article leads to once it has expired.
#[derive(Debug)]
pub struct Succession {
    /// The index of the article among the expired ones; `None` before it expires.
    pub expired: Option<usize>,
    /// The redirect, as a line of `content/redirects.yaml` at the article's address.
    pub entry: Entry,
}

/// The articles that are not shown.
#[derive(Debug, Default)]
pub(super) struct Untimely {
    pub(super) expired: Vec<ExpiredArticle>,
    pub(super) successions: Vec<Succession>,
    /// The paths of the pages that scheduled articles will have: `articles/a`.
    pub(super) scheduled: HashSet<String>,
}

impl Untimely {
    /// Collects the addresses of `expired` and `scheduled` articles, and the successors of these
    /// and of the articles that are `shown`.
    pub(super) fn collect<'a>(
        shown: impl Iterator<Item = &'a Article>,
        scheduled: &'a [Arc<Article>],
        expired: &'a [Arc<Article>],
        config: &Config,
    ) -> Self {
        let mut untimely = Self::default();
        let scheduled = scheduled.iter().map(|article| &**article);
        untimely.scheduled = scheduled.clone().map(path).collect();
        for article in shown.chain(scheduled).filter(|article| !article.draft) {
            let entry = succession(article);
            untimely.successions.extend(entry.map(|entry| Succession { expired: None, entry }));
        }
        for article in expired {
            let Some(schedule) = &article.schedule else { continue };
            let Some(expires) = schedule.expires else { continue };
            let at = Some(untimely.expired.len());
            let entry = succession(article);
            untimely.successions.extend(entry.map(|entry| Succession { expired: at, entry }));
            untimely.expired.push(ExpiredArticle {
                address: Address::new(&["articles", &slug::article(&article.slug)], config),
                aliases: article.aliases.clone(),
                day: expires.at.date_naive(),
                place: article.slug_place.clone(),
                left: match &schedule.expires_to {
                    None => Left::Notice,
                    Some(Successor::Page { .. }) => Left::Succession,
                    Some(Successor::Url { url, host }) => Left::Url { url: url.clone(), host: host.clone() },
                },
            });
        }
        untimely
    }
}

/// The error for an alias of an article at the address that a later article will have.
pub(super) fn taken_later(article: &Article, path: &str, later: &Article) -> Diagnostic {
    Diagnostic::error(tr!("the alias `/{path}/` will be the address of {}", later.file, path))
        .at(article.slug_place.clone())
        .help(tr!("remove the alias from `aliases:`, or give the later article another `slug:`"))
}

/// The path of an article's page, as a line of `content/redirects.yaml` has it.
pub(super) fn path(article: &Article) -> String {
    format!("articles/{}", slug::article(&article.slug))
}

/// The redirect of an article that leads to a page of the site.
fn succession(article: &Article) -> Option<Entry> {
    let Successor::Page { path: target, written, place: target_place } =
        article.schedule.as_ref()?.expires_to.clone()?
    else {
        return None;
    };
    let place = article.slug_place.clone();
    Some(Entry { old: path(article), is_folder: true, target, written, place, target_place })
}
