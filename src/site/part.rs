//! The content of a digest in one language.

use crate::config::Config;
use crate::load::Content;
use crate::paths::composed;

/// The content of one language, and the settings of its site.
#[derive(Debug)]
pub struct Part {
    /// The settings of the digest in this language.
    pub config: Config,
    /// What the site in this language is made from.
    pub content: Content,
}

/// The path of a source without its language, by which translations are known as such: in
/// Normalization Form C, since names of files may be written otherwise.
pub(super) fn identity(file: &str, config: &Config) -> String {
    composed(&config.language_of(file).neutral).into_owned()
}
