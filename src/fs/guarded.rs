//! Reads files that may have come with a stranger's digest: what was opened is judged, not its
//! name.
//!
//! clippy refuses `std::fs::read` and `File::open` elsewhere (`clippy.toml`): a name in a digest
//! may be a symbolic link out of it, a pipe that never ends, or larger than the memory.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::fs::symlinks::has_hidden_part;
use crate::fs::{Folder, SymlinkPolicy};

/// The largest file that newsprint keeps for itself, in bytes: caches, manifests, its index. The
/// largest one of a digest of 10,000 articles has 10 MB.
pub const MAX_STATE_BYTES: u64 = 256 << 20;

/// Opens a file that newsprint itself wrote, such as a cache.
///
/// # Errors
/// It is missing, a symbolic link, a file with a second name (which may be outside of the digest),
/// or not a regular file.
pub fn open(path: &Path) -> io::Result<File> {
    let file = open_regular(path, false)?;
    if has_second_name(&file.metadata()?) {
        return Err(io::Error::other(tr!("it has a second name, which may be outside of the digest")));
    }
    Ok(file)
}

/// Reads a file that newsprint itself wrote, of at most `limit` bytes.
///
/// # Errors
/// As for [`open()`], and if the file is larger.
pub fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    read_open(open(path)?, limit)
}

/// Reads a text that newsprint itself wrote, of at most `limit` bytes.
///
/// # Errors
/// As for [`read`], and if the file is not UTF-8.
pub fn read_text(path: &Path, limit: u64) -> io::Result<String> {
    String::from_utf8(read(path, limit)?).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// Reads a file that the user named, of at most `limit` bytes. Symbolic links are followed.
///
/// # Errors
/// It cannot be read, is larger, or is not a regular file.
pub fn read_named(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    read_open(open_regular(path, true)?, limit)
}

/// Reads an open file of at most `limit` bytes.
///
/// # Errors
/// It is larger, or the disk fails.
pub fn read_open(file: File, limit: u64) -> io::Result<Vec<u8>> {
    let too_large = || {
        let message = tr!("it is larger than the {} KB that are allowed", limit >> 10);
        io::Error::new(io::ErrorKind::FileTooLarge, message)
    };
    let length = file.metadata()?.len();
    if length > limit {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default() + 1);
    // A file may grow while it is read.
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(too_large()) } else { Ok(bytes) }
}

/// The folder of a digest, whose files are opened as far as the policy for symbolic links allows.
#[derive(Debug)]
pub struct Root {
    path: PathBuf,
    /// The path without symbolic links, and the open folder; `None` if there is no such folder.
    opened: Option<(PathBuf, Folder)>,
    links: SymlinkPolicy,
}

impl Root {
    /// Opens the folder of a digest. If there is no such folder, it has no files.
    #[must_use]
    pub fn open(path: &Path, links: SymlinkPolicy) -> Self {
        let open = |real: PathBuf| Folder::open_real(&real).map(|folder| (real, folder));
        Self { path: path.to_path_buf(), opened: path.canonicalize().and_then(open).ok(), links }
    }

    /// The path of a file of the digest, for its size and times.
    #[must_use]
    pub fn path(&self, file: &str) -> PathBuf {
        self.path.join(file)
    }

    /// Opens a source file by its path in the digest, with `/`. A symbolic link is followed as far
    /// as the policy allows; the file that it led to is then opened without following any link, so
    /// that a link that is exchanged in between leads nowhere else.
    ///
    /// # Errors
    /// It is missing, not a regular file, or a symbolic link leads out of the digest.
    pub fn open_file(&self, path: &str) -> io::Result<File> {
        if self.links == SymlinkPolicy::Anywhere {
            return open_regular(&self.path.join(path), true);
        }
        let (real_root, folder) = self.opened.as_ref().ok_or(io::ErrorKind::NotFound)?;
        folder.open_file(path).or_else(|error| {
            // Without a link on the way, the error is what it says.
            let real = self.path.join(path).canonicalize()?;
            let Ok(inside) = real.strip_prefix(real_root) else {
                return Err(io::Error::other(tr!("a symbolic link leads out of the digest's folder")));
            };
            if has_hidden_part(inside) {
                return Err(io::Error::other(tr!("a symbolic link leads to a hidden file of the digest")));
            }
            let inside = inside.to_str().filter(|inside| *inside != path).ok_or(error)?;
            folder.open_file(&inside.replace(std::path::MAIN_SEPARATOR, "/"))
        })
    }

    /// Reads a source file of at most `limit` bytes.
    ///
    /// # Errors
    /// As for [`Root::open_file`], and if the file is larger.
    pub fn read(&self, path: &str, limit: u64) -> io::Result<Vec<u8>> {
        read_open(self.open_file(path)?, limit)
    }
}

/// Opens a regular file without waiting for the other end of a pipe.
#[allow(clippy::disallowed_methods)] // Every other module opens files through this one.
pub(super) fn open_regular(path: &Path, follow: bool) -> io::Result<File> {
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    {
        let no_follow = if follow { 0 } else { libc::O_NOFOLLOW };
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK | no_follow);
    }
    #[cfg(not(unix))]
    {
        let found = if follow { std::fs::metadata(path)? } else { std::fs::symlink_metadata(path)? };
        if !found.is_file() {
            return Err(io::Error::other(tr!("it is not a regular file")));
        }
    }
    let file = options.open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other(tr!("it is not a regular file")));
    }
    Ok(file)
}

/// True if a file has another name (a hard link), which may be outside of the digest.
#[cfg(unix)]
#[must_use]
pub fn has_second_name(found: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(found) > 1
}

/// True if a file has another name; not known on this system.
#[cfg(not(unix))]
#[must_use]
pub fn has_second_name(_: &Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_file_is_read_up_to_its_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, "12345").unwrap();
        assert_eq!(read(&path, 5).unwrap(), b"12345");
        assert_eq!(read(&path, 4).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        assert_eq!(read_text(&path, 5).unwrap(), "12345");
        assert!(read(folder.path(), 5).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn links_and_pipes_are_not_read_as_files_of_newsprint() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("file"), "x").unwrap();
        std::os::unix::fs::symlink(at("file"), at("soft")).unwrap();
        assert!(read(&at("soft"), 9).is_err());
        assert_eq!(read_named(&at("soft"), 9).unwrap(), b"x");
        fs::hard_link(at("file"), at("hard")).unwrap();
        assert!(read(&at("hard"), 9).is_err() && read(&at("file"), 9).is_err());
        std::process::Command::new("mkfifo").arg(at("pipe")).status().unwrap();
        assert!(read(&at("pipe"), 9).is_err() && read_named(&at("pipe"), 9).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_source_is_opened_inside_the_digest_only() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let (digest, outside) = (folder.path().join("digest"), folder.path().join("outside"));
        fs::create_dir_all(digest.join("content")).unwrap();
        fs::create_dir(&outside).unwrap();
        fs::write(outside.join("secret"), "secret").unwrap();
        fs::write(digest.join("content/a"), "a").unwrap();
        symlink("a", digest.join("content/relative")).unwrap();
        symlink(digest.join("content/a"), digest.join("content/absolute")).unwrap();
        symlink(outside.join("secret"), digest.join("content/out")).unwrap();
        symlink(&outside, digest.join("folder")).unwrap();
        let root = Root::open(&digest, SymlinkPolicy::Inside);
        for inside in ["content/a", "content/relative", "content/absolute"] {
            assert_eq!(root.read(inside, 9).unwrap(), b"a", "{inside}");
        }
        for out in ["content/out", "folder/secret", "../outside/secret"] {
            assert!(root.read(out, 9).is_err(), "{out}");
        }
        assert_eq!(root.read("content/none", 9).unwrap_err().kind(), io::ErrorKind::NotFound);
        let anywhere = Root::open(&digest, SymlinkPolicy::Anywhere);
        assert_eq!(anywhere.read("content/out", 9).unwrap(), b"secret");
    }
}
