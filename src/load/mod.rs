//! Reads a digest's folder into articles, pages, registry and theme: stage 1, the only stage that
//! reads the folder.
//!
//! Sources are read and parsed in parallel, each once. No file is compared with another here:
//! whatever needs more than one article belongs to `site`.

mod alias;
pub mod article;
mod article_terms;
pub mod authorship;
pub(crate) mod bundle;
pub mod cache;
mod configuration;
#[cfg(feature = "images")]
pub mod copies;
pub mod date;
pub mod feed_id;
pub mod fonts;
pub mod list;
pub mod markdown;
mod metadata;
pub mod pictures;
pub mod redirects;
pub mod registry;
pub mod schedule;
mod script;
mod shown_pictures;
mod site_links;
mod snapshot;
pub mod source;
mod sources;
mod spool;
mod summary;
mod svg;
pub mod theme;
mod unread;
pub mod walk;

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rayon::prelude::*;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::Fingerprint;
use crate::fs::Root;
use crate::load::markdown::Rendered;
use crate::watchdog::{Task, Watchdog};
pub use article::{Article, ContentPage};
pub use authorship::Authorship;
pub use cache::Cache;
use cache::Parsed;
pub use configuration::{configuration, is_missing};
pub use registry::Registry;
use schedule::Status;
pub use schedule::{Agenda, Schedule, Selection, Validity};
pub(crate) use shown_pictures::IMAGE;
pub use sources::Sources;
pub use spool::Spool;
pub use theme::Theme;

/// Everything that is read from a digest's folder, without its theme.
#[derive(Debug, Default)]
pub struct Content {
    /// The selected articles in the order of their paths.
    pub articles: Vec<Parsed>,
    /// Articles of another language that lists show with a mark, for one language of several.
    pub untranslated: Vec<Parsed>,
    /// The pages of `content/pages`, in the order of their paths.
    pub pages: Vec<(ContentPage, Rendered)>,
    /// The registry, `content/terms.yaml`.
    pub registry: Registry,
    /// The lines of `content/redirects.yaml`.
    pub redirects: Vec<redirects::Entry>,
    /// The pictures of articles, those of drafts among them.
    pub pictures: Vec<pictures::Picture>,
    /// Number of drafts that were left out, articles and pages together.
    pub drafts: usize,
    /// The articles among the drafts that were left out.
    pub draft_articles: Vec<Parsed>,
    /// The pages among them.
    pub draft_pages: Vec<ContentPage>,
    /// The articles that are published later.
    pub scheduled: Vec<Arc<Article>>,
    /// The articles that have expired.
    pub expired: Vec<Arc<Article>>,
    /// What the schedules of the articles say; the default if articles of all times are selected.
    pub agenda: Agenda,
    /// The span in which the same articles are shown.
    pub validity: Validity,
    /// The HTML of the articles' bodies that is not in the bodies themselves.
    pub spool: Arc<Spool>,
    /// All errors and warnings about these files.
    pub diagnostics: Vec<Diagnostic>,
}

impl Content {
    /// Adds an article where the selection puts it.
    fn add(&mut self, parsed: Parsed, selection: Selection) {
        let article = &parsed.0;
        if article.draft {
            if selection.drafts {
                self.articles.push(parsed);
            } else {
                self.drafts += 1;
                self.draft_articles.push(parsed);
            }
            return;
        }
        let status = article.schedule.as_ref().zip(selection.now).map(|(schedule, now)| schedule.status(now));
        match status {
            Some(Status::Scheduled) => self.scheduled.push(parsed.0),
            Some(Status::Expired) => self.expired.push(parsed.0),
            Some(Status::Live) | None => self.articles.push(parsed),
        }
    }

    /// The fingerprint of the articles that are not shown and of the span in which that holds: an
    /// expired article leaves a notice, and its successor may be scheduled.
    #[must_use]
    pub fn untimely(&self) -> Fingerprint {
        let of = |articles: &[Arc<Article>]| -> Vec<Fingerprint> {
            articles.iter().map(|article| Fingerprint::of(&**article)).collect()
        };
        Fingerprint::of(&(self.validity, of(&self.scheduled), of(&self.expired)))
    }

    /// Sets the agenda of the articles that are not drafts.
    fn set_agenda(&mut self, now: DateTime<Utc>) {
        let loaded = self.articles.iter().map(|(article, _)| article);
        let all = loaded.chain(&self.scheduled).chain(&self.expired).filter(|article| !article.draft);
        let schedules = all.filter_map(|article| Some((article.file.as_str(), article.schedule.as_deref()?)));
        let (agenda, validity) = Agenda::of(schedules, now);
        (self.agenda, self.validity) = (agenda, validity);
    }
}

/// Reads `content/articles` and `content/pages`. Articles that are unchanged since an earlier build
/// come from the cache; the others are parsed.
#[must_use]
pub fn content(
    root: &Path,
    config: &Config,
    selection: Selection,
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
    if let Some(bytes) = &sources.redirects {
        let _entered = watch.enter(Task::File(redirects::FILE));
        match source::decode(redirects::FILE, bytes.clone()).map(|text| redirects::parse(&text)) {
            Ok((entries, diagnostics)) => {
                content.redirects = entries;
                content.diagnostics.extend(diagnostics);
            }
            Err(diagnostic) => content.diagnostics.push(diagnostic),
        }
    }
    let folder = Arc::new(Root::open(root, config.links));
    let (pictures, diagnostics) = pictures::read(&folder, &sources.pictures, config, watch);
    content.pictures = pictures;
    content.diagnostics.extend(diagnostics);
    let mut known = cache.articles(&sources.index());
    let known: Vec<Option<Parsed>> = sources.articles.iter().map(|file| known.remove(file)).collect();
    // A converted language needs the HTML at once.
    let spool = (!config.converts()).then_some(&*content.spool);
    let read: Vec<_> = (&sources.articles, known)
        .into_par_iter()
        .map(|(file, known)| match known {
            Some(parsed) => Ok((Some(parsed), Vec::new(), None)),
            None => source::read(&folder, file, config.limits.file_bytes).map(|source| {
                let _entered = watch.enter(Task::File(file));
                let (read, diagnostics) = article::parse_article(&source, config);
                let parsed = read.map(|(article, mut body)| {
                    spool.inspect(|spool| spool.take(&mut body));
                    (Arc::new(article), body)
                });
                (parsed, diagnostics, Some(source.hash))
            }),
        })
        .collect();
    for (snapshot, result) in sources.snapshots.iter_mut().zip(&read) {
        if let (Some(snapshot), Ok((_, _, Some(hash)))) = (snapshot, result) {
            snapshot.hash = Some(*hash);
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
    } else if !cache.index_equals(&index) {
        cache.store_index(&index);
    }
    for result in read {
        match result {
            Ok((article, diagnostics, _)) => {
                content.diagnostics.extend(diagnostics);
                if let Some(parsed) = article {
                    content.add(parsed, selection);
                }
            }
            Err(diagnostic) => content.diagnostics.push(*diagnostic),
        }
    }
    if let Some(now) = selection.now {
        content.set_agenda(now);
    }
    let mut parsed_page_hashes = Vec::with_capacity(sources.pages.len());
    for file in &sources.pages {
        let _entered = watch.enter(Task::File(file));
        match source::read(&folder, file, config.limits.file_bytes)
            .map(|source| (source.hash, article::parse_page(&source, config)))
        {
            Ok((hash, (page, diagnostics))) => {
                parsed_page_hashes.push(hash);
                content.diagnostics.extend(diagnostics);
                match page {
                    Some((page, _)) if page.draft && !selection.drafts => {
                        content.drafts += 1;
                        content.draft_pages.push(page);
                    }
                    Some(page) => content.pages.push(page),
                    None => {}
                }
            }
            Err(diagnostic) => content.diagnostics.push(*diagnostic),
        }
    }
    sources.parsed_page_hashes = Some(parsed_page_hashes);
    content
}

/// Renders the body of one source file again, for an article that came from the build cache.
/// `digest` is the fingerprint that the body must have.
///
/// # Errors
/// The file is gone, or its body has another fingerprint.
pub fn body(
    root: &Path,
    config: &Config,
    file: &str,
    fingerprint: Fingerprint,
) -> Result<String, Diagnostic> {
    let folder = Root::open(root, config.links);
    let source = source::read(&folder, file, config.limits.file_bytes).map_err(|diagnostic| *diagnostic)?;
    let body = article::parse_article(&source, config).0.map(|(_, body)| body);
    body.filter(|body| body.fingerprint == fingerprint).and_then(|body| body.html).ok_or_else(|| {
        Diagnostic::error(tr!("this file changed while the site was built"))
            .at(Place::file(file))
            .help(tr!("build again"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_saved_during_a_build_is_not_part_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let page = root.join("content/pages/about.md");
        std::fs::create_dir_all(root.join("content/articles")).unwrap();
        std::fs::create_dir_all(page.parent().unwrap()).unwrap();
        std::fs::write(&page, "---\ntitle: 一\n---\n").unwrap();
        let config = Config::default();
        let mut cache = Cache::at(&root.join("cache"));
        cache.set_reader(&config);
        let mut sources = Sources::find(root, &config, &mut cache);
        let before = sources.fingerprint(root);
        assert!(before.is_some());
        assert_eq!(
            content(
                root,
                &config,
                Selection::of_all_times(false),
                &mut cache,
                &mut sources,
                &Watchdog::none()
            )
            .pages
            .len(),
            1
        );
        std::fs::write(&page, "---\ntitle: 二\n---\n").unwrap();
        assert_eq!(sources.fingerprint(root), before);
        assert_ne!(Sources::find(root, &config, &mut cache).fingerprint(root), before);
    }

    #[test]
    fn only_bodies_of_articles_are_edited_without_another_change() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let write = |path: &str, text: &str| {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        let config = Config::default();
        let survey = |cache: &mut Cache| {
            let mut sources = Sources::find(root, &config, cache);
            let content = content(
                root,
                &config,
                Selection::of_all_times(false),
                cache,
                &mut sources,
                &Watchdog::none(),
            );
            let skeleton = sources.skeleton(
                &content.articles.iter().map(|(article, _)| Fingerprint::of(&**article)).collect::<Vec<_>>(),
                content.untimely(),
            );
            assert!(skeleton.is_some());
            (sources, skeleton)
        };
        let edited = |before: &Sources| -> Option<Vec<String>> {
            let mut cache = Cache::at(&root.join("cache"));
            cache.set_reader(&config);
            let (mut now, _) = survey(&mut cache);
            now.edited_since(before, root).map(|files| files.into_iter().map(str::to_owned).collect())
        };
        write("content/articles/a.md", "---\ntitle: 甲\n---\n一\n");
        write("content/articles/b.md", "---\ntitle: 乙\nsummary: 摘要\n---\n一\n");
        write("content/pages/c.md", "---\ntitle: 丙\n---\n一\n");
        let mut cache = Cache::at(&root.join("cache"));
        cache.set_reader(&config);
        let (before, skeleton) = survey(&mut cache);
        assert_eq!(edited(&before), Some(vec![]));
        write("content/articles/b.md", "---\ntitle: 乙\nsummary: 摘要\n---\n二二\n");
        assert_eq!(edited(&before), Some(vec!["content/articles/b.md".to_owned()]));
        assert_eq!(survey(&mut cache).1, skeleton);
        write("content/articles/b.md", "---\ntitle: 丁\nsummary: 摘要\n---\n二二\n");
        assert_ne!(survey(&mut cache).1, skeleton);
        write("content/articles/b.md", "---\ntitle: 乙\nsummary: 摘要\n---\n一\n");
        assert_eq!(edited(&before), Some(vec![]));
        for (path, text) in [
            ("content/pages/c.md", "---\ntitle: 丙\n---\n二二\n"),
            ("content/terms.yaml", "keywords:\n  - name: x\n"),
            ("content/redirects.yaml", "x/: archive/\n"),
            ("content/pages/d.md", "---\ntitle: 丁\n---\n"),
            ("content/articles/e.md", "---\ntitle: 戊\n---\n"),
        ] {
            let old = std::fs::read(root.join(path)).ok();
            write(path, text);
            assert_eq!(edited(&before), None, "{path}");
            match old {
                Some(bytes) => std::fs::write(root.join(path), bytes).unwrap(),
                None => std::fs::remove_file(root.join(path)).unwrap(),
            }
        }
        assert_eq!(edited(&before), Some(vec![]));
    }
}
