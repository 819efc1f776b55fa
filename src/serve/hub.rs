//! What browsers are shown at a moment, and what is told to those that listen.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::{SystemTime, UNIX_EPOCH};

use percent_encoding::percent_decode_str;
use serde::Serialize;
use tokio::sync::broadcast;

use crate::diagnostic;
use crate::load::Article;
use crate::pipeline::BuiltSite;
use crate::pipeline::report::Report;
use crate::serve::watch::Nudge;
use crate::text::count;

/// More paths than this are not listed: each page then asks whether it has changed.
const LISTED: usize = 1000;

/// Diagnostics in a browser: the terminal has all of them.
const DRAWN: usize = 200;

/// News for a browser that fell so far behind that it will ask anyway.
const BACKLOG: usize = 64;

/// The site as it is shown.
#[derive(Debug, Clone, Default)]
pub(super) struct Shown {
    /// The path below which the site stands, `/my-digest/`, as links write it.
    pub(super) base: String,
    /// The same, decoded.
    pub(super) home: String,
    /// Paths of the site's files: nothing else is ever opened.
    pub(super) files: Arc<HashSet<String>>,
    /// Why the last build failed.
    pub(super) problems: Option<Arc<Problems>>,
    /// Greater than that of everything that was shown before, also by an earlier preview: an answer may overtake another.
    pub(super) number: u64,
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
    number: u64,
    base: &'a str,
    /// Paths that changed, decoded; `None` if they are many.
    changed: Option<Vec<String>>,
    /// Where pages went: from a decoded path to one as links write it.
    moved: BTreeMap<String, String>,
    problems: Option<&'a Problems>,
}

impl Shown {
    fn news(&self, changed: Option<Vec<String>>, moved: BTreeMap<String, String>) -> String {
        let (number, base, problems) = (self.number, self.base.as_str(), self.problems.as_deref());
        serde_json::to_string(&News { number, base, changed, moved, problems }).unwrap_or_default()
    }
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
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let number = u64::try_from(since.as_millis()).unwrap_or_default();
        let shown = Shown { base: "/".to_owned(), home: "/".to_owned(), number, ..Shown::default() };
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
        self.shown().news(None, BTreeMap::new())
    }

    fn show(&self, shown: Shown, changed: Option<Vec<String>>, moved: BTreeMap<String, String>) {
        let shown = Arc::new(Shown { number: self.shown().number + 1, ..shown });
        *self.shown.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&shown);
        // Nobody may be listening.
        let _ = self.news.send(shown.news(changed, moved).into());
    }

    /// A build failed: the site stays as it was, and everybody is told why.
    pub(super) fn failed(&self, report: &Report) {
        // Warnings, too: a misspelt `title` is why the title is missing.
        let found = diagnostic::condense(report.diagnostics.clone());
        let shown = self.shown();
        let mut texts: Vec<String> = found.iter().take(DRAWN).map(|found| found.draw(false)).collect();
        if found.len() > DRAWN {
            texts.push(format!("… and {} more: the terminal shows all of them", found.len() - DRAWN));
        }
        let problems = Problems {
            title: format!("The site cannot be built: {}", count(report.errors(), "error")),
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

/// The articles of a site by the files of their pages, each with its page's path as links write it.
type Articles = HashMap<String, (Arc<Article>, String)>;

/// What was shown last, as far as it is needed to tell what became of it.
#[derive(Debug, Default)]
pub(super) struct Before {
    articles: Articles,
}

impl Before {
    /// A build succeeded: the new site is shown, and everybody is told what is new.
    pub(super) fn succeeded(&mut self, hub: &Hub, made: &BuiltSite<'_>) {
        let shown = hub.shown();
        let base = made.config.base_url.path.clone();
        let home = percent_decode_str(&base).decode_utf8_lossy().into_owned();
        let written = || made.written.iter().map(|&at| made.pages[at].path.as_str());
        let listed = made.written.len() + made.removed.len() <= LISTED;
        let changed = listed.then(|| {
            let paths = written().chain(made.removed.iter().map(String::as_str));
            paths.map(|path| url_path(&home, path)).collect()
        });
        let same_files = made.removed.is_empty()
            && made.pages.len() == shown.files.len()
            && written().all(|path| shown.files.contains(path));
        let files = match same_files {
            true => Arc::clone(&shown.files),
            false => Arc::new(made.pages.iter().map(|page| page.path.clone()).collect()),
        };
        let articles = || -> Articles {
            let site = made.site;
            let articles = site.addresses.iter().zip(&site.articles);
            articles
                .map(|(address, article)| (address.file.clone(), (Arc::clone(article), address.path.clone())))
                .collect()
        };
        let now = (!made.removed.is_empty()).then(articles);
        let went = now.as_ref().map(|now| self.moved(now, made.removed)).unwrap_or_default();
        let moved = went.into_iter().map(|(from, to)| (url_path(&home, &from), to)).collect();
        hub.show(Shown { base, home, files, problems: None, number: 0 }, changed, moved);
        // Titles may be others, too: noted when everybody has been told.
        self.articles = now.unwrap_or_else(articles);
    }

    /// Where articles whose page is gone have theirs now: the same file, or the same news in another one.
    fn moved(&self, now: &Articles, removed: &[String]) -> Vec<(String, String)> {
        let known = |path: &String| Some((path.clone(), &self.articles.get(path)?.0));
        let gone: Vec<(String, &Arc<Article>)> = removed.iter().take(LISTED).filter_map(known).collect();
        if gone.is_empty() {
            return Vec::new();
        }
        let fresh = || {
            let fresh = now.iter().filter(|(file, _)| !self.articles.contains_key(*file));
            fresh.map(|(_, (article, path))| (article, path))
        };
        let by_file: HashMap<&str, &String> =
            fresh().map(|(article, path)| (article.file.as_str(), path)).collect();
        // A file's name may hold its date, so that not even the date has to be the same.
        let mut by_title: HashMap<&str, Option<&String>> = HashMap::new();
        for (article, path) in fresh() {
            by_title.entry(&article.title).and_modify(|several| *several = None).or_insert(Some(path));
        }
        gone.into_iter()
            .filter_map(|(from, article)| {
                let same_title = || by_title.get(article.title.as_str()).copied().flatten();
                let to = by_file.get(article.file.as_str()).copied().or_else(same_title)?;
                Some((from, to.clone()))
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
