//! Warns of files that look like sources and are not read: in another folder than newsprint reads,
//! or with another ending.

use std::path::Path;

use crate::diagnostic::{Diagnostic, Place, nearest};
use crate::fs::SymlinkPolicy;
use crate::load::{bundle, redirects, registry, summary, walk};

/// The folders of a digest, and the endings that prove that a folder of nearly the same name was
/// meant; any file does for static files.
const FOLDERS: [(&str, &[&str]); 3] =
    [("content", &["md"]), ("templates", &["html", "xml", "yaml"]), ("static", &[])];

/// Endings of files that processors of Markdown read.
const MARKDOWN: [&str; 9] = ["markdown", "mdown", "mkd", "mkdn", "mkdown", "mdwn", "mdx", "qmd", "rmd"];

/// Endings of files that pages show or link to.
const MEDIA: [&str; 23] = [
    "png", "jpg", "jpeg", "gif", "webp", "avif", "svg", "ico", "bmp", "tif", "tiff", "heic", "mp4", "webm",
    "mov", "mp3", "ogg", "m4a", "wav", "pdf", "zip", "css", "js",
];

/// The reasons why a file of `content/` is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    /// A Markdown file in another folder.
    Folder,
    /// Markdown with another ending.
    Ending,
    /// A registry with another name.
    Registry,
    /// Redirects in a file with another name.
    Redirects,
    /// A picture that is in no article's folder.
    Picture,
    /// Another file for readers.
    Media,
    /// A file in another format.
    Format,
}

impl Reason {
    const ALL: [Self; 7] = [
        Self::Folder,
        Self::Ending,
        Self::Registry,
        Self::Redirects,
        Self::Picture,
        Self::Media,
        Self::Format,
    ];

    /// Why this file is not read; `None` if it is read, or is a note for people.
    fn of(path: &str) -> Option<Self> {
        let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
        let (stem, ending) = name.rsplit_once('.').unwrap_or((&name, ""));
        let is_in_folder =
            ["content/articles/", "content/pages/"].iter().any(|folder| path.starts_with(folder));
        let is_data = [registry::FILE, redirects::FILE].contains(&path);
        if is_data || (ending == "md" && is_in_folder) || stem == "readme" {
            None
        } else if ending == "md" {
            Some(Self::Folder)
        } else if MARKDOWN.contains(&ending) {
            Some(Self::Ending)
        } else if matches!(ending, "yaml" | "yml") && nearest(stem, ["terms"]).is_some() {
            Some(Self::Registry)
        } else if matches!(ending, "yaml" | "yml") && nearest(stem, ["redirects"]).is_some() {
            Some(Self::Redirects)
        } else if path.starts_with("content/articles/") && bundle::is_picture(&name) {
            Some(Self::Picture)
        } else if MEDIA.contains(&ending) {
            Some(Self::Media)
        } else {
            Some(Self::Format)
        }
    }

    /// The fact and the help of a warning.
    fn words(self) -> (String, String) {
        match self {
            Self::Folder => (
                tr!("is not read: newsprint reads `content/articles` and `content/pages`"),
                tr!("move it to `content/articles`, or to `content/pages` if it is not a news item"),
            ),
            Self::Ending => (
                tr!("is not read: the names of articles and pages end in `.md`"),
                tr!("rename it so that it ends in `.md`"),
            ),
            Self::Registry => {
                (tr!("is not read: the registry of terms is `content/terms.yaml`"), tr!("rename it"))
            }
            Self::Redirects => {
                (tr!("is not read: the file of redirects is `content/redirects.yaml`"), tr!("rename it"))
            }
            Self::Picture => (
                tr!("is not published: it is in no article's folder"),
                tr!("put it into the folder with the name of the article: `a/p.png` belongs to `a.md`"),
            ),
            Self::Media => (
                tr!("is not published: only `static/` holds other files of the site"),
                tr!("move it to `static/`, and write its path from there: `static/a.png` is `/a.png`"),
            ),
            Self::Format => (
                tr!("is not read: articles and pages are Markdown files that end in `.md`"),
                tr!(
                    "write it as Markdown, convert it with `newsprint import FILE`, or move it out of `content/`"
                ),
            ),
        }
    }
}

/// Warns of the files of `content/` that are not read, and of folders whose names are misspelt.
/// `beside` are the paths of files beside articles and pages.
pub(super) fn warnings(root: &Path, links: SymlinkPolicy, beside: Vec<String>) -> Vec<Diagnostic> {
    let mut files = beside;
    for (name, is_folder) in entries(&root.join("content")) {
        let path = format!("content/{name}");
        match is_folder {
            _ if matches!(&*name, "articles" | "pages") || !walk::may_be_source(&path, is_folder) => {}
            // What cannot be read there is not needed.
            true => files.extend(walk::files(root, &path, links).0),
            false => files.push(path),
        }
    }
    let mut warnings = of_files(files);
    warnings.extend(misspelt_folders(root, links));
    warnings
}

fn of_files(files: Vec<String>) -> Vec<Diagnostic> {
    let mut found: Vec<(Reason, String)> =
        files.into_iter().filter_map(|path| Some((Reason::of(&path)?, path))).collect();
    found.sort_unstable();
    let warn = |reason: Reason| {
        let paths = found.iter().filter(|(found, _)| *found == reason).map(|(_, path)| path.clone());
        let (fact, help) = reason.words();
        summary::warn(paths.collect(), &fact, &help)
    };
    Reason::ALL.into_iter().flat_map(warn).collect()
}

/// Warns of folders such as `contents` and `template` that hold what the folder of the right name
/// should.
fn misspelt_folders(root: &Path, links: SymlinkPolicy) -> Vec<Diagnostic> {
    let mut warnings = Vec::new();
    for (name, is_folder) in entries(root) {
        let meant = meant_folder(&name).filter(|_| is_folder && walk::may_be_source(&name, true));
        let Some((known, endings)) = meant else { continue };
        // On a disk that ignores letter case, both names are one folder.
        let is_same = |known: &str| {
            let real = |name: &str| root.join(name).canonicalize().ok();
            real(known).is_some_and(|known| Some(known) == real(&name))
        };
        let proves = |file: &String| {
            endings.is_empty() || file.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending))
        };
        if !is_same(known) && walk::files(root, &name, links).0.iter().any(proves) {
            warnings.push(
                Diagnostic::warning(tr!(
                    "the folder `{name}` is not read: newsprint reads `{known}`",
                    name,
                    known
                ))
                .at(Place::file(&name))
                .help(tr!("move its files to `{known}`, if you mean that folder", known)),
            );
        }
    }
    warnings
}

/// The folder of a digest that a name is one typing mistake away from.
fn meant_folder(name: &str) -> Option<(&'static str, &'static [&'static str])> {
    let lower = name.to_lowercase();
    let is_near = |known: &str| name != known && strsim::osa_distance(&lower, known) <= 1;
    FOLDERS
        .into_iter()
        .find(|(known, _)| is_near(known))
        .filter(|_| FOLDERS.iter().all(|(known, _)| name != *known))
}

/// The names in a folder that are UTF-8, sorted, and whether each is a folder. Symbolic links are
/// neither.
fn entries(folder: &Path) -> Vec<(String, bool)> {
    let Ok(read) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut entries: Vec<(String, bool)> = read
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let kind = entry.file_type().ok().filter(|kind| kind.is_dir() || kind.is_file())?;
            Some((entry.file_name().into_string().ok()?, kind.is_dir()))
        })
        .collect();
    entries.sort_unstable();
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_has_its_reason() {
        for (path, reason) in [
            ("content/articles/a.md", None),
            ("content/articles/2024/a.MD", None),
            ("content/pages/about.md", None),
            ("content/terms.yaml", None),
            ("content/redirects.yaml", None),
            ("content/README.md", None),
            ("content/posts/readme.txt", None),
            ("content/articles/README", None),
            ("content/x.md", Some(Reason::Folder)),
            ("content/posts/x.md", Some(Reason::Folder)),
            ("content/article/x.md", Some(Reason::Folder)),
            ("content/articles.md", Some(Reason::Folder)),
            ("content/Articles/x.md", Some(Reason::Folder)),
            ("content/articles/a.markdown", Some(Reason::Ending)),
            ("content/articles/a.MDX", Some(Reason::Ending)),
            ("content/posts/a.mkd", Some(Reason::Ending)),
            ("content/pages/a.rmd", Some(Reason::Ending)),
            ("content/terms.yml", Some(Reason::Registry)),
            ("content/term.yaml", Some(Reason::Registry)),
            ("content/articles/terms.yaml", Some(Reason::Registry)),
            ("content/redirect.yml", Some(Reason::Redirects)),
            ("content/articles/a.png", Some(Reason::Picture)),
            ("content/posts/图.JPEG", Some(Reason::Media)),
            ("content/a.pdf", Some(Reason::Media)),
            ("content/articles/a.txt", Some(Reason::Format)),
            ("content/articles/a.html", Some(Reason::Format)),
            ("content/articles/a.org", Some(Reason::Format)),
            ("content/articles/a.docx", Some(Reason::Format)),
            ("content/articles/a", Some(Reason::Format)),
            ("content/articles/md", Some(Reason::Format)),
            ("content/tags.yaml", Some(Reason::Format)),
        ] {
            assert_eq!(Reason::of(path), reason, "{path}");
        }
    }

    #[test]
    fn files_of_one_reason_are_told_together() {
        let mut files: Vec<String> = (0..500).map(|n| format!("content/posts/{n:03}.md")).collect();
        files.push("content/articles/a.png".to_owned());
        files.push("content/articles/a.md".to_owned());
        let found = of_files(files);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(
            found[0].message.contains("`content/posts/000.md`") && found[0].message.contains("497 others")
        );
        assert!(found[1].message.contains("`content/articles/a.png` is not published"));
        assert!(found.iter().all(|found| !found.is_error() && found.help.is_some()));
    }

    #[test]
    fn names_near_those_of_the_folders_are_meant() {
        let meant = |name: &str| meant_folder(name).map(|(known, _)| known);
        for (name, known) in [
            ("contents", "content"),
            ("Content", "content"),
            ("contnet", "content"),
            ("conten", "content"),
            ("template", "templates"),
            ("Templates", "templates"),
            ("tempaltes", "templates"),
            ("statics", "static"),
            ("statc", "static"),
            ("STATIC", "static"),
        ] {
            assert_eq!(meant(name), Some(known), "{name}");
        }
        for name in ["content", "templates", "static", "public", "posts", "theme", "context", "state", "test"]
        {
            assert_eq!(meant(name).filter(|_| name != "context"), None, "{name}");
        }
    }

    #[test]
    fn a_folder_counts_by_its_files() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let found = || {
            let found = misspelt_folders(root, SymlinkPolicy::Inside);
            found.iter().map(|found| found.place.as_ref().unwrap().path.clone()).collect::<Vec<_>>()
        };
        let write = |path: &str| {
            std::fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
            std::fs::write(root.join(path), "x").unwrap();
        };
        write("content/articles/a.md");
        write("contents/a.txt");
        write("template/.a.html.swp");
        write("templatess");
        assert!(found().is_empty(), "{:?}", found());
        write("contents/x/a.md");
        write("template/a.html");
        write("statics/a.bin");
        assert_eq!(found(), ["contents", "statics", "template"]);
    }

    #[test]
    fn each_file_that_is_not_read_is_named_once() {
        let folder = tempfile::tempdir().unwrap();
        for path in [
            "content/articles/a.txt",
            "content/a.md",
            "content/.a.md",
            "content/news/b.md",
            "content/.git/c.md",
            "content/terms.yaml",
            "content/a.png",
            "contents/articles/d.md",
            ".contents/d.md",
            "template/x.txt",
        ] {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "x").unwrap();
        }
        let found =
            warnings(folder.path(), SymlinkPolicy::Inside, vec!["content/pages/e.markdown".to_owned()]);
        let mut paths: Vec<String> = found
            .iter()
            .map(|found| found.place.as_ref().map_or_else(String::new, |at| at.path.clone()))
            .collect();
        paths.sort();
        let wanted =
            ["content/a.md", "content/a.png", "content/news/b.md", "content/pages/e.markdown", "contents"];
        assert_eq!(paths, wanted, "{found:#?}");
    }
}
