//! Runs git in newsprint's own repository, which shares nothing with the digest's repository: no
//! work tree, index, hooks, filters or ignored files.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::diagnostic::Diagnostic;
use crate::fs::atomic;

/// Settings of every command. Other values in the user's configuration would change the published
/// bytes.
const SETTINGS: [&str; 9] = [
    "core.autocrlf=false",
    "core.safecrlf=false",
    "core.fileMode=false",
    "core.symlinks=false",
    "core.precomposeUnicode=false",
    "core.attributesFile=",
    "core.excludesFile=",
    "core.hooksPath=/dev/null",
    "commit.gpgSign=false",
];

/// A bare repository with the output folder as its work tree.
pub(super) struct Git {
    repository: PathBuf,
    site: PathBuf,
}

impl Git {
    /// Opens the repository, which is created if it does not exist. Removes what a stranger may
    /// have put into it ([`sanitize`]).
    ///
    /// # Errors
    /// The folder cannot be read or written, or `git init` fails.
    pub(super) fn open(repository: PathBuf, site: PathBuf) -> Result<Self, Diagnostic> {
        if repository.exists() {
            sanitize(&repository).map_err(|error| {
                Diagnostic::error(format!("cannot prepare .newsprint/deploy.git: {error}"))
                    .help("remove .newsprint/deploy.git and deploy again")
            })?;
        }
        if !repository.join("HEAD").is_file() {
            let init = ["init", "--quiet", "--bare", "--template=", "--object-format=sha1"];
            let output = command().args(init).arg(&repository).output();
            read_output(output, "create .newsprint/deploy.git")?;
        }
        // These take precedence over a `.gitattributes` in the output folder.
        let info = repository.join("info");
        std::fs::create_dir_all(&info)
            .and_then(|()| atomic::replace(&info.join("attributes"), ATTRIBUTES.as_bytes()))
            .map_err(|error| Diagnostic::error(format!("{} cannot be written: {error}", info.display())))?;
        Ok(Self { repository, site })
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

    /// Runs a command and returns its trimmed standard output.
    ///
    /// # Errors
    /// The command fails. The message contains `what`, an infinitive such as "push", and the last
    /// six lines of git's error output.
    pub(super) fn run(&self, arguments: &[&str], what: &str) -> Result<String, Diagnostic> {
        read_output(self.command().args(arguments).output(), what)
    }

    /// Like [`run`](Self::run), with `input` on standard input.
    pub(super) fn run_with_input(
        &self,
        arguments: &[&str],
        input: &[u8],
        what: &str,
    ) -> Result<String, Diagnostic> {
        let pipes = |command: &mut Command| {
            let mut child =
                command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
            if let Some(mut stdin) = child.stdin.take() {
                // If git does not read all of it, its error output has the reason.
                let _ = stdin.write_all(input);
            }
            child.wait_with_output()
        };
        read_output(pipes(self.command().args(arguments)), what)
    }

    /// Like [`run`](Self::run), with additional environment variables.
    pub(super) fn run_with_variables(
        &self,
        arguments: &[&str],
        variables: &[(&str, String)],
        what: &str,
    ) -> Result<String, Diagnostic> {
        let mut command = self.command();
        command.args(arguments).envs(variables.iter().map(|(name, value)| (name, value)));
        read_output(command.output(), what)
    }
}

/// Git attributes by which files are published without any conversion.
const ATTRIBUTES: &str = "* -text -eol -filter -ident -working-tree-encoding\n";
/// The complete configuration of the repository. It replaces any other before git reads it.
const CONFIGURATION: &str = "[core]\n\trepositoryformatversion = 0\n\tbare = true\n";
/// The entries of the repository that are kept: data of git, from which git runs no programs.
const KEPT: [&str; 6] = ["HEAD", "config", "index", "objects", "packed-refs", "refs"];

/// Removes everything but data from the repository, because a digest with its `.newsprint` may come
/// from a stranger, and the configuration and hooks of a repository name programs that git runs. A
/// repository with a symbolic link is removed.
fn sanitize(repository: &Path) -> std::io::Result<()> {
    let mut walk = walkdir::WalkDir::new(repository).into_iter().filter_map(Result::ok);
    if walk.any(|entry| entry.path_is_symlink()) {
        return std::fs::remove_dir_all(repository);
    }
    for entry in std::fs::read_dir(repository)? {
        let entry = entry?;
        if !entry.file_name().to_str().is_some_and(|name| KEPT.contains(&name)) {
            match entry.file_type()?.is_dir() {
                true => std::fs::remove_dir_all(entry.path())?,
                false => std::fs::remove_file(entry.path())?,
            }
        }
    }
    for alternates in ["objects/info/alternates", "objects/info/http-alternates"] {
        match std::fs::remove_file(repository.join(alternates)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    atomic::replace(&repository.join("config"), CONFIGURATION.as_bytes())
}

/// Runs git in the digest's own repository and returns its trimmed output. `None` if the command
/// fails, its output is empty or the digest is not in a repository.
pub(super) fn query(root: &Path, arguments: &[&str]) -> Option<String> {
    let output = command().arg("-C").arg(root).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok().filter(|_| output.status.success())?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
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

/// A git command without the environment of another repository and without protocols or bare
/// repositories that name programs to run.
fn command() -> Command {
    let mut command = Command::new("git");
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("GIT_") && !KEPT_VARIABLES.contains(&name)) {
            command.env_remove(name);
        }
    }
    // Excludes protocols whose URLs name a program: `ext::`, `fd::`.
    command.env("GIT_ALLOW_PROTOCOL", "file:git:http:https:ssh").env("LC_ALL", "C");
    // A stranger's digest may contain a folder that looks like a bare repository.
    command.args(["-c", "safe.bareRepository=explicit", "-c", "core.fsmonitor=false"]);
    command
}

/// Checks that git is installed.
///
/// # Errors
/// git is not installed or cannot be run.
pub(super) fn check_installed() -> Result<(), Diagnostic> {
    read_output(command().arg("--version").output(), "print its version").map(|_| ())
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
fn read_output(output: std::io::Result<Output>, what: &str) -> Result<String, Diagnostic> {
    let output = output.map_err(|error| {
        let help = match error.kind() {
            std::io::ErrorKind::NotFound => "install git (https://git-scm.com/downloads)",
            _ => "fix the cause and deploy again",
        };
        let message = match error.kind() {
            std::io::ErrorKind::NotFound => "git is not installed".to_owned(),
            _ => format!("git could not {what}: {error}"),
        };
        Diagnostic::error(message).help(help)
    })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = stderr.lines().filter(|line| !line.trim().is_empty()).collect();
    let last_lines = mask(&lines[lines.len().saturating_sub(6)..].join("\n  "));
    let help = "nothing was published; fix the cause and deploy again";
    Err(Diagnostic::error(format!("git could not {what}:\n  {last_lines}")).help(help))
}
