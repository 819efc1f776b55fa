//! Computes the relations of articles and terms: stories, related articles, related terms,
//! crossings, editions and trends.

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

/// Relations that follow from the articles and are not written in any file.
#[derive(Debug)]
pub struct Connections<'s> {
    site: &'s Site,
    config: &'s Config,
    /// Groups of articles that report the same event.
    pub stories: Stories,
    /// The related articles, by article.
    pub related: Vec<Vec<ArticleId>>,
    browsed: OnceLock<Browsed>,
}

/// Relations that are shown on lists, terms and editions, but not on articles.
#[derive(Debug)]
pub struct Browsed {
    /// The related terms: by taxonomy, then term.
    pub related_terms: Vec<Vec<Vec<TermRef>>>,
    /// Pairs of terms with their articles; `None` if the digest has no crossings.
    pub crossings: Option<Crossings>,
    /// Days, weeks and months; `None` if the digest has no editions.
    pub editions: Option<Editions>,
    /// Rising, fading and new terms; `None` if trends are off or the digest is too young.
    pub trends: Option<Trends>,
}

/// The cached relations: those that take longest to find and change least, each with the
/// fingerprint of its inputs. A build after an edit of a body reuses both, one after an edit of a
/// title the related articles, if the stories are the same.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relations {
    stories: (Fingerprint, Vec<Vec<u32>>),
    related: (Fingerprint, Vec<Vec<u32>>),
}

impl Relations {
    fn stories(&mut self, inputs: Fingerprint, articles: usize) -> Option<Stories> {
        let (_, found) = Some(&mut self.stories).filter(|stories| stories.0 == inputs)?;
        Stories::known(articles, wide(std::mem::take(found), articles)?)
    }

    fn related(&mut self, inputs: Fingerprint, articles: usize) -> Option<Vec<Vec<ArticleId>>> {
        let (_, found) = Some(&mut self.related).filter(|related| related.0 == inputs)?;
        wide(std::mem::take(found), articles).filter(|related| related.len() == articles)
    }
}

/// Ids of articles as the cache has them: their number fits into 32 bits.
fn narrow(lists: &[Vec<ArticleId>]) -> Vec<Vec<u32>> {
    let narrow = |ids: &Vec<ArticleId>| ids.iter().filter_map(|&id| u32::try_from(id).ok()).collect();
    lists.iter().map(narrow).collect()
}

/// Ids from the cache; `None` if one is not that of an article, as in a damaged cache.
fn wide(lists: Vec<Vec<u32>>, articles: usize) -> Option<Vec<Vec<ArticleId>>> {
    let wide = |ids: Vec<u32>| -> Option<Vec<ArticleId>> {
        ids.into_iter().map(|id| Some(id as ArticleId).filter(|&id| id < articles)).collect()
    };
    lists.into_iter().map(wide).collect()
}

impl<'s> Connections<'s> {
    /// Finds stories and related articles, or takes them from `known`, the result of an earlier
    /// build, if their inputs are the same. The second value is the result to cache, `None` if it is
    /// `known`.
    #[must_use]
    pub fn find(site: &'s Site, config: &'s Config, known: Option<Relations>) -> (Self, Option<Relations>) {
        let browse = &config.browse;
        let articles = site.articles.len();
        let mut known = known.unwrap_or_default();
        let inputs_of_stories = inputs_of_stories(site, config);
        let known_stories = known.stories(inputs_of_stories, articles);
        let has_stories = known_stories.is_some();
        let stories = known_stories.unwrap_or_else(|| match browse.stories {
            true => Stories::find(&site.articles, &|a, b| share_a_term(site, a, b)),
            false => Stories::none(articles),
        });
        let inputs_of_related = inputs_of_related(site, config, &stories);
        let known_related = known.related(inputs_of_related, articles);
        let is_known = has_stories && known_related.is_some();
        let related = known_related.unwrap_or_else(|| related(site, &stories, browse.related));
        let relations = (!is_known).then(|| Relations {
            stories: (inputs_of_stories, narrow(stories.all())),
            related: (inputs_of_related, narrow(&related)),
        });
        (Self { site, config, stories, related, browsed: OnceLock::new() }, relations)
    }

    /// Computes the other relations at the first call. The first call must not be made from a
    /// parallel task: a thread that waits for the result could steal a task that asks for it as
    /// well, and wait for itself.
    pub fn browsed(&self) -> &Browsed {
        let (site, browse) = (self.site, &self.config.browse);
        let limit = self.config.limits.crossings;
        self.browsed.get_or_init(|| {
            let ((related_terms, crossings), (editions, trends)) = rayon::join(
                || {
                    let crossings = browse.crossings.as_ref();
                    (
                        related_terms(site),
                        crossings.map(|settings| crossing::crossings(site, settings, limit)),
                    )
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

/// Returns the fingerprint of the inputs of stories: titles, key events (else excerpts), dates and
/// terms, in order.
fn inputs_of_stories(site: &Site, config: &Config) -> Fingerprint {
    let articles: Vec<_> = site
        .articles
        .iter()
        .map(|article| (&article.title, article.event.as_deref().unwrap_or(&article.excerpt), &article.date))
        .collect();
    Fingerprint::of(&(FORMAT, config.browse.stories, articles, &site.article_terms))
}

/// Returns the fingerprint of the inputs of related articles: stories, dates and terms.
fn inputs_of_related(site: &Site, config: &Config, stories: &Stories) -> Fingerprint {
    let dates: Vec<_> = site.articles.iter().map(|article| &article.date).collect();
    Fingerprint::of(&(FORMAT, config.browse.related, stories.all(), dates, &site.article_terms))
}

/// True if two articles share a term, or if one of them has no terms.
fn share_a_term(site: &Site, a: ArticleId, b: ArticleId) -> bool {
    let (mut a_terms, mut b_terms) = (site.terms_of(a).peekable(), site.terms_of(b).peekable());
    let one_has_none = a_terms.peek().is_none() || b_terms.peek().is_none();
    one_has_none || a_terms.any(|term| site.terms_of(b).any(|other| other == term))
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
    fn cached_relations_are_used_only_for_the_same_articles() {
        let config = Config::default();
        let before = site(&["微软完成收购", "微软完成收购", "别的事情"], &config);
        let (found, cached) = Connections::find(&before, &config, None);
        assert_eq!(found.stories.all(), [vec![1, 2]]);
        let (again, unchanged) = Connections::find(&before, &config, cached);
        assert_eq!(
            (again.stories.all(), &again.related, unchanged),
            (found.stories.all(), &found.related, None)
        );
        let (_, cached) = Connections::find(&before, &config, None);
        let after = site(&["微软完成收购", "谷歌推出模型", "别的事情"], &config);
        let (found, new) = Connections::find(&after, &config, cached);
        assert!(found.stories.all().is_empty() && new.is_some());
    }
}
