//! What browsers are shown at a moment, and what is told to those that listen.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use serde::Serialize;
use tokio::sync::broadcast;

use crate::build::Published;
use crate::diagnostic;
use crate::load::Article;
use crate::report::{Report, count};
use crate::serve::watch::Nudge;

/// More paths than this are not listed: each page then asks whether it has changed.
const LISTED: usize = 1000;

/// Diagnostics in a browser: the terminal has all of them.
const DRAWN: usize = 200;

/// News for a browser that fell so far behind that it will ask anyway.
const BACKLOG: usize = 64;

/// The site as it is shown.
#[derive(Debug, Clone, Default)]
pub(super) struct Shown {
    /// The path below which the site stands, `/my-digest/`.
    pub(super) base: String,
    /// Paths of the site's files: nothing else is ever opened.
    pub(super) files: Arc<HashSet<String>>,
    /// Why the last build failed.
    pub(super) problems: Option<Arc<Problems>>,
}

/// A failed build, for people.
#[derive(Debug, Serialize)]
pub(super) struct Problems {
    pub(super) title: String,
    pub(super) note: &'static str,
    /// Diagnostics as the terminal shows them.
    pub(super) texts: Vec<String>,
}

/// What pages are told: see `live.js`.
#[derive(Debug, Serialize)]
struct News<'a> {
    base: &'a str,
    /// Paths that changed, decoded; `None` if they are many.
    changed: Option<Vec<String>>,
    /// Where pages went.
    moved: BTreeMap<String, String>,
    problems: Option<&'a Problems>,
}

/// Between the build and the browsers.
#[derive(Debug)]
pub(super) struct Hub {
    /// Where the site's files are.
    pub(super) folder: PathBuf,
    shown: RwLock<Arc<Shown>>,
    news: broadcast::Sender<Arc<str>>,
    /// Once somebody watches.
    nudge: OnceLock<Nudge>,
}

impl Hub {
    pub(super) fn new(folder: PathBuf) -> Self {
        let shown = Shown { base: "/".to_owned(), ..Shown::default() };
        let news = broadcast::channel(BACKLOG).0;
        Self { folder, shown: RwLock::new(Arc::new(shown)), news, nudge: OnceLock::new() }
    }

    pub(super) fn shown(&self) -> Arc<Shown> {
        Arc::clone(&self.shown.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Says whom to wake when files are not where they were left.
    pub(super) fn watched_by(&self, nudge: Nudge) {
        let _ = self.nudge.set(nudge);
    }

    /// A file of the site is gone: somebody removed it, or everything.
    pub(super) fn missing(&self) {
        if let Some(nudge) = self.nudge.get() {
            nudge.now();
        }
    }

    pub(super) fn listen(&self) -> broadcast::Receiver<Arc<str>> {
        self.news.subscribe()
    }

    /// For a browser that missed something: it has to ask.
    pub(super) fn ask(&self) -> String {
        let shown = self.shown();
        let news = News {
            base: &shown.base,
            changed: None,
            moved: BTreeMap::new(),
            problems: shown.problems.as_deref(),
        };
        json(&news)
    }

    fn show(&self, shown: Shown, changed: Option<Vec<String>>, moved: BTreeMap<String, String>) {
        let shown = Arc::new(shown);
        *self.shown.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&shown);
        let news = News { base: &shown.base, changed, moved, problems: shown.problems.as_deref() };
        // Nobody may be listening.
        let _ = self.news.send(json(&news).into());
    }

    /// A build failed: the site stays as it was, and everybody is told why.
    pub(super) fn failed(&self, report: &Report) {
        // Warnings, too: a misspelt `title` is why the title is missing.
        let found = diagnostic::condense(report.diagnostics.clone());
        let errors = found.iter().filter(|found| found.is_error()).count();
        let shown = self.shown();
        let mut texts: Vec<String> = found.iter().take(DRAWN).map(|found| found.draw(false)).collect();
        if found.len() > DRAWN {
            texts.push(format!("… and {} more: the terminal shows all of them", found.len() - DRAWN));
        }
        let problems = Problems {
            title: format!("The site cannot be built: {}", count(errors, "error")),
            note: match shown.files.is_empty() {
                true => "There is nothing to show yet. As soon as this is mended, the site appears.",
                false => "The preview still shows the site as it was. As soon as this is mended, it goes on.",
            },
            texts,
        };
        self.show(
            Shown { problems: Some(Arc::new(problems)), ..(*shown).clone() },
            Some(Vec::new()),
            BTreeMap::new(),
        );
    }
}

/// What was shown last, as far as it is needed to tell what became of it.
#[derive(Debug, Default)]
pub(super) struct Before {
    articles: HashMap<String, Arc<Article>>,
}

impl Before {
    /// A build succeeded: the new site is shown, and everybody is told what is new.
    pub(super) fn succeeded(&mut self, hub: &Hub, published: &Published<'_>) {
        let shown = hub.shown();
        let base = &published.config.base_url.path;
        let written = || published.written.iter().map(|&at| published.pages[at].path.as_str());
        let listed = published.written.len() + published.removed.len() <= LISTED;
        let changed = listed.then(|| {
            let paths = written().chain(published.removed.iter().map(String::as_str));
            paths.map(|path| url_path(base, path)).collect()
        });
        let same_files = published.removed.is_empty()
            && published.pages.len() == shown.files.len()
            && written().all(|path| shown.files.contains(path));
        if same_files {
            hub.show(
                Shown { base: base.clone(), files: Arc::clone(&shown.files), problems: None },
                changed,
                BTreeMap::new(),
            );
            return;
        }
        let files = published.pages.iter().map(|page| page.path.clone()).collect();
        let articles: HashMap<String, Arc<Article>> = published
            .site
            .addresses
            .iter()
            .zip(&published.site.articles)
            .map(|(address, article)| (address.file.clone(), Arc::clone(article)))
            .collect();
        let moved = self.moved(&articles, published.removed);
        let moved =
            moved.into_iter().map(|(from, to)| (url_path(base, &from), url_path(base, &to))).collect();
        self.articles = articles;
        hub.show(Shown { base: base.clone(), files: Arc::new(files), problems: None }, changed, moved);
    }

    /// Where articles whose page is gone have theirs now: the same file, or the same news in another one.
    fn moved(&self, now: &HashMap<String, Arc<Article>>, removed: &[String]) -> Vec<(String, String)> {
        let gone: Vec<(&String, &Arc<Article>)> =
            removed.iter().take(LISTED).filter_map(|path| Some((path, self.articles.get(path)?))).collect();
        if gone.is_empty() {
            return Vec::new();
        }
        let fresh = || now.iter().filter(|(path, _)| !self.articles.contains_key(*path));
        let by_file: HashMap<&str, &String> =
            fresh().map(|(path, article)| (article.file.as_str(), path)).collect();
        // A file's name may hold its date, so that not even the date has to be the same.
        let mut by_title: HashMap<&str, Option<&String>> = HashMap::new();
        for (path, article) in fresh() {
            by_title.entry(&article.title).and_modify(|several| *several = None).or_insert(Some(path));
        }
        gone.into_iter()
            .filter_map(|(path, article)| {
                let same_title = || by_title.get(article.title.as_str()).copied().flatten();
                let to = by_file.get(article.file.as_str()).copied().or_else(same_title)?;
                Some((path.clone(), to.clone()))
            })
            .collect()
    }
}

/// A file's path as browsers know it, decoded: that of its folder where it is the index.
fn url_path(base: &str, file: &str) -> String {
    let path = match file.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
        _ => file,
    };
    format!("{base}{path}")
}

fn json(news: &News<'_>) -> String {
    serde_json::to_string(news).unwrap_or_default()
}
