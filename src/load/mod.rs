//! Stage 1, disk to articles: the only stage that reads a digest's folder.
//!
//! Sources are read and parsed in parallel, each once. Nothing is looked up across files here: what needs more than
//! one article belongs to `site`.

mod alias;
pub mod article;
pub mod cache;
pub mod date;
pub mod list;
pub mod markdown;
pub mod registry;
pub mod source;
pub mod theme;
pub mod walk;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use crate::config::{self, Config};
use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::Fingerprint;
use crate::fs::SymlinkPolicy;
use crate::load::markdown::Rendered;
use crate::watchdog::{Task, Watchdog};
pub use article::{Article, ContentPage};
pub use cache::Cache;
use cache::{Parsed, Seen};
pub use registry::Registry;
pub use theme::Theme;

/// Everything that a digest's folder holds.
#[derive(Debug, Default)]
pub struct Content {
    /// In the order of their paths; drafts only when they were asked for.
    pub articles: Vec<Parsed>,
    /// `content/pages`, in the order of their paths.
    pub pages: Vec<(ContentPage, Rendered)>,
    /// `content/terms.yaml`.
    pub registry: Registry,
    /// How many drafts were left out, articles and pages.
    pub drafts: usize,
    /// The articles among them.
    pub draft_articles: Vec<Parsed>,
    /// What is wrong with any of it.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads `newsprint.yaml`. A digest without one is no digest: the message says how to begin.
#[must_use]
pub fn configuration(root: &Path, file: Option<&Path>, links: SymlinkPolicy) -> (Config, Vec<Diagnostic>) {
    let path = file.map_or_else(|| root.join(config::FILE), Path::to_path_buf);
    let shown = walk::shown(root, &path);
    // A file that was named on the command line may be anywhere.
    if let Some(Err(diagnostic)) = file.is_none().then(|| links.allow(root, &path, &shown)) {
        return (Config { links, ..Config::default() }, vec![diagnostic]);
    }
    match source::bytes(&path, source::LARGEST) {
        Ok(bytes) => match source::decode(&shown, bytes).map(|text| Config::parse(&shown, &text)) {
            Ok((config, diagnostics)) => (Config { links, ..config }, diagnostics),
            Err(diagnostic) => (Config::default(), vec![diagnostic]),
        },
        Err(error) => {
            let (message, help) = if !root.is_dir() {
                (format!("there is no folder {}", root.display()), "name the digest's folder with `--root`")
            } else if file.is_some() {
                (
                    format!("the configuration cannot be read: {error}"),
                    "`--config` is looked for from where you are",
                )
            } else {
                let help = "run `newsprint init DIR` to begin a digest, or name its folder with `--root`";
                (format!("the configuration cannot be read: {error}"), help)
            };
            let mut diagnostic = Diagnostic::error(message).at(Place::file(&shown)).help(help);
            if let Some(above) = digest_above(root).filter(|_| file.is_none()) {
                diagnostic =
                    diagnostic.help(format!("there is one in {}: name it with `--root`", above.display()));
            }
            (Config::default(), vec![diagnostic])
        }
    }
}

/// The digest that a folder is part of: people type commands where they happen to be.
fn digest_above(root: &Path) -> Option<PathBuf> {
    let root = root.canonicalize().ok()?;
    root.ancestors().skip(1).find(|folder| folder.join(config::FILE).is_file()).map(Path::to_path_buf)
}

/// The files of a digest and how they stand, before any is parsed.
#[derive(Debug, Default)]
pub struct Sources {
    articles: Vec<String>,
    pages: Vec<String>,
    seen: Vec<Option<Seen>>,
    /// The bytes of `content/terms.yaml`, if there is one.
    registry: Option<Vec<u8>>,
    /// Of the bytes that were parsed, once they were: a page that is saved during a build was not built.
    parsed_pages: Option<Vec<Fingerprint>>,
    diagnostics: Vec<Diagnostic>,
}

impl Sources {
    /// Finds the sources and compares them with what earlier builds saw.
    #[must_use]
    pub fn find(root: &Path, links: SymlinkPolicy, cache: &mut Cache) -> Self {
        let (articles, mut diagnostics) = walk::markdown_files(root, "content/articles", links);
        let (pages, problems) = walk::markdown_files(root, "content/pages", links);
        diagnostics.extend(problems);
        if !root.join("content/articles").is_dir() {
            diagnostics.push(
                Diagnostic::warning("there is no folder `content/articles`: the site has no articles")
                    .at(Place::file("content/articles"))
                    .help("make it with `newsprint new TITLE` or `newsprint import FILE`"),
            );
        }
        let seen = cache.look(root, &articles);
        // Small enough to be read in any case, and once: what is parsed later is what was compared.
        let file = root.join(registry::FILE);
        let refused =
            links.allow(root, &file, registry::FILE).map_err(|diagnostic| diagnostics.push(diagnostic));
        let found = match refused {
            Ok(()) => source::bytes(&file, source::LARGEST),
            Err(()) => Err(std::io::ErrorKind::NotFound.into()),
        };
        let registry = match found {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => {
                let message = format!("this file cannot be read: {error}");
                diagnostics.push(Diagnostic::error(message).at(Place::file(registry::FILE)));
                None
            }
        };
        Self { articles, pages, seen, registry, parsed_pages: None, diagnostics }
    }

    /// Of the names and bytes of all sources; `None` when one of them was not read yet or cannot be, or the walk met a
    /// problem.
    #[must_use]
    pub fn fingerprint(&self, root: &Path) -> Option<Fingerprint> {
        if !self.diagnostics.is_empty() {
            return None;
        }
        let articles: Option<Vec<_>> = self
            .articles
            .iter()
            .zip(&self.seen)
            .map(|(file, seen)| Some((file, seen.as_ref()?.hash?)))
            .collect();
        Some(Fingerprint::of(&(articles?, &self.pages, self.page_hashes(root)?, &self.registry)))
    }

    /// Of everything that was read but the bodies of articles; `articles` are those that it led to. `None` before pages were read, and when
    /// the walk met a problem.
    #[must_use]
    pub fn skeleton(&self, articles: &[Parsed]) -> Option<Fingerprint> {
        let pages = self.parsed_pages.as_ref().filter(|_| self.diagnostics.is_empty())?;
        let articles: Vec<Fingerprint> =
            articles.par_iter().map(|(article, _)| Fingerprint::of(&**article)).collect();
        Some(Fingerprint::of(&(articles, &self.pages, pages, &self.registry)))
    }

    /// The articles whose bytes changed since `before`; `None` if anything else changed, too.
    #[must_use]
    pub fn edited_since(&mut self, before: &Self, root: &Path) -> Option<Vec<&str>> {
        self.parsed_pages = self.page_hashes(root);
        let same = self.diagnostics.is_empty()
            && before.diagnostics.is_empty()
            && self.articles == before.articles
            && self.pages == before.pages
            && self.parsed_pages.is_some()
            && self.parsed_pages == before.parsed_pages
            && self.registry == before.registry;
        let mut edited = Vec::new();
        for (file, (now, before)) in self.articles.iter().zip(self.seen.iter().zip(&before.seen)) {
            let (now, before) = (now.as_ref()?.hash?, before.as_ref()?.hash?);
            if now != before {
                edited.push(file.as_str());
            }
        }
        same.then_some(edited)
    }

    /// Takes note of the bytes that were read of an article: they may be newer than those that were looked at.
    pub fn read_again(&mut self, file: &str, hash: Fingerprint) {
        let at = self.articles.binary_search_by(|known| known.as_str().cmp(file));
        if let Some(Some(seen)) = at.ok().map(|at| &mut self.seen[at]) {
            seen.hash = Some(hash);
        }
    }

    fn page_hashes(&self, root: &Path) -> Option<Vec<Fingerprint>> {
        let read = |file: &String| Some(Fingerprint::of_bytes(&std::fs::read(root.join(file)).ok()?));
        match &self.parsed_pages {
            Some(parsed) => Some(parsed.clone()),
            None => self.pages.iter().map(read).collect(),
        }
    }

    fn index(&self) -> BTreeMap<&str, Seen> {
        let files = self.articles.iter().map(String::as_str).zip(&self.seen);
        files.filter_map(|(file, seen)| Some((file, (*seen)?))).collect()
    }
}

/// Reads `content/articles` and `content/pages`: what earlier builds parsed and still holds, and the rest anew.
#[must_use]
pub fn content(
    root: &Path,
    config: &Config,
    drafts: bool,
    cache: &mut Cache,
    sources: &mut Sources,
    watch: &Watchdog,
) -> Content {
    let mut content = Content { diagnostics: sources.diagnostics.clone(), ..Content::default() };
    let entered = watch.enter(Task::File(registry::FILE));
    let written = source::decode(registry::FILE, sources.registry.clone().unwrap_or_default());
    match written.map(|text| registry::parse(&text, config)) {
        Ok((registry, diagnostics)) => {
            content.registry = registry;
            content.diagnostics.extend(diagnostics);
        }
        Err(diagnostic) => content.diagnostics.push(diagnostic),
    }
    drop(entered);
    let mut known = cache.articles(&sources.index());
    let known: Vec<Option<Parsed>> = sources.articles.iter().map(|file| known.remove(file)).collect();
    let read: Vec<_> = (&sources.articles, known)
        .into_par_iter()
        .map(|(file, known)| match known {
            Some(parsed) => Ok((Some(parsed), Vec::new(), None)),
            None => source::read(root, file, config.limits.file_bytes).map(|source| {
                let _entered = watch.enter(Task::File(file));
                let (read, diagnostics) = article::parse_article(&source, config);
                let parsed = read.map(|(article, body)| (Arc::new(article), body));
                (parsed, diagnostics, Some(source.hash))
            }),
        })
        .collect();
    for (seen, result) in sources.seen.iter_mut().zip(&read) {
        if let (Some(seen), Ok((_, _, Some(hash)))) = (seen, result) {
            seen.hash = Some(*hash);
        }
    }
    let index = sources.index();
    let anything_new = read.iter().any(|result| !matches!(result, Ok((_, _, None))));
    if anything_new {
        let articles: Vec<&Parsed> = read
            .iter()
            .filter_map(|result| match result {
                Ok((Some(parsed), diagnostics, _)) if diagnostics.is_empty() => Some(parsed),
                _ => None,
            })
            .collect();
        cache.store(&index, &articles);
    } else if !cache.says(&index) {
        cache.store_index(&index);
    }
    for result in read {
        match result {
            Ok((article, diagnostics, _)) => {
                content.diagnostics.extend(diagnostics);
                match article {
                    Some(parsed) if parsed.0.draft && !drafts => {
                        content.drafts += 1;
                        content.draft_articles.push(parsed);
                    }
                    Some(parsed) => content.articles.push(parsed),
                    None => {}
                }
            }
            Err(diagnostic) => content.diagnostics.push(*diagnostic),
        }
    }
    let mut parsed_pages = Vec::with_capacity(sources.pages.len());
    for file in &sources.pages {
        let _entered = watch.enter(Task::File(file));
        match source::read(root, file, config.limits.file_bytes)
            .map(|source| (source.hash, article::parse_page(&source, config)))
        {
            Ok((hash, (page, diagnostics))) => {
                parsed_pages.push(hash);
                content.diagnostics.extend(diagnostics);
                match page {
                    Some((page, _)) if page.draft && !drafts => content.drafts += 1,
                    Some(page) => content.pages.push(page),
                    None => {}
                }
            }
            Err(diagnostic) => content.diagnostics.push(*diagnostic),
        }
    }
    sources.parsed_pages = Some(parsed_pages);
    content
}

/// Renders the body of one source file again, for an article that came from the build cache.
///
/// # Errors
/// The file is gone, or its body has another fingerprint.
pub fn body(root: &Path, config: &Config, file: &str, digest: Fingerprint) -> Result<String, Diagnostic> {
    let source = source::read(root, file, config.limits.file_bytes).map_err(|diagnostic| *diagnostic)?;
    let body = article::parse_article(&source, config).0.map(|(_, body)| body);
    body.filter(|body| body.digest == digest).and_then(|body| body.html).ok_or_else(|| {
        Diagnostic::error("this file changed while the site was built")
            .at(Place::file(file))
            .help("build again")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_saved_during_a_build_does_not_count_as_built() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let page = root.join("content/pages/about.md");
        std::fs::create_dir_all(root.join("content/articles")).unwrap();
        std::fs::create_dir_all(page.parent().unwrap()).unwrap();
        std::fs::write(&page, "---\ntitle: 一\n---\n").unwrap();
        let config = Config::default();
        let mut cache = Cache::at(&root.join("notes"));
        cache.set_reader(&config);
        let mut sources = Sources::find(root, SymlinkPolicy::Inside, &mut cache);
        let before = sources.fingerprint(root);
        assert!(before.is_some());
        assert_eq!(content(root, &config, false, &mut cache, &mut sources, &Watchdog::none()).pages.len(), 1);
        std::fs::write(&page, "---\ntitle: 二\n---\n").unwrap();
        assert_eq!(sources.fingerprint(root), before);
        assert_ne!(Sources::find(root, SymlinkPolicy::Inside, &mut cache).fingerprint(root), before);
    }
}
