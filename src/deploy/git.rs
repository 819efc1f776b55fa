//! Runs git in newsprint's own repository, which shares nothing with the digest's repository: no
//! work tree, index, hooks, filters or ignored files.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::deploy::repository;
use crate::diagnostic::Diagnostic;
use crate::fs::state;

/// Settings of every command. Other values in the user's configuration would change the published
/// bytes.
const SETTINGS: [&str; 12] = [
    "core.autocrlf=false",
    "core.safecrlf=false",
    "core.fileMode=false",
    "core.symlinks=false",
    "core.precomposeUnicode=false",
    "core.attributesFile=",
    "core.excludesFile=",
    "core.hooksPath=/dev/null",
    "commit.gpgSign=false",
    // The next deployment removes packed references, and the lock files of anything that still
    // runs.
    "gc.packRefs=false",
    "gc.autoDetach=false",
    "maintenance.auto=false",
];

/// A bare repository with the output folder as its work tree.
pub(super) struct Git {
    repository: PathBuf,
    site: PathBuf,
}

/// A step that failed.
#[derive(Debug)]
pub(super) enum Failure {
    /// A command that uses newsprint's repository and the site alone. It may succeed in a new
    /// repository.
    Local(Diagnostic),
    /// Anything else: the remote, the branch, the settings.
    Other(Diagnostic),
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Other(diagnostic)
    }
}

impl Failure {
    pub(super) fn into_diagnostic(self) -> Diagnostic {
        let (Self::Local(diagnostic) | Self::Other(diagnostic)) = self;
        diagnostic
    }
}

/// The help for a command that fails although the repository is new.
const LOCAL_HELP: &str = marked!(
    "nothing was published; make .newsprint writable and the output folder readable, make room on the disk, and deploy again"
);
const REMOTE_HELP: &str = marked!(
    "nothing was published; check the address of the remote, the connection and your access, and deploy again"
);

impl Git {
    /// Opens the repository. Removes from it what is not data, and replaces it by a new one if it
    /// is damaged ([`repository::prepare`]). The caller holds the lock of the digest.
    ///
    /// # Errors
    /// The folder cannot be read or written, or `git init` fails.
    pub(super) fn open(repository: PathBuf, site: PathBuf) -> Result<Self, Diagnostic> {
        let git = Self { repository, site };
        repository::prepare(&git.repository).map_err(|error| unwritable(&error))?;
        git.create()?;
        if git.run(&["for-each-ref", "--count=1"], &tr!("read .newsprint/deploy.git")).is_err() {
            git.recreate()?;
        }
        Ok(git)
    }

    /// Replaces the repository by a new one.
    ///
    /// # Errors
    /// As for [`open`](Self::open).
    pub(super) fn recreate(&self) -> Result<(), Diagnostic> {
        repository::remove(&self.repository).map_err(|error| unwritable(&error))?;
        self.create()
    }

    /// Creates the repository unless it exists, and writes its attributes.
    fn create(&self) -> Result<(), Diagnostic> {
        if !self.repository.join("HEAD").is_file() {
            let init = ["init", "--quiet", "--bare", "--template=", "--object-format=sha1"];
            let output = command().args(init).arg(&self.repository).output();
            read_output(output, &tr!("create .newsprint/deploy.git"), LOCAL_HELP)?;
        }
        // These take precedence over a `.gitattributes` in the output folder.
        state::replace(&self.repository.join("info/attributes"), ATTRIBUTES.as_bytes())
            .map_err(|error| unwritable(&error))
    }

    fn command(&self) -> Command {
        let mut command = command();
        command.arg("--git-dir").arg(&self.repository).arg("--work-tree").arg(&self.site);
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        // The branch is read before the first build has created the output folder.
        command.current_dir(if self.site.is_dir() { &self.site } else { &self.repository });
        command
    }

    /// Runs a command that uses this repository alone, and returns its trimmed standard output.
    ///
    /// # Errors
    /// The command fails. The message contains `what`, an infinitive such as "write the tree", and
    /// the last six lines of git's error output.
    pub(super) fn run(&self, arguments: &[&str], what: &str) -> Result<String, Failure> {
        self.run_with_variables(arguments, &[], what)
    }

    /// Like [`run`](Self::run), with `input` on standard input.
    pub(super) fn run_with_input(
        &self,
        arguments: &[&str],
        input: &[u8],
        what: &str,
    ) -> Result<String, Failure> {
        let pipes = |command: &mut Command| {
            let mut child =
                command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
            if let Some(mut stdin) = child.stdin.take() {
                // If git does not read all of it, its error output has the reason.
                let _ = stdin.write_all(input);
            }
            child.wait_with_output()
        };
        read_output(pipes(self.command().args(arguments)), what, LOCAL_HELP).map_err(Failure::Local)
    }

    /// Like [`run`](Self::run), with additional environment variables.
    pub(super) fn run_with_variables(
        &self,
        arguments: &[&str],
        variables: &[(&str, String)],
        what: &str,
    ) -> Result<String, Failure> {
        let mut command = self.command();
        command.args(arguments).envs(variables.iter().map(|(name, value)| (name, value)));
        read_output(command.output(), what, LOCAL_HELP).map_err(Failure::Local)
    }

    /// Runs a command that connects to a remote by one of these protocols.
    ///
    /// # Errors
    /// As for [`run`](Self::run).
    pub(super) fn connect(
        &self,
        protocols: &str,
        arguments: &[&str],
        what: &str,
    ) -> Result<String, Diagnostic> {
        let output = self.command().args(arguments).env(ALLOWED_PROTOCOLS, protocols).output();
        read_output(output, what, REMOTE_HELP)
    }

    /// Whether the repository has a commit and its tree.
    pub(super) fn has_commit(&self, hash: &str) -> bool {
        self.run(&["cat-file", "-e", &format!("{hash}^{{tree}}")], &tr!("find a commit")).is_ok()
    }

    /// Whether an object or the index is damaged. Reads all of them.
    pub(super) fn is_damaged(&self) -> bool {
        self.run(&["fsck", "--no-dangling", "--no-progress"], &tr!("check .newsprint/deploy.git")).is_err()
    }
}

/// The error for newsprint's repository if it cannot be removed or written.
fn unwritable(error: &std::io::Error) -> Diagnostic {
    Diagnostic::error(tr!("cannot prepare .newsprint/deploy.git: {error}", error)).help(tr!(LOCAL_HELP))
}

/// Git attributes by which files are published without any conversion.
const ATTRIBUTES: &str = "* -text -eol -filter -ident -working-tree-encoding\n";
/// Runs git in the digest's own repository and returns its trimmed output. `None` if the command
/// fails, its output is empty or the digest is not in a repository.
pub(super) fn query(root: &Path, arguments: &[&str]) -> Option<String> {
    let output = command().arg("-C").arg(root).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok().filter(|_| output.status.success())?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// The address that replaces this one by the user's own configuration (`url.<base>.insteadOf`),
/// without that of the digest's repository.
pub(super) fn replace_prefix(address: &str) -> Option<String> {
    let arguments = ["--git-dir=/dev/null", "ls-remote", "--get-url", "--", address];
    let output = command().args(arguments).output();
    read_output(output, &tr!("replace the prefix of the address"), REMOTE_HELP).ok()
}

/// Environment variables of git that are kept: they set the author and the connection to a host.
/// All others may refer to another repository, for example if a hook runs newsprint.
const KEPT_VARIABLES: [&str; 12] = [
    "GIT_ASKPASS",
    "GIT_AUTHOR_EMAIL",
    "GIT_AUTHOR_NAME",
    "GIT_COMMITTER_EMAIL",
    "GIT_COMMITTER_NAME",
    "GIT_EXEC_PATH",
    "GIT_HTTP_USER_AGENT",
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_SSH_VARIANT",
    "GIT_SSL_CAINFO",
    "GIT_TERMINAL_PROMPT",
];

/// The variable with the protocols that git may use.
const ALLOWED_PROTOCOLS: &str = "GIT_ALLOW_PROTOCOL";

/// A git command without the environment of another repository, without bare repositories that git
/// finds by itself, and without a connection to any remote.
fn command() -> Command {
    let mut command = Command::new("git");
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("GIT_") && !KEPT_VARIABLES.contains(&name)) {
            command.env_remove(name);
        }
    }
    command.env(ALLOWED_PROTOCOLS, "none").env("LC_ALL", "C");
    // A stranger's digest may contain a folder that looks like a bare repository.
    command.args(["-c", "safe.bareRepository=explicit", "-c", "core.fsmonitor=false"]);
    command
}

/// Checks that git is installed.
///
/// # Errors
/// git is not installed or cannot be run.
pub(super) fn check_installed() -> Result<(), Diagnostic> {
    read_output(command().arg("--version").output(), &tr!("print its version"), marked!("repair git"))
        .map(|_| ())
}

/// The text without the user names, passwords and queries of its URLs.
pub(super) fn mask(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        masked.push_str(before);
        let end = after.find(|c: char| c.is_whitespace() || "'\"<>".contains(c)).unwrap_or(after.len());
        let (url, behind) = after.split_at(end);
        // A password may contain a slash, so that the host begins after the last `@`.
        let host = url.rsplit_once('@').map_or(url, |(_, host)| host);
        match host.split_once('?') {
            Some((path, _)) => {
                masked.push_str(path);
                masked.push_str("?…");
            }
            None => masked.push_str(host),
        }
        rest = behind;
    }
    masked.push_str(rest);
    masked
}

/// The trimmed standard output of a command, or its failure as a diagnostic: see [`Git::run`].
/// `help` is a text of `marked!`.
fn read_output(output: std::io::Result<Output>, what: &str, help: &str) -> Result<String, Diagnostic> {
    let output = output.map_err(|error| {
        let (message, help) = match error.kind() {
            std::io::ErrorKind::NotFound => {
                (tr!("git is not installed"), tr!("install git (https://git-scm.com/downloads)"))
            }
            _ => (tr!("git could not {what}: {error}", what, error), tr!(help)),
        };
        Diagnostic::error(message).help(help)
    })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = stderr.lines().filter(|line| !line.trim().is_empty()).collect();
    let last_lines = mask(&lines[lines.len().saturating_sub(6)..].join("\n  "));
    Err(Diagnostic::error(tr!("git could not {what}:\n  {last_lines}", what, last_lines)).help(tr!(help)))
}
