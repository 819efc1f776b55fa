//! Makes the commit that is published: the site's files and those that deployment adds.

use std::collections::BTreeSet;
use std::path::Path;

use crate::deploy::git::{self, Failure, Git};
use crate::diagnostic::Diagnostic;
use crate::output;
use crate::plan::deployed::Added;

/// A line in the message of every commit by newsprint. A branch without it is not replaced.
pub(super) const GENERATOR_LINE: &str = "Generator: newsprint";

/// Makes the index contain exactly the site's files and the `added` ones that the site does not
/// have. Returns the hash of their tree and their number.
pub(super) fn stage(
    git: &Git,
    root: &Path,
    folder: &Path,
    added: &[Added],
) -> Result<(String, usize), Failure> {
    let site: BTreeSet<String> = output::published(root, folder).unwrap_or_default().into_iter().collect();
    let listed = git.run(&["ls-files", "-z", "-v"], &tr!("list the files of the last deployment"))?;
    let mut gone = Vec::new();
    for entry in listed.split('\0').filter(|entry| !entry.is_empty()) {
        // Any other tag: git would not compare the file with its entry.
        let Some(path) = entry.strip_prefix("H ") else {
            return Err(Failure::Local(Diagnostic::error(tr!(
                "the index of .newsprint/deploy.git is damaged"
            ))));
        };
        if !site.contains(path) {
            gone.push(path);
        }
    }
    git.run_with_input(
        &["update-index", "-z", "--force-remove", "--stdin"],
        &nul_terminated(gone.into_iter()),
        &tr!("remove the files that the site no longer has"),
    )?;
    git.run_with_input(
        &["update-index", "-z", "--add", "--stdin"],
        &nul_terminated(site.iter().map(String::as_str)),
        &tr!("add the site's files"),
    )?;
    let mut files = site.len();
    for Added { name, text } in added.iter().filter(|file| !site.contains(file.name)) {
        let what = tr!("add {name}", name);
        let write = ["hash-object", "-w", "--no-filters", "--stdin"];
        let hash = git.run_with_input(&write, text.as_bytes(), &what)?;
        let entry = format!("100644,{hash},{name}");
        git.run(&["update-index", "--add", "--cacheinfo", &entry], &what)?;
        files += 1;
    }
    Ok((git.run(&["write-tree"], &tr!("write the tree of the site"))?, files))
}

/// Paths that each end with NUL, as git reads them with `-z`.
fn nul_terminated<'p>(paths: impl Iterator<Item = &'p str>) -> Vec<u8> {
    paths.flat_map(|path| path.bytes().chain([0])).collect()
}

/// Commits the tree without a parent and returns the commit's hash. The author is that of the
/// digest's repository; without one it is `newsprint`.
pub(super) fn create(
    git: &Git,
    root: &Path,
    message: Option<&str>,
    tree: &str,
    articles: usize,
) -> Result<String, Failure> {
    let source = git::query(root, &["rev-parse", "--short", "HEAD"]);
    // The message of a commit is in English, whatever the language of messages is.
    let s = if articles == 1 { "" } else { "s" };
    let what = match source {
        Some(source) => format!("Publish {articles} article{s} from {source}"),
        None => format!("Publish {articles} article{s}"),
    };
    let message = format!("{}\n\n{GENERATOR_LINE}\n", message.unwrap_or(&what));
    let person =
        |name: &str, without: &str| git::query(root, &["config", name]).unwrap_or_else(|| without.to_owned());
    let (name, email) = (person("user.name", "newsprint"), person("user.email", "newsprint@localhost"));
    let variables = [
        ("GIT_AUTHOR_NAME", name.clone()),
        ("GIT_AUTHOR_EMAIL", email.clone()),
        ("GIT_COMMITTER_NAME", name),
        ("GIT_COMMITTER_EMAIL", email),
    ];
    git.run_with_variables(&["commit-tree", tree, "-m", &message], &variables, &tr!("commit the site"))
}
