//! Open folders: what is opened, created, renamed or removed in one is reached without following a
//! symbolic link, even if another process replaces a folder by a link meanwhile.
//!
//! On Unix a folder is a file descriptor, and every name is looked up from it (`openat`). Other
//! systems have no such calls in the standard library: there a folder is a path whose parts are
//! checked before each use, so that a process that replaces them in between is not stopped.

#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod unix;

use std::io;

#[cfg(not(unix))]
pub use other::Folder;
#[cfg(unix)]
pub use unix::Folder;

/// What has a name in a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
    /// A pipe, a device or a socket.
    Other,
}

impl Folder {
    /// What has this name; `None` if nothing has.
    ///
    /// # Errors
    /// The folder cannot be searched.
    pub fn kind(&self, name: &str) -> io::Result<Option<Kind>> {
        match self.kind_of_existing(name) {
            Ok(kind) => Ok(Some(kind)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Opens the folder that holds the file at `path`, and returns the file's name in it.
    ///
    /// # Errors
    /// As for [`Folder::enter`].
    pub fn enter_parent<'p>(&self, path: &'p str) -> io::Result<(Folder, &'p str)> {
        let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
        Ok((self.enter(parent)?, name))
    }

    /// Removes a file, a link, or a folder with all that is in it.
    ///
    /// # Errors
    /// There is nothing with this name, or the disk fails.
    pub fn remove_tree(&self, name: &str) -> io::Result<()> {
        if self.kind(name)? != Some(Kind::Folder) {
            return self.remove_file(name);
        }
        let inner = self.enter(name)?;
        for name in inner.names()? {
            inner.remove_tree(&name)?;
        }
        self.remove_folder(name)
    }

    /// Removes the folder `name` if there is nothing in it but empty folders.
    pub fn remove_empty_tree(&self, name: &str) {
        if let Ok(inner) = self.enter(name) {
            for name in inner.names().unwrap_or_default() {
                if inner.kind(&name).ok().flatten() == Some(Kind::Folder) {
                    inner.remove_empty_tree(&name);
                }
            }
        }
        let _ = self.remove_folder(name);
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::{Read, Write};

    use super::*;

    fn opened(temporary: &tempfile::TempDir) -> Folder {
        Folder::open_real(&temporary.path().canonicalize().unwrap()).unwrap()
    }

    #[test]
    fn files_and_folders_are_created_renamed_and_removed() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = opened(&temporary);
        folder.create_folder("甲").unwrap();
        folder.enter("甲").unwrap().create_folder("b").unwrap();
        let inner = folder.enter("甲/b").unwrap();
        inner.create_file("x").unwrap().write_all(b"1").unwrap();
        assert!(inner.create_file("x").is_err());
        inner.rename("x", "y").unwrap();
        let mut text = String::new();
        folder.open_file("甲/b/y").unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "1");
        assert_eq!(inner.kind("y").unwrap(), Some(Kind::File));
        assert_eq!(inner.kind("x").unwrap(), None);
        assert_eq!(folder.kind("甲").unwrap(), Some(Kind::Folder));
        folder.remove_empty_tree("甲");
        assert!(temporary.path().join("甲/b/y").exists());
        inner.remove_file("y").unwrap();
        folder.remove_empty_tree("甲");
        assert!(!temporary.path().join("甲").exists());
    }

    #[cfg(unix)]
    #[test]
    fn no_name_leads_through_a_symbolic_link() {
        let temporary = tempfile::tempdir().unwrap();
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("x"), "secret").unwrap();
        fs::create_dir(outside.path().join("sub")).unwrap();
        std::os::unix::fs::symlink(outside.path(), temporary.path().join("link")).unwrap();
        std::os::unix::fs::symlink(outside.path().join("x"), temporary.path().join("file")).unwrap();
        let folder = opened(&temporary);
        assert!(folder.enter("link").is_err());
        assert!(folder.enter("link/sub").is_err());
        assert!(folder.open_file("link/x").is_err());
        assert!(folder.open_file("file").is_err());
        std::os::unix::fs::symlink(outside.path().join("none"), temporary.path().join("dangling")).unwrap();
        for link in ["file", "dangling"] {
            assert!(folder.create_file(link).is_err());
            assert!(folder.open_or_create_file(link).is_err());
        }
        assert_eq!(folder.kind("file").unwrap(), Some(Kind::Link));
        assert!(Folder::open_real(&temporary.path().join("link")).is_err());
        // An open folder stays the same one when a link takes its name.
        fs::create_dir(temporary.path().join("a")).unwrap();
        let inner = folder.enter("a").unwrap();
        fs::rename(temporary.path().join("a"), temporary.path().join("moved")).unwrap();
        std::os::unix::fs::symlink(outside.path(), temporary.path().join("a")).unwrap();
        inner.create_file("new").unwrap();
        assert!(temporary.path().join("moved/new").exists() && !outside.path().join("new").exists());
    }

    #[cfg(unix)]
    #[test]
    fn pipes_are_not_opened() {
        let temporary = tempfile::tempdir().unwrap();
        let made = std::process::Command::new("mkfifo").arg(temporary.path().join("pipe")).status();
        assert!(made.is_ok_and(|status| status.success()));
        assert!(opened(&temporary).open_file("pipe").is_err());
    }
}
