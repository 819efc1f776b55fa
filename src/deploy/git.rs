//! Runs git in a repository of newsprint's own, which shares nothing with the digest's: neither its work tree nor its index, hooks,
//! filters or ignored files.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::diagnostic::Diagnostic;
use crate::fs::atomic;

/// Settings that the person's own configuration may have otherwise, and that would change what is published.
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

/// A bare repository, and the published folder as its work tree.
pub(super) struct Git {
    repository: PathBuf,
    site: PathBuf,
}

impl Git {
    /// Opens the repository, and makes it if it is not there.
    ///
    /// # Errors
    /// git is not installed or the folder cannot be made.
    pub(super) fn open(repository: PathBuf, site: PathBuf) -> Result<Self, Diagnostic> {
        if repository.exists() {
            disarm(&repository).map_err(|error| {
                Diagnostic::error(format!(
                    "the repository of what was published cannot be looked after: {error}"
                ))
                .help("remove .newsprint/deploy.git and deploy again")
            })?;
        }
        if !repository.join("HEAD").is_file() {
            let init = ["init", "--quiet", "--bare", "--template=", "--object-format=sha1"];
            let made = command().args(init).arg(&repository).output();
            said(made, "make a repository for the published tree")?;
        }
        // Before any `.gitattributes` in the published folder, which newsprint did not write.
        let attributes = repository.join("info");
        std::fs::create_dir_all(&attributes)
            .and_then(|()| atomic::replace(&attributes.join("attributes"), ATTRIBUTES.as_bytes()))
            .map_err(|error| {
                Diagnostic::error(format!("{} cannot be written: {error}", attributes.display()))
            })?;
        Ok(Self { repository, site })
    }

    fn command(&self) -> Command {
        let mut command = command();
        command.arg("--git-dir").arg(&self.repository).arg("--work-tree").arg(&self.site);
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        // There is no site yet when the branch is looked at.
        command.current_dir(if self.site.is_dir() { &self.site } else { &self.repository });
        command
    }

    /// Runs a command and hands back what it says.
    ///
    /// # Errors
    /// It failed: what git said. `what` tells what was to be done.
    pub(super) fn run(&self, arguments: &[&str], what: &str) -> Result<String, Diagnostic> {
        said(self.command().args(arguments).output(), what)
    }

    /// Runs a command that reads something.
    pub(super) fn feed(&self, arguments: &[&str], input: &[u8], what: &str) -> Result<String, Diagnostic> {
        let pipes = |command: &mut Command| {
            let mut child =
                command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
            if let Some(mut stdin) = child.stdin.take() {
                // Whoever does not read to the end says why.
                let _ = stdin.write_all(input);
            }
            child.wait_with_output()
        };
        said(pipes(self.command().args(arguments)), what)
    }

    /// Runs a command with further variables.
    pub(super) fn run_as(
        &self,
        arguments: &[&str],
        variables: &[(&str, String)],
        what: &str,
    ) -> Result<String, Diagnostic> {
        let mut command = self.command();
        command.args(arguments).envs(variables.iter().map(|(name, value)| (name, value)));
        said(command.output(), what)
    }
}

/// Files are published as they are.
const ATTRIBUTES: &str = "* -text -eol -filter -ident -working-tree-encoding\n";
/// All that the repository's configuration says. What has no place there is gone before git sees it.
const CONFIGURATION: &str = "[core]\n\trepositoryformatversion = 0\n\tbare = true\n";
/// What the repository consists of: notes of git's own, none of which is obeyed.
const KEPT: [&str; 6] = ["HEAD", "config", "index", "objects", "packed-refs", "refs"];

/// A digest may be a stranger's, and its `.newsprint` with it: a repository's configuration and hooks name programs that git runs. What is
/// more than data is taken away; a repository of links is made anew.
fn disarm(repository: &Path) -> std::io::Result<()> {
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
    for borrowed in ["objects/info/alternates", "objects/info/http-alternates"] {
        match std::fs::remove_file(repository.join(borrowed)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    atomic::replace(&repository.join("config"), CONFIGURATION.as_bytes())
}

/// What git says in the digest's own folder; `None` if it has nothing to say or the folder is in no repository.
pub(super) fn ask(root: &Path, arguments: &[&str]) -> Option<String> {
    let output = command().arg("-C").arg(root).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok().filter(|_| output.status.success())?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Variables of git's that say who asks and how a host is reached. All others are of another repository, as when a hook calls newsprint.
const VARIABLES: [&str; 12] = [
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

fn command() -> Command {
    let mut command = Command::new("git");
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("GIT_") && !VARIABLES.contains(&name)) {
            command.env_remove(name);
        }
    }
    // No helper that a URL names: `ext::`, `fd::`.
    command.env("GIT_ALLOW_PROTOCOL", "file:git:http:https:ssh").env("LC_ALL", "C");
    // A folder that looks like a bare repository may have come with a stranger's digest.
    command.args(["-c", "safe.bareRepository=explicit", "-c", "core.fsmonitor=false"]);
    command
}

/// Is there a git?
///
/// # Errors
/// There is none.
pub(super) fn find() -> Result<(), Diagnostic> {
    said(command().arg("--version").output(), "say its version").map(|_| ())
}

/// A text without the names, passwords and queries of the URLs in it.
pub(super) fn masked(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        masked.push_str(before);
        let end = after.find(|c: char| c.is_whitespace() || "'\"<>".contains(c)).unwrap_or(after.len());
        let (url, behind) = after.split_at(end);
        // A password may hold a slash, and then ends at the last `@` all the same.
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

fn said(output: std::io::Result<Output>, what: &str) -> Result<String, Diagnostic> {
    let output = output.map_err(|error| {
        let help = match error.kind() {
            std::io::ErrorKind::NotFound => "install git (https://git-scm.com/downloads)",
            _ => "mend the cause and deploy again",
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
    let said = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = said.lines().filter(|line| !line.trim().is_empty()).collect();
    let told = masked(&lines[lines.len().saturating_sub(6)..].join("\n  "));
    let help = "the site is built, and nothing was published; deploy again when the cause is mended";
    Err(Diagnostic::error(format!("git could not {what}:\n  {told}")).help(help))
}
