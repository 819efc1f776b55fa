//! Publishes the site to a branch of a git remote, as GitHub Pages can serve it: checked, built, and pushed as one commit.
//!
//! The commit is made in `.newsprint/deploy.git`, a repository of newsprint's own, so that the digest's is neither read nor touched (but
//! for the names of its remote, its author and its commit). Its index remembers how files stood, and its objects what the remote has
//! already: what did not change is neither read nor sent again.

mod git;

use std::collections::BTreeSet;
use std::path::Path;

use serde::Serialize;

use crate::check;
use crate::config::{self, BaseUrl};
use crate::diagnostic::{Diagnostic, Place};
use crate::{load, output, pipeline};
use git::Git;

/// Stands in every commit of newsprint's, so that it overwrites no others.
const MARK: &str = "Generator: newsprint";

/// What a deployment is asked to do.
pub struct Options {
    /// The check before it, and the build.
    pub check: check::Options,
    /// A remote of the digest's repository, or a URL or a path.
    pub remote: String,
    /// The branch that is replaced.
    pub branch: String,
    /// Instead of the commit's own message.
    pub message: Option<String>,
    /// Replace a branch whose last commit is not newsprint's.
    pub force: bool,
    /// Do all but the push.
    pub dry_run: bool,
}

/// What a deployment did.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// Is the site published, or was it so already?
    pub success: bool,
    /// Was anything sent?
    pub pushed: bool,
    /// Where to.
    pub remote: String,
    /// Its branch.
    pub branch: String,
    /// The commit that the branch has now, or would have.
    pub commit: Option<String>,
    /// Files of the tree.
    pub files: usize,
    /// What the check found.
    pub check: check::Report,
    /// What went wrong.
    pub diagnostics: Vec<Diagnostic>,
    #[serde(skip)]
    dry_run: bool,
}

/// Checks, builds and publishes.
#[must_use]
pub fn run(mut options: Options) -> Report {
    let mut report = Report {
        remote: git::masked(&options.remote),
        branch: options.branch.clone(),
        dry_run: options.dry_run,
        ..Report::default()
    };
    let target = match Target::find(&options) {
        Ok(target) => target,
        Err(diagnostic) => {
            report.diagnostics.push(diagnostic);
            return report;
        }
    };
    // What readers have now, and not what somebody built to look at.
    options.check.published.clone_from(&target.files);
    report.check = check::run(&options.check);
    if !report.check.success {
        let help = "mend what the check found, or let a rule pass this once: `--allow RULE`";
        report.diagnostics.push(Diagnostic::error("the check failed, so nothing is published").help(help));
        return report;
    }
    let built = pipeline::build(&options.check.build);
    report.diagnostics.extend(built.diagnostics);
    if !built.success {
        return report;
    }
    match target.publish(&options, &mut report) {
        Ok(()) => report.success = true,
        Err(diagnostic) => report.diagnostics.push(diagnostic),
    }
    report
}

/// The branch that is replaced.
struct Target {
    git: Git,
    remote: String,
    /// `refs/heads/gh-pages`
    branch: String,
    /// Its last commit; empty if there is no such branch.
    theirs: String,
    /// The tree and the paths of that commit.
    tree: Option<String>,
    files: Option<Vec<String>>,
    /// A domain of one's own.
    domain: Option<String>,
}

impl Target {
    /// Looks at what is published, and whether it may be replaced.
    fn find(options: &Options) -> Result<Self, Diagnostic> {
        let root = &options.check.build.root;
        git::find()?;
        let domain = domain(&base(options)?);
        let repository = root.join(config::STATE).join("deploy.git");
        output::refuse_links(&repository)?;
        let remote = remote(root, options)?;
        refuse_odd_name(&options.branch)?;
        // Another deployment may be at work in the repository.
        let _lock = lock(&options.check.build)?;
        let folder = options.check.build.output_folder();
        let git = Git::open(absolute(&repository)?, absolute(&folder)?)?;
        git.run(&["check-ref-format", "--branch", &options.branch], "use this name of a branch")?;
        let branch = format!("refs/heads/{}", options.branch);
        let listed = git.run(&["ls-remote", "--", &remote, &branch], "ask the remote for its branch")?;
        let theirs = listed.split_whitespace().next().unwrap_or_default().to_owned();
        let mut target = Self { git, remote, branch, theirs, tree: None, files: None, domain };
        if !target.theirs.is_empty() {
            target.look(options)?;
        }
        Ok(target)
    }

    /// Reads the branch's last commit. One that newsprint did not make is somebody's.
    fn look(&mut self, options: &Options) -> Result<(), Diagnostic> {
        let (git, theirs) = (&self.git, self.theirs.as_str());
        if git.run(&["cat-file", "-e", &format!("{theirs}^{{tree}}")], "").is_err() {
            let fetch = ["fetch", "--quiet", "--depth=1", "--no-tags", "--", &self.remote, &self.branch];
            git.run(&fetch, "look at what the branch has now")?;
        }
        let message = git.run(&["log", "-1", "--format=%B", theirs], "read its last commit")?;
        if !options.force && !message.lines().any(|line| line == MARK) {
            let subject = message.lines().next().unwrap_or_default();
            let branch = &options.branch;
            return Err(Diagnostic::error(format!(
                "the branch `{branch}` was not written by newsprint: its last commit is “{subject}”"
            ))
            .help("publish to another branch, or replace it and all its commits with `--force`"));
        }
        let tree = git.run(&["rev-parse", &format!("{theirs}^{{tree}}")], "read its last commit")?;
        let paths = git.run(&["ls-tree", "-r", "-z", "--name-only", theirs], "read its last commit")?;
        self.tree = Some(tree);
        self.files = Some(paths.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect());
        Ok(())
    }

    fn publish(&self, options: &Options, report: &mut Report) -> Result<(), Diagnostic> {
        let root = &options.check.build.root;
        let folder = options.check.build.output_folder();
        // No build meanwhile.
        let _lock = lock(&options.check.build)?;
        let tree = stage(&self.git, root, &folder, self.domain.as_deref(), report)?;
        if self.tree.as_deref() == Some(tree.as_str()) {
            report.commit = Some(self.theirs.clone());
            return Ok(());
        }
        let commit = commit(&self.git, root, options, &tree, report)?;
        report.commit = Some(commit.clone());
        if options.dry_run {
            return Ok(());
        }
        let (branch, theirs) = (&self.branch, &self.theirs);
        let lease = format!("--force-with-lease={branch}:{theirs}");
        let target = format!("{commit}:{branch}");
        self.git.run(&["push", "--quiet", "--no-verify", &lease, "--", &self.remote, &target], "push")?;
        report.pushed = true;
        // Kept, so that only what is new is sent the next time.
        self.git.run(&["update-ref", "refs/newsprint/deployed", &commit], "note what was published")?;
        let _ = self.git.run(&["gc", "--auto", "--quiet"], "tidy up");
        Ok(())
    }
}

/// The digest's, which builds hold too.
fn lock(build: &pipeline::Options) -> Result<output::Lock, Diagnostic> {
    let state = build.root.join(config::STATE);
    output::Output::new(&build.root, &build.output_folder(), &state, false).lock()
}

fn absolute(path: &Path) -> Result<std::path::PathBuf, Diagnostic> {
    std::path::absolute(path).map_err(|error| {
        let place = Place::file(&path.to_string_lossy());
        Diagnostic::error(format!("this folder cannot be named: {error}")).at(place)
    })
}

/// The URL of a remote that the digest's repository has under this name, else what was written: a URL or a path.
fn remote(root: &Path, options: &Options) -> Result<String, Diagnostic> {
    let written = options.remote.as_str();
    let help =
        "name a remote of this repository, or a URL: `--remote https://github.com/user/repository.git`";
    if written.starts_with('-') || written.is_empty() {
        return Err(Diagnostic::error(format!("`{written}` is no remote")).help(help));
    }
    if let Some(url) = git::ask(root, &["remote", "get-url", "--push", "--", written]) {
        refuse_own_branch(root, &options.branch)?;
        // A path is meant from the work tree's root, as git means it.
        let top = git::ask(root, &["rev-parse", "--show-toplevel"]);
        let path = top.map_or_else(|| root.to_path_buf(), std::path::PathBuf::from).join(&url);
        return if path.exists() { outside(root, &path) } else { Ok(url) };
    }
    let path = root.join(written);
    if path.is_dir() {
        return outside(root, &path);
    }
    if written.contains(':') {
        return Ok(written.to_owned());
    }
    Err(Diagnostic::error(format!("there is no remote `{written}`")).help(help))
}

/// A repository on this disk. One within the digest came with it, and so did its hooks.
fn outside(root: &Path, path: &Path) -> Result<String, Diagnostic> {
    let real = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path));
    let (inner, outer) = (real(path), real(root));
    if let (Ok(inner), Ok(outer)) = (&inner, &outer)
        && inner.starts_with(outer)
    {
        let message = format!("the repository {} lies within the digest", path.display());
        return Err(Diagnostic::error(message).help("publish to one beside it, or on another machine"));
    }
    Ok(absolute(path)?.to_string_lossy().into_owned())
}

/// What git would take for more than the name of a branch.
fn refuse_odd_name(branch: &str) -> Result<(), Diagnostic> {
    if branch.starts_with(['-', '+', '@']) || branch.starts_with("refs/") || branch.starts_with("heads/") {
        let help = "write the branch's own name, as in `--branch gh-pages`";
        return Err(Diagnostic::error(format!("`{branch}` is no name of a branch")).help(help));
    }
    Ok(())
}

/// The branch that is checked out is the digest's own.
fn refuse_own_branch(root: &Path, branch: &str) -> Result<(), Diagnostic> {
    let current = git::ask(root, &["symbolic-ref", "--quiet", "--short", "HEAD"]);
    if current.is_some_and(|current| current.eq_ignore_ascii_case(branch)) {
        let help = "publish to a branch of its own, such as gh-pages: its commits are replaced";
        return Err(Diagnostic::error(format!("`{branch}` is the branch that this digest is on")).help(help));
    }
    Ok(())
}

/// Puts exactly the site's files into the index, and with them what GitHub Pages looks for; the tree that they make.
fn stage(
    git: &Git,
    root: &Path,
    folder: &Path,
    domain: Option<&str>,
    report: &mut Report,
) -> Result<String, Diagnostic> {
    let site: BTreeSet<String> = output::published(root, folder).unwrap_or_default().into_iter().collect();
    let staged = git.run(&["ls-files", "-z"], "list what was published before")?;
    let gone = staged.split('\0').filter(|path| !path.is_empty() && !site.contains(*path));
    git.feed(&["update-index", "-z", "--force-remove", "--stdin"], &listed(gone), "take away what is gone")?;
    git.feed(
        &["update-index", "-z", "--add", "--stdin"],
        &listed(site.iter().map(String::as_str)),
        "add the site's files",
    )?;
    let mut files = site.len();
    let mut own = vec![(".nojekyll", String::new())];
    if let Some(domain) = domain.filter(|_| !site.contains("CNAME")) {
        own.push(("CNAME", format!("{domain}\n")));
    }
    for (name, text) in own {
        let hash = git.feed(
            &["hash-object", "-w", "--no-filters", "--stdin"],
            text.as_bytes(),
            "add what GitHub Pages looks for",
        )?;
        let entry = format!("100644,{hash},{name}");
        git.run(&["update-index", "--add", "--cacheinfo", &entry], "add what GitHub Pages looks for")?;
        files += 1;
    }
    report.files = files;
    git.run(&["write-tree"], "make a tree of the site")
}

/// Paths as git reads them with `-z`.
fn listed<'p>(paths: impl Iterator<Item = &'p str>) -> Vec<u8> {
    paths.flat_map(|path| path.bytes().chain([0])).collect()
}

/// Where the site will stand: what is published without it names a place that nobody can reach.
fn base(options: &Options) -> Result<BaseUrl, Diagnostic> {
    let build = &options.check.build;
    let (config, _) = load::configuration(&build.root, build.config.as_deref(), build.links);
    let help = "write `base_url: https://user.github.io/my-digest/`, or deploy with `--base-url URL`";
    let refused = |message: String| Err(Diagnostic::error(message).at(Place::file(config::FILE)).help(help));
    let base = match build.base_url() {
        Some(base) => base?,
        None if config.base_url_is_missing => {
            return refused(
                "`base_url` is missing, so feeds and links would lead readers to http://localhost:1111/"
                    .to_owned(),
            );
        }
        None => config.base_url,
    };
    if is_nobodys(&base) {
        return refused(format!("`base_url` is {}, where no reader finds anything", base.url()));
    }
    Ok(base)
}

/// RFC 2606 and 6761: names for examples, tests and this machine; and plain addresses.
fn is_nobodys(base: &BaseUrl) -> bool {
    let url = url::Url::parse(&base.origin).ok();
    let Some(host) = url.as_ref().and_then(url::Url::domain) else { return true };
    let reserved =
        ["example.org", "example.com", "example.net", "example", "test", "invalid", "localhost", "local"];
    reserved.iter().any(|name| host == *name || host.ends_with(&format!(".{name}")))
}

/// A domain of one's own, which GitHub Pages learns from a file `CNAME` in the root of the tree. Below another path the domain is another
/// repository's.
fn domain(base: &BaseUrl) -> Option<String> {
    let url = url::Url::parse(&base.origin).ok()?;
    let host = url.domain()?.trim_end_matches('.').to_owned();
    let of_github = host == "github.io" || host.ends_with(".github.io");
    let own = base.path == "/" && url.port().is_none() && host.contains('.') && !of_github;
    own.then_some(host)
}

fn commit(
    git: &Git,
    root: &Path,
    options: &Options,
    tree: &str,
    report: &Report,
) -> Result<String, Diagnostic> {
    let source = git::ask(root, &["rev-parse", "--short", "HEAD"]);
    let what = match source {
        Some(source) => {
            format!("Publish {} from {source}", crate::text::count(report.check.articles, "article"))
        }
        None => format!("Publish {}", crate::text::count(report.check.articles, "article")),
    };
    let message = format!("{}\n\n{MARK}\n", options.message.as_deref().unwrap_or(&what));
    let person =
        |name: &str, without: &str| git::ask(root, &["config", name]).unwrap_or_else(|| without.to_owned());
    let (name, email) = (person("user.name", "newsprint"), person("user.email", "newsprint@localhost"));
    let variables = [
        ("GIT_AUTHOR_NAME", name.clone()),
        ("GIT_AUTHOR_EMAIL", email.clone()),
        ("GIT_COMMITTER_NAME", name),
        ("GIT_COMMITTER_EMAIL", email),
    ];
    git.run_as(&["commit-tree", tree, "-m", &message], &variables, "make a commit of the site")
}

impl Report {
    /// One line for people.
    #[must_use]
    pub fn summary(&self) -> String {
        let (remote, branch) = (&self.remote, &self.branch);
        let commit =
            self.commit.as_deref().map(|commit| commit.get(..10).unwrap_or(commit)).unwrap_or_default();
        let mut files = crate::text::count(self.files, "file");
        if !self.check.findings.is_empty() && self.success {
            let found = crate::text::count(self.check.findings.len(), "finding");
            files.push_str(&format!(" (with {found}, which `newsprint check` shows)"));
        }
        match (self.success, self.pushed, self.dry_run) {
            (false, ..) => "newsprint: not published; the branch is as it was".to_owned(),
            (true, true, _) => format!("newsprint: published {files} to {branch} of {remote} as {commit}"),
            (true, false, true) => format!("newsprint: would publish {files} to {branch} of {remote}"),
            (true, false, false) => {
                format!("newsprint: {branch} of {remote} has these {files} already ({commit})")
            }
        }
    }
}
