//! The options of a build.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::config::BaseUrl;
use crate::diagnostic::Diagnostic;
use crate::fs::SymlinkPolicy;
use crate::output::Cancellation;
use crate::watchdog::OnTimeout;

/// The options of a build.
///
/// ```
/// use newsprint::Options;
///
/// let options = Options { drafts: true, strict: true, ..Options::new("my-digest") };
/// assert_eq!(options.root, std::path::Path::new("my-digest"));
/// ```
#[derive(Debug, Clone)]
pub struct Options {
    /// The digest's folder.
    pub root: PathBuf,
    /// The configuration file; `newsprint.yaml` in the root if not given.
    pub config: Option<PathBuf>,
    /// The output folder; `public` in the root if not given.
    pub output: Option<PathBuf>,
    /// A base URL that replaces the configuration's `base_url`.
    pub base_url: Option<String>,
    /// True if drafts are built.
    pub drafts: bool,
    /// True if fonts are loaded although the digest has no social cards, as for a poster.
    pub draws: bool,
    /// The time of the build, which decides the articles that are shown: those of which `publish` is
    /// not later and `expires` is.
    pub now: DateTime<Utc>,
    /// Gives the time of each build of a preview, instead of `now`.
    pub clock: Option<fn() -> DateTime<Utc>>,
    /// True if warnings fail the build.
    pub strict: bool,
    /// True if files in the output folder that newsprint did not write may be replaced.
    pub force: bool,
    /// Which symbolic links in the digest are followed.
    pub links: SymlinkPolicy,
    /// Called when a file or a page takes longer than the time limit. It has to end the process,
    /// since neither can be interrupted.
    pub on_timeout: Option<OnTimeout>,
    /// Stops the writing to the output folder, for a caller that ends the process.
    pub cancellation: Arc<Cancellation>,
}

impl Options {
    /// A plain build of the digest at `root`, at the time of this call.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self {
            root: root.into(),
            config: None,
            output: None,
            base_url: None,
            drafts: false,
            draws: false,
            now: Utc::now(),
            clock: None,
            strict: false,
            force: false,
            links: SymlinkPolicy::Inside,
            on_timeout: None,
            cancellation: Arc::default(),
        }
    }

    /// The time of the next build.
    pub(crate) fn time(&self) -> DateTime<Utc> {
        self.clock.map_or(self.now, |clock| clock())
    }

    /// The output folder.
    pub(crate) fn output_folder(&self) -> PathBuf {
        self.output.clone().unwrap_or_else(|| self.root.join("public"))
    }

    /// Parses the base URL of the options, if there is one.
    pub(crate) fn base_url(&self) -> Option<Result<BaseUrl, Diagnostic>> {
        let help = || tr!("write it as `--base-url https://user.github.io/my-digest/`");
        let parsed = BaseUrl::parse(self.base_url.as_deref()?);
        Some(parsed.map_err(|message| Diagnostic::error(message).help(help())))
    }
}
