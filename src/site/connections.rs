//! What connects articles and terms: stories, related articles, companions, crossings, editions and trends.

use crate::config::Config;
use crate::site::companion::companions;
use crate::site::crossing::{self, Crossings};
use crate::site::edition::{self, Editions};
use crate::site::related::related;
use crate::site::story::Stories;
use crate::site::trend::{self, Trends};
use crate::site::{ArticleId, Site, TermRef};

/// The ways from one thing to another that nobody wrote down.
#[derive(Debug)]
pub struct Connections {
    /// Articles that report the same event.
    pub stories: Stories,
    /// For each article, those most related to it.
    pub related: Vec<Vec<ArticleId>>,
    /// For each taxonomy, for each term, those that it goes with.
    pub companions: Vec<Vec<Vec<TermRef>>>,
    /// Pairs of terms.
    pub crossings: Option<Crossings>,
    /// Days, weeks and months.
    pub editions: Option<Editions>,
    /// Rising, fading and new terms.
    pub trends: Option<Trends>,
}

impl Connections {
    /// Finds them all.
    #[must_use]
    pub fn find(site: &Site, config: &Config) -> Self {
        let browse = &config.browse;
        let share = |a, b| {
            let (mut a_terms, mut b_terms) = (site.terms_of(a).peekable(), site.terms_of(b).peekable());
            let untold = a_terms.peek().is_none() || b_terms.peek().is_none();
            untold || a_terms.any(|term| site.terms_of(b).any(|other| other == term))
        };
        let stories = match browse.stories {
            true => Stories::find(&site.articles, &share),
            false => Stories::none(site.articles.len()),
        };
        let related = related(site, &stories, browse.related);
        let ((companions, crossings), (editions, trends)) = rayon::join(
            || {
                (
                    companions(site),
                    browse.crossings.as_ref().map(|settings| crossing::crossings(site, settings)),
                )
            },
            || {
                let editions = browse.editions.as_ref().map(|settings| edition::editions(site, settings));
                (editions, browse.trends.then(|| trend::trends(site)).flatten())
            },
        );
        Self { stories, related, companions, crossings, editions, trends }
    }
}
