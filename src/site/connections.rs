//! What connects articles and terms: stories, related articles, related_terms, crossings, editions and trends.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::fingerprint::{FORMAT, Fingerprint};
use crate::site::crossing::{self, Crossings};
use crate::site::edition::{self, Editions};
use crate::site::related::related;
use crate::site::related_terms::related_terms;
use crate::site::story::Stories;
use crate::site::trend::{self, Trends};
use crate::site::{ArticleId, Site, TermRef};

/// The ways from one thing to another that nobody wrote down.
#[derive(Debug)]
pub struct Connections<'s> {
    site: &'s Site,
    config: &'s Config,
    /// Articles that report the same event.
    pub stories: Stories,
    /// For each article, those most related to it.
    pub related: Vec<Vec<ArticleId>>,
    browsed: OnceLock<Browsed>,
}

/// What lists, terms and days show; an article's page shows none of it.
#[derive(Debug)]
pub struct Browsed {
    /// For each taxonomy, for each term, those that it goes with.
    pub related_terms: Vec<Vec<Vec<TermRef>>>,
    /// Pairs of terms.
    pub crossings: Option<Crossings>,
    /// Days, weeks and months.
    pub editions: Option<Editions>,
    /// Rising, fading and new terms.
    pub trends: Option<Trends>,
}

/// What takes longest to find and changes least, and a fingerprint of all that it was found from: a build after an edit of
/// a body finds it here again.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relations {
    found_from: Fingerprint,
    stories: Vec<Vec<u32>>,
    related: Vec<Vec<u32>>,
}

impl Relations {
    fn of(found_from: Fingerprint, stories: &Stories, related: &[Vec<ArticleId>]) -> Self {
        // Articles are counted in millions at most.
        let narrow = |ids: &Vec<ArticleId>| ids.iter().filter_map(|&id| u32::try_from(id).ok()).collect();
        Self {
            found_from,
            stories: stories.all().iter().map(narrow).collect(),
            related: related.iter().map(narrow).collect(),
        }
    }

    fn stories_and_related(self, articles: usize) -> Option<(Stories, Vec<Vec<ArticleId>>)> {
        let wide = |ids: Vec<u32>| ids.into_iter().map(|id| id as ArticleId).collect::<Vec<_>>();
        let stories = self.stories.into_iter().map(wide).collect();
        let related: Vec<Vec<ArticleId>> = self.related.into_iter().map(wide).collect();
        (related.len() == articles).then_some((Stories::known(articles, stories)?, related))
    }
}

impl<'s> Connections<'s> {
    /// Finds stories and related articles. `known` may hold what an earlier build found; what this one found is handed back where it differs.
    #[must_use]
    pub fn find(site: &'s Site, config: &'s Config, known: Option<Relations>) -> (Self, Option<Relations>) {
        let browse = &config.browse;
        let from = found_from(site, config);
        let known = known.filter(|known| known.found_from == from);
        let known = known.and_then(|known| known.stories_and_related(site.articles.len()));
        let is_new = known.is_none();
        let (stories, related) = known.unwrap_or_else(|| {
            let stories = match browse.stories {
                true => Stories::find(&site.articles, &|a, b| share(site, a, b)),
                false => Stories::none(site.articles.len()),
            };
            let related = related(site, &stories, browse.related);
            (stories, related)
        });
        let relations = is_new.then(|| Relations::of(from, &stories, &related));
        (Self { site, config, stories, related, browsed: OnceLock::new() }, relations)
    }

    /// The others, which are found when they are asked for first. That has to be outside of parallel work: who waits for them there could be
    /// given a piece of it that asks for them, too.
    pub fn browsed(&self) -> &Browsed {
        let (site, browse) = (self.site, &self.config.browse);
        self.browsed.get_or_init(|| {
            let ((related_terms, crossings), (editions, trends)) = rayon::join(
                || {
                    let crossings = browse.crossings.as_ref();
                    (related_terms(site), crossings.map(|settings| crossing::crossings(site, settings)))
                },
                || {
                    let editions = browse.editions.as_ref().map(|settings| edition::editions(site, settings));
                    (editions, browse.trends.then(|| trend::trends(site)).flatten())
                },
            );
            Browsed { related_terms, crossings, editions, trends }
        })
    }
}

/// Of everything that stories and related articles are found from: titles, key events, dates and shared terms, in order.
fn found_from(site: &Site, config: &Config) -> Fingerprint {
    let articles: Vec<_> = site
        .articles
        .iter()
        .map(|article| (&article.title, article.event.as_deref().unwrap_or(&article.excerpt), &article.date))
        .collect();
    Fingerprint::of(&(FORMAT, config.browse.stories, config.browse.related, articles, &site.article_terms))
}

/// Do two articles carry any term together? What carries none is not held against anybody.
fn share(site: &Site, a: ArticleId, b: ArticleId) -> bool {
    let (mut a_terms, mut b_terms) = (site.terms_of(a).peekable(), site.terms_of(b).peekable());
    let untold = a_terms.peek().is_none() || b_terms.peek().is_none();
    untold || a_terms.any(|term| site.terms_of(b).any(|other| other == term))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::{Content, article, source};

    fn site(titles: &[&str], config: &Config) -> Site {
        let articles = titles.iter().enumerate().map(|(n, title)| {
            let text = format!("---\ntitle: {title}\ndate: 2026-01-0{}\nkeywords: [甲, 乙]\n---\n", n + 1);
            let file = format!("content/articles/{n}.md");
            let source = source::split(&file, Fingerprint::default(), text).unwrap();
            let (article, body) = article::parse_article(&source, config).0.unwrap();
            (article.into(), body)
        });
        let content = Content { articles: articles.collect(), ..Content::default() };
        crate::site::assemble(content, config, std::sync::Arc::new(|_, _| Ok(String::new()))).0
    }

    #[test]
    fn what_was_found_before_is_taken_only_from_the_same_articles() {
        let config = Config::default();
        let before = site(&["微软完成收购", "微软完成收购", "别的事情"], &config);
        let (found, noted) = Connections::find(&before, &config, None);
        assert_eq!(found.stories.all(), [vec![1, 2]]);
        let (again, nothing_new) = Connections::find(&before, &config, noted);
        assert_eq!(
            (again.stories.all(), &again.related, nothing_new),
            (found.stories.all(), &found.related, None)
        );
        let (_, noted) = Connections::find(&before, &config, None);
        let after = site(&["微软完成收购", "谷歌推出模型", "别的事情"], &config);
        let (found, new) = Connections::find(&after, &config, noted);
        assert!(found.stories.all().is_empty() && new.is_some());
    }
}
