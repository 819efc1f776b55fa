//! Finds the source files of a digest and compares them with those of earlier builds.

use std::collections::BTreeMap;
use std::path::Path;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::Fingerprint;
use crate::fs::{Root, SymlinkPolicy};
use crate::load::cache::Cache;
use crate::load::snapshot::Snapshot;
use crate::load::{pictures, redirects, registry, source, unread, walk};

/// The source files of a digest and their snapshots, before any of them is parsed.
#[derive(Debug, Default)]
pub struct Sources {
    /// Sorted paths of the articles, relative to the digest's root.
    pub(super) articles: Vec<String>,
    /// Sorted paths of the pages.
    pub(super) pages: Vec<String>,
    /// Snapshots in the order of `articles`; `None` for a file that cannot be read.
    pub(super) snapshots: Vec<Option<Snapshot>>,
    /// The pictures of articles: path of the article, path of the picture, fingerprint of its
    /// bytes.
    pub(super) pictures: Vec<(String, String, Fingerprint)>,
    /// The bytes of `content/terms.yaml`, if it exists.
    pub(super) registry: Option<Vec<u8>>,
    /// The bytes of `content/redirects.yaml`, if it exists.
    pub(super) redirects: Option<Vec<u8>>,
    /// Fingerprints of the pages' bytes as they were parsed; `None` before that. Later fingerprints
    /// use them instead of the files, because a page that was saved during a build is not part of
    /// the built site.
    pub(super) parsed_page_hashes: Option<Vec<Fingerprint>>,
    /// Which symbolic links are followed.
    links: SymlinkPolicy,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Warnings of files that are not read. They are apart from `diagnostics`, because they say
    /// nothing about the sources.
    unread: Vec<Diagnostic>,
}

impl Sources {
    /// Finds the sources and compares them with the snapshots of earlier builds.
    #[must_use]
    pub fn find(root: &Path, config: &Config, cache: &mut Cache) -> Self {
        let links = config.links;
        let (files, mut diagnostics) = walk::files(root, "content/articles", links);
        let (articles, beside): (Vec<_>, Vec<_>) = files.into_iter().partition(walk::is_markdown);
        let (found, mut others) = pictures::assign(&articles, beside, config);
        let (files, problems) = walk::files(root, "content/pages", links);
        diagnostics.extend(problems);
        let (pages, beside): (Vec<_>, Vec<_>) = files.into_iter().partition(walk::is_markdown);
        others.extend(beside);
        let unread = unread::warnings(root, links, others);
        if !root.join("content/articles").is_dir() {
            diagnostics.push(
                Diagnostic::warning(tr!("there is no folder `content/articles`: the site has no articles"))
                    .at(Place::file("content/articles"))
                    .help(tr!("create it with `newsprint new TITLE` or `newsprint import FILE`")),
            );
        }
        let folder = Root::open(root, links);
        let snapshots = cache.take_snapshots(&folder, &articles);
        let pictures = hashed_pictures(&folder, found, cache, &mut diagnostics);
        // These files are small, so they are always read, and only once: the bytes parsed later are
        // the bytes compared here.
        let mut read = |name: &str| {
            let file = root.join(name);
            let allowed = links.allow(root, &file, name);
            allowed.and_then(|()| read_optional(&folder, name, &file)).unwrap_or_else(|diagnostic| {
                diagnostics.push(diagnostic);
                None
            })
        };
        let (registry, redirects) = (read(registry::FILE), read(redirects::FILE));
        let parsed_page_hashes = None;
        Self {
            articles,
            pages,
            snapshots,
            pictures,
            registry,
            redirects,
            parsed_page_hashes,
            links,
            diagnostics,
            unread,
        }
    }

    /// Takes the warnings of files that look like sources and are not read.
    pub fn take_unread(&mut self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.unread)
    }

    /// Returns the fingerprint of the names and bytes of all sources. `None` if an article was not
    /// read yet, a source cannot be read, or the walk reported a problem.
    #[must_use]
    pub fn fingerprint(&self, root: &Path) -> Option<Fingerprint> {
        if !self.diagnostics.is_empty() {
            return None;
        }
        let articles: Option<Vec<_>> = self
            .articles
            .iter()
            .zip(&self.snapshots)
            .map(|(file, snapshot)| Some((file, snapshot.as_ref()?.hash?)))
            .collect();
        let pages = (&self.pages, self.page_hashes(root)?);
        Some(Fingerprint::of(&(articles?, pages, &self.pictures, &self.registry, &self.redirects)))
    }

    /// Returns the fingerprint of everything that was read except the bodies of articles;
    /// `articles` are the fingerprints of the shown ones, `untimely` is that of the others. `None`
    /// before the pages were read, or if the walk reported a problem.
    #[must_use]
    pub fn skeleton(&self, articles: &[Fingerprint], untimely: Fingerprint) -> Option<Fingerprint> {
        let pages = self.parsed_page_hashes.as_ref().filter(|_| self.diagnostics.is_empty())?;
        let pages = (&self.pages, pages);
        Some(Fingerprint::of(&(articles, untimely, pages, &self.pictures, &self.registry, &self.redirects)))
    }

    /// Returns the paths of the articles whose bytes changed since `before`; `None` if anything
    /// else changed as well.
    #[must_use]
    pub fn edited_since(&mut self, before: &Self, root: &Path) -> Option<Vec<&str>> {
        self.parsed_page_hashes = self.page_hashes(root);
        let same = self.diagnostics.is_empty()
            && before.diagnostics.is_empty()
            && self.articles == before.articles
            && self.pages == before.pages
            && self.pictures == before.pictures
            && self.parsed_page_hashes.is_some()
            && self.parsed_page_hashes == before.parsed_page_hashes
            && self.registry == before.registry
            && self.redirects == before.redirects;
        let mut edited = Vec::new();
        for (file, (now, before)) in self.articles.iter().zip(self.snapshots.iter().zip(&before.snapshots)) {
            let (now, before) = (now.as_ref()?.hash?, before.as_ref()?.hash?);
            if now != before {
                edited.push(file.as_str());
            }
        }
        same.then_some(edited)
    }

    /// Stores the hash of the bytes that were read of an article: they may be newer than its
    /// snapshot.
    pub fn read_again(&mut self, file: &str, hash: Fingerprint) {
        let at = self.articles.binary_search_by(|known| known.as_str().cmp(file));
        if let Some(Some(snapshot)) = at.ok().map(|at| &mut self.snapshots[at]) {
            snapshot.hash = Some(hash);
        }
    }

    /// Returns the fingerprints of the pages: as parsed, or else of the files as they are now.
    fn page_hashes(&self, root: &Path) -> Option<Vec<Fingerprint>> {
        let folder = Root::open(root, self.links);
        let read = |file: &String| {
            let file = folder.open_file(file).ok()?;
            // A larger file is an error when it is parsed.
            let found = file.metadata().ok().filter(|found| found.len() <= source::MAX_FILE_BYTES);
            Fingerprint::of_reader(found.map(|_| file)?).ok()
        };
        match &self.parsed_page_hashes {
            Some(parsed) => Some(parsed.clone()),
            None => self.pages.iter().map(read).collect(),
        }
    }

    /// Returns the snapshots of the articles by path.
    pub(super) fn index(&self) -> BTreeMap<&str, Snapshot> {
        let files = self.articles.iter().map(String::as_str).zip(&self.snapshots);
        files.filter_map(|(file, snapshot)| Some((file, (*snapshot)?))).collect()
    }
}

/// Adds the fingerprints of pictures. A file that cannot be read is reported and left out.
fn hashed_pictures(
    folder: &Root,
    found: Vec<(String, String)>,
    cache: &mut Cache,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<(String, String, Fingerprint)> {
    let files: Vec<String> = found.iter().map(|(_, file)| file.clone()).collect();
    let hashes = cache.static_fingerprints(folder, &files);
    let mut pictures = Vec::with_capacity(found.len());
    for ((article, file), hash) in found.into_iter().zip(hashes) {
        match hash {
            Ok(hash) => pictures.push((article, file, hash)),
            Err(error) => diagnostics.push(
                Diagnostic::error(tr!("this picture cannot be read: {error}", error))
                    .at(Place::file(&file))
                    .help(tr!("check its permissions")),
            ),
        }
    }
    pictures
}

/// Reads a file of the digest; `None` if there is no such file.
fn read_optional(root: &Root, name: &str, path: &Path) -> Result<Option<Vec<u8>>, Diagnostic> {
    let error = match root.read(name, source::MAX_FILE_BYTES) {
        Ok(bytes) => return Ok(Some(bytes)),
        Err(error) => error,
    };
    let is_missing = error.kind() == std::io::ErrorKind::NotFound;
    if is_missing && std::fs::symlink_metadata(path).is_err() {
        return Ok(None);
    }
    // Without the registry, merged and hidden terms would come back; without the redirects, old
    // addresses would end.
    Err(Diagnostic::error(tr!("this file cannot be read: {error}", error))
        .at(Place::file(name))
        .help(tr!("check its permissions, or the target of the symbolic link")))
}
