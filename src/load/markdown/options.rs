//! How a body is rendered, and why one is refused.

use pulldown_cmark::Options;

use crate::config::{BaseUrl, Config, RawHtml};

/// What bodies have beyond CommonMark.
pub(super) const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS);

/// How a body is rendered.
#[derive(Debug, Clone, Copy)]
pub struct RenderOptions<'a> {
    /// The file that the text stands in, relative to the digest's root: its links to other files are meant from there.
    pub file: &'a str,
    /// Where the site stands: links from the digest's root (`/about/`) are put below its path.
    pub base_url: &'a BaseUrl,
    /// Of the page (`zh-CN`).
    pub language: &'a str,
    /// What becomes of HTML in the text.
    pub html: RawHtml,
    /// Are images of other hosts shown?
    pub remote_images: bool,
    /// The `rel` of links to other hosts; may be empty.
    pub rel: &'a str,
    /// Elements within elements that there may be.
    pub nesting: usize,
    /// Bytes of HTML that there may be: a mark of a few bytes can make many.
    pub size: usize,
}

/// Why a text is not rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// What is wrong with it.
    pub message: String,
    /// How to mend it.
    pub help: &'static str,
    /// The byte of the text where it begins to be too much.
    pub at: usize,
}

impl<'a> RenderOptions<'a> {
    /// As a digest is configured, but for the HTML, which `file` may decide.
    #[must_use]
    pub fn of(config: &'a Config, html: RawHtml, file: &'a str) -> Self {
        Self {
            file,
            base_url: &config.base_url,
            language: config.language.tag(),
            html,
            remote_images: config.markdown.remote_images,
            rel: &config.markdown.rel,
            nesting: config.limits.nesting,
            size: config.limits.file_bytes,
        }
    }
}

/// The error for a body with too many nested elements; `at` is a byte offset in the text.
pub(super) fn too_deep(most: usize, at: usize) -> Refused {
    Refused {
        message: format!("this is nested more than {most} elements deep"),
        help: "flatten it, or raise `limits: {nesting: …}` in newsprint.yaml",
        at,
    }
}
