//! Makes the smaller copies of pictures, and keeps them for later builds.
//!
//! The folder `.newsprint/pictures/` has a file for each copy, named by the fingerprint of its
//! picture, its width, its quality and the version of the coder, and the file `index`: the copies
//! of each picture, or why it has none. A copy that is missing there is made again from its picture
//! when it is published.

use std::collections::{BTreeMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::config::Images;
use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::fs::{Folder, Root, sealed};
use crate::image::scale::{self, Problem};
use crate::load::pictures::{Picture, PictureCopy, shown_at};
use crate::load::theme::StaticFile;
use crate::paths;
use crate::watchdog::{Task, Watchdog};

/// The folder of finished copies, in the state folder.
const FOLDER: &str = "pictures";

/// The name of the file with the copies of each picture.
const INDEX: &str = "index";

/// Version of the index. Increase it with every change of [`Entry`].
const INDEX_VERSION: u32 = 1;

/// Pixels of a picture above which no other one is decoded at the same time.
const LARGE_PIXELS: u64 = 4_000_000;

/// Bytes of a file above which no other picture is decoded at the same time.
const LARGE_BYTES: usize = 8 << 20;

/// What a build may do with the folder of finished copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It makes copies, and removes those that it does not need: the build of a site.
    Own,
    /// It makes copies: a preview.
    Share,
    /// It uses the copies that are there: a check.
    Read,
}

/// The copies of a picture, or why it has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Entry {
    Copies(Vec<Made>),
    TooLarge(u32, u32),
    /// The decoder's message, which is English in every language of newsprint.
    Undecodable(String),
}

/// A copy that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Made {
    width: u32,
    height: u32,
    /// True if it has fewer bytes than the picture. Others are not published.
    is_smaller: bool,
}

type Index = BTreeMap<Fingerprint, Entry>;

/// Makes copies of pictures.
struct Copier<'a> {
    settings: &'a Images,
    folder: PathBuf,
    /// Held while a large picture is decoded.
    turn: Arc<Mutex<()>>,
    watchdog: &'a Watchdog,
}

/// Gives each of the pictures its copies, made now or by an earlier build. `state` is the state
/// folder. Returns how many were made now, and warnings of pictures that have none.
pub fn make(
    root: &Root,
    pictures: Vec<&mut Picture>,
    settings: &Images,
    (state, access): (&Path, Access),
    watchdog: &Watchdog,
) -> (usize, Vec<Diagnostic>) {
    let folder = state.join(FOLDER);
    let copier = Copier { settings, folder, turn: Arc::default(), watchdog };
    let known: Index = read_index(&copier.folder);
    let found: Vec<Option<(Fingerprint, Entry, usize)>> = pictures
        .par_iter()
        .map(|picture| {
            let key = copier.key(picture);
            match known.get(&key) {
                Some(entry) => Some((key, entry.clone(), 0)),
                None if access == Access::Read => None,
                None => {
                    let entry = copier.make(picture)?;
                    let made = if let Entry::Copies(copies) = &entry { copies.len() } else { 0 };
                    Some((key, entry, made))
                }
            }
        })
        .collect();
    let made = found.iter().flatten().map(|(.., made)| made).sum();
    let mut diagnostics = Vec::new();
    let mut index = Index::new();
    let mut files = HashSet::from([INDEX.to_owned()]);
    for (picture, found) in pictures.into_iter().zip(found) {
        let Some((key, entry, _)) = found else { continue };
        match &entry {
            Entry::Copies(copies) => {
                files.extend(copies.iter().map(|made| copier.copy_key(picture, made.width).to_string()));
                copier.add(picture, copies);
            }
            problem => diagnostics.extend(warning(root, picture, problem)),
        }
        index.insert(key, entry);
    }
    match access {
        Access::Own => {
            if index != known {
                write_index(&copier.folder, &index);
            }
            retain(&copier.folder, &files);
        }
        Access::Share if made > 0 => write_index(&copier.folder, &known.into_iter().chain(index).collect()),
        Access::Share | Access::Read => {}
    }
    (made, diagnostics)
}

impl Copier<'_> {
    /// The key of a picture in the index.
    fn key(&self, picture: &Picture) -> Fingerprint {
        let Images { widths, quality } = self.settings;
        Fingerprint::of(&("copies", scale::VERSION, picture.file.fingerprint, widths, quality))
    }

    /// The key of one copy: the name of its file.
    fn copy_key(&self, picture: &Picture, width: u32) -> Fingerprint {
        Fingerprint::of(&("copy", scale::VERSION, picture.file.fingerprint, width, self.settings.quality))
    }

    /// Makes the copies of a picture. `None` if its file changed during the build.
    fn make(&self, picture: &Picture) -> Option<Entry> {
        let pixels = picture.size.map(|(width, height)| u64::from(width) * u64::from(height));
        let wait = || self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut turn = pixels.is_none_or(|pixels| pixels > LARGE_PIXELS).then(wait);
        let bytes = picture.file.bytes().ok()?;
        if bytes.len() > LARGE_BYTES {
            turn.get_or_insert_with(wait);
        }
        let _entered = self.watchdog.enter(Task::File(&picture.place.path));
        let length = bytes.len();
        let mut made = Vec::new();
        let scaled = scale::scale(bytes, &self.settings.widths, self.settings.quality, |copy| {
            let is_smaller = copy.bytes.len() < length;
            made.push(Made { width: copy.width, height: copy.height, is_smaller });
            if is_smaller {
                let path = self.folder.join(self.copy_key(picture, copy.width).to_string());
                // Else it is made again when it is published.
                let _ = sealed::write_data(&path, copy.bytes);
            }
        });
        drop(turn);
        Some(match scaled {
            Ok(()) => Entry::Copies(made),
            Err(Problem::TooLarge(width, height)) => Entry::TooLarge(width, height),
            Err(Problem::Undecodable(reason)) => Entry::Undecodable(reason),
        })
    }

    /// Adds its copies to a picture.
    fn add(&self, picture: &mut Picture, copies: &[Made]) {
        let own_width = picture.size.map_or(0, |(width, _)| width);
        picture.copies = copies
            .iter()
            .filter(|made| made.is_smaller)
            .filter_map(|made| {
                let key = self.copy_key(picture, made.width);
                let name = copy_name(&picture.name, key, made.width)?;
                let file = StaticFile::made(key, self.bytes_of(picture, made.width, key));
                Some(PictureCopy { name, width: made.width, file })
            })
            .collect();
        // Where its own copy would have more bytes, a picture is its own largest copy.
        let is_own = |made: &Made| made.width == own_width && !made.is_smaller;
        picture.is_own_copy = !picture.copies.is_empty() && copies.iter().any(is_own);
    }

    /// Reads a finished copy, or makes it again.
    fn bytes_of(
        &self,
        picture: &Picture,
        width: u32,
        key: Fingerprint,
    ) -> impl Fn() -> io::Result<Vec<u8>> + Send + Sync + use<> {
        let (path, turn) = (self.folder.join(key.to_string()), Arc::clone(&self.turn));
        let (file, quality) = (picture.file.clone(), self.settings.quality);
        move || {
            if let Some(bytes) = sealed::read_data(&path) {
                return Ok(bytes);
            }
            let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
            let mut made = None;
            let scaled = scale::scale(file.bytes()?, &[width], quality, |copy| made = Some(copy.bytes));
            scaled.map_err(|problem| io::Error::other(problem.to_string()))?;
            made.ok_or_else(|| io::Error::other(tr!("it has no copy")))
        }
    }
}

/// The name of a copy, beside its picture: `p.1a2b3c4d-480.webp` for `p.png`. The digits depend on
/// the name as well, since `p.jpg` may be the same picture. `None` if it is too long.
fn copy_name(picture: &str, key: Fingerprint, width: u32) -> Option<String> {
    let (stem, _) = picture.rsplit_once('.')?;
    let digits = &Fingerprint::of(&(picture, key)).to_string()[..8];
    Some(format!("{stem}.{digits}-{width}.webp")).filter(|name| paths::unstorable(name).is_none())
}

/// The warning of a picture without copies, at the line that shows it.
fn warning(root: &Root, picture: &Picture, problem: &Entry) -> Option<Diagnostic> {
    let path = &picture.place.path;
    let (message, help) = match problem {
        Entry::Copies(_) => return None,
        Entry::TooLarge(width, height) => (
            tr!("`{path}` has {width} × {height} pixels: too many for smaller copies", path, width, height),
            tr!(
                "make it smaller: at most 40 megapixels, 12 for a progressive JPEG, 16 for a WebP, 8 for a GIF"
            ),
        ),
        Entry::Undecodable(reason) => (
            tr!("`{path}` cannot be decoded, and has no smaller copies: {reason}", path, reason),
            tr!("open it in an image editor and save it again"),
        ),
    };
    Some(Diagnostic::warning(message).at(shown_at(root, &picture.article, path)).help(help))
}

fn read_index(folder: &Path) -> Index {
    let stored: Option<(u32, Index)> = sealed::read(&folder.join(INDEX));
    stored.filter(|(version, _)| *version == INDEX_VERSION).map(|(_, index)| index).unwrap_or_default()
}

fn write_index(folder: &Path, index: &Index) {
    let _ = sealed::write(&folder.join(INDEX), &(INDEX_VERSION, index));
}

/// Removes all files but these.
fn retain(folder: &Path, names: &HashSet<String>) {
    let Ok(folder) = Folder::open_real(folder) else { return };
    for name in folder.names().unwrap_or_default() {
        if !names.contains(&name) {
            let _ = folder.remove_file(&name);
        }
    }
}
