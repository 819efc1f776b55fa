//! Reads `newsprint.yaml`, and says what is wrong with a folder that has none.

use std::path::{Path, PathBuf};

use crate::config::{self, Config};
use crate::diagnostic::{Diagnostic, Place};
use crate::fs::{Root, SymlinkPolicy, guarded};
use crate::load::{source, walk};

/// The message of a folder without a configuration.
const MISSING: &str = marked!("there is no digest in this folder: newsprint.yaml is missing");

/// Reads `newsprint.yaml`, or `file` if the command line names one. If the file is missing, the
/// error says how to create a digest.
#[must_use]
pub fn configuration(root: &Path, file: Option<&Path>, links: SymlinkPolicy) -> (Config, Vec<Diagnostic>) {
    let path = file.map_or_else(|| root.join(config::FILE), Path::to_path_buf);
    let shown = walk::shown(root, &path);
    // The symbolic-link policy is about files inside the digest; a file named on the command line
    // may be anywhere.
    if let Some(Err(diagnostic)) = file.is_none().then(|| links.allow(root, &path, &shown)) {
        return (Config { links, ..Config::default() }, vec![diagnostic]);
    }
    let read = match file {
        Some(file) => guarded::read_named(file, source::MAX_FILE_BYTES),
        None => Root::open(root, links).read(config::FILE, source::MAX_FILE_BYTES),
    };
    match read {
        Ok(bytes) => match source::decode(&shown, bytes).map(|text| Config::parse(&shown, &text)) {
            Ok((config, diagnostics)) => (Config { links, ..config }, diagnostics),
            Err(diagnostic) => (Config::default(), vec![diagnostic]),
        },
        Err(error) => {
            let (message, help) = if !root.is_dir() {
                (
                    tr!("there is no folder `{}`", root.display()),
                    tr!("pass the digest's folder with `--root`"),
                )
            } else if file.is_some() {
                (
                    tr!("the configuration cannot be read: {error}", error),
                    tr!("the path of `--config` is relative to the current folder"),
                )
            } else {
                let help =
                    tr!("run `newsprint init DIR` to create a digest, or pass its folder with `--root`");
                match error.kind() {
                    std::io::ErrorKind::NotFound => (tr!(MISSING), help),
                    _ => (tr!("the configuration cannot be read: {error}", error), help),
                }
            };
            let mut diagnostic = Diagnostic::error(message).help(help);
            if root.is_dir() {
                diagnostic = diagnostic.at(Place::file(&shown));
            }
            if let Some(other) = misnamed_configuration(root).filter(|_| file.is_none()) {
                diagnostic = diagnostic.help(tr!(
                    "there is a file {other}: rename it to {name}",
                    other,
                    name = config::FILE
                ));
            } else if let Some(above) = digest_above(root).filter(|_| file.is_none()) {
                diagnostic =
                    diagnostic.help(tr!("there is a digest in {}: pass it with `--root`", above.display()));
            }
            (Config::default(), vec![diagnostic])
        }
    }
}

/// True if a folder has no configuration, and the command line names none.
#[must_use]
pub fn is_missing(root: &Path, file: Option<&Path>) -> bool {
    file.is_none() && root.join(config::FILE).symlink_metadata().is_err()
}

/// A file that was meant to be the configuration: another ending, or another case.
fn misnamed_configuration(root: &Path) -> Option<String> {
    let mut names: Vec<String> = std::fs::read_dir(root)
        .ok()?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| {
            let name = name.to_ascii_lowercase();
            name.strip_suffix(".txt").unwrap_or(&name).trim_start_matches('.').starts_with("newsprint.y")
        })
        .filter(|name| name != config::FILE)
        .collect();
    names.sort();
    names.into_iter().next()
}

/// Finds the digest that contains a folder: commands are often run in one of its subfolders.
fn digest_above(root: &Path) -> Option<PathBuf> {
    let root = root.canonicalize().ok()?;
    root.ancestors().skip(1).find(|folder| folder.join(config::FILE).is_file()).map(Path::to_path_buf)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_configuration_is_reported_with_the_file_that_was_meant() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let read = |root: &Path, file: Option<&Path>| {
            let (config, found) = configuration(root, file, SymlinkPolicy::Anywhere);
            let [found] = &found[..] else { panic!("{found:?}") };
            let path = found.place.as_ref().map(|place| place.path.clone());
            assert!(found.is_error() && config.title == Config::default().title);
            (found.message.clone(), path, found.help.clone().unwrap())
        };
        let none = root.join("none");
        let message = format!("there is no folder `{}`", none.display());
        assert_eq!(read(&none, None), (message, None, "pass the digest's folder with `--root`".to_owned()));
        let place = Some("newsprint.yaml".to_owned());
        let missing = |help: &str| (MISSING.to_owned(), place.clone(), help.to_owned());
        let help = "run `newsprint init DIR` to create a digest, or pass its folder with `--root`";
        assert_eq!(read(&root, None), missing(help));
        assert!(is_missing(&root, None) && !is_missing(&root, Some(Path::new("a.yaml"))));
        let (message, _, help) = read(&root, Some(&root.join("a.yaml")));
        assert!(message.starts_with("the configuration cannot be read: "), "{message}");
        assert_eq!(help, "the path of `--config` is relative to the current folder");
        for name in ["newsprint.yml", "Newsprint.yaml", "newsprint.yaml.txt", ".newsprint.yaml"] {
            std::fs::write(root.join(name), "title: 报\n").unwrap();
            let help = format!("there is a file {name}: rename it to newsprint.yaml");
            assert_eq!(read(&root, None), missing(&help));
            std::fs::remove_file(root.join(name)).unwrap();
        }
        std::fs::create_dir(root.join("newsprint.yaml")).unwrap();
        let (message, path, _) = read(&root, None);
        assert!(message.starts_with("the configuration cannot be read: "), "{message}");
        assert_eq!(path, place);
        std::fs::remove_dir(root.join("newsprint.yaml")).unwrap();
        std::fs::write(root.join("newsprint.yaml"), "base_url: https://e.org/\ntitle: 报\n").unwrap();
        let (config, found) = configuration(&root, None, SymlinkPolicy::Anywhere);
        assert!(found.is_empty() && config.title == "报" && config.links == SymlinkPolicy::Anywhere);
        assert!(!is_missing(&root, None));
        let below = root.join("content/articles");
        std::fs::create_dir_all(&below).unwrap();
        let help = format!("there is a digest in {}: pass it with `--root`", root.display());
        assert_eq!(read(&below, None), missing(&help));
    }
}
