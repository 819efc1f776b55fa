//! Defines the options of the Markdown renderer, and the error for a body that it refuses.

use pulldown_cmark::Options;

use crate::config::{BaseUrl, Config, RawHtml};
use crate::load::markdown::names::Names;

/// Extensions of CommonMark that bodies may use.
pub(crate) const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_HEADING_ATTRIBUTES);

/// Options for rendering a body.
#[derive(Debug, Clone, Copy)]
pub struct RenderOptions<'a> {
    /// Path of the file with the text, relative to the digest's root; links to other files are
    /// relative to it.
    pub file: &'a str,
    /// The site's base URL: links from the root (`/about/`) are put below its path.
    pub base_url: &'a BaseUrl,
    /// Language tag of the page (`zh-CN`).
    pub language: &'a str,
    /// How the names of files become addresses, for links to other files.
    pub names: Names<'a>,
    /// How raw HTML in the text is treated.
    pub html: RawHtml,
    /// True if images of other hosts are shown.
    pub remote_images: bool,
    /// The `rel` of links to other hosts; may be empty.
    pub rel: &'a str,
    /// Maximum depth of nested elements.
    pub nesting: usize,
    /// Maximum size of the HTML in bytes: a few bytes of Markdown can make many.
    pub size: usize,
}

/// The reason why a text is not rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The error message.
    pub message: String,
    /// The help for the message.
    pub help: String,
    /// Byte offset in the text at which the limit is exceeded.
    pub at: usize,
}

impl<'a> RenderOptions<'a> {
    /// Returns the options of a digest, with `html` as allowed for `file`.
    #[must_use]
    pub fn of(config: &'a Config, html: RawHtml, file: &'a str) -> Self {
        Self {
            file,
            base_url: &config.base_url,
            language: config.tag_of(file),
            names: Names::of(config),
            html,
            remote_images: config.markdown.remote_images,
            rel: &config.markdown.rel,
            nesting: config.limits.nesting,
            size: config.limits.file_bytes,
        }
    }
}

/// Returns the error for a body with too many nested elements; `at` is a byte offset in the text.
pub(super) fn too_deep(most: usize, at: usize) -> Refused {
    Refused {
        message: tr!("this is nested more than {most} elements deep", most),
        help: tr!("flatten it, or raise `limits: {nesting: …}` in newsprint.yaml"),
        at,
    }
}
