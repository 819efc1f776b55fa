//! How much a digest may ask of the machine that builds it: `limits:` in `newsprint.yaml`.
//!
//! Text comes from anywhere. What is past a limit is an error with its place, not a build that never ends.

use crate::fields::Fields;

/// Limits of a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of an article's or page's file.
    pub file_bytes: usize,
    /// Terms of one article in one taxonomy.
    pub terms: usize,
    /// Elements within elements in a body.
    pub nesting: usize,
    /// Bytes that a template may write for one page.
    pub page_bytes: usize,
    /// Seconds that a file or a page may take.
    pub timeout_s: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file_bytes: 4 << 20, terms: 1000, nesting: 100, page_bytes: 64 << 20, timeout_s: 30 }
    }
}

impl Limits {
    pub(super) fn read(fields: &mut Fields<'_>) -> Self {
        let mut limits = Self::default();
        let Some(mut inner) = fields.inner("limits") else { return limits };
        let mut set = |name, unit: usize, most, limit: &mut usize| {
            if let Some(number) = inner.number(name, 1..=most) {
                *limit = number * unit;
            }
        };
        set("file_kb", 1 << 10, 100 << 10, &mut limits.file_bytes);
        set("terms", 1, 100_000, &mut limits.terms);
        // Browsers stop at 512, and whoever reads is lost long before.
        set("nesting", 1, 500, &mut limits.nesting);
        set("page_mb", 1 << 20, 1 << 10, &mut limits.page_bytes);
        set("seconds", 1, 3600, &mut limits.timeout_s);
        fields.absorb(inner.finish());
        limits
    }
}
