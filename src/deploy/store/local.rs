//! Reads the files of the built site.

use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use flate2::write::GzEncoder;
use rayon::prelude::*;

use super::kind::Headers;
use super::list::{Md5, md5};
use super::plan::File;
use crate::config::{Compression, DeployTarget};
use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::Fingerprint;
use crate::fs::Folder;
use crate::output;

/// The level of gzip: the best one, since a file is sent once and fetched often.
const GZIP_LEVEL: u32 = 9;
/// The level and window of Brotli: the level that costs as much time as the best one of gzip.
const BROTLI_LEVEL: u32 = 9;
const BROTLI_WINDOW: u32 = 22;

/// The output folder of a build.
#[derive(Clone)]
pub(super) struct Site {
    folder: PathBuf,
}

/// A file as it is sent.
pub(super) struct Body {
    pub(super) bytes: Vec<u8>,
    /// The value of `Content-Encoding`.
    pub(super) encoding: Option<&'static str>,
}

impl Site {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: output::resolve(folder) }
    }

    /// Reads and hashes the files of the last build, with the tags of their headers in a target.
    ///
    /// # Errors
    /// A file cannot be read.
    pub(super) fn files(&self, root: &Path, target: &DeployTarget) -> Result<Vec<File>, Vec<Diagnostic>> {
        let mut paths = output::published(root, &self.folder).unwrap_or_default();
        paths.sort_unstable();
        let results: Vec<Result<File, Diagnostic>> =
            paths.into_par_iter().map(|path| self.file(path, target)).collect();
        let mut files = Vec::with_capacity(results.len());
        let mut problems = Vec::new();
        for result in results {
            match result {
                Ok(file) => files.push(file),
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() { Ok(files) } else { Err(problems) }
    }

    fn file(&self, path: String, target: &DeployTarget) -> Result<File, Diagnostic> {
        let bytes = self.read(&path).map_err(|error| unreadable(&path, &error))?;
        Ok(File {
            hash: Fingerprint::of_bytes(&bytes),
            md5: md5(&bytes),
            size: bytes.len() as u64,
            tag: Headers::of(&path, target).tag(),
            path,
        })
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        Folder::open_real(&self.folder)?.open_file(path)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Size and MD5 of a file as it is sent.
    ///
    /// # Errors
    /// The file cannot be read, or it is not the one that was planned.
    pub(super) fn as_sent(&self, file: &File, headers: &Headers) -> Result<(u64, Md5), Diagnostic> {
        if headers.compress.is_none() {
            return Ok((file.size, file.md5));
        }
        let body = self.body(file, headers)?;
        Ok((body.bytes.len() as u64, md5(&body.bytes)))
    }

    /// The bytes of a file as they are sent.
    ///
    /// # Errors
    /// The file cannot be read, or it is not the one that was planned.
    pub(super) fn body(&self, file: &File, headers: &Headers) -> Result<Body, Diagnostic> {
        let bytes = self.read(&file.path).map_err(|error| unreadable(&file.path, &error))?;
        if Fingerprint::of_bytes(&bytes) != file.hash {
            let message = tr!("this file of the site changed during the deployment");
            return Err(Diagnostic::error(message).at(Place::file(&file.path)).help(tr!("deploy again")));
        }
        let Some(compression) = headers.compress else { return Ok(Body { bytes, encoding: None }) };
        let packed = compress(&bytes, compression);
        match packed.len() < bytes.len() {
            true => Ok(Body { bytes: packed, encoding: Some(compression.name()) }),
            false => Ok(Body { bytes, encoding: None }),
        }
    }
}

fn unreadable(path: &str, error: &io::Error) -> Diagnostic {
    Diagnostic::error(tr!("this file of the site cannot be read: {error}", error))
        .at(Place::file(path))
        .help(tr!("build the site again, and deploy"))
}

/// Compresses bytes. The result is the same on each machine.
fn compress(bytes: &[u8], compression: Compression) -> Vec<u8> {
    // Writing to memory cannot fail.
    match compression {
        Compression::Gzip => {
            let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::new(GZIP_LEVEL));
            let _ = encoder.write_all(bytes);
            encoder.finish().unwrap_or_default()
        }
        Compression::Brotli => {
            let mut packed = Vec::new();
            let mut encoder =
                brotli::CompressorWriter::new(&mut packed, 1 << 16, BROTLI_LEVEL, BROTLI_WINDOW);
            let _ = encoder.write_all(bytes).and_then(|()| encoder.flush());
            drop(encoder);
            packed
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compressed_bytes_are_smaller_and_the_same_each_time() {
        let text = "新闻 ".repeat(1000).into_bytes();
        for compression in [Compression::Gzip, Compression::Brotli] {
            let packed = compress(&text, compression);
            assert!(packed.len() < text.len() / 10, "{compression:?}: {}", packed.len());
            assert_eq!(packed, compress(&text, compression));
        }
        let mut back = Vec::new();
        flate2::read::GzDecoder::new(compress(&text, Compression::Gzip).as_slice())
            .read_to_end(&mut back)
            .unwrap();
        assert!(back == text);
        let mut back = Vec::new();
        brotli::Decompressor::new(compress(&text, Compression::Brotli).as_slice(), 4096)
            .read_to_end(&mut back)
            .unwrap();
        assert!(back == text);
    }
}
