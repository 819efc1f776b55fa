//! Defines a picture that an article gets with its import.

use std::path::PathBuf;

/// A picture of an old site that is copied to the folder of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The path below the folder of the article's pictures, in Normalization Form C.
    pub name: String,
    /// The folder of the old site, which the picture may not be outside of.
    pub root: PathBuf,
    /// The path of the file below that folder, with `/`.
    pub file: String,
    /// The line of the input that names the picture, or that the post begins on.
    pub line: usize,
}
