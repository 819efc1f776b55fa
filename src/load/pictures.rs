//! Reads the pictures of articles: their sizes, so that pages reserve the space, and whether they
//! are pictures at all.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use imagesize::ImageType;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use rayon::prelude::*;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::Fingerprint;
use crate::fs::Root;
use crate::load::theme::StaticFile;
use crate::load::{bundle, metadata, source, svg};
use crate::paths;
use crate::text::lines::LinedText;
use crate::watchdog::{Task, Watchdog};

/// Bytes at the beginning of a picture that are read for its size. A JPEG has its size behind its
/// metadata.
const MAX_HEAD_BYTES: u64 = 1 << 20;

/// Maximum size of an SVG in bytes: it is parsed as a whole.
const MAX_SVG_BYTES: u64 = 4 << 20;

/// Bytes at the beginning of an SVG in which its root element begins.
const MAX_SVG_START: usize = 4096;

/// What links in articles have percent-encoded: all but the unreserved characters (RFC 3986, section
/// 2.3).
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Maximum size of a picture in bytes: it is in memory as a whole when it is published.
pub(crate) const MAX_PICTURE_BYTES: u64 = 50 << 20;

/// A picture of an article.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Path of the article's file, relative to the digest's root.
    pub article: String,
    /// Path below the article's page, in Normalization Form C: `p.png`, `charts/p.png`.
    pub name: String,
    /// The file.
    pub file: StaticFile,
    /// The place of the file, for errors.
    pub place: Place,
    /// Width and height in CSS pixels, if the file says them.
    pub size: Option<(u32, u32)>,
    /// Its smaller copies, ascending by width.
    pub copies: Vec<PictureCopy>,
    /// True if the picture itself takes the place of its largest copy, which would have more bytes.
    pub is_own_copy: bool,
}

/// A smaller copy of a picture.
#[derive(Debug, Clone)]
pub struct PictureCopy {
    /// Path below the article's page.
    pub name: String,
    /// Width in pixels.
    pub width: u32,
    /// The file.
    pub file: StaticFile,
}

/// Assigns the files beside articles to them: each picture belongs to the article with the nearest
/// folder around it. Returns the pictures (path of the article, path of the file) and the other
/// files.
pub(super) fn assign(
    articles: &[String],
    beside: Vec<String>,
    config: &Config,
) -> (Vec<(String, String)>, Vec<String>) {
    if beside.is_empty() {
        return (Vec::new(), beside);
    }
    let mut folders: HashMap<String, &String> = HashMap::with_capacity(articles.len());
    // `a.md` and `a/index.md` share a folder, as do translations: the first of them has its pictures.
    for article in articles {
        for folder in folders_of(article, config) {
            folders.entry(folder).or_insert(article);
        }
    }
    let owner = |file: &str| {
        let mut above = paths::folders(file).rev();
        above.find_map(|folder| folders.get(folder)).map(|article| (*article).clone())
    };
    let (mut pictures, mut others) = (Vec::new(), Vec::new());
    for file in beside {
        match owner(&file).filter(|_| bundle::is_picture(&file)) {
            Some(article) => pictures.push((article, file)),
            None => others.push(file),
        }
    }
    (pictures, others)
}

/// The folders of an article's pictures: that of its file, and that which it shares with its
/// translations.
fn folders_of(article: &str, config: &Config) -> [String; 2] {
    [bundle::folder(article), bundle::folder(&config.language_of(article).neutral)]
}

/// Reads pictures, each given by the path of its article, its own path and its fingerprint.
pub(super) fn read(
    root: &std::sync::Arc<Root>,
    found: &[(String, String, Fingerprint)],
    config: &Config,
    watch: &Watchdog,
) -> (Vec<Picture>, Vec<Diagnostic>) {
    let read: Vec<(Option<Picture>, Option<Diagnostic>)> = found
        .par_iter()
        .map(|(article, path, fingerprint)| {
            let _entered = watch.enter(Task::File(path));
            let place = Place::file(path);
            let Inspected { size, has_metadata } = match inspect(root, path) {
                Ok(inspected) => inspected,
                Err(Refused::Picture(diagnostic)) => return (None, Some(diagnostic.at(place))),
                Err(Refused::Size(megabytes)) => {
                    let message = tr!("the picture `{path}` has {megabytes} MB", path, megabytes);
                    let help = tr!("make it smaller than {} MB", MAX_PICTURE_BYTES >> 20);
                    let place = shown_at(root, article, path);
                    return (None, Some(Diagnostic::error(message).at(place).help(help)));
                }
            };
            let warning = has_metadata.then(|| {
                let message = tr!("the picture `{path}` has metadata, which may name a place", path);
                let help =
                    tr!("save it without metadata, or as JPEG, PNG or WebP, from which a build removes it");
                Diagnostic::warning(message).at(shown_at(root, article, path)).help(help)
            });
            let folders = folders_of(article, config);
            let name = folders.iter().find_map(|folder| path.strip_prefix(folder.as_str())).unwrap_or(path);
            let picture = Picture {
                article: article.clone(),
                name: paths::composed(name).into_owned(),
                file: StaticFile::picture(root, path, *fingerprint),
                place,
                size,
                copies: Vec::new(),
                is_own_copy: false,
            };
            (Some(picture), warning)
        })
        .collect();
    let (pictures, diagnostics): (Vec<_>, Vec<_>) = read.into_iter().unzip();
    (pictures.into_iter().flatten().collect(), diagnostics.into_iter().flatten().collect())
}

/// The place where an article names a picture: the first line of its text with the name of the
/// picture's file, else that of its front matter, else the article's file.
pub(super) fn shown_at(root: &Root, article: &str, path: &str) -> Place {
    let name = path.rsplit('/').next().unwrap_or(path);
    let text =
        root.read(article, source::MAX_FILE_BYTES).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let found = text.as_ref().and_then(|text| {
        let encoded = utf8_percent_encode(name, ENCODED).to_string();
        let body = text.get(3..).and_then(|rest| rest.find("\n---")).map_or(0, |at| 3 + at);
        let find =
            |from: usize, name: &str| text[from..].find(name).map(|at| from + at..from + at + name.len());
        let in_body = find(body, name).or_else(|| find(body, &encoded));
        in_body.or_else(|| find(0, name)).or_else(|| find(0, &encoded))
    });
    match (text, found) {
        (Some(text), Some(range)) => Place::at(article, &LinedText::new(&text), range),
        _ => Place::file(article),
    }
}

/// What the file of a picture says.
#[derive(Debug, PartialEq, Eq)]
struct Inspected {
    /// Width and height in CSS pixels, if the file says them.
    size: Option<(u32, u32)>,
    /// True if it is published with metadata.
    has_metadata: bool,
}

/// The reason why a picture is not published.
enum Refused {
    /// The picture itself is wrong.
    Picture(Diagnostic),
    /// It is too large: its size in megabytes.
    Size(u64),
}

/// The reason why a build would not publish a picture, by the file's path below `root`; `None` if it
/// would.
pub(crate) fn refusal(root: &Root, path: &str) -> Option<String> {
    match inspect(root, path).err()? {
        Refused::Picture(diagnostic) => Some(diagnostic.message),
        Refused::Size(megabytes) => Some(tr!(
            "it has {megabytes} MB, and {most} MB are allowed",
            megabytes,
            most = MAX_PICTURE_BYTES >> 20
        )),
    }
}

/// What the bytes of a picture say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Identified {
    /// The ending that they have as a file.
    pub(crate) ending: &'static str,
    /// Width and height in CSS pixels, if they say them.
    pub(crate) size: Option<(u32, u32)>,
}

/// Identifies a picture by its bytes.
///
/// # Errors
/// The reason why a build would not publish them.
pub(crate) fn identify(bytes: &[u8]) -> Result<Identified, String> {
    let start = bytes.trim_ascii_start();
    let start = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start);
    let is_svg = start.starts_with(b"<") && bytes.windows(4).take(MAX_SVG_START).any(|part| part == b"<svg");
    let size = read_size(bytes, is_svg).map_err(|diagnostic| diagnostic.message)?;
    let ending = match imagesize::image_type(bytes) {
        _ if is_svg => "svg",
        Ok(ImageType::Png) => "png",
        Ok(ImageType::Jpeg) => "jpg",
        Ok(ImageType::Gif) => "gif",
        Ok(ImageType::Webp) => "webp",
        Ok(ImageType::Heif(imagesize::Compression::Av1)) => "avif",
        _ => return Err(tr!("it is no PNG, JPEG, GIF, WebP, AVIF or SVG")),
    };
    Ok(Identified { ending, size })
}

/// Reads the head of a picture.
fn inspect(root: &Root, path: &str) -> Result<Inspected, Refused> {
    let is_svg = path.to_ascii_lowercase().ends_with(".svg");
    let limit = if is_svg { MAX_SVG_BYTES + 1 } else { MAX_HEAD_BYTES };
    let mut bytes = Vec::new();
    let opened = root.open_file(path).and_then(|file| {
        let length = file.metadata()?.len();
        file.take(limit).read_to_end(&mut bytes)?;
        Ok(length)
    });
    let length = opened.map_err(|error| {
        let message = tr!("this picture cannot be read: {error}", error);
        Refused::Picture(Diagnostic::error(message).help(tr!("check its permissions")))
    })?;
    if length > MAX_PICTURE_BYTES && !is_svg {
        return Err(Refused::Size(length.div_ceil(1 << 20)));
    }
    let size = read_size(&bytes, is_svg).map_err(Refused::Picture)?;
    Ok(Inspected { size, has_metadata: metadata::is_in_avif(&bytes) })
}

/// The size of a picture in CSS pixels, from the bytes at its beginning; `None` if it does not say
/// it.
fn read_size(bytes: &[u8], is_svg: bool) -> Result<Option<(u32, u32)>, Diagnostic> {
    if is_svg {
        if bytes.len() as u64 > MAX_SVG_BYTES {
            let message = tr!("this SVG is larger than {} MB", MAX_SVG_BYTES >> 20);
            return Err(Diagnostic::error(message).help(tr!("save it as PNG, or put it in `static/`")));
        }
        return svg::inspect(bytes).map_err(|reason| {
            let help = tr!("export it without scripts and addresses, or save it as PNG");
            Diagnostic::error(tr!("this SVG is not published: {reason}", reason)).help(help)
        });
    }
    let kind = imagesize::image_type(bytes).map_err(|_| {
        let help = tr!("save it again as PNG, JPEG, GIF, WebP or AVIF, or remove it");
        Diagnostic::error(tr!("this file is not a picture, although its name says so")).help(help)
    })?;
    let size = imagesize::reader_size(Cursor::new(bytes)).ok();
    let size =
        size.and_then(|size| Some((u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?)));
    let is_turned = kind == ImageType::Jpeg && metadata::is_turned(bytes);
    Ok(size.map(|(width, height)| if is_turned { (height, width) } else { (width, height) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_belongs_to_the_article_with_the_nearest_folder() {
        let path = |name: &&str| format!("content/articles/{name}");
        let articles: Vec<String> = ["a.md", "b/c.md", "b/index.md", "d/index.md"].iter().map(path).collect();
        let beside = ["a/p.png", "a/x/p.JPG", "a/p.txt", "b/c/p.png", "b/p.png", "p.png", "e/p.png"];
        let beside = beside.iter().map(path).collect();
        let (pictures, others) = assign(&articles, beside, &Config::default());
        let found: Vec<(&str, &str)> =
            pictures.iter().map(|(article, file)| (&article[17..], &file[17..])).collect();
        let wanted =
            [("a.md", "a/p.png"), ("a.md", "a/x/p.JPG"), ("b/c.md", "b/c/p.png"), ("b/index.md", "b/p.png")];
        assert_eq!(found, wanted);
        assert_eq!(others, ["a/p.txt", "p.png", "e/p.png"].iter().map(path).collect::<Vec<_>>());
    }

    /// A JPEG of 3 × 2 pixels with an orientation, up to its frame header.
    fn jpeg(orientation: u8) -> Vec<u8> {
        let tiff: [&[u8]; 4] = [
            b"II*\0\x08\0\0\0\x01\0",
            &[0x12, 0x01, 0x03, 0, 1, 0, 0, 0, orientation, 0, 0, 0],
            &[0, 0, 0, 0],
            b"",
        ];
        let exif = [&b"Exif\0\0"[..], &tiff.concat()].concat();
        let app1 = [&[0xFF, 0xE1, 0, u8::try_from(exif.len() + 2).unwrap()][..], &exif].concat();
        let frame = [0xFF, 0xC0, 0, 11, 8, 0, 2, 0, 3, 1, 1, 0x11, 0];
        [&[0xFF, 0xD8][..], &app1, &frame, &[0xFF, 0xDA, 0, 2]].concat()
    }

    #[test]
    fn a_size_is_the_one_that_browsers_show() {
        let folder = tempfile::tempdir().unwrap();
        let root = Root::open(folder.path(), crate::fs::SymlinkPolicy::Inside);
        let size = |name: &str, bytes: &[u8]| {
            std::fs::write(folder.path().join(name), bytes).unwrap();
            inspect(&root, name).map(|inspected| inspected.size).map_err(|refused| match refused {
                Refused::Picture(diagnostic) => diagnostic.message,
                Refused::Size(megabytes) => format!("{megabytes} MB"),
            })
        };
        assert_eq!(size("a.jpg", &jpeg(1)), Ok(Some((3, 2))));
        assert_eq!(size("a.jpg", &jpeg(6)), Ok(Some((2, 3))));
        assert_eq!(size("a.jpg", &jpeg(3)), Ok(Some((3, 2))));
        assert_eq!(size("a.gif", b"GIF89a\x05\0\x04\0\0\0\0"), Ok(Some((5, 4))));
        // A GIF with another name is a picture all the same.
        assert_eq!(size("a.png", b"GIF89a\x05\0\x04\0\0\0\0"), Ok(Some((5, 4))));
        let png =
            [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], &[0, 0, 0, 7, 0, 0, 0, 9], &[8, 0, 0, 0, 0]].concat();
        assert_eq!(size("a.png", &png), Ok(Some((7, 9))));
        assert_eq!(size("a.png", &png[..16]), Ok(None));
        let message = "this file is not a picture, although its name says so".to_owned();
        assert_eq!(size("a.png", b"<html>a text that is no picture"), Err(message.clone()));
        assert_eq!(size("a.png", b""), Err(message));
        assert_eq!(
            size("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' width='4' height='3'/>"),
            Ok(Some((4, 3)))
        );
    }

    proptest::proptest! {
        #[test]
        fn no_file_panics(start in 0usize..5, rest in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200)) {
            let starts: [&[u8]; 5] = [b"\x89PNG\r\n\x1a\n", &[0xFF, 0xD8, 0xFF, 0xE1], b"GIF89a", b"RIFF\0\0\0\0WEBPVP8 ", b"\0\0\0\x1cftypavif"];
            let folder = tempfile::tempdir().unwrap();
            let root = Root::open(folder.path(), crate::fs::SymlinkPolicy::Inside);
            std::fs::write(folder.path().join("a.png"), [starts[start], &rest].concat()).unwrap();
            let _ = inspect(&root, "a.png");
        }
    }
}
