//! Holds the site that browsers see, and sends news about it to open pages.

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
use crate::serve::watch::Waker;

/// The number of changed paths that one message lists. If there are more, each page asks whether it
/// has changed.
const MAX_LISTED: usize = 1000;

/// The number of diagnostics that browsers show. The terminal shows all.
const MAX_SHOWN: usize = 200;

/// The number of messages that are kept for a slow browser. A browser that falls further behind
/// asks for the state.
const BACKLOG: usize = 64;

/// The site that is shown, immutable.
#[derive(Debug, Clone, Default)]
pub(super) struct Shown {
    /// The base path of the site, percent-encoded as in links: `/my-digest/`.
    pub(super) base: String,
    /// The decoded base path.
    pub(super) home: String,
    /// Paths of the site's files, relative to [`Hub::folder`]. No other file is opened.
    pub(super) files: Arc<HashSet<String>>,
    /// Why the last build failed; `None` if it succeeded.
    pub(super) problems: Option<Arc<Problems>>,
    /// Greater than the number of every earlier state, including those of earlier previews, so that
    /// pages can ignore answers that arrive late.
    pub(super) number: u64,
}

/// The errors of a failed build, as pages show them.
#[derive(Debug, Serialize)]
pub(super) struct Problems {
    pub(super) title: String,
    pub(super) note: String,
    /// Diagnostics as the terminal shows them.
    pub(super) texts: Vec<String>,
    /// Whether each of them is a warning.
    pub(super) warnings: Vec<bool>,
}

/// A message to open pages; `live.js` reads it.
#[derive(Debug, Serialize)]
struct News<'a> {
    number: u64,
    base: &'a str,
    /// Decoded paths that changed; `None` if there are more than [`MAX_LISTED`].
    changed: Option<Vec<String>>,
    /// New addresses of moved pages: decoded old path to percent-encoded new path.
    moved: BTreeMap<String, String>,
    problems: Option<&'a Problems>,
}

impl Shown {
    /// The message about this state, as JSON.
    fn message(&self, changed: Option<Vec<String>>, moved: BTreeMap<String, String>) -> String {
        let (number, base, problems) = (self.number, self.base.as_str(), self.problems.as_deref());
        let news = serde_json::to_string(&News { number, base, changed, moved, problems });
        diagnostic::printable_json(&news.unwrap_or_default()).into_owned()
    }
}

/// Connects the build and the browsers.
#[derive(Debug)]
pub(super) struct Hub {
    /// The folder with the site's files.
    pub(super) folder: PathBuf,
    shown: RwLock<Arc<Shown>>,
    news: broadcast::Sender<Arc<str>>,
    /// Set when the digest is watched.
    waker: OnceLock<Waker>,
}

impl Hub {
    /// A hub without a site. Its number is the time in milliseconds since 1970, so that it is
    /// greater than the numbers of earlier previews.
    pub(super) fn new(folder: PathBuf) -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let number = u64::try_from(since.as_millis()).unwrap_or_default();
        let shown = Shown { base: "/".to_owned(), home: "/".to_owned(), number, ..Shown::default() };
        let news = broadcast::channel(BACKLOG).0;
        Self { folder, shown: RwLock::new(Arc::new(shown)), news, waker: OnceLock::new() }
    }

    /// The site that is shown now.
    pub(super) fn shown(&self) -> Arc<Shown> {
        Arc::clone(&self.shown.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Sets what [`report_missing_file`](Self::report_missing_file) wakes.
    pub(super) fn set_waker(&self, waker: Waker) {
        let _ = self.waker.set(waker);
    }

    /// Causes a build, because a file of the site was removed.
    pub(super) fn report_missing_file(&self) {
        if let Some(waker) = self.waker.get() {
            waker.wake();
        }
    }

    /// Subscribes to messages, which are JSON.
    pub(super) fn subscribe(&self) -> broadcast::Receiver<Arc<str>> {
        self.news.subscribe()
    }

    /// A message to a browser that missed others: its pages ask for the state.
    pub(super) fn message_to_ask(&self) -> String {
        self.shown().message(None, BTreeMap::new())
    }

    /// Shows a site under the next number, and notifies open pages.
    fn show(&self, shown: Shown, changed: Option<Vec<String>>, moved: BTreeMap<String, String>) {
        let shown = Arc::new(Shown { number: self.shown().number + 1, ..shown });
        *self.shown.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&shown);
        // Fails if no page is open.
        let _ = self.news.send(shown.message(changed, moved).into());
    }

    /// Shows the errors of a failed build over the last site.
    pub(super) fn show_errors(&self, report: &Report) {
        // Includes warnings: a misspelt `title` is why the title is missing.
        let found = diagnostic::condense(report.diagnostics.clone());
        let shown = self.shown();
        let mut texts: Vec<String> = found.iter().take(MAX_SHOWN).map(|found| found.draw(false)).collect();
        if found.len() > MAX_SHOWN {
            texts.push(tr!("… and {} more, which the terminal shows", found.len() - MAX_SHOWN));
        }
        let problems = Problems {
            title: tr!("The site cannot be built: {n} error"
                | "The site cannot be built: {n} errors" % report.errors()),
            note: match shown.files.is_empty() {
                true => tr!("There is no site yet. It appears when the errors are fixed."),
                false => tr!(
                    "The preview shows the last site without errors. It is updated when the errors are fixed."
                ),
            },
            texts,
            warnings: found.iter().take(MAX_SHOWN).map(|found| !found.is_error()).collect(),
        };
        self.show(
            Shown { problems: Some(Arc::new(problems)), ..(*shown).clone() },
            Some(Vec::new()),
            BTreeMap::new(),
        );
    }
}

/// The articles of a site by the files of their pages, each with the percent-encoded path of its
/// page.
type Articles = HashMap<String, (Arc<Article>, String)>;

/// The articles of the last site, to find the new addresses of pages that a build removes.
#[derive(Debug, Default)]
pub(super) struct LastSite {
    articles: Articles,
}

impl LastSite {
    /// Shows the site of a successful build, and notifies open pages of its changes.
    pub(super) fn replace(&mut self, hub: &Hub, built: &BuiltSite<'_>) {
        let shown = hub.shown();
        let base = built.config.base_url.path.clone();
        let home = percent_decode_str(&base).decode_utf8_lossy().into_owned();
        let written = || built.written.iter().map(|&at| built.pages[at].path.as_str());
        let listed = built.written.len() + built.removed.len() <= MAX_LISTED;
        let changed = listed.then(|| {
            let paths = written().chain(built.removed.iter().map(String::as_str));
            paths.map(|path| url_path(&home, path)).collect()
        });
        let same_files = built.removed.is_empty()
            && built.pages.len() == shown.files.len()
            && written().all(|path| shown.files.contains(path));
        let files = match same_files {
            true => Arc::clone(&shown.files),
            false => Arc::new(built.pages.iter().map(|page| page.path.clone()).collect()),
        };
        let articles = || -> Articles {
            let site = built.site;
            let articles = site.addresses.iter().zip(&site.articles);
            articles
                .map(|(address, article)| (address.file.clone(), (Arc::clone(article), address.path.clone())))
                .collect()
        };
        let now = (!built.removed.is_empty()).then(articles);
        let moved_files = now.as_ref().map(|now| self.moved(now, built.removed)).unwrap_or_default();
        let moved = moved_files.into_iter().map(|(from, to)| (url_path(&home, &from), to)).collect();
        hub.show(Shown { base, home, files, problems: None, number: 0 }, changed, moved);
        // Titles may have changed even if no page was removed. Pages are notified first.
        self.articles = now.unwrap_or_else(articles);
    }

    /// The new addresses of articles whose pages were removed: the file of the old page and the
    /// percent-encoded new path. An article is recognised by its source file, or else by its title
    /// if exactly one new article has it.
    fn moved(&self, now: &Articles, removed: &[String]) -> Vec<(String, String)> {
        let known = |path: &String| Some((path.clone(), &self.articles.get(path)?.0));
        let gone: Vec<(String, &Arc<Article>)> = removed.iter().take(MAX_LISTED).filter_map(known).collect();
        if gone.is_empty() {
            return Vec::new();
        }
        let fresh = || {
            let fresh = now.iter().filter(|(file, _)| !self.articles.contains_key(*file));
            fresh.map(|(_, (article, path))| (article, path))
        };
        let by_file: HashMap<&str, &String> =
            fresh().map(|(article, path)| (article.file.as_str(), path)).collect();
        // The date is not compared, because a renamed file may have a new date in its name.
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

/// The decoded URL path of a file: for `index.html` that of its folder.
fn url_path(base: &str, file: &str) -> String {
    let path = match file.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
        _ => file,
    };
    format!("{base}{path}")
}
