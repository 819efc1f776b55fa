//! Resource limits of a build: `limits:` in `newsprint.yaml`.
//!
//! Articles are not trusted. Input that exceeds a limit is an error with its place, so that every
//! build ends.

use crate::fields::Fields;

/// Resource limits of a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Maximum size of an article's or page's file, in bytes.
    pub file_bytes: usize,
    /// Maximum number of terms of one article in one taxonomy.
    pub terms: usize,
    /// Maximum number of crossings for every 1,000 articles or fewer. Terms that a few articles
    /// share make as many crossings as the product of their numbers, each with pages and feeds.
    pub crossings: usize,
    /// Maximum depth of nested elements in a body.
    pub nesting: usize,
    /// Maximum size of one page that a template writes, in bytes.
    pub page_bytes: usize,
    /// Maximum time to read a file or a record or to render or check a page, in seconds.
    pub timeout_s: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 4 << 20,
            terms: 1000,
            crossings: 2000,
            nesting: 100,
            page_bytes: 64 << 20,
            timeout_s: 30,
        }
    }
}

impl Limits {
    pub(super) fn read(fields: &mut Fields<'_>) -> Self {
        let mut limits = Self::default();
        let Some(mut inner) = fields.inner("limits") else { return limits };
        let mut set = |name, unit: usize, max, limit: &mut usize| {
            if let Some(number) = inner.number(name, 1..=max) {
                *limit = number * unit;
            }
        };
        set("file_kb", 1 << 10, 100 << 10, &mut limits.file_bytes);
        set("terms", 1, 100_000, &mut limits.terms);
        set("crossings", 1, 1_000_000, &mut limits.crossings);
        // Browsers stop at 512 nested elements.
        set("nesting", 1, 500, &mut limits.nesting);
        set("page_mb", 1 << 20, 1 << 10, &mut limits.page_bytes);
        set("seconds", 1, 3600, &mut limits.timeout_s);
        fields.absorb(inner.finish());
        limits
    }
}
