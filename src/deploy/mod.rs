//! Publishes the site to a branch of a git remote, for GitHub Pages: checks, builds, and pushes one
//! commit.
//!
//! The commit is made in `.newsprint/deploy.git`, newsprint's own repository. Of the digest's
//! repository, only the URL of the remote, the author and the name of the commit are read, and
//! nothing is changed. The index of `deploy.git` has the state of the published files, and its
//! objects are those that the remote already has, so that unchanged files are neither read nor sent
//! again.

mod address;
mod commit;
mod git;
mod remote;
mod repository;
pub mod store;

use serde::Serialize;

use crate::check;
use crate::config::{self, BaseUrl};
use crate::diagnostic::{Diagnostic, Place};
use crate::plan::deployed::{self, Added};
use crate::{load, output, pipeline};
use commit::GENERATOR_LINE;
use git::{Failure, Git};
use remote::Remote;

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
    let mut target = match Target::find(&options) {
        Ok(target) => target,
        Err(diagnostics) => {
            report.diagnostics.extend(diagnostics);
            return report;
        }
    };
    // The check compares with the published site, not with the last local build: a dry run builds,
    // and the deployment after it would find less.
    options.check.published = Some(target.files.clone().unwrap_or_default());
    if !check_and_build(&options.check, FAILED, &mut report.check, &mut report.diagnostics) {
        return report;
    }
    match target.publish(&options, &mut report) {
        Ok(()) => report.success = true,
        Err(diagnostic) => report.diagnostics.push(diagnostic),
    }
    report
}

/// The message of a failed check.
const FAILED: &str = marked!("the check failed, so nothing is published");

/// Checks, and builds if the check succeeds. Returns whether both did. `failed` is the message of a
/// failed check, a text of `marked!`.
fn check_and_build(
    options: &check::Options,
    failed: &str,
    report: &mut check::Report,
    diagnostics: &mut Vec<Diagnostic>,
) -> bool {
    *report = check::run(options);
    if !report.success {
        let help = tr!("fix the findings, or let the findings of a rule pass this time with `--allow RULE`");
        diagnostics.push(Diagnostic::error(tr!(failed)).help(help));
        return false;
    }
    let built = pipeline::build(&options.build);
    diagnostics.extend(built.diagnostics);
    built.success
}

/// The branch to replace, and its present content.
struct Target {
    git: Git,
    remote: Remote,
    /// The full name, such as `refs/heads/gh-pages`.
    branch: String,
    /// The hash of its last commit; empty if the branch does not exist.
    theirs: String,
    /// The hash of the tree of that commit.
    tree: Option<String>,
    /// The paths in that tree.
    files: Option<Vec<String>>,
    /// The files to add to those of the site.
    added: Vec<Added>,
}

impl Target {
    /// Finds everything that a deployment needs, and asks the remote for the branch. Everything that
    /// the command line and the settings have wrong is reported at once.
    fn find(options: &Options) -> Result<Self, Vec<Diagnostic>> {
        let root = &options.check.build.root;
        let one = |diagnostic: Diagnostic| vec![diagnostic];
        let mut problems = Vec::new();
        let base_url = published_base_url(&options.check.build).map_err(|found| problems.extend(found)).ok();
        let remote = git::check_installed()
            .and_then(|()| Remote::find(root, &options.remote, &options.branch))
            .map_err(|found| problems.push(found))
            .ok();
        problems.extend(remote::refuse_ref_syntax(&options.branch).err());
        match (base_url, remote) {
            (Some(base_url), Some(remote)) if problems.is_empty() => {
                Self::ask(options, remote, deployed::files(&base_url)).map_err(one)
            }
            _ => Err(problems),
        }
    }

    /// Reads the branch, and checks that it may be replaced.
    fn ask(options: &Options, remote: Remote, added: Vec<Added>) -> Result<Self, Diagnostic> {
        let root = &options.check.build.root;
        let repository = config::state_folder(root).join("deploy.git");
        output::refuse_links(&repository)?;
        // Another deployment may be running in the repository.
        let _lock = lock(&options.check.build)?;
        let folder = options.check.build.output_folder();
        let git = Git::open(remote::absolute(&repository)?, remote::absolute(&folder)?)?;
        let name = ["check-ref-format", "--branch", &options.branch];
        git.run(&name, &tr!("use this branch name"))
            .map_err(|failure| failure.into_diagnostic().help(tr!("write another name behind `--branch`")))?;
        let branch = format!("refs/heads/{}", options.branch);
        let ask = ["ls-remote", "--", &remote.address, &branch];
        let listed = git.connect(remote.protocols(), &ask, &tr!("ask the remote for its branch"))?;
        let theirs = listed.split_whitespace().next().unwrap_or_default().to_owned();
        let mut target = Self { git, remote, branch, theirs, tree: None, files: None, added };
        target.retry_in_new_repository(|target| target.read_last_commit(options))?;
        Ok(target)
    }

    /// Runs a step, and runs it once more in a new repository if newsprint's own is the cause of a
    /// failure: objects or the index may be damaged.
    fn retry_in_new_repository(
        &mut self,
        mut step: impl FnMut(&mut Self) -> Result<(), Failure>,
    ) -> Result<(), Diagnostic> {
        match step(self) {
            Err(Failure::Local(_)) => {
                self.git.recreate()?;
                step(self).map_err(Failure::into_diagnostic)
            }
            result => result.map_err(Failure::into_diagnostic),
        }
    }

    /// Reads the branch's last commit, if there is one. Without `--force`, a commit that newsprint
    /// did not make is an error.
    fn read_last_commit(&mut self, options: &Options) -> Result<(), Failure> {
        let (git, theirs) = (&self.git, self.theirs.as_str());
        if theirs.is_empty() {
            return Ok(());
        }
        if !git.has_commit(theirs) {
            let address = &self.remote.address;
            let fetch = ["fetch", "--quiet", "--depth=1", "--no-tags", "--", address, &self.branch];
            git.connect(self.remote.protocols(), &fetch, &tr!("fetch the last commit of the branch"))?;
        }
        let what = &tr!("read the last commit of the branch");
        let message = git.run(&["log", "-1", "--format=%B", theirs], what)?;
        if !options.force && !message.lines().any(|line| line == GENERATOR_LINE) {
            let subject = message.lines().next().unwrap_or_default();
            let branch = &options.branch;
            return Err(Diagnostic::error(tr!(
                "the branch `{branch}` was not written by newsprint: its last commit is “{subject}”",
                branch,
                subject
            ))
            .help(tr!("publish to another branch, or replace it and all its commits with `--force`"))
            .into());
        }
        let tree = git.run(&["rev-parse", &format!("{theirs}^{{tree}}")], what)?;
        let paths = git.run(&["ls-tree", "-r", "-z", "--name-only", theirs], what)?;
        self.tree = Some(tree);
        self.files = Some(paths.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect());
        Ok(())
    }

    /// Commits the files of the output folder and pushes the commit, unless the branch has them
    /// already.
    fn publish(&mut self, options: &Options, report: &mut Report) -> Result<(), Diagnostic> {
        // Keeps builds from changing the output folder.
        let _lock = lock(&options.check.build)?;
        self.retry_in_new_repository(|target| {
            // A new repository has no objects of the remote, which would be sent once more.
            if !target.git.has_commit(&target.theirs) {
                target.read_last_commit(options)?;
            }
            target.commit_and_push(options, report)
        })
    }

    fn commit_and_push(&self, options: &Options, report: &mut Report) -> Result<(), Failure> {
        let root = &options.check.build.root;
        let git = &self.git;
        let (tree, files) = commit::stage(git, root, &options.check.build.output_folder(), &self.added)?;
        report.files = files;
        if self.tree.as_deref() == Some(tree.as_str()) {
            report.commit = Some(self.theirs.clone());
            return Ok(());
        }
        let commit = commit::create(git, root, options.message.as_deref(), &tree, report.check.articles)?;
        report.commit = Some(commit.clone());
        if options.dry_run {
            return Ok(());
        }
        let (branch, theirs) = (&self.branch, &self.theirs);
        let lease = format!("--force-with-lease={branch}:{theirs}");
        let target = format!("{commit}:{branch}");
        let push = ["push", "--quiet", "--no-verify", &lease, "--", &self.remote.address, &target];
        if let Err(diagnostic) = git.connect(self.remote.protocols(), &push, &tr!("push")) {
            return Err(match git.is_damaged() {
                true => Failure::Local(diagnostic),
                false => Failure::Other(diagnostic),
            });
        }
        report.pushed = true;
        // A reference keeps the objects, so that only new ones are sent the next time.
        let update = ["update-ref", repository::DEPLOYED, &commit];
        if let Err(failure) = git.run(&update, &tr!("record the published commit")) {
            let Diagnostic { message, .. } = failure.into_diagnostic();
            let help =
                tr!("the site is published; if this warning appears again, remove .newsprint/deploy.git");
            report.diagnostics.push(Diagnostic::warning(message).help(help));
        }
        let _ = git.run(&["gc", "--auto", "--quiet"], &tr!("collect garbage"));
        Ok(())
    }
}

/// Takes the lock of the digest, which builds take too.
fn lock(build: &pipeline::Options) -> Result<output::Lock, Diagnostic> {
    let state = config::state_folder(&build.root);
    output::Output::new(&build.root, &build.output_folder(), &state, false).lock()
}

/// The base URL of the published site.
///
/// # Errors
/// The settings cannot be read, or the base URL is missing, or no reader can reach it, so that feeds
/// and links would be broken.
fn published_base_url(build: &pipeline::Options) -> Result<BaseUrl, Vec<Diagnostic>> {
    let help = tr!("write `base_url: https://user.github.io/my-digest/`, or deploy with `--base-url URL`");
    if let Some(given) = build.base_url() {
        let base = given.map_err(|problem| vec![problem])?;
        return match is_unreachable(&base) {
            false => Ok(base),
            true => {
                let message = tr!("`--base-url` is {url}, which no reader can reach", url = base.url());
                let help =
                    tr!("give the address of the site, as in `--base-url https://user.github.io/my-digest/`");
                Err(vec![Diagnostic::error(message).help(help)])
            }
        };
    }
    let (config, problems) = load::configuration(&build.root, build.config.as_deref(), build.links);
    if problems.iter().any(Diagnostic::is_error) {
        return Err(problems);
    }
    let message = if config.base_url_is_missing {
        tr!("`base_url` is missing, so feeds and links would point to http://localhost:1111/")
    } else if is_unreachable(&config.base_url) {
        tr!("`base_url` is {url}, which no reader can reach", url = config.base_url.url())
    } else {
        return Ok(config.base_url);
    };
    Err(vec![Diagnostic::error(message).at(Place::file(config::FILE)).help(help)])
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

impl Report {
    /// One line for the terminal.
    #[must_use]
    pub fn summary(&self) -> String {
        let (remote, branch) = (&self.remote, &self.branch);
        let commit =
            self.commit.as_deref().map(|commit| commit.get(..10).unwrap_or(commit)).unwrap_or_default();
        let mut files = tr!("{n} file" | "{n} files" % self.files);
        let findings = self.check.findings.len();
        if findings > 0 && self.success {
            files = tr!(
                "{files} (with {n} finding; `newsprint check` shows them)"
                    | "{files} (with {n} findings; `newsprint check` shows them)" % findings,
                files
            );
        }
        match (self.success, self.pushed, self.dry_run) {
            (false, ..) => tr!("newsprint: not published; the branch is unchanged"),
            (true, true, _) => tr!(
                "newsprint: published {files} to {branch} of {remote} as {commit}",
                files,
                branch,
                remote,
                commit
            ),
            (true, false, true) => {
                tr!("newsprint: would publish {files} to {branch} of {remote}", files, branch, remote)
            }
            (true, false, false) => {
                tr!(
                    "newsprint: {branch} of {remote} already has these {files} ({commit})",
                    branch,
                    remote,
                    files,
                    commit
                )
            }
        }
    }
}
