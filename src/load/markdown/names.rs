//! What decides how the names of source files become addresses.

use crate::config::{Config, SiteLanguage};

/// How the names of files become addresses.
#[derive(Debug, Clone, Copy, Default)]
pub struct Names<'a> {
    /// Whether the date before a file's name is part of its address.
    pub date_in_slug: bool,
    /// The languages of the digest.
    pub languages: &'a [SiteLanguage],
}

impl<'a> Names<'a> {
    /// How a digest's settings make addresses.
    #[must_use]
    pub fn of(config: &'a Config) -> Self {
        Self { date_in_slug: config.date_in_slug, languages: &config.languages }
    }
}
