//! Runs git in a repository of newsprint's own, which shares nothing with the digest's: neither its work tree nor its index, hooks,
//! filters or ignored files.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::diagnostic::Diagnostic;

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
            let made = command().args(["init", "--quiet", "--bare", "--template="]).arg(&repository).output();
            said(made, "make a repository for the published tree")?;
        }
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
    std::fs::write(repository.join("config"), CONFIGURATION)
}

/// What git says in the digest's own folder; `None` if it has nothing to say or the folder is in no repository.
pub(super) fn ask(root: &Path, arguments: &[&str]) -> Option<String> {
    let output = command().arg("-C").arg(root).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok().filter(|_| output.status.success())?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// git, without what a hook or an alias that called newsprint has set for its own repository.
fn command() -> Command {
    let mut command = Command::new("git");
    for (name, _) in std::env::vars_os() {
        let of_repository =
            ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX"];
        if name
            .to_str()
            .is_some_and(|name| of_repository.contains(&name) || name.starts_with("GIT_ALTERNATE"))
        {
            command.env_remove(name);
        }
    }
    command.env("LC_ALL", "C");
    command
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
    let told = lines[lines.len().saturating_sub(6)..].join("\n  ");
    let help = "the site is built, and nothing was published; deploy again when the cause is mended";
    Err(Diagnostic::error(format!("git could not {what}:\n  {told}")).help(help))
}
