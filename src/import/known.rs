//! Indexes articles by link and by words, and finds the article that a record belongs to.

use std::collections::{HashMap, HashSet};

use crate::fingerprint::Fingerprint;
use crate::import::old_site;
use crate::import::report::From;
use crate::import::same_news::{Evidence, Said};

/// The newest articles with one link whose titles and first sentences are compared with a record.
/// Older ones are only found by equal titles or words: a link that so many articles have identifies
/// none of them.
const MAX_COMPARED: usize = 32;

/// An article of the digest, or one that this run is about to write.
#[derive(Debug, Clone, Default)]
pub struct Existing {
    /// The path of the file, relative to the digest's root.
    pub file: String,
    /// The hash in the file; `None` if import did not write the file.
    pub imported: Option<String>,
    /// What the article says.
    pub said: Said,
    /// Its old addresses.
    pub aliases: Vec<String>,
    /// Its id in feeds, if its file names one.
    pub feed_id: Option<String>,
    /// Its slug.
    pub slug: String,
    /// The place of the post that it is, in its old site.
    pub post: Option<String>,
    /// The name of that site, if it is known.
    pub site: Option<String>,
    /// A field that its translations share: its name and its text.
    pub translation: Option<(String, String)>,
    /// The host in its id in feeds, which tells the site of an article without a name of one.
    pub host: Option<String>,
    /// Other names by which links mean it (aliases of Obsidian).
    pub names: Vec<String>,
    /// True if it has a key event.
    pub has_event: bool,
    /// The name of the publisher; empty if it is not known.
    pub source: String,
    /// The last record of this run that belongs to the article: the fingerprint of its content,
    /// and its place.
    pub of_this_run: Option<(Fingerprint, From)>,
}

/// The article that a record belongs to, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// The same news.
    Same(usize),
    /// An article with the same link says something else. A key in the link distinguishes them if
    /// the flag is true.
    OtherNews(usize, bool),
    /// There is none.
    New,
}

/// The articles with one link.
#[derive(Debug, Default)]
struct SharedLink {
    /// In the order in which they became known.
    articles: Vec<usize>,
    by_title: HashMap<String, usize>,
    by_words: HashMap<String, usize>,
}

/// The known articles.
#[derive(Debug, Default)]
pub struct KnownArticles {
    articles: Vec<Existing>,
    /// By canonical link.
    linked: HashMap<String, SharedLink>,
    /// Articles that are posts of another generator, by the places of these.
    posts: HashMap<String, Vec<usize>>,
    /// Articles without a link, by the hash of title and text.
    linkless: HashMap<String, usize>,
    /// The hashes of titles and texts of articles that have a link.
    words: HashSet<String>,
}

impl KnownArticles {
    /// Adds an article. Returns its number.
    pub fn add(&mut self, article: Existing) -> usize {
        let at = self.articles.len();
        if let Some(post) = &article.post {
            self.posts.entry(post.clone()).or_default().push(at);
        }
        self.articles.push(article);
        self.index(at, true);
        at
    }

    /// Adds a file that cannot be parsed, under the identity that one of its lines names: a
    /// canonical link, or the hash of title and text.
    pub fn add_unread(&mut self, file: &str, identity: &str) {
        let at = self.articles.len();
        self.articles.push(Existing { file: file.to_owned(), ..Existing::default() });
        self.linkless.entry(identity.to_owned()).or_insert(at);
        let shared = self.linked.entry(identity.to_owned()).or_default();
        if shared.articles.is_empty() {
            shared.articles.push(at);
        }
    }

    /// The article with a number.
    #[must_use]
    pub fn get(&self, at: usize) -> &Existing {
        &self.articles[at]
    }

    /// Sets the old addresses of an article.
    pub fn set_aliases(&mut self, at: usize, aliases: Vec<String>) {
        self.articles[at].aliases = aliases;
    }

    /// Sets the record of this run that an article was matched with.
    pub fn set_of_this_run(&mut self, at: usize, content: Fingerprint, from: From) {
        self.articles[at].of_this_run = Some((content, from));
    }

    /// Sets what an article says after its file was updated. It keeps its date and its link if the
    /// record has none.
    pub fn update(&mut self, at: usize, said: Said) {
        let old = std::mem::take(&mut self.articles[at].said);
        let link = match (old.link, said.link) {
            (Some(old), Some(new)) if old.canonical == new.canonical => Some(old),
            (old, new) => new.or(old),
        };
        let authorship = said.authorship.or(old.authorship);
        self.articles[at].said = Said { date: said.date.or(old.date), link, authorship, ..said };
        self.index(at, false);
    }

    /// Indexes an article by what it says. A new one is not searched in the articles of its link.
    fn index(&mut self, at: usize, is_new: bool) {
        let said = &self.articles[at].said;
        match (&said.link, &said.record) {
            (Some(link), record) => {
                let shared = self.linked.entry(link.canonical.clone()).or_default();
                if is_new || !shared.articles.contains(&at) {
                    shared.articles.push(at);
                }
                shared.by_title.entry(said.folded_title()).or_insert(at);
                if let Some(record) = record {
                    shared.by_words.entry(record.clone()).or_insert(at);
                    self.words.insert(record.clone());
                }
            }
            (None, Some(record)) => {
                self.linkless.entry(record.clone()).or_insert(at);
            }
            (None, None) => {}
        }
    }

    /// True if a record has no link, and an article with a link has the same title and text.
    #[must_use]
    pub fn has_words(&self, said: &Said) -> bool {
        said.link.is_none() && said.record.as_ref().is_some_and(|record| self.words.contains(record))
    }

    /// Finds the article of a post by its place and its old site, else as [`Self::find`] does. An
    /// article of another site, or of a post that is still there, which `is_there` tells, is another
    /// article.
    pub fn find_post(
        &mut self,
        (post, site): (&str, Option<&str>),
        said: &Said,
        is_there: impl Fn(&Existing) -> bool,
    ) -> Known {
        let at = match self.of_place(post, site) {
            Some(at) => at,
            None => match self.find(said) {
                Known::Same(at) => {
                    let article = &self.articles[at];
                    if article.post.is_some() && (!article.is_of(site) || is_there(article)) {
                        return Known::New;
                    }
                    // The file of the post was renamed, or the article was imported by an older
                    // version.
                    self.posts.entry(post.to_owned()).or_default().push(at);
                    at
                }
                found => return found,
            },
        };
        // From now on, the article is no other site's.
        let article = &mut self.articles[at];
        article.site = article.site.take().or_else(|| site.map(str::to_owned));
        Known::Same(at)
    }

    /// The article of a place: of the site, else one whose site is not known.
    #[must_use]
    pub fn of_place(&self, post: &str, site: Option<&str>) -> Option<usize> {
        let all = || self.posts.get(post).into_iter().flatten().copied();
        let is_own = |at: &usize| {
            self.articles[*at].site.as_deref().zip(site).is_some_and(|(a, b)| old_site::is_same(a, b))
        };
        all().find(is_own).or_else(|| all().find(|at| self.articles[*at].is_of(site)))
    }

    /// The articles that are posts of a generator and can be of a site.
    pub fn posts_of<'a>(
        &'a self,
        generator: &'a str,
        site: Option<&'a str>,
    ) -> impl Iterator<Item = &'a Existing> {
        self.articles.iter().filter(move |article| {
            let of_generator = article.post.as_deref().and_then(|post| post.strip_prefix(generator));
            of_generator.is_some_and(|rest| rest.starts_with(':')) && article.is_of(site)
        })
    }

    /// The files of articles whose posts are not there any more, of those of a site whose places
    /// begin with `prefix`.
    #[must_use]
    pub fn removed(
        &self,
        (prefix, site): (&str, Option<&str>),
        is_there: impl Fn(&Existing) -> bool,
    ) -> Vec<&str> {
        let removed = |article: &&Existing| {
            article.of_this_run.is_none()
                && article.post.as_deref().is_some_and(|post| post.starts_with(prefix))
                && article.is_of(site)
                && !is_there(article)
        };
        self.articles.iter().filter(removed).map(|article| article.file.as_str()).collect()
    }

    /// Finds the article of a record. A record with a link also matches an article without one that
    /// has the same title and text; that article matches no further record.
    pub fn find(&mut self, said: &Said) -> Known {
        let words = said.record.as_deref().unwrap_or_default();
        let Some(link) = &said.link else {
            return self.linkless.get(words).map_or(Known::New, |at| Known::Same(*at));
        };
        let found = match self.linked.get(&link.canonical) {
            Some(shared) => self.choose(shared, said, words),
            None => Known::New,
        };
        match found {
            Known::New => self.linkless.remove(words).map_or(Known::New, Known::Same),
            found => found,
        }
    }

    /// Chooses among the articles with the link of a record.
    fn choose(&self, shared: &SharedLink, said: &Said, words: &str) -> Known {
        let newest = shared.articles.iter().rev().take(MAX_COMPARED);
        let named = [shared.by_words.get(words), shared.by_title.get(&said.folded_title())];
        let candidates = || newest.clone().chain(named.into_iter().flatten()).copied();
        let evidence = |at: usize| Some((said.evidence(&self.articles[at].said)?, at));
        // Of equal evidence, the file's name decides, so that the order of reading does not.
        let strongest = candidates().filter_map(evidence).max_by(|(a, one), (b, other)| {
            let files = self.articles[*other].file.cmp(&self.articles[*one].file);
            Evidence::cmp(a, b).then(files)
        });
        if let Some((_, at)) = strongest {
            return Known::Same(at);
        }
        let by_key = |at: &usize| said.has_another_key(&self.articles[*at].said);
        // The article that a person wrote about this link comes before imported ones.
        let handwritten = |at: &usize| self.articles[*at].imported.is_none();
        let without_key = candidates().filter(|at| !by_key(at));
        let other = without_key.min_by_key(|at| (!handwritten(at), self.articles[*at].file.as_str()));
        match other.or_else(|| candidates().min_by_key(|at| self.articles[*at].file.as_str())) {
            Some(at) => Known::OtherNews(at, by_key(&at)),
            None => Known::New,
        }
    }
}

#[cfg(test)]
mod tests;
