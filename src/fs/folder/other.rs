//! Folders as paths, for systems without `openat` in the standard library.
#![allow(clippy::disallowed_methods)] // Opens files for the other modules.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::fs::folder::Kind;

/// A folder by its path.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// Opens a folder by its absolute path without symbolic links, as `canonicalize` gives it.
    ///
    /// # Errors
    /// There is no such folder, or it is a symbolic link by now.
    pub fn open_real(path: &Path) -> io::Result<Self> {
        match fs::symlink_metadata(path)?.is_dir() {
            true => Ok(Self(path.to_path_buf())),
            false => Err(io::ErrorKind::NotADirectory.into()),
        }
    }

    /// Opens a folder below this one; the empty path is this folder.
    ///
    /// # Errors
    /// There is no such folder, or a part of the path is a symbolic link.
    pub fn enter(&self, path: &str) -> io::Result<Self> {
        let mut folder = self.0.clone();
        for part in path.split('/').filter(|_| !path.is_empty()) {
            folder.push(part);
            if !fs::symlink_metadata(&folder)?.is_dir() {
                return Err(io::ErrorKind::NotADirectory.into());
            }
        }
        Ok(Self(folder))
    }

    /// Opens a regular file below this folder for reading.
    ///
    /// # Errors
    /// There is no such file, a part of the path is a symbolic link, or it cannot be read.
    pub fn open_file(&self, path: &str) -> io::Result<File> {
        let (folder, name) = self.enter_parent(path)?;
        let path = folder.0.join(name);
        if !fs::symlink_metadata(&path)?.is_file() {
            return Err(io::Error::other(tr!("it is not a regular file")));
        }
        File::open(path)
    }

    /// Creates a folder in this one.
    ///
    /// # Errors
    /// The name is taken, or the disk fails.
    pub fn create_folder(&self, name: &str) -> io::Result<()> {
        fs::create_dir(self.0.join(name))
    }

    /// Creates a file in this folder and opens it for writing.
    ///
    /// # Errors
    /// The name is taken, also by a symbolic link, or the disk fails.
    pub fn create_file(&self, name: &str) -> io::Result<File> {
        File::create_new(self.0.join(name))
    }

    /// Opens a file in this folder for reading and writing, or creates it.
    ///
    /// # Errors
    /// The name is a symbolic link, or the disk fails.
    pub fn open_or_create_file(&self, name: &str) -> io::Result<File> {
        let mut options = File::options();
        options.read(true).write(true).create(true).truncate(false);
        // FILE_FLAG_OPEN_REPARSE_POINT: opens a link itself, which is neither read nor written.
        #[cfg(windows)]
        std::os::windows::fs::OpenOptionsExt::custom_flags(&mut options, 0x0020_0000);
        options.open(self.0.join(name))
    }

    /// Renames a file or folder within this folder; replaces a file at `to`.
    ///
    /// # Errors
    /// There is no such file, or `to` is a folder.
    pub fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.0.join(from), self.0.join(to))
    }

    /// Removes a file or link of this folder.
    ///
    /// # Errors
    /// There is no such file, or it is a folder.
    pub fn remove_file(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.0.join(name))
    }

    /// Removes an empty folder in this one.
    ///
    /// # Errors
    /// There is no such folder, or it is not empty.
    pub fn remove_folder(&self, name: &str) -> io::Result<()> {
        fs::remove_dir(self.0.join(name))
    }

    /// The names in this folder that are Unicode.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.0)? {
            names.extend(entry?.file_name().into_string());
        }
        Ok(names)
    }

    /// True if two open folders are the same one; not known on this system.
    #[must_use]
    pub fn is_same(&self, _: &Self) -> bool {
        true
    }

    /// True if nothing is in this folder.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn is_empty(&self) -> io::Result<bool> {
        Ok(fs::read_dir(&self.0)?.next().is_none())
    }

    pub(super) fn kind_of_existing(&self, name: &str) -> io::Result<Kind> {
        let found = fs::symlink_metadata(self.0.join(name))?;
        Ok(match found {
            found if found.is_file() => Kind::File,
            found if found.is_dir() => Kind::Folder,
            found if found.is_symlink() => Kind::Link,
            _ => Kind::Other,
        })
    }
}
