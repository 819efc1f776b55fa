//! Decides which symbolic links in a digest are followed.

use std::path::Path;

use crate::diagnostic::{Diagnostic, Place};

/// Targets that symbolic links in a digest may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SymlinkPolicy {
    /// Only inside the digest's folder: a digest by another author cannot publish other files of
    /// the user who builds it.
    #[default]
    Inside,
    /// Anywhere: the user passed `--outside-links`.
    Anywhere,
}

impl SymlinkPolicy {
    /// Checks whether `path` in the digest at `root` may be read or created. Of a path that does
    /// not exist, the nearest folder above it that exists decides.
    ///
    /// # Errors
    /// A diagnostic for the file `shown`, if a symbolic link leads out of the digest's folder.
    pub fn allow(self, root: &Path, path: &Path, shown: &str) -> Result<(), Diagnostic> {
        if self == Self::Anywhere {
            return Ok(());
        }
        let mut existing =
            path.ancestors().filter_map(|ancestor| Some((ancestor, ancestor.canonicalize().ok()?)));
        let Some((named, real)) = existing.next() else { return Ok(()) };
        // A hidden file that is named as such, such as `.gitignore`, is not reached through a link.
        let named = named.strip_prefix(root).unwrap_or(named);
        let Ok(root) = root.canonicalize() else { return Ok(()) };
        if let Ok(inside) = real.strip_prefix(&root) {
            if inside == named || !has_hidden_part(inside) {
                return Ok(());
            }
            return Err(Diagnostic::error(
                "a symbolic link leads to a hidden file of the digest, and is not followed",
            )
            .at(Place::file(shown))
            .help(format!(
                "it leads to {}: hidden files, such as `.git` and `.env`, are not published",
                inside.display()
            )));
        }
        Err(Diagnostic::error("a symbolic link leads out of the digest's folder, and is not followed")
            .at(Place::file(shown))
            .help(format!("it leads to {}; pass `--outside-links` to follow it", real.display())))
    }
}

/// True if a part of a path in the digest begins with a dot. The folder `static/.well-known`, which
/// is published (RFC 8615), does not count.
pub(crate) fn has_hidden_part(inside: &Path) -> bool {
    let inside = inside.strip_prefix("static/.well-known").unwrap_or(inside);
    inside.components().any(|part| part.as_os_str().as_encoded_bytes().starts_with(b"."))
}
