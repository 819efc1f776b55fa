//! Knows which files and folders decide a site, by their real paths and by the names that the
//! digest gives them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::config;
use crate::diagnostic::Diagnostic;
use crate::fs::SymlinkPolicy;
use crate::load::{redirects, registry, walk};
use crate::pipeline::Options;

/// The folders of a digest that decide its site.
const FOLDERS: [&str; 3] = ["content", "templates", "static"];

/// The sources of a digest.
pub(super) struct Roots {
    root: PathBuf,
    config: PathBuf,
    symlinks: SymlinkPolicy,
    /// Real folders of sources, with their names in the digest.
    folders: BTreeMap<PathBuf, String>,
    /// Real targets of symbolic links to files, with the links' names in the digest.
    links: BTreeMap<PathBuf, String>,
}

impl Roots {
    /// Resolves the digest's folder and the folder of its configuration. No source is known before
    /// [`refresh`](Self::refresh).
    pub(super) fn new(options: &Options) -> Self {
        let real = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path));
        let root = real(&options.root).unwrap_or_else(|_| options.root.clone());
        let config = options.config.clone().unwrap_or_else(|| root.join(config::FILE));
        let config = match (config.parent().map(real), config.file_name()) {
            (Some(Ok(folder)), Some(name)) => folder.join(name),
            _ => config,
        };
        let (folders, links) = (BTreeMap::new(), BTreeMap::new());
        Self { root, config, symlinks: options.links, folders, links }
    }

    /// Reads the folders and symbolic links of the digest again. Returns the folders to watch.
    pub(super) fn refresh(&mut self) -> BTreeSet<PathBuf> {
        let mut wanted = BTreeSet::from([self.root.clone()]);
        wanted.extend(self.config.parent().map(Path::to_path_buf));
        self.folders.clear();
        self.links.clear();
        for folder in FOLDERS {
            let tree = walk::tree(&self.root, folder, self.symlinks);
            self.folders.extend(tree.folders);
            self.links.extend(tree.links);
        }
        if let Ok(real) = self.config.canonicalize()
            && real != self.config
        {
            self.links.insert(real, walk::shown(&self.root, &self.config));
        }
        wanted.extend(self.folders.keys().cloned());
        wanted.extend(self.links.keys().filter_map(|target| target.parent()).map(Path::to_path_buf));
        wanted
    }

    /// The name of a file or folder in the digest; `None` if it does not decide the site.
    pub(super) fn name(&self, path: &Path) -> Option<String> {
        if *path == self.config {
            return Some(walk::shown(&self.root, path));
        }
        if let Some(name) = self.links.get(path).or_else(|| self.folders.get(path)) {
            return Some(name.clone());
        }
        let file = path.file_name()?.to_string_lossy();
        let folder = path.parent()?;
        if folder == self.root {
            return FOLDERS.contains(&&*file).then(|| file.into_owned());
        }
        let name = format!("{}/{file}", self.folders.get(folder)?);
        let is_folder = path.is_dir();
        let is_wanted = walk::may_be_source(&name, is_folder) && (is_source(&name) || is_folder);
        is_wanted.then_some(name)
    }

    /// True for a folder of sources and for the target of a symbolic link.
    pub(super) fn is_folder_or_link(&self, path: &Path) -> bool {
        self.folders.contains_key(path) || self.links.contains_key(path)
    }

    /// True if the path is in a folder of sources and may be one. A build can fail because of any
    /// such file, for example a broken symbolic link, and can succeed again when it is removed.
    pub(super) fn is_among_sources(&self, path: &Path) -> bool {
        let (Some(file), Some(folder)) = (path.file_name(), path.parent()) else { return false };
        let name = |folder: &String| format!("{folder}/{}", file.to_string_lossy());
        self.folders.get(folder).is_some_and(|folder| walk::may_be_source(&name(folder), false))
    }

    /// The sources as they are on disk now, by their names in the digest, and what cannot be read.
    pub(super) fn files(&self) -> (Vec<String>, Vec<Diagnostic>) {
        let mut files = vec![walk::shown(&self.root, &self.config)];
        let mut unreadable = Vec::new();
        for folder in FOLDERS {
            let (found, failed) = walk::files(&self.root, folder, self.symlinks);
            files.extend(found.into_iter().filter(|file| is_source(file)));
            unreadable.extend(failed);
        }
        (files, unreadable)
    }

    /// The path of a source on disk.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }
}

/// True if a file of this name decides the site. In `content/` these are Markdown files, the
/// registry and the redirects.
fn is_source(name: &str) -> bool {
    let is_data = [registry::FILE, redirects::FILE].contains(&name);
    !name.starts_with("content/") || name.to_ascii_lowercase().ends_with(".md") || is_data
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn sources_are_known_by_their_real_paths() {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path().canonicalize().unwrap();
        let root = base.join("digest");
        for path in ["content/articles/x", "content/articles/.git", "templates", "static", "other"] {
            std::fs::create_dir_all(root.join(path)).unwrap();
        }
        for path in ["content/articles/a.md", "content/terms.yaml", "real.yaml", "b.md"] {
            std::fs::write(root.join(path), "x").unwrap();
        }
        std::os::unix::fs::symlink("real.yaml", root.join("newsprint.yaml")).unwrap();
        std::os::unix::fs::symlink("../../b.md", root.join("content/articles/c.md")).unwrap();
        let mut roots = Roots::new(&Options::new(&root));
        assert_eq!(roots.name(&root.join("content/articles/a.md")), None);
        let watched = roots.refresh();
        for path in ["", "content", "content/articles", "content/articles/x", "templates", "static"] {
            let path = if path.is_empty() { root.clone() } else { root.join(path) };
            assert!(watched.contains(&path), "{path:?}");
        }
        assert_eq!(watched.len(), 6, "{watched:?}");
        for (path, name, is_known, is_among) in [
            ("newsprint.yaml", Some("newsprint.yaml"), false, false),
            ("real.yaml", Some("newsprint.yaml"), true, false),
            ("b.md", Some("content/articles/c.md"), true, false),
            ("content", Some("content"), true, false),
            ("content/articles", Some("content/articles"), true, true),
            ("content/articles/a.md", Some("content/articles/a.md"), false, true),
            ("content/articles/new.md", Some("content/articles/new.md"), false, true),
            ("content/articles/a.txt", None, false, true),
            ("content/articles/a.md~", None, false, false),
            ("content/articles/.git", None, false, false),
            ("content/terms.yaml", Some("content/terms.yaml"), false, true),
            ("content/redirects.yaml", Some("content/redirects.yaml"), false, true),
            ("content/others.yaml", None, false, true),
            ("templates/a.html", Some("templates/a.html"), false, true),
            ("static", Some("static"), true, false),
            ("other", None, false, false),
            ("other/a.md", None, false, false),
            ("a.md", None, false, false),
        ] {
            let path = root.join(path);
            assert_eq!(roots.name(&path).as_deref(), name, "{path:?}");
            assert_eq!(roots.is_folder_or_link(&path), is_known, "{path:?}");
            assert_eq!(roots.is_among_sources(&path), is_among, "{path:?}");
        }
        std::fs::create_dir(root.join("content/articles/new")).unwrap();
        let new = root.join("content/articles/new");
        assert_eq!(roots.name(&new).as_deref(), Some("content/articles/new"));
        std::fs::remove_dir(root.join("templates")).unwrap();
        roots.refresh();
        assert_eq!(roots.name(&root.join("templates")).as_deref(), Some("templates"));
        assert_eq!(roots.name(&root.join("others")), None);
    }
}
