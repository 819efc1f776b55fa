//! What a build is asked to do.

use std::path::PathBuf;

use crate::config::BaseUrl;
use crate::diagnostic::Diagnostic;
use crate::fs::SymlinkPolicy;
use crate::watchdog::OnTimeout;

/// What a build is asked to do.
#[derive(Debug, Clone)]
pub struct Options {
    /// The digest's folder.
    pub root: PathBuf,
    /// Another configuration file than `newsprint.yaml` in the root.
    pub config: Option<PathBuf>,
    /// Where the site is written; `public` in the root if not given.
    pub output: Option<PathBuf>,
    /// Instead of the configuration's `base_url`.
    pub base_url: Option<String>,
    /// Build drafts too.
    pub drafts: bool,
    /// Warnings fail the build.
    pub strict: bool,
    /// Take over foreign files that stand where the site wants to write.
    pub force: bool,
    /// Where symbolic links in the digest may lead.
    pub links: SymlinkPolicy,
    /// Is told of a file or a page that does not come to an end, and has to end the process: neither can be interrupted.
    pub on_timeout: Option<OnTimeout>,
}

impl Options {
    /// A plain build of the digest at `root`.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self {
            root: root.into(),
            config: None,
            output: None,
            base_url: None,
            drafts: false,
            strict: false,
            force: false,
            links: SymlinkPolicy::Inside,
            on_timeout: None,
        }
    }

    /// Where the site is written.
    pub(crate) fn output_folder(&self) -> PathBuf {
        self.output.clone().unwrap_or_else(|| self.root.join("public"))
    }

    /// The base URL that was asked for instead of the configuration's.
    pub(crate) fn base_url(&self) -> Option<Result<BaseUrl, Diagnostic>> {
        let help = "write it as `--base-url https://user.github.io/my-digest/`";
        let parsed = BaseUrl::parse(self.base_url.as_deref()?);
        Some(parsed.map_err(|message| Diagnostic::error(message).help(help)))
    }
}
