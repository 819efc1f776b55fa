//! Publishes the site to a branch of a git remote, for GitHub Pages: checks, builds, and pushes one
//! commit.
//!
//! The commit is made in `.newsprint/deploy.git`, newsprint's own repository. Of the digest's
//! repository, only the URL of the remote, the author and the name of the commit are read, and
//! nothing is changed. The index of `deploy.git` has the state of the published files, and its
//! objects are those that the remote already has, so that unchanged files are neither read nor sent
//! again.

mod git;
mod remote;

use std::collections::BTreeSet;
use std::path::Path;

use serde::Serialize;

use crate::check;
use crate::config::{self, BaseUrl};
use crate::diagnostic::{Diagnostic, Place};
use crate::{load, output, pipeline};
use git::Git;

/// A line in the message of every commit by newsprint. A branch without it is not replaced.
const GENERATOR_LINE: &str = "Generator: newsprint";

/// The options of a deployment.
pub struct Options {
    /// The check and, as part of it, the build.
    pub check: check::Options,
    /// The name of a remote of the digest's repository, a URL or a path.
    pub remote: String,
    /// The branch to replace.
    pub branch: String,
    /// The message of the commit; `None` for a generated one.
    pub message: Option<String>,
    /// Replace a branch whose last commit newsprint did not make.
    pub force: bool,
    /// Do everything except the push.
    pub dry_run: bool,
}

/// The report of a deployment.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// True if the branch has the site, or would have it after a dry run.
    pub success: bool,
    /// True if a commit was pushed.
    pub pushed: bool,
    /// The remote as given, without user name, password and query of a URL.
    pub remote: String,
    /// The branch.
    pub branch: String,
    /// The hash of the commit that the branch has now, or would have after a dry run.
    pub commit: Option<String>,
    /// The number of files in the commit.
    pub files: usize,
    /// The report of the check.
    pub check: check::Report,
    /// Diagnostics of the build and the deployment.
    pub diagnostics: Vec<Diagnostic>,
    #[serde(skip)]
    dry_run: bool,
}

/// Checks, builds and publishes.
#[must_use]
pub fn run(mut options: Options) -> Report {
    let mut report = Report {
        remote: git::mask(&options.remote),
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
    // The check compares with the published site, not with the last local build.
    options.check.published.clone_from(&target.files);
    report.check = check::run(&options.check);
    if !report.check.success {
        let help = "fix the findings, or let the findings of a rule pass this time with `--allow RULE`";
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

/// The branch to replace, and its present content.
struct Target {
    git: Git,
    remote: String,
    /// The full name, such as `refs/heads/gh-pages`.
    branch: String,
    /// The hash of its last commit; empty if the branch does not exist.
    theirs: String,
    /// The hash of the tree of that commit.
    tree: Option<String>,
    /// The paths in that tree.
    files: Option<Vec<String>>,
    /// The domain for `CNAME`, if the site has its own.
    domain: Option<String>,
}

impl Target {
    /// Reads the branch, and checks that it may be replaced.
    fn find(options: &Options) -> Result<Self, Diagnostic> {
        let root = &options.check.build.root;
        git::check_installed()?;
        let domain = own_domain(&published_base_url(options)?);
        let repository = root.join(config::STATE).join("deploy.git");
        output::refuse_links(&repository)?;
        let remote = remote::find(root, &options.remote, &options.branch)?;
        remote::refuse_ref_syntax(&options.branch)?;
        // Another deployment may be running in the repository.
        let _lock = lock(&options.check.build)?;
        let folder = options.check.build.output_folder();
        let git = Git::open(remote::absolute(&repository)?, remote::absolute(&folder)?)?;
        git.run(&["check-ref-format", "--branch", &options.branch], "use this branch name")?;
        let branch = format!("refs/heads/{}", options.branch);
        let listed = git.run(&["ls-remote", "--", &remote, &branch], "ask the remote for its branch")?;
        let theirs = listed.split_whitespace().next().unwrap_or_default().to_owned();
        let mut target = Self { git, remote, branch, theirs, tree: None, files: None, domain };
        if !target.theirs.is_empty() {
            target.read_last_commit(options)?;
        }
        Ok(target)
    }

    /// Reads the branch's last commit. Without `--force`, a commit that newsprint did not make is
    /// an error.
    fn read_last_commit(&mut self, options: &Options) -> Result<(), Diagnostic> {
        let (git, theirs) = (&self.git, self.theirs.as_str());
        if git.run(&["cat-file", "-e", &format!("{theirs}^{{tree}}")], "").is_err() {
            let fetch = ["fetch", "--quiet", "--depth=1", "--no-tags", "--", &self.remote, &self.branch];
            git.run(&fetch, "fetch the last commit of the branch")?;
        }
        let message = git.run(&["log", "-1", "--format=%B", theirs], "read the last commit of the branch")?;
        if !options.force && !message.lines().any(|line| line == GENERATOR_LINE) {
            let subject = message.lines().next().unwrap_or_default();
            let branch = &options.branch;
            return Err(Diagnostic::error(format!(
                "the branch `{branch}` was not written by newsprint: its last commit is “{subject}”"
            ))
            .help("publish to another branch, or replace it and all its commits with `--force`"));
        }
        let tree =
            git.run(&["rev-parse", &format!("{theirs}^{{tree}}")], "read the last commit of the branch")?;
        let paths =
            git.run(&["ls-tree", "-r", "-z", "--name-only", theirs], "read the last commit of the branch")?;
        self.tree = Some(tree);
        self.files = Some(paths.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect());
        Ok(())
    }

    /// Commits the files of the output folder and pushes the commit, unless the branch has them
    /// already.
    fn publish(&self, options: &Options, report: &mut Report) -> Result<(), Diagnostic> {
        let root = &options.check.build.root;
        let folder = options.check.build.output_folder();
        // Keeps builds from changing the output folder.
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
        // A reference keeps the objects, so that only new ones are sent the next time.
        self.git.run(&["update-ref", "refs/newsprint/deployed", &commit], "record the published commit")?;
        let _ = self.git.run(&["gc", "--auto", "--quiet"], "collect garbage");
        Ok(())
    }
}

/// Takes the lock of the digest, which builds take too.
fn lock(build: &pipeline::Options) -> Result<output::Lock, Diagnostic> {
    let state = build.root.join(config::STATE);
    output::Output::new(&build.root, &build.output_folder(), &state, false).lock()
}

/// Makes the index contain exactly the site's files, `.nojekyll` and, with a `domain`, `CNAME`.
/// Returns the hash of their tree.
fn stage(
    git: &Git,
    root: &Path,
    folder: &Path,
    domain: Option<&str>,
    report: &mut Report,
) -> Result<String, Diagnostic> {
    let site: BTreeSet<String> = output::published(root, folder).unwrap_or_default().into_iter().collect();
    let staged = git.run(&["ls-files", "-z"], "list the files of the last deployment")?;
    let gone = staged.split('\0').filter(|path| !path.is_empty() && !site.contains(*path));
    git.run_with_input(
        &["update-index", "-z", "--force-remove", "--stdin"],
        &nul_terminated(gone),
        "remove the files that the site no longer has",
    )?;
    git.run_with_input(
        &["update-index", "-z", "--add", "--stdin"],
        &nul_terminated(site.iter().map(String::as_str)),
        "add the site's files",
    )?;
    let mut files = site.len();
    let mut own = vec![(".nojekyll", String::new())];
    if let Some(domain) = domain.filter(|_| !site.contains("CNAME")) {
        own.push(("CNAME", format!("{domain}\n")));
    }
    for (name, text) in own {
        let hash = git.run_with_input(
            &["hash-object", "-w", "--no-filters", "--stdin"],
            text.as_bytes(),
            "add .nojekyll or CNAME",
        )?;
        let entry = format!("100644,{hash},{name}");
        git.run(&["update-index", "--add", "--cacheinfo", &entry], "add .nojekyll or CNAME")?;
        files += 1;
    }
    report.files = files;
    git.run(&["write-tree"], "write the tree of the site")
}

/// Paths that each end with NUL, as git reads them with `-z`.
fn nul_terminated<'p>(paths: impl Iterator<Item = &'p str>) -> Vec<u8> {
    paths.flat_map(|path| path.bytes().chain([0])).collect()
}

/// The base URL of the published site.
///
/// # Errors
/// It is missing, or no reader can reach it, so that feeds and links would be broken.
fn published_base_url(options: &Options) -> Result<BaseUrl, Diagnostic> {
    let build = &options.check.build;
    let (config, _) = load::configuration(&build.root, build.config.as_deref(), build.links);
    let help = "write `base_url: https://user.github.io/my-digest/`, or deploy with `--base-url URL`";
    let refused = |message: String| Err(Diagnostic::error(message).at(Place::file(config::FILE)).help(help));
    let base = match build.base_url() {
        Some(base) => base?,
        None if config.base_url_is_missing => {
            return refused(
                "`base_url` is missing, so feeds and links would point to http://localhost:1111/".to_owned(),
            );
        }
        None => config.base_url,
    };
    if is_unreachable(&base) {
        return refused(format!("`base_url` is {}, which no reader can reach", base.url()));
    }
    Ok(base)
}

/// True for IP addresses and for the names that RFC 2606 and RFC 6761 reserve for examples, tests
/// and local use.
fn is_unreachable(base: &BaseUrl) -> bool {
    let url = url::Url::parse(&base.origin).ok();
    let Some(host) = url.as_ref().and_then(url::Url::domain) else { return true };
    let reserved =
        ["example.org", "example.com", "example.net", "example", "test", "invalid", "localhost", "local"];
    reserved.iter().any(|name| host == *name || host.ends_with(&format!(".{name}")))
}

/// The site's own domain, which GitHub Pages reads from a file `CNAME` in the root of the tree.
/// `None` for hosts of github.io, and for a site below a path, because the domain then belongs to
/// another repository.
fn own_domain(base: &BaseUrl) -> Option<String> {
    let url = url::Url::parse(&base.origin).ok()?;
    let host = url.domain()?.trim_end_matches('.').to_owned();
    let of_github = host == "github.io" || host.ends_with(".github.io");
    let own = base.path == "/" && url.port().is_none() && host.contains('.') && !of_github;
    own.then_some(host)
}

/// Commits the tree without a parent and returns the commit's hash. The author is that of the
/// digest's repository, or `newsprint` if there is none.
fn commit(
    git: &Git,
    root: &Path,
    options: &Options,
    tree: &str,
    report: &Report,
) -> Result<String, Diagnostic> {
    let source = git::query(root, &["rev-parse", "--short", "HEAD"]);
    let what = match source {
        Some(source) => {
            format!("Publish {} from {source}", crate::text::count(report.check.articles, "article"))
        }
        None => format!("Publish {}", crate::text::count(report.check.articles, "article")),
    };
    let message = format!("{}\n\n{GENERATOR_LINE}\n", options.message.as_deref().unwrap_or(&what));
    let person =
        |name: &str, without: &str| git::query(root, &["config", name]).unwrap_or_else(|| without.to_owned());
    let (name, email) = (person("user.name", "newsprint"), person("user.email", "newsprint@localhost"));
    let variables = [
        ("GIT_AUTHOR_NAME", name.clone()),
        ("GIT_AUTHOR_EMAIL", email.clone()),
        ("GIT_COMMITTER_NAME", name),
        ("GIT_COMMITTER_EMAIL", email),
    ];
    git.run_with_variables(&["commit-tree", tree, "-m", &message], &variables, "commit the site")
}

impl Report {
    /// One line for the terminal.
    #[must_use]
    pub fn summary(&self) -> String {
        let (remote, branch) = (&self.remote, &self.branch);
        let commit =
            self.commit.as_deref().map(|commit| commit.get(..10).unwrap_or(commit)).unwrap_or_default();
        let mut files = crate::text::count(self.files, "file");
        if !self.check.findings.is_empty() && self.success {
            let found = crate::text::count(self.check.findings.len(), "finding");
            files.push_str(&format!(" (with {found}; `newsprint check` shows them)"));
        }
        match (self.success, self.pushed, self.dry_run) {
            (false, ..) => "newsprint: not published; the branch is unchanged".to_owned(),
            (true, true, _) => format!("newsprint: published {files} to {branch} of {remote} as {commit}"),
            (true, false, true) => format!("newsprint: would publish {files} to {branch} of {remote}"),
            (true, false, false) => {
                format!("newsprint: {branch} of {remote} already has these {files} ({commit})")
            }
        }
    }
}
