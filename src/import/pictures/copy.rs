//! Copies one picture to the folder of an article.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::fs::atomic::{self, Change};
use crate::fs::{Root, SymlinkPolicy};
use crate::import::picture::Picture;
use crate::load::bundle;
use crate::load::pictures::MAX_PICTURE_BYTES;

/// The result of a copy.
#[derive(Debug, PartialEq, Eq)]
pub enum Copied {
    /// The file is new, or has other bytes than before.
    Written,
    /// The article has the picture already.
    Same,
    /// The article has another picture of this name, which stays.
    Other,
}

/// Where a picture is written.
#[derive(Debug, Clone, Copy)]
pub struct To<'a> {
    /// The folder of the digest.
    pub root: &'a Path,
    /// The configuration of the digest.
    pub config: &'a Config,
    /// Whether another picture of the same name is replaced.
    pub replaces: bool,
    /// Whether nothing is written.
    pub dry_run: bool,
}

/// The file of a picture of an article, relative to the digest's root.
#[must_use]
pub fn file(article: &str, name: &str) -> String {
    format!("{}{name}", bundle::folder(article))
}

/// Copies a picture of an old site to `file`, a path below the digest's root.
///
/// # Errors
/// The picture cannot be read, or the file cannot be written.
pub fn copy(picture: &Picture, file: &str, to: To<'_>) -> io::Result<Copied> {
    let bytes = Root::open(&picture.root, SymlinkPolicy::Inside).read(&picture.file, MAX_PICTURE_BYTES)?;
    write(&bytes, file, to)
}

/// Writes the bytes of a picture to `file`, a path below the digest's root. No symbolic link at
/// that path is followed, and none above it that leads out of the digest.
///
/// # Errors
/// The file cannot be written, or a symbolic link is in its place.
pub fn write(bytes: &[u8], file: &str, to: To<'_>) -> io::Result<Copied> {
    let path: PathBuf = to.root.join(file);
    let folder = path.parent().unwrap_or(to.root).to_path_buf();
    let refused = |message| io::Error::new(io::ErrorKind::PermissionDenied, message);
    to.config.links.allow(to.root, &folder, file).map_err(|problem| refused(problem.message))?;
    if fs::symlink_metadata(&path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
        if to.dry_run {
            return Ok(Copied::Written);
        }
        fs::create_dir_all(&folder)?;
        match atomic::create(&path, bytes) {
            // Another program was faster.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            created => {
                created?;
                atomic::sync_folders(to.root, [path.as_path()]);
                return Ok(Copied::Written);
            }
        }
    }
    atomic::update(&path, |old| {
        Ok(match old {
            Some(old) if old == bytes => Change::Keep(Copied::Same),
            Some(_) if !to.replaces => Change::Keep(Copied::Other),
            _ if to.dry_run => Change::Keep(Copied::Written),
            _ => Change::Write(bytes.to_vec(), Copied::Written),
        })
    })
}
