//! Reads the articles and terms of a digest, drafts and articles of other times included, for the findings about terms.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::load::cache::Parsed;
use crate::load::markdown::Rendered;
use crate::load::{self, Cache, Registry, registry};
use crate::site::{self, Site};
use crate::watchdog::Watchdog;

/// The articles, terms and registry of a digest, and the errors in its files.
pub struct Digest {
    /// Articles without bodies, and terms.
    pub site: Site,
    /// `content/terms.yaml`.
    pub registry: Registry,
    /// The spellings of terms that articles use, by taxonomy.
    pub written: Vec<HashSet<String>>,
    /// All problems in the files of the digest.
    pub diagnostics: Vec<Diagnostic>,
    /// The problems that reading `content/terms.yaml` alone finds.
    pub registry_diagnostics: Vec<Diagnostic>,
}

impl Digest {
    /// Assembles the terms of all articles that were read, drafts, scheduled and expired articles
    /// included. Bodies are left out: they hold no terms.
    #[must_use]
    pub fn of(content: &load::Content, config: &Config) -> Self {
        let mut diagnostics = content.diagnostics.clone();
        let all = content.articles.iter().chain(&content.draft_articles).map(|(article, _)| article);
        let all = all.chain(&content.scheduled).chain(&content.expired);
        let articles: Vec<_> = all.map(|article| (Arc::clone(article), Rendered::default())).collect();
        let mut written = vec![HashSet::new(); config.taxonomies.len()];
        for (article, _) in &articles {
            for (all, terms) in written.iter_mut().zip(&article.terms) {
                all.extend(terms.iter().cloned());
            }
        }
        let about_registry =
            |found: &&Diagnostic| found.place.as_ref().is_some_and(|place| place.path == registry::FILE);
        let registry_diagnostics = diagnostics.iter().filter(about_registry).cloned().collect();
        let registry = content.registry.clone();
        // Articles of other languages have terms, and addresses of their own.
        let is_first = |(article, _): &Parsed| config.language_of(&article.file).at == 0;
        let (articles, untranslated) = articles.into_iter().partition(is_first);
        let registry_of = registry.clone();
        let content =
            load::Content { articles, untranslated, registry: registry_of, ..load::Content::default() };
        let (site, _, found) = site::assemble(content, config, Arc::new(|_, _| Ok(String::new())));
        diagnostics.extend(found);
        Self { site, registry, written, registry_diagnostics, diagnostics }
    }
}

/// Reads the digest at `root`, drafts included, without using or writing a cache.
#[must_use]
pub fn read(root: &Path, config: &Config) -> Digest {
    read_watched(root, config, &Watchdog::none())
}

/// Like [`read`], and watches the time that each file takes.
pub(super) fn read_watched(root: &Path, config: &Config, watchdog: &Watchdog) -> Digest {
    let mut sources = load::Sources::find(root, config, &mut Cache::none());
    let selection = load::Selection::of_all_times(true);
    let content = load::content(root, config, selection, &mut Cache::none(), &mut sources, watchdog);
    Digest::of(&content, config)
}
