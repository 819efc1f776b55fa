//! Where symbolic links in a digest may lead.

use std::path::Path;

use crate::diagnostic::{Diagnostic, Place};

/// Where symbolic links in a digest may lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SymlinkPolicy {
    /// Within the digest's folder: what somebody else wrote down must not publish a file of whoever builds it.
    #[default]
    Inside,
    /// Anywhere, as whoever builds it has said.
    Anywhere,
}

impl SymlinkPolicy {
    /// What is wrong with reading `path`, which the digest at `root` calls `shown`: nothing for what is not there.
    ///
    /// # Errors
    /// A symbolic link leads out of the digest's folder.
    pub fn allow(self, root: &Path, path: &Path, shown: &str) -> Result<(), Diagnostic> {
        if self == Self::Anywhere {
            return Ok(());
        }
        let (Ok(root), Ok(real)) = (root.canonicalize(), path.canonicalize()) else { return Ok(()) };
        if real.starts_with(&root) {
            return Ok(());
        }
        Err(Diagnostic::error("a symbolic link leads out of the digest's folder, and is not followed")
            .at(Place::file(shown))
            .help(format!("it leads to {}; if that is wanted, say `--outside-links`", real.display())))
    }
}
