//! newsprint builds a news digest site from a folder of annotated articles. Its stages are
//! functions on plain data:
//!
//! ```text
//! SourceFile ─load→ Article ─site→ Site ─plan→ [Page] ─render→ bytes ─output→ public/
//! ```
//!
//! A program that embeds newsprint calls [`build()`] and reads the [`Report`]. [`search()`] finds
//! articles in the search files of a built site. The library prints nothing: it returns all errors
//! and warnings as [`Diagnostic`]s.
//!
//! ```
//! # let digest = tempfile::tempdir()?;
//! # let folder = digest.path();
//! std::fs::create_dir_all(folder.join("content/articles"))?;
//! std::fs::write(folder.join("newsprint.yaml"), "base_url: https://example.org/\n")?;
//! std::fs::write(folder.join("content/articles/a.md"), "---\ntitle: 开源语音模型\n---\n正文。\n")?;
//!
//! let report = newsprint::build(&newsprint::Options::new(folder));
//! assert!(report.success, "{:?}", report.diagnostics);
//! assert!(folder.join("public/articles/a/index.html").is_file());
//! # Ok::<(), std::io::Error>(())
//! ```

// Tests read and write files of their own.
#![cfg_attr(test, allow(clippy::disallowed_methods))]

// `tr!` stands around each message, so no file imports it.
#[macro_use]
extern crate tr;

#[macro_use]
mod language;

mod announce;
mod check;
mod config;
mod deploy;
mod diagnostic;
mod fetch;
mod fields;
mod fingerprint;
mod fs;
mod http;
mod hygiene;
mod image;
mod import;
mod link;
mod load;
mod locale;
mod output;
mod paths;
mod pipeline;
mod plan;
mod render;
mod scaffold;
mod search;
mod serve;
mod site;
mod slug;
mod terms;
mod text;
mod watchdog;
mod yaml;

#[cfg(test)]
#[path = "../tests/support/guide_tables.rs"]
mod guide_tables;

pub use diagnostic::{Diagnostic, Place, Severity};
pub use fs::SymlinkPolicy;
pub use language::{Language, language, set_language};
pub use output::Cancellation;
pub use pipeline::{Options, Report, build, build_and_report, verify};
pub use search::find::{Match, SearchFiles, Unavailable, find as search};
pub use search::query::Query;
pub use watchdog::OnTimeout;

/// Modules for this repository's program, tests, benchmarks and fuzz targets. They change without
/// notice.
#[doc(hidden)]
#[rustfmt::skip]
pub mod internals {
    pub mod announce { pub use crate::announce::*; }
    pub mod check { pub use crate::check::*; }
    pub mod config { pub use crate::config::*; }
    pub mod edition { pub use crate::pipeline::edition::*; }
    pub mod deploy { pub use crate::deploy::*; }
    pub mod diagnostic { pub use crate::diagnostic::*; }
    pub mod fetch { pub use crate::fetch::*; }
    pub mod fields { pub use crate::fields::*; }
    pub mod fingerprint { pub use crate::fingerprint::*; }
    pub mod fs { pub use crate::fs::*; }
    pub mod http { pub use crate::http::*; }
    pub mod import { pub use crate::import::*; }
    pub mod link { pub use crate::link::*; }
    pub mod load { pub use crate::load::*; }
    pub mod output { pub use crate::output::*; }
    pub mod scaffold { pub use crate::scaffold::*; }
    pub mod search { pub use crate::search::*; }
    pub mod serve { pub use crate::serve::*; }
    pub mod site { pub use crate::site::*; }
    pub mod slug { pub use crate::slug::*; }
    pub mod terms { pub use crate::terms::*; }
    pub mod text { pub use crate::text::*; }
    pub mod watchdog { pub use crate::watchdog::*; }
    pub mod yaml { pub use crate::yaml::*; }
}
