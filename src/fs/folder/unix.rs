//! Folders as file descriptors.

use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Component, Path};

use rustix::fs::{self, AtFlags, CWD, FileType, Mode, OFlags};

use crate::fs::folder::Kind;

/// An open folder.
#[derive(Debug)]
pub struct Folder(OwnedFd);

const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
/// A pipe is opened without waiting for its other end. This changes nothing for regular files.
const FILE: OFlags = OFlags::RDONLY.union(OFlags::NONBLOCK).union(OFlags::CLOEXEC);
const NEW_FILE: OFlags =
    OFlags::RDWR.union(OFlags::CREATE).union(OFlags::EXCL).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

impl Folder {
    /// Opens a folder by its absolute path without symbolic links, as `canonicalize` gives it.
    ///
    /// # Errors
    /// There is no such folder, a part of the path is a symbolic link by now, or it cannot be read.
    pub fn open_real(path: &Path) -> io::Result<Self> {
        let root = Self(fs::openat(CWD, "/", FOLDER, Mode::empty())?);
        let below = path.strip_prefix("/").map_err(|_| io::ErrorKind::InvalidInput)?;
        let below = if below.as_os_str().is_empty() { Path::new(".") } else { below };
        Ok(Self(root.open_below(below, FOLDER)?))
    }

    /// Opens a folder below this one; the empty path is this folder.
    ///
    /// # Errors
    /// There is no such folder, a part of the path is a symbolic link, or it cannot be read.
    pub fn enter(&self, path: &str) -> io::Result<Self> {
        let path = if path.is_empty() { "." } else { path };
        Ok(Self(self.open_below(Path::new(path), FOLDER)?))
    }

    /// Opens a regular file below this folder for reading.
    ///
    /// # Errors
    /// There is no such file, a part of the path is a symbolic link, or it cannot be read.
    pub fn open_file(&self, path: &str) -> io::Result<File> {
        let file = File::from(self.open_below(Path::new(path), FILE)?);
        if !file.metadata()?.is_file() {
            return Err(io::Error::other(tr!("it is not a regular file")));
        }
        Ok(file)
    }

    /// Creates a folder in this one.
    ///
    /// # Errors
    /// The name is taken, or the disk fails.
    pub fn create_folder(&self, name: &str) -> io::Result<()> {
        Ok(fs::mkdirat(&self.0, name, Mode::from_raw_mode(0o777))?)
    }

    /// Creates a file in this folder and opens it for writing.
    ///
    /// # Errors
    /// The name is taken, also by a symbolic link, or the disk fails.
    pub fn create_file(&self, name: &str) -> io::Result<File> {
        Ok(File::from(fs::openat(&self.0, name, NEW_FILE, Mode::from_raw_mode(0o666))?))
    }

    /// Opens a file in this folder for reading and writing, or creates it.
    ///
    /// # Errors
    /// The name is a symbolic link, or the disk fails.
    pub fn open_or_create_file(&self, name: &str) -> io::Result<File> {
        let flags = NEW_FILE.difference(OFlags::EXCL).union(OFlags::NONBLOCK);
        let file = File::from(fs::openat(&self.0, name, flags, Mode::from_raw_mode(0o666))?);
        match file.metadata()?.is_file() {
            true => Ok(file),
            false => Err(io::Error::other(tr!("it is not a regular file"))),
        }
    }

    /// Renames a file or folder within this folder; replaces a file or an empty folder at `to`.
    ///
    /// # Errors
    /// There is no such file, or `to` is a folder that is not empty.
    pub fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        Ok(fs::renameat(&self.0, from, &self.0, to)?)
    }

    /// Removes a file or link of this folder.
    ///
    /// # Errors
    /// There is no such file, or it is a folder.
    pub fn remove_file(&self, name: &str) -> io::Result<()> {
        Ok(fs::unlinkat(&self.0, name, AtFlags::empty())?)
    }

    /// Removes an empty folder in this one.
    ///
    /// # Errors
    /// There is no such folder, or it is not empty.
    pub fn remove_folder(&self, name: &str) -> io::Result<()> {
        Ok(fs::unlinkat(&self.0, name, AtFlags::REMOVEDIR)?)
    }

    /// The names in this folder that are UTF-8.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::Dir::read_from(&self.0)? {
            let entry = entry?;
            match entry.file_name().to_str() {
                Ok("." | "..") | Err(_) => {}
                Ok(name) => names.push(name.to_owned()),
            }
        }
        Ok(names)
    }

    /// True if two open folders are the same one.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let identity = |folder: &Self| fs::fstat(&folder.0).ok().map(|found| (found.st_dev, found.st_ino));
        identity(self).is_some() && identity(self) == identity(other)
    }

    /// True if nothing is in this folder.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn is_empty(&self) -> io::Result<bool> {
        for entry in fs::Dir::read_from(&self.0)? {
            if !matches!(entry?.file_name().to_bytes(), b"." | b"..") {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub(super) fn kind_of_existing(&self, name: &str) -> io::Result<Kind> {
        let found = fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW)?;
        Ok(match FileType::from_raw_mode(found.st_mode) {
            FileType::RegularFile => Kind::File,
            FileType::Directory => Kind::Folder,
            FileType::Symlink => Kind::Link,
            _ => Kind::Other,
        })
    }

    /// Opens `path` below this folder. Linux resolves it in one call.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    fn open_below(&self, path: &Path, flags: OFlags) -> io::Result<OwnedFd> {
        use rustix::fs::ResolveFlags;
        use rustix::io::Errno;
        let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
        match fs::openat2(&self.0, path, flags, Mode::empty(), resolve) {
            // Kernels before 5.6, and containers that filter the call.
            Err(Errno::NOSYS | Errno::PERM | Errno::AGAIN) => self.walk(path, flags),
            opened => Ok(opened?),
        }
    }

    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    fn open_below(&self, path: &Path, flags: OFlags) -> io::Result<OwnedFd> {
        self.walk(path, flags)
    }

    /// Opens the folders of `path` one by one, and then its last part.
    fn walk(&self, path: &Path, flags: OFlags) -> io::Result<OwnedFd> {
        let mut inner: Option<OwnedFd> = None;
        let mut parts = path.components().peekable();
        while let Some(part) = parts.next() {
            if !matches!(part, Component::Normal(_) | Component::CurDir) {
                return Err(io::ErrorKind::InvalidInput.into());
            }
            let flags = if parts.peek().is_some() { FOLDER } else { flags };
            let here = inner.as_ref().unwrap_or(&self.0);
            inner = Some(fs::openat(here, part.as_os_str(), flags | OFlags::NOFOLLOW, Mode::empty())?);
        }
        inner.ok_or_else(|| io::ErrorKind::InvalidInput.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_gives_what_one_call_gives() {
        let temporary = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(temporary.path().join("a/b")).unwrap();
        std::fs::write(temporary.path().join("a/b/x"), "1").unwrap();
        std::os::unix::fs::symlink("b", temporary.path().join("a/link")).unwrap();
        let folder = Folder::open_real(&temporary.path().canonicalize().unwrap()).unwrap();
        for (path, opens) in [
            ("a/b/x", true),
            ("a", true),
            (".", true),
            ("a/link/x", false),
            ("a/link", false),
            ("none", false),
        ] {
            assert_eq!(folder.walk(Path::new(path), FILE).is_ok(), opens, "{path}");
            assert_eq!(folder.open_below(Path::new(path), FILE).is_ok(), opens, "{path}");
        }
        for refused in ["a/../a", "/a", ""] {
            assert!(folder.walk(Path::new(refused), FILE).is_err(), "{refused}");
        }
    }
}
