//! Lists the files of a folder, sorted by name, and refuses symbolic links that the policy does not
//! allow.

use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::diagnostic::{Diagnostic, Place};
use crate::fs::SymlinkPolicy;
use crate::load::summary;
use crate::paths::names::{self, Treatment};

/// Lists the Markdown files below `root/folder`: sorted paths relative to `root`, with `/`. Hidden
/// files and folders are skipped, and so is what editors leave behind; a missing folder has no
/// files.
#[must_use]
pub fn markdown_files(root: &Path, folder: &str, links: SymlinkPolicy) -> (Vec<String>, Vec<Diagnostic>) {
    let (files, diagnostics) = files(root, folder, links);
    (files.into_iter().filter(is_markdown).collect(), diagnostics)
}

/// True if the name of a file ends in `.md`.
#[allow(clippy::ptr_arg)] // As `filter` and `partition` of lists of paths need it.
pub(super) fn is_markdown(file: &String) -> bool {
    file.to_ascii_lowercase().ends_with(".md")
}

/// Lists all files below `root/folder`, as [`markdown_files`] does. Hidden files below `static/` are
/// among them, except for those that are never published.
#[must_use]
pub fn files(root: &Path, folder: &str, links: SymlinkPolicy) -> (Vec<String>, Vec<Diagnostic>) {
    list(root, folder, links, &mut |_, treatment| is_source(treatment))
}

/// Lists the files below `static/` that are published, as [`files`] does. Warns of those that are
/// not, although their author may have meant it; `dot_files` names further hidden files and folders
/// to publish.
#[must_use]
pub fn static_files(
    root: &Path,
    links: SymlinkPolicy,
    dot_files: &[String],
) -> (Vec<String>, Vec<Diagnostic>) {
    let (mut private, mut unknown) = (Vec::new(), Vec::new());
    let (files, mut diagnostics) = list(root, STATIC, links, &mut |path, treatment| {
        let name = path.rsplit('/').next().unwrap_or(path);
        let is_named = treatment == Treatment::Unknown && dot_files.iter().any(|known| known == name);
        match treatment {
            _ if is_named => return true,
            Treatment::Private => private.push(format!("{STATIC}/{path}")),
            Treatment::Unknown => unknown.push(format!("{STATIC}/{path}")),
            Treatment::Published | Treatment::Ignored => {}
        }
        treatment == Treatment::Published
    });
    let fact = tr!("is not published: it may hold passwords or keys");
    let help = tr!("move it out of `static/`, where everything else is public");
    diagnostics.extend(summary::warn(private, &fact, &help));
    let mut names: Vec<String> = unknown
        .iter()
        .map(|path| crate::yaml::flow_scalar(path.rsplit('/').next().unwrap_or(path)))
        .collect();
    names.sort_unstable();
    names.dedup();
    names.truncate(MAX_NAMES);
    let help = tr!(
        "to publish it, write `dot_files: [{}]` in newsprint.yaml; hidden files that hosts read, such as \
         `.well-known/` and `.htaccess`, are published without it",
        names.join(", ")
    );
    let fact = tr!("is not published, because its name begins with a dot");
    diagnostics.extend(summary::warn(unknown, &fact, &help));
    (files, diagnostics)
}

/// Names of hidden files in a help.
const MAX_NAMES: usize = 5;

/// The folder of static files.
const STATIC: &str = "static";

/// True for what may be a source: hidden files that the settings do not name count.
fn is_source(treatment: Treatment) -> bool {
    matches!(treatment, Treatment::Published | Treatment::Unknown)
}

/// The treatment of a file or folder by its path in the digest, with `/`. The folders above it are
/// sources. Outside of `static/` no hidden file is a source.
fn treatment(path: &str, is_folder: bool) -> Treatment {
    if let Some(inside) = path.strip_prefix(STATIC).and_then(|rest| rest.strip_prefix('/')) {
        return names::treatment(inside, is_folder);
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.starts_with('.') || names::is_leftover(name, is_folder) {
        true => Treatment::Ignored,
        false => Treatment::Published,
    }
}

/// True if a file or folder can be a source, by its path in the digest: those of editors, systems
/// and version control are not, nor are most hidden ones.
#[must_use]
pub fn may_be_source(path: &str, is_folder: bool) -> bool {
    is_source(treatment(path, is_folder))
}

/// Lists the files below `root/folder` that `wanted` accepts, as it accepts their folders. It gets
/// each path below the folder, and its treatment.
fn list(
    root: &Path,
    folder: &str,
    links: SymlinkPolicy,
    wanted: &mut dyn FnMut(&str, Treatment) -> bool,
) -> (Vec<String>, Vec<Diagnostic>) {
    let start = root.join(folder);
    let mut files = Vec::new();
    let mut diagnostics = Vec::new();
    // Nothing that is in the place of the folder may look like an empty one: all pages would be
    // removed.
    let refuse = |path: &Path, message: String| {
        Diagnostic::error(message)
            .at(Place::file(&shown(root, path)))
            .help(tr!("make it a folder, or remove it"))
    };
    if std::fs::symlink_metadata(&start).is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound) {
        let above = start.ancestors().skip(1).take_while(|above| *above != root);
        let dangling = above.filter(|above| above.is_symlink() && !above.exists());
        diagnostics.extend(dangling.map(|link| refuse(link, tr!("this symbolic link leads to no folder"))));
        return (files, diagnostics);
    }
    if std::fs::metadata(&start).is_ok_and(|found| !found.is_dir()) {
        return (files, vec![refuse(&start, tr!("this has to be a folder"))]);
    }
    if let Err(diagnostic) = links.allow(root, &start, folder) {
        return (files, vec![diagnostic]);
    }
    let mut refused = Vec::new();
    let mut wanted = |entry: &DirEntry| {
        let path = shown(&start, entry.path());
        wanted(&path, treatment(&format!("{folder}/{path}"), entry.file_type().is_dir()))
    };
    for entry in walk(&start, |entry| wanted(entry) && admit(links, root, entry, &mut refused)) {
        match entry {
            Ok(entry) if entry.file_type().is_file() => files.push(shown(root, entry.path())),
            Ok(_) => {}
            // A symbolic link to nothing: Emacs marks an open file with one (`.#name`).
            Err(error) if error.path().is_some_and(|path| !may_be_source(&shown(root, path), false)) => {}
            Err(error) => {
                let path = error.path().map_or_else(|| folder.to_owned(), |path| shown(root, path));
                diagnostics.push(
                    Diagnostic::error(tr!("this cannot be read: {error}", error))
                        .at(Place::file(&path))
                        .help(tr!("check its permissions, or the target of the symbolic link")),
                );
            }
        }
    }
    diagnostics.append(&mut refused);
    files.sort_unstable();
    (files, diagnostics)
}

/// The folders below a folder, and the files that symbolic links point to: real paths, each with
/// its path in the digest.
#[derive(Debug, Default)]
pub struct Tree {
    /// Real paths of folders.
    pub folders: Vec<(PathBuf, String)>,
    /// Real paths of files that are in the digest only through a symbolic link.
    pub links: Vec<(PathBuf, String)>,
}

/// Returns everything that has to be watched below `root/folder`.
#[must_use]
pub fn tree(root: &Path, folder: &str, links: SymlinkPolicy) -> Tree {
    let mut tree = Tree::default();
    let start = root.join(folder);
    if links.allow(root, &start, folder).is_err() {
        return tree;
    }
    let mut refused = Vec::new();
    let may_be_source =
        |entry: &DirEntry| may_be_source(&shown(root, entry.path()), entry.file_type().is_dir());
    let admitted = |entry: &DirEntry| may_be_source(entry) && admit(links, root, entry, &mut refused);
    for entry in walk(&start, admitted).filter_map(Result::ok) {
        let list = match entry.file_type() {
            found if found.is_dir() => &mut tree.folders,
            _ if entry.path_is_symlink() => &mut tree.links,
            _ => continue,
        };
        if let Ok(real) = entry.path().canonicalize() {
            list.push((real, shown(root, entry.path())));
        }
    }
    tree
}

/// Iterates over a folder and all entries below it that are admitted.
fn walk(
    start: &Path,
    mut admitted: impl FnMut(&DirEntry) -> bool,
) -> impl Iterator<Item = walkdir::Result<DirEntry>> {
    let entries = WalkDir::new(start).follow_links(true).into_iter();
    entries.filter_entry(move |entry| entry.depth() == 0 || admitted(entry))
}

/// True if the entry may be read. Otherwise a diagnostic is added to `refused`.
fn admit(links: SymlinkPolicy, root: &Path, entry: &DirEntry, refused: &mut Vec<Diagnostic>) -> bool {
    if !entry.path_is_symlink() {
        return true;
    }
    let allowed = links.allow(root, entry.path(), &shown(root, entry.path()));
    allowed.map_err(|diagnostic| refused.push(diagnostic)).is_ok()
}

/// Returns a path as diagnostics show it: relative to the digest's root if it is inside, with `/`
/// on every platform.
#[must_use]
pub fn shown(root: &Path, path: &Path) -> String {
    let relative = path.strip_prefix(root).unwrap_or(path);
    let text = relative.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        text.into_owned()
    } else {
        text.replace(std::path::MAIN_SEPARATOR, "/")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_files_are_sources_below_the_static_folder_only() {
        for path in [
            "static/.well-known",
            "static/.foo",
            "static/sub/.htaccess",
            "static/a",
            "content/a.md",
            "templates/a",
        ] {
            assert!(may_be_source(path, path == "static/.well-known"), "{path}");
        }
        for path in [
            "static/.git",
            "static/.env",
            "content/.well-known",
            "content/.htaccess",
            "templates/.foo",
            "content/a.md~",
            "static2/.foo",
        ] {
            assert!(!may_be_source(path, false), "{path}");
        }
    }

    #[test]
    fn static_files_are_listed_with_warnings_of_those_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for path in ["a.css", ".well-known/.x", ".foo/y", ".bar", ".env", ".git/config", "b.css~"] {
            let path = root.join("static").join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "x").unwrap();
        }
        let list = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            let (files, found) = static_files(root, SymlinkPolicy::Inside, &names);
            let places = found.iter().map(|found| found.place.as_ref().unwrap().path.clone());
            (files, places.collect::<Vec<_>>(), found)
        };
        let (files, places, found) = list(&[]);
        assert_eq!(files, ["static/.well-known/.x", "static/a.css"]);
        assert_eq!(places, ["static/.env", "static/.bar", "static/.foo"]);
        assert!(
            found[1].help.as_ref().is_some_and(|help| help.contains("dot_files: [\".bar\", \".foo\"]")),
            "{found:?}"
        );
        let (files, places, _) = list(&[".foo", ".env"]);
        assert_eq!(files, ["static/.foo/y", "static/.well-known/.x", "static/a.css"]);
        assert_eq!(places, ["static/.env", "static/.bar"]);
        let all = super::files(root, "static", SymlinkPolicy::Inside).0;
        assert_eq!(all, ["static/.bar", "static/.foo/y", "static/.well-known/.x", "static/a.css"]);
        let tree = tree(root, "static", SymlinkPolicy::Inside);
        let folders: Vec<&str> = tree.folders.iter().map(|(_, name)| name.as_str()).collect();
        assert!(folders.contains(&"static/.well-known") && folders.contains(&"static/.foo"), "{folders:?}");
        assert!(!folders.contains(&"static/.git"), "{folders:?}");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_nothing_is_an_error_unless_an_editor_left_it() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir_all(root.join("content/articles")).unwrap();
        std::os::unix::fs::symlink("none", root.join("content/articles/.#a.md")).unwrap();
        let problems = || markdown_files(root, "content/articles", SymlinkPolicy::Inside).1.len();
        assert_eq!(problems(), 0);
        std::os::unix::fs::symlink("none", root.join("content/articles/a.md")).unwrap();
        assert_eq!(problems(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_tree_has_the_real_paths_of_folders_and_of_linked_files() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        std::fs::create_dir_all(root.join("content/articles/b")).unwrap();
        for path in ["content/articles/a.md", "content/articles/b/c.MD", "content/articles/d.txt"] {
            std::fs::write(root.join(path), "x").unwrap();
        }
        std::os::unix::fs::symlink("a.md", root.join("content/articles/e.md")).unwrap();
        std::os::unix::fs::symlink("b", root.join("content/articles/f")).unwrap();
        let Tree { mut folders, links } = tree(&root, "content/articles", SymlinkPolicy::Inside);
        folders.sort();
        let pair = |real: &str, shown: &str| (root.join(real), shown.to_owned());
        assert_eq!(
            folders,
            [
                pair("content/articles", "content/articles"),
                pair("content/articles/b", "content/articles/b"),
                pair("content/articles/b", "content/articles/f"),
            ]
        );
        assert_eq!(links, [pair("content/articles/a.md", "content/articles/e.md")]);
        let (files, found) = markdown_files(&root, "content/articles", SymlinkPolicy::Inside);
        let names = ["a.md", "b/c.MD", "e.md", "f/c.MD"].map(|name| format!("content/articles/{name}"));
        assert_eq!((files, found.len()), (names.to_vec(), 0));
        std::fs::write(root.join("static"), "x").unwrap();
        let (files, found) = super::files(&root, "static", SymlinkPolicy::Inside);
        assert_eq!((files.len(), found[0].message.as_str()), (0, "this has to be a folder"));
    }
}
