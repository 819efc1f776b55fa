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
            return Err(Diagnostic::error(tr!(
                "a symbolic link leads to a hidden file of the digest, and is not followed"
            ))
            .at(Place::file(shown))
            .help(tr!(
                "it leads to {}: hidden files, such as `.git` and `.env`, are not published",
                inside.display()
            )));
        }
        Err(Diagnostic::error(tr!("a symbolic link leads out of the digest's folder, and is not followed"))
            .at(Place::file(shown))
            .help(tr!("it leads to {}; pass `--outside-links` to follow it", real.display())))
    }
}

/// True if a part of a path in the digest begins with a dot. The folder `static/.well-known`, which
/// is published (RFC 8615), does not count.
pub(crate) fn has_hidden_part(inside: &Path) -> bool {
    let inside = inside.strip_prefix("static/.well-known").unwrap_or(inside);
    inside.components().any(|part| part.as_os_str().as_encoded_bytes().starts_with(b"."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_with_a_dot_is_hidden_except_for_the_published_folder() {
        for hidden in [
            ".git/config",
            "a/.env",
            "static/.well-known/.env",
            "static/.well-known2/a",
            "a/static/.well-known/b",
        ] {
            assert!(has_hidden_part(Path::new(hidden)), "{hidden}");
        }
        for plain in ["a", "static/a.b", "static/.well-known", "static/.well-known/a/b"] {
            assert!(!has_hidden_part(Path::new(plain)), "{plain}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_hidden_file_is_reached_by_its_own_name_only() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for path in [".git/config", "static/.well-known/a", "shared/b"] {
            std::fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
            std::fs::write(root.join(path), "x").unwrap();
        }
        for (target, link) in [
            (".git", ".link"),
            ("../.git/config", "static/.htaccess"),
            ("../shared", "static/.dir"),
            ("a", "static/.well-known/c"),
        ] {
            symlink(target, root.join(link)).unwrap();
        }
        let allowed = |path: &str| SymlinkPolicy::Inside.allow(root, &root.join(path), path).is_ok();
        for path in
            [".git/config", ".git/new", ".new", "static/.dir/b", "static/.well-known/c", "shared/none"]
        {
            assert!(allowed(path), "{path}");
        }
        for path in [".link/config", ".link/new", "static/.htaccess"] {
            assert!(!allowed(path), "{path}");
            assert!(SymlinkPolicy::Anywhere.allow(root, &root.join(path), path).is_ok(), "{path}");
        }
    }
}
