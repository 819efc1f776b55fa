//! Finds the source files of a digest and compares them with those of earlier builds.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::Fingerprint;
use crate::fs::SymlinkPolicy;
use crate::load::cache::{Cache, Parsed};
use crate::load::snapshot::Snapshot;
use crate::load::{registry, source, walk};

/// The files of a digest and how they stand, before any is parsed.
#[derive(Debug, Default)]
pub struct Sources {
    pub(super) articles: Vec<String>,
    pub(super) pages: Vec<String>,
    pub(super) seen: Vec<Option<Snapshot>>,
    /// The bytes of `content/terms.yaml`, if there is one.
    pub(super) registry: Option<Vec<u8>>,
    /// Of the bytes that were parsed, once they were: a page that is saved during a build was not built.
    pub(super) parsed_pages: Option<Vec<Fingerprint>>,
    pub(super) diagnostics: Vec<Diagnostic>,
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

    pub(super) fn index(&self) -> BTreeMap<&str, Snapshot> {
        let files = self.articles.iter().map(String::as_str).zip(&self.seen);
        files.filter_map(|(file, seen)| Some((file, (*seen)?))).collect()
    }
}
