//! Resolves `--remote` and `--branch`, and refuses values that could change the digest or run hooks
//! that came with it.

use std::path::{Path, PathBuf};

use crate::deploy::address;
use crate::deploy::git;
use crate::diagnostic::{Diagnostic, Place};
use crate::fs::guarded;

/// The remote to publish to.
pub(super) struct Remote {
    /// A URL, an address of the form `host:path`, or the canonical path of a repository. git gets
    /// this text and no other.
    pub address: String,
    on_disk: bool,
}

impl Remote {
    /// The transports that git may use for this remote. A rule of git's configuration that replaces
    /// URLs cannot turn a host into a path.
    pub(super) fn protocols(&self) -> &'static str {
        if self.on_disk { "file" } else { "git:http:https:ssh" }
    }

    /// The remote of this name in the digest's repository, or else the remote at this URL or path.
    ///
    /// # Errors
    /// There is no such remote, it may have come with the digest, or its branch is checked out.
    pub(super) fn find(root: &Path, written: &str, branch: &str) -> Result<Self, Diagnostic> {
        let help = tr!(
            "name a remote of this repository, or a URL: `--remote https://github.com/user/repository.git`"
        );
        if written.starts_with('-') || written.is_empty() {
            return Err(Diagnostic::error(tr!("`{written}` is not a remote", written)).help(help));
        }
        // git allows no colon in the name of a remote: no such name can replace an address.
        let named = (!written.contains(':'))
            .then(|| git::query(root, &["remote", "get-url", "--push", "--", written]))
            .flatten();
        if let Some(url) = named {
            refuse_checked_out_branch(root, branch)?;
            // git resolves a relative path from the root of the work tree.
            let top = git::query(root, &["rev-parse", "--show-toplevel"]);
            return Self::at(root, &top.map_or_else(|| root.to_path_buf(), PathBuf::from), &url);
        }
        if !written.contains(':') && !root.join(written).exists() {
            return Err(match git::query(root, &["rev-parse", "--git-dir"]) {
                _ if written.contains(['/', '\\']) => {
                    Diagnostic::error(tr!("there is no git repository at `{written}`", written))
                        .help(tr!("create it with `git init --bare`, or publish to another remote"))
                }
                Some(_) => Diagnostic::error(tr!("there is no remote `{written}`", written)).help(help),
                None => {
                    let message =
                        tr!("this folder is not a git repository, so it has no remote `{written}`", written);
                    Diagnostic::error(message).help(tr!(
                        "run `git init` and `git remote add origin URL`, or publish with `--remote URL`"
                    ))
                }
            });
        }
        // The user's own configuration may have short forms (`url.<base>.insteadOf`).
        let address = git::replace_prefix(written).unwrap_or_else(|| written.to_owned());
        Self::at(root, root, &address)
    }

    /// The remote at an address; a relative path begins at `folder`.
    fn at(root: &Path, folder: &Path, written: &str) -> Result<Self, Diagnostic> {
        let path = match address::classify(written, cfg!(windows)) {
            address::Place::Host => return Ok(Self { address: written.to_owned(), on_disk: false }),
            address::Place::Disk(path) => PathBuf::from(path),
        };
        let home = std::env::home_dir().filter(|home| home.is_absolute());
        let path = match (path.strip_prefix("~"), home) {
            (Ok(below), Some(home)) => home.join(below),
            _ => folder.join(path),
        };
        let repository = repository_at(&path).ok_or_else(|| {
            Diagnostic::error(tr!("there is no git repository at {}", path.display()))
                .help(tr!("create it with `git init --bare`, or publish to another remote"))
        })?;
        refuse_what_came_along(root, &repository)?;
        // git would take text behind `@[` for the port of a host.
        match repository.to_str().filter(|path| !path.contains("@[")) {
            Some(path) => Ok(Self { address: address::without_verbatim_prefix(path), on_disk: true }),
            None => Err(Diagnostic::error(tr!("git cannot read the path {}", repository.display()))
                .help(tr!("move the repository to a path in UTF-8 without `@[`"))),
        }
    }
}

/// The canonical folder of the repository that git opens at a path. Like git, tries `path/.git`,
/// `path`, `path/.git/.git` and `path.git`, and follows a file `.git` that names another folder.
fn repository_at(path: &Path) -> Option<PathBuf> {
    ["/.git", "", ".git/.git", ".git"].iter().find_map(|suffix| {
        let mut tried = path.to_path_buf();
        // Appended to the name as git does, not joined.
        tried.as_mut_os_string().push(suffix);
        let tried = tried.canonicalize().ok()?;
        if tried.is_dir() {
            return is_repository(&tried).then_some(tried);
        }
        let text = text_of_git_file(&tried)?;
        let target = tried.parent()?.join(text.strip_prefix("gitdir:")?.trim()).canonicalize().ok()?;
        is_repository(&target).then_some(target)
    })
}

/// The text of a file `.git`, which has one line.
fn text_of_git_file(path: &Path) -> Option<String> {
    let found = path.symlink_metadata().ok()?;
    found.is_file().then(|| guarded::read_text(path, 10_000).ok())?
}

fn is_repository(folder: &Path) -> bool {
    folder.join("HEAD").symlink_metadata().is_ok() && folder.join("objects").is_dir()
}

/// Refuses a repository that may have come with the digest, because git runs its hooks: one in the
/// digest's folder, in the work tree that holds the digest, or in the repository of that work tree.
fn refuse_what_came_along(root: &Path, repository: &Path) -> Result<(), Diagnostic> {
    let Ok(root) = root.canonicalize() else { return Ok(()) };
    let mut folders = vec![(root.clone(), marked!("the digest"))];
    let mut add = |folder: PathBuf, what| {
        folders.extend(folder.canonicalize().ok().map(|folder| (folder, what)));
    };
    // A configuration from a stranger may name another work tree, so that git's answer alone is not
    // enough.
    let holds_git = |folder: &&Path| folder.join(".git").symlink_metadata().is_ok();
    let work_tree = marked!("the git work tree that holds the digest");
    if let Some(folder) = root.ancestors().find(holds_git) {
        add(folder.to_path_buf(), work_tree);
    }
    if let Some(top) = git::query(&root, &["rev-parse", "--show-toplevel"]) {
        add(root.join(top), work_tree);
    }
    if let Some(common) = git::query(&root, &["rev-parse", "--git-common-dir"]) {
        let common = root.join(common);
        // The main work tree of a linked one, or the one that has this as a submodule.
        let outer = common.ancestors().find(|folder| folder.file_name().is_some_and(|name| name == ".git"));
        if let Some(folder) = outer.and_then(Path::parent) {
            add(folder.to_path_buf(), work_tree);
        }
        add(common, marked!("the git repository of the digest"));
    }
    let Some(&(ref folder, what)) = folders.iter().find(|(folder, _)| repository.starts_with(folder)) else {
        return Ok(());
    };
    let message = tr!("the repository {} lies within {what}", repository.display(), what = tr!(what));
    Err(Diagnostic::error(message).help(tr!(
        "its hooks may have come with the digest, and git would run them; publish to a repository outside {}",
        folder.display()
    )))
}

/// Refuses names that git would read as more than the name of a branch.
pub(super) fn refuse_ref_syntax(branch: &str) -> Result<(), Diagnostic> {
    if branch.starts_with(['-', '+', '@']) || branch.starts_with("refs/") || branch.starts_with("heads/") {
        let help = tr!("write the name of the branch alone, as in `--branch gh-pages`");
        return Err(Diagnostic::error(tr!("`{branch}` is not the name of a branch", branch)).help(help));
    }
    Ok(())
}

/// Refuses the branch that is checked out, because it contains the digest itself.
fn refuse_checked_out_branch(root: &Path, branch: &str) -> Result<(), Diagnostic> {
    let current = git::query(root, &["symbolic-ref", "--quiet", "--short", "HEAD"]);
    if current.is_some_and(|current| current.eq_ignore_ascii_case(branch)) {
        let help = tr!("publish to a separate branch, such as gh-pages, because its commits are replaced");
        return Err(Diagnostic::error(tr!(
            "`{branch}` is the branch that is checked out in this digest",
            branch
        ))
        .help(help));
    }
    Ok(())
}

/// The absolute path of a file or folder that need not exist.
pub(super) fn absolute(path: &Path) -> Result<PathBuf, Diagnostic> {
    std::path::absolute(path).map_err(|error| {
        let place = Place::file(&path.to_string_lossy());
        Diagnostic::error(tr!("the absolute path of this folder cannot be determined: {error}", error))
            .at(place)
    })
}
