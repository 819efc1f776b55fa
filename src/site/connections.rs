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

/// The cached relations: those that take longest to find and change least, with the fingerprint of
/// their inputs. A build after an edit of a body reuses them.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relations {
    inputs: Fingerprint,
    stories: Vec<Vec<u32>>,
    related: Vec<Vec<u32>>,
}

impl Relations {
    fn new(inputs: Fingerprint, stories: &Stories, related: &[Vec<ArticleId>]) -> Self {
        // The number of articles fits into 32 bits.
        let narrow = |ids: &Vec<ArticleId>| ids.iter().filter_map(|&id| u32::try_from(id).ok()).collect();
        Self {
            inputs,
            stories: stories.all().iter().map(narrow).collect(),
            related: related.iter().map(narrow).collect(),
        }
    }

    fn stories_and_related(self, articles: usize) -> Option<(Stories, Vec<Vec<ArticleId>>)> {
        // A damaged cache may name articles that do not exist.
        let wide = |ids: Vec<u32>| -> Option<Vec<ArticleId>> {
            ids.into_iter().map(|id| Some(id as ArticleId).filter(|&id| id < articles)).collect()
        };
        let stories = self.stories.into_iter().map(wide).collect::<Option<_>>()?;
        let related: Vec<Vec<ArticleId>> = self.related.into_iter().map(wide).collect::<Option<_>>()?;
        (related.len() == articles).then_some((Stories::known(articles, stories)?, related))
    }
}

impl<'s> Connections<'s> {
    /// Finds stories and related articles, or takes them from `known`, the result of an earlier
    /// build, if its inputs are the same. The second value is the result to cache, `None` if it is
    /// `known`.
    #[must_use]
    pub fn find(site: &'s Site, config: &'s Config, known: Option<Relations>) -> (Self, Option<Relations>) {
        let browse = &config.browse;
        let inputs = fingerprint_inputs(site, config);
        let known = known.filter(|known| known.inputs == inputs);
        let known = known.and_then(|known| known.stories_and_related(site.articles.len()));
        let is_new = known.is_none();
        let (stories, related) = known.unwrap_or_else(|| {
            let stories = match browse.stories {
                true => Stories::find(&site.articles, &|a, b| share_a_term(site, a, b)),
                false => Stories::none(site.articles.len()),
            };
            let related = related(site, &stories, browse.related);
            (stories, related)
        });
        let relations = is_new.then(|| Relations::new(inputs, &stories, &related));
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

/// Returns the fingerprint of the inputs of stories and related articles: titles, key events (else
/// excerpts), dates and terms, in order.
fn fingerprint_inputs(site: &Site, config: &Config) -> Fingerprint {
    let articles: Vec<_> = site
        .articles
        .iter()
        .map(|article| (&article.title, article.event.as_deref().unwrap_or(&article.excerpt), &article.date))
        .collect();
    Fingerprint::of(&(FORMAT, config.browse.stories, config.browse.related, articles, &site.article_terms))
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
